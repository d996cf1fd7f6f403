"""Where an engine comes from and where it stays: a saved folder, or a store that outlives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Self

from matchengine.cached import Cached, facts_of
from matchengine.config import EngineConfig, load_config, parse_config, to_toml
from matchengine.errors import SnapshotError, StoreError
from matchengine.i18n import N_, _
from matchengine.live import answering
from matchengine.pool.saved import restore, state_of
from matchengine.store.base import SETTING, Change, Commit, Store, checked_programme
from matchengine.store.bond import BOND, bond_of, mark_folder, refuse_strangers
from matchengine.store.cache import Cache
from matchengine.store.copies import note_copy
from matchengine.store.documents import KINDS
from matchengine.store.keep import Keeper
from matchengine.store.publish import write_snapshot
from matchengine.store.recording import recorded
from matchengine.store.refusing import refuse_erased
from matchengine.store.sealing import Keys, sealer_with
from matchengine.store.snapshot import fitting, read_snapshot
from matchengine.store.stores import files_of, is_store, open_store

__all__ = ["Durable", "Notice"]

_OTHER_MODEL = N_("vectors come from model {saved}, the configuration names {chosen}; load the data again")


class Notice(NamedTuple):
    """One change, for a host that follows them: which record, under which number, and whether it went."""

    kind: str
    id: str
    generation: int
    gone: bool


class Durable(Cached):
    """How an engine is opened, saved and closed."""

    @answering
    def save(self, folder: str | Path) -> None:
        """Save everything to a folder, atomically; open it with `Engine.open`."""
        if self._keeper is not None:
            note_copy(self._keeper, folder, "saved engine")
        state = self._state
        arrays, document = state_of(state.pool)
        facts = facts_of(state, self.embedder.dimension)
        write_snapshot(Path(folder), arrays, document | {"neutral": dict(state.neutral)}, to_toml(self.config), facts)

    @classmethod
    def open(
        cls,
        location: str | Path | Store,
        config: EngineConfig | str | Path | None = None,
        *,
        programme: str = "main",
        read_only: bool = False,
        files: str | Path | None = None,
        erased: str | Path | None = None,
        keys: Keys | Callable[[], Keys] | None = None,
        **options: Any,
    ) -> Self:
        """Open a saved folder, or a programme in a store: a SQLite file, or a URL of PostgreSQL.

        Parameters
        ----------
        location : str, path or Store
            A folder that `save` wrote; a file ending in `.db` or `.sqlite`, or `sqlite:///file`; `postgresql://…`;
            `memory:`; or a store that is open already.
        config : EngineConfig or path, optional
            Default: the one with which it was saved, or last opened for writing.
        programme : str
            Which programme of a store: 1 to 64 of a-z, 0-9, `_` and `-`.
        read_only : bool
            Whether this engine only reads. It follows what the writer does; of writers there is one at a time.
        files : path, optional
            Folder for what lies beside a store: its key, the list of people who were erased, and a cache from which
            it is opened at once. Default: for SQLite `FILE-files`; for other stores none, and nothing is written.
        erased : path, optional
            For a saved folder: the list `erased-PROGRAMME` beside a store. A folder that holds one of them is refused.
        keys : mapping or callable, optional
            Keys of an encrypted store by their ids, the current one first, or what fetches them from a key service.
            Default: those of the environment variable MATCHENGINE_STORE_KEYS; without any, nothing is encrypted.
        **options
            As for `Engine`.

        Raises
        ------
        SnapshotError
            Where the folder is damaged or its vectors come from another model than the configuration names.
        StoreBusyError
            Where somebody else holds the right to write.
        StoreError
            Where the store cannot be opened, or its vectors come from another model.

        Warns
        -----
        CacheWarning
            Where the cache beside a store was not used, and why; everything is then read from the store.
        """
        given = load_config(config) if isinstance(config, str | Path) else config
        if is_store(location):
            return cls._open_store(location, given, checked_programme(programme), read_only, files, keys, options)
        return cls._open_folder(Path(str(location)), given, erased, options)

    @classmethod
    def _open_folder(
        cls, folder: Path, given: EngineConfig | None, erased: str | Path | None, options: dict[str, Any]
    ) -> Self:
        found = read_snapshot(folder)
        own = parse_config(found.config, f"{folder}/config.toml")
        engine = cls(own if given is None else given, **options)  # type: ignore[call-arg]  # an engine takes these
        embedder = engine.embedder
        with fitting(folder):
            model, dimension = found.facts["model"], found.facts["dimension"]
            if model and (model, dimension) != (embedder.fingerprint, embedder.dimension):
                raise SnapshotError(_(_OTHER_MODEL, saved=model, chosen=embedder.fingerprint))
            restore(engine._pool, found.arrays, found.document, same_embedder=True)
            neutral = {name: p for name, p in found.document["neutral"].items() if name in engine._kinds}
        if erased is not None:
            refuse_erased(engine._pool, erased)
        engine._held = replace(engine._held, neutral={**engine._neutral, **neutral})
        return engine

    @classmethod
    def _open_store(
        cls,
        location: str | Path | Store,
        given: EngineConfig | None,
        programme: str,
        read_only: bool,
        files: str | Path | None,
        keys: Keys | Callable[[], Keys] | None,
        options: dict[str, Any],
    ) -> Self:
        store = open_store(location, programme, read_only=read_only, files=files, sealer=sealer_with(keys))
        try:
            refuse_strangers(store, programme)
            store = recorded(store)
            keeper = Keeper(store, programme, writes=not read_only)
            saved = keeper.setting("config")
            if given is None and saved is None:
                raise StoreError(_("programme {name!r}: nothing is kept here yet; give a config", name=programme))
            chosen = given if given is not None else parse_config(saved or "", _("the store's configuration"))
            engine = cls(chosen, **options)  # type: ignore[call-arg]  # an engine takes these
            _refuse_other_model(keeper, engine.embedder.fingerprint)
            engine._keeper, engine._cache = keeper, _cache_beside(store, files_of(location, files), keeper)
            if not engine._take_from_cache(keeper):
                engine._rebuild(keeper)
            if keeper.writes:
                engine._note_settings(keeper)
            return engine
        except BaseException:
            store.close()
            raise

    def _note_settings(self, keeper: Keeper) -> None:
        """Keep with which configuration a programme was last opened for writing, the model of its vectors, its key."""
        bond = bond_of(keeper.store, keeper.programme)
        now = {"config": to_toml(self.config), "model": self._held.pool.model, BOND: bond}
        made = [Change(SETTING, name, value) for name, value in now.items() if value and keeper.setting(name) != value]
        if made:
            keeper.write(Commit(changes=made))
        mark_folder(keeper.store, keeper.programme)

    def changes_since(self, generation: int) -> list[Notice]:
        """Return what changed in the store after a generation, oldest first, by whomever.

        Of several changes to one record the last alone is told. Requests for a group on a sensitive topic are not.
        After an erasure or a whole load nothing tells what went: compare with what is there.

        Raises
        ------
        StoreError
            Where there is no store.
        """
        if self._keeper is None:
            raise StoreError(_("only an engine over a store numbers its changes; open one with Engine.open"))
        told = set(KINDS) - {"group_request"}
        entries = self._keeper.entries(since=generation)
        return [Notice(e.kind, e.id, e.generation, e.document is None) for e in entries if e.kind in told]

    def reseal(self) -> int:
        """Seal everything in the store anew under the current key; return how many documents and vectors were.

        Goes on where it was when it ended early. Afterwards the other keys can be dropped.

        Raises
        ------
        StoreError
            Where the store is not encrypted, or a key is missing.
        """
        from matchengine.store.sql.store import SqlStore  # which needs SQLAlchemy
        from matchengine.store.upkeep import reseal

        recorded_store, programme = self._own_record()
        store = recorded_store.store
        if not isinstance(store, SqlStore):
            raise StoreError(_("only a database can be encrypted"))
        with self._writing:
            done = reseal(store, programme)
        return done.documents + done.vectors

    def close(self) -> None:
        """Let go of the store, if there is one; whoever wants to write may then do so."""
        if self._keeper is not None and not self._keeper.closed:
            try:
                self._finish_publishing()
            finally:
                with self._one_at_a_time:  # a change that is under way is made before another process may write
                    for index in self._held.pool.indexes.values():
                        getattr(index, "close", bool)()
                    self._keeper.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def _refuse_other_model(keeper: Keeper, chosen: str) -> None:
    """Raise StoreError where the vectors of a programme come from another model, even one of equal dimension."""
    saved = keeper.setting("model")
    if saved and saved != chosen:
        raise StoreError(
            _(
                "programme {name!r}: its vectors come from model {saved}, the configuration names {chosen}; open it "
                "with the model it was made with, or load its records into another programme with the new one",
                name=keeper.programme,
                saved=saved,
                chosen=chosen,
            )
        )


def _cache_beside(store: Store, files: Path | None, keeper: Keeper) -> Cache | None:
    """Return the cache of a programme; None where its store has no files, or seals what it holds."""
    beside = getattr(store, "files", None) or files
    if beside is None:
        return None
    cache = Cache(beside, keeper.programme)
    if getattr(store, "sealed", False) or getattr(getattr(store, "_sealer", None), "sealed", False):
        if keeper.writes:
            cache.drop()  # of the days before it was sealed
        return None
    return cache
