"""What the tests of syncing share: a server, a root, and a sync against the one into the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.tracker_server import TrackerServer


@pytest.fixture
def server() -> Iterator[TrackerServer]:
    with TrackerServer().running() as running:
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder
