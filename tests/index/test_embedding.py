"""A slow embedder: words and names first, vectors behind them; nothing is embedded twice."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import EmbedderIdentity, Query
from surefoot.engine import Engine
from surefoot.errors import Cancelled, WorkerDiedError
from surefoot.trace import CancelToken
from surefoot.workspace.documents import Documents


class SlowEmbedder:
    """Has no weights that other processes could load, and counts what it embeds."""

    identity = EmbedderIdentity("slow", 8, "c" * 32)

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.dies = False

    def embed_documents(self, texts: Sequence[str]) -> list[bytes]:
        if self.dies:
            raise WorkerDiedError("The embedding model has ended.")
        self.embedded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> bytes:
        return bytes((len(text) * (n + 1)) % 100 for n in range(8))


@pytest.fixture
def embedder() -> SlowEmbedder:
    return SlowEmbedder()


@pytest.fixture
def engine(tmp_path: Path, settings: Settings, embedder: SlowEmbedder) -> Engine:
    root = tmp_path / "tree"
    root.mkdir()
    for number in range(60):
        (root / f"m{number}.py").write_text(f"def step_{number}(value):\n    return value + {number}\n")
    engine = Engine(settings, embedder, Documents())
    engine.set_roots([root])
    return engine


def vectorless(engine: Engine) -> int:
    return sum(index.store.vectorless_files() for index in engine._indexes.values())


def test_words_are_searchable_before_the_first_vector(engine: Engine, embedder: SlowEmbedder) -> None:
    embedder.dies = True
    with pytest.raises(WorkerDiedError):
        engine.refresh()
    assert vectorless(engine) == 60
    embedder.dies = False
    assert engine.search(Query("step_7")).hits[0].chunk.span.path == "m7.py"
    assert vectorless(engine) == 60
    engine.refresh()
    assert vectorless(engine) == 0
    assert len(embedder.embedded) == 60


def test_vectors_go_on_where_they_were_stopped(engine: Engine, embedder: SlowEmbedder) -> None:
    token = CancelToken()
    seen = 0

    def stop_in_the_middle(progress: object) -> None:
        nonlocal seen
        seen += 1
        if len(embedder.embedded) >= 20:
            token.cancel()

    with pytest.raises(Cancelled):
        engine.refresh(progress=stop_in_the_middle, cancel=token)
    done = len(embedder.embedded)
    assert 0 < done < 60
    engine.refresh()
    assert len(embedder.embedded) == 60
    assert len(set(embedder.embedded)) == 60


def test_a_saved_file_has_its_vectors_at_once(engine: Engine, embedder: SlowEmbedder) -> None:
    engine.refresh()
    embedder.embedded.clear()
    path = engine.roots[0].path / "m3.py"
    path.write_text(path.read_text() + "\n\ndef another(value):\n    return value\n")
    engine.refresh([path])
    assert vectorless(engine) == 0
    (text,) = embedder.embedded
    assert "def another" in text


def test_an_answer_says_how_far_the_vectors_are(engine: Engine, embedder: SlowEmbedder) -> None:
    embedder.dies = True
    with pytest.raises(WorkerDiedError):
        engine.refresh()
    embedder.dies = False
    notices = engine.ask(Query("what does step_7 do?"), model="none").notices
    assert any("60 of 60 files" in notice for notice in notices)


def test_a_saved_file_goes_before_others_that_wait(engine: Engine, embedder: SlowEmbedder) -> None:
    """Another process, or a pass that was stopped, has left all files without vectors; one of them is saved."""
    embedder.dies = True
    with pytest.raises(WorkerDiedError):
        engine.refresh()
    embedder.dies = False
    path = engine.roots[0].path / "m41.py"
    path.write_text("def saved_just_now(value):\n    return value\n")
    engine.refresh([path])
    assert embedder.embedded == ["def saved_just_now(value):\n    return value"]
    assert vectorless(engine) == 59
