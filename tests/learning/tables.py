"""Preferences made from weights that the tests know: a kind of match with scorers that are columns of numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from matchengine.learning.features import Table
from matchengine.learning.grades import Graded
from matchengine.learning.preferences import Preference
from matchengine.learning.weights import Weights, totals
from matchengine.registry import MatchKind
from tests.support import engine

TRUE = Weights({"need": 0.2, "relate": 0.6, "feasible": 0.2}, {"interests": 0.8, "values": 0.1, "style": 0.1})
"""Far from the configured weights of the tests: need .40, relate .35, feasible .25; interests .35, values .35."""


def kind(extra: str = "") -> MatchKind:
    """Return the kind of match of the tests: one need scorer, three that relate, one feasible."""
    return engine(extra)._kinds["mentor"]


def table(
    judges: int = 80,
    each: int = 5,
    weights: Weights = TRUE,
    *,
    seed: int = 0,
    missing: float = 0.0,
    noise: float = 0.02,
    cohorts: int = 0,
    source: str = "ranking",
    of: MatchKind | None = None,
    candidates: int = 40,
) -> Table:
    """Draw values, and let every judge say `each` preferences between two candidates by the score under `weights`."""
    rng, chosen = np.random.default_rng(seed), of or kind()
    pairs = judges * each * 2
    values = rng.uniform(0.05, 1, (pairs, len(chosen.scorers)))
    values[rng.random(values.shape) < missing] = np.nan
    confidences = np.where(np.isnan(values), 0.0, 1.0)
    better, worse = np.arange(0, pairs, 2), np.arange(1, pairs, 2)
    made = Table(chosen, values, confidences, None, better, worse, ())
    sure = replace(made, confidences=np.ones_like(confidences))  # people do not know how much the engine knows
    score = totals(sure, weights, 0.5) + rng.normal(0, noise, pairs)
    turned = score[better] < score[worse]
    better, worse = np.where(turned, worse, better), np.where(turned, better, worse)
    names = [f"c{rng.integers(candidates)}" for _pair in range(pairs)]
    said = []
    for n in range(judges * each):
        judge, cohort = f"j{n // each}", (n // each) % cohorts if cohorts else None
        day = date(2020, 1, 1) + timedelta(days=91 * cohort) if cohort is not None else None
        label = None if cohort is None else f"cohort {cohort}"
        pair = (judge, names[better[n]]), (judge, names[worse[n]])
        said.append(Preference(judge, *pair, source, 1.0, label, day))  # type: ignore[arg-type]
    return replace(made, better=better, worse=worse, preferences=tuple(said))


def permuted(drawn: Table, seed: int = 1) -> Table:
    """The same preferences, each turned round by a coin."""
    coin = np.random.default_rng(seed).random(len(drawn.better)) < 0.5
    better, worse = np.where(coin, drawn.worse, drawn.better), np.where(coin, drawn.better, drawn.worse)
    turned = [
        each._replace(better=each.worse, worse=each.better) if turn else each
        for each, turn in zip(drawn.preferences, coin.tolist(), strict=True)
    ]
    return replace(drawn, better=better, worse=worse, preferences=tuple(turned))


def graded(drawn: Table, judges: int, each: int, weights: Weights = TRUE) -> Table:
    """The same table in which the first people graded their first pairs, by their order under `weights`."""
    score = totals(replace(drawn, confidences=np.ones_like(drawn.confidences)), weights, 0.5)
    people, rows, gains = [], [], []
    for n in range(judges):
        own = [m for m, told in enumerate(drawn.preferences) if told.judge == f"j{n}"]
        mine = np.sort(np.concatenate([drawn.better[own], drawn.worse[own]]))[:each]
        people.append(f"j{n}")
        rows.append(mine)
        gains.append(np.argsort(np.argsort(score[mine])) / (len(mine) - 1))
    person = np.repeat(np.arange(judges), [len(mine) for mine in rows])
    return replace(drawn, graded=Graded(tuple(people), person, np.concatenate(rows), np.concatenate(gains)))
