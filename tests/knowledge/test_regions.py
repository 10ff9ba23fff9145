"""Places: the table is whole, names lead to codes, and messages are read for places and no more."""

from __future__ import annotations

import csv
import timeit
from itertools import pairwise

import pytest

from knowledge.regions import NATION, SHIPPED, Ambiguous, Regions, UnknownRegion
from knowledge.types import RegionLevel

HANGZHOU, QINGDAO, JIAXING, SHANGHAI, JINAN = "330100", "370200", "330400", "310000", "370100"
WITH_DOCUMENTS = (HANGZHOU, QINGDAO, JIAXING, SHANGHAI, JINAN)


@pytest.fixture(scope="module")
def regions() -> Regions:
    return Regions.shipped().covering(WITH_DOCUMENTS)


@pytest.fixture(scope="module")
def lines() -> list[dict[str, str]]:
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def named(regions: Regions, text: str, within: str | None = None) -> list[tuple[str, str]]:
    """Return the words and the places of the mentions; the candidates of a shared name with |."""
    return [
        (text[m.start : m.end], "|".join(regions.get(r.code).name for r in m.regions))
        for m in regions.mentions(text, within)
    ]


def resolved(regions: Regions, name: str, within: str | None = None) -> str | None:
    place = regions.resolve(name, within)
    assert not isinstance(place, Ambiguous), place
    return place.code if place else None


# ── the table ────────────────────────────────────────────────────────────────────────────────


def test_codes_are_unique_and_sorted(lines: list[dict[str, str]]) -> None:
    codes = [line["code"] for line in lines]
    assert codes == sorted(set(codes))


def test_codes_have_six_digits(lines: list[dict[str, str]]) -> None:
    assert all(len(line["code"]) == 6 and line["code"].isdecimal() for line in lines)


def test_only_the_nation_has_no_parent_and_every_parent_is_wider(lines: list[dict[str, str]]) -> None:
    levels = [level.value for level in RegionLevel]
    by_code = {line["code"]: line for line in lines}
    assert [line["code"] for line in lines if not line["parent"]] == [NATION]
    for line in lines[1:]:
        parent = by_code[line["parent"]]
        assert levels.index(parent["level"]) < levels.index(line["level"]), line


def test_the_table_has_every_province_and_no_stand_ins(lines: list[dict[str, str]]) -> None:
    assert sum(line["level"] == "province" for line in lines) == 34
    assert not {"市辖区", "县", "省直辖县级行政区划"} & {line["name"] for line in lines}


def test_every_short_name_can_be_said(lines: list[dict[str, str]]) -> None:
    assert all(len(line["short"]) >= 2 for line in lines)


def test_no_line_repeats_a_name(lines: list[dict[str, str]]) -> None:
    for line in lines:
        nicknames = line["nicknames"].split("|")
        assert len(set(nicknames)) == len(nicknames), line
        assert not {line["name"], line["short"]} & set(nicknames), line


@pytest.mark.parametrize("code", WITH_DOCUMENTS)
def test_every_place_with_documents_is_known(regions: Regions, code: str) -> None:
    assert regions.get(code).code == code


def test_an_unknown_code_is_said_to_be_unknown(regions: Regions) -> None:
    for ask in (regions.get, regions.chain):
        with pytest.raises(UnknownRegion, match="999999"):
            ask("999999")
    with pytest.raises(UnknownRegion):
        regions.mentions("杭州有补贴吗", within="999999")
    with pytest.raises(UnknownRegion):
        regions.covering(["999999"])


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("330110", ("330110", "330100", "330000", NATION)),
        ("310115", ("310115", "310000", NATION)),  # a district of a 直辖市
        ("500229", ("500229", "500000", NATION)),  # a county of one
        ("419001", ("419001", "410000", NATION)),  # 济源, 省直辖县级
        ("469007", ("469007", "460000", NATION)),  # 东方
        ("441900", ("441900", "440000", NATION)),  # 东莞 has no districts
        ("620200", ("620200", "620000", NATION)),  # 嘉峪关 has none
        (NATION, (NATION,)),
    ],
)
def test_a_chain_leads_from_a_place_to_the_nation(
    regions: Regions, code: str, chain: tuple[str, ...]
) -> None:
    assert regions.chain(code) == chain


# ── one name ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("330100", HANGZHOU),
        ("杭州市", HANGZHOU),
        ("杭州", HANGZHOU),
        ("杭", HANGZHOU),
        ("杭城", HANGZHOU),
        ("西湖风景名胜区", HANGZHOU),
        ("岛城", QINGDAO),
        ("琴岛", QINGDAO),
        ("泉城", JINAN),
        ("禾城", JIAXING),
        ("魔都", SHANGHAI),
        ("申城", SHANGHAI),
        ("沪", SHANGHAI),
        ("京", "110000"),
        ("帝都", "110000"),
        ("津", "120000"),
        ("渝", "500000"),
        ("山城", "500000"),
        ("羊城", "440100"),
        ("鹏城", "440300"),
        ("蓉城", "510100"),
        ("星城", "430100"),
        ("江城", "420100"),
        ("金陵", "320100"),
        ("甬城", "330200"),
        ("鹭岛", "350200"),
        ("冰城", "230100"),
        ("春城", "530100"),
        ("深圳", "440300"),
        ("内蒙古", "150000"),
        ("广西", "450000"),
        ("广西自治区", "450000"),
        ("恩施州", "422800"),
        ("景宁县", "331127"),
        ("浦东", "310115"),
        ("千岛湖", "330127"),
        ("下沙", "330114"),
        ("大江东", "330114"),
        ("乌镇", "330483"),
        ("西海岸", "370211"),
        ("莱芜", "370116"),
        ("莱芜市", "370116"),
        ("章丘市", "370114"),
        ("下城区", "330105"),
        ("江干区", "330102"),
        ("四方区", "370203"),
        ("胶南市", "370211"),
        ("闸北区", "310106"),
        ("卢湾区", "310101"),
        ("南汇区", "310115"),
        ("崇明县", "310151"),
        ("赵县", "130133"),
        ("全国", NATION),
        ("杭州市西湖区", "330106"),
        ("浙江杭州", HANGZHOU),
        ("浙江省 杭州市 余杭区", "330110"),
        ("济南市中区", "370103"),
        ("上海市普陀区", "310107"),
        ("北京朝阳", "110105"),
    ],
)
def test_a_code_or_name_leads_to_its_place(regions: Regions, name: str, code: str) -> None:
    assert resolved(regions, name) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [("吉林", "220000"), ("吉林市", "220200"), ("海南", "460000"), ("海南州", "632500"), ("西安", "610100")],
)
def test_a_shared_name_means_the_widest_place(regions: Regions, name: str, code: str) -> None:
    assert resolved(regions, name) == code


@pytest.mark.parametrize("name", ["", "火星", "中国", "999999", "杭州火星", "浙江西湖火星区"])
def test_an_unknown_name_leads_nowhere(regions: Regions, name: str) -> None:
    assert regions.resolve(name) is None


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("西湖区", ("330106", "360103")),
        ("西湖", ("330106", "360103")),
        ("鼓楼区", ("320106", "320302", "350102", "410204")),
        ("市中区", ("370103", "370402", "511002", "511102")),
        ("江苏鼓楼区", ("320106", "320302")),
        ("朝阳", ("110105", "211300", "211321", "220104")),
    ],
)
def test_a_name_that_places_share_is_ambiguous(regions: Regions, name: str, codes: tuple[str, ...]) -> None:
    place = regions.resolve(name)
    assert isinstance(place, Ambiguous)
    assert place.name == name
    assert tuple(region.code for region in place.candidates) == codes


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("西湖区", HANGZHOU, "330106"),
        ("西湖区", "330110", "330106"),  # from a neighbouring district
        ("西湖区", "360000", "360103"),  # from the province
        ("市中区", JINAN, "370103"),
        ("朝阳", "110000", "110105"),
    ],
)
def test_the_place_of_the_talk_settles_a_shared_name(
    regions: Regions, name: str, within: str, code: str
) -> None:
    assert resolved(regions, name, within) == code


# ── a message ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("杭州开网店有补贴吗", [("杭州", "杭州市")]),
        ("我在杭州市上班,怎么领生活补贴", [("杭州市", "杭州市")]),
        ("杭州大学生创业能拿多少钱", [("杭州", "杭州市")]),
        ("杭州市民能申请吗", [("杭州", "杭州市")]),
        ("瑞安市民能申请吗", [("瑞安", "瑞安市")]),
        ("上海大学生回嘉兴就业", [("上海", "上海市"), ("嘉兴", "嘉兴市")]),
        ("济南师范生能领吗", [("济南", "济南市")]),
        ("参加杭州路演有补助吗", [("杭州", "杭州市")]),
        ("来杭高校毕业生有房补吗", [("杭", "杭州市")]),
        ("在杭大学生能贷款吗", [("杭", "杭州市")]),
        ("留杭工作满一年", [("杭", "杭州市")]),
        ("来沪创业要什么条件", [("沪", "上海市")]),
        ("沪有哪些创业补贴", [("沪", "上海市")]),
        ("沪漂能办吗", [("沪", "上海市")]),
        ("在济高校学生", [("济", "济南市")]),
        ("来青创业给多少", [("青", "青岛市")]),
        ("在青工作三年了", [("青", "青岛市")]),
        ("在嘉创业有补贴吗", [("嘉", "嘉兴市")]),
        ("岛城开店补多少", [("岛城", "青岛市")]),
        ("泉城有创业园吗", [("泉城", "济南市")]),
        ("魔都房补", [("魔都", "上海市")]),
        ("杭城的政策", [("杭城", "杭州市")]),
        ("浙江有这个政策吗", [("浙江", "浙江省")]),
        ("山东省有没有", [("山东省", "山东省")]),
        ("深圳的补贴", [("深圳", "深圳市")]),
        ("杭州和青岛哪个补得多", [("杭州", "杭州市"), ("青岛", "青岛市")]),
        ("从上海到杭州创业", [("上海", "上海市"), ("杭州", "杭州市")]),
        ("西湖风景名胜区归哪管", [("西湖风景名胜区", "杭州市")]),
        ("余杭区呢", [("余杭区", "余杭区")]),
        ("临安也一样吗", [("临安", "临安区")]),
        ("富阳开农家乐", [("富阳", "富阳区")]),
        ("千岛湖开民宿", [("千岛湖", "淳安县")]),
        ("淳安县里有补贴吗", [("淳安", "淳安县")]),
        ("下沙的大学生", [("下沙", "钱塘区")]),
        ("乌镇开店", [("乌镇", "桐乡市")]),
        ("即墨有创业贷款吗", [("即墨", "即墨区")]),
        ("章丘的创业补贴", [("章丘", "章丘区")]),
        ("历下的人社局在哪", [("历下", "历下区")]),
        ("浦东能办吗", [("浦东", "浦东新区")]),
        ("江干区以前的补贴", [("江干区", "上城区")]),
        ("张家港的政策", [("张家港", "张家港市")]),
        ("吉林有补贴吗", [("吉林", "吉林省")]),
        ("海口的补贴", [("海口", "海口市")]),
        ("我是赵县的", [("赵县", "赵县")]),
        ("和县有补贴吗", [("和县", "和县")]),
        ("我在和县", [("和县", "和县")]),
    ],
)
def test_places_are_read(regions: Regions, text: str, places: list[tuple[str, str]]) -> None:
    assert named(regions, text) == places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("杭州西湖区", "330106"),
        ("杭州余杭", "330110"),
        ("杭州滨江", "330108"),
        ("杭州的余杭区", "330110"),
        ("浙江省杭州市西湖区", "330106"),
        ("浙江余杭", "330110"),
        ("济南市中区", "370103"),
        ("济南市市中区", "370103"),
        ("济南 历下区", "370102"),
        ("青岛市北区", "370203"),
        ("青岛西海岸", "370211"),
        ("上海浦东新区", "310115"),
        ("上海普陀", "310107"),
        ("北京朝阳", "110105"),
        ("阳泉城区", "140302"),
        ("海南东方", "469007"),
        ("杭州西湖风景名胜区", HANGZHOU),
    ],
)
def test_a_city_and_its_district_are_one_mention(regions: Regions, text: str, place: str) -> None:
    (mention,) = regions.mentions(f"我在{text}上班")
    assert (mention.start, mention.end) == (2, 2 + len(text))
    assert [region.code for region in mention.regions] == [place]


@pytest.mark.parametrize(
    "text",
    [
        "我是浙江大学的",
        "上海交通大学毕业能领吗",
        "中国海洋大学毕业生",
        "山东建筑大学",
        "杭州电子科技大学毕业",
        "青岛职业技术学院",
        "北京师范大学",
        "上海交大毕业",
        "找杭州银行贷款",
        "青岛银行的利率",
        "北京银行和上海银行都行吗",
        "杭州联合银行",
        "上海农商行",
        "我住南京路",
        "北京东路的店面",
        "上海路12号",
        "中山西路",
        "山东大街",
    ],
)
def test_schools_banks_and_streets_are_no_places(regions: Regions, text: str) -> None:
    assert named(regions, text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("浙江大学毕业,在杭州工作", [("杭州", "杭州市")]),
        ("我在上海南京路开店", [("上海", "上海市")]),
        ("杭州西湖大学的博士", [("杭州", "杭州市")]),
        ("杭州的银行能贷吗", [("杭州", "杭州市")]),
    ],
)
def test_the_place_beside_a_school_or_street_is_read(
    regions: Regions, text: str, places: list[tuple[str, str]]
) -> None:
    assert named(regions, text) == places


@pytest.mark.parametrize(
    "text",
    [
        "高校毕业生有什么补贴",
        "和平年代",
        "新建的厂房有补贴吗",
        "城区和郊区一样吗",
        "市区能办吗",
        "市中心开店",
        "我市北部的企业",
        "东方红创业园",
        "朝阳产业有扶持吗",
        "合作社能申请吗",
        "新兴产业",
        "人力资源公司",
        "互助小组",
        "农民富裕了",
        "公安局怎么走",
        "绿色通道在哪",
        "平安保险",
        "大方一点",
        "南山",
        "滨江花园",
        "阿里巴巴上班",
        "来宾登记",
        "提高县级标准",
        "示范县的奖励",
        "各市和县的补贴",
        "适应城市发展",
        "扩大连锁经营",
        "社保定点医院",
        "每天水电费多少",
        "建设新乡村",
        "融资阳光平台",
        "其中卫生岗位",
        "写字楼大厦门口",
        "新形势下城乡居民",
        "真金白银的补贴",
        "重大理论",
        "八成都是小微企业",
        "江浙沪包邮",
        "沪杭高铁",
        "京津冀协同",
        "我在京东上班",
        "存在津贴问题",
        "在青年中推广",
        "未来青年能领吗",
        "在青创园里",
        "在嘉宾席",
        "四方面的政策",
        "全国都一样吗",
        "中国的大学生",
        "创业补贴多少钱",
        "",
    ],
)
def test_ordinary_words_are_no_places(regions: Regions, text: str) -> None:
    assert named(regions, text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("和平区的补贴", "和平区|和平区"),
        ("城关区", "城关区|城关区"),
        ("资源县", "资源县"),
        ("富裕县有吗", "富裕县"),
        ("合作市的政策", "合作市"),
        ("滨江区", "滨江区"),
        ("来宾市", "来宾市"),
        ("大同市", "大同市"),
    ],
)
def test_an_ordinary_word_with_its_suffix_is_a_place(regions: Regions, text: str, places: str) -> None:
    assert [place for _, place in named(regions, text)] == [places]


def test_an_ordinary_word_is_a_district_where_its_city_is_known(regions: Regions) -> None:
    assert named(regions, "那滨江呢", HANGZHOU) == [("滨江", "滨江区")]
    assert named(regions, "我在杭州,在滨江上班")[1] == ("滨江", "滨江区")
    assert named(regions, "滨江呢", JINAN) == []


def test_a_bare_district_counts_only_where_its_city_is_known_or_has_documents(regions: Regions) -> None:
    bare = Regions.shipped()
    assert named(bare, "余杭有补贴吗") == []
    assert named(bare, "余杭有补贴吗", HANGZHOU) == [("余杭", "余杭区")]
    assert named(bare, "余杭有补贴吗", "330106") == [("余杭", "余杭区")]
    assert named(bare, "杭州补多少,余杭呢")[1] == ("余杭", "余杭区")
    assert named(regions, "余杭有补贴吗") == [("余杭", "余杭区")]


def test_an_initial_is_not_read_where_a_longer_name_begins() -> None:
    assert named(Regions.shipped(), "来青浦创业") == []  # not 青岛
    assert named(Regions.shipped(), "在嘉定上班") == []  # not 嘉兴


def test_a_list_of_two_places_is_not_one_inside_the_other(regions: Regions) -> None:
    assert named(regions, "天津河北都有吗") == [("天津", "天津市"), ("河北", "河北省")]


def test_a_shared_name_in_a_message_is_ambiguous(regions: Regions) -> None:
    assert named(regions, "西湖区有补贴吗") == [("西湖区", "西湖区|西湖区")]
    assert named(regions, "普陀有补贴吗") == [("普陀", "普陀区|普陀区")]
    assert len(regions.mentions("鼓楼区能办吗")[0].regions) == 4


def test_the_talk_settles_a_shared_name_of_a_message(regions: Regions) -> None:
    (mention,) = regions.mentions("西湖区有补贴吗", HANGZHOU)
    assert [region.code for region in mention.regions] == ["330106"]
    (mention,) = regions.mentions("西湖区有补贴吗", "360100")
    assert [region.code for region in mention.regions] == ["360103"]


def test_a_talk_about_elsewhere_settles_nothing(regions: Regions) -> None:
    assert named(regions, "西湖区有补贴吗", QINGDAO) == [("西湖区", "西湖区|西湖区")]
    assert named(regions, "西湖区有补贴吗", NATION) == [("西湖区", "西湖区|西湖区")]


def test_another_place_of_the_message_settles_a_shared_name_before_the_talk_does(regions: Regions) -> None:
    mentions = regions.mentions("我在南昌,西湖区有补贴吗", HANGZHOU)
    assert [region.code for region in mentions[1].regions] == ["360103"]


def test_mentions_come_in_order_and_do_not_overlap(regions: Regions) -> None:
    mentions = regions.mentions("济南、青岛和上海浦东新区,还有杭州余杭")
    spans = [(m.start, m.end) for m in mentions]
    assert len(spans) == 4
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_a_message_of_fifty_characters_is_read_in_a_moment(regions: Regions) -> None:
    text = "我是浙江大学毕业的,现在杭州余杭区一家公司上班,想问下去上海青浦创业贷款最多能贷多少钱呢谢谢"
    seconds = min(timeit.repeat(lambda: regions.mentions(text, HANGZHOU), number=100, repeat=5)) / 100
    assert seconds < 0.001  # 0.1 ms on two cores; the rest is room for a busy machine
