"""What passes between the stages of an answer. All frozen: a stage takes one of these and returns another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.types import ValidityStatus


class AnswerStatus(StrEnum):
    """How an answer came out. The word before the first underscore is its family."""

    ANSWERED = "answered"
    ANSWERED_ENDED = "answered_ended"
    ANSWERED_PERIOD_OVER = "answered_period_over"
    ANSWERED_NOT_YET = "answered_not_yet"
    ANSWERED_SMALLTALK = "answered_smalltalk"
    CLARIFY_REGION = "clarify_region"
    CLARIFY_FACTS = "clarify_facts"
    CLARIFY_TOPIC = "clarify_topic"
    UNANSWERABLE_NOT_IN_TEXT = "unanswerable_not_in_text"
    UNANSWERABLE_NO_CLAUSE = "unanswerable_no_clause"
    REDIRECTED_CRISIS = "redirected_crisis"
    REDIRECTED_VIOLENCE = "redirected_violence"
    REDIRECTED_FRAUD = "redirected_fraud"
    REDIRECTED_WAGE_ARREARS = "redirected_wage_arrears"
    REDIRECTED_LABOUR_DISPUTE = "redirected_labour_dispute"
    REDIRECTED_WORK_INJURY = "redirected_work_injury"
    REDIRECTED_UNEMPLOYMENT_BENEFIT = "redirected_unemployment_benefit"
    REDIRECTED_PENSION = "redirected_pension"
    REDIRECTED_SOCIAL_INSURANCE = "redirected_social_insurance"
    REDIRECTED_MEDICAL_INSURANCE = "redirected_medical_insurance"
    REDIRECTED_HOUSING_FUND = "redirected_housing_fund"
    REDIRECTED_DISABILITY = "redirected_disability"
    REDIRECTED_TAX = "redirected_tax"
    REDIRECTED_CONSUMER = "redirected_consumer"
    REDIRECTED_TRAFFIC = "redirected_traffic"
    REDIRECTED_IMMIGRATION = "redirected_immigration"
    REDIRECTED_LEGAL = "redirected_legal"
    REDIRECTED_FINANCE = "redirected_finance"
    REDIRECTED_EXAMINATIONS = "redirected_examinations"
    REDIRECTED_PUBLIC_SERVICES = "redirected_public_services"
    REFUSED_OUT_OF_SCOPE = "refused_out_of_scope"
    REFUSED_TOO_LONG = "refused_too_long"
    ERROR_UNEXPECTED = "error_unexpected"


class Intent(StrEnum):
    """What a message wants to know."""

    WHAT = "what"
    HOW_MUCH = "how_much"  # 多少钱、几家、几天
    CAN_I = "can_i"
    UNTIL_WHEN = "until_when"
    WHO = "who"  # 哪个部门负责
    HOW_TO_APPLY = "how_to_apply"
    SOURCE = "source"  # 哪条写的、原文怎么说、你确定吗
    DOCUMENT = "document"  # 谁发的、哪天发的、文号
    WHAT_CAN_I_GET = "what_can_i_get"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Question:
    """One message as it came in; `Advisor.answer` masks it before anything else sees it."""

    message: str
    as_of: date  # the day the answer is read on
    region: str | None = None  # what the request named, as typed
    conversation_id: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)  # as the request gave them, unchecked
    english: bool = False  # it was asked in English


@dataclass(frozen=True, slots=True)
class Ask:
    """Something the advisor needs to know before it can say more."""

    fact: str  # the name of a fact, or "region", "topic", "audience"
    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark about the document or about how the message was read."""

    kind: str  # "ended", "period_over", "not_yet", "repealed", "stale", "corrected"
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause that the reply rests on."""

    n: int  # 1 is the clause that settles the question
    policy: str
    clause: str
    label: str  # 二、（三）17
    title: str
    number: str | None
    issuer: str | None
    quote: str  # verbatim in the policy's normalised text
    url: str
    validity: ValidityStatus
    valid_from: date | None
    valid_to: date | None


class SourceKind(StrEnum):
    """What a span of a reply rests on."""

    CLAUSE = "clause"  # ref: "hangzhou-2023#2.1.3@1034-1051", offsets into the normalised text
    PLAIN = "plain"  # ref: "hangzhou-2023#2.1.3@1034-1051/gives@0-12", offsets into the plain words
    METADATA = "metadata"  # ref: "hangzhou-2023:valid_to"
    DAY = "day"  # ref: the day, YYYY-MM-DD
    PERSON = "person"  # ref: the words of the message
    STEP = "step"  # ref: "hangzhou-2023 2.3.17:jobs@<determination_id>:amount", a part of a calculation
    QUESTION = "question"  # ref: the name of the fact that is asked for
    FIXED = "fixed"  # ref: the name of the fixed sentence
    REGION = "region"  # ref: six-digit code
    MANNERS = "manners"  # a model's words that say what ours said there (bot/llm/manners.py); in no draft


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a reply and what it rests on."""

    text: str
    source: SourceKind
    ref: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Where in the finished text a span stands, and what it rests on."""

    start: int  # offsets into Answer.text, in characters
    end: int
    source: SourceKind
    ref: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    tool: str
    args: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked reply, ready for any channel."""

    answer_id: str
    conversation_id: str
    status: AnswerStatus
    text: str  # Markdown, complete by itself
    as_of: date
    verdict: str | None = None  # "met", "not_met", "unknown" for a "can I"; else None
    citations: tuple[Citation, ...] = ()
    asks: tuple[Ask, ...] = ()
    notices: tuple[Notice, ...] = ()
    regions: tuple[str, ...] = ()  # full names
    tool_calls: tuple[ToolCall, ...] = ()
    proof: tuple[Proof, ...] = ()
    knowledge: str = ""  # the archived version of the policies that it rests on
    label: str = ""  # the AI mark that goes wherever the reply goes
    calculations: tuple[Mapping[str, object], ...] = ()  # determinations, as JSON
    facts: Mapping[str, object] = field(default_factory=dict)
