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
    is_asked: bool = False  # how people ask, not what the document says
    unsaid: str | None = None  # what it asks about and the document does not say


@dataclass(frozen=True, slots=True)
class ScoredClause:
    """A clause that was found, how well it fits, and by which of its texts."""

    clause: Clause
    score: float  # words and vectors together (0 to 1), and what the phrasings taught; 0 up
    words: float  # share of the question's words that its best text has, 0 to 1
    vectors: float  # cosine of its best text, −1 to 1
    found_by: str  # the text that matched best
    statements: Mapping[int, float]  # the best score of each statement, by where it begins
    asked: float = 0.0  # the best score among the ways in which people ask about what it says
    unsaid: tuple[float, str | None] = (0.0, None)  # … about what it does not say, and what that is

    @property
    def is_taught(self) -> bool:
        """Whether anybody wrote down how people ask about the clause."""
        return self.asked > 0 or self.unsaid[1] is not None
