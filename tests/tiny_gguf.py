"""Tiny language models made on the spot: real GGUF files that a real llama.cpp loads, with random weights."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
MERGES = ("Ġ t", "h e", "Ġt he", "i n")


def byte_characters() -> list[str]:
    """The 256 characters by which byte-level BPE writes bytes."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    table = {b: chr(b) for b in plain}
    spare = 256
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(spare)
            spare += 1
    return [table[b] for b in range(256)]


def vocabulary() -> tuple[list[str], list[int]]:
    """Tokens and their types: bytes, merges, control tokens."""
    normal = [*byte_characters(), *("".join(m.split()) for m in MERGES)]
    kinds = [gguf.TokenType.NORMAL] * len(normal) + [gguf.TokenType.CONTROL] * len(SPECIALS)
    return [*normal, *SPECIALS], [int(k) for k in kinds]


def write_tiny_gguf(
    path: Path, *, layers: int = 2, width: int = 64, template: str | None = CHATML, context: int = 32768,
    architecture: str = "llama", pooling: bool = False, seed: int = 7,
) -> Path:  # fmt: skip
    """A chat model of about 300 kB that never ends its answer by itself, so that streams are long enough to stop."""
    random = np.random.default_rng(seed)
    tokens, kinds = vocabulary()
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name("Tiny")
    writer.add_type("model")
    _add_shape(writer, layers, width, context)
    if pooling:
        writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(list(MERGES))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_bos_token_id(tokens.index("<|endoftext|>"))
    writer.add_add_bos_token(value=False)
    if template is not None:
        writer.add_chat_template(template)
    _add_weights(writer, random, len(tokens), layers, width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_shape(writer: gguf.GGUFWriter, layers: int, width: int, context: int) -> None:
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(width * 2)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_rope_dimension_count(width // 2)
    writer.add_layer_norm_rms_eps(1e-5)


def _add_weights(writer: gguf.GGUFWriter, random: np.random.Generator, vocab: int, layers: int, width: int) -> None:
    def matrix(rows: int, columns: int) -> np.ndarray:
        return random.normal(0, 0.3, (rows, columns)).astype(np.float32)

    writer.add_tensor("token_embd.weight", matrix(vocab, width))
    output = matrix(vocab, width)
    output[-len(SPECIALS) :] = 0  # a logit of 0 never wins among 260 random ones
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", np.ones(width, dtype=np.float32))
    for layer in range(layers):
        name = f"blk.{layer}"
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"{name}.{norm}.weight", np.ones(width, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{name}.{part}.weight", matrix(width, width))
        for part in ("ffn_gate", "ffn_up"):
            writer.add_tensor(f"{name}.{part}.weight", matrix(width * 2, width))
        writer.add_tensor(f"{name}.ffn_down.weight", matrix(width, width * 2))
