"""Text to unit vectors, and the only door to sentence-transformers.

Texts come normalised (knowledge.normalize), documents and questions alike, as for the word index.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = Path(__file__).parent / "model"

_MODULES = "modules.json"  # what makes a folder a sentence-transformers model
_USUAL = ("model.safetensors", "tokenizer.json")  # named when absent: their readers do not
_CARD = "README.md"
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


class DamagedModel(RuntimeError):
    """The folder does not hold a model that can be loaded; says which folder and what is wrong."""


class Encoder:
    """A sentence-transformers model that never reaches for the network. Safe to share by threads.

    Attributes:
        fingerprint: 16 hex digits that change with any file of the model but its card.
        dimensions: length of a vector.
    """

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self._model = model
        # A tokenizer of transformers may change its own padding while it is in use.
        self._lock = threading.Lock()
        self.fingerprint = fingerprint
        self.dimensions = int(model.get_embedding_dimension() or 0)

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Encoder:
        """Return the encoder whose files lie in `folder`.

        Raises:
            DamagedModel: the folder or one of its files is missing or cannot be read.
        """
        if not (folder / _MODULES).is_file():
            raise DamagedModel(f"{folder}: {_MODULES} is missing")
        for name in _OFFLINE:
            os.environ[name] = "1"
        # Imported here because it takes four seconds, and most commands never encode anything.
        from sentence_transformers import SentenceTransformer

        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
            model.float()  # the CPU sums half-precision numbers slowly and coarsely
        except Exception as error:  # each file's own reader raises what it likes
            missing = [name for name in _USUAL if not (folder / name).is_file()]
            raise DamagedModel(f"{folder}: {error}; missing: {missing or 'no file'}") from error
        return cls(model.eval(), _fingerprint(folder))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, dimensions) float32, one unit row a text.

        A text without a single known piece, such as the empty one, has a row of zeros: it is
        similar to nothing.
        """
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(list(texts), show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vectors, dtype=np.float32)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _CARD:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\0".encode())
    return digest.hexdigest()[:16]
