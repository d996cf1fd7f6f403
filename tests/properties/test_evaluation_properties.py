"""Properties of the harness: conditions execute nothing, nobody is judged by what was learned, order plays no part."""

from __future__ import annotations

import ast

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.comparison import Asked
from matchengine.errors import ConfigError, DataError
from matchengine.evaluation.leakage import follows_outcomes
from matchengine.evaluation.relevance import parse_condition
from matchengine.evaluation.reorder import reordered
from matchengine.evaluation.task import Task, folds_of

COLUMNS = ("rating", "months", "accepted")
leaf = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(COLUMNS), st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]),
              st.integers(-3, 9)),
    st.sampled_from(COLUMNS),
)  # fmt: skip
condition = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner), st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=6,
)  # fmt: skip
cells = st.one_of(st.none(), st.integers(-3, 9).map(float), st.booleans())


@given(text=st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_a_plain_condition_or_refused(text: str) -> None:
    """No call, attribute, index or arithmetic is ever in a tree that was accepted."""
    try:
        found = parse_condition(text)
    except ConfigError:
        return
    allowed = (
        ast.BoolOp,
        ast.UnaryOp,
        ast.Compare,
        ast.Name,
        ast.Constant,
        ast.boolop,
        ast.unaryop,
        ast.cmpop,
        ast.Load,
    )
    assert all(isinstance(node, allowed) for node in ast.walk(found.tree))


@given(text=condition, row=st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)))
def test_filled_in_rows_mean_what_python_means_and_missing_cells_never_make_good(
    text: str, row: dict[str, float | bool | None]
) -> None:
    found = parse_condition(text)
    said = found.holds(row)
    if all(row[name] is not None for name in found.columns):
        plain = {name: row[name] if name in text else None for name in COLUMNS}
        assert said is bool(eval(_truth(text), {"__builtins__": {}}, plain))  # noqa: S307 - text made above
    elif all(row[name] is None for name in found.columns):
        assert said is None
    elif said:  # sure whatever the missing cells hold
        for value in (-3.0, 0.0, 1.0, 9.0):
            assert found.holds({name: value if cell is None else cell for name, cell in row.items()})


def _truth(text: str) -> str:
    """The same text for Python, with a bare column true only where it is 1 or yes."""

    class Bare(ast.NodeTransformer):
        def visit_Compare(self, node: ast.Compare) -> ast.AST:
            return node

        def visit_Name(self, node: ast.Name) -> ast.AST:
            return ast.Compare(node, [ast.Eq()], [ast.Constant(1)])

    return ast.unparse(ast.fix_missing_locations(Bare().visit(ast.parse(text, mode="eval"))))


@st.composite
def tasks(draw: st.DrawFn, peers: bool = False) -> Task:
    people = draw(st.integers(4, 12))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    others = people if peers else draw(st.integers(2, 9))
    pairs = [(r, c) for r in range(people) for c in range(others) if not (peers and r == c) and rng.random() < 0.8]
    requester, candidate = (np.array([pair[n] for pair in pairs], np.int32) for n in (0, 1))
    gain = rng.integers(0, 3, len(pairs)).astype(float)
    gain[rng.random(len(pairs)) < 0.3] = np.nan
    asked = Asked(
        tuple(f"p{n:02}" for n in range(people)), tuple(f"{'p' if peers else 'm'}{n:02}" for n in range(others)),
        requester, candidate, np.full(others, np.nan), np.arange(people),
    )  # fmt: skip
    cluster = tuple(f"c{n}" for n in rng.integers(0, 4, people)) if draw(st.booleans()) else ()
    return Task(asked, gain, moment=rng.integers(0, 50, len(pairs)).astype(float), cluster=cluster)


@given(
    task=st.one_of(tasks(), tasks(peers=True)), scheme=st.sampled_from(["leave_one_cluster_out", "group_kfold", "time"])
)
def test_nobody_is_judged_by_what_could_be_learned(task: Task, scheme: str) -> None:
    """Neither a judged person's outcomes nor their cluster's, nor the same match seen from the other side."""
    try:
        folds = folds_of(task, scheme, 3, 1, before=25.0)
    except DataError:
        return
    asked = task.asked
    judged = np.sum([fold.judged for fold in folds], axis=0)
    assert judged.max() == 1
    assert scheme == "time" or judged.min() == 1
    for fold in folds:
        known = fold.ask(task).known
        assert not fold.judged[known.requester].any()
        ids = {asked.requester_ids[n] for n in np.flatnonzero(fold.judged)}
        assert not ids & {asked.candidate_ids[n] for n in known.candidate}
        if task.clustered and scheme != "time":
            assert not set(task.clusters[fold.judged]) & set(task.clusters[known.requester])
        if scheme == "time":
            assert (known.moment < 25).all()
            own = fold.judged[asked.requester] & ~np.isnan(task.gain)
            assert (task.moment[own] >= 25).all()


@given(task=tasks(), seed=st.integers(0, 99))
def test_another_order_keeps_folds_and_findings(task: Task, seed: int) -> None:
    turned, back = reordered(task, seed)
    assert np.array_equal(turned.gain[back], task.gain, equal_nan=True)
    names = [
        sorted(sorted(np.array(one.asked.requester_ids)[fold.judged]) for fold in folds_of(one, "group_kfold", 3, seed))
        for one in (task, turned)
    ] if len(np.unique(task.clusters)) > 1 else [[], []]  # fmt: skip
    assert names[0] == names[1]
    score = np.random.default_rng(seed).random(len(task.gain)).round(1)
    moved = np.empty_like(score)
    moved[back] = score
    known = ~np.isnan(task.gain)
    assert follows_outcomes(task, score, known) == follows_outcomes(turned, moved, ~np.isnan(turned.gain))


@given(task=tasks())
def test_scores_that_are_drawn_are_never_taken_for_a_leak(task: Task) -> None:
    score = np.random.default_rng(len(task.gain)).random(len(task.gain))
    assert follows_outcomes(task, score, ~np.isnan(task.gain)) is None
