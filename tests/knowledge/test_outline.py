"""Every document falls into clauses with the ids that its printed ordinals give, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.corpus import SHIPPED
from knowledge.normalize import normalized
from knowledge.outline import DropReason, Outline, outline
from knowledge.readers import text as text_reader
from knowledge.types import ClauseKind

POLICIES = sorted(path.parent.name for path in SHIPPED.glob("*/source.txt"))


def read(policy_id: str) -> str:
    content = (SHIPPED / policy_id / "source.txt").read_bytes()
    return normalized(text_reader.read(content))


def pieces(found: Outline) -> list[tuple[int, int]]:
    spans = [(c.start, c.end) for c in found.clauses] + [(d.start, d.end) for d in found.dropped]
    if found.title:
        spans.append((found.title.start, found.title.end))
    return sorted(spans)


@pytest.mark.parametrize("policy_id", POLICIES)
def test_the_pieces_joined_again_are_the_whole_text(policy_id: str) -> None:
    text = read(policy_id)
    place = 0
    for start, end in pieces(outline(policy_id, text)):
        assert start >= place, f"two pieces share {text[start:place]!r}"
        assert set(text[place:start]) <= set(" \n|"), f"lost: {text[place:start]!r}"
        place = end
    assert set(text[place:]) <= set(" \n|")


@pytest.mark.parametrize("policy_id", POLICIES)
def test_a_clause_is_a_verbatim_run_of_the_text(policy_id: str) -> None:
    text = read(policy_id)

    for clause in outline(policy_id, text).clauses:
        assert clause.text == text[clause.start : clause.end]


@pytest.mark.parametrize("policy_id", POLICIES)
def test_what_was_dropped_as_a_copy_stands_in_a_clause_or_the_title(policy_id: str) -> None:
    text = read(policy_id)
    found = outline(policy_id, text)
    kept = "\n".join([*(c.text for c in found.clauses), found.title.text if found.title else ""])

    for dropped in found.dropped:
        if dropped.reason is DropReason.DUPLICATE:
            assert text[dropped.start : dropped.end] in kept


@pytest.mark.parametrize("policy_id", POLICIES)
def test_no_long_sentence_of_a_clause_stands_twice(policy_id: str) -> None:
    clauses = outline(policy_id, read(policy_id)).clauses
    # The same departments may be responsible for two clauses.
    said = [s for c in clauses for s in c.text.split("。") if "责任单位" not in s]
    sentences = [s for s in said if len(s) > 60]

    assert len(sentences) == len(set(sentences))


@pytest.mark.parametrize("policy_id", POLICIES)
def test_ids_are_unique(policy_id: str) -> None:
    ids = [c.clause_id for c in outline(policy_id, read(policy_id)).clauses]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("policy_id", "clause_id", "label", "words"),
    [
        ("hangzhou-2023", "0", "开头部分", "特制定本行动计划"),
        ("hangzhou-2023", "2.1.3", "二、（一）3", "硕士3万元"),
        ("hangzhou-2023", "2.3.17", "二、（三）17", "每年2000元的创业带动就业补贴"),
        ("hangzhou-2023", "3.32", "三、32", "严重失信主体名单"),
        ("hangzhou-2023", "end", "结尾部分", "有效期至2025年12月31日"),
        ("qingdao-2023", "2.9", "二、（九）", "每人每年不高于100元"),
        ("qingdao-2023", "end", "结尾部分", "2023年8月15日"),
        ("jiaxing-2013", "3.3.2", "三、（三）2", "新建大学生创业园50家"),
        ("jiaxing-2013", "3.2.4", "三、（二）4", "创业指导培训3万人"),
        ("shanghai-2023", "2.9", "二、（九）", "按规定给予社会保险补贴"),
        ("shanghai-2023", "2.11", "二、（十一）", "长三角"),
        ("jinan-2022", "2.3.9", "二、（三）9", "半天办结"),
        ("jinan-2022", "A2.3.1", "附件2 三、（一）", "每月调度一次"),
        ("jinan-2022", "A2.0", "附件2", "形成工作合力"),
    ],
)
def test_a_clause_has_the_id_that_its_printed_ordinals_give(
    policy_id: str, clause_id: str, label: str, words: str
) -> None:
    clause = {c.clause_id: c for c in outline(policy_id, read(policy_id)).clauses}[clause_id]

    assert words in clause.text
    assert clause.label == label


@pytest.mark.parametrize(
    ("policy_id", "furniture"),
    [
        ("qingdao-2023", "网上办事大厅"),
        ("qingdao-2023", "鲁ICP备05038584号"),
        ("shanghai-2023", "湖北省实施重点群体创业推进行动工作方案"),
        ("shanghai-2023", "云南省推进重点群体创业行动实施方案"),
        ("jinan-2022", "栏目:政策法规"),
        ("jiaxing-2013", "信息来源:"),
    ],
)
def test_what_belongs_to_the_site_is_in_no_clause(policy_id: str, furniture: str) -> None:
    text = read(policy_id)
    found = outline(policy_id, text)

    assert furniture in text
    assert not [c.clause_id for c in found.clauses if furniture in c.text]


def ids(text: str) -> list[str]:
    return [c.clause_id for c in outline("x", text).clauses]


def test_articles_run_through_chapters_and_may_be_cited_alone() -> None:
    found = outline("x", "第一章 总则\n第一条 目的。\n第二章 补贴\n第二条 标准。\n第三条 期限。")
    aliases = {c.clause_id: c.alias for c in found.clauses}

    assert aliases == {"1": None, "1.1": "1", "2": None, "2.2": "2", "2.3": "3"}


def test_articles_without_chapters_are_their_number() -> None:
    assert ids("第一条 目的。\n第二条 标准。\n(一)本科。\n(二)硕士。") == ["1", "2", "2.1", "2.2"]


def test_running_numbers_stay_as_printed() -> None:
    text = "一、举措\n(一)甲\n1.子。\n2.丑。\n(二)乙\n3.寅。\n二、保障\n4.卯。"

    assert ids(text) == ["1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.3", "2", "2.4"]


def test_numbers_that_restart_follow_their_parent() -> None:
    assert ids("一、甲\n1.子。\n2.丑。\n二、乙\n1.寅。") == ["1", "1.1", "1.2", "2", "2.1"]


def test_the_second_block_of_one_id_gets_a_letter() -> None:
    text = "一、甲\n1.子在这里写一句。\n1.丑在这里写一句。"

    assert ids(text) == ["1", "1.1", "1.1-b"]


def test_a_number_that_does_not_follow_is_part_of_the_text() -> None:
    found = outline("x", "一、甲\n补贴如下。\n2023.年的事不是一条。\n二、乙")

    assert [c.clause_id for c in found.clauses] == ["1", "2"]


def test_a_document_without_headings_is_one_clause() -> None:
    found = outline("x", "各区县政府要认真落实。补贴按规定发放。")

    assert [(c.clause_id, c.kind) for c in found.clauses] == [("0", ClauseKind.PREAMBLE)]


def test_an_annex_numbers_anew() -> None:
    text = "一、甲\n内容一句。\n二、乙\n附件1\n申请条件\n一、对象\n二、标准\n附件3\n流程\n一、受理"

    assert ids(text) == ["1", "2", "A1", "A1.0", "A1.1", "A1.2", "A3", "A3.0", "A3.1"]


def test_an_empty_text_has_no_clauses() -> None:
    assert outline("x", "\n \n").clauses == ()


def test_the_sources_are_the_files_as_received() -> None:
    sizes = {p: Path(SHIPPED / p / "source.txt").stat().st_size for p in POLICIES}

    assert sizes == {
        "hangzhou-2023": 30033,
        "jiaxing-2013": 14806,
        "jinan-2022": 33804,
        "qingdao-2023": 26911,
        "shanghai-2023": 13803,
    }


def test_a_table_of_contents_is_no_outline() -> None:
    text = "条例\n目 录\n第一章 总则\n第二章 附则\n第一章 总 则\n第一条 目的。\n第二章 附 则\n第二条 期限。"

    assert ids(text) == ["0", "1", "1.1", "2", "2.2"]


def test_the_rows_of_a_table_are_clauses_under_their_heading() -> None:
    rows = "| 类别 | 标准 |\n| 类别:博士 | 标准:3元 |\n| 类别:硕士 | 标准:2元 |"
    text = f"一、标准\n见下表。\n{rows}\n另有规定的除外。\n二、程序"
    found = {c.clause_id: c for c in outline("x", text).clauses}

    assert list(found) == ["1", "1.r1", "1.r2", "1-b", "2"]
    assert found["1.r1"].text == "类别:博士 | 标准:3元"
    assert found["1.r1"].kind is ClauseKind.ROW
    assert "| 类别 | 标准" in found["1.r1"].context[-1]
    assert found["1"].kind is ClauseKind.SECTION


def test_the_rows_of_an_annex_stand_under_the_annex() -> None:
    text = "一、甲\n内容。\n附件2\n标准表\n| 类别 | 标准 |\n| 类别:博士 | 标准:3元 |"

    assert ids(text) == ["1", "A2", "A2.0", "A2.r1"]


def test_the_list_of_annexes_is_the_end_and_no_annex() -> None:
    signed = "附件1.申请表\n附件2.花名册\n杭州市民政局\n2024年1月2日"
    text = f"一、甲\n内容。\n{signed}\n附件2:花名册\n一、说明\n照实填写。"

    assert ids(text) == ["1", "end", "A2", "A2.1"]


def test_an_agency_in_the_middle_does_not_end_the_document() -> None:
    text = "一、甲\n内容。\n市教育局\n二、乙\n内容。\n三、丙"

    assert ids(text) == ["1", "2", "3"]


def test_signs_that_are_numbers_are_read() -> None:
    assert ids("一、甲\n㈠乙\n⒈丙\n⑴丁\n①戊\n1)己") == [
        "1",
        "1.1",
        "1.1.1",
        "1.1.1.1",
        "1.1.1.1.1",
        "1.1.1.1-b",
    ]


def test_numbers_of_grades_and_of_other_articles_are_no_headings() -> None:
    text = "一、对象\n一、二级残疾人。\n(一)、(二)项所列人员。\n第三条规定的资金。\n二、标准"

    assert ids(text) == ["1", "2"]


def test_a_closing_sentence_belongs_to_the_heading_right_above_it() -> None:
    text = "一、甲\n内容。\n二、其他事宜\n本通知自印发之日起施行。\n杭州市民政局\n2024年1月2日"
    found = {c.clause_id: c.text for c in outline("x", text).clauses}

    assert list(found) == ["1", "2", "end"]
    assert "施行" in found["2"]


def test_what_stands_above_the_title_is_its_letterhead() -> None:
    found = outline("x", "杭州市民政局文件\n杭民〔2024〕1号\n杭州市民政局关于养老的通知\n各区:\n一、标准")

    assert found.title is not None
    assert found.title.text == "杭州市民政局关于养老的通知"
    assert [d.reason for d in found.dropped] == [DropReason.LETTERHEAD, DropReason.LETTERHEAD]


def test_an_article_between_two_articles_gets_a_letter() -> None:
    assert ids("第一条 子。\n第二条 甲。\n第二条之一 乙。\n第三条 丙。") == ["1", "2", "2-b", "3"]


def test_numbers_with_two_parts_follow_the_number_around_them() -> None:
    text = (
        "1.人才认定\n1.1 A类人才\n100万元。\n1.2 B类人才\n1.5倍以内。\n2.住房\n2.1 购房补贴\n3.2 不相接。\n"
    )

    assert ids(text) == ["1", "1.1", "1.2", "2", "2.1"]


def test_a_list_of_annexes_in_a_covering_letter_opens_nothing() -> None:
    letter = "各区:\n现印发给你们。\n附件:1.见习办法\n2.补贴标准\n云州市民政局\n2024年8月1日\n"
    text = f"{letter}附件1\n见习办法\n第一条 目的。\n"

    assert ids(text) == ["0", "A1", "A1.0", "A1.1"]


def test_an_article_named_in_brackets_has_that_name_as_its_heading() -> None:
    (first,) = outline("x", normalized("第一条【适用范围】本市公寓适用本办法。\n")).clauses

    assert (first.heading, first.text) == ("适用范围", "第一条【适用范围】本市公寓适用本办法。")


def test_a_closing_sentence_behind_a_short_sentence_is_the_end() -> None:
    assert ids("一、删去第五条。\n二、增加一条。\n本决定自2023年10月1日起施行。\n") == ["1", "2", "end"]
