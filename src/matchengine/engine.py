"""The engine: embed, index, retrieve, score, combine, constrain, explain. Read this file to know the system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.batch import BoolArray, IntArray, PairBatch, Scored, ScoreTable
from matchengine.config import EngineConfig, load_config, parse_config, to_toml
from matchengine.errors import DataError, SnapshotError, did_you_mean
from matchengine.io.load import chunks_of, records_of
from matchengine.matching.combine import block_values, combine, neutral_score
from matchengine.matching.constrain import allowed, to_confirm, veto_counts
from matchengine.matching.explain import explain
from matchengine.matching.present import present
from matchengine.matching.rank import FEASIBLE, feasible, rank
from matchengine.matching.retrieve import retrieve
from matchengine.matching.score import score
from matchengine.pool.embed import EmbeddingCache
from matchengine.pool.inputs import Inputs, offers
from matchengine.pool.pool import EmbeddingReport, Pool
from matchengine.pool.saved import restore, state_of
from matchengine.records import ConsentGrant, Event, Feedback, Fingerprint, Group, Person, Relationship, Resource
from matchengine.records.result import Suggestion
from matchengine.registry import MatchKind, Registry
from matchengine.store.snapshot import read_snapshot, write_snapshot

__all__ = ["Engine"]

_BATCH = 64  # requesters per batch of `suggest_many`
_SAMPLE = 48  # requesters and candidates of the sample that fixes the neutral score


class Engine:
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
        self.embedder = self.registry.make("embedder", config.embedder)
        self._pool = self._empty_pool()
        self._kinds = {
            name: self.registry.match_kind(name, match, lambda sides, read: offers(self._pool, sides, read))
            for name, match in config.match.items()
        }
        self._neutral = dict.fromkeys(self._kinds, 0.5)

    @classmethod
    def from_config(cls, path: str | Path, **options: Any) -> Engine:
        """Make an engine from a TOML file."""
        return cls(load_config(path), **options)

    def load(
        self,
        people: Iterable[Any],
        groups: Iterable[Any] | None = None,
        events: Iterable[Any] | None = None,
        resources: Iterable[Any] | None = None,
        relationships: Iterable[Any] | None = None,
        consents: Iterable[Any] | None = None,
        feedback: Iterable[Any] | None = None,
    ) -> EmbeddingReport:
        """Take over a whole programme, replacing what was loaded before; each argument: records, dicts or a DataFrame.

        Returns how many texts were encoded, found in the cache, cut, or in a language the embedder does not know;
        raises DataError with every problem of every record, and then nothing changes.
        """
        gatherings: dict[str, Sequence[Group | Event | Resource]] = {
            "groups": records_of(groups, Group),
            "events": records_of(events, Event),
            "resources": records_of(resources, Resource),
        }
        ties, said = records_of(relationships, Relationship), records_of(feedback, Feedback)
        pool = self._empty_pool()
        pool.load(chunks_of(people, Person), gatherings, ties, records_of(consents, ConsentGrant), said)
        before, self._pool = self._pool, pool
        try:
            self._neutral = {name: self._sample_neutral(kind) for name, kind in self._kinds.items()}
        except BaseException:
            self._pool = before
            raise
        return pool.embedding

    def upsert(self, record: Person | Group | Event | Resource | Relationship | ConsentGrant | Feedback) -> None:
        """Add or replace one record; the next call sees it."""
        self._pool.upsert(record)

    def remove(self, external_id: str) -> None:
        """Take a person, group, event or resource out; the next call no longer sees it."""
        self._pool.remove(external_id)

    def suggest(self, requester_id: str, kind: str, k: int = 5) -> list[Suggestion]:
        """Suggest at most k candidates for one person, best first.

        If k eligible candidates exist, k are returned. Scores are 0 to 100; every suggestion is a draft.
        """
        return self.suggest_many([requester_id], kind, k)[requester_id]

    def suggest_many(self, requester_ids: Sequence[str], kind: str, k: int = 5) -> dict[str, list[Suggestion]]:
        """Suggest for many people in batches; the result of each is the same as `suggest` gives."""
        match = self._kind(kind)
        self._pool.withhold_ended()
        if k < 1:
            raise DataError(f"k is {k}, expected at least 1")
        requester_ids = list(dict.fromkeys(requester_ids))
        rows = [self._pool.requester_row(external, match) for external in requester_ids]
        out: dict[str, list[Suggestion]] = {}
        for start in range(0, len(rows), _BATCH):
            chunk = slice(start, start + _BATCH)
            out |= dict(zip(requester_ids[chunk], self._suggest(match, rows[chunk], k), strict=True))
        self.registry.run_finished([suggestion for suggestions in out.values() for suggestion in suggestions])
        return out

    def _suggest(self, match: MatchKind, rows: Sequence[int], k: int) -> list[list[Suggestion]]:
        eligible = [self._eligible(match, row) for row in rows]
        found = retrieve(self._pool, match, self.config.retrieve, rows, eligible)
        best, table, batch, scored = self._rank(match, rows, found, k)
        short = [n for n, of in enumerate(best) if len(of) < k and len(found[n]) < len(eligible[n])]
        if short:  # the feasible block ruled some out: look at everybody
            found = [eligible[n] if n in short else of for n, of in enumerate(found)]
            best, table, batch, scored = self._rank(match, rows, found, k)
        return self._present(match, best, table, batch, scored)

    def _eligible(self, match: MatchKind, row: int) -> IntArray:
        """Rows that pass every hard rule and, before a search, the floor of the feasible block (domain.md G1)."""
        among = np.flatnonzero(allowed(match.constraints, *self._everybody(match, row)))
        block = match.without_texts(FEASIBLE)
        if len(among) <= self.config.retrieve.dense_up_to or not block.scorers:
            return among
        raw = score(block, self._inputs(match, PairBatch.one_to_many(row, among)))
        found: IntArray = among[feasible(block_values(block, raw.values, raw.confidences)[0])]
        return found

    def _everybody(self, match: MatchKind, row: int) -> tuple[Inputs, BoolArray]:
        """Return the inputs of one requester with all rows of the candidates' table, and who of them takes part."""
        table, role = match.sides.candidates, match.sides.role
        everybody = PairBatch.one_to_many(row, self._pool.rows(table))
        return self._inputs(match, everybody), self._pool.members(table, role)

    def _rank(
        self, match: MatchKind, rows: Sequence[int], found: Sequence[IntArray], k: int
    ) -> tuple[list[IntArray], ScoreTable, PairBatch, tuple[Scored, ...]]:
        batch = PairBatch.many(rows, found)
        raw = score(match, self._inputs(match, batch))
        table = combine(match, raw.values, raw.confidences, self._neutral[match.name])
        tables = self._pool.tables
        ranked = iter(rank(table, batch, tables[match.sides.requesters], tables[match.sides.candidates], k))
        return [next(ranked) if len(of_row) else np.zeros(0, np.int64) for of_row in found], table, batch, raw.scored

    def _present(
        self, match: MatchKind, best: Sequence[IntArray], table: ScoreTable, batch: PairBatch, scored: Sequence[Scored]
    ) -> list[list[Suggestion]]:
        shown = np.concatenate([np.zeros(0, np.int64), *best])
        pairs = batch.take(shown)
        reasons = explain(self._pool, match, [each.take(shown) for each in scored], table.contributions[shown])
        confirm = to_confirm(match.constraints, self._inputs(match, pairs))
        drafts = iter(present(self._pool, match, pairs, table.take(shown), reasons, confirm))
        return [[next(drafts) for _ in of_requester] for of_requester in best]

    def excluded(self, requester_id: str, kind: str) -> dict[str, int]:
        """Count by constraint the candidates that hard rules rule out; personal ones read `not_available`."""
        match = self._kind(kind)
        return veto_counts(match.constraints, *self._everybody(match, self._pool.requester_row(requester_id, match)))

    def fingerprint(self) -> Fingerprint:
        """Return what produces results now: configuration, plugins, model, data generation and calendar."""
        return Fingerprint(
            config=self.config.hash,
            plugins=self.registry.versions,
            model=self._pool.model,
            generation=self._pool.generation,
            as_of=self._pool.shared.calendar.first_day,
        )

    def shown_text(self, person_id: str) -> dict[str, list[str]]:
        """Return, per text field, exactly what the embedder sees of a person."""
        return self._pool.shown_text(person_id)

    def save(self, folder: str | Path) -> None:
        """Save everything to a folder, atomically; open it with `Engine.open`."""
        arrays, document = state_of(self._pool)
        write_snapshot(Path(folder), arrays, document | {"neutral": self._neutral}, to_toml(self.config))

    @classmethod
    def open(cls, folder: str | Path, config: EngineConfig | str | Path | None = None, **options: Any) -> Engine:
        """Open a saved folder, with its own configuration or another one for the same model.

        Raises
        ------
        SnapshotError
            Where the folder is damaged or its vectors come from another model than the configuration names.
        """
        arrays, document, saved = read_snapshot(Path(folder))
        own = parse_config(saved, f"{folder}/config.toml")
        chosen = own if config is None else config if isinstance(config, EngineConfig) else load_config(config)
        engine = cls(chosen, **options)
        if chosen.embedder != own.embedder and engine.embedder.fingerprint != document["model"]:
            raise SnapshotError(
                f"{folder}: vectors come from model {document['model']}, the configuration names "
                f"{engine.embedder.fingerprint}; load the data again"
            )
        restore(engine._pool, arrays, document)
        engine._neutral |= {name: p for name, p in document["neutral"].items() if name in engine._kinds}
        return engine

    def _empty_pool(self) -> Pool:
        config, dimension = self.config, self.embedder.dimension
        return Pool(
            self.embedder,
            lambda state: self.registry.make("index", config.index, dimension=dimension, state=state),
            config.programme.language,
            config.run.today or datetime.now(UTC).date(),
            config.run.seed,
            EmbeddingCache.open(config.embedder.cache),
            self._progress,
        )

    def _inputs(self, match: MatchKind, batch: PairBatch) -> Inputs:
        return Inputs(self._pool, match.sides, batch, self.config.retrieve.semantic, self.config.retrieve.lexical)

    def _kind(self, kind: str) -> MatchKind:
        if kind not in self._kinds:
            raise DataError(f"this configuration offers no kind of match {kind!r}; {did_you_mean(kind, self._kinds)}")
        return self._kinds[kind]

    def _sample_neutral(self, match: MatchKind) -> float:
        """Neutral score from a sample of eligible pairs, fixed until the next load (domain.md G1)."""
        pool, sides = self._pool, match.sides
        impersonal = [c for c in match.constraints if not c.spec.personal]  # nobody's boundary may move a number
        asking = np.flatnonzero(pool.members(sides.requesters, match.requester_role))
        rows = pool.draw(sides.requesters, asking, _SAMPLE).tolist()
        free = [np.flatnonzero(allowed(impersonal, *self._everybody(match, row))) for row in rows]
        found = [pool.draw(sides.candidates, of_row, _SAMPLE) for of_row in free]
        raw = score(match, self._inputs(match, PairBatch.many(rows, found)))
        return neutral_score(match, raw.values, raw.confidences)
