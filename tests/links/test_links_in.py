"""What chunks of each source name, and what merely looks as if they did."""

import pytest

from surefoot.domain import Chunk, Link, LinkKind, Source, Span, SymbolKind
from surefoot.links import links_in, target_key


def chunk(text: str, source: Source = Source.DOCS, path: str = "docs/notes.md", **facts: str) -> Chunk:
    language = {Source.CODE: "python", Source.COMMITS: "commit", Source.TICKETS: "tickets"}.get(source, "markdown")
    span = Span(path, 1, text.count("\n") + 1)
    return Chunk(span, source, facts.get("language", language), text, facts.get("symbol", ""), SymbolKind.FILE,
                 doc=facts.get("doc", ""))  # fmt: skip


def targets(found: tuple[Link, ...], kind: LinkKind) -> list[str]:
    return sorted(link.target for link in found if link.kind is kind)


# --- tickets ---


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Fixes #123.", ["#123"]),
        ("(GH-123, gh-124)", ["#123", "#124"]),
        ("acme/shop#9 is like it", ["#9"]),
        ("PROJ-214: lower the limit", ["PROJ-214"]),
        ("See !45 and group/shop!46", ["!45", "!46"]),
        ("https://github.com/acme/shop/issues/77?x=1 https://github.com/acme/shop/pull/78#c-1", ["#77", "#78"]),
        ("<https://jira.acme.io/browse/OPS-12>", ["OPS-12"]),
        ("https://gitlab.com/a/b/-/merge_requests/45 https://gitlab.com/a/b/-/issues/46", ["!45", "#46"]),
        ("https://linear.app/acme/issue/ENG-12/title-of-it", ["ENG-12"]),
        ("Merge branch 'feature/proj-99-retry' into main", ["PROJ-99"]),
        ("Merge pull request #12 from acme/fix/31-limit", ["#12", "#31"]),
        ("UTF-8, SHA-256, ISO-8601, CVE-2024-1, RFC-9110, GPT-4, AES-128 and IEEE-754", []),
        ("color: #33333a; #fff; a#123; page.html#12; &#123; #12px", []),
        ("See decision 5, Decision record 12; none is a decision of 3, or decision 3 days ago.", ["ADR-5", "ADR-12"]),
        ("ADR-0012, ADR 7 and RFC 0003; RFC 9110 is the internet's", ["ADR-12", "ADR-7", "RFC-3"]),
        ("version 1.2-3, X-1, F-16 and 2024-03-01", []),
    ],
)  # fmt: skip
def test_ids_of_tickets_are_found_in_prose(text: str, wanted: list[str]) -> None:
    """Every tracker's way of writing an id counts, standards and colours do not."""
    assert targets(links_in(chunk(text)), LinkKind.TICKET) == sorted(wanted)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x = 1  # see #123", ["#123"]),
        ("// Fixes PROJ-214 for good", ["PROJ-214"]),
        ('raise Error("known issue #77, #78")', ["#77", "#78"]),
        ("# TODO(#31): again", ["#31"]),
        ("# https://github.com/acme/shop/issues/5", ["#5"]),
        ("# gh-9012: compiled differently", ["#9012"]),
        ("# as ADR-7 has it", ["ADR-7"]),
        ("# see decision 1", ["ADR-1"]),
        ("limit = MAX-1", []),
        ("color = '#333'", []),
        ("#define X 1", []),
        ("# item #3 of the list", []),
        ("#123 is no comment that says what it is", []),
        ("encode('UTF-8')  # SHA-256", []),
        ("# 2024-03-01 and 1.2-3", []),
    ],
)
def test_ids_of_tickets_are_found_in_comments_and_strings_of_code(line: str, wanted: list[str]) -> None:
    """A number counts after a word that says what it is, a key within a comment or a string."""
    found = links_in(chunk(f"def f():\n    {line}\n", Source.CODE, "a.py"))
    assert targets(found, LinkKind.TICKET) == sorted(wanted)
    assert all(link.line == 1 for link in found)


def test_a_key_in_a_docstring_of_several_lines_counts() -> None:
    """A docstring's own lines have no mark of a comment; the documentation of the chunk tells that they are one."""
    text = 'def f():\n    """Waits.\n\n    Lowered for PROJ-214.\n    """\n    return A-1\n'
    found = links_in(chunk(text, Source.CODE, "a.py", doc="Waits.\n\nLowered for PROJ-214."))
    assert [(link.kind, link.target, link.line) for link in found] == [(LinkKind.TICKET, "PROJ-214", 3)]


def test_a_ticket_is_not_linked_with_itself() -> None:
    """The head of a ticket has its own number."""
    text = "#123: Limit\nState: closed | Duplicate of: #99 | Related: PROJ-7\n\nAs #123 says."
    found = links_in(chunk(text, Source.TICKETS, "t.json", symbol="#123"))
    assert targets(found, LinkKind.TICKET) == ["#99", "PROJ-7"]


# --- commits ---

COMMIT = """commit 3f2a91c0de: Lower the limit (#123)
Date: 2024-03-01

This reverts commit 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567, see `Client.retry`.

Files:
M server/client.py: Client.retry, backoff
R docs/old.md -> docs/new.md
D server/gone.py"""


def test_a_commit_names_its_files_functions_ticket_and_the_commit_that_it_reverts() -> None:
    """Both names of a renamed file count, the former less."""
    found = links_in(chunk(COMMIT, Source.COMMITS, "commit:3f2a91c0de", symbol="3f2a91c0de"))
    assert targets(found, LinkKind.PATH) == ["docs/new.md", "docs/old.md", "server/client.py", "server/gone.py"]
    assert targets(found, LinkKind.SYMBOL) == ["backoff", "client.retry"]
    assert targets(found, LinkKind.TICKET) == ["#123"]
    assert targets(found, LinkKind.COMMIT) == ["0a1b2c3d4e"]
    scores = {link.target: link.score for link in found}
    assert scores["docs/old.md"] < scores["docs/new.md"] == 1.0


def test_a_part_of_a_long_commit_has_the_files_that_stand_in_it() -> None:
    """A list of files goes over several chunks, of which only the first has a head."""
    found = links_in(chunk("M a/b.py\nA a/c.py: f", Source.COMMITS, "commit:3f2a91c0de", symbol="3f2a91c0de"))
    assert targets(found, LinkKind.PATH) == ["a/b.py", "a/c.py"]


# --- documents, tickets, stack traces ---


def test_paths_names_commits_and_addresses_stand_in_prose() -> None:
    """Each with the line that it stands on."""
    text = (
        "The limit is in `server/retry.py`, see RetryPolicy.limit and `backoff`.\n"
        "Since 3f2a91c0de (not 1234567 nor defaced) it is `max_tries()`.\n"
        "More at https://www.example.org/Retry/#top"
    )
    found = links_in(chunk(text))
    assert Link(LinkKind.PATH, "server/retry.py", 0, 1.0) in found
    assert targets(found, LinkKind.SYMBOL) == ["backoff", "maxtries", "retrypolicy.limit"]
    assert [(link.target, link.line) for link in found if link.kind is LinkKind.COMMIT] == [("3f2a91c0de", 1)]
    assert [(link.target, link.line) for link in found if link.kind is LinkKind.URL] == [("example.org/Retry", 2)]


@pytest.mark.parametrize(
    ("written", "language", "wanted"),
    [
        ("[a](../server/x.py#L3)", "markdown", "server/x.py"),
        ("[a](adr/0001-x.md)", "markdown", "docs/adr/0001-x.md"),
        ("[a](/README.md)", "markdown", "README.md"),
        ("[a](a%20b.md)", "markdown", "docs/a b.md"),
        ("[a]: ../x.md", "markdown", "x.md"),
        ("xref:other.adoc#part[other]", "asciidoc", "docs/other.adoc"),
        (".. literalinclude:: ../a/b.py", "rst", "a/b.py"),
    ],
)
def test_targets_of_links_are_counted_from_the_folder_of_their_document(
    written: str, language: str, wanted: str
) -> None:
    """As a browser of the repository would follow them."""
    assert wanted in targets(links_in(chunk(written, language=language)), LinkKind.PATH)


@pytest.mark.parametrize(
    "written", ["[a](https://x.org/a.md)", "[a](#part)", "[a](mailto:a@b.org)", "[a](../../../x.md)"]
)
def test_targets_outside_of_the_project_are_no_paths(written: str) -> None:
    """Nor is a target above the root."""
    assert not any("a.md" in each or "part" in each for each in targets(links_in(chunk(written)), LinkKind.PATH))


def test_a_stack_trace_names_the_file_as_it_may_stand_here_and_the_function() -> None:
    """What stands above the project on another machine is left out."""
    text = '#7: Crash\n\n  File "/srv/app/server/retry.py", line 12, in limit\n  at C:\\app\\web\\pay.ts'
    found = links_in(chunk(text, Source.TICKETS, "t.json", symbol="#7"))
    assert targets(found, LinkKind.PATH) == ["server/retry.py", "web/pay.ts"]
    assert targets(found, LinkKind.SYMBOL) == ["limit"]


def test_labels_of_a_drawing_are_guesses() -> None:
    """A label that makes a name counts for less than a name that is written as one; syntax counts for nothing."""
    text = "flowchart TD\n    a[Retry Policy] -->|POST /orders/{id}| b[(orders table)]"
    found = links_in(chunk(text, Source.DESIGNS, "docs/a.mmd", language="mermaid"))
    scores = {link.target: link.score for link in found if link.kind is LinkKind.SYMBOL}
    assert {"retrypolicy", "orderstable", "orders", "order"} <= scores.keys()
    assert scores["retrypolicy"] > scores["orders"] > scores["order"]
    assert max(scores.values()) < 1
    assert "flowchart" not in scores
    assert "POST /orders/{}" in targets(found, LinkKind.OPERATION)


def test_code_names_the_tables_that_it_reads_and_the_documents_of_its_comments() -> None:
    """Statements in strings, and the table of a class."""
    text = '# see docs/adr/0002-retries.md\nq = "SELECT * FROM orders JOIN people"\n__tablename__ = "carts"\n'
    found = links_in(chunk(text, Source.CODE, "a.py"))
    assert targets(found, LinkKind.SYMBOL) == ["carts", "orders", "people"]
    assert targets(found, LinkKind.PATH) == ["docs/adr/0002-retries.md"]


# --- keys ---


@pytest.mark.parametrize(
    ("kind", "written", "key"),
    [
        (LinkKind.TICKET, "#0123", "#123"),
        (LinkKind.TICKET, "GH-123", "#123"),
        (LinkKind.TICKET, "acme/shop#123", "#123"),
        (LinkKind.TICKET, "proj-214", "PROJ-214"),
        (LinkKind.TICKET, "ADR 0012", "ADR-12"),
        (LinkKind.TICKET, "nothing", ""),
        (LinkKind.COMMIT, "3F2A91C0DEADBEEF", "3f2a91c0de"),
        (LinkKind.COMMIT, "commit:3f2a91c", "3f2a91c"),
        (LinkKind.COMMIT, "3f2a91", ""),
        (LinkKind.PATH, "./a/../b/c.py", "b/c.py"),
        (LinkKind.PATH, "a\\b.py", "a/b.py"),
        (LinkKind.PATH, "../b.py", ""),
        (LinkKind.SYMBOL, "retry_limit()", "retrylimit"),
        (LinkKind.SYMBOL, "pkg.Client::retryLimit", "client.retrylimit"),
        (LinkKind.URL, "HTTPS://WWW.Example.org/A/#b", "example.org/A"),
    ],
)  # fmt: skip
def test_all_ways_of_writing_a_thing_have_one_key(kind: LinkKind, written: str, key: str) -> None:
    """What can mean nothing has none."""
    assert target_key(kind, written) == key


# --- whatever is written ---


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n" * 50,
        "\0\0#12\0",
        "\ud800 #12 \udfff `a\ud800`",
        "#" * 20_000,
        "a/" * 20_000,
        "-1" * 20_000,
        "PROJ-" * 10_000,
        "`" * 20_000,
        "[](" * 10_000,
        "http://" * 5_000,
        "a_" * 20_000,
        "A0" * 20_000,
        ": " * 20_000,
        "\\" * 20_000,
        "Files:\n" + "M a, b, c: d\n" * 3_000,
    ],
    ids=range(16),
)
def test_hostile_text_is_read(source: Source, text: str) -> None:
    """None raises or never ends, and the same chunk has the same links again."""
    found = links_in(chunk(text, source, symbol="x.y"))
    assert found == links_in(chunk(text, source, symbol="x.y"))
    assert len(found) <= 200


def test_each_target_is_named_once_with_its_best_score_in_the_order_of_lines() -> None:
    """A guess does not hide what is written outright."""
    found = links_in(chunk("acme/shop#5\n#5 and RetryPolicy\n`RetryPolicy`"))
    assert [(link.target, link.line, link.score) for link in found] == [("#5", 1, 1.0), ("retrypolicy", 2, 0.9)]
