"""The vector store keeps each row under its own id, in its own region, on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.store import DamagedStore, VectorStore
from embeddings.types import Row

SAME = "给予一次性创业补贴"
ROWS = (
    Row("a#1/0", "a#1", "a", "330100", SAME),
    Row("b#7/0", "b#7", "b", "330100", SAME),
    Row("c#1/0", "c#1", "c", "370200", "意外伤害保险补贴"),
)


class Lengths:
    """Vectors that can be worked out by hand: a text's length and its first character."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        rows = np.array([[len(text), ord(text[0]) % 97] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore(tmp_path, create=True)
    store.add(ROWS, Lengths(), {})
    yield store
    store.close()


def vector() -> NDArray[np.float32]:
    return Lengths().encode([SAME])[0]


def test_identical_sentences_in_two_documents_stay_two_hits(store: VectorStore) -> None:
    found = dict(store.nearest("330100", vector(), 10, ["a", "b"]))

    assert set(found) == {"a#1/0", "b#7/0"}
    assert found["a#1/0"] == pytest.approx(1.0, abs=1e-5)


def test_another_region_is_never_searched(store: VectorStore) -> None:
    assert [row for row, _ in store.nearest("370200", vector(), 10, ["a", "b", "c"])] == ["c#1/0"]


def test_a_document_that_is_not_asked_for_is_never_found(store: VectorStore) -> None:
    assert [row for row, _ in store.nearest("330100", vector(), 10, ["b"])] == ["b#7/0"]


def test_a_text_is_encoded_once_and_not_at_all_when_its_vector_is_known(tmp_path: Path) -> None:
    encoder = Lengths()
    store = VectorStore(tmp_path, create=True)

    encoded = store.add(ROWS, encoder, {SAME: [1.0, 0.0]})
    store.close()

    assert encoded == 1
    assert encoder.asked == ["意外伤害保险补贴"]


def test_what_was_added_is_there_after_opening_again(tmp_path: Path) -> None:
    first = VectorStore(tmp_path, create=True)
    first.add(ROWS, Lengths(), {})
    first.close()
    again = VectorStore(tmp_path)
    known = again.known("330100")
    again.close()

    assert set(known) == {SAME}


def test_a_folder_without_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedStore, match=r"chroma\.sqlite3 is missing"):
        VectorStore(tmp_path)


def test_a_file_that_is_no_database_is_damage(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)

    with pytest.raises(DamagedStore):
        VectorStore(tmp_path)


def test_readers_of_one_folder_may_open_and_close_it_at_the_same_time(tmp_path: Path) -> None:
    """As when a new generation is taken in while questions are asked."""
    VectorStore(tmp_path, create=True).close()

    def open_and_close(_: int) -> None:
        for _ in range(15):
            VectorStore(tmp_path).close()

    with ThreadPoolExecutor(4) as readers:
        assert list(readers.map(open_and_close, range(4))) == [None] * 4
