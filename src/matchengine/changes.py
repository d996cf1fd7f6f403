"""How what an engine holds comes to change: whole loads, single records, and what others wrote to the same store.

With a store a change is committed first and seen afterwards: what a call answered from is never lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from matchengine.config import to_toml
from matchengine.errors import DataError, StoreError, UnknownIdError
from matchengine.i18n import _
from matchengine.io.load import chunks_of, gatherings_of, records_of
from matchengine.live import State
from matchengine.measured import MEASURES, Measured
from matchengine.pool.arrays import collection_paused, forked
from matchengine.pool.consents import PURPOSES
from matchengine.pool.embed import EmbeddingReport
from matchengine.pool.measures import Measures
from matchengine.pool.pool import Pool
from matchengine.pool.wish_edits import WishEdits
from matchengine.records import (
    AnyRecord,
    ConsentGrant,
    Feedback,
    Gathering,
    KeptRecord,
    Pause,
    Person,
    Relationship,
)
from matchengine.store.base import SETTING, Change, Entry, Position
from matchengine.store.documents import GATHERINGS, LOADED, Gone, read_document
from matchengine.store.ended import blank_ended
from matchengine.store.keep import EDITS, Everything, Keeper, refuse_unkept
from matchengine.store.projection import discloses, projected

__all__ = ["Changes"]

_CHUNK = 2_048
_SERVED = (*LOADED, "pause")
"""Kinds of documents that answers depend on."""
_TAKEN_OUT = ("person", *GATHERINGS)
"""Kinds of documents that a pool can let go of one at a time; where another one went, everything is read anew."""


class Changes(Measured):
    """What changes an engine. `_keeper` is None for an engine that ends with its process."""

    _before = Position(0, 0)
    """Where the store stood when the change under way began."""
    _unsettled = False
    """Whether the store is still to be told what followed from reading everything anew."""

    def load(
        self,
        people: Iterable[Any],
        groups: Iterable[Any] | None = None,
        events: Iterable[Any] | None = None,
        resources: Iterable[Any] | None = None,
        projects: Iterable[Any] | None = None,
        relationships: Iterable[Any] | None = None,
        consents: Iterable[Any] | None = None,
        feedback: Iterable[Any] | None = None,
        organisations: Iterable[Any] | None = None,
    ) -> EmbeddingReport:
        """Take over a whole programme, replacing what was loaded before; each argument: records, dicts or a DataFrame.

        Returns how many texts were encoded, found in the cache, cut, or in a language the embedder does not know;
        raises DataError with every problem of every record, and then nothing changes.
        """
        gatherings = gatherings_of(
            groups=groups, events=events, resources=resources, projects=projects, organisations=organisations
        )
        ties, said = records_of(relationships, Relationship), records_of(feedback, Feedback)
        grants, keeper = records_of(consents, ConsentGrant), self._keeper
        if keeper is None:
            state = self._filled(chunks_of(people, Person), gatherings, ties, grants, said)
            self._hold(state)
            return state.pool.embedding
        keeper.refuse_readers()
        with self._writing, keeper.collecting():
            self._hold_to_the_configuration(keeper)
            gatherings = {name: keeper.unerased(of) for name, of in gatherings.items()}
            grants, ties, said = keeper.unerased(grants), keeper.unerased(ties), keeper.unerased(said)
            kept: list[Any] = [*grants, *(each for of in gatherings.values() for each in of), *ties, *said]
            chunks = keeper.admitted_chunks(chunks_of(people, Person), grants, kept)
            state = self._filled(chunks, gatherings, ties, grants, said, keeper.pauses())
            settings = [("config", to_toml(self.config)), ("model", state.pool.model)]
            settings.append((MEASURES, self._measures_of(keeper, state).to_json()))
            keeper.commit(kept, state.pool.consents, replace=LOADED, settings=settings, new_epoch=True)
            state.pool.generation = keeper.position.generation
            self._hold(state)
        return state.pool.embedding

    def upsert(self, record: AnyRecord) -> None:
        """Add or replace one record; the next call sees it."""
        self.apply([record])

    def remove(self, external_id: str) -> None:
        """Take a person, group, event, resource, project or organisation out; the next call no longer sees it."""
        self.apply([Gone(external_id)])

    def apply(self, changes: Sequence[AnyRecord | Gone]) -> None:
        """Make several changes at once, in the given order; the next call sees all of them, or none where one fails.

        Records of people who were erased are left out, with a warning; where all are, that is an error.
        """
        keeper = self._keeper
        with self._writing, collection_paused():
            pool = self._held.pool.fork()
            if keeper is None:
                for change in changes:
                    self._made(pool, change)
            else:
                self._hold_to_the_configuration(keeper)
                with keeper.collecting():
                    made = self._admitted(keeper, pool, self._unerased(keeper, changes))
                    keeper.commit(made, pool.consents, extra=self._wish_edits(keeper, pool, made))
                pool.generation = keeper.position.generation
            self._held = replace(self._held, pool=pool)

    def _unerased(self, keeper: Keeper, changes: Sequence[AnyRecord | Gone]) -> list[AnyRecord | Gone]:
        if not keeper.suppression:
            return [*changes]
        left: list[AnyRecord | Gone] = []
        for change in changes:
            left += [change] if isinstance(change, Gone) else keeper.unerased([change], tell=len(changes) > 1)
        if changes and not left:
            told = _("this concerns somebody who was erased; nothing was changed; `allow_again` lets them come back")
            raise DataError(told)
        return left

    def _admitted(self, keeper: Keeper, pool: Pool, changes: Sequence[AnyRecord | Gone]) -> list[AnyRecord | Gone]:
        """Make changes to a pool and return them as they may be kept.

        A consent acts at once: what a person said under it is stated anew, as far as it is still, or now, allowed.
        """
        consents = forked(pool.consents)
        for change in changes:
            if isinstance(change, ConsentGrant):
                consents.add(change)
        latest: dict[str, Person | None] = {}
        made: list[AnyRecord | Gone] = []
        for change in changes:
            if isinstance(change, Person):
                change = latest[change.id] = projected(change, consents)
            elif isinstance(change, Gone):
                latest[change.id] = None
            self._made(pool, change)
            made.append(change)
            if isinstance(change, ConsentGrant):
                who = change.person_id
                held = latest[who] if who in latest else keeper.person(who)
                if held is not None and discloses(held):
                    latest[who] = held = projected(held, consents)
                    _restate(pool, held)
                    made.append(held)
        return made

    def _made(self, pool: Pool, change: AnyRecord | Gone) -> None:
        if isinstance(change, Gone):
            pool.remove(change.id)
        elif isinstance(change, KeptRecord):
            if self._keeper is None:
                raise refuse_unkept(change)
        else:
            pool.upsert(change)

    @staticmethod
    def _wish_edits(keeper: Keeper, pool: Pool, made: Sequence[AnyRecord | Gone]) -> list[Change]:
        """Return the changes that keep, for as long as it counts, when people changed what they wish to share.

        Of who no longer allows wishes for anything it is kept no more; this process goes on counting for that time.
        """
        counted = pool.wish_edits.to_json()
        changed = {each.id for each in made if isinstance(each, Person)} & counted.keys()
        ended = {each.person_id for each in made if isinstance(each, ConsentGrant) and each.withdrawn_at}
        concerned = changed | (ended & counted.keys())
        allowed = {who for who in concerned if any(pool.consents.keeps(who, "wishes", each) for each in PURPOSES)}
        silent = concerned - allowed
        gone = {entry.id for entry in keeper.entries(kinds=(EDITS,), ids=silent)} if silent else set[str]()
        end = datetime.now(UTC) + timedelta(days=7)
        kept = [Change(EDITS, who, json.dumps(counted[who]), (who,), end) for who in sorted(changed & allowed)]
        return [*kept, *(Change(EDITS, who, None) for who in sorted(gone))]

    def _hold_to_the_configuration(self, keeper: Keeper) -> None:
        keeper.retention = self.config.retention

    # ------------------------------------------------------------------ what others wrote, and what ran out

    def _catch_up(self) -> None:
        """Before a call reads: take over what was written elsewhere, withhold what must no longer be used."""
        keeper = self._keeper
        if keeper is not None:
            if keeper.follows:
                with suppress(StoreError) if keeper.alone else nullcontext():  # what failed nobody was told of
                    if keeper.behind():
                        self._follow(keeper)
            if datetime.now(UTC) >= keeper.next_end:
                with self._writing, collection_paused():
                    self._rebuild(keeper, must_write=False)
        if self._held.pool.consents.due():
            self._withhold_ended()

    def _begin_change(self) -> None:
        keeper = self._keeper
        if keeper is not None:
            self._before = keeper.position
            if keeper.writes and keeper.follows:
                if keeper.behind():
                    self._follow(keeper)
                    self._held.pool.wish_edits.restore(keeper.wish_edits())
                self._before, keeper.in_doubt = keeper.position, False
            if keeper.writes and self._unsettled:
                try:
                    self._finish(keeper, self._kept_measures(keeper))
                except StoreError:  # reads begin such a block too
                    keeper.in_doubt = True
                self._before = keeper.position

    def _change_failed(self) -> None:
        """Stand where the change began: the commit may be true though the call failed, and is then taken over."""
        keeper = self._keeper
        if keeper is not None:
            keeper.position, keeper.in_doubt = self._before, True
            keeper.forget_what_is_known()

    def _withhold_ended(self) -> None:
        """Blank what a consent no longer allows; what one that begins now allows is stated anew."""
        keeper = self._keeper
        with self._writing, collection_paused():
            pool = self._held.pool.fork()
            since = pool.consents.looked
            pool.withhold_ended()
            if keeper is not None:
                begun = [held for who in sorted(pool.consents.begun(since)) if (held := keeper.person(who)) is not None]
                with keeper.collecting():
                    for held in begun:
                        _restate(pool, projected(held, pool.consents))
                try:
                    blank_ended(keeper, pool.consents)
                except StoreError:
                    if not keeper.alone:
                        raise
                    self._unsettled = keeper.in_doubt = True
                pool.generation = keeper.position.generation
            self._held = replace(self._held, pool=pool)

    def _follow(self, keeper: Keeper) -> None:
        """Take over what another process wrote."""
        with self._writing, collection_paused():
            now = keeper.behind()
            if now is None:
                return
            new = [*keeper.entries(since=keeper.position.generation)]
            whole = now.epoch != keeper.position.epoch or any((e.kind, e.id) == (SETTING, MEASURES) for e in new)
            if whole or any(e.document is None and e.kind in _SERVED and e.kind not in _TAKEN_OUT for e in new):
                self._rebuild(keeper, must_write=False)
                return
            pool = self._held.pool.fork()
            with keeper.collecting():
                for entry in new:
                    self._take_over(pool, entry)
            ends = (e.expires_at for e in new if e.kind in _SERVED and e.document is not None)
            keeper.next_end = min([keeper.next_end, *(end for end in ends if end is not None)])
            generation = max(now.generation, *(entry.generation for entry in new)) if new else now.generation
            pool.generation = generation
            self._held = replace(self._held, pool=pool)
            keeper.position = now._replace(generation=generation)  # last: another thread takes it as done

    def _take_over(self, pool: Pool, entry: Entry) -> None:
        if entry.kind in _SERVED and entry.document is not None:
            record = read_document(entry)
            if isinstance(record, Person):
                _restate(pool, record)  # who wrote it counted its wishes
            else:
                pool.upsert(record)  # type: ignore[arg-type]
        elif entry.kind in _TAKEN_OUT:
            with suppress(UnknownIdError):  # it came and went since
                pool.remove(entry.id)

    def _rebuild(self, keeper: Keeper, *, must_write: bool = True) -> None:
        """Read everything from the store anew, and go by what was measured when it was loaded.

        Who writes keeps what follows from it; unless that `must_write`, the next change tries again where it fails.
        """
        with keeper.store.one_moment(keeper.programme):
            everything, measures = keeper.everything(), self._kept_measures(keeper)
        self._take_up(keeper, everything, measures)
        if self._quota is not None:
            self._quota.forget(keeper.suppression.names)
        if keeper.writes:
            with nullcontext() if must_write else suppress(StoreError):
                self._finish(keeper, measures)

    def _finish(self, keeper: Keeper, measures: Measures | None) -> None:
        try:
            self._keep_measures(keeper, measures)
            self._settle(keeper)
        except BaseException:
            self._unsettled = True
            raise
        self._unsettled = False

    def _take_up(self, keeper: Keeper, everything: Everything, measures: Measures | None) -> None:
        position, found, next_end = everything
        people = found["person"]
        chunks = (people[start : start + _CHUNK] for start in range(0, max(1, len(people)), _CHUNK))
        gatherings = {f"{name}s": found[name] for name in GATHERINGS}
        said = (found["relationship"], found["consent"], found["feedback"], found["pause"])
        with keeper.collecting():
            state = self._filled(chunks, gatherings, *said, measures)
        state.pool.generation = position.generation
        self._hold(state)
        self._before = keeper.position = position
        keeper.next_end = next_end

    def _settle(self, keeper: Keeper) -> None:
        """Finish in the store what fell due while nobody wrote: consents that ended."""
        self._hold_to_the_configuration(keeper)
        self._held.pool.wish_edits.restore(keeper.wish_edits())
        blank_ended(keeper, self._held.pool.consents)
        self._held.pool.generation = keeper.position.generation

    def _filled(
        self,
        people: Iterator[Sequence[Person]],
        gatherings: Mapping[str, Sequence[Gathering]],
        ties: Sequence[Relationship],
        grants: Sequence[ConsentGrant],
        said: Sequence[Feedback],
        pauses: Sequence[Pause] = (),
        measures: Measures | None = None,
    ) -> State:
        pool = self._empty_pool()
        pool.load(people, dict(gatherings), ties, grants, said, measures)
        for pause in pauses:
            pool.pauses.add(pause)
        return self._state_over(pool, measures)

    # ------------------------------------------------------------------ what is measured over everybody

    def measure(self) -> None:
        """Measure anew, over everybody of now, what else stays as it was at the last `load`, and keep it.

        That is: how much each word tells, what counts as similar, and the score of an average pair. All scores move
        a little, for everybody and in every process; do it when a programme has become quite another one.

        Raises
        ------
        StoreError
            Where this engine only reads.
        DataError
            Where there is no store.
        """
        keeper = self._keeper
        if keeper is None:
            raise DataError(_("only an engine over a store keeps this; open one with Engine.open(location, config)"))
        keeper.refuse_readers()
        with self._writing, collection_paused():
            self._take_up(keeper, keeper.everything(), None)
            self._write_measures(keeper, self._measures_of(keeper, self._held), new_epoch=True)
            self._settle(keeper)

    def _empty_pool(self) -> Pool:
        raise NotImplementedError  # an engine knows how


def _restate(pool: Pool, person: Person) -> None:
    """Append a person's record anew, which counts as no change of their wishes."""
    counted, pool.wish_edits = pool.wish_edits, WishEdits()
    pool.upsert(person)
    pool.wish_edits = counted
