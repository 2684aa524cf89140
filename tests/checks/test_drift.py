"""What documents name and is not there, and what they may name without a word from us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from surefoot.checks.docstrings import docstrings_of
from surefoot.checks.drift import is_old_name
from surefoot.checks.markdown import anchors_of, shown_as_code, slug_of, without_code, written_targets
from surefoot.config import Settings
from surefoot.engine import Engine

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": 'class Cart:\n    """A cart."""\n\n    def add_item(self, item):\n        return item\n',
    "src/shop/billing.py": "def charge_customer_card(card):\n    return card\n\n\nclass PriceRounding:\n    pass\n",
    "src/shop/pay.py": "",
    "src/shop/README.md": "# Shop\n",
    "docs/checkout.md": '# Check out\n\n## Paying by card\n\n<a name="refunds"></a>\n',
    "docs/img/flow.png": "",
    "docs/man.1.md.in": "",
    "web/client.ts": "export const retries = 3;\n",
}


@pytest.fixture
def found(tmp_path: Path) -> Iterator[Callable[..., list[tuple[str, str]]]]:
    """Checks a text as a file of the project: what was found wrong, and what to write instead."""
    root = tmp_path / "project"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    engine = Engine.open([root], Settings(cache_dir=tmp_path / "cache", model="none"))
    engine.refresh()

    def check(text: str, path: str = "docs/guide.md") -> list[tuple[str, str]]:
        check = engine.document_drift(root / path, text)
        assert check is not None
        assert all(text[each.start : each.end] == each.text for each in check.mentions)
        return [(each.text, each.correction) for each in check.mentions]

    yield check
    engine.close()


Check = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("See [it](cart.py).", "cart.py", "../src/shop/cart.py"),
        ("See [it](./cart.py#L3).", "./cart.py#L3", "../src/shop/cart.py#L3"),
        ('See [it](<../cart.py> "title").', "../cart.py", "../src/shop/cart.py"),
        ("[it]: ../lib/cart.py\n\nSee [it].", "../lib/cart.py", "../src/shop/cart.py"),
        ("![flow](flow.png)", "flow.png", "img/flow.png"),
        ('<img src="flow.png">', "flow.png", "img/flow.png"),
        ("[gone](old/gone.md)", "old/gone.md", ""),
        ("[a](/docs/gone.md)", "/docs/gone.md", ""),
        ("[readme](README.md)", "README.md", ""),  # that of the folder src/shop is another one
        ("# Title\n\n[a](#nothing)", "#nothing", ""),
        ("# Getting started\n\n[a](#geting-started)", "#geting-started", "#getting-started"),
        ("[a](checkout.md#paying-by-cards)", "checkout.md#paying-by-cards", "checkout.md#paying-by-card"),
        ("The code is in `src/cart.py`.", "src/cart.py", "src/shop/cart.py"),
        ("The code is in `src/shop/billings.py`.", "src/shop/billings.py", ""),
        ("Call `charge_custom_card()`.", "charge_custom_card", "charge_customer_card"),
        ("It uses `PriceRounded` here.", "PriceRounded", "PriceRounding"),
        ("Call `shop.pay.PriceRounding`.", "shop.pay.PriceRounding", "shop.billing.PriceRounding"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_meant(found: Check, text: str, wrong: str, right: str) -> None:
    assert found(text) == [(wrong, right)]


@pytest.mark.parametrize(
    "text",
    [
        "[a](checkout.md) [b](./checkout.md#paying-by-card) [c](../src/shop/cart.py#L2) [d](../src/shop/) [e](..)",
        "[a](checkout) [b](checkout.html) [c](checkout/) [d](../checkout/) [e](img/flow.png?raw=true)",
        "[a](https://example.org/x.md) [b](mailto:a@b.c) [c](//cdn/x.js) [d](file:///x.md) [e](ftp://x/y.md)",
        "[a]({{ site.url }}/x.md) [b](<name>.md) [c]($HOME/x.md) [d](%7Bx%7D.md) [e](path/to/file.md) [f](*.md)",
        "[a](/assets/x.png) [b](/reference/api) [c](some.module.Name) [d](../../../outside.md) [e](man.1.md)",
        "[a](#refunds-2)\n\n## Refunds\n\n[b](#L10) [c](#footnote1) [d](#user-content-x) [e](#top)",
        "```\n[a](gone.md) `src/shop/gone.py`\n```\n\n~~~py\n`src/shop/gone.py`\n~~~\n",
        "> ```\n> [a](gone.md)\n> ```\n\n1. ```sh\n   cat src/shop/gone.py\n   ```\n",
        "    cat src/shop/gone.py\n\n`[a](gone.md)` <!-- [a](gone.md) -->",
        "---\nimage: src/shop/gone.py\n---\n",
        "`path/to/file.py`, `src/foo.py`, `src/my_app/x.py`, `foo.py`, `src/*/x.py`, `src/<name>.py`, `my/thing.py`",
        "`gone.py` and `config/settings.yml` and `lib/x.rb`, `build/out.js`, `dist/shop/gone.py`",
        "Create `src/shop/gone.py`. Run `pytest src/shop/gone.py`. There is no `src/shop/gone.py` any more.",
        "`requests.get()`, `HttpResponse`, `numpy.ndarray`, `std::shared_ptr`, `os.path.joined`, `AbortError`, `fASt`",
        "`chargeCustomerCards`, `charge_customer_cards`, `CHARGE_CUSTOMER_CARD`, `charge_customer_`, `priceRounding`",
        "`charge_customer_card_`, `cart`, `add_item`, `Cart.add_item`, `shop.billing.PriceRounding`, `Cart`",
        "`charge_custom_card` was removed.",
        "Put this into your `src/shop/billings.py`; for example `src/shop/carts.py` and later `src/shop/carts.py`.",
        "People write `charge_custom_card()` for `charge_customer_card()`.",
        "Say, in `src/shop/basket.py`. And `src/shop/BASKET.py`, [x](https://x.org/\nshop/blob/master/src/shop/cart.py).",
        "`../web/client.js` is made of TypeScript, and so is `web/client.js`.",
        "::: shop.cart\n\n[a](#shopcart)",
        "[a][b]\n\n[^1]: gone.md\n",
        "\0[a](\0.md) \ud800 [b](\ud800.md)",
    ],
)
def test_what_is_no_claim_about_this_tree_is_left_alone(found: Check, text: str) -> None:
    assert found(text) == []


def test_a_file_that_is_ignored_is_there(found: Check, tmp_path: Path) -> None:
    (tmp_path / "project/.gitignore").write_text("billings.py\n")
    (tmp_path / "project/src/shop/billings.py").write_text("")
    assert found("The code is in `src/shop/billings.py`, and [here](../src/shop/billings.py).") == []


@pytest.mark.parametrize(
    "path",
    [
        "CHANGELOG.md",
        "docs/changes/2.0.md",
        "docs/releases/1.md",
        "docs/upgrading.md",
        "HISTORY.rst",
        "NEWS",
        ".surefoot/tickets/github/a/b/12.md",
        "tests/data/page.md",
    ],
)
def test_records_of_what_was_are_left_alone(found: Check, path: str) -> None:
    assert found("See [it](gone.md) and `charge_custom_card()` in `src/shop/basket.py`.", path) == []


@pytest.mark.parametrize(
    ("status", "is_checked"),
    [
        ("## Status\n\nAccepted", True),
        ("## Status\n\nSuperseded by 12", False),
        ("Status: Deprecated", False),
        ("* Status: proposed", False),
        ("**Status:** rejected", False),
        ("---\nstatus: superseded\n---", False),
        ("", True),
    ],
)
def test_decisions_that_no_longer_hold_are_left_alone(found: Check, status: str, is_checked: bool) -> None:
    assert bool(found(f"{status}\n\n# Use carts\n\nIt is in `src/cart.py`.\n", "docs/adr/0003-carts.md")) == is_checked


def test_a_word_in_another_document_does_not_make_a_name_be_there(found: Check, tmp_path: Path) -> None:
    (tmp_path / "project/docs/old.md").write_text("`charge_custom_card` it is.\n")
    text = "Call `charge_custom_card()`."
    assert found(text) == [("charge_custom_card", "charge_customer_card")]


@pytest.mark.parametrize(
    ("path", "text", "wrong"),
    [
        ("src/shop/x.py", '"""See docs/gone.md."""\n', ["docs/gone.md"]),
        ("src/shop/x.py", 'def f():\n    """As `docs/gone.md` says."""\n', ["docs/gone.md"]),
        ("src/shop/x.py", 'x = "docs/gone.md"\n# docs/gone.md\n', []),
        ("src/shop/x.py", 'def f(:\n    """docs/gone.md"""\n', []),
        ("web/x.ts", "/** See docs/gone.md. */\nexport const a = 1;\n", ["docs/gone.md"]),
        ("web/x.ts", "// docs/gone.md\n/* docs/gone.md */\n", []),
        ("web/x.rs", "/// See docs/gone.md.\nfn a() {}\n// docs/other.md\n", ["docs/gone.md"]),
        ("src/shop/x.py", '"""Copied from binder/ndk/utils.py and vendor_lib/cart.py."""\n', []),
        ("src/shop/x.py", '"""Sets :func:`shop.pay.charge_customer_card`."""\n', ["shop.pay.charge_customer_card"]),
    ],
)
def test_docstrings_are_checked_and_nothing_else_of_code(found: Check, path: str, text: str, wrong: list[str]) -> None:
    assert [each for each, _ in found(text, path)] == wrong


@pytest.mark.parametrize("text", ["\f" * 3 + '"""a"""\r\n', '"""\u2028a"""', "(" * 500, '"""' + "\\N{x}" + '"""', "\0"])
def test_docstrings_stand_where_they_are_said_to(text: str) -> None:
    assert all(text[at : at + len(found)] == found for at, found in docstrings_of("a.py", text))


def test_hostile_markdown_takes_no_time_worth_mentioning() -> None:
    for text in (
        "[" * 50_000,
        "](" * 50_000,
        "[a](" * 20_000,
        "<a " * 30_000,
        "`" * 99_999,
        "#" * 90_000,
        "<!--" * 30_000,
    ):
        list(written_targets(without_code(text)))
        anchors_of(text)
        assert len(shown_as_code(text)) == len(text)


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Getting started", "getting-started"),
        ("What's `new` in 2.0?", "whats-new-in-20"),
        ("[Link](https://x.y) and *more*", "link-and-more"),
        ("snake_case & Co.", "snake_case--co"),
        ("Größe", "größe"),
        ("Title {#custom}", "title"),
    ],
)
def test_headings_are_linked_to_as_github_writes_them(heading: str, slug: str) -> None:
    assert slug_of(heading) == slug


@pytest.mark.parametrize(
    ("old", "new", "is_old"),
    [
        ("SetGroupId", "SetGroupID", True),
        ("validationCompiler", "validatorCompiler", True),
        ("SecureRemoteProvider", "AddSecureRemoteProvider", True),
        ("ssl_certificate", "tls_certificate", False),
        ("encoding_rs", "encoding", False),
        ("param_generator", "ParamGenerator", False),
        ("NTSetFile", "ntSetFile", False),
        ("RUN_TESTS", "run_tests", False),
        ("PutObjectACL", "ObjectACL", False),
        ("workers", "worker", False),
        ("tmp_dir", "tmpdir", False),
    ],
)
def test_which_names_are_old_forms_of_others(old: str, new: str, is_old: bool) -> None:
    assert is_old_name(old, new) == is_old


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\r"])
def test_a_block_of_code_may_hold_any_end_of_a_line(end: str) -> None:
    text = f"Before.\n```\nfirst{end}second\n```\nAfter.\n"
    shown = shown_as_code(text)
    assert shown[text.index("second")] == 1
    assert not shown[text.index("After")]


def test_blocks_of_documentation_end_at_the_next_end_and_are_no_longer_than_anybody_writes() -> None:
    text = f"/**/ x; /** a */ y; /* b */ /** {'c' * 20_001} */ /** d */ /** e"
    assert [(text.index(block), block) for block in ("/** a */", "/** d */")] == list(docstrings_of("A.java", text))
    # Each beginning has no end: looking for one from each would take minutes.
    assert not list(docstrings_of("A.java", "/** " * 400_000))


@pytest.mark.parametrize("path", ["docs/guide.md", "src/shop/pay.py"])
def test_names_that_no_file_can_have_are_no_trouble(found: Check, path: str) -> None:
    long = "a" * 300
    text = f"`src/{long}.py` `src/shop/{long}/b.py` `{long}/b.py` [x](/{long}/b.md) [x](/src/{long}/{long}.md)"
    wrong = found(text if path.endswith(".md") else f'"""{text}"""\n', path)
    assert all(long in written and not right for written, right in wrong)
