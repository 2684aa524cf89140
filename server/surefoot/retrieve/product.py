"""Which of several roots a question is about: citing the wrong product's code is worse than citing nothing.

Invariant: a root is left out only for a reason that stands in the question, or for the file that is open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from surefoot.domain import MentionKind, Resolved, Root
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import STOP_WORDS, content_terms, fold

SHORTEST_NAME = 2  # letters of a folder's name that may stand for its product, such as jq

_NAME = re.compile(r"\w[\w.-]*\w")  # folders are called `react-dom` and `socket.io`

# What folders are called after their part in a whole. In a sentence these are words like others: "how does the server
# start" asks about any of the folders, and only "the server folder" names the one.
ORDINARY_NAMES = STOP_WORDS | frozenset(
    """
    admin agent ai api app application apps assets auth backend base bin bot build cd ci cli client clients cloud common
    component components config configs console container core cs css dashboard data database db demo deploy desktop dev
    device doc docker docs documentation driver editor engine env event events example examples extension extensions
    feature features form frontend function functions game gateway go graphql grpc gui helper helpers html http id image
    images infra infrastructure integration internal io ip java js json kernel kit lang language lib libraries library
    libs log logger main manager message messages mobile model models module modules monitor native net network node os
    package packages parser pkg platform player plugin plugins portal product products project projects prototype proxy
    public py python qa queue report reports repos resources root router ruby rust sample samples scheduler scraper
    script scripts sdk search server servers service services session shared site source sources spec sql src storage
    store system systems table task tasks team template templates test tests theme themes tool tooling tools training ts
    ui user users util utilities utils ux vm web website widget widgets worker workers workflow workspace
    """.split()
)
# What a folder is called where somebody speaks of it as one.
_FOLDER = r"(?:folder|directory|repo|repository)"


def named_roots(resolved: Resolved, roots: Sequence[RootIndex]) -> list[RootIndex]:
    """The roots that the question names: by their folder or lines in them, or else by code that only some define."""
    text = resolved.query.text
    words = {fold(word) for word in _NAME.findall(text)}
    pointed = {place.root for place in resolved.places}
    said = [index for index in roots if index.root.path in pointed or _is_said(index, text, words)]
    return said or _holding(resolved, roots)


def _holding(resolved: Resolved, roots: Sequence[RootIndex]) -> list[RootIndex]:
    names = [
        fold(target)
        for mention in resolved.mentions
        if mention.kind is MentionKind.SYMBOL and mention.is_code and mention.similarity == 1.0
        for target in mention.targets[:1]
    ]
    paths = [path for mention in resolved.mentions if mention.kind is MentionKind.PATH for path in mention.targets]
    holding = [
        index for index in roots if index.store.spellings(names) or any(index.store.file(path) for path in paths)
    ]
    return [] if len(holding) == len(roots) else holding


def open_root(open_file: Path | None, roots: Sequence[RootIndex]) -> list[RootIndex]:
    """The innermost root of the file that the asker is looking at."""
    holding = [index for index in roots if open_file is not None and open_file.is_relative_to(index.root.path)]
    return [max(holding, key=lambda index: len(index.root.path.parts))] if holding else []


def only_open(root: Root) -> str:
    """What to tell where the open file decided."""
    return f"Only {root.name} was searched, since one of its files is open; name another folder to ask about it."


def without_root_names(resolved: Resolved, roots: Sequence[RootIndex]) -> Resolved:
    """The question without the name of the folder that is searched, where no text in there has it.

    Said is where to look then, and not what for: that jq's code does not say "jq" is nobody's answer.
    """
    words = {fold(word) for word in _NAME.findall(resolved.query.text)}
    folders = [folder for index in roots if fold(folder := folder_of(index.root)) in words]
    names = {fold(folder) for folder in folders}
    said = {term for folder in folders for term in (*content_terms(folder), "folder", "directory")}
    absent = {term for term in said if resolved.frequencies.get(term) == 0}
    return replace(
        resolved,
        mentions=tuple(
            mention
            for mention in resolved.mentions
            if mention.kind is not MentionKind.UNRESOLVED or fold(mention.text) not in names
        ),
        terms=tuple(term for term in resolved.terms if term not in absent),
        frequencies={term: count for term, count in resolved.frequencies.items() if term not in absent},
        weights={term: weight for term, weight in resolved.weights.items() if term not in absent},
    )


def folder_of(root: Root) -> str:
    """The root's own folder; its name may have folders above it, to tell it from another root."""
    return root.name.rpartition("/")[2]


def _is_said(index: RootIndex, text: str, words: set[str]) -> bool:
    folder = folder_of(index.root)
    name = fold(folder)
    if len(name) < SHORTEST_NAME or name not in words:
        return False
    return name not in ORDINARY_NAMES or _is_meant(folder, text, index)


def _is_meant(folder: str, text: str, index: RootIndex) -> bool:
    """Whether an ordinary word is the folder: quoted, called a folder, before a colon, as a proper name, in a path."""
    name = re.escape(folder)
    as_folder = rf"\b{name}\s+(?:{_FOLDER}|project)\b|\b{_FOLDER}\s+{name}\b|(?:^|\bin\s+){name}:(?!\S)"
    if re.search(rf"[`\"']{name}[`\"']|{as_folder}", text, re.IGNORECASE):
        return True
    # A capital where a sentence begins says nothing, and neither do those of API and UI.
    if re.search(rf"(?<=[\w,;)] ){name.capitalize()}\b(?!\.\w)", text) and not folder.isupper():
        return True
    inside = re.finditer(rf"(?<![\w./\\-]){name}/([\w./-]*)", text, re.IGNORECASE)
    return any(_holds(index, found.group(1).strip("./")) for found in inside)


def _holds(index: RootIndex, path: str) -> bool:
    return not path or index.store.file(path) is not None or index.store.has_folder(path)
