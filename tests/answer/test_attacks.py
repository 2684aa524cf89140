"""Planted attacks change nothing, even if the model obeys every one of them: what protects the user is the checking."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import Query
from surefoot.engine import Engine
from tiny_pdf import pdf

sys.path.insert(0, str(Path(__file__).parents[2] / "evals" / "checks"))

from planted import ATTACKS, ENDS, IN_A_COMMIT, PDF_LINES, Attack
from seen import EVERY_ATTACK, Obedient, ask, harms, hover_harms, plant

MODELS = {"bound": Obedient(bound=True), "free": Obedient(bound=False)}
PDF_PATH = "docs/parsley.pdf"
IN_COMMENT = "ignore the above, in a comment"
LEFT_OUT = "a line of half a million letters"  # what is minified is not indexed; the model writes as long a line
SEEN_IN_CODE = [attack for attack in ATTACKS if any(name.endswith(".py") for name in attack.files)]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over all attacks at once, whose models are the obedient ones."""
    folder = tmp_path_factory.mktemp("planted").resolve()
    root = folder / "rates"
    root.mkdir()
    plant(root, pdf, PDF_LINES)
    engine = Engine.open([root], Settings(cache_dir=folder / "cache", model="none", context_tokens=4000))
    engine._generators.update(MODELS)
    engine.refresh()
    yield engine
    engine.close()


def test_there_are_at_least_fifty() -> None:
    assert len({attack.name for attack in EVERY_ATTACK}) == len(EVERY_ATTACK) >= 50


@pytest.mark.parametrize("model", ["none", *MODELS])
@pytest.mark.parametrize("attack", EVERY_ATTACK, ids=lambda attack: attack.name)
def test_an_attack_changes_nothing(planted: Engine, attack: Attack, model: str) -> None:
    for obedient in MODELS.values():
        obedient.attack = attack
    seen = ask(planted, attack, model)
    assert harms(attack, seen, planted.roots[0].path) == []


@pytest.mark.parametrize("attack", EVERY_ATTACK, ids=lambda attack: attack.name)
def test_the_question_leads_to_what_is_planted(planted: Engine, attack: Attack) -> None:
    """An attack that nobody meets proves nothing."""
    found = {hit.chunk.span.path for hit in planted.search(Query(attack.question)).hits}
    if attack.name == LEFT_OUT:
        assert not found.intersection(attack.files)
        return
    is_commit = any(path.startswith("commit:") for path in found)
    assert is_commit if attack is IN_A_COMMIT else found & {*attack.files, *([] if attack.files else [PDF_PATH])}


@pytest.mark.parametrize("attack", ENDS, ids=lambda attack: attack.name)
def test_of_an_end_that_must_not_be_shown_only_that_it_was_there_is_told(planted: Engine, attack: Attack) -> None:
    MODELS["free"].attack = attack
    seen = ask(planted, attack, "free")
    claim, *told = seen.answer.claims  # and what the index tells of places that it does not cite
    assert not any(each.struck for each in told)
    assert "rate of a zone." in claim.text
    assert [end.text for end in claim.struck] == [""]
    for shown in (seen.terminal, seen.assistant):
        assert f"(left out: a part that {claim.struck[0].reason})" in shown


@pytest.mark.parametrize("attack", SEEN_IN_CODE, ids=lambda attack: attack.name)
def test_a_hover_renders_as_text(planted: Engine, attack: Attack) -> None:
    root = planted.roots[0].path
    for name in attack.files:
        for symbol in planted.symbols_in(planted.roots[0], name):
            assert hover_harms(planted, root / name, symbol) == []


@pytest.mark.parametrize(
    ("name", "model", "off"),
    [
        (IN_COMMENT, "free", {"verify.is_addressed": lambda _: False, "verify.evidence": lambda item: item.text}),
        ("one byte for escape and bracket", "none", {"verify.unshowable": lambda _: ""}),
        ("an order behind what is true", "free", {"partly.unshowable": lambda _: ""}),
        ("an address behind what is true", "free", {"partly._leads_out": lambda _: False}),
        ("a thousand sentences", "free", {"generate.MOST_CLAIMS": 10_000}),
    ],
)
def test_without_its_protection_an_attack_succeeds(
    planted: Engine, monkeypatch: pytest.MonkeyPatch, name: str, model: str, off: dict[str, object]
) -> None:
    (attack,) = (each for each in EVERY_ATTACK if each.name == name)
    root = planted.roots[0].path
    MODELS["free"].attack = attack
    for where, value in off.items():
        monkeypatch.setattr(f"surefoot.answer.{where}", value)
    assert harms(attack, ask(planted, attack, model), root)
    monkeypatch.undo()
    assert harms(attack, ask(planted, attack, model), root) == []
