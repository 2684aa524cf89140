"""Designs that are text: interfaces, messages and tables, by what they describe rather than by how they are written.

Invariant: never raises for user text; what is not understood is left out, and every reader is linear in its text.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from surefoot.syntax.designs.graphql import graphql_definitions
from surefoot.syntax.designs.graphviz import graphviz_definitions
from surefoot.syntax.designs.mermaid import mermaid_definitions
from surefoot.syntax.designs.plantuml import plantuml_definitions
from surefoot.syntax.designs.protobuf import protobuf_definitions
from surefoot.syntax.designs.tables import sql_definitions
from surefoot.syntax.symbols import Definition

# Languages whose definitions are found by a reader of their own: without a grammar, or whatever it makes of them.
READERS: MappingProxyType[str, Callable[[str], list[Definition]]] = MappingProxyType({
    "graphql": graphql_definitions,
    "protobuf": protobuf_definitions,
    "sql": sql_definitions,
    "mermaid": mermaid_definitions,
    "plantuml": plantuml_definitions,
    "graphviz": graphviz_definitions,
})  # fmt: skip
