"""Make the encoder's model from public texts: `python -m embeddings.train DATA [OUT]`.

Without OUT the model that ships is replaced.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from embeddings.encoder import SHIPPED
from embeddings.train import pieces
from embeddings.train.asking import Asking
from embeddings.train.export import export
from embeddings.train.pairs import prepare
from embeddings.train.reading import NoTrainingData, read
from embeddings.train.table import train

PIECES, DIMENSIONS, STEPS, SEED = 32_000, 256, 700, 12333
_THREADS = 1  # several wait for each other on a busy machine, and split sums differently


def main(arguments: Sequence[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m embeddings.train DATA [OUT]", file=sys.stderr)
        return 2
    torch.set_num_threads(_THREADS)
    data = Path(arguments[0])
    out = Path(arguments[1]) if len(arguments) == 2 else SHIPPED
    try:
        texts = read(data)
    except NoTrainingData as error:
        print(error, file=sys.stderr)
        return 1
    chance = random.Random(SEED)
    sentences = (sentence for passage in texts.all() for sentence in passage.sentences)
    tokenizer = pieces.build(sentences, PIECES, chance)
    print(f"{tokenizer.get_vocab_size()} pieces", flush=True)
    kinds = prepare(texts, tokenizer, Asking(chance))
    export(tokenizer, train(kinds, tokenizer, DIMENSIONS, STEPS, SEED), out)
    print(f"written to {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
