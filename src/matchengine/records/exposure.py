"""Lists for everybody that share attention among candidates, and how evenly they do (domain.md G5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from matchengine.records.base import Id, Record
from matchengine.records.result import Score, Suggestion

__all__ = ["ExposureReport", "Shortlists", "Shown"]

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Shown(Record):
    """How often somebody is shown, and their free places; None where they stated none."""

    id: Id
    times: Count
    places: Count | None = None


class ExposureReport(Record):
    """How lists for everybody share attention among the candidates.

    Attributes
    ----------
    method : str
        `priced`, `matching` or `plain`.
    k : int
        Suggestions for each person, at most.
    gini_per_seat, plain_gini_per_seat : float
        How unequal exposure for each free place is, 0 for even, over all candidates with a free place who are eligible
        for anybody; the second for lists by score alone.
    coverage, effective_coverage : float
        Share of those candidates who are shown at all, and exp(entropy of exposure) over their number.
    load_ratio : float
        Most often shown over shown on average.
    most_shown : tuple of Shown
        The five who are shown most often for each free place, with how often.
    never_shown : tuple of str
        Candidates with a free place whom no list holds.
    full : int
        Candidates without a free place; they are in no list.
    over_capacity : int
        Suggestions of somebody without a free place: always 0.
    mean_score, plain_mean_score : float
        Mean score of all suggestions, 0 to 100, and that of lists by score alone.
    loss : float
        By what share the mean score is below that of lists by score alone.
    moved : int
        Suggestions that stand more than two places from where their score alone would put them.
    seldom, short : tuples of str
        Candidates whom the bound `least` could not be kept for, and requesters whose lists `most` made shorter.
    summary : tuple of str
        The same in sentences.
    """

    method: Literal["priced", "matching", "plain"]
    k: Annotated[int, Field(ge=1)]
    gini_per_seat: Share
    plain_gini_per_seat: Share
    coverage: Share
    effective_coverage: Share
    load_ratio: Annotated[float, Field(ge=0)]
    most_shown: tuple[Shown, ...] = ()
    never_shown: tuple[Id, ...] = ()
    full: Count = 0
    over_capacity: Count = 0
    mean_score: Score | None = None
    plain_mean_score: Score | None = None
    loss: float = 0.0
    moved: Count = 0
    seldom: tuple[Id, ...] = ()
    short: tuple[Id, ...] = ()
    summary: tuple[str, ...] = ()


class Shortlists(Record):
    """Suggestions for everybody who looks, and how they share attention; drafts until people agree."""

    kind: str
    lists: dict[Id, tuple[Suggestion, ...]]
    exposure: ExposureReport
