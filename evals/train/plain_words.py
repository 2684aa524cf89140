"""Counts which words people say of code and hardly ever name it by: `python evals/train/plain_words.py`.

For each word: in how many of the packages of `packages.txt` it stands in documentation or comments, and in how many of
these it is also part of a name that is defined there. What is a thing to programmers is named: of the packages that
speak of a "schema" three in five define something that is called so, of those that say "kept" one in fifty. The word
has to be common in prose, as what few packages say may be the name of something, and must not be written with a
capital, as "Jira" is, or only in addresses, as "github" is.

Invariant: the same shards (`mine.py`) give the same list.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from mine import SHARDS
from packages import LEARNT, read

from surefoot.plain_words import LIST, root
from surefoot.words import index_words

# A word of a sentence, and no part of an address, a path or an order to a tool.
ALONE = re.compile(r"(?<![\w./:@#+-])[A-Za-z]+(?![\w/:@#+(-]|\.\w)")
SAID_BY = 30  # packages at least
WRITTEN_SMALL_BY = 10  # packages, within what is kept of them word for word
CAPITAL = 0.5  # as many packages that only write it with a capital: a name
# Of the packages that say it, those that name something by it. On dev, of 228 questions that are answered 108 were told
# of nothing missing before there was a list, with 0.05 123, with 0.1 131, with 0.2 138; of 32 that nothing answers 26
# were told what is missing, and 25 with any of these. Above 0.1 there are words that are things as well: "account".
NAMED_BY = 0.1


def main() -> None:
    """Count, and write the list."""
    said, named, capital, small = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for shard in (SHARDS / f"{package.sha256}.npz" for package in read(LEARNT)):
        prose, names, texts = _words_of(shard)
        said.update(prose)
        named.update(prose & names)
        first_big, all_small = _cases(texts)
        capital.update(first_big - all_small)
        small.update(all_small)
    plain = [
        word
        for word, packages in said.items()
        if packages >= SAID_BY
        and small[word] >= WRITTEN_SMALL_BY
        and capital[word] < CAPITAL * small[word]
        and named[word] < NAMED_BY * packages
        and word.isascii()
        and word.isalpha()
    ]
    LIST.write_text("\n".join(sorted(plain)) + "\n", encoding="utf-8")
    print(f"{len(plain):,} of {len(said):,} words are plain")


def _words_of(path: Path) -> tuple[set[str], set[str], list[str]]:
    """The roots of the words of a package's prose, and of the parts of its names; and what is kept word for word."""
    with np.load(path) as shard:
        facts = json.loads(shard["facts"].tobytes())
        bags = {name: shard[f"{name}.words"] for name in ("sentence", "doc", "comments", "name")}
    words = {name: {facts["words"][number] for number in np.unique(numbers)} for name, numbers in bags.items()}
    prose = words["sentence"] | words["doc"] | words["comments"]
    names = {root(part) for word in words["name"] for part in index_words(word).split()}
    said = {root(word) for word in prose if len(index_words(word).split()) == 1}
    return said, names, [text for _, text in facts["said"]]


def _cases(texts: list[str]) -> tuple[set[str], set[str]]:
    """The roots of words that begin with a capital, first words of a text aside, and of those in small letters."""
    words = [word for text in texts for word in ALONE.findall(text)[1:]]
    return {root(word) for word in words if word[0].isupper()}, {root(word) for word in words if word.islower()}


if __name__ == "__main__":
    main()
