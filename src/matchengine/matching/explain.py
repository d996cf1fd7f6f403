"""Reasons for the few pairs that are shown: each scorer's exact contribution, a sentence filled with evidence, limits.

Lifts give no reason at all (domain.md B4).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple

import numpy as np

from matchengine.batch import FloatArray, Scored, ScoreTable
from matchengine.components import DIRECTIONS
from matchengine.i18n import N_, _, listing
from matchengine.matching.voice import Voice
from matchengine.records import Reason
from matchengine.records.result import Direction, Strength
from matchengine.records.vocabulary import Viewer
from matchengine.registry import ActiveScorer, MatchKind

__all__ = ["Told", "explain", "without_numbers"]

_STRONG, _SLIGHT, _NOTHING = 5.0, 1.0, 0.05
_ONE_SIDED = {"for_requester", "for_candidate"}
_GAIN_UNKNOWN: dict[tuple[Viewer, str], str] = {
    ("requester", "for_requester"): N_("What you would gain is not known."),
    ("requester", "for_candidate"): N_("What they would gain is not known."),
    ("candidate", "for_requester"): N_("What they would gain is not known."),
    ("candidate", "for_candidate"): N_("What you would gain is not known."),
    ("coordinator", "for_requester"): N_("What the person who looks would gain is not known."),
    ("coordinator", "for_candidate"): N_("What the candidate would gain is not known."),
}


class Told(NamedTuple):
    """What is said of one pair: reasons by contribution, what each side gains, what they share, what is not known."""

    reasons: tuple[Reason, ...]
    for_requester: tuple[str, ...]
    for_candidate: tuple[str, ...]
    both: tuple[str, ...]
    limits: tuple[str, ...]


def explain(
    voice: Voice, kind: MatchKind, scored: Sequence[Scored], table: ScoreTable, drops: FloatArray
) -> list[Told]:
    """Return what is said of each of P shown pairs.

    Parameters
    ----------
    scored : sequence of Scored
        Result of each scorer of the kind on these pairs.
    table : ScoreTable
        Scores of exactly these pairs.
    drops : float array (P, S)
        What each scorer's silence would take from each score: a direction is stated only where it agrees.
    """
    points = np.round(100 * table.contributions, 2).tolist()
    missed, informed = drops.tolist(), table.informed.tolist()
    out = []
    for pair in range(len(table.total)):
        parts = zip(kind.scorers, scored, points[pair], missed[pair], strict=True)
        out.append(_told(voice, list(parts), pair, informed=informed[pair]))
    return out


def _told(
    voice: Voice, parts: Sequence[tuple[ActiveScorer, Scored, float, float]], pair: int, *, informed: bool
) -> Told:
    reasons: list[Reason] = []
    gains: dict[str, list[str]] = {direction: [] for direction in DIRECTIONS}
    unknown: list[str] = []
    gaps: list[str] = []
    for scorer, result, points, drop in parts:
        if scorer.block is None:
            continue
        title = _(scorer.spec.title)
        if isnan(result.value[pair]):
            unknown.append(title)
            continue
        says = scorer.spec.says.get(voice.viewer, {})
        said = {d: voice.say(says[d], result.evidence, pair) for d in DIRECTIONS if d in says}
        if said.keys() >= _ONE_SIDED:  # a scorer that speaks for both sides, and has nothing to say for one
            gaps += [d for d in sorted(_ONE_SIDED, reverse=True) if not said[d]]
        for direction, sentence in said.items():
            if sentence:
                gains[direction].append(sentence)
        reasons.append(
            Reason(
                scorer=scorer.name,
                title=title,
                contribution=points,
                direction=_direction(points, drop),
                strength=_strength(points),
                text=" ".join(filter(None, said.values())),
                words=voice.words(result.evidence, pair),
            )
        )
    limits = []
    if unknown:
        limits.append(_("Nothing can be said about {titles}.", titles=listing(unknown)))
    limits += [_(_GAIN_UNKNOWN[voice.viewer, direction]) for direction in gaps if not gains[direction]]
    if not informed:
        limits.append(_("Too little is known to compare this pair with others."))
    ordered = tuple(sorted(reasons, key=lambda r: (-(r.contribution or 0.0), r.scorer)))
    gained, given, shared = (tuple(gains[direction]) for direction in DIRECTIONS)
    return Told(ordered, gained, given, shared, tuple(limits))


def _direction(points: float, drop: float) -> Direction:
    """For or against only where comparing with an average pair and leaving the scorer out say the same."""
    if abs(points) < _NOTHING or (drop > 0) != (points > 0):
        return "neither"
    return "for" if points > 0 else "against"


def _strength(points: float) -> Strength:
    if abs(points) >= _STRONG:
        return "strong"
    return "some" if abs(points) >= _SLIGHT else "slight"


def without_numbers(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return reasons as members see them: direction and strength, no points."""
    return tuple(reason.model_copy(update={"contribution": None}) for reason in reasons)
