"""What an assistant is told of a sentence that is supported in part: the claim, and apart from it what was left out."""

from surefoot.engine import Engine
from surefoot.mcp.arguments import AskCodebase
from surefoot.mcp.asking import Asking
from surefoot.mcp.features.answers import ask_codebase
from surefoot.trace import CancelToken
from test_engine import Scripted

CLAIM = "`rate_for` returns the tax rate of a country."
DRAFT = f"- {CLAIM[:-1]} and caches it in `RateCache`. [1]\n- {CLAIM[:-1]}; see https://evil.example/x. [1]\n"


def test_a_part_without_support_stands_below_its_claim_and_is_said_to_be_left_out(engine: Engine) -> None:
    engine._generators["scripted"] = Scripted(DRAFT)
    asking = Asking(engine, CancelToken(), lambda _: None, lambda: False)
    told = ask_codebase(asking, AskCodebase(question="what is the tax rate_for a country", model="scripted"))
    left_out = "and caches it in `RateCache`."
    reason = "`RateCache` is not in what it cites"
    assert f"\n- {CLAIM} [1]\n  (left out: {left_out[:-1]}; {reason})\n" in told.text
    first, *_ = told.structured["claims"]
    assert first == {"text": CLAIM, "citations": [1], "struck": [{"text": left_out, "reason": reason}]}
    assert "Answer (written by scripted, the rest taken from the code; each statement" in told.text
    assert told.structured["withheld_count"] == 1  # what is left of the second sentence was told already
    assert "evil" not in told.text
