"""Where data of a programme were written outside its store: what no erasure reaches, and so has to name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from matchengine.store.base import AuditLine, Change, Commit, Event, Store
from matchengine.store.keep import Keeper
from matchengine.store.results import COPY, Copy
from matchengine.store.retention import expires_after

__all__ = ["COPIED", "copies", "copy_in", "kept_beyond", "note_copy"]

COPIED = "copied"
"""Action of the event with which an engine that only reads tells where it wrote something."""


def note_copy(keeper: Keeper, address: str | Path, what: str) -> None:
    """Remember that data of a programme are being written outside its store; call it before they are.

    An erasure cannot reach what lies there, and names it. An engine that only reads puts it on record instead.

    Parameters
    ----------
    keeper : Keeper
    address : str or Path
        Where: the path of a folder or a file.
    what : str
        What it is, such as `saved engine`.
    """
    told = Copy(address=str(Path(address).absolute()), what=what, written_at=datetime.now(UTC))
    if not keeper.writes:
        details = {"address": told.address, "what": what}
        keeper.store.write(keeper.programme, Commit(events=(Event("matchengine", COPIED, details=details),)))
        return
    keeper.write(Commit(changes=(_change(told, keeper.retention.copies),)))


def copies(keeper: Keeper) -> list[Copy]:
    """Return where data of a programme were written outside its store, as far as it is known, by address."""
    told = [copy for line in keeper.store.audit(keeper.programme) if (copy := copy_in(line)) is not None]
    latest = _latest([*_kept(keeper.store, keeper.programme), *told])
    return [latest[address] for address in sorted(latest)]


def copy_in(line: AuditLine) -> Copy | None:
    """Return the copy of which a line on record tells; None where it tells of none."""
    told = line.event.details
    return Copy(address=told["address"], what=told["what"], written_at=line.at) if line.event.action == COPIED else None


def kept_beyond(store: Store, programme: str, told: Iterable[Copy], days: int | None) -> list[Change]:
    """Return the changes that keep copies, for so many days, of which only lines tell that are about to go."""
    kept, now = _kept(store, programme), datetime.now(UTC)
    made = [_change(copy, days) for copy in _latest([*kept, *told]).values() if copy not in kept]
    return [change for change in made if change.expires_at is None or change.expires_at > now]


def _change(copy: Copy, days: int | None) -> Change:
    name, end = hashlib.sha256(copy.address.encode()).hexdigest()[:32], expires_after(copy.written_at, days)
    return Change(COPY, name, copy.model_dump_json(), (), end, copy.written_at)


def _kept(store: Store, programme: str) -> list[Copy]:
    return [Copy.model_validate_json(entry.document or "") for entry in store.entries(programme, kinds=(COPY,))]


def _latest(copies: Iterable[Copy]) -> dict[str, Copy]:
    return {copy.address: copy for copy in sorted(copies, key=lambda copy: copy.written_at)}
