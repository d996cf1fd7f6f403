"""Subgroups: of those alone who consented, with no small cell shown and none that can be worked out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from matchengine.evaluation.run import Finished
from matchengine.records.evaluation import SubgroupTable
from tests.evaluation.programme import FILE, MENTEES, Programme, programme

NO_CANARIES = FILE.replace("seed = 5\n", "seed = 5\ncanaries = []\n")
BY = '\n[groups]\nby = ["gender", "heritage"]\ncross = 2\n'


def table(finished: Finished, name: str = "goals") -> SubgroupTable:
    return next(one for one in finished.result.subgroups if one.strategy == name)


def test_only_those_who_consented_are_counted(made: Programme, finished: Finished) -> None:
    rows = {row.group[0].removeprefix("gender: "): row for row in table(finished).rows if len(row.group) == 1}
    assert rows["woman"].people is not None
    assert rows["man"].people is not None
    assert rows["woman"].people + rows["man"].people == MENTEES - MENTEES // 6
    alone = next(one for one in finished.result.strategies if one.name == "goals")
    assert next(f.people for f in alone.figures if f.metric == "ndcg@5") == MENTEES


def test_without_a_consent_there_is_no_table_of_the_attribute(folder: Programme) -> None:
    folder.consents[:] = []
    found = folder.write().run("run", NO_CANARIES + '\n[groups]\nby = ["gender"]\n')
    assert [row for one in found.result.subgroups for row in one.rows] == []


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_no_small_cell_is_shown_or_can_be_worked_out(folder: Programme, seed: int) -> None:
    """A reader who adds and subtracts all cells of all strategies, and the total, cannot tell any hidden count."""
    rng = np.random.default_rng(seed)
    folder = programme(folder.folder, seed=seed)
    for person in folder.people[:MENTEES]:
        values = ["x"] * 12 + ["y"] * 5 + ["z"] * int(rng.integers(1, 4))
        person["attributes"].append({"dimension": "heritage", "value": str(rng.choice(values))})
    more = [{**grant, "field": "attributes.heritage"} for grant in folder.consents if rng.random() < 0.9]
    folder.consents.extend(more)
    found = folder.write().run("run", NO_CANARIES + BY)
    tables = found.result.subgroups
    assert {tuple((row.group, row.hidden) for row in one.rows) for one in tables} == {
        tuple((row.group, row.hidden) for row in tables[0].rows)
    }, "one pattern for all strategies"
    rows = tables[0].rows
    hidden = [row for row in rows if row.hidden]
    assert hidden
    assert all(row.people is None and row.value is None for row in hidden)
    assert all((row.people or 0) >= 10 for row in rows if not row.hidden)
    finest = [(a, b) for a in ("woman", "man", "–") for b in ("x", "y", "z", "–")]
    names = {"woman", "man"}

    def inside(labels: tuple[str, ...]) -> np.ndarray:
        group = tuple(label.split(": ")[1] for label in labels)
        if len(group) == 2:
            return np.array([float((a, b) == group) for a, b in finest])
        return np.array([float((a if group[0] in names else b) == group[0]) for a, b in finest])

    told = [(inside(row.group), row.people) for row in rows if not row.hidden]
    told.append((np.ones(len(finest)), MENTEES))
    system, total = np.array([cells for cells, _n in told]), np.array([float(n or 0) for _cells, n in told])
    for row in hidden:
        aim = inside(row.group)
        ends = [linprog(sign * aim, A_eq=system, b_eq=total, bounds=(0, None)).fun * sign for sign in (1, -1)]
        assert ends[1] - ends[0] >= 1 - 1e-6, (row.group, ends)
