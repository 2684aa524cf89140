"""Parser processes that end before they begin cost no file."""

from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import IndexedFile, Root, content_hash
from surefoot.index import parsing
from surefoot.index.parsing import Parsers, Work
from surefoot.trace import CancelToken


class BrokenPool:
    """A pool whose processes were killed while they were idle."""

    def submit(self, *_arguments: object) -> None:
        raise BrokenProcessPool("killed")

    def shutdown(self, **_named: object) -> None:
        """Nothing is left to be ended."""


@pytest.mark.parametrize("unknown", [3, 45])
def test_what_is_to_be_taken_back_comes_though_the_processes_are_gone(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, unknown: int
) -> None:
    names = [f"m{number}.py" for number in range(unknown + 30)]
    for name in names:
        (tmp_path / name).write_text(f"{name[:-3]} = 1\n")
    known = {name: frozenset({content_hash(f"{name[:-3]} = 1\n")}) for name in names[unknown:]}
    monkeypatch.setattr(parsing, "FEWEST_FOR_RUNNING_PROCESSES", 1)
    apart: Callable[..., object] = lambda work, paths: parsing._parse_batch(  # noqa: E731
        Work(work.root, work.settings, paths)
    )
    monkeypatch.setattr(parsing, "_parse_apart", apart)
    parsers = Parsers(settings.model_copy(update={"index_workers": 4}))
    parsers._processes, parsers._pool = 4, BrokenPool()  # type: ignore[assignment]
    try:
        work = Work(Root(tmp_path, "root"), settings, names, known=known)
        outcomes = [each for batch in parsers.parse(work, CancelToken()) for each in batch]
    finally:
        parsers.close()
    taken_back = {each.path for each in outcomes if isinstance(each, IndexedFile)}
    assert taken_back == set(names[unknown:])
    assert len(outcomes) == len(names)
