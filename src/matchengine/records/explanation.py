"""Why, why not, and what would change it: one pair explained to one viewer (domain.md B4, B7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from matchengine.records.base import Id, Record
from matchengine.records.result import Fingerprint, Fit, LiftStep, Reason, Score, without_untold
from matchengine.records.vocabulary import Viewer

__all__ = ["Change", "Explanation", "Obstacle"]

Standing = Literal["eligible", "ruled_out", "not_available"]


class Obstacle(Record):
    """A rule that forbids the pair.

    `rule` is its name, `personal_boundary` for a personal one seen by a coordinator, and `not_available` for whatever
    the viewer may not be told.
    """

    rule: str
    text: str


class Change(Record):
    """One thing that, done alone, would change the outcome; `about` names the rules or the scorer it is about.

    `frees` counts the people (in a readiness report) or candidates whom it would make eligible, where that is counted.
    """

    about: tuple[str, ...]
    text: str
    frees: int | None = None


class Explanation(Record):
    """One pair as one viewer may see it.

    Attributes
    ----------
    viewer : str
        `requester`, `candidate` or `coordinator`. Members see no numbers and nothing of what the other side keeps to
        themselves; who is absent, blocked or erased is `not_available` to them, all alike.
    standing : str
        `eligible`; `ruled_out` with `why_not`; `not_available`.
    score, neutral, confidence : float or None
        As in `Suggestion`; for a coordinator and an eligible pair only.
    fit : str or None
        Score band; None where the pair is not eligible.
    place, eligible : int or None
        Place of the pair by points among all eligible candidates of the requester, and their number; coordinator only.
        Points leave out what lifts add, as every number does.
    reasons : tuple of Reason
        Largest contribution first.
    for_requester, for_candidate : tuple of str
        What each side gains, sentence by sentence.
    to_confirm, limits : tuple of str
        What people must check before they agree, and what the score does not know.
    lift_step : str or None
        As in `Suggestion`.
    why_not : tuple of Obstacle
        Rules that forbid the pair, and for a pair that is behind others, how far and by what.
    changes : tuple of Change
        What would change it; never about a personal rule.
    plain_text : str
        All of it in sentences, ready to be read out or put into a letter.
    """

    requester_id: Id
    candidate_id: Id
    kind: str
    viewer: Viewer
    language: str
    standing: Standing
    score: Score | None = None
    neutral: Score | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    fit: Fit | None = None
    place: int | None = None
    eligible: int | None = None
    reasons: tuple[Reason, ...] = ()
    for_requester: tuple[str, ...] = ()
    for_candidate: tuple[str, ...] = ()
    to_confirm: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    lift_step: LiftStep | None = None
    why_not: tuple[Obstacle, ...] = ()
    changes: tuple[Change, ...] = ()
    plain_text: str = ""
    fingerprint: Fingerprint | None = None

    @model_serializer(mode="wrap")
    def _tell(self, handler: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]  # it would hide the schema
        return without_untold(handler(self))
