"""Where a chat model is → a langchain model. The only door to langchain_openai, and to hosts outside."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx2
from langchain_core.language_models import BaseChatModel
from langchain_openai.chat_models.base import BaseChatOpenAI  # as others than OpenAI understand it
from pydantic import SecretStr

from bot.llm.place import ForbiddenHost, ModelPlace, UnusableModel

_MOST_TOKENS = 800  # of one reply; the longest answer of ours rephrased is about half of it


def open_model(place: ModelPlace) -> BaseChatModel:
    """Return the model at `place`; it is not called yet.

    Raises:
        ForbiddenHost: its host is neither in this network nor allowed by name.
        UnusableModel: no model's name, both an address and a folder, or a folder without a model.
    """
    if place.url and place.folder:
        raise UnusableModel("ADVISOR_LLM_URL 和 ADVISOR_LLM_FOLDER 只能设置一个")
    if place.folder:
        from bot.llm.local import LocalModel  # torch takes seconds to import, and memory

        try:
            return LocalModel.load(place.folder, _MOST_TOKENS)
        except (OSError, ValueError) as error:
            raise UnusableModel(f"{place.folder} 里没有可用的对话模型:{error}") from error
    if not place.model:
        raise UnusableModel("设置了 ADVISOR_LLM_URL,还要设置 ADVISOR_LLM_MODEL:模型的名字")
    allow(place.url, place.hosts)
    return BaseChatOpenAI(
        base_url=place.url,
        model=place.model,
        api_key=SecretStr(place.key or "none"),
        temperature=0,
        max_tokens=_MOST_TOKENS,
        max_retries=0,  # a second try would come too late
        http_async_client=_client(place.hosts),
        stream_usage=False,  # some servers refuse what they do not know
    )


async def close(model: BaseChatModel) -> None:
    """Close the connections of a model, in the event loop that they live in."""
    if isinstance(model, BaseChatOpenAI) and isinstance(model.http_async_client, httpx2.AsyncClient):
        await model.http_async_client.aclose()


def allow(url: str, hosts: Sequence[str]) -> None:
    """Let an address pass whose host is named in `hosts`, or is in this network by all its addresses.

    Raises:
        ForbiddenHost: it is neither.
    """
    host = urlsplit(url).hostname or ""
    if host in hosts:
        return
    try:
        found = {str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(host, None)}
    except OSError:
        found = set()
    if not found or not all(_is_inside(address) for address in found):
        raise ForbiddenHost(
            f'不能把内容发到 {host or url}:它不在本机或内网,也没有写进 ADVISOR_LLM_HOSTS(写法:["{host}"])'
        )


def _is_inside(address: str) -> bool:
    known = ipaddress.ip_address(address)
    return (known.is_loopback or known.is_private) and not known.is_link_local


def _client(hosts: Sequence[str]) -> httpx2.AsyncClient:
    """Return a client that asks again before each request, follows nobody elsewhere, and uses no proxy."""

    async def check(request: httpx2.Request) -> None:
        allow(str(request.url), hosts)

    return httpx2.AsyncClient(
        event_hooks={"request": [check]}, follow_redirects=False, trust_env=False, timeout=httpx2.Timeout(60)
    )
