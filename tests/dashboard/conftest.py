"""What the tests of the page share: one browser and one server of the shop per module, one window per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conftest import SHOP, write_tree
from dashboard.browsing import Visit, browsing, serving, with_git
from dashboard.serving import Running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("page") / "shop"
    write_tree(root, SHOP)
    return with_git(root)


@pytest.fixture(scope="module")
def server(project: Path, browser: Browser) -> Iterator[Running]:
    """Started after the browser, so that nothing is started where there is none."""
    with serving(project.parent / "cache", project) as server:
        yield server


@pytest.fixture
def visit(browser: Browser, server: Running) -> Iterator[Visit]:
    """A window, on which nothing may have gone wrong at the end."""
    visit = Visit(browser, server)
    yield visit
    visit.close()
    assert visit.faults == []
