"""Stable assignment beside PyPI's `matching`, and the best assignment beside PyPI's `mentor-match`.

`mentor-match` installs a package of the same name as `matching` and breaks it, so it lives in a folder of its own and
runs in a process of its own. MATCHENGINE_MENTOR_MATCH names that folder; without it, one is made for the run.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Comparison, Report, Row, compare, timed
from matchengine.assignment import AssignmentProblem
from matchengine.planning.assign.blocking import blocking_pairs
from matchengine.planning.assign.preferences import preferences_of
from matchengine.planning.assign.stable import stable
from matchengine.testing.assigners import assignment_problem

GOAL, CANDIDATES, PLACES = 100.0, 50, 4
GREATEST = 20
"""Integer scores for `mentor-match` are 1 to this."""
THEIRS = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify, Generic
given = json.load(sys.stdin)
scores, forbidden = given["scores"], given["forbidden"]
people = [[kind(grade=n, email=f"{kind.__name__}{n}") for n in range(len(scores))] for kind in (Mentor, Mentee)]
cell = lambda table: lambda match: table[match.mentor.grade][match.mentee.grade]
known = {score: score for row in scores for score in row}
began = time.perf_counter()
mentors, mentees = process_data(*people, [[Generic(known, cell(scores)), Disqualify(cell(forbidden))]])
seconds = time.perf_counter() - began
pairs = [[mentor.grade, mentee.grade] for mentor in mentors for mentee in mentor.mentees]
print(json.dumps({"pairs": pairs, "seconds": seconds}))
"""


def measure(quick: bool) -> Report:
    """Measure speed and result of the stable assignment, then the sums reached on the inputs of `mentor-match`."""
    report = Report()
    _beside_matching(report, *((1_000, 250) if quick else (5_000, 1_250)), rounds=1 if quick else 2)
    with tempfile.TemporaryDirectory(prefix="matchengine-bench-") as made:
        folder = os.environ.get("MATCHENGINE_MENTOR_MATCH") or _installed(Path(made))
        if folder is None:
            report.rows.append(Row("mentor-match could not be installed; nothing was compared", "–", ""))
        else:
            _beside_mentor_match(report, folder, 20 if quick else 60)
    return report


def crowd(requesters: int, candidates: int, seed: int = 5) -> AssignmentProblem:
    """Random values for 50 candidates of each requester; four places each."""
    rng = np.random.default_rng(seed)
    each = min(CANDIDATES, candidates)
    listed = np.argsort(rng.random((requesters, candidates)), axis=1)[:, :each]
    joint, mine, theirs = rng.random((3, requesters * each))
    return replace(
        assignment_problem(seed, requesters, candidates, density=0.0),
        requester=np.repeat(np.arange(requesters, dtype=np.int32), each),
        candidate=np.sort(listed, axis=1).ravel().astype(np.int32),
        joint=joint,
        requester_value=mine,
        candidate_value=theirs,
        candidate_most=np.full(candidates, PLACES),
        must=np.zeros(requesters * each, np.bool_),
    )


def _beside_matching(report: Report, requesters: int, candidates: int, rounds: int) -> None:
    """Time both from values (ours) or dictionaries made beforehand (theirs) to pairs; the pairs have to agree."""
    from matching.games import HospitalResident

    problem = crowd(requesters, candidates)
    asking, asked, places = dictionaries(problem)
    solved: dict[str, Any] = {}

    def ours() -> None:
        solved["ours"] = stable(problem).chosen

    def theirs() -> None:
        game = HospitalResident.create_from_dictionaries(asking, asked, places).solve()
        solved["theirs"] = {(resident.name, hospital.name) for hospital, held in game.items() for resident in held}

    ours()
    comparison = _deep(lambda: _in_turns(theirs, ours, rounds))
    sides = (getattr(problem, side)[solved["ours"]].tolist() for side in ("requester", "candidate"))
    same = set(zip(*sides, strict=True)) == solved["theirs"]
    what = f"PyPI matching, {requesters:,} × {candidates:,}, lists of {CANDIDATES}; same pairs: {same}"
    met = same and comparison.ratio >= GOAL
    report.rows.append(Row.of(what, comparison, "our stable", f"≥ {GOAL:.0f} × as slow, same result", met))
    report.details["matching"] = {
        "pairs": len(solved["ours"]),
        "same": same,
        "blocking pairs beyond tie width and rounding": blocking_pairs(problem, solved["ours"], epsilon=0.021).count,
    }


def _in_turns(theirs: Callable[[], None], ours: Callable[[], None], rounds: int) -> Comparison:
    """Time both in turns, ours five times a turn; in between the millions of objects of `matching` are cleared away."""
    other, own = [], []
    for _ in range(rounds):
        other.append(timed(theirs))
        gc.collect()
        own.append(float(np.median([timed(ours) for _ in range(5)])))
    return compare(other, own)


def _deep(work: Callable[[], Comparison]) -> Comparison:
    """Run with room for deep recursion: `matching` copies all people, each of whom knows all others, recursively."""
    found: list[Comparison] = []
    limit, stack = sys.getrecursionlimit(), threading.stack_size(1 << 29)
    sys.setrecursionlimit(10**6)
    try:
        thread = threading.Thread(target=lambda: found.append(work()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    return found[0]


def dictionaries(problem: AssignmentProblem) -> tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]:
    """Write our strict preferences as `matching` reads them: whom each asks for, whom each is asked by, places."""
    known = preferences_of(problem)
    asking = np.split(problem.candidate[known.requester_order], known.requester_starts[1:-1])
    asked = np.split(problem.requester[known.candidate_order], known.candidate_starts[1:-1])
    offered = {j: who.tolist() for j, who in enumerate(asked) if len(who)}
    places = {j: int(problem.candidate_most[j]) for j in offered}
    return {i: whom.tolist() for i, whom in enumerate(asking) if len(whom)}, offered, places


def _installed(folder: Path) -> str | None:
    """Install mentor-match into a folder of its own; None where that fails."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "mentor-match"]
    return str(folder) if subprocess.run(command, capture_output=True).returncode == 0 else None


def _beside_mentor_match(report: Report, folder: str, people: int) -> None:
    """Compare what both reach: on integers with few pairs ruled out, with most ruled out, and on fractions."""
    rng = np.random.default_rng(11)
    whole = rng.integers(1, GREATEST + 1, (people, people)).astype(np.float64)
    cases = {
        "integers, 30 % ruled out": (whole, rng.random((people, people)) < 0.3),
        "integers, 95 % ruled out": (whole, rng.random((people, people)) < 0.95),
        "fractions, 30 % ruled out": (rng.random((people, people)), rng.random((people, people)) < 0.3),
    }
    for name, (scores, forbidden) in cases.items():
        theirs, seconds = _mentor_match(folder, scores, forbidden)
        ours, own_seconds = _ours(scores, forbidden)
        sums = [float(sum(scores[pair] for pair in pairs)) for pairs in (ours, theirs)]
        ruled_out = [sum(bool(forbidden[pair]) for pair in pairs) for pairs in (ours, theirs)]
        what = f"mentor-match, {people} × {people}, {name}: sum {sums[1]:.4g} with {len(theirs)} pairs"
        row = Row.of(what, compare([seconds], [own_seconds]), f"ours: sum {sums[0]:.4g} with {len(ours)} pairs",
                     "ours at least its sum, no pair ruled out",
                     sums[0] >= sums[1] - 1e-6 and ruled_out[0] == 0)  # fmt: skip
        report.rows.append(row)
        report.details[name] = {"sums (ours, theirs)": sums, "pairs (ours, theirs)": [len(ours), len(theirs)]}


def _mentor_match(folder: str, scores: Any, forbidden: Any) -> tuple[list[tuple[int, int]], float]:
    """Let mentor-match solve a case in a process of its own."""
    fractions = bool((scores % 1).any())
    given = {"scores": (scores if fractions else scores.astype(int)).tolist(), "forbidden": forbidden.tolist()}
    command = [sys.executable, "-c", THEIRS, folder]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return [(mentor, mentee) for mentor, mentee in found["pairs"]], float(found["seconds"])


def _ours(scores: Any, forbidden: Any) -> tuple[list[tuple[int, int]], float]:
    """Solve the same with our assigner of the greatest sum; pairs ruled out are not in the problem."""
    from matchengine.planning.assign.max_weight import max_weight

    mentor, mentee = np.nonzero(~forbidden)
    worth = scores[mentor, mentee] / max(GREATEST, 1)
    people = len(scores)
    problem = replace(
        assignment_problem(0, people, people, density=0.0),
        requester=mentor.astype(np.int32),
        candidate=mentee.astype(np.int32),
        joint=worth,
        requester_value=worth,
        candidate_value=worth,
        candidate_most=np.ones(people, np.int64),
        must=np.zeros(len(worth), np.bool_),
    )
    max_weight(problem)  # loads what it needs
    began = time.perf_counter()
    chosen = max_weight(problem).chosen
    seconds = time.perf_counter() - began
    return list(zip(mentor[chosen].tolist(), mentee[chosen].tolist(), strict=True)), seconds
