"""The mined shards as one set of pairs in the tokens of one vocabulary.

Invariant: which packages are held out, and the order of everything, follow from names and hashes; the same shards give
the same pairs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from mine import ASKED, BAGS, SHARDS
from numpy.typing import NDArray
from packages import CACHE, LEARNT, Package, read

from surefoot.models.static_embedder import WORD

Ints = NDArray[np.int64]

HELD_OUT = 40  # one package in so many is never learnt from, and measures how well others are found
MOST_ALIKE = 4  # questions of the same words; more of them are boilerplate, or names that everybody gives
# Questions kept of a language and a kind, drawn by lot: without it, Java and names would be half of all.
MOST_OF_A_KIND = 60_000
MOST_WORDS, FEWEST_WORDS = 40, 2  # of a text that the teacher reads
MINHASHES, BANDS = 32, 4  # chunks that agree in a whole band of eight are near-duplicates: about 0.85 of their words


@dataclass(frozen=True, slots=True)
class Ragged:
    """Bags of numbers with counts, one after the other."""

    starts: Ints
    items: NDArray[np.int32]
    counts: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, rows: Ints) -> tuple[Ints, NDArray[np.int32], NDArray[np.uint8]]:
        """The items of some bags: for each the place of its row among `rows`, the item, and its count."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        of = np.repeat(np.arange(len(rows)), lengths)
        ends = np.cumsum(lengths)
        places = np.arange(int(lengths.sum())) - np.repeat(ends - lengths - self.starts[rows], lengths)
        return of, self.items[places], self.counts[places]

    def select(self, rows: Ints) -> Ragged:
        """Some bags alone."""
        of, items, counts = self.take(rows)
        return Ragged(np.concatenate([[0], np.cumsum(np.bincount(of, minlength=len(rows)))]), items, counts)


@dataclass(slots=True)
class Pairs:
    """All chunks as bags, and the questions about them. Numbers are those of words, or of tokens."""

    words: list[str]
    bags: dict[str, Ragged]
    languages: NDArray[np.int16]  # of each chunk
    packages: NDArray[np.int32]
    questions: Ragged
    asked: NDArray[np.uint8]
    about: NDArray[np.int32]
    language_names: list[str]
    package_names: list[str]

    @property
    def held_out(self) -> NDArray[np.bool_]:
        """Which questions are about packages that are not learnt from."""
        out = np.array([crc32(name.encode()) % HELD_OUT == 0 for name in self.package_names])
        return out[self.packages[self.about]]  # type: ignore[no-any-return]


def load(packages: Sequence[Package] | None = None) -> Pairs:
    """The pairs of all mined packages, cleaned; kept, as it takes a minute."""
    packages = [each for each in packages or read(LEARNT) if (SHARDS / f"{each.sha256}.npz").exists()]
    key = crc32("".join(sorted(each.sha256 for each in packages)).encode())
    kept = CACHE / f"pairs-{key:08x}.npz"
    if not kept.exists():
        _save(clean(_joined(packages)), kept)
    return _load(kept)


def _joined(packages: Sequence[Package]) -> Pairs:
    numbers: dict[str, int] = {}
    parts: dict[str, list[tuple[Ints, NDArray[np.int32], NDArray[np.uint8]]]] = {n: [] for n in (*BAGS, "questions")}
    languages, of_package, asked, about = [], [], [], []
    names: dict[str, int] = {}
    chunks = 0
    for place, package in enumerate(packages):
        with np.load(SHARDS / f"{package.sha256}.npz") as shard:
            facts = json.loads(shard["facts"].tobytes())
            own = np.array([numbers.setdefault(word, len(numbers)) for word in facts["words"]], np.int32)
            for name, part in parts.items():
                part.append((np.diff(shard[f"{name}.starts"]), own[shard[f"{name}.words"]], shard[f"{name}.counts"]))
            languages.append(np.array([names.setdefault(each, len(names)) for each in facts["languages"]], np.int16))
            of_package.append(np.full(len(facts["languages"]), place, np.int32))
            asked.append(shard["asked"])
            about.append(shard["about"] + chunks)
            chunks += len(facts["languages"])
        if place % 50 == 0 or place + 1 == len(packages):
            print(f"\r{place + 1} of {len(packages)} shards read", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    ragged = {name: _concatenated(part) for name, part in parts.items()}
    questions = ragged.pop("questions")
    return Pairs(
        list(numbers), ragged, np.concatenate(languages), np.concatenate(of_package), questions,
        np.concatenate(asked), np.concatenate(about), list(names), [str(package) for package in packages],
    )  # fmt: skip


def _concatenated(parts: list[tuple[Ints, NDArray[np.int32], NDArray[np.uint8]]]) -> Ragged:
    lengths = np.concatenate([part[0] for part in parts])
    starts = np.concatenate([[0], np.cumsum(lengths)])
    return Ragged(starts, np.concatenate([part[1] for part in parts]), np.concatenate([part[2] for part in parts]))


# --- texts, word for word ----------------------------------------------------------------------------------------


def said(most: int) -> list[str]:
    """So many of the questions of all packages that are learnt from, in words as the embedder splits them.

    Each is there once, and in an order by lot that does not depend on the number.
    """
    seen: dict[str, None] = {}
    for package in read(LEARNT):
        path = SHARDS / f"{package.sha256}.npz"
        if not path.exists() or crc32(str(package).encode()) % HELD_OUT == 0:
            continue
        with np.load(path) as shard:
            for _, text in json.loads(shard["facts"].tobytes())["said"]:
                words = WORD.findall(text)[:MOST_WORDS]
                if len(words) >= FEWEST_WORDS:
                    seen.setdefault(" ".join(words).lower())
    texts = list(seen)
    return [texts[place] for place in np.random.default_rng(0).permutation(len(texts))[:most]]


# --- cleaning ----------------------------------------------------------------------------------------------------


def clean(pairs: Pairs) -> Pairs:
    """Without near-duplicates and boilerplate, and with the languages in balance. Says what it drops."""
    rng = np.random.default_rng(0)
    total = len(pairs.about)
    first = _first_of_alike(pairs.bags["code"], len(pairs.words))
    kept = first[pairs.about]
    print(f"{(~first).sum():,} of {len(first):,} chunks are near-duplicates of others.", file=sys.stderr)
    order = rng.permutation(total)
    keys = _question_keys(pairs.questions)
    kept &= _most_of_each(keys, order, MOST_ALIKE, kept)
    print(f"{total - kept.sum():,} of {total:,} questions are theirs, or said of many.", file=sys.stderr)
    kinds = pairs.languages[pairs.about].astype(np.int64) * len(ASKED) + pairs.asked
    kept &= _most_of_each(kinds, order, MOST_OF_A_KIND, kept)
    rows = np.flatnonzero(kept)
    used, about = np.unique(pairs.about[rows], return_inverse=True)
    return Pairs(
        pairs.words, {name: bag.select(used) for name, bag in pairs.bags.items()}, pairs.languages[used],
        pairs.packages[used], pairs.questions.select(rows), pairs.asked[rows], about.astype(np.int32),
        pairs.language_names, pairs.package_names,
    )  # fmt: skip


def _first_of_alike(bags: Ragged, vocabulary: int) -> NDArray[np.bool_]:
    """Which bags are no near-duplicates of an earlier one, by min-hashing (Broder 1997) of their distinct words."""
    rng = np.random.default_rng(1)
    is_first = np.ones(len(bags), np.bool_)
    filled = np.flatnonzero(np.diff(bags.starts) > 0)
    starts = bags.starts[filled]
    for _ in range(BANDS):
        band = np.zeros(len(filled), np.uint64)
        for _ in range(MINHASHES // BANDS):
            table = rng.permutation(vocabulary).astype(np.uint32)
            band = band * np.uint64(0x9E3779B97F4A7C15) + np.minimum.reduceat(table[bags.items], starts)
        _, firsts = np.unique(band, return_index=True)
        alike = np.ones(len(filled), np.bool_)
        alike[firsts] = False
        is_first[filled[alike]] = False
    return is_first


def _question_keys(questions: Ragged) -> NDArray[np.uint64]:
    """A number for each set of words."""
    mixed = (questions.items.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    keys = np.zeros(len(questions), np.uint64)
    filled = np.flatnonzero(np.diff(questions.starts) > 0)
    keys[filled] = np.add.reduceat(mixed, questions.starts[filled])
    return keys


def _most_of_each(keys: NDArray[np.generic], order: Ints, most: int, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """At most so many rows of each key, the first in `order`, of those `among` which it is chosen."""
    rows = order[among[order]]
    rows = rows[np.argsort(keys[rows], kind="stable")]
    sorted_keys = keys[rows]
    begins = np.flatnonzero(np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]]))
    place = np.arange(len(rows)) - np.repeat(begins, np.diff(np.append(begins, len(rows))))
    chosen = np.zeros(len(keys), np.bool_)
    chosen[rows[place < most]] = True
    return chosen


# --- on disk -----------------------------------------------------------------------------------------------------


def _save(pairs: Pairs, path: Path) -> None:
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, ragged in (*pairs.bags.items(), ("questions", pairs.questions)):
        arrays |= {f"{name}.starts": ragged.starts, f"{name}.items": ragged.items, f"{name}.counts": ragged.counts}
    facts = json.dumps([pairs.words, pairs.language_names, pairs.package_names]).encode()
    np.savez(
        path, facts=np.frombuffer(facts, np.uint8), languages=pairs.languages, packages=pairs.packages,
        asked=pairs.asked, about=pairs.about, **arrays,
    )  # fmt: skip


def _load(path: Path) -> Pairs:
    with np.load(path) as kept:
        words, languages, packages = json.loads(kept["facts"].tobytes())
        ragged = {
            name: Ragged(kept[f"{name}.starts"], kept[f"{name}.items"], kept[f"{name}.counts"])
            for name in (*BAGS, "questions")
        }
        questions = ragged.pop("questions")
        return Pairs(
            words, ragged, kept["languages"], kept["packages"], questions, kept["asked"], kept["about"],
            languages, packages,
        )  # fmt: skip
