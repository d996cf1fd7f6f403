"""What people say to a running programme beside their profile: breaks, and wishes for a group on a sensitive topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from matchengine.actors import acting, acting_itself
from matchengine.errors import DataError, StoreError, UnknownIdError
from matchengine.i18n import _
from matchengine.io.load import gatherings_of, records_of
from matchengine.pool.consents import Consents
from matchengine.pool.tables import refuse_duplicates
from matchengine.records import AnyRecord, ConsentGrant, Feedback, GroupRequest, Pause, Person, Relationship
from matchengine.records.moments import FIRST_MOMENT, LAST_MOMENT, in_utc
from matchengine.rights.rights import Rights
from matchengine.store.base import Commit, Event
from matchengine.store.documents import GATHERINGS, LOADED, Gone, records_in
from matchengine.store.keep import Keeper
from matchengine.store.recording import event_by_now
from matchengine.store.secret import key_of

if TYPE_CHECKING:
    from matchengine.io.sync import Roster, SyncPlan, SyncReport

__all__ = ["Saying"]

_REQUEST = "group_request"


class Saying(Rights):
    """What changes an engine because somebody said so, other than a record that is sent."""

    _requests_end: datetime | None = None
    """When the next group request ends; None where nobody has looked yet."""

    def pause(self, person_id: str, until: date | None = None) -> None:
        """Let somebody take a break, up to a last day or until `resume`; the next call points nobody to them.

        Their matches stay. To others a break reads like an absence.

        Raises
        ------
        UnknownIdError
            Where nobody has this id.
        DataError
            Where the last day is over already.
        """
        self._refuse_stranger(person_id)
        if until is not None and until < datetime.now(UTC).date():
            raise DataError(_("pause: the last day {day} is over; give a later one, or none", day=until))
        self.apply([Pause(person_id=person_id, until=until)])

    def resume(self, person_id: str) -> None:
        """End somebody's break now; nothing happens where they take none.

        Raises
        ------
        UnknownIdError
            Where nobody has this id.
        """
        self._refuse_stranger(person_id)
        self.apply([Pause(person_id=person_id, lifted=True)])

    def _refuse_stranger(self, person_id: str) -> None:
        if person_id not in self._held.pool.tables["people"].row_of:
            raise UnknownIdError(_("person {id!r} is not known to this engine", id=person_id))

    # ------------------------------------------------------------------ groups on sensitive topics

    def request_group(self, request: GroupRequest | dict[str, Any]) -> None:
        """Keep somebody's wish for a group on a sensitive topic until they are placed, or it ends (domain.md S4-04).

        It never becomes part of a profile: it is not embedded, compared, counted, learnt from or logged. A later
        request of the same person replaces the earlier one. A person reads it and places them.

        Raises
        ------
        DataError
            Without a store, or where the request has ended already.
        """
        [record] = records_of([request], GroupRequest)
        if in_utc(record.expires_at) <= datetime.now(UTC):
            raise DataError(_("group request: it has ended already; ask the person anew"))
        self.apply([record])

    def open_requests(self, *, by: str) -> tuple[GroupRequest, ...]:
        """Return the requests that wait for a person to place somebody, the oldest first.

        Parameters
        ----------
        by : str
            Who reads them, as in `matchengine.acting`; it goes on record that they did.

        Raises
        ------
        DataError
            Without a store, or where `by` is no such id.
        """
        keeper = self._over_store("open_requests")
        with acting(by):
            self._catch_up()
            found = records_in(keeper.entries(kinds=(_REQUEST,)))[_REQUEST]
            event = _event(keeper, "saw", [each.person_id for each in found], question=_REQUEST)
            keeper.store.write(keeper.programme, Commit(events=(event,)))
        return tuple(sorted(found, key=lambda each: (in_utc(each.asked_at), each.person_id)))

    def placed(self, person_id: str, group_id: str, *, by: str) -> None:
        """Say that a person has placed somebody who asked for a group: the request is deleted at once, for good.

        Which group it is stays out of the record; a membership is told like any other, if the person wants that.

        Raises
        ------
        UnknownIdError
            Where the person has no open request, or there is no such gathering.
        DataError
            Without a store, or where `by` is no id as in `matchengine.acting`.
        StoreError
            Where this engine only reads.
        """
        keeper = self._over_store("placed")
        with acting(by), self._writing:
            keeper.refuse_readers()
            self._catch_up()
            pool = self._held.pool
            if not any(group_id in pool.cards[f"{kind}s"] for kind in GATHERINGS):
                raise UnknownIdError(_("{id!r} is not known to this engine", id=group_id))
            asked = [e.id for e in keeper.entries(kinds=(_REQUEST,)) if person_id in e.people]
            if not asked:
                raise UnknownIdError(_("person {id!r} has no open request for a group", id=person_id))
            keeper.write(Commit(forget=asked, events=(_event(keeper, "placed", [person_id]),)))

    def apply(self, changes: Sequence[AnyRecord | Gone]) -> None:
        """Make several changes at once, in the given order; the next call sees all of them, or none where one fails."""
        super().apply(changes)
        ends = [in_utc(change.expires_at) for change in changes if isinstance(change, GroupRequest)]
        if ends and self._requests_end is not None:
            self._requests_end = min(self._requests_end, *ends)

    def _catch_up(self) -> None:
        super()._catch_up()
        keeper, now = self._keeper, datetime.now(UTC)
        if keeper is not None and keeper.writes and (self._requests_end is None or self._requests_end <= now):
            with suppress(StoreError) if keeper.alone else nullcontext(), self._writing:
                self._requests_end = self._let_requests_end(keeper, now)

    def _let_requests_end(self, keeper: Keeper, now: datetime) -> datetime:
        """Delete the requests that have ended, for good, and return when the next one ends."""
        asked = [*keeper.entries(kinds=(_REQUEST,), now=FIRST_MOMENT)]
        over = [entry.id for entry in asked if entry.expires_at is not None and entry.expires_at <= now]
        if over:
            with acting_itself():
                keeper.write(Commit(forget=over, events=(_event(keeper, "purged", [], group_request=str(len(over))),)))
        ends = (entry.expires_at for entry in asked if entry.expires_at is not None)
        return min((end for end in ends if end > now), default=LAST_MOMENT)

    def _over_store(self, name: str) -> Keeper:
        if self._keeper is None:
            told = _("{name}: only an engine over a store can; open one with Engine.open(location, config)", name=name)
            raise DataError(told)
        return self._keeper

    # ------------------------------------------------------------------ a whole roster

    def sync(
        self,
        people: Iterable[Any] | None = None,
        groups: Iterable[Any] | None = None,
        events: Iterable[Any] | None = None,
        resources: Iterable[Any] | None = None,
        projects: Iterable[Any] | None = None,
        organisations: Iterable[Any] | None = None,
        relationships: Iterable[Any] | None = None,
        consents: Iterable[Any] | None = None,
        feedback: Iterable[Any] | None = None,
        *,
        more_relationships: Iterable[Any] = (),
        gone_at_most: float = 20.0,
        dry_run: bool = False,
    ) -> SyncReport:
        """Take a full roster and apply the difference to the store, in one commit: who came, changed and went.

        Kinds that are not given stay as they are, and so do breaks, meetings, requests and answers. Who is no longer in
        the roster is not matched any more; nothing about them is erased. What people themselves decided since stays: a
        consent that was withdrawn, a boundary, who is kept apart, and what somebody looked into.

        Parameters
        ----------
        people, groups, events, resources, projects, organisations, relationships : iterable, optional
            Everybody and everything there is; records, dicts or a data frame. A relationship that runs and is no longer
            listed ends today; one that is only proposed stays.
        consents : iterable, optional
            What the roster says: one that it no longer names is withdrawn, for the fields that it does name.
        feedback : iterable, optional
            Answers to add.
        more_relationships : iterable
            Relationships to add beside those that are kept.
        gone_at_most : float
            Per cent of the people kept who may go; a roster that lacks more is refused, as a file cut in half.
        dry_run : bool
            Whether only to say what would happen.

        Raises
        ------
        DataError
            Without a store, where a record is not valid, or where too many people would go; then nothing changes.
        StoreError
            Where this engine only reads and this is no dry run, or it cannot be written.
        """
        from matchengine.io.sync import Roster  # comparing rosters is loaded only for one

        keeper = self._over_store("sync")
        given = gatherings_of(
            groups=groups, events=events, resources=resources, projects=projects, organisations=organisations
        )
        lists = {"groups": groups, "events": events, "resources": resources, "projects": projects}
        lists["organisations"] = organisations
        roster = Roster(
            people=None if people is None else records_of(people, Person),
            gatherings={name: keeper.unerased(given[name]) for name, of in lists.items() if of is not None},
            relationships=None if relationships is None else keeper.unerased(records_of(relationships, Relationship)),
            more_relationships=keeper.unerased(records_of(more_relationships, Relationship)),
            consents=None if consents is None else keeper.unerased(records_of(consents, ConsentGrant)),
            feedback=keeper.unerased(records_of(feedback, Feedback)),
        )
        with self._writing:
            if not dry_run:
                keeper.refuse_readers()
            self._catch_up()
            plan = self._planned(keeper, roster, gone_at_most)
            if dry_run:
                return plan.report
            plan.refuse_if_too_many()
            changes = [*plan.changes, *(Gone(external) for external in plan.gone)]
            if changes and plan.first:
                self._fill(roster, plan)
            elif changes:
                self.apply(changes)
        return plan.report.model_copy(update={"written": bool(changes)})

    def _fill(self, roster: Roster, plan: SyncPlan) -> None:
        """Take over the first roster of an empty store as a whole load, which encodes texts in large batches."""
        of = roster.gatherings
        self.load(
            roster.people or (), of.get("groups"), of.get("events"), of.get("resources"), of.get("projects"),
            relationships=[each for each in plan.changes if isinstance(each, Relationship)],
            consents=roster.consents, feedback=roster.feedback, organisations=of.get("organisations"),
        )  # fmt: skip

    @staticmethod
    def _planned(keeper: Keeper, roster: Roster, gone_at_most: float) -> SyncPlan:
        """Compare a roster with what is kept; its people without what no consent allows."""
        from matchengine.io.sync import plan_consents, plan_sync

        stored, now = records_in(keeper.entries(kinds=LOADED)), datetime.now(UTC)
        refuse_duplicates([person.id for person in roster.people or ()], "person")
        for name, of in roster.gatherings.items():
            refuse_duplicates([each.id for each in of], name.removesuffix("s"))
        here = [person.id for person in roster.people or ()]
        consents = plan_consents(stored["consent"], roster.consents, here, now)
        if roster.people is not None:
            roster = replace(roster, people=keeper.admitted(roster.people, Consents(consents.after)))
        return plan_sync(stored, roster, consents, gone_at_most, now)


def _event(keeper: Keeper, action: str, people: Sequence[str], **details: str) -> Event:
    return event_by_now(keeper.programme, key_of(keeper.store), action, people, details)
