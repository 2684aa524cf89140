"""What a person can read in the trace of a question: places and symbols, the sources, the claims and their verdicts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from conftest import write_tree
from surefoot.answer.answerer import CUT, TRACED_CHARACTERS
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.retrieve.retriever import TRACED
from test_engine import RIGHT, Scripted

RETRIEVERS = ("lexical", "vector", "symbol")


def details(engine: Engine, trace_id: str) -> dict[str, dict[str, Any]]:
    return {stage.name: stage.details for stage in engine.trace(trace_id).stages}


def test_each_ranking_says_where_its_first_places_are(engine: Engine, shop: Path) -> None:
    found = details(engine, engine.search(Query("rate_for of a country")).trace_id)
    for name in RETRIEVERS:
        assert found[name]["ranking"], name
        for entry in found[name]["ranking"]:
            assert set(entry) == {"place", "symbol", "score"}
            path, _, lines = entry["place"].rpartition(":")
            text = (shop / path).read_text().split("\n")
            assert int(lines.split("-")[-1]) <= len(text)
    assert found["symbol"]["ranking"][0]["place"].startswith("shop/tax.py:")
    assert found["rerank"]["ranking"][0]["place"].startswith("shop/tax.py:")


def test_places_that_were_not_fused_are_told_too(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    root = tmp_path / "many"
    write_tree(root, {f"m{n}.py": f"def retry_step_{n}():\n    return 'retry'\n" for n in range(150)})
    engine = open_engine(root)
    engine.refresh()
    found = details(engine, engine.search(Query("retry step")).trace_id)
    for name in ("lexical", "vector"):
        assert len(found[name]["ranking"]) == TRACED


def test_of_several_roots_the_name_is_told(shop: Path, tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    write_tree(tmp_path / "mill", {"wheel.py": "def turn_wheel(speed):\n    '''Turn the water wheel.'''\n"})
    engine = open_engine(shop, tmp_path / "mill")
    engine.refresh()
    everywhere = details(engine, engine.search(Query("turn or rate of the wheel")).trace_id)
    assert {entry["root"] for entry in everywhere["vector"]["ranking"]} == {"mill", "shop-root"}
    one = details(engine, engine.search(Query("`turn_wheel`")).trace_id)
    assert {entry["root"] for name in (*RETRIEVERS, "rerank") for entry in one[name]["ranking"]} == {"mill"}


def test_an_answers_trace_has_all_that_explains_it(engine: Engine, shop: Path) -> None:
    engine._generators["scripted"] = Scripted(RIGHT + "- `RateCache` keeps it. [1]\n")
    answer = engine.ask(Query("what is the tax rate_for a country"), model="scripted")
    found = details(engine, answer.trace_id)
    assert engine.drift is not None
    counted = {"files": 5, "chunks": answer.index.chunks, "indexing": False, "drift": asdict(engine.drift)}
    counted["sources"] = {"code": 4, "docs": 1}
    generations = {"shop-root": engine._current()[shop.resolve()].store.generation()}
    assert found["resolve"]["index"] == counted | {"generations": generations}
    assert found["floor"]["reason"]
    first = found["budget"]["items"][0]
    assert (first["number"], first["symbol"], first["root"]) == (1, "rate_for", str(shop.resolve()))
    path, lines = first["place"].rsplit(":", 1)
    start, end = map(int, lines.split("-"))
    assert first["text"] == "\n".join((shop / path).read_text().split("\n")[start - 1 : end])
    assert found["generate"]["draft"].startswith(RIGHT)
    claims = [s.details for s in engine.trace(answer.trace_id).stages if s.name == "verify"]
    assert [claim["verdict"] == "supported" for claim in claims] == [True, False, True]  # the last is the index's
    assert claims[0]["claim"] == answer.claims[0].text
    assert claims[0]["citations"][0] | {"place": "", "root": ""} == {
        "id": 1, "place": "", "symbol": "rate_for", "root": "", "verdict": "valid",
    }  # fmt: skip
    assert "RateCache" in claims[1]["verdict"]


def test_without_a_model_the_sources_and_the_draft_are_there_too(engine: Engine) -> None:
    answer = engine.ask(Query("tax rate of a country"))
    found = details(engine, answer.trace_id)
    assert "def rate_for(country):" in found["budget"]["items"][0]["text"]
    assert answer.claims[0].text in found["extract"]["draft"]
    assert json.loads(json.dumps(found)) == found


def test_what_was_dropped_says_why(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    root = tmp_path / "one"
    body = "\n".join(f"    retry_value = {n}" for n in range(30))
    write_tree(root, {"a.py": "\n\n".join(f"def retry_{n}():\n{body}\n    return {n}" for n in range(8))})
    engine = open_engine(root)
    engine.refresh()
    found = details(engine, engine.ask(Query("how does retry work")).trace_id)
    assert {entry["reason"] for entry in found["budget"]["dropped"]} == {"file cap"}
    assert all(entry["place"].startswith("a.py:") for entry in found["budget"]["dropped"])


def test_a_huge_context_does_not_make_a_huge_trace(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    root = tmp_path / "long"
    body = "".join(f"    retry_value = {n} + sum(range({n}))\n" for n in range(60))
    write_tree(root, {f"m{n}.py": f"def retry_{n}():\n{body}" for n in range(40)})
    engine = open_engine(root, context_tokens=100_000)
    engine.refresh()
    items = details(engine, engine.ask(Query("retry value", k=40)).trace_id)["budget"]["items"]
    assert sum(len(item["text"]) for item in items) <= TRACED_CHARACTERS + len(CUT) * len(items)
    assert items[-1]["text"].endswith(CUT)
