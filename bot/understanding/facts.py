"""A message → the facts it states, each with the words it was read from. Nothing else is read.

How people say each fact stands in facts.toml; here is what holds for all of them: figures in words,
negation, supposition, whose fact it is, bare answers, and which of two values counts.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import cast

from knowledge.facts import Fact, Facts, FactType, InvalidFact
from knowledge.numerals import chinese_integer
from knowledge.numerals import value as figure_value

PHRASES = Path(__file__).with_name("facts.toml")


@dataclass(frozen=True, slots=True)
class FactReading:
    """One fact that a message states."""

    name: str
    value: object  # as `Fact.read` takes it, such as "master", 5, "3115.50"; None: the person declined
    words: str  # verbatim in the message
    whose: str  # self, child, spouse, firm, other
    hypothetical: bool  # 要是招5个, 打算来杭州工作; also a case put in general: 博士能领多少


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    reading: FactReading


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A way to say a fact."""

    pattern: re.Pattern[str]
    value: object = None  # None: it stands in the words, in a named group


@dataclass(frozen=True, slots=True)
class _Entry:
    """All ways to say one fact."""

    name: str
    phrases: tuple[_Phrase, ...]
    about: tuple[str, ...]  # one of them stands in the sentence; empty: no matter
    unless: re.Pattern[str] | None
    wish: bool  # to want it is to state it: 想贷50万
    own: bool  # said of nobody it is said of oneself: 在杭州工作能领多少


@dataclass(frozen=True, slots=True)
class _Message:
    """A message and where its parts are."""

    text: str
    clauses: tuple[int, ...]  # where one begins
    sentences: tuple[int, ...]
    named: tuple[int, ...]  # where somebody is named
    persons: tuple[str, ...]  # who is spoken of from there on
    official: bool  # the whole of it reads like a document


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the words of a fact stand."""

    start: int  # of the words in the text
    before: str  # of the clause (小句)
    words: str
    after: str  # of the clause
    said: str  # of the sentence, before the words
    sentence: str


def read_facts(text: str, facts: Facts, as_of: date, asked: str | None = None) -> tuple[FactReading, ...]:
    """Return the facts that `text`, normalised, states, in its order.

    `asked` is the fact that the last turn asked for: a bare 5个, 硕士 or 没有 is its value, and
    不知道 or 不想说 is its value None. Every other value is one that the fact accepts. Of two
    different values of a fact the later one counts if it corrects the first, else neither does.
    """
    message = _message(text)
    found = [candidate for entry in _entries() for candidate in _said(entry, message, facts, as_of)]
    found = _with_years(found, text, facts)
    if asked and asked in facts and not any(candidate.reading.name == asked for candidate in found):
        found += _answers(message, facts[asked], as_of) or _declined(text, facts[asked])
    found.sort(key=lambda candidate: (candidate.start, candidate.reading.name))
    return tuple(_settled(found, text))


# ── figures in words ─────────────────────────────────────────────────────────────────────────

_DIGIT = "〇零一二两三四五六七八九"
_NUMERAL = f"[\\d{_DIGIT}十百千万亿半]"
_NUMBER = (
    rf"(?<![\d.{_DIGIT}十百千万亿])(?:\d{{1,12}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,4}})?(?:[百千]?[万亿]|[wW]|[百千])?\d?"
    rf"|[{_DIGIT}十百千万亿]{{1,12}})(?![\d{_DIGIT}十百千万亿]|\.\d)"
)
_YEAR = rf"(?:(?:\d{{4}}|\d{{2}}|[{_DIGIT}]{{4}}|[{_DIGIT}]{{2}})年|今年|去年|前年|大前年|明年|后年)(?:的)?"
_MONTH = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月"
_DAY = r"(?:份)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"
_LEVEL = "(?:市级|省级|国家级)"
_SLOTS = {
    "…": r"[^,。!?;:\s]{0,8}?",
    "{number}": f" ?(?P<number>{_NUMBER}) ?",
    "{months}": (
        rf" ?(?P<months>半年|{_NUMBER}个半月|{_NUMBER}年半|(?:{_NUMBER}年零?又?)?{_NUMBER}个月|{_NUMBER}年)"
    ),
    "{money}": rf" ?(?P<money>{_NUMBER}) ?(?P<yuan>元|块钱?|圆)?",
    "{rent}": rf"(?P<rent>{_NUMBER}(?:元|块)(?:[\d{_DIGIT}](?:毛|角)?(?!\d))?)钱?",
    "{rate}": rf"(?P<rate>{_NUMBER}%|百分之(?:{_NUMBER}(?:点[{_DIGIT}]+)?)|{_NUMBER}个点)",
    "{day}": rf"(?P<day>{_YEAR}{_MONTH}{_DAY}|\d{{4}}(?P<sep>[-./])\d{{1,2}}(?P=sep)\d{{1,2}})",
    "{month}": rf"(?P<month>{_YEAR}{_MONTH}(?!{_DAY})|\d{{4}}[-./]\d{{1,2}}(?![-./\d]))",
    "{left}": rf"(?P<left>(?<!\d)(?:\d{{4}}|\d{{2}})(?=[年届])|[{_DIGIT}]{{2,4}}(?=[年届]))",
    "{levels}": f"(?P<levels>{_LEVEL}(?:[、和,及跟还有]*{_LEVEL})*)",
    "{hangzhou}": (
        "(?:杭州?|上城|拱墅|西湖区|滨江|钱塘|余杭|临平|萧山|富阳|临安|桐庐|淳安|建德|下沙|千岛湖)[市区县]?"
    ),
}
_SEVERAL = re.compile(f"[{_DIGIT[2:]}]{{2}}")  # 两三, 三十五六: a range
_SHORT_TAIL = re.compile(rf"(.+)([百千万亿])([1-9{_DIGIT[2:]}])")  # 三万五 is 35000
_SMALLER = {"百": 10, "千": 100, "万": 1000, "亿": 10_000_000}


def _number(written: str) -> Decimal | None:
    """Return the exact value; None for a range (两三) or for no number at all."""
    written = written.replace(",", "").replace("w", "万").replace("W", "万")
    if _SEVERAL.search(written):
        return None
    try:
        if tail := _SHORT_TAIL.fullmatch(written):
            return figure_value(tail[1] + tail[2]) + figure_value(tail[3]) * _SMALLER[tail[2]]
        return figure_value(written)
    except (ValueError, InvalidOperation):
        return None


def _plain(number: Decimal | None) -> object:
    """Return a whole number as int, another one as text."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"


def _read_number(match: re.Match[str], as_of: date) -> object:
    return _plain(_number(match["number"]))


def _read_months(match: re.Match[str], as_of: date) -> object:
    """Return the full months: 一年半 → 18, 一年零两个月 → 14, 一个半月 → 1."""
    written = match["months"]
    if written == "半年":
        return 6
    years, _, rest = written.rpartition("年")
    months = rest.strip("零又").removesuffix("个月").removesuffix("个半月")
    total = 6 if rest == "半" else 0
    for digits, factor in ((years, 12), (months, 1)):
        if digits in ("", "半"):
            continue
        number = _number(digits)
        if number is None:
            return None
        total += int(number * factor)
    return total


def _read_money(match: re.Match[str], as_of: date) -> object:
    """Return yuan; a small number without 万 or 元 is no amount (贷50)."""
    number = _number(match["money"])
    said = match["yuan"] or match["money"][-1] in "万亿wW" or "万" in match["money"]
    return _plain(number) if number is not None and (said or number >= 1000) else None


def _read_rent(match: re.Match[str], as_of: date) -> object:
    yuan, _, tenths = match["rent"].replace("元", "块").rstrip("毛角").partition("块")
    whole = _number(yuan)
    return None if whole is None else _plain(whole + (figure_value(tenths) / 10 if tenths else 0))


def _read_rate(match: re.Match[str], as_of: date) -> object:
    written = match["rate"].removeprefix("百分之").removesuffix("%").removesuffix("个点")
    whole, _, part = written.partition("点")
    number = _number(whole)
    if number is None:
        return None
    digits = "".join(str(chinese_integer(digit)) for digit in part)
    return _plain((number + (Decimal(f"0.{digits}") if digits else 0)) / 100)


_RELATIVE = {"今年": 0, "去年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2}


def _year(written: str, as_of: date) -> int | None:
    """Return the year of 2019, 二〇一九, 19, 九零 or 去年."""
    written = written.strip("的年届")
    if (written + "年") in _RELATIVE:
        return as_of.year + _RELATIVE[written + "年"]
    digits = written if written.isdecimal() else "".join(str(chinese_integer(digit)) for digit in written)
    if len(digits) not in (2, 4):
        return None
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year <= as_of.year % 100 + 10 else 1900)


_WRITTEN_DAY = re.compile(rf"(?P<year>{_YEAR})(?P<month>{_MONTH})(?:份)?(?P<day>.*)")


def _date_parts(written: str, as_of: date) -> tuple[int, int, int] | None:
    """Return year, month and day, the day 1 if none was said."""
    if re.fullmatch(r"[\d./-]+", written):
        numbers = [int(part) for part in re.split(r"[-./]", written)]
        return (numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 1)
    match = _WRITTEN_DAY.fullmatch(written)
    year = _year(match["year"], as_of) if match else None
    if match is None or year is None:
        return None
    month, day = match["month"].removesuffix("月"), match["day"].rstrip("日号") or "1"
    return year, int(figure_value(month)), int(figure_value(day))


def _read_day(match: re.Match[str], as_of: date) -> object:
    parts = _date_parts(match["day"], as_of)
    return None if parts is None else "{:04}-{:02}-{:02}".format(*parts)


def _read_month(match: re.Match[str], as_of: date) -> object:
    parts = _date_parts(match["month"], as_of)
    return None if parts is None else "{:04}-{:02}".format(*parts[:2])


def _read_left(match: re.Match[str], as_of: date) -> object:
    """Return whether somebody who leaves school in that year has left; unknown in the year itself."""
    year = _year(match["left"], as_of)
    if year is None or year == as_of.year or not 1950 <= year <= as_of.year + 8:
        return None
    return "graduated" if year < as_of.year else "enrolled"


def _read_levels(match: re.Match[str], as_of: date) -> object:
    names = {"市级": "municipal", "省级": "provincial", "国家级": "national"}
    return list(dict.fromkeys(names[level] for level in re.findall(_LEVEL, match["levels"])))


_SLOT_READERS: Mapping[str, Callable[[re.Match[str], date], object]] = {
    "number": _read_number,
    "months": _read_months,
    "money": _read_money,
    "rent": _read_rent,
    "rate": _read_rate,
    "day": _read_day,
    "month": _read_month,
    "left": _read_left,
    "levels": _read_levels,
}
_COUNTED = ("number", "months", "money", "rent", "rate")

# 快35, 三五十, 20到30万, 35岁左右: no exact figure, or no figure of the person.
_INEXACT_BEFORE = re.compile(
    rf"(?:不到|将近|接近|差不多|大概|大约|约|估计|可能|好像|超过|多于|少于|至少|最多|最少|最高|最低|起码|不足|不满|未满|上限|限制?|"
    rf"不超过|小于|大于|低于|高于|争取|满不了|要求)[^,。!?;:\s\d]{{0,4}}$|[每差几数]$|快(?:要|满|有|到|交|够)*$|{_NUMERAL}[个岁万年]?(?:[-~—到至、/]|或者?)$"
)
_INEXACT_AFTER = re.compile(
    rf"(?:[多几来余]|出头|左右|上下|[-~—到至、/]{_NUMERAL}|或者?{_NUMERAL})|(?:个|周?岁|年|个?月|名|位|万|元|块|人|平方?米?|%)*"
    rf"(?:多(?!少|久|大|长)|出头|左右|上下|以上|以下|以内|之内|开外|[-~—到至]{_NUMERAL})"
)


# ── the ways to say a fact ───────────────────────────────────────────────────────────────────


@cache
def _entries() -> tuple[_Entry, ...]:
    """Return facts.toml, compiled.

    Raises:
        ValueError: a key that is unknown.
    """
    tables = tomllib.loads(PHRASES.read_text(encoding="utf-8"))
    return tuple(_entry(name, table) for name, table in tables.items())


def _entry(name: str, table: Mapping[str, object]) -> _Entry:
    if unknown := set(table) - {"about", "unless", "yes", "no", "values", "figure", "wish", "own"}:
        raise ValueError(f"{PHRASES.name}: {name}: {unknown}")
    values: dict[object, list[str]] = {
        **cast("dict[object, list[str]]", table.get("values", {})),
        True: cast("list[str]", table.get("yes", [])),
        False: cast("list[str]", table.get("no", [])),
        None: cast("list[str]", table.get("figure", [])),
    }
    unless = cast("str | None", table.get("unless"))
    return _Entry(
        name=name,
        phrases=tuple(
            _Phrase(_compiled(pattern), int(value) if isinstance(value, str) and value.isdecimal() else value)
            for value, patterns in values.items()
            for pattern in patterns
        ),
        about=tuple(cast("list[str]", table.get("about", []))),
        unless=_compiled(unless) if unless else None,
        wish=bool(table.get("wish")),
        own=bool(table.get("own")),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    pattern = pattern.replace(")*", _FEW).replace(")+", ")" + "{1,6}")
    for slot, expression in _SLOTS.items():
        pattern = pattern.replace(slot, expression)
    return re.compile(pattern)


_FEW = "){0,6}"  # instead of *: a message of 贷款贷款贷款… must not take for ever


# ── what is said ─────────────────────────────────────────────────────────────────────────────

_END_OF_CLAUSE = re.compile(r"[,。!?;:\s…~]")
_END_OF_SENTENCE = re.compile(r"[。!?;\n…~]")

# The voice of a document, not of a person: a statement that pretends to be policy is nobody's fact.
_OFFICIAL = re.compile("符合(?:相关)?条件的|给予|予以|依法|大力|推动|实施|力争|及以上学历|高校毕业生或")
_FIRST_PERSON = re.compile("我|咱|俺|本人")
_NEGATED = re.compile(
    r"(?:不是|不算|不属于|并非|没有?|还没有?|尚未|从未|未|不)(?:被|在|曾|有|过|再|能|什么|读|念|上|拿|得|到|获)*$"
)
_OPEN = re.compile(  # it is asked or required, not stated
    r"(?:是不是|是否|必须|一定要|非得|非要|要不要|算不算|有没有|凡是|只要|哪些|哪种|什么样的|什么叫|什么是|怎样|怎么|啥叫|啥是|规定|"
    r"限于|仅限|属不属于|会不会|包不包括|需要|不管|无论|除了)[^,。!?;:\s]{0,8}$|(?<!打)算(?:是|作)?$|从$|离开$|(?<![我们司想打主只没还正])(?:(?:要|得|须|需|应|该|每)有?|[得须需]是)$"
)
_EITHER_OR = ("有没", "是不", "在不", "算不", "能不", "会不")
_DENIES = re.compile(r"没有?(?!问题)|未(?!来)|不(?!错)")  # within the words of a yes
_OPEN_AFTER = re.compile(
    r"(?:了|的|生|毕业|人员|学历)?(?:吗|么|没有?(?=$|[,。!?])|才能|才可以|才行|才给|才算)"
)
_SUPPOSED_SINCE = re.compile(
    r"(?:要是|如果|假如|假设|假使|倘若|万一|比如|比方|譬如|若是?)(?!可以|方便|没记错|没弄错|没有?错)"
)
_PLANNED = re.compile(
    r"打算|准备(?!好)|计划|想(?!问|知道|了解|咨询|请教|打听|麻烦)|考虑(?!到)|希望|(?<!毕业)(?<!从今)以后|将来|今后|未来|下半年|下个月|(?:我们?|公司|也|还)要$|"
    r"即将|可能会|要不要|会不会|等(?:我|他|她|到|以后|毕业)|明年"
)
_DONE = re.compile("了|已|现在|目前|有|是|在|我")
_THEN = re.compile(r"[^,。!?;:\s]{0,6}的话")
_ASKS_THEN = re.compile(  # 招5个人能领多少, 博士补贴多少, 硕士3万
    r"(?:毕业)?生?[^,。!?;:\s]{0,2}?(?:能|可以|可否|可不|有|给|补(?!贴)|怎么|多少|才|发|奖(?!项)|免费)"
    r"|(?:毕业)?生?的?(?:生活|租房|住房|一次性|人才|安家|购房|就业|创业|落户)*(?:补贴|补助|津贴|房补|奖励|待遇|人才|标准|政策)"
    r"|(?:毕业)?生?[是给补领拿有发]*\d|(?:毕业)?生?(?:落户)?(?:的?年龄|最大|最高|多大|几岁|行不行|行吗)"
)
_IN_GENERAL = re.compile("(?:对|对于|针对|面向|给)$")
_SAID = re.compile(
    r"(?:我|咱|俺|本人)(?!(?:就|也|是|来|还|想|要|替|帮)*(?:问|咨询|打听|了解|知道|请教))|了(?!解)|已|公司|刚|现在|今年|目前|还没"
)


def _message(text: str) -> _Message:
    named, persons = _named(text)
    return _Message(
        text=text,
        clauses=(0, *(stop.end() for stop in _END_OF_CLAUSE.finditer(text))),
        sentences=(0, *(stop.end() for stop in _END_OF_SENTENCE.finditer(text))),
        named=named,
        persons=persons,
        official=_is_official(text),
    )


def _is_official(text: str) -> bool:
    return bool(_OFFICIAL.search(text) and not _FIRST_PERSON.search(text))


def _place(message: _Message, start: int, end: int) -> _Place:
    text = message.text
    clause = message.clauses[bisect_right(message.clauses, start) - 1]
    sentence = message.sentences[bisect_right(message.sentences, start) - 1]
    next_clause = bisect_right(message.clauses, end)
    clause_end = message.clauses[next_clause] if next_clause < len(message.clauses) else len(text)
    next_sentence = bisect_right(message.sentences, end)
    sentence_end = message.sentences[next_sentence] if next_sentence < len(message.sentences) else len(text)
    return _Place(
        start,
        text[clause:start],
        text[start:end],
        text[end:clause_end],
        text[sentence:start],
        text[sentence:sentence_end],
    )


def _said(entry: _Entry, message: _Message, facts: Facts, as_of: date) -> Iterator[_Candidate]:
    text = message.text
    silent = entry.about and not any(word in text for word in entry.about)
    if entry.name not in facts or silent or message.official:
        return
    for phrase in entry.phrases:
        for match in phrase.pattern.finditer(text):
            place = _place(message, match.start(), match.end())
            reading = _reading(entry, phrase, match, place, message, facts[entry.name], as_of)
            if reading and _is_about(entry, place):
                end = match.start() + len(match.group().rstrip())
                yield _Candidate(end - len(reading.words), end, reading)


def _is_about(entry: _Entry, place: _Place) -> bool:
    if entry.about and not any(word in place.sentence for word in entry.about):
        return False
    return not (_is_official(place.sentence) or (entry.unless and entry.unless.search(place.sentence)))


def _reading(
    entry: _Entry,
    phrase: _Phrase,
    match: re.Match[str],
    place: _Place,
    message: _Message,
    fact: Fact,
    as_of: date,
) -> FactReading | None:
    value, words = _value(phrase, match, place, as_of), match.group().strip()
    if value is None or (not entry.wish and _left_open(place)) or (value is True and _DENIES.search(words)):
        return None
    if denied := _NEGATED.search(place.before):
        if value is not True:
            return None
        value, words = False, denied.group() + words
    if not _accepts(fact, value, as_of):
        return None
    whose = _whose(fact, place, message)
    return FactReading(entry.name, value, words, whose, _supposed(entry, fact, place, whose))


def _left_open(place: _Place) -> bool:
    """Whether it is asked or required and not stated: 是不是硕士, 有没有招人, 必须在杭州工作, 硕士吗."""
    either_or = f"{place.before[-1:]}{place.words[:2]}".startswith(_EITHER_OR)
    return bool(either_or or _OPEN.search(place.before) or _OPEN_AFTER.match(place.after))


def _value(phrase: _Phrase, match: re.Match[str], place: _Place, as_of: date) -> object:
    if phrase.value is not None:
        return phrase.value
    slot = next(name for name in _SLOT_READERS if name in phrase.pattern.groupindex)
    if slot in _COUNTED:
        before = place.before + match.string[match.start() : match.start(slot)]
        if _INEXACT_BEFORE.search(before) or _INEXACT_AFTER.match(match.string, match.end(slot)):
            return None
    return _SLOT_READERS[slot](match, as_of)


def _accepts(fact: Fact, value: object, as_of: date) -> bool:
    try:
        fact.read(value, as_of)
    except InvalidFact:
        return False
    return True


def _supposed(entry: _Entry, fact: Fact, place: _Place, whose: str) -> bool:
    if _SUPPOSED_SINCE.search(place.said + place.words) or _THEN.match(place.after):
        return True
    if entry.wish:
        return False
    goes_on = fact.type in (FactType.INT, FactType.BOOL) and not _DONE.search(place.before + place.words)
    if _PLANNED.search(place.said if goes_on and not entry.own else place.before):
        return True
    return not entry.own and whose in _OWN and _unsaid(fact, place)


def _unsaid(fact: Fact, place: _Place) -> bool:
    """Whether a case is put and nobody is said to be in it: 博士能领多少."""
    told = place.said if fact.type is FactType.ENUM else place.before
    if fact.type is FactType.TEXT or _SAID.search(told + place.words) or place.after.startswith("了"):
        return False
    return bool(_ASKS_THEN.match(place.after) or _IN_GENERAL.search(place.before))


_OWN = ("self", "firm")


# ── whose fact it is ─────────────────────────────────────────────────────────────────────────

_CHILD = "儿子|女儿|闺女|孩子|小孩|娃儿?|囡囡|伢儿"
_SPOUSE = "老公|老婆|爱人|丈夫|妻子|媳妇|先生(?=是|在|今年|也|硕|博|本)|太太"
_OTHERS = (
    "男朋友|女朋友|对象|朋友|同学|同事|室友|舍友|邻居|亲戚|表[弟妹哥姐]|堂[弟妹哥姐]|侄[子女]|外甥女?|弟弟|妹妹|哥哥|姐姐|我[弟妹哥姐爸妈]|儿媳|女婿|"
    "孙子|孙女|别人|人家|(?<!没)有的?人|客户|徒弟|学员|我带?的学生|我学生(?=是|硕|博|开|办|也|注册|今年)|(?:员工|老板|经理|领导|老师|导师)(?=是|硕|博|本科|大专|里)"
)
_MINE = "(?:我|俺|咱)?(?:们)?(?:家)?(?:的|有个|有一个|大|小|个){0,3}"
_SUBJECT = re.compile(
    rf"(?P<ask>(?:我|俺|咱)(?:就|也|是|来|还|现在)*(?:想|要)?(?:替|帮)?(?:问|咨询|打听|了解|知道|请教|听说))"
    rf"|(?P<both>(?:我|俺)(?:和|跟|与)(?:我|俺)?(?:{_SPOUSE}|{_CHILD}|{_OTHERS}))"
    rf"|(?P<other>{_MINE}(?:{_OTHERS}))|(?P<child>{_MINE}(?:{_CHILD}))|(?P<spouse>{_MINE}(?:{_SPOUSE}))"
    rf"|(?P<they>[他她](?!的|们的))|(?P<self>我|俺|咱|本人)"
)
_KIN_AFTER = re.compile(
    rf"[^,。!?;:\s]{{0,6}}的(?:我)?(?:(?P<child>{_CHILD})|(?P<spouse>{_SPOUSE})|(?P<other>{_OTHERS}))"
)
_HIRED = re.compile(r"(?:招|引进|聘|雇|录用|来了|新进)[^,。!?;:\s]{0,8}$|^都是$")
_FIRM = re.compile(r"公司|企业|我司|厂|店|单位|园区|工作室")


def _whose(fact: Fact, place: _Place, message: _Message) -> str:
    if fact.whose == "household":
        return "self"
    person = _person(place, message)
    if person == "self" and fact.name in _OF_EMPLOYEES_TOO and _HIRED.search(place.before):
        return "other"
    if person == "self" and (
        fact.whose == "firm" or (fact.name in _OF_FIRMS_TOO and _FIRM.search(place.before + place.words))
    ):
        return "firm"
    return person


_OF_EMPLOYEES_TOO = ("degree", "graduate_kind", "age")
_OF_FIRMS_TOO = ("discredited", "district")


def _person(place: _Place, message: _Message) -> str:
    """Return who was named last before the words; or after them: 硕士毕业的儿子."""
    if after := _KIN_AFTER.match(place.after):
        return after.lastgroup or "self"
    named_in_words = 1 if _SUBJECT.match(place.words) else 0  # 我35
    last = bisect_left(message.named, place.start + named_in_words) - 1
    return message.persons[last] if last >= 0 else "self"


def _named(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return where somebody is named, and who is spoken of from there on."""
    starts, persons = [], []
    person, third = "self", "other"
    for name in _SUBJECT.finditer(text):
        match name.lastgroup:
            case "child" | "spouse" | "other" as kin:
                person = third = kin
            case "they":
                person = third
            case "self" | "both":
                person = "self"
        starts.append(name.start())
        persons.append(person)
    return tuple(starts), tuple(persons)


# ── answers to the last question ─────────────────────────────────────────────────────────────

_LEAD = (
    "(?:嗯+|哦|噢|呃|额|啊|好的?|那个|我们?|公司|店里|他|她|应该是|就是|是|就|才|有|一共|总共|共|目前|现在|今年|已经|"
    "刚满?|满|交了?|领了?|招了?|带了?|租了?|在站|想贷?|贷|做了|在|到|算|属于|大学){0,8}"
)
_TAIL = r"(?:了|吧|的|呢|啊|呀|哈|哦|嘛|左近)*"
_BARE_UNIT = r"(?:个人?|人|名|位|岁半?|周岁|年|次|场|回|天|个团队|支|站|家|平方米|平米|平方|平|㎡)?"
_BARE = {
    "number": re.compile(f"{_LEAD} ?(?:第)?(?P<number>{_NUMBER}) ?{_BARE_UNIT}{_TAIL}"),
    "months": re.compile(f"{_LEAD}{_SLOTS['{months}']}{_TAIL}"),
    "money": re.compile(f"{_LEAD}{_SLOTS['{money}']}{_TAIL}"),
    "rent": re.compile(f"{_LEAD}{_SLOTS['{rent}']}{_TAIL}"),
    "rate": re.compile(f"{_LEAD}{_SLOTS['{rate}']}{_TAIL}"),
    "day": re.compile(f"{_LEAD}{_SLOTS['{day}']}{_TAIL}"),
    "month": re.compile(f"{_LEAD}{_SLOTS['{month}']}(?:份)?(?:起|开始)?{_TAIL}"),
    "levels": re.compile(f"{_LEAD}{_SLOTS['{levels}']}{_TAIL}"),
}
_BARE_SLOTS: Mapping[FactType, tuple[str, ...]] = {
    FactType.INT: ("number",),
    FactType.DECIMAL: ("number", "rate"),
    FactType.DATE: ("day",),
    FactType.MONTH: ("month",),
    FactType.SET: ("levels",),
}
_UNIT_SLOTS = {"个月": ("months", "number"), "元": ("money",), "元/平方米·天": ("rent", "number")}
_YES = re.compile(
    r"(?:嗯+|对|是|有|在|已经|当然|没错|可以|算|符合|属于|通过了?|入驻|租|领|拿|毕业)(?:是|对|的|了|啊|呀|过|呢|哦|嗯|有|在|吧|经|着|个|算|领|拿|租|入驻|通过|我|杭州|工作|上班|这边){0,8}"
)
_NO = re.compile(
    r"(?:还|我|也|都|从来?|暂时|目前|现在|一直|公司|肯定|当然){0,8}(?:没有?|不是|不|否|未|不在|不算|无)(?:有|的|了|啊|呀|过|呢|哦|吧|在|领|拿|租|入驻|通过|算|是|被|列入|获奖|得奖|出站|认定|入选|落地|符合|全日制|杭州){0,8}"
)
_NONE_AT_ALL = re.compile(
    r"(?:还|也|都|一个都?|一次都?|一年都?|从来?){0,8}(?:没有?|无)(?:过|的|了|呢|啊|人|招|招人|领过|拿过|交过|交){0,8}|零|0"
)
_OTHER = re.compile(r"(?:其他|其它|都不是|以上都不是|哪个都不是|都不算)(?:的|人员|吧|了){0,8}")
_DECLINES = re.compile(
    r"(?:我|这个|那个|真的?|还|也|实在|具体|就|都){0,8}(?:不知道|不晓得|不清楚|不太清楚|不记得|记不清|记不得|忘了|忘记|不确定|说不准|说不清|不想说|不想讲|不想告诉|不方便|不便|不愿意|"
    r"不愿|保密|跳过|不说|不告诉你|不回答|先不说|隐私|不好说|下一个|下一题|过)(?:说|讲|透露|这个|了|啊|呢|哎|呀|吧|诶|啦|的|答|回答|问题|你|这|楚|具体|多少|几个|哪天){0,8}"
)
_ASIDE = re.compile(r"我(?:是|就是)?(?:想|要)?(?:问|说)|换个|意思|对了,|怎么|什么|哪")


def _answers(message: _Message, fact: Fact, as_of: date) -> list[_Candidate]:
    """Return what the clauses of a message say as bare answers to the question for `fact`."""
    text = message.text
    if _ASIDE.search(text) and fact.type is FactType.BOOL:
        return []
    if fact.type is FactType.INTS:
        return _listed(text, fact, as_of)
    found = []
    for start, clause in _clauses(text):
        if clause.endswith(("吗", "么", "?", "呢")):
            continue
        value = _bare_value(clause, fact, as_of)
        if value is not None and _accepts(fact, value, as_of):
            found.append(_answer(message, start, clause, fact, value))
    return found


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    for clause in re.finditer(r"(?:[^,。!?;:\s…~]|(?<=\d)[,:](?=\d{3})| (?=[\d个人名岁年]))+\??", text):
        yield clause.start(), clause.group()


def _answer(message: _Message, start: int, clause: str, fact: Fact, value: object) -> _Candidate:
    place = _place(message, start, start + len(clause))
    whose = _whose(fact, place, message)
    supposed = bool(_SUPPOSED_SINCE.search(place.said + clause) or "的话" in clause)
    return _Candidate(start, start + len(clause), FactReading(fact.name, value, clause, whose, supposed))


def _bare_value(clause: str, fact: Fact, as_of: date) -> object:
    if fact.type is FactType.BOOL:
        return True if _YES.fullmatch(clause) else False if _NO.fullmatch(clause) else None
    if fact.type in (FactType.ENUM, FactType.TEXT):
        return _bare_option(clause, fact)
    can_be_none = fact.type is FactType.INT and fact.minimum == 0 and fact.unit != "周岁"
    if can_be_none and _NONE_AT_ALL.fullmatch(clause):
        return 0
    for slot in _UNIT_SLOTS.get(fact.unit, _BARE_SLOTS.get(fact.type, ())):
        if match := _BARE[slot].fullmatch(clause):
            return _SLOT_READERS[slot](match, as_of)
    return None


def _bare_option(clause: str, fact: Fact) -> object:
    """Return the option that `clause` names: 硕士, 余杭, 国家级, 其他."""
    if len(clause) > _LONGEST_OPTION:
        return None
    for phrase in (phrase for entry in _entries() if entry.name == fact.name for phrase in entry.phrases):
        match = phrase.pattern.search(clause) if phrase.value is not None else None
        if match and not _NEGATED.search(clause[: match.start()]):
            return phrase.value
    options = fact.options or {}
    if "other" in options and _OTHER.fullmatch(clause):
        return "other"
    named = re.sub(f"{_TAIL}$", "", re.sub(f"^{_LEAD}", "", clause))
    exact = [value for value, label in options.items() if named in (value, label)]
    begun = [value for value, label in options.items() if named and label.startswith(named)]
    ended = [value for value, label in options.items() if len(named) > 1 and label.endswith(named)]
    return next((found[0] for found in (exact, begun, ended) if len(found) == 1), None)


_LONGEST_OPTION = 14  # characters; more is not a bare answer


def _listed(text: str, fact: Fact, as_of: date) -> list[_Candidate]:
    """Return the whole numbers of 3、5、8."""
    bare = text.strip(" 。.")
    values = [_plain(_number(number)) for number in re.findall(_NUMBER, bare)]
    if not _BARE_LIST.fullmatch(bare) or not _accepts(fact, values, as_of):
        return []
    start = text.index(bare)
    reading = FactReading(fact.name, values, bare, _by_default(fact), False)
    return [_Candidate(start, start + len(bare), reading)]


def _with_years(found: list[_Candidate], text: str, facts: Facts) -> list[_Candidate]:
    """Return `found`; where 第一年3个第二年5个 stands, the list alone instead of its single figures."""
    years = list(_NTH_YEAR.finditer(text))
    heads = [_plain(_number(match["number"])) for match in years]
    in_order = [int(figure_value(match["nth"])) for match in years] == list(range(1, len(years) + 1))
    if "heads_by_year" not in facts or len(years) < 2 or None in heads or not in_order:
        return found
    start, end = years[0].start(), years[-1].end()
    supposed = bool(_SUPPOSED_SINCE.search(text, 0, start) or _PLANNED.search(text, 0, start))
    reading = FactReading("heads_by_year", heads, text[start:end], "firm", supposed)
    elsewhere = [candidate for candidate in found if candidate.end <= start or candidate.start >= end]
    return [*elsewhere, _Candidate(start, end, reading)]


_BARE_LIST = re.compile(rf"{_NUMBER}(?:个|人|名)?(?:[,、和;\s]+{_NUMBER}(?:个|人|名)?)+")
_NTH_YEAR = re.compile(
    rf"第(?P<nth>[一二三四五1-5])年(?:招|带|雇|有|就业|是|了|到|又|只|就|我们)*(?P<number>{_NUMBER})(?:个人?|名|人)(?!月)"
)


def _by_default(fact: Fact) -> str:
    return "firm" if fact.whose == "firm" else "self"


def _declined(text: str, fact: Fact) -> list[_Candidate]:
    for start, clause in _clauses(text):
        if _DECLINES.fullmatch(clause):
            reading = FactReading(fact.name, None, clause, _by_default(fact), False)
            return [_Candidate(start, start + len(clause), reading)]
    return []


# ── one value a fact ─────────────────────────────────────────────────────────────────────────

_CORRECTS = re.compile(
    r"不对|说错|写错|打错|搞错|弄错|记错|更正|纠正|哦不|噢不|啊不|改成|改为|应该是|其实|准确|现在|目前|如今|后来"
)


def _settled(found: list[_Candidate], text: str) -> Iterator[FactReading]:
    compared = _compared(found, text)
    kept: dict[tuple[str, str, bool], list[_Candidate]] = {}
    for candidate in found:
        if candidate in compared:
            continue
        reading = candidate.reading
        kept.setdefault((reading.name, reading.whose, reading.hypothetical), []).append(candidate)
    for same in kept.values():
        first, last = same[0], same[-1]
        if all(candidate.reading.value == first.reading.value for candidate in same):
            yield first.reading
        elif _CORRECTS.search(text, first.end, last.start):
            yield last.reading


def _compared(found: list[_Candidate], text: str) -> list[_Candidate]:
    """Return the values that stand in one clause as alternatives: 二等奖三等奖差多少."""
    last: dict[tuple[str, str], _Candidate] = {}
    compared = []
    for second in found:
        first = last.get((second.reading.name, second.reading.whose), second)
        last[second.reading.name, second.reading.whose] = second
        between = text[first.end : second.start]
        told_apart = any(shape.search(between) for shape in (_END_OF_CLAUSE, _CORRECTS, _SUPPOSED_SINCE))
        if first.reading.value != second.reading.value and not told_apart:
            compared += [first, second]
    return compared
