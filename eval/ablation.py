"""The advisor with one part taken away: what it brings is what is lost without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import app
from bot.advisor import Advisor
from bot.understanding.repair import Repairer
from embeddings.search import Weights
from embeddings.wording import Wording
from knowledge import terms
from knowledge.corpus import Corpus


class Missing(StrEnum):
    """A part that can be taken away."""

    NOTHING = "nothing"
    WORDS = "the word index"
    ENCODER = "the encoder"
    PHRASINGS = "the phrasings"
    GUESS = "the guess learned from them"
    JUDGE = "the judge learned from them"
    REPAIR = "the repair of typos"


_WEIGHTS = {
    Missing.WORDS: Weights(words=0.0),
    Missing.ENCODER: Weights(words=1.0),
    Missing.GUESS: Weights(guess=0.0),
    Missing.JUDGE: Weights(judge=0.0),
}


@contextmanager
def without(missing: Missing, folder: Path) -> Iterator[Advisor]:
    """Yield the advisor without a part; its data lie in `folder`."""
    settings = app.Settings(data_dir=folder)
    corpus, regions = app.knowledge(settings)
    texts = (policy.text for policy in corpus.policies.values())
    repairer = Repairer(terms.load(), texts, Wording.load(), terms.english())
    if missing is Missing.REPAIR:
        repairer = Repairer((), (), Wording.load())
    if missing is Missing.PHRASINGS:
        corpus = _unasked(corpus)
    parts = (settings, corpus, regions, app.load_encoder(settings), repairer, _WEIGHTS.get(missing))
    with app.assembled(*parts) as advisor:
        yield advisor


def _unasked(corpus: Corpus) -> Corpus:
    policies = {name: replace(policy, phrasings={}) for name, policy in corpus.policies.items()}
    return replace(corpus, policies=policies)
