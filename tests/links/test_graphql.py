"""Fields of GraphQL: in schemas, in the documents that ask for them, and at the functions that resolve them."""

import pytest

from surefoot.domain import Chunk, LinkKind, Source, Span
from surefoot.links import links_in
from surefoot.links.graphql import documents_in


def named(language: str, text: str, kind: LinkKind, source: Source = Source.CODE) -> list[tuple[str, int]]:
    chunk = Chunk(Span("a", 1, text.count("\n") + 1), source, language, text)
    return [(link.target, link.line) for link in links_in(chunk) if link.kind is kind]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("typescript", "@Mutation('callOff')\ncancel() {}", ["Mutation.callOff"]),
        ("typescript", "@Query(() => [Order], { name: 'orders' })\nasync between() {}", ["Query.orders"]),
        ("typescript", "@Mutation(() => Boolean)\n  async signOff(@Args() x) {}", ["Mutation.signOff"]),
        ("typescript", "@Query((returns) => [Seat])\n  seats() {}", ["Query.seats"]),
        ("java", "@QueryMapping\npublic Order order(@Argument long id) {}", ["Query.order"]),
        ("java", '@MutationMapping("cancelOrder")\npublic Order cancel() {}', ["Mutation.cancelOrder"]),
        ("java", '@DgsMutation(field = "pay")\npublic List<Bill> settle() {}', ["Mutation.pay"]),
        ("kotlin", "@QueryMapping\nfun orders(): List<Order> = all()", ["Query.orders"]),
        ("python", '@mutation.field("callOff")\ndef cancel(_, info): ...', ["Mutation.callOff"]),
        ("python", "@strawberry.mutation\n    async def call_off(self): ...", ["Mutation.callOff"]),
        ("typescript", "@Query() private readonly query: string", []),
        ("java", "@Query(\"SELECT o FROM Order o\")\nList<Order> all();", []),
    ],
)  # fmt: skip
def test_what_resolves_a_field_is_linked_with_it(language: str, text: str, expected: list[str]) -> None:
    assert [target for target, _ in named(language, text, LinkKind.OPERATION)] == expected


DOCUMENT = """mutation NoRehearsal($id: ID!, $why: String = "{") {
  callOff(rehearsalId: $id, input: {reason: $why}) {
    id
    rehearsal { place }
  }
  later: signOff(id: 3)
  ...Rest
}

query Plan { seats { row } }
"""


def test_a_document_asks_for_the_fields_of_its_outermost_braces() -> None:
    """By their own names, where it gives them others."""
    found = named("graphql", DOCUMENT, LinkKind.OPERATION, Source.DESIGNS)
    assert {("Mutation.callOff", 1), ("Mutation.signOff", 5), ("Query.seats", 9)} <= set(found)
    assert not {"Mutation.rehearsal", "Mutation.id", "Query.row", "Mutation.later"} & {target for target, _ in found}


def test_a_file_of_documents_is_code_and_asks_for_fields_too() -> None:
    """It has no types, so that it is no design: it is what a screen sends."""
    found = named("graphql", DOCUMENT, LinkKind.OPERATION, Source.CODE)
    assert found == named("graphql", DOCUMENT, LinkKind.OPERATION, Source.DESIGNS)
    assert ("Mutation.callOff", 1) in found


def test_a_field_that_is_called_query_is_no_document_and_directives_are_no_fields() -> None:
    text = "query Find {\n  search @include(if: $all) { query { text } }\n  ...Rest\n  ... on Query { seats }\n}\n"
    found = named("graphql", text, LinkKind.OPERATION, Source.DESIGNS)
    assert [target for target, _ in found] == ["Query.search"]


@pytest.mark.parametrize(
    "text",
    ["// for graphql\nasync query(sql: string) { const rows = await this.pool.query(sql); return rows; }",
     "// a graphql query { foo }", "class Query { mutation(a) { gql(a) } }"],
)  # fmt: skip
def test_code_that_only_speaks_of_graphql_has_no_documents(text: str) -> None:
    assert named("typescript", text, LinkKind.OPERATION) == []


def test_a_document_of_many_documents_is_read_in_one_go() -> None:
    """Each brace would begin one that reads all others: thousands of times the text."""
    found = list(documents_in("query{" * 30_000))
    assert len(found) < 30_000


def test_a_document_within_code_is_read_as_one() -> None:
    text = "const Q = gql`\n  query Plan($id: ID!) {\n    seats(id: $id) { row }\n  }\n`;"
    assert named("typescript", text, LinkKind.OPERATION) == [("Query.seats", 2)]


def test_a_screen_is_linked_with_the_document_that_it_imports() -> None:
    """With the file, and with what it takes from it."""
    text = "import { Plan, NoRehearsal as Off } from '../graphql/evenings.graphql';"
    assert named("vue", text, LinkKind.PATH) == [("graphql/evenings.graphql", 0)]
    assert named("vue", text, LinkKind.SYMBOL) == [("norehearsal", 0), ("plan", 0)]


@pytest.mark.parametrize(
    "unit", ["query {", "query a(", "@Query(() => ", "@Query('a')\n", "@Mutation(() => a\n ", "{", "("]
)
def test_text_that_repeats_itself_is_read_in_one_go(unit: str) -> None:
    """Quadratic patterns would take minutes here, and the time limit of the suite would end them."""
    text = "gql @Query @Mutation\n" + unit * (40_000 // len(unit))
    for language in ("typescript", "java", "python"):
        named(language, text, LinkKind.OPERATION)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("java", "@Entity\n@Access(AccessType.FIELD)\npublic class LineItem {", ["lineitem", "lineitems"]),
        ("typescript", "@Entity()\nexport class Delivery {", ["deliveries", "delivery"]),
        ("ruby", "class Order < ApplicationRecord\nend", ["order", "orders"]),
        ("java", "interface Offers extends JpaRepository<Offer, Long> {", ["offer"]),
        (
            "typescript",
            "constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}",
            ["order"],
        ),
        ("java", '@Query("SELECT o FROM Offer o WHERE o.id = ?1")', ["offer"]),
        ("java", "public class Entity extends Repository {", []),
    ],
)
def test_entities_are_linked_with_their_tables_and_repositories_with_them(
    language: str, text: str, expected: list[str]
) -> None:
    """A table that an entity does not name is named like it."""
    assert sorted(target for target, _ in named(language, text, LinkKind.SYMBOL)) == expected
