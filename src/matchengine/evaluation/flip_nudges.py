"""More of something good: a free slot, a support, a skill. What promised to rise with it may never fall (H7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matchengine.batch import FloatArray
from matchengine.evaluation.flip_bench import About, FlipBench, Shot, Verdict, changes, not_applicable, verdict
from matchengine.i18n import N_, _, listing
from matchengine.records import vocabulary as v
from matchengine.records.base import Record
from matchengine.records.flips import FlipCheck, Side
from matchengine.records.group import Event, Group, GroupSupport
from matchengine.records.person import Person, SkillOffer

__all__ = ["nudge_checks"]

_NEVER = Verdict(1e-6, 1.0, 1e-6)
"""Single precision stands between a text and its score."""
_RAISED_BY = {
    "slot": ("pair_common_minutes",),
    "skill": ("items_needs_offers",),
    "support": ("candidate_supports",),
}
"""Inputs that a nudge raises; scorers that promise to rise with one of them are held to it."""
_ABOUT = {
    "slot": N_("One more free time"),
    "skill": N_("One more skill on offer, at the highest level"),
    "support": N_("More support from a group"),
}
_MOST_SLOTS, _MOST_OFFERS, _MOST_SUPPORTS = 30, 10, 14
_MORE = 0.3


def nudge_checks(bench: FlipBench) -> list[FlipCheck]:
    """Give people and groups more, and look whether anything falls that should not."""
    found = []
    found += _judged(bench, "slot", "requester", *_slots(bench))
    if bench.of_people:
        found += _judged(bench, "skill", "candidate", *_skills(bench))
    found += _judged(bench, "support", "candidate", *_supports(bench))
    return found


def _slots(bench: FlipBench) -> tuple[Sequence[Record], Sequence[Record]]:
    """Whoever told free times gets one that a candidate has, or somebody else where candidates are no people."""
    by_id = bench.people
    source = [by_id[external] for external in (bench.candidates if bench.of_people else bench.requesters)]
    slots = [slot for person in source for slot in person.availability]
    rng, before, after = np.random.default_rng([bench.seed, 2]), [], []
    for external in bench.requesters if slots else ():
        person = by_id[external]
        more = slots[int(rng.integers(len(slots)))]
        if person.availability and len(person.availability) < _MOST_SLOTS and more not in person.availability:
            before.append(person)
            after.append(person.model_copy(update={"availability": (*person.availability, more)}))
    return before, after


def _skills(bench: FlipBench) -> tuple[Sequence[Record], Sequence[Record]]:
    """Whoever told the level of all offers gets one more offer: what somebody who looks needs, in their words."""
    by_id = bench.people
    needs = [need for external in bench.requesters for need in _needs(by_id[external])]
    rng, before, after = np.random.default_rng([bench.seed, 3]), [], []
    for external in bench.shown if needs else ():
        person = by_id[external]
        text, said = needs[int(rng.integers(len(needs)))]
        if person.offers and len(person.offers) < _MOST_OFFERS and all(o.level is not None for o in person.offers):
            tag = said or bench.engine.config.programme.language
            more = SkillOffer(text=text, level=4, language=tag)
            before.append(person)
            after.append(person.model_copy(update={"offers": (*person.offers, more)}))
    return before, after


def _needs(person: Person) -> list[tuple[str, str | None]]:
    """Texts of what a person needs, each with its language where told."""
    told = [(goal.text, goal.language) for goal in person.goals] + [(w.text, w.language) for w in person.wants]
    return [(text, language or person.text_language) for text, language in told]


def _supports(bench: FlipBench) -> tuple[Sequence[Record], Sequence[Record]]:
    """Each group does more against every barrier of which it said something, and something against one more."""
    by_id = {record.id: record for record in (*bench.records.groups, *bench.records.events)}
    before: list[Record] = []
    after: list[Record] = []
    for external in bench.shown:
        record = by_id.get(external)
        if isinstance(record, Group | Event):
            before.append(record)
            after.append(record.model_copy(update={"supports": _more_of(record.supports)}))
    return before, after


def _more_of(supports: tuple[GroupSupport, ...]) -> tuple[GroupSupport, ...]:
    raised = tuple(s.model_copy(update={"value": min(1.0, s.value + _MORE)}) for s in supports)
    silent = [kind for kind in v.BARRIER_KINDS if kind not in {s.kind for s in supports}]
    if not silent or len(raised) >= _MOST_SUPPORTS:
        return raised
    return (*raised, GroupSupport(kind=silent[0], value=1.0, source="organiser"))


def _judged(
    bench: FlipBench, name: str, side: Side, before: Sequence[Record], after: Sequence[Record]
) -> list[FlipCheck]:
    """Judge what the scorers say that promise it, the whole score, and the place on lists.

    Scores are compared where those scorers spoke before. Where they had nothing to go by, a score says little and may
    well fall once something is known; but the pair stood behind all others, and its standing may not fall.
    """
    text, promised = _(_ABOUT[name]), _promised(bench, name)
    about = About(name, "nudge", text, side, (name,))
    if not before:
        return [not_applicable(about, _("nobody to whom it could be done"))]
    if not promised:
        return [not_applicable(about, _("no scorer of this kind of match promises to rise with it"))]
    first = bench.shot_after(before)
    second = bench.shot_after(after)
    bench.put(before)
    ids = [record.id for record in (*before,) if isinstance(record, Person | Group | Event)]
    rows, columns = bench.part(ids, side)
    values = [_values(first, second, scorer)[np.ix_(rows, columns)] for scorer in promised]
    at = np.ix_(rows, columns)
    spoke = np.any([~np.isnan(first.values[:, :, first.scorers.index(scorer)]) for scorer in promised], axis=0)
    whole = np.where(spoke | np.isnan(first.base), changes(first.base, second.base), np.nan)[at]
    standing = changes(first.standing, second.standing)[at]
    parts = {
        "value": (_("{about}, what {scorers} say of it", about=text, scorers=listing(promised)), np.stack(values)),
        "score": (_("{about}, the whole score", about=text), whole),
        "standing": (_("{about}, the standing on lists", about=text), standing),
    }
    return [
        verdict(replace(about, name=f"{name}_{part}", text=said), _NEVER, moved, len(ids), falls=True)
        for part, (said, moved) in parts.items()
    ]


def _promised(bench: FlipBench, name: str) -> list[str]:
    """Instances of scorers that declare to rise with one of the inputs that a nudge raises."""
    scorers = bench.engine._scene(bench.kind).kind.scorers
    return [s.name for s in scorers if any(s.spec.monotone.get(one) == 1 for one in _RAISED_BY[name])]


def _values(first: Shot, second: Shot, scorer: str) -> FloatArray:
    """Changes of what one scorer says where it spoke before; falling silent counts by the whole value."""
    column = first.scorers.index(scorer)
    before, after = first.values[:, :, column], second.values[:, :, column]
    stands = ~np.isnan(first.base) & ~np.isnan(before)
    found: FloatArray = np.where(stands, np.nan_to_num(after) - np.nan_to_num(before), np.nan)
    return found
