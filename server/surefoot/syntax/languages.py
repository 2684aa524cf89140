"""Which language a file is written in, by name, by its first line, and for `.h` by what it says.

Invariant: a table and pure functions; no grammar is loaded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

TEXT = "text"  # what no other language claims
TICKET = "ticket"  # a file of Markdown that is one
TICKET_ENDINGS = (".md", ".markdown")
DIAGRAMS = frozenset({"mermaid", "plantuml", "graphviz"})


@dataclass(frozen=True, slots=True)
class Language:
    """One language: how its files are recognised and where its grammar is.

    `module` is the import name of the grammar's wheel, `factory` the function in it that returns the grammar, and
    `query` the file in `queries/`. Without a module there is no grammar. `is_design` says that a reader in `designs`
    finds the definitions, and no query.
    """

    name: str
    extensions: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    module: str = ""
    factory: str = "language"
    query: str = ""
    is_prose: bool = False
    is_design: bool = False


_TABLE = (
    Language(
        "python",
        (".py", ".pyi", ".pyw", ".bzl", ".star"),
        ("SConstruct", "SConscript", "BUILD.bazel", "WORKSPACE", "wscript"),
        ("python", "pypy", "uv"),
        "tree_sitter_python",
    ),
    Language("javascript", (".js", ".jsx", ".mjs", ".cjs"), (), ("node", "nodejs"), "tree_sitter_javascript"),
    Language(
        "typescript",
        (".ts", ".mts", ".cts"),
        (),
        ("deno", "ts-node", "tsx", "bun"),
        "tree_sitter_typescript",
        "language_typescript",
    ),
    Language("tsx", (".tsx",), (), (), "tree_sitter_typescript", "language_tsx", "typescript"),
    Language("vue", (".vue",), (), (), "tree_sitter_typescript", "language_typescript", "typescript"),
    Language("svelte", (".svelte",), (), (), "tree_sitter_typescript", "language_typescript", "typescript"),
    Language("go", (".go",), module="tree_sitter_go"),
    Language("rust", (".rs",), (), ("rust-script",), "tree_sitter_rust"),
    Language("java", (".java",), module="tree_sitter_java"),
    Language("kotlin", (".kt", ".kts"), (), ("kotlin",), "tree_sitter_kotlin"),
    Language("c", (".c", ".h"), module="tree_sitter_c"),
    Language(
        "cpp",
        (".cc", ".cpp", ".cxx", ".c++", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".inl", ".tpp", ".cu", ".cuh", ".ino"),
        module="tree_sitter_cpp",
    ),
    Language("csharp", (".cs", ".csx"), module="tree_sitter_c_sharp"),
    Language(
        "ruby",
        (".rb", ".rake", ".gemspec", ".ru", ".podspec"),
        ("Rakefile", "Gemfile", "Guardfile", "Vagrantfile", "Podfile", "Fastfile", "Brewfile", "Capfile"),
        ("ruby", "jruby", "rake"),
        "tree_sitter_ruby",
    ),
    Language("php", (".php", ".phtml", ".php5", ".php7"), (), ("php",), "tree_sitter_php", "language_php"),
    Language("swift", (".swift",), (), ("swift",), "tree_sitter_swift"),
    Language("scala", (".scala", ".sc", ".sbt"), (), ("scala", "scala-cli"), "tree_sitter_scala"),
    Language(
        "bash",
        (".sh", ".bash", ".zsh", ".ksh", ".bats", ".ebuild"),
        (".bashrc", ".bash_profile", ".profile", ".zshrc", "PKGBUILD", "configure"),
        ("sh", "bash", "zsh", "ksh", "dash", "ash", "bats"),
        "tree_sitter_bash",
    ),
    Language("lua", (".lua", ".rockspec"), (), ("lua", "luajit"), "tree_sitter_lua"),
    Language("elixir", (".ex", ".exs"), (), ("elixir",), "tree_sitter_elixir"),
    Language("sql", (".sql", ".ddl", ".pgsql"), module="tree_sitter_sql", is_design=True),
    Language("dart", (".dart",), (), ("dart",), "tree_sitter_dart"),
    Language("html", (".html", ".htm", ".xhtml"), module="tree_sitter_html"),
    Language("css", (".css",), module="tree_sitter_css"),
    Language(
        "json",
        (".json", ".jsonc", ".json5", ".webmanifest", ".geojson", ".code-workspace"),
        (".babelrc", ".eslintrc", ".prettierrc", "composer.lock", "Pipfile.lock"),
        module="tree_sitter_json",
    ),
    Language("yaml", (".yaml", ".yml"), (".clang-format", ".clang-tidy", "CITATION.cff"), module="tree_sitter_yaml"),
    Language("graphql", (".graphql", ".gql", ".graphqls"), is_design=True),
    Language("protobuf", (".proto",), is_design=True),
    Language("mermaid", (".mmd", ".mermaid"), is_design=True),
    Language("plantuml", (".puml", ".plantuml", ".pu", ".iuml"), is_design=True),
    Language("graphviz", (".dot", ".gv"), is_design=True),
    Language("toml", (".toml",), ("Pipfile", "Cargo.lock", "poetry.lock", "uv.lock"), module="tree_sitter_toml"),
    Language("markdown", (".md", ".markdown", ".mdown", ".mkd", ".mdx"), module="tree_sitter_markdown", is_prose=True),
    Language("rst", (".rst", ".rest"), is_prose=True),
    Language("asciidoc", (".adoc", ".asciidoc", ".asc"), is_prose=True),
    Language("ticket", is_prose=True),  # Markdown in a folder of tickets, which no name of a file tells
    Language(TEXT),
)

LANGUAGES = MappingProxyType({language.name: language for language in _TABLE})
_BY_EXTENSION = {extension: language.name for language in _TABLE for extension in language.extensions}
_BY_FILENAME = {name: language.name for language in _TABLE for name in language.filenames}
_BY_INTERPRETER = {name: language.name for language in _TABLE for name in language.interpreters}

# Files of unknown extension that are written for people: these are documents, every other unknown file is code.
_PROSE_EXTENSIONS = frozenset({".txt", ".text", ".man", *(f".{section}" for section in range(1, 10))})  # man pages
_PROSE_NAMES = frozenset({
    "README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CONTRIBUTORS", "CONTRIBUTING", "MAINTAINERS",
    "CHANGELOG", "CHANGES", "HISTORY", "NEWS", "RELEASES", "TODO", "THANKS", "CREDITS", "INSTALL", "HACKING", "FAQ",
})  # fmt: skip
_TEXT_CODE_NAMES = frozenset({"CMakeLists.txt", "requirements.txt", "constraints.txt", "robots.txt"})

_SHEBANG = re.compile(r"#!\s*(\S+)(.*)")
_MODE_LINE = re.compile(r"-\*-.*?\b(?:mode:\s*)?([A-Za-z+#-]+)\s*;?.*-\*-")
_MODES = MappingProxyType({"c++": "cpp", "sh": "bash", "shell-script": "bash", "js": "javascript", "c#": "csharp"})

# What only C++ says. Comments and strings may hold such words too, so each pattern wants the shape of a statement.
# In two, and each with what it can begin with in front, so that most characters are passed over without a try.
_CPP_LINE = re.compile(
    r"^[^\S\n]*(?:namespace(?:\s+[\w:]+)?\s*\{|template\s*<|class\s+\w[\w\s]*(?:final\s*)?[:{;]|using\s+[\w:]+\s*[=;]"
    r"|(?:public|private|protected)\s*:|#\s*include\s*<[a-z_]+>|constexpr\s|explicit\s|virtual\s)",
    re.MULTILINE,
)
_CPP_WORD = re.compile(
    r"std(?<!\wstd)::\w|static_cast(?<!\wstatic_cast)\s*<|operator(?<!\woperator)\s*[=<>+\-*/\[(]"
    r"|=\s*(?:delete|default)\s*;"
)
_CPP_GUARD = re.compile(r"^\s*#\s*ifdef\s+__cplusplus.*?^\s*#\s*endif", re.MULTILINE | re.DOTALL)
_HEADER_SAMPLE = 64 * 1024  # characters of a `.h` that are looked at: enough to get past any licence


def language_of(path: str, first_line: str = "", *, text: str = "") -> str:
    """The name of the language that `path` is written in, or "text".

    `first_line` decides for files whose name says nothing; `text` tells a C++ `.h` from a C one (C without it).
    """
    name = path.rsplit("/", 1)[-1]
    if name in _BY_FILENAME:
        return _BY_FILENAME[name]
    found = _BY_EXTENSION.get(_extension(name), "")
    if found == "c" and text and name.endswith((".h", ".H")) and _is_cpp(text[:_HEADER_SAMPLE]):
        return "cpp"
    return found or _from_first_line(first_line or text[:256].split("\n", 1)[0])


def language_named(name: str) -> str | None:
    """The language that people call so: by its own name, by an extension (`js`, `.rs`) or as editors do (`c++`)."""
    name = name.strip().lower()
    known = _MODES.get(name, name)
    return known if known in LANGUAGES else _BY_EXTENSION.get(f".{name.removeprefix('.')}")


def is_document(path: str, language: str) -> bool:
    """Whether the file is written for people to read: prose languages, and plain text that looks like it."""
    known = LANGUAGES.get(language)
    if known is not None and known.name != TEXT:
        return known.is_prose
    name = path.rsplit("/", 1)[-1]
    if name in _TEXT_CODE_NAMES:
        return False
    return _extension(name) in _PROSE_EXTENSIONS or name.split(".", 1)[0].upper() in _PROSE_NAMES


def _extension(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 else ""


def _is_cpp(text: str) -> bool:
    text = _CPP_GUARD.sub("", text)
    return bool(_CPP_WORD.search(text) or _CPP_LINE.search(text))


def _from_first_line(line: str) -> str:
    shebang = _SHEBANG.match(line)
    if shebang is not None:
        words = [shebang.group(1), *shebang.group(2).split()]
        program = words[0].rsplit("/", 1)[-1]
        if program == "env":
            program = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), "")
        return _BY_INTERPRETER.get(re.sub(r"[\d.]+$", "", program.rsplit("/", 1)[-1]), TEXT)
    mode = _MODE_LINE.search(line)
    if mode is not None:
        name = mode.group(1).lower()
        name = _MODES.get(name, name)
        return name if name in LANGUAGES else TEXT
    return "php" if line.startswith("<?php") else TEXT
