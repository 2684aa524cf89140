"""Files that are created, changed, renamed or deleted outside of open documents.

Invariant: every reported path, old and new, is looked at again; what to make of it is the engine's business.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from surefoot.lsp import convert

if TYPE_CHECKING:
    from surefoot.lsp.server import SurefootServer

logger = logging.getLogger(__name__)

EVERYTHING = "**/*"
EVERY_FILE = types.FileOperationRegistrationOptions(
    filters=[types.FileOperationFilter(scheme="file", pattern=types.FileOperationPattern(glob=EVERYTHING))]
)
# Git writes here all the time, and nothing in here is ever indexed; the session looks after the few files that matter.
GIT_FOLDER = ".git"


def can_be_asked(server: SurefootServer) -> bool:
    """Whether the client would report changes on disk."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    return bool(watching and watching.dynamic_registration)


def watch(server: SurefootServer) -> None:
    """Hear of changes on disk: from the client if it can be asked, otherwise by looking."""
    if can_be_asked(server):
        server.spawn(_ask(server))
    else:
        server.session.watch_files()


async def _ask(server: SurefootServer) -> None:
    registration = types.Registration(
        id=f"surefoot-{uuid.uuid4().hex}",
        method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        register_options=types.DidChangeWatchedFilesRegistrationOptions(
            watchers=[types.FileSystemWatcher(glob_pattern=EVERYTHING)]
        ),
    )
    try:
        await server.client_register_capability_async(types.RegistrationParams([registration]))
    except JsonRpcException as error:
        logger.warning("The editor does not report changes on disk (%s), so they are watched here.", error)
        server.session.watch_files()


def did_change_watched_files(server: SurefootServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Something changed on disk."""
    _changed(server, (change.uri for change in params.changes))


def did_create_files(server: SurefootServer, params: types.CreateFilesParams) -> None:
    """Files or folders were created in the editor."""
    _changed(server, (file.uri for file in params.files))


def did_rename_files(server: SurefootServer, params: types.RenameFilesParams) -> None:
    """Files or folders were renamed in the editor: gone at the old place, new at the new one."""
    _changed(server, (uri for file in params.files for uri in (file.old_uri, file.new_uri)))


def did_delete_files(server: SurefootServer, params: types.DeleteFilesParams) -> None:
    """Files or folders were deleted in the editor."""
    _changed(server, (file.uri for file in params.files))


def _changed(server: SurefootServer, uris: Iterable[str]) -> None:
    paths = (convert.path_of(uri) for uri in uris)
    server.session.changed([path for path in paths if path is not None and GIT_FOLDER not in path.parts])
