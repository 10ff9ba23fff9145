"""What a document says about itself: title, 文号, issuers, dates, validity, repeals, region.

Each reading comes with the words it was read from and whether they leave no doubt, so that a person
can check it. All texts must be normalised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from knowledge.outline import Outline
from knowledge.regions import NATION, Regions
from knowledge.types import ClauseKind, Region
from knowledge.validity import DAY, Validity, a_day, states_a_beginning, validity
from knowledge.validity import days as days  # many ask here for the days of a text

# ── repeals ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Repealed:
    title: str
    number: str | None
    quote: str


NUMBER = (
    r"[\u4e00-\u9fff]{1,16}[〔\[【(〈] ?(?:19|20)\d{2} ?[〕\]】)〉] ?(?:第 ?)?\d{1,5} ?号"
    r"|[\u4e00-\u9fff]{2,24}(?:令|公告) ?(?:\d{4}年 ?)?第 ?\d{1,5} ?号|令第 ?\d{1,5} ?号"
)
_NAMED = re.compile(rf"《((?:[^《》]|《[^《》]*》)+)》(?: ?\(((?:{NUMBER})[^()]*)\))?")
_REPEALING = re.compile("废止|停止执行|不再执行|停止实施|不再施行|停止使用|予以废除|即行失效|同时失效|起失效")
# A number with no title beside it
_BARE_NUMBER = re.compile(rf"(?<![\u4e00-\u9fff(《])(?:{NUMBER})(?=文件|文|同时|[、和及与]|自)")
_REPEALING_BEFORE = re.compile(r"(?:废止|停止执行)(?:原|市政府|我[局市厅委])?(?=《)")
_RESTS_ON = re.compile("(?:根据|按照|依据|依照|贯彻|落实|执行|按)$")
_LIST_OF_REPEALS = re.compile(
    r"(?:下列|以下)[^。\n]{0,20}(?:废止|失效)[^。\n]{0,6}[:。]|(?:废止|失效)[^。\n]{0,4}(?:下列|以下)[^。\n]{0,20}[:。]"
)
# The head of a list in an annex: 废止的规范性文件目录
_REPEALED_IN_ANNEX = re.compile(
    r"^(?!.*(?:拟|修改|保留|继续有效))[^。;:|\n]{0,30}(?:废止|失效)[^。;:|\n]{0,20}(?:目录|清单|一览表|名单|文件)$",
    re.M,
)
_MOST_REPEALED = 100  # in one sentence
_IN_PART = re.compile(r"^[^《》]{0,6}第?[一二三四五六七八九十\d]+[条章款项]")


def repeals(text: str) -> tuple[Repealed, ...]:
    """Return the documents that `text` puts out of force, as a whole."""
    found: dict[str, Repealed] = {}
    for repealed in _all_repealed(text):
        known = found.get(name := _squeezed(repealed.title))
        if known is None or (repealed.number and not known.number):  # the title of the notice has no number
            found[name] = repealed
    return tuple(found.values())


def _all_repealed(text: str) -> Iterator[Repealed]:
    for sentence in re.finditer(r"[^。\n]+", text):
        yield from _repealed_in(sentence.group())
    for opening in _LIST_OF_REPEALS.finditer(text):
        yield from _repealed_below(text[opening.end() :])
    for head in _REPEALED_IN_ANNEX.finditer(text):
        yield from _repealed_below(text[head.end() :])


def _repealed_in(sentence: str) -> Iterator[Repealed]:
    yield from _repealed_behind_the_verb(sentence)
    verb = _REPEALING.search(sentence)
    if verb is None or re.search("(?:届满|期满|到期)[^《》]{0,8}$", sentence[: verb.start()]):
        return
    titled = list(_NAMED.finditer(sentence, 0, verb.start()))
    bare = [
        number
        for number in _BARE_NUMBER.finditer(sentence, 0, verb.start())
        if not any(name.start() < number.start() < name.end() for name in titled)
    ]
    names = sorted((*titled, *bare), key=lambda name: name.start())[-_MOST_REPEALED:]
    # Only the names that stand together before the verb: 《甲》(…)、《乙》(…)同时废止
    start = verb.start()
    held: list[re.Match[str]] = []
    for name in reversed(names):
        between = sentence[name.end() : start]
        if (held and not re.fullmatch(r" ?[、,和及与以;]? ?(?:及|原|前发)?", between)) or (
            not held and len(between) > 24
        ):
            break
        if _IN_PART.match(between) or _RESTS_ON.search(sentence[max(name.start() - 6, 0) : name.start()]):
            break
        held.append(name)
        start = name.start()
    for name in reversed(held):
        yield _repealed(name, sentence[name.start() : verb.end()])


def _repealed(name: re.Match[str], quote: str) -> Repealed:
    """Return the document that a title in 《》 or a bare 文号 names; the latter is its only name."""
    if name.re is _NAMED:
        return Repealed(name.group(1), _number_of(name.group(2)), quote)
    number = canonical_number(name.group())
    return Repealed(number, number, quote)


def _repealed_behind_the_verb(sentence: str) -> Iterator[Repealed]:
    """Yield what is named right behind the verb: 废止《甲》(…)、《乙》."""
    if not (verb := _REPEALING_BEFORE.search(sentence)):
        return
    end = verb.end()
    while (name := _NAMED.match(sentence, end)) and not _IN_PART.match(sentence[name.end() :]):
        yield _repealed(name, sentence[verb.start() : name.end()])
        joint = re.match("[、,和及与]?", sentence[name.end() :])
        end = name.end() + (joint.end() if joint else 0)


def _repealed_below(text: str) -> Iterator[Repealed]:
    for line in text.split("\n"):
        body = re.sub(r"^[\d一二三四五六七八九十()、.\s]+", "", line)
        if not line.strip():
            continue
        if not (named := _NAMED.match(body)):
            return
        yield Repealed(named.group(1), _number_of(named.group(2)), named.group())


def _number_of(written: str | None) -> str | None:
    found = re.search(NUMBER, written) if written else None
    return canonical_number(found.group()) if found else None


def canonical_number(written: str) -> str:
    """Return a 文号 with the brackets of the standard: 杭政办函[2020]11号 → 杭政办函〔2020〕11号."""
    plain = re.sub(r"\s", "", written)
    return re.sub(r"[\[【(〈]((?:19|20)\d{2})[\]】)〉]", r"〔\1〕", plain)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s《》〈〉]", "", text)


# ── the whole of it ──────────────────────────────────────────────────────────────────────────


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """Something read off a document, the words that say it, and whether they leave no doubt."""

    value: T
    quote: str  # verbatim in the normalised text
    start: int  # where they stand
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself. None and () are "does not say"."""

    title: Found[str] | None
    number: Found[str] | None
    issuers: tuple[Found[str], ...]
    region: Region | None
    issued_on: Found[date] | None
    valid_from: Found[date] | None
    valid_to: Found[date] | None
    validity_quote: str | None  # the words of the text that state it
    from_quote: str | None  # the words that state the day which 自印发之日起 counts from
    repeals: tuple[Repealed, ...]
    implements: tuple[Repealed, ...]  # what this one carries out (实施细则): title and number
    notes: tuple[str, ...]  # Chinese: what a person has to confirm


def read(text: str, outlined: Outline, regions: Regions) -> Metadata:
    """Return what a normalised text and its outline say about the document."""
    return _Reader(text, outlined, regions).read()


_AGENCY_END = (
    "局|厅|委员会|委|政府|办公室|银行|分行|支行|总工会|联合会|部|法院|检察院|中心|领导小组|管委会|总队|国务院|党委|署|总局|残联|妇联|"
    "团委|集团|公司|协会|学会|大学|研究院|办|会"
)
_AGENCY = rf"[^\s。,;:、《》()〔〕\d“”|]{{2,30}}?(?:{_AGENCY_END})(?:\([^()\n]{{2,20}}\))?"
_SEAL = r"(?: ?\(?(?:代章|印章|盖章|公章|章)\)?)?"
_SIGNED = re.compile(
    rf"(?:(?<=[。:;!])|^|\n) *((?:{_AGENCY})(?:[ \n]+(?:{_AGENCY})){{0,40}}){_SEAL}[ \n]+({DAY})"
    r"(?= |\n|$|\()",
    re.M,
)
_TOLD = re.compile(r"(?:^|(?<=\| )|(?<=  ))([^\s:|]{2,6}) ?: ?([^|\n]+?) *(?=\||\n|$)", re.M)
_SIGNED_TO_ISSUED = 60  # days; longer is another event
_IMPRINT = re.compile(rf"({DAY}) ?印发")
_BEFORE_ABOUT = re.compile(r"^(.{2,400}?)(?:关于|转发|印发|批转)")
_OWN_NUMBER = re.compile(rf"^\(?({NUMBER})\)?(?= |$)")
_ORDER = re.compile(
    r"^(?![^\n]*关于)"
    r"([\u4e00-\u9fff]{2,30}(?:令|公告))[ \n]*\(?((?:\d{4} ?年 ?)?第 ?[\d一二三四五六七八九十百]+ ?号)\)?",
    re.M,
)
_ENACTED = re.compile(
    r"(?:^|(?<=[日( ]))([\u4e00-\u9fff]{2,12}?(?:省|市|县|区|自治区|州))第[一二三四五六七八九十]+届"
    r"人民代表大会(常务委员会)?"
)
# Below the title, in brackets: who put it in force, when, under which number
_ENACTING_NOTE = re.compile(r"^\([^\n]{6,200}(?:发布|公布|印发)[^\n]{0,60}\)$", re.M)
_ENACTED_BY = re.compile(rf"{DAY} ?({_AGENCY})(?=令|发布|公布|印发|以)")
_YEARS_NUMBER = re.compile(r"^\(?((?:\d{4} ?年 ?第|[〔\[]\d{4}[〕\]] ?第?) ?\d{1,4} ?号)\)?$", re.M)
_NATIONAL = re.compile(
    r"^(?:国务院|中共中央|全国人|中华人民共和国|国家|最高人民|中国人民银行(?!.{2,}[省市]?分行)|财政部|教育部|科学技术部|科技部|民政部|司法部|农业农村部|商务部|"
    r"人力资源和?社会保障部|住房和?城乡建设部|退役军人事务部|工业和信息化部|公安部|税务总局|市场监管总局|共青团中央|全国)"
)
_DRAFT = re.compile("征求意见稿|公开征求意见|草案|送审稿|讨论稿")
_NO_DOCUMENT = re.compile("解读|一图读懂|图解|答记者问|新闻发布会|问答$|政策问答")
_LISTED_ANNEX = re.compile(r"^附件? ?:", re.M)


class _Reader:
    def __init__(self, text: str, outlined: Outline, regions: Regions) -> None:
        self.text, self.outline, self.regions = text, outlined, regions
        self.notes: list[str] = []
        self.told: dict[str, tuple[str, str, int]] = {}
        for found in _TOLD.finditer(text[:20_000]):
            self.told.setdefault(found.group(1), (found.group(2).strip(), found.group(2), found.start(2)))
        self.signed = self._signature()

    def read(self) -> Metadata:
        title, number = self._title(), self._number()
        issuers = self._issuers(title)
        issued = self._issued()
        event, event_quote = self._event(issued)
        found = validity(self.text, event)
        since, until, event_quote = self._validity(found, issued, event_quote)
        region = self._region(issuers, title)
        self._say_what_is_missing(title, number, issuers, issued, since)
        return Metadata(
            title=title,
            number=number,
            issuers=issuers,
            region=region,
            issued_on=issued,
            valid_from=since,
            valid_to=until,
            validity_quote=found.quote if found else None,
            from_quote=event_quote,
            repeals=repeals(self.text),
            implements=_implemented(self.text),
            notes=tuple(dict.fromkeys(self.notes)),
        )

    # ── title and number ─────────────────────────────────────────────────────────────────────

    def _title(self) -> Found[str] | None:
        printed = self.outline.title
        is_bare = printed and "关于" not in printed.text and re.search("(?:公告|通告|令)$", printed.text)
        if printed and not (is_bare and any("关于" in self.told.get(k, [""])[0] for k in ("标题", "名称"))):
            return Found(_joined(printed.text), printed.text, printed.start)
        for label in ("标题", "名称", "文件名称"):
            if told := self.told.get(label):
                value = re.sub(r" ?[-_|—] ?[^-_|—]{2,30}(?:网|平台|政府|局|厅|门户)$", "", told[0])
                value = re.sub(r"^\((?:转载|转发|转)\) ?", "", value)
                return Found(value, value if value in told[1] else told[1], told[2], sure=False)
        issued = list(re.finditer(rf"{_NAMED.pattern}[^。《》]{{0,60}}(?:印发|公布|发布)", self._head()))
        if issued:
            self.notes.append("没有读到文件标题,用了正文里印发的文件名,请核对")
            return Found(issued[-1].group(1), issued[-1].group(1), issued[-1].start(1), sure=False)
        return None

    def _number(self) -> Found[str] | None:
        told = self._told_number()
        printed = (
            self._number_on_a_line()
            or self._number_of_an_order()
            or self._number_behind_the_title()
            or self._number_in_the_note()
            or self._number_of_the_year()
        )
        if printed and told and printed.value != told.value:
            self.notes.append(f"网页写的文号是“{told.value}”,正文写的是“{printed.value}”,请核对")
        return printed or told

    def _told_number(self) -> Found[str] | None:
        for label in ("文号", "发文字号", "发文文号", "公文文号", "文件编号"):
            told = self.told.get(label)
            if told and (found := re.search(NUMBER, told[1])):
                return Found(canonical_number(found.group()), found.group(), told[2] + found.start())
        return None

    def _number_on_a_line(self) -> Found[str] | None:
        """Return the number that has a line, or the end of a wide gap, to itself above the first heading."""
        head = self._head()
        for piece in re.finditer(r"(?:^|(?<=\|)|(?<=  ))[^\n|]+?(?=$|\||  )", head, re.M):
            if found := _OWN_NUMBER.match(piece.group().strip()):
                start = head.index(found.group(1), piece.start())
                return Found(canonical_number(found.group(1)), found.group(1), start)
        if loose := re.search(rf"文件 ?({NUMBER})", head):
            return Found(canonical_number(loose.group(1)), loose.group(1), loose.start(1))
        return None

    def _number_of_an_order(self) -> Found[str] | None:
        if order := _ORDER.search(self._head()):
            return Found(re.sub(r"\s", "", order.group(1) + order.group(2)), order.group(), order.start())
        return None

    def _number_behind_the_title(self) -> Found[str] | None:
        title = self.outline.title
        if title and (found := re.search(rf"\(({NUMBER})\)$", title.text)):
            return Found(canonical_number(found.group(1)), found.group(1), title.start + found.start(1))
        return None

    def _number_in_the_note(self) -> Found[str] | None:
        """Return the number in the note below the title: (2022年5月1日济人社规〔2022〕4号公布)."""
        note = _ENACTING_NOTE.search(self._head())
        if note and (found := re.search(NUMBER, re.sub(DAY, _blanks, note.group()))):
            start = note.start() + found.start()
            return Found(canonical_number(found.group()), found.group(), start, sure=False)
        return None

    def _number_of_the_year(self) -> Found[str] | None:
        """Return a number without an agency's short name, which a line has to itself: 2024年第3号."""
        if found := _YEARS_NUMBER.search(self._head()):
            return Found(canonical_number(found.group(1)), found.group(1), found.start(1), sure=False)
        return None

    def _head(self) -> str:
        """Return the text above the first heading."""
        first = next(
            (c for c in self.outline.clauses if c.kind in (ClauseKind.SECTION, ClauseKind.CLAUSE)), None
        )
        preamble = next((c for c in self.outline.clauses if c.kind is ClauseKind.PREAMBLE), None)
        end = first.start if first else (preamble.end if preamble else len(self.text))
        return self.text[: min(end, 6000)]

    # ── who and when ─────────────────────────────────────────────────────────────────────────

    def _signature(self) -> re.Match[str] | None:
        annex = next((c.start for c in self.outline.clauses if c.kind is ClauseKind.ANNEX), len(self.text))
        matches = [m for m in _SIGNED.finditer(self.text) if m.start() < annex]
        return matches[0] if matches else None

    def _issuers(self, title: Found[str] | None) -> tuple[Found[str], ...]:
        signed: list[Found[str]] = []
        if self.signed:
            for found in re.finditer(r"[^\s]+", self.signed.group(1)):
                name = re.sub(r"\((?:代章|印章|盖章|公章)\)$", "", found.group())
                signed.append(Found(name, name, self.signed.start(1) + found.start()))
        titled = self._in_title(title)
        best = titled if len(titled) > len(signed) else signed
        if best:
            return tuple(best)
        if order := _ORDER.search(self._head()):
            name = re.sub("(?:令|公告)$", "", order.group(1))
            return (Found(name, name, order.start()),)
        if enacted := _ENACTED.search(self._head()):
            name = f"{enacted.group(1)}人民代表大会{enacted.group(2) or ''}"
            return (Found(name, enacted.group(), enacted.start()),)
        if (note := _ENACTING_NOTE.search(self._head())) and (by := _ENACTED_BY.search(note.group())):
            return (Found(by.group(1), by.group(1), note.start() + by.start(1), sure=False),)
        if letterhead := re.search(rf"^ *({_AGENCY}) *文件 *$", self._head(), re.M):
            return (Found(letterhead.group(1), letterhead.group(1), letterhead.start(1)),)
        return self._signed_withouta_day() or self._told_issuer()

    def _in_title(self, title: Found[str] | None) -> list[Found[str]]:
        found = _BEFORE_ABOUT.match(title.value) if title else None
        if not title or not found:
            return []
        names = [n for part in found.group(1).split() for n in _parted(part)]
        if not names or not all(
            re.search(rf"(?:{_AGENCY_END}|部门|单位|机构|厅局)(?:\([^()]*\))?$", name) for name in names
        ):
            return []
        return [
            Found(name, name if name in self.text else title.quote, title.start, title.sure) for name in names
        ]

    def _signed_withouta_day(self) -> tuple[Found[str], ...]:
        end = next((c for c in reversed(self.outline.clauses) if c.kind is ClauseKind.END), None)
        if end is None:
            return ()
        lines = [line for line in re.finditer(r"[^\n]+", end.text)]
        names = [
            Found(n.group(), n.group(), end.start + line.start() + n.start(), sure=False)
            for line in lines
            if re.fullmatch(rf"(?:{_AGENCY})(?: +(?:{_AGENCY}))*", line.group().strip())
            for n in re.finditer(r"\S+", line.group())
        ]
        return tuple(names)

    def _told_issuer(self) -> tuple[Found[str], ...]:
        for label in (
            "发文机关",
            "发文单位",
            "发文机构",
            "制定机关",
            "制发机关",
            "发布机关",
            "发布机构",
            "来源",
            "信息来源",
        ):
            told = self.told.get(label)
            if told and re.search(rf"(?:{_AGENCY_END})$", told[0]):
                self.notes.append(f"发文机关取自网页写的“{label}”,请核对")
                names = [n for n in re.split(r"[ 、,;]+", told[0]) if n]
                return tuple(Found(name, name, told[2], sure=False) for name in names)
        return ()

    def _issued(self) -> Found[date] | None:
        told = self._told_day("成文日期", "发文日期", "印发日期")
        if self.signed and (day := a_day(self.signed.group(2))):
            if told and told.value != day:
                self.notes.append(f"网页写的成文日期是{told.value},落款是{day},请核对")
            return Found(day, self.signed.group(2), self.signed.start(2))
        if told:
            return told
        lines = list(re.finditer(rf"^ *({DAY}) *$", self.text, re.M))
        annex = next((c.start for c in self.outline.clauses if c.kind is ClauseKind.ANNEX), len(self.text))
        for line in [m for m in lines if m.start() < annex and "年" in m.group()]:
            if day := a_day(line.group(1)):
                return Found(day, line.group(1), line.start(1))
        for shape in (
            rf"\((?:(?:{NUMBER})[,; ]*)?({DAY})[^()]{{0,60}}(?:通过|公布|发布|批准)",
            rf"({DAY})(?=[^。\n]{{0,40}}(?:会议通过|令公布|公布))",
        ):
            if (noted := re.search(shape, self._head())) and (day := a_day(noted.group(1))):
                return Found(day, noted.group(1), noted.start(1), sure=False)
        if (imprint := _IMPRINT.search(self.text)) and (day := a_day(imprint.group(1))):
            return Found(day, imprint.group(1), imprint.start(1), sure=False)
        if published := self._told_day("发布日期", "发布时间", "公开日期", "日期"):
            self.notes.append(f"没有读到成文日期,用了发布日期{published.value},请核对")
            return Found(published.value, published.quote, published.start, sure=False)
        return None

    def _told_day(self, *labels: str) -> Found[date] | None:
        for label in labels:
            told = self.told.get(label)
            if told and (found := re.search(DAY, told[1])) and (day := a_day(found.group())):
                return Found(day, found.group(), told[2] + found.start())
        return None

    # ── validity ─────────────────────────────────────────────────────────────────────────────

    def _event(self, issued: Found[date] | None) -> tuple[date | None, str | None]:
        """Return the day that 自印发之日起 counts from, and the words that state it."""
        imprint = _IMPRINT.search(self.text)
        if imprint and (day := a_day(imprint.group(1))):
            return day, imprint.group(1)
        if told := self._told_day("印发日期"):
            return told.value, told.quote
        return (issued.value, issued.quote) if issued else (None, None)

    def _validity(
        self, found: Validity | None, issued: Found[date] | None, event_quote: str | None
    ) -> tuple[Found[date] | None, Found[date] | None, str | None]:
        """Return both days, and the words that state what the first is counted from."""
        told_since = self._told_day("实施日期", "施行日期", "生效日期")
        told_until = self._told_day("失效日期", "废止日期", "有效期至")
        if found is None:
            if told_since or told_until:
                self.notes.append("有效期取自网页的说明,正文没有写,请核对")
            return _unsure(told_since), _unsure(told_until), None
        at = self.text.find(found.quote)
        unstated = "since" in found.counted and not states_a_beginning(found.quote)
        if told_since and (unstated or self._knows_the_day_better(told_since.value, found, issued)):
            again = validity(self.text, told_since.value)
            found = again or found
            event_quote = told_since.quote
        since = (
            Found(found.since, found.quote, at, "since" not in found.counted)
            if found.since
            else _unsure(told_since)
        )
        until = Found(found.until, found.quote, at, "until" not in found.counted) if found.until else None
        if "since" in found.counted and since:
            what = "正文没有写起始日" if unstated else "“自印发(发布)之日起”"
            self.notes.append(f"{what},按“{event_quote}”算作{since.value},请核对")
        if "until" in found.counted and until:
            self.notes.append(f"止日由“{found.quote}”推算为{until.value},请核对")
        if told_until and until and abs((told_until.value - until.value).days) > 1:
            self.notes.append(
                f"网页写的失效日期是{told_until.value},按正文推算是{until.value},请核对是否已提前废止或延期"
            )
        return since, until, event_quote if "since" in found.counted else None

    def _knows_the_day_better(self, told: date, found: Validity, issued: Found[date] | None) -> bool:
        """Whether the page's 实施日期 tells the day of 自印发之日起: only the day of signing is printed."""
        if "since" not in found.counted or issued is None or issued.value != found.since:
            return False
        days_later = (told - issued.value).days
        return not _IMPRINT.search(self.text) and 0 < days_later <= _SIGNED_TO_ISSUED

    # ── where ────────────────────────────────────────────────────────────────────────────────

    def _region(self, issuers: Sequence[Found[str]], title: Found[str] | None) -> Region | None:
        for words in (*(issuer.value for issuer in issuers), title.value if title else ""):
            if _NATIONAL.match(words):
                return self.regions.get(NATION)
            for mention in self.regions.mentions(words):
                if len(mention.regions) == 1:
                    return mention.regions[0]
        for words in (self._head(), self.text[:20_000]):
            named = [m.regions[0] for m in self.regions.mentions(words) if len(m.regions) == 1]
            if named:
                most = max(named, key=named.count)
                self.notes.append(f"发文机关和标题没有写地区,正文里说得最多的是{most.name},请核对")
                return most
        return None

    # ── what a person has to see ─────────────────────────────────────────────────────────────

    def _say_what_is_missing(
        self,
        title: Found[str] | None,
        number: Found[str] | None,
        issuers: Sequence[Found[str]],
        issued: Found[date] | None,
        since: Found[date] | None,
    ) -> None:
        named = (
            ("标题", title),
            ("文号", number),
            ("发文机关", issuers),
            ("成文日期", issued),
            ("施行日期", since),
        )
        if missing := [name for name, found in named if not found]:
            self.notes.append(f"没有读到:{'、'.join(missing)}")
        if title and (draft := _DRAFT.search(title.value)):
            self.notes.append(f"标题写着“{draft.group()}”,不是正式文件")
        if title and (other := _NO_DOCUMENT.search(title.value)):
            self.notes.append(f"标题写着“{other.group()}”,是说明材料,不是文件本身")
        if extended := re.search(rf"延长(?:至|到) ?{DAY}", self.text):
            self.notes.append(f"写着“{extended.group()}”,请核对延长的是哪份文件,并改那份文件的止日")
        has_annex = any(clause.kind is ClauseKind.ANNEX for clause in self.outline.clauses)
        if _LISTED_ANNEX.search(self.text) and not has_annex:
            self.notes.append("文件列了附件,附件没有随正文一起来,里面的标准没有收入")


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _unsure(found: Found[date] | None) -> Found[date] | None:
    return Found(found.value, found.quote, found.start, sure=False) if found else None


def _joined(title: str) -> str:
    """Return a title on one line: between agencies a space, before 关于 none."""
    lines = [re.sub(" +", " ", line.strip()) for line in title.split("\n") if line.strip()]
    whole = lines[0]
    for line in lines[1:]:
        apart = re.search(rf"(?:{_AGENCY_END})$", whole) and not re.match("关于|印发|转发|的|批转", line)
        whole += f" {line}" if apart else line
    return re.sub(r" (?=关于|印发|转发)", "", whole)


def _parted(names: str) -> list[str]:
    """Return agencies that are printed without a space between them: 甲市财政局甲市民政局."""
    if "等" in names:
        return [names]
    place = names[: names.find("市") + 1] or names[: names.find("省") + 1] or names[: names.find("区") + 1]
    if not place or names.count(place) < 2:
        return [names]
    parts = [place + part for part in names.split(place) if part]
    return parts if all(re.search(rf"(?:{_AGENCY_END})$", part) for part in parts) else [names]


_CARRIES_OUT = re.compile(
    r"(?:根据|按照|依据|为(?:贯彻)?落实|为实施)[^。\n]{0,200}?制定本(?:实施)?(?:细则|办法|方案|操作规程|规程|意见)"
)


def _implemented(text: str) -> tuple[Repealed, ...]:
    """Return the documents that this one says it carries out (根据《…》,制定本细则)."""
    found = _CARRIES_OUT.search(text[:8000])
    return (
        tuple(
            Repealed(name.group(1), _number_of(name.group(2)), name.group())
            for name in _NAMED.finditer(found.group())
        )
        if found
        else ()
    )
