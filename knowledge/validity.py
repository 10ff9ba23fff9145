"""The days that a text writes, and the days on which a document says it is in force (有效期).

All texts must be normalised.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.numerals import chinese_integer

# ── days ─────────────────────────────────────────────────────────────────────────────────────

_NUMERAL = r"[〇○OoО零一二三四五六七八九十\d]"
_YEAR, _PART = rf"{_NUMERAL}{{4}} ?年", rf"{_NUMERAL}{{1,3}}"
DAY = rf"(?:{_YEAR} ?{_PART} ?月 ?{_PART} ?日|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d))"
_DAY = re.compile(
    rf"({_NUMERAL}{{4}}) ?年 ?({_PART}) ?月 ?({_PART}) ?日|"
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"
)
# The last day may be written as the end of a year or a month.
_LAST_DAY = re.compile(rf"({_NUMERAL}{{4}}) ?年(?: ?({_NUMERAL}{{1,3}}) ?月)? ?(?:底|末|年底|月底)?")


def days(text: str) -> tuple[date, ...]:
    """Return the days written in `text`, in order: 2023年7月5日, 二〇二三年七月五日, 2023-07-05.

    Raises:
        ValueError: a day is written that no calendar has, such as 2023年2月30日.
    """
    return tuple(_day(found) for found in _DAY.finditer(text))


def _day(found: re.Match[str]) -> date:
    written = [group for group in found.groups() if group is not None]
    year, month, day = (_integer(group) for group in written)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{found.group()!r} is not a day of any calendar: {error}") from error


def _integer(written: str) -> int:
    plain = re.sub("[○OoО]", "〇", written)
    if re.search("[〇零一二三四五六七八九十]", plain) and re.search(r"\d", plain):
        plain = re.sub(r"[〇零]", "0", plain)  # 2О23
    return int(plain) if plain.isdecimal() else chinese_integer(plain)


def a_day(text: str) -> date | None:
    """Return the first day in `text` that a calendar has."""
    for found in _DAY.finditer(text):
        try:
            return _day(found)
        except ValueError:
            continue
    return None


def _first_day(text: str) -> date | None:
    """Return the first day of a month: 2024年1月."""
    found = _LAST_DAY.search(text)
    month = _integer(found.group(2)) if found and found.group(2) else 0
    return date(_integer(found.group(1)), month, 1) if found and 1 <= month <= 12 else None


def _last_day(text: str) -> date | None:
    """Return the last day that words name: 2025年12月31日, 2025年底, 2025年12月."""
    if (day := a_day(text)) is not None:
        return day
    if not (found := _LAST_DAY.search(text)):
        return None
    year, month = _integer(found.group(1)), _integer(found.group(2)) if found.group(2) else 12
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and year > 1900 else None


# ── validity ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which a document says it is in force (有效期); both ends are inclusive."""

    since: date | None
    until: date | None
    quote: str
    counted: tuple[str, ...] = ()  # which ends are not written as days: "since", "until"


_BEGINS = r"(?:正式|开始|起)*(?:施行|实施|执行|生效|试行|实行|暂行|适用)"
_AMOUNT = r"(?P<amount>\d{1,3}|[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3})"
_SINCE = re.compile(
    rf"(?:(?:自|从|于) ?)?(?P<day>{DAY}|{_YEAR} ?{_PART} ?月(?=起))(?:零时)?(?:之日)?起?{_BEGINS}"
    rf"|(?:施行|实施|执行|生效)(?:日期|时间)(?:为|是|:) ?(?P<on>{DAY})"
    r"|(?:自|从)?(?:本\S{1,6}?)?(?:印发|发布|公布|颁布|下发|签发|发文|签署|通过|批准|发出)(?:之日|日|之|的)?"
    r"(?P<next>的?次月(?:1|一)日|的?次日)?起?,?"
    rf"(?:满?{_AMOUNT}(?P<unit>个工作日|日|天|个月|月|年)(?:后|以后|之后)?起?)?{_BEGINS}"
)
_RANGE = re.compile(
    rf"(?:自|从|为|:)? ?(?P<first>{DAY})(?:起)? ?(?:至|到|—+|-|~|–) ?(?P<last>{DAY})(?:止|有效)?"
)
_SPAN = "(?:有效|试行|执行|实施|施行)期限?"
_FOLLOWING = r"(?:自[^,。;]{2,14}起)?"
_UNTIL = re.compile(
    rf"(?:{_SPAN}|执行|试行|施行|实施|暂定|有效|,)?(?:为|暂定|暂定为|自[^,。;]{{2,14}}起)?(?:截至|截止[到至]?|至|到)"
    rf"(?P<last>{DAY}|{_YEAR}(?:底|末|年底|{_PART} ?月(?:底|末)?))(?:止|废止|失效|终止|有效|届满)*"
    rf"|,(?P<over>{DAY})(?:废止|失效|终止)"  # 自2024年5月1日起施行,2027年4月30日废止
)
_TERM = re.compile(
    rf"(?:{_SPAN}|试行|暂行|施行|实施|执行|有效)(?:为|是|暂定为?|定为|:)?{_FOLLOWING} ?"
    rf"{_AMOUNT} ?(?P<unit>年|个月|月|天|日)(?![份度至到内])"
)
_SELF = re.compile(
    r"(?<![市省区县成基资根日原标样版课文村校])本[^,。;《》\s]{1,24}|(?:以上|上述)[^,。;《》\s]{0,12}"
)
# A sentence that begins with its validity: 第二十条 自…起施行; 施行日期:自…
_BARE = re.compile(
    r"^(?:第\S{1,7}条|\S{1,4}[、.)]|\([^()]{1,3}\))? ?"
    rf"(?:[施实执]行(?:日期|时间|期限)|有效期限?|附则)?[。:、 ]*(?:自|从|{_SPAN})"
)
_IS_VALIDITY = re.compile("施行|实施|执行|生效|有效|试行|实行|暂行|适用")


def validity(text: str, event: date | None = None) -> Validity | None:
    """Return the validity that `text` states, or None if it states none.

    `event` is the day that 自印发之日起 counts from. A length (有效期3年) ends on the day before its
    anniversary; 自公布之日起30日后 begins 30 days after it.
    """
    best: Validity | None = None
    for start, end in _sentences(text):
        found = _validity_in(text, start, end, event)
        if found and (best is None or _says(found) > _says(best)):
            best = found
    return best


def states_a_beginning(quote: str) -> bool:
    """Whether the words of a validity say when it begins, by a day or by an event (自印发之日起)."""
    return bool(_SINCE.search(quote))


def _says(found: Validity) -> int:
    """How much a sentence says: both ends are better than one."""
    return 2 * (found.since is not None or "since" in found.counted) + (
        found.until is not None or "until" in found.counted
    )


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences, a sentence about the length together with the one before it."""
    spans = [found.span() for found in re.finditer(r"[^。\n]+", text)]
    for place, (start, end) in enumerate(spans):
        following = spans[place + 1] if place + 1 < len(spans) else None
        if following and re.match(
            r" ?(?:本[^,。;]{1,8})?(?:有效期|试行期|执行期|实施期)", text[slice(*following)]
        ):
            end = following[1]
        yield start, end


def _validity_in(text: str, start: int, end: int, event: date | None) -> Validity | None:
    sentence = text[start:end]
    if not _IS_VALIDITY.search(sentence) or "延长" in sentence.partition("》")[0]:
        return None
    own = _SELF.search(sentence)
    offset = 0 if _BARE.match(sentence) else (own.start() if own else -1)
    if offset < 0:
        return None
    said = sentence[offset:]
    since_at = next((m for m in _SINCE.finditer(said) if _is_own(said, m)), None)
    if (span := _RANGE.search(said)) and (since_at is None or span.start() <= since_at.start()):
        if re.search(
            "有效|施行|实施|执行|试行", said[: span.start()] + said[span.end() : span.end() + 6]
        ) and _is_own(said, span):
            return _of_range(said, span)
        span = None
    rest = since_at.end() if since_at else 0
    until_at = next((m for m in _UNTIL.finditer(said, rest) if _ends_validity(said, m, since_at)), None)
    term_at = next((m for m in _TERM.finditer(said, rest) if _ends_validity(said, m, since_at)), None)
    if since_at and not until_at and not term_at:  # 暂行一年,自…起施行
        term_at = next(
            (m for m in _TERM.finditer(said[: since_at.start()]) if _ends_validity(said, m, None)), None
        )
    marks = sorted((m for m in (since_at, until_at or term_at) if m), key=lambda m: m.start())
    if not marks or (until_at is None and term_at is None and since_at is None):
        return None
    opening = marks[0].start() if since_at else 0  # 本通知有效期1年 cannot be read without its subject
    quote = said[opening : marks[-1].end()]
    return _counted(since_at, until_at, term_at, quote, event)


def _is_own(said: str, found: re.Match[str]) -> bool:
    """Whether what begins on a day is the document, and not one of its rates or a programme."""
    before = said[: found.start()]
    return (len(before) <= 14 and "《" not in before) or bool(
        re.search(r"[,;] ?$", before) and len(before) < 40
    )


def _ends_validity(said: str, found: re.Match[str], since: re.Match[str] | None) -> bool:
    """Whether a last day or a length is the document's: right behind its first day, or behind 本…有效期."""
    if since is not None:
        between = said[since.end() : found.start()]
        return len(between) <= 30 and "《" not in between and not re.search("结果|证书|合同|资格", between)
    if not re.match("有效期|试行|施行|执行|实施|暂行", found.group()):
        return False
    return len(said[: found.start()]) <= 14


def _of_range(said: str, span: re.Match[str]) -> Validity | None:
    first, last = a_day(span["first"]), a_day(span["last"])
    if first is None or last is None or last < first:
        return None
    start = (
        max(said.rfind("有效期", 0, span.start()), 0) if "有效期" in said[: span.start()] else span.start()
    )
    return Validity(first, last, said[start : span.end()])


def _counted(
    since_at: re.Match[str] | None,
    until_at: re.Match[str] | None,
    term_at: re.Match[str] | None,
    quote: str,
    event: date | None,
) -> Validity:
    counted: list[str] = []
    since: date | None = None
    if since_at and (written := since_at["day"] or since_at["on"]):
        since = a_day(written) or _first_day(written)
    elif since_at:
        counted.append("since")
        since = _after(event, since_at) if event else None
    else:
        counted.append("since")
        since = event
    until: date | None = None
    if until_at:
        until = _last_day(until_at["last"] or until_at["over"])
    elif term_at:
        counted.append("until")
        if since:
            until = _moved(since, _integer_of(term_at["amount"]), term_at["unit"]) - timedelta(days=1)
    return Validity(since, until, quote, tuple(counted))


def _after(event: date, found: re.Match[str]) -> date:
    if found["amount"]:
        return _moved(event, _integer_of(found["amount"]), found["unit"])
    if found["next"] and "次日" in found["next"]:
        return event + timedelta(days=1)
    if found["next"]:
        return _moved(event.replace(day=1), 1, "月")
    return event


def _integer_of(written: str) -> int:
    return int(written) if written.isdecimal() else chinese_integer(written)


def _moved(day: date, amount: int, unit: str) -> date:
    """Return the day so many years, months or days later; 29 February becomes 1 March."""
    if unit in ("日", "天", "个工作日"):
        return day + timedelta(days=amount)
    months = day.month - 1 + amount * (12 if unit == "年" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    if day.day <= monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year, month, monthrange(year, month)[1]) + timedelta(days=1)
