"""Discover plugins, enable those the configuration names, look components up by name.

One registry per engine, never process-wide. An installed plugin that is not enabled is not imported.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from matchengine.batch import Sides
from matchengine.comparison_components import MetricSpec, StrategySpec
from matchengine.components import AssignerSpec, ComponentSpec, ConstraintSpec, Kind, ScorerSpec, Settings
from matchengine.config import ComponentChoice, MatchConfig, ScorerChoice, problem_count
from matchengine.discovery import ENTRY_POINT_GROUP, IN_CODE, Plugin, load_installed
from matchengine.errors import PluginError, did_you_mean
from matchengine.hookspecs import CommandLine
from matchengine.i18n import _
from matchengine.kinds import ActiveConstraint, ActiveScorer, MatchKind
from matchengine.manager import Plugins
from matchengine.records import Suggestion, describe_validation
from matchengine.records.vocabulary import GATHERING_KINDS, ResourceType, Role
from matchengine.trace import watched_object
from matchengine.version import __version__

__all__ = [
    "BUILTIN_PLUGINS",
    "ENTRY_POINT_GROUP",
    "ActiveConstraint",
    "ActiveScorer",
    "MatchKind",
    "PluginInfo",
    "Registry",
]

BUILTIN_PLUGINS: Mapping[str, str] = {
    "builtin": "matchengine.plugins.builtin",
    "lexical": "matchengine.plugins.lexical",
    "sentence-transformers": "matchengine.plugins.sentence_transformers",
    "faiss": "matchengine.plugins.faiss",
    "pgvector": "matchengine.plugins.pgvector",
    "ortools": "matchengine.plugins.ortools",
    "evaluation": "matchengine.plugins.evaluation",
}
SpecType = TypeVar("SpecType", bound=ComponentSpec)


@dataclass(frozen=True)
class PluginInfo:
    """An enabled plugin: where it comes from, what it offers, and the hooks it implements."""

    name: str
    version: str
    origin: str
    entry: str
    components: tuple[ComponentSpec, ...]
    hooks: tuple[str, ...]


_TABLE_OF = {
    "group": "groups",
    "event": "events",
    "resource": "resources",
    "project": "projects",
    "organisation": "organisations",
}
_ROLES: tuple[str, ...] = get_args(Role)
_LIFT_ONLY = frozenset({"attributes", "anchors", "shared_wishes"})
"""Inputs that no core scorer may read (domain.md section 0, decision 1)."""


class Registry:
    """The components of the enabled plugins.

    Parameters
    ----------
    enable : sequence of str
        Plugin names: built-in ones, or entry points of the group `matchengine`.
    extra : sequence of modules or objects
        Plugins handed over in code, enabled as they are (tests, notebooks), or loaded with `discovery.load_file`.

    Raises
    ------
    PluginError
        When a plugin cannot be found or loaded, breaks a hook, or offers a name that another one offers.
    """

    def __init__(self, enable: Sequence[str], extra: Sequence[object] = ()) -> None:
        self._plugins = Plugins()
        self.manager = self._plugins.manager
        self.versions: dict[str, str] = {}
        self._specs: dict[tuple[str, str], tuple[ComponentSpec, str]] = {}
        for name in dict.fromkeys(enable):
            self._register(_builtin(name) if name in BUILTIN_PLUGINS else load_installed(name, BUILTIN_PLUGINS))
        for plugin in extra:
            self._register(plugin if isinstance(plugin, Plugin) else _in_code(plugin))

    def _register(self, plugin: Plugin) -> None:
        name = plugin.name
        offered = self._plugins.add(plugin)
        self.versions[name] = plugin.version
        for spec in offered:
            if not isinstance(spec, ComponentSpec):
                raise PluginError(
                    _("plugin {name!r} offered {type}, expected a ComponentSpec", name=name, type=type(spec).__name__)
                )
            key = (spec.kind, spec.name)
            if key in self._specs:
                raise PluginError(
                    _(
                        "{kind} {name!r} is offered by plugin {first!r} and by {second!r}; disable one of them "
                        "or rename the component",
                        kind=spec.kind,
                        name=spec.name,
                        first=self._specs[key][1],
                        second=name,
                    )
                )
            self._specs[key] = (spec, name)

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """The enabled plugins, in the order in which they were enabled."""
        return tuple(
            PluginInfo(
                name,
                plugin.version,
                plugin.origin,
                plugin.entry,
                tuple(spec for spec, owner in self._specs.values() if owner == name),
                self._plugins.hooks_of(name),
            )
            for name, plugin in self._plugins.by_name.items()
        )

    def specs(self, kind: Kind) -> list[ComponentSpec]:
        """All components of a kind, by name."""
        return [spec for (k, _), (spec, _) in sorted(self._specs.items(), key=lambda item: item[0]) if k == kind]

    def get(self, kind: Kind, name: str) -> ComponentSpec:
        """Return a component by name.

        Raises
        ------
        PluginError
            With the nearest known name.
        """
        try:
            return self._specs[kind, name][0]
        except KeyError:
            known = [spec.name for spec in self.specs(kind)]
            raise PluginError(
                _(
                    "no enabled plugin offers a {kind} named {name!r}; {hint} (enabled plugins: {enabled})",
                    kind=kind,
                    name=name,
                    hint=did_you_mean(name, known),
                    enabled=", ".join(self.versions),
                )
            ) from None

    def scorer(self, name: str) -> ScorerSpec:
        """Return a scorer by name."""
        return _as(ScorerSpec, self.get("scorer", name))

    def constraint(self, name: str) -> ConstraintSpec:
        """Return a constraint by name."""
        return _as(ConstraintSpec, self.get("constraint", name))

    def assigner(self, name: str) -> AssignerSpec:
        """Return an assigner by name."""
        return _as(AssignerSpec, self.get("assigner", name))

    def metric(self, name: str) -> MetricSpec:
        """Return a metric by name, without its depth."""
        return _as(MetricSpec, self.get("metric", name))

    def strategy(self, name: str) -> StrategySpec:
        """Return a strategy by name."""
        return _as(StrategySpec, self.get("strategy", name))

    def always_on(self) -> list[ConstraintSpec]:
        """Constraints that need no line in a configuration."""
        return [s for s in self.specs("constraint") if isinstance(s, ConstraintSpec) and s.always_on]

    def match_kind(self, name: str, config: MatchConfig, offers: Callable[[Sides, str], bool]) -> MatchKind:
        """Look up everything a kind of match uses.

        Parameters
        ----------
        offers : callable
            Tells whether the tables of two sides offer an input. A constraint that reads something the candidates
            do not have does not apply to them; a scorer that does is an error.

        Raises
        ------
        PluginError
            With every problem of the kind.
        """
        role = None if config.candidate == "anyone" or config.candidate in _TABLE_OF else _ROLES.index(config.candidate)
        sides = Sides("people", _TABLE_OF.get(config.candidate, "people"), role, _bits_of(config))
        problems: list[str] = []
        scorers: list[ActiveScorer] = []
        constraints: list[ActiveConstraint] = []
        for key, choice in config.scorers.items():
            try:
                scorers.append(self._active_scorer(key, choice, config, sides, offers))
            except PluginError as error:
                problems.append(f"scorers.{key}: {error}")
        names = dict.fromkeys([*(spec.name for spec in self.always_on()), *config.constraints.use])
        for unused in config.constraints.settings.keys() - names:
            problems.append(
                _(
                    "constraints.with.{unused}: this constraint is not used; {hint}",
                    unused=unused,
                    hint=did_you_mean(unused, names),
                )
            )
        for key in names:
            try:
                spec = self.constraint(key)
                settings = self.settings(spec, config.constraints.settings.get(key, {}))
            except PluginError as error:
                problems.append(f"constraints.{key}: {error}")
                continue
            if all(offers(sides, name) for name in spec.inputs):
                constraints.append(ActiveConstraint(spec, settings.model_dump(), self.owner(spec)))
        if problems:
            raise PluginError(problem_count(f"match.{name}", len(problems)), problems)
        requester_role = None if config.requester == "anyone" else _ROLES.index(config.requester)
        return MatchKind(name, config, sides, requester_role, tuple(scorers), tuple(constraints))

    def _active_scorer(
        self, key: str, choice: ScorerChoice, config: MatchConfig, sides: Sides, offers: Callable[[Sides, str], bool]
    ) -> ActiveScorer:
        spec = self.scorer(choice.use)
        for name in spec.inputs:
            if not offers(sides, name):
                raise PluginError(
                    _(
                        "scorer {name!r} reads {read!r}, which requesters or candidates of this kind do not have",
                        name=spec.name,
                        read=name,
                    )
                )
        shown = [name for name in spec.inputs if name.partition("_")[2] in _LIFT_ONLY]
        if shown and spec.role != "lift":
            raise PluginError(
                _(
                    "scorer {name!r} reads {names}: sensitive attributes may only lift (role='lift')",
                    name=spec.name,
                    names=", ".join(shown),
                )
            )
        block = None if spec.role == "lift" else choice.block or spec.block
        if block is not None and block not in config.blocks:
            raise PluginError(
                _(
                    "block {block!r} has no weight under blocks; {hint}",
                    block=block,
                    hint=did_you_mean(block, config.blocks),
                )
            )
        policy = choice.model_dump(include={"on_fault", "isolate", "time_budget_seconds"})
        settings = self.settings(spec, choice.settings).model_dump()
        return ActiveScorer(key, spec, settings, block, choice.weight, self.owner(spec), **policy)

    def run_finished(self, suggestions: Sequence[Suggestion]) -> None:
        """Tell observers about the result of one call; they get copies and cannot change it.

        Raises
        ------
        PluginError
            When an observer fails.
        """
        self._plugins.tell(
            "matchengine_run_finished",
            lambda name: _("observer of plugin {names!r}", names=name),
            lambda: {"result": tuple(suggestion.model_copy(deep=True) for suggestion in suggestions)},
        )

    def commands(self, cli: CommandLine) -> None:
        """Let every plugin add its commands to a program.

        Raises
        ------
        PluginError
            When a plugin fails, or a command cannot be added.
        """
        self._plugins.tell(
            "matchengine_commands",
            lambda name: _("commands of plugin {name!r}", name=name),
            lambda: {"cli": cli},
        )

    def routes(self, app: Any) -> None:
        """Let every plugin add its routes to a web application, whatever object the host uses for it.

        Raises
        ------
        PluginError
            When a plugin fails.
        """
        self._plugins.tell(
            "matchengine_routes", lambda name: _("routes of plugin {name!r}", name=name), lambda: {"app": app}
        )

    def make(self, kind: Kind, choice: ComponentChoice, *, programme: str | None = None, **given: Any) -> Any:
        """Build the embedder or index that a configuration chose; `given` is what the engine itself adds.

        `programme` is given to those alone that take one: an index that keeps vectors of several programmes apart.
        """
        spec = self.get(kind, choice.use)
        if programme is not None and "programme" in inspect.signature(spec.build).parameters:
            given["programme"] = programme
        made = spec.build(**given, **self.settings(spec, choice.settings).model_dump())
        return watched_object(made, self.owner(spec), kind, spec.name)

    def owner(self, spec: ComponentSpec) -> str:
        """Return the name of the plugin that offers a component."""
        return self._specs[spec.kind, spec.name][1]

    def settings(self, spec: ComponentSpec, given: Mapping[str, Any]) -> Settings:
        """Validate the settings given for a component.

        Raises
        ------
        PluginError
            Listing every unknown or wrong setting.
        """
        try:
            return spec.settings.model_validate(dict(given))
        except ValidationError as error:
            raise PluginError(
                _("settings of {kind} {name!r} cannot be used", kind=spec.kind, name=spec.name),
                describe_validation(error, spec.settings),
            ) from error


def _builtin(name: str) -> Plugin:
    module = importlib.import_module(BUILTIN_PLUGINS[name])
    return Plugin(module, name, __version__, f"matchengine {__version__}", BUILTIN_PLUGINS[name])


def _in_code(thing: object) -> Plugin:
    return Plugin(thing, getattr(thing, "__name__", type(thing).__name__), IN_CODE, IN_CODE)


def _bits_of(config: MatchConfig) -> int:
    """Kinds that a kind of match is limited to, as bits of the column of its candidates; 0 for all."""
    words = get_args(ResourceType) if config.candidate == "resource" else GATHERING_KINDS
    return sum(1 << words.index(kind) for kind in set(config.only))


def _as(kind: type[SpecType], spec: ComponentSpec) -> SpecType:
    if not isinstance(spec, kind):
        raise PluginError(
            _("{kind} {name!r} was not made with the decorator of its kind", kind=spec.kind, name=spec.name)
        )
    return spec
