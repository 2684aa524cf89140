"""What every reply is made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def encodable(value: object) -> object:
    """File names on disk need not be UTF-8; JSON has to be, so their odd bytes become U+FFFD."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(encodable)]


class Reply(BaseModel):
    """Base of everything that goes out."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def to_json(self, *, ascii_only: bool = False) -> str:
        """One line of JSON; `ascii_only` escapes the rest, so that a terminal cannot be steered by it."""
        return self.model_dump_json(by_alias=True, ensure_ascii=ascii_only)

    def to_object(self) -> dict[str, Any]:
        """Plain JSON values, for a protocol that does its own encoding."""
        return self.model_dump(mode="json", by_alias=True)
