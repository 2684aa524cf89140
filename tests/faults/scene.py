"""A tree to index, what an index of it holds, and whether the parts of that fit together.

Invariant: judges an index by its rows and by the files alone; nothing here asks the code that wrote them.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import numpy as np

from surefoot.config import Settings
from surefoot.domain import COMMIT, Query, Root, is_commit
from surefoot.engine import Engine, database_path
from surefoot.links import links_in
from surefoot.store import chunks, code_blocks, links
from surefoot.store.codes import encoded
from surefoot.workspace.documents import FileContent, read_file

WORDS = (
    "amber birch cedar delta ember fjord grove heron islet jetty kelp lagoon maple nectar orchid pebble quartz "
    "reed spruce thistle umber violet willow yarrow zephyr"
).split()
NAME_TABLES = (
    "'name', name, folded FROM names",
    "'key', key, path FROM path_keys",
    "'tally', name, number FROM tallies WHERE number > 0",
)
QUESTIONS = ("amber birch", "where is the lagoon of the heron", "heron_of_reed", "Willow")


def settings_for(cache: Path, **changes: Any) -> Settings:
    return Settings(**{"cache_dir": cache, "model": "none", "lock_timeout": 60, **changes})


# --- the tree --------------------------------------------------------------------------------------------------


def source_text(name: str, chance: random.Random) -> str:
    """A file of a few definitions or sections, different for every name and every draw."""
    if name.endswith(".md"):
        return "".join(f"# {_words(chance, 2)}\n\n{_words(chance, 14)}.\n\n" for _ in range(chance.randint(1, 4)))
    if name.endswith(".ts"):
        names = (chance.sample(WORDS, 2) for _ in range(chance.randint(1, 4)))
        return "".join(f"export function {a}Of{b.title()}(x: number) {{\n  return x + 1;\n}}\n\n" for a, b in names)
    return f'"""{_words(chance, 6)}."""\n\n' + "\n\n".join(_definition(chance) for _ in range(chance.randint(1, 5)))


def _definition(chance: random.Random) -> str:
    a, b = chance.sample(WORDS, 2)
    number = chance.randrange(100_000)
    function = f'def {a}_of_{b}(value):\n    """{_words(chance, 5)}."""\n    return value * {number}\n'
    if chance.random() < 0.7:
        return function
    body = "".join(
        f"    {line}\n" if line else "\n" for line in function.replace("(value)", "(self, value)").split("\n")
    )
    return f"class {a.title()}{b.title()}:\n    limit = {number}\n\n{body.rstrip()}\n"


def _words(chance: random.Random, number: int) -> str:
    return " ".join(chance.choices(WORDS, k=number))


def file_names(number: int) -> list[str]:
    kinds = (".py", ".py", ".py", ".md", ".ts")
    return [f"part{n % 7}/{WORDS[n % len(WORDS)]}_{n}{kinds[n % len(kinds)]}" for n in range(number)]


class Tree:
    """A folder of sources that remembers every text that any of its files ever had."""

    def __init__(self, path: Path, seed: int, files: int) -> None:
        self.path = path
        self.chance = random.Random(seed)
        self.texts: dict[str, set[str]] = defaultdict(set)
        for name in file_names(files):
            self.write(name)
        for name, content in (("logo.png", b"\x89PNG\0\0"), ("empty.py", b""), ("data.bin", b"\0" * 100)):
            (path / name).write_bytes(content)

    def write(self, name: str, text: str | None = None) -> str:
        text = source_text(name, self.chance) if text is None else text
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.texts[name].add(text)
        return text

    def names(self) -> list[str]:
        return sorted(
            file.relative_to(self.path).as_posix()
            for file in self.path.rglob("*")
            if file.is_file() and ".git" not in file.parts and file.suffix in {".py", ".md", ".ts"}
        )

    def edit_some(self, share: float) -> None:
        """Change, remove and add files."""
        for name in self.names():
            drawn = self.chance.random()
            if drawn < share * 0.8:
                self.write(name)
            elif drawn < share:
                (self.path / name).unlink()
        for n in range(3):
            self.write(f"added/{self.chance.randrange(10**6)}_{n}.py")

    def remember(self) -> None:
        """Note what stands on disk now, for those who changed it themselves (git)."""
        for name in self.names():
            with contextlib.suppress(FileNotFoundError, UnicodeDecodeError):
                self.texts[name].add((self.path / name).read_text())


def git(folder: Path, *arguments: str, may_fail: bool = False) -> str:
    """What git says, with no configuration but the repository's; nothing where it may fail and does."""
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org",
         "-c", "init.defaultBranch=main", "-c", "gc.auto=0", *arguments],
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert may_fail or done.returncode == 0, f"git {arguments}: {done.stderr}"
    return done.stdout if done.returncode == 0 else ""


# --- what an index holds ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contents:
    """Everything but numbers that differ from run to run."""

    files: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    outcomes: frozenset[tuple[str, str]] = frozenset()
    symbols: dict[str, list[Any]] = field(default_factory=dict)
    chunks: dict[str, list[Any]] = field(default_factory=dict)
    vectors: dict[str, list[bytes]] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    names: frozenset[Any] = frozenset()

    def difference(self, other: Contents) -> str:
        """In which parts two indexes differ, empty where they don't."""
        found = []
        for part in ("files", "symbols", "chunks", "vectors", "words"):
            mine, theirs = getattr(self, part), getattr(other, part)
            odd = sorted(path for path in mine.keys() | theirs.keys() if mine.get(path) != theirs.get(path))
            if odd:
                found.append(f"{part} of {odd[:5]}: {str(mine.get(odd[0]))[:300]} != {str(theirs.get(odd[0]))[:300]}")
        for part in ("outcomes", "names"):
            odd = sorted(getattr(self, part) ^ getattr(other, part), key=str)
            if odd:
                found.append(f"{part}: {odd[:5]}")
        return "; ".join(found)


def location_of(cache: Path, root: Path) -> Path:
    return database_path(settings_for(cache), Root(root.resolve(), root.resolve().name))


@contextlib.contextmanager
def looking_at(location: Path) -> Iterator[apsw.Connection]:
    connection = apsw.Connection(str(location))
    try:
        connection.set_busy_timeout(10_000)
        yield connection
    finally:
        connection.close()


def contents(engine: Engine) -> Contents:
    """What the index of the engine's only root holds."""
    (index,) = engine._current().values()
    store = index.store
    skipped, failed = store.outcomes()
    ids = {path: store.chunk_ids(path) for path in store.paths()}
    with looking_at(store.location) as connection:
        vectors = _vectors(connection)
        words = _words_of_chunks(connection)
        names = frozenset(row for table in NAME_TABLES for row in connection.execute(f"SELECT {table}"))
    return Contents(
        {path: (f.source, f.language, f.size, f.content_hash) for path, f in store.files().items()},
        frozenset([(s.path, str(s.reason)) for s in skipped] + [(f.path, f.error) for f in failed]),
        {path: store.symbols_in_file(path) for path in ids},
        {path: list(store.chunks(numbers).values()) for path, numbers in ids.items()},
        {path: [vectors.get(number, b"") for number in numbers] for path, numbers in ids.items()},
        {path: [words.get(number, "") for number in numbers] for path, numbers in ids.items()},
        names,
    )


def _tables(connection: apsw.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _vectors(connection: apsw.Connection) -> dict[int, bytes]:
    return dict(connection.execute("SELECT id, vector FROM vectors"))


def _words_of_chunks(connection: apsw.Connection) -> dict[int, str]:
    """A hash of each chunk's words with their columns and positions."""
    connection.execute("CREATE VIRTUAL TABLE temp.places USING fts5vocab(main, words, instance)")
    hashes: dict[int, Any] = defaultdict(hashlib.blake2b)
    for number, *place in connection.execute(
        "SELECT doc, term, col, offset FROM places ORDER BY doc, term, col, offset"
    ):
        hashes[number].update(repr(place).encode())
    return {number: found.hexdigest() for number, found in hashes.items()}


# --- whether its parts fit together ----------------------------------------------------------------------------


def problems_of(location: Path, texts: dict[str, set[str]]) -> list[str]:
    """What is wrong with a database; `texts` are all that each file ever had."""
    with looking_at(location) as connection:
        return [
            *_of_sqlite(connection),
            *_of_ids(connection),
            *_of_keys(connection),
            *_of_texts(connection, texts),
        ]


def _of_sqlite(connection: apsw.Connection) -> Iterator[str]:
    found = connection.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        yield f"integrity_check: {found[:3]}"
    for table in sorted(_tables(connection)):
        if f"{table}_data" in _tables(connection):
            try:
                connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
            except apsw.Error as error:
                yield f"integrity-check of {table}: {error}"


def _of_ids(connection: apsw.Connection) -> Iterator[str]:
    def ids(table: str, column: str = "id") -> set[int]:
        return {number for (number,) in connection.execute(f"SELECT {column} FROM {table}")}

    pieces, files = ids("chunks"), ids("files")
    if ids("words_docsize") != pieces:
        yield f"words and chunks differ in {len(ids('words_docsize') ^ pieces)} ids"
    waiting = "SELECT c.id FROM chunks c JOIN files f ON f.id = c.file_id WHERE NOT f.embedded"
    lacking = pieces - ids("vectors")
    if ids("vectors") - pieces or lacking - {number for (number,) in connection.execute(waiting)}:
        yield "vectors and chunks differ, and not only in files that are known to wait for vectors"
    for table in ("chunks", "symbols"):
        if strays := ids(table, "file_id") - files:
            yield f"{table} of no file: {len(strays)}"
    if ids("symbols", "name_id") != ids("names"):
        yield "names and symbols differ"
    wrong = "SELECT count(*) FROM symbols s JOIN names n ON n.id = s.name_id WHERE n.name != s.name"
    if connection.execute(wrong).get:
        yield "symbols have the rows of other names"
    if set(connection.execute("SELECT DISTINCT path FROM path_keys")) != set(
        connection.execute("SELECT path FROM files WHERE source <> 'commits'")
    ):
        yield "path keys and files differ"
    yield from _of_links(connection)
    yield from _of_tallies(connection)
    yield from _of_codes(connection)


def _of_links(connection: apsw.Connection) -> Iterator[str]:
    """Each chunk has the links that are made of it, and no other has any."""
    numbers = [number for (number,) in connection.execute("SELECT id FROM chunks")]
    linked = {number for (number,) in connection.execute("SELECT chunk_id FROM links")}
    found = links.of_chunks(connection, numbers)
    for number, chunk in chunks.load(connection, numbers).items():
        if {(link.kind, link.target) for link in links_in(chunk)} != {
            (link.kind, link.target) for link in found.get(number, ())
        }:
            yield f"the links of {chunk.span} are not those that are in it"
    if strays := linked - set(numbers):
        yield f"links of no chunk: {len(strays)}"


def _of_tallies(connection: apsw.Connection) -> Iterator[str]:
    """The numbers that are kept are those that counting finds."""
    counted = dict(connection.execute("SELECT 'language.' || language, count(*) FROM files GROUP BY 1"))
    counted |= dict(connection.execute("SELECT 'source.' || source, count(*) FROM files GROUP BY 1"))
    kept = dict(connection.execute("SELECT name, number FROM tallies"))
    for table in {"chunks", *(kept.keys() & _tables(connection))}:
        counted[table] = connection.execute(f"SELECT count(*) FROM {table}").get
    if odd := {name for name in kept.keys() | counted.keys() if kept.get(name, 0) != counted.get(name, 0)}:
        yield f"tallies differ: {sorted(odd)}"


def _of_codes(connection: apsw.Connection) -> Iterator[str]:
    """Each vector has the code that can be made of it, and nothing else has one."""
    found = connection.execute("SELECT id, vector FROM vectors ORDER BY id").fetchall()
    vectors = np.frombuffer(b"".join(vector for _, vector in found), np.int8).reshape(len(found), -1 if found else 256)
    blocks = [block for (block,) in connection.execute("SELECT block FROM vector_codes ORDER BY block")]
    numbers, codes = code_blocks.read(connection, vectors.shape[1], blocks)
    if numbers.tolist() != [number for number, _ in found]:
        yield "vectors and codes differ"
    elif not np.array_equal(codes, encoded(vectors)):
        yield "codes are of other vectors"


def _of_keys(connection: apsw.Connection) -> Iterator[str]:
    """Each part has the key of what it says, by which it is taken for the same as one in another version of a file."""
    for table, columns in (
        ("chunks", "source, language, symbol, kind, signature, doc, text"),
        ("symbols", "kind, name, container, signature, doc"),
    ):
        for key, *said in connection.execute(f"SELECT key, {columns} FROM {table}"):
            texts = (each if isinstance(each, bytes) else each.encode() for each in said)
            digest = hashlib.blake2b(b"\0".join(texts), digest_size=8).digest()
            if key != int.from_bytes(digest, "big", signed=True):
                yield f"a row of {table} has the key of another: {said}"


def _of_texts(connection: apsw.Connection, texts: dict[str, set[str]]) -> Iterator[str]:
    """Each file's hash is that of a text that it had, and each of its chunks is verbatim lines of that text."""
    for file_id, path, digest in connection.execute(
        "SELECT id, path, content_hash FROM files WHERE source <> 'commits'"
    ).fetchall():
        held = next((text for text in texts.get(path, ()) if _hash_of(text) == digest), None)
        if held is None:
            if digest:  # an empty one says that the file is to be read again
                yield f"{path} has the hash of no text that it ever had"
            continue
        lines = held.split("\n")
        for start, end, text in connection.execute(
            "SELECT start_line, end_line, text FROM chunks WHERE file_id = ?", (file_id,)
        ):
            if "\n".join(lines[start - 1 : end]) != text:
                yield f"{path}:{start}-{end} is not what stands there"


def _hash_of(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def fresh_contents(root: Path, cache: Path, **changes: Any) -> Contents:
    """What an index holds that is made of the tree as it is now."""
    engine = Engine.open([root], settings_for(cache, **changes))
    try:
        engine.refresh()
        return contents(engine)
    finally:
        engine.close()


def let_settle(root: Path) -> None:
    """A file that was emptied a moment ago keeps its place in the index for a second, as it is likely to be written."""
    moments = [file.stat().st_mtime for file in root.rglob("*") if file.is_file() and not file.stat().st_size]
    if any(abs(time.time() - moment) < 1.2 for moment in moments):
        time.sleep(1.3)


def found_by(engine: Engine, question: str) -> list[tuple[str, int, int, str]]:
    """The hits of a question, comparable between two indexes of the same tree."""
    hits = engine.search(Query(question), traced=False).hits
    return [(hit.chunk.span.path, hit.chunk.span.start, hit.chunk.span.end, hit.chunk.text) for hit in hits]


def assert_true_hits(engine: Engine, root: Path, question: str) -> None:
    """There are hits, each in a file that is there, at the lines that it names. Only for a tree that rests."""
    hits = found_by(engine, question)
    assert hits, question
    for path, start, end, text in hits:
        lines = lines_now(root, path)
        assert "\n".join(lines[start - 1 : end]) == text, f"{path}:{start}-{end}"


def lines_now(root: Path, path: str) -> list[str]:
    """The lines of a file, or of what is read in a commit."""
    return (commit_text(root, path) if is_commit(path) else (root / path).read_text()).split("\n")


def commit_text(root: Path, path: str) -> str:
    """What is read in a commit that leads to HEAD."""
    digits = path.removeprefix(COMMIT)
    git = ["git", "-C", str(root), "merge-base", "--is-ancestor", digits, "HEAD"]
    assert subprocess.run(git, check=False).returncode == 0, f"{digits} does not lead to HEAD"
    content = read_file(Root(root, root.name), path, max_bytes=1)
    assert isinstance(content, FileContent)
    return content.text
