"""What an engine measured over everybody when it was loaded, and how the store keeps it.

Weights of words, what counts as similar, and the score of an average pair stay as they were at the last whole load,
so that no number moves because somebody else came. They belong to the store: every process goes by the same.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from matchengine.config import EngineConfig
from matchengine.errors import StoreError
from matchengine.i18n import _
from matchengine.live import Live, State
from matchengine.pool.measures import Measures
from matchengine.pool.pool import Pool
from matchengine.registry import MatchKind, Registry
from matchengine.store.base import SETTING, Change, Commit
from matchengine.store.keep import Keeper
from matchengine.store.secret import key_of

__all__ = ["MEASURES", "Measured", "digest"]

MEASURES = "measures"
"""Setting of a programme: what was measured over everybody (`Measures`)."""


class Measured(Live):
    """Goes by what was measured when a programme was loaded."""

    config: EngineConfig
    registry: Registry
    embedder: Any
    _keeper: Keeper | None = None
    _chosen: Mapping[str, MatchKind]

    def _state_over(self, pool: Pool, measures: Measures | None) -> State:
        """Return a state with the average scores that were measured; what was not, or for other rules, is measured."""
        told = measures.neutral if measures is not None and measures.asked_by == self._asked_by() else {}
        found = {
            name: (kind, told[name]) if name in told else self._measured(kind, pool)
            for name, kind in self._chosen.items()
        }
        kinds = {name: kind for name, (kind, _neutral) in found.items()}
        return State(pool, kinds, {name: neutral for name, (_kind, neutral) in found.items()})

    def _kept_measures(self, keeper: Keeper) -> Measures | None:
        """Return what was measured when the programme was loaded; None where that was for other texts or vectors."""
        document = keeper.setting(MEASURES)
        if document is None:
            return None
        try:
            found = Measures.from_json(document, self._measures_key(keeper))
        except StoreError as error:
            warnings.warn(_("{error}; it is measured anew, so scores may move a little", error=error), stacklevel=4)
            return None
        return found if found is not None and found.fits(self.embedder.fingerprint, self._measured_for()) else None

    def _measures_of(self, keeper: Keeper, state: State) -> Measures:
        """Return what a state measured that was just filled."""
        found = Measures.of(state.pool, self._measures_key(keeper), self._measured_for())
        return self._with_averages(found, state)

    def _with_averages(self, measures: Measures, state: State) -> Measures:
        """Return measures with a state's average scores, of the kinds from which no scorer was left out."""
        neutral = {name: score for name, score in state.neutral.items() if not state.kinds[name].left_out}
        return replace(measures, neutral=neutral, asked_by=self._asked_by())

    def _keep_measures(self, keeper: Keeper, measures: Measures | None) -> None:
        """Keep what is held now: what was measured anew, and of what was measured earlier the words still in use."""
        state = self._held
        if measures is None:
            self._write_measures(keeper, self._measures_of(keeper, state))
            return
        lexicon = state.pool.lexicon
        left = measures.only({(language, word) for _number, language, word in lexicon.numbered()})
        lexicon.earlier = left.weigh
        if left.asked_by != self._asked_by():
            left = self._with_averages(left, state)
        if left is not measures:
            self._write_measures(keeper, left)

    def _keep_averages(self, keeper: Keeper) -> None:
        """Keep the average scores that are held, where those that are kept were measured for other rules."""
        measures = self._kept_measures(keeper)
        if measures is not None and measures.asked_by != self._asked_by():
            self._write_measures(keeper, self._with_averages(measures, self._held))

    def _write_measures(self, keeper: Keeper, measures: Measures, *, new_epoch: bool = False) -> None:
        change = Change(SETTING, MEASURES, measures.to_json())
        keeper.write(Commit(changes=(change,), new_epoch=new_epoch, wipe=True))  # of words that nobody uses any more
        self._held.pool.generation = keeper.position.generation

    def _measures_key(self, keeper: Keeper) -> bytes:
        told = f"{MEASURES}\n{keeper.programme}".encode()
        return hashlib.blake2b(told, key=key_of(keeper.store), digest_size=32).digest()

    def _measured_for(self) -> str:
        """Return a hash of what of a configuration, beside the model, has a part in words and in what is similar."""
        return digest([self.config.programme.language, self.config.run.seed])

    def _asked_by(self) -> str:
        """Return a hash of everything that has a part in how pairs are scored."""
        return digest([self.config.hash, self.registry.versions])

    def _measured(self, kind: MatchKind, pool: Pool) -> tuple[MatchKind, float]:
        raise NotImplementedError  # an engine knows how


def digest(value: Any) -> str:
    """Return a hash of a plain value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
