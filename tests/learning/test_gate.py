"""Each condition of adoption stops an adoption by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.learning.gate import Evidence, checks
from matchengine.records.learning import HeldOut


def held_out(
    low: float | None = 0.02, high: float | None = 0.06, by: Any = "other_cohorts", metric: Any = "pairwise_accuracy"
) -> HeldOut:
    return HeldOut(
        metric=metric, by=by, default=0.7, learned=0.74, apparent=0.75, difference=0.04, low=low, high=high, judges=80,
        clusters=6, method="t",
    )  # fmt: skip


GOOD = Evidence(200, 60, 6, 150, held_out(), (0.7, 0.695), (0.1, 0.115), True)


def outcome(evidence: Evidence) -> dict[str, bool | None]:
    return {each.name: each.passed for each in checks(evidence)}


def test_all_conditions_can_be_met() -> None:
    got = outcome(GOOD)
    assert got == dict.fromkeys(("enough", "shown", "cohorts", "changed", "better", "worst_group", "exposure"), True)


@pytest.mark.parametrize(
    ("change", "name", "told"),
    [
        ({"preferences": 149.5}, "enough", "stay as they are: 149 preferences"),
        ({"judges": 39}, "enough", "of 39 people who look; at least 150 of 40"),
        ({"effective_size": 49.0}, "shown", "worth 49; at least 50 are needed"),
        ({"held_out": held_out(by="other_people"), "cohorts": 2}, "cohorts", "Cohorts known: 2; at least 5"),
        ({"held_out": held_out(0.0, 0.05)}, "better", "cannot tell.*between 0.0 and 5.0"),
        ({"held_out": held_out(-0.01, 0.05)}, "better", "cannot tell"),
        ({"held_out": held_out(None, None)}, "better", "too few people or cohorts"),
        ({"held_out": held_out(-0.08, -0.01)}, "better", "fewer of every 100"),
        ({"held_out": held_out(0.0, 0.0)}, "better", "exactly as the weights now do"),
        ({"held_out": held_out(0.0, 0.05, metric="ndcg@5")}, "better", "cannot tell.*how near lists come"),
        ({"held_out": held_out(-0.08, -0.01, metric="ndcg@5")}, "better", "of 100 less near to the best order"),
        (
            {"held_out": held_out(metric="ndcg@5"), "worst_group": (0.9, 0.88)},
            "worst_group",
            "lists come to 90.0 of 100 of the best order now and would come to 88.0",
        ),
        ({"held_out": None}, "better", "too few people or cohorts"),
        ({"worst_group": (0.7, 0.689)}, "worst_group", "70.0 of every 100 .* 68.9 would be; it may lose 1"),
        ({"exposure": (0.10, 0.121)}, "exposure", "uneven by 10 of 100 now and would be by 12"),
        ({"changed": False}, "changed", "No weight would change"),
    ],
)
def test_each_condition_that_is_not_met_is_said(change: dict[str, Any], name: str, told: str) -> None:
    found = {each.name: each for each in checks(replace(GOOD, **change))}
    assert found[name].passed is False
    assert re.search(told, found[name].text)


def test_a_gain_is_said_in_the_words_of_its_measure() -> None:
    said = {each.name: each.text for each in checks(replace(GOOD, held_out=held_out(metric="ndcg@5")))}
    assert "lists by learned weights come 4.0 of 100 nearer to the best order" in said["better"]
    said = {each.name: each.text for each in checks(GOOD)}
    assert "4.0 more of every 100 preferences right" in said["better"]


def test_the_edges_are_met() -> None:
    edge = replace(GOOD, preferences=150, judges=40, effective_size=50.0, worst_group=(0.7, 0.69), exposure=(0.1, 0.12))
    assert all(outcome(edge).values())


def test_what_was_not_measured_neither_passes_nor_fails() -> None:
    got = outcome(replace(GOOD, effective_size=None, worst_group=None, exposure=None))
    assert [name for name, passed in got.items() if passed is None] == ["shown", "worst_group", "exposure"]


def test_nothing_is_said_about_a_result_where_too_little_was_said() -> None:
    assert list(outcome(replace(GOOD, judges=3))) == ["enough"]
    assert list(outcome(replace(GOOD, effective_size=3.0))) == ["enough", "shown"]


def test_every_sentence_goes_through_the_catalogue() -> None:
    changes: list[dict[str, Any]] = [
        {}, {"judges": 1}, {"effective_size": 1.0}, {"effective_size": None, "worst_group": None, "exposure": None},
        {"held_out": None}, {"held_out": held_out(-0.1, 0.1)}, {"held_out": held_out(-0.1, -0.1)}, {"changed": False},
        {"held_out": held_out(0.0, 0.0)},
        {"held_out": held_out(metric="ndcg@5")}, {"held_out": held_out(-0.1, 0.1, metric="ndcg@5")},
        {"held_out": held_out(-0.2, -0.1, metric="ndcg@5")},
    ]  # fmt: skip
    with speaking(PSEUDO):
        for change in changes:
            for each in checks(replace(GOOD, **change)):
                assert each.text.startswith("⟦") or not each.text.isascii()
