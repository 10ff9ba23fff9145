"""Where the cited words stand: the address of a clause's page, with the words to mark."""

from __future__ import annotations

from datetime import date

from knowledge.corpus import Corpus, UnknownClause


def clause_address(
    corpus: Corpus, policy_id: str, clause_id: str, quote: str, as_of: date | None = None
) -> tuple[str, str]:
    """Return a clause's printed label and the address that opens it with `quote` marked.

    Without such a clause (a program of the whole document, a document that is gone): its page.
    """
    try:
        clause = corpus.clause(f"{policy_id}#{clause_id}")
    except UnknownClause:
        return "", f"/policies/{policy_id}"
    text = corpus.policies[policy_id].text
    place = text.find(quote, clause.start)
    place = place if quote and 0 <= place < clause.end else text.find(quote) if quote else -1
    asked = [f"as_of={as_of}"] if as_of else []
    asked += [f"mark={place}-{place + len(quote)}"] if place >= 0 else []
    return clause.label, f"/policies/{policy_id}{'?' if asked else ''}{'&'.join(asked)}#{clause.clause_id}"
