"""What the engine gives back (domain.md B7). Scores are 0 to 100 on every face."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from matchengine.records.base import Id, Record

Score = Annotated[float, Field(ge=0, le=100)]


Fit = Literal["good", "fair", "poor", "too_little_known"]
Direction = Literal["for", "against", "neither"]
Strength = Literal["strong", "some", "slight"]
LiftStep = Literal["none", "some", "strong"]
"""How much of what the requester wishes to share is met by what both allow to be named (domain.md B4)."""


def without_untold(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out the step of the lift where it may not be told, so that no output so much as mentions a lift."""
    if fields.get("lift_step") is None:
        fields.pop("lift_step", None)
    return fields


class Reason(Record):
    """One scorer's part in a score.

    Attributes
    ----------
    scorer, title : str
        Name of the scorer instance, and what it compares in words.
    contribution : float or None
        In points of the 0 to 100 score, negative where it speaks against; the neutral score plus all contributions is
        the score. None for members, who see `direction` and `strength` alone.
    direction, strength : str
        Whether it speaks for or against the pair, and how much: `strong` from 5 points, `slight` below 1. A direction
        is stated only where the contribution (against an average pair) and leaving the scorer out agree on it.
    text : str
        What each side gains, as far as both have data and the viewer may read it; may be empty.
    words : tuple of str
        Words that both quoted texts share; only where the viewer may read both texts.
    """

    scorer: str
    title: str = ""
    contribution: float | None = None
    direction: Direction = "neither"
    strength: Strength = "slight"
    text: str = ""
    words: tuple[str, ...] = ()


class Suggestion(Record):
    """A draft suggestion of one candidate for one requester.

    Attributes
    ----------
    rank : int
        From 1.
    score : float
        0 to 100, two decimals. What a person's own wishes added (lifts) moves the rank, never this number, so that
        it tells nobody what the other side has confided.
    confidence : float
        0 to 1: the weighted share of the needed inputs that were known.
    fit : str
        `good`, `fair` or `poor` by score; `too_little_known` when the confidence is below .35, or a part that the
        configuration must know is unknown, whatever the score.
    neutral : float
        The score, 0 to 100, at which nothing speaks for or against: `neutral` + all contributions = `score`.
    blocks : dict
        Value 0 to 100 of each block that could speak (need, relate, feasible).
    reasons : tuple of Reason
        Largest contribution first.
    to_confirm : tuple of str
        What nobody has said yet and people must check before they agree.
    limits : tuple of str
        What the score does not know.
    lift_step : str or None
        How much of what the requester wishes to share the pair meets, as far as both allow the reader to be told what
        they have in common: `none`, `some` or `strong`. None wherever anything of it may not be told.
    moved : str
        Why the suggestion stands more than two places above or below the one that its score alone would give it; empty
        where it does not, and then left out of a document.
    status : str
        Always `draft`: people have the last word.
    """

    rank: Annotated[int, Field(ge=1)]
    requester_id: Id
    candidate_id: Id
    kind: str
    score: Score
    confidence: Annotated[float, Field(ge=0, le=1)]
    fit: Fit
    neutral: Score
    blocks: dict[str, Score]
    reasons: tuple[Reason, ...]
    to_confirm: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    lift_step: LiftStep | None = None
    valid_until: date | None = None
    moved: str = ""
    status: Literal["draft"] = "draft"

    @model_serializer(mode="wrap")
    def _tell(self, handler: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]  # it would hide the schema
        told = without_untold(handler(self))
        if not told.get("moved"):
            told.pop("moved", None)
        return told


class Fingerprint(Record):
    """What produced a result: the same fingerprint, data and vectors give the same suggestions.

    `config` is the hash of the effective configuration, `plugins` maps each enabled plugin to its version,
    `model` identifies the embedder, `generation` counts changes of the data, `as_of` is the first day of the
    28-day calendar that availability was expanded on.
    """

    config: str
    plugins: dict[str, str]
    model: str
    generation: int
    as_of: date


class SuggestionList(Record):
    """The JSON document of `matchengine suggest --json`."""

    requester_id: Id
    kind: str
    suggestions: tuple[Suggestion, ...]
    fingerprint: Fingerprint
