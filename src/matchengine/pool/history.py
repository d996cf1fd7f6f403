"""What happened so far: who joined what, and who said yes or no to whom, each with its day.

Only this is kept of relationships and feedback. Statistics over it are made in `history_groups` and `history_people`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.records import Feedback, Relationship
from matchengine.records.moments import in_utc
from matchengine.records.relationship import FeedbackItems

__all__ = ["K_HISTORY", "History", "HistorySettings"]

K_HISTORY = 5
"""Fewest different people on whom a statistic must rest before it acts (as `K_REVEAL` of domain.md B4)."""
_ACCEPTED = frozenset({"active", "paused", "completed"})
_JOINED = _ACCEPTED | {"ended"}
_BETWEEN_PEOPLE = frozenset({"mentoring", "peer", "sponsorship", "buddy"})
_YES_FROM, _NO_UP_TO = 4, 2
"""Ratings, 1 to 5, that count as a yes and as a no; 3 counts as neither."""
_YES, _NO, _SILENT = 0, 1, 2
"""Verdicts; of two on one day the more cautious one stands."""
_Said = tuple[str, int]
"""Day (ISO 8601, empty where unknown) and verdict."""


@dataclass(frozen=True)
class HistorySettings:
    """How history becomes evidence.

    Parameters
    ----------
    until : date or None
        Last day that counts; what has no day then counts not at all. Set it whenever outcomes are to be predicted or
        learnt from: only what happened later may be an outcome. None counts everything.
    model : str
        `cosine`, the shrunk cosine of groups, or `ease`, a closed-form linear model (Steck 2019).
    shrinkage : float
        Common members at which the closeness of two groups counts half: n / (n + shrinkage).
    ridge : float
        Penalty of `ease`, as a multiple of the mean number of members.
    support : float
        Groups in a person's own history at which it counts half.
    popularity_exponent : float
        0 to 1: how far widespread groups, and people to whom nearly everybody says yes, are held back.
    floor : int
        Fewest different people behind a number, at least 5.
    largest : int
        Most groups for which `ease` is solved; beyond, the shrunk cosine is used.

    Raises
    ------
    DataError
        Where a value is out of range.
    """

    until: date | None = None
    model: Literal["cosine", "ease"] = "cosine"
    shrinkage: float = 5.0
    ridge: float = 1.0
    support: float = 1.0
    popularity_exponent: float = 0.0
    floor: int = K_HISTORY
    largest: int = 3_000

    def __post_init__(self) -> None:
        """Refuse what would be no protection or no number."""
        told = N_("history.{name} is {value}, expected {expected}")
        least = (("shrinkage", 0.0), ("ridge", 1e-6), ("support", 0.0), ("floor", K_HISTORY), ("largest", 1))
        for name, low in least:
            if not getattr(self, name) >= low:
                expected = _("at least {low:g}", low=low)
                raise DataError(_(told, name=name, value=getattr(self, name), expected=expected))
        if not 0 <= self.popularity_exponent <= 1:
            expected = _("0 to 1")
            raise DataError(_(told, name="popularity_exponent", value=self.popularity_exponent, expected=expected))
        if self.model not in ("cosine", "ease"):
            expected = _("{one} or {other}", one="cosine", other="ease")
            raise DataError(_(told, name="model", value=repr(self.model), expected=expected))


class History:
    """Memberships and answers by the ids of the two sides.

    An anonymous answer has nobody who gave it and is not kept. `felt_unsafe` is no answer: it is for people to look
    into, and it takes the yes or no of the same person about the same other out of the count.
    """

    def __init__(self) -> None:
        self._joined: dict[tuple[str, str], str] = {}
        self._agreed: dict[tuple[str, str, str], str] = {}
        self._said: dict[tuple[str, str], frozenset[_Said]] = {}

    def __len__(self) -> int:
        return len(self._joined) + len(self._agreed) + len(self._said)

    def add_relationship(self, relationship: Relationship) -> None:
        """Take over a membership, or a match to which both agreed; a later record of the same tie replaces it.

        What is only proposed is neither. A match that ended may never have begun, so it is no yes; that somebody left a
        group does not undo that they joined it.
        """
        pair, status = (relationship.person_id, relationship.other_id), relationship.status
        day = "" if relationship.started is None else relationship.started.isoformat()
        if relationship.kind == "membership":
            if status in _JOINED:
                self._joined[pair] = day
            else:
                self._joined.pop(pair, None)
        elif relationship.kind in _BETWEEN_PEOPLE:
            if status in _ACCEPTED and not relationship.do_not_rematch:
                self._agreed[(*pair, relationship.kind)] = day
            else:
                self._agreed.pop((*pair, relationship.kind), None)

    def add_feedback(self, feedback: Feedback) -> None:
        """Take over what somebody said about a person or a group; what says neither yes nor no changes nothing."""
        verdict = _verdict(feedback.items)
        if feedback.person_id is not None and verdict is not None:
            day = "" if feedback.given_at is None else _day(feedback.given_at)
            pair = (feedback.person_id, feedback.about_id)
            self._said[pair] = self._said.get(pair, frozenset()) | {(day, verdict)}

    def forget(self, external: str) -> None:
        """Remove everything that one person or group did, or that was said about them."""
        self._joined = {pair: day for pair, day in self._joined.items() if external not in pair}
        self._agreed = {key: day for key, day in self._agreed.items() if external not in key[:2]}
        self._said = {pair: said for pair, said in self._said.items() if external not in pair}

    def memberships(self, until: date | None = None) -> list[tuple[str, str]]:
        """Who joined what, as (person, group) in the order of the ids, without what a person said is not for them."""
        said = self._answers(until)
        return sorted(
            pair for pair, day in self._joined.items() if _counts(day, until) and said.get(pair, _YES) == _YES
        )

    def answers(self, until: date | None = None) -> list[tuple[str, str, bool]]:
        """Who said yes or no to whom, as (who, about whom, yes), in the order of the ids.

        What somebody said themselves, last, goes before what follows from a match that both agreed to.
        """
        found: dict[tuple[str, str], int] = {}
        for (one, other, _kind), day in self._agreed.items():
            if _counts(day, until):
                found[one, other] = found[other, one] = _YES
        found |= self._answers(until)
        return sorted((*pair, verdict == _YES) for pair, verdict in found.items() if verdict != _SILENT)

    def _answers(self, until: date | None) -> dict[tuple[str, str], int]:
        found = {pair: [each for each in said if _counts(each[0], until)] for pair, said in self._said.items()}
        return {pair: _standing(said) for pair, said in found.items() if said}

    def to_list(self) -> list[Any]:
        """Return everything as lists, for JSON."""
        return [
            sorted((*pair, day) for pair, day in self._joined.items()),
            sorted((*key, day) for key, day in self._agreed.items()),
            sorted((*pair, *each) for pair, said in self._said.items() for each in said),
        ]

    @classmethod
    def from_list(cls, saved: list[Any]) -> History:
        """Undo `to_list`; an empty list, as in older saved folders, is an empty history."""
        made = cls()
        if saved:
            joined, agreed, said = saved
            made._joined = {(one, other): day for one, other, day in joined}
            made._agreed = {(one, other, kind): day for one, other, kind, day in agreed}
            for one, other, day, verdict in said:
                made._said[one, other] = made._said.get((one, other), frozenset()) | {(day, verdict)}
        return made


def _verdict(items: FeedbackItems) -> int | None:
    if items.felt_unsafe:
        return _SILENT
    if items.not_for_me is not None:
        return _NO if items.not_for_me else _YES
    rating = items.satisfaction if items.satisfaction is not None else items.helpfulness
    if rating is None or _NO_UP_TO < rating < _YES_FROM:
        return None
    return _YES if rating >= _YES_FROM else _NO


def _standing(said: list[_Said]) -> int:
    """The verdict that stands: silence once somebody felt unsafe, else the last one."""
    return _SILENT if any(verdict == _SILENT for _day, verdict in said) else max(said)[1]


def _day(moment: datetime) -> str:
    return in_utc(moment).date().isoformat()


def _counts(day: str, until: date | None) -> bool:
    return until is None or (bool(day) and day <= until.isoformat())
