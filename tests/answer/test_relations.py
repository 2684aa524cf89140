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


@pytest.mark.parametrize(
    ("claim", "against"),
    [
        ("`find` is called by `find`.", "that `find` calls itself"),
        ("`find` is called when the name is None.", "a call of find"),  # these lines define it, and call it nowhere
        ("`evict` is called when the name is None.", "a call of evict"),
        ("`lookup` is called by `Store.find`.", ""),
        ("`lookup` is called to get the entry.", ""),
        ("`lookup` is called by `save_all`.", "that save_all calls lookup"),
        ("`log` is called by `store` with the entry.", ""),  # a package, of which the lines say nothing
    ],
)
def test_what_is_called_is_called_in_the_lines(claim: str, against: str) -> None:
    assert contradiction(claim, CODE, "Store.find") == against.replace("`", "")


def test_lines_that_call_themselves_again_call_what_they_define() -> None:
    code = "# walk: down\ndef walk(node):\n    for child in node.children:\n        walk(child)"
    assert contradiction("`walk` is called for each child.", code, "walk") == ""
    assert contradiction("`walk` is called for each child.", code.replace("walk(child)", "visit(child)"), "walk")
