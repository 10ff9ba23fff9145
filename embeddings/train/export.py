"""Write the table as a sentence-transformers model: StaticEmbedding, then Normalize.

The vectors are stored as whole numbers from −127 to 127 with one float32 factor a piece, the layout
of model2vec that StaticEmbedding reads: a quarter of the size of float32.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from embeddings.train.pieces import UNKNOWN


def export(tokenizer: Tokenizer, table: NDArray[np.float32], folder: Path) -> None:
    """Write the model.

    Args:
        tokenizer: gives a text's pieces.
        table: (pieces, dimensions) float32.
        folder: is created; files of the same names are replaced, a model card is left alone.
    """
    known = table.copy()
    known[tokenizer.token_to_id(UNKNOWN)] = 0.0  # what is not known must not pull a text anywhere
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=known), Normalize()], device="cpu"
    )
    model.save_pretrained(str(folder), create_model_card=False)
    numbers, factors = _as_whole_numbers(known)
    weights = folder / "model.safetensors"
    weights.unlink()
    save_file({"embeddings": numbers, "weights": factors}, weights)
    weights.chmod(0o644)


def _as_whole_numbers(
    table: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    factors = np.abs(table).max(axis=1) / 127
    safe = np.where(factors > 0, factors, 1.0)
    return np.rint(table / safe[:, None]).astype(np.int8), safe.astype(np.float32)
