"""Groups: beside k-means-constrained on likeness alone, beside the proven best of small pools, and with all rules.

k-means-constrained runs in a process of its own; MATCHENGINE_KMEANS names the folder into which it was installed
(`pip install k-means-constrained --target FOLDER`), where this environment does not hold it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Comparison, Report, Row, seconds, timed
from matchengine.planning.groups.exact import exact_groups
from matchengine.planning.groups.form import form_groups
from matchengine.planning.groups.measures import measured
from matchengine.planning.groups.problem import Forming, GroupAims, GroupsProblem

SPEED, WITHIN = 0.1, 0.03
_KMEANS = """
import json, sys, time
sys.path.insert(0, sys.argv[2])
import numpy as np
from k_means_constrained import KMeansConstrained
vectors = np.load(sys.argv[1]).astype(np.float64)
start = time.perf_counter()
model = KMeansConstrained(n_clusters=round(len(vectors) / 6), size_min=4, size_max=8, random_state=0, n_init=1)
label = model.fit_predict(vectors)
print(json.dumps({"seconds": time.perf_counter() - start, "label": label.tolist()}))
"""


def measure(quick: bool) -> Report:
    """Measure speed and likeness, nearness to the optimum, and isolates under all rules."""
    report = Report()
    _beside_kmeans(report, 1_000 if quick else 10_000)
    _beside_the_best(report, 3 if quick else 8)
    _with_all_rules(report)
    return report


def _beside_kmeans(report: Report, people: int) -> None:
    for words, vectors in (("clustered vectors", _clustered(people)), ("overlapping themes", _themes(people))):
        problem = _plain(vectors)
        found: list[Forming] = []
        own = timed(lambda problem=problem, found=found: found.append(form_groups(problem, GroupAims(alpha=1), seed=0)))
        ours = [group.members for group in found[0].groups]
        by_group, by_person = _likeness(vectors, ours)
        what = f"{people:,} people into circles of 4 to 8 by likeness alone, {words}"
        other = _kmeans(vectors)
        if other is None:
            told = f"{seconds(own)}, mean likeness {by_group:.4f} (by person {by_person:.4f})"
            report.rows.append(Row(what, told, "k-means-constrained is not installed: skipped"))
            continue
        theirs = [np.flatnonzero(other["label"] == number) for number in range(int(other["label"].max()) + 1)]
        their_group, their_person = _likeness(vectors, theirs)
        speed = Comparison((own,), (other["seconds"],))
        beside = "k-means-constrained"
        report.rows.append(Row.of(what, speed, beside, f"≤ {SPEED} of its time", speed.within(SPEED)))
        met = by_group >= their_group and by_person >= their_person
        told = f"mean likeness {by_group:.4f} (by person {by_person:.4f})"
        theirs_told = f"{beside}: {their_group:.4f} (by person {their_person:.4f})"
        report.rows.append(Row(what, told, theirs_told, "at least as good", met, round(by_group / their_group, 4)))


def _kmeans(vectors: np.ndarray) -> dict[str, Any] | None:
    """Seconds and labels of k-means-constrained; None where it is not installed."""
    folder = os.environ.get("MATCHENGINE_KMEANS", "")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "vectors.npy"
        np.save(file, vectors)
        done = subprocess.run([sys.executable, "-c", _KMEANS, str(file), folder], capture_output=True, text=True)
    if done.returncode:
        return None
    told = json.loads(done.stdout.splitlines()[-1])
    return {"seconds": told["seconds"], "label": np.array(told["label"])}


def _beside_the_best(report: Report, count: int) -> None:
    worst, isolates, least, times = 1.0, [0, 0], 0, []
    for seed in range(count):
        people, slots = (24, 1.0) if seed % 2 else (16, 0.5)
        problem = _circle(people, seed, slots)
        best = exact_groups(problem, GroupAims())
        found: list[Forming] = []
        times.append(
            timed(lambda problem=problem, found=found: found.append(form_groups(problem, GroupAims(), seed=0)))
        )
        worst = min(worst, found[0].objective / best.objective)
        least += len(found[0].unplaced) - len(best.unplaced)
        isolates[0] += measured(problem, found[0].groups).isolates
        isolates[1] += measured(problem, best.groups).isolates
    what = f"{count} pools of 16 and 24 people with slots and balance"
    told = f"at least {worst:.4f} of the objective, {least} more left out, {seconds(float(np.median(times)))} each"
    met = worst >= 1 - WITHIN and least == 0
    report.rows.append(
        Row(what, told, "proven best by integer programming", f"≥ {1 - WITHIN:.2f}", met, round(worst, 4))
    )
    goal = "none where the exact model has none"
    told = f"{isolates[0]} isolates"
    report.rows.append(Row(what, told, f"proven best: {isolates[1]}", goal, isolates[0] <= isolates[1]))


def _with_all_rules(report: Report) -> None:
    problem = _circle(60, 0, 0.4)
    found: list[Forming] = []
    own = timed(lambda: found.append(form_groups(problem, GroupAims(), seed=0)))
    table = measured(problem, found[0].groups)
    never = int((~problem.slots.any(axis=1)).sum())
    told = f"{table.isolates} isolates, {table.slot_rate:.0%} with a common slot, {table.unplaced} left out"
    beside = f"{never} of them without any slot; {seconds(own)}"
    met = table.isolates == 0 and table.slot_rate == 1 and table.unplaced == never
    what = "60 people, three balance dimensions of 7, 15 and 6 holders, sparse availability"
    report.rows.append(Row(what, told, beside, "0 isolates, 100%, nobody else left out", met))
    report.details["60 people"] = {"sizes": [len(group.members) for group in found[0].groups]}


def _likeness(vectors: np.ndarray, groups: list[np.ndarray]) -> tuple[float, float]:
    """Mean over groups, and over people, of the mean likeness within the group."""
    size = np.array([len(people) for people in groups])
    sums = np.array([(vectors[people].astype(np.float64).sum(axis=0) ** 2).sum() for people in groups])
    mean = (sums - size) / (size * (size - 1))
    return float(mean.mean()), float(np.average(mean, weights=size))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def _clustered(people: int) -> np.ndarray:
    draw = np.random.default_rng(0)
    centres = draw.normal(size=(max(people // 40, 2), 384))
    return _unit(centres[draw.integers(len(centres), size=people)] + 0.7 * draw.normal(size=(people, 384)))


def _themes(people: int) -> np.ndarray:
    """Mixtures of a few of 200 themes of uneven popularity, as embedded texts are."""
    draw = np.random.default_rng(1)
    themes = draw.normal(size=(200, 384))
    popular = 1 / np.arange(1, 201)
    chosen = draw.choice(200, size=(people, 3), p=popular / popular.sum())
    weight = draw.dirichlet(np.ones(3), size=people)
    return _unit(np.einsum("nk,nkd->nd", weight, themes[chosen]) + 0.3 * draw.normal(size=(people, 384)))


def _plain(vectors: np.ndarray) -> GroupsProblem:
    people = len(vectors)
    none = np.zeros((people, 0), np.bool_)
    lottery = np.random.default_rng(0).permutation(people).astype(np.uint64)
    return GroupsProblem(people, vectors, np.zeros((people, 0), np.float32), none, none, lottery, vectors=True)


def _circle(people: int, seed: int, density: float) -> GroupsProblem:
    """People of a programme: likeness, difference, slots, topics, features and three balance dimensions."""
    draw = np.random.default_rng(seed)
    vectors = _unit(draw.normal(size=(people, 8)))
    difference = draw.random((people, people))
    topics = draw.random((2, people, 8)) * (draw.random((2, people, 8)) < 0.25)
    holders = [max(2, round(share * people)) for share in (7 / 60, 15 / 60, 6 / 60)]
    return GroupsProblem(
        people=people,
        similarity=((vectors @ vectors.T + 1) / 2).astype(np.float32),
        difference=((difference + difference.T) / 2).astype(np.float32),
        slots=draw.random((people, 8)) < density,
        languages=np.ones((people, 1), np.bool_),
        lottery=draw.permutation(people).astype(np.uint64),
        offers=topics[0].astype(np.float32),
        wants=topics[1].astype(np.float32),
        features=draw.normal(size=(people, 4)).astype(np.float32),
        balance=tuple(np.where(draw.permutation(people) < count, 0, -1) for count in holders),
    )
