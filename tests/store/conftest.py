import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from store_samples import open_store

from surefoot.store.database import IndexStore


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return tmp_path / "index" / "sample-1a2b.db"


@pytest.fixture
def store(location: Path) -> Iterator[IndexStore]:
    with open_store(location) as store:
        yield store
