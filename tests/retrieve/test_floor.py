"""Whether anything found is about the question, where its ticket is not there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from live.live_session import commit, repository, write
from surefoot.domain import Query
from surefoot.engine import Engine

ABSENT = "{}: no ticket with this number is indexed"


@pytest.fixture
def engine(tmp_path: Path, open_engine: Callable[..., Engine]) -> Engine:
    """A project as most are: its commits name tickets, and the tickets are elsewhere."""
    root = repository(tmp_path / "shop", {"basket.py": "def keep_basket():\n    return 1\n"})
    write(root, {"tax.py": "def rate_for(country):\n    return 0.2 if country else 0\n"})
    commit(root, "Tax of a country (#404)")
    engine = open_engine(root)
    engine.refresh()
    return engine


def test_a_commit_that_names_a_ticket_which_is_not_there_is_told(engine: Engine) -> None:
    answer = engine.ask(Query("what does #404 touch?"))
    assert not answer.abstained
    assert answer.citations[0].span.path.startswith("commit:")
    assert "tax.py" in {citation.span.path for citation in answer.citations}
    assert answer.missing == (ABSENT.format("#404"),)


def test_a_ticket_that_nothing_names_is_refused(engine: Engine) -> None:
    answer = engine.ask(Query("what does #405 touch?"))
    assert answer.abstained
    assert answer.missing == (ABSENT.format("#405"),)
