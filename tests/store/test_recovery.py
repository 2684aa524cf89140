"""Damaged, newer, locked, full and unwritable databases, and processes that die or race."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from store.store_samples import WEIGHTS, open_store, opened, parsed, put, vector
from surefoot.domain import Scope
from surefoot.errors import StoreBusyError, StoreError, StoreFullError
from surefoot.store import recovery
from surefoot.store.database import IndexStore
from surefoot.store.traces import TraceStore

TESTS = Path(__file__).parent.parent
CHILD = "import sys; from pathlib import Path; from store.store_samples import *\n"


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    paths = [str(TESTS), str(TESTS.parent / "server")]
    return subprocess.Popen(
        [sys.executable, "-c", CHILD + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def filled(location: Path, files: int = 40) -> None:
    with open_store(location) as store, store.writing() as writer:
        for n in range(files):
            file = parsed(f"{n}.py", [f"word{n} " * 200] * 3, names=[f"name{n}"])
            writer.replace_file(file, [vector(n)] * 3)


def aside(location: Path) -> list[str]:
    return sorted(path.name for path in location.parent.iterdir() if ".damaged-" in path.name)


def assert_rebuilt(location: Path, what: str) -> None:
    with open_store(location) as store:
        assert store.files() == {}
        assert len(store.notices) == 1
        assert store.notices[0].startswith("The index of sample was ")
        assert what in store.notices[0]
        put(store, parsed("a.py"))
        assert store.paths() == ["a.py"]
    assert f"{location.name}.damaged-1" in aside(location)
    with open_store(location) as store:
        assert store.notices == ()
        assert store.paths() == ["a.py"]


# --- damage ---


def test_garbage_is_moved_aside_and_rebuilt(location: Path) -> None:
    location.parent.mkdir()
    location.write_bytes(os.urandom(20_000))
    assert_rebuilt(location, "damaged")


def test_an_overwritten_header_is_moved_aside_and_rebuilt(location: Path) -> None:
    filled(location)
    with location.open("r+b") as file:
        file.write(b"\0" * 200)
    assert_rebuilt(location, "damaged")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_truncated_file_is_moved_aside_and_rebuilt(location: Path, share: float) -> None:
    filled(location)
    os.truncate(location, int(location.stat().st_size * share))
    assert_rebuilt(location, "damaged")


def test_another_programs_database_is_moved_aside_and_kept(location: Path) -> None:
    location.parent.mkdir()
    with apsw.Connection(str(location)) as connection:
        connection.execute("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (42)")
    connection.close()
    assert_rebuilt(location, "damaged")
    kept = apsw.Connection(str(location) + ".damaged-1")
    assert kept.execute("SELECT x FROM theirs").get == 42
    kept.close()


def test_an_empty_file_is_simply_filled(location: Path) -> None:
    location.parent.mkdir()
    location.touch()
    with open_store(location) as store:
        assert store.notices == ()
        put(store, parsed("a.py"))


def _overwrite_all_pages_of(location: Path, table: str) -> None:
    with apsw.Connection(str(location)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        size = int(connection.pragma("page_size"))
        pages = [row[0] for row in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]
    connection.close()
    with location.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)


TABLES = ("files", "chunks", "symbols", "words_data", "names", "grams_data", "vectors", "vector_codes", "vector_cache")


@pytest.mark.parametrize("table", TABLES)
def test_overwritten_pages_are_seen_at_opening(location: Path, table: str) -> None:
    filled(location)
    _overwrite_all_pages_of(location, table)
    assert_rebuilt(location, "damaged")


def test_damage_met_by_a_question_is_reported_and_rebuilt_at_the_next_opening(location: Path) -> None:
    filled(location)
    with open_store(location) as store:
        assert store.nearest(vector(1), Scope(), 5)
        _overwrite_all_pages_of(location, "chunks")
        os.utime(location)
        with apsw.Connection(str(location)) as connection:  # changes the schema cookie: all caches are dropped
            connection.execute("CREATE VIEW IF NOT EXISTS scratch AS SELECT 1")
        connection.close()
        with pytest.raises(StoreError, match="The index of sample is damaged"):
            store.chunks(list(range(1, 100)))
    assert_rebuilt(location, "damaged")


def test_a_newer_schema_is_moved_aside_and_rebuilt(location: Path) -> None:
    filled(location, 2)
    with apsw.Connection(str(location)) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    assert_rebuilt(location, "newer Surefoot")


def test_only_the_newest_few_damaged_files_are_kept(location: Path) -> None:
    location.parent.mkdir()
    for _ in range(4):
        location.write_bytes(b"garbage" * 1000)
        opened(location).close()
        location.unlink()
    kept = {name.split(".damaged-")[1][0] for name in aside(location)}
    assert kept == {"3", "4"}
    assert recovery.KEPT_ASIDE == 2


def test_a_deleted_database_is_made_again_by_the_next_write(location: Path) -> None:
    with open_store(location) as store:
        put(store, parsed("a.py"))
        before = store.generation()
        for suffix in ("", "-wal", "-shm"):
            Path(str(location) + suffix).unlink(missing_ok=True)
        with pytest.raises(StoreError):
            store.files()
        put(store, parsed("b.py"))
        assert store.paths() == ["b.py"]
        assert store.generation() > before


def test_a_database_rebuilt_by_another_process_is_taken_up(location: Path) -> None:
    with open_store(location) as store:
        put(store, parsed("old.py"))
        store.paths()
        recovery.move_aside(location, recovery.State.DAMAGED)
        child = start("with open_store(Path(sys.argv[1])) as s: put(s, parsed('new.py'))", location)
        assert child.wait() == 0
        assert child.stdout is not None
        child.stdout.close()
        assert store.paths() == ["new.py"]
        put(store, parsed("mine.py"))
        assert store.paths() == ["mine.py", "new.py"]


# --- other processes ---


def test_processes_opening_a_new_database_at_once_all_succeed(location: Path) -> None:
    code = """
with open_store(Path(sys.argv[1]), lock_timeout=60) as store:
    for n in range(5):
        put(store, parsed(f'{sys.argv[2]}-{n}.py'))
"""
    children = [start(code, location, number) for number in range(4)]
    for child in children:
        child.communicate()
        assert child.returncode == 0
    with open_store(location) as store:
        assert len(store.files()) == 20
        assert store.counts().chunks == 20
        assert len(store.nearest(vector(1), Scope(), 50)) == 20
        assert len({i for path in store.paths() for i in store.chunk_ids(path)}) == 20


HOLD = """
store = opened(Path(sys.argv[1]))
with store.writing() as writer:
    for n in range(60):
        writer.replace_file(parsed(f'half-{n}.py', ['unfinished business ' * 500] * 5), [bytes(8)] * 5)
    print('writing', flush=True)
    sys.stdin.read()
"""


def holder(location: Path) -> subprocess.Popen[str]:
    paths = [str(TESTS), str(TESTS.parent / "server")]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD + HOLD, str(location)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    return child


def finish(child: subprocess.Popen[str]) -> None:
    child.send_signal(signal.SIGKILL)
    child.communicate()


def test_a_writer_killed_in_mid_transaction_leaves_the_last_commit(location: Path) -> None:
    filled(location, 3)
    finish(holder(location))
    with open_store(location, lock_timeout=1) as store:
        assert store.notices == ()
        assert sorted(store.paths()) == ["0.py", "1.py", "2.py"]
        assert store.lexical('"unfinished"', Scope(), 5, WEIGHTS) == []
        put(store, parsed("next.py"))
        assert len(store.paths()) == 4


def test_a_writer_in_another_process_is_waited_for_and_then_named(location: Path) -> None:
    filled(location, 1)
    child = holder(location)
    try:
        with open_store(location, lock_timeout=0.2) as store:
            assert store.paths() == ["0.py"]  # reading goes on
            with pytest.raises(StoreBusyError, match="Another Surefoot process is indexing sample; try again"):
                put(store, parsed("a.py"))
            finish(child)
            put(store, parsed("a.py"))
            assert len(store.paths()) == 2
    finally:
        finish(child)


def test_a_writer_in_another_thread_is_waited_for(store: IndexStore) -> None:
    with store.writing():
        store._lock._timeout = 0.1
        with pytest.raises(StoreBusyError):
            put(store, parsed("a.py"))


# --- the disk ---


def _write_much(store: IndexStore) -> None:
    for n in range(400):
        text = "".join(f"word{n}x{i} " for i in range(2000))
        put(store, parsed(f"{n}.py", [text] * 5))


def test_a_database_at_its_limit_says_that_no_space_is_left(location: Path) -> None:
    with open_store(location) as store:
        put(store, parsed("a.py"))
        assert store._writer is not None
        store._writer.pragma("max_page_count", int(store._writer.pragma("page_count")) + 10)
        with pytest.raises(StoreFullError, match=r"No space is left in .*SUREFOOT_CACHE_DIR"):
            _write_much(store)
        assert "a.py" in store.paths()
        store._writer.pragma("max_page_count", 1_000_000)
        put(store, parsed("b.py"))
        assert "b.py" in store.paths()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder], capture_output=True, check=False)
    if mount.returncode:
        pytest.skip("mounting a small disk needs more rights than this user has")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_named_and_the_last_commit_survives(small_disk: Path) -> None:
    location = small_disk / "sample-1.db"
    with open_store(location) as store:
        put(store, parsed("a.py", ["kept"]))
        with pytest.raises(StoreFullError, match="No space is left in"):
            _write_much(store)
        assert "a.py" in store.paths()
    with open_store(location) as store:
        assert store.notices == ()
        assert store.lexical('"kept"', Scope(), 5, WEIGHTS)


def test_a_disk_full_from_the_start_is_named(small_disk: Path) -> None:
    with contextlib.suppress(OSError):
        (small_disk / "ballast").write_bytes(b"\0" * 8 * 1024 * 1024)
    with pytest.raises(StoreFullError, match="No space is left in"):
        opened(small_disk / "sample-1.db")


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match=r"file/index cannot be written; set SUREFOOT_CACHE_DIR"):
        opened(tmp_path / "file" / "index" / "sample-1.db")


@pytest.fixture
def read_only(location: Path) -> Iterator[Path]:
    filled(location, 2)
    folder = location.parent
    if subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False).returncode:
        pytest.skip("mounting a folder read-only needs more rights than this user has")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield location
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_read_only_folder_is_named_with_the_way_out(read_only: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written; set SUREFOOT_CACHE_DIR"), open_store(read_only) as store:
        put(store, parsed("a.py"))
    with pytest.raises(StoreError, match="cannot be written; set SUREFOOT_CACHE_DIR"):
        opened(read_only.with_name("new-1.db"))
    with pytest.raises(StoreError, match="cannot be written; set SUREFOOT_CACHE_DIR"):
        TraceStore.open(read_only.with_name("traces.db"))


def test_a_location_that_is_a_folder_is_refused(location: Path) -> None:
    location.mkdir(parents=True)
    with pytest.raises(StoreError):
        opened(location)


def test_too_many_open_files_are_not_called_a_folder_that_cannot_be_written(location: Path) -> None:
    """Nor is the index then kept in memory: nothing is the matter with its folder."""
    filled(location, 2)
    code = """
import os, resource
store = opened(Path(sys.argv[1]))
store._readers.close_idle()
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir('/proc/self/fd')), 4096))
try:
    store.paths()
except StoreUnwritableError:
    print('unwritable')
except StoreError as error:
    print(error)
"""
    child = start("from surefoot.errors import *\n" + code, location)
    out, _ = child.communicate(timeout=60)
    assert out.startswith("The index of sample cannot be used")
