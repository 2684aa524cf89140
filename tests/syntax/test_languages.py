import pytest

from surefoot.syntax.languages import is_document, language_of


@pytest.mark.parametrize(
    ("path", "first_line", "expected"),
    [
        ("a/b.py", "", "python"),
        ("a/B.PY", "", "python"),
        ("a.tsx", "", "tsx"),
        ("a.d.ts", "", "typescript"),
        ("a/Gemfile", "", "ruby"),
        ("bin/tool", "#!/usr/bin/env python3.11", "python"),
        ("bin/tool", "#!/usr/bin/env -S node --harmony", "javascript"),
        ("bin/tool", "#!/bin/sh -e", "bash"),
        ("bin/tool", "#!/usr/bin/perl", "text"),
        ("bin/tool", "# -*- mode: ruby -*-", "ruby"),
        ("bin/tool", "# -*- coding: utf-8 -*-", "text"),
        ("page", "<?php", "php"),
        ("Makefile", "", "text"),
        (".gitignore", "", "text"),
        ("a.unknown", "", "text"),
        ("README.rst", "", "rst"),
        ("a.h", "", "c"),
    ],
)
def test_language_of(path: str, first_line: str, expected: str) -> None:
    assert language_of(path, first_line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n', "c"),
        ("#include <stdio.h>\nstruct a { int class; };\n", "c"),
        ("#include <vector>\n", "cpp"),
        ("namespace a {\nint f();\n}\n", "cpp"),
        ("class A;\n", "cpp"),
        ("template <class T> T f();\n", "cpp"),
        ("/* a class: nothing */\nint f(void);\n", "c"),
    ],
)
def test_a_header_is_judged_by_what_it_says(text: str, expected: str) -> None:
    assert language_of("a.h", text=text) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("README.md", True),
        ("README", True),
        ("LICENSE", True),
        ("docs/notes.txt", True),
        ("doc/fd.1", True),
        ("CMakeLists.txt", False),
        ("Makefile", False),
        ("a.py", False),
    ],
)
def test_documents_are_told_from_code(path: str, expected: bool) -> None:
    assert is_document(path, language_of(path)) is expected
