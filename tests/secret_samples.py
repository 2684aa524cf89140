"""Made-up secrets of every published shape, drawn by lot, so that no text in this repository looks like one.

The first table has a sample for every kind that detect-secrets 1.5.0 finds by its shape, and was held against its
detectors; the second has what they do not know.
"""

from __future__ import annotations

import random
import re
import string

LETTERS = {
    "A": string.ascii_uppercase + string.digits,
    "a": string.ascii_lowercase + string.digits,
    "L": string.ascii_letters,
    "x": string.digits + "abcdef",
    "b": string.ascii_letters + string.digits,
    "u": string.ascii_letters + string.digits + "-_",
    "s": string.ascii_letters + string.digits + "+/",
    "9": "123456789",
}

# The kind as detect-secrets names it, and the shape: `{16A}` is sixteen of alphabet A.
KNOWN_TO_DETECT_SECRETS = (
    ("Artifactory Credentials", "AKCp{69b}"),
    ("AWS Access Key", "AKIA{16A}"),
    ("AWS Access Key", "ASIA{16A}"),
    ("AWS Access Key", "aws_secret_access_key = '{40s}'"),
    ("Azure Storage Account access key", "AccountKey={86s}=="),
    ("Basic Auth Credentials", "postgres://surefoot:{12b}@db.internal:5432/shop"),
    ("Discord Bot Token", "M{23b}.{6b}.{27b}"),
    ("GitHub Token", "ghp_{36b}"),
    ("GitHub Token", "gho_{36b}"),
    ("GitHub Token", "ghs_{36b}"),
    ("GitLab Token", "glpat-{20b}"),
    ("GitLab Token", "gldt-{20b}"),
    ("GitLab Token", "glcbt-1f_{20b}"),
    ("GitLab Token", "glimt-{25b}"),
    ("GitLab Token", "glptt-{40b}"),
    ("GitLab Token", "glagent-{50b}"),
    ("GitLab Token", "gloas-{64b}"),
    ("GitLab Token", "GR1348941{20b}"),
    ("JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.{43b}"),
    ("Mailchimp Access Key", "{32x}-us12"),
    ("NPM tokens", "//npm.example.org/:_authToken=npm_{36b}"),
    ("OpenAI Token", "sk-{20b}T3BlbkFJ{20b}"),
    ("PyPI Token", "pypi-AgEIcHlwaS5vcmc{80b}"),
    ("Private Key", "-----BEGIN RSA PRIVATE KEY-----\n{64s}\n{64s}\n{40s}\n-----END RSA PRIVATE KEY-----"),
    ("Private Key", "-----BEGIN OPENSSH PRIVATE KEY-----\n{70s}\n{70s}\n-----END OPENSSH PRIVATE KEY-----"),
    ("Private Key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{64s}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----"),
    ("SendGrid API Key", "SG.{22b}.{43b}"),
    ("Slack Token", "xoxb-{11n}-{11n}-{24b}"),
    ("Slack Token", "https://hooks.slack.com/services/T{8A}/B{8A}/{24b}"),
    ("Square OAuth Secret", "sq0csp-{43b}"),
    ("Stripe Access Key", "sk_live_{24b}"),
    ("Stripe Access Key", "rk_live_{24b}"),
    ("Telegram Bot Token", "{9n}:A{34b}"),
    ("Twilio API Key", "AC{32x}"),
    ("Twilio API Key", "SK{32x}"),
    ("Secret Keyword", 'password = "{16b}7q2"'),
    ("Secret Keyword", 'api_key: "{24b}9z1"'),
)

OTHERS = (
    "AIza{35b}",
    "GOCSPX-{28b}",
    "ya29.{60b}",
    "LTAI{20b}",
    "{3b}8Q~{34b}",
    "dop_v1_{64x}",
    "HRKU-{36b}",
    "hvs.{90b}",
    "{14b}.atlasv1.{64b}",
    "dapi{32x}",
    "dp.pt.{43b}",
    "pul-{40x}",
    "sbp_{40x}",
    "pscale_tkn_{43b}",
    "AGE-SECRET-KEY-1{58A}",
    "glsa_{32b}_{8x}",
    "NRAK-{27A}",
    "sntrys_{90b}",
    "github_pat_{82b}",
    "ATATT3{180b}",
    "lin_api_{40b}",
    "ntn_{46b}",
    "PMAK-{24x}-{34x}",
    "xapp-1-{11A}-{13n}-{64x}",
    "https://discord.com/api/webhooks/{18n}/{68b}",
    "key-{32x}",
    "sk_test_{24b}",
    "whsec_{32b}",
    "EAAA{60b}",
    "access_token$production${16a}${32x}",
    "rzp_live_{14b}",
    "shpat_{32x}",
    "npm_{36b}",
    "rubygems_{48x}",
    "cio{32b}",
    "oy2{43a}",
    "dckr_pat_{27b}",
    "CLOJARS_{60a}",
    "sk-ant-api03-{93b}",
    "sk-proj-{48b}",
    "hf_{34L}",
    "gsk_{52b}",
    "xai-{80b}",
    "r8_{37b}",
    "pplx-{48b}",
    "Authorization: Bearer {40b}7a8b9c",
    "'Authorization': 'Token {40x}'",
    "curl -H 'X-Api-Key: {32x}'",
    "DB_PASSWORD={24b}1a2b3c",
    "  client_secret: {40x}",
    '{"password": "{14b}5x!"}',
    '{\\"token\\": \\"{20b}5x\\"}',
    'secret: str = "{20b}5x"',
    'os.environ["API_TOKEN"] = "{20b}5x"',
    "password => '{20b}5x'",
    "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 2\n{64s}\n{40s}",
    "https://account.blob.core.windows.net/c?sv=2022&sig={43b}1a2b%3D",
    "-----BEGIN EC PRIVATE KEY-----\\n{64s}\\n{60s}\\n-----END EC PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n{64s}\n{64s}",  # cut off, as a chunk may be
)


def made(shape: str, seed: int = 0) -> tuple[str, list[str]]:
    """A text of the shape, and the parts of it that were drawn by lot and must not be kept."""
    draw, parts = random.Random(f"{shape}{seed}"), []

    def drawn(match: re.Match[str]) -> str:
        alphabet = string.digits if match[2] == "n" else LETTERS[match[2]]
        first = draw.choice("123456789") if match[2] == "n" else draw.choice(alphabet)
        parts.append(first + "".join(draw.choice(alphabet) for _ in range(int(match[1]) - 1)))
        return parts[-1]

    return re.sub(r"\{(\d+)(\w)\}", drawn, shape), [part for part in parts if len(part) >= 8]
