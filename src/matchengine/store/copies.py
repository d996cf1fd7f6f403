"""Where data of a programme were written outside its store: what no erasure reaches, and so has to name."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from matchengine.store.base import Change, Commit, Event
from matchengine.store.keep import Keeper
from matchengine.store.results import COPY, Copy
from matchengine.store.retention import expires_after

__all__ = ["COPIED", "copies", "note_copy"]

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
    end = expires_after(told.written_at, keeper.retention.copies)
    name = hashlib.sha256(told.address.encode()).hexdigest()[:32]
    keeper.write(Commit(changes=(Change(COPY, name, told.model_dump_json(), (), end),)))


def copies(keeper: Keeper) -> list[Copy]:
    """Return where data of a programme were written outside its store, as far as it is known, by address."""
    found = [Copy.model_validate_json(entry.document or "") for entry in keeper.entries(kinds=(COPY,))]
    for line in keeper.store.audit(keeper.programme):
        if line.event.action == COPIED:
            told = line.event.details
            found.append(Copy(address=told["address"], what=told["what"], written_at=line.at))
    latest = {copy.address: copy for copy in sorted(found, key=lambda copy: copy.written_at)}
    return [latest[address] for address in sorted(latest)]
