"""The rights of a person, and how long anything is kept: show, export, erase, let come back, purge, keep drafts."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from matchengine.actors import acting, acting_itself
from matchengine.durable import Durable
from matchengine.errors import DataError, SnapshotError, StoreError, UnknownIdError
from matchengine.i18n import _
from matchengine.live import answering
from matchengine.pool.arrays import collection_paused
from matchengine.pool.vector_cache import EmbeddingCache
from matchengine.records import Record, Suggestion
from matchengine.records.moments import FIRST_MOMENT
from matchengine.records.vocabulary import Viewer
from matchengine.rights.erasing import buried, commit_of, forgotten, needed_texts, reach_of, texts_of
from matchengine.rights.records import Erasure, PersonRecord, Purged
from matchengine.rights.telling import tell_person
from matchengine.store.base import Change, Commit, checked_programme
from matchengine.store.cache import CacheWarning
from matchengine.store.copies import copies, note_copy
from matchengine.store.documents import LOADED
from matchengine.store.keep import Keeper
from matchengine.store.publish import left_behind
from matchengine.store.recording import event_by_now
from matchengine.store.results import RESULT, STALE, Copy, KeptResult, ids_in, read_result
from matchengine.store.retention import expires_after
from matchengine.store.secret import key_of
from matchengine.store.snapshot import before
from matchengine.store.suppression import ERASED, Suppression, owners_in, read_list, write_list

__all__ = ["Rights"]

_NONE: Mapping[str, str] = MappingProxyType({})


class Rights(Durable):
    """What a person may ask of a programme, and what a programme keeps of what it drafted. All of it needs a store."""

    # ------------------------------------------------------------------ the person

    @answering
    def person_record(self, person_id: str, *, k: int = 5) -> PersonRecord:
        """Return everything that is held about a person, derived data among it; of others nothing.

        `k` is how many of their current suggestions of each kind are told.

        Raises
        ------
        UnknownIdError
            Where nothing is held about this id.
        """
        return tell_person(self, self._over_a_store(), person_id, k)

    def erase(
        self, person_id: str, *, why: str, by: str, address: str | None = None, elsewhere: bool = False
    ) -> Erasure:
        """Erase a person: documents, vectors, kept drafts, caches, and their id in what others said.

        They are gone for the next call, stay away from imports until `allow_again`, and do not come back with a
        database that is restored. What lies outside the store is listed in the answer, to be deleted by hand; a cache
        that cannot be deleted too.

        Parameters
        ----------
        why, by : str
            For the record, as in `matchengine.acting`; never a word about the person.
        address : str, optional
            Their e-mail address. Only a keyed hash of it is kept, by which a `sync` of rows without ids knows them.
        elsewhere : bool
            Whether they are known elsewhere, as in a contacts sheet: then they stay away though nothing is held here.

        Raises
        ------
        UnknownIdError
            Where nothing is held about this id, and they are not known elsewhere.
        DataError
            Where it is the id of a group or the like.
        """
        keeper = self._over_a_store()
        keeper.refuse_readers()
        with acting(by, why):
            addresses = {person_id: address} if address else {}
            return self._erase(keeper, [person_id], addresses, known=[person_id] if elsewhere else ())

    @property
    def suppression(self) -> Suppression:
        """Who was erased, as keyed hashes: what reads files of people leaves them out by it."""
        return self._over_a_store().suppression

    def keep_away(self, addresses: Mapping[str, str]) -> None:
        """Put e-mail addresses of people who were erased, by their ids, on the list of the erased, as keyed hashes.

        Those of anybody else are passed over.
        """
        keeper = self._over_a_store()
        keeper.refuse_readers()
        with self._writing, acting_itself():
            gone = keeper.suppression
            changes = gone.of_addresses({who: address for who, address in addresses.items() if gone.names(who)})
            if changes != []:
                self._write_erased(keeper, Commit(changes=changes))

    def kept_away(self, address: str, own: str | None = None, known: str | None = None) -> str | None:
        """Return the id that stands for whoever was erased under an e-mail address; None where nobody was.

        Parameters
        ----------
        address : str
        own : str, optional
            The id that the programme gives to whoever has the address now. It tells them from somebody erased who had
            an id of the programme too; from somebody whom nothing but the address told, nothing does.
        known : str, optional
            The id under which the address is known. Of whom a record is held, under either id, is not away.
        """
        keeper = self._over_a_store()
        standing = keeper.suppression.erased_id(address, told_apart=own is not None)
        here = standing is not None and any(keeper.person(each) is not None for each in (own, known) if each)
        return None if here else standing

    def allow_again(self, person_id: str, *, why: str, by: str) -> None:
        """Let somebody come back who was erased, by their own wish; until they are sent again nothing is known of them.

        Parameters
        ----------
        person_id : str
            Their id, or the e-mail address by which they are kept away.
        why, by : str
            For the record, as in `erase`.

        Raises
        ------
        DataError
            Where nobody with this id or address was erased.
        """
        keeper = self._over_a_store()
        keeper.refuse_readers()
        with acting(by, why), self._writing:
            gone = keeper.suppression
            person_id = person_id if gone.names(person_id) else gone.erased_id(person_id) or ""
            if not person_id:
                raise DataError(_("nobody with this id or e-mail address was erased; nothing was changed"))
            lifted = gone.together(person_id)
            event = event_by_now(keeper.programme, key_of(keeper.store), "allowed_again", [person_id], {})
            keeper.write(Commit(changes=[Change(ERASED, each, None) for each in sorted(lifted)], events=(event,)))
            write_list(keeper.list_outside, {each: gone.owners[each] for each in gone.hashes - lifted})
            keeper.forget_what_is_known()

    # ------------------------------------------------------------------ how long

    def purge(self) -> Purged:
        """Delete for good what is over by what `[retention]` names; doing it twice does nothing more."""
        keeper = self._over_a_store()
        keeper.refuse_readers()
        with self._writing, collection_paused():
            self._hold_to_the_configuration(keeper)
            if (stamped := keeper.restamped()) != []:
                keeper.write(Commit(changes=stamped))
                keeper.forget_what_is_known()
            now, counts = datetime.now(UTC), dict[str, int]()
            for entry in keeper.entries(now=FIRST_MOMENT):
                if entry.expires_at is not None and entry.expires_at <= now:
                    counts[entry.kind] = counts.get(entry.kind, 0) + 1
            if counts:
                served = bool(counts.keys() & {*LOADED, "pause"})
                keeper.write(Commit(purge_until=now, new_epoch=served))
                keeper.forget_what_is_known()
                if served:
                    self._rebuild(keeper)
            days, cut = self.config.retention.audit, None
            if days is not None:
                with acting_itself():
                    cut = self.cut_audit(now - timedelta(days=days))
        return Purged(at=now, documents=dict(sorted(counts.items())), audit_up_to=None if cut is None else cut.number)

    # ------------------------------------------------------------------ drafts that are kept

    def keep(self, name: str, result: Any) -> KeptResult:
        """Keep a draft under a name, in the place of the one before: a plan, a ledger, a list of suggestions.

        It is marked as stale when anything changes for somebody in it, and erased with the first who is.

        Parameters
        ----------
        name : str
            1 to 64 of a-z, 0-9, `_` and `-`.
        result : Record or Plan
            What this engine handed out.

        Raises
        ------
        DataError
            Where it is no record of ours, or names somebody who was erased.
        """
        keeper = self._over_a_store()
        keeper.refuse_readers()
        document = result if isinstance(result, Record) else getattr(result, "document", None)
        if not isinstance(document, Record) or not type(document).__module__.startswith("matchengine."):
            raise DataError(
                _("expected a document of this engine, such as a plan; got {kind}", kind=type(result).__name__)
            )
        with self._writing:
            self._hold_to_the_configuration(keeper)
            told = json.loads(document.model_dump_json())
            known = {*self._held.pool.tables["people"].ids}
            placed, found = ids_in({name: told}, known)
            if any(keeper.suppression.names(each) for each in placed | found):
                raise DataError(_("this names somebody who was erased; ask for it anew"))
            named = placed | (found & known) | buried(keeper, found - known)
            now = datetime.now(UTC)
            kept = {"model": type(document).__name__, "kept_at": now.isoformat(), "document": told}
            end = expires_after(now, keeper.retention.result)
            change = Change(RESULT, checked_programme(name), json.dumps(kept), tuple(sorted(named)), end, now)
            keeper.write(Commit(changes=keeper.results.kept(change)))
        return KeptResult(name=name, kind=type(document).__name__, kept_at=now, document=document)

    @answering
    def kept(self, name: str) -> KeptResult:
        """Return a draft that was kept, and why it is stale, by category.

        Raises
        ------
        UnknownIdError
            Where none is kept under this name, or its time is over, or somebody in it was erased.
        """
        found = [each for each in self._drafts() if each.name == name]
        if not found:
            raise UnknownIdError(_("nothing is kept as {name!r}; ask for it anew", name=name))
        return found[0]

    @answering
    def kept_results(self) -> tuple[KeptResult, ...]:
        """Return every draft that is kept, oldest first."""
        return tuple(self._drafts())

    def let_go(self, name: str) -> None:
        """Keep a draft no longer; where none is kept under this name nothing happens."""
        keeper = self._over_a_store()
        with self._writing:
            if (changes := keeper.results.dropped(name)) != []:
                keeper.write(Commit(changes=changes))

    @answering
    def copies(self) -> tuple[Copy, ...]:
        """Return where data were written outside the store, as far as it is known: saved folders, exports."""
        return tuple(copies(self._over_a_store()))

    def note_copy(self, path: str | Path, what: str) -> None:
        """Put on record that people's data are about to be written outside the store: no erasure reaches that place.

        `save` and the commands that write files do so themselves; it is for what a host exports. An engine that only
        reads may do it too.

        Parameters
        ----------
        path : str or Path
            Where. A relative path counts from the present folder.
        what : str
            What is written there, such as `newsletter`; never a person's data.
        """
        keeper = self._over_a_store()
        with self._writing:
            note_copy(keeper, path, what)

    def suggest(self, requester_id: str, kind: str, k: int = 5, viewer: Viewer = "requester") -> list[Suggestion]:
        raise NotImplementedError  # an engine knows how

    # ------------------------------------------------------------------ inside

    def _over_a_store(self) -> Keeper:
        if self._keeper is None:
            raise DataError(_("only an engine over a store keeps this; open one with Engine.open(location, config)"))
        return self._keeper

    def _drafts(self) -> list[KeptResult]:
        entries = [*self._over_a_store().entries(kinds=(RESULT, STALE))]
        stale = {entry.id: json.loads(entry.document or "[]") for entry in entries if entry.kind == STALE}
        return [read_result(entry, stale.get(entry.id, ())) for entry in entries if entry.kind == RESULT]

    def _write_erased(self, keeper: Keeper, commit: Commit) -> list[str]:
        """Make a commit true that adds to the list of the erased; return the hashes that it adds."""
        known, new = keeper.suppression.owners, owners_in(commit.changes)
        write_list(keeper.list_outside, {**known, **new})
        try:
            keeper.write(commit)
        except BaseException:
            with suppress(StoreError):  # of a store that does not answer nobody knows, and the list keeps them
                there = keeper.store.entries(keeper.programme, kinds=(ERASED,), ids=[*new])
                write_list(keeper.list_outside, {**known, **owners_in(there)})
            raise
        keeper.forget_what_is_known()
        return [*new]

    def _erase(
        self,
        keeper: Keeper,
        people: Collection[str],
        addresses: Mapping[str, str] = _NONE,
        known: Collection[str] = (),
    ) -> Erasure:
        with self._writing, collection_paused():
            self._hold_to_the_configuration(keeper)
            keeper.vectors.taken()  # what waits for a commit is embedded anew, as far as anybody still says it
            pool, now = self._held.pool, datetime.now(UTC)
            reach = reach_of(keeper, pool, people, now, known)
            needed, texts = needed_texts(pool, reach.people), texts_of(pool, reach)
            vectors = forgotten(keeper, pool, texts, needed)
            commit = commit_of(keeper, pool, reach, needed, now)
            of_addresses = keeper.suppression.of_addresses(addresses)
            hashes = self._write_erased(keeper, replace(commit, changes=[*commit.changes, *of_addresses]))
            self._take_out_at_once(reach.people)
            undeleted = self._undeleted()
            cached = self._forget_texts(texts)
            self._rebuild(keeper)
            self._publish_cache()
            return Erasure(
                subject=hashes[0],
                at=now,
                documents=len(reach.gone),
                rewritten=len(reach.rewritten),
                flags_kept=len(reach.flags),
                vectors=vectors,
                results=len(reach.results),
                cached=cached,
                copies=(*copies(keeper), *undeleted),
            )

    def _undeleted(self) -> list[Copy]:
        """Delete the cache beside the store; return what of it stays and is to be deleted by hand, and warn of it.

        An erasure goes on without: the store has forgotten already, and no engine reads a cache of an earlier day.
        """
        try:
            self._drop_cache()
        except SnapshotError as error:
            warnings.warn(str(error), CacheWarning, stacklevel=4)
            folder = self._cache.folder  # type: ignore[union-attr]  # there is one, or nothing would have been dropped
            left = [each for each in (folder, before(folder), *left_behind(folder)) if os.path.lexists(each)]
            what, now = _("cache that could not be deleted"), datetime.now(UTC)
            return [Copy(address=str(each.absolute()), what=what, written_at=now) for each in left or [folder]]
        return []

    def _take_out_at_once(self, people: Collection[str]) -> None:
        """Let the next call no longer see people, while everything is read anew."""
        pool = self._held.pool.fork()
        for person_id in people:
            if person_id in pool.tables["people"].row_of:
                pool.remove(person_id)
        self._held = replace(self._held, pool=pool)

    def _forget_texts(self, texts: Sequence[str]) -> int:
        """Remove texts from the cache of files that engines without a store share."""
        cache = EmbeddingCache.open(self.config.embedder.cache)
        return 0 if cache is None or not cache.folder.is_dir() else cache.forget(texts)

    def _settle(self, keeper: Keeper) -> None:
        """Finish what fell due while nobody wrote; erase again whom a restored database brought back."""
        super()._settle(keeper)
        here = {entry.id for entry in keeper.entries(kinds=(ERASED,))}
        if forgotten_here := keeper.suppression.hashes - here:
            back = {each for entry in keeper.entries(now=FIRST_MOMENT) for each in entry.people}
            back = {each for each in back if keeper.suppression.hash_of(each) in forgotten_here}
            left = sorted(forgotten_here - {keeper.suppression.hash_of(each) for each in back})
            with acting_itself():
                if left:
                    owners, day = keeper.suppression.owners, str(datetime.now(UTC).date())
                    told = {each: owners[each] if owners[each] != each else day for each in left}
                    keeper.write(Commit(changes=[Change(ERASED, each, json.dumps(told[each])) for each in left]))
                if back:
                    self._erase(keeper, back)
            return
        if keeper.suppression and read_list(keeper.list_outside) != keeper.suppression.owners:
            write_list(keeper.list_outside, keeper.suppression.owners)
