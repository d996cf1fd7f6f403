"""Row of source S3: diversity by intersection, nobody left out."""

from __future__ import annotations

import numpy as np

from matchengine.evaluation.config import parse_evaluation
from matchengine.evaluation.measurements import Measurements, MetricFacts, StrategyTable, Table
from matchengine.evaluation.subgroups import subgroup_tables

CONFIG = """
schema = "matchengine.evaluation/1"
question = "Is anybody served less well?"
[data]
records = "."
engine = "x.toml"
kind = "mentor"
relevance = { good = "rating >= 4" }
[strategies.one]
baseline = true
[groups]
by = ["gender", "heritage"]
cross = 2
"""


def table(rows: list[tuple[str | None, str | None, float]]) -> Table:
    """A table of people with two audit attributes and one value each."""
    values = np.array([value for _gender, _heritage, value in rows])
    count = len(rows)
    facts = MetricFacts("ndcg@5", "order", "share", "person", "higher", "ndcg@5|v=1")
    strategy = StrategyTable("one", "one", baseline=True, metrics={"ndcg@5": Measurements(facts, values)})
    return Table(
        person=tuple(f"p{n}" for n in range(count)),
        cluster=np.arange(count),
        clustered=False,
        judged=np.ones(count, np.bool_),
        candidates=np.full(count, 9),
        relevant=np.ones(count, np.int64),
        seats=np.full(9, np.nan),
        audit={"gender": tuple(r[0] for r in rows), "heritage": tuple(r[1] for r in rows)},
        strategies=(strategy,),
    )


def test_s3_08_the_group_at_the_crossing_is_found_although_each_road_alone_looks_even() -> None:
    """S3-08: who stands at the crossing of two attributes is seen, with the worst group and its gap told."""
    rows = [("woman", "x", 0.2)] * 30 + [("woman", "y", 0.8)] * 30 + [("man", "x", 0.8)] * 30 + [("man", "y", 0.2)] * 30
    found = subgroup_tables(table(rows), parse_evaluation(CONFIG), seed=1)[0]
    shown = {row.group: row.value for row in found.rows}
    assert shown["gender: woman",] == shown["gender: man",] == 0.5
    assert shown["gender: woman", "heritage: x"] == 0.2
    assert found.worst is not None
    assert abs(found.worst - 0.2) < 0.02
    assert found.gap is not None
    assert abs(found.gap) > 0.3
    assert found.gap_p is not None
    assert found.gap_p < 0.05


def test_s3_08_chance_alone_names_no_group() -> None:
    """S3-08: with no true difference the largest of many gaps is told to be chance."""
    draw = np.random.default_rng(5)
    rows = [(g, h, float(v)) for g in ("woman", "man") for h in ("x", "y") for v in draw.random(40)]
    found = subgroup_tables(table(rows), parse_evaluation(CONFIG), seed=1)[0]
    assert found.gap_p is not None
    assert found.gap_p > 0.05


def test_s3_08_a_crossing_of_few_people_is_hidden_with_what_would_give_it_away() -> None:
    """S3-08: a small cell is not shown, nor another one from which it follows; who did not consent is in no group."""
    rows = [("woman", "x", 0.5)] * 4 + [("woman", "y", 0.5)] * 40 + [("man", "x", 0.5)] * 40 + [("man", "y", 0.5)] * 40
    found = subgroup_tables(table([*rows, (None, "y", 0.5)]), parse_evaluation(CONFIG), seed=1)[0]
    hidden = {row.group for row in found.rows if row.hidden}
    assert ("gender: woman", "heritage: x") in hidden
    assert len([group for group in hidden if len(group) == 2]) >= 2
    assert all(row.people is None and row.value is None for row in found.rows if row.hidden)
