"""What a document says about itself is read with the words it was read from."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge import metadata, validity
from knowledge.normalize import normalized
from knowledge.outline import outline
from knowledge.regions import Regions


def test_a_validity_has_both_its_days() -> None:
    found = validity.validity("本行动计划自2023年7月5日起施行,有效期至2025年12月31日,由市局负责。")

    assert found is not None
    assert (found.since, found.until) == (date(2023, 7, 5), date(2025, 12, 31))
    assert found.quote == "自2023年7月5日起施行,有效期至2025年12月31日"


def test_a_target_year_is_no_validity() -> None:
    assert validity.validity("到2024年底,实现累计扶持创业不少于6万人") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二三年七月五日", date(2023, 7, 5)),
        ("2023-07-05", date(2023, 7, 5)),
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
    ],
)
def test_a_day_in_any_notation(text: str, expected: date) -> None:
    assert validity.days(text) == (expected,)


def test_a_day_that_no_calendar_has_is_refused() -> None:
    with pytest.raises(ValueError, match="2023年2月30日"):
        validity.days("自2023年2月30日起")


def test_a_repeal_names_title_and_number() -> None:
    text = "前发《关于印发三年行动计划(2020—2022年)的通知》(杭政办函〔2020〕11号)同时废止。"

    (found,) = metadata.repeals(text)

    assert found.number == "杭政办函〔2020〕11号"
    assert found.title == "关于印发三年行动计划(2020—2022年)的通知"


def described(text: str) -> metadata.Metadata:
    text = normalized(text)
    return metadata.read(text, outline("x", text), Regions.shipped())


LETTER = "各区人民政府:\n现印发给你们,请认真贯彻执行。\n"


def test_a_title_on_several_lines_is_one_and_names_its_issuers() -> None:
    found = described(
        "杭州市民政局文件\n杭民发[2024]8号\n杭州市民政局 杭州市财政局\n关于印发杭州市养老服务办法的通知\n"
        f"{LETTER}杭州市民政局\n杭州市财政局\n二〇二四年六月三日\n"
    )

    assert found.title is not None
    assert found.title.value == "杭州市民政局 杭州市财政局关于印发杭州市养老服务办法的通知"
    assert found.number is not None
    assert (found.number.value, found.number.quote) == ("杭民发〔2024〕8号", "杭民发[2024]8号")
    assert [issuer.value for issuer in found.issuers] == ["杭州市民政局", "杭州市财政局"]
    assert found.issued_on is not None
    assert found.issued_on.value == date(2024, 6, 3)
    assert found.region is not None
    assert found.region.name == "杭州市"


def test_a_number_inside_a_sentence_is_another_documents() -> None:
    found = described(
        "关于养老的通知\n各区:\n根据《养老办法》(杭民发〔2020〕1号),现通知如下。\n一、标准\n100元。\n"
    )

    assert found.number is None
    assert any("文号" in note for note in found.notes)


def test_an_order_has_the_number_and_the_issuer_of_its_head() -> None:
    found = described(
        "杭州市人民政府令\n第330号\n《杭州市信用办法》已经审议通过,现予公布,自2023年7月1日起施行。\n"
        "2023年5月20日\n杭州市信用办法\n第一条 目的。\n"
    )

    assert found.title is not None
    assert found.title.value == "杭州市信用办法"
    assert found.number is not None
    assert found.number.value == "杭州市人民政府令第330号"
    assert [issuer.value for issuer in found.issuers] == ["杭州市人民政府"]


def test_a_ministry_speaks_for_the_nation_and_a_congress_for_its_province() -> None:
    ministry = described("人力资源社会保障部 财政部关于稳岗的通知\n各省:\n一、返还\n30%。\n")
    congress = described(
        "江苏省就业条例\n(2021年9月29日江苏省第十三届人民代表大会常务委员会第二次会议通过)\n第一条 目的。\n"
    )

    assert ministry.region is not None
    assert ministry.region.code == "100000"
    assert [issuer.value for issuer in congress.issuers] == ["江苏省人民代表大会常务委员会"]
    assert congress.region is not None
    assert congress.region.name == "江苏省"


def test_the_day_of_printing_is_the_day_that_the_validity_counts_from() -> None:
    found = described(
        f"杭州市人民政府办公厅关于养老的通知\n{LETTER}一、期限\n本通知自印发之日起施行,有效期5年。\n"
        "杭州市人民政府办公厅\n2024年7月26日\n杭州市人民政府办公厅秘书处 2024年7月29日印发\n"
    )

    assert found.issued_on is not None
    assert found.issued_on.value == date(2024, 7, 26)
    assert found.valid_from is not None
    assert (found.valid_from.value, found.valid_from.sure) == (date(2024, 7, 29), False)
    assert found.valid_to is not None
    assert found.valid_to.value == date(2029, 7, 28)
    assert found.from_quote == "2024年7月29日"


def test_what_a_page_tells_and_the_text_does_not_bear_out_is_for_a_person() -> None:
    found = described(
        "失效日期:2023年06月01日\n杭州市民政局关于养老的通知\n各区:\n一、期限\n"
        "本通知自2021年4月16日起施行,有效期5年。\n杭州市民政局\n2021年4月13日\n"
    )

    assert found.valid_to is not None
    assert found.valid_to.value == date(2026, 4, 15)
    assert any("2023-06-01" in note and "提前废止" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《甲办法》(杭民〔2020〕1号)、《乙办法》(杭民〔2021〕2号)同时废止。", ["甲办法", "乙办法"]),
        ("根据《丙条例》,《甲办法》停止执行。", ["甲办法"]),
        ("《关于印发《甲办法》的通知》同时废止。", ["关于印发《甲办法》的通知"]),
        ("下列文件同时废止:\n1.《甲办法》\n2.《乙办法》(杭民〔2021〕2号)\n", ["甲办法", "乙办法"]),
        ("《甲办法》第三条同时废止。", []),
        ("本办法有效期届满自动废止。", []),
    ],
)
def test_only_what_is_put_out_of_force_as_a_whole_is_repealed(text: str, expected: list[str]) -> None:
    assert [repealed.title for repealed in metadata.repeals(text)] == expected


def test_what_is_no_finished_document_is_told() -> None:
    found = described("杭州市民政局关于公开征求《养老办法(征求意见稿)》意见的公告\n一、标准\n100元。\n")

    assert any("不是正式文件" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("云人社〔2018〕1号、云人社〔2019〕2号同时废止。", ["云人社〔2018〕1号", "云人社〔2019〕2号"]),
        ("本办法自2024年5月1日起施行,废止《甲办法》(云人社〔2018〕1号)。", ["云人社〔2018〕1号"]),
        ("《甲办法》(云人社〔2018〕1号)自本办法施行之日起失效。", ["云人社〔2018〕1号"]),
        (
            "附件\n废止的规范性文件目录\n1.《甲办法》(云人社〔2018〕1号)\n2.《乙办法》(云人社〔2019〕2号)\n",
            ["云人社〔2018〕1号", "云人社〔2019〕2号"],
        ),
        ("附件\n继续有效和废止的文件目录\n1.《甲办法》(云人社〔2018〕1号)\n", []),
        ("停止执行《甲办法》(云人社〔2018〕1号)第三条。", []),
        ("根据《甲办法》(云人社〔2018〕1号文件)制定。", []),
    ],
)
def test_a_repeal_is_read_wherever_its_verb_stands(text: str, numbers: list[str]) -> None:
    assert [found.number for found in metadata.repeals(text)] == numbers


def test_a_note_below_the_title_says_who_put_it_in_force_and_when() -> None:
    found = described(
        "济南市稳岗返还实施细则\n(济人社规〔2022〕4号,2022年5月1日济南市人力资源和社会保障局发布)\n"
        "第一条 本细则自发布之日起30日后施行。\n"
    )

    assert found.number is not None
    assert found.number.value == "济人社规〔2022〕4号"
    assert [issuer.value for issuer in found.issuers] == ["济南市人力资源和社会保障局"]
    assert found.issued_on is not None
    assert found.issued_on.value == date(2022, 5, 1)
    assert found.valid_from is not None
    assert found.valid_from.value == date(2022, 5, 31)


def test_an_announcement_may_be_numbered_within_the_year() -> None:
    found = described("杭州市医疗保障局关于缴费的公告\n2024年第3号\n一、基数\n5284元。\n")

    assert found.number is not None
    assert (found.number.value, found.number.sure) == ("2024年第3号", False)


def test_the_first_day_that_a_page_tells_stands_for_the_unprinted_day_of_issue() -> None:
    text = (
        "实施日期:{}\n关于发放津贴的通知\n各区:\n一、本通知自印发之日起施行,有效期5年。\n"
        "杭州市民政局\n2024年6月12日\n"
    )

    soon, late = described(text.format("2024年6月20日")), described(text.format("2025年6月20日"))

    assert soon.valid_from is not None
    assert soon.valid_to is not None
    assert (soon.valid_from.value, soon.valid_to.value) == (date(2024, 6, 20), date(2029, 6, 19))
    assert late.valid_from is not None
    assert late.valid_from.value == date(2024, 6, 12)


def test_a_repeal_told_twice_keeps_the_number() -> None:
    (found,) = metadata.repeals("关于废止《甲办法》的通知\n决定废止《甲办法》(云民规〔2019〕1号)。\n")

    assert (found.title, found.number) == ("甲办法", "云民规〔2019〕1号")


def test_the_words_of_a_menu_are_no_part_of_the_title() -> None:
    found = described("要闻动态\n政务公开\n政务服务\n杭州市高龄津贴政策问答\n问:标准是多少?\n答:500元。\n")

    assert found.title is not None
    assert found.title.value == "杭州市高龄津贴政策问答"
