"""Makes an int8 ONNX model of all-MiniLM-L6-v2: `python minilm_onnx.py WEIGHTS.npz TOKENIZER.json FOLDER`.

It runs in a virtual environment that has onnx and onnxruntime. The graph reads one text at a time, so that nothing is
padded and there is no mask: on a core that was faster than batches. Operators are those of an exported model; with the
fused attention of onnxruntime, which was tried, int8 was slower. Weights are int8, one scale for each output channel.

Invariant: one input, the token ids of a text with [CLS] and [SEP]; one output, its unit vector, pooled by the mean.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found]
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-not-found]

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
MOST_TOKENS = 256  # the model's own limit
MICROSOFT = "com.microsoft"  # where Gelu is in a version that every onnxruntime reads
MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"


class Graph:
    """Nodes and weights as they are added; a node's output has the node's name."""

    def __init__(self, weights: dict[str, NDArray[Any]]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: object) -> str:
        """A weight or a number, and its name."""
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str) -> str:
        """One of the model's own."""
        return self.constant(name, self._weights[name])

    def node(self, operator: str, inputs: list[str], name: str, **attributes: object) -> str:
        """One operation, and its name."""
        self._nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def dense(self, states: str, prefix: str) -> str:
        """A linear layer."""
        matrix = self.constant(f"{prefix}.weight", self._weights[f"{prefix}.weight"].T)
        product = self.node("MatMul", [states, matrix], f"{prefix}.product")
        return self.node("Add", [product, self.weight(f"{prefix}.bias")], f"{prefix}.sum")

    def norm(self, states: str, prefix: str) -> str:
        """Layer normalisation."""
        scale, shift = self.weight(f"{prefix}.LayerNorm.weight"), self.weight(f"{prefix}.LayerNorm.bias")
        return self.node("LayerNormalization", [states, scale, shift], f"{prefix}.norm", epsilon=EPSILON)

    def model(self) -> onnx.ModelProto:
        """All of it."""
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, WIDTH])
        graph = helper.make_graph(self._nodes, "minilm", [ids], [vector], list(self._constants.values()))
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9)


def main() -> None:
    """Make the model and write it with the tokenizer."""
    weights_file, tokenizer_file, target = map(Path, sys.argv[1:])
    with np.load(weights_file) as weights, tempfile.TemporaryDirectory() as scratch:
        floats = Path(scratch) / MODEL_FILE
        onnx.save(minilm(dict(weights)), floats)
        target.mkdir(parents=True, exist_ok=True)
        # A type that it cannot infer, behind Gelu, is float.
        options = {"DefaultTensorType": TensorProto.FLOAT}
        made = target / f"{MODEL_FILE}.part"
        quantize_dynamic(floats, made, weight_type=QuantType.QInt8, per_channel=True, extra_options=options)
    tokenizer = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    tokenizer |= {"padding": None, "truncation": {**tokenizer["truncation"], "max_length": MOST_TOKENS}}
    (target / TOKENIZER_FILE).write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    made.replace(target / MODEL_FILE)


def minilm(weights: dict[str, NDArray[Any]]) -> onnx.ModelProto:
    """The whole transformer, with pooling."""
    graph = Graph(weights)
    states = _embedded(graph, weights)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        attended = graph.dense(_attended(graph, states, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
        sum_ = graph.node("Add", [states, attended], f"{layer}.attention.both")
        states = graph.norm(sum_, f"{layer}.attention.output")
        inner = graph.dense(states, f"{layer}.intermediate.dense")
        inner = graph.node("Gelu", [inner], f"{layer}.gelu", domain=MICROSOFT)
        sum_ = graph.node("Add", [states, graph.dense(inner, f"{layer}.output.dense")], f"{layer}.both")
        states = graph.norm(sum_, f"{layer}.output")
    mean = graph.node("ReduceMean", [states], "mean", axes=[1], keepdims=0)
    graph.node("LpNormalization", [mean], "vector", axis=1, p=2)
    return graph.model()


def _embedded(graph: Graph, weights: dict[str, NDArray[Any]]) -> str:
    words = graph.node("Gather", [graph.weight("embeddings.word_embeddings.weight"), "ids"], "words")
    # A text is one sentence, so the type of its tokens is always the first one.
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.node("Shape", ["ids"], "length", start=1, end=2)
    first = graph.constant("first", np.array([0]))
    used = graph.node("Slice", [graph.constant("places", places), first, length, first], "used_places")
    return graph.norm(graph.node("Add", [words, used], "embedded"), "embeddings")


def _attended(graph: Graph, states: str, prefix: str) -> str:
    heads = graph.constant("heads", np.array([0, 0, HEADS, WIDTH // HEADS]))
    orders = {"query": [0, 2, 1, 3], "key": [0, 2, 3, 1], "value": [0, 2, 1, 3]}
    query, key, value = (
        graph.node("Transpose", [graph.node("Reshape", [graph.dense(states, f"{prefix}.{part}"), heads],
                                            f"{prefix}.{part}.heads")], f"{prefix}.{part}.turned", perm=order)
        for part, order in orders.items()
    )  # fmt: skip
    scores = graph.node("MatMul", [query, key], f"{prefix}.scores")
    scale = graph.constant("scale", np.array((WIDTH // HEADS) ** 0.5, dtype=np.float32))
    scaled = graph.node("Div", [scores, scale], f"{prefix}.scaled")
    shares = graph.node("Softmax", [scaled], f"{prefix}.shares", axis=-1)
    mixed = graph.node("MatMul", [shares, value], f"{prefix}.mixed")
    mixed = graph.node("Transpose", [mixed], f"{prefix}.mixed.turned", perm=[0, 2, 1, 3])
    return graph.node("Reshape", [mixed, graph.constant("flat", np.array([0, 0, WIDTH]))], f"{prefix}.flat")


if __name__ == "__main__":
    main()
