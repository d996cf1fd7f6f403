"""Do the assigners reach the known best answers on real data? Project choices, bids, affinities, a mentor programme."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import load_workbook

from eval.data import data_file
from eval.report import table
from eval.vt_pairs import ID, ROLE, TOKENS
from matchengine.assignment import Assignment, AssignmentProblem, Quota
from matchengine.planning.assign.greedy import greedy
from matchengine.planning.assign.leximin import leximin
from matchengine.planning.assign.max_weight import max_weight
from matchengine.planning.assign.rsd import rsd
from matchengine.planning.assign.totals import STEP

__all__ = [
    "BIDS", "PROJECTS", "Choices", "affinities", "bids", "linear_fairest", "linear_optimum", "programme", "projects",
    "run", "whole_optimum",
]  # fmt: skip

SOURCE = (
    "PrefLib 00038 (projects of a school of computing; Kwanashie, Irving, Manlove & Sng, IWOCA 2014) and 00037, 00039 "
    "(reviewers' bids) from github.com/fleverest/PrefLib-Data (commit e70f12c); MIDL affinities from "
    "github.com/iesl/fair-matching (commit d91d907; Kobren, Saha & McCallum, KDD 2019); a peer-mentoring programme "
    "from github.com/JohnBarbish/mentoring-matching (commit a4b6a7c)"
)
PROJECTS = ("1", "2", "4", "5")
BIDS = ("00037-00000001", "00037-00000002", "00037-00000003", "00039-00000001", "00039-00000002", "00039-00000003")
WORTH = {"yes": 1.0, "maybe": 0.5}
REVIEWS, DRAWS, CEILING = 3, 300, 1_000.0
PUBLISHED = {"best": 201.885, "greedy": 197.871, "with lower loads": 150.043, "untrimmed": 8.9, "trimmed": 11.7333}
"""Published or computed by others; see the SOURCE.txt of each folder."""
FAIR = partial(leximin, over="person")
CAPACITY = "How many students would you like to mentor?"


@dataclass(frozen=True)
class Choices:
    """Projects chosen by students: the problem, the rank of each pair, 1 the first choice."""

    problem: AssignmentProblem
    rank: Any


def made(requester: Sequence[int], candidate: Sequence[int], worth: Any, sizes: tuple[int, int]) -> AssignmentProblem:
    """Make a problem with one place each; both sides value a pair alike."""
    order = np.lexsort((candidate, requester))
    values = np.asarray(worth, np.float64)[order]
    numbers = np.random.default_rng(7).permutation(sum(sizes)).astype(np.uint64)
    return AssignmentProblem(
        *sizes,
        requester=np.asarray(requester, np.int32)[order],
        candidate=np.asarray(candidate, np.int32)[order],
        joint=values,
        requester_value=values,
        candidate_value=values,
        requester_least=np.zeros(sizes[0], np.int64),
        requester_most=np.ones(sizes[0], np.int64),
        candidate_least=np.zeros(sizes[1], np.int64),
        candidate_most=np.ones(sizes[1], np.int64),
        must=np.zeros(len(values), np.bool_),
        requester_lottery=numbers[: sizes[0]],
        candidate_lottery=numbers[sizes[0] :],
        arrival=np.arange(sizes[0]),
    )


def projects(number: str) -> Choices:
    """Read one year of students' choices; supervisors, where they are known, are quotas over their projects."""
    path = data_file("preflib/project", f"00038-0000000{number}.soi")
    lines = path.read_text(encoding="utf-8").splitlines()
    offered = int(next(line for line in lines if "NUMBER ALTERNATIVES" in line).split(":")[1])
    orders: list[list[int]] = []
    for line in lines:
        if line and not line.startswith("#"):
            many, order = line.split(":")
            orders += [[int(name) - 1 for name in order.split(",")]] * int(many)
    pairs = [(i, j, rank) for i, order in enumerate(orders) for rank, j in enumerate(order, 1)]
    who, whom, rank = (np.array(column) for column in zip(*pairs, strict=True))
    problem = made(who, whom, 1 - rank / CEILING, (len(orders), offered))
    ranks = np.rint((1 - problem.joint) * CEILING).astype(int)
    return Choices(replace(problem, quotas=_supervisors(path.with_suffix(".dat"), problem)), ranks)


def _supervisors(path: Path, problem: AssignmentProblem) -> tuple[Quota, ...]:
    if not path.is_file():
        return ()
    quotas = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name, capacity, of = line.split(",")
        pairs = np.flatnonzero(np.isin(problem.candidate, [int(project) for project in of.split()]))
        quotas.append(Quota(name, pairs, most=int(capacity)))
    return tuple(quotas)


def bids(name: str) -> AssignmentProblem:
    """Read reviewers' bids: a paper may have three who said yes (1) or maybe (.5), loads are level."""
    lines = data_file("preflib/bids", f"{name}.cat").read_text(encoding="utf-8").splitlines()
    told = dict(re.findall(r"# (?:CATEGORY NAME )(\d+): (.+)", "\n".join(lines)))
    papers = int(next(line for line in lines if "NUMBER ALTERNATIVES" in line).split(":")[1])
    who: list[int] = []
    whom: list[int] = []
    worth: list[float] = []
    voters = 0
    for line in lines:
        if line and not line.startswith("#"):
            many, groups = line.split(":", 1)
            said = re.findall(r"\{([^}]*)\}|(\d+)", groups)
            for _ in range(int(many)):
                for category, (several, one) in enumerate(said, 1):
                    value = WORTH.get(told[str(category)].lower())
                    named = [int(paper) - 1 for paper in (several or one).split(",") if paper] if value else []
                    who += named
                    whom += [voters] * len(named)
                    worth += [value] * len(named) if value else []
                voters += 1
    problem = made(who, whom, worth, (papers, voters))
    load = int(np.ceil(papers * REVIEWS / voters))
    return replace(problem, requester_most=np.full(papers, REVIEWS), candidate_most=np.full(voters, load))


def affinities(*, lower: bool) -> AssignmentProblem:
    """Read the MIDL affinities: papers ask, reviewers have loads; a conflict is no pair."""
    scores, cover, most, least = (
        np.load(data_file("midl_assignment", f"{name}.npy"), allow_pickle=False)
        for name in ("scores", "covs", "loads", "loads-lb")
    )
    reviewer, paper = np.nonzero(scores > -1)
    worth = np.clip(scores[reviewer, paper], 0, 1)
    problem = made(paper, reviewer, worth, (scores.shape[1], scores.shape[0]))
    problem = replace(problem, requester_most=cover, candidate_most=most)
    return replace(problem, requester_least=cover, candidate_least=least) if lower else problem


def programme(*, trimmed: bool) -> AssignmentProblem:
    """Read the mentor programme: every mentee has one mentor, every mentor one to so many mentees as they offer."""
    path = data_file("vt_peer_mentoring", "mentoring-submissions-clean.xlsx")
    rows = load_workbook(path, read_only=True).active.iter_rows(values_only=True)
    headers = [str(header) for header in next(rows)]
    at = [next(n for n, h in enumerate(headers) if h.startswith(wanted)) for wanted in (ID, ROLE, TOKENS, CAPACITY)]
    mentors: list[tuple[set[str], int]] = []
    mentees: list[set[str]] = []
    for row in rows:
        _, role, text, capacity = (row[column] for column in at)
        tokens = {token.strip() if trimmed else token for token in str(text).split(",")}
        if role == "Mentor":
            mentors.append((tokens, int(capacity)))
        elif role == "Mentee":
            mentees.append(tokens)
    pairs = [(i, j) for i in range(len(mentees)) for j in range(len(mentors))]
    worth = [len(mentors[j][0] & mentees[i]) / len(mentees[i]) for i, j in pairs]
    problem = made([i for i, _ in pairs], [j for _, j in pairs], worth, (len(mentees), len(mentors)))
    places = np.array([capacity for _, capacity in mentors])
    return replace(
        problem,
        candidate_most=places,
        candidate_least=np.ones(len(mentors), np.int64),
        requester_least=np.ones(len(mentees), np.int64),
    )


def linear_optimum(problem: AssignmentProblem) -> float:
    """The greatest sum of joint values by plain linear programming, written apart from the assigners.

    Places of both sides alone, with lower bounds: the corners of such a programme are whole.
    """
    from scipy.optimize import linprog

    rows, limit, _ = _rows(problem)
    return -float(linprog(-problem.joint, A_ub=rows, b_ub=limit, bounds=(0, 1)).fun)


def linear_fairest(problem: AssignmentProblem) -> float:
    """What no choice can exceed that serves every requester: the highest lowest total, parts of pairs allowed."""
    from scipy.optimize import linprog
    from scipy.sparse import bmat

    rows, limit, totals = _rows(problem)
    lowest = np.ones((problem.requesters, 1))
    both = bmat([[rows, np.zeros((len(limit), 1))], [-totals, lowest]])
    cost, bounds = np.append(np.zeros(len(problem)), -1.0), [(0, 1)] * len(problem) + [(0, None)]
    return -float(linprog(cost, A_ub=both, b_ub=np.append(limit, np.zeros(len(lowest))), bounds=bounds).fun)


def whole_optimum(problem: AssignmentProblem, lowest: float) -> float:
    """The greatest sum in which every requester has this total at least, by plain whole-number programming."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows, limit, totals = _rows(problem)
    demands = LinearConstraint(rows, -np.inf, limit), LinearConstraint(totals, lowest, np.inf)
    whole, options = np.ones(len(problem)), {"mip_rel_gap": 1e-9}
    return -float(
        milp(-problem.joint, constraints=demands, integrality=whole, bounds=Bounds(0, 1), options=options).fun
    )


def _rows(problem: AssignmentProblem) -> tuple[Any, Any, Any]:
    """Places and lower bounds as rows with their limits, and the total of every requester as a row."""
    from scipy.sparse import coo_array, vstack

    at, ones = np.arange(len(problem)), np.ones(len(problem))
    sides = (problem.requester, problem.requesters), (problem.candidate, problem.candidates)
    count = vstack([coo_array((ones, (who, at)), shape=(many, len(at))) for who, many in sides])
    most = np.concatenate([problem.requester_most, problem.candidate_most])
    least = np.concatenate([problem.requester_least, problem.candidate_least])
    totals = coo_array((problem.joint, (problem.requester, at)), shape=(problem.requesters, len(at)))
    return vstack([count, -count]), np.concatenate([most, -least]), totals


def run(
    best: Callable[[AssignmentProblem], Assignment] = max_weight,
    fair: Callable[[AssignmentProblem], Assignment] = FAIR,
) -> tuple[dict[str, Any], str]:
    """Solve everything and compare; return the result document and its Markdown table."""
    truth = json.loads(data_file("preflib", "truth.json").read_text(encoding="utf-8"))["spa"]
    results = {f"projects {number}": _projects(number, truth[number], best) for number in PROJECTS}
    results |= {f"bids {name}": _sums(bids(name), best) for name in BIDS}
    for name, problem in (("best", affinities(lower=False)), ("with lower loads", affinities(lower=True))):
        known = {"known": PUBLISHED[name]} | ({"known_greedy": PUBLISHED["greedy"]} if name == "best" else {})
        results[f"affinities, {name}"] = _sums(problem, best) | known
    results["affinities, fair"] = _fair(affinities(lower=False), fair)
    for name in ("untrimmed", "trimmed"):
        found = _sums(programme(trimmed=name == "trimmed"), best)
        results[f"mentor programme, {name}"] = found | {"known": PUBLISHED[name]}
    return _document(results), _table(results)


def _projects(number: str, truth: Mapping[str, Any], best: Callable[..., Assignment]) -> dict[str, Any]:
    """Place the most students at the least total rank, and compare with the optimum and with choosing by lot."""
    choices = projects(number)
    chosen = best(choices.problem).chosen
    by_lot = []
    for draw in range(DRAWS):
        lottery = np.random.default_rng([7, draw]).permutation(choices.problem.requesters).astype(np.uint64)
        by_lot.append(len(rsd(replace(choices.problem, requester_lottery=lottery), tie_width=0).chosen))
    return {
        "pairs": len(chosen),
        "known_pairs": truth["max_matched"],
        "total_rank": int(choices.rank[chosen].sum()),
        "known_total_rank": truth["min_cost"],
        "worst_rank": int(choices.rank[chosen].max()),
        "pairs_by_lot": float(np.mean(by_lot)),
        "known_pairs_by_lot": truth["rsd_matched"],
    }


def _sums(problem: AssignmentProblem, best: Callable[..., Assignment]) -> dict[str, Any]:
    """Reach the greatest sum, beside linear programming and beside taking the best pair first."""
    chosen = best(problem).chosen
    found = {"pairs": len(chosen), "sum": float(problem.joint[chosen].sum()), "linear": linear_optimum(problem)}
    if not problem.requester_least.any():
        found["greedy"] = float(problem.joint[greedy(problem).chosen].sum())
        found["worst"] = _worst(problem, chosen)
        found["greedy_worst"] = _worst(problem, greedy(problem).chosen)
    return found


def _fair(problem: AssignmentProblem, fair: Callable[..., Assignment]) -> dict[str, Any]:
    """Raise the lowest total, then the sum, beside what linear and whole-number programming reach."""
    chosen = fair(problem).chosen
    highest = linear_fairest(problem)
    return {
        "pairs": len(chosen),
        "sum": float(problem.joint[chosen].sum()),
        "known": whole_optimum(problem, np.floor(highest / STEP) * STEP),
        "worst": _worst(problem, chosen),
        "linear_worst": highest,
    }


def _worst(problem: AssignmentProblem, chosen: Any) -> float:
    """What the requester who fares worst has in all."""
    return float(np.bincount(problem.requester[chosen], problem.joint[chosen], problem.requesters).min())


def _table(results: Mapping[str, Any]) -> str:
    headers = ["data", "pairs", "reached", "known or by linear programming", "greedy"]
    rows = []
    for name, found in results.items():
        if "total_rank" in found:
            reached, known = f"total rank {found['total_rank']}", f"total rank {found['known_total_rank']}"
            rows.append([name, f"{found['pairs']} of {found['known_pairs']}", reached, known, "–"])
        elif "linear_worst" in found:
            reached, known = (
                f"worst {found[worst]:.4f}, sum {found[total]:.4f}"
                for worst, total in (("worst", "sum"), ("linear_worst", "known"))
            )
            rows.append([name, str(found["pairs"]), reached, known, "–"])
        else:
            greedy_sum = f"{found['greedy']:.3f}" if "greedy" in found else "–"
            known = f"{found.get('known', found['linear']):.4f}"
            rows.append([name, str(found["pairs"]), f"{found['sum']:.4f}", known, greedy_sum])
    return table(headers, rows)


def agrees(found: Mapping[str, Any]) -> bool:
    """Whether a result is the known best, to the digits that were published."""
    if "total_rank" in found:
        return (found["pairs"], found["total_rank"]) == (found["known_pairs"], found["known_total_rank"])
    if "linear_worst" in found:
        return (
            abs(found["sum"] - found["known"]) < 1e-6 * found["known"] and found["linear_worst"] - found["worst"] < STEP
        )
    same = abs(found["sum"] - found["linear"]) < 1e-6 * max(1.0, found["linear"])
    return same and ("known" not in found or abs(found["sum"] - found["known"]) < 5e-4 + 1e-9)


def _document(results: Mapping[str, Any]) -> dict[str, Any]:
    reached = sum(agrees(found) for found in results.values())
    lots = [
        abs(found["pairs_by_lot"] - found["known_pairs_by_lot"]) for found in results.values() if "total_rank" in found
    ]
    heavy, fair = results["affinities, best"], results["affinities, fair"]
    lost = [1 - found["greedy"] / found["sum"] for found in results.values() if "greedy" in found]
    return {
        "name": "assignment",
        "question": "Do the assigners reach the known best answers on real data?",
        "source": SOURCE,
        "data": {"instances": len(results)},
        "method": [
            "Projects: one student a project, supervisors' capacities as quotas where they are known; a pair is worth "
            f"1 − rank/{CEILING:.0f}, so that the greatest sum places the most students at the least total rank.",
            f"By lot: the mean of {DRAWS} draws of `rsd`; the known figure is a mean of draws too.",
            f"Bids: yes 1, maybe .5, nothing else is possible; {REVIEWS} reviewers a paper at most, level loads. "
            "Nobody published an optimum; it is computed by linear programming apart from the assigners.",
            "Affinities: papers need 3 reviewers of load 4 at most, with lower loads 2 at least; a conflict is no "
            "pair. The known greedy sum differs a little from ours, because equal values are taken in another order.",
            'Affinities, fair: `leximin` with `over = "person"` in place of `max_weight`: the paper that fares worst '
            f"has as much in all as can be, to within {STEP:g}, then the sum. Nobody published either: what no worst "
            "paper can exceed comes from linear programming, the greatest sum with that from whole-number "
            "programming, both apart from the assigners.",
            "Mentor programme: |A ∩ B| / |B| on sub-disciplines; every mentee has a mentor, every mentor a mentee.",
        ],
        "results": dict(results),
        "conclusion": f"{reached} of {len(results)} instances: the known best answer exactly. Taking the best pair "
        f"first loses {min(lost):.1%} to {max(lost):.1%} of the sum. By lot as many students are placed as known, to "
        f"within {max(lots):.2f} of one. `leximin` over people raises the worst paper of the affinities from "
        f"{heavy['worst']:.3f} to {fair['worst']:.3f} in all, for {1 - fair['sum'] / heavy['sum']:.2%} of the sum.",
    }
