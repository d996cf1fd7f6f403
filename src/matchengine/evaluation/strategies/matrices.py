"""Values of every scorer for every pair, worked out once: under any weights the rest is arithmetic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray, PairBatch, frozen
from matchengine.comparison import Asked
from matchengine.kinds import ActiveScorer, MatchKind

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.matching.score import RawScores
    from matchengine.scene import Scene

__all__ = ["ScoreMatrices", "matrices_key", "read_matrices", "seconds_alone", "turned_kind"]

VERSION = 1
"""Raised whenever the same engine would give other matrices."""
_PAIRS = 65_536
"""About so many pairs are scored together."""
"""As in `readiness.neutral`."""


@dataclass(frozen=True)
class ScoreMatrices:
    """What the scorers of one kind of match say about the pairs of one `Asked`.

    Attributes
    ----------
    kind : MatchKind
        With the configured weights; its scorers are the S columns, lifts among them.
    values : float32 or float64 array (P, S)
        In [0, 1], NaN where a scorer abstains; columns of lifts hold what they would add, NaN where they may not act.
        float64 gives the very scores of the engine, float32 halves the memory and moves them by less than 1e-6.
    confidences : array (P, S) of the same type
        In [0, 1], 0 where a scorer abstains.
    eligible : bool array (P,)
        Pairs that every hard rule allows.
    found : bool array (P,)
        Pairs that the engine's search would score: all eligible ones, unless there are more candidates than
        `dense_up_to`.
    goals : uint32 array (P,) or None
        Bit of the kind of each requester's main goal, where block weights depend on it.
    sample_values, sample_confidences : float64 arrays (Q, S)
        A sample of pairs from which the neutral score is taken under any weights; `sample_goals` as `goals`.
    discreet : bool
        Whether both sides are people, so that a lift decides about the first five alone (decision 12).
    seconds : float
        How long they took; never a part of a result that has to be the same again.
    key : str
        Content hash: the same for the same data, configuration, plugins, model and pairs.
    """

    kind: MatchKind
    values: NDArray[Any]
    confidences: NDArray[Any]
    eligible: BoolArray
    found: BoolArray
    goals: IntArray | None
    sample_values: FloatArray
    sample_confidences: FloatArray
    sample_goals: IntArray | None
    discreet: bool
    key: str
    seconds: float = 0.0

    def __len__(self) -> int:
        return len(self.values)

    @property
    def scorers(self) -> tuple[ActiveScorer, ...]:
        """The scorers, one for each column."""
        return self.kind.scorers

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Instances of scorers that have a weight, in the order of their columns; lifts are not among them."""
        return tuple(scorer.name for scorer in self.scorers if scorer.block is not None)

    def take(self, pairs: IntArray | BoolArray) -> ScoreMatrices:
        """Return some pairs of the same kind."""
        goals = None if self.goals is None else self.goals[pairs]
        arrays = {name: getattr(self, name)[pairs] for name in ("values", "confidences", "eligible", "found")}
        return replace(self, **arrays, goals=goals)


def matrices_key(engine: Engine, kind: str, asked: Asked, single: bool = False) -> str:
    """Content hash of the matrices of a kind, before they are worked out.

    Weights do not count as long as everybody is compared with everybody. It covers the records and consents that are
    loaded, each scorer and constraint with its settings and the version of its plugin, the model, the calendar, and the
    pairs by their ids.
    """
    from matchengine.pool.digest import consents_digest, data_digest

    scene, printed = engine._scene(kind), engine.fingerprint()
    config, chosen = scene.config, scene.kind
    parts: list[Any] = [VERSION, kind, single, data_digest(scene.pool), consents_digest(scene.pool)]
    parts += [sorted(printed.plugins.items()), printed.model, str(printed.as_of), config.retrieve.model_dump_json()]
    parts += [config.programme.model_dump_json(), config.run.model_dump_json(), config.embedder.model_dump_json()]
    parts += [(s.name, s.spec.name, sorted(s.settings.items()), s.block) for s in chosen.scorers]
    parts += [(c.spec.name, sorted(c.settings.items())) for c in chosen.constraints]
    if len(scene.pool.tables[chosen.sides.candidates]) > config.retrieve.dense_up_to:  # weights guide the search
        parts += [config.index.model_dump_json(), sorted(chosen.config.blocks.items())]
        parts += [(s.name, s.weight) for s in chosen.scorers]
    parts += [chosen.config.requester, chosen.config.candidate, chosen.config.only, bool(chosen.config.goal_blocks)]
    digest = hashlib.sha256(repr(parts).encode())
    for ids in (asked.requester_ids, asked.candidate_ids):
        digest.update("\n".join(ids).encode())
        digest.update(b"\0")
    for side in (asked.requester, asked.candidate):
        digest.update(np.ascontiguousarray(side, np.int64).tobytes())
    return digest.hexdigest()[:32]


def read_matrices(engine: Engine, kind: str, asked: Asked, *, single: bool = False) -> ScoreMatrices:
    """Score the pairs of `asked` by every scorer of a kind, some requesters at a time.

    Parameters
    ----------
    engine : Engine
        With the programme loaded. Pairs with an id that it does not know, or that does not take part on its side, are
        not eligible.
    single : bool
        Keep float32.
    """
    began = perf_counter()
    scene = engine._scene(kind)
    chosen, columns = scene.kind, len(scene.kind.scorers)
    float_type = np.float32 if single else np.float64
    values = np.full((len(asked), columns), np.nan, float_type)
    confidences = np.zeros((len(asked), columns), float_type)
    eligible, found = np.zeros(len(asked), np.bool_), np.zeros(len(asked), np.bool_)
    goals = np.zeros(len(asked), np.uint32) if chosen.config.goal_blocks else None
    for positions, batch, hit in _batches(scene, asked):
        raw, of_goal = _scored(scene, batch)
        values[positions], confidences[positions] = raw.values, raw.confidences
        eligible[positions], found[positions] = True, hit
        if goals is not None and of_goal is not None:
            goals[positions] = of_goal
    from matchengine.readiness.neutral import neutral_sample

    sample = neutral_sample(scene)
    return ScoreMatrices(
        chosen, frozen(values), frozen(confidences), frozen(eligible), frozen(found), goals,
        *sample,
        chosen.sides.requesters == chosen.sides.candidates, matrices_key(engine, kind, asked, single),
        perf_counter() - began,
    )  # fmt: skip


def seconds_alone(engine: Engine, kind: str, asked: Asked, people: Sequence[int]) -> FloatArray:
    """Measure how long each of some requesters' pairs take alone, float64 (N,), NaN for all others."""
    out = np.full(asked.requesters, np.nan)
    scene = engine._scene(kind)
    own, theirs = (scene.pool.tables[t].row_of for t in (scene.kind.sides.requesters, scene.kind.sides.candidates))
    for person in people:
        pairs = asked.candidate[asked.starts[person] : asked.starts[person + 1]].tolist()
        rows = [theirs[asked.candidate_ids[n]] for n in pairs if asked.candidate_ids[n] in theirs]
        row = own.get(asked.requester_ids[person], -1)
        if row < 0 or not rows:
            continue
        began = perf_counter()
        among = np.intersect1d(scene.eligible(row), rows)
        scene.table(PairBatch.one_to_many(row, among))
        out[person] = perf_counter() - began
    return out


def turned_kind(engine: Engine, kind: str) -> str | None:
    """Return the kind of match in which the candidates of a kind look for its requesters; None where there is none.

    A kind whose sides are the same people in the same role is its own other direction.
    """
    own = engine.config.match[kind]
    if own.requester == own.candidate:
        return kind
    for name, other in engine.config.match.items():
        if (other.requester, other.candidate) == (own.candidate, own.requester):
            return name
    return None


def _batches(scene: Scene, asked: Asked) -> Iterator[tuple[IntArray, PairBatch, BoolArray]]:
    """Positions of eligible pairs, their rows, and which of them a search would find; some requesters at a time."""
    from matchengine.matching.retrieve import retrieve

    pool, sides = scene.pool, scene.kind.sides
    own, theirs = pool.tables[sides.requesters].row_of, pool.tables[sides.candidates].row_of
    members = pool.members(sides.requesters, scene.kind.requester_role)
    row_of = np.array([theirs.get(external, -1) for external in asked.candidate_ids], np.int64)
    pending: list[tuple[IntArray, int, IntArray, IntArray]] = []
    waiting = 0
    for person, external in enumerate(asked.requester_ids):
        row = own.get(external, -1)
        positions = np.arange(asked.starts[person], asked.starts[person + 1])
        if row < 0 or not members[row] or not len(positions):
            continue
        among = scene.eligible(row)
        rows = row_of[asked.candidate[positions]]
        kept = np.isin(rows, among) & (rows >= 0)
        pending.append((positions[kept], row, rows[kept], among))
        waiting += int(kept.sum())
        if waiting >= _PAIRS or len(pending) >= 64:
            yield _together(scene, pending, retrieve)
            pending, waiting = [], 0
    if pending:
        yield _together(scene, pending, retrieve)


def _together(
    scene: Scene, pending: list[tuple[IntArray, int, IntArray, IntArray]], retrieve: Any
) -> tuple[IntArray, PairBatch, BoolArray]:
    rows = [row for _positions, row, _rows, _among in pending]
    hits = retrieve(scene.pool, scene.kind, scene.config.retrieve, rows, [among for *_rest, among in pending])
    found = [np.isin(own, hit) for (_p, _r, own, _a), hit in zip(pending, hits, strict=True)]
    positions = np.concatenate([positions for positions, *_rest in pending])
    return positions, PairBatch.many(rows, [own for _p, _r, own, _a in pending]), np.concatenate(found)


def _scored(scene: Scene, batch: PairBatch) -> tuple[RawScores, IntArray | None]:
    from matchengine.matching.score import score

    return score(scene.kind, scene.inputs(batch)), scene.goals(batch)
