"""The encoder that ships: what its vectors promise, and what it says when it cannot be loaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.encoder import SHIPPED, DamagedModel, Encoder

TEXTS = ["高校毕业生创办企业,给予一次性创业补贴", "失业保险金怎么领?", "abc 8000元"]
NO_NETWORK = """
import socket
def refuse(*_, **__):
    raise AssertionError("reached for the network")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = refuse
from embeddings.encoder import Encoder
assert Encoder.load().encode(["创业补贴"]).shape[0] == 1
"""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def _cosine(encoder: Encoder, one: str, other: str) -> float:
    vectors: NDArray[np.float32] = encoder.encode([one, other])
    return float(vectors[0] @ vectors[1])


def test_every_row_has_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimensions)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.allclose(together, alone, atol=1e-6)


def test_two_loads_give_the_same_vectors_and_fingerprint(encoder: Encoder, copy: Path) -> None:
    other = Encoder.load(copy)
    assert other.fingerprint == encoder.fingerprint
    assert np.array_equal(other.encode(TEXTS), encoder.encode(TEXTS))


def test_threads_get_what_one_thread_gets(encoder: Encoder) -> None:
    wanted = encoder.encode(TEXTS)
    found: list[NDArray[np.float32]] = []
    threads = [threading.Thread(target=lambda: found.append(encoder.encode(TEXTS))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.array_equal(vectors, wanted) for vectors in found)


@pytest.mark.parametrize("text", ["", " ", "。!?", "𠮷😀"])
def test_a_text_without_a_known_piece_is_similar_to_nothing(encoder: Encoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_an_empty_text_changes_nothing_for_its_neighbours(encoder: Encoder) -> None:
    vectors = encoder.encode(["", TEXTS[0], ""])
    assert np.allclose(vectors[1], encoder.encode(TEXTS[:1])[0], atol=1e-6)


def test_no_text_gives_no_row(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimensions)


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (
            "大学生自己开公司能领多少钱?",
            "毕业年度高校毕业生初次创办企业的,给予一次性创业补贴",
            "招用就业困难人员并缴纳社会保险费的,给予社会保险补贴",
        ),
        (
            "老板把我辞退了要赔多少?",
            "用人单位违反规定解除劳动合同的,应当向劳动者支付赔偿金",
            "入驻创业园的企业,按实际租用面积给予场地租金补贴",
        ),
        (
            "租店面有补贴吗?",
            "租用经营场所创业的,给予场地租金补贴",
            "获得省级创业大赛奖项的团队,给予奖励",
        ),
    ],
)
def test_a_question_is_nearer_to_its_clause_than_to_another(
    encoder: Encoder, question: str, right: str, wrong: str
) -> None:
    assert _cosine(encoder, question, right) > _cosine(encoder, question, wrong)


def test_the_fingerprint_is_sixteen_hex_digits(encoder: Encoder) -> None:
    assert len(encoder.fingerprint) == 16
    assert set(encoder.fingerprint) <= set("0123456789abcdef")


def test_a_changed_file_changes_the_fingerprint(encoder: Encoder, copy: Path) -> None:
    (copy / "config_sentence_transformers.json").write_text("{}", encoding="utf-8")
    assert Encoder.load(copy).fingerprint != encoder.fingerprint


def test_the_card_does_not_change_the_fingerprint(encoder: Encoder, copy: Path) -> None:
    (copy / "README.md").write_text("another card", encoding="utf-8")
    assert Encoder.load(copy).fingerprint == encoder.fingerprint


@pytest.mark.parametrize("missing", ["modules.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named_with_its_folder(copy: Path, missing: str) -> None:
    (copy / missing).unlink()
    with pytest.raises(DamagedModel) as raised:
        Encoder.load(copy)
    assert str(copy) in str(raised.value)
    assert missing in str(raised.value)


def test_a_cut_off_file_is_damage(copy: Path) -> None:
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(DamagedModel, match="model"):
        Encoder.load(copy)


def test_no_folder_is_damage(tmp_path: Path) -> None:
    with pytest.raises(DamagedModel, match="nowhere"):
        Encoder.load(tmp_path / "nowhere")


def test_loading_needs_no_network() -> None:
    subprocess.run([sys.executable, "-c", NO_NETWORK], check=True, cwd=SHIPPED.parents[1])


def test_the_files_that_ship_stay_under_twenty_megabytes() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 20_000_000
