"""Whether what a document links to is there: files beside it, and headings in them.

Invariant: nothing outside of the root is looked at, and of what is inside only whether it is there; of documents that
are indexed, their headings.

No alarm: addresses, what a generator of pages fills in (`{{ x }}`, `<name>`), paths from the top of a site, pages
without an ending that a generator may make, and anchors of documents whose headings are made elsewhere.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from surefoot.checks.files import KNOWN_ENDINGS, File, Files, is_usual_name
from surefoot.checks.markdown import WrittenTarget, anchors_of, letters_of, without_code, written_targets
from surefoot.domain import CheckedMention, CitedKind, Span, Verdict
from surefoot.retrieve.named import closest
from surefoot.retrieve.working_tree import WorkingTree

NEAR_ANCHOR = 0.8  # similarity of two headings from which the one may be the other's old name
PICTURES = frozenset("png jpg jpeg gif svg webp avif ico mp4 webm pdf".split())
MARKDOWN = (".md", ".markdown", ".mdx")

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|[@~#?]$")
_FILLED_IN = re.compile(r"[{}<>$|*^\\\n\0\ud800-\udfff]|%[^0-9A-Fa-f]|%7[BbDd]|\.\.\.|\bpath/to\b|%%")
# What a page is written as, where it is linked to as it will be served.
_PAGE_ENDINGS = ("", ".md", ".mdx", ".markdown", ".rst", ".adoc", ".txt", "/index.md", "/README.md", "/index.mdx")
_SERVED = re.compile(r"(?:\.html?|/)$")
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,12})$")
# Such documents get headings, or whole pages, from elsewhere.
_GENERATED = re.compile(r"^:::[ \t]|\{%|\{\{|^--8<--|^\.\. |<[A-Z]\w+[\s/>]|\[\[toc\]\]", re.MULTILINE)
# Documents that are put into others, which have the headings.
_PART = re.compile(
    r"(?:^|/)_?(?:common|includes?|partials?|snippets?|shared|options|fragments?)/|(?:^|/)_", re.IGNORECASE
)
_ANCHOR = re.compile(r"[\w%-]{2,200}")
_GIVEN = re.compile(r"(?:L\d|user-content-|fn|foot-?note|readme$|top$|start$|content$)|^\d+$", re.IGNORECASE)


def dead_targets(file: File, text: str, tree: WorkingTree, files: Files) -> Iterator[CheckedMention]:
    """The links of a Markdown document that lead nowhere."""
    anchors = lru_cache(maxsize=64)(lambda path: _anchors(tree, (file[0], path)))
    own = anchors_of(text)
    has_own = not _GENERATED.search(text) and not _PART.search(file[1])
    for target in written_targets(without_code(text)):
        if _ELSEWHERE.match(target.text) or "@" in target.text or _FILLED_IN.search(target.text):
            continue
        path, _, anchor = target.text.partition("#")
        path = unquote(path.partition("?")[0])
        if not path:
            mention = _dead_anchor(target, anchor, own) if has_own else None
        else:
            mention = _dead_path(file, target, path, files) or _dead_anchor_in(file, target, path, anchor, anchors)
        if mention is not None:
            yield mention


def _dead_path(file: File, target: WrittenTarget, path: str, files: Files) -> CheckedMention | None:
    index, document = file
    if "\0" in path or _is_there(index.root.path, document, path):
        return None
    wanted = posixpath.normpath(path.lstrip("/") if path.startswith("/") else f"{posixpath.dirname(document)}/{path}")
    wanted = wanted.lstrip("/")
    if wanted.startswith("..") or files.is_hidden(wanted):
        return None
    if files.has_stem(wanted) and not path.lower().endswith(MARKDOWN):
        return None
    name = posixpath.basename(wanted)
    if files.is_made(name):
        return None
    same = [] if is_usual_name(name) else files.named(name)
    instead = same[0] if len(same) == 1 else None
    is_of_site = not wanted.lower().endswith(MARKDOWN)
    if path.startswith("/") and (is_of_site or not os.path.isdir((index.root.path / wanted).parent)):  # noqa: PTH112
        return None  # from the top of a site, whatever that is
    ending = _ENDING.search(wanted)
    is_file = ending is not None and ending[1].lower() in (KNOWN_ENDINGS | files.endings | PICTURES)
    if not is_file and (instead is None or ending is not None):
        return None  # a page that a generator may make, or a name that it turns into a link
    if instead is None and _SERVED.search(path):
        return None  # a page that is made of something
    mention = CheckedMention(
        target.text, *target.at, CitedKind.PATH, Verdict.MISSING, reason=f"There is no file {wanted}."
    )
    if instead is None or instead[0] is not index:
        return mention
    return replace(
        mention,
        verdict=Verdict.MOVED,
        root=index.root,
        span=Span(instead[1], 0, 0),
        correction=_from(document, instead[1], target.text, path),
        reason=f"There is no file {wanted}; {instead[1]} has that name.",
    )


def _is_there(root: Path, document: str, path: str) -> bool:
    """Whether a path leads to something, seen from the document, from the root, or from the page it will be."""
    folder, stem = posixpath.dirname(document), document.rpartition(".")[0]
    bases = ("",) if path.startswith("/") else (folder, stem)
    for base in bases:
        whole = posixpath.normpath(f"{base}/{path}".strip("/"))
        if whole.startswith(".."):
            return True  # outside of the root, where nobody looks
        for page in {whole, _SERVED.sub("", whole)}:
            if any(os.path.lexists(root / f"{page}{ending}") for ending in _PAGE_ENDINGS):
                return True
    return False


def _from(document: str, path: str, written: str, old: str) -> str:
    """The target as it should be written, with what stood behind its path."""
    right = f"/{path}" if old.startswith("/") else posixpath.relpath(path, posixpath.dirname(document) or ".")
    right = f"./{right}" if old.startswith("./") and not right.startswith(".") else right
    rest = re.search(r"[?#].*", written)
    return quote(right, safe="/~@+!$&'(),;=") + (rest[0] if rest else "")


def _dead_anchor_in(
    file: File, target: WrittenTarget, path: str, anchor: str, anchors: Callable[[str], dict[str, str] | None]
) -> CheckedMention | None:
    if not anchor or path.startswith("/") or not path.lower().endswith(MARKDOWN):
        return None
    other = posixpath.normpath(f"{posixpath.dirname(file[1])}/{path}".lstrip("/"))
    known = anchors(other)
    return _dead_anchor(target, anchor, known) if known else None


def _anchors(tree: WorkingTree, file: File) -> dict[str, str] | None:
    """Those of another document; None where it is not known to have all of its own."""
    text = "\n".join(tree.lines(*file)) if file[1] in tree.paths[file[0]] else ""
    return None if not text or _GENERATED.search(text) else anchors_of(text)


def _dead_anchor(target: WrittenTarget, anchor: str, known: dict[str, str]) -> CheckedMention | None:
    anchor = unquote(anchor)
    letters = letters_of(anchor)
    if not known or not letters or not _ANCHOR.fullmatch(anchor) or _GIVEN.match(anchor):
        return None
    if letters in known or re.sub(r"\d+$", "", letters) in known:
        return None
    near = closest(anchor, known.values(), NEAR_ANCHOR)
    correction = target.text.partition("#")[0] + "#" + near if near else ""
    reason = f"No heading is called #{anchor}{f'; #{near} is the nearest' if near else ''}."
    return CheckedMention(
        target.text, *target.at, CitedKind.PATH, Verdict.MISSING, correction=correction, reason=reason
    )
