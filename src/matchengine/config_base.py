"""What all tables of a configuration share: frozen, unknown keys refused, components chosen by name."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["ComponentChoice", "ConfigTable", "Name"]

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class ConfigTable(BaseModel):
    """Base of every table of a configuration."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ComponentChoice(ConfigTable):
    """A component by name, with its settings."""

    use: Name
    settings: dict[str, Any] = Field(default={}, alias="with")
