"""The days on which a document says it is in force, in all the ways that documents say it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.validity import a_day, validity

EVENT = date(2024, 3, 15)  # the day of 印发


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("本办法自2024年5月1日起施行,有效期三年。", "2024-05-01", "2027-04-30"),
        ("本办法自印发之日起施行,有效期5年。", "2024-03-15", "2029-03-14"),
        ("本通知自 2024 年 5 月 1 日起施行,有效期 5 年。", "2024-05-01", "2029-04-30"),
        ("本通知印发之日起施行。", "2024-03-15", None),
        ("本通知自发布之日起30日后施行,有效期至2026年12月31日。", "2024-04-14", "2026-12-31"),
        ("本办法自发布之日起三十日后施行,试行两年。", "2024-04-14", "2026-04-13"),
        ("本办法自印发之次月1日起施行,有效期3年。", "2024-04-01", "2027-03-31"),
        ("第二十条 本条例自二○二四年七月一日起施行。", "2024-07-01", None),
        ("本通知自印发之日起执行,执行期限至2025年底。", "2024-03-15", "2025-12-31"),
        ("本通知有效期自2024年1月1日至2026年12月31日。", "2024-01-01", "2026-12-31"),
        ("以上政策自2024年1月1日起执行,至2025年12月31日止。", "2024-01-01", "2025-12-31"),
        ("自2024年6月1日起施行。", "2024-06-01", None),
        ("本办法由市局负责解释。自2024年5月1日起施行,有效期5年。", "2024-05-01", "2029-04-30"),
        ("本通知自2024年5月1日起实施。有效期2年。", "2024-05-01", "2026-04-30"),
        ("本办法自2024年2月29日起施行,有效期1年。", "2024-02-29", "2025-02-28"),
        ("本公告自2024年1月1日起生效,有效期24个月。", "2024-01-01", "2025-12-31"),
        ("本规定暂行一年,自2024年5月1日起施行。", "2024-05-01", "2025-04-30"),
        ("本细则自公布之日起施行,有效期为自公布之日起5年。", "2024-03-15", "2029-03-14"),
        ("本细则自2024年10月1日起实施,有效期为5年,至2029年9月30日止。", "2024-10-01", "2029-09-30"),
        ("市本级补贴从2024年1月1日起执行,本通知自印发之日起施行,有效期2年。", "2024-03-15", "2026-03-14"),
        ("本通知有效期1年。", "2024-03-15", "2025-03-14"),
        ("本办法自2024年5月1日起施行,有效期限为叁年。", "2024-05-01", "2027-04-30"),
        ("本办法自2024年5月1日施行,2027年4月30日废止。", "2024-05-01", "2027-04-30"),
        ("本办法施行日期为2024年5月1日,有效期3年。", "2024-05-01", "2027-04-30"),
    ],
)
def test_a_stated_validity_has_the_days_that_the_words_come_to(
    text: str, since: str, until: str | None
) -> None:
    found = validity(text, EVENT)

    assert found is not None
    assert (str(found.since), found.until and str(found.until)) == (since, until)
    assert found.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "申报时间自2024年3月1日起至2024年4月30日止。",
        "评估结果有效期三年。",
        "到2024年底,实现累计扶持创业不少于6万人。",
        "《旧办法》有效期延长至2026年12月31日。",
        "租赁合同自签订之日起生效,期限5年。",
        "本办法所称高校毕业生,是指毕业5年内的人员。",
    ],
)
def test_what_is_about_something_else_is_no_validity(text: str) -> None:
    assert validity(text, EVENT) is None


def test_a_quote_gives_the_same_days_again() -> None:
    found = validity("本通知有效期1年。", EVENT)

    assert found is not None
    again = validity(found.quote, EVENT)
    assert again is not None
    assert (again.since, again.until) == (found.since, found.until)


def test_what_depends_on_an_unknown_day_stays_open() -> None:
    found = validity("本办法自印发之日起施行,有效期5年。")

    assert found is not None
    assert (found.since, found.until, found.counted) == (None, None, ("since", "until"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二O二三年十二月三十一日", date(2023, 12, 31)),
        ("2024 年 7 月 26 日", date(2024, 7, 26)),
        ("2024.7.26", date(2024, 7, 26)),
        ("2024年13月1日", None),
    ],
)
def test_a_day_in_the_notations_of_real_documents(text: str, day: date | None) -> None:
    assert a_day(text) == day
