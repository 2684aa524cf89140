"""What the packages say about their own code, as pairs to learn from: `python evals/train/mine.py`.

Every file is taken apart as the index does it, and each chunk becomes five bags of words: its code without comments,
the words of its name, the first sentence of its documentation, the rest of that, and its comments. What somebody could
ask to find a chunk is kept beside it: the sentence, the name, a comment, a heading, the name of a test, a line of a
changelog. Of one chunk in six these are also kept as they were said, word for word, for a teacher that reads sentences.

Nothing is kept of files, and of functions, that stand in a project of an evaluation (`excluded.txt`, and all that
`evals/corpora.toml` names): neither the same text, nor a file of the same name with half of the same names in it.

Invariant: the shard of an archive depends on that archive, the excluded projects and this program alone. Shards that
are there are not made again.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import json
import lzma
import pickle
import random
import re
import shutil
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np
from packages import CACHE, EXCLUDED, HERE, LEARNT, Package, fetch, read

from surefoot.answer.sentences import first_sentence
from surefoot.domain import Chunk
from surefoot.evals.corpora import fetch as fetch_corpus
from surefoot.evals.corpora import load_corpora
from surefoot.models.static_embedder import WORD
from surefoot.syntax.languages import LANGUAGES, language_of
from surefoot.syntax.parse import parse
from surefoot.workspace.skip import content_skip_reason

SHARDS = CACHE / "shards"
MOST_FILES = 500  # of a package, drawn by lot
MOST_CHUNKS = 4_000  # of a package
FILE_BYTES = (150, 120_000)
# The few sources of languages that registries hold little of may bring ten times as much.
SCARCE = frozenset({"mono", "nunit", "opentk", "keepass2", "kotlin", "kotlinx-atomicfu", "gradle-kotlin-dsl", "scala"})
MORE_OF_SCARCE = 10
MOST_WORDS = 400  # of one bag, counted before they are made distinct
CODE_LINES = 3  # a chunk of fewer lines says nothing
SENTENCE_WORDS = (3, 40)
COMMENT_WORDS = (5, 30)
MOST_COMMENTS = 2  # of a chunk become questions
SAID_OF = 6  # one chunk in so many keeps its questions as they were said
BAGS = ("code", "name", "sentence", "doc", "comments")
ASKED = ("sentence", "name", "comment", "heading", "test", "change")
ALIKE = 0.5  # names that a file shares with one of an excluded project, of all that either has
FEWEST_NAMES = 6  # below which that means nothing

VENDORED = re.compile(
    r"(^|/)(vendor|vendored|_vendor|node_modules|third[-_]?party|3rd-?party|external|extern|bundled|deps|dist|build|"
    r"min|locales?|translations?|fixtures?|testdata|test-data|snapshots?|generated|Pods|site-packages)(/|$)",
    re.IGNORECASE,
)
GENERATED = re.compile(
    r"(\.min\.|\.bundle\.|_pb2|\.pb\.|\.g\.|\.generated\.|-lock\.|\.lock$|bindings\.rs$|_autogen|\.d\.ts$)"
)
LEGAL = re.compile(r"copyright|licen[sc]e|all rights reserved|spdx|permission is hereby|warrant(y|ies)", re.IGNORECASE)
COMMENT = re.compile(
    r"^\s*(?:///?!?|#+(?!\[|!|include|define|if|el|end|pragma|region)|--+|\*+(?!/)|/\*+|;+|%+)\s?(.*?)(?:\*/)?\s*$"
)
TRAILING = re.compile(r"\s(?://|#)\s+(.*)$")
MARKUP = re.compile(r"\{@\w+\s+([^}]*)\}|<[^>]{1,60}>|:\w+:(?=`)|[`*]{1,3}|\\[a-z]+\s")
TAGGED = re.compile(r"(?m)^\s*(@\w+|:\w+[ :]|\\(?:param|return)|Args:|Returns:|Parameters|Raises:|Arguments:|Example)")
CODE_LIKE = re.compile(r"[;{}=<>]|\w\(.*\)")
NO_REMARK = re.compile(
    r"^(TODO|FIXME|XXX|NOTE: this file|eslint|noqa|pylint|Local Variables|vim:|http)|\bDO NOT\b.*EDIT", re.IGNORECASE
)
CHANGES = re.compile(r"(^|/)(CHANGE|CHANGES|CHANGELOG|HISTORY|NEWS|RELEASES?)[^/]*$", re.IGNORECASE)
QUOTED_NAME = re.compile(r"`+([A-Za-z_][\w.:#]*)\(?\)?`+")
TEST = re.compile(r"(?:^|\.)(?:test_?|Test|it_|should_)(\w{4,})$")
TEST_PATH = re.compile(r"(^|[/_.-])(tests?|specs?|testing)([/_.-]|$)", re.IGNORECASE)
SKIPPED_LANGUAGES = frozenset({"json", "yaml", "toml", "css", "html", "text", "sql", "graphviz", "mermaid", "plantuml"})


@dataclass(slots=True)
class Shard:
    """One package's bags and questions: ragged arrays of numbers of its own words."""

    words: dict[str, int] = field(default_factory=dict)
    bags: dict[str, list[dict[int, int]]] = field(default_factory=lambda: {name: [] for name in BAGS})
    languages: list[str] = field(default_factory=list)
    questions: list[dict[int, int]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)  # which kind of question
    about: list[int] = field(default_factory=list)  # which chunk
    said: dict[int, list[tuple[str, str]]] = field(default_factory=dict)  # of some chunks, kinds and texts
    dropped: Counter[str] = field(default_factory=Counter)

    def bag(self, text: str) -> dict[int, int]:
        """The text as numbers of words with their counts; unknown words are numbered."""
        words = WORD.findall(text[:8_000])[:MOST_WORDS]
        return dict(Counter(self.words.setdefault(word.lower(), len(self.words)) for word in words))

    def ask(self, kind: str, text: str, chunk: int) -> None:
        """Keep a question about a chunk."""
        self.questions.append(self.bag(text))
        self.asked.append(ASKED.index(kind))
        self.about.append(chunk)
        if chunk in self.said:
            self.said[chunk].append((kind, text))


# --- what is excluded --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Excluded:
    """The projects of evaluations: hashes of their files and functions, and the names in each file."""

    files: frozenset[int]
    chunks: frozenset[int]
    names: dict[str, tuple[frozenset[str], ...]]  # by the file's own name

    def has_file(self, path: str, text: str, names: frozenset[str]) -> bool:
        """Whether a file is one of theirs, or another version of one."""
        if digest(text) in self.files:
            return True
        if len(names) < FEWEST_NAMES:
            return False
        return any(len(names & theirs) > ALIKE * len(names | theirs) for theirs in self.names.get(own_name(path), ()))


def digest(text: str) -> int:
    """A hash that white space does not change."""
    return int.from_bytes(hashlib.blake2b("".join(text.split()).encode(), digest_size=8).digest())


def own_name(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


def excluded() -> Excluded:
    """Read all excluded projects; kept, since it takes a minute."""
    corpora = load_corpora(HERE.parent / "corpora.toml").values()
    folders = [fetch_corpus(corpus, HERE.parent / ".cache" / "corpora") for corpus in corpora]
    archives = fetch(read(EXCLUDED))
    files, chunks, names = set(), set(), defaultdict(list)
    for path, text in _excluded_texts(archives, folders):
        files.add(digest(text))
        parsed = parse(path, text, language_of(path, text.partition("\n")[0], text=text))
        chunks |= {digest(chunk.text) for chunk in parsed.chunks if chunk.text.count("\n") >= CODE_LINES}
        own = frozenset(symbol.name for symbol in parsed.symbols)
        if len(own) >= FEWEST_NAMES:
            names[own_name(path)].append(own)
    return Excluded(frozenset(files), frozenset(chunks), {name: tuple(each) for name, each in names.items()})


def _excluded_texts(archives: Sequence[Package], folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for package in archives:
        yield from texts(package)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and wanted(str(path), path.stat().st_size):
                yield path.name, path.read_text(encoding="utf-8", errors="replace")


# --- reading archives --------------------------------------------------------------------------------------------


def wanted(path: str, size: int) -> bool:
    """Whether a file of an archive is worth reading, by its path and size."""
    if not FILE_BYTES[0] <= size <= FILE_BYTES[1] or VENDORED.search(path) or GENERATED.search(path):
        return False
    language = language_of(path, "")
    return language not in SKIPPED_LANGUAGES or bool(CHANGES.search(path))


def texts(package: Package) -> Iterator[tuple[str, str]]:
    """The paths and texts of a package, at most so many, drawn by lot with a seed of its own."""
    if package.kind == "wheel":
        with zipfile.ZipFile(package.path) as wheel:
            sizes = {info.filename: info.file_size for info in wheel.infolist()}
            for path in drawn(package, sizes):
                yield path, wheel.read(path).decode("utf-8", "replace")
        return
    with tempfile.TemporaryFile() as plain:
        with package.path.open("rb") as file, OPENERS.get(file.peek(2)[:2], open_plain)(file) as packed:
            shutil.copyfileobj(packed, plain, 1 << 20)
        plain.seek(0)
        with tarfile.open(fileobj=plain, mode="r:") as tar:
            members = {member.name: member for member in tar if member.isfile()}
            for path in drawn(package, {name: member.size for name, member in members.items()}):
                if text := tar.extractfile(members[path]):
                    yield path.partition("/")[2], text.read().decode("utf-8", "replace")


def open_plain(file: BinaryIO) -> BinaryIO:
    """An archive that is not compressed."""
    return file


OPENERS: dict[bytes, Callable[[BinaryIO], IO[bytes]]] = {b"\x1f\x8b": gzip.open, b"\xfd7": lzma.open, b"BZ": bz2.open}


def drawn(package: Package, sizes: dict[str, int]) -> list[str]:
    """Which files are read."""
    names = sorted(name for name, size in sizes.items() if wanted(name, size))
    changes = [name for name in names if CHANGES.search(name)][:3]
    random.Random(package.sha256).shuffle(names)
    return [*changes, *(name for name in names[: MOST_FILES * more(package)] if name not in changes)]


def more(package: Package) -> int:
    """By how much the limits are raised for a package."""
    return MORE_OF_SCARCE if package.name in SCARCE else 1


# --- one package -------------------------------------------------------------------------------------------------


def mined(package: Package, excluded: Excluded) -> Shard:
    """The shard of a package."""
    shard = Shard()
    by_name: dict[str, list[int]] = defaultdict(list)
    tests, changes = [], []
    for path, text in texts(package):
        if CHANGES.search(path):
            changes.append(text)
        if len(shard.languages) >= MOST_CHUNKS * more(package) or language_of(path, "") in SKIPPED_LANGUAGES:
            continue
        if content_skip_reason(path, text):
            shard.dropped["generated or unreadable files"] += 1
            continue
        parsed = parse(path, text, language_of(path, text.partition("\n")[0], text=text))
        if excluded.has_file(path, text, frozenset(symbol.name for symbol in parsed.symbols)):
            shard.dropped["files of evaluations"] += 1
            continue
        for chunk in parsed.chunks:
            if digest(chunk.text) in excluded.chunks:
                shard.dropped["functions of evaluations"] += 1
            elif (number := _add(shard, chunk)) is not None and chunk.symbol:
                by_name[folded(chunk.symbol)].append(number)
                if match := TEST.search(chunk.symbol):
                    tests.append(match[1])
    _ask_of_tests(shard, tests, by_name)
    _ask_of_changes(shard, changes, by_name)
    return shard


def _add(shard: Shard, chunk: Chunk) -> int | None:
    """Keep a chunk with its questions; its number."""
    is_prose = LANGUAGES[chunk.language].is_prose
    code, comments = (chunk.text, []) if is_prose else without_comments(chunk)
    if len(code.splitlines()) < CODE_LINES or LEGAL.search(chunk.text[:400]):
        return None
    name = chunk.symbol.rpartition(".")[2]
    sentence, rest = said(chunk.doc)
    number = len(shard.languages)
    shard.languages.append(chunk.language)
    if digest(chunk.text) % SAID_OF == 0:
        shard.said[number] = []
    own = {word.lower() for word in WORD.findall(name)}
    body = "\n".join(code.splitlines()[1:]) if is_prose else code.replace(name, " ") if name else code
    for bag, text in zip(BAGS, (body, chunk.symbol, sentence, rest, " ".join(comments)), strict=True):
        shard.bags[bag].append(shard.bag(text))
    if is_prose:
        if 2 <= len(own) <= 14:
            shard.ask("heading", name, number)
        return number
    if sentence:
        shard.ask("sentence", sentence, number)
    if len(own) >= 2 and not TEST_PATH.search(chunk.span.path):
        shard.ask("name", name, number)
    remarks = [asked for comment in comments if (asked := remark(comment))]
    for comment in sorted(remarks, key=len, reverse=True)[:MOST_COMMENTS]:
        shard.ask("comment", comment, number)
    return number


def without_comments(chunk: Chunk) -> tuple[str, list[str]]:
    """The code of a chunk without what people say in it, and its comments other than the documentation."""
    documented = {line.strip() for line in chunk.doc.splitlines() if line.strip()}
    kept: list[str] = []
    comments: list[str] = []
    block: list[str] = []  # lines of one comment
    for line in [*chunk.text.splitlines(), ""]:
        if match := COMMENT.match(line):
            if (said := match[1].strip()) and said not in documented:
                block.append(said)
            continue
        if block:
            comments.append(" ".join(block))
            block = []
        if line.strip("\"'*/# \t") in documented:
            continue
        match = TRAILING.search(line)
        if match:
            comments.append(match[1].strip())
        kept.append(line[: match.start()] if match else line)
    return "\n".join(kept), comments


def remark(comment: str) -> str:
    """The first sentence of a comment that explains something; empty where it does not."""
    sentence = " ".join(first_sentence(MARKUP.sub(lambda match: match[1] or " ", comment)).split()).strip("*-=/# ")
    is_fit = COMMENT_WORDS[0] <= len(sentence.split()) <= COMMENT_WORDS[1] and not CODE_LIKE.search(sentence)
    return "" if not is_fit or NO_REMARK.search(sentence) or LEGAL.search(sentence) else sentence


def said(doc: str) -> tuple[str, str]:
    """The first sentence of a documentation text as people would say it, and the rest; empty where it says nothing."""
    if not doc or LEGAL.search(doc[:300]):
        return "", ""
    text = MARKUP.sub(lambda match: match[1] or " ", doc[:2000])
    head = TAGGED.split(text, maxsplit=1)[0].strip()
    sentence = " ".join(first_sentence(head).split())
    if not SENTENCE_WORDS[0] <= len(sentence.split()) <= SENTENCE_WORDS[1]:
        return "", text
    if sum(character.isascii() for character in sentence) < 0.9 * len(sentence) or CODE_LIKE.search(sentence):
        return "", text
    return sentence, text[len(sentence) :]


def folded(name: str) -> str:
    """The last part of a name without case and underscores."""
    return name.rpartition(".")[2].replace("_", "").lower()


def _ask_of_tests(shard: Shard, tests: Iterable[str], by_name: dict[str, list[int]]) -> None:
    """The name of a test asks for what it begins with the name of."""
    for test in tests:
        words = [word.lower() for word in WORD.findall(test)]
        for end in range(len(words) - 1, 0, -1):
            found = by_name.get("".join(words[:end]), ())
            if len(found) == 1 and (end > 1 or len(words[0]) > 5):
                shard.ask("test", test, found[0])
                break


def _ask_of_changes(shard: Shard, changes: Iterable[str], by_name: dict[str, list[int]]) -> None:
    """A line of a changelog asks for what it names, if there is one such thing."""
    for line in (line.strip(" -*+\t") for text in changes for line in text.splitlines()):
        if not 5 <= len(line.split()) <= 40:
            continue
        for name in set(QUOTED_NAME.findall(line)):
            found = by_name.get(folded(re.split(r"[.:#]+", name)[-1]), ())
            if len(found) == 1:
                shard.ask("change", line, found[0])


# --- shards on disk ----------------------------------------------------------------------------------------------


def ragged(bags: Sequence[dict[int, int]]) -> dict[str, np.ndarray]:
    """Bags as three arrays: where each begins, its words, and their counts."""
    starts = np.zeros(len(bags) + 1, np.int64)
    np.cumsum([len(bag) for bag in bags], out=starts[1:])
    total = int(starts[-1])
    words = np.fromiter((word for bag in bags for word in bag), np.int32, total)
    counts = np.fromiter((min(count, 255) for bag in bags for count in bag.values()), np.uint8, total)
    return {"starts": starts, "words": words, "counts": counts}


def write(shard: Shard, package: Package, path: Path) -> None:
    """Write a shard, whole or not at all."""
    arrays = {f"{name}.{part}": array for name in BAGS for part, array in ragged(shard.bags[name]).items()}
    arrays |= {f"questions.{part}": array for part, array in ragged(shard.questions).items()}
    arrays["asked"] = np.array(shard.asked, np.uint8)
    arrays["about"] = np.array(shard.about, np.int32)
    facts = {
        "package": str(package), "words": list(shard.words), "languages": shard.languages,
        "dropped": shard.dropped, "said": [each for said in shard.said.values() for each in said],
    }  # fmt: skip
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    scratch = path.with_suffix(".part")
    with scratch.open("wb") as file:
        np.savez(file, **arrays)
    scratch.replace(path)


@cache
def _excluded_of_this_process() -> Excluded:
    return pickle.loads((CACHE / "excluded.pickle").read_bytes())


def _work(package: Package) -> tuple[Package, int, float, str]:
    begin = time.perf_counter()
    path = SHARDS / f"{package.sha256}.npz"
    try:
        shard = mined(package, _excluded_of_this_process())
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, RecursionError) as error:
        return package, 0, time.perf_counter() - begin, repr(error)
    write(shard, package, path)
    return package, len(shard.questions), time.perf_counter() - begin, ""


def main() -> None:
    """Mine every package that has no shard yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--list", type=Path, default=LEARNT)
    options = parser.parse_args()
    SHARDS.mkdir(parents=True, exist_ok=True)
    kept = CACHE / "excluded.pickle"
    if not kept.exists():
        print("Reading the projects of evaluations, which are left out.", file=sys.stderr)
        kept.write_bytes(pickle.dumps(excluded()))
    packages = [each for each in fetch(read(options.list)) if not (SHARDS / f"{each.sha256}.npz").exists()]
    packages.sort(key=lambda each: -each.path.stat().st_size)
    done = questions = 0
    with ProcessPoolExecutor(options.processes) as pool:
        for package, found, seconds, problem in pool.map(_work, packages):
            done, questions = done + 1, questions + found
            if done % 10 == 0 or done == len(packages):
                print(
                    f"\r{done} of {len(packages)} packages, {questions:,} questions",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
            if problem or seconds > 60:
                print(f"\n{package}: {seconds:.0f} s {problem}", file=sys.stderr)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
