"""A kind of group and everybody who takes part, as the arrays that a search reads (domain.md F1, F2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import get_args
from zoneinfo import ZoneInfo

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import N_, _, ngettext
from matchengine.plan_config import GroupsConfig
from matchengine.planning.groups.conflicts import components
from matchengine.planning.groups.problem import GroupAims, GroupsProblem
from matchengine.programme.groups.balance import Counted, counted
from matchengine.programme.groups.people import Rules, leaders_of, led_apart, members_of, rules_of, uncovered, why_apart
from matchengine.programme.groups.similarity import (
    camps,
    difference,
    difference_vectors,
    need_vectors,
    similarity,
)
from matchengine.programme.groups.slots import Meeting, times_of, worth_a_thought
from matchengine.programme.groups.topics import Topics, topics_of
from matchengine.programme.groups.wishes import Asked, positions, refuse_circles
from matchengine.records import vocabulary as v
from matchengine.scene import Scene

__all__ = ["Setting", "set_up"]

_RULE, _TIMES, _LANGUAGES, _MODES = "rule", "times_unknown", "languages_unknown", "modes"
_UNKNOWN = {
    _TIMES: N_("It is not recorded when they are free, so no time can be promised that suits the whole group."),
    _LANGUAGES: N_(
        "It is not recorded what languages they speak, so none can be promised that the whole group speaks."
    ),
    _MODES: N_("These groups meet in none of the ways that they chose."),
}


@dataclass(frozen=True)
class Setting:
    """What a search is given, and what its numbers stand for.

    Attributes
    ----------
    rows, leaders : int32 arrays (N,), (F,)
        Rows of the members and of those who can lead, each in the order of the seeded lottery.
    ids : tuple of str
        Of the members.
    out : dict of str to (str, str)
        Who takes part but can be in no group: a stable name and a sentence.
    meetings, languages : tuples
        What the columns of slots and languages are.
    uncovered : bool array (F, N)
        Which leaders have nothing to offer for a goal of which members.
    """

    scene: Scene
    name: str
    config: GroupsConfig
    rows: IntArray
    leaders: IntArray
    ids: tuple[str, ...]
    out: dict[str, tuple[str, str]]
    meetings: tuple[Meeting, ...]
    languages: tuple[str, ...]
    topics: Topics
    counted: Counted
    uncovered: BoolArray
    problem: GroupsProblem = field(repr=False)

    @property
    def aims(self) -> GroupAims:
        """What a good partition is."""
        names = ("smallest", "largest", "target", "alpha", "teaching", "faultline", "worst", "min_share")
        return GroupAims(**{name: getattr(self.config, name) for name in names})


def set_up(scene: Scene, name: str, leading: Scene | None, people: Sequence[str] | None, asked: Asked) -> Setting:
    """Gather everything about the people who take part.

    Parameters
    ----------
    name : str
        Kind of group, as the configuration names it.
    leading : Scene or None
        Of the kind of match that suggests leaders.
    people : sequence of str or None
        Who takes part; None for everybody in the role.

    Raises
    ------
    ConfigError, DataError, UnknownIdError
        Where the configuration does not fit groups, nobody takes part, or wishes name people who cannot be meant.
    """
    config = scene.config.groups[name]
    everybody = members_of(scene, config, people)
    rules = rules_of(scene, config, everybody)
    out = _left_out(scene, config, everybody, rules)
    ids = [scene.pool.tables["people"].ids[row] for row in everybody.tolist()]
    _refuse_left_out(asked, ids, out)
    kept = np.array([n for n in range(len(everybody)) if n not in out], np.int64)
    if not len(kept):
        raise _nobody(out)
    leaders, places = leaders_of(scene, config, everybody)
    rows, named = everybody[kept], tuple(ids[n] for n in kept.tolist())
    place = {person: n for n, person in enumerate(named)}
    together = positions(asked.together, place)
    refuse_circles(asked.together)
    apart = np.argwhere(np.triu(_apart(scene, config, rows, rules, kept, together)))
    apart_asked = positions(asked.apart, place)
    meetings, slots, led_slots = _slots(scene, config, rows, leaders)
    languages, spoken, led_languages = _languages(scene, config, rows, leaders)
    topics, counts = topics_of(scene, rows), counted(scene.pool, rows, config.balance)
    silent = uncovered(leading, config.covered, rows, leaders)
    problem = replace(
        _outlook(scene, config, rows, topics),
        slots=slots,
        languages=spoken,
        apart=np.concatenate([apart, apart_asked]),
        together=together,
        balance=counts.numbers,
        facilitator_slots=led_slots,
        facilitator_languages=led_languages,
        facilitator_places=places,
        facilitator_apart=np.argwhere(led_apart(scene, config, leading, rows, leaders) | silent),
        fixed=_fixed(asked, place),
    )
    told = {ids[n]: reason for n, reason in out.items()}
    return Setting(
        scene, name, config, rows, leaders, named, told, meetings, languages, topics, counts, silent, problem
    )


def _outlook(scene: Scene, config: GroupsConfig, rows: IntArray, topics: Topics) -> GroupsProblem:
    """A problem that holds what the people are like, and no meetings and rules yet."""
    alike, differ, vectors = _likeness(scene, config, rows)
    table, nothing = scene.pool.tables["people"], np.zeros((len(rows), 0), np.bool_)
    wants, offers = topics.teachable()
    return GroupsProblem(
        people=len(rows),
        similarity=alike,
        difference=differ,
        slots=nothing,
        languages=nothing,
        lottery=table.lottery[rows],
        vectors=vectors,
        offers=offers,
        wants=wants,
        features=camps(scene.pool, rows, config.differ),
        newcomer=table.column("visits")[rows] == 0,
        experienced=_experienced(scene, config, rows),
    )


def _left_out(scene: Scene, config: GroupsConfig, rows: IntArray, rules: Rules) -> dict[int, tuple[str, str]]:
    """Who can be in no group: a rule forbids everybody, ways of meeting differ, or times or languages are not known."""
    people = scene.pool.tables["people"]
    out = {position: (_RULE, _said(reason)) for position, reason in rules.out.items()}
    modes = people.column("modes")[rows]
    wanted = np.uint32(sum(1 << get_args(v.Mode).index(mode) for mode in config.modes))
    other = np.flatnonzero((modes != 0) & ((modes & wanted) == 0)).tolist()
    out |= {n: (_MODES, _(_UNKNOWN[_MODES])) for n in other if n not in out}
    silent = {_TIMES: people.column("availability")[rows] == 0}
    silent[_LANGUAGES] = ~(people.column("languages")[rows] > 0).any(axis=1)
    for name, of in silent.items():
        if not of.all():
            out |= {n: (name, _(_UNKNOWN[name])) for n in np.flatnonzero(of).tolist() if n not in out}
    return out


def _nobody(out: dict[int, tuple[str, str]]) -> DataError:
    """The error for people none of whom can be in a group."""
    counts = Counter(told for _name, told in out.values())
    problems = [_("{n} × {reason}", n=n, reason=told) for told, n in sorted(counts.items())]
    told = ngettext(
        "nobody of the {n} person can be in a group", "nobody of the {n} people can be in a group", len(out)
    )
    return DataError(told, problems)


def _said(reason: str) -> str:
    """A rule's reason as a sentence."""
    text = _(reason)
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _refuse_left_out(asked: Asked, ids: Sequence[str], out: dict[int, tuple[str, str]]) -> None:
    """Refuse wishes about people who can be in no group.

    Raises
    ------
    DataError
        Naming each with the reason.
    """
    named = set(asked.people)
    problems = [f"{ids[n]}: {told}" for n, (_name, told) in sorted(out.items()) if ids[n] in named]
    if problems:
        raise DataError(_("wishes or locks name people who can be in no group; leave them out or help first"), problems)


def _apart(
    scene: Scene, config: GroupsConfig, rows: IntArray, rules: Rules, kept: IntArray, together: IntArray
) -> BoolArray:
    """Who must not be in one group, bool (N, N); who wishes to come together may be matched already.

    Raises
    ------
    DataError
        Where two who are to be together must not be.
    """
    square = np.ix_(kept, kept)
    tied = components(len(kept), together)
    same: BoolArray = tied[:, None] == tied
    clash = np.argwhere(rules.apart[square] & same)
    if len(clash):
        one, other = sorted(scene.pool.tables["people"].ids[int(rows[n])] for n in clash[0])
        table = scene.pool.tables["people"].row_of
        reason = why_apart(scene, config, table[one], table[other])
        told = N_("{one} and {other} are to be together, directly or through others, but must not be: {reason}")
        raise DataError(_(told, one=one, other=other, reason=reason))
    found: BoolArray = rules.apart[square] | (rules.friends[square] & ~same)
    return found


def _slots(
    scene: Scene, config: GroupsConfig, rows: IntArray, leaders: IntArray
) -> tuple[tuple[Meeting, ...], BoolArray, BoolArray]:
    """Meetings worth a thought, and who and which leaders can come; none where nobody said when they are free."""
    people = scene.pool.tables["people"]
    patterns = people.column("availability")
    if not patterns[rows].any():
        return (), np.zeros((len(rows), 0), np.bool_), np.zeros((len(leaders), 0), np.bool_)
    zone = ZoneInfo(scene.config.programme.time_zone)
    times = times_of(scene.pool.shared.calendar, zone, config.slot_minutes, config.every, config.modes)
    modes = people.column("modes")
    free, led = (times.of(patterns[of], modes[of]) for of in (rows, leaders))
    if len(leaders):
        free &= led.any(axis=0)
    kept = worth_a_thought(free, led, min(config.smallest, len(rows)))
    if not len(kept):  # no meeting suits enough people: keep one that says so, rather than no meetings at all
        kept = np.array([int(free.sum(axis=0).argmax())])
    return tuple(times.meetings[n] for n in kept.tolist()), free[:, kept], led[:, kept]


def _languages(
    scene: Scene, config: GroupsConfig, rows: IntArray, leaders: IntArray
) -> tuple[tuple[str, ...], BoolArray, BoolArray]:
    """Languages that somebody speaks well enough, by tag, and who and which leaders do."""
    levels = scene.pool.tables["people"].column("languages")
    if not (levels[rows] > 0).any():
        return (), np.zeros((len(rows), 0), np.bool_), np.zeros((len(leaders), 0), np.bool_)
    codes = scene.pool.shared.codes["languages"]
    floor = v.LANGUAGE_LEVELS.index(config.language_floor) + 1
    enough = levels >= floor
    tags = [tag for tag in sorted(codes) if codes[tag] < levels.shape[1] and enough[rows, codes[tag]].any()]
    columns = np.array([codes[tag] for tag in tags] or [0])
    spoken, led = enough[np.ix_(rows, columns)], enough[np.ix_(leaders, columns)]
    kept = worth_a_thought(spoken, led, min(config.smallest, len(rows)))
    if not len(kept):
        kept = np.array([int(spoken.sum(axis=0).argmax())])
    return tuple(tags[n] if tags else "" for n in kept.tolist()), spoken[:, kept], led[:, kept]


def _likeness(scene: Scene, config: GroupsConfig, rows: IntArray) -> tuple[FloatArray, FloatArray, bool]:
    """Likeness and difference of everybody with everybody, or as vectors where there are too many people."""
    if len(rows) <= config.compare_up_to:
        return similarity(scene, rows), difference(scene.pool, rows, config.differ), False
    return need_vectors(scene.pool, rows), difference_vectors(scene.pool, rows, config.differ), True


def _experienced(scene: Scene, config: GroupsConfig, rows: IntArray) -> BoolArray:
    people = scene.pool.tables["people"]
    found: BoolArray = people.column("visits")[rows] >= config.experienced_visits
    if config.experienced_stage is not None:
        found |= people.column("career_stage")[rows] >= v.CAREER_STAGES.index(config.experienced_stage)
    return found


def _fixed(asked: Asked, place: dict[str, int]) -> IntArray | None:
    """The number of the group into which each is locked, −1 for free; None without locks."""
    if not asked.locks:
        return None
    fixed = np.full(len(place), -1, np.int64)
    for person, number in asked.locks.items():
        if person not in place:
            raise DataError(_("{id!r} is locked into a group, but does not take part", id=person))
        fixed[place[person]] = number
    return fixed
