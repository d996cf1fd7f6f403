"""Discover plugins, enable those the configuration names, look components up by name.

One registry per engine, never process-wide. An installed plugin that is not enabled is not imported.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, TypeVar, get_args

import pluggy
from pydantic import ValidationError

from matchengine import hookspecs
from matchengine.batch import Sides
from matchengine.components import ComponentSpec, ConstraintSpec, Kind, ScorerSpec, Settings
from matchengine.config import ComponentChoice, MatchConfig, ScorerChoice, problem_count
from matchengine.errors import PluginError, blame, did_you_mean
from matchengine.i18n import _
from matchengine.records import Suggestion, describe_validation
from matchengine.records.vocabulary import Role
from matchengine.version import __version__

__all__ = ["BUILTIN_PLUGINS", "ENTRY_POINT_GROUP", "ActiveConstraint", "ActiveScorer", "MatchKind", "Registry"]

ENTRY_POINT_GROUP = "matchengine"
BUILTIN_PLUGINS: Mapping[str, str] = {
    "builtin": "matchengine.plugins.builtin",
    "lexical": "matchengine.plugins.lexical",
    "sentence-transformers": "matchengine.plugins.sentence_transformers",
    "faiss": "matchengine.plugins.faiss",
}
SpecType = TypeVar("SpecType", bound=ComponentSpec)


@dataclass(frozen=True)
class ActiveScorer:
    """A scorer instance of a configuration: `block` None for a lift."""

    name: str
    spec: ScorerSpec
    settings: Mapping[str, Any]
    block: str | None
    weight: float


@dataclass(frozen=True)
class ActiveConstraint:
    """A constraint that a kind of match applies."""

    spec: ConstraintSpec
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class MatchKind:
    """A kind of match with everything looked up and checked.

    `requester_role` and `candidate_role` are numbers of `Role`, None for anyone and for gatherings.
    """

    name: str
    config: MatchConfig
    sides: Sides
    requester_role: int | None
    scorers: tuple[ActiveScorer, ...]
    constraints: tuple[ActiveConstraint, ...]

    @property
    def item_views(self) -> dict[tuple[str, str], float]:
        """Text fields that scorers compare, with the weight of the scorers that do."""
        views: dict[tuple[str, str], float] = {}
        for scorer in self.scorers:
            weight = self.config.blocks.get(scorer.block or "", 0.0)
            for name in scorer.spec.inputs:
                if name.startswith("items_"):
                    _, left, right = name.split("_")
                    views[left, right] = views.get((left, right), 0.0) + weight
        return views

    def without_texts(self, block: str) -> MatchKind:
        """The same kind with the scorers of one block alone; with none where one of them reads texts."""
        own = tuple(scorer for scorer in self.scorers if scorer.block == block)
        reads = any(name.startswith("items_") for scorer in own for name in scorer.spec.inputs)
        return replace(self, scorers=() if reads else own)


_TABLE_OF = {"group": "groups", "event": "events", "resource": "resources"}
_ROLES: tuple[str, ...] = get_args(Role)
_LIFT_ONLY = frozenset({"attributes"})
"""Columns that no core scorer may read (domain.md section 0, decision 1)."""


class _Manager(pluggy.PluginManager):
    """Every function of a plugin whose name is that of a hook implements it, with or without the `hookimpl` mark."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
        marked = super().parse_hookimpl_opts(plugin, name)
        if marked is None and hasattr(hookspecs, name) and name.startswith("matchengine_"):
            return pluggy.HookimplOpts(
                wrapper=False, hookwrapper=False, optionalhook=False, tryfirst=False, trylast=False, specname=None
            )
        return marked


class Registry:
    """The components of the enabled plugins.

    Parameters
    ----------
    enable : sequence of str
        Plugin names: built-in ones, or entry points of the group `matchengine`.
    extra : sequence of modules or objects
        Plugins handed over in code, enabled as they are (tests, notebooks).

    Raises
    ------
    PluginError
        When a plugin cannot be found or loaded, breaks a hook, or offers a name that another one offers.
    """

    def __init__(self, enable: Sequence[str], extra: Sequence[object] = ()) -> None:
        self.manager = _Manager("matchengine")
        self.manager.add_hookspecs(hookspecs)
        self.versions: dict[str, str] = {}
        self._specs: dict[tuple[str, str], tuple[ComponentSpec, str]] = {}
        for name in dict.fromkeys(enable):
            self._enable(name)
        for plugin in extra:
            self._register(plugin, getattr(plugin, "__name__", type(plugin).__name__), "in code")
        try:
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            raise PluginError(f"plugin {self.manager.get_name(error.plugin)!r}: {error}") from error

    def _enable(self, name: str) -> None:
        if name in BUILTIN_PLUGINS:
            self._register(importlib.import_module(BUILTIN_PLUGINS[name]), name, __version__)
            return
        points = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)
        found = [p for p in points if p.name == name]
        if not found:
            known = [*BUILTIN_PLUGINS, *(p.name for p in points)]
            raise PluginError(_("plugin {name!r} is not installed; {hint}", name=name, hint=did_you_mean(name, known)))
        if len(found) > 1:
            owners = ", ".join(sorted(p.dist.name if p.dist else "?" for p in found))
            raise PluginError(
                _(
                    "plugin {name!r} is offered by several distributions ({owners}); uninstall all but one",
                    name=name,
                    owners=owners,
                )
            )
        point = found[0]
        origin = f"{point.dist.name} {point.dist.version}" if point.dist else "unknown distribution"
        try:
            plugin: ModuleType = point.load()
        except Exception as error:
            raise PluginError(
                _(
                    "plugin {name!r} of {origin} ({entry}) failed to load: {error}: {cause}",
                    name=name,
                    origin=origin,
                    entry=point.value,
                    error=type(error).__name__,
                    cause=str(error),
                )
            ) from error
        self._register(plugin, name, point.dist.version if point.dist else "unknown")

    def _register(self, plugin: object, name: str, version: str) -> None:
        try:
            self.manager.register(plugin, name)
        except (ValueError, pluggy.PluginValidationError) as error:
            raise PluginError(
                _("plugin {name!r} cannot be registered: {error}", name=name, error=str(error))
            ) from error
        self.versions[name] = version
        offered = getattr(plugin, "matchengine_components", None)
        for spec in offered() if offered else ():
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
        sides = Sides("people", _TABLE_OF.get(config.candidate, "people"), role)
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
                constraints.append(ActiveConstraint(spec, settings.model_dump()))
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
        return ActiveScorer(key, spec, self.settings(spec, choice.settings).model_dump(), block, choice.weight)

    def run_finished(self, suggestions: Sequence[Suggestion]) -> None:
        """Tell observers about the result of one call; they get copies and cannot change it.

        Raises
        ------
        PluginError
            When an observer fails.
        """
        hook = self.manager.hook.matchengine_run_finished
        observers = hook.get_hookimpls()
        if not observers:
            return
        try:
            hook(result=tuple(suggestion.model_copy(deep=True) for suggestion in suggestions))
        except Exception as error:
            codes = {frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)}
            names = [o.plugin_name for o in observers if getattr(o.function, "__code__", None) in codes]
            raise blame(_("observer of plugin {names!r}", names=", ".join(names)), error) from None

    def make(self, kind: Kind, choice: ComponentChoice, **given: Any) -> Any:
        """Build the embedder or index that a configuration chose; `given` is what the engine itself adds."""
        spec = self.get(kind, choice.use)
        return spec.build(**given, **self.settings(spec, choice.settings).model_dump())

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


def _as(kind: type[SpecType], spec: ComponentSpec) -> SpecType:
    if not isinstance(spec, kind):
        raise PluginError(
            _("{kind} {name!r} was not made with the decorator of its kind", kind=spec.kind, name=spec.name)
        )
    return spec
