"""Who takes a break: nobody is pointed to them, and nothing tells a pause from an absence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import numpy as np

from matchengine.batch import BoolArray
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.pool.tables import Table
from matchengine.records import Pause

__all__ = ["Pauses", "on_a_break"]


class Pauses:
    """Pauses by person, each with its last day (None: until it is lifted)."""

    def __init__(self) -> None:
        self._until: dict[str, date | None] = {}

    def __bool__(self) -> bool:
        return bool(self._until)

    def add(self, pause: Pause) -> None:
        """Take over a pause in the place of the one before, or lift it."""
        self._until = {person: until for person, until in self._until.items() if person != pause.person_id}
        if not pause.lifted:
            self._until[pause.person_id] = pause.until

    def rests(self, person_id: str, today: date | None = None) -> bool:
        """Whether somebody takes a break on a day (default: today, UTC)."""
        if person_id not in self._until:
            return False
        until, day = self._until[person_id], datetime.now(UTC).date() if today is None else today
        return until is None or day <= until

    def rows(self, table: Table, today: date | None = None) -> BoolArray:
        """Which rows (N,) stand for somebody who takes a break on a day (default: today, UTC)."""
        day = datetime.now(UTC).date() if today is None else today
        out = np.zeros(len(table), np.bool_)
        resting = [person for person in self._until if self.rests(person, day)]
        out[[row for person in resting if (row := table.row_of.get(person)) is not None]] = True
        return out

    def to_json(self) -> dict[str, str | None]:
        """Return everything as plain values; `restore` takes it back."""
        return {person: None if until is None else until.isoformat() for person, until in self._until.items()}

    def restore(self, told: Mapping[str, str | None]) -> None:
        """Take over what `to_json` returned."""
        self._until = {person: None if day is None else date.fromisoformat(day) for person, day in told.items()}


def on_a_break(person_id: str) -> DataError:
    """Return the error for somebody who takes a break and asks, or of whom a coordinator asks."""
    return DataError(
        _(
            "person {id!r} takes a break: nothing is suggested to them, and they are suggested to nobody, before it "
            "ends; `resume` ends it now",
            id=person_id,
        )
    )
