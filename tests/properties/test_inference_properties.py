"""Annex 2, H: inference that holds for any data, and counts that nobody can work out (evaluation.md section 6)."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchengine.inference import benjamini_hochberg, compare, effective_sample, holm, suppress, verdicts
from tests.inference.attackers import determined, every_value, finest, span
from tests.inference.oracles import corrected
from tests.properties.populations import holds_for

steady = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
numbers = st.integers(-8, 8).map(lambda n: n / 8)


@st.composite
def samples(draw):
    """Draw differences in steps, so that ties and zeros occur, and clusters or none."""
    size = draw(st.integers(1, 60))
    values = np.array(draw(st.lists(numbers, min_size=size, max_size=size)))
    clusters = draw(st.one_of(st.none(), st.integers(1, 14)))
    return values, None if clusters is None else np.arange(size) * 7 % clusters


@steady
@given(samples(), st.integers(0, 3))
def test_swapping_the_arms_mirrors_everything(sample, margin):
    values, group = sample
    one, other = compare(values, group, draws=200), compare(-values, group, draws=200)
    assert one.method == other.method
    assert one.estimate == -other.estimate
    if not one.inferred:
        return
    if one.method != "bca":  # its draws differ for mirrored values, within their chance
        assert np.allclose([one.low, one.high], [-other.high, -other.low], atol=0.4)
    if one.test == "t":
        assert np.isclose(one.p_value, other.p_value)
        mirrored = {"better": "worse", "worse": "better"}
        first, second = verdicts([one], margin / 4)[0].answer, verdicts([other], margin / 4)[0].answer
        assert mirrored.get(first, first) == second


@steady
@given(samples())
def test_numbers_are_in_range_and_finite(sample):
    values, group = sample
    found = compare(values, group, draws=200)
    (verdict,) = verdicts([found], 0.1)
    if not found.inferred:
        assert verdict.answer == "cannot_tell"
        return
    assert found.low <= found.narrow_low <= found.estimate + 1e-9
    assert found.estimate <= found.narrow_high + 1e-9 <= found.high + 2e-9
    assert found.smallest_p - 1e-12 <= found.sign_flip_p <= 1
    assert 0 <= found.p_value <= 1
    if verdict.answer == "better":
        assert found.low > 0
        assert verdict.adjusted_p <= 0.05
    if verdict.exceeds_margin:
        assert verdict.answer in ("better", "worse")


@steady
@given(st.lists(st.integers(0, 1000).map(lambda n: n / 1000), min_size=1, max_size=30))
def test_corrections_raise_keep_order_and_are_those_of_statsmodels(p_values):
    for ours, theirs in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
        adjusted = ours(p_values)
        assert np.allclose(adjusted, corrected(p_values, theirs))
        assert (adjusted >= np.array(p_values) - 1e-12).all()
        order = np.argsort(p_values, kind="stable")
        assert (np.diff(adjusted[order]) >= -1e-12).all()


@steady
@given(st.lists(st.floats(0, 1e6), max_size=30))
def test_effective_sample_lies_between_nothing_and_all(weights):
    assert 0 <= effective_sample(weights) <= len(weights) + 1e-9


@st.composite
def populations(draw):
    """Draw people of one to three attributes, tables over them, a least size and columns of strategies."""
    attributes = draw(st.integers(1, 3))
    sizes = [draw(st.integers(2, 4 if attributes < 3 else 3)) for _n in range(attributes)]
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    people = draw(st.integers(1, 160))
    lean = draw(st.sampled_from([0.6, 1.0, 2.5]))
    levels = np.stack([np.minimum(rng.exponential(size=people) * lean, size - 1).astype(int) for size in sizes], axis=1)
    if draw(st.booleans()):
        levels[rng.random(levels.shape) < 0.05] = -1
    subsets = st.sets(st.integers(0, attributes - 1), min_size=1, max_size=attributes)
    tables = [sorted(table) for table in draw(st.lists(subsets, min_size=1, max_size=3))]
    counted = rng.random((people, draw(st.integers(1, 2)))) < draw(st.sampled_from([0.7, 1.0]))
    return levels, tables, draw(st.integers(3, 10)), counted, sizes


def attacked(reports) -> None:
    """Assert that from everything ever shown, in any column, nothing hidden can be worked out."""
    keys = list(dict.fromkeys(key for report in reports for key in report.keys))
    system, shown = finest(keys), np.zeros(len(keys), bool)
    counts = np.zeros((len(keys), reports[0].counts.shape[1]))
    for report in reports:
        places = [keys.index(key) for key in report.keys]
        counts[places] = report.counts
        shown[places] |= ~report.hidden
    least = max(report.least for report in reports)
    small = (counts < least).any(axis=1)
    assert not (small & shown).any()
    for n in np.flatnonzero(~shown):
        assert not determined(system, shown, n)
        for column in counts.T:
            assert span(system, column, shown, n) >= (least if small[n] else 1) - 1e-6


@holds_for(populations(), few=12, many=40)
def test_no_hidden_cell_can_be_worked_out_from_any_published_table(population):
    levels, tables, least, counted, sizes = population
    found = suppress(levels, tables, least=least, counted=counted, sizes=sizes)
    attacked([found])
    assert found.exposed == ()


@holds_for(populations(), populations(), few=12, many=40)
def test_nor_from_several_reports_of_the_same_people(population, other):
    levels, tables, least, counted, sizes = population
    later = [[a for a in table if a < levels.shape[1]] for table in other[1]]
    first = suppress(levels, tables, least=least, counted=counted, sizes=sizes)
    second = suppress(levels, later, least=least, counted=counted, sizes=sizes, earlier=[first])
    attacked([first, second])
    third = suppress(levels, [range(levels.shape[1])], least=least, counted=counted, sizes=sizes,
                     earlier=[first, second])  # fmt: skip
    attacked([first, second, third])


@steady
@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), st.integers(2, 3), st.booleans())
def test_whole_people_give_nothing_away_either(inner, least, crossed):
    """Every table of whole people that agrees with what is shown is tried."""
    cells = [(0, 0), (0, 1), (1, 0), (1, 1)]
    people = [cell for cell, many in zip(cells, inner, strict=True) for _n in range(many)]
    if not people:
        return
    tables = [[0, 1]] if crossed else [[0], [1]]
    found = suppress(np.array(people), tables, least=least, sizes=[2, 2])
    beneath = [] if crossed else [((0, a), (1, b)) for a, b in cells]
    keys = [*found.keys, *beneath]
    system, shown = finest(keys), np.append(~found.hidden, np.zeros(len(keys) - len(found.keys), bool))
    counts = np.append(found.counts[:, 0], np.zeros(len(keys) - len(found.keys), int))
    possible = every_value(system, counts, shown, sum(inner) + least)
    for n in np.flatnonzero(found.hidden):
        assert np.ptp(possible[:, n]) >= (least if counts[n] < least else 1)
