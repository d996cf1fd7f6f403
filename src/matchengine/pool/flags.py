"""Safety flags on groups: two people who felt unsafe or in competition take a group out of the suggestions (S4-13)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from matchengine.records import Feedback

__all__ = ["NEEDED", "WINDOW_DAYS", "Flags"]

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
        self._of: dict[str, set[_Flag]] = {}

    def add(self, feedback: Feedback) -> None:
        """Take over an answer; one without a flag changes nothing."""
        items = feedback.items
        if not (items.felt_unsafe or items.felt_competitive):
            return
        given = None if feedback.given_at is None else _utc(feedback.given_at).isoformat()
        who = feedback.person_id if feedback.person_id is not None else "\n" + feedback.model_dump_json()
        digest = blake2b(who.encode(), digest_size=8, key=self._key).hexdigest()
        self._of.setdefault(feedback.about_id, set()).add((digest, given))

    def review(self, about_id: str, at: datetime) -> None:
        """Record that a person looked into it: flags given until then no longer count, undated ones included."""
        self._of[about_id] = {flag for flag in self._of.get(about_id, ()) if flag[1] and _read(flag[1]) > _utc(at)}
        if not self._of[about_id]:
            del self._of[about_id]

    def suspended(self, now: datetime) -> frozenset[str]:
        """Return what is suspended: independent flags within the window, until somebody reviewed it.

        A flag from after `now` does not count yet. A suspension does not lapse by itself: a review ends it.
        """
        return frozenset(about for about, flags in self._of.items() if self._too_many(flags, _utc(now)))

    def _too_many(self, flags: Iterable[_Flag], now: datetime) -> bool:
        undated = {who for who, given in flags if given is None}
        dated = [(who, at) for who, given in flags if given is not None and (at := _read(given)) <= now]
        if len(undated) >= self.needed:
            return True
        return any(
            len(undated | {who for who, at in dated if first <= at <= first + self.window}) >= self.needed
            for _who, first in dated
        )

    def to_json(self) -> str:
        """Return everything as JSON."""
        return json.dumps({about: sorted(flags, key=repr) for about, flags in sorted(self._of.items())})

    @classmethod
    def from_json(cls, text: str, key: bytes) -> Flags:
        """Undo `to_json`."""
        made = cls(key)
        made._of = {about: {(who, given) for who, given in flags} for about, flags in json.loads(text).items()}
        return made


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read(given: str) -> datetime:
    return datetime.fromisoformat(given)
