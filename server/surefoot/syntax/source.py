"""Which source a file's text belongs to: documents, designs, or code.

Invariant: pure functions of path, language and text, cheap enough for every file; no grammar is loaded here.
"""

from __future__ import annotations

import re

from surefoot.domain import Source
from surefoot.syntax.decisions import folder_kind
from surefoot.syntax.languages import DIAGRAMS, TICKET, is_document

# An interface that is described in YAML has its mark at the left margin, one in JSON in the outermost object.
_YAML_MARK = re.compile(
    r"^[\"']?(?:(openapi)[\"']?[^\S\n]*:[^\S\n]*[\"']?3\.\d|(swagger)[\"']?[^\S\n]*:[^\S\n]*[\"']?2\.0"
    r"|(asyncapi)[\"']?[^\S\n]*:[^\S\n]*[\"']?[23]\.\d)",
    re.MULTILINE,
)
_JSON_MARK = re.compile(r"\"(?:(openapi)\"\s*:\s*\"3\.\d|(swagger)\"\s*:\s*\"2\.0\"|(asyncapi)\"\s*:\s*\"[23]\.\d)")
_JSON_SCHEMA = re.compile(r"\"\$schema\"\s*:\s*\"https?://json-schema\.org/")
_WORDS = ("openapi", "swagger", "asyncapi")
# What only such a description has beside its mark; a list of packages may name one called "openapi" as well.
_PARTS = re.compile(
    r"(?:^[\"']?|[{,]\s*\")(?:paths|components|webhooks|channels|definitions|info)[\"']?\s*:", re.MULTILINE
)
_SCHEMA_SAMPLE = 4096  # characters in which a JSON schema says that it is one

_GRAPHQL_TYPES = re.compile(
    r"^[^\S\n]*(?:extend[^\S\n]+)?(?:type|interface|input|enum|union|scalar|schema|directive)\b", re.MULTILINE
)
_MIGRATIONS = re.compile(
    r"(?:^|/)(?:migrations?|migrate|versions|schema_migrations|flyway|liquibase|changelogs?)/(?:[^/]+/)*[^/]+$"
    r"|(?:^|/)(?:[VUR]\d[\w.]*|R)__[^/]+$"
    r"|(?:^|/)(?:schema|structure)\.sql$",
    re.IGNORECASE,
)


def source_of(path: str, language: str, text: str) -> Source:
    """Where a file that is read as its own text belongs."""
    if language == TICKET:
        return Source.TICKETS
    if is_document(path, language):
        return Source.DESIGNS if folder_kind(path) else Source.DOCS
    return Source.DESIGNS if _is_design(path, language, text) else Source.CODE


def _is_design(path: str, language: str, text: str) -> bool:
    if language in {"yaml", "json"}:
        return bool(interface_of(language, text))
    if language == "sql":
        return _MIGRATIONS.search(path) is not None
    if language == "graphql":
        return _GRAPHQL_TYPES.search(text) is not None
    return language == "protobuf" or language in DIAGRAMS


def interface_of(language: str, text: str) -> str:
    """What kind of interface YAML or JSON describes: "openapi", "swagger", "asyncapi", "schema", or none ("")."""
    if any(word in text for word in _WORDS):
        found = _marked(language, text)
        if found and _PARTS.search(text):
            return found
    is_schema = language == "json" and _JSON_SCHEMA.search(text, 0, _SCHEMA_SAMPLE) is not None
    return "schema" if is_schema else ""


def _marked(language: str, text: str) -> str:
    if language == "yaml":
        match = _YAML_MARK.search(text)
        return match[match.lastindex or 0] if match is not None else ""
    depth = seen = 0
    for match in _JSON_MARK.finditer(text):
        # Braces within strings come in pairs ("/orders/{id}"), so the depth is right without reading the strings.
        depth += text.count("{", seen, match.start()) - text.count("}", seen, match.start())
        seen = match.start()
        if depth == 1:
            return match[match.lastindex or 0]
    return ""
