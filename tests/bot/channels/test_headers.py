"""What browsers are told, what is closed, and how often one visitor may ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import app
from bot.advisor import Advisor
from bot.channels.headers import guard
from bot.channels.site import Site, WrongSetting
from tests.conftest import NOW

FRIEND = "https://www.example.gov.cn"


@pytest.fixture(scope="module")
def client(advisor: Advisor) -> Iterator[TestClient]:
    site = Site(origins=(FRIEND,), frame_ancestors=("https://*.example.gov.cn",), asks_per_minute=3)
    with TestClient(app.build(advisor, lambda: NOW, site=site)) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/chat/", "/ask", "/policies", "/static/widget.js", "/api/policies", "/policies/none", "/nowhere"],
)
def test_every_response_is_guarded(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'self' https://*.example.gov.cn;" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize(
    "wrong", ["https://a.cn; script-src *", "*", "http://a.cn", "https://a.cn https://b.cn"]
)
def test_an_address_that_would_change_the_policy_is_refused(wrong: str) -> None:
    with pytest.raises(WrongSetting, match="ADVISOR_FRAME_ANCESTORS"):
        guard(FastAPI(), (), (wrong,))


def test_a_page_with_what_somebody_told_is_kept_by_nobody(client: TestClient) -> None:
    for path in ("/chat/", "/screen?city=330100", "/calculator/hangzhou-2023/2.3.17:jobs?heads=6"):
        assert client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/chat/gradio_api/upload", "/chat/gradio_api/upload_progress"])
def test_nothing_can_be_uploaded(client: TestClient, path: str) -> None:
    assert client.post(path, files={"files": ("x.txt", b"x")}).status_code == 404
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/chat/gradio_api/runs",
        "/chat/monitoring/summary",
        "/chat/gradio_api/file=/etc/passwd",
        "/chat/gradio_api/file=app.py",
    ],
)
def test_gradio_shows_nothing_beside_its_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)


@pytest.mark.parametrize("path", ["/chat/config", "/api/policies"])
def test_only_a_page_that_is_named_may_read_across_sites(client: TestClient, path: str) -> None:
    strange = client.get(path, headers={"Origin": "https://x.example", "Host": "qa.example.gov.cn"})
    friendly = client.get(path, headers={"Origin": FRIEND, "Host": "qa.example.gov.cn"})

    assert "access-control-allow-origin" not in strange.headers
    assert friendly.headers["access-control-allow-origin"] == FRIEND
    assert "access-control-allow-credentials" not in friendly.headers


def test_a_page_that_is_named_may_ask_across_sites(client: TestClient) -> None:
    asking = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }

    assert client.options("/api/chat", headers=asking).status_code == 200
    assert client.options("/api/chat", headers={**asking, "Origin": "https://x.example"}).status_code == 400


def test_who_asks_too_often_gets_a_sentence_with_the_number_to_ring(client: TestClient) -> None:
    answers = [client.post("/ask", data={"q": "你好"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "12333" in answers[3].text
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    assert "content-security-policy" in answers[3].headers
