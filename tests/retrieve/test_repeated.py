"""Words that a question repeats: they are found as they stand, and by its key where a screen shows a translation."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import write_tree
from surefoot.domain import Chunk, Query, Resolved, Scope
from surefoot.engine import Engine
from surefoot.retrieve.flow import Flow
from surefoot.retrieve.neighbourhood import Neighbourhood
from surefoot.retrieve.repeated import holds_in_order, repeated, repeated_in
from surefoot.retrieve.resolve import resolve
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.term_weights import weigh_terms

Open = Callable[..., Engine]
EVERYWHERE = Scope()

TREE = {
    "web/desk.component.html": """
        <h1>{{ 'desk.title' | translate }}</h1>
        <button (click)="keep()">{{ 'desk.keep' | translate }}</button>
    """,
    "web/shelf.component.html": """
        <h1>{{ 'shelf.title' | translate }}</h1>
        <p>it was kept or longer</p>
    """,
    "web/problems.ts": """
        export function showProblem(answer: Answer) {
          notify(`problem.${answer.code}`);
        }
    """,
    "web/assets/i18n/en.json": """
        {
          "desk": {
            "title": "Desk",
            "keep": "Keep it longer"
          },
          "shelf": {
            "title": "Shelf"
          },
          "problem": {
            "card_blocked": "Please see the librarian."
          }
        }
    """,
    "web/assets/i18n/fr.json": """
        {
          "desk": {
            "title": "Guichet",
            "keep": "Prolonger"
          },
          "shelf": {
            "title": "Rayon"
          },
          "problem": {
            "card_blocked": "Adressez-vous au guichet."
          }
        }
    """,
    "src/cards.py": """
        def check(card):
            if card.blocked:
                raise Refused("card_blocked", f"Card {card.number} of {card.holder} is blocked for good")


        def blocked(card):
            return card.number if card.good else f"{card.holder} blocked this card"
    """,
    "src/seats.py": """
        def take(seat, left):
            if not left:
                raise Refused("full", f"There are {left} seats left")
    """,
}


@pytest.fixture
def index(tmp_path: Path, open_engine: Open) -> RootIndex:
    write_tree(tmp_path / "library", {path: dedent(text).lstrip("\n") for path, text in TREE.items()})
    engine = open_engine(tmp_path / "library")
    engine.refresh()
    return next(iter(engine._current().values()))


def asked(index: RootIndex, text: str) -> Resolved:
    return weigh_terms(resolve(Query(text), [index]), [index])


def found(index: RootIndex, text: str, scope: Scope = EVERYWHERE) -> dict[str, float]:
    strengths = repeated(index, asked(index, text), scope)
    chunks = index.store.chunks([key.chunk_id for key in strengths])
    return {chunks[key.chunk_id].span.path: strength for key, strength in strengths.items()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who says 'The card isn't here.' and why", ["The card isn t here"]),
        ('the "Keep it longer" button, the readers\' cards', ["Keep it longer"]),
        ("who may press Keep it longer, and when", ["Keep it longer"]),
        ("ordering gives There are 3 left. why?", ["There are 3 left"]),
        ("„Noch zu haben“ steht da", ["Noch zu haben"]),
        ("the users' cards and the readers' seats", []),
        ("why is the card blocked", []),
    ],
)
def test_what_is_repeated_is_quoted_or_begins_with_a_capital(text: str, words: list[str]) -> None:
    """An apostrophe is no quotation mark."""
    assert [" ".join(each.words) for each in repeated_in(text)] == words


def test_the_words_are_found_in_their_order_and_not_elsewhere(index: RootIndex) -> None:
    """Another chunk has all of them."""
    assert set(found(index, "where is 'blocked for good' from")) == {"src/cards.py"}
    assert found(index, "where is 'good for blocked' from") == {}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("the page says There are 17 seats left", "src/seats.py"),
        ('"Card 4711 of Meriem Haddad is blocked for good"', "src/cards.py"),
    ],
)
def test_a_message_that_is_filled_in_matches_what_it_was_made_of(index: RootIndex, text: str, path: str) -> None:
    """Numbers, and names where they are within quotation marks."""
    assert set(found(index, text)) == {path}


def test_a_gap_is_something_and_not_too_much() -> None:
    """On one line, in order."""
    words = ("Card", "", "is", "blocked")
    assert holds_in_order("raise E('card {number} is blocked')", words)
    assert not holds_in_order("raise E('card is blocked')", words)
    assert not holds_in_order("is blocked: card {number}", words)
    assert not holds_in_order("card " + "x" * 80 + " is blocked", words)
    assert not holds_in_order("a " * 1000, ("a", "", "a", "", "a", "", "b"))


def test_a_label_is_found_in_the_catalog_that_has_it(index: RootIndex) -> None:
    """Another screen has some of its words."""
    assert set(found(index, "who may press Keep it longer and what happens")) == {"web/assets/i18n/en.json"}
    assert found(index, "the label Keep it longer is wrong", Scope(paths=("src/**",))) == {}


def test_a_ticket_with_words_that_stand_in_code_counts_for_less(tmp_path: Path, open_engine: Open) -> None:
    """Unless the question asks for tickets, or nothing else has the words."""
    ticket = "---\nid: LIB-7\ntitle: Seats\n---\n\nIt says There are no seats left, and the rain comes in upstairs.\n"
    code = 'def take():\n    raise Refused("There are no seats left")\n'
    write_tree(tmp_path / "seats", {".surefoot/tickets/LIB-7.md": ticket, "src/seats.py": code})
    engine = open_engine(tmp_path / "seats")
    engine.refresh()
    index = next(iter(engine._current().values()))
    strengths = found(index, "where is 'There are no seats left' from")
    assert strengths["src/seats.py"] > strengths[".surefoot/tickets/LIB-7.md"] > 0
    strengths = found(index, "which ticket is about 'There are no seats left'")
    assert strengths["src/seats.py"] == strengths[".surefoot/tickets/LIB-7.md"]
    assert found(index, "'the rain comes in upstairs'")[".surefoot/tickets/LIB-7.md"] == strengths["src/seats.py"]


def test_a_question_that_repeats_nothing_finds_nothing(index: RootIndex) -> None:
    """Its words are lexical's task."""
    assert found(index, "how do I keep a book longer") == {}


def chunks_of(index: RootIndex, path: str) -> dict[int, Chunk]:
    return index.store.chunks(index.store.chunk_ids(path))


def test_the_same_text_in_other_languages_stands_beside_it(index: RootIndex) -> None:
    """And the code that shows it, and nothing else of the catalog."""
    around = Neighbourhood(index, asked(index, "keep it longer"), frozenset())
    english = [number for number, chunk in chunks_of(index, "web/assets/i18n/en.json").items() if "keep" in chunk.text]
    near = {number for of in english for number, _ in around.of(of)}
    paths = {chunk.span.path for chunk in index.store.chunks(list(near)).values()}
    assert paths == {"web/assets/i18n/fr.json", "web/desk.component.html"}


def test_an_error_leads_to_what_people_read_of_it(index: RootIndex) -> None:
    """By its code, where the screens put the key together; only where the question asks for what is read."""
    cards = list(chunks_of(index, "src/cards.py"))

    def led_to(text: str) -> set[str]:
        reached = Flow(index, asked(index, text)).from_chunks(cards)
        return {chunk.span.path for chunk in index.store.chunks(list(reached)).values()} - {"src/cards.py"}

    assert led_to("which sentence does a reader get from the card check") == {
        "web/assets/i18n/en.json",
        "web/problems.ts",
    }
    assert led_to("who calls the card check") == set()


def test_words_that_are_nowhere_are_not_looked_for(index: RootIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question may have many capitals, and a phrase of common words takes long in a large index."""
    asked_for: list[str] = []
    search = type(index.store).lexical

    def counted(store: object, match: str, *others: object) -> object:
        asked_for.append(match)
        return search(store, match, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(type(index.store), "lexical", counted)
    assert found(index, "does Zanzibar wait for Xylophone players") == {}
    assert not [match for match in asked_for if "zanzibar" in match.lower()]
    assert found(index, "where is 'blocked for good' from")
    assert [match for match in asked_for if match == '"blocked for good"']
