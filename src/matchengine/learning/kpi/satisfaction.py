"""How both sides rate a match, who answered, and how far the two of a pair agree (domain.md H9; S2-08, S2-25).

A rating is never made up: who was due to be asked and did not answer is counted as missing, and stands in no mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matchengine.i18n import N_, _
from matchengine.learning.kpi.cells import figure
from matchengine.learning.kpi.estimates import change_of, mean_of, nothing, share_of
from matchengine.learning.kpi.inputs import Window, reached
from matchengine.records.kpi import KpiMeasure, KpiTable

__all__ = ["ITEMS", "MID", "Rated", "both_sides", "ratings", "satisfaction"]

MID = "90_days"
"""The wave in the middle of a match."""
GOOD = 4
"""Rating from which an answer counts as satisfied."""
ITEMS: Mapping[str, str] = {
    "satisfaction": N_("satisfaction"),
    "helpfulness": N_("help"),
    "trust": N_("trust"),
    "goal_progress": N_("growth towards the goal"),
    "felt_safe": N_("felt safe"),
}
WAVES: Mapping[str, str] = {MID: N_("after 90 days"), "end": N_("at the end")}
SIDES: Mapping[str, str] = {"requester": N_("mentees"), "candidate": N_("mentors")}


@dataclass(frozen=True, slots=True, repr=False)
class Rated:
    """Answers of one side in one wave to one item.

    Attributes
    ----------
    named : dict of (mentee, mentor) to int
        The latest rating of each pair by somebody who gave their name.
    anonymous : list of (cluster, rating)
        Of answers without a name.
    asked : int
        Pairs for whom the wave came.
    mentors : int
        Different mentors of these pairs.
    """

    named: dict[tuple[str, str], int]
    anonymous: list[tuple[str, int]]
    asked: int
    mentors: int


def ratings(window: Window, side: str, wave: str, item: str) -> Rated:
    """Return the answers of a side to an item; those about nobody they were matched with are left out."""
    due = {pair for pair, ties in window.pairs.items() if any(reached(tie, wave, window.today) for tie in ties)}
    mentees, mentors = {pair[0] for pair in due}, {pair[1] for pair in due}
    named: dict[tuple[str, str], int] = {}
    anonymous = []
    for answer in window.answers.get((wave, side), ()):
        rating = getattr(answer.items, item)
        if rating is None:
            continue
        if answer.person_id is None:
            about = mentors if side == "requester" else mentees
            if answer.about_id in about:
                anonymous.append((answer.about_id, rating))
            continue
        pair = (answer.person_id, answer.about_id) if side == "requester" else (answer.about_id, answer.person_id)
        if pair in due:
            named[pair] = rating
    return Rated(named, sorted(anonymous), len(due), len(mentors))


def satisfaction(window: Window) -> KpiTable:
    """Return the table of satisfaction: mean, share of 4 or 5, and response rate of each side at mid and end."""
    rows: list[KpiMeasure] = []
    for side, people in SIDES.items():
        for wave, when in WAVES.items():
            rows += _of_side(window, side, wave, (_(people), _(when)))
    return KpiTable(
        key="satisfaction",
        title=_("Satisfaction of both sides"),
        counts=_("pairs"),
        rows=tuple(rows),
        notes=(
            _("Ratings run from 1 to 5. Who did not answer stands in no mean and is counted as missing."),
            _("Answers without a name are part of the means only where there are enough of them to hide everybody."),
        ),
    )


def _of_side(window: Window, side: str, wave: str, words: tuple[str, str]) -> list[KpiMeasure]:
    least, rated = window.min_cell, ratings(window, side, wave, "satisfaction")
    values, clusters = _together(rated, side, least)
    missing = max(0, rated.asked - len(values))
    where = f"satisfaction.{side}.{'mid' if wave == MID else 'end'}"
    shown = {"side": side, "wave": words[1]}
    heard = len(rated.named) + len(rated.anonymous)
    rate = nothing() if not rated.asked else share_of([n < heard for n in range(rated.asked)])
    rate = replace(rate, people=rated.mentors)
    if 0 < heard < least:
        rate = replace(rate, n=min(heard, rate.n))  # few answers: how many is not told either
    satisfied = [value >= GOOD for value in values]
    return [
        figure(
            f"{where}.mean",
            _("satisfaction of {people}, mean", people=words[0]),
            "mean",
            mean_of(values, clusters),
            least,
            missing,
            **shown,
        ),
        figure(
            f"{where}.good",
            _("satisfaction of {people}, share of 4 or 5", people=words[0]),
            "share",
            share_of(satisfied, clusters),
            least,
            missing,
            **shown,
        ),
        figure(
            f"{where}.response",
            _("{people} who answered", people=words[0]),
            "share",
            rate,
            least,
            max(0, rated.asked - heard),
            **shown,
        ),
    ]


def _together(rated: Rated, side: str, least: int) -> tuple[list[int], list[tuple[str, object]]]:
    """Ratings with and without names, and the mentor each hangs on; a few without names would stand out and are not
    added.

    A mentor who answers without a name hangs on nobody that is known.
    """
    pairs = sorted(rated.named)
    values = [rated.named[pair] for pair in pairs]
    clusters: list[tuple[str, object]] = [("mentor", pair[1]) for pair in pairs]
    if len(rated.anonymous) >= least:
        values += [rating for _about, rating in rated.anonymous]
        known = side == "requester"
        clusters += [("mentor", about) if known else ("unknown", n) for n, (about, _r) in enumerate(rated.anonymous)]
    return values, clusters


def both_sides(window: Window) -> KpiTable:
    """Return what mentees and mentors say of the same pairs, beside each other, and how far they agree."""
    rows: list[KpiMeasure] = []
    for item, words in ITEMS.items():
        for wave, when in WAVES.items():
            rows += _agreement(window, item, wave, (_(words), _(when)))
    return KpiTable(
        key="both_sides",
        title=_("The same pairs, seen from both sides"),
        counts=_("pairs"),
        rows=tuple(rows),
        notes=(
            _("Only pairs of whom both answered with their names are compared; the gap is mentee less mentor."),
            _("That two people agree does not say that either is right."),
        ),
    )


def _agreement(window: Window, item: str, wave: str, words: tuple[str, str]) -> list[KpiMeasure]:
    mentees, mentors = ratings(window, "requester", wave, item), ratings(window, "candidate", wave, item)
    pairs = sorted(mentees.named.keys() & mentors.named.keys())
    missing = max(0, mentees.asked - len(pairs))
    clusters = [pair[1] for pair in pairs]
    ones, others = [mentees.named[pair] for pair in pairs], [mentors.named[pair] for pair in pairs]
    gaps = [one - other for one, other in zip(ones, others, strict=True)]
    where, least = f"both_sides.{item}.{'mid' if wave == MID else 'end'}", window.min_cell
    found = [
        figure(f"{where}.requester", words[0], "mean", mean_of(ones, clusters), least, missing, side="requester"),
        figure(f"{where}.candidate", words[0], "mean", mean_of(others, clusters), least, missing, side="candidate"),
        figure(f"{where}.gap", _("{item}, gap", item=words[0]), "change", change_of(gaps, clusters), least, missing),
        figure(
            f"{where}.agree",
            _("{item}, at most one point apart", item=words[0]),
            "share",
            share_of([abs(gap) <= 1 for gap in gaps], clusters),
            least,
            missing,
        ),
    ]
    told: list[KpiMeasure] = [each.model_copy(update={"wave": words[1]}) for each in found]
    return _without_differences(told, window, (mentees, mentors), len(pairs)) if item == "satisfaction" else told


def _without_differences(
    found: list[KpiMeasure], window: Window, sides: tuple[Rated, Rated], pairs: int
) -> list[KpiMeasure]:
    """Hide what, taken from the table of satisfaction, would leave the answers of a few.

    That table holds the means of everybody who answered; those outside the compared pairs must be nobody or enough.
    """
    least = window.min_cell
    outside = [
        len(_together(rated, side, least)[0]) - pairs
        for rated, side in zip(sides, ("requester", "candidate"), strict=True)
    ]
    if any(0 < n < least for n in outside):
        found[0], found[1] = _hidden(found[0]), _hidden(found[1])
    if 0 < sum(outside) < least:
        found[2] = _hidden(found[2])
    return found


def _hidden(measure: KpiMeasure) -> KpiMeasure:
    gone = {"value": None, "low": None, "high": None, "n": None, "missing": None, "hidden": True}
    return measure.model_copy(update=gone)
