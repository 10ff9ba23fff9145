"""Nothing is shown that its source does not say at that very place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.advisor import Advisor
from bot.answering.check import Known, problems
from bot.answering.compose import Draft
from bot.types import Question, SourceKind, Span
from bot.understanding.reading import read

DAY = date(2024, 6, 1)
MESSAGE = "我大三在读,招了6个人,第一年,杭州创业带动就业补贴能领多少"


@pytest.fixture
def known(advisor: Advisor) -> Known:
    return Known(MESSAGE, DAY, advisor.corpus, advisor.regions, advisor.calculator.programs.facts)


@pytest.fixture
def draft(advisor: Advisor) -> Draft:
    reading = read(MESSAGE, advisor.regions, None)
    facts = advisor.facts_in(MESSAGE, DAY)
    return advisor.settler.section(reading, reading.regions[0], DAY, facts).draft


def test_an_honest_draft_passes(draft: Draft, known: Known) -> None:
    assert problems(draft, known) == ()


def swapped(draft: Draft, source: SourceKind, **changed: str) -> Draft:
    """Return the draft with one more span: one of a source that it has, changed."""
    span = next(span for span in draft.all_spans if span.source is source)
    return replace(draft, spans=(*draft.spans, replace(span, **changed)))


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        (SourceKind.CLAUSE, {"text": "市财政局"}),
        (SourceKind.CLAUSE, {"ref": "hangzhou-2023#2.2.11@10-20"}),
        (SourceKind.PLAIN, {"text": "带动3人就业,每年补贴8000元"}),
        (SourceKind.PLAIN, {"ref": "hangzhou-2023#2.2.11@10-20/to@0-4"}),
        (SourceKind.PLAIN, {"ref": "没有这样的出处"}),
        (SourceKind.STEP, {"text": "50000元"}),
        (SourceKind.STEP, {"ref": "hangzhou-2023 2.3.17:jobs@0000000000000000:title"}),
        (SourceKind.METADATA, {"ref": "hangzhou-2023:label:2.1.3", "text": "二、（一）3"}),
        (SourceKind.METADATA, {"ref": "shanghai-2023:number", "text": "沪人社就〔2023〕162号"}),
        (SourceKind.FIXED, {"text": "您一定符合。"}),
        (SourceKind.REGION, {"text": "上海市"}),
    ],
)
def test_a_borrowed_or_altered_span_is_a_problem(
    draft: Draft, known: Known, source: SourceKind, changed: dict[str, str]
) -> None:
    assert problems(swapped(draft, source, **changed), known)


def test_words_that_the_person_did_not_say_are_a_problem(draft: Draft, known: Known) -> None:
    invented = Span("我有30个人", SourceKind.PERSON, "我有30个人")

    assert problems(replace(draft, spans=(*draft.spans, invented)), known)


def test_every_kind_of_answer_passes_its_own_check(advisor: Advisor) -> None:
    """An unproven draft would come out as an error."""
    for message in (
        MESSAGE,
        "杭州有什么补贴",
        "上海这个文件还有效吗",
        "嘉兴的文件是谁发的",
        "杭州买房补贴多少",
    ):
        answer = advisor.answer(Question(message, DAY), datetime(2026, 1, 1, tzinfo=UTC))
        assert not answer.status.startswith("error")
