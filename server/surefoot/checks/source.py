"""One file as it stands now, for a view of it; what must not be shown is refused in one sentence.

Invariant: what comes back is inside its root, not ignored, no secret, and text.
"""

from __future__ import annotations

from surefoot.answer.cite import Ground
from surefoot.domain import SkipReason, SourceText
from surefoot.errors import QueryError
from surefoot.retrieve.root_index import RootIndex
from surefoot.syntax.languages import language_of
from surefoot.workspace.documents import FileContent, read_file
from surefoot.workspace.skip import content_skip_reason, file_name_skip_reason

_REFUSED = {
    SkipReason.SECRET: "looks like a secret, so it is not shown",
    SkipReason.BINARY: "is no text, so it is not shown",
    SkipReason.TOO_LARGE: "is too large to be shown",
    SkipReason.SYMLINK: "lies behind a symbolic link, which is not followed",
}


def source_text(index: RootIndex, path: str, ground: Ground) -> SourceText:
    """The text of a file below a root. Raises QueryError."""
    content = _content(index, path, ground)
    reason = content if isinstance(content, SkipReason) else content_skip_reason(path, content.text)
    if reason in _REFUSED:
        raise QueryError(f"{path} {_REFUSED[reason]}; name another file.")
    text = content.text if isinstance(content, FileContent) else ""
    is_indexed = index.store.file(path) is not None
    if isinstance(content, FileContent) and content.reading is not None:
        reading = content.reading
        return SourceText(index.root, path, reading.language, text, is_indexed=is_indexed, lines=reading.lines)
    language = language_of(path, text.partition("\n")[0], text=text)
    return SourceText(index.root, path, language, text, is_indexed=is_indexed)


def _content(index: RootIndex, path: str, ground: Ground) -> FileContent | SkipReason:
    if file_name_skip_reason(path.rpartition("/")[2]) is SkipReason.SECRET:
        return SkipReason.SECRET
    if ground.is_ignored(index.root, path):
        raise QueryError(f"{path} is ignored by git or by .surefootignore, so it is not shown; name another file.")
    try:
        if (index.root.path / path).is_dir():
            raise QueryError(f"{path} is a folder; name a file.")
        return read_file(index.root, path, documents=ground.documents, max_bytes=ground.max_bytes)
    except FileNotFoundError as error:
        raise QueryError(f"There is no file {path} in {index.root.name}; check the path.") from error
    except (OSError, ValueError) as error:
        raise QueryError(f"{path} could not be read; check that it is a file that you may read.") from error
