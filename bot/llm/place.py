"""Where a chat model is, as the settings say it, and what may be wrong with that. Imports no vendor."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class UnusableModel(ValueError):
    """What is configured cannot be used; the words say why, in Chinese."""


class ForbiddenHost(UnusableModel):
    """The address of a model outside this network, on a host that nobody allowed by name."""


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """Where a model is: an OpenAI-compatible address, or a folder with a transformers model."""

    url: str = ""
    model: str = ""
    key: str = ""
    folder: Path | None = None
    hosts: tuple[str, ...] = ()  # besides loopback and private addresses; personal data stays in the country

    def __bool__(self) -> bool:
        """Whether a model is configured at all."""
        return bool(self.url or self.folder)
