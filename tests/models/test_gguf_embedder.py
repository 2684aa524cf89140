"""The GGUF embedder, against a real llama.cpp and a tiny BERT written here."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import pytest

from surefoot.errors import ModelError, ModelInvalidError, ModelNotFoundError
from surefoot.models.gguf_embedder import GgufEmbedder

pytest.importorskip("llama_cpp")

WIDTH, INNER, HEADS, CONTEXT = 32, 64, 2, 64
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁open", "▁the", "▁store", "▁close", "▁queue", "s"]


def write_tiny_bert(path: Path, *, pooling: bool = True, seed: int = 0) -> Path:
    """An untrained one-layer BERT, which llama.cpp runs like any other."""
    random = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name("tiny bert")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(1)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    if pooling:
        writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_type_count(2)
    writer.add_token_list(WORDS)
    kinds = [gguf.TokenType.CONTROL] * 4 + [gguf.TokenType.NORMAL] * (len(WORDS) - 4)
    writer.add_token_types(kinds)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_sep_token_id(3)
    matrices = {
        "token_embd": (len(WORDS), WIDTH), "token_types": (2, WIDTH), "position_embd": (CONTEXT, WIDTH),
        "blk.0.attn_q": (WIDTH, WIDTH), "blk.0.attn_k": (WIDTH, WIDTH), "blk.0.attn_v": (WIDTH, WIDTH),
        "blk.0.attn_output": (WIDTH, WIDTH), "blk.0.ffn_up": (INNER, WIDTH), "blk.0.ffn_down": (WIDTH, INNER),
    }  # fmt: skip
    for name, shape in matrices.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape).astype(np.float32) / 4)
        if name.startswith("blk"):
            writer.add_tensor(f"{name}.bias", np.zeros(shape[0], dtype=np.float32))
    for name in ("token_embd_norm", "blk.0.attn_output_norm", "blk.0.layer_output_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, dtype=np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(WIDTH, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_bert(tmp_path_factory.mktemp("models") / "tiny-bert.gguf")


@pytest.fixture(scope="module")
def embedder(model: Path) -> Iterator[GgufEmbedder]:
    embedder = GgufEmbedder(model, threads=1)
    yield embedder
    embedder.close()


def components(vector: bytes) -> np.ndarray:
    return np.frombuffer(vector, dtype=np.int8).astype(np.float32)


def test_identity_is_the_files(embedder: GgufEmbedder, model: Path, tmp_path: Path) -> None:
    """Another file of the same name is another embedder."""
    other = GgufEmbedder(write_tiny_bert(tmp_path / model.name, seed=1), threads=1)
    try:
        assert embedder.identity.name == other.identity.name == "tiny-bert"
        assert embedder.identity.dimension == WIDTH
        assert embedder.identity.weights_hash != other.identity.weights_hash
    finally:
        other.close()


def test_vectors_are_unit_int8_and_in_order(embedder: GgufEmbedder) -> None:
    texts = ["open the store", "close the queues", "open the store"] * 20
    vectors = embedder.embed_documents(texts)
    assert len(vectors) == len(texts)
    assert vectors[0] == vectors[2] == vectors[-1] == embedder.embed_query("open the store")
    assert vectors[0] != vectors[1]
    assert np.linalg.norm(components(vectors[0])) == pytest.approx(127, abs=3)


def test_empty_unknown_and_long_texts_have_vectors(embedder: GgufEmbedder) -> None:
    vectors = embedder.embed_documents(["", "\n", "日本語 \ud800", "open the store " * 1000])
    assert {len(vector) for vector in vectors} == {WIDTH}
    assert embedder.embed_documents([]) == []


def test_a_killed_process_is_one_error_and_then_forgotten(model: Path) -> None:
    embedder = GgufEmbedder(model, threads=1)
    try:
        before = embedder.embed_query("open the store")
        os.kill(embedder.process_id, signal.SIGKILL)
        try:
            after = embedder.embed_query("open the store")
        except ModelError as error:
            assert "try again" in str(error)  # noqa: PT017 - whether this request or the next notices is a race
            after = embedder.embed_query("open the store")
        assert after == before
    finally:
        embedder.close()


def test_a_closed_embedder_can_be_used_again(model: Path) -> None:
    embedder = GgufEmbedder(model, threads=1)
    embedder.close()
    try:
        assert len(embedder.embed_query("open")) == WIDTH
    finally:
        embedder.close()


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no model file .*absent\.gguf"):
        GgufEmbedder(tmp_path / "absent.gguf")


@pytest.mark.parametrize("keep", [0, 3, 100, 0.5, 0.97])
def test_a_truncated_file(model: Path, tmp_path: Path, keep: float) -> None:
    data = model.read_bytes()
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(data[: int(keep if keep >= 1 or not keep else keep * len(data))])
    with pytest.raises(ModelInvalidError, match=r"damaged\.gguf"):
        GgufEmbedder(damaged)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "notes.gguf"
    path.write_text("these are notes, and not a model " * 10)
    with pytest.raises(ModelInvalidError, match="not a GGUF file"):
        GgufEmbedder(path)


def test_a_model_that_does_not_pool(tmp_path: Path) -> None:
    with pytest.raises(ModelInvalidError, match="not an embedding model"):
        GgufEmbedder(write_tiny_bert(tmp_path / "chat.gguf", pooling=False))
