"""What changed when something about people was changed that should not matter, or should matter one way (H6, H7)."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from matchengine.records.base import Record

__all__ = [
    "DisclosureReport",
    "DisclosureRow",
    "ExposureGroup",
    "ExposureTable",
    "FlipCheck",
    "FlipFamily",
    "FlipReport",
    "IdentityLoad",
    "LoadRow",
]

FlipFamily = Literal["exact", "text", "length", "language", "withdrawal", "nudge"]
Side = Literal["requester", "candidate", "both"]


class _Wide(Record):
    """A record whose texts may be long."""

    model_config = ConfigDict(str_max_length=1 << 16)


class FlipCheck(_Wide):
    """One kind of change, made to many people, and what it did to scores between 0 and 1.

    `flipped` are the attributes that were changed together. `people` were changed, `pairs` are the scores compared;
    `worst` is the largest change (for nudges the largest fall), where a pair that rules let in or out counts by its
    whole score, and `mean` the mean signed change. `within` is the share of pairs that changed by at most `bound`;
    `share` of them have to, and none may change by more than `limit`. `same_first` is the mean overlap (Jaccard) of
    the first five before and after, of which `same_first_least` is asked; both are null where lists are not compared.
    `passed` is null where the check does not apply, for the reason in `not_applicable`.
    """

    name: str
    family: FlipFamily
    side: Side = "both"
    flipped: tuple[str, ...] = ()
    people: int = 0
    pairs: int = 0
    worst: float | None = None
    mean: float | None = None
    bound: float = 0.0
    within: float | None = None
    share: float = 1.0
    limit: float = 0.0
    same_first: float | None = None
    same_first_least: float | None = None
    passed: bool | None
    not_applicable: str = ""
    sentence: str


class FlipReport(_Wide):
    """All counterfactual checks of one kind of match. `passed` tells whether all that apply hold."""

    kind: str
    model: str
    people: int
    seed: int
    passed: bool
    failed: int
    not_applicable: int
    checks: tuple[FlipCheck, ...]
    sentence: str
    notes: tuple[str, ...] = ()


class DisclosureRow(_Wide):
    """How much the base score of what a group gets changes when lifts are turned on.

    `token` is what the group holds or does not hold, empty for any token. `people` and the changes are null where
    fewer people than the least cell size are in it. `assigned` is about the assignment (nobody counts as 0), `first`
    about the mean of the first five of the list, null for candidates. The errors are standard errors over people, who
    are taken to be independent: a change of that size comes by chance alone. `limit` is the least change that is
    allowed, null where none is set.
    """

    group: Literal["undisclosed", "non_holder", "disclosed"]
    side: Literal["requester", "candidate"]
    token: str = ""
    people: int | None
    assigned: float | None = None
    assigned_error: float | None = None
    first: float | None = None
    first_error: float | None = None
    limit: float | None = None
    passed: bool | None = None
    sentence: str


class LoadRow(_Wide):
    """What one group of candidates carries; null where too few people are in the group.

    `matches` are new matches for each candidate, `motivated` the share of these in which the requester wished to share
    something that both declare, `requests` the share of places among the first five of lists that rest on such a wish.
    """

    group: Literal["disclosing", "others"]
    people: int | None
    matches: float | None = None
    motivated: float | None = None
    requests: float | None = None


class IdentityLoad(_Wide):
    """How matches that rest on who somebody is are spread; `cap_breaches` has to be 0.

    `capped` people set a most number of such matches. A breach is somebody who would have more of them than that, the
    running ones and the new ones together.
    """

    rows: tuple[LoadRow, ...] = ()
    capped: int = 0
    cap_breaches: int = 0
    passed: bool
    sentence: str


class ExposureGroup(_Wide):
    """One group of candidates: how much it is shown for each free place; null where the cell is hidden."""

    group: str
    people: int | None
    per_seat: float | None
    hidden: bool = False


class ExposureTable(_Wide):
    """How much candidates are shown for each free place, by one attribute that they agreed to be counted by.

    `gap` is the largest minus the smallest of the groups that may be shown, `p` the chance of a gap as large if
    exposure had nothing to do with groups.
    """

    by: str
    groups: tuple[ExposureGroup, ...]
    gap: float | None = None
    p: float | None = None
    sentence: str


class DisclosureReport(_Wide):
    """What lifts do to those who keep something to themselves, and to those who are found by what they told.

    `known` tells whether somebody knew what people hold without telling it: only then can harm be measured. `acting`
    counts pairs in which a lift acts. `passed` is null where nothing could be judged.
    """

    kind: str
    method: str
    known: bool
    requesters: int
    candidates: int
    acting: int
    rows: tuple[DisclosureRow, ...] = ()
    load: IdentityLoad
    exposure: tuple[ExposureTable, ...] = ()
    passed: bool | None
    sentence: str
    notes: tuple[str, ...] = ()
