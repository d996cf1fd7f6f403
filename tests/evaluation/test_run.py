"""Runs: the same result by any road, resumed, stopped, damaged, with strategies that fail, private where it must be."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from matchengine.evaluation.difference import compare_runs
from matchengine.evaluation.measurements import Table
from matchengine.evaluation.run import Finished, StoppedError, check_evaluation, result_of
from matchengine.evaluation.task import positions
from matchengine.records.evaluation import EvaluationResult
from tests.evaluation.programme import COHORTS, FILE, Programme, Wrong, digest, light, programme

ROOT = Path(__file__).parents[2]
MORE = FILE + '\n[strategies.tuned]\ntune = { trials = 10 }\n[strategies.placed]\nassign = "max_weight"\n'
MORE = MORE.replace('"judged@5",', '"judged@5", "overlap@5", "brier", "unmatched_rate",')


FEW = MORE.replace("trials = 10", "trials = 3").replace("seed = 5\n", 'seed = 5\ncanaries = ["random", "permuted"]\n')
LIGHT = FILE.replace("seed = 5\n", 'seed = 5\ncanaries = ["random"]\n')  # where no test of the comparison is looked at
sizes = pytest.mark.parametrize(
    ("text", "mentees"), [(FEW, 36), pytest.param(MORE, 72, marks=pytest.mark.slow)], ids=["small", "large"]
)


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Finished]:
    """Return a run with tuned weights and places, made once for each size."""

    @cache
    def made(text: str, mentees: int) -> Finished:
        return programme(tmp_path_factory.mktemp("more"), mentees=mentees).write().run("run", text)

    return made


def results(folder: Programme, run: str = "run") -> bytes:
    return (folder.folder / run / "results.json").read_bytes()


def test_the_same_command_again_does_nothing_and_says_the_same(made: Programme, finished: Finished) -> None:
    before = results(made)
    given = json.loads((made.folder / "run" / "run.json").read_text(encoding="utf-8"))["config_as_given"]
    again = made.run("run", given)
    assert again.done == ()
    assert results(made) == before
    assert again.result == finished.result


def test_the_report_is_a_function_of_the_saved_table(made: Programme, finished: Finished, tmp_path: Path) -> None:
    for name in ("run.json", "per_person.npz"):
        shutil.copy(made.folder / "run" / name, tmp_path / name)
    found = result_of(tmp_path)
    assert found == finished.result
    assert found.model_dump_json(indent=1, by_alias=True).encode() == results(made)


@pytest.mark.slow
def test_two_workers_say_what_one_says(folder: Programme) -> None:
    folder.write()
    one, two = folder.run("one", MORE, workers=1), folder.run("two", MORE, workers=2)
    assert set(one.done) == set(two.done)
    assert results(folder, "one") == results(folder, "two")
    assert digest(folder.folder / "one" / "per_person.npz") == digest(folder.folder / "two" / "per_person.npz")


@sizes
def test_the_order_of_records_and_outcomes_changes_nothing(
    text: str, mentees: int, more: Callable[[str, int], Finished], tmp_path: Path
) -> None:
    first = more(text, mentees).result
    folder = programme(tmp_path, mentees=mentees)
    draw = np.random.default_rng(8)
    for rows in (folder.people, folder.rows, folder.consents):
        rows[:] = [rows[n] for n in draw.permutation(len(rows)).tolist()]
    second = folder.write().run("second", text).result
    assert first.gate.data != second.gate.data, "the files are others"
    gate = first.gate.model_copy(update={"data": second.gate.data})
    assert first.model_copy(update={"gate": gate}) == second


def test_other_ids_change_lotteries_alone(plain: Programme, tmp_path: Path) -> None:
    """The spelling of ids decides draws of chance alone: random orders and shuffled outcomes; folds are of cohorts.

    What a strategy that draws nothing reaches, every interval, test and verdict on it, are the same to the last digit.
    """

    def renamed(name: str) -> str:
        return f"{(int(name[1:]) * 37 + 11) % 101:03}-{name[0]}"

    first = result_of(plain.folder / "run")
    second = programme(tmp_path, name=renamed).write().run().result
    assert first.comparisons == second.comparisons
    assert first.verdict == second.verdict
    by_name = [{s.name: s for s in one.strategies} for one in (first, second)]
    for name in ("tags", "goals", "canary:constant", "canary:oracle", "canary:duplicate"):
        assert by_name[0][name] == by_name[1][name]
    assert by_name[0]["canary:random"].figures != by_name[1]["canary:random"].figures


def test_nobody_is_named_in_anything_that_may_be_shown(made: Programme, finished: Finished) -> None:
    from matchengine.report.evaluation_files import write_evaluation

    shown = [str(p) for p in write_evaluation(made.folder / "run", finished.result, html=True, csv=True, latex=True)]
    ids = {person["id"] for person in made.people}
    for name in {*shown, str(made.folder / "run" / "results.json")}:
        text = Path(name).read_text(encoding="utf-8")
        assert not set(re.findall(r"\b[am]\d{3}\b", text)) & ids, name
    assert ids & set(re.findall(r"\b[am]\d{3}\b", (made.folder / "run" / "per_person.csv").read_text(encoding="utf-8")))


def test_what_is_about_persons_is_readable_by_its_owner_alone(made: Programme, finished: Finished) -> None:
    for name in ("per_person.npz", "per_person.csv", "run.json", "results.json", "declared.json"):
        assert stat.S_IMODE((finished.folder / name).stat().st_mode) == 0o600, name
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (finished.folder / "nodes").iterdir())


def test_run_facts_name_no_machine_no_user_and_no_folder(folder: Programme) -> None:
    engine = folder.folder / "engine.toml"
    only = ("seed = 5\n", 'seed = 5\ncanaries = ["oracle"]\n')
    folder.write().run("run", FILE, only, ('engine = "engine.toml"', f'engine = "{engine}"'))
    told = (folder.folder / "run" / "run.json").read_text(encoding="utf-8")
    user = os.environ.get("USER") or os.environ.get("LOGNAME") or "root"
    for secret in (str(folder.folder), os.uname().nodename, f"/{user}/", str(Path.home())):
        assert secret not in told, secret
    assert 'engine = \\"engine.toml\\"' in told
    facts = json.loads(told)
    assert facts["packages"]["matchengine"]
    assert facts["seed"] == 5
    assert set(facts["nodes"]) >= {"tags", "goals", "canary:oracle"}


def test_a_strategy_that_fails_does_not_kill_the_rest(folder: Programme) -> None:
    more = '\n[strategies.bad]\nuse = "raises"\n[strategies.short]\nuse = "too_few"\n'
    found = folder.write().run("run", FILE + more, plugins=(Wrong(),))
    by_name = {s.name: s for s in found.result.strategies}
    assert "failed with KeyError (programme.py, line" in by_name["bad"].failed
    assert "learn" not in by_name["bad"].failed, "no text of a person"
    assert "expected floats of shape" in by_name["short"].failed
    assert by_name["goals"].figures
    assert found.result.verdict.light == "green"
    assert any("'bad' gave no answer" in reason for reason in found.result.verdict.reasons)
    again = folder.run("run", FILE + more, plugins=(Wrong(),))
    assert set(again.done) == {"bad", "short"}, "what failed is tried again"


def test_a_run_stops_when_its_time_is_over_and_goes_on(plain: Programme, folder: Programme) -> None:
    whole = result_of(plain.folder / "run")
    folder.write()
    stopped = ("draws = 1000", "draws = 1000\n[budget]\nmax_seconds = 0.000001")
    with pytest.raises(StoppedError, match="goes on from there"):
        folder.run("run", FILE, stopped)
    assert not (folder.folder / "run" / "results.json").exists()
    done = folder.run("run")
    assert done.result == whole


def test_what_is_done_is_not_done_again_and_what_is_damaged_is(ran: Programme) -> None:
    folder = ran
    before = results(folder)
    nodes = folder.folder / "run" / "nodes"
    goals = next(nodes.glob("goals-*.npz"))
    goals.write_bytes(goals.read_bytes()[:-7])
    next(nodes.glob("canary_random-*.json")).unlink()
    said: list[str] = []
    again = folder.run("run", why=True, say=said.append)
    assert set(again.done) == {"goals", "canary:random"}
    assert results(folder) == before
    assert any("goals: its result is damaged" in line for line in said)
    assert any("canary:random: was never run" in line for line in said)
    changed = folder.run("run", FILE, ("scorers = { goals = 1 }", "scorers = { goals = 1, style = 1 }"), why=True,
                         say=said.append)  # fmt: skip
    assert set(changed.done) == {"goals", "selftests"}
    assert any("goals: changed since the last run: strategy" in line for line in said)
    assert len(folder.run("run", fresh=True).done) == 8


def test_other_outcomes_are_never_answered_from_earlier_nodes(folder: Programme) -> None:
    text = FILE.replace("seed = 5\n", 'seed = 5\ncanaries = ["random", "constant", "permuted"]\n')
    folder.write().run("run", text)
    other = programme(folder.folder, seed=4).write()
    here, anew = other.run("run", text), other.run("anew", text)
    assert here.result.model_copy(update={"exploratory": ()}) == anew.result
    assert "tags" in here.done
    assert "selftests" in here.done


def test_a_trial_run_is_marked_as_no_evidence(folder: Programme) -> None:
    found = folder.write().run("run", LIGHT, limit=40)
    assert found.result.verdict.watermark == "Trial run with 40 people: not evidence."
    assert found.result.gate.counts["requesters"] == 40
    assert found.result.gate.counts["known_pairs"] <= found.result.gate.counts["eligible_pairs"] == 40 * 24
    assert next(f.people for s in found.result.strategies for f in s.figures if f.metric == "ndcg@5") <= 40


def test_a_check_tells_power_and_counts_and_no_result(folder: Programme) -> None:
    gate = check_evaluation(folder.write().config(), folder.folder)
    assert gate.passed
    assert gate.clusters == COHORTS
    assert gate.power is not None
    assert gate.power.smallest_difference is not None
    assert "people a difference" in gate.power.sentence
    assert not (folder.folder / "run").exists()
    assert set(type(gate).model_fields) == {
        "counts", "data", "declaration", "leakage", "power", "folds", "clusters", "passed"
    }  # fmt: skip


def test_what_is_changed_after_outcomes_were_read_is_called_exploratory(ran: Programme) -> None:
    folder = ran
    found = folder.run("run", FILE, ('primary = "ndcg@5"', 'primary = "rr"'), ("rating >= 4", "rating >= 5"),
                       ("scorers = { goals = 1 }", "scorers = { goals = 1, style = 1 }"))  # fmt: skip
    told = " ".join(found.result.exploratory)
    for what in ("the primary metric", "who counts as a good match", "the strategies"):
        assert what in told
    assert folder.run("run", fresh=True).result.exploratory == ()


def test_metrics_have_one_way_of_writing(plain: Programme, folder: Programme) -> None:
    spelt = folder.write().run("spelt", FILE, ('primary = "ndcg@5"', 'primary = " ndcg @ 5 (gain=linear) "')).result
    assert spelt.primary == "ndcg@5"
    assert spelt.comparisons == result_of(plain.folder / "run").comparisons


def test_guardrails_hold_or_fail_by_themselves_and_against_the_baseline(folder: Programme) -> None:
    table = 'guardrails = { "success@3" = ">= baseline + 0.1", unmatched_rate = "<= 0.5", rr = ">= 0.99" }'
    more = '\n[strategies.placed]\nscorers = { goals = 1 }\nassign = "max_weight"\n'
    found = folder.write().run("run", LIGHT + more, ('primary = "ndcg@5"', f'primary = "ndcg@5"\n{table}')).result
    rules = {s.name: {g.metric: g for g in s.guardrails} for s in found.strategies}
    goals = next(s for s in found.strategies if s.name == "goals")
    values = {f.metric: f.value for s in found.strategies if s.name == "tags" for f in s.figures}
    assert rules["goals"]["success@3"].holds
    assert rules["goals"]["success@3"].limit == pytest.approx((values["success@3"] or 0) + 0.1, abs=1e-6)
    assert not rules["goals"]["unmatched_rate"].holds, "nobody is placed by a strategy that only lists"
    assert "could not be measured" in rules["goals"]["unmatched_rate"].sentence
    assert rules["placed"]["unmatched_rate"].holds
    assert not rules["placed"]["rr"].holds
    assert goals.figures
    assert found.verdict.light == "red"
    assert "a requirement failed" in found.verdict.sentence


@sizes
def test_tuned_weights_are_told_with_their_optimism(
    text: str, mentees: int, more: Callable[[str, int], Finished]
) -> None:
    found = more(text, mentees)
    tuned = next(s for s in found.result.strategies if s.name == "tuned")
    assert tuned.honest is not None
    assert tuned.apparent is not None
    assert tuned.apparent >= tuned.honest - 1e-9
    assert sum(tuned.weights.values()) == pytest.approx(1, abs=1e-4)
    assert [note for note in tuned.notes if "in each of 5 parts" in note] == list(tuned.notes)
    placed = next(
        f for s in found.result.strategies if s.name == "placed" for f in s.figures if f.metric == "overlap@5"
    )
    assert placed.value is not None
    assert 0 < placed.value <= 1


def test_values_that_rest_on_shared_mentors_are_not_taken_for_independent(made: Programme, finished: Finished) -> None:
    table = Table.read(finished.folder)
    goals = table["goals"]
    task_of_each = positions(table.person)
    assert len(goals.top_person) > len(task_of_each) / 2
    assert len(set(goals.top_candidate.tolist())) <= len(table.seats)
    assert {one.method for one in finished.result.comparisons if one.metric == "ndcg@5"} == {"t_dyadic"}
    assert not len(table["canary:constant"].top_person), "who tells nobody apart rests on nobody"


def test_differences_between_runs_are_named(ran: Programme) -> None:
    folder = ran
    assert compare_runs(folder.folder / "run", folder.folder / "run").same
    folder.run("second", FILE, ('primary = "ndcg@5"', 'primary = "ndcg@5(gain=exponential)"'),
               ('secondary = ["success@3"', 'secondary = ["ndcg@5", "success@3"'))  # fmt: skip
    programme(folder.folder, seed=9).write().run("third")
    found = compare_runs(folder.folder / "run", folder.folder / "second")
    assert not found.same
    assert any("metrics.primary" in line for line in found.config)
    assert not found.data
    assert not found.figures
    other = compare_runs(folder.folder / "run", folder.folder / "third")
    assert any(line.startswith("data.files.outcomes") for line in other.data)
    assert {change.strategy for change in other.figures} >= {"tags", "goals"}
    for name in ("run.json", "results.json"):  # the same metric under another definition
        path = folder.folder / "third" / name
        path.write_text(path.read_text(encoding="utf-8").replace("gain=linear", "gain=other"), encoding="utf-8")
    apart = compare_runs(folder.folder / "run", folder.folder / "third")
    assert any("gain=other" in line for line in apart.incomparable)
    assert "ndcg@5" not in {change.metric for change in apart.figures}


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from matchengine.evaluation.config import parse_evaluation
from matchengine.evaluation.run import Options, run_evaluation
folder = Path({folder!r})
text = (folder / "eval.toml").read_text()
done = run_evaluation(parse_evaluation(text), folder, folder / "run", text=text, options=Options(workers={workers}))
print(",".join(done.done))
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_killed_at_any_moment_it_goes_on_to_the_same_result(folder: Programme, workers: int) -> None:
    """kill -9 at random points, then again: the same results.json, and only what was not done is done."""
    folder.write()
    folder.run("whole", MORE)
    (folder.folder / "eval.toml").write_text(MORE, encoding="utf-8")
    code = SCRIPT.format(root=str(ROOT), folder=str(folder.folder), workers=workers)
    nodes = folder.folder / "run" / "nodes"
    draw = np.random.default_rng(workers)
    done_before: set[str] = set()
    for _kill in range(4):
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        began = len(list(nodes.glob("*.json"))) if nodes.exists() else 0
        until = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < until:
            if nodes.exists() and len(list(nodes.glob("*.json"))) > began:
                break
            time.sleep(0.02)
        time.sleep(float(draw.random()))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        here = {path.name for path in nodes.glob("*.json")}
        assert done_before <= here
        done_before = here
    names = {json.loads((nodes / name).read_text(encoding="utf-8"))["name"] for name in done_before}
    last = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)  # noqa: S603
    assert not names & set(last.stdout.strip().split(","))
    assert results(folder) == results(folder, "whole")
    assert digest(folder.folder / "run" / "per_person.npz") == digest(folder.folder / "whole" / "per_person.npz")


def test_results_fit_their_schema(finished: Finished) -> None:
    text = (finished.folder / "results.json").read_text(encoding="utf-8")
    assert EvaluationResult.model_validate_json(text) == finished.result
    assert "NaN" not in text
    assert light(finished, "signal") == "green"
    assert finished.result.stable_order is not None
    assert {effect.kind for effect in finished.result.effects} == {"without", "weight"}
