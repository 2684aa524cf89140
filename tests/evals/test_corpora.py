"""Pinned projects: fetched once, and only with the pinned bytes."""

import hashlib
import sys
import tarfile
from pathlib import Path

import pytest

from surefoot.errors import UsageError
from surefoot.evals import corpora
from surefoot.evals.corpora import Corpus, fetch, load_corpora


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    source = tmp_path / "demo-1.0"
    source.mkdir()
    (source / "demo.py").write_text("def demo(): pass\n")
    with tarfile.open(tmp_path / "demo.tar.gz", "w:gz") as tar:
        tar.add(source, "demo-1.0")
    return tmp_path / "demo.tar.gz"


@pytest.fixture
def client(archive: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A package client that copies the archive; its calls are counted."""
    calls: list[int] = []

    def commands(_: Corpus, __: Path) -> corpora.Commands:
        calls.append(1)
        return [[sys.executable, "-c", f"import shutil; shutil.copy({str(archive)!r}, '.')"]], {}

    monkeypatch.setattr(corpora, "DOWNLOADS", {"copy": commands})
    return calls


def pinned(sha256: str) -> Corpus:
    return Corpus("demo", "python", "dev", "copy", "demo", "1.0", sha256)


def test_a_corpus_is_unpacked_once(archive: Path, client: list[int], tmp_path: Path) -> None:
    corpus = pinned(hashlib.sha256(archive.read_bytes()).hexdigest())
    for _ in range(2):
        assert (fetch(corpus, tmp_path / "cache") / "demo.py").is_file()
    assert len(client) == 1
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["demo"]


def test_clients_are_told_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def commands(_: Corpus, where: Path) -> corpora.Commands:
        seen.append(where)
        return [], {}

    monkeypatch.setattr(corpora, "DOWNLOADS", {"copy": commands})
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="has the pinned sha256"):
        fetch(pinned("0" * 64), Path("cache"))
    assert [where.is_absolute() for where in seen] == [True]


@pytest.mark.usefixtures("client")
def test_other_bytes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"demo 1\.0 brought has the pinned sha256"):
        fetch(pinned("0" * 64), tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["no-such-client"], "downloaded with no-such-client, which is not installed"),
        ([sys.executable, "-c", "import sys; sys.exit('no such version')"], "could not be downloaded: no such version"),
    ],
)
def test_a_client_that_fails_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], why: str
) -> None:
    monkeypatch.setattr(corpora, "DOWNLOADS", {"copy": lambda *_: ([command], {})})
    with pytest.raises(UsageError, match=why):
        fetch(pinned("0" * 64), tmp_path / "cache")


def test_debian_lists_are_read_with_a_configuration_of_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.sources").write_text("Types: deb\nURIs: file:/x\n")
    (sources / "b.list").write_text("deb file:/x stable main\n")
    (sources / "c.list.disabled").write_text("deb file:/x stable main\n")
    monkeypatch.setattr(corpora, "DEBIAN_SOURCES", (sources,))
    (tmp_path / "scratch").mkdir()
    _, environ = corpora.DOWNLOADS["debian"](pinned(""), tmp_path / "scratch")
    parts = {path.name: path.read_text() for path in (tmp_path / "scratch" / "parts").iterdir()}
    assert parts == {"a.sources": "Types: deb-src\nURIs: file:/x\n", "b.list": "deb-src file:/x stable main\n"}
    assert str(tmp_path / "scratch") in Path(environ["APT_CONFIG"]).read_text()


def test_a_corpora_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corpora.toml"
    path.write_text("[[corpus]]\nname = 'x'\n")
    with pytest.raises(UsageError, match=r"corpora\.toml cannot be read"):
        load_corpora(path)


def test_no_host_and_no_machine_path_stands_in_the_pins() -> None:
    text = (Path(__file__).parents[2] / "evals" / "corpora.toml").read_text()
    assert "://" not in text
