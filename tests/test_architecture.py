"""The drawing in ARCHITECTURE.md as a test: imports go strictly downwards, each heavy dependency has one home."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "server" / "surefoot"

# Top to bottom. Components of one row do not know each other; everything may import from the rows below it.
ROWS = (
    {"__main__"},
    {"cli"},
    {"lsp", "mcp", "dashboard", "evals"},
    {"wire", "golden", "results", "live"},
    {"engine"},
    {"replay", "recorder", "checks"},
    {"index", "retrieve", "answer"},
    {"sources"},
    {"workspace", "syntax", "models", "store", "sync", "telemetry"},
    {"links", "question_parts"},
    {"plain_words"},
    {"config", "trace", "words", "readings", "redact"},
    {"domain", "errors"},
)

# The command line starts the language server, and the front ends share the wire format; nothing else is excused.
HOMES = {
    "pygls": "lsp",
    "lsprotocol": "lsp",
    "apsw": "store",
    "tree_sitter": "syntax",
    "llama_cpp": "models",
    "tokenizers": "models",
    "typer": "cli",
    "rich": "cli",
    "rapidfuzz": "retrieve",
    "ir_measures": "evals",
    "matplotlib": "evals",
    "watchfiles": "live",
    "psutil": "index",
    "pypdf": "readings",
    "opentelemetry": "telemetry",
    "mcp": "mcp",
    "mcp_types": "mcp",
    "starlette": "dashboard | mcp",  # both serve HTTP
    "uvicorn": "dashboard | mcp",
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def component(module: Path) -> str:
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(module: Path) -> set[str]:
    """Every module imported anywhere in the file, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{module}: imports are absolute"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def row_of(name: str) -> int:
    return next(number for number, row in enumerate(ROWS) if name in row)


def test_every_component_has_its_row() -> None:
    components = {component(module) for module in MODULES} - {"__init__"}
    assert components == set().union(*ROWS)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_imports_go_strictly_downwards(module: Path) -> None:
    here = component(module)
    if here == "__init__":
        return
    used = {name.split(".")[1] for name in imported_modules(module) if name.startswith("surefoot.")}
    known = {name for name in used if any(name in row for row in ROWS)} - {here}
    upwards = {name for name in known if row_of(name) <= row_of(here)}
    assert not upwards, f"{here} must not import {sorted(upwards)}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_heavy_dependencies_stay_at_home(module: Path) -> None:
    outside = {name.split(".")[0] for name in imported_modules(module)}
    strays = {name for name in outside if component(module) not in HOMES.get(name, component(module)).split(" | ")}
    assert not strays, f"{sorted(strays)} belong in {sorted(HOMES[name] for name in strays)}"


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    for name in ("domain", "errors", "trace"):
        outside = {m.split(".")[0] for m in imported_modules(PACKAGE / f"{name}.py")}
        assert not outside - set(__import__("sys").stdlib_module_names) - {"surefoot", "__future__"}
