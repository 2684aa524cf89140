"""Everything that Surefoot raises on purpose.

Each message is one sentence that names the thing and the way out; front ends print it and nothing else.

    SurefootError
    |-- UsageError              the request cannot be carried out as it was put
    |   |-- RootError           a --root that cannot be indexed
    |   `-- QueryError          a question that cannot be asked
    |-- StoreError              the index on disk cannot be used
    |   |-- StoreBusyError      another process is writing it
    |   |-- StoreDamagedError   it is damaged or gone, and will be made anew
    |   |-- StoreFullError      no space is left
    |   `-- StoreUnwritableError  its folder cannot be written
    |-- ModelError              the language or embedding model cannot be used
    |   |-- ModelNotFoundError  no such model, file or server
    |   |   `-- ModelUnknownError   a name that no model has; a usage error too
    |   |-- ModelInvalidError   the file is truncated, damaged or of another kind
    |   |-- ModelDownloadError  the download failed or did not match its checksum
    |   |-- ContextFullError    the prompt does not fit the model's context
    |   `-- WorkerDiedError     the model's process ended in mid-answer
    |-- SyncError               tickets cannot be fetched from their tracker
    |-- TraceNotFoundError      no trace has this id
    `-- Cancelled               the caller asked to stop; not a failure
"""

from __future__ import annotations


class SurefootError(Exception):
    """Base of all of them."""


class UsageError(SurefootError):
    """The request cannot be carried out as it was put."""


class RootError(UsageError):
    """A root that does not exist, is not a folder or cannot be read."""


class QueryError(UsageError):
    """A question that is empty or too long."""


class StoreError(SurefootError):
    """The index on disk cannot be used."""


class StoreBusyError(StoreError):
    """Another process is writing the index, and did not finish in time."""


class StoreDamagedError(StoreError):
    """The index is damaged or gone; the next write or opening makes it anew."""


class StoreFullError(StoreError):
    """No space is left where the index lives."""


class StoreUnwritableError(StoreError):
    """The folder where the index lives cannot be written."""


class ModelError(SurefootError):
    """The language or embedding model cannot be used."""


class ModelNotFoundError(ModelError):
    """No such model, file or server."""


class ModelUnknownError(ModelNotFoundError, UsageError):
    """A name that no model has: mistyped, and no fault of the model."""


class ModelInvalidError(ModelError):
    """The model file is truncated, damaged or of another kind."""


class ModelDownloadError(ModelError):
    """The download failed or did not match its checksum."""


class ContextFullError(ModelError):
    """The prompt does not fit the model's context window."""


class WorkerDiedError(ModelError):
    """The model's process ended in mid-answer."""


class SyncError(SurefootError):
    """The tickets of a tracker cannot be fetched, or not all of them yet."""


class TraceNotFoundError(SurefootError):
    """No trace has this id."""


class Cancelled(SurefootError):  # noqa: N818 - a request to stop is not an error
    """The caller asked to stop."""

    def __init__(self, why: str = "Stopped on request.") -> None:
        super().__init__(why)
