"""What a project says of its tickets, taken up by an index that is there: which folders, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from live.live_session import commit, repository, write
from surefoot.config import PROJECT_FILE
from surefoot.domain import Link, LinkKind, Query, Source, TicketPattern
from surefoot.engine import Engine
from surefoot.errors import Cancelled
from surefoot.index import indexer, parsing, project
from surefoot.links import links_in
from surefoot.store.database import IndexStore
from surefoot.store.writer import Writer
from surefoot.trace import CancelToken

Open = Callable[..., Engine]
TICKET = "---\nkey: {}\nstate: closed\ncreated: 2024-03-01\n---\n# The basket is empty\n\nAfter a while.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = repository(
        tmp_path / "shop",
        {
            "basket.py": "def keep_basket():\n    return 1  # as Fault 402 wants\n",
            "other.py": "def other():\n    return 2\n",
            "docs/notes.md": "# Notes\n\nFault 402 was closed with rt:7.\n",
            "docs/bugs/402.md": TICKET.format("402"),
            ".surefoot/tickets/7.md": TICKET.format("RT-7"),
        },
    )
    write(root, {"basket.py": "def keep_basket():\n    return 3  # as Fault 402 wants\n"})
    commit(root, "Keep it longer\n\nThis is for fault 402.")
    return root


def store_of(engine: Engine) -> IndexStore:
    return next(iter(engine._current().values())).store


def naming(engine: Engine, target: str) -> list[str]:
    """The paths of what names a ticket."""
    store = store_of(engine)
    ids = [number for number, _ in store.naming(LinkKind.TICKET, [target], 100)]
    return sorted(path.partition(":")[0] for path in store.chunk_paths(ids).values())


def all_links(engine: Engine) -> dict[int, set[Link]]:
    store = store_of(engine)
    ids = [number for path in [*store.paths(), *commits(store)] for number in store.chunk_ids(path)]
    return {number: set(found) for number, found in store.links_of(ids).items()}


def commits(store: IndexStore) -> list[str]:
    return [f"commit:{digits}" for digits in store.known_commits()[0]]


def made_now(engine: Engine, *patterns: TicketPattern) -> dict[int, set[Link]]:
    store = store_of(engine)
    ids = [number for path in [*store.paths(), *commits(store)] for number in store.chunk_ids(path)]
    made = {number: set(links_in(chunk, patterns)) for number, chunk in store.chunks(ids).items()}
    return {number: found for number, found in made.items() if found}


def say(root: Path, text: str) -> None:
    (root / PROJECT_FILE).write_text(text, encoding="utf-8")


FAULT = 'ticket_patterns = ["Fault {number}"]\n'
LINKED = ["basket.py", "commit", "docs/notes.md"]


def test_a_pattern_takes_effect_on_what_is_indexed(root: Path, open_engine: Open) -> None:
    """In code, documents and commits, and it goes as it came; no file is taken apart for it."""
    engine = open_engine(root)
    engine.refresh()
    assert naming(engine, "#402") == []
    say(root, FAULT)
    report = engine.refresh()
    assert naming(engine, "#402") == LINKED
    assert report.indexed == 1  # the project's file itself
    say(root, "")
    engine.refresh()
    assert naming(engine, "#402") == []


def test_a_pattern_counts_where_a_project_is_indexed_for_the_first_time(root: Path, open_engine: Open) -> None:
    say(root, '[ticket_patterns]\n"#{number}" = "Fault {number}"\n"RT-{number}" = "rt:{number}"\n')
    engine = open_engine(root)
    engine.refresh()
    assert naming(engine, "#402") == LINKED
    assert naming(engine, "RT-7") == ["docs/notes.md"]


def test_parser_processes_know_the_patterns(root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they hand over ready is linked as what is linked where it is written."""
    monkeypatch.setattr(parsing, "FEWEST_FOR_PROCESSES", 2)
    say(root, FAULT)
    engine = open_engine(root, index_workers=2)
    engine.refresh()
    assert naming(engine, "#402") == LINKED
    assert all_links(engine) == made_now(engine, TicketPattern("Fault {number}"))


def test_links_that_were_made_ready_by_former_patterns_are_not_written(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The patterns change while files are parsed."""
    monkeypatch.setattr(parsing, "FEWEST_FOR_PROCESSES", 2)
    engine = open_engine(root, index_workers=2)
    store, is_written = store_of(engine), indexer._is_written

    def late(writer: Writer, *arguments: object, **rest: object) -> bool:
        if not writer.ticket_patterns:
            writer.set_ticket_patterns([TicketPattern("Fault {number}")])
        return is_written(writer, *arguments, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(indexer, "_is_written", late)
    engine.refresh(history=False)
    assert naming(engine, "#402") == ["basket.py", "docs/notes.md"]
    assert store.has_old_links()


def test_making_links_again_changes_nothing_where_nothing_is_other(root: Path, open_engine: Open) -> None:
    """What a stored chunk names is what it named when it was parsed."""
    engine = open_engine(root)
    engine.refresh()
    before = all_links(engine)
    assert before == made_now(engine)
    say(root, 'ticket_patterns = ["nobody writes {number} so"]')
    engine.refresh()
    assert all_links(engine) == before


def test_saves_are_linked_by_the_patterns_of_the_last_pass(root: Path, open_engine: Open) -> None:
    say(root, FAULT)
    engine = open_engine(root)
    engine.refresh()
    write(root, {"new.py": "# fault 402\nx = 1\n"})
    engine.refresh([root / "new.py"])
    assert naming(engine, "#402") == sorted([*LINKED, "new.py"])


def test_another_process_that_knows_nothing_of_the_patterns_links_by_them(root: Path, open_engine: Open) -> None:
    """They stand in the index, so that two processes never link in two ways."""
    other = open_engine(root)
    other.refresh()
    say(root, FAULT)
    open_engine(root).refresh()
    write(root, {"other.py": "def other():\n    return 5  # fault 402\n"})
    other.refresh([root / "other.py"])
    assert naming(other, "#402") == sorted([*LINKED, "other.py"])


def test_what_is_interrupted_is_gone_on_with(root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whoever makes the next pass, though the patterns are the same by then."""
    engine = open_engine(root)
    engine.refresh()
    monkeypatch.setattr(project, "LINKED_AT_ONCE", 1)
    say(root, FAULT)
    cancel, make = CancelToken(), Writer.make_links_again

    def once(writer: Writer, limit: int) -> int:
        cancel.cancel()
        return make(writer, limit)

    monkeypatch.setattr(Writer, "make_links_again", once)
    with pytest.raises(Cancelled):
        engine.refresh(cancel=cancel)
    assert naming(engine, "#402") != LINKED
    assert store_of(engine).has_old_links()
    monkeypatch.setattr(Writer, "make_links_again", make)
    open_engine(root).refresh()
    assert naming(engine, "#402") == LINKED
    assert not store_of(engine).has_old_links()


def test_a_pass_over_what_is_current_makes_nothing_again(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(root, FAULT + 'tickets = ["docs/bugs"]')
    engine = open_engine(root)
    engine.refresh()
    for name in ("set_ticket_patterns", "make_links_again", "mark_unread"):
        monkeypatch.delattr(Writer, name)
    assert engine.refresh().indexed == 0
    assert open_engine(root).refresh().indexed == 0


def test_what_another_process_adopts_meanwhile_is_not_adopted_again(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the index and the turn to write: its links would be made again, its files read again."""
    engine, other = open_engine(root), open_engine(root)
    engine.refresh()
    say(root, FAULT + 'tickets = ["docs/bugs"]')
    for each in (engine, other):
        each.set_roots([root])
    adopted: list[str] = []
    for name in ("set_ticket_patterns", "mark_unread"):
        adopt = getattr(Writer, name)
        monkeypatch.setattr(Writer, name, lambda *a, name=name, adopt=adopt: adopted.append(name) or adopt(*a))
    store = store_of(engine)
    writing = store.writing

    def late(**options: bool) -> object:
        monkeypatch.setattr(store, "writing", writing)
        other.refresh()
        return writing(**options)

    monkeypatch.setattr(store, "writing", late)
    engine.refresh()
    assert sorted(adopted) == ["mark_unread", "set_ticket_patterns"]
    assert naming(engine, "#402") == ["basket.py", "commit", "docs/notes.md"]


def test_patterns_that_change_meanwhile_are_not_put_back(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has adopted what the file says now."""
    engine, other = open_engine(root), open_engine(root)
    engine.refresh()
    say(root, 'ticket_patterns = ["Nothing {number}"]')
    store = store_of(engine)
    writing = store.writing

    def late(**options: bool) -> object:
        monkeypatch.setattr(store, "writing", writing)
        say(root, FAULT)
        other.refresh()
        return writing(**options)

    monkeypatch.setattr(store, "writing", late)
    engine.refresh()
    assert [each.template for each in store.ticket_patterns()] == ["Fault {number}"]


# --- a file that is half typed ---


def test_a_broken_project_file_leaves_what_was_adopted(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also for a process that is started on it: the index knows the folders and the patterns."""
    say(root, FAULT + 'tickets = ["docs/bugs"]')
    engine = open_engine(root)
    engine.refresh()
    say(root, FAULT + 'tickets = ["docs/bu')
    engine.set_roots([root])
    for name in ("set_ticket_patterns", "make_links_again", "mark_unread"):
        monkeypatch.delattr(Writer, name)
    for each in (engine, open_engine(root)):
        each.refresh()
        assert sources(each)["docs/bugs/402.md"] is Source.TICKETS
        assert sources(each)[".surefoot/tickets/7.md"] is Source.TICKETS
        assert naming(each, "#402") == LINKED


def test_a_broken_project_file_is_no_obstacle_to_the_first_index(root: Path, open_engine: Open) -> None:
    """Tickets are in the usual folder then."""
    say(root, "tickets = [")
    engine = open_engine(root)
    engine.refresh()
    assert sources(engine)[".surefoot/tickets/7.md"] is Source.TICKETS
    assert sources(engine)["docs/bugs/402.md"] is Source.DOCS


# --- folders ---


def sources(engine: Engine) -> dict[str, Source]:
    return {path: file.source for path, file in store_of(engine).files().items()}


def test_files_of_a_folder_that_comes_to_hold_tickets_are_tickets(root: Path, open_engine: Open) -> None:
    """They were indexed as documents, and have not changed since; and the other way round."""
    engine = open_engine(root)
    engine.refresh()
    assert sources(engine)["docs/bugs/402.md"] is Source.DOCS
    say(root, 'tickets = ["docs/bugs"]')
    engine.set_roots([root])
    assert engine.refresh().indexed == 2  # it, and the project's file
    assert sources(engine)["docs/bugs/402.md"] is Source.TICKETS
    assert store_of(engine).symbols_in_file("docs/bugs/402.md")[0].name == "#402"
    say(root, "")
    other = open_engine(root)
    other.refresh()
    assert sources(other)["docs/bugs/402.md"] is Source.DOCS
    assert sources(other)[".surefoot/tickets/7.md"] is Source.TICKETS


def test_an_export_that_was_too_large_for_a_file_is_read_when_its_folder_holds_tickets(
    root: Path, open_engine: Open
) -> None:
    """It was left out as it is, and remembered for its stamp."""
    issues = ",".join(
        f'{{"number": {n}, "title": "Basket {n}", "body": "{"x" * 90}", "state": "OPEN"}}' for n in range(1, 40)
    )
    write(root, {"exports/gh.json": f"[{issues}]"})
    engine = open_engine(root, max_file_bytes=1000)
    engine.refresh()
    assert "exports/gh.json" not in sources(engine)
    say(root, 'tickets = ["exports"]')
    engine.set_roots([root])
    engine.refresh()
    assert sources(engine)["exports/gh.json"] is Source.TICKETS


def test_what_a_file_had_as_a_document_is_not_taken_back_as_a_ticket(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a branch switch and back, it is read as its folder says now."""
    monkeypatch.setattr(indexer, "SWITCHED", 1)
    engine = open_engine(root)
    engine.refresh()
    (root / "docs/bugs/402.md").rename(root / "away")
    engine.refresh()
    say(root, 'tickets = ["docs/bugs"]')
    engine.set_roots([root])
    engine.refresh()
    (root / "away").rename(root / "docs/bugs/402.md")
    engine.refresh()
    assert sources(engine)["docs/bugs/402.md"] is Source.TICKETS


# --- questions ---


def test_a_question_is_understood_by_the_patterns(root: Path, open_engine: Open) -> None:
    """It leads from the ticket to its commit and the code, and does not call the pattern's words missing."""
    say(root, FAULT + 'tickets = ["docs/bugs"]')
    engine = open_engine(root)
    engine.refresh()
    answer = engine.ask(Query("what does Fault 402 touch?"), model="none")
    cited = {citation.span.path.partition(":")[0] for citation in answer.citations}
    assert {"docs/bugs/402.md", "commit", "basket.py"} <= cited
    assert answer.missing == ()


def test_the_words_of_a_pattern_do_not_weigh_as_what_is_asked(root: Path, open_engine: Open) -> None:
    """The ticket has none of them: its number alone is little, and it is what the question is about."""
    say(root, '[ticket_patterns]\n"RT-{number}" = "Vorgang {number}"\n')
    write(root, {"basket.py": "def keep_basket():\n    return 3  # Vorgang 7\n"})
    engine = open_engine(root)
    engine.refresh()
    answer = engine.ask(Query("what does Vorgang 7 touch?"), model="none")
    assert [citation.span.path for citation in answer.citations][:2] == [".surefoot/tickets/7.md", "basket.py"]
    assert answer.missing == ()


def test_a_ticket_that_is_not_there_is_told_by_its_name(root: Path, open_engine: Open) -> None:
    say(root, FAULT + 'tickets = ["docs/bugs"]')
    engine = open_engine(root)
    engine.refresh()
    answer = engine.ask(Query("what does Fault 999 touch in keep_basket?"), model="none")
    assert [said for said in answer.missing if "999" in said] == ["#999: no ticket with this number is indexed"]


def test_without_tickets_an_answer_says_so(tmp_path: Path, open_engine: Open) -> None:
    folder = repository(tmp_path / "bare", {"a.py": "def keep_basket():\n    return 1\n"})
    say(folder, FAULT)
    engine = open_engine(folder, history_commits=0)
    engine.refresh()
    answer = engine.ask(Query("how does keep_basket do what Fault 402 wants?"), model="none")
    assert any(notice.startswith("No tickets are indexed here") for notice in answer.notices)
