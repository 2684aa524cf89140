from __future__ import annotations

import csv
import io
from collections.abc import Iterable

HEAD = ("lot", "sort", "made", "ripe", "wheels", "kg", "state")


def stock_csv(lots: Iterable[dict]) -> str:
    """For the bookkeeper's spreadsheet, which wants semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    for lot in lots:
        kilos = f"{lot['grams'] / 1000:.1f}"
        writer.writerow(
            (lot["code"], lot["sort"], lot["made_on"], lot["ripe_from"], lot["wheels"], kilos, lot["state"])
        )
    return out.getvalue()
