"""What differs between the cellar in town, the one in the mountain and a laptop."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

CONFIG = Path(os.environ.get("CELLAR_CONFIG", "config"))


@dataclass(frozen=True)
class Settings:
    database_url: str
    sms_url: str
    sms_token: str
    mail_host: str
    timezone: str


@lru_cache
def settings() -> Settings:
    env = os.environ
    return Settings(
        database_url=env.get("CELLAR_DATABASE", "postgresql+psycopg://cellar@localhost/cellar"),
        sms_url=env.get("CELLAR_SMS_URL", ""),
        sms_token=env.get("CELLAR_SMS_TOKEN", ""),
        mail_host=env.get("CELLAR_MAIL_HOST", "localhost"),
        timezone=env.get("CELLAR_TZ", "Europe/Zurich"),
    )


@lru_cache
def config(name: str) -> dict[str, Any]:
    """One of the files in config/, read once; a change needs a restart."""
    return tomllib.loads((CONFIG / f"{name}.toml").read_text(encoding="utf-8"))
