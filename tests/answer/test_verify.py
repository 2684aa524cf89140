"""What a claim may say of what it cites. The lies are the kind that small models tell."""

from pathlib import Path

import pytest

from surefoot.answer.verify import names_in, problem
from surefoot.domain import Chunk, ContextItem, Query, Resolved, Root, Source, Span

CODE = '''\
def open_session(user, timeout=30):
    """Open a session for a user who may log in."""
    if not user.may_login:
        raise PermissionDenied("user is locked")
    return Session(user, expires=now() + timeout)'''


def item(text: str = CODE, path: str = "auth/session.py", symbol: str = "open_session") -> ContextItem:
    span = Span(path, 10, 10 + text.count("\n"))
    chunk = Chunk(span, Source.CODE, "python", text, symbol=symbol, doc="Open a session for a user who may log in.")
    return ContextItem(1, Root(Path("/shop"), "shop"), span, symbol, text, chunk)


def resolved(question: str = "how is a session opened", **frequencies: int) -> Resolved:
    return Resolved(Query(question), (), tuple(frequencies), frequencies, dict.fromkeys(frequencies, 1.0))


@pytest.mark.parametrize(
    "claim",
    [
        "`open_session` raises `PermissionDenied` when the user may not log in.",
        "A session is opened by open_session() in auth/session.py.",
        "The default `timeout` is 30.",
        "It raises an error that says 'user is locked'.",
        "The user's session and the other users' sessions are opened, e.g. with a timeout.",
        "This Python function opens a session and/or raises `PermissionDenied`.",
        "Sessions of locked users are denied: `PermissionDenied` is raised.",
    ],
)
def test_a_claim_that_stands_in_its_source_is_shown(claim: str) -> None:
    assert problem(claim, [item()], resolved()) == ""


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("`SessionStore.open` opens the session for the user.", "SessionStore"),
        ("The user's session is opened by create_session().", "create_session"),
        ("open_session in auth/login.py opens a session for the user.", "auth/login.py"),
        ("The session of the user expires after 3600 seconds.", "3600"),
        ("The `timeout` of a session is `45` seconds.", "45"),
        ("`open_session` raises an error that says 'wrong password'.", "wrong password"),
        ("The user's session is kept in Redis.", "Redis"),
        ("Redis keeps the session of the user.", "redis"),
        ("The session is stored in redis.", "redis"),
        ("The session expires after 3600s.", "3600"),
        ("The session expires after 2,000 seconds.", "2,000"),
        ("The timeout of a session is 0.25 seconds.", "0.25"),
        ("A user's session ends when `user.expired` is set.", "expired"),
        ("Invoices are printed nightly by batch jobs on mainframes.", "words"),
    ],
)
def test_a_claim_with_something_invented_is_withheld_and_named(claim: str, named: str) -> None:
    assert named in problem(claim, [item()], resolved())


@pytest.mark.parametrize("claim", ["`open_session`", "`open_session`, `timeout`.", "`open_session` and `Session`."])
def test_names_alone_say_nothing(claim: str) -> None:
    assert problem(claim, [item()], resolved()) == "says nothing"


def test_a_claim_without_a_source_is_withheld() -> None:
    assert problem("`open_session` opens a session.", [], resolved()) == "cites no source"


def test_a_word_that_the_question_brought_and_the_index_lacks_may_not_be_affirmed() -> None:
    asked = resolved("how are tokens for kerberos opened", kerberos=0, session=4)
    assert "kerberos" in problem("open_session opens a kerberos session for the user.", [item()], asked)


def test_names_are_found_however_they_are_written() -> None:
    text = "The `Cart.add` method calls tax_for(), readConfig and HTTPServer, then Django."
    assert names_in(text) == ["Cart", "add", "tax_for", "readConfig", "HTTPServer", "Django"]


def test_a_negation_needs_something_negative_in_the_source() -> None:
    plain = item("def open_session(user):\n    return Session(user)")
    assert "never" in problem("`open_session` never opens a session for the user.", [plain], resolved())
    assert problem("A user who may not log in gets no session.", [item()], resolved()) == ""


# --- tickets, commits and designs ----------------------------------------------------------------------------------

TICKET = (
    "#123: Retry limit is too low\nState: closed | Created: 2024-01-02\n\nSee #99 and 3f2a91c0de, it gives up early."
)


def ticket(text: str = TICKET, source: Source = Source.TICKETS) -> ContextItem:
    span = Span(".surefoot/tickets/github.json", 1, 1 + text.count("\n"))
    signature = "#123: Retry limit is too low (closed, 2024-03-01)"
    chunk = Chunk(span, source, "tickets", text, "#123", signature=signature, file_line=7)
    return ContextItem(1, Root(Path("/shop"), "shop"), span, "#123", text, chunk)


@pytest.mark.parametrize(
    "claim",
    [
        "#123 (closed, 2024-03-01): Retry limit is too low",
        "#123 was closed, as the retry limit is too low.",
        "The retry limit of #123 was too low, see #99 and 3f2a91c0de.",
        "The retry limit is too low since 3f2a91c.",
        "The retry limit is too low, created 2024-01-02.",
    ],
)
def test_a_claim_may_say_what_a_ticket_and_its_label_say(claim: str) -> None:
    assert problem(claim, [ticket()], resolved()) == ""


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("#12 says that the retry limit is too low.", "#12"),
        ("#1234 says that the retry limit is too low.", "1234"),
        ("#9 says that the retry limit is too low.", "#9"),
        ("PROJ-123 says that the retry limit is too low.", "PROJ"),
        ("#123 (closed, 2024-03-02): Retry limit is too low", "2024-03-02"),
        ("#123 (closed, 2024-01-03): Retry limit is too low", "2024-01-03"),
        ("#123 (open, 2024-03-01): Retry limit is too low", "'open'"),
        ("#123 is still open, the retry limit is too low.", "'open'"),
        ("#123 is a duplicate, the retry limit is too low.", "'duplicate'"),
        ("The retry limit is too low since 3f2a91c0df.", "3f2a91c0df"),
        ("The retry limit is too low since f2a91c0de.", "f2a91c0de"),
    ],
)
def test_another_number_day_state_or_commit_is_a_lie(claim: str, named: str) -> None:
    assert named in problem(claim, [ticket()], resolved())


def test_what_only_looks_like_a_ticket_is_judged_as_ever() -> None:
    code = item("def digest(data):\n    return sha256(data)  # SHA-256 as UTF-8", symbol="digest")
    assert problem("`digest` returns the SHA-256 of the data as UTF-8.", [code], resolved()) == ""
    assert problem("The retry limit is too low, in UTF-8.", [ticket(TICKET + " UTF-8")], resolved()) == ""
