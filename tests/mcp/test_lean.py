"""How much a brief reply may be: measured over a project whose everything is too long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mcp_session import Wire, wire
from surefoot.mcp.lean import BUDGET, Amount, Shown, fitted
from surefoot.mcp.text import clipped, excerpt, shown

DEEP = "/".join(f"a_folder_with_a_rather_long_name_{level}" for level in range(4))
QUESTIONS = (
    "where is the ledger reconciled",
    "how does the ledger reconciliation handle rounding differences between currencies",
    "reconcile_ledger_entries_of_department_3_in_region_7",
    "nothing like this exists: quantum entanglement of kubernetes operators",
    "ledger " * 2000,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    home = tmp_path_factory.mktemp("lean")
    folders = [home / f"{'root' * 12}{number}" for number in range(8)]
    for folder in folders:
        (folder / DEEP).mkdir(parents=True)
        for number in range(12):
            (folder / DEEP / f"reconciliation_of_department_{number}.py").write_text(module(number))
    with wire(home / "cache", *(word for folder in folders for word in ("--root", str(folder)))) as client:
        client.call("search_code", {"query": "ledger"})
        yield client


def module(number: int) -> str:
    """Long names, long lines, long documentation."""
    doc = "Reconcile the ledger with the bank statement and handle rounding differences between currencies. " * 6
    more = "argument, " * 12
    functions = []
    for region in range(12):
        name = f"reconcile_ledger_entries_of_department_{number}_in_region_{region}"
        lines = [f"    ledger_{line} = reconcile(entries, currency, rounding, {more}{line})" for line in range(20)]
        body = "\n".join(lines)
        functions.append(f'def {name}(entries, currency):\n    """{doc}"""\n{body}\n    return ledger_0\n')
    functions.append(f"def reconcile(*entries):\n    return {number}\n")
    return "\n\n".join(functions)


def size_of(reply: dict[str, Any]) -> int:
    """Characters that a client may put before its model: the text and the object."""
    result = reply["result"]
    compact = json.dumps(result.get("structuredContent", ""), ensure_ascii=False, separators=(",", ":"))
    return len(result["content"][0]["text"]) + len(compact)


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
@pytest.mark.parametrize("k", [1, 5, 50])
def test_a_brief_search_fits_and_still_shows_something(client: Wire, question: str, k: int) -> None:
    reply = client.call("search_code", {"query": question, "k": k})
    assert not reply["result"].get("isError")
    assert size_of(reply) <= BUDGET
    found = reply["result"]["structuredContent"]
    assert found["no_match"] or found["hits"]
    if len(found["hits"]) < k and not found["no_match"]:
        assert found.get("next_offset") in {None, len(found["hits"])}


def test_what_did_not_fit_comes_with_the_next_page(client: Wire) -> None:
    places, offset = [], 0
    for _ in range(40):
        found = client.call("search_code", {"query": "reconcile the ledger", "k": 30, "offset": offset})["result"][
            "structuredContent"
        ]
        places += [(hit["root"], hit["path"], hit["start_line"]) for hit in found["hits"]]
        if len(places) >= 30 or (offset := found.get("next_offset")) is None:
            break
        assert offset == len(places)
    assert len(places) >= 30
    assert len(set(places)) == len(places)
    whole = client.call("search_code", {"query": "reconcile the ledger", "k": 50, "detail": "full"})
    hits = whole["result"]["structuredContent"]["hits"]
    assert places == [(hit["root"], hit["path"], hit["start_line"]) for hit in hits][: len(places)]


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_a_brief_answer_fits(client: Wire, question: str) -> None:
    assert size_of(client.call("ask_codebase", {"question": question})) <= BUDGET


def test_the_other_tools_fit_too(client: Wire) -> None:
    name = "reconcile_ledger_entries_of_department_3_in_region_7"
    place = f"{DEEP}/reconciliation_of_department_3.py"
    text = " ".join(f"see {place}:{number} and `{name}_{number}`, `{name}`" for number in range(0, 900, 3))
    replies = {
        "explain_symbol": client.call("explain_symbol", {"name": name}),
        "find_references": client.call("find_references", {"name": "reconcile", "limit": 1000}),
        "verify_citations": client.call("verify_citations", {"text": text}),
        "index_status": client.call("index_status", {}),
        "get_trace": client.call("get_trace", {"limit": 100}),
    }
    traces = replies["get_trace"]["result"]["structuredContent"]["traces"]
    replies["one trace"] = client.call("get_trace", {"trace_id": traces[0]["trace_id"]})
    for tool, reply in replies.items():
        assert size_of(reply) <= BUDGET, tool
    assert replies["find_references"]["result"]["structuredContent"]["references"]
    assert replies["verify_citations"]["result"]["structuredContent"]["wrong"] > 0


def test_full_replies_have_what_brief_ones_leave_out(client: Wire) -> None:
    brief = client.call("search_code", {"query": "reconcile the ledger", "k": 5})
    full = client.call("search_code", {"query": "reconcile the ledger", "k": 5, "detail": "full"})
    assert size_of(full) > 2 * BUDGET > 2 * size_of(brief)


def test_the_richest_rendering_that_fits_is_taken() -> None:
    tried: list[Amount] = []

    def render(amount: Amount) -> Shown:
        tried.append(amount)
        return Shown("x" * (amount.items * (amount.lines + 1) * amount.width), {})

    reply = fitted(3, render)
    assert reply.size <= BUDGET < Shown("x" * (3 * 7 * 160), {}).size + BUDGET
    assert tried[0] == Amount(3, 6, 160)
    assert fitted(1000, render).size <= BUDGET
    assert [amount.items for amount in tried[-6:]] == sorted((a.items for a in tried[-6:]), reverse=True)


def test_lines_are_cut_and_nothing_in_them_steers() -> None:
    assert clipped("abcdef", 6) == "abcdef"
    assert clipped("abcdefg", 6) == "abcde…"
    assert shown("a\x1b[2Jb\u202ec\u2028d\te") == "a\\x1b[2Jb\\u202ec\\u2028d\te"
    assert shown("naïve 日本") == "naïve 日本"
    assert "\ud800" not in shown("\ud800")


def test_an_excerpt_has_the_first_line_and_those_with_the_words_asked_for() -> None:
    text = "def f():\n    one = 1\n    two = 2\n    rate = tax()\n    return rate"
    assert excerpt(text, 10, 2, 80, "tax rate") == "10: def f():\n13:     rate = tax()"
    assert excerpt(text, 10, 99, 80) == "\n".join(f"{10 + n}: {line}" for n, line in enumerate(text.split("\n")))
