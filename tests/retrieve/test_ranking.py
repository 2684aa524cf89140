"""Fusion and the rerank rules: what each of them does to the order, on hand-made candidates."""

from pathlib import Path

import pytest

from surefoot.domain import (
    Chunk,
    ChunkKey,
    Mention,
    MentionKind,
    Query,
    Ranking,
    Resolved,
    Source,
    Span,
    SymbolKind,
)
from surefoot.retrieve.fuse import fuse, merge
from surefoot.retrieve.rerank import Candidate, is_side_code, rerank
from surefoot.words import content_terms

ROOT = Path("/shop")


def key(number: int) -> ChunkKey:
    return ChunkKey(ROOT, number)


def ranking(name: str, *numbers: int) -> Ranking:
    return Ranking(name, tuple((key(number), 1.0 / (place + 1)) for place, number in enumerate(numbers)))


def candidate(number: int, path: str, symbol: str = "", text: str = "x", **more: object) -> Candidate:
    chunk = Chunk(
        Span(path, 1, 5),
        more.get("source", Source.CODE),  # type: ignore[arg-type]
        "python",
        text,
        symbol=symbol,
        kind=SymbolKind.FUNCTION if symbol else SymbolKind.FILE,
    )
    return Candidate(key(number), chunk, 1.0, {}, {})


def order(question: str, candidates: list[Candidate], *mentions: Mention) -> list[int]:
    terms = content_terms(question)
    resolved = Resolved(Query(question), mentions, terms, dict.fromkeys(terms, 3), dict.fromkeys(terms, 1.0))
    return [each.key.chunk_id for each in rerank(candidates, resolved)]


def test_what_two_retrievers_find_comes_before_what_one_finds() -> None:
    fused = fuse([ranking("lexical", 1, 2, 3), ranking("vector", 3, 4)], limit=10)
    assert [entry.key.chunk_id for entry in fused][:2] == [3, 1]
    assert fused[0].retrievers == {"lexical": 3, "vector": 1}


def test_what_is_like_the_question_comes_first() -> None:
    near, far = candidate(1, "near.py"), candidate(2, "far.py")
    near.similarity, far.similarity = 0.6, 0.2
    assert order("stopping a payment", [far, near]) == [1, 2]


def test_what_is_linked_is_not_put_off_for_being_unlike_the_question() -> None:
    like, linked = candidate(1, "like.py"), candidate(2, "linked.py")
    like.similarity, linked.similarity, linked.retrievers = 0.3, -0.1, {"link": 1}
    assert order("stopping a payment", [like, linked]) == [2, 1]


def test_the_surest_name_comes_first() -> None:
    first, second = candidate(1, "a.py"), candidate(2, "b.py")
    first.retrievers, second.retrievers = {"symbol": 2}, {"symbol": 1}
    assert order("stopping a payment", [first, second]) == [2, 1]


def test_fusion_is_cut_at_its_limit_and_breaks_ties_the_same_way_every_time() -> None:
    fused = fuse([ranking("lexical", 5, 2, 7, 8), ranking("vector", 2, 5, 7, 9)], limit=3)
    assert [entry.key.chunk_id for entry in fused] == [2, 5, 7]


def test_what_is_at_the_head_of_one_list_is_not_cut_off_for_what_is_in_the_middle_of_two() -> None:
    """The one chunk that holds a word, beside many that share the other word of the question and are alike."""
    many = list(range(100, 190))
    fused = fuse([ranking("lexical", 1, *many), ranking("vector", *reversed(many))], limit=60)
    assert 1 in [entry.key.chunk_id for entry in fused]
    assert len(fused) < 70


def test_a_name_that_nothing_defines_is_found_where_it_stands_be_that_a_test() -> None:
    named = candidate(1, "tests/test_codes.py", text="assert reply.code == 'ERR_QUOTA_SPENT'")
    others = [candidate(number, f"src/m{number}.py", text="raise Failed('ERR_QUOTA')") for number in range(2, 8)]
    mention = Mention("ERR_QUOTA_SPENT", MentionKind.UNRESOLVED, is_name=True, is_code=True)
    assert order("what means ERR_QUOTA_SPENT", [*others, named], mention)[0] == 1


@pytest.mark.parametrize(
    ("text", "is_first"),
    [
        ("x-quota-spent", True),
        ("quota.spent", True),
        ("--quota-spent", True),
        ("quota->spent()", True),
        ("quota_spent?", True),
        ("/quota/spent", False),
        ("quota > spent", False),
        ("q,s", False),
    ],
)
def test_an_example_in_a_question_is_no_name_that_is_looked_for(text: str, is_first: bool) -> None:
    holding = candidate(1, "src/m1.py", text=f"values = ['{text}']")
    answering = candidate(2, "src/m2.py", text="def refuse(): drop the leading slash of what is left")
    mention = Mention(text, MentionKind.UNRESOLVED, is_name=True, is_code=True)
    question = f"when does '{text}' drop the leading slash of what is left"
    assert (order(question, [answering, holding], mention)[0] == 1) is is_first


def test_the_rankings_of_several_roots_are_merged_by_their_own_scores() -> None:
    one = Ranking("lexical", ((key(1), 5.0), (key(2), 1.0)))
    other = Ranking("lexical", ((ChunkKey(Path("/b"), 1), 3.0),))
    assert [score for _, score in merge([one, other]).entries] == [5.0, 3.0, 1.0]


def test_the_definition_of_what_is_named_comes_first() -> None:
    hits = [candidate(1, "a.py", "other", "uses retry_limit"), candidate(2, "b.py", "retry_limit")]
    assert order("retry_limit", hits, Mention("retry_limit", MentionKind.SYMBOL, ("retry_limit",)))[0] == 2


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (candidate(2, "retry.py", "f"), candidate(1, "other.py", "f")),  # file name
        (candidate(2, "retry/a.py", "f"), candidate(1, "other/a.py", "f")),  # folder
        (candidate(2, "a.py", "retry"), candidate(1, "b.py", "f")),  # symbol name
        (candidate(2, "a.py", "f", "the retry"), candidate(1, "b.py", "f", "no")),  # coverage
        (candidate(2, "a.py", "f"), candidate(1, "tests/a.py", "f")),  # side code
        (candidate(2, "a.py", "f"), candidate(1, "a.md", "f", source=Source.DOCS)),  # prose
        (candidate(2, "a.py", "f"), candidate(1, "b.py", "")),  # loose lines
    ],
)
def test_each_rule_prefers_the_right_one(better: Candidate, worse: Candidate) -> None:
    for each in (better, worse):
        each.score, each.rules = 1.0, {}
    assert order("where is the retry", [worse, better]) == [2, 1]


def test_tests_and_docs_are_not_pushed_down_when_asked_for() -> None:
    hits = [candidate(1, "a.py", "f", "retry test"), candidate(2, "tests/test_retry.py", "f", "retry test")]
    assert order("test of the retry", hits)[0] == 2


def test_a_second_file_is_listed_before_the_tenth_place_of_the_first() -> None:
    hits = [candidate(number, "a.py", f"f{number}", "retry") for number in range(9)]
    assert order("retry", [*hits, candidate(9, "b.py", "g", "retry")]).index(9) <= 2


@pytest.mark.parametrize(
    ("path", "side"),
    [
        ("tests/a.py", True),
        ("src/test_a.py", True),
        ("pkg/a_test.go", True),
        ("web/a.spec.ts", True),
        ("examples/a.py", True),
        ("src/UserTests.java", True),
        (".github/workflows/release.yml", True),
        (".eslintrc.js", False),
        ("src/latest.py", False),
        ("src/contest/rank.py", False),
        ("src/attestation.go", False),
    ],
)
def test_side_code_is_told_by_its_path(path: str, side: bool) -> None:
    assert is_side_code(path) is side
