"""The words of a lie may all stand in the lines: what is told is whether they belong together."""

import pytest

from surefoot.answer.relations import contradiction

CODE = '''\
def find(self, name):
    """Find something. It is not thread-safe."""
    if name is None:
        return 0
    entry = lookup(name)
    log(entry)
    for child in entry.children:
        if child.matches(entry):
            self.size = child.limit
            return child
    raise KeyError(name)'''


@pytest.mark.parametrize(
    "claim",
    [
        "`find` returns 0 if the name is None.",
        "`find` calls `lookup`.",
        "`lookup` is called before `log`.",
        "`find` is not thread-safe.",
        "`find` raises `KeyError` if no child has the name.",
    ],
)
def test_what_the_lines_say_is_no_contradiction(claim: str) -> None:
    assert contradiction(claim, CODE, "Store.find") == ""


def test_a_part_of_a_compound_is_no_value_of_its_own() -> None:
    code = "def button(label, other):\n    element.set('aria-label', other)\n    element.text = label"
    assert contradiction("The `aria-label` is set to `label`.", code, "button")
    assert contradiction("The `aria-label` is set to `other`.", code, "button") == ""


@pytest.mark.parametrize(
    "claim",
    [
        "`find` returns 0 if the name is not None.",
        "`lookup` calls `find`.",
        "`log` is called before `lookup`.",
        "`find` does not log the entry.",
        "`find` returns 1 if the name is None.",
        "`child.limit` is set to `self.size`.",
        "`find` returns an empty string.",
    ],
)
def test_what_they_speak_against_is_named(claim: str) -> None:
    assert contradiction(claim, CODE, "Store.find")
