"""What is written to simulate: one strict TOML file, strategies as in an evaluation (domain.md H11, I6)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import Field, ValidationError, model_validator

from matchengine.config import line_of, problem_count, read_toml_text
from matchengine.config_base import ConfigTable, Name
from matchengine.errors import ConfigError, did_you_mean
from matchengine.evaluation.config import StrategyTable, refuse_circles, resolve
from matchengine.i18n import N_, _
from matchengine.records import describe_validation

__all__ = ["FROM_LISTS", "Policy", "SimulationConfig", "load_simulation", "parse_simulation"]

FROM_LISTS = "none"
"""`assign = "none"`: nobody decides for everybody; each in turn takes the first of their list who is free."""


class Policy(StrategyTable):
    """A strategy with rules of a programme: a least score (`floor`), and most people for one candidate (`cap`).

    A pair under the floor is not made, even where somebody stays without a match. `assign` names an assigner, or `none`
    for lists: in order of arrival each person takes the first of their list with a place left. Only lists show what
    `rerank` and lifts do, for both change the order of lists and nothing else; `lifts = false` leaves out what people
    wish to share.
    """

    lifts: bool = True
    floor: Annotated[float, Field(ge=0, le=1)] | None = None
    cap: Annotated[int, Field(ge=1, le=1000)] | None = None

    @model_validator(mode="after")
    def _can_be_simulated(self) -> Policy:
        given = [key for key in ("swaps", "groups", "tune") if getattr(self, key) is not None]
        given += ["history"] if self.history else []
        if given:
            told = N_("{keys}: nothing came before a simulated round, so there is nothing for it to work on")
            raise ValueError(_(told, keys=", ".join(given)))
        if self.rerank not in (None, "none") and self.assign not in (None, FROM_LISTS):
            told = N_("rerank changes lists alone, so it would do nothing beside an assigner; write assign = 'none'")
            raise ValueError(_(told))
        return self


class SimulationConfig(ConfigTable):
    """A simulation: strategies as in an evaluation, worlds, how many populations, changed assumptions.

    `kind` is a kind of match of the configuration whose candidates are mentors or groups. `assign` decides for
    strategies that name no assigner, for a programme is judged by the matches it makes. `against` is compared with, by
    a `margin` of mean utility (0 to 1).
    """

    schema_: Literal["matchengine.simulation/1"] = Field(alias="schema")
    question: Annotated[str, Field(min_length=5, max_length=500)]
    engine: str
    kind: Name = "mentor"
    strategies: dict[Name, Policy] = Field(min_length=1)
    against: Name | None = None
    assign: Name = "max_weight"
    worlds: tuple[str, ...] = ()
    replicates: Annotated[int, Field(ge=5, le=1000)] = 20
    margin: Annotated[float, Field(gt=0, lt=1)] = 0.01
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    knobs: dict[str, Any] = Field(default={})
    plugins: tuple[Name, ...] = ()
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    seed: Annotated[int, Field(ge=0)] = 0
    language: Literal["en", "de"] = "en"

    @model_validator(mode="after")
    def _names_what_is_there(self) -> SimulationConfig:
        from matchengine.simulation import WORLDS

        refuse_circles(self.strategies)
        for name in self.worlds:
            if name not in WORLDS:
                raise ValueError(_("worlds: no world {name!r}; {hint}", name=name, hint=did_you_mean(name, WORLDS)))
        if len(set(self.worlds)) < len(self.worlds):
            raise ValueError(_("worlds: one stands there twice"))
        if self.against is not None and self.against not in self.strategies:
            hint = did_you_mean(self.against, self.strategies)
            raise ValueError(_("against: no strategy {name!r}; {hint}", name=self.against, hint=hint))
        if self.against is None and not any(table.baseline for table in self.strategies.values()):
            raise ValueError(_("against: name the strategy to compare with, or mark one with baseline = true"))
        for name in self.strategies:
            Policy.model_validate(self.resolved(name).model_dump(by_alias=True))  # what is inherited must fit as well
        return self

    @property
    def rival(self) -> str:
        """The strategy that others are compared with."""
        return self.against or next(name for name, table in self.strategies.items() if table.baseline)

    def resolved(self, name: str) -> Policy:
        """Return a strategy with what it inherits."""
        return cast(Policy, resolve(self.strategies, name))

    @property
    def world_names(self) -> tuple[str, ...]:
        """The worlds to simulate, all of them where none is named."""
        from matchengine.simulation import WORLDS

        return self.worlds or tuple(WORLDS)


def load_simulation(path: str | Path) -> SimulationConfig:
    """Read a simulation file; ConfigError with every problem of it, each with its line."""
    return parse_simulation(read_toml_text(path), str(path))


def parse_simulation(text: str, where: str = "simulation") -> SimulationConfig:
    """Parse TOML text; `where` names it in errors."""
    try:
        return SimulationConfig.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        cause = str(error) or _("nested too deeply")
        raise ConfigError(_("{where}: not valid TOML: {cause}", where=where, cause=cause)) from error
    except ValidationError as error:
        told = zip(error.errors(include_url=False), describe_validation(error, SimulationConfig), strict=True)
        problems = [_("line {line}: {problem}", line=line_of(text, e["loc"]), problem=says) for e, says in told]
        raise ConfigError(problem_count(where, len(problems)), problems) from error
