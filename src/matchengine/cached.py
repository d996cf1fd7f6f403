"""How an engine over a store comes back at once: from the cache beside it, and what was written since.

The writer publishes the cache; readers only read it. Any doubt, and everything is read from the store.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from matchengine.changes import Changes
from matchengine.config import EngineConfig, to_toml
from matchengine.errors import MatchEngineError, SnapshotError, StoreError
from matchengine.i18n import _
from matchengine.live import State
from matchengine.measured import digest
from matchengine.pool.embed import EmbeddingReport
from matchengine.pool.saved import restore, state_of
from matchengine.records import AnyRecord
from matchengine.store.base import SETTING, Change, Commit, Position
from matchengine.store.cache import KEPT, Cache, CacheWarning, agrees, doubtful, new_passwords, passwords_of, unwritten
from matchengine.store.documents import Gone
from matchengine.store.keep import Keeper
from matchengine.store.snapshot import Snapshot
from matchengine.version import __version__

__all__ = ["Cached", "facts_of"]

CHANGES = 250
"""After so many changes the writer publishes the cache again. Measured: replaying one takes 2 ms of processor time
among 2,000 people and at most 5 among 100,000, so what is replayed when it is opened stays about a second."""
_BROKEN = (KeyError, ValueError, TypeError, IndexError, AttributeError, MatchEngineError)


def facts_of(state: State, dimension: int) -> dict[str, Any]:
    """Return what a manifest says of a state: its model and what its vectors are, and how many rows there are."""
    return {
        "model": state.pool.model,
        "dimension": dimension,
        "normalisation": "unit length",
        "metric": "inner product",
        "rows": {name: int(table.alive.sum()) for name, table in state.pool.tables.items()},
        "generation": state.pool.generation,
    }


class Cached(Changes):
    """Keeps the state of an engine over a store ready on disk. `_cache` is None where it does not."""

    _cache: Cache | None = None
    _publishing: threading.Thread | None = None

    # ------------------------------------------------------------------ taking it

    def _take_from_cache(self, keeper: Keeper) -> bool:
        """Take the state from the cache and what was written since from the store; tell whether that could be done."""
        cache = self._cache
        if cache is None:
            return False
        if keeper.writes:
            cache.tidy()
        try:
            found = cache.read()
            if found is None:
                return False
            reason = self._doubt(found, keeper) or self._resume(found, keeper)
        except SnapshotError as error:
            reason = str(error)
        if reason is None:
            cache.position = keeper.position
            self._follow(keeper)
            if keeper.writes:
                self._keep_averages(keeper)
                self._settle(keeper)
            return True
        warnings.warn(doubtful(reason), CacheWarning, stacklevel=5)
        if keeper.writes:
            cache.drop()
        return False

    def _doubt(self, found: Snapshot, keeper: Keeper) -> str | None:
        """Return why a verified cache does not fit this store and this engine; None where it does."""
        facts, now = found.facts, keeper.store.position(keeper.programme)
        epoch, generation = facts["position"]
        model = facts["model"]
        if facts["package"] != __version__:
            return _("it was made by version {found}, this is {own}", found=facts["package"], own=__version__)
        if model and (model, facts["dimension"]) != (self.embedder.fingerprint, self.embedder.dimension):
            told = {"saved": model, "chosen": self.embedder.fingerprint}
            return _("its vectors come from model {saved}, the configuration names {chosen}", **told)
        if facts["made_for"] != _made_for(self.config):
            return _("it was made under another configuration of texts, vectors or lots")
        if epoch != now.epoch:
            return _("everything was loaded anew, or somebody was erased, since it was made")
        if generation > now.generation or facts["password"] not in passwords_of(keeper):
            return _("the store was put back to an earlier day, or is another one")
        if facts["erased"] != _erased(keeper):
            return _("the list of people who were erased is another one")
        return None

    def _resume(self, found: Snapshot, keeper: Keeper) -> str | None:
        """Hold the state of a cache; return why that cannot be done, and then nothing is held."""
        pool, before = self._empty_pool(), keeper.position
        try:
            restore(pool, found.arrays, found.document, same_embedder=True)
            rows = {name: int(table.alive.sum()) for name, table in pool.tables.items()}
            keeper.position = Position(*found.facts["position"])
            if rows != found.facts["rows"] or not agrees(pool, keeper):
                keeper.position = before
                return _("vectors or rows in it are not those of the store")
            measures = self._kept_measures(keeper)
            if measures is None or not measures.agrees(pool):
                keeper.position = before
                return _("what was measured over everybody is not what the store says")
            keeper.next_end = datetime.fromisoformat(found.document["next_end"])
        except _BROKEN as error:
            keeper.position = before
            return _("it cannot be read ({error})", error=type(error).__name__)
        pool.lexicon.earlier = measures.weigh
        self._hold(self._state_over(pool, measures))
        return None

    # ------------------------------------------------------------------ publishing it

    def load(self, *args: Any, **kwargs: Any) -> EmbeddingReport:
        report = super().load(*args, **kwargs)
        self._publish_cache()
        return report

    def apply(self, changes: Sequence[AnyRecord | Gone]) -> None:
        super().apply(changes)
        cache, keeper, running = self._cache, self._keeper, self._publishing
        if cache is None or keeper is None or (running is not None and running.is_alive()):
            return
        since = 0 if cache.position is None else cache.position.generation
        if keeper.position.generation - since >= CHANGES:
            publishing = threading.Thread(target=self._publish_cache, name="matchengine-cache")
            with suppress(RuntimeError):  # there can be no more threads now: the next change tries again
                publishing.start()
                self._publishing = publishing

    def measure(self) -> None:
        super().measure()
        self._publish_cache()

    load.__doc__, apply.__doc__, measure.__doc__ = Changes.load.__doc__, Changes.apply.__doc__, Changes.measure.__doc__
    load.__wrapped__, apply.__wrapped__ = Changes.load, Changes.apply  # type: ignore[attr-defined]

    def _publish_cache(self) -> None:
        """Put the latest state on disk, where there is a cache and it is not there yet; say so where that fails."""
        cache, keeper = self._cache, self._keeper
        if cache is None or keeper is None or not keeper.writes:
            return
        try:
            with self._writing:
                if cache.position == keeper.position:
                    return
                passwords = new_passwords(passwords_of(keeper))
                setting = Change(SETTING, KEPT, " ".join(passwords))
                keeper.write(Commit(changes=(setting,), vectors=keeper.vectors.taken()))
                state, ticket, position = self._held, cache.begin(), keeper.position
                state.pool.generation = position.generation  # as everybody sees it who takes the cache
                erased, next_end = _erased(keeper), keeper.next_end
            arrays, document = state_of(state.pool)
            document["next_end"] = next_end.isoformat()
            facts = facts_of(state, self.embedder.dimension) | {
                "position": list(position),
                "password": passwords[0],
                "made_for": _made_for(self.config),
                "erased": erased,
            }
            cache.publish(ticket, arrays, document, to_toml(self.config), facts)
        except (SnapshotError, StoreError) as error:
            warnings.warn(unwritten(error), CacheWarning, stacklevel=3)

    def _drop_cache(self) -> int:
        """Delete the cache with whatever is being published; return how many there were: 0 or 1.

        An erasure calls it, and `_publish_cache` when the state is what it is to be.

        Raises
        ------
        SnapshotError
            Where it cannot be deleted: somebody has to do it by hand.
        """
        return 0 if self._cache is None else int(self._cache.drop())

    def _finish_publishing(self) -> None:
        """Wait for a publication under way, and publish what came since."""
        running, self._publishing = self._publishing, None
        if running is not None and running.is_alive():
            running.join()
        self._publish_cache()


def _made_for(config: EngineConfig) -> str:
    """Return a hash of what of a configuration has a part in rows, texts, vectors and lots."""
    embedder = config.embedder.model_dump(mode="json", by_alias=True)
    programme = config.programme
    return digest([
        {name: value for name, value in embedder.items() if name != "cache"},
        config.index.model_dump(mode="json", by_alias=True),
        programme.language, sorted(programme.must_share), config.run.seed,
    ])  # fmt: skip


def _erased(keeper: Keeper) -> str:
    return digest(sorted(keeper.suppression.hashes))
