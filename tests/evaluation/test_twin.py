"""The programme twin: the same for any number of workers, resumable, below its oracle, silent where nothing matters."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from matchengine.errors import ConfigError, MatchEngineError
from matchengine.evaluation.twin import SimulationConfig, check_simulation, parse_simulation, simulate
from matchengine.evaluation.twin_programme import Twin, TwinGround, expected_of, fate_of, oracle_choice
from matchengine.evaluation.twin_replicate import Replicate, replicate
from matchengine.evaluation.twin_result import regret_choice
from matchengine.inference import check_nulls
from matchengine.records.simulation import SimulationResult
from matchengine.simulation import populate

HERE = Path(__file__).parents[2]
ENGINE = HERE / "configs" / "lexical.toml"
TEXT = f"""
schema = "matchengine.simulation/1"
question = "Which way of matching is least wrong?"
engine = "{ENGINE}"
replicates = 5
seed = 4
against = "tags"
worlds = ["W0", "W1", "W2", "W4"]
[knobs]
mentees = 30
groups = 6
[strategies.random]
use = "random"
[strategies.tags]
use = "tag_overlap"
[strategies.demographic]
use = "demographic_only"
[strategies.engine]
[strategies.goals]
scorers = {{ goals = 1 }}
"""


SMALL = TEXT.replace("mentees = 30", "mentees = 12").replace('["W0", "W1", "W2", "W4"]', '["W0", "W2"]')
sizes = pytest.mark.parametrize("text", [SMALL, pytest.param(TEXT, marks=pytest.mark.slow)], ids=["small", "large"])


def config(more: str = "", text: str = TEXT, **changes: object) -> SimulationConfig:
    """Return a small simulation, with strategies added or keys changed."""
    return parse_simulation(text + more).model_copy(update=changes)


@cache
def result(text: str = TEXT) -> SimulationResult:
    """Return the result of the simulation."""
    return simulate(config(text=text), HERE)


def regret(found: SimulationResult, world: str, strategy: str) -> float:
    """Return the regret of one strategy in one world."""
    place = next(w for w in found.worlds if w.world == world)
    return next(s.regret for s in place.strategies if s.strategy == strategy)


@pytest.fixture(scope="module")
def ground() -> TwinGround:
    return TwinGround(config(), HERE)


@pytest.fixture(scope="module")
def one(ground: TwinGround) -> Replicate:
    return replicate(ground, 0)


@pytest.mark.parametrize(("text", "by_two"), [(SMALL, 2), pytest.param(TEXT, 5, marks=pytest.mark.slow)])
def test_h11_any_number_of_workers_gives_the_same_result(text: str, by_two: int, tmp_path: Path) -> None:
    """What two workers did, and one process after them, is what one process does."""
    trial = simulate(config(text=text), HERE, tmp_path, workers=2, limit=by_two)
    assert (trial.trial, trial.replicates) == (by_two < 5, by_two)
    lines: list[str] = []
    assert simulate(config(text=text), HERE, tmp_path, say=lines.append) == result(text)
    assert f"{by_two} of 5 steps are there already" in lines[0]


@sizes
def test_a_stopped_run_goes_on_where_it_stopped(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matchengine.evaluation.twin as module

    done: list[int] = []

    def counted(ground: TwinGround, number: int) -> Replicate:
        done.append(number)
        if len(done) == 3:
            raise KeyboardInterrupt
        return replicate(ground, number)

    monkeypatch.setattr(module, "replicate", counted)
    with pytest.raises(KeyboardInterrupt):
        simulate(config(text=text), HERE, tmp_path)
    assert simulate(config(text=text), HERE, tmp_path) == result(text)
    assert done == [0, 1, 2, 2, 3, 4]
    simulate(config(text=text, question="Another question", margin=0.5), HERE, tmp_path)
    assert len(done) == 6  # what is asked afterwards needs no population
    simulate(config(text=text, seed=5), HERE, tmp_path, limit=1)
    assert len(done) == 7


@pytest.mark.slow
def test_more_replicates_keep_those_that_are_there(tmp_path: Path) -> None:
    """As in the test above every day, by one process alone."""
    trial = simulate(config(), HERE, tmp_path, limit=2)
    assert trial.trial
    assert trial.replicates == 2
    lines: list[str] = []
    assert simulate(config(), HERE, tmp_path, say=lines.append) == result()
    assert "2 of 5 steps are there already" in lines[0]


def test_the_oracle_is_expected_to_be_above_every_strategy_in_every_world(one: Replicate) -> None:
    assert (one.best[None, :] - one.expected > -1e-9).all()
    assert (one.best[1:] - one.expected[:, 1:] > 0.005).all()
    assert all(s.regret_low is not None and s.regret >= 0 for w in result().worlds for s in w.strategies)


def test_the_oracle_is_the_best_of_all_matchings_and_leaves_alone_who_fares_better_alone(ground: TwinGround) -> None:
    population = populate(ground.worlds[1].knobs(ground.knobs), 1)
    twin = Twin(ground, population, 1)
    pairs, alone = expected_of(population, ground.worlds[1], "mentor")
    found = oracle_choice(twin.asked, (pairs, alone))
    best = fate_of(twin, ground.worlds[1], found, (pairs, alone)).expected.mean()
    rng = np.random.default_rng(0)
    for _draw in range(30):
        swapped, (a, b) = found.copy(), rng.choice(len(found), 2, replace=False)
        swapped[[a, b]] = swapped[[b, a]]
        allowed = set(zip(twin.asked.requester.tolist(), twin.asked.candidate.tolist(), strict=True))
        if all(swapped[n] < 0 or (int(n), int(swapped[n])) in allowed for n in (a, b)):
            assert fate_of(twin, ground.worlds[1], swapped, (pairs, alone)).expected.mean() <= best + 1e-12
    hopeless = (np.zeros_like(pairs), np.ones_like(alone))
    assert (oracle_choice(twin.asked, hopeless) == -1).all()
    seats = np.bincount(found[found >= 0], minlength=twin.asked.candidates)
    assert (seats <= np.nan_to_num(twin.asked.seats, nan=np.inf)).all()


def test_w0_no_strategy_is_better_and_there_is_nothing_to_regret() -> None:
    null = result().worlds[0]
    assert max(s.regret for s in null.strategies) < 1e-9
    assert all(s.verdict in ("same", "cannot_tell", "") for s in null.strategies)
    assert max(abs(s.utility - null.oracle) for s in null.strategies) < 0.05
    assert result().null_passed
    assert result().null_tests == 5


def test_worlds_order_strategies_as_they_should() -> None:
    found = result()
    assert regret(found, "W2", "goals") < regret(found, "W2", "tags")
    assert regret(found, "W2", "goals") < regret(found, "W2", "random")
    assert regret(found, "W1", "engine") < regret(found, "W1", "random")
    assert regret(found, "W4", "engine") < regret(found, "W4", "random")
    assert max(regret(found, world, "random") for world in ("W1", "W2", "W4")) > 0.05


def test_unmatched_mentees_count_and_a_floor_or_a_cap_leaves_some_unmatched() -> None:
    more = "\n[strategies.floor]\nextends = 'engine'\nfloor = 0.6\n[strategies.cap]\nextends = 'engine'\ncap = 1\n"
    found = simulate(config(more, worlds=("W1",)), HERE, limit=1).worlds[0]
    rows = {s.strategy: s for s in found.strategies}
    assert rows["floor"].matched < rows["engine"].matched
    assert rows["cap"].matched <= 12 / 30
    assert rows["cap"].regret > rows["engine"].regret


def test_lists_show_what_reranking_does_and_an_assigner_with_it_is_refused() -> None:
    more = "\n[strategies.lists]\nassign = 'none'\n[strategies.shared]\nrerank = 'priced'\n"
    found = simulate(config(more, worlds=("W1",)), HERE, limit=1)
    rows = {s.strategy: s for s in found.worlds[0].strategies}
    assert rows["lists"].utility != rows["shared"].utility
    assert "attention shared: priced" in dict(found.policies)["shared"]
    with pytest.raises(ConfigError, match="rerank changes lists alone"):
        config("\n[strategies.both]\nrerank = 'priced'\nassign = 'leximin'\n")
    with pytest.raises(ConfigError, match="rerank changes lists alone"):
        config("\n[strategies.both]\nextends = 'a'\nrerank = 'priced'\n[strategies.a]\nassign = 'leximin'\n")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[strategies.x]\nhistory = true", "history: nothing came before"),
        ("[strategies.x]\nswaps = 'half_time'", "swaps: nothing came before"),
        ("[strategies.x]\nfloor = 2", "floor"),
        ("[strategies.x]\nextends = 'nobody'", "no strategy 'nobody'"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_its_line(line: str, told: str) -> None:
    with pytest.raises(ConfigError, match=r"line \d+") as error:
        config("\n" + line + "\n")
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"W4"]', '"W9"]', "no world 'W9'"),
        ('against = "tags"', 'against = "tag"', "no strategy 'tag'"),
        ("mentees = 30", "mentes = 30", "mentes"),
        ('use = "random"', 'use = "randon"', "random"),
        ("seed = 4", 'seed = 4\nkind = "menter"', "no kind of match 'menter'"),
        ("seed = 4", 'seed = 4\nassign = "leximim"', "leximin"),
    ],
)
def test_a_wrong_name_is_refused_before_anything_runs(old: str, new: str, told: str) -> None:
    with pytest.raises(MatchEngineError, match=told):
        check_simulation(config(text=TEXT.replace(old, new, 1)), HERE)


def test_a_check_says_what_would_run() -> None:
    plan = check_simulation(config(worlds=("W1", "W2", "W7")), HERE, 2)
    assert (plan.replicates, plan.populations, plan.side) == (2, 4, "mentor")


def test_a_strategy_that_fails_leaves_the_others_alone() -> None:
    found = simulate(config("\n[strategies.broken]\nscorers = { goalz = 1 }\n", worlds=("W1",)), HERE, limit=1)
    assert "goalz" in found.failed["broken"]
    assert [s.strategy for s in found.worlds[0].strategies] == ["random", "tags", "demographic", "engine", "goals"]


def test_i6_the_choice_has_the_least_of_the_largest_regrets() -> None:
    regrets = np.array([[[0.1, 0.4], [0.2, 0.3], [0.0, 0.2]]] * 6)
    assert regret_choice(regrets, ["a", "b", "c"]) == ("c", {"a": 0.0, "b": 0.0, "c": 1.0})
    assert regret_choice(regrets, ["a", "b", "c"], never=["c"])[0] == "b"
    assert regret_choice(np.zeros((3, 0, 2)), []) == ("", {})
    found = result()
    able = {name: value for name, value in found.largest_regret.items() if name not in found.never_use}
    assert found.largest_regret[found.choice] == min(able.values())
    assert found.never_use == ("demographic",)


def test_synthetic_sources_and_limits_are_in_every_result() -> None:
    found = result()
    assert found.notice.startswith("Synthetic")
    assert found.verdict.startswith("Synthetic")
    assert any("synthetic" in limit for limit in found.limits)
    assert len(found.limits) >= 5
    assert all(source for _name, _value, _meaning, _unit, source in found.assumptions)
    assert any("Raposa" in row[4] for row in found.assumptions)
    assert SimulationResult.model_validate_json(found.model_dump_json()) == found


def test_h11_groups_can_be_simulated_too() -> None:
    text = TEXT.replace("seed = 4", 'seed = 4\nkind = "group"').replace(
        "scorers = { goals = 1 }", "scorers = { interests = 1 }"
    )
    found = simulate(config(text=text, worlds=("W0", "W1", "W4")), HERE, limit=2)
    assert found.side == "group"
    assert found.failed == {}
    assert max(s.regret for s in found.worlds[0].strategies) < 1e-9
    assert regret(found, "W4", "engine") < regret(found, "W4", "random")
    assert any("company" in limit for limit in found.limits)


def test_other_kinds_of_candidates_are_refused() -> None:
    text = (HERE / "configs" / "events.toml").as_posix()
    other = TEXT.replace(str(ENGINE), text).replace("seed = 4", 'seed = 4\nkind = "event"')
    with pytest.raises(ConfigError, match="only mentors and groups"):
        check_simulation(config(text=other), HERE)


def test_h11_the_simulation_never_imports_what_matches() -> None:
    code = (
        "import matchengine.simulation as s, sys; p = s.populate(s.Knobs(mentees=10, groups=2), 1)\n"
        "s.run_pairs(p, s.world('W1'), [0], [0], 1); s.run_groups(p, s.world('W1'), [0], [0], 1)\n"
        "sys.stdout.write(' '.join(m for m in sys.modules if m.startswith('matchengine.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    rooms = {name.split(".")[1] for name in done.stdout.split()}
    assert not rooms & {"scorers", "engine", "matching", "planning", "evaluation", "pool", "plugins", "metrics"}


@pytest.mark.slow
def test_w0_false_alarms_stay_within_what_chance_allows_over_forty_populations() -> None:
    text = TEXT.replace("mentees = 30", "mentees = 60").replace("replicates = 5", "replicates = 40")
    found = simulate(config(text=text, worlds=("W0",)), HERE)
    assert found.null_tests == 40
    assert found.null_passed
    assert found.false_positives <= check_nulls(np.full(40, 1.0)).most
    assert found.null_pairs_significant is not None
    assert found.null_pairs_significant < 0.1
    assert found.null_differs == ()
