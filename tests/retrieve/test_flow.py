"""Along a flow: from a screen down to the table, and from the table up to the screens, and nowhere else."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import write_tree
from surefoot.domain import Chunk, ChunkKey, Query, Ranking, Resolved, Source, Span, SymbolKind
from surefoot.engine import Engine
from surefoot.retrieve.asked import asks_for_flow
from surefoot.retrieve.calls import OWN
from surefoot.retrieve.chain import with_flow
from surefoot.retrieve.flow import DECAY, Flow
from surefoot.retrieve.rerank import Candidate
from surefoot.retrieve.root_index import RootIndex

Open = Callable[..., Engine]

# Layers that call their methods the same, and a second service that does so too.
TREE = {
    "web/loan-desk.component.ts": """
        import { Component, inject } from "@angular/core";
        import { LibraryApi } from "./library-api.service";

        @Component({ selector: "loan-desk", templateUrl: "./loan-desk.component.html" })
        export class LoanDeskComponent {
          private readonly api = inject(LibraryApi);

          renew(): void {
            this.api.renew(7).subscribe();
          }
        }
    """,
    "web/loan-desk.component.html": """
        <button (click)="renew()">Keep it</button>
    """,
    "web/library-api.service.ts": """
        import { HttpClient } from "@angular/common/http";

        export class LibraryApi {
          constructor(private http: HttpClient) {}

          renew(id: number) {
            return this.http.post<void>(`/loans/${id}/renewal`, {});
          }

          cancel(id: number) {
            return this.http.delete<void>(`/seats/${id}`);
          }
        }
    """,
    "src/LoanController.java": """
        package library;

        @RestController
        @RequestMapping("/loans")
        public class LoanController {

            private final LoanService loans;

            @PostMapping("/{id}/renewal")
            void renew(@PathVariable long id) {
                loans.renew(id);
            }
        }
    """,
    "src/LoanService.java": """
        package library;

        public class LoanService {

            private final LoanRepository kept;

            public void renew(long id) {
                kept.save(new Loan(id));
            }
        }
    """,
    "src/LoanRepository.java": """
        package library;

        public interface LoanRepository extends JpaRepository<Loan, Long> {
        }
    """,
    "src/Loan.java": """
        package library;

        @Entity
        public class Loan {

            private long id;

            public Loan(long id) {
                this.id = id;
            }
        }
    """,
    "src/SeatService.java": """
        package library;

        public class SeatService {

            public void renew(long id) {
                throw new IllegalStateException("seats are for a day");
            }
        }
    """,
    "src/db/migration/V1__loan.sql": "CREATE TABLE loan (id BIGINT PRIMARY KEY);\n",
}


@pytest.fixture
def index(tmp_path: Path, open_engine: Open) -> RootIndex:
    write_tree(tmp_path / "library", {path: dedent(text).lstrip("\n") for path, text in TREE.items()})
    engine = open_engine(tmp_path / "library")
    engine.refresh()
    return next(iter(engine._current().values()))


LOAN = Resolved(Query("loan"), (), ("loan",), weights={"loan": 1.0})


def reached(index: RootIndex, path: str) -> set[str]:
    """The files that the flows lead to from a file's chunks."""
    found = Flow(index, Resolved(Query("loan"), (), ("loan",), weights={"loan": 1.0})).from_chunks(
        index.store.chunk_ids(path)
    )
    return {chunk.span.path for chunk in index.store.chunks(list(found)).values()}


def test_a_screen_leads_down_to_the_table_of_its_own_flow(index: RootIndex) -> None:
    """Over a client and a service whose methods have the same name as one of another service."""
    assert reached(index, "web/loan-desk.component.ts") == set(TREE) - {
        "src/SeatService.java",
        "web/loan-desk.component.html",
    }


def test_that_a_shown_chunk_leads_to_its_own_file_says_nothing(index: RootIndex) -> None:
    """Else each hit would be part of a flow, namely of its own."""
    numbers = index.store.chunk_ids("src/LoanService.java")
    alone = Flow(index, LOAN).from_chunks(numbers, shown=set(numbers))
    assert alone
    assert not set(numbers) & set(alone)
    assert set(numbers) <= set(Flow(index, LOAN).from_chunks(numbers))
    above = index.store.chunk_ids("src/LoanController.java")
    assert set(numbers) & set(Flow(index, LOAN).from_chunks([*numbers, *above], shown={*numbers, *above}))


def test_a_table_leads_up_to_its_screen(index: RootIndex) -> None:
    """Over the entity and whoever makes one of it."""
    found = reached(index, "src/db/migration/V1__loan.sql")
    assert {"src/LoanService.java", "src/LoanController.java", "web/loan-desk.component.ts"} <= found
    assert "src/SeatService.java" not in found


def test_the_users_of_a_type_are_who_calls_something_on_a_field_of_it(index: RootIndex) -> None:
    """`kept.save(…)` is a call of the repository, though it defines no `save`."""
    assert "src/LoanService.java" in reached(index, "src/LoanRepository.java")


def test_a_template_calls_the_class_behind_it(index: RootIndex) -> None:
    """`renew()` of the template is that of its component, and not that of the client, which is called the same."""
    found = Flow(index, LOAN).from_chunks(index.store.chunk_ids("web/loan-desk.component.html"))
    strengths = {chunk.span.path: found[number] for number, chunk in index.store.chunks(list(found)).items()}
    assert strengths["web/loan-desk.component.ts"] == pytest.approx(OWN * DECAY)
    assert "src/db/migration/V1__loan.sql" in strengths


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("from the button down to the table", True),
        ("where do the rows come from", True),
        ("which handler answers that", True),
        ("why was the limit lowered", False),
        ("how is the header parsed", False),
    ],
)
def test_the_words_of_a_question_say_whether_it_asks_for_a_flow(text: str, *, asked: bool) -> None:
    """How one thing leads to another."""
    assert asks_for_flow(Resolved(Query(text), (), ())) is asked


def candidate(number: int, path: str = "", source: Source = Source.CODE, coverage: float = 0.0) -> Candidate:
    chunk = Chunk(Span(path or f"f{number}.py", number + 1, number + 1), source, "python", "", "", SymbolKind.FUNCTION)
    return Candidate(ChunkKey(Path("/r"), number), chunk, 1 / (1 + number), {}, {}, coverage)


def ranking(*entries: tuple[int, float]) -> Ranking:
    return Ranking("flow", tuple((ChunkKey(Path("/r"), number), strength) for number, strength in entries))


def first(ranked: list[Candidate], flow: Ranking, link: Ranking, text: str = "which table") -> list[int]:
    found = with_flow(ranked, flow, link, Resolved(Query(text), (), ()), 10)
    assert sorted(each.key.chunk_id for each in found) == list(range(len(ranked)))
    return [each.key.chunk_id for each in found[:10]]


NOTHING = Ranking("link", ())


def test_the_files_of_a_flow_take_the_last_places_of_what_is_outside_of_it() -> None:
    """What is on the flow already stays, as do the best."""
    ranked = [candidate(number) for number in range(20)]
    flow = ranking((9, 0.9), *((number, 0.8 - number / 100) for number in range(11, 20)))
    assert first(ranked, flow, NOTHING) == [0, 1, 2, 3, 4, 9, 11, 12, 13, 14]


def test_what_the_others_lead_to_least_gives_way_unless_they_lead_to_it_more() -> None:
    """Not what stands last."""
    ranked = [candidate(number) for number in range(20)]
    shown = ((9, 0.7), (6, 0.6), (5, 0.5), (7, 0.4), (8, 0.2))
    assert first(ranked, ranking(*shown[:3], (11, 0.45), *shown[3:]), NOTHING) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 11]
    assert first(ranked, ranking(*shown, (11, 0.1)), NOTHING) == list(range(10))


def test_what_a_flow_hardly_reaches_takes_no_place() -> None:
    """It is reached over many steps, or as one of many."""
    ranked = [candidate(number) for number in range(20)]
    assert first(ranked, ranking((15, 0.01)), NOTHING) == list(range(10))


def test_of_what_lies_on_a_flow_the_files_come_first_that_hold_the_question() -> None:
    """Any part of the file; and what is reached most still comes first where it is reached much more."""
    ranked = [candidate(number, "held.py" if number in {14, 18} else "") for number in range(20)]
    flow = ranking((11, 0.5), (12, 0.3), (14, 0.2), *((number, 0.9) for number in range(5, 9)))
    assert first(ranked, flow, NOTHING)[9:] == [11]
    ranked[18] = candidate(18, "held.py", coverage=0.6)
    assert first(ranked, flow, NOTHING)[9:] == [14]
    ranked[18] = candidate(18, "held.py", coverage=0.3)
    assert first(ranked, flow, NOTHING)[9:] == [11]


def test_a_test_takes_no_place_for_calling_what_is_on_a_flow() -> None:
    """It is beside the flow, as it is where it would lead on."""
    ranked = [candidate(number, "tests/test_loans.py" if number == 15 else "") for number in range(20)]
    assert first(ranked, ranking((15, 0.9), (16, 0.2)), NOTHING) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 16]


def test_what_a_ticket_that_is_like_the_question_leads_to_keeps_its_place() -> None:
    """Who describes a mishap asks for its ticket and the commits for that."""
    sources = {2: Source.TICKETS, 8: Source.COMMITS}
    ranked = [candidate(number, source=sources.get(number, Source.CODE)) for number in range(20)]
    text = "the table loses a row"
    assert first(ranked, ranking((15, 0.5), (9, 0.4)), NOTHING, text) == [0, 1, 2, 3, 4, 5, 6, 8, 9, 15]
    ranked[2] = candidate(2)
    assert first(ranked, ranking((15, 0.5), (9, 0.4)), NOTHING, text) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 15]


def test_a_further_place_of_a_file_goes_first() -> None:
    """Its file is shown anyway."""
    ranked = [candidate(number, "same.py" if number in {2, 3} else "") for number in range(20)]
    assert first(ranked, ranking((15, 0.5)), NOTHING) == [0, 1, 2, 4, 5, 6, 7, 8, 9, 15]


def test_what_is_linked_strongly_keeps_its_place_and_so_do_tickets_that_are_asked_for() -> None:
    """A flow is shown beside them."""
    ranked = [candidate(number, source=Source.TICKETS if number == 8 else Source.CODE) for number in range(20)]
    flow, linked = ranking((15, 0.5)), ranking((9, 0.5))
    assert first(ranked, flow, linked) == [0, 1, 2, 3, 4, 5, 6, 7, 9, 15]
    assert first(ranked, flow, linked, "which ticket brought the table") == [0, 1, 2, 3, 4, 5, 6, 8, 9, 15]
    assert first(ranked, flow, linked, "which status has the error") == [0, 1, 2, 3, 4, 5, 6, 7, 9, 15]


def test_who_names_a_table_asks_for_designs_and_what_is_in_code(tmp_path: Path, open_engine: Open) -> None:
    """Without a word like "table"."""
    write_tree(tmp_path / "library", {path: dedent(text).lstrip("\n") for path, text in TREE.items()})
    engine = open_engine(tmp_path / "library")
    engine.refresh()
    mentioned = engine.search(Query("what is new in `loan`?"))
    traced = engine.trace(mentioned.trace_id)
    assert traced is not None
    assert any(stage.name == "link" and stage.counts["found"] for stage in traced.stages)
