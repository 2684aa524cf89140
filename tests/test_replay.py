"""Asking again: nothing differs where nothing has changed, and else the stage that did it is named first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from conftest import write_tree
from surefoot.domain import ChangeKind, Query, Scope, Source, StageDifference
from surefoot.engine import Engine
from surefoot.errors import Cancelled, ModelNotFoundError, QueryError, RootError, TraceNotFoundError, UsageError
from surefoot.replay.options import OPTIONS, STAGES, overridden
from surefoot.retrieve import fuse, rerank
from surefoot.trace import CancelToken, Replay
from surefoot.wire import replay_reply
from test_engine import RIGHT, Scripted, ask_scripted

Open = Callable[..., Engine]
RATE = "what is the tax rate of a country?"
QUESTIONS = (
    RATE,
    "Cart.add_item",
    "addItem",
    "what happens when the cart is full?",
    "when does a login expire",
    "how are parcels over ten kilograms sent",
    "test of the cart total",
    "shop/tax.py:3: why is this so slow?",
    "asdf qwer zxcv",
    "how is the Kafka consumer rebalanced?",
    "which exceptions are raised by open_session and add_item?",
    "🦀🦀🦀",
    "half of a character \ud83d and the cart",
    'say "rate_for" <script>alert(1)</script> \u202eevil\u202c \x1b[2J cart',
)


def names(replay: Replay) -> list[str]:
    return [difference.stage for difference in replay.stages]


def stage(replay: Replay, name: str) -> StageDifference:
    return next(difference for difference in replay.stages if difference.stage == name)


def subjects(replay: Replay, name: str, kind: ChangeKind) -> list[str]:
    return [change.subject for change in stage(replay, name).changes if change.kind is kind]


# --- nothing has changed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_differs_where_nothing_has_changed(engine: Engine, question: str) -> None:
    for trace_id in (engine.search(Query(question, k=7)).trace_id, engine.ask(Query(question)).trace_id):
        replay = engine.replay(trace_id)
        assert (replay.stages, replay.first_difference, replay.causes) == ((), "", ())
        assert replay.conditions == ()
        assert replay.before.outcome == replay.after.outcome


def test_nothing_differs_in_another_process_later(shop: Path, open_engine: Open) -> None:
    first = open_engine(shop)
    first.refresh()
    ids = [first.ask(Query(question)).trace_id for question in QUESTIONS]
    first.close()
    second = open_engine(shop)
    second.refresh()
    assert [second.replay(trace_id).stages for trace_id in ids] == [()] * len(ids)


def test_nothing_differs_for_a_question_with_scope_open_file_and_roots(
    tmp_path: Path, shop: Path, open_engine: Open
) -> None:
    other = tmp_path / "bakery"
    write_tree(
        other, {"oven.py": "def bake_bread(minutes):\n    '''Bake bread at a tax rate.'''\n    return minutes\n"}
    )
    engine = open_engine(shop, other)
    engine.refresh()
    scope = Scope(paths=("shop/**",), languages=("python",), sources=(Source.CODE,))
    queries = (Query(RATE, scope, k=3), Query("bread", open_file=other / "oven.py"), Query("cart and bread and tax"))
    for query in queries:
        assert not engine.replay(engine.ask(query).trace_id).stages
        assert not engine.replay(engine.search(query, roots=[shop]).trace_id).stages


def test_nothing_differs_for_an_explanation(engine: Engine, shop: Path) -> None:
    line = next(n for n, text in enumerate((shop / "shop/tax.py").read_text().split("\n"), 1) if "def rate_for" in text)
    answer = engine.explain(shop / "shop/tax.py", line, 5)
    replay = engine.replay(answer.trace_id)
    assert not replay.stages
    assert replay.after.request["symbol"] == "rate_for"


def test_nothing_differs_for_an_explanation_by_name(tmp_path: Path, shop: Path, open_engine: Open) -> None:
    write_tree(tmp_path / "mill", {"wheel.py": "def turn_wheel(speed):\n    '''Turn the water wheel.'''\n"})
    engine = open_engine(shop, tmp_path / "mill")
    engine.refresh()
    for name in ("Cart.add_item", "turn_wheel"):
        assert not engine.replay(engine.explain_symbol(name).trace_id).stages


def test_a_secret_in_the_question_is_asked_masked(engine: Engine) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    trace_id = engine.ask(Query(f"why does rate_for fail with the token {secret}?")).trace_id
    replay = engine.replay(trace_id)
    assert secret not in replay_reply(replay).to_json()
    assert [condition.subject for condition in replay.conditions] == ["question"]


def test_nothing_differs_where_a_model_writes_the_same(engine: Engine) -> None:
    answer, _ = ask_scripted(engine, RATE, Scripted(RIGHT + "- It is kept in `RateCache`. [1]\n"))
    assert (len(answer.claims), len(answer.withheld)) == (2, 1)  # one of the model, and one of the index
    replay = engine.replay(answer.trace_id)
    assert not replay.stages
    assert replay.after.versions["model"] == "scripted"


def test_a_file_that_the_first_question_re_indexed_is_no_difference(engine: Engine, shop: Path) -> None:
    path = shop / "shop/tax.py"
    path.write_text("# a new head line\n\n" + path.read_text().replace("rate_for", "tariff_for"))
    assert not engine.replay(engine.ask(Query(RATE)).trace_id).stages


def test_a_replay_of_a_replay_asks_as_that_did(engine: Engine) -> None:
    first = engine.replay(engine.search(Query(RATE)).trace_id, ["lexical.off=true"])
    again = engine.replay(first.after.trace_id)
    assert first.stages
    assert not again.stages
    assert again.after.request["set"] == ["lexical.off=true"]


# --- something has -----------------------------------------------------------------------------------------------


def break_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that demotes what it should lift."""
    right = rerank.covers_the_question

    def covers_the_question(hit: rerank.Candidate, question: rerank.Question) -> float:
        return right(hit, question) ** -4

    rules = tuple(covers_the_question if rule is right else rule for rule in rerank.RULES)
    monkeypatch.setattr(rerank, "RULES", rules)


def test_a_broken_rule_is_found_in_rerank(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    trace_id = engine.ask(Query("what does `rate_for` do with the country?")).trace_id
    break_coverage(monkeypatch)
    replay = engine.replay(trace_id)
    assert replay.first_difference == "rerank"
    assert replay.causes == ("rerank",)
    assert stage(replay, "rerank").reason == "its inputs are the same"
    assert "covers_the_question on shop/tax.py:1-8 RATES" in subjects(replay, "rerank", ChangeKind.RULE)
    demoted = next(c for c in stage(replay, "rerank").changes if c.subject.startswith("shop/tax.py"))
    assert demoted.kind is ChangeKind.MOVED
    assert demoted.before.startswith("rank 1, score ")
    assert not demoted.after.startswith("rank 1,")
    assert len(names(replay)) > 1
    for follower in names(replay)[1:]:
        assert not stage(replay, follower).is_cause
        assert stage(replay, follower).follows_from


def test_a_broken_rule_is_found_although_the_index_has_drifted(
    engine: Engine, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace_id = engine.search(Query("what does `rate_for` do with the country?")).trace_id
    write_tree(shop, {"shop/later.py": "def country_of(customer):\n    return customer.country\n"})
    engine.refresh()
    drifted = engine.replay(trace_id)
    assert drifted.stages
    assert "rerank" not in drifted.causes
    monkeypatch.setattr(rerank, "RULES", tuple(rule for rule in rerank.RULES if rule is not rerank.side_code))
    replay = engine.replay(trace_id)
    assert "rerank" in replay.causes
    assert stage(replay, "rerank").reason == "differs in what no earlier stage explains"


def test_other_weights_of_the_retrievers_are_found_in_fuse(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    monkeypatch.setitem(fuse.RETRIEVER_WEIGHTS, "vector", 5.0)
    replay = engine.replay(trace_id)
    assert (replay.first_difference, replay.causes[0]) == ("fuse", "fuse")


def test_an_edited_file_is_found_by_freshen_where_nobody_told_the_index(engine: Engine, shop: Path) -> None:
    trace_id = engine.ask(Query(RATE)).trace_id
    path = shop / "shop/tax.py"
    path.write_text(path.read_text().replace("rate_for", "tariff_for"))
    replay = engine.replay(trace_id)
    assert (replay.first_difference, replay.causes) == ("freshen", ("freshen",))
    assert subjects(replay, "freshen", ChangeKind.TEXT) == ["shop/tax.py"]
    assert "claim" in " ".join(change.subject for change in stage(replay, "verify").changes)
    hit = next(c for c in stage(replay, "focus").changes if c.kind is ChangeKind.TEXT)
    assert (hit.before, hit.after) == ("shop/tax.py:6-8 rate_for", "shop/tax.py:6-8 tariff_for")


def test_an_edited_file_that_was_indexed_since_is_a_difference_too(engine: Engine, shop: Path) -> None:
    trace_id = engine.ask(Query(RATE)).trace_id
    path = shop / "shop/tax.py"
    path.write_text("import decimal\n" + path.read_text())
    engine.refresh()
    replay = engine.replay(trace_id)
    assert replay.first_difference in ("resolve", "lexical")
    moved = [c for c in stage(replay, "lexical").changes if c.kind is ChangeKind.LINES]
    assert moved
    assert "index" in [condition.subject for condition in replay.conditions]
    assert subjects(replay, "freshen", ChangeKind.TEXT) == ["shop/tax.py"]


def test_a_deleted_file_is_a_difference(engine: Engine, shop: Path) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    (shop / "shop/tax.py").unlink()
    replay = engine.replay(trace_id)
    assert replay.first_difference == "freshen"
    assert subjects(replay, "freshen", ChangeKind.GONE) == ["shop/tax.py"]
    assert any("shop/tax.py" in subject for subject in subjects(replay, "focus", ChangeKind.GONE))


def test_a_touched_file_is_none(engine: Engine, shop: Path) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    (shop / "shop/tax.py").touch()
    assert not engine.replay(trace_id).stages


def test_a_model_that_writes_otherwise_is_the_cause_and_its_claims_follow(engine: Engine) -> None:
    answer, _ = ask_scripted(engine, RATE, Scripted(RIGHT))
    engine._generators["scripted"] = Scripted("- `RateCache` keeps it. [1]\n")
    replay = engine.replay(answer.trace_id)
    assert (replay.first_difference, replay.causes) == ("generate", ("generate",))
    gone = subjects(replay, "verify", ChangeKind.GONE)
    assert gone == [f"claim {RIGHT[2:-5]}"]
    withheld = [c for c in stage(replay, "verify").changes if "RateCache" in c.subject]
    assert withheld[0].after.startswith("withheld: ")


def test_a_claim_that_is_supported_in_part_is_told_as_that(engine: Engine) -> None:
    whole = "- `rate_for` returns the tax rate of a country. [1]\n"
    answer, _ = ask_scripted(engine, RATE, Scripted(whole))
    engine._generators["scripted"] = Scripted(whole.replace(".", " and caches it in `RateCache`."))
    (changed,) = stage(engine.replay(answer.trace_id), "verify").changes
    assert changed.subject == "claim `rate_for` returns the tax rate of a country."
    assert (changed.before[:13], changed.after[:21]) == ("supported by ", "supported in part by ")


# --- overrides -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["resolve", "lexical", "vector", "symbol", "rerank", "focus"])
def test_a_stage_that_is_left_out_is_the_cause(engine: Engine, name: str) -> None:
    replay = engine.replay(engine.ask(Query("what does rate_for return for a country?")).trace_id, [f"{name}.off=true"])
    if name == "focus":  # nothing may be left to narrow
        assert not replay.stages or replay.first_difference == "focus"
        return
    assert replay.first_difference == name
    assert stage(replay, name).reason == f"set by {name}.off=true"
    assert replay.causes == (name,)
    assert [(c.subject, c.after) for c in replay.conditions if c.subject == "set"] == [("set", f"{name}.off=true")]


def test_a_rule_that_is_left_out_is_named(engine: Engine) -> None:
    replay = engine.replay(engine.ask(Query("what does `rate_for` do?")).trace_id, ["rerank.covers_the_question=off"])
    assert (replay.first_difference, replay.causes) == ("rerank", ("rerank",))
    changed = subjects(replay, "rerank", ChangeKind.RULE)
    assert changed
    assert all(subject.startswith("covers_the_question on ") for subject in changed)


def test_the_floor_can_be_left_out(engine: Engine) -> None:
    trace_id = engine.ask(Query("how is the kafka consumer rebalanced?")).trace_id
    if engine.trace(trace_id).outcome != "abstained":
        pytest.fail("the question is about something that the shop has")
    replay = engine.replay(trace_id, ["floor.off=true"])
    assert (replay.first_difference, replay.causes) == ("floor", ("floor",))
    assert replay.after.outcome != "abstained"


def test_scope_and_number_of_hits_can_be_set(engine: Engine) -> None:
    trace_id = engine.search(Query("cart total price")).trace_id
    replay = engine.replay(trace_id, ["search.k=2", "resolve.path=tests/**", "resolve.path=docs/**"])
    hits = engine.trace(replay.after.trace_id).stages[-1].details["hits"]
    assert 0 < len(hits) <= 2
    assert {hit["place"].split("/")[0] for hit in hits} <= {"tests", "docs"}
    assert engine.trace(trace_id).request["paths"] == []


def test_a_smaller_budget_is_the_cause(engine: Engine) -> None:
    replay = engine.replay(engine.ask(Query("cart total price tax rate session")).trace_id, ["budget.tokens=200"])
    assert (replay.first_difference, replay.causes) == ("budget", ("budget",))
    assert stage(replay, "budget").reason == "set by budget.tokens=200"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("rerank.of=true", "did you mean rerank.off?"),
        ("nonsense", "There are search.k"),
        ("rerank.off", "write rerank.off=true"),
        ("rerank.off=perhaps", "true or false"),
        ("rerank.prose=perhaps", "on or off"),
        ("search.k=0", "from 1 to 1,000"),
        ("search.k=٣", "from 1 to 1,000"),
        ("search.k=" + "9" * 5000, "from 1 to 1,000"),
        ("budget.tokens=-5", "from 200"),
        ("resolve.source=wikis", "one of code, docs, tickets, commits, designs"),
        ("generate.model=", "the name of a model"),
        ("=", "has no option ''"),
        ("\ud800.off=true", "has no option"),
    ],
)
def test_an_option_that_is_not_understood_is_one_sentence(words: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        overridden([words])
    assert said in str(error.value)


def test_a_language_that_nobody_knows_is_refused(engine: Engine) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    with pytest.raises(QueryError, match="no language 'klingon'"):
        engine.replay(trace_id, ["resolve.lang=klingon"])


def test_every_stage_and_rule_that_evaluations_leave_out_can_be_left_out_here() -> None:
    from surefoot.cli.evals import ABLATABLE  # noqa: PLC0415 - imports the evaluations, which few tests need

    rules = {name.removeprefix("rerank.") for name in OPTIONS if name.startswith("rerank.")} - {"off"}
    assert {*STAGES, *rules} - {"product"} == set(ABLATABLE)


def test_a_later_word_overrides_an_earlier_one(engine: Engine) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    assert not engine.replay(trace_id, ["lexical.off=true", "lexical.off=false"]).stages


# --- what cannot be asked again ------------------------------------------------------------------------------------


def test_a_trace_of_an_earlier_version_is_refused(engine: Engine) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    store = engine._trace_store()
    store.save(replace(engine.trace(trace_id), request={}, versions={}))
    with pytest.raises(UsageError, match="kept too little to ask its question again"):
        engine.replay(trace_id)


@pytest.mark.parametrize(
    "request_",
    [{"text": "x"}, {"text": 5, "k": "many", "paths": [], "languages": [], "sources": ["wikis"], "open_file": None,
      "after": None, "roots": [], "workspace": []}],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused(engine: Engine, request_: dict[str, object]) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    engine._trace_store().save(replace(engine.trace(trace_id), request=request_))
    with pytest.raises(UsageError, match="kept too little"):
        engine.replay(trace_id)


def test_a_model_that_is_gone_is_one_sentence(engine: Engine) -> None:
    answer, _ = ask_scripted(engine, RATE, Scripted(RIGHT))
    engine._generators.clear()
    with pytest.raises(ModelNotFoundError, match="'scripted', which cannot be used now") as error:
        engine.replay(answer.trace_id)
    assert str(error.value).count(". ") == 0
    with pytest.raises(ModelNotFoundError, match=r"There is no model file /no/such/model\.gguf"):
        engine.replay(answer.trace_id, ["generate.model=/no/such/model.gguf"])
    replay = engine.replay(answer.trace_id, ["generate.model=none"])
    assert replay.after.outcome.startswith("extractive")
    assert (replay.first_difference, replay.causes) == ("budget", ("budget",))
    assert stage(replay, "budget").reason == "set by generate.model=none"


def test_a_folder_that_is_not_open_is_named(tmp_path: Path, shop: Path, engine: Engine, open_engine: Open) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    assert engine.traces()  # saved
    (tmp_path / "other").mkdir()
    with pytest.raises(RootError, match="shop-root, which is not open here"):
        open_engine(tmp_path / "other").replay(trace_id)
    assert not open_engine(tmp_path / "other", shop).replay(trace_id).before.stages[0].details["products"]


def test_an_unknown_trace_is_not_found(engine: Engine) -> None:
    with pytest.raises(TraceNotFoundError):
        engine.replay("nosuchtrace")


# --- beside other questions ----------------------------------------------------------------------------------------


def test_a_replay_is_a_trace_of_its_own_kind_and_disturbs_no_other_question(engine: Engine) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    replay = engine.replay(trace_id, ["rerank.off=true", "lexical.off=true"])
    kept = engine.trace(replay.after.trace_id)
    assert (kept.kind, kept.request["of"], kept.request["kind"]) == ("replay", trace_id, "search")
    assert kept.versions["ablated"] == ["lexical", "rerank"]
    assert not engine.replay(engine.search(Query(RATE)).trace_id).stages
    assert not engine.replay(trace_id).stages


def test_a_replay_can_be_cancelled_and_is_traced_as_such(engine: Engine) -> None:
    trace_id = engine.search(Query(RATE)).trace_id
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        engine.replay(trace_id, cancel=token)
    assert engine.traces()[0].outcome == "Cancelled: Stopped on request."


def test_a_question_that_was_cancelled_then_runs_further_now(engine: Engine) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        engine.search(Query(RATE), cancel=token)
    replay = engine.replay(engine.traces()[0].trace_id)
    assert replay.first_difference == "resolve"
    assert "fuse" in names(replay)


def test_it_means_what_it_meant_also_when_the_question_before_is_gone(engine: Engine, shop: Path) -> None:
    before = engine.ask(Query("what does rate_for do?"))
    after = engine.ask(Query("where is it used?", after=before.trace_id))
    assert engine.trace(after.trace_id).request["added"] == ["rate_for"]
    assert not engine.replay(after.trace_id).stages
    store = engine._trace_store()
    with store._lent() as connection:
        connection.execute("DELETE FROM traces WHERE trace_id = ?", (before.trace_id,))
    assert not engine.replay(after.trace_id).stages
    alone = engine.replay(after.trace_id, ["resolve.after=none"])
    assert alone.first_difference == "resolve"


def test_a_replay_where_no_traces_are_kept_is_compared_all_the_same(
    engine: Engine, shop: Path, open_engine: Open
) -> None:
    trace_id = engine.ask(Query(RATE)).trace_id
    assert engine.traces()  # saved
    silent = open_engine(shop, trace=False)
    replay = silent.replay(trace_id)
    assert (replay.after.trace_id, replay.stages) == ("", ())
    assert silent.replay(trace_id, ["lexical.off=true"]).first_difference == "lexical"


def test_details_that_somebody_has_damaged_do_not_stop_a_replay(engine: Engine, settings: object) -> None:
    trace_id = engine.ask(Query(RATE)).trace_id
    with engine._trace_store()._lent() as connection:
        for odd in ("not json", "[]", '{"ranking": 5, "hits": {"a": 1}, "mentions": null, "terms": []}', "null"):
            connection.execute("UPDATE stages SET details = ? WHERE trace_id = ?", (odd, trace_id))
            replay = engine.replay(trace_id)
            assert replay.first_difference
            replay_reply(replay).to_json()


def test_the_reply_says_the_same(engine: Engine) -> None:
    replay = engine.replay(engine.ask(Query(RATE)).trace_id, ["lexical.off=true"])
    reply = replay_reply(replay).to_object()
    assert (reply["first_difference"], reply["causes"]) == ("lexical", ["lexical"])
    assert (reply["before_id"], reply["after_id"]) == (replay.before.trace_id, replay.after.trace_id)
    assert [each["stage"] for each in reply["stages"]] == names(replay)


def test_old_traces_are_migrated_and_kept(engine: Engine, shop: Path, open_engine: Open, settings: object) -> None:
    from surefoot.store.traces import STEPS  # noqa: PLC0415

    location = engine._trace_store().location
    engine.close()
    for path in location.parent.glob("traces.db*"):
        path.unlink()
    with apsw.Connection(str(location)) as connection:
        connection.execute(STEPS[0])
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO traces VALUES (1, 'old', 'ask', 'where?', 1.0, 5.0, 'abstained')")
        connection.execute("INSERT INTO stages VALUES ('old', 0, 'resolve', 0.0, 5.0, '{}', '{}')")
    connection.close()
    later = open_engine(shop)
    assert [(row.trace_id, row.client) for row in later.traces()] == [("old", "")]
    assert later.trace("old").request == {}
    with pytest.raises(UsageError, match="The trace old is of a version of Surefoot"):
        later.replay("old")
    assert later.metrics(36_500).stages["resolve"].p50 == 5.0
