"""Which of several small definitions of one chunk a hit shows."""

from collections.abc import Callable
from pathlib import Path

from live.live_session import commit, repository, write
from surefoot.domain import Query
from surefoot.engine import Engine

PENS = '''def fold(sheep):
    return sheep + 1


class Zebracorn:
    """Gallops."""

    def gallop(self):
        return 7
'''


def test_what_a_commit_names_too_does_not_hide_what_the_question_names(
    tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    """The commit leads to both definitions of the chunk, and the shorter one was shown under the other's name."""
    root = repository(tmp_path / "pens", {"barn.py": '"""Where hay is kept."""\n'})
    write(root, {"pens.py": PENS})
    commit(root, "Add pens")
    engine = open_engine(root)
    engine.refresh()
    for question in ("Zebracorn", "where does the Zebracorn gallop?"):
        hit = engine.search(Query(question)).hits[0]
        assert (hit.chunk.symbol, hit.chunk.span.start) in {("Zebracorn", 5), ("Zebracorn.gallop", 8)}
