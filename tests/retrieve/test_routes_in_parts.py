"""Routes whose parts stand in several places: a class has the beginning, a table names the function."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import write_tree
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.retrieve.operation_names import operation_mentions

Open = Callable[..., Engine]

INTERFACE = """
    openapi: 3.0.0
    info: {title: Clinic, version: "1"}
    paths:
      /visits/{visitId}:
        get:
          operationId: readOne
          responses: {"200": {description: fine}}
      /visits:
        post:
          operationId: placeOne
          responses: {"200": {description: fine}}
"""
SCREEN = """
    flowchart TD
        desk[Reception screen] -->|POST /visits| list[Queue]
"""
CONTROLLER = """
    package clinic;

    /** What the desk may do. */
    @RestController
    @RequestMapping("/api/visits")
    public class DeskController {

        private final Calendar calendar;

        public DeskController(Calendar calendar) {
            this.calendar = calendar;
        }

        @GetMapping("/{id}")
        public Entry one(@PathVariable long id) {
            Entry entry = calendar.readEntry(id);
            if (entry == null) {
                throw new Unknown();
            }
            return entry;
        }

        @PostMapping
        public Entry take(@RequestBody Wish wish) {
            check(wish);
            Entry entry = calendar.keepEntry(wish);
            log(entry);
            tell(entry);
            return entry;
        }
    }
"""
CALENDAR = """
    package clinic;

    public class Calendar {
        public Entry keepEntry(Wish wish) {
            return jdbc.insert("INSERT INTO slot_taken (owner) VALUES (?)", wish.owner());
        }
    }
"""
ROUTES = """
    package web

    func (s *Server) Routes() http.Handler {
        r := chi.NewRouter()
        r.Get("/visits/{id}", s.readEntry)
        r.Post("/visits", s.takeWish)
        r.Post("/owners", s.addOwner)
        r.Post("/owners/{id}/bills", s.sendBill)
        return r
    }
"""
TABLE = "CREATE TABLE slot_taken (id INTEGER PRIMARY KEY, owner TEXT NOT NULL);\n"
HANDLERS = {
    "web/desk.go": """
        package web

        func (s *Server) takeWish(w http.ResponseWriter, r *http.Request) {
            s.store.KeepWish(decode(r))
        }
    """,
    "web/bills.go": """
        package web

        func (s *Server) sendBill(w http.ResponseWriter, r *http.Request) {
            s.post.Send(decode(r))
        }
    """,
}


def tree(root: Path, **files: str) -> Path:
    write_tree(root, {name: dedent(text).lstrip("\n") for name, text in files.items()})
    return root


def found(engine: Engine, question: str) -> list[str]:
    return [f"{hit.chunk.span.path} {hit.chunk.symbol}" for hit in engine.search(Query(question)).hits]


@pytest.fixture
def spring(tmp_path: Path, open_engine: Open) -> Engine:
    root = tree(tmp_path / "spring", **{
        "openapi.yaml": INTERFACE, "docs/desk.mmd": SCREEN, "src/DeskController.java": CONTROLLER,
        "src/Calendar.java": CALENDAR, "db/V1__slots.sql": TABLE,
    })  # fmt: skip
    engine = open_engine(root)
    engine.refresh()
    return engine


@pytest.mark.parametrize(
    ("question", "symbol"),
    [
        ("GET /visits/{id}", "DeskController.one"),
        ("who handles POST /api/visits?", "DeskController.take"),
    ],
)
def test_a_method_of_a_class_is_found_by_the_whole_of_its_route(
    tmp_path: Path, open_engine: Open, question: str, symbol: str
) -> None:
    """Where no interface describes it, the question alone has the whole."""
    engine = open_engine(tree(tmp_path / "bare", **{"src/DeskController.java": CONTROLLER}))
    engine.refresh()
    assert found(engine, question)[0] == f"src/DeskController.java {symbol}"


def test_a_screen_leads_over_a_class_of_routes_to_the_table(spring: Engine) -> None:
    """The method says `@PostMapping` and nothing else."""
    shown = found(spring, "what does the reception screen do, down to the table?")
    for part in ("DeskController.take", "Calendar.keepEntry", "V1__slots.sql"):
        assert any(part in each for each in shown), shown
    assert not any("DeskController.one" in each for each in shown[:4])


def test_a_handler_leads_back_to_the_screen(spring: Engine) -> None:
    """Its operation is that of its class and its own part."""
    shown = found(spring, "which screen ends up in DeskController.take?")
    assert any("docs/desk.mmd" in each for each in shown), shown


def test_a_table_of_routes_leads_to_the_function_on_the_line_and_to_no_other(tmp_path: Path, open_engine: Open) -> None:
    """Of four routes in one function, the screen uses one."""
    root = tree(tmp_path / "go", **{"docs/desk.mmd": SCREEN, "web/routes.go": ROUTES, **HANDLERS})
    engine = open_engine(root)
    engine.refresh()
    shown = found(engine, "which function is behind the reception screen?")
    files = [each.partition(" ")[0] for each in shown]
    assert set(files[:2]) == {"docs/desk.mmd", "web/desk.go"}, files
    back = found(engine, "which screen uses takeWish?")
    assert any("docs/desk.mmd" in each for each in back), back


CALLERS = {
    "db/V1__slots.sql": TABLE,
    "app/rows.py": """
        def keep_slot(owner):
            return execute("INSERT INTO slot_taken (owner) VALUES (?)", owner)
    """,
    "app/desk.py": """
        def take_wish(wish):
            check(wish)
            return keep_slot(wish.owner)
    """,
    "app/bills.py": """
        def send_bill(owner):
            # keep_slot is not called here.
            return post(owner)
    """,
    "docs/desk.mmd": SCREEN,
}


def test_a_table_leads_up_to_who_writes_to_it_and_to_who_calls_that(tmp_path: Path, open_engine: Open) -> None:
    """Nothing but calls leads from the function that writes to the one that is asked for."""
    engine = open_engine(tree(tmp_path / "calls", **CALLERS))
    engine.refresh()
    files = [each.partition(" ")[0] for each in found(engine, "what ends up in the table slot_taken?")]
    assert set(files[:3]) == {"db/V1__slots.sql", "app/rows.py", "app/desk.py"}, files


FIELDS = {
    "schema.graphql": """
        type Mutation {
          callOff(id: ID!): Boolean!
          signOff(id: ID!): Boolean!
        }
    """,
    "web/evenings.graphql": """
        mutation NoRehearsal($id: ID!) {
          callOff(id: $id)
        }
    """,
    "web/Calendar.vue": """
        <script setup lang="ts">
        import { NoRehearsal } from './evenings.graphql';

        async function onButton(id: string) {
          await run(NoRehearsal, { id });
        }
        </script>
    """,
    "server/resolver.ts": """
        @Resolver('Rehearsal')
        export class Evenings {
          @Mutation('callOff')
          cancel(@Args('id') id: string): Promise<boolean> {
            return this.plan.strike(id);
          }
        }
    """,
}


def test_a_component_leads_over_its_document_and_the_schema_to_the_resolver(tmp_path: Path, open_engine: Open) -> None:
    """Whose function has a name of its own."""
    engine = open_engine(tree(tmp_path / "fields", **FIELDS))
    engine.refresh()
    shown = found(engine, "NoRehearsal mutation: which resolver is behind it, and which screen sends it?")
    for part in ("web/Calendar.vue", "schema.graphql", "server/resolver.ts"):
        assert any(part in each for each in shown[:5]), shown


TWO = """
    @Controller('orders')
    export class OrdersController {
      private readonly log = makeLog('orders');
      private readonly limit = 20;
      private readonly first = 1;

      @Get(':id')
      oneOrder(@Param('id') id: string): Order {
        const found = this.rows.find(id);
        this.log(found);
        this.check(found);
        return found;
      }
    }

    @Controller('customers')
    export class CustomersController {
      private readonly log = makeLog('customers');
      private readonly limit = 20;
      private readonly first = 1;

      @Post('block')
      blockCustomer(@Body() who: Who): void {
        const found = this.rows.find(who);
        this.log(found);
        this.check(found);
        this.rows.block(found);
      }
    }
"""


def test_a_method_belongs_to_the_class_above_it_and_to_no_other_of_the_file(tmp_path: Path, open_engine: Open) -> None:
    engine = open_engine(tree(tmp_path / "two", **{"src/two.ts": TWO}))
    engine.refresh()

    def named(question: str) -> set[str]:
        (index,) = engine._current().values()
        return {name for mention in operation_mentions(question, [index]) for name in mention.targets}

    assert named("GET /orders/{id}") == {"oneOrder"}
    assert named("POST /customers/block") == {"blockCustomer"}
    assert named("POST /orders/block") == set()
    assert named("GET /customers/{id}") == set()


def test_of_many_classes_with_one_beginning_each_is_found(tmp_path: Path, open_engine: Open) -> None:
    """All below `/api`, as generators of projects write them."""
    many = {
        f"src/Thing{n}Resource.java": CONTROLLER.replace("/api/visits", "/api").replace("DeskController", f"Thing{n}")
        .replace("/{id}", f"/things{n}/{{id}}").replace(" one(", f" one{n}(")
        for n in range(60)
    }  # fmt: skip
    engine = open_engine(tree(tmp_path / "many", **many))
    engine.refresh()
    for n in (0, 31, 59):
        assert found(engine, f"GET /api/things{n}/{{id}}")[0].endswith(f"Thing{n}.one{n}")


HOMONYMS = {
    "docs/desk.mmd": SCREEN,
    "db/V1__slots.sql": TABLE,
    "app/rows.py": """
        def write_ledger(owner):
            return execute("INSERT INTO slot_taken (owner) VALUES (?)", owner)
    """,
    "app/other.py": """
        def write_ledger(book):
            return book.flush(everything=True)
    """,
    "app/desk.py": """
        class Desk:
            def write_ledger(self, wish):
                check(wish)
                return rows.write_ledger(wish.owner)
    """,
}


def test_a_definition_is_no_call_and_a_call_of_the_same_name_is_one(tmp_path: Path, open_engine: Open) -> None:
    """Handlers are often called like what they call."""
    engine = open_engine(tree(tmp_path / "names", **HOMONYMS))
    engine.refresh()
    files = [each.partition(" ")[0] for each in found(engine, "what ends up in the table slot_taken?")]
    assert {"app/rows.py", "app/desk.py"} <= set(files[:4]), files
    assert "app/other.py" not in files or files.index("app/other.py") > files.index("app/desk.py"), files
