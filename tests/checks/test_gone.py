"""What an answer says of the code that its documents and tickets name and that is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Query, Scope, Source
from surefoot.engine import Engine

DECISION = """
    # Limits

    ## Retrying of payments

    `Client.retry` in `server/client.py` gives up after three payments.
    The helper `server/old_retry.py` retries payments too, see `server/moved/kept.py`.
"""
CLIENT = '''
    class Client:
        def retry(self):
            """How retrying of payments is limited, as in `server/older_retry.py`."""
            return 3
'''


@pytest.fixture
def engine(tmp_path: Path, open_engine: Callable[..., Engine]) -> Engine:
    write_tree(
        tmp_path / "pay",
        {"docs/limits.md": DECISION, "server/client.py": CLIENT, "server/kept.py": "x = 1\n", "server/b.py": "y = 1\n"},
    )
    engine = open_engine(tmp_path / "pay")
    engine.refresh()
    return engine


def notices(engine: Engine, *sources: Source) -> list[str]:
    answer = engine.ask(Query("how is retrying of payments limited?", Scope(sources=sources)), model="none")
    assert answer.claims
    return [notice for notice in answer.notices if " names " in notice]


def test_a_cited_document_that_names_what_is_gone_is_contradicted(engine: Engine) -> None:
    (gone, moved) = notices(engine, Source.DOCS)
    assert gone.startswith("docs/limits.md names server/old_retry.py, which is not there any more")
    assert moved == "docs/limits.md names server/moved/kept.py, which is in server/kept.py now."


def test_what_is_still_there_is_not_spoken_of(engine: Engine, tmp_path: Path) -> None:
    write_tree(tmp_path / "pay", {"server/old_retry.py": "z = 1\n", "server/moved/kept.py": "x = 1\n"})
    engine.refresh()
    assert notices(engine, Source.DOCS) == []


def test_code_is_not_held_against_code(engine: Engine) -> None:
    assert notices(engine, Source.CODE) == []


def test_a_stack_trace_of_another_machine_contradicts_nothing(engine: Engine, tmp_path: Path) -> None:
    """The ticket is about that machine; what its frames say of this tree is where to look, not what is gone."""
    ticket = (
        "---\nkey: PAY-7\ntitle: Retrying of payments is limited to three\nstate: open\n---\n\n"
        'Traceback (most recent call last):\n  File "/srv/app/server/client.py", line 12, in retry\n'
        '  File "/srv/app/lib/kept.py", line 3, in limit\nRuntimeError: retrying of payments is limited\n'
    )
    write_tree(tmp_path / "pay", {".surefoot/tickets/pay-7.md": ticket})
    engine.refresh()
    assert notices(engine, Source.TICKETS) == []


@pytest.mark.parametrize("examples", [{}, {"examples/.pay.toml": "[pay]\n"}])
def test_a_file_that_users_write_is_none_that_moved(engine: Engine, tmp_path: Path, examples: dict[str, str]) -> None:
    """The name that is set there is that of a definition, and one such file may be here as an example."""
    text = "# Limits\n\nHow retrying of payments is limited, `retry_limit` in `.pay.toml` says, or in `pay.yaml`.\n"
    write_tree(tmp_path / "pay", {"docs/limits.md": text, "server/settings.py": "retry_limit = 3\n"} | examples)
    engine.refresh()
    assert notices(engine, Source.DOCS) == []
