"""A saved web page → the lines of the document that it carries.

Menus, hidden copies and footers go; what the page says about the document beside its text (文号,
成文日期, 失效日期 …) becomes lines of its own, before the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from knowledge.readers.received import UnreadableFile
from knowledge.readers.table import is_data, table_lines
from knowledge.readers.text import decode

Element = Any  # lxml has no types of its own


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNSEEN = _words(
    """script style noscript template nav footer aside select button iframe object svg canvas audio video head
    textarea input map"""
)
_BLOCKS = _words(
    """address article blockquote body br caption center dd div dl dt fieldset figure form h1 h2 h3 h4 h5 h6
    header hr html legend li main ol p pre section table tbody td tfoot th thead tr ul"""
)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NAME = re.compile(r"^[.#][\w-]+$")
_MARKS = re.compile("[，。；,;]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_GAP = re.compile(r"[ \t\r\n\f]+")
_WIDE = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_BROKEN_LINE = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n]\s*(?={_WIDE})")
_MOSTLY = 0.85  # of the prose stands in one part of the page: the document is inside that part
_SOME = 0.1  # less than that in a part with such a name is an abstract or a caption
_HALF = 0.5  # is enough for a part whose name says what it holds
_BETWEEN_LINKS = re.compile(r"[\s|>»/·]")
_LINK = 0.8  # a line with so large a share of links leads elsewhere


def read(content: bytes) -> str:
    """Return the lines of the document on a page.

    Raises:
        UnreadableFile: it is no page, or nothing stands on it.
    """
    page = _parsed(decode(content))
    told = _told_by_head(page)
    lines = _lines_of(page, _hidden_names(page)) or _lines_of(page, frozenset())
    if not lines:
        raise UnreadableFile("网页里没有正文", "请在浏览器里等正文显示出来以后再另存,或把正文复制到文本文件")
    return "\n".join(dict.fromkeys(told)) + "\n" + "\n".join(line for line in lines if line not in told)


def _parsed(text: str) -> Element:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        return document_fromstring(
            text, parser=HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableFile("不是完整的网页", "请重新另存网页") from error


# ── what the page says about the document ────────────────────────────────────────────────────

_META = {"articletitle": "标题", "pubdate": "发布日期", "contentsource": "来源"}
_TOLD = (
    "文号|发文字号|发文文号|文件编号|公文文号|成文日期|发文日期|发布日期|发布时间|公开日期|印发日期|实施日期|施行日期|生效日期|"
    "失效日期|废止日期|有效期至|发布机构|发布机关|发文机关|发文单位|发文机构|制定机关|制发机关|公文种类|文件状态|有效性|时效性|"
    "效力状态|名称|标题|来源|信息来源|索引号|统一编号|主题分类|主题词"
)
_SPACED = "|".join(r"\s*".join(told) for told in _TOLD.split("|"))  # 文　　号
_PAIR = re.compile(rf"[\[【(（]?\s*({_SPACED})\s*[\]】)）]?\s*[:：]\s*(.*)$")

_NEXT_LABEL = re.compile(
    rf"\s+(?=[\[【(（]?(?:{_SPACED})\s*[\]】)）]?\s*[:：])"
)  # 发布日期:… 来源:… in one line


def _told_by_head(page: Element) -> list[str]:
    """Return what the meta tags say: ArticleTitle, PubDate, ContentSource."""
    said: dict[str, str] = {}
    for meta in page.iter("meta"):
        label = _META.get((meta.get("name") or "").strip().lower())
        value = " ".join((meta.get("content") or "").split())
        if label and value:
            said.setdefault(label, value)
    return [f"{label}:{value}" for label, value in said.items()]


def _told_beside(lines: list[_Line]) -> list[str]:
    """Return the pairs of label and value that stand before the text; the value may be the next line."""
    said: dict[str, str] = {}
    pieces = [_Line(piece.strip()) for line in lines for piece in _NEXT_LABEL.split(line.text)]
    for line, following in pairwise([*pieces, _Line()]):
        if not (found := _PAIR.match(line.text)):
            continue
        label = re.sub(r"\s", "", found.group(1))
        value = found.group(2).strip()
        if not value and not _PAIR.match(following.text) and len(following.text) < 80:
            value = following.text
        if value.strip("-— ") and not ("状态" in label and len(value) > 12):  # a picture tells it
            said.setdefault(label, value)
    return [f"{label}:{value}" for label, value in said.items()]


# ── what is seen ─────────────────────────────────────────────────────────────────────────────


def _hidden_names(page: Element) -> frozenset[str]:
    """Return the classes and ids that the page's own style sheet hides."""
    names: set[str] = set()
    for sheet in page.iter("style"):
        for selectors, rules in _RULE.findall(sheet.text or ""):
            if _HIDES.search(rules):
                names.update(s.strip() for s in selectors.split(",") if _NAME.match(s.strip()))
    return frozenset(names)


def _is_unseen(element: Element, hidden: frozenset[str]) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return True
    if element.get("hidden") is not None or _HIDES.search(element.get("style") or ""):
        return True
    names = {f"#{element.get('id')}", *(f".{name}" for name in (element.get("class") or "").split())}
    return not names.isdisjoint(hidden)


def _lines_of(page: Element, hidden: frozenset[str]) -> list[str]:
    tab = "".join("".join(page.xpath("//head/title[1]//text()")).split())
    body = page.find("body")
    root = body if body is not None else page
    unseen = [e for e in root.iter() if e is not root and _is_unseen(e, hidden)]
    for element in unseen:
        _remove(element)
    inside = _container(root)
    before: list[_Line] = []
    text: list[_Line] = []
    for line in _lines(root, inside):
        (text if line.inside else before).append(line)
    kept = [line.text for line in text if not (line.leads_elsewhere or _WORKS.match(line.text))]
    return [*_told_beside(before), *_headline(before, tab), *kept] if kept else []


def _remove(element: Element) -> None:
    """Take an element out and leave what follows it."""
    parent = element.getparent()
    if parent is None:
        return
    previous, tail = element.getprevious(), element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _headline(before: list[_Line], tab: str) -> list[str]:
    """Return the large words above the text."""
    large = [
        line.text for line in before if line.is_large and not line.leads_elsewhere and len(line.text) > 7
    ]
    return [f"标题:{large[-1]}"] if large else _short_headline(before, tab)


_SHORT = re.compile(r"\S{5,7}")


def _short_headline(before: list[_Line], tab: str) -> list[str]:
    """Return the large words above the text that are too short to be sure of, where the tab begins so."""
    short = [line.text for line in before if line.is_large and _SHORT.fullmatch(line.text)]
    return next(([f"标题:{words}"] for words in short if tab.startswith(words)), [])


def _container(root: Element) -> Element:
    """Return the part of the page that the document stands in: the innermost with most of the prose."""
    weights: dict[Element, int] = {}
    for event, element in etree.iterwalk(root, events=("end",)):
        del event
        own = 0 if element.tag == "a" else _weight(element.text)
        inside = sum(weights.get(child, 0) + _weight(child.tail) for child in element)
        weights[element] = own + (0 if element.tag == "a" else inside)
    named = _named_part(weights, root)
    here = root if named is None else named
    while True:
        best = max(here, key=lambda child: weights.get(child, 0), default=None)
        if best is None or best.tag in ("p", "span", "tr", "td", "tbody", "font", "strong", "b"):
            return _whole_table(here, root)
        if weights.get(best, 0) < _MOSTLY * max(weights[here], 1):
            return _whole_table(here, root)
        here = best


# What the usual systems call the part with the text.
_TEXT_PART = re.compile(
    r"trs_?(?:editor|view)|ucap-?content|pages_content|(?:^|\s)zoom(?:con)?(?:\s|$)|article[-_]?(?:content|body|con|text|main)|"
    r"xxgk[-_]?(?:content|text)|(?:news|detail|info|text|view)[-_]?(?:content|text|body)|main[-_]?text|con[-_]?txt|vsb_content",
    re.I,
)


def _named_part(weights: dict[Element, int], root: Element) -> Element | None:
    """Return the innermost part that holds all that is named as text, if that is half of the prose."""
    named = [e for e in weights if _is_named(e) and weights[e] >= _SOME * weights[root]]
    outer = [e for e in named if not any(above in named for above in e.iterancestors())]
    if sum(weights[e] for e in outer) < _HALF * weights[root] or not outer:
        return None
    here = outer[0]
    while here is not root and not all(e is here or here in e.iterancestors() for e in outer):
        here = here.getparent()
    return here


def _is_named(element: Element) -> bool:
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    return names != " " and bool(_TEXT_PART.search(names))


def _whole_table(element: Element, root: Element) -> Element:
    """Never begin in the middle of a table of data."""
    return element if element.tag != "table" or element is root else element.getparent()


_FOOT = re.compile(
    "版权所有|ICP备|公网安备|主办单位|承办单位|技术支持|网站标识码|^ *(?:地址|联系电话|电话|邮编|欢迎)|"
    "今天是|浏览次数|字体:"
)
# A line that works the page and says nothing: 上一篇:…, 【打印】【关闭】
_WORKS = re.compile(
    r"^[【\[(]?(?:上一[篇条]|下一[篇条]|打印|关闭|返回|收藏|分享|扫一扫|字[体号][:：]|浏览次数|点击数|责任编辑|当前位置|"
    r"您(?:当前|现在)?所?在的?位置|(?:点击)?查看(?:政策)?(?:解读|原文)|下载(?:文字|图片)版|相关附件|附件下载|微信扫)"
)


def _weight(text: str | None) -> int:
    if text and len(text) < 200 and _FOOT.search(text):
        return 0
    return 10 * len(_MARKS.findall(text)) + len(_HAN.findall(text)) if text else 0


# ── elements → lines ─────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Line:
    text: str = ""
    linked: int = 0  # characters that are links, what stands between them not counted
    inside: bool = False  # the part that the document stands in
    is_large: bool = False

    @property
    def leads_elsewhere(self) -> bool:
        words = len(_BETWEEN_LINKS.sub("", self.text))
        return self.linked >= _LINK * words and "。" not in self.text


@dataclass(slots=True)
class _Writer:
    """Collects the pieces of a line until something ends it."""

    inside: bool = False
    links: int = 0
    large: int = 0
    pieces: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append((text, self.links > 0))

    def line(self) -> Iterator[_Line]:
        text = _clean("".join(piece for piece, _ in self.pieces))
        linked = len(_BETWEEN_LINKS.sub("", "".join(piece for piece, is_link in self.pieces if is_link)))
        self.pieces.clear()
        if text:
            yield _Line(text, linked, self.inside, self.large > 0)


def _clean(text: str) -> str:
    return _GAP.sub(" ", _BROKEN_LINE.sub("", text.strip(" \t\r\n\f\u00a0\u3000"))).strip()


def _lines(root: Element, container: Element) -> Iterator[_Line]:
    """Yield what stands on the page, line by line, until the document's part is over."""
    writer = _Writer(inside=container is root)
    walk = etree.iterwalk(root, events=("start", "end"))
    numbers: dict[Element, int] = {}
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                yield from writer.line()
            writer.inside = writer.inside or element is container
            writer.links += tag == "a"
            writer.large += _is_large(element)
            if tag == "table" and writer.inside and (grid := _grid(element)) and is_data(grid):
                for text in table_lines(grid, _heads(element)):
                    yield _Line(text, 0, writer.inside)
                walk.skip_subtree()
            else:
                if tag == "li":
                    writer.add(_number(element, numbers))
                writer.add(element.text)
            continue
        if tag in _BLOCKS:
            yield from writer.line()
        writer.links -= tag == "a"
        writer.large -= _is_large(element)
        if element is container:
            yield from writer.line()
            return
        writer.add(element.tail)
    yield from writer.line()


def _is_large(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return element.tag in ("h1", "h2") or "title" in names


def _number(item: Element, numbers: dict[Element, int]) -> str:
    """Return the number of an item of a numbered list, which the browser shows and the text lacks."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    numbers[parent] = numbers.get(parent, 0) + 1
    text = _clean("".join(item.itertext()))
    return "" if re.match(r"[(（]?[\d一二三四五六七八九十]+[.、)）．]", text) else f"{numbers[parent]}."


_MOST_CELLS = 200_000


def _grid(table: Element) -> list[list[str]]:
    """Return the cells of a table, a merged one in each place that it covers; [] for a page's frame."""
    rows = [row for row in table.iter("tr") if _table_of(row) is table]
    if any(True for _ in table.iter("table") if _ is not table):
        return []
    grid: dict[tuple[int, int], str] = {}
    for at, row in enumerate(rows):
        place = 0
        for cell in row.iterchildren("td", "th"):
            while (at, place) in grid:
                place += 1
            down, across = _span(cell, "rowspan", len(rows) - at), _span(cell, "colspan", 100)
            text = _cell(cell)
            for covered in ((at + i, place + j) for i in range(down) for j in range(across)):
                grid.setdefault(covered, text)
            if len(grid) > _MOST_CELLS:
                return []
            place += across
    width = max((place for _, place in grid), default=-1) + 1
    return [[grid.get((at, place), "") for place in range(width)] for at in range(len(rows))]


def _table_of(row: Element) -> Element:
    return next(row.iterancestors("table"), None)


def _span(cell: Element, name: str, most: int) -> int:
    written = (cell.get(name) or "1").strip()
    span = int(written) if written.isdecimal() and len(written) < 5 else 1
    return max(1, min(span or most, most))


def _cell(cell: Element) -> str:
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in _BLOCKS and element is not cell:
            pieces.append(" ")
        text = element.text if event == "start" else (element.tail if element is not cell else None)
        pieces.append(text or "")
    text = _clean("".join(pieces))
    return re.sub(rf"(?<={_WIDE}) (?=[，。；：、）])", "", text)


def _heads(table: Element) -> int | None:
    """Return how many rows at the top are marked as head; None when none is."""
    heads = 0
    for row in table.iter("tr"):
        cells = [cell.tag for cell in row.iterchildren("td", "th")]
        if not cells or any(tag != "th" for tag in cells):
            break
        heads += 1
    return heads or None
