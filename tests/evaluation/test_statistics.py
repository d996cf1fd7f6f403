"""Statistics end to end: what is planted is found, what is not there is not, "cannot tell" says what it would take."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.comparison import Asked, Case
from matchengine.comparison_components import MetricSpec
from matchengine.evaluation.comparing import compare_all
from matchengine.evaluation.config import EvaluationConfig, parse_evaluation
from matchengine.evaluation.measurements import Measurements, MetricFacts, StrategyTable, Table
from matchengine.evaluation.steps import _rests_on
from matchengine.evaluation.task import Task
from matchengine.inference import check_nulls
from matchengine.metrics.measure import measure_one
from matchengine.metrics.parse import parse_metric
from matchengine.metrics.signature import Measured
from matchengine.plugins.evaluation import matchengine_components
from matchengine.records.evaluation import ComparisonResult
from tests.evaluation.programme import FILE, edited

NDCG = parse_metric([spec for spec in matchengine_components() if isinstance(spec, MetricSpec)], "ndcg@5")


def config(*changes: tuple[str, str]) -> EvaluationConfig:
    return parse_evaluation(edited(FILE, ('secondary = ["success@3", "judged@5", "exposure_gini_rel@5"]',
                                          "secondary = []"), *changes))  # fmt: skip


def task(seed: int, people: int, others: int = 60, clusters: int = 15, rate: float = 0.06) -> Task:
    """People in cohorts, some luckier than others, and candidates of whom some suit more often than others."""
    rng = np.random.default_rng(seed)
    requester = np.repeat(np.arange(people, dtype=np.int32), others)
    candidate = np.tile(np.arange(others, dtype=np.int32), people)
    cluster = rng.integers(0, clusters, people)
    odds = np.log(rate / (1 - rate)) + rng.normal(0, 0.5, clusters)[cluster][requester]
    odds += rng.normal(0, 0.6, others)[candidate]
    gain = (rng.random(len(requester)) < 1 / (1 + np.exp(-odds))).astype(float)
    asked = Asked(
        tuple(f"p{n:04}" for n in range(people)), tuple(f"m{n:03}" for n in range(others)), requester, candidate,
        np.full(others, np.nan), np.arange(people),
    )  # fmt: skip
    return Task(asked, gain, cluster=tuple(f"c{n}" for n in cluster))


def table(made: Task, scores: dict[str, np.ndarray]) -> Table:
    """What the steps of a run would measure."""
    strategies = []
    for name, score in scores.items():
        lists = made.lists(score)
        found = measure_one(NDCG, Case(lists))
        assert isinstance(found, Measured)
        facts = MetricFacts("ndcg@5", "How near the list comes to the best possible order", "share", "person", "higher",
                            found.definition)  # fmt: skip
        who, whom = _rests_on(lists, 5)
        strategies.append(
            StrategyTable(name, name, baseline=name == "tags", metrics={"ndcg@5": Measurements(facts, found.values)},
                          top_person=who, top_candidate=whom)
        )  # fmt: skip
    asked = made.asked
    relevant = np.bincount(asked.requester, weights=made.gain > 0, minlength=asked.requesters).astype(np.int64)
    count = np.ones(asked.requesters, np.int64)
    return Table(asked.requester_ids, made.clusters, made.clustered, count > 0, count, relevant, asked.seats,
                 strategies=tuple(strategies))  # fmt: skip


def compared(made: Task, *, signal: float, seed: int, margin: float = 0.02) -> ComparisonResult:
    """Two strategies that see the same noise; one sees `signal` of the truth beside it."""
    rng = np.random.default_rng([seed, 1])
    noise = rng.normal(size=(2, len(made.gain)))
    scores = {"tags": noise[0], "goals": noise[1] + signal * made.gain}
    changes = ("draws = 1000", f"draws = 1000\nmargin = {margin}")
    return compare_all(table(made, scores), config(changes), seed)[0]


def test_a_better_strategy_is_found_better_on_enough_cohorts() -> None:
    found = compared(task(1, 300), signal=1.5, seed=1)
    assert found.verdict == "better"
    assert found.low is not None
    assert found.low > 0
    assert found.clusters == 15
    assert "goals is better than tags" in found.sentence


def test_cannot_tell_says_how_many_more_it_would_take() -> None:
    found = compared(task(2, 60), signal=0.1, seed=4)
    assert found.verdict == "cannot_tell"
    assert found.more_clusters is not None
    assert found.more_clusters > 0
    assert f"About {found.more_clusters:,} more cohort" in found.sentence.replace("\u00a0", ",")
    without = task(2, 60)
    alone = compared(Task(without.asked, without.gain), signal=0.1, seed=4)
    assert alone.verdict == "cannot_tell"
    assert alone.more_people is not None
    assert f"About {alone.more_people:,} more pe" in alone.sentence


def test_fewer_than_five_cohorts_allow_no_inference() -> None:
    found = compared(task(3, 80, clusters=4), signal=2, seed=1)
    assert found.verdict == "cannot_tell"
    assert found.low is None
    assert found.p is None
    assert found.sentence.startswith("Nothing can be said of goals against tags")


def test_a_strategy_against_itself_differs_by_nothing() -> None:
    made = task(4, 60)
    score = np.random.default_rng(4).random(len(made.gain))
    found = compare_all(table(made, {"tags": score, "goals": score}), config(), 0)[0]
    assert (found.difference, found.low, found.high, found.verdict) == (0.0, 0.0, 0.0, "same")


def test_all_pairs_are_told_against_the_one_compared_with() -> None:
    made = task(5, 100)
    rng = np.random.default_rng(5)
    scores = {name: rng.random(len(made.gain)) for name in ("goals", "tags", "third")}
    third = ("[metrics]", '[strategies.third]\nuse = "random"\n[metrics]')
    found = compare_all(table(made, scores), config(third, ("draws = 1000", 'family = "all_pairs"')), 0)
    assert [(one.strategy, one.against) for one in found] == [("goals", "tags"), ("third", "tags"), ("third", "goals")]


def test_the_tenth_that_lost_most_is_never_a_person() -> None:
    few = compared(task(6, 49, rate=0.2), signal=0, seed=2)
    assert few.people < 50
    assert few.worst_tenth is None
    assert compared(task(6, 80, rate=0.2), signal=0, seed=2).worst_tenth is not None


def test_where_nothing_differs_better_is_said_no_more_often_than_declared() -> None:
    """Two hundred tasks with shared candidates and alike cohorts: false verdicts stay within alpha."""
    found = [compared(task(100 + n, 120), signal=0, seed=n) for n in range(200)]
    check = check_nulls([np.nan if one.p is None else one.p for one in found], 0.05)
    assert check.total >= 40
    assert check.passed, check
    false = [one.verdict for one in found]
    assert false.count("better") <= 0.05 * len(found)
    assert false.count("worse") <= 0.05 * len(found)


def test_a_planted_difference_is_found_most_of_the_time() -> None:
    found = [compared(task(300 + n, 200), signal=0.9, seed=n).verdict for n in range(30)]
    assert found.count("better") >= 24
    assert "worse" not in found


def test_golden_ndcg_of_four_places() -> None:
    """GN12: gains 3, 0, 2, 1 in the order suggested give .9305, and .9508 where a gain counts as 2^gain − 1."""
    asked = Asked(("p",), ("a", "b", "c", "d"), np.zeros(4, np.int32), np.arange(4, dtype=np.int32), np.full(4, np.nan),
                  np.zeros(1, np.int64))  # fmt: skip
    made = Task(asked, np.array([3.0, 0.0, 2.0, 1.0]))
    specs = [spec for spec in matchengine_components() if isinstance(spec, MetricSpec)]
    for name, value in (("ndcg@4", 0.9305), ("ndcg@4(gain=exponential)", 0.9508)):
        found = measure_one(parse_metric(specs, name), Case(made.lists(np.array([4.0, 3.0, 2.0, 1.0]))))
        assert isinstance(found, Measured)
        assert found.values.tolist() == pytest.approx([value], abs=1e-4)
