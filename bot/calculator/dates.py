"""Calendar arithmetic where 29 February has to land somewhere, and each caller says where.

Deadlines and ceilings round down to 28 February, waiting periods round up to 1 March: the advisor
never promises a day too early and never counts a day too long.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

DAY = timedelta(days=1)


def years_later(day: date, years: int, *, up: bool) -> date:
    """Return the anniversary; where it would be 29 February and is not, up says 1 March, else 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if up else date(day.year + years, 2, 28)


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def whole_months(since: date, day: date) -> int:
    """Return how many whole months have passed; a month is whole once its day of the month has come."""
    months = (day.year - since.year) * 12 + day.month - since.month
    return months - 1 if day < _month_turn(since, months) else months


def _month_turn(since: date, months: int) -> date:
    turn = months_later(since, months)
    return turn if turn.day == since.day else turn + DAY


def age_on(born: date, day: date) -> int:
    """Return the age in 周岁; a birthday counts as the older age, 29 February as 28 in other years."""
    age = day.year - born.year
    return age if day >= years_later(born, age, up=False) else age - 1


def month_text(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"
