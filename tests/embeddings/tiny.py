"""A sentence-transformers model of random weights: BERT with one layer, made in a second."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

DIMENSIONS = 24
_CHARACTERS = "创业补贴失业保险金怎么领意外伤害培训毕业生企业社会每人年不高于元问答:的"


def make(folder: Path, prompts: Mapping[str, str]) -> Path:
    """Write the model, with these prompts in its configuration, into `folder`; return the folder."""
    pieces = ["[PAD]", "[UNK]", *dict.fromkeys(_CHARACTERS)]
    words = Tokenizer(models.WordLevel({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]")
    torch.manual_seed(7)
    sizes = {"hidden_size": DIMENSIONS, "intermediate_size": 48, "num_hidden_layers": 1}
    bert = BertModel(BertConfig(vocab_size=len(pieces), num_attention_heads=2, **sizes))
    bert.save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert")), Pooling(DIMENSIONS)]
    model = SentenceTransformer(modules=modules, prompts=dict(prompts), device="cpu")
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"
