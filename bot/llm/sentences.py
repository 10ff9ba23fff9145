"""A finished answer → its sentences, all that has a source of its own behind an opaque token.

What a model gets to see is ⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧。 No figure, no name and nothing that the person
said is in it; code puts them back. Only fixed words of ours are open to be said otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.types import Answer, SourceKind, Span

_ENDS = re.compile(r"(?<=[。!?])|(?=\n)|(?<=\n)")
_TOKEN = re.compile(r"⟦(\d+)⟧")
_LAID_OUT = re.compile(r"[|#\n]|^\s*[-*>] ")
_BOLD = "**"
# What a model is told of a token: what kind of words stand there, not which.
_KINDS = {
    SourceKind.CLAUSE: "条款原文",
    SourceKind.METADATA: "文件的名称、编号或日期",
    SourceKind.DAY: "日期",
    SourceKind.PERSON: "来问的人的原话",
    SourceKind.STEP: "算出来的结果",
    SourceKind.QUESTION: "要问的问题",
    SourceKind.REGION: "地名",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, in its spans; `template` is what a model may see of it."""

    template: str
    spans: tuple[Span, ...]

    @property
    def is_open(self) -> bool:
        """Whether it may be said otherwise; rows of tables and lists stay as they are."""
        return bool(self.template.strip()) and not _LAID_OUT.search(self.template)


@dataclass(frozen=True, slots=True)
class Outline:
    """An answer in sentences, and what stands behind each token."""

    sentences: tuple[Sentence, ...]
    tokens: Mapping[int, tuple[Span, ...]]

    def legend(self) -> str:
        """Return what kind of words stands behind each token of the open sentences."""
        shown = [int(n) for s in self.sentences if s.is_open for n in _TOKEN.findall(s.template)]
        return "\n".join(f"⟦{n}⟧ {_kind(self.tokens[n])}" for n in shown)


def outline(answer: Answer) -> Outline:
    """Return the sentences of `answer`; put together again, their spans are the answer's text."""
    tokens: dict[int, tuple[Span, ...]] = {}
    sentences: list[Sentence] = []
    template = ""
    spans: tuple[Span, ...] = ()  # of the sentence under way
    for piece in _pieces(_spans(answer)):
        if spans and piece[0].text == "\n" and spans[-1].text != "\n":
            sentences.append(Sentence(template, spans))
            template, spans = "", ()
        if piece[0].source is SourceKind.FIXED and len(piece) == 1:
            template += piece[0].text.translate(_NO_TOKEN)
        else:
            tokens[len(tokens) + 1] = piece
            template += f"⟦{len(tokens)}⟧"
        spans += piece
        if template[-1] in "。!?\n":
            sentences.append(Sentence(template, spans))
            template, spans = "", ()
    if spans:
        sentences.append(Sentence(template, spans))
    return Outline(tuple(sentences), tokens)


def put_back(said: str, tokens: Mapping[int, tuple[Span, ...]]) -> Iterator[Span]:
    """Yield the spans of a sentence with tokens; its own words are a model's, and say nothing new."""
    for index, piece in enumerate(_TOKEN.split(said)):
        if index % 2:
            yield from tokens[int(piece)]
        elif piece:
            yield Span(piece, SourceKind.MANNERS, "manners")


_NO_TOKEN = str.maketrans("⟦⟧", "[]")


def _spans(answer: Answer) -> Iterator[Span]:
    for proof in answer.proof:
        yield Span(answer.text[proof.start : proof.end], proof.source, proof.ref)


def _pieces(spans: Iterator[Span]) -> Iterator[tuple[Span, ...]]:
    """Yield fixed words cut where a sentence ends, and what has a source in runs, with its **."""
    run: tuple[Span, ...] = ()
    for span in spans:
        if span.source is not SourceKind.FIXED or span.text == _BOLD:
            run += (span,)
            continue
        text = span.text
        if run and text.startswith(_BOLD) and _is_in_bold(run):
            run += (Span(_BOLD, span.source, span.ref),)
            text = text.removeprefix(_BOLD)
        opens = text.endswith(_BOLD) and text.count(_BOLD) % 2 == 1
        text = text.removesuffix(_BOLD) if opens else text
        if text:
            if run:
                yield run
            yield from ((Span(cut, span.source, span.ref),) for cut in _ENDS.split(text) if cut)
            run = ()
        if opens:
            run += (Span(_BOLD, span.source, span.ref),)
    if run:
        yield run


def _is_in_bold(run: Sequence[Span]) -> bool:
    return sum(span.text == _BOLD for span in run) % 2 == 1


def _kind(spans: Sequence[Span]) -> str:
    source = next((s.source for s in spans if s.source is not SourceKind.FIXED), SourceKind.FIXED)
    return _KINDS.get(source, "写定的话")
