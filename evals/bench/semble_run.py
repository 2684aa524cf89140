"""Runs semble for the benchmarks, in a virtual environment that has it: `python semble_run.py model|index ...`.

    model FOLDER TOKENIZER   writes a static model with random weights: its speed does not depend on them
    index TREE MODEL         brings semble's cached index of TREE up to date, and prints what is in it

Invariant: semble is used as its own MCP server does: the index is loaded if it is valid, else made or mended and saved.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from semble import SembleIndex
from semble.cache import save_index_to_cache
from semble.types import ContentType
from tokenizers import Tokenizer

# Of the shape of the model that semble downloads, potion-code-16M: some 60,000 tokens, 256 components.
TOKENS = 60_000
DIMENSION = 256
SEED = 7


def main() -> None:
    """Do what the first argument says."""
    {"model": make_model, "index": index}[sys.argv[1]](*sys.argv[2:])


def make_model(folder: str, tokenizer_file: str) -> None:
    """Word pieces of the given tokenizer, and others that no text has, up to the size of the vocabulary."""
    described = json.loads(Path(tokenizer_file).read_text(encoding="utf-8"))
    vocabulary = described["model"]["vocab"]
    vocabulary |= {f"unused piece {number}": number for number in range(len(vocabulary), TOKENS)}
    with tempfile.TemporaryDirectory() as scratch:
        grown = Path(scratch) / "tokenizer.json"
        grown.write_text(json.dumps(described), encoding="utf-8")
        tokenizer = Tokenizer.from_file(str(grown))
    weights = np.random.default_rng(SEED).standard_normal((TOKENS, DIMENSION)).astype(np.float32)
    StaticModel(weights, tokenizer).save_pretrained(folder)


def index(tree: str, model: str) -> None:
    """Code, documents and configuration, which is what Surefoot indexes too."""
    content = (ContentType.CODE, ContentType.DOCS, ContentType.CONFIG)
    found = SembleIndex.from_path(tree, content=content, model_path=model)
    save_index_to_cache(found, tree)
    print(json.dumps({"files": found.stats.indexed_files, "chunks": found.stats.total_chunks}))


if __name__ == "__main__":  # its worker processes import this file again
    main()
