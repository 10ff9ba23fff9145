"""The figures of a new document → program files that propose them, and never compute for the public."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from knowledge.corpus import citable
from knowledge.numerals import Figure, Measure
from knowledge.statements import Statement, read
from knowledge.types import Clause, Policy


@dataclass(frozen=True, slots=True)
class Proposal:
    """A program file that proposes one amount of a clause."""

    file: str  # its name
    toml: str
    clause: str
    words: str  # the words with the amount


_CAP = re.compile("不超过|不高于|最高|上限|以内|封顶")
_EVERY = {
    "每月": "元/月",
    "每年": "元/年",
    "每学年": "元/年",
    "每天": "元/天",
    "每日": "元/天",
    "每学期": "元/学期",
}


def proposals(policy: Policy) -> tuple[Proposal, ...]:
    """Return a proposal for each amount of money that somebody might be given, in the text's order."""
    if policy.valid_from is None and policy.issued_on is None:
        return ()
    return tuple(
        _proposal(policy, clause, number, statement, figure)
        for clause in citable(policy)
        for number, (statement, figure) in enumerate(_amounts(clause), 1)
    )


def _amounts(clause: Clause) -> Iterator[tuple[Statement, Figure]]:
    for statement in read(clause).statements:
        if not statement.is_target:
            for figure in statement.figures:
                if figure.measure is Measure.MONEY and len(figure.values) == 1:
                    yield statement, figure


def _proposal(policy: Policy, clause: Clause, number: int, statement: Statement, figure: Figure) -> Proposal:
    segment = next((s for s in statement.segments if figure.text in s.text), statement.passage)
    value = figure.values[0]
    name = f"draft{number}"
    since = policy.valid_from or policy.issued_on
    unit = next((unit for words, unit in _EVERY.items() if words in segment.text), "元")
    kind = "cap" if _CAP.search(segment.text) else "exact"
    benefit = (*statement.benefits, clause.heading, "补贴")
    title = next(words for words in benefit if words)[:30]
    lines = [
        "# 由导入程序照原文起草,没有人核对过;核对、改好条件以后,把 draft 改成 published 才会计算。",
        f"id = {_quoted(f'{policy.policy_id} {clause.clause_id}:{name}')}",
        f"title = {_quoted(title)}",
        f"audience = [{_quoted(_audience(statement.passage.text))}]",
        'status = "draft"',
        'reviewed_by = ""',
        f"kind = {_quoted(kind)}",
        f"quote = {_quoted(segment.text)}",
        f"unit = {_quoted(unit)}",
        'paid = ""',
        "",
        "[amount]",
        'formula = "fixed"',
        'params = { value = "value" }',
        "",
        "[[param.value]]",
        f"value = {_number(value)}",
        f"unit = {_quoted(unit)}",
        f"from = {since}",
        *([f"to = {policy.valid_to}"] if policy.valid_to else []),
        f"quote = {_quoted(segment.text)}",
        "",
        "[[unverified]]",
        'id = "conditions"',
        f"text = {_quoted(f'条件还没有整理:{statement.passage.text}')}",
    ]
    return Proposal(
        f"{clause.clause_id}-{name}.toml", "\n".join(lines) + "\n", clause.clause_id, segment.text
    )


def _audience(text: str) -> str:
    """Return whom a statement seems to be about; a person who checks the file sets it right."""
    if re.search("企业|单位|机构|基地", text):
        return "单位"
    return "创业" if "创业" in text else "求职"


def _number(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return str(int(value)) if whole else _quoted(f"{value.normalize():f}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
