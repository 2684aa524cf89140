"""From a file to what the index keeps of it.

Invariant: nothing that stands in a file, and nothing that happens to it meanwhile, raises.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from surefoot.domain import FailedFile, FileEntry, IndexedFile, ParsedFile, Root, SkippedFile, SkipReason
from surefoot.syntax.languages import TICKET, TICKET_ENDINGS, language_of
from surefoot.workspace.documents import Documents, FileContent, disk_state, read_file
from surefoot.workspace.skip import content_skip_reason, name_skip_reason
from surefoot.workspace.stamps import is_settled

if TYPE_CHECKING:
    from collections.abc import Collection

    from surefoot.config import Settings


# Raise this with any change to what is made of a file: symbols, chunks, links, skipping, words. Older indexes are then
# read again. A test holds it against what is made of the samples.
READING = 8


def parse_file(
    root: Root, entry_path: str, settings: Settings, documents: Documents | None = None
) -> ParsedFile | SkippedFile | FailedFile:
    """Read a file, decide whether it is worth indexing, and take it apart.

    A file that is gone is a failed one; whoever asked on seeing it knows what to make of that.
    """
    content = _worth_indexing(root, entry_path, settings, documents)
    if not isinstance(content, FileContent):
        return content
    try:
        return _parsed(_identified(root, entry_path, content), content)
    except Exception as error:  # noqa: BLE001 - a fault of ours costs this file, and not the pass over all of them
        return FailedFile(entry_path, f"It could not be taken apart, which is a fault of Surefoot's ({error!r}).")


def identify_file(root: Root, entry_path: str, settings: Settings, contents: Collection[str]) -> IndexedFile | None:
    """Read a file, and tell what it is if its content hash is among these, of what was worth indexing; else None."""
    try:
        content = read_file(root, entry_path, max_bytes=settings.max_file_bytes)
    except (OSError, ValueError):
        return None
    if not isinstance(content, FileContent) or content.content_hash not in contents:
        return None
    return _identified(root, entry_path, content)


def left_out(root: Root, entry_path: str, settings: Settings) -> SkippedFile | FailedFile | None:
    """Why `parse_file` would leave the file out; None where it would not."""
    content = _worth_indexing(root, entry_path, settings, None)
    return None if isinstance(content, FileContent) else content


def _worth_indexing(
    root: Root, entry_path: str, settings: Settings, documents: Documents | None
) -> FileContent | SkippedFile | FailedFile:
    reason = name_skip_reason(entry_path, settings)
    if reason is not None:
        return SkippedFile(entry_path, reason)
    try:
        # What is left out comes without a stamp, and one that is taken after the reading may be that of a later text.
        began_ns, before = time.time_ns(), disk_state(root, entry_path)
        content = read_file(root, entry_path, documents=documents, max_bytes=settings.max_file_bytes)
    except (OSError, ValueError) as error:
        return FailedFile(entry_path, _sentence(error))
    if isinstance(content, SkipReason):
        return _skipped(before, content, began_ns) if before else SkippedFile(entry_path, content)
    if content.reading is not None and content.reading.problems and not content.reading.records:
        return FailedFile(entry_path, content.reading.problems[0])
    if content.reading is not None or _is_ticket(root, entry_path):  # long lines and notices say nothing there
        reason = SkipReason.EMPTY if not content.text or content.text.isspace() else None
    else:
        reason = content_skip_reason(entry_path, content.text)
    return _skipped_by_content(entry_path, content, reason) if reason else content


def _skipped(entry: FileEntry, reason: SkipReason, began_ns: int) -> SkippedFile:
    settled = is_settled(entry.stamp, began_ns)
    return SkippedFile(entry.path, reason, entry.size, entry.mtime_ns, entry.ctime_ns, settled)


def _skipped_by_content(path: str, content: FileContent, reason: SkipReason) -> SkippedFile:
    return SkippedFile(path, reason, content.size, content.mtime_ns, content.ctime_ns, content.is_settled)


def _identified(root: Root, path: str, content: FileContent) -> IndexedFile:
    if content.reading is not None:
        language, source = content.reading.language, content.reading.source
    else:
        from surefoot.syntax.source import source_of  # noqa: PLC0415 - an index that is current needs it not

        first = content.text.partition("\n")[0]
        language = TICKET if _is_ticket(root, path) else language_of(path, first, text=content.text)
        source = source_of(path, language, content.text)
    return IndexedFile(
        path,
        source,
        language,
        content.size,
        content.mtime_ns,
        content.content_hash,
        content.ctime_ns,
        content.is_settled,
    )


def _is_ticket(root: Root, path: str) -> bool:
    """Whether a file of text is a ticket, or a note among tickets."""
    return root.holds_tickets(path) and path.lower().endswith(TICKET_ENDINGS)


def _parsed(file: IndexedFile, content: FileContent) -> ParsedFile:
    if content.reading is not None:
        from surefoot.sources.records import parsed_reading  # noqa: PLC0415 - an index that is current needs it not

        return parsed_reading(file, content.reading)
    from surefoot.syntax.parse import parse  # noqa: PLC0415 - an index that is current needs no grammars

    parsed = parse(file.path, content.text, file.language)
    return ParsedFile(file, parsed.symbols, parsed.chunks)


def _sentence(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file is no longer there."
    if isinstance(error, PermissionError):
        return "The file may not be read (permission denied)."
    why = error.strerror if isinstance(error, OSError) else str(error)
    return f"The file could not be read: {why or type(error).__name__}."
