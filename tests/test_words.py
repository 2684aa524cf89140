import pytest

from surefoot.words import content_terms, coverage, fold, folded, index_words, split_identifier, stem, stems_of


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("getUserName", ["get", "user", "name"]),
        ("HTTPResponse", ["http", "response"]),
        ("parse_http2_frame", ["parse", "http", "2", "frame"]),
        ("SCREAMING_CASE", ["screaming", "case"]),
        ("__init__", ["init"]),
        ("größe_maß2", ["größe", "maß", "2"]),
        ("x", ["x"]),
    ],
)
def test_identifiers_are_split_at_case_digits_and_underscores(word: str, parts: list[str]) -> None:
    assert split_identifier(word) == parts


def test_index_words_keeps_the_whole_identifier_before_its_parts() -> None:
    assert index_words("self.getUserName(x)") == "self getusername get user name x"


def test_fold_makes_all_case_styles_equal() -> None:
    assert fold("get_user_name") == fold("getUserName") == fold("GET-USER-NAME") == "getusername"


def test_content_terms_leave_out_the_words_of_the_asking() -> None:
    assert content_terms("Where is the retry limit defined?") == ("retry", "limit")


def test_content_terms_split_identifiers() -> None:
    assert content_terms("what calls verify_citation") == ("calls", "verify_citation", "verify", "citation")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("checking", "checked"),
        ("citation", "citations"),
        ("parser", "parse"),
        ("stopped", "stop"),
        ("indexes", "index"),
    ],
)
def test_stem_joins_inflections(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("cache", "cash"), ("token", "taken"), ("read", "ready2")])
def test_stem_keeps_different_words_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_coverage_is_the_share_of_the_weight_that_is_present() -> None:
    weights = {"redis": 6.0, "cache": 2.0}
    assert coverage(weights, stems_of("class LocalCaches: ...")) == 0.25
    assert coverage(weights, stems_of("redis cache")) == 1.0
    assert coverage({}, stems_of("anything")) == 0.0


@pytest.mark.parametrize("name", ["İstanbul", "ǰ_x", "ΐota", "Straße", "_snake_Case1", "ﬁle", "a-b"])
def test_what_is_folded_stays_as_it_is_when_it_is_folded_again(name: str) -> None:
    assert folded(folded(name)) == folded(name)
