"""A cache folder that cannot be written: the index lives in memory, one sentence says so, and nothing is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from conftest import SHOP, write_tree
from dashboard.serving import REAL as REAL_DASHBOARD
from dashboard.serving import environment as dashboard_environment
from dashboard.serving import running
from faults import tally
from faults.hostile import IS_ROOT, environment, read_only, surefoot
from faults.scene import settings_for
from lsp.stdio_session import editing
from mcp_session import wire
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.errors import StoreError, StoreUnwritableError
from surefoot.store import memory_folder
from surefoot.store.memory_folder import MemoryFolder

NOTICE = "cannot be written, so the index is in memory only"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write_tree(tmp_path / "shop-root", SHOP)
    return tmp_path / "shop-root"


NO_SHARED_MEMORY = """
from pathlib import Path

from surefoot.store import memory_folder

memory_folder.MEMORY = Path("/nonexistent")
"""


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where memory folders are made by this test and its processes, so that those of others are not in the way."""
    place, customs = tmp_path / "places", tmp_path / "customs"
    place.mkdir()
    customs.mkdir()
    (customs / "sitecustomize.py").write_text(NO_SHARED_MEMORY)  # every Python that is started imports it
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(customs), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(memory_folder, "MEMORY", Path("/nonexistent"))
    return place


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Path]:
    """A cache folder that is read-only from the start."""
    folder = tmp_path / "cache"
    folder.mkdir()
    with read_only(folder):
        tally.fault("cache folder read-only")
        yield folder


def memory_folders(place: Path) -> list[str]:
    return sorted(path.name for path in place.glob("surefoot-memory-*"))


def nothing_is_left_in(place: Path) -> bool:
    """Something was there, or else the test looked in the wrong place; a folder notes when it last had it."""
    return list(place.iterdir()) == [] and place.stat().st_mtime_ns > 0


@pytest.mark.parametrize("command", [["search", "rate_for"], ["ask", "what does rate_for do?"], ["index"], ["status"]])
def test_the_command_line_answers_and_says_so_once(cache: Path, shop: Path, places: Path, command: list[str]) -> None:
    os.utime(places, (0, 0))
    done = surefoot(cache, *command, "--root", str(shop))
    tally.operation("command on a read-only cache")
    assert done.returncode == 0, done.stderr
    assert (done.stderr + done.stdout).count("cannot be written") == 1
    assert NOTICE in " ".join(done.stderr.split())
    assert "SUREFOOT_CACHE_DIR" in done.stderr
    assert "traced" not in done.stderr
    if command[0] in ("search", "ask"):
        assert "shop/tax.py" in done.stdout
    assert nothing_is_left_in(places)


@pytest.fixture
def as_nobody() -> list[str]:
    """What makes a command run as nobody, for whom the permissions of a folder hold."""
    if not IS_ROOT or shutil.which("setpriv") is None:
        pytest.skip("becoming somebody else needs root")
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*command, sys.executable, "-c", "import surefoot"], capture_output=True, check=False).returncode:
        pytest.skip("nobody may not read the folder that this is in")
    return command


def test_a_folder_of_another_user_is_one_that_cannot_be_written(as_nobody: list[str]) -> None:
    """Run as nobody, for whom the permissions of a folder hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_tree(folder / "shop-root", SHOP)
        shop = str(folder / "shop-root")
        done = surefoot(folder, "search", "rate_for", "--root", shop, before=as_nobody, HOME="/nonexistent")
    tally.fault("cache folder of another user")
    assert done.returncode == 0, done.stderr
    assert NOTICE in " ".join(done.stderr.split())
    assert "shop/tax.py" in done.stdout


async def test_the_language_server_answers_and_says_so_once(cache: Path, shop: Path, places: Path) -> None:
    async with editing(shop, env=environment(cache)) as editor:
        await editor.indexed()
        found = await editor.command("surefoot.search", {"query": "rate_for"})
        assert found["hits"][0]["path"] == "shop/tax.py"
        path = shop / "shop/tax.py"
        editor.save(path, path.read_text() + "\n\ndef surcharge_of(country):\n    return 3\n")
        found = await editor.command("surefoot.search", {"query": "surcharge_of"})
        assert found["hits"][0]["symbol"] == "surcharge_of"
        answer = await editor.command("surefoot.ask", {"question": "what does rate_for do?"})
        assert answer["citations"]
        said = [message.message for message in editor.client.messages]
        assert len([message for message in said if "cannot be written" in message]) == 1
        tally.operation("request on a read-only cache", 3)
        assert memory_folders(places)
    assert list(places.iterdir()) == []


def test_the_mcp_server_answers(cache: Path, shop: Path, places: Path) -> None:
    with wire(cache, "--root", str(shop)) as client:
        reply = client.call("search_code", {"query": "rate_for"})
        assert "shop/tax.py" in reply["result"]["content"][0]["text"]
        tally.operation("request on a read-only cache")
        assert memory_folders(places)
    assert "".join(client.errors).count("cannot be written") <= 1
    assert list(places.iterdir()) == []


def test_the_dashboard_answers(cache: Path, shop: Path, places: Path) -> None:
    env = dashboard_environment(cache)
    env["PYTHONPATH"] = os.pathsep.join([os.environ["PYTHONPATH"], env["PYTHONPATH"]])
    with running([*REAL_DASHBOARD, str(shop), "--port", "0"], env) as server:
        with server.client() as client:
            end = time.monotonic() + 60
            while client.get("/api/status").json()["indexing"] and time.monotonic() < end:
                time.sleep(0.05)
            found = client.post("/api/search", json={"query": "rate_for"})
            assert found.status_code == 200
            assert "shop/tax.py" in found.text
            notices = client.get("/api/status").json()["notices"]
            assert sum("cannot be written" in notice for notice in notices) == 1
        assert memory_folders(places)
        server.interrupt()
        server.ended()
    tally.operation("request on a read-only cache", 3)
    assert list(places.iterdir()) == []


def test_a_ready_index_in_the_folder_is_used(tmp_path: Path, shop: Path) -> None:
    cache = tmp_path / "made-before"
    engine = Engine.open([shop], settings_for(cache))
    engine.refresh()
    engine.close()
    with read_only(cache):
        engine = Engine.open([shop], settings_for(cache))
        assert engine.search(Query("rate_for")).hits[0].chunk.span.path == "shop/tax.py", "before anything is indexed"
        assert engine.refresh().indexed == 0
        assert len(engine.notices) == 1
        engine.close()
    tally.fault("cache folder read-only")


def test_several_roots_share_one_folder_and_one_sentence(cache: Path, shop: Path, tmp_path: Path, places: Path) -> None:
    write_tree(tmp_path / "bakery", {"oven.py": "def bake_bread():\n    return 1\n"})
    engine = Engine.open([shop, tmp_path / "bakery"], settings_for(cache))
    engine.refresh()
    assert engine.search(Query("bake_bread")).hits
    assert len(memory_folders(places)) == 2, "the folder and its lock"
    assert len(engine.notices) == 1
    assert engine.search(Query("rate_for")).trace_id == ""
    assert len(engine.notices) == 1, "nothing more about traces"
    engine.close()
    assert memory_folders(places) == []


def test_what_a_killed_process_left_is_removed_by_the_next(cache: Path, shop: Path, places: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from surefoot.engine import Engine;"
        "from surefoot.config import Settings;"
        "e = Engine.open([Path(sys.argv[1])], Settings(cache_dir=Path(sys.argv[2]), model='none')); e.refresh();"
        "print('ready', flush=True); sys.stdin.read()"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(shop), str(cache)],
            env=environment(cache),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    assert len(memory_folders(places)) == 4
    children[0].send_signal(signal.SIGKILL)
    children[0].communicate()
    tally.fault("kill -9, index in memory")
    engine = Engine.open([shop], settings_for(cache))
    assert len(memory_folders(places)) == 4, "the dead one's is gone, the living one's stays"
    engine.close()
    assert len(memory_folders(places)) == 2
    children[1].communicate("")
    assert memory_folders(places) == [], "also where an engine was not closed"


def test_no_folder_at_all_is_told(cache: Path, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_folder, "_places", lambda: (tmp_path / "none",))
    with pytest.raises(StoreUnwritableError, match="cannot be written; set SUREFOOT_CACHE_DIR"):
        Engine.open([shop], settings_for(cache))


def test_the_place_with_room_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.mkdir()
    large.mkdir()
    free = {small: 64 * 1024 * 1024, large: 10 * memory_folder.ROOM}
    monkeypatch.setattr(memory_folder.shutil, "disk_usage", lambda place: type("Usage", (), {"free": free[place]}))
    folder = MemoryFolder.make([small, large])
    assert folder.path.parent == large
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.close()
    assert list(large.iterdir()) == []


def test_a_folder_in_use_is_not_swept(tmp_path: Path) -> None:
    first = MemoryFolder.make([tmp_path])
    second = MemoryFolder.make([tmp_path])
    assert first.path.is_dir()
    with pytest.raises(filelock.Timeout):
        memory_folder._lock_of(first.path).acquire(timeout=0)
    second.close()
    first.close()
    assert list(tmp_path.iterdir()) == []


def test_permission_lost_in_the_middle_is_told_and_questions_go_on(tmp_path: Path, shop: Path) -> None:
    """By a read-only mount over the folder of an index that is in use, which even root cannot write to."""
    engine = Engine.open([shop], settings_for(tmp_path / "cache", lock_timeout=2))
    engine.refresh()
    with read_only(tmp_path / "cache"):
        tally.fault("permission lost in the middle")
        (shop / "new.py").write_text("def brand_new():\n    return 1\n")
        path = shop / "shop/tax.py"
        path.write_text(path.read_text().replace("rate_for", "tariff_for"))
        try:
            engine.refresh()
        except StoreError as error:
            assert "cannot be written; set SUREFOOT_CACHE_DIR" in str(error)  # noqa: PT017 - or the open file lets it
        for question in ("CartFullError", "tax rate of a country", "open_session"):
            hits = engine.search(Query(question)).hits
            assert hits
            for hit in hits:
                lines = (shop / hit.chunk.span.path).read_text().split("\n")
                assert "\n".join(lines[hit.chunk.span.start - 1 : hit.chunk.span.end]) == hit.chunk.text
    engine.refresh()
    assert engine.search(Query("brand_new")).hits[0].chunk.span.path == "new.py"
    assert engine.search(Query("tariff_for")).hits
    engine.close()


AS_NOBODY = """
import sys
from pathlib import Path

from surefoot.config import Settings
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.errors import StoreError

root = Path(sys.argv[1])
engine = Engine.open([root], Settings(cache_dir=Path(sys.argv[2]), model="none", lock_timeout=2))
engine.refresh()
for word in sys.stdin:
    try:
        engine.refresh()
        told = "indexed"
    except StoreError as error:
        told = str(error)
    hits = [hit.chunk.symbol for hit in engine.search(Query(word.strip())).hits]
    print(hits[:1], told, flush=True)
engine.close()
"""


def test_a_folder_that_is_taken_away_from_its_user_and_given_back(as_nobody: list[str]) -> None:
    """Run as nobody; the folder and its files become root's while the program runs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_tree(folder / "tree", {"a.py": "def before_all():\n    return 1\n"})
        cache = folder / "cache"
        cache.mkdir()
        shutil.chown(cache, 65534, 65534)
        child = subprocess.Popen(
            [*as_nobody, sys.executable, "-c", AS_NOBODY, str(folder / "tree"), str(cache)],
            env={**environment(cache), "HOME": "/nonexistent"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

        def ask(word: str) -> str:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(f"{word}\n")
            child.stdin.flush()
            return child.stdout.readline().strip()

        assert ask("before_all") == "['before_all'] indexed"
        for number in range(3):
            for path in (cache, *cache.rglob("*")):
                shutil.chown(path, 0, 0)
                path.chmod(0o755 if path.is_dir() else 0o644)
            (folder / "tree" / f"b{number}.py").write_text(f"def meanwhile_{number}():\n    return 1\n")
            tally.fault("permission lost in the middle")
            assert ask("before_all").startswith("['before_all'] ")
            for path in (cache, *cache.rglob("*")):
                shutil.chown(path, 65534, 65534)
            assert ask(f"meanwhile_{number}") == f"['meanwhile_{number}'] indexed"
        child.communicate("")
        assert child.returncode == 0
