"""Questions that follow another one: what "it" means is what was cited, and the asker's own words stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Answer, Query, Scope, Source
from surefoot.engine import Engine
from surefoot.golden import case_of
from surefoot.trace import Stage
from test_engine import Scripted

TESTED = {
    "tests/test_tariffs.py": """
        from shop.tax import rate_for


        def test_france():
            assert rate_for("fr") == 0.20
    """,
    # Without knowing what "it" is, these are as good an answer.
    **{f"tests/test_{name}.py": f"def test_tested_{name}():\n    assert {name}\n" for name in ("aa", "bb", "cc", "dd")},
}


@pytest.fixture
def engine(shop: Path, open_engine: Callable[..., Engine]) -> Engine:
    write_tree(shop, TESTED)
    engine = open_engine(shop)
    engine.refresh()
    return engine


def cited(answer: Answer) -> list[str]:
    return [citation.span.path for citation in answer.citations]


def stage(engine: Engine, answer: Answer, name: str) -> Stage:
    return next(stage for stage in engine.trace(answer.trace_id).stages if stage.name == name)


def test_where_is_it_tested_finds_the_test_only_after_the_question_before_it(engine: Engine) -> None:
    before = engine.ask(Query("what is the tax rate of a country?"))
    assert before.citations[0].symbol == "rate_for"
    alone = engine.ask(Query("where is it tested?"))
    assert "tests/test_tariffs.py" not in cited(alone)
    after = engine.ask(Query("where is it tested?", after=before.trace_id))
    assert "tests/test_tariffs.py" in cited(after)
    assert after.question == "where is it tested?"
    trace = engine.trace(after.trace_id)
    assert trace.question == "where is it tested?"
    resolved = stage(engine, after, "resolve").details
    assert resolved["added"][0] == "rate_for"
    assert resolved["understood"].startswith("where is it tested? (`rate_for`")
    assert after.missing == ()


def test_a_question_that_stands_on_its_own_is_not_touched(engine: Engine) -> None:
    before = engine.ask(Query("what is the tax rate of a country?"))
    question = "when does a login session expire?"
    after, alone = engine.ask(Query(question, after=before.trace_id)), engine.ask(Query(question))
    assert (after.claims, after.citations, after.missing) == (alone.claims, alone.citations, alone.missing)
    assert "added" not in stage(engine, after, "resolve").details


@pytest.mark.parametrize("pruned", [True, False])
def test_a_trace_that_is_not_kept_costs_a_notice_and_not_the_question(
    shop: Path, open_engine: Callable[..., Engine], pruned: bool
) -> None:
    engine = open_engine(shop, trace_keep=1)
    engine.refresh()
    trace_id = "nosuchtrace"
    if pruned:
        trace_id = engine.ask(Query("what is the tax rate of a country?")).trace_id
        engine.ask(Query("how is a session opened?"))
    answer = engine.ask(Query("where is it tested?", after=trace_id))
    assert any("is not kept" in notice for notice in answer.notices)
    assert not engine.ask(Query("tax rate of a country", after=trace_id)).notices


def test_a_question_that_was_not_traced_at_all_is_told_too(engine: Engine) -> None:
    asked = engine.ask(Query("where is it tested?", after=""))
    assert any("is not kept" in notice for notice in asked.notices)
    assert not engine.ask(Query("where is it tested?")).notices


def test_a_chain_of_questions_goes_on_where_one_of_them_found_nothing(engine: Engine) -> None:
    first = engine.ask(Query("what is the tax rate of a country?"))
    nothing = engine.ask(Query("where is it tested?", Scope(paths=("docs/**",)), after=first.trace_id))
    assert nothing.abstained
    third = engine.ask(Query("where is it tested?", after=nothing.trace_id))
    assert "tests/test_tariffs.py" in cited(third)


def test_after_an_explanation_it_is_what_was_explained(engine: Engine, shop: Path) -> None:
    line = (shop / "shop/tax.py").read_text().split("\n").index("def rate_for(country):") + 1
    explained = engine.explain(shop / "shop/tax.py", line, 6)
    assert "tests/test_tariffs.py" in cited(engine.ask(Query("where is it tested?", after=explained.trace_id)))


def test_a_follow_up_that_went_wrong_becomes_a_case_that_stands_on_its_own(engine: Engine) -> None:
    before = engine.ask(Query("what is the tax rate of a country?"))
    after = engine.ask(Query("where is it tested?", after=before.trace_id))
    assert case_of(engine.trace(before.trace_id), []).question == "what is the tax rate of a country?"
    assert case_of(engine.trace(after.trace_id), []).question == "where is it tested? (`rate_for`)"


def test_the_model_is_shown_the_names_too(engine: Engine) -> None:
    before = engine.ask(Query("what is the tax rate of a country?"))
    engine._generators["scripted"] = Scripted("- `test_france` asserts the value of `rate_for`. [1]\n")
    after = engine.ask(Query("where is it tested?", after=before.trace_id), model="scripted")
    assert "Question: where is it tested? (`rate_for`" in stage(engine, after, "prompt").details["user"]


def test_sources_limit_an_answer(engine: Engine) -> None:
    docs = engine.ask(Query("how are parcels over ten kilograms sent?", Scope(sources=(Source.DOCS,))))
    assert set(cited(docs)) == {"docs/shipping.md"}
    code = engine.search(Query("how are parcels over ten kilograms sent?", Scope(sources=(Source.CODE,))))
    assert "docs/shipping.md" not in {hit.chunk.span.path for hit in code.hits}
