"""Reasons for the few pairs that are shown: each scorer's exact contribution, a sentence filled with evidence, limits.

Lifts give no reason at all; what two people share is named only where both allow it (domain.md B4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from matchengine.batch import FloatArray, PairBatch, Scored, ScoreTable
from matchengine.components import DIRECTIONS, Template
from matchengine.i18n import N_, _, listing
from matchengine.matching.faults import left_out_sentence
from matchengine.matching.voice import Voice
from matchengine.records import Reason
from matchengine.records.result import Direction, LiftStep, Strength
from matchengine.records.vocabulary import Viewer
from matchengine.registry import ActiveScorer, MatchKind

__all__ = ["Told", "explain", "without_numbers"]

_STRONG, _SLIGHT, _NOTHING = 5.0, 1.0, 0.05
_GAIN_UNKNOWN: dict[tuple[Viewer, str], str] = {
    ("requester", "for_requester"): N_("What you would gain is not known."),
    ("requester", "for_candidate"): N_("What they would gain is not known."),
    ("candidate", "for_requester"): N_("What they would gain is not known."),
    ("candidate", "for_candidate"): N_("What you would gain is not known."),
    ("coordinator", "for_requester"): N_("What the person who looks would gain is not known."),
    ("coordinator", "for_candidate"): N_("What the candidate would gain is not known."),
}


class Told(NamedTuple):
    """What is said of one pair: reasons by contribution, what each side gains, what they share, what is not known.

    `lift_step` is as in `Suggestion`.
    """

    reasons: tuple[Reason, ...]
    for_requester: tuple[str, ...]
    for_candidate: tuple[str, ...]
    both: tuple[str, ...]
    limits: tuple[str, ...]
    lift_step: LiftStep | None = None


def explain(
    voice: Voice,
    kind: MatchKind,
    scored: Sequence[Scored],
    table: ScoreTable,
    drops: FloatArray,
    batch: PairBatch | None = None,
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
    batch : PairBatch or None
        The pairs; without them nothing is said of what people have confided.
    """
    voices = [
        _Part(scorer.name, _(scorer.spec.title), _ordered(scorer, voice.viewer), result.evidence, column)
        for column, (scorer, result) in enumerate(zip(kind.scorers, scored, strict=True))
        if scorer.block is not None and not _untold(scorer)
    ]
    history = {column for column, scorer in enumerate(kind.scorers) if scorer.spec.role == "history"}
    points = np.round(100 * table.contributions, 2).tolist()
    silent, missed, informed = np.isnan(table.values).tolist(), drops.tolist(), table.informed.tolist()
    out, missing = [], left_out_sentence(kind)
    for pair in range(len(points)):
        speaking = [part for part in voices if not silent[pair][part.column]]
        told = _told(voice, speaking, pair, points[pair], missed[pair])
        unknown = [part.title for part in voices if silent[pair][part.column] and part.column not in history]
        limits = _limits(unknown, told.limits, informed=informed[pair])
        out.append(told._replace(limits=(*limits, missing) if missing else limits))
    if batch is None:
        return out
    shared = (voice.in_common(kind, *pair) for pair in zip(batch.requester_rows, batch.candidate_rows, strict=True))
    return [
        told._replace(both=told.both + sentences, lift_step=step)
        for told, (sentences, step) in zip(out, shared, strict=True)
    ]


def _untold(scorer: ActiveScorer) -> bool:
    """Whether a scorer's part in the score is told to nobody: it would tell how others answered."""
    return scorer.spec.role == "history" and not any(scorer.spec.says.values())


class _Part(NamedTuple):
    """What one scorer can say of every pair."""

    name: str
    title: str
    says: list[tuple[str, tuple[Template, ...]]]
    evidence: Mapping[str, Any]
    column: int

    @property
    def two_sided(self) -> bool:
        """Whether it speaks of what each side gains, so that silence about one means that it is not known."""
        return len(self.says) > 1 and self.says[1][0] == "for_candidate"


def _ordered(scorer: ActiveScorer, viewer: Viewer) -> list[tuple[str, tuple[Template, ...]]]:
    says = scorer.spec.says.get(viewer, {})
    return [(direction, says[direction]) for direction in DIRECTIONS if direction in says]


def _told(voice: Voice, parts: list[_Part], pair: int, points: list[float], drops: list[float]) -> Told:
    """What is said of one pair; its limits are only the gains that nobody can name."""
    reasons: list[Reason] = []
    gains: dict[str, list[str]] = {"for_requester": [], "for_candidate": [], "both": []}
    gaps: list[str] = []
    for part in parts:
        said = []
        empty = []
        for direction, templates in part.says:
            sentence = voice.say(templates, part.evidence, pair)
            if sentence:
                said.append(sentence)
                gains[direction].append(sentence)
            elif direction != "both":
                empty.append(direction)
        if part.two_sided:
            gaps += empty
        contribution = points[part.column]
        reasons.append(
            Reason(
                scorer=part.name,
                title=part.title,
                contribution=contribution,
                direction=_direction(contribution, drops[part.column]),
                strength=_strength(contribution),
                text=" ".join(said),
                words=voice.words(part.evidence, pair),
            )
        )
    reasons.sort(key=lambda reason: (-(reason.contribution or 0.0), reason.scorer))
    limits = tuple(_(_GAIN_UNKNOWN[voice.viewer, direction]) for direction in gaps if not gains[direction])
    gained, given, shared = (tuple(sentences) for sentences in gains.values())
    return Told(tuple(reasons), gained, given, shared, limits)


def _limits(unknown: list[str], gaps: tuple[str, ...], *, informed: bool) -> tuple[str, ...]:
    """Everything the score does not know."""
    found = [_("Nothing can be said about {titles}.", titles=listing(unknown))] if unknown else []
    found += gaps
    if not informed:
        found.append(_("Too little is known to compare this pair with others."))
    return tuple(found)


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
