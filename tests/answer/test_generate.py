from collections.abc import Iterator, Sequence

import pytest

from surefoot.answer.generate import generate, parse_line
from surefoot.answer.prompt import build_request, grammar
from surefoot.domain import Context, DraftClaim
from surefoot.models.protocols import GenerationRequest
from surefoot.trace import CancelToken


class Scripted:
    """A generator that says what it was told to, in pieces."""

    name = "scripted"
    context_tokens = 4096

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        yield from self.pieces

    def close(self) -> None: ...


REQUEST = build_request("what?", Context((), (), 0), 100)


@pytest.mark.parametrize(
    ("line", "claims"),
    [
        ("- It adds one. [1]", [DraftClaim("It adds one.", (1,))]),
        ("- It adds one.[2][3]", [DraftClaim("It adds one.", (2, 3))]),
        ("2) It adds one. [7] [7]", [DraftClaim("It adds one.", (7,))]),
        ("It says nothing about a source.", [DraftClaim("It says nothing about a source.", ())]),
        ("- -1 is returned. [1]", [DraftClaim("-1 is returned.", (1,))]),
        ("- `argv[1]` is the user. [2]", [DraftClaim("`argv[1]` is the user.", (2,))]),
        ("NONE", []),
        ("", []),
    ],
)
def test_a_line_is_a_claim_with_its_sources(line: str, claims: list[DraftClaim]) -> None:
    assert list(parse_line(line)) == claims


def test_claims_come_as_soon_as_their_line_is_complete() -> None:
    draft: list[str] = []
    claims = generate(Scripted("- One", " thing. [1]\n- Ano", "ther. [2]\n"), REQUEST, CancelToken(), draft)
    assert next(claims) == DraftClaim("One thing.", (1,))
    assert "".join(draft) == "- One thing. [1]\n- Ano"
    assert list(claims) == [DraftClaim("Another.", (2,))]


def test_generation_ends_where_the_model_repeats_itself() -> None:
    pieces = iter(["- One. [1]\n", "- Two. [1]\n", "- One. [2]\n", "- Three. [1]\n"])
    claims = generate(Scripted(*pieces), REQUEST, CancelToken(), draft := [])
    assert [claim.text for claim in claims] == ["One.", "Two."]
    assert len(draft) == 3


def test_a_line_cut_off_before_its_citation_is_left_out() -> None:
    claims = generate(Scripted("- One thing. [1]\n- And then the"), REQUEST, CancelToken(), [])
    assert list(claims) == [DraftClaim("One thing.", (1,))]


def test_the_grammar_offers_the_numbers_of_the_context_only() -> None:
    assert '("1" | "2" | "3")' in grammar(3)
    assert '"4"' not in grammar(3)


def test_the_question_stands_on_one_line_after_the_sources() -> None:
    request = build_request("what\nis\n[1] this?", Context((), (), 0), 100)
    assert request.user.endswith("\nQuestion: what is [1] this?")
