"""Real data: readers by hand on made files, and the known best answers where the data are at hand."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
from eval.data import MissingDataError
from eval.report import FIELDS

from eval import assignment

HERE = bool(os.environ.get("MATCHENGINE_DATA"))
on_data = pytest.mark.skipif(not HERE, reason="MATCHENGINE_DATA is not set; it names the folder of the real data")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MATCHENGINE_DATA", str(tmp_path))
    for name in ("preflib/project", "preflib/bids"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_choices_and_supervisors_are_read(folder: Path) -> None:
    lines = ["# NUMBER ALTERNATIVES: 4", "# ALTERNATIVE NAME 1: Project 0", "2: 1,3", "1: 2"]
    (folder / "preflib/project/00038-00000004.soi").write_text("\n".join(lines))
    (folder / "preflib/project/00038-00000004.dat").write_text("Supervisor,Capacity,Projects\nS 0,1,0 2\nS 1,3,1 3\n")
    choices = assignment.projects("4")
    assert (choices.problem.requesters, choices.problem.candidates) == (3, 4)
    assert choices.problem.candidate.tolist() == [0, 2, 0, 2, 1]
    assert choices.rank.tolist() == [1, 2, 1, 2, 1]
    assert [(q.pairs.tolist(), q.most) for q in choices.problem.quotas] == [([0, 1, 2, 3], 1), ([4], 3)]


def test_bids_are_read(folder: Path) -> None:
    names = ["Yes", "Maybe", "No answer", "No"]
    lines = ["# NUMBER ALTERNATIVES: 3"] + [f"# CATEGORY NAME {n}: {name}" for n, name in enumerate(names, 1)]
    (folder / "preflib/bids/x.cat").write_text("\n".join([*lines, "1: 2,{1,3},{},{}", "2: {},{},1,{2,3}"]))
    problem = assignment.bids("x")
    assert (problem.requesters, problem.candidates) == (3, 3)
    assert list(zip(problem.requester, problem.candidate, problem.joint, strict=True)) == [
        (0, 0, 0.5),
        (1, 0, 1),
        (2, 0, 0.5),
    ]
    assert problem.candidate_most.tolist() == [3, 3, 3]


def test_linear_optimum_by_hand() -> None:
    problem = assignment.made([0, 0, 1, 1], [0, 1, 0, 1], [0.9, 0.8, 0.8, 0.1], (2, 2))
    assert assignment.linear_optimum(problem) == pytest.approx(1.6)


def test_the_fairest_by_hand() -> None:
    worth = [0.9, 0.8, 0.5, 0.4, 0.5, 0.3, 0.4, 0.3]
    problem = assignment.made([0] * 4 + [1] * 4, [0, 1, 2, 3] * 2, worth, (2, 4))
    problem = dataclasses.replace(problem, requester_most=np.array([2, 2]))
    assert assignment.whole_optimum(problem, 0.9) == pytest.approx(2.1)  # 1.2 and .9
    assert assignment.whole_optimum(problem, 0.0) == pytest.approx(assignment.linear_optimum(problem)) == 2.4
    assert 0.9 <= assignment.linear_fairest(problem) <= 1.2
    single = assignment.made([0, 0, 1], [0, 1, 1], [0.9, 0.2, 0.6], (2, 2))
    assert assignment.linear_fairest(single) == pytest.approx(0.6)


def test_a_worse_answer_does_not_agree() -> None:
    known = {"pairs": 3, "known_pairs": 3, "total_rank": 4, "known_total_rank": 4}
    assert assignment.agrees(known)
    assert not assignment.agrees(known | {"total_rank": 5})
    assert assignment.agrees({"sum": 2.0, "linear": 2.0, "known": 2.0004})
    assert not assignment.agrees({"sum": 2.0, "linear": 2.1})
    assert not assignment.agrees({"sum": 2.0, "linear": 2.0, "known": 2.1})
    fair = {"sum": 2.0, "known": 2.0, "worst": 0.50005, "linear_worst": 0.5001}
    assert assignment.agrees(fair)
    assert not assignment.agrees(fair | {"worst": 0.4999})
    assert not assignment.agrees(fair | {"sum": 1.9})


def test_without_data_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATCHENGINE_DATA", raising=False)
    with pytest.raises(MissingDataError, match="MATCHENGINE_DATA is not set"):
        assignment.run()


@pytest.mark.slow
@on_data
def test_every_known_best_answer_is_reached() -> None:
    try:
        document, tables = assignment.run()
    except MissingDataError as missing:
        pytest.skip(str(missing))
    assert tuple(document) == FIELDS
    results = document["results"]
    assert [name for name, found in results.items() if not assignment.agrees(found)] == []
    assert all(name in tables for name in results)
    for name, found in results.items():
        if "pairs_by_lot" in found:
            assert found["pairs_by_lot"] == pytest.approx(found["known_pairs_by_lot"], abs=0.3), name
    affinities = results["affinities, best"]
    assert affinities["greedy"] == pytest.approx(affinities["known_greedy"], abs=0.1)  # ties are taken otherwise
    assert affinities["greedy"] < affinities["sum"]
    fair = results["affinities, fair"]
    assert affinities["greedy_worst"] < affinities["worst"] < fair["worst"]
    assert fair["pairs"] == affinities["pairs"]
    assert 0.999 * affinities["sum"] < fair["sum"] < affinities["sum"]
