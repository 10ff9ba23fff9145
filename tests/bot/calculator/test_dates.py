from __future__ import annotations

from datetime import date

import pytest

from bot.calculator.dates import age_on, months_later, whole_months, years_later


@pytest.mark.parametrize(
    ("day", "years", "up", "anniversary"),
    [
        (date(2019, 6, 1), 5, False, date(2024, 6, 1)),
        (date(2020, 2, 29), 4, False, date(2024, 2, 29)),
        (date(2020, 2, 29), 5, False, date(2025, 2, 28)),  # a deadline comes early
        (date(2020, 2, 29), 3, True, date(2023, 3, 1)),  # a wait ends late
    ],
)
def test_anniversaries(day: date, years: int, up: bool, anniversary: date) -> None:
    assert years_later(day, years, up=up) == anniversary


@pytest.mark.parametrize(
    ("since", "day", "months"),
    [
        (date(2024, 1, 1), date(2024, 6, 30), 5),
        (date(2024, 1, 1), date(2024, 7, 1), 6),
        (date(2024, 1, 31), date(2024, 2, 29), 0),
        (date(2024, 1, 31), date(2024, 3, 1), 1),
        (date(2024, 1, 31), date(2024, 3, 31), 2),
        (date(2024, 6, 1), date(2024, 6, 1), 0),
    ],
)
def test_a_month_is_whole_when_its_day_has_come(since: date, day: date, months: int) -> None:
    assert whole_months(since, day) == months


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2024, 6, 1), 34), (date(2024, 6, 2), 35), (date(2025, 6, 1), 35)],
)
def test_a_birthday_is_the_older_age(day: date, age: int) -> None:
    assert age_on(date(1989, 6, 2), day) == age


def test_born_on_29_february_is_older_on_28_in_other_years() -> None:
    born = date(2000, 2, 29)
    assert [age_on(born, date(2023, 2, 27)), age_on(born, date(2023, 2, 28))] == [22, 23]
    assert [age_on(born, date(2024, 2, 28)), age_on(born, date(2024, 2, 29))] == [23, 24]


def test_a_shorter_month_ends_earlier() -> None:
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2024, 11, 30), 3) == date(2025, 2, 28)
    assert months_later(date(2024, 3, 1), -1) == date(2024, 2, 1)
