"""How often a person changed what they wish to share: limited, so that nobody can probe others (domain.md C2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from matchengine.errors import DataError
from matchengine.i18n import ngettext
from matchengine.pool.consents import Consents
from matchengine.pool.sensitive import forget_words, sensitive_columns, wishes_in
from matchengine.pool.shared import Shared
from matchengine.pool.tables import Table
from matchengine.records import Person

__all__ = ["WishEdits"]

_WINDOW = timedelta(days=7)


def _now() -> datetime:
    return datetime.now(UTC)


def _next_minute(at: datetime) -> datetime:
    """The first full minute, in UTC, that is not before a moment."""
    return (at.astimezone(UTC) + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)


class WishEdits:
    """The times at which each person changed their wishes in the last seven days.

    Parameters
    ----------
    most : int
        Changes allowed in seven days.
    clock : callable
        Gives the time now, with its zone.
    """

    def __init__(self, most: int = 3, clock: Callable[[], datetime] = _now) -> None:
        self.most = most
        self.clock = clock
        self._at: dict[str, list[datetime]] = {}

    @contextmanager
    def counting(self, person: Person, table: Table, shared: Shared, consents: Consents) -> Iterator[None]:
        """Watch over a block that puts a person's record in the place of the one before.

        A change counts where other tokens are wished for than before, or as much less or more, whichever field of the
        record makes it so. To wish for less is always possible.

        Raises
        ------
        DataError
            Before the block, where it would be a change too many.
        """
        old = table.row_of.get(person.id)
        before = frozenset() if old is None else wishes_in(table, old)
        if old is not None and len(self._recent(person.id)) >= self.most:
            later = wishes_in(sensitive_columns([person], shared, consents), 0)
            forget_words(table, shared)
            if not later <= before:
                raise self._refusal(person.id)
        yield
        forget_words(table, shared)
        if old is not None and wishes_in(table, table.row_of[person.id]) != before:
            self._at[person.id] = [*self._recent(person.id), self.clock()]

    def _refusal(self, person_id: str) -> DataError:
        again = self._recent(person_id)[-self.most] + _WINDOW
        told = ngettext(
            "person {id!r}: what they wish to share was changed {n} time in seven days; to protect others no more "
            "changes are possible; nothing was changed; try again from {when} UTC",
            "person {id!r}: what they wish to share was changed {n} times in seven days; to protect others no more "
            "changes are possible; nothing was changed; try again from {when} UTC",
            self.most,
            id=person_id,
            when=f"{_next_minute(again):%Y-%m-%d %H:%M}",
        )
        return DataError(told)

    def _recent(self, person_id: str) -> list[datetime]:
        since = self.clock() - _WINDOW
        kept = [at for at in self._at.get(person_id, ()) if at > since]
        if kept:
            self._at[person_id] = kept
        else:
            self._at.pop(person_id, None)
        return kept

    def to_json(self) -> dict[str, list[str]]:
        """Return what is still counted, as JSON."""
        recent = {person: self._recent(person) for person in sorted(self._at)}
        return {person: [at.isoformat() for at in times] for person, times in recent.items() if times}

    def restore(self, told: Mapping[str, list[str]]) -> None:
        """Take over what `to_json` gave."""
        self._at = {person: [datetime.fromisoformat(at) for at in times] for person, times in told.items()}
