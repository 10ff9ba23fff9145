"""Where a model may be, and that one is really called: served by transformers, and from a folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

import app
from bot.advisor import Advisor
from bot.llm.assistant import assisted
from bot.llm.limits import Allowance, Circuit
from bot.llm.model import allow, open_model
from bot.llm.place import ForbiddenHost, ModelPlace, UnusableModel
from tests.bot.llm.conftest import NEVER, asked
from tests.bot.llm.tiny import make

QUESTIONS = ("岛城跑外卖的意外险补多少", "杭州租房补贴一年多少", "断桥边的打工人,到手几张毛爷爷")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """A tiny model of random weights, served by `transformers serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "transformers.cli.transformers",
        "serve",
        str(folder),
        "--port",
        str(port),
    ]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    serving = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = monotonic() + 90
        while not _answers(port):
            assert serving.poll() is None, "transformers serve ended"
            assert monotonic() < until, "transformers serve did not start"
            sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        serving.terminate()
        serving.wait(20)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/v1/models", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("way", ["served", "folder"])
def test_with_a_random_model_every_answer_is_as_good_as_without(
    way: str, folder: Path, served: str, advisor: Advisor
) -> None:
    place = ModelPlace(url=served, model=str(folder)) if way == "served" else ModelPlace(folder=folder)
    circuit, allowance = Circuit(monotonic, most=NEVER), Allowance(NEVER, NEVER, monotonic)
    with assisted(advisor, open_model(place), 1.5, allowance, monotonic, circuit) as answering:
        for question in QUESTIONS:
            with_model, without = asked(answering, question), asked(advisor, question)
            assert (with_model.text, with_model.facts) == (without.text, without.facts)
        patient = replace(answering.write.speaker, seconds=90)  # type: ignore[attr-defined]
        said = patient.say("写", "1 你好", "x")

    assert said.text.strip()  # it was really called, and said something


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v1", "http://localhost/v1", "http://10.1.2.3/v1", "http://[::1]:8000/v1"]
)
def test_this_network_is_allowed(url: str) -> None:
    allow(url, ())


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8/v1",
        "http://169.254.169.254/v1",  # a cloud's metadata
        "http://[2001:4860:4860::8888]/v1",
        "http://no-such-host.invalid/v1",
        "http://127.0.0.1@8.8.8.8/v1",
        "file:///etc/passwd",
        "",
    ],
)
def test_other_hosts_are_not(url: str) -> None:
    with pytest.raises(ForbiddenHost, match="ADVISOR_LLM_HOSTS"):
        allow(url, ("api.example.cn",))


def test_a_host_that_is_named_is_allowed() -> None:
    allow("https://no-such-host.invalid/v1", ("no-such-host.invalid",))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"LLM_URL": "https://8.8.8.8/v1", "LLM_MODEL": "x"}, "ADVISOR_LLM_HOSTS"),
        ({"LLM_URL": "http://127.0.0.1:9/v1"}, "ADVISOR_LLM_MODEL"),
        ({"LLM_URL": "http://127.0.0.1:9/v1", "LLM_MODEL": "x", "LLM_FOLDER": "/tmp"}, "只能设置一个"),
        ({"LLM_FOLDER": "/no/such/folder"}, "/no/such/folder"),
    ],
)
def test_what_cannot_be_used_is_refused_at_the_start_in_a_sentence(
    settings: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch, advisor: Advisor
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"ADVISOR_{name}", value)
    with pytest.raises(UnusableModel, match=words), app.with_model(app.Settings(), advisor):
        pass
