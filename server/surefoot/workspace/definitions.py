"""Which lines of code begin a definition, and what it is called, told by the line alone: for the lines of a diff.

Invariant: what is told costs one match of a pattern; prose, calls and statements are not taken for definitions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

LONGEST_LINE = 400  # bytes that are looked at

_NAME = r"[A-Za-z_$][\w$]*"
_NONE_OF = (
    r"(?!(?:return|new|else|throw|case|await|yield|in|is|as|do|goto|assert|using|lock|if|while|for|switch|catch|when|try"
    r"|finally|not|and|or|typeof|delete|with|elif|except|unless|until|super|this)\b)"
)
_MODIFIED = (
    r"(?:(?:public|private|protected|internal|static|final|abstract|sealed|open|override|virtual|async|partial|readonly"
    r"|unsafe|extern|inline|const|synchronized|native|data|inner|suspend|operator|infix|tailrec|implicit|lazy|case"
    r"|companion|fileprivate|mutating|nonisolated|indirect|required|convenience|strictfp|export|default|declare|get|set"
    r"|local|mutable|pub(?:\([^)]*\))?)[ \t]+)"
)
_VISIBLE = (
    r"(?:(?:public|private|protected|internal|static|final|abstract|sealed|open|override|virtual|async|partial|extern"
    r"|unsafe|synchronized|native)[ \t]+)"
)
_TYPED_METHOD = (
    rf"{_NONE_OF}[A-Za-z_][\w.:]*(?:<[^;(){{}}=]*>)?(?:\[\])*[?*&]*[ \t]+[*&]*{_NONE_OF}{_NAME}[ \t]*\([^;={{]*\)"
    r"[^;={}()]*\{[ \t\r]*$"
)


@dataclass(frozen=True, slots=True)
class Family:
    """Languages whose definitions begin alike. `begins` is for a line of a diff, with its sign.

    With `heads_are_indented`, git is told to head hunks with the whole line, so that it shows what lies in it.
    """

    begins: re.Pattern[bytes]
    heads_are_indented: bool = False


def _family(pattern: str, *, heads_are_indented: bool = False) -> Family:
    return Family(re.compile(rf"[+-](?P<indent>[ \t]*)(?:{pattern})".encode()), heads_are_indented)


_PYTHON = _family(
    r"(?P<type>class)[ \t]+\w+[ \t]*[:(\[]|(?:async[ \t]+)?def[ \t]+\w+[ \t]*[(\[]", heads_are_indented=True
)
_RUBY = _family(
    r"(?:(?:private|public|protected|private_class_method|module_function)[ \t]+)?"
    r"(?:(?P<type>class|module)[ \t]+[A-Z:]|def[ \t]+\w)",
    heads_are_indented=True,
)
_JAVASCRIPT = _family(
    rf"{_MODIFIED}*(?:(?P<type>class|interface|enum|namespace)[ \t]+[A-Za-z_$]|function[ \t*]+[A-Za-z_$]"
    rf"|type[ \t]+{_NAME}(?:<[^=]*>)?[ \t]*="
    rf"|(?:const|let|var)[ \t]+{_NAME}[^=]*=[ \t]*(?:async[ \t]*)?"
    rf"(?:function\b|\([^()]*$|\(.*\)[^=]*=>|{_NAME}[ \t]*=>)"
    rf"|[*#]*{_NONE_OF}(?!function\b){_NAME}[ \t]*(?:<[^()]*>)?\((?!.*(?:=>|\bfunction\b))[^;]*\)[^;()]*\{{[ \t\r]*$)",
    heads_are_indented=True,
)
_GO = _family(rf"func[ \t]+(?:\([^)]*\)[ \t]*)?[A-Za-z_]|(?P<type>type)[ \t]+{_NAME}(?:\[[^]]*\])?[ \t]+[A-Za-z_\[*(]")
_RUST = _family(
    r"(?:pub(?:\([^)]*\))?[ \t]+)?(?:(?:async|const|unsafe|default|auto|extern[ \t]+\"[^\"]*\")[ \t]+)*"
    r"(?:fn[ \t]+\w|(?P<type>struct|enum|trait|union|impl|type)(?:<[^>]*>)?[ \t]+\w|macro_rules![ \t]*\w)"
)
_TYPED = _family(
    rf"{_MODIFIED}*(?:(?P<type>class|interface|enum|struct|record|object|trait|protocol|extension|actor)"
    rf"|func?|function|def)[ \t]+(?:<[^>]*>[ \t]*)?[A-Za-z_$&]"
    rf"|{_VISIBLE}+[^=;(){{}}]*?{_NAME}[ \t]*(?:<[^<>()]*>)?\([^;]*(?:;[ \t\r]*)?(?:\{{.*)?$|{_TYPED_METHOD}"
)
_C = _family(
    r"(?:typedef[ \t]+)?(?P<type>struct|class|enum|union)[ \t]+[A-Za-z_][^;()=]*$"
    rf"|(?<=[+-]){_NONE_OF}(?:[A-Za-z_][\w \t*&:<>,~\[\]]*?[ \t*&]|(?:\w+::)+)(?:\w+::)*~?\w+"
    rf"[ \t]*\([^;\\]*$|{_TYPED_METHOD}"
)
_ELIXIR = _family(r"(?:(?P<type>defmodule)|defp?)[ \t]+\w")
_LUA = _family(r"(?P<type>(?!))|(?:local[ \t]+)?function[ \t]+\w")
_JULIA = _family(r"(?:(?P<type>(?:mutable[ \t]+)?struct|module)|function)[ \t]+\w")
_ZIG = _family(r"(?P<type>(?!))|(?:(?:pub|export|inline)[ \t]+)*fn[ \t]+\w")
_PERL = _family(r"(?P<type>package)[ \t]+\w|sub[ \t]+\w")
_SHELL = _family(r"(?P<type>(?!))|(?:function[ \t]+[\w-]+|[A-Za-z_][\w-]*[ \t]*\([ \t]*\))")

_ENDINGS = MappingProxyType({
    ending: family
    for family, endings in (
        (_PYTHON, "py pyi"),
        (_RUBY, "rb rake"),
        (_JAVASCRIPT, "js jsx mjs cjs ts tsx mts vue svelte"),
        (_GO, "go"),
        (_RUST, "rs"),
        (_TYPED, "java kt kts cs swift scala sc dart groovy php"),
        (_C, "c h cc cpp cxx hh hpp hxx"),
        (_ELIXIR, "ex exs"),
        (_LUA, "lua"),
        (_JULIA, "jl"),
        (_ZIG, "zig"),
        (_PERL, "pl pm"),
        (_SHELL, "sh bash"),
    )
    for ending in endings.split()
})  # fmt: skip


def family_of(path: str) -> Family | None:
    """By the ending of the path; None where nothing is known of how definitions begin."""
    return _ENDINGS.get(path.rpartition(".")[2].lower())


# --- names ---

_GO_METHOD = re.compile(r"func\s+\(\s*\w*\s*\*?\s*(\w+)[^)]*\)\s*(\w+)")
# After `struct` and the like, a name that a function's name follows is what that function returns.
_DEFINED = re.compile(
    r"\b(?:(?:struct|union|enum(?:\s+(?:class|struct))?)(?!\s+\w+[\s*&]+\w+\s*\()|def|defp|defmodule|func|function|fn|"
    r"fun(?:\s+interface)?|sub|proc|class|interface|trait|impl(?:<[^>]*>)?|module|namespace|object|record|protocol|"
    r"extension|actor|type|macro_rules!)[\s*&]+(?:self\.)?([A-Za-z_$][\w$]*(?:(?:\.|::)\w+)*[?!]?)"
)
_ASSIGNED = re.compile(r"\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)")
_CALLABLE = re.compile(r"((?:[A-Za-z_$][\w$]*::~?)*[A-Za-z_$~][\w$]*)\s*(?:<[^<>()]*>)?\s*\(")
_NO_NAMES = frozenset(
    "if for while switch catch return else do try throw new await typeof case with sizeof defined assert print not and "
    "or in is lambda yield using lock unless until when elif except raise del it test describe expect beforeEach "
    "afterEach beforeAll afterAll".split()
)
_CUT = 80  # bytes after which git cuts a header: a name that ends there may be the beginning of one
_LONGEST_NAME = 100


def function_name(head: str) -> str:
    """What a head of a function calls it; empty where it is none of a shape that is known."""
    method = _GO_METHOD.match(head)
    if method is not None:
        return f"{method[1]}.{method[2]}"
    found = _defined(head) or _ASSIGNED.search(head)
    if found is None:
        found = next((match for match in _CALLABLE.finditer(head) if match[1] not in _NO_NAMES), None)
    if found is None:
        return ""
    is_cut = found.end(1) == len(head) and len(head.encode("utf-8", "replace")) >= _CUT
    return "" if is_cut or len(found[1]) > _LONGEST_NAME else found[1].replace("::", ".")


def _defined(head: str) -> re.Match[str] | None:
    """A name after its keyword; not one of a parameter: `int pay(struct shop *shop)`."""
    found = _DEFINED.search(head)
    if found is None or head.count("(", 0, found.start()) > head.count(")", 0, found.start()):
        return None
    return found
