"""Parser processes that end before they begin cost no file."""

import os
import subprocess
import sys
import tempfile
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


PARSE = """
from surefoot.index.parsing import _pool, expect_many_files

if __name__ == "__main__":
    expect_many_files()
    with _pool(1) as pool:
        print(pool.submit(abs, -1).result())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there is a server asked to fork itself")
@pytest.mark.parametrize("longer", [0, 1, 60])
def test_parsers_start_though_the_folder_for_temporary_files_is_far_down(tmp_path: Path, longer: int) -> None:
    (tmp_path / "parse.py").write_text(PARSE)
    with tempfile.TemporaryDirectory(dir="/tmp") as above:
        below = Path(above) / ("d" * (parsing.LONGEST_TEMPORARY_FOLDER - len(f"{above}/") + longer))
        below.mkdir()
        command, environment = [sys.executable, str(tmp_path / "parse.py")], {**os.environ, "TMPDIR": str(below)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
