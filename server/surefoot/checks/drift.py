"""What a document of the tree says of the tree that is no longer so: links, paths and names that lead nowhere.

    is it a document of today -> dead links, and what `check_text` finds wrong -> only what is surely wrong

Invariant: in doubt there is no finding; a correction is given only where exactly one thing is meant.

Harder than an answer about the project: a document shows the projects of its readers too, and tells of what once was.
So changelogs, guides to upgrading, and decisions that were superseded are left alone, and of what else `check_text`
doubts, only what stands out as ours is kept: a path whose folder is here, a member of a class of ours, a name that is
nearly one of ours.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import commonprefix

from surefoot.checks.check_text import LONGEST_TEXT, Known, check_text, known_of
from surefoot.checks.docstrings import docstrings_of
from surefoot.checks.files import Files, is_usual_name
from surefoot.checks.markdown import shown_as_code
from surefoot.checks.names import MODULES_OF_LANGUAGES
from surefoot.checks.targets import MARKDOWN, dead_targets
from surefoot.checks.words import Words
from surefoot.domain import CheckedMention, CitedKind, TextCheck, Verdict
from surefoot.retrieve.named import parts_of_name
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.working_tree import WorkingTree
from surefoot.syntax.languages import is_document, language_of
from surefoot.trace import CancelToken
from surefoot.words import fold

LEAST_IN_COMMON = 5  # letters that two forms of one word begin with, as "validation" and "validator"
LOOKED_BACK = 80  # characters before a name in which it may be said to be an example
BESIDE = 200  # characters within which a text that has both names tells them apart
DEEP = 2  # slashes in a folder's path from which nobody makes it up
LEAST_WORDS = 2  # of a name of which another one is a longer form
_EXAMPLE = re.compile(
    r"(?:^|[/_.-])(?:path|to|your|my|foo|bar|baz|qux|some|examples?|xxx+|placeholder|name|file)(?=[/_.-]|$)|\.\.\."
    r"|(?:^|/)(?:[A-Z]\.){1,3}[A-Z](?=[./]|$)|[XYN]\.[XYN]|[\[\]@]|/(?:blob|tree|raw)/",
    re.IGNORECASE,
)
_SAID_TO_SHOW = re.compile(
    r"\b(?:examples?|e\.? ?g|for instance|such as|suppose|imagine|assum\w+|say|if|when|your|hypothetical\w*)\b[^.;]*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# What is made when a project is built or run, and is in nobody's tree.
_MADE = re.compile(r"(?:^|/)(?:build|dist|out|target|_build|site|coverage|node_modules|tmp|temp|generated)/|\.min\.")

# Records of what was.
_HISTORY = re.compile(
    r"(?:^|/)(?:change(?:s|log)|history|news|release[-_ ]?notes?|releases?|what'?s?[-_ ]?new|updat\w*"
    r"|upgrad\w*|migrat\w*|breaking[-_ ]?changes|deprecat\w*|security|licen[cs]e\w*|third[-_ ]?party\w*|authors"
    r"|contributors|credits|todo|roadmap|_?posts|blog|propos(?:als?|ed)|drafts?)"
    r"(?:$|[-_./ \d])",
    re.IGNORECASE,
)
# What tests read, and what was made of something else at some time.
_FIXTURE = re.compile(
    r"(?:^|/)(?:tests?|spec|specs|testdata|test[-_]data|fixtures?|__\w+__|samples?|templates?|reports?|results)/(?!readme)",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"^(?:[-*]?[ \t]*\**status\**[ \t]*:\**|#+[ \t]*status[ \t]*\n+)[ \t]*\**(?P<status>[A-Za-z]+)",
    re.IGNORECASE | re.M,
)
_NOT_OF_TODAY = frozenset("superseded deprecated rejected proposed draft withdrawn obsolete replaced declined".split())


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it stands in its buffer, or on disk."""

    index: RootIndex
    path: str
    text: str


def document_drift(document: Document, tree: WorkingTree, cancel: CancelToken, files: Files | None = None) -> TextCheck:
    """What is surely wrong in a document, or in the docstrings of a file of code. Raises Cancelled."""
    text, path = document.text, document.path
    if len(text) > LONGEST_TEXT or not _is_of_today(document):
        return TextCheck(())
    known = known_of(tree, Words(tree, in_documents=False), files)
    walk = _in_prose(document, tree, known) if _is_prose(path) else _in_code(document, tree, known, cancel)
    found: list[CheckedMention] = []
    for mention in walk:
        cancel.raise_if_cancelled()
        found.append(mention)
    return TextCheck(tuple(sorted(found, key=lambda mention: (mention.start, mention.end))))


def _is_of_today(document: Document) -> bool:
    """Whether a file speaks of the tree as it is, and is no record, no ticket and nothing that tests read."""
    path = document.path
    if _HISTORY.search(path) or document.index.root.holds_tickets(path):
        return False
    return not (_is_prose(path) and _FIXTURE.search(path))


def _in_prose(document: Document, tree: WorkingTree, known: Known) -> Iterator[CheckedMention]:
    status = _STATUS.search(document.text)
    if status and status["status"].lower() in _NOT_OF_TODAY:
        return
    taken: list[tuple[int, int]] = []
    if document.path.lower().endswith(MARKDOWN):
        for mention in dead_targets((document.index, document.path), document.text, tree, known.files):
            taken.append((mention.start, mention.end))
            yield mention
    shown = shown_as_code(document.text)
    for mention in _doubted(document, document.text, tree, known):
        is_taken = any(mention.start < end and start < mention.end for start, end in taken)
        if not is_taken and not shown[mention.start]:
            yield mention


def _in_code(document: Document, tree: WorkingTree, known: Known, cancel: CancelToken) -> Iterator[CheckedMention]:
    for start, text in docstrings_of(document.path, document.text):
        cancel.raise_if_cancelled()
        for mention in _doubted(document, text, tree, known):
            yield replace(mention, start=mention.start + start, end=mention.end + start)


def _doubted(document: Document, text: str, tree: WorkingTree, known: Known) -> Iterator[CheckedMention]:
    """What `check_text` finds wrong in a text, as far as it is surely about this tree."""
    wrong = check_text(text, tree, known).wrong
    shown = {each for each in {mention.text for mention in wrong} if _is_said_to_show(each, text)}
    for mention in wrong:
        if mention.text in shown:
            continue
        is_name = mention.kind is CitedKind.SYMBOL
        sure = _sure_name(mention, text, tree) if is_name else _sure_path(document, mention, known.files)
        if sure is not None:
            yield sure


def _is_said_to_show(written: str, text: str) -> bool:
    """Whether a text says in one place that something is an example; then it is one in all places."""
    places = (match.start() for match in re.finditer(re.escape(written), text))
    return any(_SAID_TO_SHOW.search(text, max(0, place - LOOKED_BACK), place) for place in places)


def _sure_name(mention: CheckedMention, text: str, tree: WorkingTree) -> CheckedMention | None:
    """A name is surely wrong where one definition in code has nearly that name, or that name in another module."""
    parts, right = parts_of_name(mention.text), parts_of_name(mention.correction)
    if not right or parts[0] in MODULES_OF_LANGUAGES or parts[-1].startswith("__"):
        return None
    if mention.verdict is not Verdict.MOVED and (parts[:-1] != right[:-1] or not _is_telling(mention, text)):
        return None
    places = {
        each.symbol.qualified_name for each in tree.definitions(right[-1]) if not _is_prose(each.symbol.span.path)
    }
    if mention.verdict is Verdict.MOVED:
        return mention if places == {right[-1]} else None
    begin = max(0, mention.start - BESIDE)
    is_told_apart = right[-1] in text[begin : mention.start] or right[-1] in text[mention.end : mention.end + BESIDE]
    return mention if places and not is_told_apart and is_old_name(parts[-1], right[-1]) else None


def _sure_path(document: Document, mention: CheckedMention, files: Files) -> CheckedMention | None:
    """A path is surely wrong where it has a folder, and that is here or the one file of this name stands elsewhere."""
    path = mention.text.replace("\\", "/")
    folder, _, name = path.rpartition("/")
    if not folder or _EXAMPLE.search(path) or _MADE.search(path) or files.is_made(name):
        return None
    root, beside = document.index.root.path, (document.index.root.path / document.path).parent
    # Unlike those of `Path`, these raise for no path, however long.
    is_ours = any(os.path.isdir(base / path.lstrip("./").partition("/")[0]) for base in (root, beside))  # noqa: PTH112
    if any(os.path.exists(base / path) for base in (beside, root)) or not (  # noqa: PTH110
        is_ours or (_is_prose(document.path) and path.startswith(f"{root.name}/"))
    ):
        return None
    where = files.find(mention.text)
    if mention.verdict is Verdict.CHANGED or (where is not None and where.is_slip and len(where.files) == 1):
        return mention
    same = [] if is_usual_name(name) else files.named(name)
    if mention.verdict is Verdict.MOVED and len(same) == 1 and mention.correction.endswith(same[0][1]):
        return mention
    found = files.find(f"{folder}/")
    is_here = found is not None and found.is_folder and not files.has_stem(path)
    # A document also shows what could be there; in a docstring, what is named is meant.
    if _is_prose(document.path) and folder.count("/") < DEEP and not files.is_renamed(path):
        return None
    gone = replace(mention, verdict=Verdict.MISSING, correction="", reason=f"There is no file {mention.text}.")
    return gone if is_here and not same else None


def _is_telling(mention: CheckedMention, text: str) -> bool:
    """Whether a name of several words is called, has an owner, or has capitals: fields and keys are anybody's."""
    last = parts_of_name(mention.text)[-1]
    is_called = text.startswith("(", mention.end) or last != mention.text
    return len(words_in(last)) > 1 and (is_called or "_" not in last)


def is_old_name(old: str, new: str) -> bool:
    """Whether a name is another one with a word of it spelled otherwise, or with a word less.

    In another case style it is another thing: the key of a setting, a parameter. In the plural it is several of them.
    """
    styles = [(name.isupper(), "_" in name.strip("_"), name[:1].isupper()) for name in (old, new)]
    if styles[0] != styles[1] or old.endswith(("_", f"{new}s")) or new == f"{old}s":
        return False
    if fold(old) == fold(new):
        return True
    words, others = words_in(old), words_in(new)
    if len(words) == len(others):
        return all(_is_form(word, other) for word, other in zip(words, others, strict=True))
    rest = iter(others)
    return len(others) == len(words) + 1 > LEAST_WORDS and all(word in rest for word in words)


def _is_form(word: str, other: str) -> bool:
    """Whether two words are one in two forms: "validation" and "validator", and not "get" and "gen"."""
    return word == other or len(commonprefix([word, other])) >= LEAST_IN_COMMON


def words_in(name: str) -> list[str]:
    """The words of a name in any case style."""
    return [word.lower() for word in _WORD.findall(name)]


def _is_prose(path: str) -> bool:
    return is_document(path, language_of(path))
