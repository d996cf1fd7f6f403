"""What other weights would do to others: who gets attention, and how the group that fares worst would fare (G3, H6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, PairBatch
from matchengine.learning.features import learnable_kind, reads_protected
from matchengine.learning.weights import Weights, with_weights
from matchengine.matching.combine import combine, neutral_score
from matchengine.matching.constrain import allowed
from matchengine.matching.rank import rank
from matchengine.matching.score import score
from matchengine.records import ConsentGrant, Person
from matchengine.scene import Scene

__all__ = ["MIN_CELL", "audit_groups", "exposure_gini", "gini", "worst_group"]

MIN_CELL = 10
"""Fewest people of a group about which anything is worked out (domain.md H6)."""
_FIRST = 5
_MOST_PEOPLE = 400
_MOST_CANDIDATES = 2_000
_BATCH = 20_000


def gini(values: FloatArray) -> float:
    """Gini Σ(2r − n − 1)x_(r) / (nΣx) of shares (N,), 0 where all are equal (domain.md H2); 0 where there are none."""
    ordered = np.sort(np.asarray(values, np.float64))
    n, whole = len(ordered), ordered.sum()
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * whole)) if whole > 0 else 0.0


def exposure_gini(scene: Scene, choices: Sequence[Weights], history: bool = False) -> tuple[float, ...] | None:
    """Gini of attention per candidate over lists of five, for each choice of weights (domain.md G5).

    Attention of a place r in a list is 1 / log2(1 + r). The lists are those of at most 400 people, drawn by a hash of
    texts, among at most 2,000 candidates each. As in learning, rules and scorers that read anything protected have no
    part in them: nobody's boundary moves a number. None where nobody looks or is suggested.

    Parameters
    ----------
    history : bool
        Whether scorers of history take part, as of today: nothing is predicted here.
    """
    kind, pool, sides = learnable_kind(scene.kind, history), scene.pool, scene.kind.sides
    asking = np.flatnonzero(pool.members(sides.requesters, kind.requester_role))
    giving = pool.candidates(sides)
    rows = pool.derived.draw(sides.requesters, asking, _MOST_PEOPLE).tolist()
    if not rows or not giving.any():
        return None
    seen = np.zeros((len(choices), len(giving)))
    kinds = [with_weights(kind, weights) for weights in choices]
    for batch in _batches(scene, rows):
        raw = score(kind, scene.inputs(batch))
        goals = scene.goals(batch)
        neutral = neutral_score(kind, raw.values, raw.confidences, goals)
        for n, chosen in enumerate(kinds):
            table = combine(chosen, raw.values, raw.confidences, neutral, goals)
            for best in rank(table, batch, pool.tables[sides.requesters], pool.tables[sides.candidates], _FIRST):
                np.add.at(seen[n], batch.candidate_rows[best], 1 / np.log2(2 + np.arange(len(best))))
    return tuple(gini(of[giving]) for of in seen)


def _batches(scene: Scene, rows: Sequence[int]) -> Iterator[PairBatch]:
    """Pairs of these requesters with all whom impersonal rules let them meet, in batches of some thousands."""
    pool, sides = scene.pool, scene.kind.sides
    impersonal = [c for c in scene.kind.constraints if not c.spec.personal and not reads_protected(c.spec.inputs)]
    asking: list[int] = []
    found: list[IntArray] = []
    for row in rows:
        free = np.flatnonzero(allowed(impersonal, *scene.everybody(row)))
        if len(free):
            asking.append(row)
            found.append(pool.derived.draw(sides.candidates, free, _MOST_CANDIDATES))
        if sum(map(len, found)) >= _BATCH or (row == rows[-1] and asking):
            yield PairBatch.many(asking, found)
            asking, found = [], []


def audit_groups(people: Iterable[Person], grants: Iterable[ConsentGrant], at: datetime) -> dict[str, tuple[str, ...]]:
    """Groups of each person, from what they allow to be audited and nothing else (purpose `fairness_audit`).

    A person is in the group of each attribute for which a grant is in force, and in that of each pair of them; who
    granted nothing is in none. The names are numbers: which group is which is nobody's business here.
    """
    granted: dict[str, set[str]] = {}
    for grant in grants:
        if grant.purpose == "fairness_audit" and grant.in_force(at):
            granted.setdefault(grant.person_id, set()).add(grant.field)
    words: dict[str, list[str]] = {}
    for person in people:
        fields = granted.get(person.id, set())
        own = [
            f"{a.dimension}:{a.value}"
            for a in person.attributes
            if "attributes" in fields or f"attributes.{a.dimension}" in fields
        ]
        own += [f"age_band:{person.age_band}"] if person.age_band and "age_band" in fields else []
        own = sorted(own)
        pairs = [f"{one}+{other}" for n, one in enumerate(own) for other in own[n + 1 :]]
        if own:
            words[person.id] = [*own, *pairs]
    number = {word: f"g{n}" for n, word in enumerate(sorted({word for of in words.values() for word in of}))}
    return {person: tuple(number[word] for word in of) for person, of in words.items()}


def worst_group(
    utility: Mapping[str, float], groups: Mapping[str, Sequence[str]], least: int = MIN_CELL
) -> float | None:
    """Lowest empirical-Bayes mean of a utility over groups; None with fewer than two groups that are large enough.

    μ̃_g = μ + τ̂² / (τ̂² + σ² / n_g) · (μ_g − μ), with τ̂² by the method of moments (domain.md H6): the raw minimum of
    small groups is low by chance alone.
    """
    members: dict[str, list[float]] = {}
    for person, value in sorted(utility.items()):
        for group in groups.get(person, ()):
            members.setdefault(group, []).append(value)
    large = [np.array(values) for _group, values in sorted(members.items()) if len(values) >= least]
    if len(large) < 2:
        return None
    everybody = np.array([value for _person, value in sorted(utility.items())])
    mean, noise = float(everybody.mean()), float(everybody.var(ddof=1))
    sizes: NDArray[np.float64] = np.array([len(values) for values in large], np.float64)
    means = np.array([values.mean() for values in large])
    between = max(0.0, float(np.mean((means - mean) ** 2 - noise / sizes)))
    if between == 0:
        return mean
    return float((mean + between / (between + noise / sizes) * (means - mean)).min())
