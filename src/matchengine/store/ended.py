"""Consents that have ended: what a store then no longer holds, and that it is on record alike for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from matchengine.actors import acting_itself
from matchengine.pool.consents import Consents, ends_of
from matchengine.records import ConsentGrant, Person
from matchengine.records.moments import FIRST_MOMENT, in_utc
from matchengine.store.base import SETTING, Change, Commit
from matchengine.store.documents import change_of, id_of, read_document
from matchengine.store.keep import Keeper
from matchengine.store.projection import projected
from matchengine.store.recording import event_by_now
from matchengine.store.secret import key_of

__all__ = ["blank_ended"]

_UNTIL = "consents_ended"
"""Setting of a programme: up to which moment the ends of consents are on record."""


def blank_ended(keeper: Keeper, consents: Consents) -> None:
    """Take out of the stored records of people what their ended consents allowed; drafts they are in are stale.

    Each end is put on record once, whether or not anything was to be taken out: else that would tell who had disclosed
    something. Nothing happens where this engine only reads.

    Raises
    ------
    StoreError
        Where it cannot be written.
    """
    now = datetime.now(UTC)
    over = [grant for grant in consents if not grant.in_force(now)]
    if not keeper.writes or not over:
        return
    made = []
    for entry in keeper.entries(kinds=("person",), ids={grant.person_id for grant in over}):
        held = read_document(entry)
        if isinstance(held, Person) and (left := projected(held, consents)) != held:
            made.append(change_of(left))
    blanked = {change.id for change in made}
    ended = [*_ended(keeper, consents, over, now), *(grant for grant in over if grant.person_id in blanked)]
    if not ended:
        return
    people = {grant.person_id for grant in ended}
    changes = [*made, *keeper.results.marked(ended), Change(SETTING, _UNTIL, now.isoformat())]
    with acting_itself():
        told = {"consent ended": str(len(people))}
        event = event_by_now(keeper.programme, key_of(keeper.store), "changed", people, told)
        keeper.write(Commit(changes=changes, events=(event,), wipe=bool(made)))


def _ended(keeper: Keeper, consents: Consents, over: list[ConsentGrant], now: datetime) -> Iterator[ConsentGrant]:
    """Yield grants that ended since that was last put on record, and that no other grant goes on from.

    The end of one that was withdrawn at once is on record already.
    """
    until = keeper.setting(_UNTIL)
    since = FIRST_MOMENT if until is None else min(now, datetime.fromisoformat(until))
    found = {id_of(grant): grant for grant in over if any(since < end <= now for end in sorted(ends_of(grant))[:1])}
    written = {entry.id: entry.written_at for entry in keeper.entries(kinds=("consent",), ids=found)}
    for name, grant in found.items():
        told = grant.withdrawn_at is not None and in_utc(grant.withdrawn_at) <= written.get(name, now)
        if not told and not consents.keeps(grant.person_id, grant.field, grant.purpose):
            yield grant
