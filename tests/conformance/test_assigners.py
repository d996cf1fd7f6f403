"""Every assigner of this package passes the public checks, and the checks catch assigners that are wrong on purpose."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

import numpy as np
import pytest

from matchengine.assignment import Assignment, InfeasibleError
from matchengine.components import AssignerSpec, specs_in
from matchengine.errors import DataError, PluginError
from matchengine.planning import assign
from matchengine.planning.assign.greedy import greedy
from matchengine.planning.assign.stable import stable
from matchengine.testing.assigners import ASSIGNER_CHECKS, assignment_problem, check_assigner, relabelled

MODULES = [
    importlib.import_module(f"{assign.__name__}.{found.name}") for found in pkgutil.iter_modules(assign.__path__)
]
SPECS = {spec.name: spec for spec in specs_in(*MODULES) if isinstance(spec, AssignerSpec)}


def test_the_named_methods_are_there():
    assert {"stable", "eps_stable", "rsd", "greedy", "random", "first_come"} <= SPECS.keys()
    assert {name for name, spec in SPECS.items() if spec.baseline} == {"greedy", "random", "first_come"}
    assert all(spec.title and spec.guarantee and spec.summary for spec in SPECS.values())


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("check", ASSIGNER_CHECKS, ids=lambda check: check.__name__)
def test_check(check, name):
    check(SPECS[name].build)


def beyond(problem):
    return Assignment(np.arange(len(problem)))


def ignores_most(problem):
    return greedy(replace(problem, requester_most=np.minimum(problem.requester_most, 1) * 2))


def invents(problem):
    found = greedy(problem).chosen
    return Assignment(found if len(found) else np.array([0]))


def lazy(problem):
    return Assignment(greedy(problem).chosen[1:])


def forgets_must(problem):
    return greedy(replace(problem, must=np.zeros(len(problem), bool)))


def forgets_exclusions(problem):
    return greedy(replace(problem, exclusive=np.zeros((0, 2), int)))


def forgets_quotas(problem):
    return greedy(replace(problem, quotas=()))


def forgets_least(problem):
    none = {name: np.zeros_like(getattr(problem, name)) for name in ("requester_least", "candidate_least")}
    return greedy(replace(problem, **none))


def chance(problem, rng=np.random.default_rng()):  # noqa: B008
    return greedy(replace(problem, joint=rng.random(len(problem))))


def by_position(problem):
    asking = replace(problem, requester_lottery=np.arange(problem.requesters, dtype=np.uint64))
    return greedy(replace(asking, candidate_lottery=np.arange(problem.candidates, dtype=np.uint64)))


def boasts(problem):
    return replace(greedy(problem), objective=9.0, bound=1.0)


@pytest.mark.parametrize(
    ("wrong", "caught_by"),
    [
        (beyond, "check_places"),
        (ignores_most, "check_several_places"),
        (invents, "check_nothing_to_choose"),
        (lazy, "check_nothing_left_lying"),
        (forgets_must, "check_pairs_that_must_be"),
        (forgets_exclusions, "check_exclusions"),
        (forgets_quotas, "check_quotas"),
        (forgets_least, "check_lower_bounds"),
        (chance, "check_repeated"),
        (by_position, "check_order_of_people"),
        (boasts, "check_value_and_bound"),
    ],
)
def test_a_wrong_assigner_is_caught(wrong, caught_by):
    with pytest.raises(PluginError, match="checks") as caught:
        check_assigner(wrong)
    assert any(problem.startswith(caught_by) for problem in caught.value.problems)


def test_every_check_catches_something():
    (mark,) = test_a_wrong_assigner_is_caught.pytestmark
    assert {caught_by for _, caught_by in mark.args[1]} == {check.__name__ for check in ASSIGNER_CHECKS}


def test_refusing_is_allowed_but_only_with_a_sentence():
    def refuses(problem):
        if not problem.simple:
            raise DataError("this method knows places alone")
        return greedy(problem)

    def crashes(problem):
        if not problem.simple:
            raise ValueError("no")
        return greedy(problem)

    check_assigner(refuses)
    with pytest.raises(PluginError, match="MatchEngineError with a sentence"):
        check_assigner(crashes)


def test_writing_into_a_problem_is_caught():
    def writes(problem):
        problem.joint[:] = 0
        return greedy(problem)

    with pytest.raises(PluginError, match="read-only"):
        check_assigner(writes)


def test_relabelling_keeps_the_people():
    problem = assignment_problem(4, 9, 7)
    rng = np.random.default_rng(2)
    to, others = rng.permutation(9), rng.permutation(7)
    moved, old = relabelled(problem, to, others)
    assert np.array_equal(moved.requester, to[problem.requester[old]])
    assert np.array_equal(moved.candidate, others[problem.candidate[old]])
    assert np.array_equal(moved.joint, problem.joint[old])
    assert np.array_equal(moved.candidate_most[others], problem.candidate_most)
    assert np.array_equal(moved.requester_lottery[to], problem.requester_lottery)
    assert (np.diff(moved.requester) >= 0).all()


def test_too_many_locked_pairs_are_infeasible_not_just_wrong():
    problem = assignment_problem(1, 6, 6, density=1.0)
    with pytest.raises(InfeasibleError):
        stable(replace(problem, must=np.ones(len(problem), bool)))
