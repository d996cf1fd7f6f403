"""One table, one answer: lists, assignments, changed pools; a fault stays with its strategy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from matchengine.comparison import Asked, Exchanged, Grouped
from matchengine.comparison_components import strategy
from matchengine.components import specs_in
from matchengine.errors import ConfigError, PluginError
from matchengine.evaluation.strategies.answer import Answer, StrategyFailed
from matchengine.evaluation.strategies.baselines import chance, constant, popularity, tag_overlap, whole_profile
from matchengine.evaluation.strategies.configured import answer, check
from matchengine.evaluation.strategies.matrices import read_matrices
from matchengine.evaluation.strategies.reranking import reranked
from matchengine.evaluation.strategies.scoring import known_gains
from matchengine.evaluation.strategies.weighting import changed, combined, configured
from matchengine.programme.groups.problem import set_up
from matchengine.programme.groups.wishes import Asked as Nothing
from matchengine.records import Relationship
from matchengine.records.swaps import SwapWish
from tests.evaluation.strategies.worlds import MENTEES, MENTORS, REVERSE, Programme, asked_of, outcomes, resources_of
from tests.programme.groups import circles
from tests.programme.swaps import people as swapping


@dataclass(frozen=True)
class Search:
    weights: str = "simplex"
    trials: int = 30


@dataclass(frozen=True)
class Table:
    """A table as the harness hands it over."""

    use: str = "engine"
    settings: dict[str, Any] = field(default_factory=dict)
    config: str | None = None
    kind: str | None = None
    scorers: dict[str, float] | None = None
    add: dict[str, float] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    blocks: dict[str, float] | None = None
    across: float | None = None
    rerank: str | None = None
    assign: str | None = None
    baseline: bool = False
    tune: Search | None = None
    swaps: str | None = None
    groups: str | None = None


class Baselines:
    """A plugin that offers baselines and two strategies that are wrong on purpose."""

    def matchengine_components(self) -> list[Any]:
        @strategy("broken")
        def broken(asked: Asked) -> Any:
            """Fail with a text of a person in hand."""
            raise KeyError(asked.requester_texts)

        @strategy("endless")
        def endless(asked: Asked) -> Any:
            """Answer nonsense."""
            return np.full(len(asked), np.inf)

        modules = chance, constant, popularity, tag_overlap, whole_profile
        return [*specs_in(*modules), *specs_in(broken, endless)]


def answered(table: Table, *wanted: str, asked: Asked | None = None, extra: str = "", **more: Any) -> Answer:
    found = answer(table, asked or asked_of(), resources_of(Programme(extra), *wanted, extra=(Baselines(),), **more))
    assert isinstance(found, Answer), found
    return found


def test_the_engine_as_configured_ranks_as_it_suggests() -> None:
    programme, asked = Programme(), asked_of()
    found = answered(Table())
    engine = programme.engine("")
    for n, person in enumerate(asked.requester_ids):
        own = found.scores[asked.starts[n] : asked.starts[n + 1]]
        best = engine.suggest(person, "mentor", 1)[0]
        assert own[asked.candidate_ids.index(best.candidate_id)] == np.nanmax(own)
    assert found.reverse is None
    assert found.chosen is None
    assert found.perturbed == found.again == ()
    assert np.isnan(found.seconds).all()
    assert found.total_seconds > 0


def test_changes_of_the_table_reach_the_scores() -> None:
    asked = asked_of()
    engine = Programme().engine("")
    matrices = read_matrices(engine, "mentor", asked)
    changes = {
        "scorers": {"goals": 2.0, "style": 1.0},
        "add": {"values": 1.0},
        "blocks": {"relate": 0.9},
        "across": 1.0,
    }
    expected = combined(matrices, changed(configured(matrices), **changes), asked.starts).ranking
    assert np.array_equal(answered(Table(**changes)).scores, expected, equal_nan=True)
    dropped = answered(Table(drop=("goals",))).scores
    assert not np.array_equal(dropped, answered(Table()).scores, equal_nan=True)


def test_matrices_are_worked_out_once_for_all_strategies() -> None:
    resources = resources_of(Programme())
    answer(Table(), asked_of(), resources)
    (first,) = resources.matrices.values()
    answer(Table(drop=("style",), across=-1.0), asked_of(), resources)
    answer(Table(scorers={"goals": 1.0}), asked_of(outcomes(), seed=8), resources)
    assert list(resources.matrices.values()) == [first]
    again = answer(Table(), asked_of(), resources)
    assert isinstance(again, Answer)
    assert again.total_seconds > first.seconds, "what another strategy worked out counts as well"


def test_an_assignment_keeps_seats_and_is_solved_again() -> None:
    asked = asked_of()
    found = answered(Table(assign="max_weight"), "placed")
    assert found.chosen is not None
    assert len(found.chosen) == MENTEES
    assert len(found.again) == 2
    for chosen in (found.chosen, *found.again):
        assert (np.diff(chosen) > 0).all()
        assert (np.bincount(asked.candidate[chosen], minlength=MENTORS) <= np.nan_to_num(asked.seats, nan=99)).all()
    assert answered(Table(assign="none")).chosen is None


def test_the_other_direction_has_its_own_kind() -> None:
    asked = asked_of()
    plain = answered(Table(), "reverse").reverse
    assert plain is not None
    assert np.nanmax(np.abs(plain - answered(Table()).scores)) < 1e-4, "without such a kind both see the same"
    turned = answered(Table(), "reverse", extra=REVERSE).reverse
    engine = Programme(REVERSE).engine("")
    for whom in (0, 3, 20):
        told = {s.candidate_id: s.score / 100 for s in engine.suggest(f"m{whom:02}", "mentee", MENTEES)}
        for pair in np.flatnonzero(asked.candidate == whom).tolist():
            score = told.get(asked.requester_ids[int(asked.requester[pair])])
            assert turned is not None
            if score is None:
                assert np.isnan(turned[pair])
            elif turned[pair] > 0.01:
                assert turned[pair] == pytest.approx(score, abs=1e-4)


def test_when_some_candidates_are_gone_the_engine_is_loaded_without_them() -> None:
    programme, asked = Programme(), asked_of()
    resources = resources_of(programme, "perturbed")
    found = answer(Table(rerank="priced"), asked, resources)
    assert isinstance(found, Answer)
    assert len(found.perturbed) == 2
    assert programme.loads == 3
    gone = [set(asked.candidate[np.isnan(score)].tolist()) for score in found.perturbed]
    assert all(len(each) == 1 for each in gone)
    assert {asked.candidate_ids[each.pop()] for each in gone} == {name for who in programme.made for name in who}
    assert len(resources.matrices) == 1, "changed pools are not kept"


def test_prices_are_taken_off_the_scores_but_not_off_what_is_assigned() -> None:
    asked = asked_of()
    plain, priced = (answered(Table(rerank=method, assign="max_weight"), asked=asked) for method in ("none", "priced"))
    assert np.array_equal(priced.scores, reranked(asked, plain.scores, "priced"), equal_nan=True)
    assert (priced.scores <= plain.scores + 1e-6).all()
    assert (priced.scores < plain.scores - 0.001).any()
    assert np.array_equal(plain.chosen, priced.chosen)


def test_tuning_learns_from_known_outcomes_alone_and_says_what_it_is_worth() -> None:
    asked = asked_of(outcomes())
    clusters = np.arange(MENTEES) // 2
    found = answered(Table(tune=Search()), asked=asked, clusters=clusters)
    assert found.tuned is not None
    assert found.tuned.trials == 30
    assert 0 < found.tuned.honest <= found.tuned.apparent + 1e-12 <= 1 + 1e-9
    assert len(found.notes) == 1
    assert f"{found.tuned.honest:.3f}" in found.notes[0]
    assert np.array_equal(
        found.scores, answered(Table(tune=Search()), asked=asked, clusters=clusters).scores, equal_nan=True
    )
    nothing = answer(Table(tune=Search()), asked_of(), resources_of(Programme()))
    assert isinstance(nothing, StrategyFailed)
    assert "two" in nothing.reason


def test_baselines_answer_the_same_questions() -> None:
    asked = asked_of(outcomes())
    table = Table(use="whole_profile", settings={"embedder": "lexical", "embedder_with": {"size": 64}}, assign="stable")
    found = answered(table, "reverse", "perturbed", "placed", "cost", asked=asked)
    assert found.reverse is not None
    assert found.chosen is not None
    assert len(found.chosen) == MENTEES
    assert all(np.isnan(score).sum() == MENTEES for score in found.perturbed)
    assert np.isnan(found.seconds).all(), "such a strategy answers for everybody together"
    popular = answered(Table(use="popularity"), asked=asked).scores.reshape(MENTEES, MENTORS)
    assert (popular == popular[0]).all()
    assert popular.max() == 1


def test_probabilities_come_from_known_outcomes_through_what_the_harness_lends() -> None:
    seen: list[int] = []

    def calibrate(score: Any, gain: Any) -> Any:
        seen.append(len(score))
        return lambda others: np.full(len(others), gain.mean())

    asked = asked_of(outcomes())
    found = answered(Table(), "probability", asked=asked, calibrate=calibrate)
    assert found.probability is not None
    assert seen == [len(asked.known)]
    assert set(found.probability.tolist()) == {asked.known.gain.mean()}
    assert answered(Table(), asked=asked, calibrate=calibrate).probability is None
    assert answered(Table(), "probability", calibrate=calibrate).probability is None
    assert answered(Table(), "probability", asked=asked).probability is None


def test_a_few_people_are_timed_alone() -> None:
    found = answered(Table(), "cost").seconds
    assert 0 < (found > 0).sum() <= MENTEES


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (Table(use="broken"), "KeyError"),
        (Table(use="endless"), "infinite"),
        (Table(use="brokn"), "broken"),
        (Table(scorers={"gaols": 1.0}), "goals"),
        (Table(blocks={"neeed": 1.0}), "need"),
        (Table(drop=("goals", "interests", "values", "style", "practical")), "no scorer is left"),
        (Table(rerank="prised"), "priced"),
        (Table(assign="stabel"), "stable"),
        (Table(kind="mentors"), "mentor"),
        (Table(swaps="summer"), "summer"),
        (Table(groups="circle"), "circle"),
        (Table(use="constant", settings={"size": 3}), "size"),
        (Table(settings={"size": 3}), "own file"),
        (Table(use="constant", tune=Search()), "engine"),
    ],
)
def test_a_fault_is_the_result_of_its_strategy_alone(table: Table, told: str) -> None:
    found = answer(table, asked_of(), resources_of(Programme(), "swaps", "groups", extra=(Baselines(),)), name="ours")
    assert isinstance(found, StrategyFailed)
    assert told in found.reason
    assert "welding" not in found.reason


def test_an_unexpected_fault_names_the_strategy_and_no_value() -> None:
    def lost(_path: str, _gone: frozenset[str]) -> Any:
        raise RuntimeError("welding 0")

    found = answer(Table(), asked_of(), replace(resources_of(Programme()), engine=lost), name="ours")
    assert isinstance(found, StrategyFailed)
    assert "ours" in found.reason
    assert "RuntimeError" in found.reason
    assert "welding" not in found.reason


def test_what_is_missing_is_told_before_anything_runs() -> None:
    resources = resources_of(Programme(), extra=(Baselines(),))
    check(Table(assign="stable", rerank="matching", tune=Search()), resources)
    with pytest.raises(PluginError, match="stable"):
        check(Table(assign="stabl"), resources)
    with pytest.raises(ConfigError, match="simplex"):
        check(Table(tune=Search("grid")), resources)
    with pytest.raises(ConfigError, match="records"):
        check(Table(), replace(resources, engine=None))
    assert not resources.matrices


def test_the_order_of_people_changes_no_answer() -> None:
    from matchengine.testing.strategies import relisted

    asked = asked_of(outcomes())
    rng = np.random.default_rng(4)
    moved, old = relisted(asked, rng.permutation(MENTEES), rng.permutation(MENTORS))
    table = Table(rerank="priced", assign="max_weight", drop=("style",))
    one, other = (answered(table, "placed", "perturbed", "reverse", asked=each) for each in (asked, moved))
    assert np.allclose(other.scores, one.scores[old], rtol=0, atol=2e-4, equal_nan=True)
    assert one.reverse is not None
    assert other.reverse is not None
    assert np.allclose(other.reverse, one.reverse[old], rtol=0, atol=1e-6, equal_nan=True)
    for score, moved_score in zip(one.perturbed, other.perturbed, strict=True):
        assert np.array_equal(np.isnan(moved_score), np.isnan(score[old]))


def test_known_gains_find_their_pairs() -> None:
    asked = asked_of(outcomes())
    found = known_gains(asked, asked.known)
    assert (~np.isnan(found)).sum() == len(asked.known)
    pair = int(asked.known.requester[7]) * MENTORS + int(asked.known.candidate[7])
    assert found[pair] == asked.known.gain[7]
    part = replace(asked, requester=asked.requester[1:], candidate=asked.candidate[1:])
    assert (~np.isnan(known_gains(part, asked.known))).sum() >= len(asked.known) - 1


def test_a_round_of_swaps_becomes_what_metrics_read() -> None:
    engine = swapping.loaded(swapping.ring(), swapping.ties())
    ties = [Relationship.model_validate(each) for each in swapping.ties()]
    wishes = [SwapWish.model_validate(each) for each in swapping.wishes()]
    resources = replace(
        resources_of(Programme(), "swaps", wishes=wishes, relationships=ties, today=swapping.TODAY),
        engine=lambda _path, _gone: engine,
    )
    ids = tuple(f"e{n}" for n in range(3)), tuple(f"m{n}" for n in range(3))
    asked = Asked(*ids, np.repeat(np.arange(3), 3), np.tile(np.arange(3), 3), np.ones(3), np.arange(3))
    found = answer(Table(swaps="summer"), asked, resources)
    assert isinstance(found, Answer), found
    assert isinstance(found.swaps, Exchanged)
    (cycle,) = found.swaps.exchanges
    assert sorted(cycle.members.tolist()) == [0, 1, 2]
    assert found.swaps.graph.vertices == 3
    assert found.swaps.decline == engine.config.swaps["summer"].decline
    unasked = answer(Table(swaps="summer"), asked, replace(resources, wanted=frozenset({"lists"})))
    assert isinstance(unasked, Answer)
    assert unasked.swaps is None


def test_groups_become_what_metrics_read() -> None:
    engine = circles.engine([circles.member(n) for n in range(12)])
    names = tuple(f"p{n:02}" for n in range(12))
    who, whom = (np.array(side) for side in zip(*[(i, j) for i in range(12) for j in range(12) if i != j], strict=True))
    asked = Asked(names, names, who, whom, np.full(12, np.nan), np.arange(12))
    resources = replace(resources_of(Programme(), "groups", "reverse"), engine=lambda _path, _gone: engine, kind="peer")
    found = answer(Table(groups="circle"), asked, resources)
    assert isinstance(found, Answer), found
    assert isinstance(found.groups, Grouped)
    ids = set_up(engine._scene("peer"), "circle", None, None, Nothing((), (), {})).ids
    assert {frozenset(ids[n] for n in group.tolist()) for group in found.groups.groups} == circles.of(
        circles.formed(engine)
    )
    assert (found.groups.smallest, found.groups.largest) == (3, 5)
    assert found.reverse is not None
    pair, turned = (int(np.flatnonzero((who == i) & (whom == j))[0]) for i, j in ((0, 1), (1, 0)))
    assert found.reverse[pair] == pytest.approx(found.scores[turned], abs=1e-4), "its own other direction"
