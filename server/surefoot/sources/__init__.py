"""From a file to what the index keeps of it.

Invariant: nothing that stands in a file, and nothing that happens to it meanwhile, raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surefoot.domain import FailedFile, IndexedFile, ParsedFile, Root, SkippedFile, SkipReason, Source
from surefoot.syntax.languages import is_document, language_of
from surefoot.syntax.parse import parse
from surefoot.workspace.documents import Documents, FileContent, disk_state, read_file
from surefoot.workspace.skip import content_skip_reason, name_skip_reason

if TYPE_CHECKING:
    from surefoot.config import Settings


# Raise this with any change to what is made of a file: symbols, chunks, skipping, words. Older indexes are then read
# again. A test holds it against what is made of the samples.
READING = 1


def parse_file(
    root: Root, entry_path: str, settings: Settings, documents: Documents | None = None
) -> ParsedFile | SkippedFile | FailedFile:
    """Read a file, decide whether it is worth indexing, and take it apart.

    A file that is gone is a failed one; whoever asked on seeing it knows what to make of that.
    """
    content = _worth_indexing(root, entry_path, settings, documents)
    return _parsed(entry_path, content) if isinstance(content, FileContent) else content


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
        content = read_file(root, entry_path, documents=documents, max_bytes=settings.max_file_bytes)
    except (OSError, ValueError) as error:
        return FailedFile(entry_path, _sentence(error))
    if isinstance(content, SkipReason):
        # Looked up again, since such a file may not have been read; if it changed in between, it is read once more.
        now = disk_state(root, entry_path)
        return SkippedFile(entry_path, content, now.size, now.mtime_ns) if now else SkippedFile(entry_path, content)
    reason = content_skip_reason(entry_path, content.text)
    return SkippedFile(entry_path, reason, content.size, content.mtime_ns) if reason else content


def _parsed(path: str, content: FileContent) -> ParsedFile:
    language = language_of(path, content.text.partition("\n")[0], text=content.text)
    source = Source.DOCS if is_document(path, language) else Source.CODE
    parsed = parse(path, content.text, language)
    file = IndexedFile(path, source, language, content.size, content.mtime_ns, content.content_hash)
    return ParsedFile(file, parsed.symbols, parsed.chunks)


def _sentence(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file is no longer there."
    if isinstance(error, PermissionError):
        return "The file may not be read (permission denied)."
    why = error.strerror if isinstance(error, OSError) else str(error)
    return f"The file could not be read: {why or type(error).__name__}."
