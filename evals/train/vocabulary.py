"""The vocabulary of the embedder: whole words of code and prose, and pieces for all others.

A word that many packages use is one token; MiniLM's own pieces spell what is left. Where the teacher knows a token or
can read it in pieces, its vector is where training begins.

Invariant: a vocabulary follows from the pairs and the settings; no random number is drawn.
"""

from __future__ import annotations

import json
import string
from typing import Any

import numpy as np
from distill import Teacher, renumbered, token_outputs, word_outputs
from numpy.typing import NDArray
from pairs import Pairs, Ragged
from tokenizers import Tokenizer

from surefoot.models.static_embedder import WordIds

Floats = NDArray[np.float32]


def word_packages(pairs: Pairs) -> NDArray[np.int64]:
    """In how many packages each word stands."""
    seen = np.zeros(len(pairs.words), np.int64)
    for ragged, packages in (
        *((bag, pairs.packages) for bag in pairs.bags.values()),
        (pairs.questions, pairs.packages[pairs.about]),
    ):
        of = np.repeat(packages, np.diff(ragged.starts)).astype(np.int64)
        distinct = np.unique(of * len(pairs.words) + ragged.items)
        seen += np.bincount(distinct % len(pairs.words), minlength=len(pairs.words))
    return seen


def built(pairs: Pairs, teacher: Teacher, size: int, pieces: int) -> dict[str, Any]:
    """A tokenizer of `size` tokens: at most `pieces` of MiniLM's continuing ones, letters, and the commonest words."""
    seen = word_packages(pairs)
    order = np.argsort(-seen, kind="stable")
    usable = [pairs.words[place] for place in order[: 4 * size] if is_plain(pairs.words[place])]
    letters = [*string.ascii_lowercase, *string.digits]
    base = ["[UNK]", *letters, *(f"##{letter}" for letter in letters)]
    continuing = _used_pieces(pairs, teacher, seen, pieces, set(base))
    tokens = list(dict.fromkeys([*base, *continuing]))
    tokens += [word for word in usable if word not in set(tokens)][: size - len(tokens)]
    return renumbered(teacher.tokenizer, tokens)


def is_plain(word: str) -> bool:
    """Whether a word may be a token: letters only, or a short number."""
    return 1 < len(word) <= 24 and (word.isalpha() or (word.isdigit() and len(word) <= 4))


def _used_pieces(pairs: Pairs, teacher: Teacher, seen: NDArray[np.int64], most: int, known: set[str]) -> list[str]:
    """The continuing pieces that spell the most words, weighted by the packages that use these."""
    tokenizer = Tokenizer.from_str(json.dumps(teacher.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    weights: dict[int, int] = {}
    rare = [place for place in np.flatnonzero(seen >= 2) if is_plain(pairs.words[place])]
    spelt = tokenizer.encode_batch([pairs.words[place] for place in rare], add_special_tokens=False)
    for place, encoding in zip(rare, spelt, strict=True):
        for token in encoding.ids[1:]:
            weights[token] = weights.get(token, 0) + int(seen[place])
    ranked = sorted(weights, key=lambda token: (-weights[token], token))
    names = [teacher.vocabulary[token] for token in ranked]
    return [name for name in names if name.startswith("##") and name[2:].isascii() and name not in known][:most]


def beginnings(teacher: Teacher, tokenizer: dict[str, Any]) -> Floats:
    """The teacher's output for every token; words that it has not are read in its pieces."""
    own = {token: number for number, token in enumerate(teacher.vocabulary)}
    tokens = list(tokenizer["model"]["vocab"])
    outputs = token_outputs(teacher)
    found = np.zeros((len(tokens), outputs.shape[1]), np.float32)
    missing = []
    for number, token in enumerate(tokens):
        if token in own:
            found[number] = outputs[own[token]]
        else:
            missing.append(number)
    if missing:
        found[missing] = word_outputs(teacher, [tokens[number].removeprefix("##") for number in missing])
    return found


def in_tokens(pairs: Pairs, tokenizer: dict[str, Any]) -> Pairs:
    """The same pairs with tokens in the place of words."""
    ids = WordIds(Tokenizer.from_str(json.dumps(tokenizer)))
    spelt = [ids[word] if word.islower() or word.isdigit() else ids[word.lower()] for word in pairs.words]
    lengths = np.array([len(each) for each in spelt], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    flat = np.fromiter((token for each in spelt for token in each), np.int32, int(lengths.sum()))
    table = Ragged(starts, flat, np.ones(len(flat), np.uint8))
    pairs.bags = {name: _translated(bag, table) for name, bag in pairs.bags.items()}
    pairs.questions = _translated(pairs.questions, table)
    return pairs


def _translated(bags: Ragged, table: Ragged) -> Ragged:
    of, tokens, _ = table.take(bags.items.astype(np.int64))
    rows = np.repeat(np.arange(len(bags)), np.diff(bags.starts))[of]
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(bags)))])
    return Ragged(starts, tokens, bags.counts[of])
