"""Vectors in two bits a component: a quarter of their size, and enough to leave out what is not among the nearest.

One bit is a component's sign, the other says whether it is large. A question is held against them twice: against the
signs of all vectors with XOR and a count of bits, and against both bits of those that are left with a look-up table.
What is left then is compared exactly, by its int8 components (see vector_search).

Invariant: every result is a whole number, or one divided by the same root, so neither the order of the vectors nor the
machine changes it.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Components: TypeAlias = npt.NDArray[np.int8]
Codes: TypeAlias = npt.NDArray[np.uint64]  # a row per vector: the words of its signs, then those of its sizes
Planes: TypeAlias = npt.NDArray[np.uint64]  # the same with a column per vector, so that one word of all lies together

LENGTH = 127  # of every vector: the embedder multiplies unit vectors with it
WORD = 64
GROUP = 4  # components that one look-up serves: both bits of four make a byte
LARGE = 3  # what a large component counts, a small one being 1
# In multiples of the root mean square. Where a component counts as large is the threshold of the best quantiser of two
# bits for a normal distribution; a question's components count 0, 1 or 2. Others were tried on 700,000 real vectors.
LARGE_FROM = 1.0
ASKED_FROM = (0.4, 1.2)
AT_ONCE = 16_384  # columns, or a quarter as many rows: what is worked on stays in the processor's cache
FAR = np.iinfo(np.uint16).max


def words_of(dimension: int) -> int:
    """How many words hold one bit of each component."""
    return -(-dimension // WORD)


def encoded(vectors: Components) -> Codes:
    """The codes of vectors, one a row."""
    large = int(np.ceil(LARGE_FROM * LENGTH / np.sqrt(vectors.shape[1])))
    return np.concatenate([_packed(vectors > 0), _packed((vectors >= large) | (vectors <= -large))], axis=1)


def _packed(bits: npt.NDArray[np.bool_]) -> Codes:
    if missing := words_of(bits.shape[1]) * WORD - bits.shape[1]:
        bits = np.pad(bits, ((0, 0), (0, missing)))
    return np.packbits(bits, axis=1).view(np.uint64)


class Question:
    """A vector that codes are compared with."""

    def __init__(self, vector: Components) -> None:
        self._dimension = len(vector)
        sizes = np.abs(vector.astype(np.int16))
        mean_square = np.sqrt(np.square(sizes.astype(np.float64)).mean()) or 1.0
        self._signs = _packed((vector > 0)[np.newaxis])[0]
        self._masks = [_packed((sizes >= part * mean_square)[np.newaxis])[0] for part in ASKED_FROM]
        self._table = _table(vector)

    def distances(self, planes: Planes) -> npt.NDArray[np.uint16]:
        """How much of the question each vector contradicts by its signs; lower is nearer."""
        found = np.zeros(planes.shape[1], np.uint16)
        different = np.empty(AT_ONCE, np.uint64)
        masked, counts = np.empty_like(different), np.empty(AT_ONCE, np.uint8)
        for begin in range(0, len(found), AT_ONCE):
            total = found[begin : begin + AT_ONCE]
            number = len(total)
            for word, sign in enumerate(self._signs):
                np.bitwise_xor(planes[word, begin : begin + AT_ONCE], sign, out=different[:number])
                for mask in self._masks:
                    np.bitwise_and(different[:number], mask[word], out=masked[:number])
                    np.bitwise_count(masked[:number], out=counts[:number])
                    np.add(total, counts[:number], out=total)
        return found

    def estimates(self, codes: Codes) -> Floats:
        """About the cosine with each vector, times a constant; higher is nearer."""
        found = np.empty(len(codes), np.float32)
        for begin in range(0, len(codes), AT_ONCE // 4):
            some = codes[begin : begin + AT_ONCE // 4]
            found[begin : begin + AT_ONCE // 4] = self._estimated(some)
        return found

    def _estimated(self, codes: Codes) -> Floats:
        words = codes.shape[1] // 2
        signs = np.ascontiguousarray(codes[:, :words]).view(np.uint8)
        large = np.ascontiguousarray(codes[:, words:]).view(np.uint8)
        places = np.empty((len(codes), 2 * signs.shape[1]), np.int32)
        places[:, 0::2] = (signs & 0xF0) | (large >> GROUP)
        places[:, 1::2] = ((signs & 0x0F) << GROUP) | (large & 0x0F)
        places += np.arange(0, self._table.size, 1 << 2 * GROUP, dtype=np.int32)
        sums: Floats = self._table.take(places).sum(axis=1)
        number_large = np.bitwise_count(codes[:, words:]).sum(axis=1, dtype=np.int32)
        lengths = np.sqrt((self._dimension + (LARGE * LARGE - 1) * number_large).astype(np.float32))
        cosines: Floats = sums / lengths
        return cosines


def _table(vector: Components) -> Floats:
    """For each group of components, and each byte of their signs and sizes, the part of the scalar product."""
    groups = np.zeros(words_of(len(vector)) * WORD, np.float32)
    groups[: len(vector)] = vector
    byte = np.arange(1 << 2 * GROUP, dtype=np.uint8)
    bits = np.unpackbits(byte[:, np.newaxis], axis=1).astype(np.float32)
    values = (2 * bits[:, :GROUP] - 1) * (1 + (LARGE - 1) * bits[:, GROUP:])
    table: Floats = groups.reshape(-1, GROUP) @ values.T
    return table.ravel()
