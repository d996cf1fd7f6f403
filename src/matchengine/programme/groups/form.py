"""Form groups out of everybody who takes part, or form them anew around what a coordinator locked (domain.md F)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matchengine.batch import IntArray
from matchengine.config import EngineConfig
from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import N_, _, listing
from matchengine.planning.groups.conflicts import GroupsConflictError
from matchengine.planning.groups.form import form_groups as search
from matchengine.planning.groups.problem import RELAXATIONS, Forming
from matchengine.programme.groups.left import unplaced
from matchengine.programme.groups.people import refused
from matchengine.programme.groups.problem import Setting, set_up
from matchengine.programme.groups.told import circles, figures, notes_of
from matchengine.programme.groups.wishes import Asked, Pair
from matchengine.programme.manifest import make_manifest
from matchengine.records import Fingerprint
from matchengine.records.circles import GroupsPlan
from matchengine.records.manifest import RunManifest, Solver
from matchengine.scene import Scene

__all__ = ["form_groups"]


def form_groups(
    scene_of: Callable[[str], Scene],
    config: EngineConfig,
    name: str,
    *,
    people: Sequence[str] | None = None,
    together: Sequence[Pair] = (),
    apart: Sequence[Pair] = (),
    lock: Mapping[str, int] | None = None,
    plan: GroupsPlan | None = None,
    fingerprint: Fingerprint | None = None,
) -> GroupsPlan:
    """Propose groups; nothing is settled before everybody in them agrees.

    Everybody in a group is free at one time and speaks one language, and no rule keeps two of them apart. Where not all
    wishes can be met, the declared order says what is given up first, and the draft says what was.

    Parameters
    ----------
    scene_of : callable
        Gives the scene of a kind of match by name.
    name : str
        Kind of group, as the configuration names it.
    people : sequence of str or None
        Who takes part; None for everybody in the role.
    together, apart : sequences of pairs of str
        Who is to be, and who is not to be, in one group. Two who are matched already may wish to come together.
    lock : mapping of str to int
        People and the number of the group into which they go: of `plan` where one is given. A group keeps its number.
    plan : GroupsPlan or None
        An earlier draft to begin from; the result is at least as good as what is left of it.
    fingerprint : Fingerprint or None
        What produces results now; with it the draft carries a manifest.

    Raises
    ------
    ConfigError, DataError, UnknownIdError
        Where there is no such kind of group, a person must place people there, nobody takes part, or wishes contradict
        each other, a rule, or the sizes: naming the people and the rule.
    """
    if name not in config.groups:
        told = N_("this configuration offers no kind of group {name!r}; {hint}")
        raise DataError(_(told, name=name, hint=did_you_mean(name, config.groups)))
    chosen = refused(config, name)
    asked = Asked(tuple(together), tuple(apart), dict(lock or {}))
    _check_locks(asked, plan)
    leading = None if chosen.lead_match is None else scene_of(chosen.lead_match)
    setting = set_up(scene_of(chosen.match), name, leading, people, asked)
    found = _searched(setting, plan, config.run.seed)
    drafted = _written(setting, found, _numbers(setting, found, plan, asked), asked)
    if fingerprint is None:
        return drafted
    given = {"people": people, "plan": plan and [group.members for group in plan.groups]}
    manifest = _manifest(setting, found, fingerprint, drafted, given)
    return drafted.model_copy(update={"manifest": manifest, "fingerprint": fingerprint})


def _written(setting: Setting, found: Forming, numbers: Sequence[int], asked: Asked) -> GroupsPlan:
    """Write down what a search found."""
    given_up = {relaxation for group in found.groups for relaxation in group.relaxed}
    return GroupsPlan(
        name=setting.name,
        kind=setting.scene.kind.name,
        groups=circles(setting, found, numbers),
        unplaced=unplaced(setting, found, numbers),
        relaxations=tuple(relaxation for relaxation in RELAXATIONS if relaxation in given_up),
        figures=figures(setting, found),
        notes=notes_of(setting, found),
        together=asked.together,
        apart=asked.apart,
        locks=dict(sorted((asked.locks or {}).items())),
        objective=round(found.objective, 4),
        seed=setting.scene.config.run.seed,
        reproducible=found.finished,
    )


def _manifest(
    setting: Setting, found: Forming, fingerprint: Fingerprint, drafted: GroupsPlan, given: Mapping[str, Any]
) -> RunManifest:
    """Write down what the draft was made from; `given` are the arguments that it does not hold itself."""
    arguments = {"name": setting.name, "together": drafted.together, "apart": drafted.apart, "lock": drafted.locks}
    config = setting.config
    steps = {"restarts": config.restarts} | ({} if config.steps is None else {"steps": config.steps})
    return make_manifest(
        setting.scene,
        fingerprint,
        Solver(method="groups", value=round(found.objective, 9), steps=steps),
        asked={key: value for key, value in {**arguments, **given}.items() if value},
        relaxations=drafted.relaxations,
        finished=found.finished,
    )


def _check_locks(asked: Asked, plan: GroupsPlan | None) -> None:
    """Refuse numbers that no group of the earlier draft has.

    Raises
    ------
    DataError
        Naming the person, the number and the numbers there are.
    """
    numbers = None if plan is None else {group.number for group in plan.groups}
    for person, number in (asked.locks or {}).items():
        if number < 1 or (numbers is not None and number not in numbers):
            known = _("1 or more") if numbers is None else ", ".join(map(str, sorted(numbers)))
            told = N_("{id!r} is locked into group {number}, which does not exist; expected {known}")
            raise DataError(_(told, id=person, number=number, known=known))


def _searched(setting: Setting, plan: GroupsPlan | None, seed: int) -> Forming:
    """Search, and name the people where the search finds that demands contradict each other."""
    config = setting.config
    try:
        return search(
            setting.problem,
            setting.aims,
            seed=seed,
            restarts=config.restarts,
            steps=config.steps,
            start=_start(setting, plan),
        )
    except GroupsConflictError as conflict:
        named = listing(sorted(setting.ids[position] for position in conflict.positions))
        raise DataError(f"{conflict} ({named})" if named else str(conflict)) from None


def _start(setting: Setting, plan: GroupsPlan | None) -> list[list[IntArray]]:
    """The groups of an earlier draft as positions, without those who do not take part any more."""
    if plan is None:
        return []
    place = {person: position for position, person in enumerate(setting.ids)}
    groups = [[place[person] for person in group.members if person in place] for group in plan.groups]
    return [[np.array(group, np.int64) for group in groups if group]]


def _numbers(setting: Setting, found: Forming, plan: GroupsPlan | None, asked: Asked) -> list[int]:
    """Number the groups from 1: as locked, then as the earlier draft's group that shares most people, then in order."""
    before = {person: group.number for group in plan.groups for person in group.members} if plan else {}
    locks = asked.locks or {}
    claims = []
    for position, group in enumerate(found.groups):
        for member in group.members.tolist():
            person = setting.ids[member]
            if person in locks:
                claims.append((locks[person], position, len(setting.ids)))
            elif person in before:
                claims.append((before[person], position, 1))
    weight: dict[tuple[int, int], int] = {}
    for number, position, counts in claims:
        weight[number, position] = weight.get((number, position), 0) + counts
    numbers: dict[int, int] = {}
    for (number, position), _count in sorted(weight.items(), key=lambda each: (-each[1], each[0])):
        if position not in numbers and number not in numbers.values():
            numbers[position] = number
    free = iter(n for n in range(1, 2 * len(found.groups) + len(weight) + 1) if n not in numbers.values())
    return [numbers.get(position) or next(free) for position in range(len(found.groups))]
