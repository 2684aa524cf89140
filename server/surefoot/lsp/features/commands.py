"""`workspace/executeCommand`: ask, search, explain, status, reindex and trace; the rest is in modules of its own.

Invariant: arguments are validated before anything runs, and results are exactly the command line's JSON.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pydantic import ValidationError
from pygls.exceptions import JsonRpcInvalidParams

from surefoot import golden, wire
from surefoot.errors import UsageError
from surefoot.live.session import FIRST_PASS_SECONDS
from surefoot.lsp import convert, protocol
from surefoot.lsp.features import models, places
from surefoot.lsp.features.hover import document_text
from surefoot.lsp.protocol import Command
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from surefoot.domain import AnswerEvent, Query
    from surefoot.engine import Engine
    from surefoot.lsp.server import SurefootServer

Reply = dict[str, Any]
Run = Callable[["SurefootServer", Any], Awaitable[Reply]]


async def execute_command(server: SurefootServer, params: types.ExecuteCommandParams) -> Reply:
    """Find the command, check its arguments, run it."""
    try:
        command = Command(params.command)
    except ValueError:
        known = ", ".join(Command)
        raise JsonRpcInvalidParams(f"There is no command '{params.command}'; there are {known}.") from None
    arguments = _validated(command, params.arguments)
    if isinstance(arguments, wire.PullArguments):
        return await models.pull_model(server, arguments, params.work_done_token)
    return await RUNS[command](server, arguments)


def _validated(command: Command, given: Sequence[Any] | None) -> wire.Arguments:
    values = list(given or [{}])
    if len(values) != 1 or not isinstance(values[0], dict):
        raise JsonRpcInvalidParams(f"{command} takes one object as its argument.")
    try:
        return protocol.CONTRACTS[command].arguments.model_validate(values[0])
    except ValidationError as error:
        raise JsonRpcInvalidParams(f"{command}: {wire.usage_sentence(error)}") from None


async def _ask(server: SurefootServer, arguments: protocol.AskArguments) -> Reply:
    def run(engine: Engine, cancel: CancelToken) -> wire.Reply:
        answer = engine.ask(
            _query(arguments),
            model=arguments.model,
            on_event=_stream(server, arguments.token, cancel),
            cancel=cancel,
            roots=_folders(arguments.roots),
        )
        return wire.ask_reply(answer)

    return await server.with_engine(run, first_pass=FIRST_PASS_SECONDS)


async def _explain(server: SurefootServer, arguments: protocol.ExplainArguments) -> Reply:
    path = convert.path_of(arguments.text_document.uri)
    if path is None:
        raise UsageError("Only symbols in files can be explained; this document is not a file.")
    position = types.Position(arguments.position.line, arguments.position.character)
    encoding = str(server.workspace.position_encoding)

    def run(engine: Engine, cancel: CancelToken) -> wire.Reply:
        place = convert.place_in(document_text(server, path), position, encoding)
        stream = _stream(server, arguments.token, cancel)
        model = arguments.model
        return wire.ask_reply(
            engine.explain(path, place.line, place.character, model=model, on_event=stream, cancel=cancel)
        )

    return await server.with_engine(run, first_pass=FIRST_PASS_SECONDS)


async def _search(server: SurefootServer, arguments: wire.SearchArguments) -> Reply:
    def run(engine: Engine, cancel: CancelToken) -> wire.Reply:
        roots = _folders(arguments.roots)
        query = _query(arguments)
        return wire.search_reply(engine.search(query, cancel=cancel, roots=roots, traced=arguments.trace))

    return await server.with_engine(run)


async def _status(server: SurefootServer, arguments: wire.StatusArguments) -> Reply:
    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        status = engine.status(details=arguments.details)
        session = server.session
        indexing = status.indexing or session.indexing
        now = dataclasses.replace(status, indexing=indexing, waits_for_power=session.is_paused)
        return wire.status_reply(now)

    return await server.with_engine(run, settle=0.0)


async def _reindex(server: SurefootServer, arguments: wire.ReindexArguments) -> Reply:
    cancel = CancelToken()
    paths = None if arguments.paths is None else _folders(arguments.paths)
    report = await server.cancellable(server.session.reindex(paths, cancel), cancel)
    return wire.index_reply(report).to_object()


async def _trace(server: SurefootServer, arguments: wire.TraceArguments) -> Reply:
    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        if arguments.id is not None:
            return wire.trace_reply(engine.trace(arguments.id))
        return wire.trace_list_reply(engine.traces(arguments.limit))

    return await server.with_engine(run, settle=0.0)


async def _report_answer(server: SurefootServer, arguments: wire.ReportArguments) -> Reply:
    places = [(convert.path_of(p.path) or Path(p.path), p.start_line, p.end_line) for p in arguments.places]

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        case, file = golden.report(engine, arguments.trace_id, places, arguments.note)
        return wire.ReportReply(case_id=case.id, file=str(file))

    return await server.with_engine(run, settle=0.0)


RUNS: Mapping[Command, Run] = {
    Command.ASK: _ask,
    Command.SEARCH: _search,
    Command.EXPLAIN: _explain,
    Command.STATUS: _status,
    Command.REINDEX: _reindex,
    Command.TRACE: _trace,
    Command.REPORT_ANSWER: _report_answer,
    Command.MODELS: models.list_models,
    Command.RECHECK: places.recheck,
    Command.PERMALINKS: places.permalinks,
    Command.SOURCE: places.source,
}


def _query(arguments: wire.SearchArguments | wire.AskArguments) -> Query:
    opened = None if arguments.open is None else convert.path_of(arguments.open) or Path(arguments.open)
    return dataclasses.replace(arguments.to_query(), open_file=opened)


def _folders(names: Sequence[str]) -> tuple[Path, ...]:
    return tuple(convert.path_of(name) or Path(name) for name in names)


def _stream(server: SurefootServer, token: str | None, cancel: CancelToken) -> Callable[[AnswerEvent], None] | None:
    """What the engine calls with each piece of the answer, or None where the client did not ask for pieces."""
    if token is None:
        return None

    def send(params: Reply) -> None:
        if not cancel.cancelled:
            server.protocol.notify(protocol.ANSWER_NOTIFICATION, params)

    return lambda event: server.post(send, protocol.answer_params(token, event))
