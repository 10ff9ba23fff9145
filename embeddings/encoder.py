"""Text to unit vectors, and the only door to sentence-transformers.

Texts come normalised (knowledge.normalize), documents and questions alike, as for the word index.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = Path(__file__).parent / "model"

_MODULES = "modules.json"  # what makes a folder a sentence-transformers model
_USUAL = ("model.safetensors", "tokenizer.json")  # named when absent: their readers do not
_CARD = "README.md"
_BEFORE_DOCUMENTS = ("document", "passage", "corpus")  # what models call the prompt, the usual name first
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


class DamagedModel(RuntimeError):
    """There is no model that can be loaded; says which folder or name and what is wrong."""


def folder_of(named: str) -> Path:
    """Return the folder of a model: `named` itself, or what a hub's name stands for in this machine's cache.

    Raises:
        DamagedModel: it is no folder, and nothing of that name was ever fetched here.
    """
    if not named:
        return SHIPPED
    if Path(named).is_dir():
        return Path(named)
    _stay_offline()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(named, local_files_only=True))
    except Exception as error:  # no such name, none that could be one, no cache: several types
        raise DamagedModel(f"{named}: neither a folder nor a model in this machine's cache") from error


class Encoder:
    """A sentence-transformers model that never reaches for the network. Safe to share by threads.

    Where the model's configuration names prompts for queries and for documents, they are set before
    the texts; where it does not, questions and documents are encoded alike.

    Attributes:
        fingerprint: 16 hex digits that change with any file of the model but its card.
        dimensions: length of a vector.
    """

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self._model = model
        # A tokenizer of transformers may change its own padding while it is in use.
        self._lock = threading.Lock()
        self.fingerprint = fingerprint
        named = (model.prompts.get(name) for name in _BEFORE_DOCUMENTS)
        # The library takes the first name that is there, and "document" always is, be it empty.
        self._before_documents = next(filter(None, named), "")
        self.dimensions = int(model.get_embedding_dimension() or 0)

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Encoder:
        """Return the encoder whose files lie in `folder`.

        Raises:
            DamagedModel: the folder or one of its files is missing or cannot be read.
        """
        if not (folder / _MODULES).is_file():
            raise DamagedModel(f"{folder}: {_MODULES} is missing")
        _stay_offline()
        # Imported here because it takes four seconds, and most commands never encode anything.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # the command line speaks alone
        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
            model.float()  # the CPU sums half-precision numbers slowly and coarsely
        except Exception as error:  # each file's own reader raises what it likes
            missing = [name for name in _USUAL if not (folder / name).is_file()]
            raise DamagedModel(f"{folder}: {error}; missing: {missing or 'no file'}") from error
        return cls(model.eval(), _fingerprint(folder))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions) float32, one unit row a text of a document.

        A text without a single known piece, such as the empty one, has a row of zeros where the model
        averages the pieces and nothing else: it is similar to nothing.
        """
        return self._vectors(self._model.encode_document, texts, prompt=self._before_documents)

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions) float32, one unit row a question, to be held against documents."""
        return self._vectors(self._model.encode_query, texts)

    def _vectors(
        self, encode: Callable[..., Any], texts: Sequence[str], **prompt: str
    ) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            vectors = encode(list(texts), show_progress_bar=False, normalize_embeddings=True, **prompt)
        return np.asarray(vectors, dtype=np.float32)


def _stay_offline() -> None:
    for name in _OFFLINE:
        os.environ[name] = "1"  # read when the vendors are imported, hence before


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _CARD:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\0".encode())
    return digest.hexdigest()[:16]
