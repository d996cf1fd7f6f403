"""Who takes part in groups, who leads them, and whom the rules keep apart (domain.md F2.4, F2.5, C10)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from matchengine.batch import BoolArray, IntArray, PairBatch, segment_max
from matchengine.config import EngineConfig
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.i18n import N_, _
from matchengine.kinds import ActiveConstraint
from matchengine.matching.constrain import passes
from matchengine.plan_config import GroupsConfig
from matchengine.pool.inputs import Inputs
from matchengine.pool.pauses import on_a_break
from matchengine.pool.refusals import not_for_person
from matchengine.records.vocabulary import Role
from matchengine.scene import Scene

__all__ = [
    "Rules",
    "group_rules",
    "leaders_of",
    "led_apart",
    "members_of",
    "openly_apart",
    "refused",
    "rules_of",
    "uncovered",
    "why_apart",
]

_ROLES: tuple[str, ...] = get_args(Role)
_OWN = frozenset({"not_self", "common_time", "language_floor", "mode_overlap", "existing_match", "capacity"})
"""Rules that a group settles for all its members at once, or that concern a place with one person."""
_TIES = ("must_not", "do_not_rematch", "line_manager", "household")
"""Ties that no group may hold, whatever rules the kind of match names."""
_PAIRS = 500_000
_BOUNDARY = N_("a personal boundary")


@dataclass(frozen=True)
class Rules:
    """What the rules say about N people.

    Attributes
    ----------
    apart : bool array (N, N)
        Who must not be in one group, symmetric.
    friends : bool array (N, N)
        Who is matched already and is kept apart for that alone.
    out : dict of int to str
        Positions of those whom a rule keeps from everybody, with its reason for a coordinator. A rule that is personal,
        or that coordinators may not be told of, gives nobody away here: it only keeps pairs apart.
    """

    apart: BoolArray
    friends: BoolArray
    out: dict[int, str]


def members_of(scene: Scene, config: GroupsConfig, people: Sequence[str] | None) -> IntArray:
    """Rows of those who take part, in the order of the seeded lottery, int32 (N,).

    Without a list everybody in the role of the kind of match takes part, but for those who lead groups.

    Raises
    ------
    ConfigError
        When the kind of match is not one among people of the same role.
    DataError, UnknownIdError
        Where somebody listed is not known or does not take part, or nobody is left.
    """
    sides, chosen = scene.kind.sides, scene.kind.config
    if sides.candidates != "people" or chosen.requester != chosen.candidate:
        told = N_(
            "kind {kind!r} brings {one} and {other} together; groups need a kind with the same role on both sides"
        )
        raise ConfigError(_(told, kind=scene.kind.name, one=chosen.requester, other=chosen.candidate))
    table = scene.pool.tables["people"]
    taking = scene.pool.members("people", scene.kind.requester_role)
    if people is None:
        if config.leaders is not None:
            taking = taking & ~scene.pool.members("people", _ROLES.index(config.leaders))
        rows = np.flatnonzero(taking)
    else:
        for person in people:
            row = table.row_of.get(person)
            if row is None:
                raise UnknownIdError(_("person {id!r} is not known to this engine", id=person))
            if scene.pool.pauses.rests(person):
                raise on_a_break(person)
            if not taking[row]:
                raise not_for_person(person, chosen.requester, scene.kind.name)
        rows = np.array([table.row_of[person] for person in dict.fromkeys(people)], np.int64)
    if not len(rows):
        told = N_("nobody takes part as {role!r}, so there is nobody to form groups of; add the role to the records")
        raise DataError(_(told, role=chosen.requester))
    return rows[np.argsort(table.lottery[rows])].astype(np.int32)


def leaders_of(scene: Scene, config: GroupsConfig, members: IntArray) -> tuple[IntArray, IntArray]:
    """Rows of those who can lead in the order of the lottery, int32 (F,), and how many groups each, int64 (F,).

    Whoever stated no free places leads one group.

    Raises
    ------
    DataError
        When groups need somebody who leads and nobody has a place left.
    """
    if config.leaders is None:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    number, table = _ROLES.index(config.leaders), scene.pool.tables["people"]
    rows = np.setdiff1d(np.flatnonzero(scene.pool.members("people", number)), members)
    free = scene.pool.derived.free_places("people", number)[rows]
    places = np.where(np.isnan(free), 1, np.maximum(free, 0)).astype(np.int64)
    rows, places = rows[places > 0], places[places > 0]
    if not len(rows):
        told = N_(
            "groups need somebody who leads, and nobody in the role {role!r} has a place left; add one to the records"
        )
        raise DataError(_(told, role=config.leaders))
    order = np.argsort(table.lottery[rows])
    return rows[order].astype(np.int32), places[order]


def rules_of(scene: Scene, config: GroupsConfig, rows: IntArray) -> Rules:
    """Apply every rule of the kind of match to each pair in both directions, and the ties that no group may hold."""
    rules = group_rules(scene, config)
    n, found = len(rows), np.zeros((len(rows), len(rows)), np.bool_)
    asking, asked = np.zeros((2, len(rules), n), np.int64)
    each = max(1, _PAIRS // n)
    for first in range(0, n, each):
        few = rows[first : first + each]
        inputs = scene.inputs(PairBatch.many(few.tolist(), [rows] * len(few)))
        own = np.zeros((len(few), n), np.bool_)
        own[np.arange(len(few)), first + np.arange(len(few))] = True
        for number, rule in enumerate(rules):
            forbidden = ~passes(rule, inputs).reshape(len(few), n) & ~own
            found[first : first + each] |= forbidden
            asking[number, first : first + each] = forbidden.sum(axis=1)
            asked[number] += forbidden.sum(axis=0)
    found |= found.T
    found |= _tied(scene, rows, _TIES) | _same_home(scene, rows)
    friends = _tied(scene, rows, ("existing",) if config.friends == "apart" else ())
    np.fill_diagonal(found, False)
    out: dict[int, str] = {}
    for number, rule in enumerate(rules):
        alone = (asking[number] == n - 1) | (asked[number] == n - 1)
        if n > 1 and not rule.spec.personal and "coordinator" in rule.spec.told_to:
            out |= {position: rule.spec.reason for position in np.flatnonzero(alone).tolist() if position not in out}
    return Rules(found, friends, out)


def led_apart(
    scene: Scene, config: GroupsConfig, leading: Scene | None, members: IntArray, leaders: IntArray
) -> BoolArray:
    """Which leaders must not lead which members, bool (F, N).

    The rules of the kind of match that suggests leaders hold, or else those of the members' own kind; so do all ties.
    """
    everybody = np.concatenate([members, leaders])
    tied = _tied(scene, everybody, _TIES) | _same_home(scene, everybody)
    found = tied[len(members) :, : len(members)].copy()
    judge = leading or scene
    for part, inputs in _led_pairs(judge, members, leaders):
        for rule in group_rules(judge, config):
            found[:, part] |= ~passes(rule, inputs).reshape(-1, len(leaders)).T
    return found


def uncovered(leading: Scene | None, least: float, members: IntArray, leaders: IntArray) -> BoolArray:
    """Which leaders offer nothing that comes as close as `least` to any goal of which members, bool (F, N)."""
    found = np.zeros((len(leaders), len(members)), np.bool_)
    for part, inputs in _led_pairs(leading, members, leaders) if leading is not None and least else ():
        items = inputs["items_needs_offers"]
        best = segment_max(items.similarity, items.left)
        goal = (items.left.source == 0) & ~np.isnan(best)
        covers = np.zeros(len(inputs.batch))
        np.maximum.at(covers, items.left.pair[goal], best[goal])
        found[:, part] = (covers < least).reshape(-1, len(leaders)).T
    return found


def _led_pairs(scene: Scene, members: IntArray, leaders: IntArray) -> Iterator[tuple[slice, Inputs]]:
    """Inputs of all pairs of a member and a leader, some members at a time."""
    if len(leaders):
        each = max(1, _PAIRS // len(leaders))
        for first in range(0, len(members), each):
            few = members[first : first + each]
            part = slice(first, first + len(few))
            yield part, scene.inputs(PairBatch.many(few.tolist(), [leaders] * len(few)))


def why_apart(scene: Scene, config: GroupsConfig, one: int, other: int) -> str:
    """Say for a coordinator why two people, given as rows, must not be in one group; what is personal is not told."""
    return openly_apart(scene, config, one, other) or _(_BOUNDARY)


def openly_apart(scene: Scene, config: GroupsConfig, one: int, other: int) -> str | None:
    """The reason that two people, given as rows, must not be in one group, where a coordinator may be told of it."""
    for pair in ((one, other), (other, one)):
        inputs = scene.inputs(PairBatch(*(np.array([row], np.int32) for row in pair)))
        for rule in group_rules(scene, config):
            if not passes(rule, inputs)[0] and not rule.spec.personal and "coordinator" in rule.spec.told_to:
                return _(rule.spec.reason)
    both = np.array([one, other], np.int32)
    open_ties = {"line_manager": N_("one of them is the other's line manager")}
    open_ties |= {"household": N_("they live in the same household or are family")}
    for tie, reason in open_ties.items():
        if _tied(scene, both, (tie,)).any() or (tie == "household" and _same_home(scene, both).any()):
            return _(reason)
    if config.friends == "apart" and _tied(scene, both, ("existing",)).any():
        return _("they are already matched")
    return None


def refused(config: EngineConfig, name: str) -> GroupsConfig:
    """Return what the configuration says about a kind of group, unless a draft may not form it.

    Raises
    ------
    DataError
        For a topic of risk C: people place people there.
    """
    chosen = config.groups[name]
    if chosen.topic_risk == "C":
        told = N_(
            "groups {name!r} have a topic of risk C: people place people there; check each place with engine.place"
        )
        raise DataError(_(told, name=name))
    return chosen


def group_rules(scene: Scene, config: GroupsConfig) -> list[ActiveConstraint]:
    """Return the rules that hold for each pair of a group: all but those that it settles for everybody at once.

    How far the way is plays a part only where groups can meet in person.
    """
    own = _OWN if "in_person" in config.modes else _OWN | {"travel_limit"}
    return [rule for rule in scene.kind.constraints if rule.spec.name not in own]


def _tied(scene: Scene, rows: IntArray, kinds: Collection[str]) -> BoolArray:
    """Which of some people have a tie of one of some kinds, bool (N, N), symmetric."""
    ids = scene.pool.tables["people"].ids
    place = {ids[row]: position for position, row in enumerate(rows.tolist())}
    found = np.zeros((len(rows), len(rows)), np.bool_)
    for external, position in place.items():
        for kind in kinds:
            others = [place[other] for other in scene.pool.ties.others(kind, external) if other in place]
            found[position, others] = True
    return found | found.T


def _same_home(scene: Scene, rows: IntArray) -> BoolArray:
    homes = scene.pool.tables["people"].column("household")[rows]
    same: BoolArray = (homes[:, None] == homes) & (homes >= 0)
    np.fill_diagonal(same, False)
    return same
