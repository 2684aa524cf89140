"""Ripecellar: cheese from the day it leaves the dairy until a shop has it."""

from importlib import import_module

FEATURES_WITH_HANDLERS = ("lots", "racks", "grading", "orders", "dispatch", "recall")


def register_handlers() -> None:
    """Import every handlers module, which puts its functions on the bus."""
    for feature in FEATURES_WITH_HANDLERS:
        import_module(f"cellar.{feature}.handlers")
    import_module("cellar.care.planner")
