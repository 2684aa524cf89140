"""Rappen, and never floats."""

from decimal import ROUND_HALF_UP, Decimal


def rappen(francs: str | Decimal) -> int:
    return int((Decimal(francs) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_five(amount: int) -> int:
    """Rounded to five rappen, as nobody has smaller coins."""
    return (amount + 2) // 5 * 5


def spelled(amount: int) -> str:
    return f"CHF {amount // 100}.{amount % 100:02}"
