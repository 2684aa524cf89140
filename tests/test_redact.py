"""Secrets are masked, and everything else is left as it is."""

import base64
import random
from typing import Any

import pytest

from secret_samples import KNOWN_TO_DETECT_SECRETS, OTHERS, made
from surefoot.redact import MASK, masked, masked_value
from surefoot.redact.shapes import SHAPES

SHAPES_OF_SECRETS = [shape for _, shape in KNOWN_TO_DETECT_SECRETS] + list(OTHERS)
SURROUNDINGS = ("%s", "x = '%s'", 'key: "%s",', "see\n%s\nthere", "\\n%s\\n", "(%s)")


@pytest.mark.parametrize("shape", SHAPES_OF_SECRETS)
@pytest.mark.parametrize("around", SURROUNDINGS)
def test_every_published_shape_is_masked_wherever_it_stands(shape: str, around: str) -> None:
    for seed in range(5):
        secret, parts = made(shape, seed)
        text = masked(around % secret)
        assert MASK in text
        assert not [part for part in parts if part in text], text


@pytest.mark.parametrize("shape", SHAPES_OF_SECRETS)
def test_the_same_in_the_values_of_a_trace(shape: str) -> None:
    secret, parts = made(shape)
    value = masked_value({"items": [{"text": f"first\n{secret}\nlast", "number": 3}], "passed": True})
    assert not [part for part in parts if part in repr(value)]
    assert (value["items"][0]["number"], value["passed"]) == (3, True)


def test_the_public_beginning_of_a_token_and_what_stands_around_it_stay() -> None:
    secret, _ = made("AKIA{16A}")
    assert masked(f"key={secret}, region=eu") == "key=AKIA…(masked), region=eu"
    secret, _ = made("postgres://me:{12b}@db.internal:5432/shop")
    assert masked(f"url = '{secret}'") == "url = 'postgres://me:…(masked)@db.internal:5432/shop'"
    assert masked('password = "a8#kQ0zzR1"  # of the shop') == 'password = "…(masked)"  # of the shop'


@pytest.mark.parametrize(
    "text",
    [
        "password123 = load_password(password_field)",
        'password = "password"',
        'password = "test1234"',
        'token: "<your-token-here>"',
        'secret = "${SHOP_SECRET}"',
        "api_key = os.environ['API_KEY']",
        'token = "access_token"',
        "token = tokenizer.next_token(position2)",
        'credentials = "tests/data/credentials2.json"',
        'password: "user1@example.com"',
        "https://user:pass@example.com/",
        "http://localhost:8080/@scope/package",
        "Basic authentication is not supported",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "id = '123e4567-e89b-12d3-a456-426614174000'",
        "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "def test_set_cookie_with_cookies_model_and_default_encoding(self): ...",
        "if '-----BEGIN PRIVATE KEY-----' in text: return load(text)",
        "AKIA is the prefix of a key id, ghp_ that of a token",
        "ACKNOWLEDGEMENTS SKIPPED_FILES_ARE_COUNTED_HERE",
        "AKIAXXXXXXXXXXXXXXXX",
        "",
    ],
)
def test_ordinary_code_survives(text: str) -> None:
    assert masked(text) is text


def test_a_value_without_secrets_is_the_same_object() -> None:
    value: Any = {"terms": {"token": 1.5}, "hits": ["a.py:1-2 secret_name"], "deep": [{"none": None, "odd": "\udc80"}]}
    assert masked_value(value) is value


def test_what_a_secret_was_taken_apart_into_is_masked_too() -> None:
    value = masked_value(
        {
            "question": "who reads password = 'Zx81kQpW77aLmN02' here?",
            "stages": [
                {"terms": {"reads": 2.0, "zx": 9.0, "77": 8.0, "zx81kqpw77almn02": 9.5}},
                {"mentions": [{"text": "Zx81kQpW77aLmN02"}, {"text": "kQpW77aL"}, {"text": "reads"}]},
                {"user": "Question: ZX81KQPW77ALMN02?"},
            ],
        }
    )
    assert value["question"] == f"who reads password = '{MASK}' here?"
    terms, mentions, prompt = value["stages"]
    assert set(terms["terms"]) == {"reads", MASK}
    assert [mention["text"] for mention in mentions["mentions"]] == [MASK, MASK, "reads"]
    assert prompt["user"] == f"Question: {MASK}?"


def test_masking_twice_changes_nothing_more() -> None:
    for shape in SHAPES_OF_SECRETS:
        once = masked(made(shape)[0])
        assert masked(once) == once


@pytest.mark.parametrize("text", ["\udc80 AKIA", "\x00", "\u202epassword = 'İ' ", "İ" * 50 + " token=" + "ß" * 50])
def test_odd_characters_do_no_harm(text: str) -> None:
    assert masked(text) == text
    secret, _ = made("ghp_{36b}")
    assert secret not in masked(f"{text} {secret}")
    assert secret not in repr(masked_value({text: [text, secret, text]}))


def hostile() -> dict[str, str]:
    million, draw = 1_000_000, random.Random(5)
    texts = {"a": "a" * million, "=": "=" * million, "spaces": "token" + " " * million}
    texts["base64"] = base64.b64encode(draw.randbytes(million * 3 // 4)).decode()
    texts["lines of base64"] = base64.encodebytes(draw.randbytes(million * 3 // 4)).decode()
    texts["long value"] = 'secret="' + "a-" * (million // 2) + '"'
    pieces = {word for shape in SHAPES for word in shape.words if len(word) > 2}
    pieces |= {"password=", 'password="', "eyJ.", "://:", "-----begin private key-----", "xoxb-1-", "bearer ", "a-"}
    pieces |= {"-----BEGIN PRIVATE KEY-----", "12345678:A", "sk-T3BlbkFJ", "authorization: a ", "private-lines: 1"}
    return texts | {f"{piece!r} again": piece * (200_000 // len(piece)) for piece in sorted(pieces)}


@pytest.mark.timeout(200)
def test_hostile_text_does_not_hang() -> None:
    """What takes time in proportion to its length is through in some seconds; what is quadratic takes an hour."""
    for text in hostile().values():
        assert masked(text)
