"""What of a question is said to be missing, and what is not."""

import math
from collections.abc import Mapping
from pathlib import Path

import pytest

from surefoot.answer.missing import missing_parts
from surefoot.domain import Chunk, ContextItem, Hit, Mention, MentionKind, Query, Resolved, Root, Scope, Source, Span
from surefoot.question_parts import judge, parts_of
from surefoot.words import chunk_stems

CODE = '''\
def open_session(user, timeout=30):
    """Open a session for a user who may log in."""
    if not user.may_login:
        raise PermissionDenied("user is locked")
    return Session(user, expires=now() + timeout)'''
ROOT = Root(Path("/shop"), "shop")


def chunk_of(text: str, path: str = "auth/session.py", symbol: str = "open_session") -> Chunk:
    return Chunk(Span(path, 10, 10 + text.count("\n")), Source.CODE, "python", text, symbol=symbol)


def item() -> ContextItem:
    chunk = chunk_of(CODE)
    return ContextItem(1, ROOT, chunk.span, chunk.symbol, chunk.text, chunk)


def hit(text: str = CODE, path: str = "auth/session.py", symbol: str = "open_session") -> Hit:
    return Hit(ROOT, chunk_of(text, path, symbol), 1.0, {"lexical": 1})


def stems_of_hits(*hits: Hit) -> list[frozenset[str]]:
    return [chunk_stems(each.chunk) for each in hits]


def resolved(question: str = "how is a session opened", **frequencies: int) -> Resolved:
    return Resolved(Query(question), (), tuple(frequencies), frequencies, dict.fromkeys(frequencies, 1.0))


def asked(question: str, frequencies: Mapping[str, int], *mentions: Mention, chunks: int = 100) -> Resolved:
    """A question over an index of so many chunks, its words weighed as retrieval does."""
    weights = {term: math.log(1 + (chunks + 1) / (count + 0.5)) for term, count in frequencies.items()}
    return Resolved(Query(question), mentions, tuple(frequencies), frequencies, weights, chunks, words=question)


@pytest.mark.parametrize("path", ["auth/sessions.py", "sessions.py", "auth/log.in/user.json", "auth\\login.py"])
def test_a_path_that_is_not_there_is_missing_though_its_words_stand(path: str) -> None:
    """`auth`, `session`, `user` and `log` are in the sources, and no such file is."""
    known = asked(f"what is in {path}?", {"auth": 5}, Mention(path, MentionKind.UNRESOLVED, is_code=True))
    about = hit(CODE + "\n# py log sessions json in", "auth/session.py")
    assert missing_parts(known, [], [about]) == (f"{path}: nothing indexed has this path",)
    told = hit(f"{CODE}  # see {path}", "auth/session.py")
    assert missing_parts(known, [], [told]) == ()


@pytest.mark.parametrize("name", ["user.locked", "session.json", "user/session", "session.js"])
def test_a_name_with_dots_or_a_slash_is_no_path(name: str) -> None:
    known = asked(f"what is {name}?", {"user": 5}, Mention(name, MentionKind.UNRESOLVED, is_code=True))
    assert missing_parts(known, [], [hit(CODE + "\n# json js locked")]) == ()


# --- names and words -------------------------------------------------------------------------------------------------


def test_missing_lists_names_and_words_without_support() -> None:
    known = Resolved(
        Query("does open_session use RedisCache for the timeout"),
        (Mention("RedisCache", MentionKind.UNRESOLVED),),
        ("open", "session", "redis", "cache", "timeout"),
        {"open": 3, "session": 3, "redis": 0, "cache": 2, "timeout": 1},
        {"open": 1.0, "session": 1.0, "redis": 9.0, "cache": 4.0, "timeout": 2.0},
    )
    assert missing_parts(known, [item()]) == ("RedisCache: nothing indexed has this name",)


def test_what_is_nowhere_is_told_and_only_without_it_what_is_elsewhere() -> None:
    assert missing_parts(resolved("q", session=3, invoice=0, ledger=7), [item()]) == (
        "invoice: nothing indexed contains it",
    )
    assert missing_parts(resolved("q", session=3, ledger=7), [item()]) == ("ledger: not in the sources of this answer",)


def test_a_name_that_only_resembles_one_is_listed_with_the_closest() -> None:
    mention = Mention("encode_json", MentionKind.SYMBOL, ("decode_json",), 0.82, is_code=True)
    known = Resolved(Query("how does encode_json work"), (mention,), ("encode", "json"), {}, {"encode": 1.0})
    assert missing_parts(known, [item()]) == ("encode_json: not indexed, the closest is decode_json",)


def test_a_word_that_stands_somewhere_and_names_nothing_is_not_missing() -> None:
    mention = Mention("SQLite", MentionKind.SYMBOL, ("Use SQLite for the ledger",), 0.8, is_code=True)
    known = Resolved(Query("is the ledger in SQLite?"), (mention,), ("ledger", "sqlite"), {"sqlite": 3}, {})
    assert missing_parts(known, [item()]) == ()


@pytest.mark.parametrize("scope", [Scope(paths=("docs/**",)), Scope(languages=("go",)), Scope(sources=(Source.DOCS,))])
def test_nothing_is_said_of_what_the_filters_leave_out(scope: Scope) -> None:
    mention = Mention("encode_json", MentionKind.SYMBOL, ("decode_json",), 0.82, is_code=True)
    known = Resolved(Query("q", scope), (mention,), ("invoice",), {"invoice": 0}, {"encode": 1.0, "invoice": 1.0})
    assert missing_parts(known, []) == (
        "encode_json: not in what the filters let through, the closest is decode_json",
        "invoice: nothing in what the filters let through contains it",
    )


def test_words_that_only_join_are_not_missed() -> None:
    assert missing_parts(resolved("q", whether=0, taken=0, ledger=0), [item()]) == (
        "ledger: nothing indexed contains it",
    )


def test_missing_is_not_fooled_by_words_that_only_look_related() -> None:
    """`opener` has the stem of `open` here, and still no indexed text has it."""
    assert missing_parts(resolved("q", opener=0), [item()]) == ("opener: nothing indexed contains it",)


def test_verbs_that_say_nothing_about_the_code_are_not_listed() -> None:
    assert missing_parts(resolved("where is the ledger taken from", ledger=7, taken=3), [item()]) == (
        "ledger: not in the sources of this answer",
    )


# --- parts -----------------------------------------------------------------------------------------------------------

SESSIONS = {"session": 9, "opened": 5, "timeout": 4}


def test_of_two_things_the_one_that_is_not_there_is_named_and_not_a_word_of_the_other() -> None:
    question = "how is a session opened with a timeout, and where are the invoices printed?"
    assert missing_parts(asked(question, {**SESSIONS, "invoices": 0, "printed": 0}), [item()], [hit()]) == (
        "invoices printed: nothing indexed contains invoices or printed",
    )


def test_the_part_that_is_not_there_may_come_first() -> None:
    question = "where's the voucher counted? and how is a session opened"
    missing = missing_parts(asked(question, {**SESSIONS, "voucher": 0, "counted": 3}), [item()], [hit()])
    assert missing == ("voucher counted: nothing indexed contains voucher",)


def test_of_a_part_that_is_elsewhere_the_words_are_told_that_no_source_has() -> None:
    question = "how is a session opened and where are ledgers balanced"
    assert missing_parts(asked(question, {**SESSIONS, "ledgers": 1, "balanced": 2}), [item()], [hit()]) == (
        "ledgers balanced: ledgers and balanced are not in the sources of this answer",
    )


def test_words_that_stand_only_far_apart_are_no_part_that_stands() -> None:
    ledger = hit("def balance(ledger):\n    return 0", "books/ledger.py", "balance")
    rates = hit("def currency(rate):\n    return rate", "books/rates.py", "currency")
    question = "how is a session opened and where is the ledger rate currency balance archived"
    frequencies = {**SESSIONS, "ledger": 1, "rate": 1, "currency": 1, "balance": 1, "archived": 0}
    (part,) = judge(asked(question, frequencies), stems_of_hits(hit(), ledger, rates)).missing
    assert part.subject == "ledger rate currency balance archived"


@pytest.mark.parametrize(
    "question",
    [
        "how is a session opened, what did it outlive",  # more of the same thing
        "I outlive every guest. how is a session opened",  # what led to the question
        "how is a session opened and what is common there",  # nothing rare is asked for
    ],
)
def test_what_asks_for_no_other_thing_is_not_missing(question: str) -> None:
    frequencies = {**SESSIONS, "outlive": 0, "guest": 0, "common": 60}
    assert missing_parts(asked(question, frequencies), [item()], [hit()]) == ()


def test_a_word_of_a_question_that_stands_is_told_if_it_is_as_good_as_nowhere() -> None:
    question = "how is a session opened with a timeout by the janitor"
    missing = missing_parts(asked(question, {**SESSIONS, "janitor": 0}), [item()], [hit()])
    assert missing == ("janitor: nothing indexed contains it",)
    assert missing_parts(asked(question, {**SESSIONS, "janitor": 20}), [item()], [hit()]) == ()


def test_a_name_that_is_not_there_stands_for_its_part() -> None:
    question = "how is a session opened and does RedisCache expire"
    mention = Mention("RedisCache", MentionKind.UNRESOLVED)
    frequencies = {**SESSIONS, "redis": 0, "cache": 0, "expire": 0}
    assert missing_parts(asked(question, frequencies, mention), [item()], [hit()]) == (
        "RedisCache: nothing indexed has this name",
    )


def test_a_misspelt_name_that_was_understood_is_there() -> None:
    question = "how is a session opened and where is opnsession called"
    mention = Mention("opnsession", MentionKind.SYMBOL, ("open_session",), 0.9, is_code=True)
    frequencies = {**SESSIONS, "opnsession": 0, "called": 80}
    assert judge(asked(question, frequencies, mention), stems_of_hits(hit())).missing == ()


def test_one_more_thing_that_is_asked_for_is_missing_if_nothing_has_a_word_of_it() -> None:
    question = "how is a session opened with the timeout and the voucher ledger?"
    frequencies = {**SESSIONS, "voucher": 0, "ledger": 7}
    missing = ("voucher ledger: nothing indexed contains voucher",)
    assert missing_parts(asked(question, frequencies), [item()], [hit()]) == missing
    session_ledger = hit("def open_session(ledger): ...")
    assert missing_parts(asked(question, frequencies), [item()], [session_ledger]) == ()


def test_each_line_of_a_question_is_taken_apart_by_itself() -> None:
    question = "how is a session opened\nwhere is the voucher counted\nand when"
    assert missing_parts(asked(question, {**SESSIONS, "voucher": 0, "counted": 3}), [item()], [hit()]) == (
        "voucher counted: nothing indexed contains voucher",
    )


def test_neighbours_are_one_phrase() -> None:
    known = asked("exponential backoff of the voucher", {"exponential": 0, "backoff": 0, "voucher": 0})
    assert missing_parts(known, [item()], [hit()]) == (
        "exponential backoff: nothing indexed contains it",
        "voucher: nothing indexed contains it",
    )


def test_a_pasted_text_has_no_end_of_parts_and_white_space_takes_no_time() -> None:
    known = asked("where is x?" + " " * 200_000 + "why; " * 5000, {"why": 3})
    assert len(list(parts_of(known))) <= 5000
    assert judge(known, stems_of_hits(hit())).missing == ()


# --- tickets ---------------------------------------------------------------------------------------------------------

TICKET = (
    "#123: Retry limit is too low\nState: closed | Created: 2024-01-02\n\nSee #99 and 3f2a91c0de, it gives up early."
)


def ticket() -> ContextItem:
    span = Span(".surefoot/tickets/github.json", 1, 1 + TICKET.count("\n"))
    signature = "#123: Retry limit is too low (closed, 2024-03-01)"
    chunk = Chunk(span, Source.TICKETS, "tickets", TICKET, "#123", signature=signature, file_line=7)
    return ContextItem(1, ROOT, span, "#123", TICKET, chunk)


def about(question: str, *mentions: Mention) -> Resolved:
    terms = ("touch", "retry")
    return Resolved(Query(question), mentions, terms, {"touch": 0, "retry": 4}, dict.fromkeys(terms, 1.0))


def test_a_ticket_that_is_not_indexed_is_missing_by_its_number_or_its_key() -> None:
    for name, kind in (("#999", "number"), ("PROJ-7", "key")):
        missing = missing_parts(about(f"what does {name} touch in retry?"), [ticket()])
        assert missing == (f"{name}: no ticket with this {kind} is indexed",)


def test_one_that_is_indexed_is_not_missing_whether_it_was_resolved_or_only_found() -> None:
    known = Mention("#123", MentionKind.SYMBOL, ("#123",))
    assert missing_parts(about("what does #123 touch in retry?", known), [ticket()]) == ()
    assert missing_parts(about("what does #123 touch in retry?"), [ticket()]) == ()
    assert missing_parts(about("what does GH-123 touch in retry?"), [ticket()]) == ()


def test_a_ticket_that_is_only_like_one_that_is_there_is_missing() -> None:
    near = Mention("#124", MentionKind.SYMBOL, ("#124",), similarity=0.9)
    assert "#124: no ticket with this number is indexed" in missing_parts(about("fix #124 retry", near), [ticket()])


def test_the_verb_of_a_question_about_no_ticket_is_still_missed() -> None:
    assert missing_parts(about("what does retry touch?"), [ticket()]) == ("touch: nothing indexed contains it",)


def test_a_word_that_code_is_hardly_ever_named_by_is_not_missed() -> None:
    known = asked("why is a session soon gone?", {"session": 5, "soon": 0, "gone": 0})
    assert missing_parts(known, [], [hit()]) == ()
    known = asked("why is a session kept in kafka?", {"session": 5, "kept": 0, "kafka": 0})
    assert missing_parts(known, [], [hit()]) == ("kafka: nothing indexed contains it",)


def test_a_name_is_missed_though_its_word_is_plain() -> None:
    name = Mention("kept", MentionKind.UNRESOLVED, is_code=True)
    known = asked("where is a session `kept` opened?", {"session": 5, "kept": 0, "opened": 3}, name)
    assert missing_parts(known, [], [hit()]) == ("kept: nothing indexed has this name",)


def test_what_asks_for_a_thing_of_its_own_does_so_in_plain_words_too() -> None:
    """It says "they", and enough besides; that two of its words are plain makes it no more of another part."""
    question = "how is a session opened, and how are blobs sealed before they are gone for good"
    known = asked(question, {"session": 5, "opened": 3, "blobs": 0, "sealed": 0, "gone": 0, "good": 9})
    (phrase,) = missing_parts(known, [], [hit()])
    assert phrase.endswith("nothing indexed contains blobs or sealed")
