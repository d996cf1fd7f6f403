"""Cached matrices under any weights: the engine's scores, to the digit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from matchengine.comparison import Asked
from matchengine.engine import Engine
from matchengine.errors import ConfigError
from matchengine.evaluation.strategies.matrices import read_matrices
from matchengine.evaluation.strategies.weighting import (
    around,
    changed,
    combined,
    configured,
    leave_one_out,
    neutral_of,
    noisy,
    only_one,
    simplex,
    weighted_kind,
)
from matchengine.matching.combine import combine
from tests.evaluation.strategies.worlds import Programme, asked_of, matrices_of, records
from tests.history_support import town
from tests.support import WordsPlugin, config


def test_the_configured_weights_give_what_the_engine_suggests() -> None:
    engine, asked = Programme().engine(""), asked_of()
    matrices = read_matrices(engine, "mentor", asked)
    found = combined(matrices, configured(matrices), asked.starts)
    assert found.neutral == engine._scene("mentor").neutral
    for n, person in enumerate(asked.requester_ids):
        own = found.ranking[asked.starts[n] : asked.starts[n + 1]]
        told = engine.suggest(person, "mentor", len(asked.candidate_ids))
        score = dict(zip(asked.candidate_ids, own.tolist(), strict=True))
        assert {name for name, value in score.items() if not np.isnan(value)} == {each.candidate_id for each in told}
        listed = [score[each.candidate_id] for each in told]
        assert listed == sorted(listed, reverse=True)
        informed = [each for each in told if score[each.candidate_id] > 0.01]
        assert informed
        assert all(score[each.candidate_id] == pytest.approx(each.score / 100, abs=1e-9) for each in informed)


def test_history_is_silent_in_the_neutral_score_as_it_is_in_the_engine() -> None:
    joined = {f"p{n}": "ab" if n % 2 else "abc" for n in range(12)} | {"new": ""}
    engine = town(joined, {"d": {}})
    people = tuple(sorted(joined))
    requester, candidate = np.divmod(np.arange(4 * len(people), dtype=np.int32), 4)
    asked = Asked(people, tuple("abcd"), requester, candidate, np.full(4, np.nan), np.arange(len(people)))
    matrices = read_matrices(engine, "group", asked)
    assert any(scorer.spec.role == "history" for scorer in matrices.kind.scorers)
    assert neutral_of(matrices, configured(matrices)) == engine._scene("group").neutral


def test_other_weights_give_what_an_engine_with_these_weights_suggests() -> None:
    """Also the neutral score is the one that such an engine would measure."""
    programme, asked = Programme(), asked_of()
    matrices = read_matrices(programme.engine(""), "mentor", asked)
    weighting = changed(configured(matrices), add={"interests": 2.0}, drop=["style"], blocks={"need": 0.8}, across=-1.0)
    settings = config()
    match = settings.match["mentor"]
    scorers = {name: own for name, own in match.scorers.items() if name != "style"}
    scorers["interests"] = scorers["interests"].model_copy(update={"weight": 2.0})
    blocks = {**match.blocks, "need": 0.8}
    match = match.model_copy(update={"scorers": scorers, "blocks": blocks, "across": -1.0})
    engine = Engine(settings.model_copy(update={"match": {"mentor": match}}), plugins=[WordsPlugin()])
    engine.load(records())
    theirs = read_matrices(engine, "mentor", asked)
    found, expected = combined(matrices, weighting, asked.starts), combined(theirs, configured(theirs), asked.starts)
    assert found.neutral == expected.neutral != 0.5
    assert np.array_equal(found.ranking, expected.ranking, equal_nan=True)
    assert np.array_equal(found.plain, expected.plain, equal_nan=True)


@pytest.mark.parametrize("across", [0.0, 1.0, -2.0])
def test_totals_are_those_of_the_one_function_that_combines(across: float) -> None:
    matrices, starts, _gain = matrices_of(across=across, lifts=2, discreet=False, must_know=("need",))
    for weighting in [configured(matrices), *leave_one_out(configured(matrices)).values()]:
        kind, columns = weighted_kind(matrices, weighting)
        neutral = neutral_of(matrices, weighting)
        table = combine(kind, matrices.values[:, columns], matrices.confidences[:, columns], neutral)
        found = combined(matrices, weighting, starts)
        shown = ~np.isnan(found.ranking)
        behind = np.where(table.informed, 1.0, 0.01)
        assert np.array_equal(found.ranking[shown], (behind * np.round(table.total, 4))[shown])
        assert np.allclose(found.plain[shown], (behind * (table.total - table.lift))[shown], rtol=0, atol=1e-12)
        assert np.array_equal(shown, matrices.eligible & ~(table.blocks.get("feasible", np.ones(len(shown))) < 0.1))


def test_a_lift_towards_people_decides_about_five_places_and_no_more() -> None:
    matrices, starts, _gain = matrices_of(4, 30, lifts=1, gaps=0.0)
    found = combined(matrices, configured(matrices), starts)
    plain = combined(matrices, replace(configured(matrices), lifts=False), starts)
    open_ = combined(replace(matrices, discreet=False), configured(matrices), starts)
    for start, end in pairwise(starts.tolist()):
        first = np.argsort(-np.nan_to_num(open_.ranking[start:end]))[:5]
        assert np.array_equal(found.ranking[start:end][first], open_.ranking[start:end][first])
        rest = np.setdiff1d(
            np.arange(end - start), np.flatnonzero(found.ranking[start:end] == open_.ranking[start:end])
        )
        assert len(rest)
        assert np.array_equal(found.ranking[start:end][rest], plain.ranking[start:end][rest], equal_nan=True)
    assert np.allclose(found.plain, plain.plain, rtol=0, atol=1e-12, equal_nan=True), "assignments never see a lift"


def test_weights_by_goal_count_until_weights_are_drawn() -> None:
    matrices, starts, _gain = matrices_of(goal_blocks={"career_move": {"need": 0.9}}, scorers=4)
    own = combined(matrices, configured(matrices), starts)
    without = combined(matrices, replace(configured(matrices), by_goal=False), starts)
    assert not np.array_equal(own.plain, without.plain, equal_nan=True)
    assert not simplex(matrices, configured(matrices), 1, 0)[0].by_goal


def test_changes_of_a_table() -> None:
    matrices, _starts, _gain = matrices_of()
    own = configured(matrices)
    assert changed(own).scorers == own.scorers
    assert changed(own, scorers={"s1": 3.0}).scorers == {"s1": 3.0}
    assert changed(own, scorers={"s1": 3.0}, add={"s2": 1.0}, drop=["s1"]).scorers == {"s2": 1.0}
    assert changed(own, blocks={"need": 9.0}).blocks["need"] == 9.0
    with pytest.raises(ConfigError, match="s7") as caught:
        changed(own, scorers={"s7": 1.0}, add={"s8": 1.0}, drop=["s9"], blocks={"neeed": 1.0})
    assert len(caught.value.problems) == 4
    assert "need" in caught.value.problems[-1]
    with pytest.raises(ConfigError, match="no scorer is left"):
        changed(own, drop=list(own.scorers))


def test_leaving_one_out_and_one_alone_name_every_scorer() -> None:
    matrices, _starts, _gain = matrices_of()
    own = configured(matrices)
    assert set(leave_one_out(own)) == set(only_one(own)) == set(own.scorers) == set(matrices.names)
    assert all(name not in weighting.scorers for name, weighting in leave_one_out(own).items())
    assert all(set(weighting.scorers) == {name} for name, weighting in only_one(own).items())
    assert leave_one_out(only_one(own)["s1"]) == {}


def test_shares_add_up_and_survive_being_drawn() -> None:
    matrices, _starts, _gain = matrices_of(scorers=7)
    own = configured(matrices)
    shares = own.shares(matrices)
    assert sum(shares.values()) == pytest.approx(1)
    inside = {name: weight for name, weight in own.scorers.items() if name in ("s0", "s3", "s6")}
    assert shares["s3"] == pytest.approx(own.blocks["need"] * own.scorers["s3"] / sum(inside.values()))
    for drawn in simplex(matrices, own, 5, 1):
        assert sum(drawn.shares(matrices).values()) == pytest.approx(1)
    (same,) = noisy(matrices, own, 1, 1, noise=0.0)
    assert same.shares(matrices) == pytest.approx(shares)


def test_draws_follow_from_the_seed_and_lie_around_the_weights() -> None:
    matrices, _starts, _gain = matrices_of(scorers=6)
    own = configured(matrices)
    assert simplex(matrices, own, 4, 1) == simplex(matrices, own, 4, 1) != simplex(matrices, own, 4, 2)
    shares = own.shares(matrices)
    near, far = (
        np.mean([[abs(d.shares(matrices)[n] - shares[n]) for n in shares] for d in around(matrices, own, 200, 1, c)])
        for c in (200.0, 5.0)
    )
    assert near < far / 3
    mean = np.mean([[d.shares(matrices)[n] for n in sorted(shares)] for d in simplex(matrices, own, 2000, 1)], axis=0)
    assert mean == pytest.approx(np.full(6, 1 / 6), abs=0.02)
