from datetime import date

from cellar.dispatch.labels import label

WHEEL = {
    "code": "24-117", "sort": "tomme", "made_on": date(2024, 6, 1), "ripe_from": date(2024, 6, 13),
    "serial": 7, "grams_now": 252,
}  # fmt: skip


def test_a_label_has_lot_and_mark():
    text = label(WHEEL)
    assert "24-117/007" in text
    assert "CH 4711" in text
