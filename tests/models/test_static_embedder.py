"""The embedder that the package carries."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import ModelInvalidError, ModelNotFoundError
from surefoot.models.static_card import DATA
from surefoot.models.static_embedder import MOST_TOKENS, WORD, StaticEmbedder

SIZE_LIMIT = 10_000_000  # what the package may carry for the embedder

RETRY = """
def retry_request(session, request, max_attempts=3):
    for attempt in range(max_attempts):
        try:
            return session.send(request)
        except ConnectionError:
            sleep(backoff(attempt))
"""
PARSE = """
def parse_date(text):
    year, month, day = text.split("-")
    return datetime(int(year), int(month), int(day))
"""
DRAW = """
void drawRectangle(Canvas* canvas, int width, int height) {
    canvas->fill(Color::Red);
}
"""


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder.builtin()


def components(vector: bytes) -> np.ndarray:
    return np.frombuffer(vector, dtype=np.int8).astype(np.float32)


def similarity(one: bytes, other: bytes) -> float:
    a, b = components(one), components(other)
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("max_retries", ["max", "retries"]),
        ("maxRetries2", ["max", "Retries", "2"]),
        ("HTTPServer", ["HTTP", "Server"]),
        ("parseHTTPResponse", ["parse", "HTTP", "Response"]),
        ("__init__", ["init"]),
        ("SCREAMING_CASE", ["SCREAMING", "CASE"]),
        ("utf8", ["utf", "8"]),
        ("größeÄndern", ["größeÄndern"]),  # only ASCII capitals are taken for a new word
        ("A", ["A"]),
        ("->{}", []),
    ],
)
def test_identifiers_are_split_as_people_read_them(identifier: str, words: list[str]) -> None:
    assert WORD.findall(identifier) == words


def test_the_spelling_of_an_identifier_does_not_matter(embedder: StaticEmbedder) -> None:
    variants = ["max retry count", "max_retry_count", "maxRetryCount", "MAX_RETRY_COUNT", "MaxRetryCount"]
    assert len(set(embedder.embed_documents(variants))) == 1


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("where do we try again after the network failed?", 0),
        ("how is a day of the calendar read from a string?", 1),
        ("paint a shape on the screen", 2),
    ],
)
def test_a_question_is_nearest_to_the_code_that_answers_it(
    embedder: StaticEmbedder, question: str, expected: int
) -> None:
    query = embedder.embed_query(question)
    scores = [similarity(query, vector) for vector in embedder.embed_documents([RETRY, PARSE, DRAW])]
    assert scores.index(max(scores)) == expected


def test_vectors_are_unit_int8(embedder: StaticEmbedder) -> None:
    for vector in embedder.embed_documents([RETRY, PARSE, "x"]):
        assert len(vector) == embedder.identity.dimension
        assert np.linalg.norm(components(vector)) == pytest.approx(127, abs=5)


def test_no_texts_no_vectors(embedder: StaticEmbedder) -> None:
    assert embedder.embed_documents([]) == []


@pytest.mark.parametrize("text", ["", "   \n", "}", "----", "日本語"])
def test_a_question_without_known_words_is_near_nothing(embedder: StaticEmbedder, text: str) -> None:
    """Neither near real code nor near documents that have no known words either; and never a vector of zeros."""
    query = embedder.embed_query(text)
    assert any(query)
    assert max(similarity(query, vector) for vector in embedder.embed_documents([RETRY, PARSE, DRAW, text])) < 0.3


def test_what_follows_the_limit_is_not_read(embedder: StaticEmbedder) -> None:
    head = "open store " * MOST_TOKENS
    assert embedder.embed_documents([head]) == embedder.embed_documents([head + RETRY])


@given(st.text())
def test_any_text_has_a_vector(text: str) -> None:
    vector = StaticEmbedder.builtin().embed_query(text)
    assert any(vector)
    assert StaticEmbedder.builtin().embed_query(text) == vector


def test_a_lone_surrogate_has_a_vector(embedder: StaticEmbedder) -> None:
    assert any(embedder.embed_query("open \ud800 store\udfff"))


def test_another_process_gives_the_same_vectors(embedder: StaticEmbedder) -> None:
    program = (
        "import sys; from surefoot.models.static_embedder import StaticEmbedder\n"
        "sys.stdout.buffer.write(b''.join(StaticEmbedder.builtin().embed_documents(sys.argv[1:])))"
    )
    texts = [RETRY, PARSE, DRAW]
    done = subprocess.run([sys.executable, "-c", program, *texts], capture_output=True, check=True)
    assert done.stdout == b"".join(embedder.embed_documents(texts))


def test_threads_give_the_same_vectors() -> None:
    """All start with nothing remembered, and race to fill the memory."""
    texts = [f"{RETRY} {PARSE} word{number}Of{chr(97 + number % 26)}{number}" for number in range(200)]
    expected = StaticEmbedder.builtin().embed_documents(texts)
    fresh = StaticEmbedder.load(DATA)
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(fresh.embed_documents, [texts] * 4))


def test_the_memory_of_words_is_bounded(embedder: StaticEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surefoot.models.static_embedder.MOST_RUNS", 10)
    small = StaticEmbedder.load(DATA)
    assert small.embed_documents([RETRY, PARSE]) == embedder.embed_documents([RETRY, PARSE])
    assert len(small._word_ids) <= 10


# --- the shipped files -----------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_package_stays_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) <= SIZE_LIMIT


def test_a_document_of_few_words_is_held_back_and_a_question_is_not(copy: Path) -> None:
    card = json.loads((copy / "card.json").read_text())
    assert card["shrinkage"] > 0
    assert not np.load(copy / "vectors.npy")[:, -1].any()  # the axis that documents share
    (copy / "card.json").write_text(json.dumps({**card, "shrinkage": 0}))
    plain, held = StaticEmbedder.load(copy), StaticEmbedder.builtin()
    assert plain.identity != held.identity
    text = "retry the request"
    assert plain.embed_query(text) == held.embed_query(text)
    few, many = (
        similarity(held.embed_query(text), *held.embed_documents([" ".join([text] * times)])) for times in (1, 9)
    )
    assert similarity(plain.embed_query(text), *plain.embed_documents([text])) == pytest.approx(1)
    assert few < many < 1


def test_the_identity_is_the_weights(embedder: StaticEmbedder, copy: Path) -> None:
    card = json.loads((DATA / "card.json").read_text())
    assert (embedder.identity.name, embedder.identity.dimension) == (card["name"], card["dimension"])
    assert StaticEmbedder.load(copy).identity == embedder.identity


@pytest.mark.parametrize("name", ["vectors.npy", "scales.npy", "tokenizer.json"])
def test_a_changed_byte_is_noticed(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(ModelInvalidError, match=f"{name} is damaged"):
        StaticEmbedder.load(copy)


@pytest.mark.parametrize("name", ["vectors.npy", "scales.npy", "tokenizer.json", "card.json"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelNotFoundError, match=name):
        StaticEmbedder.load(copy)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": {}}'])
def test_a_damaged_card_is_one_error(copy: Path, content: str) -> None:
    (copy / "card.json").write_text(content)
    with pytest.raises(ModelInvalidError, match="cannot be read"):
        StaticEmbedder.load(copy)


def test_words_that_say_what_a_question_is_about_weigh_most(embedder: StaticEmbedder) -> None:
    asked = embedder.embed_query("where is the return value of the retry checked")
    telling, empty = embedder.embed_documents(["retry checked value return", "where is the of the"])
    assert similarity(asked, telling) > similarity(asked, empty)
