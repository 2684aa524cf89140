"""Switches in config/flags.toml, for what is built and not yet announced."""

from cellar.settings import config


def is_on(name: str) -> bool:
    return bool(config("flags").get(name, False))
