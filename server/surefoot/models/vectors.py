"""The one form in which vectors leave an embedder: L2-normalised, times 127, rounded to int8.

Invariant: every embedder quantises here, so that the store's cosine means the same whatever made the vectors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INT8_MAX = 127
SHORTEST = 1e-9  # a shorter row has no direction, and is left as zeros


def to_int8(rows: NDArray[np.float32]) -> list[bytes]:
    """The bytes of each row. A row of zeros stays zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    factors = INT8_MAX / np.maximum(lengths, SHORTEST)
    scaled = np.clip(np.rint(rows * factors[:, np.newaxis]), -INT8_MAX, INT8_MAX)
    return [row.tobytes() for row in scaled.astype(np.int8)]
