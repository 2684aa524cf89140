"""What the teacher, a transformer that reads words in their order, says of texts.

Invariant: the same texts give the same vectors but for rounding; they are computed once and kept.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from zlib import crc32

import numpy as np
import torch
from distill import CLS, HEADS, LAYER_NORM_EPSILON, LAYERS, MODEL_SHA256, SEP, Teacher, fetch_teacher
from numpy.typing import NDArray
from packages import CACHE
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

Floats = NDArray[np.float32]
MOST_TOKENS = 64
BATCH_TOKENS = 16_384  # per forward pass


def taught(texts: Sequence[str]) -> Floats:
    """The teacher's unit vector of each text."""
    key = crc32("\n".join(texts).encode(), crc32(MODEL_SHA256.encode()))
    kept = CACHE / f"taught-{len(texts)}-{key:08x}.npy"
    if not kept.exists():
        np.save(kept, _taught(fetch_teacher(), texts).astype(np.float16))
    return np.load(kept).astype(np.float32)  # type: ignore[no-any-return]


def _taught(teacher: Teacher, texts: Sequence[str]) -> Floats:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    weights = {name: torch.from_numpy(np.array(each)).to(device) for name, each in teacher.weights.items()}
    tokenizer = Tokenizer.from_str(json.dumps(teacher.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    order = np.argsort([len(each) for each in ids], kind="stable")
    found = np.zeros((len(texts), weights["pooler.dense.bias"].numel()), np.float32)
    start = 0
    while start < len(order):
        length = len(ids[order[start]]) + 2
        rows = order[start : start + max(1, BATCH_TOKENS // length)]
        rows = rows[[len(ids[row]) + 2 == length for row in rows]]  # one length, so nothing is padded
        batch = torch.tensor([[CLS, *ids[row], SEP] for row in rows], device=device)
        with torch.no_grad():
            found[rows] = functional.normalize(_forward(weights, batch).mean(1), dim=1).cpu().numpy()
        start += len(rows)
        print(f"\r{start:,} of {len(texts):,} questions through the teacher", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def _forward(weights: dict[str, Tensor], ids: Tensor) -> Tensor:
    """BERT's encoder, as `distill.forward` has it in numpy."""
    states = weights["embeddings.word_embeddings.weight"][ids]
    states = states + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    states = _norm(states + weights["embeddings.token_type_embeddings.weight"][0], weights, "embeddings.")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        query, key, value = (
            _dense(states, weights, f"{layer}attention.self.{part}.").unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        mixed = functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        attended = _dense(mixed, weights, f"{layer}attention.output.dense.")
        states = _norm(states + attended, weights, f"{layer}attention.output.")
        inner = functional.gelu(_dense(states, weights, f"{layer}intermediate.dense."))
        states = _norm(states + _dense(inner, weights, f"{layer}output.dense."), weights, f"{layer}output.")
    return states


def _dense(states: Tensor, weights: dict[str, Tensor], prefix: str) -> Tensor:
    return functional.linear(states, weights[f"{prefix}weight"], weights[f"{prefix}bias"])


def _norm(states: Tensor, weights: dict[str, Tensor], prefix: str) -> Tensor:
    scale, shift = weights[f"{prefix}LayerNorm.weight"], weights[f"{prefix}LayerNorm.bias"]
    return functional.layer_norm(states, scale.shape, scale, shift, LAYER_NORM_EPSILON)
