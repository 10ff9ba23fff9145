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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypedDict

from embeddings.encoder import Encoder
from embeddings.learned import ClauseGuess, Judge
from embeddings.lexical import WordIndex
from embeddings.store import DamagedStore, VectorStore
from embeddings.types import Row
from knowledge.corpus import Corpus, citable
from knowledge.statements import Statement, read
from knowledge.types import Clause, Policy

_FORMAT = 3
_MANIFEST = "manifest.json"
_PARTS = "parts.json"  # what each part of a generation was built from
JUDGE = "judge.npz"


class DamagedIndex(RuntimeError):
    """The index cannot be read; `python app.py index` rebuilds it."""


class OlderIndex(DamagedIndex):
    """The index was built by another version of this program; an update builds it anew."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which generation serves, and what it was built from."""

    generation: str
    content: str  # sha256 over all rows and the encoder


class Listed(NamedTuple):
    """What the index keeps of a row beside its words and its vector."""

    row_id: str
    clause_id: str  # full id
    at: int | None
    is_asked: bool
    unsaid: str | None


@dataclass(frozen=True, slots=True)
class Update:
    """What a run did."""

    changed: bool
    rows: int
    encoded: int  # texts that were new to the encoder
    reused: int


def rows(corpus: Corpus) -> tuple[Row, ...]:
    """Return every searchable text of every citable clause, and how people ask about it."""
    return tuple(
        Row(f"{clause.full_id}/{number}", clause.full_id, policy.policy_id, policy.region, **told)
        for policy in corpus.policies.values()
        for clause in citable(policy)
        for number, told in enumerate(chain(_texts(clause), _asks(policy, clause)))
    )


class _Told(TypedDict):
    """What a row says, and what it is about."""

    text: str
    at: int | None
    is_asked: bool
    unsaid: str | None


def _texts(clause: Clause) -> Iterator[_Told]:
    """The clause with the headings above it, then each of its statements."""
    above = " ".join(text for text in clause.context if len(text) < 60)
    whole = f"{above} {_ORDINAL.sub('', clause.text)}".strip()
    yield _Told(text=whole, at=None, is_asked=False, unsaid=None)
    statements = read(clause).statements
    for statement in statements if len(statements) > 1 else ():
        text = f"{clause.heading} {statement.passage.text}".strip()
        yield _Told(text=text, at=statement.passage.start, is_asked=False, unsaid=None)


def _asks(policy: Policy, clause: Clause) -> Iterator[_Told]:
    statements = read(clause).statements
    for phrasing in policy.phrasings.get(clause.clause_id, ()):
        at = _statement_at(statements, phrasing.at)
        for text in phrasing.asks:
            yield _Told(text=text, at=at, is_asked=True, unsaid=phrasing.unsaid)


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
        generation = secrets.token_hex(8)
        earlier = folder / current.generation if current else None
        encoded = _build(folder / generation, wanted, encoder, earlier)
        _publish(folder, Manifest(generation, content))
        _sweep(folder, keep=(generation, current.generation if current else generation))
    return Update(True, len(wanted), encoded, len(wanted) - encoded)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of the generation that serves.

    Raises:
        DamagedIndex: there is none, or it cannot be read.
        OlderIndex: it has another format.
    """
    path = folder / _MANIFEST
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        if written["format"] != _FORMAT:
            raise OlderIndex(f"{path}: format {written['format']}, expected {_FORMAT}")
        return Manifest(written["generation"], written["content"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex(f"{path}: {error}") from error


def is_of_another_encoder(folder: Path, encoder: Encoder) -> bool:
    """Whether an index serves whose vectors another encoder made; an update makes them anew."""
    current = _readable_manifest(folder)
    return current is not None and not is_encoded_by(encoder, folder / current.generation)


def _readable_manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except DamagedIndex:
        return None  # nothing to reuse: the run that called builds everything anew


def _content(wanted: Iterable[Row], encoder: Encoder) -> str:
    digest = hashlib.sha256(f"{_FORMAT} {encoder.fingerprint}".encode())
    for row in wanted:
        digest.update(
            f"\0{row.row_id}\0{row.region}\0{row.at}\0{row.is_asked}\0{row.unsaid}\0{row.text}".encode()
        )
    return digest.hexdigest()


def _parts(wanted: Sequence[Row], encoder: Encoder) -> dict[str, str]:
    """Return what each part of a generation is built from: a region's code, or the judge → sha256."""
    parts = {region: _content(mine, encoder) for region, mine in _by_region(wanted).items()}
    asked = {row.clause_id for row in wanted if row.is_asked}
    return {**parts, JUDGE: _content((row for row in wanted if row.clause_id in asked), encoder)}


def _by_region(wanted: Sequence[Row]) -> dict[str, list[Row]]:
    regions: dict[str, list[Row]] = {}
    for row in wanted:
        regions.setdefault(row.region, []).append(row)
    return regions


def _build(place: Path, wanted: Sequence[Row], encoder: Encoder, earlier: Path | None) -> int:
    """Build a generation; what an earlier one holds of the same rows is taken over as it is.

    Returns how many texts had to be encoded.
    """
    place.mkdir()
    parts = _parts(wanted, encoder)
    earlier = earlier if earlier and _is_whole(earlier) else None
    held = _held(earlier)
    encoded = _build_vectors(place, wanted, encoder, parts, held, earlier)
    if earlier and held.get(JUDGE) == parts[JUDGE]:
        shutil.copy(earlier / JUDGE, place / JUDGE)
    else:
        _judge(wanted).save(place / JUDGE)
    for region, mine in _by_region(wanted).items():
        words = place / "words" / region
        if earlier and held.get(region) == parts[region]:
            shutil.copytree(earlier / "words" / region, words)
            continue
        WordIndex.build([row.text for row in mine]).save(words)
        ClauseGuess.train([row.text for row in mine], [row.clause_id for row in mine]).save(words)
        listed = [Listed(row.row_id, row.clause_id, row.at, row.is_asked, row.unsaid) for row in mine]
        (words / "rows.json").write_text(json.dumps(listed), encoding="utf-8")
    (place / _PARTS).write_text(json.dumps(parts), encoding="utf-8")
    (place / encoder.fingerprint).touch()
    return encoded


def _held(earlier: Path | None) -> dict[str, str]:
    """Return what the parts of an earlier generation were built from; {} where nobody wrote it down."""
    try:
        parts: dict[str, str] = json.loads((earlier / _PARTS).read_text("utf-8")) if earlier else {}
    except (OSError, ValueError):
        return {}
    return parts


def _build_vectors(
    place: Path,
    wanted: Sequence[Row],
    encoder: Encoder,
    parts: dict[str, str],
    held: dict[str, str],
    earlier: Path | None,
) -> int:
    if earlier:
        shutil.copytree(earlier / "vectors", place / "vectors")
    store = VectorStore(place / "vectors", create=earlier is None)
    try:
        known: dict[str, list[float]] = {}
        for region in store.regions() if earlier else ():
            if held.get(region) != parts.get(region):
                known |= store.known(region) if earlier and is_encoded_by(encoder, earlier) else {}
                store.drop(region)
        changed = [row for row in wanted if held.get(row.region) != parts[row.region]]
        encoded = store.add(changed, encoder, known)
    finally:
        store.close()
    return encoded


def is_encoded_by(encoder: Encoder, generation: Path) -> bool:
    """Whether the vectors of a generation are this encoder's."""
    return (generation / encoder.fingerprint).exists()


def _judge(wanted: Sequence[Row]) -> Judge:
    """Return what the asks of all rows teach about what clauses leave unsaid."""
    clauses = {row.clause_id: row.text for row in reversed(wanted)}  # a clause's first row is its whole text
    asks = [row for row in wanted if row.is_asked]
    taught = [(row.text, row.clause_id, clauses[row.clause_id]) for row in asks]
    return Judge.train(taught, [row.unsaid is not None for row in asks])


def read_rows(place: Path, region: str) -> tuple[Listed, ...]:
    """Return what is known of each row of a region, in the word index's order."""
    written = json.loads((place / "words" / region / "rows.json").read_text(encoding="utf-8"))
    return tuple(Listed(*row) for row in written)


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
