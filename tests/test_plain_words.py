"""Which words code is hardly ever named by."""

import pytest

from surefoot.plain_words import LIST, is_plain, root


@pytest.mark.parametrize("word", ["kept", "Kept", "whichever", "eight", "gone", "soon", "stuff"])
def test_what_is_only_said_of_code_is_plain(word: str) -> None:
    assert is_plain(word)


THINGS = ("kafka", "schema", "token", "webhook", "account", "Jira", "github", "brotli", "SAML", "x509")


@pytest.mark.parametrize("word", THINGS)
def test_what_things_are_called_is_not(word: str) -> None:
    assert not is_plain(word)


def test_forms_of_one_word_are_plain_together() -> None:
    """One stem alone leaves "retrying" at "retry", of which nothing is called, and "retries" at "retr"."""
    for forms in (("retry", "retries", "retrying"), ("transition", "transitions", "transitioning")):
        assert len({root(form) for form in forms}) == 1
        assert not any(map(is_plain, forms))


def test_the_list_is_of_roots_in_order_each_once() -> None:
    listed = LIST.read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    assert len(listed) > 500
