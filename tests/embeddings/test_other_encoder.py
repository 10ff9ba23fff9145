"""An encoder of somebody else's: its prompts, its dimensions, and the index that is built anew for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import app
from embeddings.encoder import SHIPPED, DamagedModel, Encoder, folder_of
from embeddings.index import is_of_another_encoder, rows, update
from embeddings.search import ClauseRetriever
from knowledge.corpus import Corpus, load
from knowledge.regions import Regions
from tests.embeddings.tiny import DIMENSIONS, make

ROOT = Path(__file__).parents[2]
TEXT = "失业保险金怎么领"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny"), {"query": "问:", "document": "答:"})


@pytest.fixture
def corpus(policies: Path) -> Corpus:
    return load((policies,), Regions.shipped())


@pytest.mark.parametrize("document", ["document", "passage"])
def test_the_prompts_that_the_model_names_stand_before_questions_and_documents(
    tmp_path: Path, document: str
) -> None:
    bare = Encoder.load(make(tmp_path / "bare", {}))
    encoder = Encoder.load(make(tmp_path / "prompted", {"query": "问:", document: "答:"}))

    assert np.allclose(encoder.encode_questions([TEXT]), bare.encode([f"问:{TEXT}"]), atol=1e-6)
    assert np.allclose(encoder.encode([TEXT]), bare.encode([f"答:{TEXT}"]), atol=1e-6)
    assert np.allclose(bare.encode_questions([TEXT]), bare.encode([TEXT]), atol=1e-6)
    assert not np.allclose(bare.encode([f"问:{TEXT}"]), bare.encode([f"答:{TEXT}"]), atol=1e-2)


def test_another_prompt_is_another_encoder(tmp_path: Path, tiny: Path) -> None:
    copy = Path(shutil.copytree(tiny, tmp_path / "copy"))
    config = copy / "config_sentence_transformers.json"
    changed = {**json.loads(config.read_text("utf-8")), "prompts": {"query": "查:", "document": "答:"}}
    config.write_text(json.dumps(changed), encoding="utf-8")

    assert Encoder.load(copy).fingerprint != Encoder.load(tiny).fingerprint


def test_an_index_is_built_anew_for_an_encoder_of_other_dimensions(
    tmp_path: Path, corpus: Corpus, tiny: Path
) -> None:
    shipped, other = Encoder.load(), Encoder.load(tiny)
    update(tmp_path, corpus, shipped)
    assert is_of_another_encoder(tmp_path, other)
    done = update(tmp_path, corpus, other)

    assert (other.dimensions, DIMENSIONS) != (shipped.dimensions, shipped.dimensions)
    assert (done.reused, done.encoded > 0) == (len(rows(corpus)) - done.encoded, True)
    assert done.encoded == len({row.text for row in rows(corpus)})
    assert not is_of_another_encoder(tmp_path, other)
    retriever = ClauseRetriever(corpus, other, tmp_path)
    (found, *_) = retriever.invoke("意外伤害怎么补", regions=("370200",), policies=("qingdao-2023",))
    retriever.close()
    assert found.id == "qingdao-2023#2.9"


def test_who_serves_with_one_encoder_is_not_upset_by_an_index_of_another(
    tmp_path: Path, corpus: Corpus, tiny: Path
) -> None:
    update(tmp_path, corpus, Encoder.load())
    serving = ClauseRetriever(corpus, Encoder.load(), tmp_path)
    update(tmp_path, corpus, Encoder.load(tiny))

    (found, *_) = serving.invoke("意外伤害怎么补", regions=("370200",), policies=("qingdao-2023",))
    serving.close()

    assert found.id == "qingdao-2023#2.9"


@pytest.fixture
def office(tmp_path: Path, policies: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and two policies in place of those that ship: an index of them takes a second."""
    monkeypatch.setattr(app, "SHIPPED", policies)
    monkeypatch.setenv("ADVISOR_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_that_the_index_is_built_anew_is_said_once(
    office: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = ["ask", "岛城跑外卖的意外险补多少", "--as-of", "2024-06-01"]
    assert app.main(asking) == 0
    assert "编码器换了" not in capsys.readouterr().err
    monkeypatch.setenv("ADVISOR_ENCODER", str(tiny))
    assert app.main(asking) == 0
    told = capsys.readouterr()
    assert told.err == f"编码器换了,现在用它重建索引:{tiny}\n"
    assert "每人每年不高于100元" in told.out
    assert app.main(["index"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.delenv("ADVISOR_ENCODER")
    assert app.main(["index"]) == 0
    assert capsys.readouterr().err == "编码器换了,现在用它重建索引:自带的编码器\n"


@pytest.mark.parametrize("named", ["folder", "office/never-fetched", "https://example.cn/a model"])
def test_what_is_no_model_is_refused_by_its_name(
    named: str,
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADVISOR_ENCODER", named)

    assert app.main([]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"编码器不能用:{named}:")
    assert "就绪" not in said.out


def test_no_name_is_the_encoder_that_ships() -> None:
    assert folder_of("") == SHIPPED
    with pytest.raises(DamagedModel, match="nowhere"):
        folder_of("nowhere")


LOADED = """
from embeddings.encoder import Encoder, folder_of
assert Encoder.load(folder_of("office/tiny")).dimensions == 24
"""


def test_a_name_stands_for_what_this_machine_fetched_earlier(tmp_path: Path, tiny: Path) -> None:
    kept = tmp_path / "hub" / "models--office--tiny"
    shutil.copytree(tiny, kept / "snapshots" / ("a" * 40))
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("a" * 40, encoding="utf-8")
    environment = {**os.environ, "HF_HOME": str(tmp_path)}
    environment.pop("HF_HUB_CACHE", None)
    subprocess.run([sys.executable, "-c", LOADED], check=True, cwd=ROOT, env=environment)
