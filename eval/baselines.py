"""Three answerers without understanding: what the figures of the advisor have to be read beside."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.advisor import Advisor
from bot.types import Answer, AnswerStatus, Citation, Question
from knowledge.corpus import citable
from knowledge.types import Clause, Policy, ValidityStatus

Answering = Callable[[Question], Answer]

_STATUS = {
    ValidityStatus.ENDED: AnswerStatus.ANSWERED_ENDED,
    ValidityStatus.PERIOD_OVER: AnswerStatus.ANSWERED_PERIOD_OVER,
}


def baselines(advisor: Advisor) -> Mapping[str, Answering]:
    """Return the answerers by name; they know the documents, the day and the place, and nothing else."""

    def refuse(question: Question) -> Answer:
        return _answer(question, AnswerStatus.UNANSWERABLE_NO_CLAUSE, "请拨打12333。", ())

    def paste_first(question: Question) -> Answer:
        policies = _policies(advisor, question)
        codes = tuple(policy.region for policy in policies)
        names = tuple(policy.policy_id for policy in policies)
        found = advisor.settler.retriever.invoke(question.message, regions=codes, policies=names, k=1)
        if not found:
            return refuse(question)
        clause = advisor.corpus.clause(str(found[0].id))
        status = advisor.corpus.status(policies[0], question.as_of, clause.clause_id)
        return _answer(question, _STATUS.get(status, AnswerStatus.ANSWERED), clause.text, (clause,))

    def cite_all(question: Question) -> Answer:
        policies = _policies(advisor, question)
        if not policies:
            return refuse(question)
        status = advisor.corpus.status(policies[0], question.as_of)
        clauses = tuple(clause for policy in policies for clause in citable(policy))
        text = "\n".join(clause.text for clause in clauses)
        return _answer(question, _STATUS.get(status, AnswerStatus.ANSWERED), text, clauses)

    return {"always refuses": refuse, "pastes the first clause": paste_first, "cites everything": cite_all}


def _policies(advisor: Advisor, question: Question) -> tuple[Policy, ...]:
    named = advisor.regions.mentions(question.message, None)
    codes = [mention.regions[0].code for mention in named if len(mention.regions) == 1]
    place = advisor.regions.resolve(question.region) if question.region else None
    code = next(iter(codes), getattr(place, "code", None))
    return advisor.corpus.in_regions(advisor.regions.chain(code)) if code else ()


def _answer(question: Question, status: AnswerStatus, text: str, clauses: Sequence[Clause]) -> Answer:
    conversation = question.conversation_id or secrets.token_hex(16)
    cited = tuple(_citation(n, clause, question.as_of) for n, clause in enumerate(clauses, start=1))
    return Answer(secrets.token_hex(16), conversation, status, text, question.as_of, citations=cited)


def _citation(n: int, clause: Clause, as_of: date) -> Citation:
    return Citation(
        n=n,
        policy=clause.policy_id,
        clause=clause.clause_id,
        label=clause.label,
        title="",
        number=None,
        issuer=None,
        quote=clause.text,
        url="",
        validity=ValidityStatus.UNSTATED,
        valid_from=None,
        valid_to=as_of,
    )
