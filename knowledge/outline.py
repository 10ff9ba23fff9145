"""The lines of a document → its clauses.

Chinese notices number their parts 一、（一）1.（1）or 第一章第一条, in any of the usual mixes. A line
opens a part when it starts with an ordinal that *follows* from what stands before it; any other line
belongs to the part that is open. Every character of the text ends up in exactly one piece: the title,
a clause, or something dropped and said why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise, zip_longest

from knowledge.numerals import chinese_integer
from knowledge.types import Clause, ClauseKind


class DropReason(StrEnum):
    FURNITURE = "furniture"  # menus, footers, lists of related pages
    DUPLICATE = "duplicate"  # the body, or a line of it, once more


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that stands by itself: a line, a cell, or a part printed within a long line."""

    start: int
    end: int
    text: str


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
    blocks, dropped = _without_furniture(tuple(_blocks(text)))
    blocks, duplicates = _without_duplicates(blocks)
    title = _title(blocks)
    parts = _parts([block for block in blocks if block is not title])
    clauses = _clauses(policy_id, text, parts)
    return Outline(title, clauses, _outside(clauses, dropped + duplicates))


def _outside(clauses: Sequence[Clause], dropped: Sequence[Dropped]) -> tuple[Dropped, ...]:
    """Return what was dropped between clauses; what stands inside one stays, its text is verbatim."""
    between = (d for d in dropped if not any(c.start <= d.start < c.end for c in clauses))
    return tuple(sorted(between, key=lambda d: d.start))


# ── text → blocks ────────────────────────────────────────────────────────────────────────────

_HAN = "[〇零一二三四五六七八九十百]+"
_INLINE_ORDINAL = re.compile(rf"(?<=[ ])(?={_HAN}、|\({_HAN}\)|\d{{1,2}}\.(?!\d)|第{_HAN}[章节条])")
_TRAILING_META = re.compile(r"(?<=[ ])(?=作者: |信息来源: |责任编辑: )")


def _blocks(text: str) -> Iterator[Block]:
    for line in re.finditer(r"[^\n]+", text):
        cells = list(re.finditer(r"[^|]+", line.group()))
        for cell in cells:
            start = line.start() + cell.start()
            cuts = _INLINE_ORDINAL.finditer(cell.group())
            tails = _TRAILING_META.finditer(cell.group())
            places = sorted({0, len(cell.group()), *(m.start() for m in (*cuts, *tails))})
            for left, right in pairwise(places):
                yield from _stripped(text, start + left, start + right)


def _stripped(text: str, start: int, end: int) -> Iterator[Block]:
    piece = text[start:end]
    body = piece.strip()
    if body:
        start += len(piece) - len(piece.lstrip())
        yield Block(start, start + len(body), body)


# ── what is not part of the document ─────────────────────────────────────────────────────────

_META = re.compile(
    r"^\(?(?:发布日期|发布时间|发布机构|发布|日期|文号|发文字号|发文机关|栏目|来源|信息来源|作者|索引号|"
    r"主题分类|成文日期|公开方式|有效性|浏览次数|访问量|点击|字号|字体|责任编辑) ?:"
)
_BARE_DATE = re.compile(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2})?)?$")
_FOOTER = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|网站地图|^(?:主办|承办|技术支持)(?:单位)?:|您对该文件有疑问|扫一扫|"
    r"分享到|返回顶部|打印本页|关闭窗口|^无障碍|^(?:打印|关闭|分享|收藏)$|^(?:上|下)一篇"
)
_RELATED = re.compile(
    r"^(?:相关(?:内容|链接|阅读|文章|新闻|稿件|政策|解读)|延伸阅读|推荐阅读|猜你喜欢|热点推荐) ?:?$"
)
_LINK_BAR_CELLS = 3  # so many short cells in one line are links, not a sentence
_LINK_LENGTH = 30


def _without_furniture(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    kept: list[Block] = []
    dropped: list[Dropped] = []
    related = False
    for block in blocks:
        related = bool(_RELATED.match(block.text)) or (related and not _reopens(block))
        if related or _is_furniture(block):
            dropped.append(Dropped(block.start, block.end, DropReason.FURNITURE))
        else:
            kept.append(block)
    return _without_link_bars(tuple(kept), tuple(dropped))


def _is_furniture(block: Block) -> bool:
    return any(shape.search(block.text) for shape in (_META, _BARE_DATE, _FOOTER))


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


_SAME_LINE = 10  # shorter lines recur by themselves
_SAME_BODY = 0.3  # a copied run this large, as a share of the text, is the body once more


def _without_duplicates(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[Dropped, ...]]:
    first, second, length = _longest_repeat([block.text for block in blocks])
    size = sum(len(block.text) for block in blocks)
    copied = sum(len(block.text) for block in blocks[second : second + length])
    if not length or copied < _SAME_BODY * size:
        return blocks, ()
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
    for second, line in enumerate(lines):
        for first in places.get(line, ()):
            length = 0
            while (
                first + length < second
                and second + length < len(lines)
                and lines[first + length] == lines[second + length]
            ):
                length += 1
            best = max(best, (first, second, length), key=lambda repeat: repeat[2])
        places.setdefault(line, []).append(second)
    return best


# ── title, annexes, closing ──────────────────────────────────────────────────────────────────

_TITLE = re.compile(
    r"^[^。;]{6,120}(?:通知|办法|意见|方案|规定|细则|计划|措施|决定|公告|条例|通告|规划|批复|函|指南|规则|标准)"
    r"(?:\([^()]*\))?$"
)
_ANNEX = re.compile(rf"^附件 ?(\d{{1,2}}|{_HAN})?(?: ?:?$| (?=\S)|(?=[^\d: ]))")
_ANNEX_LIST = re.compile(r"^附件? ?:")
_CLOSING = re.compile(
    r"^本[^。,;]{2,14}自[^。]{2,30}(?:施行|实施|执行|生效)|"
    r"^本[^。,;]{2,14}(?:由[^。]{2,30}负责解释|有效期)|"
    r"^\d{4}年\d{1,2}月\d{1,2}日$|^\((?:此件|联系)[^()]*\)$"
)
_AGENCY = r"\S{2,28}(?:局|厅|委员会|委|政府|办公室|银行|分行|中心支行|总工会|联合会|部|法院)"
_SIGNATURE = re.compile(rf"^{_AGENCY}(?: +{_AGENCY})*$")


def _title(blocks: Sequence[Block]) -> Block | None:
    """Return the first line that reads like a title and stands before the first heading."""
    for block in blocks:
        if _ordinal(block):
            return None
        if _TITLE.match(block.text):
            return block
    return None


def _closes(block: Block) -> bool:
    shapes = (_ANNEX_LIST, _CLOSING, _SIGNATURE)
    return any(shape.match(block.text) for shape in shapes)


# ── ordinals and the parts they open ─────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Ordinal:
    """The printed number at the head of a block."""

    style: str
    number: int
    printed: str  # 第二章, 一、, (一), 1., ①


_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"^第({_HAN}|\d+)[编章]")),
    ("section", re.compile(rf"^第({_HAN}|\d+)节")),
    ("article", re.compile(rf"^第({_HAN}|\d+)条(?:之{_HAN})?")),
    ("han", re.compile(rf"^({_HAN})、")),
    ("han_paren", re.compile(rf"^\(({_HAN})\)")),
    ("number", re.compile(r"^(\d{1,3})[.、](?!\d)")),
    ("number_paren", re.compile(r"^\((\d{1,2})\)")),
    ("circled", re.compile(r"^([①-⑳])")),
)
_LAW = ("chapter", "section", "article")  # these keep their rank wherever they stand


def _ordinal(block: Block) -> _Ordinal | None:
    for style, shape in _STYLES:
        if found := shape.match(block.text):
            return _Ordinal(style, _value(found.group(1)), found.group())
    return None


def _value(numeral: str) -> int:
    if "①" <= numeral <= "⑳":
        return ord(numeral) - ord("①") + 1
    return int(numeral) if numeral.isdigit() else chinese_integer(numeral)


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of blocks under one heading, and the way to it."""

    path: tuple[_Ordinal, ...]
    annex: int | None  # number of the annex it stands in
    kind: ClauseKind
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
        if ordinal.number != 1 and not last < ordinal.number <= last + 2:
            return False
        if depth is None:
            depth = self._depth_of_new(ordinal.style)
        self.open[depth:] = [ordinal]
        self._last[ordinal.style] = ordinal.number
        return True

    def _depth_of_new(self, style: str) -> int:
        if style not in _LAW:
            return len(self.open)
        wider = _LAW[: _LAW.index(style)]
        return sum(o.style in wider for o in self.open)


def _parts(blocks: Sequence[Block]) -> list[_Part]:
    parts: list[_Part] = []
    path = _Path()
    annex: int | None = None
    current = _Part((), None, ClauseKind.PREAMBLE)
    for block in blocks:
        ordinal = _ordinal(block)
        closed = current.kind is ClauseKind.END
        if parts and (number := _annex_number(block, annex)) is not None:
            annex, path = number, _Path()
            current = _Part((), annex, ClauseKind.ANNEX)
        elif ordinal and (not closed or _opens_document(ordinal)) and path.step(ordinal):
            current = _Part(tuple(path.open), annex, ClauseKind.CLAUSE)
        elif annex is not None and current.kind is ClauseKind.ANNEX:
            current = _Part((), annex, ClauseKind.PREAMBLE)
        elif current.kind is ClauseKind.CLAUSE and annex is None and _closes(block):
            current = _Part((), None, ClauseKind.END)
        if not parts or parts[-1] is not current:
            parts.append(current)
        current.blocks.append(block)
    return parts


def _annex_number(block: Block, last: int | None) -> int | None:
    found = _ANNEX.match(block.text)
    if not found or _ANNEX_LIST.match(block.text):
        return None
    return _value(found.group(1)) if found.group(1) else (last or 0) + 1


def _opens_document(ordinal: _Ordinal) -> bool:
    """After a signature only a whole outline may follow, not the numbers of a list of annexes."""
    return ordinal.number == 1 and ordinal.style in {"han", "chapter", "article"}


# ── parts → clauses ──────────────────────────────────────────────────────────────────────────

_LONGEST_HEADING = 40


def _clauses(policy_id: str, text: str, parts: Sequence[_Part]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    taken: set[str] = set()
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
                for depth in range(len(part.path))
                if (part.annex, part.path[:depth]) in headings
            ),
            text=text[start:end],
            start=start,
            end=end,
        )
        headings[part.annex, part.path] = clause.text
        taken.add(clause.clause_id)
        clauses.append(clause)
    return tuple(clauses)


def _clause_id(part: _Part) -> str:
    if part.kind is ClauseKind.END:
        return "end"
    if part.kind is ClauseKind.ANNEX:
        return f"A{part.annex}"
    numbers = [str(ordinal.number) for ordinal in part.path] or ["0"]
    return ".".join(numbers if part.annex is None else [f"A{part.annex}", *numbers])


def _unused(clause_id: str, taken: set[str]) -> str:
    """Two blocks that would get one id: the later one gets `-b`, the one after it `-c`."""
    suffix = ord("b")
    candidate = clause_id
    while candidate in taken:
        candidate = f"{clause_id}-{chr(suffix)}"
        suffix += 1
    return candidate


def _alias(part: _Part) -> str | None:
    """Return the number of an article: it runs through all chapters, and people cite it alone."""
    inside = [o for o in part.path if o.style not in {"chapter", "section"}]
    if len(inside) < len(part.path) and inside and inside[0].style == "article":
        return ".".join(str(ordinal.number) for ordinal in inside)
    return None


def _label(part: _Part) -> str:
    annex = f"附件{part.annex}" if part.annex is not None else ""
    if part.kind is ClauseKind.END:
        return "结尾部分"
    if not part.path:
        return annex or "开头部分"
    printed = "".join(ordinal.printed for ordinal in part.path).rstrip(".、")
    if len(part.path) == 1 and part.path[0].style == "han":
        printed = f"{printed}、{_heading(part)}"  # 「一」 alone would not read as a place
    return f"{annex} {printed}".strip().replace("(", "（").replace(")", "）")


def _kind(part: _Part, following: _Part | None) -> ClauseKind:
    if part.kind is not ClauseKind.CLAUSE or following is None:
        return part.kind
    inside = following.annex == part.annex and following.path[: len(part.path)] == part.path
    return ClauseKind.SECTION if inside and following.path != part.path else ClauseKind.CLAUSE


def _heading(part: _Part) -> str:
    """Return the words of the heading: the first sentence behind the ordinal, when it is short."""
    if not part.path and part.kind is not ClauseKind.ANNEX:
        return ""
    block = part.blocks[0].text
    body = block[len(part.path[-1].printed) :] if part.path else _ANNEX.sub("", block, count=1)
    first = re.split(r"[。: \n]", body.strip(), maxsplit=1)[0].strip()
    return first if len(first) <= _LONGEST_HEADING else ""
