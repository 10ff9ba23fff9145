"""The calculator for the rest of the product: functions that return JSON, and the same as langchain tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from langchain_core.tools import StructuredTool

from bot.calculator.change import changes, deadlines
from bot.calculator.determination import InvalidInput, figure_json
from bot.calculator.engine import determine, read_facts, stand
from bot.calculator.screening import screen
from knowledge.facts import Fact, Facts, FactType, parse_day
from knowledge.programs import AUDIENCES, Program, Programs, Status
from knowledge.regions import Ambiguous, Regions

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Calculator:
    """Figures and conditions of all programs that are published."""

    programs: Programs
    regions: Regions

    def calculate(
        self,
        program: str,
        facts: Mapping[str, object],
        as_of: date | str,
        region: str | None = None,
    ) -> Json:
        """Return one determination, or `error: "invalid_input"` with `fields`."""
        found = self.programs.programs.get(program)
        day = parse_day(as_of)
        problems = self._problems(found, day, region)
        if problems or found is None or day is None:
            return InvalidInput(program, str(as_of), problems).to_json()
        result = determine(self.programs, found, facts, day)
        if isinstance(result, InvalidInput):
            return result.to_json()
        person, _ = read_facts(self.programs, found, facts, day)
        return {
            **result.to_json(),
            "changes": [c.to_json() for c in changes(self.programs, person, result)],
            "until": [u.to_json() for u in deadlines(self.programs, person, result)],
        }

    def screen(
        self,
        region: str,
        facts: Mapping[str, object],
        as_of: date | str,
        audience: str | None = None,
    ) -> Json:
        """Return every program of the region as met, unknown or not_met, and the next question.

        The answer to the first question, "audience", may come among the facts.
        """
        day, codes = parse_day(as_of), self._chain(region)
        told = {name: value for name, value in facts.items() if name != "audience"}
        asked = "audience" not in facts
        wanted = facts.get("audience") if audience is None else audience
        problems: dict[str, str] = {}
        if day is None:
            problems["as_of"] = _BAD_DAY
        if codes is None:
            problems["region"] = f"不认识“{region}”,或这个名字不止一处"
        if wanted is not None and wanted not in AUDIENCES:
            problems["audience"] = f"应为{'、'.join(AUDIENCES)}之一"
        if problems or day is None or codes is None:
            return InvalidInput("", str(as_of), problems).to_json()
        chosen = str(wanted) if wanted is not None else None
        found = screen(self.programs, self._policies(codes), told, day, chosen, ask_audience=asked)
        if isinstance(found, InvalidInput):
            return found.to_json()
        question = found.next_question
        return {
            "region": self.regions.get(codes[0]).name,
            "as_of": day.isoformat(),
            "met": [row.to_json(self.programs) for row in found.met],
            "unknown": [row.to_json(self.programs) for row in found.unknown],
            "not_met": [row.to_json(self.programs) for row in found.not_met],
            "next_question": question.to_json() if question else None,
        }

    def list_programs(self, region: str | None, as_of: date | str) -> list[Json]:
        """Return the published programs of a region, or of all, with their figures on that day.

        Raises:
            ValueError: the region or the day is not one.
        """
        day = parse_day(as_of)
        codes = self._chain(region) if region is not None else None
        if day is None or (region is not None and codes is None):
            raise ValueError(f"no such day or region: {as_of!r}, {region!r}")
        policies = self.programs.policies if codes is None else self._policies(codes)
        return [self._listed(program, day) for program in self.programs.published(policies)]

    def facts_json(self) -> list[Json]:
        """Return the fact dictionary, in asking order."""
        return [_fact_json(fact) for fact in self.programs.facts.values()]

    def tools(self) -> tuple[StructuredTool, StructuredTool, StructuredTool]:
        """Return `calculate`, `screen` and `list_programs` as langchain tools."""
        return tuple(_tools(self))  # type: ignore[return-value]

    # ── inside ───────────────────────────────────────────────────────────────────────────────

    def _problems(self, program: Program | None, day: date | None, region: str | None) -> dict[str, str]:
        problems: dict[str, str] = {}
        if program is None or program.status is Status.DRAFT:
            problems["program"] = "没有这个项目"
        elif region is not None:
            codes = self._chain(region)
            if codes is None:
                problems["region"] = f"不认识“{region}”,或这个名字不止一处"
            elif program.policy_id not in self._policies(codes):
                problems["program"] = f"不是{self.regions.get(codes[0]).name}的项目"
        if day is None:
            problems["as_of"] = _BAD_DAY
        return problems

    def _chain(self, region: str) -> tuple[str, ...] | None:
        found = self.regions.resolve(region)
        if found is None or isinstance(found, Ambiguous):
            return None
        return self.regions.chain(found.code)

    def _policies(self, codes: Sequence[str]) -> tuple[str, ...]:
        return tuple(p.policy_id for p in self.programs.policies.values() if p.region in codes)

    def _listed(self, program: Program, day: date) -> Json:
        standing = stand(self.programs.policies, program, day)
        return {
            "program": program.id,
            "title": program.title,
            "policy": program.policy_id,
            "region": self.regions.get(self.programs.policies[program.policy_id].region).name,
            "clause": program.clause,
            "audience": list(program.audience),
            "kind": program.kind.value,
            "unit": program.unit,
            "paid": program.paid,
            "quote": program.quote,
            "in_force": standing.in_force if standing else False,
            "reason": standing.reason if standing else "not_yet",
            "facts": list(program.reads),
            "metrics": [{"value": t.metric, "label": t.label} for t in program.targets],
            "conditions": [{"id": c.id, "text": c.text} for c in program.conditions],
            "unverified": [item.text for item in program.unverified],
            "figures": list(_figures(program, day)),
            "reviewed_by": program.reviewed_by,
        }


_BAD_DAY = "应为日期,如 2024-06-01"


def _figures(program: Program, day: date) -> Iterator[Json]:
    for parameter in program.parameters.values():
        for dated in parameter.values:
            yield {
                "param": parameter.name,
                "value": figure_json(dated.value),
                "unit": parameter.unit,
                "clause": parameter.clause,
                "quote": dated.quote,
                "from": dated.since.isoformat(),
                "to": dated.until.isoformat() if dated.until else None,
                "holds": dated.holds(day),
            }


def _fact_json(fact: Fact) -> Json:
    return {
        "name": fact.name,
        "type": fact.type.value,
        "label": fact.label,
        "whose": fact.whose,
        "question": fact.question,
        "unit": fact.unit,
        "min": _limit(fact.minimum),
        "max": _limit(fact.maximum),
        "above": _limit(fact.above),
        "options": [{"value": v, "label": label} for v, label in (fact.options or {}).items()],
        "fields": {name: kind.value for name, kind in (fact.fields or {}).items()},
        "local": fact.local,
    }


def _limit(limit: Decimal | None) -> int | str | None:
    if limit is None:
        return None
    return int(limit) if limit == limit.to_integral_value() else str(limit)


# ── as langchain tools ───────────────────────────────────────────────────────────────────────


def _tools(calculator: Calculator) -> Iterator[StructuredTool]:
    dictionary = calculator.programs.facts
    published = [
        program.id for program in calculator.programs.programs.values() if program.status is Status.PUBLISHED
    ]
    day = {"type": "string", "format": "date", "description": "按哪一天算,如 2024-06-01"}
    region = {"type": "string", "description": "城市名或区划代码,如 杭州市"}
    yield StructuredTool(
        name="calculate",
        description="按一个补贴项目的条款算金额、核条件;缺的事实会列出来,不猜。",
        func=calculator.calculate,
        args_schema=object_schema(
            {
                "program": {"type": "string", "enum": published},
                "facts": facts_schema(dictionary),
                "as_of": day,
            }
        ),
    )
    yield StructuredTool(
        name="screen",
        description="拿一个人的事实对照一个地区的全部项目:符合、待核、不符合,以及下一个该问的问题。",
        func=calculator.screen,
        args_schema=object_schema(
            {"region": region, "facts": facts_schema(dictionary, shared=True), "as_of": day},
            audience={"type": "string", "enum": list(AUDIENCES)},
        ),
    )
    yield StructuredTool(
        name="list_programs",
        description="列出一个地区的补贴项目,带每个数的原文。",
        func=calculator.list_programs,
        args_schema=object_schema({"region": region, "as_of": day}),
    )


def object_schema(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    """Return the JSON schema of an object that has these parts and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def facts_schema(facts: Facts, *, shared: bool = False) -> dict[str, Any]:
    """Return the JSON schema of a facts object; null is "asked, and not said".

    With `shared`, facts about one program alone go by `2.3.17:startup.already_received`.
    """
    own = {name: _fact_schema(fact) for name, fact in facts.items() if not (shared and fact.local)}
    local = "|".join(name for name, fact in facts.items() if fact.local)
    schema: dict[str, Any] = {"type": "object", "properties": own, "additionalProperties": False}
    return schema | {"patternProperties": {rf"^.+:.+\.({local})$": {}}}


def _fact_schema(fact: Fact) -> dict[str, Any]:
    shape = _SHAPES[fact.type](fact)
    return {"anyOf": [shape, {"type": "null"}], "description": fact.question}


_WRITTEN_NUMBER = {"type": ["integer", "string"], "pattern": r"^\d+(\.\d+)?$"}  # "33.5": never a float


def _number_shape(fact: Fact) -> dict[str, Any]:
    limits = {
        "minimum": _limit(fact.minimum),
        "maximum": _limit(fact.maximum),
        "exclusiveMinimum": _limit(fact.above),
    }
    kind = {"type": "integer"} if fact.type in (FactType.INT, FactType.INTS) else _WRITTEN_NUMBER
    return kind | {key: limit for key, limit in limits.items() if isinstance(limit, int)}


def _record_shape(fact: Fact) -> dict[str, Any]:
    names = list(fact.options or {})
    return object_schema({name: _WRITTEN_NUMBER for name in names})


def _records_shape(fact: Fact) -> dict[str, Any]:
    kinds = {FactType.BOOL: "boolean", FactType.INT: "integer"}
    fields = {name: {"type": kinds[kind]} for name, kind in (fact.fields or {}).items()}
    return {"type": "array", "items": object_schema(fields)}


_SHAPES = {
    FactType.ENUM: lambda fact: {"type": "string", "enum": list(fact.options or {})},
    FactType.TEXT: lambda fact: {"type": "string", "maxLength": 100},
    FactType.INT: _number_shape,
    FactType.DECIMAL: _number_shape,
    FactType.BOOL: lambda fact: {"type": "boolean"},
    FactType.DATE: lambda fact: {"type": "string", "format": "date"},
    FactType.MONTH: lambda fact: {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    FactType.SET: lambda fact: {
        "type": "array",
        "items": {"type": "string", "enum": list(fact.options or {})},
        "uniqueItems": True,
    },
    FactType.INTS: lambda fact: {"type": "array", "items": _number_shape(fact)},
    FactType.RECORD: _record_shape,
    FactType.RECORDS: _records_shape,
}
