"""The documents and the calculator as langchain tools, for agents: each returns JSON and names its clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from langchain_core.tools import StructuredTool

from bot.advisor import Advisor
from bot.calculator.tools import object_schema
from bot.privacy import mask
from knowledge.corpus import UnknownClause, citable
from knowledge.facts import parse_day
from knowledge.normalize import normalized
from knowledge.regions import Ambiguous
from knowledge.types import Clause

Json = dict[str, object]

_MOST_CLAUSES = 10
_BAD_DAY = "应为日期,如 2024-06-01"


@dataclass(frozen=True, slots=True)
class Tools:
    """What an agent may ask of the advisor. Mistakes in the input come back as `error: "invalid_input"`."""

    advisor: Advisor

    def search_clauses(self, query: str, region: str, as_of: date | str, limit: int = 5) -> Json:
        """Return the clauses of a region's documents that are nearest to `query`, best first."""
        day = parse_day(as_of)
        place = self.advisor.regions.resolve(region)
        problems = {"as_of": _BAD_DAY} if day is None else {}
        if place is None or isinstance(place, Ambiguous):
            problems["region"] = f"不认识“{region}”,或这个名字不止一处"
        if problems or day is None or place is None or isinstance(place, Ambiguous):
            return _refused(problems)
        codes = self.advisor.regions.chain(place.code)
        policies = tuple(policy.policy_id for policy in self.advisor.corpus.in_regions(codes))
        if not policies:
            return {"region": place.name, "as_of": day.isoformat(), "clauses": []}
        text = normalized(mask(query).text)
        found = self.advisor.settler.retriever.invoke(
            text, regions=codes, policies=policies, k=min(limit, _MOST_CLAUSES)
        )
        rows: list[Json] = [
            self._entry(self.advisor.corpus.clause(str(one.id)), day)
            | {"text": one.page_content, "score": round(float(one.metadata["score"]), 4)}
            for one in found
        ]
        return {"region": place.name, "as_of": day.isoformat(), "clauses": rows}

    def read_clause(self, clause: str, as_of: date | str) -> Json:
        """Return a clause by its full id: its words, what stands above it, whether its document holds."""
        day = parse_day(as_of)
        if day is None:
            return _refused({"as_of": _BAD_DAY})
        try:
            found = self.advisor.corpus.clause(clause)
        except UnknownClause:
            return _refused({"clause": f"没有条款 {clause},全号像 hangzhou-2023#2.3.17"})
        policy = self.advisor.corpus.policies[found.policy_id]
        return self._entry(found, day) | {
            "text": found.text,
            "context": list(found.context),
            "citable": found in citable(policy),
        }

    def tools(self) -> tuple[StructuredTool, ...]:
        """Return them all as langchain tools; the last three are the calculator's own."""
        day = {"type": "string", "format": "date", "description": "按哪一天看,如 2024-06-01"}
        query = {"type": "string", "maxLength": 500, "description": "想找的事,平常话就行"}
        region = {"type": "string", "description": "城市名或区划代码,如 杭州市"}
        clause = {"type": "string", "description": "条款全号,如 hangzhou-2023#2.3.17"}
        limit = {"type": "integer", "minimum": 1, "maximum": _MOST_CLAUSES, "default": 5}
        search = StructuredTool(
            name="search_clauses",
            description="在一个地区的政策文件里找条款,最接近的在前,给原文、编号和文件状态。别的地区的条款不会出现。",
            func=self.search_clauses,
            args_schema=object_schema({"query": query, "region": region, "as_of": day}, limit=limit),
        )
        read = StructuredTool(
            name="read_clause",
            description="按全号读一条条款的原文,连同它上面的标题和文件那一天的状态。",
            func=self.read_clause,
            args_schema=object_schema({"clause": clause, "as_of": day}),
        )
        return search, read, *self.advisor.calculator.tools()

    def _entry(self, clause: Clause, day: date) -> Json:
        policy = self.advisor.corpus.policies[clause.policy_id]
        return {
            "clause": clause.full_id,
            "label": clause.label,
            "heading": clause.heading,
            "title": policy.title.value,
            "validity": self.advisor.corpus.status(policy, day, clause.clause_id).value,
            "url": f"/policies/{policy.policy_id}#{clause.clause_id}",
        }


def _refused(problems: Mapping[str, str]) -> Json:
    return {"error": "invalid_input", "fields": list(problems), "problems": dict(problems)}
