"""How a sum comes about: a handful of shapes that most programs share, and the few of one program alone.

A formula reads its facts and parameters through the case, which keeps the trace, and returns an outcome.
No figure of a policy stands here; they are all in the program files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from bot.calculator.case import Case, MissingFact
from bot.calculator.dates import DAY, month_text, months_later, years_later
from knowledge.programs import Kind, Target

_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula comes to; amounts are in yuan."""

    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    kind: Kind | None = None  # only where it differs from the program's
    details: Mapping[str, object] = field(default_factory=dict)  # further keys of the result

    def spread(self, kind: Kind) -> tuple[Decimal, Decimal | None]:
        """Return the least and the most that may be paid; a ceiling has no floor."""
        if self.low is not None:
            return self.low, self.high
        top = self.amount or Decimal(0)
        return (Decimal(0) if (self.kind or kind) is Kind.CAP else top), top


Formula = Callable[[Case], Outcome]
FORMULAS: dict[str, Formula] = {}


def formula(function: Formula) -> Formula:
    FORMULAS[function.__name__.removesuffix("_")] = function
    return function


# ── shapes ───────────────────────────────────────────────────────────────────────────────────


@formula
def none(case: Case) -> Outcome:
    """Nothing to compute: the text has no figure, or none for a person."""
    return Outcome()


@formula
def eligibility(case: Case) -> Outcome:
    """Conditions only."""
    return Outcome()


@formula
def gate(case: Case) -> Outcome:
    """A condition on other programs."""
    return Outcome()


@formula
def options(case: Case) -> Outcome:
    """Which of several offers are open to this value."""
    value = case.need("by")
    return Outcome(details={"options": [n for n, g in case.groups.items() if value in g]})


@formula
def fixed(case: Case) -> Outcome:
    """One sum."""
    return Outcome(case.param("value"))


@formula
def lookup(case: Case) -> Outcome:
    """One sum for each choice."""
    amount = case.chosen("by")
    case.step(f"{case.label('by')}:{_money(amount)}元")
    return Outcome(amount)


@formula
def repeated(case: Case) -> Outcome:
    """The same sum once more, beside the first one."""
    amount = case.chosen("by")
    total = amount + amount
    case.step(f"再次发放相同额度:{_money(amount)}元(连同第一次共 {_money(total)} 元)")
    return Outcome(amount, details={"cumulative_with_first_yuan": total})


@formula
def parts(case: Case) -> Outcome:
    """Several sums that the text itself joins, for one person or for several."""
    breakdown = {name: case.figure(param) for name, param in case.program.amount.parts.items()}
    each = sum(breakdown.values(), Decimal(0))
    if "whole" in case.program.amount.params:
        each = case.param("whole")  # the text states the sum as well as its parts
    case.step(f"{' + '.join(_money(v) for v in breakdown.values())} = {_money(each)} 元")
    count = case.number("count")
    if count is None:
        return Outcome(each, details={"breakdown": breakdown})
    case.step(f"{_money(each)} × {count} = {_money(each * count)} 元")
    return Outcome(each * count, details={"breakdown": breakdown, "per_person_yuan": each})


@formula
def set_sum(case: Case) -> Outcome:
    """A sum for each choice made."""
    chosen = case.need("by")
    own = {n: p for n, p in case.program.amount.parts.items() if n in _members(chosen)}
    breakdown = {name: case.figure(param) for name, param in own.items()}
    total = sum(breakdown.values(), Decimal(0))
    case.step(f"{' + '.join(_money(v) for v in breakdown.values())} = {_money(total)} 元")
    return Outcome(total, details={"breakdown": breakdown})


@formula
def per_unit(case: Case) -> Outcome:
    """So much for each, added up."""
    rows = [(case.number_of(fact), case.figure(param)) for fact, param in case.program.amount.terms]
    total = sum((count * rate for count, rate in rows), Decimal(0))
    working = " + ".join(f"{count} × {_money(rate)}" for count, rate in rows)
    case.step(f"{working} = {_money(total)} 元")
    return Outcome(total)


@formula
def per_record(case: Case) -> Outcome:
    """So much for each record that has what it takes."""
    value, months = case.param("value"), case.param("months")
    records = case.records("records")
    good = [r for r in records if r["licensed"] and Decimal(r["stable_months"]) >= months]
    total = value * len(good)
    case.step(f"{len(good)} 家 × {_money(value)} = {_money(total)} 元")
    return Outcome(total)


@formula
def range_(case: Case) -> Outcome:
    """From … to …, decided case by case; with a ceiling of its own for special projects."""
    approved = case.number("approved")
    if "special" in case.program.amount.facts and case.need("special") is True:
        cap = case.param("special_cap")
        case.step(f"综合评审,最高 {_money(cap)} 元")
        return Outcome(approved if approved is not None else cap, kind=_approved(approved, Kind.CAP))
    low, high = case.param("low"), case.param("high")
    case.step(f"{_money(low)} 元到 {_money(high)} 元,具体由评定决定")
    if approved is not None:
        return Outcome(approved, kind=Kind.EXACT)
    return Outcome(low=low, high=high, kind=Kind.RANGE)


@formula
def cap(case: Case) -> Outcome:
    """At most so much; what is asked for or already used is held against it."""
    ceiling = case.param("value")
    case.step(f"最高 {_money(ceiling)} 元")
    details: dict[str, object] = {}
    if (asked := case.number("asked")) is not None:
        details["within_cap"] = asked <= ceiling
    if (used := case.number("used")) is not None:
        details["remaining_yuan"] = ceiling - used
        case.step(f"{_money(ceiling)} − 已领 {_money(used)} = 还可领最多 {_money(ceiling - used)} 元")
    return Outcome(ceiling, details=details)


@formula
def percent(case: Case) -> Outcome:
    """A share of an amount, by the year where the text says so; a quoted rate is held against it."""
    base, rate = case.need_number("base"), case.param("percent")
    years = case.need_number("years") if "years" in case.program.amount.facts else Decimal(1)
    amount = _cents(base * rate / _HUNDRED * years)
    by_year = f" × {years} 年" if "years" in case.program.amount.facts else ""
    case.step(f"{_money(base)} × {rate}%{by_year} = {_money(amount)} 元")
    details: dict[str, object] = {}
    if (quoted := case.number("rate")) is not None:
        details["rate_ok"] = quoted * _HUNDRED <= rate
    if (asked := case.number("asked")) is not None:
        details["within_cap"] = asked <= amount
    return Outcome(amount, details=details)


@formula
def ratio(case: Case) -> Outcome:
    """As many times the amount as the text says (1:1)."""
    base, times = case.need_number("base"), case.param("ratio")
    case.step(f"{_money(base)} × {times} = {_money(base * times)} 元")
    return Outcome(base * times)


# ── formulas of one program ──────────────────────────────────────────────────────────────────


@formula
def instalments(case: Case) -> Outcome:
    """生活补贴: a sum by degree, in two halves after so many months of unbroken insurance."""
    total, share = case.chosen("by"), case.param("share")
    half = total * share / _HUNDRED
    case.step(f"{case.label('by')}:{_money(total)}元,分两笔,每笔 {_money(half)} 元")
    months = case.number("months")
    payments: list[dict[str, object]] = []
    for no, role in enumerate(("first", "second"), start=1):
        at = int(case.param(role))
        due = None if months is None else months >= at
        payments.append({"no": no, "at_month": at, "yuan": half, "due": due})
    details: dict[str, object] = {"payments": payments}
    if months is not None:
        paid = sum((half for p in payments if p["due"]), Decimal(0))
        details["payable_to_date_yuan"] = paid
        if not paid:
            case.flag("nothing_due_yet")
        case.step(f"已连续参保 {months} 个月,到现在可领 {_money(paid)} 元")
        details["schedule"] = list(_schedule(case, payments, int(months)))
    return Outcome(total, details=details)


def _schedule(case: Case, payments: list[dict[str, object]], months: int) -> Iterator[dict[str, object]]:
    since = case.value("since")
    for payment in payments:
        at = int(str(payment["at_month"]))
        if isinstance(since, date):
            on = _reached(since, at)
            when, past = on.isoformat(), case.after_last_day(on)
        else:
            on = months_later(case.day, at - months)
            when, past = month_text(on), case.after_last_day(on)
        text = f"满{at}个月"
        yield {"on": when, "yuan": payment["yuan"], "text": text, "after_last_day": past}


def _reached(since: date, months: int) -> date:
    """The day a count of whole months is complete: a waiting period, so a missing day rounds up."""
    on = months_later(since, months)
    return on if on.day == since.day else on + DAY


@formula
def yearly_halves(case: Case) -> Outcome:
    """租房补贴: a sum a year in equal payments."""
    yearly, share = case.param("value"), case.param("share")
    half = yearly * share / _HUNDRED
    times = int(_HUNDRED / share)
    case.step(f"每户每年 {_money(yearly)} 元,分{times}笔,每笔 {_money(half)} 元")
    rows = [{"no": no, "yuan": half} for no in range(1, times + 1)]
    return Outcome(yearly, details={"payments": rows})


@formula
def uplifted(case: Case) -> Outcome:
    """流动站、工作站: a sum by level, so many per cent more in the districts that the text names."""
    base, place = case.chosen("by"), case.need("place")
    if place not in case.groups["uplifted"]:
        case.step(f"{case.label('by')}:{_money(base)}元")
        return Outcome(base)
    rate = case.param("uplift")
    amount = base + base * rate / _HUNDRED
    case.step(f"{_money(base)} × (1 + {rate}%) = {_money(amount)} 元")
    return Outcome(amount)


@formula
def postdoc_living(case: Case) -> Outcome:
    """在站博士后: so much a year; for those from abroad the extra may be meant once or yearly."""
    years, yearly = case.need_number("years"), case.param("yearly")
    base = yearly * years
    case.step(f"{_money(yearly)} × {years} 年 = {_money(base)} 元")
    if case.need("overseas") is not True:
        return Outcome(base)
    extra = case.param("extra")
    low, high = base + extra, base + extra * years
    if low == high:
        case.step(f"{_money(base)} + {_money(extra)} = {_money(low)} 元")
        return Outcome(low)
    case.flag("overseas_extra_per_year_or_once")
    case.step(f"增加一次:{_money(low)} 元;每年增加:{_money(high)} 元")
    return Outcome(low=low, high=high, kind=Kind.RANGE)


@formula
def split(case: Case) -> Outcome:
    """创业项目资助: who bears which share."""
    award, place = case.need_number("award"), case.need("place")
    if place in case.groups["shared"]:
        return Outcome(award, details=_shares(case, award))
    rate = case.param("city_share")
    city = _cents(award * rate / _HUNDRED)
    case.step(f"当地先承担 {_money(award)} 元,市财政再按 {rate}%:{_money(city)} 元")
    return Outcome(award, details={"local_first_yuan": award, "city_then_yuan": city})


@formula
def shared_fixed(case: Case) -> Outcome:
    """国家级孵化示范基地: one sum; a district shares it with the city, a county bears it alone."""
    amount, place = case.param("value"), case.value("place")
    if place is None:
        return Outcome(amount)
    if place in case.groups["counties"]:
        case.step(f"县(市)自行承担 {_money(amount)} 元")
        return Outcome(amount, details={"local_yuan": amount})
    return Outcome(amount, details=_shares(case, amount))


def _shares(case: Case, amount: Decimal) -> dict[str, object]:
    """Half each: 1:1 means one part of one plus one."""
    part = case.param("ratio")
    city = _cents(amount * part / (part + 1))
    case.step(f"市、区 {part}:1 分担:市 {_money(city)} 元,区 {_money(amount - city)} 元")
    return {"city_yuan": city, "district_yuan": amount - city}


@formula
def jobs_yearly(case: Case) -> Outcome:
    """创业带动就业补贴: a base, so much for each further person, up to a yearly ceiling, for some years."""
    by_year = case.value("by_year")
    if isinstance(by_year, tuple):
        return _jobs_over_years(case, [int(str(heads)) for heads in by_year])
    heads = case.need_number("heads")
    uncapped, amount = _jobs_year(case, heads)
    details: dict[str, object] = {"cap_reached_at_heads": _cap_reached_at(case)}
    if uncapped > amount:
        details |= {"capped": True, "uncapped_yuan": uncapped}
    details |= _jobs_window(case)
    return Outcome(amount, details=details)


def _cap_reached_at(case: Case) -> int:
    """Return the least head-count that brings the yearly ceiling."""
    room = case.param("yearly_cap") - case.param("base")
    further = (room / case.param("per_extra")).to_integral_value(ROUND_CEILING)
    return int(case.param("min_heads") + further)


def _jobs_year(case: Case, heads: Decimal) -> tuple[Decimal, Decimal]:
    """Return the sum of one year before and after the ceiling."""
    least, base, extra = case.param("min_heads"), case.param("base"), case.param("per_extra")
    if heads < least:
        return Decimal(0), Decimal(0)
    uncapped = base + (heads - least) * extra
    cap_ = case.param("yearly_cap")
    working = f"{_money(base)} + ({heads} − {least}) × {_money(extra)} = {_money(uncapped)} 元"
    case.step(working if uncapped <= cap_ else f"{working},超过每年上限,按 {_money(cap_)} 元")
    return uncapped, min(uncapped, cap_)


def _jobs_over_years(case: Case, heads: list[int]) -> Outcome:
    """The years count by the calendar from the first one with enough people."""
    least, most = case.param("min_heads"), int(case.param("max_years"))
    begins = next((i for i, count in enumerate(heads) if count >= least), len(heads))
    sums: list[Decimal] = []
    for i, count in enumerate(heads):
        within = begins <= i < begins + most
        sums.append(_jobs_year(case, Decimal(count))[1] if within else Decimal(0))
    if any(count < least for count in heads[begins : begins + most]):
        case.flag("dip_below_minimum")
    total = sum(sums, Decimal(0))
    case.step(f"{' + '.join(_money(s) for s in sums)} = {_money(total)} 元")
    left = max(0, most - (len(heads) - begins))
    details: dict[str, object] = {"unit": "元(各年合计)"}
    details |= {"by_year": sums, "window_starts_year": begins + 1, "years_left": left}
    return Outcome(total, details=details)


def _jobs_window(case: Case) -> dict[str, object]:
    first = case.value("first_month")
    if not isinstance(first, date):
        return {}
    years = int(case.param("max_years"))
    last = months_later(first, 12 * years - 1)
    if case.after_last_day(months_later(last, 1) - DAY):
        case.flag("runs_past_expiry")
    windows = []
    for year in range(years):
        begins = months_later(first, 12 * year)
        ends = months_later(begins, 11)
        row = {"year": year + 1, "from": month_text(begins), "to": month_text(ends)}
        past = case.after_last_day(months_later(ends, 1) - DAY)
        windows.append({**row, "after_last_day": past})
    return {"last_month": month_text(last), "schedule": windows}


@formula
def space_rent(case: Case) -> Outcome:
    """创业陪跑空间: area × day rate × days, each no more than the text allows."""
    area = min(case.need_number("area"), case.param("area_cap"))
    rate = case.param("rate")
    if (rent := case.number("rent")) is not None:
        rate = min(rate, rent)
    days = _days_within(case, int(case.need_number("days")))
    amount = _cents(area * rate * days)
    case.step(f"{_money(area)} 平方米 × {_money(rate)} 元 × {days} 天 = 最多 {_money(amount)} 元")
    return Outcome(amount, details={"days_counted": days})


def _days_within(case: Case, days: int) -> int:
    """No more days than the years from the first day have; the start is only needed beyond that."""
    years = int(case.param("years"))
    since = case.value("since")
    if not isinstance(since, date):
        if days > 365 * years:
            raise MissingFact(case.program.amount.facts["since"])
        return days
    end = years_later(since, years, up=False)
    most = (end - since).days
    if days > most:
        case.flag("days_capped")
    last = since + DAY * (min(days, most) - 1)
    if case.after_last_day(last):
        case.flag("runs_past_expiry")
    return min(days, most)


@formula
def rd_deduction(case: Case) -> Outcome:
    """研发费用加计扣除: an extra deduction from the tax base, not cash."""
    base, rate = case.need_number("base"), case.param("percent")
    extra = _cents(base * rate / _HUNDRED)
    case.step(f"{_money(base)} × {rate}% = {_money(extra)} 元,连同据实扣除共 {_money(base + extra)} 元")
    return Outcome(extra, details={"total_deduct_yuan": base + extra})


@formula
def tax_sequence(case: Case) -> Outcome:
    """税费依次扣减: the taxes in the order of the text, until the limit is used up."""
    limit = case.number("limit")
    if limit is None:
        case.flag("limit_not_in_text")
        return Outcome(kind=Kind.NOT_IN_TEXT)
    case.flag("external_limit")
    taxes = case.record("taxes")
    left, by_tax = limit, {}
    for name, due in taxes.items():
        by_tax[name] = min(left, Decimal(due))
        left -= by_tax[name]
    total = limit - left
    case.step(f"{' + '.join(_money(v) for v in by_tax.values())} = {_money(total)} 元")
    return Outcome(total, details={"by_tax": by_tax, "unused_yuan": left})


@formula
def loan_extension(case: Case) -> Outcome:
    """展期: the latest day is the due day some years on; rounds down, it is a deadline."""
    due, years = case.value("due"), int(case.param("years"))
    if not isinstance(due, date):
        raise MissingFact(case.program.amount.facts["due"])
    latest = years_later(due, years, up=False)
    case.step(f"{due} 起最长 {years} 年,到 {latest}")
    details: dict[str, object] = {"latest_due": latest.isoformat()}
    if (months := case.number("months")) is not None:
        details["within_cap"] = months <= 12 * years
    return Outcome(details=details)


@formula
def minimum_share(case: Case) -> Outcome:
    """不低于: the least area that has to be free."""
    total, rate = case.need_number("total"), case.param("percent")
    least = total * rate / _HUNDRED
    case.step(f"{_plain(total)} × {rate}% = {_plain(least)} 平方米")
    details: dict[str, object] = {"min_m2": _number(least)}
    if (free := case.number("free")) is not None:
        details |= {"meets": free >= least, "shortfall_m2": _number(max(Decimal(0), least - free))}
    return Outcome(details=details)


@formula
def bank_loan(case: Case) -> Outcome:
    """稳岗扩岗专项贷款: a ceiling for the credit and, by the rate, for the interest."""
    ceiling, rate = case.param("value"), case.param("rate")
    case.step(f"单户授信最高 {_money(ceiling)} 元,利率原则上不超过 {rate}%")
    details: dict[str, object] = {}
    credit, years = case.number("credit"), case.number("years")
    if credit is not None:
        details["within_cap"] = credit <= ceiling
    if credit is not None and years is not None:
        interest = _cents(credit * rate / _HUNDRED * years)
        details["max_interest_yuan"] = interest
        case.step(f"{_money(credit)} × {rate}% × {years} 年 = 利息最多 {_money(interest)} 元")
    if (quoted := case.number("rate")) is not None:
        details["rate_ok"] = quoted * _HUNDRED <= rate
    return Outcome(ceiling, details=details)


@formula
def service_standard(case: Case) -> Outcome:
    """企业开办: how many steps, at what cost, how fast."""
    steps, cost, days = case.param("steps"), case.param("cost"), case.param("days")
    duration = "半天" if days + days == 1 else f"{_plain(days)}天"
    case.step(f"{_plain(steps)} 个环节,成本 {_money(cost)} 元,{duration}办结")
    return Outcome(details={"step_count": int(steps), "cost_yuan": cost, "duration": duration})


# ── work targets ─────────────────────────────────────────────────────────────────────────────


@formula
def target(case: Case) -> Outcome:
    """工作目标: whether a count or a share reaches what the text sets, and by how much it falls short."""
    chosen = case.target()
    wanted = case.figure(chosen.param)
    unit = case.program.parameters[chosen.param].unit
    actual = _measured(case, chosen, share=unit == "%")
    met, gap = _compared(case, chosen, wanted, actual)
    details: dict[str, object] = {"metric": chosen.metric, "label": chosen.label, "met": met}
    details |= {"target": _number(wanted), "target_unit": unit}
    if gap is not None and gap > 0:
        details["gap"] = _number(gap)
    words = {True: "达到", False: "未达到", None: "原文没有给出可以判断的线"}[met]
    case.step(f"{chosen.label}:目标 {_plain(wanted)}{unit},实际 {_plain(actual)}{unit},{words}")
    return Outcome(details=details)


def _measured(case: Case, chosen: Target, *, share: bool) -> Decimal:
    scale = _HUNDRED if share else Decimal(1)
    if chosen.part is None or chosen.whole is None:
        return case.number_of("actual") * scale
    if not case.knows(chosen.part) and not case.knows(chosen.whole) and case.knows("actual"):
        return case.number_of("actual") * scale
    return case.number_of(chosen.part) / case.number_of(chosen.whole) * scale


def _compared(
    case: Case, chosen: Target, wanted: Decimal, actual: Decimal
) -> tuple[bool | None, Decimal | None]:
    if chosen.op == "ge":
        return _reaches(case, chosen, wanted, actual), wanted - actual
    if chosen.op == "gt":
        return actual > wanted, wanted - actual
    if chosen.op == "between" and chosen.high is not None:
        inside = wanted <= actual <= case.figure(chosen.high)
        return (True, None) if inside else (None, None)
    case.flag("about_no_test")
    return None, None


def _reaches(case: Case, chosen: Target, wanted: Decimal, actual: Decimal) -> bool:
    """A share is compared by multiplying, so that no division rounds it over the line."""
    if chosen.part is None or chosen.whole is None or not case.knows(chosen.part):
        return actual >= wanted
    scale = _HUNDRED if case.program.parameters[chosen.param].unit == "%" else Decimal(1)
    return case.number_of(chosen.part) * scale >= wanted * case.number_of(chosen.whole)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP) if amount != amount.quantize(_CENT) else amount


def _number(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else _plain(number)


def _plain(number: Decimal) -> str:
    whole = number == number.to_integral_value()
    return str(int(number)) if whole else f"{number.normalize():f}"


def _money(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return str(int(amount)) if whole else f"{amount:.2f}"


def _members(value: object) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()


def _approved(approved: Decimal | None, otherwise: Kind) -> Kind:
    return Kind.EXACT if approved is not None else otherwise
