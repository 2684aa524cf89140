"""PDFs: the text of each page, and the outline where there is one.

What bounds the reading is counted in pages, characters and steps, so that the same bytes always have the same reading;
the clock only decides whether a file is given up as a whole.

Invariant: nothing is decoded that is no text, no password is guessed but the empty one, nothing is printed or logged.
"""

from __future__ import annotations

import io
import logging
import re
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from surefoot.domain import Source, SymbolKind
from surefoot.readings import Reading, Record

if TYPE_CHECKING:
    from pypdf import PdfReader

LANGUAGE = "pdf"
MOST_PAGES = 3_000  # a processor's manual has five thousand, a book one thousand
MOST_CHARACTERS = 8_000_000
MOST_STEPS = 500_000  # of drawing on one page; a dense page of text takes some thousands
MOST_SECONDS = 120.0  # of CPU for one file; a book takes half a minute
MOST_SECTIONS = 2_000
HEAD_LINES = 2  # of a page above its first heading that are a running head
TITLE_LIMIT = 200
_STREAM = 32 * 1024 * 1024  # bytes that one part may have when unpacked

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "})


class _TooLongError(Exception):
    """The file took more time than is given to one."""


def read(path: str, content: bytes) -> Reading | None:
    """The text of a PDF, page by page."""
    if b"%PDF-" not in content[:1024]:
        return _nothing("The file is no PDF, or its beginning is damaged.")
    # Imported here: what is read from these files only costs where there is one.
    from pypdf import PdfReader, apply_configuration  # noqa: PLC0415
    from pypdf.errors import DependencyError, FileNotDecryptedError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # what it has to say of a page is ours to tell
    try:
        with apply_configuration(**_LIMITS):
            return _reading(PdfReader(io.BytesIO(content)))
    except (FileNotDecryptedError, DependencyError):
        return _nothing("The PDF is encrypted; save it without a password to have it indexed.")
    except _TooLongError:
        return _nothing("The PDF takes too long to read.")
    except Exception:  # noqa: BLE001 - damage shows as whatever error the damaged part leads to
        return _nothing("The PDF is damaged and cannot be read.")


_LIMITS: dict[str, Any] = {
    "zlib_maximum_output_length": _STREAM,
    "lzw_maximum_output_length": _STREAM,
    "run_length_maximum_output_length": _STREAM,
    "array_based_stream_maximum_output_length": _STREAM,
    "page_tree_maximum_entries": 4 * MOST_PAGES,
    "page_tree_maximum_page_entries": 400_000,
    "outline_maximum_entries": 10 * MOST_SECTIONS,
    "outline_maximum_depth": 20,
    "stream_parsing_work_maximum_count": MOST_STEPS,
    "xform_maximum_invocations_per_extraction": 40,
    "jbig2dec_binary": None,  # no program is started for pictures
    "disable_legacy_handling": True,
}


def _nothing(why: str) -> Reading:
    return Reading(LANGUAGE, Source.DOCS, "", (1,), (), (why,))


def _reading(pdf: PdfReader) -> Reading:
    pages, problems = _pages(pdf)
    if not any(pages):
        why = problems or ["The PDF has no text: its pages are pictures, as those of a scanner are."]
        return _nothing(why[0])
    return _written(pages, _sections(pdf, len(pages)), problems)


def _pages(pdf: PdfReader) -> tuple[list[list[str]], list[str]]:
    """The lines of each page, and what is to be said of those that are not read."""
    pages: list[list[str]] = []
    unread: list[int] = []
    deadline, characters = time.thread_time() + MOST_SECONDS, 0
    count = len(pdf.pages)
    for number in range(min(count, MOST_PAGES)):
        if time.thread_time() > deadline:
            raise _TooLongError
        try:
            text = pdf.pages[number].extract_text()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - damage shows as whatever error the damaged page leads to
            unread.append(number + 1)
            text = ""
        characters += len(text)
        if characters > MOST_CHARACTERS:
            break
        pages.append(_lines(text))
    return pages, _problems(count, len(pages), unread)


def _problems(count: int, read: int, unread: Sequence[int]) -> list[str]:
    problems = []
    if len(unread) == 1:
        problems.append(f"Page {unread[0]} of the PDF is damaged and cannot be read.")
    elif unread:
        problems.append(f"{len(unread):,} pages of the PDF are damaged and cannot be read, the first is {unread[0]}.")
    if read < count:
        problems.append(f"The PDF has {count:,} pages, of which the first {read:,} are read.")
    return problems


def _lines(text: str) -> list[str]:
    """The lines of a page, without blank ones at its ends and without two blank ones in a row."""
    lines: list[str] = []
    for line in _CONTROL.sub(" ", text.translate(_LIGATURES).replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    while lines and not lines[-1]:
        lines.pop()
    return lines


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading of the outline, by the page that it leads to, which counts from 0."""

    title: str
    level: int
    page: int


def _sections(pdf: PdfReader, count: int) -> list[_Section]:
    """The outline in the order of the pages; nothing where it is damaged."""
    try:
        found = list(islice(_entries(pdf, pdf.outline, 1), MOST_SECTIONS))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the text does without an outline
        return []
    return sorted((each for each in found if 0 <= each.page < count), key=lambda each: each.page)


def _entries(pdf: PdfReader, entries: Sequence[Any], level: int) -> Iterator[_Section]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _entries(pdf, entry, level + 1)
            continue
        title = " ".join(_CONTROL.sub(" ", str(entry.title or "")).translate(_LIGATURES).split())[:TITLE_LIMIT]
        page = pdf.get_destination_page_number(entry)
        if title and page is not None:
            yield _Section(title, level, page)


def _written(pages: Sequence[Sequence[str]], sections: Sequence[_Section], problems: Sequence[str]) -> Reading:
    """The reading: for each page a line with its number, and then its text."""
    texts: list[str] = []
    starts: list[int] = []  # the first line of each page; that of the next one where it is empty
    for number, lines in enumerate(pages, 1):
        starts.append(len(texts) + 1 + bool(texts and lines))
        if lines:
            texts += [*([""] if texts else []), f"page {number}", *lines]
    marks = [_mark(each, starts[each.page], pages[each.page], len(texts)) for each in sections]
    records = _records(pages, starts, sorted(marks, key=lambda mark: mark.line), len(texts))
    return Reading(LANGUAGE, Source.DOCS, "\n".join(texts), (1,) * len(texts), tuple(records), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a section begins, and the line that its title stands on."""

    line: int
    name_line: int
    section: _Section


def _mark(section: _Section, start: int, lines: Sequence[str], count: int) -> _Mark:
    """A section whose title is on top of a page begins with the page, also below a running head."""
    below = _line_of(section.title, lines)
    line = start if below <= HEAD_LINES else start + below
    return _Mark(min(line, count), min(start + below, count), section)


def _line_of(title: str, lines: Sequence[str]) -> int:
    """How far below the number of its page a heading stands; 0 where no line has its words."""
    wanted = _bare(title)
    return next((place for place, line in enumerate(lines, 1) if wanted and _bare(line).endswith(wanted)), 0)


def _bare(text: str) -> str:
    return "".join(text.casefold().split())


def _records(pages: Sequence[Sequence[str]], starts: Sequence[int], marks: Sequence[_Mark], count: int) -> list[Record]:
    """The sections, and each page in the pieces that it has in them: a line belongs to one page of one section."""
    records: list[Record] = []
    paths: list[tuple[str, ...]] = []
    stack: list[int] = []
    lasts = [count] * len(marks)
    for place, mark in enumerate(marks):
        while stack and marks[stack[-1]].section.level >= mark.section.level:
            ended = stack.pop()
            lasts[ended] = max(mark.line - 1, marks[ended].line)
        paths.append((*paths[stack[-1]], mark.section.title) if stack else (mark.section.title,))
        stack.append(place)
    records += [
        _record(path, mark.line, last, mark.name_line) for path, mark, last in zip(paths, marks, lasts, strict=True)
    ]
    for number, lines in enumerate(pages, 1):
        if lines:
            records += _pieces(number, starts[number - 1], starts[number - 1] + len(lines), marks, paths)
    return records


def _pieces(
    number: int, first: int, last: int, marks: Sequence[_Mark], paths: Sequence[tuple[str, ...]]
) -> Iterator[Record]:
    around = bisect_right(marks, first, key=lambda mark: mark.line) - 1
    while first <= last:
        after = marks[around + 1].line if around + 1 < len(marks) else last + 1
        end = min(after - 1, last)
        if first <= end:
            path = paths[around] if around >= 0 else ()
            yield _record((*path, f"page {number}"), first, end, first)
            first = end + 1
        around += 1


def _record(path: Sequence[str], first: int, last: int, name_line: int) -> Record:
    *above, name = path
    return Record(name, SymbolKind.STRING, first, max(last, name_line), name_line, ".".join(above), " > ".join(path))
