"""Compare strategies person by person: intervals, tests, the four verdicts (evaluation.md 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.errors import DataError
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.measurements import Measurements, StrategyTable, Table
from matchengine.evaluation.sentences import comparison_sentence
from matchengine.i18n import N_, _
from matchengine.inference import Comparison, Needed, Sharing, Verdict, compare, effects, still_needed, verdicts
from matchengine.records.evaluation import ComparisonResult, Figure

__all__ = ["compare_all", "compared", "differences", "figure_of", "rounded"]

_BINS = 20
_FEWEST = 5
"""People of whom a mean may be told."""


def differences(left: Measurements, right: Measurements) -> FloatArray:
    """Return left minus right of each person, oriented so that more is better; NaN where either has no value.

    Raises
    ------
    DataError
        Where the two were not measured in the same way: their signatures differ.
    """
    if left.facts.signature != right.facts.signature:
        told = N_("{left} and {right} cannot be subtracted: they were measured in different ways")
        raise DataError(_(told, left=left.facts.signature, right=right.facts.signature))
    found: FloatArray = left.values - right.values
    return found if left.facts.better == "higher" else -found


def compare_all(table: Table, config: EvaluationConfig, seed: int) -> list[ComparisonResult]:
    """Compare the declared family on the primary metric, and everything else that has a value for each person.

    The family is every declared strategy against one of them, or all pairs; verdicts on other metrics, and of what was
    not declared before, are corrected by themselves and called exploratory.
    """
    declared = [s for s in table.strategies if s.origin == "declared" and not s.failed]
    pairs = _pairs(declared, config)
    primary = config.metrics.primary
    found = _family(table, pairs, primary, config, seed, declared=True)
    for metric in dict.fromkeys([*config.metrics.secondary, config.metrics.condensed]):
        of_metric = [(a, b) for a, b in pairs if _personal(a, metric) and _personal(b, metric)]
        found += _family(table, of_metric, metric, config, seed, declared=False)
    return found


def _pairs(declared: Sequence[StrategyTable], config: EvaluationConfig) -> list[tuple[StrategyTable, StrategyTable]]:
    if config.compare.family == "all_pairs":
        first = sorted(declared, key=lambda strategy: strategy.name != config.against)
        return [(b, a) for a, b in combinations(first, 2)]
    against = [strategy for strategy in declared if strategy.name == config.against]
    return [(strategy, against[0]) for strategy in declared if against and strategy is not against[0]]


def _personal(strategy: StrategyTable, metric: str) -> bool:
    measured = strategy.metrics.get(metric)
    return measured is not None and measured.facts.level == "person" and not measured.not_applicable


def _family(
    table: Table,
    pairs: Sequence[tuple[StrategyTable, StrategyTable]],
    metric: str,
    config: EvaluationConfig,
    seed: int,
    *,
    declared: bool,
) -> list[ComparisonResult]:
    usable = [(a, b) for a, b in pairs if metric in a.metrics and metric in b.metrics]
    seen = [compared(table, a, b, metric, config, seed) for a, b in usable]
    told = verdicts(seen, config.compare.margin)
    return [
        _result(table, a, b, metric, config, (one, verdict), declared=declared)
        for (a, b), one, verdict in zip(usable, seen, told, strict=True)
    ]


def compared(
    table: Table, left: StrategyTable, right: StrategyTable, metric: str, config: EvaluationConfig, seed: int
) -> Comparison:
    """Compare two strategies on one metric: by cluster, and robust to candidates that stand on several lists."""
    difference = np.where(table.judged, differences(left.metrics[metric], right.metrics[metric]), np.nan)
    return compare(
        difference,
        table.cluster if table.clustered else None,
        shared=_sharing(left, right),
        alpha=config.compare.alpha,
        draws=config.compare.draws,
        seed=seed,
    )


def _sharing(left: StrategyTable, right: StrategyTable) -> Sharing | None:
    """On whose outcomes each person's values rest, in either arm; two who rest on one candidate are not independent."""
    unit = np.concatenate([left.top_person, right.top_person])
    return Sharing(unit, np.concatenate([left.top_candidate, right.top_candidate])) if len(unit) else None


def _result(
    table: Table,
    left: StrategyTable,
    right: StrategyTable,
    metric: str,
    config: EvaluationConfig,
    told: tuple[Comparison, Verdict],
    *,
    declared: bool,
) -> ComparisonResult:
    one, verdict = told
    facts = left.metrics[metric].facts
    values = differences(left.metrics[metric], right.metrics[metric])[table.judged]
    values = np.sort(values[~np.isnan(values)])
    needed = still_needed(one, config.compare.margin, config.compare.power) if verdict.answer == "cannot_tell" else None
    size = effects(values, None) if len(values) > 1 else None
    edges, counts = _histogram(values)
    result = ComparisonResult(
        strategy=left.name, against=right.name, metric=metric, declared=declared,
        difference=rounded(one.estimate), low=rounded(one.low), high=rounded(one.high), level=1 - config.compare.alpha,
        p=rounded(one.p_value), p_adjusted=rounded(verdict.adjusted_p), p_paired_t=rounded(one.robustness.t),
        p_wilcoxon=rounded(one.robustness.wilcoxon), method=one.method, people=one.units, clusters=one.clusters,
        effect_size=None if size is None else rounded(size.standardised.estimate),
        superiority=None if size is None else rounded(size.superiority.estimate),
        margin=config.compare.margin, verdict=verdict.answer, beyond_margin=verdict.exceeds_margin,
        more_people=_more(needed, "units"), more_clusters=_more(needed, "clusters"),
        gained=int((values > 1e-9).sum()), lost=int((values < -1e-9).sum()),
        unchanged=int((np.abs(values) <= 1e-9).sum()),
        worst_tenth=_worst_tenth(values),
        histogram_edges=edges, histogram=counts,
    )  # fmt: skip
    return result.model_copy(update={"sentence": comparison_sentence(result, left.title, right.title, facts)})


def _worst_tenth(values: FloatArray) -> float | None:
    """Mean of the tenth that lost most; None where that is fewer than five people."""
    most = len(values) // 10
    return rounded(float(np.sort(values)[:most].mean())) if most >= _FEWEST else None


def _more(needed: Needed | None, what: str) -> int | None:
    return None if needed is None else getattr(needed, what)


def _histogram(values: FloatArray) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Counts of people by difference in bins that lie evenly around 0; bins of fewer than five people are merged away.

    A page may show it: no bin holds so few people that one of them could be told.
    """
    if len(values) < 10:
        return (), ()
    reach = max(float(np.abs(values).max()), 0.05)
    for bins in range(_BINS - 1, 2, -2):
        counts, edges = np.histogram(values, np.linspace(-reach, reach, bins + 1))
        if np.all((counts == 0) | (counts >= 5)):
            return tuple(round(float(edge), 6) for edge in edges), tuple(int(count) for count in counts)
    return (), ()


def figure_of(table: Table, measured: Measurements, config: EvaluationConfig, seed: int) -> Figure:
    """Return the mean of a metric with its interval; of one value for everybody there is none."""
    facts, values = measured.facts, measured.values
    low = high = None
    if facts.level == "person" and len(values) == len(table.person) and not measured.not_applicable:
        values = np.where(table.judged, values, np.nan)
        cluster = table.cluster if table.clustered else None
        one = compare(values, cluster, alpha=config.compare.alpha, draws=min(config.compare.draws, 2000), seed=seed)
        low, high = rounded(one.low), rounded(one.high)
        if one.method == "identical":
            low = high = 0.0
    known = values[~np.isnan(values)]
    return Figure(
        metric=facts.name, value=rounded(float(known.mean())) if len(known) else None, low=low, high=high,
        people=len(known) if facts.level == "person" else 0, excluded=measured.excluded, missing=measured.missing,
        signature=facts.signature, title=facts.title, unit=facts.unit, better=facts.better,
        not_applicable=measured.not_applicable,
    )  # fmt: skip


def rounded(value: float) -> float | None:
    """Return a number as documents hold it: eight decimals, null for what is not known."""
    return None if not np.isfinite(value) else round(float(value), 8) + 0.0
