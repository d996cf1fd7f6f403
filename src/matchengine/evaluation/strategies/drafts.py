"""Rounds of swaps and groups that an engine drafts, as the metrics read them (domain.md H4, H5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from matchengine.comparison import Exchanged, Grouped
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _

if TYPE_CHECKING:
    from matchengine.config import EngineConfig
    from matchengine.evaluation.strategies.answer import Resources
    from matchengine.scene import Scene

__all__ = ["drafted_groups", "drafted_swaps"]

SceneOf = Callable[[str], "Scene"]


def drafted_swaps(scene_of: SceneOf, config: EngineConfig, name: str, resources: Resources) -> Exchanged:
    """Draft a round of swaps out of the wishes and relationships of `resources`.

    The gains of its graph are those that the engine itself believes: what exchanges are truly worth is for whoever
    knows it, such as a simulation, to put in their place.

    Raises
    ------
    ConfigError
        Where the configuration has no such round, or no day to plan it on is given.
    """
    from matchengine.programme.swaps.plan import find
    from matchengine.programme.swaps.wishes import slots_of

    if name not in config.swaps:
        told = N_("swaps: the configuration offers no round of swaps {name!r}; {hint}")
        raise ConfigError(_(told, name=name, hint=did_you_mean(name, config.swaps)))
    if resources.today is None:
        raise ConfigError(_("swaps: a round is planned on a day; give the data wishes, relationships and that day"))
    chosen, ties = config.swaps[name], list(resources.relationships)
    scene = scene_of(chosen.match)
    asked = slots_of(scene, chosen, list(resources.wishes), ties, resources.today)
    found = find(scene, chosen, asked, ties, resources.today)
    return Exchanged(
        found.exchanges.graph,
        found.plan.exchanges,
        decline=chosen.decline,
        longest_cycle=chosen.longest_cycle,
        longest_chain=chosen.longest_chain,
    )


def drafted_groups(scene_of: SceneOf, config: EngineConfig, name: str) -> Grouped:
    """Draft groups out of everybody who takes part; what a group is truly worth to its members is not known here.

    Raises
    ------
    ConfigError
        Where the configuration has no such kind of group.
    """
    from matchengine.planning.groups.form import form_groups
    from matchengine.programme.groups.people import refused
    from matchengine.programme.groups.problem import set_up
    from matchengine.programme.groups.wishes import Asked

    if name not in config.groups:
        told = N_("groups: the configuration offers no kind of group {name!r}; {hint}")
        raise ConfigError(_(told, name=name, hint=did_you_mean(name, config.groups)))
    chosen = refused(config, name)
    leading = None if chosen.lead_match is None else scene_of(chosen.lead_match)
    setting = set_up(scene_of(chosen.match), name, leading, None, Asked((), (), {}))
    found = form_groups(
        setting.problem, setting.aims, seed=config.run.seed, restarts=chosen.restarts, steps=chosen.steps
    )
    return Grouped(
        setting.problem,
        tuple(group.members for group in found.groups),
        smallest=chosen.smallest,
        largest=chosen.largest,
    )
