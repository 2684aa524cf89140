"""What hangs together is found together: a ticket with its commits and their code, a screen with its table."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import write_tree
from live.live_session import commit, repository
from surefoot.config import Settings
from surefoot.domain import Chunk, ChunkKey, Hit, MentionKind, Query, Ranking, Resolved, Scope, Source, Span, SymbolKind
from surefoot.engine import Engine
from surefoot.retrieve.asked import asked_sources
from surefoot.retrieve.chain import with_chain
from surefoot.retrieve.experiment import Experiment
from surefoot.retrieve.fuse import fuse
from surefoot.retrieve.rerank import Candidate, rerank

Open = Callable[..., Engine]

BEFORE = {
    "server/retry.py": '''
        """Calls of the payment provider."""

        LIMIT = 10


        class RetryPolicy:
            """How often a call is tried."""

            def attempts(self):
                """The most of one call."""
                return LIMIT

            def pause(self, number):
                """Seconds before the next one."""
                return 2.0**number
    ''',
    "server/orders.py": '''
        """Endpoints."""

        from flask import Blueprint

        from server.rows import insert_order

        shop = Blueprint("shop", __name__)


        @shop.route("/orders", methods=["POST"])
        def create_order():
            """Take one."""
            return insert_order(3)
    ''',
    "server/rows.py": '''
        """What is written."""


        def insert_order(tries):
            """Write one."""
            return execute("INSERT INTO purchases (tries) VALUES (?)", tries)
    ''',
    "server/visitors.py": '''
        """Who is here."""


        def expire(now):
            """Forget who came long ago."""
            return [each for each in VISITORS if now - each.began < 86400]
    ''',
    "migrations/0001.sql": "CREATE TABLE purchases (id INTEGER PRIMARY KEY, tries INTEGER NOT NULL);\n",
    "openapi.yaml": """
        openapi: 3.0.0
        info: {title: Shop, version: "1"}
        paths:
          /orders:
            post:
              operationId: placeOne
              summary: Place one
              responses: {"200": {description: fine}}
    """,
    "docs/checkout.mmd": """
        flowchart TD
            start[Payment screen] -->|POST /orders| finish[Thanks]
    """,
}
TICKETS = """
    {"issues": [
     {"key": "SHOP-214", "fields": {"summary": "Banned for being too eager", "status": {"name": "Done"},
      "updated": "2024-03-05T10:00:00.000+0000", "description": "The bank blocks us."}},
     {"key": "SHOP-215", "fields": {"summary": "People remain logged in", "status": {"name": "Done"},
      "updated": "2024-03-11T10:00:00.000+0000", "description": "For days."}},
     {"key": "SHOP-220", "fields": {"summary": "Bank is angry", "status": {"name": "Closed"},
      "resolution": {"name": "Duplicate"}, "updated": "2024-03-21T10:00:00.000+0000",
      "description": "Duplicate of SHOP-214."}}
    ]}
"""
DECISION = """
    # 2. Few tries

    Status: accepted

    Three at most, in `RetryPolicy.attempts` (server/retry.py).
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = repository(tmp_path / "root", {path: dedent(text).lstrip("\n") for path, text in BEFORE.items()})
    edit(root, "server/retry.py", "return LIMIT", "return min(LIMIT, 3)")
    commit(root, "Be patient\n\nFor SHOP-214.")
    edit(root, "server/visitors.py", "86400", "3600")
    commit(root, "An hour is enough (SHOP-215)")
    write_tree(root, {"docs/adr/0002-few-tries.md": DECISION, ".surefoot/tickets/jira.json": TICKETS})
    commit(root, "Write down what was decided")
    return root


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def indexed(root: Path, open_engine: Open) -> Engine:
    engine = open_engine(root)
    engine.refresh()
    return engine


EVERYTHING = Scope()


def shown(engine: Engine, question: str, scope: Scope = EVERYTHING) -> list[str]:
    """What the hits are: the id or subject of a ticket or commit, the symbol and path of anything else."""
    return [name_of(hit) for hit in engine.search(Query(question, scope)).hits]


def name_of(hit: Hit) -> str:
    chunk = hit.chunk
    if chunk.source is Source.COMMITS:
        return chunk.text.split("\n")[0].partition(": ")[2]
    return chunk.symbol if chunk.source is Source.TICKETS else f"{chunk.span.path} {chunk.symbol}".strip()


def test_a_ticket_brings_its_commit_and_the_function_that_it_touched(indexed: Engine) -> None:
    """None of which shares a word with the question."""
    found = shown(indexed, "what does SHOP-214 touch?")
    assert found[0] == "SHOP-214"
    assert {"Be patient", "server/retry.py RetryPolicy.attempts"} <= set(found[:5])
    assert "An hour is enough (SHOP-215)" not in found[:5]


def test_a_duplicate_comes_behind_what_its_ticket_led_to(indexed: Engine) -> None:
    """It names the ticket as the commit does, and says less."""
    found = shown(indexed, "what does SHOP-214 touch?")
    assert found.index("SHOP-220") > found.index("Be patient")


def test_a_commit_leads_to_its_ticket_and_its_code(indexed: Engine, root: Path) -> None:
    """Named by its first digits."""
    digits = next(h.chunk.symbol for h in indexed.search(Query("be patient")).hits if h.chunk.text.count("Be patient"))
    found = shown(indexed, f"what is {digits[:8]} for?")
    assert found[0] == "Be patient"
    assert {"SHOP-214", "server/retry.py RetryPolicy.attempts"} <= set(found)


def test_a_function_leads_to_the_commit_that_changed_it_and_on_to_the_ticket(indexed: Engine) -> None:
    """Why something is as it is stands where it was changed."""
    found = shown(indexed, "why was RetryPolicy.attempts changed?")
    assert {"Be patient", "SHOP-214", "server/retry.py RetryPolicy.attempts"} <= set(found)


def test_a_decision_leads_to_the_code_that_it_is_about(indexed: Engine) -> None:
    """By its number."""
    found = shown(indexed, "what came of ADR 2?")
    assert found[0].startswith("docs/adr/0002-few-tries.md")
    assert "server/retry.py RetryPolicy.attempts" in found[:4]


def test_a_screen_leads_over_its_endpoint_to_the_handler_and_the_table(indexed: Engine) -> None:
    """Four files, of which the first knows the second only."""
    found = " | ".join(shown(indexed, "what does the payment screen do in the end?"))
    for part in (
        "docs/checkout.mmd",
        "openapi.yaml POST /orders",
        "create_order",
        "insert_order",
        "migrations/0001.sql",
    ):
        assert part in found, found


def test_without_the_stage_what_shares_no_word_is_not_found_together(
    root: Path, settings: Settings, open_engine: Open
) -> None:
    """The order of the others is that of their words."""
    open_engine(root).refresh()
    with_it, without = (
        Engine.open((root,), settings, experiment=Experiment(ablated)) for ablated in (frozenset(), frozenset({"link"}))
    )
    try:
        assert "server/retry.py RetryPolicy.attempts" in shown(with_it, "SHOP-214")[:4]
        assert "server/retry.py RetryPolicy.attempts" not in shown(without, "SHOP-214")[:4]
        hits = without.search(Query("SHOP-214")).hits
        assert hits
        assert all("link" not in hit.retrievers for hit in hits)
    finally:
        with_it.close()
        without.close()


def test_a_ticket_that_is_not_there_is_told_and_none_like_it_is_taken_for_it(indexed: Engine) -> None:
    """SHOP-216 is not a misspelt SHOP-214."""
    result = indexed.search(Query("what does SHOP-216 touch?"))
    assert all("symbol" not in hit.retrievers for hit in result.hits)
    answer = indexed.ask(Query("why did SHOP-216 change RetryPolicy?"), model="none")
    assert any("SHOP-216" in part for part in answer.missing)


def test_what_is_linked_is_within_the_scope(indexed: Engine) -> None:
    """A link leads over everything, and shows what was asked for."""
    assert shown(indexed, "SHOP-214", Scope(sources=(Source.CODE,)))[0] == "server/retry.py RetryPolicy.attempts"
    assert set(shown(indexed, "SHOP-214", Scope(sources=(Source.COMMITS,)))) <= {
        "Be patient", "first", "An hour is enough (SHOP-215)", "Write down what was decided",
    }  # fmt: skip


def test_a_file_that_was_renamed_is_found_under_its_new_name(indexed: Engine, root: Path) -> None:
    """The commit that is asked for touched the old one."""
    (root / "server/retry.py").rename(root / "server/patience.py")
    commit(root, "Call it patience")
    indexed.refresh()
    assert "server/patience.py RetryPolicy.attempts" in shown(indexed, "what does SHOP-214 touch?")[:5]
    assert "Call it patience" in shown(indexed, "where did server/retry.py go?")


def test_where_only_code_and_documents_are_indexed_nothing_is_linked(shop: Path, open_engine: Open) -> None:
    """A document that names a function changes nothing about the order of hits."""
    write_tree(shop, {"docs/carts.md": "# Carts\n\nSee `Cart.add_item` in shop/cart.py, for #12 and SHOP-214.\n"})
    engine = open_engine(shop)
    engine.refresh()
    for question in ("what does SHOP-214 touch?", "why was add_item changed?", "where is the tax of a country?"):
        assert all("link" not in hit.retrievers for hit in engine.search(Query(question)).hits)


# --- the parts ---


def resolved(text: str) -> Resolved:
    return Resolved(Query(text), (), tuple(text.lower().split()), weights=dict.fromkeys(text.lower().split(), 1.0))


def candidate(number: int, source: Source = Source.CODE, score: float = 0.0, **facts: str) -> Candidate:
    path = facts.get("path", f"f{number}.py")
    chunk = Chunk(Span(path, 1, 3), source, "python", facts.get("text", ""), facts.get("symbol", ""),
                  SymbolKind.EVENT, facts.get("signature", ""))  # fmt: skip
    return Candidate(ChunkKey(Path("/r"), number), chunk, score or 1 / (1 + number), {}, {})


def ranking(*entries: tuple[int, float]) -> Ranking:
    return Ranking("link", tuple((ChunkKey(Path("/r"), number), strength) for number, strength in entries))


def test_the_strongest_of_the_chain_are_among_the_first_places() -> None:
    """They take the last places of what is not linked, and nothing else changes its order."""
    ranked = [candidate(number) for number in range(20)]
    found = with_chain(ranked, ranking((15, 0.5), (2, 0.4), (17, 0.3), (18, 0.01)), resolved("why was it changed"), 10)
    assert [each.key.chunk_id for each in found[:10]] == [0, 1, 2, 3, 4, 5, 6, 7, 15, 17]
    assert sorted(each.key.chunk_id for each in found) == list(range(20))


def test_files_come_before_further_places_of_one_file() -> None:
    """People want to see which files there are."""
    ranked = [candidate(number, path="same.py" if number < 16 else f"{number}.py") for number in range(20)]
    chain = ranking((11, 0.9), (12, 0.8), (13, 0.7), (14, 0.6), (15, 0.5), (17, 0.3), (18, 0.2), (19, 0.2))
    found = [each.key.chunk_id for each in with_chain(ranked, chain, resolved("why was it changed"), 10)[:10]]
    assert {11, 17, 18, 19} <= set(found)
    assert 15 not in found


def test_a_further_place_of_a_file_takes_one_of_the_best_places_or_none() -> None:
    """A chain has many links, and of two functions that fit best both are wanted."""
    ranked = [candidate(number, path="same.py" if number < 8 else f"{number}.py") for number in range(20)]
    found = with_chain(ranked, ranking((19, 0.9)), resolved("why was it changed"), 10)
    assert [each.key.chunk_id for each in found[:10]] == [0, 1, 2, 3, 8, 19, 9, 10, 11, 12]
    assert sorted(each.key.chunk_id for each in found) == list(range(20))


def test_a_question_about_code_keeps_its_first_places() -> None:
    """Of what is linked only what is strong is shown, and behind."""
    ranked = [candidate(number) for number in range(20)]
    strong = ranking(*((number, 0.9) for number in range(12, 20)))
    found = [each.key.chunk_id for each in with_chain(ranked, strong, resolved("parse the header"), 10)]
    assert found[:7] == [0, 1, 2, 3, 4, 5, 6]
    weak = ranking(*((number, 0.1) for number in range(12, 20)))
    assert with_chain(ranked, weak, resolved("parse the header"), 10) == ranked


def test_a_question_that_a_ticket_is_like_asks_for_what_the_ticket_leads_to() -> None:
    """Who describes a mishap says nothing of tickets; one that is among the first hits is the same mishap."""
    chain = ranking(*((number, 0.15) for number in range(12, 19)))
    ranked = [candidate(number, Source.TICKETS if number == 2 else Source.CODE) for number in range(20)]
    found = [each.key.chunk_id for each in with_chain(ranked, chain, resolved("seats of singers who left"), 10)]
    assert found[:10] == [0, 1, 2, 12, 13, 14, 15, 16, 17, 18]
    later = [candidate(number, Source.TICKETS if number == 3 else Source.CODE) for number in range(20)]
    assert with_chain(later, chain, resolved("seats of singers who left"), 10) == later


def test_a_ticket_among_the_first_hits_counts_beside_the_screen_that_is_asked_for() -> None:
    """Who describes a mishap says where it was seen: "the save button eats line breaks"."""
    chain = ranking((14, 0.3), (15, 0.15))
    sources = {2: Source.TICKETS, 14: Source.COMMITS, 15: Source.TICKETS}
    ranked = [candidate(number, sources.get(number, Source.CODE)) for number in range(20)]
    text = "the save button eats line breaks"
    assert [each.key.chunk_id for each in with_chain(ranked, chain, resolved(text), 10)[7:10]] == [7, 14, 15]
    ranked[2] = candidate(2)
    assert with_chain(ranked, chain, resolved(text), 10) == ranked


def test_what_is_kept_comes_behind_the_first_of_the_fused() -> None:
    """Fusing has a limit, and what is linked shares no word with the question."""
    key = ChunkKey(Path("/r"), 29)
    lexical = Ranking("lexical", tuple((ChunkKey(Path("/r"), number), 1.0) for number in range(5)))
    linked = ranking(*((number, 0.5) for number in range(20, 30)))
    entries = fuse([lexical, linked], 3, {key})
    assert [entry.key.chunk_id for entry in entries] == [0, 1, 2, 20, 21, 22, 29]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("where is the session opened?", set()),
        ("how does the parser read a header", set()),
        ("why was the limit lowered?", {Source.COMMITS, Source.TICKETS}),
        ("which issue is about the limit", {Source.COMMITS, Source.TICKETS}),
        ("did anybody ask for the second mail", {Source.COMMITS, Source.TICKETS}),
        ("who else wanted dark mode", {Source.COMMITS, Source.TICKETS}),
        ("what does a plugin ask for", set()),
        ("how would someone add a column to the report", set()),
        ("can anyone add a route without a token", set()),
        ("ValueError when the list is empty", {Source.COMMITS, Source.TICKETS}),
        ("which screen uses it?", {Source.DESIGNS, Source.DOCS}),
    ],
)
def test_the_words_of_a_question_say_which_sources_it_asks_for(text: str, wanted: set[Source]) -> None:
    """A question about code asks for none besides."""
    assert asked_sources(resolved(text)) == wanted


def test_a_commit_comes_behind_code_unless_it_is_asked_for() -> None:
    """Commits are wordy: they repeat what a question says."""
    code, record = candidate(1, text="retry limit", score=1.0), candidate(2, Source.COMMITS, 1.4, text="retry limit")
    assert rerank([code, record], resolved("retry limit"))[0] is code
    code, record = candidate(1, text="retry limit", score=1.0), candidate(2, Source.COMMITS, 1.4, text="retry limit")
    assert rerank([code, record], resolved("commits retry limit"))[0] is record


@pytest.mark.parametrize("state", ["Closed as Duplicate, 2024-03-01", "superseded by ADR 12", "rejected"])
def test_what_is_out_of_date_comes_behind_what_counts(state: str) -> None:
    """A ticket or decision says so itself."""
    old = candidate(1, Source.TICKETS, 1.2, symbol="#1", signature=f"#1: Limit ({state})")
    new = candidate(2, Source.TICKETS, 1.0, symbol="#2", signature="#2: Limit (closed, 2024-03-01)")
    assert rerank([old, new], resolved("ticket limit"))[0] is new


def test_tickets_of_one_export_are_no_repeats_of_a_file() -> None:
    """An export has thousands of them, and a question may be about three."""
    tickets = [candidate(n, Source.TICKETS, 1.0, path="t.json", symbol=f"#{n}") for n in range(1, 4)]
    for each in rerank(tickets, resolved("ticket limit")):
        assert "spread_over_files" not in each.rules
        assert "several_hits_in_one_file" not in each.rules


def test_ids_are_mentions_of_what_is_there(indexed: Engine) -> None:
    """As the trace tells them."""
    traced = indexed.search(Query("SHOP-214 and ADR-2 and SHOP-999"))
    trace = indexed.trace(traced.trace_id)
    assert trace is not None
    told = {m["text"]: (m["kind"], m["targets"]) for m in trace.stages[0].details["mentions"]}
    assert told["SHOP-214"] == (MentionKind.SYMBOL, ["SHOP-214"])
    assert told["ADR-2"] == (MentionKind.SYMBOL, ["ADR-2"])
    assert told["SHOP-999"] == (MentionKind.UNRESOLVED, [])


def test_one_drawing_changes_nothing_about_questions_of_code(shop: Path, open_engine: Open) -> None:
    """It leads to what it draws where it is asked for, and is no reason to follow the links of documents."""
    write_tree(shop, {
        "docs/carts.md": "# Carts\n\nThe total is in `Cart.total_price`, for #12.\n",
        "docs/flow.mmd": "flowchart TD\n    a[Session Store] --> b[Cart]\n",
    })  # fmt: skip
    engine = open_engine(shop)
    engine.refresh()
    for question in ("why was total_price changed?", "ValueError in the total of a cart"):
        assert all("link" not in hit.retrievers for hit in engine.search(Query(question)).hits)
    assert any(
        "link" in hit.retrievers for hit in engine.search(Query("what does the flow drawing show of the cart?")).hits
    )
