"""Which questions refer back to the one before them, and what they then ask for."""

from __future__ import annotations

import pytest

from surefoot.retrieve.follow_up import follow_up, refers_back

REFERRING = """
and where is it tested?
where is it tested?
Where is this tested
who calls it?
which tests cover it?
does it call `retry`?
how is it different from FileCache?
what happens there?
what is stored there?
why?
and why?
where are the tests?
what about the tests?
how does that work?
how does this function handle errors?
where is the limit for this function checked?
does Beta do the same?
is the limit checked in the same file?
which classes inherit from it?
where do we validate it?
who overrides it?
what are its arguments?
do they share a lock?
are these documented?
who uses them?
explain that in more detail
tell me more
what else uses this?
and what does it return?
can it raise an exception?
show me an example
does it expire after an hour?
What is the default timeout of it?
where is that value set?
when are those called?
is it thread safe?
what would break if I changed it?
where does it come from?
Who else uses this class
"""

STANDING_ALONE = """
how does the cache decide when it expires?
What does `parse` do when it fails?
is there a rate limiter?
are there tests for the cart?
does retry() log that it failed?
where is the function that parses headers?
is it possible to configure the timeout?
is it true that the cart raises?
what happens when this package is imported without a config?
how is this project built?
and where is the tax rate computed?
what about rate_for?
where is the session opened
how do the cart and the tax rates fit together?
what happens to the session when it expires?
how do sessions expire and what triggers it?
Where is the code that checks whether a user may log in?
When the cart is full, does it raise?
If a user is locked, what happens to them?
does Cart.add_item raise when it is full
boil_water
what makes sure that a token is never reused?
where do we make sure that the totals match
test of the cart total
who calls rate_for?
which tests cover total_price?
how are errors in the parser reported to their callers?
what is the default timeout
how does the scheduler pick jobs and when does it run them?
"""


def each(lines: str) -> list[str]:
    return lines.strip().splitlines()


@pytest.mark.parametrize("question", each(REFERRING))
def test_a_question_that_lacks_its_subject_refers_back(question: str) -> None:
    assert refers_back(question)
    text, added = follow_up(question, ["Cart.total_price"])
    assert (text, added) == (f"{question} (`Cart.total_price`)", ("Cart.total_price",))


@pytest.mark.parametrize("question", each(STANDING_ALONE))
def test_a_question_that_stands_on_its_own_stays_as_it_is(question: str) -> None:
    assert not refers_back(question)
    assert follow_up(question, ["Cart.total_price"]) == (question, ())


def test_it_is_one_thing_and_they_are_several_the_first_ones_first() -> None:
    assert follow_up("who calls it?", ["a.f", "g", "h", "i"])[1] == ("a.f",)
    assert follow_up("who calls them?", ["a.f", "g", "h", "i"])[1] == ("a.f", "g", "h")


def test_a_name_that_the_question_has_already_is_not_repeated() -> None:
    assert follow_up("does it call rate_for?", ["shop.rate_for", "Cart.total"])[1] == ("Cart.total",)
    assert follow_up("does it call `rateFor`?", ["rate_for"]) == ("does it call `rateFor`?", ())


def test_without_anything_to_refer_to_the_question_stays_as_it_is() -> None:
    assert follow_up("where is it tested?", []) == ("where is it tested?", ())


@pytest.mark.parametrize("text", ["", "?", "🦶", "it " * 5000, "`" * 99, "the same"])
def test_odd_questions_do_no_harm(text: str) -> None:
    assert follow_up(text, ["f"])[0].startswith(text)
