"""Bring the index up to date with the policies; safe to repeat, safe to kill, swaps whole.

A run builds a new generation in a folder of its own and then replaces the manifest in one step. Until
that step the old generation serves; after it, the new one does. Nothing is ever half new.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embeddings.encoder import Encoder
from embeddings.lexical import WordIndex
from embeddings.store import DamagedStore, VectorStore
from embeddings.types import Row
from knowledge.corpus import Corpus, citable
from knowledge.statements import Statement, read
from knowledge.types import Clause, Policy

_FORMAT = 2
_MANIFEST = "manifest.json"


class DamagedIndex(RuntimeError):
    """The index cannot be read; `python app.py index` rebuilds it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which generation serves, and what it was built from."""

    generation: str
    content: str  # sha256 over all rows and the encoder


@dataclass(frozen=True, slots=True)
class Update:
    """What a run did."""

    changed: bool
    rows: int
    encoded: int  # texts that were new to the encoder
    reused: int


def rows(corpus: Corpus) -> tuple[Row, ...]:
    """Return every searchable text of every citable clause."""
    return tuple(
        Row(f"{clause.full_id}/{number}", clause.full_id, policy.policy_id, policy.region, text, at)
        for policy in corpus.policies.values()
        for clause in citable(policy)
        for number, (text, at) in enumerate(_texts(policy, clause))
    )


def _texts(policy: Policy, clause: Clause) -> Iterator[tuple[str, int | None]]:
    """The clause with the headings above it, each of its statements, and how people ask about it.

    Each with where the statement begins that it is about, None for the clause as a whole.
    """
    above = " ".join(text for text in clause.context if len(text) < 60)
    yield f"{above} {_ORDINAL.sub('', clause.text)}".strip(), None
    statements = read(clause).statements
    if len(statements) > 1:
        yield from ((f"{clause.heading} {s.passage.text}".strip(), s.passage.start) for s in statements)
    for phrasing in policy.phrasings.get(clause.clause_id, ()):
        yield from ((text, _statement_at(statements, phrasing.at)) for text in phrasing.asks)


# A printed number is the clause's place, not what it says: a 22 in a message does not mean 22.加强…
_ORDINAL = re.compile(
    r"^(?:\d{1,3}[.、]|\([〇一二三四五六七八九十百\d]+\)|[〇一二三四五六七八九十百]+、|第\S{1,6}条)"
)


def _statement_at(statements: Sequence[Statement], at: int | None) -> int | None:
    """Return where the statement begins that holds the place `at`; None when none does."""
    held = (s.passage.start for s in statements if at is not None and s.passage.start <= at < s.passage.end)
    return next(held, None)


def update(folder: Path, corpus: Corpus, encoder: Encoder) -> Update:
    """Build the generation that `corpus` and `encoder` ask for, unless it serves already."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = rows(corpus)
    content = _content(wanted, encoder)
    with _alone(folder):
        current = _readable_manifest(folder)
        if current and current.content == content and _is_whole(folder / current.generation):
            _sweep(folder, keep=(current.generation,))
            return Update(False, len(wanted), 0, len(wanted))
        known = _known_vectors(folder, current, encoder)
        generation = secrets.token_hex(8)
        encoded = _build(folder / generation, wanted, encoder, known)
        _publish(folder, Manifest(generation, content))
        _sweep(folder, keep=(generation, current.generation if current else generation))
    return Update(True, len(wanted), encoded, len(wanted) - encoded)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the generation that serves.

    Raises:
        DamagedIndex: there is none, or it cannot be read.
    """
    path = folder / _MANIFEST
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        if written["format"] != _FORMAT:
            raise DamagedIndex(f"{path}: format {written['format']}, expected {_FORMAT}")
        return Manifest(written["generation"], written["content"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"{path}: {error}") from error


def _readable_manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except DamagedIndex:
        return None  # nothing to reuse: the run that called builds everything anew


def _content(wanted: Sequence[Row], encoder: Encoder) -> str:
    digest = hashlib.sha256(f"{_FORMAT} {encoder.fingerprint}".encode())
    for row in wanted:
        digest.update(f"\0{row.row_id}\0{row.region}\0{row.at}\0{row.text}".encode())
    return digest.hexdigest()


def _known_vectors(folder: Path, current: Manifest | None, encoder: Encoder) -> dict[str, list[float]]:
    """Return the vectors of the serving generation, if this encoder made them."""
    if current is None or not (folder / current.generation / encoder.fingerprint).exists():
        return {}
    try:
        store = VectorStore(folder / current.generation / "vectors")
    except DamagedStore:
        return {}
    try:
        return {t: v for region in store.regions() for t, v in store.known(region).items()}
    finally:
        store.close()


def _build(place: Path, wanted: Sequence[Row], encoder: Encoder, known: dict[str, list[float]]) -> int:
    place.mkdir()
    store = VectorStore(place / "vectors", create=True)
    try:
        encoded = store.add(wanted, encoder, known)
    finally:
        store.close()
    for region in dict.fromkeys(row.region for row in wanted):
        mine = [row for row in wanted if row.region == region]
        words = place / "words" / region
        WordIndex.build([row.text for row in mine]).save(words)
        listed = [(row.row_id, row.clause_id, row.at) for row in mine]
        (words / "rows.json").write_text(json.dumps(listed), encoding="utf-8")
    (place / encoder.fingerprint).touch()
    return encoded


def read_rows(place: Path, region: str) -> tuple[tuple[str, str, int | None], ...]:
    """Return (row id, full clause id, place of its statement) of each row, in the word index's order."""
    written = json.loads((place / "words" / region / "rows.json").read_text(encoding="utf-8"))
    return tuple((row_id, clause_id, at) for row_id, clause_id, at in written)


def _is_whole(place: Path) -> bool:
    """Whether a generation can be opened and holds as many vectors as words, region by region."""
    try:
        store = VectorStore(place / "vectors")
    except DamagedStore:
        return False
    try:
        return all(store.count(region) == len(read_rows(place, region)) for region in store.regions())
    except (OSError, ValueError):
        return False
    finally:
        store.close()


def _publish(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step, on disk before the old generation may go."""
    written = {
        "format": _FORMAT,
        "generation": manifest.generation,
        "content": manifest.content,
    }
    new = folder / f"{_MANIFEST}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(written, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / _MANIFEST)


def _sweep(folder: Path, keep: Sequence[str]) -> None:
    """Remove generations that nothing serves: older ones, and what a killed run left."""
    for place in folder.iterdir():
        if place.is_dir() and place.name not in keep:
            shutil.rmtree(place)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the index against other runs; a second run waits here and then finds nothing to do."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
