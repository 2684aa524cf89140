"""Along the lines of a drawing: what is asked about, what its arrows lead to, and nothing else of the page."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from conftest import write_tree
from surefoot.domain import Chunk, LinkKind, Query, Resolved
from surefoot.engine import Engine
from surefoot.retrieve.drawn import asked_lines
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.seen_chunks import SeenChunks

Open = Callable[..., Engine]

PAGE = [
    "Page: Checkout",
    "- POST /payments",
    "- charge_card()",
    "- GET /vouchers",
    "- ledger",
    "- Cart",
    "Pay button -> POST /payments: on press",
    "POST /payments -> charge_card()",
    "charge_card() -> ledger: one line each",
    "Voucher field -> GET /vouchers",
    "- receipt",
    "Pay button -> receipt: by mail",
]
CART = ["Frame: Checkout > Cart", "- Pay button", "- Voucher field", "- Terms"]
TEXTS = {3: "\n".join(PAGE), 4: "\n".join(CART)}


def said(*asked: str) -> set[str]:
    lines = asked_lines(TEXTS, lambda name: name in asked)
    return {TEXTS[number].split("\n")[line] for number, of in lines.items() for line in of}


def test_a_button_leads_along_its_arrows_to_their_end() -> None:
    assert said("Pay button") == {PAGE[1], PAGE[2], PAGE[4], PAGE[6], PAGE[7], PAGE[8], *PAGE[10:], CART[1]}


def test_a_function_leads_back_to_its_button_and_not_down_again() -> None:
    assert said("GET /vouchers") == {PAGE[3], PAGE[9], CART[2]}
    assert {PAGE[6], PAGE[8]} < said("charge_card()")
    assert said("charge_card()").isdisjoint(PAGE[10:])


def test_a_frame_stands_for_what_is_in_it_unless_one_of_that_is_asked_about() -> None:
    assert said("Cart") == {*PAGE[1:5], *PAGE[6:], *CART[1:3]}
    assert PAGE[9] not in said("Cart", "Pay button")


def test_what_has_no_arrow_says_nothing() -> None:
    assert not said("Terms")
    assert not said()


def test_arrows_in_a_circle_come_to_an_end() -> None:
    texts = {1: "Page: Loop\na -> b\nb -> c: again\nc -> a"}
    assert asked_lines(texts, lambda name: name == "b") == {1: frozenset({1, 2, 3})}


def shape(name: str, text: str, group: str = "") -> list[dict[str, object]]:
    box = {"id": name, "type": "rectangle", "frameId": group or None}
    return [box, {"id": f"{name}-text", "type": "text", "containerId": name, "text": text, "frameId": group or None}]


def arrow(start: str, end: str) -> dict[str, object]:
    bound = {"startBinding": {"elementId": start}, "endBinding": {"elementId": end}}
    return {"id": f"{start}-{end}", "type": "arrow", **bound}


DRAWING = [
    {"id": "cart", "type": "frame", "name": "Cart"},
    *shape("pay", "Pay button", "cart"),
    *shape("voucher", "Voucher field", "cart"),
    *shape("payments", "POST /payments"),
    *shape("vouchers", "GET /vouchers"),
    arrow("pay", "payments"),
    arrow("voucher", "vouchers"),
]
API = """
    from fastapi import APIRouter

    router = APIRouter()


    @router.post("/payments")
    def charge(body: dict) -> None:
        ...


    @router.get("/vouchers")
    def vouchers() -> list[str]:
        return []
"""


@pytest.fixture
def index(tmp_path: Path, open_engine: Open) -> RootIndex:
    drawing = json.dumps({"type": "excalidraw", "version": 2, "elements": DRAWING}, indent=1)
    write_tree(tmp_path / "shop", {"docs/shop.excalidraw": drawing, "shop/api.py": dedent(API).lstrip("\n")})
    engine = open_engine(tmp_path / "shop")
    engine.refresh()
    return next(iter(engine._current().values()))


def operations(index: RootIndex, *terms: str) -> set[str]:
    """The operations that the frame of the drawing names for a question."""
    seen = SeenChunks(index, Resolved(Query(" ".join(terms)), (), terms, weights=dict.fromkeys(terms, 1.0)))
    frame = next(number for number in index.store.chunk_ids("docs/shop.excalidraw") if is_frame(seen.chunk(number)))
    chunk = seen.chunk(frame)
    assert chunk is not None
    return {link.target for link in seen.links_of(frame, chunk) if link.kind is LinkKind.OPERATION}


def is_frame(chunk: Chunk | None) -> bool:
    return chunk is not None and chunk.text.startswith("Frame: ")


def test_a_frame_has_the_links_of_the_button_that_is_asked_about(index: RootIndex) -> None:
    assert operations(index, "pay", "button") == {"POST /payments"}
    assert operations(index, "voucher", "field") == {"GET /vouchers"}
    assert operations(index, "warehouse") == set()
