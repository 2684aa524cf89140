"""A small golden set about the shop of `conftest.py`, and the means to run it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CASES: list[dict[str, Any]] = [
    {
        "id": "shop-sym1",
        "bucket": "symbol",
        "question": "add_item raises what when the cart is full",
        "places": [{"path": "shop/cart.py", "start_line": 17, "end_line": 21, "symbol": "Cart.add_item"}],
    },
    {
        "id": "shop-con1",
        "bucket": "conceptual",
        "question": "tax rate of a country",
        "places": [{"path": "shop/tax.py", "start_line": 6, "end_line": 8, "symbol": "rate_for"}],
    },
    {
        "id": "shop-doc1",
        "bucket": "docs",
        "question": "how are parcels over ten kilograms sent",
        "places": [{"path": "docs/shipping.md", "start_line": 3, "end_line": 5, "symbol": "Parcels"}],
    },
    {
        "id": "shop-una1",
        "bucket": "unanswerable",
        "question": "how is the redis cache invalidated",
        "answerable": False,
    },
]


def write_cases(path: Path, cases: Sequence[dict[str, Any]] = CASES) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(case) + "\n" for case in cases))
    return path
