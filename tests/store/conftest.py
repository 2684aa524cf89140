"""One empty store per test, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.store_samples import open_store
from surefoot.store.database import IndexStore


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return tmp_path / "index" / "sample-1a2b.db"


@pytest.fixture
def store(location: Path) -> Iterator[IndexStore]:
    with open_store(location) as store:
        yield store
