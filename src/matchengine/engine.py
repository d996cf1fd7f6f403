"""The engine: embed, index, retrieve, score, combine, constrain, explain. Read this file to know the system."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.batch import IntArray, PairBatch
from matchengine.config import EngineConfig, load_config
from matchengine.decisions import Decisions
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.journey.bundle import make_bundle
from matchengine.journey.referrals import refuse_reader
from matchengine.live import State, answering
from matchengine.matching.combine import combine, drops
from matchengine.matching.constrain import to_confirm
from matchengine.matching.explain import explain
from matchengine.matching.faults import ScorerFailedError, settled, without
from matchengine.matching.present import present
from matchengine.matching.rank import Ranked, rank
from matchengine.matching.retrieve import retrieve
from matchengine.matching.score import own_quotes, score
from matchengine.matching.voice import Voice
from matchengine.pool.history import HistorySettings
from matchengine.pool.inputs import offers
from matchengine.pool.pool import Pool
from matchengine.pool.vector_cache import EmbeddingCache
from matchengine.quota import Quota
from matchengine.readiness.neutral import sample_neutral
from matchengine.records import Bundle, Fingerprint, Suggestion
from matchengine.records.vocabulary import Viewer
from matchengine.registry import MatchKind, Registry
from matchengine.scene import Scene

__all__ = ["Engine"]

_BATCH = 64  # requesters per batch of `suggest_many`


class Engine(Decisions):
    """Suggests mentors and groups for people.

    Parameters
    ----------
    config : EngineConfig
        From `load_config`, or use `Engine.from_config(path)`.
    plugins : sequence
        Plugins handed over in code beside those that the configuration enables.
    progress : bool
        Whether long work shows a progress bar on stderr.
    """

    def __init__(self, config: EngineConfig, *, plugins: Sequence[object] = (), progress: bool = False) -> None:
        self.config = config
        self.registry = Registry(config.plugins.enable, plugins)
        self._progress = progress
        most = config.programme.member_questions_per_day
        self._quota = None if most is None else Quota(most)
        self.embedder = self.registry.make("embedder", config.embedder)
        super().__init__()
        pool, idle = self._empty_pool(), config.idle_inputs
        self._chosen = {
            name: self.registry.match_kind(name, match, lambda sides, read: offers(pool, sides, read, idle))
            for name, match in config.match.items()
        }
        self._held = State(pool, dict(self._chosen), dict.fromkeys(self._chosen, 0.5))

    @classmethod
    def from_config(cls, path: str | Path, **options: Any) -> Engine:
        """Make an engine from a TOML file."""
        return cls(load_config(path), **options)

    @answering
    def suggest(self, requester_id: str, kind: str, k: int = 5, viewer: Viewer = "requester") -> list[Suggestion]:
        """Suggest at most k candidates for one person, best first; the reasons speak to the viewer.

        If k eligible candidates exist, k are returned. Scores are 0 to 100; every suggestion is a draft.
        """
        return self.suggest_many([requester_id], kind, k, viewer)[requester_id]

    @answering
    def suggest_many(
        self, requester_ids: Sequence[str], kind: str, k: int = 5, viewer: Viewer = "requester"
    ) -> dict[str, list[Suggestion]]:
        """Suggest for many people in batches; the result of each is the same as `suggest` gives."""
        scene, requester_ids = self._scene(kind), list(dict.fromkeys(requester_ids))
        refuse_reader(scene, viewer)
        if k < 1:
            raise DataError(_("k is {k}, expected at least 1", k=k))
        rows = [self._pool.requester_row(external, scene.kind) for external in requester_ids]
        out: dict[str, list[Suggestion]] = {}
        for start in range(0, len(rows), _BATCH):
            chunk = slice(start, start + _BATCH)
            out |= dict(zip(requester_ids[chunk], self._suggest(scene, rows[chunk], k, viewer), strict=True))
        self.registry.run_finished([suggestion for suggestions in out.values() for suggestion in suggestions])
        return out

    @answering
    def bundle(self, person_id: str, *, each: int = 1, viewer: Viewer = "requester") -> Bundle:
        """Put together one of each type of support for a person, each with its own reason (domain.md S2-01).

        Organisations are no part of it: who agrees is referred to one (`matchengine.journey.referrals`).
        """
        match = self.config.match
        scenes = {name: self._scene(name) for name in self._kinds if match[name].candidate != "organisation"}
        return make_bundle(scenes, person_id, self.suggest, config=self.config.bundle, each=each, viewer=viewer)

    def _suggest(self, scene: Scene, rows: Sequence[int], k: int, viewer: Viewer) -> list[list[Suggestion]]:
        eligible = [scene.eligible(row) for row in rows]
        found = retrieve(self._pool, scene.kind, self.config.retrieve, rows, eligible)
        ranked = self._rank(scene, rows, found, k)
        short = [n for n, of in enumerate(ranked.best) if len(of) < k and len(found[n]) < len(eligible[n])]
        if short:  # the feasible block ruled some out: look at everybody
            found = [eligible[n] if n in short else of for n, of in enumerate(found)]
            ranked = self._rank(scene, rows, found, k)
        return self._present(scene, ranked, viewer)

    def _rank(self, scene: Scene, rows: Sequence[int], found: Sequence[IntArray], k: int) -> Ranked:
        batch = PairBatch.many(rows, found)
        raw = score(scene.kind, scene.inputs(batch))
        table = combine(scene.kind, raw.values, raw.confidences, scene.neutral, scene.goals(batch))
        tables, sides = self._pool.tables, scene.kind.sides
        ranked = iter(rank(table, batch, tables[sides.requesters], tables[sides.candidates], k))
        best = [next(ranked) if len(of_row) else np.zeros(0, np.int64) for of_row in found]
        return Ranked(best, batch, table, raw.scored)

    def _present(self, scene: Scene, ranked: Ranked, viewer: Viewer) -> list[list[Suggestion]]:
        shown = np.concatenate([np.zeros(0, np.int64), *ranked.best])
        pairs, table = ranked.batch.take(shown), ranked.table.take(shown)
        voice = Voice(self._pool, viewer, frozenset(self.config.programme.coordinator_reads))
        scored = [each.take(shown) for each in ranked.scored]
        own_quotes(scene.kind, scene.inputs(pairs), scored)
        told = explain(voice, scene.kind, scored, table, drops(scene.kind, table), pairs)
        confirm = to_confirm(scene.kind.constraints, scene.inputs(pairs), viewer)
        drafts = iter(present(self._pool, scene.kind, pairs, table, told, confirm))
        return [[next(drafts) for _pair in of_requester] for of_requester in ranked.best]

    def _measured(self, kind: MatchKind, pool: Pool) -> tuple[MatchKind, float]:
        """Return a kind without the scorers that fail on a sample and may be left out, and its average score."""
        return settled(kind, lambda kind: sample_neutral(Scene(pool, kind, self.config)))

    def _leave_out(self, failed: ScorerFailedError) -> None:
        """Go on without a scorer that failed, as if the configuration did not name it, until data are loaded again."""
        name = failed.kind
        kind, neutral = self._measured(without(self._kinds[name], failed), self._pool)
        self._replace_kind(name, kind, neutral)

    @answering
    def fingerprint(self) -> Fingerprint:
        """Return what produces results now: configuration, plugins, model, data generation and calendar."""
        return Fingerprint(
            config=self.config.hash,
            plugins=self.registry.versions,
            model=self._pool.model,
            generation=self._pool.generation,
            as_of=self._pool.shared.calendar.first_day,
        )

    def _empty_pool(self) -> Pool:
        config, dimension, keeper = self.config, self.embedder.dimension, self._keeper
        programme = "main" if keeper is None else keeper.programme
        pool = Pool(
            self.embedder,
            lambda state: self.registry.make(
                "index", config.index, programme=programme, dimension=dimension, state=state
            ),
            config.programme.language,
            config.run.today or datetime.now(UTC).date(),
            config.run.seed,
            EmbeddingCache.open(config.embedder.cache) if keeper is None else keeper.vectors,
            self._progress,
            config.programme.must_share,
        )
        pool.wish_edits.most = config.programme.wish_edits_per_week
        pool.history = HistorySettings(**config.history.model_dump())
        return pool
