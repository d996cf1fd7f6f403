"""Who is served less well: subgroups of people who consented to audits, small cells hidden (domain.md H6)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.evaluation.comparing import rounded
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.measurements import StrategyTable, Table
from matchengine.i18n import N_, _
from matchengine.inference import Suppressed, differential_fairness, group_gaps, suppress, worst_group
from matchengine.records.evaluation import SubgroupRow, SubgroupTable

__all__ = ["subgroup_tables"]

_TERCILES = 3
_NOT_SAID = "–"


def subgroup_tables(table: Table, config: EvaluationConfig, seed: int) -> list[SubgroupTable]:
    """Return one table for each declared strategy; none where no attribute is named or nobody consented.

    Cells are chosen once for all strategies and all tables of the run, so that none can be worked out from another.
    """
    by = tuple(config.groups.by)
    declared = [s for s in table.strategies if s.origin == "declared" and not s.failed]
    metric = config.metrics.primary
    usable = [s for s in declared if metric in s.metrics and s.metrics[metric].facts.level == "person"]
    if not by or not usable:
        return []
    names, levels = _levels(table, by)
    counted = np.stack([~np.isnan(_values(table, strategy, metric)) for strategy in usable], axis=1)
    crossed = [c for size in range(1, config.groups.cross + 1) for c in combinations(range(len(by)), size)]
    hidden = suppress(levels, crossed, least=config.groups.min_cell, counted=counted, sizes=[len(own) for own in names])
    if not hidden.shows(()):  # the mean of everybody is told anyway, so a hidden total would hide nothing
        return []
    return [
        _table(table, strategy, (by, names, levels), hidden, number, config, seed)
        for number, strategy in enumerate(usable)
    ]


def _values(table: Table, strategy: StrategyTable, metric: str) -> FloatArray:
    return np.where(table.judged, strategy.metrics[metric].values, np.nan)


def _levels(table: Table, by: Sequence[str]) -> tuple[list[list[str]], IntArray]:
    """Names of the levels of each attribute, and the level of each person, int64 (N, A); −1 where not told."""
    names, columns = [], []
    for attribute in by:
        told = table.audit.get(attribute, (None,) * len(table.person))
        own = sorted({value for value in told if value is not None})
        names.append(own)
        columns.append([-1 if value is None else own.index(value) for value in told])
    return names, np.array(columns, np.int64).T.reshape(len(table.person), len(by))


def _table(
    table: Table,
    strategy: StrategyTable,
    attributes: tuple[Sequence[str], list[list[str]], IntArray],
    hidden: Suppressed,
    number: int,
    config: EvaluationConfig,
    seed: int,
) -> SubgroupTable:
    by, names, levels = attributes
    values = _values(table, strategy, config.metrics.primary)
    better = strategy.metrics[config.metrics.primary].facts.better
    oriented = values if better == "higher" else -values
    cluster = table.cluster if table.clustered else None
    rows = []
    shown = np.full(len(values), -1, np.int64)
    for place, key in enumerate(hidden.keys):
        if not key or all(level < 0 for _attribute, level in key):
            continue
        inside = np.all([levels[:, attribute] == level for attribute, level in key], axis=0) & ~np.isnan(values)
        group = tuple(
            f"{by[attribute]}: {_NOT_SAID if level < 0 else names[attribute][level]}" for attribute, level in key
        )
        if hidden.hidden[place]:
            rows.append(SubgroupRow(group=group, people=None, value=None, hidden=True))
            continue
        rows.append(SubgroupRow(group=group, people=int(hidden.counts[place, number]), value=_mean(values[inside])))
        if len(key) == len(by) and all(level >= 0 for _attribute, level in key):
            shown[inside] = place
    told = _fairness(oriented, shown, (levels, hidden), cluster, config, seed)
    return SubgroupTable(
        strategy=strategy.name, by=tuple(by), metric=config.metrics.primary, rows=tuple(rows), **told,
        sentence=_sentence(strategy.title, told),
    )  # fmt: skip


def _fairness(
    values: FloatArray,
    shown: IntArray,
    cells: tuple[IntArray, Suppressed],
    cluster: IntArray | None,
    config: EvaluationConfig,
    seed: int,
) -> dict[str, float | None]:
    """Worst group, largest gap and ε over the groups that may be shown, each against what chance shows."""
    levels, hidden = cells
    draws = config.groups.draws
    told: dict[str, float | None] = dict.fromkeys(
        ("worst", "gap", "gap_p", "differential", "differential_null", "differential_p")
    )
    if len(np.unique(shown[shown >= 0])) < 2:
        return told
    group = [None if place < 0 else f"{place:06d}" for place in shown.tolist()]
    told["worst"] = rounded(worst_group(values, group, cluster, draws=draws, seed=seed).shrunk)
    gaps = group_gaps(
        values, levels, cluster, order=config.groups.cross, least=config.groups.min_cell, draws=draws, seed=seed
    )
    open_to_all = [gap for gap in gaps.gaps if hidden.shows(gap.group)]
    if open_to_all:
        told["gap"], told["gap_p"] = rounded(open_to_all[0].gap), rounded(open_to_all[0].p_value)
    known = values[~np.isnan(values)]
    cuts = np.quantile(known, [1 / _TERCILES, 2 / _TERCILES])
    thirds = [None if np.isnan(value) else str(int(np.searchsorted(cuts, value))) for value in values]
    found = differential_fairness(thirds, group, cluster, draws=draws, seed=seed)
    told |= {
        "differential": rounded(found.epsilon),
        "differential_null": rounded(found.null_mean),
        "differential_p": rounded(found.p_value),
    }
    return told


def _mean(values: FloatArray) -> float | None:
    return rounded(float(values.mean())) if len(values) else None


def _sentence(title: str, told: dict[str, float | None]) -> str:
    gap, p = told["gap"], told["gap_p"]
    if gap is None or p is None:
        return _("{strategy}: too few people in each group to say whether any is served less well.", strategy=title)
    if p > 0.05:
        said = N_(
            "{strategy}: no group is shown to be served less well; differences as large come by chance ({p:.2f})."
        )
        return _(said, strategy=title, p=p)
    said = N_("{strategy}: one group is served differently from the others, by {gap:.1f} in 100; chance alone would "
              "hardly show that ({p:.3f}).")  # fmt: skip
    return _(said, strategy=title, gap=100 * abs(gap), p=p)
