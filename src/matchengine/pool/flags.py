"""Safety flags on groups: two people who felt unsafe or in competition take a group out of the suggestions (S4-13)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from matchengine.pool.tables import Table
from matchengine.records import Feedback
from matchengine.records.moments import in_utc

__all__ = ["NEEDED", "WINDOW_DAYS", "Flags", "suspended_column"]

WINDOW_DAYS, NEEDED = 60, 2
"""So many independent flags within so many days suspend a group (domain.md S4-13)."""
_Flag = tuple[str, str | None]
"""Who flagged, as a hash, and when (ISO 8601, UTC); None where the answer has no date."""


class Flags:
    """Flags by what they are about, with who gave them as a hash under the programme's key, never as an id.

    Two flags of one person are one. An anonymous answer counts as a person of its own; the same answer sent twice
    counts once. An answer without a date counts whenever one looks: caution comes first.

    Parameters
    ----------
    key : bytes
        Key of the hashes.
    """

    def __init__(self, key: bytes, *, window_days: int = WINDOW_DAYS, needed: int = NEEDED) -> None:
        self.window, self.needed = timedelta(days=window_days), needed
        self._key = key
        self._of: dict[str, frozenset[_Flag]] = {}
        self._reviewed: dict[str, str] = {}

    def add(self, feedback: Feedback) -> None:
        """Take over an answer; one without a flag changes nothing."""
        items = feedback.items
        if not (items.felt_unsafe or items.felt_competitive):
            return
        given = None if feedback.given_at is None else in_utc(feedback.given_at).isoformat()
        who = feedback.person_id if feedback.person_id is not None else "\n" + feedback.model_dump_json()
        digest = blake2b(who.encode(), digest_size=8, key=self._key).hexdigest()
        self._of[feedback.about_id] = self._of.get(feedback.about_id, frozenset()) | {(digest, given)}

    def review(self, about_id: str, at: datetime) -> None:
        """Record that a person looked into it: flags given until then no longer count, nor do undated ones."""
        moment = in_utc(at).isoformat()
        self._reviewed[about_id] = max(moment, self._reviewed.get(about_id, moment))

    def suspended(self, now: datetime | None = None) -> frozenset[str]:
        """Return what is suspended: independent flags within the window, until somebody reviewed it.

        A flag from after `now` does not count yet; None counts all. A suspension does not lapse by itself: a review
        ends it.
        """
        moment = None if now is None else in_utc(now)
        return frozenset(about for about in self._of if self._too_many(self._open(about, moment)))

    def _open(self, about: str, now: datetime | None) -> list[tuple[str, datetime | None]]:
        """Flags that no review closed and that were given by now, each with its time."""
        reviewed = self._reviewed.get(about)
        found: list[tuple[str, datetime | None]] = []
        for who, given in self._of[about]:
            at = None if given is None else datetime.fromisoformat(given)
            closed = reviewed is not None and (at is None or at <= datetime.fromisoformat(reviewed))
            if not closed and (at is None or now is None or at <= now):
                found.append((who, at))
        return found

    def _too_many(self, flags: Iterable[tuple[str, datetime | None]]) -> bool:
        undated = {who for who, at in flags if at is None}
        dated = [(who, at) for who, at in flags if at is not None]
        if len(undated) >= self.needed:
            return True
        return any(
            len(undated | {who for who, at in dated if first <= at <= first + self.window}) >= self.needed
            for _who, first in dated
        )

    def to_json(self) -> str:
        """Return everything as JSON."""
        flags = {about: sorted(given, key=repr) for about, given in sorted(self._of.items())}
        return json.dumps({"flags": flags, "reviewed": self._reviewed}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str, key: bytes) -> Flags:
        """Undo `to_json`."""
        data, made = json.loads(text), cls(key)
        flags = data["flags"].items()
        made._of = {about: frozenset((who, given) for who, given in of) for about, of in flags}
        made._reviewed = data["reviewed"]
        return made


def suspended_column(flags: Flags, records: Table) -> NDArray[np.float32]:
    """The column `suspended` of a table, with 1 also for what flags suspend, float32 (N,)."""
    stated: NDArray[np.float32] = records.column("suspended")
    rows = [records.row_of[about] for about in flags.suspended() if about in records.row_of]
    if not rows:
        return stated
    column = stated.copy()
    column[rows] = 1
    return column
