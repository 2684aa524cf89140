"""From who makes a message to who takes it and back, where a bus or a framework hands it over."""

from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import write_tree
from surefoot.domain import Query, Resolved
from surefoot.engine import Engine
from surefoot.retrieve import flow
from surefoot.retrieve.asked import asks_for_flow, asks_for_records
from surefoot.retrieve.flow import Flow
from surefoot.retrieve.messages import MOST_TAKERS

Open = Callable[..., Engine]
Tree = Mapping[str, str]

SPRING = {
    "app/SeatDesk.java": """
        package theatre;

        @Service
        public class SeatDesk {

            private final ApplicationEventPublisher events;

            public void take(long seat, String name) {
                events.publishEvent(new SeatTaken(seat, name));
            }
        }
    """,
    "app/SeatTaken.java": """
        package theatre;

        public record SeatTaken(long seat, String name) {
        }
    """,
    "app/Cloakroom.java": """
        package theatre;

        @Component
        class Cloakroom {

            @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
            void reserve(SeatTaken taken) {
                hooks.put(taken.seat(), taken.name());
            }
        }
    """,
    "app/SeatMapper.java": """
        package theatre;

        class SeatMapper {

            String line(SeatTaken taken) {
                return taken.seat() + " " + taken.name();
            }
        }
    """,
}
REGISTERED = {  # the type stands in the decorator alone
    "theatre/desk.py": """
        from theatre import bus
        from theatre.events import SeatTaken


        def take(seat: int, name: str) -> None:
            bus.publish(SeatTaken(seat, name))
    """,
    "theatre/events.py": """
        from dataclasses import dataclass


        @dataclass(frozen=True)
        class SeatTaken:
            seat: int
            name: str
    """,
    "theatre/cloakroom.py": """
        from theatre import bus
        from theatre.events import SeatTaken


        @bus.on(SeatTaken)
        def reserve(taken):
            HOOKS[taken.seat] = taken.name
    """,
    "theatre/printed.py": """
        from theatre.events import SeatTaken


        def line(taken: SeatTaken) -> str:
            return f"{taken.seat} {taken.name}"
    """,
}
MAPPED = {  # nothing but the parameter and the name of the file say so
    "theatre/desk.py": """
        from theatre import commands


        def post(request):
            bus.handle(commands.TakeSeat(request.json["seat"], request.json["name"]))
    """,
    "theatre/commands.py": """
        class TakeSeat(NamedTuple):
            seat: int
            name: str
    """,
    "theatre/handlers.py": """
        from theatre import commands


        def take(cmd: commands.TakeSeat, uow: AbstractUnitOfWork) -> None:
            with uow:
                uow.seats.get(cmd.seat).name = cmd.name
    """,
    "theatre/printed.py": """
        from theatre import commands


        def line(cmd: commands.TakeSeat) -> str:
            return f"{cmd.seat} {cmd.name}"
    """,
}
NEST = {
    "src/seats.controller.ts": """
        @Controller("seats")
        export class SeatsController {
          constructor(private readonly commandBus: CommandBus) {}

          @Post()
          take(@Body() body: SeatBody) {
            return this.commandBus.execute(new TakeSeatCommand(body.seat, body.name));
          }
        }
    """,
    "src/take-seat.command.ts": """
        export class TakeSeatCommand {
          constructor(public readonly seat: number, public readonly name: string) {}
        }
    """,
    "src/take-seat.handler.ts": """
        @CommandHandler(TakeSeatCommand)
        export class TakeSeatHandler implements ICommandHandler<TakeSeatCommand> {
          async execute(command: TakeSeatCommand): Promise<void> {
            await this.seats.update(command.seat, { name: command.name });
          }
        }
    """,
    "src/printed.ts": """
        export function line(command: TakeSeatCommand): string {
          return `${command.seat} ${command.name}`;
        }
    """,
}
MEDIATR = {
    "Api/SeatsController.cs": """
        public class SeatsController : ControllerBase
        {
            [HttpPost]
            public async Task<IActionResult> Take(SeatBody body)
            {
                await _mediator.Send(new TakeSeat(body.Seat, body.Name));
                return NoContent();
            }
        }
    """,
    "App/TakeSeat.cs": """
        public class TakeSeat : IRequest
        {
            public int Seat { get; }
        }
    """,
    "App/TakeSeatHandler.cs": """
        public class TakeSeatHandler : IRequestHandler<TakeSeat>
        {
            public async Task Handle(TakeSeat request, CancellationToken token)
            {
                await _seats.Take(request.Seat);
            }
        }
    """,
    "App/Printed.cs": """
        public static class Printed
        {
            public static string Line(TakeSeat request)
            {
                return request.Seat.ToString();
            }
        }
    """,
}
GO = {
    "desk/desk.go": """
        package desk

        func (d *Desk) Take(seat int, name string) error {
        \treturn d.bus.Publish(events.SeatTaken{Seat: seat, Name: name})
        }
    """,
    "events/events.go": """
        package events

        type SeatTaken struct {
        \tSeat int
        \tName string
        }
    """,
    "cloakroom/cloakroom.go": """
        package cloakroom

        func (c *Cloakroom) HandleSeatTaken(taken events.SeatTaken) (Hook, error) {
        \treturn c.hooks.Put(taken.Seat, taken.Name)
        }
    """,
    "printed/printed.go": """
        package printed

        func Line(taken events.SeatTaken) string {
        \treturn taken.Name
        }
    """,
}
TREES = {"spring": SPRING, "registered": REGISTERED, "mapped": MAPPED, "nest": NEST, "mediatr": MEDIATR, "go": GO}


def reached(tree: Tree, begin: str, tmp_path: Path, open_engine: Open) -> set[str]:
    """The files that the flows lead to from a file's chunks."""
    write_tree(tmp_path / "theatre", {path: dedent(text).lstrip("\n") for path, text in tree.items()})
    engine = open_engine(tmp_path / "theatre")
    engine.refresh()
    index = next(iter(engine._current().values()))
    asked = Resolved(Query("seat"), (), ("seat",), weights={"seat": 1.0})
    found = Flow(index, asked).from_chunks(index.store.chunk_ids(begin))
    return {chunk.span.path for chunk in index.store.chunks(list(found)).values()}


@pytest.mark.parametrize("kind", TREES)
def test_who_makes_a_message_leads_down_to_who_takes_it(kind: str, tmp_path: Path, open_engine: Open) -> None:
    """And not to what has such an object in its hands without being called for it."""
    maker, _, taker, beside = TREES[kind]
    found = reached(TREES[kind], maker, tmp_path, open_engine)
    assert {maker, taker} <= found
    assert beside not in found


@pytest.mark.parametrize("kind", TREES)
def test_who_takes_a_message_leads_up_to_who_makes_it(kind: str, tmp_path: Path, open_engine: Open) -> None:
    """Over the class of the message."""
    maker, message, taker, _ = TREES[kind]
    found = reached(TREES[kind], taker, tmp_path, open_engine)
    assert {maker, message} <= found


@pytest.mark.parametrize("kind", TREES)
def test_the_class_of_a_message_leads_to_who_takes_it(kind: str, tmp_path: Path, open_engine: Open) -> None:
    """Who would change it has to know."""
    _, message, taker, _ = TREES[kind]
    assert taker in reached(TREES[kind], message, tmp_path, open_engine)


def test_what_a_handler_is_made_of_and_what_it_returns_is_no_message(tmp_path: Path, open_engine: Open) -> None:
    """Nor what only a comment above it names."""
    handler = """
        class SeatHandler:
            def __init__(self, first: SeatTaken) -> None:
                self.first = first

            # Once it took a SeatTaken.
            def handle(self, number: int) -> SeatTaken:
                return self.first
    """
    tree = REGISTERED | {"theatre/cloakroom.py": handler}
    assert "theatre/cloakroom.py" not in reached(tree, "theatre/desk.py", tmp_path, open_engine)


def test_what_very_many_handlers_take_leads_to_none_of_them(tmp_path: Path, open_engine: Open) -> None:
    """A context that goes with every message is none."""
    handler = """
        from theatre.events import SeatTaken


        def handle_in_room_{0}(taken: SeatTaken) -> None:
            hooks.put("{0}")
    """
    many = {f"theatre/{room}.py": handler.format(room) for room in "abcdefghijklmnop"[: MOST_TAKERS + 1]}
    few = dict(list(many.items())[:MOST_TAKERS])
    one, other = tmp_path / "many", tmp_path / "few"
    assert reached(REGISTERED | many, "theatre/desk.py", one, open_engine) <= {"theatre/desk.py", "theatre/events.py"}
    without = {path: text for path, text in REGISTERED.items() if path != "theatre/cloakroom.py"}
    assert set(few) <= reached(without | few, "theatre/desk.py", other, open_engine)


def test_messages_are_followed_where_there_is_no_room_for_calls(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lead to what shares no word with the rest, and there are few of them."""
    monkeypatch.setattr(flow, "MOST_FOLLOWED", 0)
    assert "app/Cloakroom.java" in reached(SPRING, "app/SeatDesk.java", tmp_path, open_engine)


@pytest.mark.parametrize(
    ("text", "flows", "records"),
    [
        ("I am about to change SeatTaken, what uses it", True, False),
        ("who else depends on the name in SeatTaken", True, False),
        ("a change of SeatTaken: everything that would break", True, False),
        ("which change broke SeatTaken", False, True),
        ("what did we use before SeatTaken was introduced", False, True),
        ("which ticket is it that uses SeatTaken", True, True),
    ],
)
def test_who_asks_what_uses_a_thing_asks_about_code(text: str, *, flows: bool, records: bool) -> None:
    """A change that somebody is about to make is in no commit."""
    resolved = Resolved(Query(text), (), ())
    assert (asks_for_flow(resolved), asks_for_records(resolved)) == (flows, records)
