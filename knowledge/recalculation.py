"""A calculation of an answer, derived again from the archived rules and the facts it was made with."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

Json = Any  # an answer, or what the archive holds
Compare = Callable[[Decimal, Decimal], bool]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_EQUATION = re.compile(r"([\d.()%+*/-]*[\d)%])=([\d.]+)")
_UNITS = re.compile("[\u4e00-\u9fff ]+")  # 50 平方米 × 3 元 × 30 天 = 最多 4500 元
_SIGNS = str.maketrans("−×÷", "-*/")


def recalculated(made: Json, answer: Json, known: Json) -> Iterator[str]:
    """Yield what is wrong with a calculation: its rules, its verdict, or a sum that does not follow."""
    rules = known["programs"].get(made["program"])
    facts = next(_facts_given(made["program"], answer), None)
    same = rules and all(made.get(name) == value for name, value in rules["fixed"].items())
    if not rules or facts is None or not same or made["as_of"] != answer["as_of"]:
        yield f"{made['program']} 不是存档里的项目、没有调用过,或日子不对"
        return
    day = max(min(made["as_of"], rules["last_day"] or "9999"), rules["first_day"] or "")
    figures = {name: _at(values, day) for name, values in rules["figures"].items()}
    facts = _with_ages(facts, day)
    yield from _verdict(made, rules, facts, figures, day)
    yield from _working(made, rules, facts, figures)


def _facts_given(program: str, answer: Json) -> Iterator[Json]:
    """Yield the facts that the program was called with, alone or among all of a place."""
    for call in reversed(answer["tool_calls"]):
        if call["args"].get("program", program) == program and "facts" in call["args"]:
            yield {n.rpartition(".")[2]: v for n, v in call["args"]["facts"].items() if v is not None}


def _at(values: Json, day: str) -> Json:
    """Return the value that holds on a day, or the last one before it."""
    begun = [one for one in values if one["since"] <= day] or values[:1]
    return begun[-1]["value"]


def _with_ages(facts: Json, day: str) -> Json:
    """Return the facts with the age and the months insured that follow from dates."""
    found = dict(facts)
    for name, since, months in (("age", "birth_date", 12), ("insured_months", "insured_since", 1)):
        if since in facts and name not in facts:
            (y, m, d), (y2, m2, d2) = (map(int, text.split("-")) for text in (facts[since], day))
            found[name] = ((y2 - y) * 12 + m2 - m - (d2 < d)) // months
    return found


def _verdict(made: Json, rules: Json, facts: Json, figures: Json, day: str) -> Iterator[str]:
    ours, theirs = rules["conditions"], made["conditions"]
    if [_words(condition) for condition in ours] != [_words(condition) for condition in theirs]:
        yield f"{made['title']} 的条件与存档不符"
        return
    met = {condition["id"]: _met(condition, facts, figures, day) for condition in ours}
    no = [name for name, one in met.items() if one is False]
    open_ = any(met[c["id"]] is None and not c["last"] for c in ours)
    if met != {condition["id"]: condition["met"] for condition in theirs} or made["failed"] != no:
        yield f"{made['title']} 的条件判断不对"
    verdict = made["eligibility"]
    if (verdict == "not_met") != bool(no) or (verdict == "met" and open_):
        yield f"{made['title']} 的结论 {verdict} 不对"


def _words(condition: Json) -> Json:
    return condition["id"], condition["text"], condition["quote"]


def _working(made: Json, rules: Json, facts: Json, figures: Json) -> Iterator[str]:
    """Every number is a figure of the text, a fact, or was computed before; every equation holds."""
    used = {row["param"] for row in made["trace"]}
    case = rules["cases"].get(str(facts.get(rules["by"])))
    read = all(str(figures.get(row["param"])) == str(row["value"]) for row in made["trace"])
    if not read or (made["steps"] and case and case not in used):
        yield f"{made['title']} 的依据数值不是存档里的"
    given = set(_numbers(f"{[figures[name] for name in used & set(figures)]} {facts} 0"))
    given |= {whole * share / 100 for whole in given for share in given if share < 100}  # 每笔发放50%
    given |= {
        Decimal(1),
        Decimal(2),
        *(2 * number for number in given),
        *(number / 2 for number in given),
    }  # 连同第一次
    for step in made["steps"]:
        for left, right in _EQUATION.findall(_UNITS.sub("", step.translate(_SIGNS))):
            if _value(ast.parse(left.replace("%", "/100").strip(), mode="eval").body) != Decimal(right):
                yield f"算式不对:{step}"
            given.add(Decimal(right))
        if strange := set(_numbers(step)) - given:
            yield f"算式“{step}”里的 {strange} 没有来历"
    for name in ("amount_yuan", "historic_amount_yuan", "if_met_yuan"):
        if made.get(name) is not None and Decimal(made[name]) not in given:
            yield f"{made['title']} 的 {name} {made[name]} 没有来历"


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(number) for number in _NUMBER.findall(text)]


def _value(node: ast.expr) -> Decimal:
    """Return the value of a sum written with + - * / and brackets."""
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left), _value(node.right)
    signs = {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}
    return left / right if isinstance(node.op, ast.Div) else signs[type(node.op)]


# ── conditions: yes, no, and not known ───────────────────────────────────────────────────────


def _met(condition: Json, facts: Json, figures: Json, day: str) -> bool | None:
    """Return how a condition comes out; one that does not apply is met."""
    test, when = condition["test"], condition["when"]
    if condition["optional"] and test["fact"] not in facts:
        return True
    applies = _test(when, facts, figures, day) if when else True
    met = True if applies is False else _test(test, facts, figures, day)
    return met if applies is not None or met else None


def _test(test: Json, facts: Json, figures: Json, day: str) -> bool | None:
    op, value = test["op"], facts.get(test["fact"])
    if op in ("any", "all"):
        found = {_test(each, facts, figures, day) for each in test["tests"]}
        settles = op == "any"
        return settles if settles in found else None if None in found else not settles
    if op == "given":
        return bool((test["fact"] in facts) == test["values"][0])
    if value is None or op == "unstated" or (op == "lt_fact" and test["other"] not in facts):
        return None
    if op == "open":
        return value in test["values"] or (False if any(w in value for w in test["ruled_out"]) else None)
    if op in ("is", "in", "not_in", "includes", "lacks", "known"):
        among = test["values"][0] in value if op in ("includes", "lacks") else value in test["values"]
        return op == "known" or bool(among) != (op in ("not_in", "lacks"))
    return _against_figures(test, value, facts, figures, day)


def _against_figures(test: Json, value: Json, facts: Json, figures: Json, day: str) -> bool:
    op, limit = test["op"], sum(Decimal(str(figures[name])) for name in test["params"])
    if op.endswith("_years"):
        edge = f"{int(value[:4]) + int(limit)}{value[4:] if len(value) > _MONTH else value[4:] + '-01'}"
        by_edge = {"after_years": edge <= day, "months_within_years": day < edge}
        return bool(by_edge.get(op, value <= day <= edge))
    if op == "each":
        return any(all(_reaches(record[f], limit) for f in test["fields"]) for record in value)
    if op in ("lt_fact", "positive"):
        limit = Decimal(str(facts[test["other"]])) if op == "lt_fact" else Decimal(0)
    numbers = (Decimal(str(each)) for each in (value if isinstance(value, list) else [value]))
    compare: Compare = _COMPARE.get(op, lt)
    return any(compare(number, Decimal(limit)) for number in numbers)


_MONTH = len("2024-03")


_COMPARE: dict[str, Compare] = {"ge": ge, "gt": gt, "le": le, "positive": gt}


def _reaches(field: Json, limit: Decimal | int) -> bool:
    return bool(field if isinstance(field, bool) else Decimal(str(field)) >= limit)
