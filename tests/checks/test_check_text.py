"""Any text against the tree as it is now: what is wrong is found and put right, and nothing else is accused."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import write_tree
from surefoot import wire
from surefoot.checks.check_text import LONGEST_TEXT
from surefoot.domain import CheckedMention, TextCheck, Verdict
from surefoot.engine import Engine
from surefoot.errors import QueryError, RootError

VALID, MOVED, CHANGED, MISSING = Verdict.VALID, Verdict.MOVED, Verdict.CHANGED, Verdict.MISSING


def line_of(shop: Path, path: str, start: str) -> int:
    lines = (shop / path).read_text().split("\n")
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(start))


def said(check: TextCheck) -> list[tuple[str, str, str]]:
    return [(mention.text, mention.verdict.value, mention.correction) for mention in check.mentions]


def only(check: TextCheck, kind: str = "lines") -> CheckedMention:
    (mention,) = [each for each in check.mentions if each.kind.value == kind]
    return mention


STYLES = (
    "{path}:{first}-{last} (`rate_for`)",
    "`rate_for` in `{path}:{first}-{last}`",
    "`rate_for` is defined in {path}#L{first}-L{last}.",
    "`rate_for` ({path}, lines {first} to {last})",
    "**`rate_for`** in [the file]({path}#L{first}-L{last})",
    "Lines {first}-{last} of `{path}` define `rate_for`.",
    "See `{path}` (lines {first}-{last}) for `rate_for`.",
    "| `rate_for` | the tax | {path}:{first}-{last} |",
    "- `rate_for`: the tax of a country ({path}:{first}-{last})",
    "`rate_for()` \u2014 vscode://file{root}/{path}:{first}-{last}",
    "The function `rate_for`, as far as I see, is found at {path}:{first}-{last}.",
)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_valid_where_it_is_true_and_put_right_in_the_same_style(
    engine: Engine, shop: Path, style: str
) -> None:
    first = line_of(shop, "shop/tax.py", "def rate_for")

    def written(start: int, end: int) -> str:
        return style.format(path="shop/tax.py", root=shop, first=start, last=end)

    assert not engine.check_text(written(first, first + 2)).wrong
    wrong = engine.check_text(written(1, 2))
    (mention,) = wrong.wrong
    assert mention.verdict is MOVED
    corrected = written(1, 2)[: mention.start] + mention.correction + written(1, 2)[mention.end :]
    assert not engine.check_text(corrected).wrong
    assert str(first) in mention.correction


def test_offsets_are_those_of_the_text(engine: Engine) -> None:
    text = "\U0001f600 é\n\nSee `shop/txa.py` and `Cart.add_itme`."
    found = engine.check_text(text)
    assert [text[each.start : each.end] for each in found.mentions] == ["shop/txa.py", "Cart.add_itme"]
    assert said(found) == [
        ("shop/txa.py", "missing", "shop/tax.py"),
        ("Cart.add_itme", "missing", "Cart.add_item"),
    ]


def test_lines_within_around_and_using_a_definition_hold_it(engine: Engine, shop: Path) -> None:
    first = line_of(shop, "shop/tax.py", "def rate_for")
    use = line_of(shop, "shop/cart.py", "return net")
    for lines in (f"shop/tax.py:{first + 1}", f"shop/tax.py:1-{first + 2}", f"shop/cart.py:{use}"):
        assert not engine.check_text(f"`rate_for` in {lines}.").wrong


def test_a_use_is_no_definition(engine: Engine, shop: Path) -> None:
    use = line_of(shop, "shop/cart.py", "return net")
    first = line_of(shop, "shop/tax.py", "def rate_for")
    found = only(engine.check_text(f"`rate_for` is defined in shop/cart.py:{use}."))
    assert (found.verdict, found.correction) == (MOVED, f"shop/tax.py:{first}")


def test_lines_that_only_overlap_the_definition_were_counted_in_another_version(engine: Engine, shop: Path) -> None:
    file = shop / "shop/tax.py"
    first = line_of(shop, "shop/tax.py", "def rate_for")
    text = f"`rate_for` in shop/tax.py:{first}-{first + 2}"
    assert not engine.check_text(text).wrong
    file.write_text(file.read_text().replace("def rate_for", "OTHER = 1\ndef rate_for"))
    assert only(engine.check_text(text)).correction == f"shop/tax.py:{first + 1}-{first + 3}"


def test_what_moved_to_another_file_is_followed(engine: Engine, shop: Path) -> None:
    first = line_of(shop, "shop/tax.py", "def rate_for")
    lines = (shop / "shop/tax.py").read_text().split("\n")
    (shop / "shop/tax.py").write_text("\n".join(lines[: first - 1]))
    (shop / "shop/rates.py").write_text('"""Rates."""\n\n\n' + "\n".join(lines[first - 1 :]))
    found = engine.check_text(f"`rate_for` (shop/tax.py:{first}) reads `RATES`, as `shop/tax.py` says.")
    assert ("shop/tax.py:" + str(first), "moved", "shop/rates.py:4") in said(found)
    assert [each.verdict for each in found.mentions].count(MOVED) == 1


def test_a_file_that_is_gone_is_missing_and_its_content_is_found(engine: Engine, shop: Path) -> None:
    (shop / "shop/tax.py").rename(shop / "shop/duties.py")
    found = engine.check_text("`rate_for` in shop/tax.py:6. And shop/tax.py:7 too.")
    assert [(each.verdict, each.correction) for each in found.mentions if each.kind == "lines"] == [
        (MOVED, "shop/duties.py:6"),
        (MISSING, ""),
    ]


def test_an_unsaved_buffer_counts_as_the_user_sees_it(engine: Engine, shop: Path) -> None:
    text = (shop / "shop/tax.py").read_text()
    engine.documents.open(shop / "shop/tax.py", "# new\n# lines\n" + text.replace("rate_for", "rate_of_tax"))
    engine.documents.open(shop / "shop/new_file.py", "def only_in_a_buffer():\n    return 1\n")
    found = engine.check_text("`rate_of_tax` in shop/tax.py:8, `only_in_a_buffer` in shop/new_file.py:1.")
    assert not found.wrong
    assert {"rate_of_tax", "only_in_a_buffer"} <= {each.symbol for each in found.mentions}
    engine.documents.close(shop / "shop/tax.py")
    assert engine.check_text("`rate_of_tax()` in shop/tax.py:8").wrong


@pytest.mark.parametrize(
    ("line", "verdict"), [("shop/cart.py:1-26", VALID), ("shop/cart.py:28", CHANGED), ("shop/cart.py:9999999", CHANGED)]
)
def test_lines_past_the_end_are_changed(engine: Engine, shop: Path, line: str, verdict: Verdict) -> None:
    assert (shop / "shop/cart.py").read_text().count("\n") == 26
    found = only(engine.check_text(f"See {line}."))
    assert found.verdict is verdict
    assert found.correction == ""


def test_a_stack_trace_is_checked_with_its_functions(engine: Engine, shop: Path) -> None:
    first = line_of(shop, "shop/tax.py", "return RATES")
    trace = 'Traceback (most recent call last):\n  File "{}", line {}, in rate_for\n    return RATES\n'
    assert not engine.check_text(trace.format(shop / "shop/tax.py", first)).wrong
    assert not engine.check_text(trace.format("/usr/lib/python3.11/asyncio/events.py", 84)).mentions
    found = only(engine.check_text(trace.format("/srv/app/shop/tax.py", 1)))
    assert (found.verdict, found.span is not None and found.span.path) == (MOVED, "shop/tax.py")
    node = f"Error: x\n    at rate_for (shop/tax.py:{first}:5)\n    at node:internal/main:3:4\n"
    assert len(engine.check_text(node).mentions) == 1
    assert not engine.check_text(node).wrong


def test_links_to_this_repository_are_checked_and_others_are_not(engine: Engine, shop: Path) -> None:
    git = ["git", "-C", str(shop), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["remote", "add", "origin", "git@github.com:us/shop.git"], ["add", "."]):
        subprocess.run([*git, *command], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    (shop / "shop/tax.py").write_text("# above\n" + (shop / "shop/tax.py").read_text())
    base = "https://github.com/us/shop/blob"
    found = engine.check_text(
        f"{base}/main/shop/txa.py#L1 and <{base}/{commit}/shop/tax.py#L6-L8> but "
        f"https://github.com/them/shop/blob/main/shop/txa.py#L900 and https://example.com/shop/txa.py:9"
    )
    assert said(found) == [
        (f"{base}/main/shop/txa.py#L1", "missing", f"{base}/main/shop/tax.py#L1"),
        (f"{base}/{commit}/shop/tax.py#L6-L8", "moved", "shop/tax.py:7-9"),
    ]


def test_nothing_outside_of_the_roots_is_looked_at(engine: Engine, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("def outside(): ...\n")
    (shop / "link.py").symlink_to(tmp_path / "outside.py")
    places = (
        "../outside.py:1",
        str(tmp_path / "outside.py") + ":1",
        f"file://{tmp_path}/outside.py#L900",
        "/etc/passwd:1",
    )
    found = engine.check_text(" and ".join(places) + " `link.py`")
    assert all(each.span is None or each.span.path == "link.py" for each in found.mentions)
    assert not any(str(tmp_path) in each.text for each in found.mentions)


def test_ignored_and_secret_files_are_not_spoken_of(engine: Engine, shop: Path) -> None:
    write_tree(
        shop,
        {
            ".gitignore": "build/\n",
            "build/made.py": "def made_by_build(): ...\n",
            "config/.env": "TOKEN=abc\n",
            "config/server.pem": "x\n",
            "config/deploy_key.txt": "-----BEGIN RSA PRIVATE KEY-----\nabc\n",
            "node_modules/lib/index.js": "x()\n",
        },
    )
    text = "build/made.py:900 `config/.env` config/server.pem:3 config/deploy_key.txt:2 node_modules/lib/index.js:900"
    assert not engine.check_text(text).mentions
    assert not engine.check_text(text.replace("made", "never").replace("server", "servant")).mentions


def test_several_roots_are_each_tried_and_may_be_named(
    open_engine: Callable[..., Engine], shop: Path, tmp_path: Path
) -> None:
    other = tmp_path / "billing"
    write_tree(other, {"src/invoice.py": "def make_invoice(total):\n    return total\n", "shop/tax.py": "X = 1\n"})
    engine = open_engine(shop, other)
    engine.refresh()
    text = "`make_invoice` in billing/src/invoice.py:1, `rate_for` in shop-root/shop/tax.py:6 and in shop/tax.py:6"
    found = engine.check_text(text)
    assert not found.wrong
    assert {each.root.name for each in found.mentions if each.root} == {"billing", "shop-root"}
    assert engine.check_text("`make_invoice()`", roots=[shop]).wrong
    with pytest.raises(RootError):
        engine.check_text("x", roots=[tmp_path])


def test_a_text_that_is_too_long_is_refused_in_one_sentence(engine: Engine) -> None:
    with pytest.raises(
        QueryError, match=r"^The text has [\d,]+ characters and at most [\d,]+ are checked; cut it up\.$"
    ):
        engine.check_text("x" * (LONGEST_TEXT + 1))
    assert engine.check_text("").mentions == ()


def test_while_the_index_is_filling_up_the_check_says_so(
    open_engine: Callable[..., Engine], shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(shop)
    monkeypatch.setattr(Engine, "indexing", True)
    assert "Indexing goes on" in engine.check_text("`rate_for`").notices[0]


def test_the_reply_is_plain_json_whatever_the_text_holds(engine: Engine) -> None:
    text = "`Cart.add_itme` \ud800 shop/\u202etax.py:3 <script>`x`</script> shop/tax.py:3 docs/ \0 `shop/tax.py`"
    reply = wire.check_reply(engine.check_text(text))
    loaded = json.loads(reply.to_json(ascii_only=True))
    assert loaded["checked"] == len(loaded["mentions"])
    assert loaded["wrong"] == sum(each["verdict"] != "valid" for each in loaded["mentions"]) >= 1
    lines = next(each for each in loaded["mentions"] if each["text"] == "shop/tax.py:3")
    assert (lines["path"], lines["start_line"], lines["end_line"], lines["kind"]) == ("shop/tax.py", 3, 3, "lines")


PIECES = st.sampled_from(
    [
        "`Cart`",
        "`Cart.add_item`",
        "`Cart.add_itme`",
        "shop/cart.py",
        "shop/cart.py:12",
        ":12-30",
        "#L3-L900",
        "`",
        "``",
        "```\n",
        "\n",
        "- ",
        "| ",
        "lines 3 to 4 of ",
        " (line 5)",
        "in ",
        "is defined in ",
        "shop\\cart.py",
        "../",
        "/",
        'File "shop/tax.py", line 3, in rate_for',
        "at x (",
        ")",
        "https://github.com/a/b/blob/main/",
        "file:///",
        "~/",
        "\0",
        "\u202e",
        "\ud800",
        "é",
        "[x](",
        "shop/",
        "C:\\",
        "Tax.py",
        "_",
        ".",
        "::",
        "**",
        "%2e%2e/",
        "rate_for()",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=200)))
def test_no_text_raises_and_every_place_that_comes_back_exists(engine: Engine, text: str) -> None:
    before = 0
    for mention in engine.check_text(text).mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= before
        before = mention.end
        assert mention.correction != mention.text
        assert (mention.verdict is VALID) <= (mention.correction == "")
        if mention.span is not None:
            assert mention.root is not None
            path = mention.root.path / mention.span.path
            assert os.path.lexists(path)
            count = len(path.read_text().split("\n")) if path.is_file() else 0
            assert 0 <= mention.span.start <= mention.span.end <= count
