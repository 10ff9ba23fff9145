"""The lines of a document → its clauses.

Chinese notices number their parts 一、（一）1.（1）or 第一章第一条, in any of the usual mixes. A line
opens a part when it starts with an ordinal that *follows* from what stands before it; any other line
belongs to the part that is open. Every character of the text ends up in exactly one piece: the title,
a clause, or something dropped and said why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise, takewhile, zip_longest

from knowledge.numerals import chinese_integer
from knowledge.types import Clause, ClauseKind


class DropReason(StrEnum):
    FURNITURE = "furniture"  # menus, footers, lists of related pages
    LETTERHEAD = "letterhead"  # what stands above the title: the agency in red, 文号, 签发人, 密级
    DUPLICATE = "duplicate"  # the body, or a line of it, once more


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that stands by itself: a line, a cell, or a part printed within a long line."""

    start: int
    end: int
    text: str
    row: bool = False  # a row of a table, its head not counted


@dataclass(frozen=True, slots=True)
class Dropped:
    start: int
    end: int
    reason: DropReason


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's pieces. Between them stands nothing but blanks and table pipes."""

    title: Block | None
    clauses: tuple[Clause, ...]
    dropped: tuple[Dropped, ...]


def outline(policy_id: str, text: str) -> Outline:
    """Return the pieces of `text`, which must be normalised.

    Clause ids are the printed ordinals joined by dots, outermost first; `0` is what stands before
    the first heading, `end` what closes the document, `A2` the second annex.
    """
    blocks, furniture = _without_furniture(tuple(_blocks(text)))
    blocks, contents = _without_contents(blocks)
    blocks, duplicates = _without_duplicates(blocks)
    title, blocks, again = _title(text, blocks)
    clauses = _clauses(policy_id, text, _parts(blocks))
    return Outline(title, clauses, _outside(clauses, furniture + contents + duplicates + again))


def _outside(clauses: Sequence[Clause], dropped: Sequence[Dropped]) -> tuple[Dropped, ...]:
    """Return what was dropped between clauses; what stands inside one stays, its text is verbatim."""
    between = (d for d in dropped if not any(c.start <= d.start < c.end for c in clauses))
    return tuple(sorted(between, key=lambda d: d.start))


# ── text → blocks ────────────────────────────────────────────────────────────────────────────

_HAN = "[〇零一二三四五六七八九十百]+"
_INLINE_ORDINAL = re.compile(rf"(?<=[ ])(?={_HAN}、|\({_HAN}\)|\d{{1,2}}\.(?!\d)|第{_HAN}[章节条])")
_TRAILING_META = re.compile(r"(?<=[ ])(?=作者: |信息来源: |责任编辑: )")
_ROW = re.compile(r"^\|( .*) \|$")


def _blocks(text: str) -> Iterator[Block]:
    head: tuple[str, ...] = ()  # of the table that is open
    for line in re.finditer(r"[^\n]+", text):
        if row := _ROW.match(line.group()):
            end = text.find("\n", line.end() + 1)
            following = _ROW.match(text[line.end() + 1 : end if end >= 0 else len(text)])
            is_head = not head and following is not None and _stands_over(_cells(row), _cells(following))
            head = _cells(row) if is_head or not head else head
            for block in _stripped(text, line.start() + row.start(1), line.start() + row.end(1)):
                yield replace(block, row=not is_head)
            continue
        head = ()
        for cell in re.finditer(r"[^|]+", line.group()):
            start = line.start() + cell.start()
            cuts = _INLINE_ORDINAL.finditer(cell.group())
            tails = _TRAILING_META.finditer(cell.group())
            places = sorted({0, len(cell.group()), *(m.start() for m in (*cuts, *tails))})
            for left, right in pairwise(places):
                yield from _stripped(text, start + left, start + right)


def _cells(row: re.Match[str]) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.group(1).split(" | "))


def _stands_over(head: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row is the head of the next one: the readers write a column's words before each cell."""
    return len(head) == len(row) and all(
        cell.startswith(f"{words}:") for words, cell in zip(head, row, strict=True) if words
    )


def _stripped(text: str, start: int, end: int) -> Iterator[Block]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        start += len(piece) - len(piece.lstrip())
        yield Block(start, start + len(body), body)


# ── what is not part of the document ─────────────────────────────────────────────────────────

# What a page says about its document beside the text; only at the very top are these no part of it.
_TOLD = re.compile(
    r"^(?:标题|名称|文件名称|文号|发文字号|成文日期|发文日期|印发日期|公开日期|发布日期|发布时间|实施日期|施行日期|生效日期|失效日期|废止日期|"
    r"有效期至|发布机构|发布机关|发文机关|发文单位|发文机构|制定机关|制发机关|公文种类|文件状态|有效性|时效性|效力状态|来源|信息来源|索引号|"
    r"统一编号|主题分类|主题词|文件编号|公文文号|发文文号) ?:"
)
_META = re.compile(
    r"^\(?(?:发布日期|发布时间|发布机构|发布|日期|文号|发文字号|发文机关|栏目|来源|信息来源|作者|索引号|"
    r"主题分类|成文日期|公开方式|有效性|浏览次数|访问量|点击|字号|字体|责任编辑) ?:"
)
_BARE_DATE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?$")
_FOOTER = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|网站地图|^(?:主办|承办|技术支持)(?:单位)?:|您对该文件有疑问|扫一扫|"
    r"分享到|返回顶部|打印本页|关闭窗口|^无障碍|^扫码(?:浏览|查看|分享)|^(?:打印|关闭|分享|收藏)$|^(?:上|下)一篇"
)
_FILE = re.compile(
    r"^(?!附件 ?:|\d{1,2}[.、])[^。]{1,80}\.(?:docx?|wps|pdf|ofd|xlsx?|et|zip|rar|jpe?g|png)"
    r"(?: ?\(?[\d.]+ ?[KM]B?\)?)?$",
    re.I,
)
_RELATED = re.compile(
    r"^(?:相关(?:内容|文件|信息|报道|链接|阅读|文章|新闻|稿件|政策|解读)|"
    r"延伸阅读|推荐阅读|猜你喜欢|热点推荐) ?:?$"
)
_LINK_BAR_CELLS = 3  # so many short cells in one line are links, not a sentence
_LINK_LENGTH = 30


def _without_furniture(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    kept: list[Block] = []
    dropped: list[Dropped] = []
    related = False
    top = len(list(takewhile(lambda block: _TOLD.match(block.text), blocks)))
    for place, block in enumerate(blocks):
        related = bool(_RELATED.match(block.text)) or (related and not _reopens(block))
        if related or place < top or _is_furniture(block):
            dropped.append(Dropped(block.start, block.end, DropReason.FURNITURE))
        else:
            kept.append(block)
    return _without_link_bars(tuple(kept), tuple(dropped))


def _is_furniture(block: Block) -> bool:
    return not block.row and any(shape.search(block.text) for shape in (_META, _BARE_DATE, _FOOTER, _FILE))


def _reopens(block: Block) -> bool:
    """Whether a list of related pages is over: an annex begins."""
    return bool(_ANNEX.match(block.text))


def _without_link_bars(
    blocks: tuple[Block, ...], dropped: tuple[Dropped, ...]
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    """Drop rows of short cells, which lie at most a pipe apart (青岛政务网 | 网上办事大厅 | …)."""
    bars: set[Block] = set()
    run: list[Block] = []
    for block in (*blocks, None):
        if block and block.row:
            block = None
        if block and len(block.text) <= _LINK_LENGTH and run and block.start - run[-1].end == 3:
            run.append(block)
            continue
        if len(run) >= _LINK_BAR_CELLS:
            bars.update(run)
        run = [block] if block and len(block.text) <= _LINK_LENGTH else []
    return (
        tuple(block for block in blocks if block not in bars),
        (*dropped, *(Dropped(bar.start, bar.end, DropReason.FURNITURE) for bar in bars)),
    )


_CONTENTS = re.compile(r"^目 *[录次]$")
_LEADER = re.compile(r"[.·…\s]*\(?\d*\)?$")  # the dots and the page behind a line of the contents


def _without_contents(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    """Drop a table of contents: the headings behind 目录, up to where the first of them stands again."""
    at = next((i for i, block in enumerate(blocks) if _CONTENTS.match(block.text)), None)
    if at is None or at + 1 >= len(blocks):
        return blocks, ()
    first = _heading_words(blocks[at + 1])
    end = next((i for i in range(at + 2, len(blocks)) if _heading_words(blocks[i]) == first), None)
    if end is None:
        return blocks, ()
    dropped = tuple(Dropped(b.start, b.end, DropReason.FURNITURE) for b in blocks[at:end])
    return blocks[:at] + blocks[end:], dropped


def _heading_words(block: Block) -> str:
    return re.sub(r"\s", "", _LEADER.sub("", block.text))


_SAME_LINE = 10  # shorter lines recur by themselves
_SAME_BODY = 0.3  # a copied run this large, as a share of the text, is the body once more
_MOST_COMPARED = 2_000_000  # lines; only a text that repeats itself without end needs more
_USUAL = 12  # a line that stands so often is a form of words, and no sign of a copy


def _without_duplicates(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    first, second, length = _longest_repeat([block.text for block in blocks])
    size = sum(len(block.text) for block in blocks)
    copied = sum(len(block.text) for block in blocks[second : second + length])
    if not length or copied < _SAME_BODY * size:
        return _without_a_copy_in_one_line(blocks)
    seen = {block.text for block in blocks[: first + length] if len(block.text) >= _SAME_LINE}
    again = {
        index
        for index in range(first + length, len(blocks))
        if second <= index < second + length or (index < second and blocks[index].text in seen)
    }
    return (
        tuple(block for index, block in enumerate(blocks) if index not in again),
        tuple(Dropped(blocks[i].start, blocks[i].end, DropReason.DUPLICATE) for i in sorted(again)),
    )


def _longest_repeat(lines: Sequence[str]) -> tuple[int, int, int]:
    """Return (first, second, length) of the longest run of lines that stands twice; 0, 0, 0 if none."""
    places: dict[str, list[int]] = {}
    best = (0, 0, 0)
    compared = 0
    for second, line in enumerate(lines):
        for first in places.get(line, ()):
            if first and lines[first - 1] == lines[second - 1]:
                continue  # the run that began a line earlier is longer
            if compared > _MOST_COMPARED:
                return best
            length = 0
            while (
                first + length < second
                and second + length < len(lines)
                and lines[first + length] == lines[second + length]
            ):
                length += 1
            compared += length
            best = max(best, (first, second, length), key=lambda repeat: repeat[2])
        if len(known := places.setdefault(line, [])) < _USUAL:
            known.append(second)
    return best


def _without_a_copy_in_one_line(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    """Drop a line that holds nearly all others once more: a hidden copy for sharing."""
    size = sum(len(block.text) for block in blocks)
    for copy in (b for b in blocks if len(blocks) > 3 and len(b.text) > _SAME_BODY * size):
        squeezed = re.sub(r"\s", "", copy.text)
        others = [b for b in blocks if b is not copy and len(b.text) >= _SAME_LINE]
        held = sum(len(b.text) for b in others if re.sub(r"\s", "", b.text) in squeezed)
        if others and held > 0.8 * sum(len(b.text) for b in others):
            kept = tuple(block for block in blocks if block is not copy)
            return kept, (Dropped(copy.start, copy.end, DropReason.DUPLICATE),)
    return blocks, ()


# ── title, annexes, closing ──────────────────────────────────────────────────────────────────

_KINDS = (
    "通知|办法|意见|方案|规定|细则|计划|措施|决定|公告|条例|通告|规划|批复|函|指南|规则|标准|办理规程|规程|政策|若干举措|举措|章程|目录|纲要|"
    "决议|公报|通报|报告|请示|议案|纪要|清单|规范|制度|要点|预案|名单|指引|须知|解读|问答|十条|手册|流程|解答|简章|一览表|"
    "名录|倡议书"
)
_TITLE = re.compile(rf"^[^。;]{{5,160}}(?:{_KINDS})(?:\([^()]*\))*$")
_NO_TITLE = re.compile(
    r"[。;:,]$|\d ?号$|\d ?日$|^\([^()]*\)$|^(?:各|附件|抄送|签发|(?:经|为|根据|按照|现|据|依据)[^,]{0,30},)"
)
_BEGINS = re.compile(r"。|^[^。;]{2,200}:$")  # a sentence, or whom it is sent to: 各区人民政府:
_MOST_TITLE_LINES = 5
_ANNEX = re.compile(rf"^附[件表] ?(\d{{1,2}}|{_HAN})?(?: ?:?$| (?=\S)|(?=[^\d: 一二三四五六七八九十,。、]))")
_NAMED_ANNEX = re.compile(rf"^附[件表] ?(\d{{1,2}}|{_HAN}) ?[:.、-] ?(?=\S)")
_ANNEX_LIST = re.compile(r"^附件? ?:")
_DAY_PART = r"[\d一二三四五六七八九十]{1,3}"
_CLOSING = re.compile(
    r"^本[^。,;]{2,14}(?:[自从于][^。]{2,30}|(?:印发|发布|公布)之日起)(?:施行|实施|执行|生效)|"
    r"^本[^。,;]{2,14}(?:由[^。]{2,30}负责解释|有效期|试行期)|"
    r"^自[^。,]{2,20}起(?:施行|实施|执行|生效)|^(?:以上|上述)[^。,]{0,12}自[^。,]{2,20}起|"
    r"^特此(?:通知|公告|通告|函[复达]|批复|公布)|"
    rf"^[\d〇○零一二三四五六七八九OＯ]{{4}} ?年 ?{_DAY_PART} ?月 ?{_DAY_PART} ?日$|^\((?:此件|联系)[^()]*\)$"
)
_IMPRINT = re.compile(r"^(?:抄送|主送|分送) ?:|\d{1,2} ?日 ?印发$")
_AGENCY = (
    r"\S{2,28}(?:局|厅|委员会|委|政府|办公室|银行|分行|中心支行|总工会|联合会|部|法院|检察院|中心|领导小组|管委会|总队|支队|税务局|"
    r"团委|妇联|残联|国务院|党委|室|院|署|总局|集团|公司|协会|学会|学院|大学)"
)
_SIGNATURE = re.compile(rf"^(?!.*[。,:;])(?:{_AGENCY})(?: +{_AGENCY})*(?: ?\(盖?章\))?$")


def _title(
    text: str, blocks: tuple[Block, ...]
) -> tuple[Block | None, tuple[Block, ...], tuple[Dropped, ...]]:
    """Return the title, the blocks without it, and where it is printed once more.

    It is the first line before the first heading that reads like a title, or the first few lines when
    it is broken: the agencies on one line, 关于… on the next.
    """
    head = list(takewhile(lambda b: not (_ordinal(b) or b.row or _BEGINS.search(b.text)), blocks))
    lines = _title_lines(head[:60], {_squeezed(t) for t in _TOLD_TITLE.findall(text[:5000])})
    if not lines:
        return None, blocks, ()
    found = Block(lines[0].start, lines[-1].end, text[lines[0].start : lines[-1].end])
    again = [b for b in head if b not in lines and _squeezed(b.text) == _squeezed(found.text)]
    above = [b for b in head[: head.index(lines[0])] if b not in again]
    dropped = [Dropped(b.start, b.end, DropReason.DUPLICATE) for b in again]
    dropped += [Dropped(b.start, b.end, DropReason.LETTERHEAD) for b in above]
    gone = {*lines, *again, *above}
    return found, tuple(b for b in blocks if b not in gone), tuple(dropped)


_TOLD_TITLE = re.compile(r"^标题:(.+)$", re.M)


def _title_lines(head: Sequence[Block], told: set[str]) -> Sequence[Block]:
    """Return the lines of the title: those that a page calls so, else the first that read like one."""
    runs = [
        head[place : place + count]
        for place in range(len(head))
        for count in range(1, _MOST_TITLE_LINES + 1)
        if place + count <= len(head)
    ]
    called = (run for run in runs if _squeezed("".join(line.text for line in run)) in told)
    like = (run for run in runs if _reads_like_a_title(run, head[head.index(run[-1]) + 1 :]))
    return next(called, None) or next(like, ())


def _reads_like_a_title(lines: Sequence[Block], after: Sequence[Block]) -> bool:
    if any(_NO_TITLE.search(line.text) for line in lines):
        return False
    return bool(_TITLE.match(" ".join(line.text for line in lines))) and _is_whole(lines, after)


_ENDS_TITLE = re.compile(r"(?:通知|意见|公告|决定|通告|批复|函|通报)(?:\([^()]*\))*$")


def _is_whole(lines: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether a title begins and ends with these lines.

    Before a line that begins with 关于 stand agencies alone; brackets are closed; and where 关于 is not
    yet followed by what it is (通知, 意见 …), the next lines do not bring that.
    """
    words = "".join(line.text for line in lines)
    if words.count("《") != words.count("》") or words.count("(") != words.count(")"):
        return False
    about = next((i for i, line in enumerate(lines) if line.text.startswith(("关于", "印发"))), 0)
    if not all(_SIGNATURE.match(line.text) for line in lines[:about]) or _begins_with_a_menu(lines):
        return False
    if _ENDS_TITLE.search(words):
        return True
    for count in (1, 2):
        more = after[:count]
        if len(more) == count and not any(_NO_TITLE.search(line.text) for line in more):
            longer = words + "".join(line.text for line in more)
            starts_anew = more[0].text.startswith("关于") and "关于" in words
            if _ENDS_TITLE.search(longer) and "关于" in longer and not starts_anew:
                return False
    return True


_BEGINS_A_TITLE = re.compile("关于|印发|[省市区县州局厅委部]$")
_MENU_WORD = 6  # characters at most: 要闻动态, 政务公开


def _begins_with_a_menu(lines: Sequence[Block]) -> bool:
    """Whether words of a menu stand before the title: short lines, then one that is whole alone."""
    before = lines[:-1]
    return (
        bool(before)
        and all(len(line.text) <= _MENU_WORD and not _BEGINS_A_TITLE.search(line.text) for line in before)
        and bool(_TITLE.match(lines[-1].text))
    )


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _closes(block: Block) -> bool:
    if block.row:
        return False
    shapes = (_ANNEX_LIST, _CLOSING, _SIGNATURE, _IMPRINT)
    return any(shape.search(block.text) for shape in shapes) or _is_listed_annex(block)


def _is_listed_annex(block: Block) -> bool:
    """Whether a line of the list of annexes: 附件2.花名册."""
    return bool(_NAMED_ANNEX.match(block.text)) and len(block.text) < 60 and "。" not in block.text


# ── ordinals and the parts they open ─────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Ordinal:
    """The printed number at the head of a block."""

    style: str
    number: int
    printed: str  # 第二章, 一、, (一), 1., ①


_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"^第 ?({_HAN}|\d+) ?(?:[编章]|部分)(?![、和及至的])")),
    ("section", re.compile(rf"^第 ?({_HAN}|\d+) ?节(?![、和及至的])")),
    (
        "article",
        re.compile(rf"^第 ?({_HAN}|\d+) ?条(?![、和及至的]|规定|第{_HAN}[款项条章]|所[列述])(?:之{_HAN})?"),
    ),
    ("han", re.compile(rf"^({_HAN}) ?(?:、(?!{_HAN}[、级类等])|\.(?!\d))")),
    ("han_paren", re.compile(rf"^\(({_HAN})\)(?! ?[、和至] ?\()、?")),
    ("han_paren", re.compile(r"^([㈠-㈩])")),
    ("number", re.compile(r"^(\d{1,3}) ?(?:、|\.)(?!\d)")),
    ("number", re.compile(r"^(\d{1,2})\.(?=\d{2,3}(?:周?岁|年|个|日|天|元|万|人))")),  # 1.80周岁及以上的
    ("number", re.compile(r"^([⒈-⒛])")),
    (
        "decimal",  # 1.1 A类人才, but not 1.5倍
        re.compile(
            r"^\d{1,2}\.(\d{1,2}) ?(?=[A-Z《\u4e00-\u9fff])(?![倍元万亿个平米年月日天岁周小公次厘折])"
        ),
    ),
    ("number_paren", re.compile(r"^\((\d{1,2})\)")),
    ("number_paren", re.compile(r"^(\d{1,2})\)")),
    ("number_paren", re.compile(r"^([⑴-⒇])")),
    ("circled", re.compile(r"^([①-⑳])")),
)
_LAW = ("chapter", "section", "article")  # these keep their rank wherever they stand
_ENCLOSED = ("①", "㈠", "⒈", "⑴")  # the first of each run of signs that are a number


def _ordinal(block: Block) -> _Ordinal | None:
    if block.row:
        return None
    for style, shape in _STYLES:
        if found := shape.match(block.text):
            return _Ordinal(style, _value(found.group(1)), found.group())
    return None


def _value(numeral: str) -> int:
    for first in _ENCLOSED:
        if first <= numeral <= chr(ord(first) + 19):
            return ord(numeral) - ord(first) + 1
    return int(numeral) if numeral.isdigit() else chinese_integer(numeral)


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of blocks under one heading, and the way to it."""

    path: tuple[_Ordinal, ...]
    annex: int | None  # number of the annex it stands in
    kind: ClauseKind
    row: int | None = None  # of the tables under this heading
    blocks: list[Block] = field(default_factory=list)


class _Path:
    """The ordinals that are open, outermost first."""

    def __init__(self) -> None:
        self.open: list[_Ordinal] = []
        self._last: dict[str, int] = {}  # running numbers go on across headings

    def step(self, ordinal: _Ordinal) -> bool:
        """Open `ordinal` if it follows from what stands before it; else leave all as it was."""
        depth = next((i for i, o in enumerate(self.open) if o.style == ordinal.style), None)
        last = self.open[depth].number if depth is not None else self._last.get(ordinal.style, 0)
        is_inserted = "条之" in ordinal.printed and ordinal.number == last  # 第五条之一
        if ordinal.style == "decimal" and not self._continues_a_decimal(ordinal):
            return False
        if ordinal.number != 1 and not is_inserted and not last < ordinal.number <= last + 2:
            return False
        if depth is None:
            depth = self._depth_of_new(ordinal.style)
        self.open[depth:] = [ordinal]
        self._last[ordinal.style] = ordinal.number
        return True

    def _continues_a_decimal(self, ordinal: _Ordinal) -> bool:
        """Whether 2.1 stands in a part numbered 2, the first there or the next."""
        around = [o for o in self.open if o.style != "decimal"]
        inside = [o for o in self.open if o.style == "decimal"]
        if not around or (inside and self.open.index(inside[0]) != len(around)):
            return False
        follows = inside[0].number + 1 if inside else 1
        return ordinal.printed.split(".")[0] == str(around[-1].number) and ordinal.number == follows

    def continues(self, ordinal: _Ordinal) -> bool:
        """Whether `ordinal` is the next number of a heading that is open."""
        known = next((o for o in self.open if o.style == ordinal.style), None)
        return known is not None and ordinal.style != "number" and ordinal.number == known.number + 1

    def _depth_of_new(self, style: str) -> int:
        if style not in _LAW:
            return len(self.open)
        wider = _LAW[: _LAW.index(style)]
        return sum(o.style in wider for o in self.open)


class _Parts:
    """The parts of a document, as one block after the other is read."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self._path = _Path()
        self._annex: int | None = None
        self._current = _Part((), None, ClauseKind.PREAMBLE)
        self._rows: dict[tuple[int | None, tuple[_Ordinal, ...], ClauseKind], int] = {}

    def read(self, block: Block, annex: int | None) -> None:
        """Put a block where it belongs; `annex` is the number of the annex that it opens, if it does."""
        ordinal = _ordinal(block)
        if annex is not None:
            self._annex, self._path = annex, _Path()
            self._current = _Part((), annex, ClauseKind.ANNEX)
        elif ordinal and self._opens(ordinal):
            self._current = _Part(tuple(self._path.open), self._annex, ClauseKind.CLAUSE)
        elif block.row:
            self._current = self._next_row()
        elif self._ends(block):
            self._current = _Part((), None, ClauseKind.END)
        elif self._current.kind is ClauseKind.ANNEX:
            self._current = _Part((), self._annex, ClauseKind.PREAMBLE)
        elif self._current.row is not None:
            self._current = _Part(self._current.path, self._annex, self._kind_around())
        if not self.parts or self.parts[-1] is not self._current:
            self.parts.append(self._current)
        self._current.blocks.append(block)

    def _lists_an_annex(self, ordinal: _Ordinal) -> bool:
        """Whether the next line of 附件:1.甲 ⏎ 2.乙 in a covering letter."""
        lines = self._current.blocks
        at = next((i for i, line in enumerate(lines) if _ANNEX_LIST.match(line.text)), None)
        if at is None or ordinal.style != "number":
            return False
        listed = re.match(r"^附件? ?: ?(\d{1,2})[.、]", lines[at].text)
        return listed is not None and ordinal.number == int(listed.group(1)) + len(lines) - at

    def _opens(self, ordinal: _Ordinal) -> bool:
        if self._lists_an_annex(ordinal):
            return False
        if self._current.kind is not ClauseKind.END:
            return self._path.step(ordinal)
        if self._path.continues(ordinal):
            self._take_back_the_end()
            return self._path.step(ordinal)
        return _opens_document(ordinal) and self._path.step(ordinal)

    def _take_back_the_end(self) -> None:
        """What looked like the end was none: the numbers go on behind it."""
        while len(self.parts) > 1 and self.parts[-1].kind is ClauseKind.END:
            taken = self.parts.pop()
            self.parts[-1].blocks.extend(taken.blocks)

    def _ends(self, block: Block) -> bool:
        if self._current.kind is ClauseKind.END or not _closes(block):
            return False
        if _IMPRINT.search(block.text):
            return bool(self.parts) and any(part.path for part in self.parts)
        opening = self._current.blocks[0].text if self._current.blocks else ""
        is_bare = len(self._current.blocks) == 1 and len(opening) < _LONGEST_HEADING
        is_bare = is_bare and not opening.endswith(_ENDS_OF_SENTENCE)
        is_clause = self._current.kind is ClauseKind.CLAUSE
        return is_clause and self._annex is None and not (is_bare and _CLOSING.match(block.text))

    def _next_row(self) -> _Part:
        kind = self._kind_around()
        under = (self._annex, self._current.path, kind)
        self._rows[under] = self._rows.get(under, 0) + 1
        return _Part(self._current.path, self._annex, kind, self._rows[under])

    def _kind_around(self) -> ClauseKind:
        kind = self._current.kind
        return ClauseKind.PREAMBLE if kind is ClauseKind.ANNEX else kind


def _parts(blocks: Sequence[Block]) -> list[_Part]:
    reading = _Parts()
    annexes = _annexes(blocks)
    for place, block in enumerate(blocks):
        reading.read(block, annexes.get(place))
    return reading.parts


def _annexes(blocks: Sequence[Block]) -> dict[int, int]:
    """Return the number of the annex that begins at each place.

    附件1 begins one where something stands under it that is no further annex and no signature; else it
    is a line of the list of annexes.
    """
    found: dict[int, int] = {}
    last: int | None = None
    signed = False
    for place, block in enumerate(blocks):
        number = _annex_number(block, last, signed)
        signed = signed or bool(_CLOSING.match(block.text) and block.text.endswith("日"))
        if number is None or place == 0 or not _has_content(blocks, place):
            continue
        found[place] = last = number
    return found


def _annex_number(block: Block, last: int | None, signed: bool) -> int | None:
    shape = _ANNEX.match(block.text) or _NAMED_ANNEX.match(block.text)
    if block.row or shape is None or block.text.endswith(("。", ";")):
        return None
    if _ANNEX_LIST.match(block.text) and not (signed and shape.end() == len(block.text)):
        return None
    return _value(shape.group(1)) if shape.group(1) else (last or 0) + 1


def _has_content(blocks: Sequence[Block], place: int) -> bool:
    """Whether something stands under the line of an annex; the list of annexes has only its own lines."""
    following = blocks[place + 1 : place + 3]
    if not following:
        return False
    first = following[0]
    if _ANNEX.match(first.text) or _NAMED_ANNEX.match(first.text) or _ANNEX_LIST.match(first.text):
        return False
    is_signature = _SIGNATURE.match(first.text) and not _TITLE.match(first.text)
    return not (is_signature or (_CLOSING.match(first.text) and first.text.endswith("日")))


def _opens_document(ordinal: _Ordinal) -> bool:
    """After a signature only a whole outline may follow, not the numbers of a list of annexes."""
    return ordinal.number == 1 and ordinal.style in {"han", "chapter", "article"}


# ── parts → clauses ──────────────────────────────────────────────────────────────────────────

_LONGEST_HEADING = 40
_ENDS_OF_SENTENCE = ("。", "。”", ";", ";”")
# 第一条【目的】为了…; a bracket that only limits what follows, (三)(市级)补贴…, is no heading of its own
_NAMED_HEADING = re.compile(r"^[【\[〔]([^【】\[\]〔〕]{2,30})[】\]〕]")
_SPREAD = re.compile(r"(?<=^\S) +(?=\S$)")  # 总  则
_ANNEX_LINE = re.compile(rf"^附[件表] ?(?:\d{{1,2}}|{_HAN})? ?[:.、-]? ?")


def _clauses(policy_id: str, text: str, parts: Sequence[_Part]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    taken: dict[str, int] = {}
    headings: dict[tuple[int | None, tuple[_Ordinal, ...]], str] = {}
    for part, following in zip_longest(parts, parts[1:]):
        start, end = part.blocks[0].start, part.blocks[-1].end
        clause = Clause(
            policy_id=policy_id,
            clause_id=_unused(_clause_id(part), taken),
            alias=_alias(part),
            label=_label(part),
            kind=_kind(part, following),
            heading=_heading(part),
            context=tuple(
                headings[part.annex, part.path[:depth]]
                for depth in range(len(part.path) + (part.row is not None))
                if (part.annex, part.path[:depth]) in headings
            ),
            text=text[start:end],
            start=start,
            end=end,
        )
        if part.row is None:
            headings[part.annex, part.path] = clause.text
        clauses.append(clause)
    return tuple(clauses)


def _clause_id(part: _Part) -> str:
    if part.kind is ClauseKind.END and part.row is None:
        return "end"
    if part.kind is ClauseKind.ANNEX:
        return f"A{part.annex}"
    first = [f"A{part.annex}"] if part.annex is not None else []
    numbers = [str(ordinal.number) for ordinal in part.path]
    row = [f"r{part.row}"] if part.row is not None else []
    if part.kind is ClauseKind.END:
        return ".".join(["end", *row])
    stand_in = [] if numbers or (row and first) else ["0"]
    return ".".join([*first, *numbers, *stand_in, *row])


def _unused(clause_id: str, taken: dict[str, int]) -> str:
    """Two blocks that would get one id: the later one gets `-b`, the one after it `-c`."""
    times = taken[clause_id] = taken.get(clause_id, 0) + 1
    if times == 1:
        return clause_id
    return f"{clause_id}-{chr(ord('a') + times - 1)}" if times <= 26 else f"{clause_id}-{times}"


def _alias(part: _Part) -> str | None:
    """Return the number of an article: it runs through all chapters, and people cite it alone."""
    inside = [o for o in part.path if o.style not in {"chapter", "section"}]
    if len(inside) < len(part.path) and inside and inside[0].style == "article":
        return ".".join(str(ordinal.number) for ordinal in inside)
    return None


def _label(part: _Part) -> str:
    annex = f"附件{part.annex}" if part.annex is not None else ""
    row = f"表格第{part.row}行" if part.row is not None else ""
    if part.kind is ClauseKind.END:
        return f"结尾部分{row}"
    if not part.path:
        return f"{annex}{row}" if annex else f"开头部分{row}"
    printed = "".join(ordinal.printed for ordinal in part.path).rstrip(".、")
    if len(part.path) == 1 and part.path[0].style == "han":
        heading = _heading(part) if part.row is None else ""
        printed = f"{printed}、{heading}"  # 「一」 alone would not read as a place
    return f"{annex} {printed}{row}".strip().replace("(", "（").replace(")", "）")


def _kind(part: _Part, following: _Part | None) -> ClauseKind:
    if part.row is not None:
        return ClauseKind.ROW
    if part.kind is not ClauseKind.CLAUSE or following is None:
        return part.kind
    if following.row is not None:
        return ClauseKind.SECTION
    inside = following.annex == part.annex and following.path[: len(part.path)] == part.path
    return ClauseKind.SECTION if inside and following.path != part.path else ClauseKind.CLAUSE


def _heading(part: _Part) -> str:
    """Return the words of the heading: the first sentence behind the ordinal, when it is short."""
    if part.row is not None or not part.blocks[0].text:
        return ""
    if not part.path and part.kind is not ClauseKind.ANNEX:
        return ""
    block = part.blocks[0].text
    if part.path and not block.startswith(part.path[-1].printed):
        return ""  # what goes on behind a table
    body = block[len(part.path[-1].printed) :] if part.path else _ANNEX_LINE.sub("", block, count=1)
    body = _SPREAD.sub("", body.strip())
    if named := _NAMED_HEADING.match(body):
        return named.group(1)
    first = re.split(r"[。:;\n]|(?<!\d) (?!\d)", body, maxsplit=1)[0].strip()
    return first if len(first) <= _LONGEST_HEADING else ""
