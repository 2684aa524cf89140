"""What the index tells of places that a model cites none of: the best ones first, and not many."""

from pathlib import Path

import pytest

from surefoot.answer.extract import MOST_CLAIMS
from surefoot.answer.extractive import passed_over
from surefoot.answer.findings import Findings
from surefoot.domain import Chunk, Claim, Context, ContextItem, Hit, IndexState, Query, Resolved, Root, Source, Span

ROOT = Root(Path("/shop"), "shop")
NAMES = [f"retry_{n}" for n in range(1, 7)]
CHUNKS = [
    Chunk(Span(f"shop/{name}.py", 1, 2), Source.CODE, "python", f"def {name}(limit):\n    return limit + {n}", name)
    for n, name in enumerate(NAMES, 1)
]
ITEMS = tuple(ContextItem(n, ROOT, chunk.span, chunk.symbol, chunk.text, chunk) for n, chunk in enumerate(CHUNKS, 1))
WEIGHTS = {"retry": 1.0, "limit": 1.0}
QUERY = Query("which retry has a limit")
FINDINGS = Findings(
    QUERY,
    [Hit(ROOT, chunk, 1.0, {"lexical": n}) for n, chunk in enumerate(CHUNKS, 1)],
    Resolved(QUERY, (), tuple(WEIGHTS), {"retry": 6, "limit": 6}, WEIGHTS, 100),
    (),
    IndexState(6, 6, indexing=False),
)
SEEN = Context(ITEMS[:5], (), 0)  # a model was shown fewer


def names_after(*cited: int) -> list[str]:
    claims = [Claim("The limit is checked.", (number,)) for number in cited]
    drafts, context = passed_over(FINDINGS, SEEN, Context(ITEMS, (), 0), claims)
    by_number = {item.number: item.symbol for item in context.items}
    assert len(by_number) == len(context.items), "no number is given twice"
    return [by_number[number] for draft in drafts for number in draft.sources]


@pytest.mark.parametrize(("cited", "told"), [((1,), NAMES[1:4]), ((1, 1), NAMES[1:3]), ((1, 1, 1), NAMES[1:2])])
def test_what_is_said_and_told_is_no_more_than_an_answer_without_a_model_has(
    cited: tuple[int, ...], told: list[str]
) -> None:
    assert names_after(*cited) == told
    assert len(cited) + len(told) == MOST_CLAIMS


def test_what_ranks_first_is_told_however_much_was_said() -> None:
    assert names_after(2, 2, 2, 2, 2) == NAMES[:1]


def test_nothing_is_told_where_all_of_it_is_cited() -> None:
    assert names_after(1, 2, 3, 4) == []
