"""What a person hears: the figure of their own city, where the document stands, or that it is not said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.advisor import Advisor, UnknownConversation
from bot.types import Answer, AnswerStatus, Question, SourceKind
from eval.metrics import values

Asking = Callable[..., Answer]


def cited(answer: Answer) -> list[str]:
    return [f"{c.policy}#{c.clause}" for c in answer.citations]


@pytest.mark.parametrize(
    ("message", "clause", "figure"),
    [
        ("杭州硕士刚毕业能领多少生活补贴", "hangzhou-2023#2.1.3", "3万元"),
        ("创业导师带一个学生有补贴吗,杭州的", "hangzhou-2023#2.2.11", "2000元"),
        ("岛城跑外卖的意外险补多少", "qingdao-2023#2.9", "100元"),
        ("济南开公司要几天", "jinan-2022#2.3.9", "半天"),
        ("嘉兴三年要建多少家大学生创业园", "jiaxing-2013#3.3.2", "50家"),
    ],
)
def test_the_clause_that_settles_it_is_cited_first_and_its_figure_is_said(
    ask: Asking, message: str, clause: str, figure: str
) -> None:
    answer = ask(message)

    assert cited(answer)[0] == clause
    assert values(figure) <= values(answer.text)
    assert answer.citations[0].label in answer.text


def test_a_neighbour_in_the_same_clause_is_not_taken_for_the_figure(ask: Asking) -> None:
    said = values(ask("杭州硕士刚毕业能领多少生活补贴").text)

    assert not said & (values("10000元") | values("100000元"))


def test_what_the_text_leaves_out_has_no_figure_and_names_12333(ask: Asking) -> None:
    answer = ask("上海灵活就业社保补贴每月多少钱")

    assert answer.status is AnswerStatus.UNANSWERABLE_NOT_IN_TEXT
    assert cited(answer) == ["shanghai-2023#2.9"]
    assert "没有写明金额" in answer.text
    assert "12333" in answer.text
    assert not [v for v in values(answer.text) if v[0] == "money"]


def test_without_a_city_the_city_is_asked_for(ask: Asking) -> None:
    answer = ask("硕士补贴多少")

    assert answer.status is AnswerStatus.CLARIFY_REGION
    assert answer.asks[0].fact == "region"
    assert "杭州市" in answer.asks[0].options


def test_a_city_without_documents_borrows_from_none(ask: Asking) -> None:
    answer = ask("深圳租房补贴")

    assert answer.status is AnswerStatus.UNANSWERABLE_NO_CLAUSE
    assert answer.citations == ()
    assert not [v for v in values(answer.text) if v[0] == "money"]


def test_a_city_in_the_message_goes_before_the_one_of_the_request(ask: Asking) -> None:
    answer = ask("青岛跑外卖的意外险补多少", region="杭州市")

    assert answer.regions == ("青岛市",)


def test_a_district_searches_its_city(ask: Asking) -> None:
    assert cited(ask("余杭硕士刚毕业能领多少生活补贴"))[0] == "hangzhou-2023#2.1.3"


def test_a_name_that_two_cities_have_is_asked_back(ask: Asking) -> None:
    answer = ask("鼓楼区创业补贴多少")

    assert answer.status is AnswerStatus.CLARIFY_REGION
    assert len(answer.asks[0].options) > 1


# ── the day ──────────────────────────────────────────────────────────────────────────────────


def test_on_the_last_day_of_its_validity_nothing_has_ended(ask: Asking) -> None:
    assert ask("杭州硕士刚毕业能领多少生活补贴", "2025-12-31").status is AnswerStatus.ANSWERED


def test_after_it_the_end_is_said_before_the_figure(ask: Asking) -> None:
    answer = ask("杭州硕士刚毕业能领多少生活补贴", "2026-01-01")

    assert answer.status is AnswerStatus.ANSWERED_ENDED
    assert answer.text.index("2025年12月31日") < answer.text.index("3万元")
    assert [notice.kind for notice in answer.notices] == ["ended"]


@pytest.mark.parametrize(
    "message",
    [
        "岛城跑外卖的意外险补多少",
        "济南开公司要几天",
        "上海应届生创业有什么支持",
        "嘉兴三年要建多少家大学生创业园",
    ],
)
def test_a_document_without_validity_never_expires(ask: Asking, message: str) -> None:
    answer = ask(message, "2026-11-24")

    assert answer.status is AnswerStatus.ANSWERED_PERIOD_OVER
    assert "没有写有效期" in answer.text
    assert not [word for word in ("失效", "废止", "作废", "过期") if word in answer.text]


def test_a_plan_of_2013_is_called_old(ask: Asking) -> None:
    answer = ask("嘉兴三年要建多少家大学生创业园")

    assert "stale" in [notice.kind for notice in answer.notices]
    assert "2013年" in answer.text


def test_a_day_before_the_document_is_not_yet(ask: Asking) -> None:
    assert ask("杭州硕士刚毕业能领多少生活补贴", "2023-07-04").status is AnswerStatus.ANSWERED_NOT_YET


def test_until_when_is_answered_from_what_the_document_says(ask: Asking) -> None:
    answer = ask("杭州这个政策到什么时候结束")

    assert cited(answer) == ["hangzhou-2023#end"]
    assert "2025年12月31日" in answer.text


def test_who_issued_it_is_answered_from_the_document_alone(ask: Asking) -> None:
    answer = ask("杭州的文件是谁发的,文号多少")

    assert "号" not in answer.text.replace("文号", "")
    assert "没有写" in answer.text


# ── what is not its business ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("message", ["今天天气怎么样", "帮我写首诗", "杭州明天下雨吗"])
def test_what_is_not_its_business_is_declined(ask: Asking, message: str) -> None:
    answer = ask(message)

    assert answer.status is AnswerStatus.REFUSED_OUT_OF_SCOPE
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("message", "status", "number"),
    [
        ("老板欠我三个月工资不给怎么办", "redirected_wage_arrears", "12333"),
        ("公积金怎么提取", "redirected_housing_fund", "12329"),
        ("我不想活了,工作找不到", "redirected_crisis", "12356"),
        ("杭州失业金每月多少", "redirected_unemployment_benefit", "12333"),
    ],
)
def test_another_services_business_is_sent_to_the_right_number(
    ask: Asking, message: str, status: str, number: str
) -> None:
    answer = ask(message)

    assert answer.status == status
    assert number in answer.text
    assert answer.citations == ()
    assert not [v for v in values(answer.text) if v[0] == "money"]


def test_a_subsidy_with_a_word_of_another_service_is_still_answered(ask: Asking) -> None:
    assert cited(ask("上海灵活就业社会保险补贴给哪些人"))[0] == "shanghai-2023#2.9"


# ── bad input ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("message", ["", "   ", "\u200b\u200d\ufeff", "\x00\x07"])
def test_an_empty_message_is_answered_kindly(ask: Asking, message: str) -> None:
    assert ask(message).status is AnswerStatus.CLARIFY_TOPIC


def test_2000_characters_are_read_and_2001_are_not(ask: Asking) -> None:
    assert ask("杭州租房补贴" + "啊" * 1994).status is not AnswerStatus.REFUSED_TOO_LONG
    assert ask("杭州租房补贴" + "啊" * 1995).status is AnswerStatus.REFUSED_TOO_LONG


def test_control_characters_and_full_width_change_nothing(ask: Asking) -> None:
    answer = ask("杭\u200b州硕士\x07刚毕业能领多少生活补貼")

    assert cited(answer)[0] == "hangzhou-2023#2.1.3"


def test_an_unknown_conversation_is_refused(ask: Asking) -> None:
    with pytest.raises(UnknownConversation):
        ask("你好", conversation="0" * 32)


# ── the thread ───────────────────────────────────────────────────────────────────────────────


def test_a_bare_city_takes_up_the_question_before_it(ask: Asking) -> None:
    first = ask("硕士刚毕业能领多少生活补贴")
    second = ask("杭州", conversation=first.conversation_id)

    assert cited(second)[0] == "hangzhou-2023#2.1.3"


def test_the_city_carries_over_even_a_district_whose_name_others_share(ask: Asking) -> None:
    first = ask("杭州西湖区硕士刚毕业能领多少生活补贴")
    second = ask("租房补贴能领几年", conversation=first.conversation_id)

    assert cited(second)[0] == "hangzhou-2023#2.1.3"


def test_the_day_of_asking_is_never_carried_over(ask: Asking) -> None:
    first = ask("杭州硕士刚毕业能领多少生活补贴", "2024-06-01")
    second = ask("租房补贴能领几年", "2026-11-24", conversation=first.conversation_id)

    assert second.status is AnswerStatus.ANSWERED_ENDED


# ── proof and privacy ────────────────────────────────────────────────────────────────────────


def test_every_character_of_the_text_has_a_source(ask: Asking) -> None:
    answer = ask("杭州硕士刚毕业能领多少生活补贴", "2026-11-24")

    ends = [0, *(proof.end for proof in answer.proof)]
    assert [proof.start for proof in answer.proof] == ends[:-1]
    assert ends[-1] == len(answer.text)


def test_a_figure_rests_on_plain_words_that_are_tied_to_their_place(ask: Asking, advisor: Advisor) -> None:
    answer = ask("岛城跑外卖的意外险补多少")
    at = answer.text.index("100元")

    (proof,) = [p for p in answer.proof if p.start <= at < p.end]

    assert proof.source is SourceKind.PLAIN
    clause, _, place = proof.ref.partition("@")
    start, _, end = place.partition("/")[0].partition("-")
    text = advisor.corpus.policies["qingdao-2023"].text
    assert clause == "qingdao-2023#2.9"
    assert "100元" in text[int(start) : int(end)]


def test_a_clause_that_nobody_put_into_plain_words_is_answered_from_its_text(advisor: Advisor) -> None:
    policies = {name: replace(policy, plain={}) for name, policy in advisor.corpus.policies.items()}
    settler = replace(advisor.settler, corpus=replace(advisor.corpus, policies=policies))
    plainless = replace(advisor, settler=settler)

    answer = plainless.answer(
        Question("岛城跑外卖的意外险补多少", date(2024, 6, 1)), datetime(2026, 1, 1, tzinfo=UTC)
    )

    at = answer.text.index("100元")
    (proof,) = [p for p in answer.proof if p.start <= at < p.end]
    assert proof.source is SourceKind.CLAUSE
    clause, _, place = proof.ref.partition("@")
    start, _, end = place.partition("-")
    assert clause == "qingdao-2023#2.9"
    assert policies["qingdao-2023"].text[int(start) : int(end)] == answer.text[proof.start : proof.end]


def test_the_quote_of_every_citation_is_verbatim(ask: Asking, advisor: Advisor) -> None:
    for message in ("杭州硕士刚毕业能领多少生活补贴", "岛城跑外卖的意外险补多少", "嘉兴创业培训合格率要多少"):
        for citation in ask(message).citations:
            assert citation.quote in advisor.corpus.policies[citation.policy].text


@pytest.mark.parametrize("secret", ["110101199003070038", "13812345678", "6222020200112233445"])
def test_no_trace_of_an_identity_number_is_kept(ask: Asking, data_dir: Path, secret: str) -> None:
    answer = ask(f"我叫王小明,号码{secret},杭州租房补贴能领几年")

    assert secret not in answer.text
    assert not [
        path for path in data_dir.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()
    ]
    assert not [
        path for path in data_dir.rglob("*") if path.is_file() and "王小明".encode() in path.read_bytes()
    ]


# ── what can I get, and letters ──────────────────────────────────────────────────────────────


def test_what_a_person_can_get_is_listed_from_every_program(ask: Asking) -> None:
    answer = ask("杭州硕士刚毕业有什么补贴")

    titles = [str(done["title"]) for done in answer.calculations]
    assert {"生活补贴", "租房补贴"} <= set(titles)
    assert values("30000元") <= values(answer.text)
    assert len(answer.citations) <= 3


def test_who_asks_is_asked_when_nothing_is_known_of_them(ask: Asking) -> None:
    first = ask("杭州有什么补贴")
    second = ask("创业", conversation=first.conversation_id)

    assert (first.status, first.asks[0].fact) == (AnswerStatus.CLARIFY_FACTS, "audience")
    assert "一次性创业补贴" in second.text


def test_a_letter_gets_an_answer_for_each_thing_it_asks(ask: Asking) -> None:
    answer = ask(
        "您好,我今年硕士毕业,爸妈都是种地的,心里又高兴又发愁。在杭州找到了工作,房租太贵了。"
        "请问生活补贴一共能领多少?租房补贴一年是多少?落户归哪个部门管?"
    )

    assert [c.clause for c in answer.citations] == ["2.1.3", "2.1.4"]
    assert values("30000元") | values("10000元") <= values(answer.text)
    assert "市公安局" in answer.text
    assert answer.text.count("办理或核实") == 1


def test_a_notice_is_said_once_in_a_letter(ask: Asking) -> None:
    answer = ask(
        "您好,我今年硕士毕业,在杭州找到了工作,想问清楚几件事情,家里人都很关心,我也等着答复再做打算。"
        "请问生活补贴一共能领多少?租房补贴一年是多少?",
        "2026-11-24",
    )

    assert answer.text.count("先说明") == 1


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("杭州硕士买房补贴多少钱", "没有写"),
        ("青岛送外卖高温补贴一年多少", "高温"),
        ("杭州生活补贴几天能到账", "到账"),
    ],
)
def test_a_near_miss_is_told_so_and_gets_no_figure(ask: Asking, message: str, words: str) -> None:
    answer = ask(message)

    assert answer.status is AnswerStatus.UNANSWERABLE_NOT_IN_TEXT
    assert words in answer.text
    assert not [v for v in values(answer.text) if v[0] == "money"]


def test_a_turn_that_says_too_little_leans_on_the_one_before(ask: Asking) -> None:
    first = ask("我们是杭州的留学人员创业园,评上省级再给多少")
    second = ask("国家级呢", conversation=first.conversation_id)

    assert cited(second)[0] == "hangzhou-2023#2.3.19"
    assert values("100万元") <= values(second.text)


def test_a_correction_is_taken_and_the_question_answered_again(ask: Asking) -> None:
    first = ask("我是硕士,杭州的生活补贴能领多少")
    second = ask("不对,我是本科", conversation=first.conversation_id)

    assert second.facts["degree"] == "bachelor"
    assert "生活补贴是**1万元" in second.text


def test_what_is_only_supposed_is_not_kept(ask: Asking) -> None:
    answer = ask("杭州要是招5个人,创业带动就业补贴多少")

    assert "heads" not in answer.facts
    assert answer.calculations[0]["if_met_yuan"] == 4000


@pytest.mark.parametrize(
    ("turns", "said", "unsaid"),
    [
        (("杭州大学生创业园考核优秀给多少", "不合格呢"), "没有写考核不合格会怎样", "您问的合格"),
        (("留学人员创业园考核没有优秀能拿多少 杭州",), "30万元", "您问的"),
        (("我招了5个人,杭州创业带动就业补贴多少", "不对,是30个人"), "2万元", "4000元"),
        (("我58岁,替孩子问,他本科刚毕业,全日制,在杭州工作,能落户吗",), "45周岁以下", "不符合"),
        (("听说杭州本科生活补贴是3万,对吧",), "1万元", "博士后"),
        (("我硕士应届,杭州生活补贴多少", "不对,我是本科"), "生活补贴是**1万元**", "3万元"),
        (("我硕士应届,杭州生活补贴多少", "分几次给?"), "分两笔", "没有写明"),
        (("杭州生活补贴要交什么材料",), "没有写", "“什么材料”"),
        (("青岛给硕士3万生活补贴怎么领",), "没有写“生活补贴”", "提到了这件事"),
    ],
)
def test_what_a_stranger_stumbled_over(ask: Asking, turns: tuple[str, ...], said: str, unsaid: str) -> None:
    conversation = None
    for turn in turns:
        answer = ask(turn, conversation=conversation)
        conversation = answer.conversation_id

    assert said in answer.text
    assert unsaid not in answer.text


WRONG = "您说的数和文件这里写的不一样"


@pytest.mark.parametrize(
    ("message", "corrected"),
    [
        ("杭州博士生活补贴给100万对吗", True),
        ("杭州博士生活补贴给10万对吗", False),
        ("杭州博士生活补贴给10万元对吗", False),
        ("我女儿博士,杭州说是给50万生活补贴,是真的吗", True),
        ("上海每年帮扶5万户创业组织,是吧", True),
        ("济南一年要搞60场创业路演,对不对", False),
        ("济南一年要搞200场创业路演,对不对", True),
        ("杭州租房补贴能领36个月对吗", False),
        ("我招了5个人,杭州是不是有创业带动就业补贴", False),
    ],
)
def test_a_figure_taken_for_granted_is_said_to_be_wrong_only_where_it_is(
    ask: Asking, message: str, corrected: bool
) -> None:
    answer = ask(message)

    assert answer.citations
    assert (WRONG in answer.text) is corrected


def test_the_clause_that_names_what_is_asked_about_goes_first(ask: Asking) -> None:
    answer = ask("嘉兴自主创业有没有税收优惠")

    assert answer.citations[0].clause == "4.2"
    assert "落实税收优惠政策" in answer.text


def test_a_group_that_a_document_never_names_is_said_to_be_missing(ask: Asking) -> None:
    answer = ask("上海退役军人创业有什么扶持")

    assert answer.status is AnswerStatus.UNANSWERABLE_NOT_IN_TEXT
    assert "没有写退役军人" in answer.text


def test_whether_the_documents_still_hold_is_a_question_about_their_days(ask: Asking) -> None:
    assert "2025年12月31日" in ask("济南的政策今年还能用吗").text


def test_a_bare_number_is_no_clause(ask: Asking) -> None:
    first = ask("我硕士毕业,想把户口落杭州,还没找到工作能落吗")

    second = ask("22", conversation=first.conversation_id)

    assert cited(first) == cited(second) == ["hangzhou-2023#2.1.4"]  # and not 二、（三）22


def test_in_an_ended_document_what_hangs_on_conditions_still_does(ask: Asking) -> None:
    answer = ask("我是硕士,杭州生活补贴能领多少", "2026-06-01")

    assert "写明的条件都符合的话" in answer.text


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("你好", "您可以问我"),
        ("谢谢啊,讲得很清楚", "不客气"),
        ("你是机器人吗还是真人", "不是真人"),
        ("早上好👋", "您可以问我"),
        ("好的明白了", "还想了解什么"),
        ("先这样,再见", "祝您顺利"),
    ],
)
def test_small_talk_is_answered_in_kind(ask: Asking, message: str, words: str) -> None:
    answer = ask(message, region="杭州")

    assert answer.status is AnswerStatus.ANSWERED_SMALLTALK
    assert words in answer.text
    assert answer.citations == ()


def test_what_was_typed_wrong_is_read_right_and_told(ask: Asking) -> None:
    answer = ask("杭洲硕式生活补帖多少")

    assert cited(answer) == ["hangzhou-2023#2.1.3"]
    assert ("corrected", "您打的“补帖”,按“补贴”理解。") in [(n.kind, n.text) for n in answer.notices]


@pytest.mark.parametrize("doubt", ["哪条写的", "你确定吗?", "原文怎么说"])
def test_a_doubt_is_answered_with_the_words_of_the_clause(ask: Asking, doubt: str) -> None:
    first = ask("青岛跑外卖的意外险补多少")
    second = ask(doubt, conversation=first.conversation_id)

    assert cited(second) == ["qingdao-2023#2.9"]
    assert f"“{first.citations[0].quote}”" in second.text


def test_a_subject_left_is_taken_up_again(ask: Asking) -> None:
    first = ask("我是高层次海归,在杭州创业项目能申请多少")
    second = ask("那去公司上班,硕士的生活补贴多少", conversation=first.conversation_id)
    third = ask("回到刚才那个,最低多少", conversation=first.conversation_id)

    assert [cited(one)[0] for one in (first, second, third)] == [
        "hangzhou-2023#2.3.12",
        "hangzhou-2023#2.1.3",
        "hangzhou-2023#2.3.12",
    ]


@pytest.mark.parametrize("follow_up", ["给多少钱", "怎么报名", "谁来管"])
def test_a_few_words_in_a_talk_stay_with_its_subject(ask: Asking, follow_up: str) -> None:
    first = ask("杭州是不是每年选拔20名杰出创业人才")
    second = ask(follow_up, conversation=first.conversation_id)

    assert cited(second) == ["hangzhou-2023#2.2.8"]


def test_a_change_of_subject_in_a_talk_is_no_question_about_its_clause(ask: Asking) -> None:
    first = ask("杭州硕士生活补贴多少")
    second = ask("今天那边下雨没", conversation=first.conversation_id)

    assert second.status is AnswerStatus.REFUSED_OUT_OF_SCOPE


def test_a_home_told_beside_the_question_is_not_asked_about(ask: Asking) -> None:
    answer = ask("家里在安徽,想去杭州,本科应届租房补多少")

    assert answer.regions == ("杭州市",)
    assert "安徽" not in answer.text


def test_a_place_without_documents_is_named_where_places_are_compared(ask: Asking) -> None:
    answer = ask("硕士去杭州还是宁波,哪个生活补贴多")

    assert "| 宁波市 | 没有收录这里的文件 | — |" in answer.text


def test_places_are_compared_in_a_table_each_cell_with_its_clause(ask: Asking) -> None:
    answer = ask("杭州和上海创业担保贷款哪个额度高", "2023-10-01")
    rows = [line for line in answer.text.splitlines() if line.startswith("| ")]

    assert [row.split(" | ")[0] for row in rows] == ["| 地方", "| 杭州市", "| 上海市"]
    assert "50万元" in rows[1]
    assert rows[1].endswith("二、（三）14 |")
    assert "文件未载明" in rows[2]
    assert cited(answer) == ["hangzhou-2023#2.3.14", "shanghai-2023#2.6"]


def test_several_things_in_one_sentence_of_a_letter_get_their_answers(ask: Asking) -> None:
    answer = ask(
        "老师您好,我在嘉兴教电子商务,学生里想开网店的不少,领导让我写一份材料,我一点头绪都没有。"
        "请问三年里要建几个网络创业的实训基地,打算让多少人靠网上开店就业,谁来负责?",
        "2014-06-01",
    )

    assert {"10家", "5000人"} <= set(re.findall(r"\d+[家人]", answer.text))


def test_some_is_no_question_for_a_number(ask: Asking) -> None:
    answer = ask("村里有几个后生回来种草莓,杭州有没有扶持")

    assert "没有写明数量" not in answer.text


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("转人工", "由工作人员为您解答"),
        ("滚,你们就是骗子", "对不起"),
        ("心里难受,没人要了", "12356"),
        ("听不懂,简单点", "一次只问一件事"),
    ],
)
def test_who_is_not_asking_for_policy_is_met_as_a_person(ask: Asking, message: str, words: str) -> None:
    first = ask("杭州硕士生活补贴多少")

    for conversation in (None, first.conversation_id):
        answer = ask(message, conversation=conversation)
        assert answer.status is AnswerStatus.ANSWERED_SMALLTALK
        assert words in answer.text
        assert "12333" in answer.text


def test_english_words_are_read_as_the_terms_of_the_documents(ask: Asking) -> None:
    answer = ask("I am a master graduate, how much living subsidy in Hangzhou?")

    assert cited(answer) == ["hangzhou-2023#2.1.3"]
    assert ("money", Decimal(30000)) in values(answer.text)


def test_only_another_place_takes_the_question_along(ask: Asking) -> None:
    first = ask("青岛硕士有租房补贴吗", "2023-10-01")
    second = ask("如果我去杭州呢", "2023-10-01", conversation=first.conversation_id)

    assert cited(second) == ["hangzhou-2023#2.1.3"]
