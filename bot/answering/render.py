"""An answer → the JSON object of the HTTP contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date

from bot.types import Answer, Proof
from knowledge.archive import code


def answer_json(answer: Answer) -> dict[str, object]:
    """Return `answer` as the HTTP contract writes it, with its short code; days as YYYY-MM-DD."""
    written = {field.name: _plain(getattr(answer, field.name)) for field in fields(answer)}
    said = {**written, "proof": [_proof(proof) for proof in answer.proof]}
    return {**said, "code": code(said)}


def _proof(proof: Proof) -> dict[str, object]:
    return {"span": [proof.start, proof.end], "source": proof.source.value, "ref": proof.ref}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
