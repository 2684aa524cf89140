"""Words, vectors, names and scopes."""

import random

import pathspec
import pytest

from store.store_samples import WEIGHTS, lexer, parsed, put, vector
from surefoot.domain import Scope, Source
from surefoot.errors import QueryError
from surefoot.store.database import IndexStore
from surefoot.store.scope import _compiled

EVERYTHING = Scope()


def found(store: IndexStore, match: str, scope: Scope = EVERYTHING) -> list[str]:
    ids = [chunk_id for chunk_id, _ in store.lexical(match, scope, 20, WEIGHTS)]
    return [store.chunk_paths(ids)[chunk_id] for chunk_id in ids]


# --- words ---


def test_split_identifiers_stems_and_accents_match(store: IndexStore) -> None:
    put(store, parsed("a.py", ["class RequestHandler: # verifies the café"]))
    for word in ("handler", "handlers", "requesthandler", "verify", "verified", "cafe"):
        assert found(store, f'"{word}"') == ["a.py"], word
    assert found(store, '"unrelated"') == []


def test_a_name_weighs_more_than_the_same_word_in_a_body(store: IndexStore) -> None:
    put(store, parsed("body.py", ["cache " + "filler " * 10]))
    put(store, parsed("name.py", ["other words here"], names=["cache"]))
    put(store, parsed("none.py", ["nothing"]))
    scores = store.lexical('"cache"', EVERYTHING, 5, WEIGHTS)
    assert found(store, '"cache"') == ["name.py", "body.py"]
    assert scores[0][1] > scores[1][1] > 0


def test_columns_can_be_named_and_the_limit_is_kept(store: IndexStore) -> None:
    for n in range(5):
        put(store, parsed(f"handler{n}/x.py", ["word"]))
    assert found(store, 'body : "handler"') == []
    assert len(store.lexical('path : "handler0" OR "word"', EVERYTHING, 3, WEIGHTS)) == 3


def test_a_malformed_expression_is_the_askers_fault(store: IndexStore) -> None:
    with pytest.raises(QueryError, match="AND AND"):
        store.lexical("AND AND", EVERYTHING, 5, WEIGHTS)


def test_document_frequency_counts_chunks_in_all_forms_of_the_word(store: IndexStore) -> None:
    put(store, parsed("a.py", ["index the file", "indexes indexed indexing", "file"]))
    assert store.document_frequency(["indexes", "file", "absent"]) == {"indexes": 2, "file": 2, "absent": 0}
    for word in ("index", "files", "indexing"):
        assert store.document_frequency([word])[word] == len(store.lexical(f'"{word}"', EVERYTHING, 9, WEIGHTS))


def test_a_whole_identifier_is_one_rare_word(store: IndexStore) -> None:
    put(store, parsed("a.py", ["get_or_create()", "get or create"]))
    assert store.document_frequency(["get_or_create", "..."]) == {"get_or_create": 1, "...": 0}
    assert [chunk.text for chunk in store.mentioning("get_or_create", 9)] == ["get_or_create()"]


def test_mentioning_takes_no_syntax_and_keeps_its_limit(store: IndexStore) -> None:
    put(store, parsed("a.py", ["alpha", "alpha beta", "alphas"]))
    assert len(store.mentioning("alpha", 2)) == 2
    assert store.mentioning('alpha" OR "beta', 9) == []


# --- names ---


def test_symbols_are_found_in_any_letter_case_beyond_ascii(store: IndexStore) -> None:
    put(store, parsed("a.py", ["x"], names=["Größe"]))
    assert [symbol.name for symbol, _ in store.symbols("GRÖSSE")] == ["Größe"]
    assert store.symbols("gro") == []


# --- scope ---


@pytest.fixture
def mixed(store: IndexStore) -> IndexStore:
    put(store, parsed("src/app/a.py", ["word"], names=["thing"]), vector(100))
    put(store, parsed("src/b.py", ["word"], names=["thing"]), vector(101))
    put(store, parsed("src/c.ts", ["word"], names=["thing"], language="typescript"), vector(102))
    put(store, parsed("docs/d.md", ["word"], names=["thing"], language="markdown", source=Source.DOCS), vector(103))
    return store


SCOPES = [
    (Scope(), {"src/app/a.py", "src/b.py", "src/c.ts", "docs/d.md"}),
    (Scope(paths=("src/**",)), {"src/app/a.py", "src/b.py", "src/c.ts"}),
    (Scope(paths=("src",)), {"src/app/a.py", "src/b.py", "src/c.ts"}),
    (Scope(paths=("src/*.py",)), {"src/b.py"}),
    (Scope(paths=("*.py",)), {"src/app/a.py", "src/b.py"}),
    (Scope(paths=("**/a.py",)), {"src/app/a.py"}),
    (Scope(paths=("src/**/a.py",)), {"src/app/a.py"}),
    (Scope(paths=("src/?.py", "docs/")), {"src/b.py", "docs/d.md"}),
    (Scope(paths=("[bc].*",)), {"src/b.py", "src/c.ts"}),
    (Scope(paths=("*.py", "!src/b.py")), {"src/app/a.py"}),
    (Scope(paths=("nowhere/**",)), set()),
    (Scope(languages=("typescript", "markdown")), {"src/c.ts", "docs/d.md"}),
    (Scope(sources=(Source.DOCS,)), {"docs/d.md"}),
    (Scope(sources=(Source.CODE,), languages=("python",), paths=("src/app/",)), {"src/app/a.py"}),
    (Scope(languages=("python' OR 1=1 --",)), set()),
]


@pytest.mark.parametrize(("scope", "expected"), SCOPES)
def test_no_retriever_leaves_the_scope(mixed: IndexStore, scope: Scope, expected: set[str]) -> None:
    near = [chunk_id for chunk_id, _ in mixed.nearest(vector(127), scope, 10)]
    assert set(mixed.chunk_paths(near).values()) == expected
    assert set(found(mixed, '"word"', scope)) == expected
    assert {symbol.span.path for symbol, _ in mixed.symbols("thing", scope)} == expected
    assert {path for path in mixed.paths() if mixed.chunk_ids(path, scope)} == expected


def test_the_lexer_of_these_tests_splits() -> None:
    assert lexer("RequestHandler") == "requesthandler request handler"


def test_a_glob_of_many_stars_does_not_try_in_vain_for_ever() -> None:
    """Six stars and a long name would otherwise take minutes, in which no other thread gets a turn."""
    path = f"src/{'a' * 200}.py"
    assert not any(pattern.search(path) for pattern, _ in _compiled("*a" * 20 + "*b"))
    assert not any(pattern.search(path) for pattern, _ in _compiled("*[ab]*?" * 10 + "*b"))
    assert all(pattern.search(path) for pattern, _ in _compiled("*a" * 20 + "*.py"))


@pytest.mark.parametrize("seed", range(20))
def test_globs_with_stars_mean_what_they_meant(seed: int) -> None:
    drawn = random.Random(seed)
    for _ in range(100):
        glob = "".join(drawn.choices(["*", "a", "b", "/", "?", "**/", ".", "[ab]", "_"], k=drawn.randint(1, 8)))
        theirs = pathspec.PathSpec.from_lines("gitignore", [glob]).patterns[0].regex
        for _ in range(20):
            path = "".join(drawn.choices("aab/._", k=drawn.randint(1, 12)))
            ours = [bool(pattern.search(path)) for pattern, _ in _compiled(glob)]
            assert ours == ([] if theirs is None else [bool(theirs.search(path))]), (glob, path)
