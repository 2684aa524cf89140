"""Keys of operations, what they may be equal to, and the operations that designs describe."""

import pytest

from surefoot.domain import Chunk, LinkKind, Source, Span
from surefoot.links import target_key
from surefoot.links.operations import CONTINUED, SERVED, handler_names, likeness, operation, operation_keys
from surefoot.links.routes import operations_in


def described(language: str, text: str, symbol: str = "") -> list[tuple[str, int, float]]:
    chunk = Chunk(Span("a", 1, text.count("\n") + 1), Source.DESIGNS, language, text, symbol)
    return [(each.target, each.line, each.score) for each in operations_in(chunk)]


@pytest.mark.parametrize(
    "written",
    ["/orders/{id}", "orders/<int:id>/", "/orders/:id", "/orders/${id}", "/orders/#{id}", "/orders/%s", "/orders/*",
     "^orders/(?P<id>[0-9]+)/$", "https://x.example:80/orders/{id}", "{base}/orders/{id}?x=1", "/orders/[id]",
     "/orders/{id:int}", "/orders/$id"],
)  # fmt: skip
def test_parameters_are_alike_however_they_are_written(written: str) -> None:
    assert operation("get", written) == "GET /orders/{}"


@pytest.mark.parametrize("written", ["", "/", "/{id}", "/a b", "/a\nb", "/<", "/" + "a" * 400, "\ud800"])
def test_what_is_no_path_has_no_key(written: str) -> None:
    assert operation("GET", written) == ""


def test_keys_of_links_stay_as_they_are() -> None:
    """A link's own normal form leaves ours alone, so that both sides of it meet."""
    for written in ("/orders/{id}", "orders/<int:id>/", "/a/:b/c/*"):
        key = operation("PUT", written)
        assert target_key(LinkKind.OPERATION, key) == key


def test_an_operation_is_looked_for_under_the_ends_of_its_path() -> None:
    assert operation_keys("GET /api/orders/{}") == (
        "GET /api/orders/{}", "ANY /api/orders/{}", "GET /orders/{}", "ANY /orders/{}",
    )  # fmt: skip
    assert operation_keys("Query.order") == ("Query.order",)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("GET /orders/{}", "GET /orders/{}", 1.0, 1.0),
        ("GET /orders/{}", "ANY /orders/{}", 0.7, 0.9),
        ("GET /api/v1/orders/{}", "GET /orders/{}", 0.6, 0.8),
        ("GET /orders/{}", "PUT /orders/{}", 0.0, 0.0),
        ("GET /orders", "GET /reorders", 0.0, 0.0),
        ("GET /orders/{}", "GET /{}", 0.0, 0.0),
        ("GET /orders/{}/lines", "GET /orders/{}", 0.0, 0.0),
        ("query.order", "Query.order", 1.0, 1.0),
        ("query.order", "GET /order", 0.0, 0.0),
    ],
)
def test_operations_are_compared_by_the_ends_of_their_paths(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)


def test_handlers_are_named_after_what_they_resolve() -> None:
    assert {"order", "resolve_order", "Query.order", "QueryResolver.order"} <= set(handler_names("Query.order"))
    names = set(handler_names("OrderService.GetOrder"))
    assert {"GetOrder", "getOrder", "get_order", "OrderServiceServicer.GetOrder"} <= names
    assert handler_names("GET /orders/{}") == handler_names("order") == ()


def test_a_chunk_of_openapi_describes_the_operation_that_it_is_named_after() -> None:
    text = "  /orders/{id}:\n    get:\n      operationId: a"
    assert described("yaml", text, "GET /orders/{id}") == [("GET /orders/{}", 1, SERVED)]
    assert described("json", '"put": {\n}', "PUT /orders/{id}") == [("PUT /orders/{}", 0, SERVED)]
    assert described("yaml", "      more: text", "GET /orders/{id}") == [("GET /orders/{}", 0, CONTINUED)]
    assert described("yaml", text, "Order") == []


def test_calls_of_a_service_are_operations_and_so_is_what_they_are_mapped_to() -> None:
    text = 'service Orders {\n  rpc Get(A) returns (B) {\n    option (google.api.http) = {\n      get: "/v1/{id=a}"\n'
    assert described("protobuf", text, "Orders") == [("Orders.Get", 1, SERVED), ("GET /v1/{}", 3, SERVED)]


def test_fields_of_query_are_operations_and_arguments_are_not() -> None:
    text = "type Order {\n  id: ID\n}\ntype Query {\n  order(\n    id: ID!\n  ): Order\n  orders: [Order]\n}"
    assert described("graphql", text, "Order") == [("Query.order", 4, SERVED), ("Query.orders", 7, SERVED)]
