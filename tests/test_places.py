"""Places that were shown earlier, at the moment when somebody goes there: rechecked, linked to, and listed."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Citation, Query, Span, Verdict
from surefoot.engine import Engine
from surefoot.errors import RootError
from test_engine import TWINS


def cite(engine: Engine, question: str, symbol: str) -> Citation:
    return next(c for c in engine.ask(Query(question)).citations if c.symbol == symbol)


@pytest.fixture
def rate(engine: Engine) -> Citation:
    return cite(engine, "what is the tax rate of a country?", "rate_for")


def again(engine: Engine, citation: Citation) -> tuple[Verdict, Span]:
    standing = engine.recheck(citation.root.path, citation.span, citation.text, citation.symbol)
    return standing.verdict, standing.span


def test_a_citation_carries_its_lines_as_they_stood(engine: Engine, shop: Path, rate: Citation) -> None:
    lines = (shop / rate.span.path).read_text().split("\n")
    assert rate.text == "\n".join(lines[rate.span.start - 1 : rate.span.end])


def test_untouched_lines_are_valid(engine: Engine, rate: Citation) -> None:
    assert again(engine, rate) == (Verdict.VALID, rate.span)


@pytest.mark.parametrize("in_buffer", [True, False])
def test_lines_that_moved_are_followed_on_disk_and_in_the_buffer(
    engine: Engine, shop: Path, rate: Citation, in_buffer: bool
) -> None:
    path, moved = shop / "shop/tax.py", "# one\n# two\n" + (shop / "shop/tax.py").read_text()
    engine.documents.open(path, moved) if in_buffer else path.write_text(moved)
    now = Span(rate.span.path, rate.span.start + 2, rate.span.end + 2)
    assert again(engine, rate) == (Verdict.MOVED, now)


def test_a_changed_body_is_shown_where_its_symbol_is_now(engine: Engine, shop: Path, rate: Citation) -> None:
    text = (shop / "shop/tax.py").read_text()
    engine.documents.open(shop / "shop/tax.py", "# one\n" + text.replace("return RATES.get(country, 0)", "return 0"))
    verdict, span = again(engine, rate)
    assert verdict is Verdict.CHANGED
    buffer = engine.documents.text(shop / "shop/tax.py")
    assert buffer is not None
    assert buffer.split("\n")[span.start - 1] == "def rate_for(country):"


def test_what_is_gone_is_missing(engine: Engine, shop: Path, rate: Citation) -> None:
    engine.documents.open(shop / "shop/tax.py", "nothing = 'is left'\n")
    assert again(engine, rate) == (Verdict.MISSING, rate.span)
    engine.documents.close(shop / "shop/tax.py")
    assert again(engine, rate)[0] is Verdict.VALID
    (shop / "shop/tax.py").unlink()
    assert again(engine, rate) == (Verdict.MISSING, rate.span)


def test_a_twin_under_another_symbol_is_not_the_same_place(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    root = tmp_path / "twins"
    write_tree(root, {"a.py": TWINS})
    engine = open_engine(root)
    engine.refresh()
    lines = TWINS.lstrip("\n").split("\n")
    start = lines.index("    def fetch(self, key):") + 1
    span, text = Span("a.py", start, start + 4), "\n".join(lines[start - 1 : start + 4])
    assert engine.recheck(root, span, text, "Alpha.fetch").verdict is Verdict.VALID
    engine.documents.open(root / "a.py", "\n".join(lines[lines.index("class Beta:") :]))
    assert engine.recheck(root, span, text, "Alpha.fetch").verdict is Verdict.MISSING
    assert engine.recheck(root, span, text, "Beta.fetch").verdict is Verdict.VALID
    assert engine.recheck(root, span, text).verdict is Verdict.VALID


def test_lines_outside_of_any_symbol_are_found_by_their_text(engine: Engine, shop: Path) -> None:
    span, text = Span("shop/cart.py", 3, 3), "from shop.tax import rate_for"
    assert engine.recheck(shop, span, text).verdict is Verdict.VALID
    engine.documents.open(shop / "shop/cart.py", "import os\n" + (shop / "shop/cart.py").read_text())
    standing = engine.recheck(shop, span, text)
    assert (standing.verdict, standing.span.start) == (Verdict.MOVED, 4)
    assert engine.recheck(shop, span, "from shop.tax import other").verdict is Verdict.MISSING
    assert engine.recheck(shop, span, "").verdict is Verdict.MISSING


def test_the_number_of_lines_is_that_of_the_text(engine: Engine, shop: Path) -> None:
    standing = engine.recheck(shop, Span("shop/cart.py", 3, 99), "from shop.tax import rate_for")
    assert (standing.verdict, standing.span) == (Verdict.VALID, Span("shop/cart.py", 3, 3))


def test_places_that_must_not_be_cited_are_missing(engine: Engine, shop: Path) -> None:
    for path in ("../outside.py", "/etc/passwd", "shop", "no/such.py"):
        assert engine.recheck(shop, Span(path, 1, 1), "root").verdict is Verdict.MISSING
    (shop / ".gitignore").write_text("tax.py\n")
    text = (shop / "shop/tax.py").read_text().split("\n")[0]
    assert engine.recheck(shop, Span("shop/tax.py", 1, 1), text).verdict is Verdict.MISSING
    with pytest.raises(RootError):
        engine.recheck(Path("/nowhere"), Span("a.py", 1, 1), "x")


# --- links -----------------------------------------------------------------------------------------------------


def test_links_are_for_files_of_the_workspace_only(engine: Engine, shop: Path, tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *identity, *arguments], cwd=shop, check=True, capture_output=True)

    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")], check=True)
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("remote", "add", "origin", str(tmp_path / "remote.git"))
    git("push", "-q", "origin", "main")
    git("remote", "set-url", "origin", "https://me:secret@github.com/owner/shop.git")
    tax = shop / "shop/tax.py"
    engine.documents.open(tax, "# unsaved\n" + tax.read_text())
    places = [
        (tax, 2, 4),
        (tax, 1, 1),
        (tax, 4, 2),
        (tax, 1, 9999),
        (tmp_path / "x.py", 1, 1),
        (shop / "gone.py", 1, 1),
    ]
    first, *others = engine.permalinks(places)
    assert first.startswith("https://github.com/owner/shop/blob/")
    assert first.endswith("/shop/tax.py#L1-L3")
    assert others == [""] * 5


# --- definitions of a file -------------------------------------------------------------------------------------


def names(engine: Engine, path: Path) -> dict[str, int]:
    return {symbol.qualified_name: symbol.name_line for symbol in engine.definitions_in(path)}


def test_the_definitions_of_a_file_stand_where_they_are_now(engine: Engine, shop: Path) -> None:
    path = shop / "shop/cart.py"
    before = names(engine, path)
    assert {"Cart", "Cart.add_item", "CartFullError"} <= set(before)
    engine.documents.open(path, "# one\n" + path.read_text().replace("def add_item", "def put_item"))
    after = names(engine, path)
    assert after["Cart"] == before["Cart"] + 1
    assert "Cart.add_item" not in after
    assert "Cart.put_item" not in after  # nothing indexed carries the name, so nothing could be said about it
    engine.documents.change(path, "")
    assert names(engine, path) == {}
    assert names(engine, shop / "nowhere.py") == {}
    assert names(engine, Path("/nowhere/else.py")) == {}


def test_a_name_is_looked_up_without_its_usages(engine: Engine, shop: Path) -> None:
    line = (shop / "shop/cart.py").read_text().split("\n").index("from shop.tax import rate_for") + 1
    symbol = engine.definition(shop / "shop/cart.py", line, 22)
    assert symbol is not None
    assert (symbol.name, symbol.span.path) == ("rate_for", "shop/tax.py")
    assert engine.definition(shop / "shop/cart.py", 2, 0) is None
    assert engine.definition(Path("/nowhere/else.py"), 1, 0) is None


def test_details_of_the_status_are_listed_where_they_are_asked_for(
    shop: Path, open_engine: Callable[..., Engine]
) -> None:
    (shop / "logo.py").write_bytes(b"\0\1\2" * 100)
    engine = open_engine(shop)
    engine.refresh()
    assert engine.status().roots[0].skipped_files == ()
    assert [(f.path, f.reason.value) for f in engine.status(details=True).roots[0].skipped_files] == [
        ("logo.py", "binary")
    ]
