"""The built-in embedder: one vector per token, weighted and summed. No download, no network, numpy only.

Invariant: a text's vector depends on the text, the shipped files and `static_card.READING` alone, whatever the
process, the thread or the order of calls. `evals/train/` makes the files; loading checks them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from surefoot.domain import EmbedderIdentity
from surefoot.errors import ModelInvalidError, ModelNotFoundError
from surefoot.models.static_card import (
    DATA,
    SCALES_FILE,
    TOKENIZER_FILE,
    VECTORS_FILE,
    check_files,
    read_card,
)
from surefoot.models.vectors import to_int8

# A run of letters, digits and underscores is looked up whole, and split only when it is met for the first time.
RUN = re.compile(r"\w+")
# MiniLM's vocabulary is that of prose, so identifiers are split as people read them:
# HTTPServer -> HTTP Server, maxRetries2 -> max Retries 2, max_retries -> max retries. The rest carries no meaning.
WORD = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|[0-9]+")
# Later tokens of a text are not read. Chunks are shorter than this; it bounds the time of a pathological one.
MOST_TOKENS = 1024
MOST_CHARACTERS = 16 * MOST_TOKENS
# Distinct runs whose tokens are remembered, some 20 MB of them; beyond it the memory starts afresh.
MOST_RUNS = 100_000
# Texts summed before they are quantised together: enough to spread numpy's overhead, little enough to stay small.
BATCH = 1024


class WordIds(dict[str, tuple[int, ...]]):
    """The token ids of each run of letters and digits, filled as runs are met.

    A repository has few distinct ones, and looking one up costs a hundredth of tokenizing it. Threads may share it:
    the worst that a race does is to tokenize a word twice. Words are tokenized one by one, which starts no thread
    pool in the tokenizer, so a fork is safe.
    """

    def __init__(self, tokenizer: Tokenizer, word: re.Pattern[str] = WORD) -> None:
        super().__init__()
        self._tokenizer = tokenizer
        self._word = word
        self._unknown = tokenizer.token_to_id("[UNK]")

    def __missing__(self, run: str) -> tuple[int, ...]:
        words = [word.lower() for word in self._word.findall(run)]
        if words == [run]:
            found = self._tokenizer.encode(run, add_special_tokens=False).ids
            ids = tuple(token for token in found if token != self._unknown)
        else:
            ids = tuple(chain.from_iterable(self[word] for word in words))
        if len(self) >= MOST_RUNS:
            self.clear()
        self[run] = ids
        return ids


class StaticEmbedder:
    """A sum of token vectors: thousands of texts a second on one core."""

    def __init__(
        self,
        identity: EmbedderIdentity,
        vectors: NDArray[np.int8],
        scales: NDArray[np.float32],
        tokenizer: Tokenizer,
        folder: Path | None = None,
        shrinkage: float = 0.0,
    ) -> None:
        self.identity = identity
        self.folder = folder  # from which another process can load the same
        self._vectors = vectors
        self._scales = scales  # with each token's weight in them
        self._shrinkage = shrinkage
        self._word_ids = WordIds(tokenizer)
        # The direction of texts without a single known word, such as `}`: the axis that says least. Where documents
        # of few words are held back, all of them have it, and no token does.
        self._wordless = np.zeros(identity.dimension, dtype=np.float32)
        self._wordless[-1] = 1

    @classmethod
    def builtin(cls) -> StaticEmbedder:
        """The one that the package carries, loaded once per process."""
        return _loaded(DATA)

    @classmethod
    def load(cls, folder: Path) -> StaticEmbedder:
        """Load what `distill.py` wrote; the vectors are mapped, so that processes share them."""
        try:
            card = read_card(folder)
            check_files(folder, card)
            vectors = np.load(folder / VECTORS_FILE, mmap_mode="r")
            scales = np.load(folder / SCALES_FILE).astype(np.float32)
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except FileNotFoundError as error:
            raise ModelNotFoundError(f"The embedder in {folder} has no {Path(error.filename).name}.") from error
        except (OSError, ValueError) as error:
            raise ModelInvalidError(f"The embedder in {folder} cannot be read ({error}).") from error
        return cls(card.identity, np.asarray(vectors), scales, tokenizer, folder, card.shrinkage)

    @classmethod
    def of(cls, folder: Path) -> StaticEmbedder:
        """The one in a folder, loaded once per process."""
        return _loaded(folder)

    def embed_documents(self, texts: Sequence[str]) -> list[bytes]:
        """One int8 vector per text, in order."""
        found: list[bytes] = []
        for start in range(0, len(texts), BATCH):
            sums = np.stack([self._sum(text, self._wordless) for text in texts[start : start + BATCH]])
            if self._shrinkage:
                sums[:, -1] = self._shrinkage
            found += to_int8(sums)
        return found

    def embed_query(self, text: str) -> bytes:
        """The int8 vector of a question. One without a known word is set against wordless texts, not beside them."""
        return to_int8(self._sum(text, -self._wordless)[np.newaxis])[0]

    def _sum(self, text: str, wordless: NDArray[np.float32]) -> NDArray[np.float32]:
        """The token vectors times the square root of their counts, which keeps `self` from drowning the rest.

        The token's weight is in its scale; and a mean would differ from the sum only in length, which goes.
        """
        runs = RUN.findall(text[:MOST_CHARACTERS])
        counts = Counter(islice(chain.from_iterable(map(self._word_ids.__getitem__, runs)), MOST_TOKENS))
        if not counts:
            return wordless
        ids = np.fromiter(counts.keys(), np.intp, len(counts))
        factors = np.sqrt(np.fromiter(counts.values(), np.float32, len(counts))) * self._scales[ids]
        return factors @ self._vectors[ids].astype(np.float32)


@cache
def _loaded(folder: Path) -> StaticEmbedder:
    return StaticEmbedder.load(folder)
