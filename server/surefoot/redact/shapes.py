"""The published shapes of secrets: cloud keys, git hosts, chat, payment, registries, model services, and passwords.

Invariant: every pattern takes time linear in its input: a run of unlimited length is tried only where the run begins,
everything else has an upper bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache

from surefoot.redact.values import (
    is_address_password,
    is_assigned_secret,
    is_basic,
    is_key_body,
    is_random,
    is_token_body,
)

BEGIN = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]))"  # the n of a line break in a string is no part of what follows
BEGIN_RUN = r"(?<![A-Za-z0-9_-])"  # for shapes that go on for as long as they can
END = r"(?![A-Za-z0-9])"

# Shapes that speak for themselves. What stands in <angle brackets> is public and stays, the rest is masked.
# Each line: words of which one stands in every such secret, and the pattern.
TOKENS = (
    # clouds
    ("AKIA ASIA ABIA ACCA A3T", r"<(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])>[0-9A-Z]{16}"),
    ("AIza", r"<AIza>[0-9A-Za-z_-]{35}"),
    ("GOCSPX-", r"<GOCSPX->[0-9A-Za-z_-]{28}"),
    ("ya29.", r"<ya29\.>[0-9A-Za-z_-]{20,2000}"),
    ("LTAI", r"<LTAI>[0-9A-Za-z]{16,24}"),
    ("Q~", r"[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}"),
    ("dop_v1_ doo_v1_ dor_v1_", r"<do[opr]_v1_>[0-9a-f]{64}"),
    ("HRKU-", r"<HRKU->[0-9A-Za-z_-]{36,64}"),
    ("hvs. hvb. hvr.", r"<hv[sbr]\.>[0-9A-Za-z_-]{24,300}"),
    (".atlasv1.", r"[0-9A-Za-z]{14}<\.atlasv1\.>[0-9A-Za-z_=-]{60,80}"),
    ("dapi", r"<dapi>[0-9a-f]{32}(?:-[0-9])?"),
    ("dp.", r"<dp\.(?:pt|st|ct|sa|scim|audit)\.>(?:[a-z0-9_-]{2,35}\.)?[0-9A-Za-z]{40,44}"),
    ("pul-", r"<pul->[0-9a-f]{40}"),
    ("sbp_", r"<sbp_>[0-9a-f]{40}"),
    ("pscale_", r"<pscale_(?:tkn|pw|oauth)_>[0-9A-Za-z_.=-]{32,64}"),
    ("AGE-SECRET-KEY-1", r"<AGE-SECRET-KEY-1>[0-9A-Z]{58}"),
    ("glsa_", r"<glsa_>[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}"),
    ("NRAK-", r"<NRAK->[0-9A-Z]{27}"),
    ("sntrys_ sntryu_", r"<sntry[su]_>[0-9A-Za-z+/=_-]{40,400}"),
    # git hosts, trackers
    ("ghp_ gho_ ghu_ ghs_ ghr_", r"<gh[pousr]_>[0-9A-Za-z_]{36,255}"),
    ("github_pat_", r"<github_pat_>[0-9A-Za-z_]{22,255}"),
    (
        "glpat- gldt- glft- glsoat- glrt- glptt- gloas- glagent- glimt- glcbt- glffct-",
        r"<gl(?:pat|dt|ft|soat|rt|ptt|oas|agent|imt|cbt|ffct)->[0-9A-Za-z_.-]{20,1024}",
    ),
    ("GR1348941", r"<GR1348941>[0-9A-Za-z_-]{20,50}"),
    ("ATATT3 ATCTT3 ATBB", r"<(?:ATATT3|ATCTT3|ATBB)>[0-9A-Za-z_=-]{24,300}"),
    ("lin_api_", r"<lin_api_>[0-9A-Za-z]{40}"),
    ("ntn_", r"<ntn_>[0-9A-Za-z]{40,50}"),
    ("PMAK-", r"<PMAK->[0-9a-f]{24}-[0-9a-f]{34}"),
    # chat and mail
    ("xox", r"<xox[abeoprs]->(?:[0-9]{1,20}-){1,6}[0-9A-Za-z-]{8,200}"),
    ("xapp-", r"<xapp->[0-9]-[0-9A-Z]{8,20}-[0-9]{8,20}-[0-9a-f]{32,80}"),
    ("hooks.slack.com/", r"<hooks\.slack\.com/services/>T[0-9A-Za-z_]{2,40}/B[0-9A-Za-z_]{2,40}/[0-9A-Za-z_]{2,80}"),
    ("/api/webhooks/", r"<discord(?:app)?\.com/api/webhooks/>[0-9]{15,22}/[0-9A-Za-z_-]{60,80}"),
    (".", r"[MNO][0-9A-Za-z_-]{23,25}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}"),
    (":A :B", r"[0-9]{8,10}:[AB][0-9A-Za-z_-]{34}(?![0-9A-Za-z_-])"),
    ("SG.", r"<SG\.>[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),
    ("-us", r"[0-9a-f]{32}-us[0-9]{1,2}"),
    ("key-", r"<key->[0-9a-f]{32}"),
    ("AC SK", r"<(?:AC|SK)>[0-9a-f]{32}"),
    # payment
    ("sk_live_ rk_live_ sk_test_ rk_test_", r"<[rs]k_(?:live|test)_>[0-9A-Za-z]{16,250}"),
    ("whsec_", r"<whsec_>[0-9A-Za-z+/=]{32,64}"),
    ("sq0csp- sq0atp- sq0idp-", r"<sq0(?:csp|atp|idp)->[0-9A-Za-z_\\-]{22,43}"),
    ("EAAA", r"<EAAA>[0-9A-Za-z_-]{60}"),
    ("access_token$", r"<access_token\$(?:production|sandbox)\$>[0-9a-z]{16}\$[0-9a-f]{32}"),
    ("rzp_", r"<rzp_(?:live|test)_>[0-9A-Za-z]{14,24}"),
    ("shpat_ shpca_ shppa_ shpss_", r"<shp(?:at|ca|pa|ss)_>[0-9A-Fa-f]{32}"),
    # package registries
    ("npm_", r"<npm_>[0-9A-Za-z]{36}"),
    ("pypi-Ag", r"<pypi-Ag>[0-9A-Za-z_-]{50,1000}"),
    ("rubygems_", r"<rubygems_>[0-9a-f]{48}"),
    ("AKCp", r"<AKCp>[0-9A-Za-z]{60,80}"),
    ("cio", r"<cio>[0-9A-Za-z]{32}"),
    ("oy2", r"<oy2>[0-9a-z]{43}"),
    ("dckr_pat_ dckr_oat_", r"<dckr_[po]at_>[0-9A-Za-z_-]{27,40}"),
    ("CLOJARS_", r"<CLOJARS_>[0-9a-z]{60}"),
    # model services
    ("T3BlbkFJ", r"<sk->[0-9A-Za-z_-]{20,200}T3BlbkFJ[0-9A-Za-z_-]{20,200}"),
    ("sk-ant- sk-proj- sk-or-", r"<sk-(?:ant|proj|or)->[0-9A-Za-z_-]{32,300}"),
    ("hf_", r"<hf_>[0-9A-Za-z]{34,40}"),
    ("gsk_", r"<gsk_>[0-9A-Za-z]{52}"),
    ("xai-", r"<xai->[0-9A-Za-z]{70,90}"),
    ("r8_", r"<r8_>[0-9A-Za-z]{37}"),
    ("pplx-", r"<pplx->[0-9A-Za-z]{40,60}"),
)

# Words that name a secret when a value is assigned to them.
NAMES = (
    r"(?:password|passwd|passphrase|pwd|secret|token|api[_.-]?key|apikey|access[_-]?key|auth[_-]?key|private[_-]?key"
    r"|encryption[_-]?key|signing[_-]?key|account[_-]?key|credential|_pass\b)"
)
NAME_WORDS = "passw passphrase pwd secret token key credential _pass"
QUOTE = r"\\?[\"'`]"
# `= `, `: `, `=> `, `:= `, also behind a type: `password: str = `
ASSIGNED = (
    rf"[\w-]{{0,30}}(?:{QUOTE})?\]?\s{{0,5}}(?::\s{{0,3}}[\w.]{{1,30}}\s{{0,3}}=|[:=]=?>?|,(?=\s?{QUOTE}))\s{{0,5}}"
)


class Where(Enum):
    """In which form of a text a shape's words are looked for."""

    RUNS = "runs"  # its long runs of the characters of tokens
    TEXT = "text"
    FOLDED = "folded"  # small letters, as is the pattern: one that ignores case takes ten times as long


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret. What its group `secret` holds is masked where `is_secret` says so of it."""

    words: tuple[str, ...]  # a text without any of them has no such secret
    source: str
    is_secret: Callable[[str], bool]
    where: Where = Where.RUNS

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text has one of the words: most processes meet few of the shapes, or none."""
        return _compiled(self.source)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.DOTALL)


def _token(words: str, pattern: str) -> Shape:
    head, kept, rest = re.split(r"[<>]", pattern, maxsplit=2) if "<" in pattern else ("", "", pattern)
    # Where the public part stands in the middle, nothing is kept: what comes before it is a part of the secret.
    public = f"{head}{kept}" if head else f"(?P<kept>{kept})"
    where = Where.TEXT if set(words) & set("/:") else Where.RUNS
    return Shape(tuple(words.split()), f"{BEGIN}(?P<secret>{public}{rest}){END}", is_token_body, where)


def _named(words: str, pattern: str, is_secret: Callable[[str], bool] = bool) -> Shape:
    return Shape(tuple(words.split()), pattern, is_secret, Where.FOLDED)


SHAPES = (
    # The body of a private key, to its end or to the end of what the chunk holds of it.
    _named(
        "private",
        r"-----begin [a-z0-9 ]{0,40}private key(?: block)?-----(?P<secret>(?:(?!-----).)+)",
        is_key_body,
    ),
    _named("private-lines:", r"private-lines:\s{0,3}[0-9]{1,4}(?P<secret>(?:\s[a-z0-9+/=]{16,80}){1,200})"),
    *(_token(words, pattern) for words, pattern in TOKENS),
    Shape(
        ("eyJ",),
        BEGIN_RUN + r"(?P<secret>(?P<kept>eyJ)[\w-]{8,}={0,2}\.[\w-]{8,}={0,2}(?:\.[\w.+/=-]{0,4000})?)",
        bool,
    ),
    _named("://", r"://[^\s:/@\"'<>{}]{0,100}:(?P<secret>[^\s/@\"'<>{}$%]{1,200})@[\w\[]", is_address_password),
    _named("accountkey=", r"accountkey=(?P<secret>[a-z0-9+/]{80,90}={0,2})"),
    _named("sig=", r"[?&]sig=(?P<secret>[a-z0-9%+/_-]{40,100})"),
    _named("_authtoken", r"_authtoken\s{0,3}=\s{0,3}[\"']?(?P<secret>[a-z0-9_-]{20,200})", is_random),
    _named("_password", r"_password\s{0,3}=\s{0,3}[\"']?(?P<secret>[a-z0-9+/]{8,200}={1,2})"),
    _named("basic", r"\bbasic\s{1,3}(?P<secret>[a-z0-9+/]{8,400}={0,2})", is_basic),
    _named("bearer", r"\bbearer[\s:=]{1,3}(?P<secret>[\w.~+/-]{16,4000}={0,2})", is_random),
    _named(
        "authorization",
        rf"authorization{ASSIGNED}(?:{QUOTE})?(?:[\w-]{{1,20}}\s{{1,3}})?(?P<secret>[\w.~+/-]{{16,4000}}={{0,2}})",
        is_random,
    ),
    _named("aws", r"aws.{0,20}?(?:key|pwd|pw|pass|token).{0,20}?[\"'](?P<secret>[0-9a-z/+]{40})[\"']"),
    _named(
        NAME_WORDS, rf"{NAMES}{ASSIGNED}(?P<quote>{QUOTE})(?P<secret>[^\s\"'`]{{8,400}})(?P=quote)", is_assigned_secret
    ),
    _named(NAME_WORDS, rf"{NAMES}{ASSIGNED}(?P<secret>[\w+/=~!#$%^&*.-]{{16,400}})(?=[\s,;&\"'\\)\]}}]|$)", is_random),
)
