"""The index is brought up to date whole or not at all, by any number of runs at once."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.index import DamagedIndex, read_manifest, rows, update
from embeddings.lexical import tokens
from embeddings.search import ClauseRetriever
from knowledge.corpus import Corpus, load
from knowledge.regions import Regions

ROOT = Path(__file__).parents[2]


class Words:
    """A deterministic encoder: each token adds one to a place of its own."""

    fingerprint = "words"
    dimensions = 64

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for token in tokens(text):
                row[sum(map(ord, token)) % self.dimensions] += 1
            row /= np.linalg.norm(row) or 1
        return vectors

    encode_questions = encode


ENCODER: Words = Words()


def corpus_of(folder: Path) -> Corpus:
    return load((folder,), Regions.shipped())


def first(folder: Path, corpus: Corpus, text: str) -> str:
    retriever = ClauseRetriever(corpus, ENCODER, folder)  # type: ignore[arg-type]
    try:
        (found, *_) = retriever.invoke(text, regions=("370200",), policies=("qingdao-2023",))
        return str(found.id)
    finally:
        retriever.close()


def test_a_second_run_changes_nothing(tmp_path: Path, policies: Path) -> None:
    corpus = corpus_of(policies)
    done = update(tmp_path / "index", corpus, ENCODER)  # type: ignore[arg-type]
    before = read_manifest(tmp_path / "index")

    again = update(tmp_path / "index", corpus, ENCODER)  # type: ignore[arg-type]

    assert (done.changed, done.rows) == (True, len(rows(corpus)))
    assert (again.changed, again.encoded) == (False, 0)
    assert read_manifest(tmp_path / "index") == before


def test_only_what_changed_is_encoded_anew(tmp_path: Path, policies: Path) -> None:
    update(tmp_path / "index", corpus_of(policies), ENCODER)  # type: ignore[arg-type]
    phrasings = policies / "qingdao-2023" / "phrasings.toml"
    text = phrasings.read_text(encoding="utf-8")
    phrasings.write_text(text.replace("asks = [", 'asks = [\n  "一句全新的问法",', 1), encoding="utf-8")

    done = update(tmp_path / "index", corpus_of(policies), ENCODER)  # type: ignore[arg-type]

    assert (done.changed, done.encoded) == (True, 1)


def test_a_change_in_one_region_takes_the_others_over_as_they_are(tmp_path: Path, policies: Path) -> None:
    index = tmp_path / "index"
    update(index, corpus_of(policies), ENCODER)  # type: ignore[arg-type]
    before = {r: built(index, r) for r in ("310000", "370200")}
    phrasings = policies / "qingdao-2023" / "phrasings.toml"
    phrasings.write_text(phrasings.read_text("utf-8").replace("怎么补", "怎么补呢"), encoding="utf-8")

    corpus = corpus_of(policies)
    update(index, corpus, ENCODER)  # type: ignore[arg-type]

    assert built(index, "310000") == before["310000"]
    assert built(index, "370200") != before["370200"]
    assert first(index, corpus, "意外伤害怎么补呢") == "qingdao-2023#2.9"
    retriever = ClauseRetriever(corpus, ENCODER, index)  # type: ignore[arg-type]
    (found, *_) = retriever.invoke("培训怎么补", regions=("310000",), policies=("shanghai-2023",))
    retriever.close()
    assert found.id == "shanghai-2023#2.5"


def built(index: Path, region: str) -> int:
    """Return when the words of a region were written."""
    place = index / read_manifest(index).generation / "words" / region / "rows.json"
    return place.stat().st_mtime_ns


def test_a_policy_that_is_gone_is_found_no_more(tmp_path: Path, policies: Path) -> None:
    both = corpus_of(policies)
    update(tmp_path / "index", both, ENCODER)  # type: ignore[arg-type]
    shutil.rmtree(policies / "shanghai-2023")
    update(tmp_path / "index", corpus_of(policies), ENCODER)  # type: ignore[arg-type]

    retriever = ClauseRetriever(both, ENCODER, tmp_path / "index")  # type: ignore[arg-type]
    found = retriever.invoke("灵活就业", regions=("310000",), policies=("shanghai-2023",))
    retriever.close()

    assert found == []


def test_an_open_reader_goes_over_to_the_new_generation(tmp_path: Path, policies: Path) -> None:
    corpus = corpus_of(policies)
    folder = tmp_path / "index"
    update(folder, corpus, ENCODER)  # type: ignore[arg-type]
    retriever = ClauseRetriever(corpus, ENCODER, folder)  # type: ignore[arg-type]
    phrasings = policies / "qingdao-2023" / "phrasings.toml"
    text = phrasings.read_text(encoding="utf-8")
    head, _, rest = text.partition('["2.9"]')
    asked = rest.replace("asks = [", 'asks = [\n  "量子纠缠望远镜",', 1)
    phrasings.write_text(f'{head}["2.9"]{asked}', encoding="utf-8")

    update(folder, corpus_of(policies), ENCODER)  # type: ignore[arg-type]
    (found, *_) = retriever.invoke("量子纠缠望远镜", regions=("370200",), policies=("qingdao-2023",))
    retriever.close()

    assert found.id == "qingdao-2023#2.9"


def test_what_a_killed_run_left_is_swept_and_the_old_index_served_meanwhile(
    tmp_path: Path, policies: Path
) -> None:
    corpus = corpus_of(policies)
    folder = tmp_path / "index"
    update(folder, corpus, ENCODER)  # type: ignore[arg-type]
    half = folder / "deadbeefdeadbeef"
    (half / "vectors").mkdir(parents=True)

    assert first(folder, corpus, "意外伤害保险补贴") == "qingdao-2023#2.9"
    update(folder, corpus, ENCODER)  # type: ignore[arg-type]
    assert not half.exists()


def test_a_run_killed_at_any_moment_leaves_an_index_that_serves(tmp_path: Path, policies: Path) -> None:
    """A real process, killed as hard as can be, again and again."""
    environment = {**os.environ, "ADVISOR_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    folder = tmp_path / "index"
    update(folder, corpus_of(policies), ENCODER)  # type: ignore[arg-type]
    command = [sys.executable, str(ROOT / "app.py"), "index"]
    for seconds in (3.0, 6.0):
        # The shipped encoder is not this test's, so that every run has everything to do.
        run = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        run.send_signal(signal.SIGKILL)
        run.wait()
        manifest = read_manifest(folder)
        assert (folder / manifest.generation / "vectors" / "chroma.sqlite3").exists()
    finished = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)

    assert "索引" in finished.stdout
    assert len([path for path in folder.iterdir() if path.is_dir()]) <= 2


def _update(folder: Path, policies: Path) -> None:
    update(folder, corpus_of(policies), ENCODER)  # type: ignore[arg-type]


def test_two_runs_at_once_lose_nothing_and_double_nothing(tmp_path: Path, policies: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_update, args=(tmp_path / "index", policies)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)

    assert [run.exitcode for run in runs] == [0, 0]
    place = tmp_path / "index" / read_manifest(tmp_path / "index").generation
    indexed = [
        pair
        for path in place.glob("words/*/rows.json")
        for pair in json.loads(path.read_text(encoding="utf-8"))
    ]
    listed = (
        (row.row_id, row.clause_id, row.at, row.is_asked, row.unsaid) for row in rows(corpus_of(policies))
    )
    assert sorted(map(tuple, indexed)) == sorted(listed)


@pytest.mark.parametrize("damage", ["manifest.json", "vectors/chroma.sqlite3", "words/370200/rows.json"])
def test_damage_is_named_when_the_index_is_opened(tmp_path: Path, policies: Path, damage: str) -> None:
    corpus = corpus_of(policies)
    folder = tmp_path / "index"
    update(folder, corpus, ENCODER)  # type: ignore[arg-type]
    generation = folder / read_manifest(folder).generation
    path = folder / damage if damage == "manifest.json" else generation / damage
    path.write_bytes(b"\x00garbage")

    with pytest.raises(DamagedIndex, match=folder.name):
        ClauseRetriever(corpus, ENCODER, folder)  # type: ignore[arg-type]


def test_a_damaged_index_is_rebuilt_by_a_run(tmp_path: Path, policies: Path) -> None:
    corpus = corpus_of(policies)
    folder = tmp_path / "index"
    update(folder, corpus, ENCODER)  # type: ignore[arg-type]
    generation = folder / read_manifest(folder).generation
    (generation / "vectors" / "chroma.sqlite3").write_bytes(b"garbage")

    done = update(folder, corpus, ENCODER)  # type: ignore[arg-type]

    assert done.changed
    assert first(folder, corpus, "意外伤害保险补贴") == "qingdao-2023#2.9"
