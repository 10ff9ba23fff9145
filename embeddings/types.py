"""What is indexed, and what a search finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.types import Clause


@dataclass(frozen=True, slots=True)
class Row:
    """One searchable text of a clause: the whole clause, one of its statements, or how people ask."""

    row_id: str  # "hangzhou-2023#2.3.17/2"; the key, because equal texts stand in different clauses
    clause_id: str  # full id
    policy_id: str
    region: str  # six-digit code
    text: str
    at: int | None = None  # where the statement that it is about begins in the policy's text


@dataclass(frozen=True, slots=True)
class ScoredClause:
    """A clause that was found, how well it fits, and by which of its texts."""

    clause: Clause
    score: float  # words and vectors together, 0 to 1
    words: float  # share of the question's words that its best text has, 0 to 1
    vectors: float  # cosine of its best text, −1 to 1
    found_by: str  # the text that matched best
    statements: Mapping[int, float]  # the best score of each statement, by where it begins
