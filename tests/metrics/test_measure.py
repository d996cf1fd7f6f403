"""Names, settings, signatures, and what is stopped at the boundary (evaluation.md 3.4)."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from matchengine.batch import FloatArray
from matchengine.comparison import Case
from matchengine.comparison_components import metric
from matchengine.components import specs_in
from matchengine.errors import ConfigError, DataError, PluginError
from matchengine.metrics import METRICS
from matchengine.metrics.measure import Measured, NotApplicable, measure, needed
from matchengine.metrics.parse import parse_metric, specs_of
from matchengine.metrics.signature import definition, signature
from matchengine.registry import Registry
from tests.metrics.lists import NAN, case_of, drawn

SPECS = list(specs_in(*(importlib.import_module(f"matchengine.metrics.{name}") for name in METRICS)))
CASE = Case(drawn(1, people=20, decimals=1))


def test_every_module_that_offers_metrics_is_listed():
    package = importlib.import_module("matchengine.metrics")
    here = importlib.import_module("pkgutil").iter_modules(package.__path__)
    offering = {m.name for m in here if list(specs_in(importlib.import_module(f"matchengine.metrics.{m.name}")))}
    assert offering == set(METRICS)
    assert len(METRICS) == len(set(METRICS))


def test_every_metric_says_in_words_what_it_is():
    names = [spec.name for spec in SPECS]
    assert len(names) == len(set(names))
    assert len({spec.title for spec in SPECS}) == len(SPECS)
    for spec in SPECS:
        assert spec.summary, spec.name
        assert spec.title != spec.name.replace("_", " "), spec.name
        assert spec.needs, spec.name


def test_the_signature_of_the_specification():
    wanted = parse_metric(SPECS, "ndcg@5")
    assert signature(wanted.spec, wanted.settings, 312) == (
        "ndcg@5|gain=linear|disc=log2(r+1)|ties=avg|missing=0|norel=skip|cand=eligible|n=312|v=1"
    )


def test_the_signature_tells_every_setting_that_was_changed():
    plain = parse_metric(SPECS, "ndcg@5")
    told = {definition(plain.spec, plain.settings)}
    for text in ("ndcg@6", "ndcg", "ndcg@5(gain=exponential)", "ndcg@5(ties=worst)", "ndcg@5(unknown=condensed)"):
        wanted = parse_metric(SPECS, text)
        told.add(definition(wanted.spec, wanted.settings))
    lots = [parse_metric(SPECS, f"ndcg@5(ties=lottery, seed={seed})") for seed in (0, 4)]
    told |= {definition(wanted.spec, wanted.settings) for wanted in lots}
    assert len(told) == 8


def test_a_registry_serves_as_well():
    @metric("own", title="Own")
    def own(case: Case) -> FloatArray:
        """One for everybody."""
        return np.ones(case.lists.people)

    class Plugin:
        @staticmethod
        def matchengine_components():
            return specs_in(own)

    from matchengine.hookspecs import hookimpl

    Plugin.matchengine_components = staticmethod(hookimpl(Plugin.matchengine_components))
    registry = Registry([], extra=[Plugin])
    assert list(specs_of(registry)) == ["own"]
    assert measure(registry, ["own"], CASE)["own"].mean == 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ndcg@5", "ndcg@5"),
        (" ndcg @ 5 ", "ndcg@5"),
        ("ndcg", "ndcg"),
        ("ndcg@5(gain=exponential)", "ndcg@5(gain=exponential)"),
        ("ndcg@5( ties = worst , gain=exponential )", "ndcg@5(gain=exponential, ties=worst)"),
        ("ndcg@5(gain=linear)", "ndcg@5"),
        ("rbo@10(persistence=0.8)", "rbo@10(persistence=0.8)"),
        ("unmatched_rate", "unmatched_rate"),
    ],
)
def test_a_metric_has_one_way_of_writing(text, label):
    wanted = parse_metric(SPECS, text)
    assert wanted.label == label
    assert parse_metric(SPECS, wanted.label) == wanted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ndgc@5", "did you mean 'ndcg'"),
        ("recall", "needs a depth"),
        ("unmatched_rate@5", "has no depth"),
        ("ndcg@five", "k"),
        ("ndcg@0", "k"),
        ("ndcg@-1", "k"),
        ("ndcg@5(gian=linear)", "did you mean 'gain'"),
        ("ndcg@5(gain=cubic)", "gain"),
        ("ndcg@5(gain)", "name=value"),
        ("ndcg@5(gain=linear, gain=linear)", "each setting once"),
        ("ndcg(k=5)", "after '@'"),
        ("ndcg@5(gain=linear", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(text, told):
    with pytest.raises(ConfigError, match=told):
        parse_metric(SPECS, text)


def test_all_names_are_read_before_anything_is_measured():
    calls = []

    @metric("counted", title="Counted")
    def counted(case: Case) -> FloatArray:
        calls.append(1)
        return np.ones(case.lists.people)

    with pytest.raises(ConfigError, match="nonsense"):
        measure(specs_in(counted), ["counted", "nonsense"], CASE)
    assert not calls


def test_measured_in_the_order_asked_for_with_counts():
    case = case_of([(NAN, 1.0)], [(0.9, 1.0), (0.1, 0.0)], [(0.5, 0.0)])
    found = measure(SPECS, ["rr", "ndcg@1", "rr", "coverage@1", "success_for_candidates@1"], case)
    assert list(found) == ["rr", "ndcg@1", "coverage@1", "success_for_candidates@1"]
    ndcg = found["ndcg@1"]
    assert isinstance(ndcg, Measured)
    assert (ndcg.mean, ndcg.excluded, ndcg.missing, ndcg.level, ndcg.better) == (0.5, 1, 1, "person", "higher")
    assert "|n=2|" in ndcg.signature
    lacking = found["success_for_candidates@1"]
    assert isinstance(lacking, NotApplicable)
    assert "reverse" in lacking.reason


def test_a_metric_sees_only_what_it_declares():
    seen = {}

    @metric("nosy", title="Nosy", needs=("seats",))
    def nosy(case: Case) -> FloatArray:
        seen.update(vars(case))
        return np.ones(case.lists.people)

    case = Case(
        CASE.lists, reverse=CASE.lists.exchanged(), seats=np.ones(12), probability=np.ones(len(CASE.lists.person))
    )
    measure(specs_in(nosy), ["nosy"], case)
    assert {name for name, part in seen.items() if part is not None and not (isinstance(part, tuple) and not part)} == {
        "lists",
        "seats",
    }
    assert needed(next(specs_in(nosy)), case).probability is None


def test_work_is_shared_between_metrics_of_the_same_lists_and_not_with_others():
    case = Case(drawn(3))
    measure(SPECS, ["ndcg@3", "rr", "recall@3"], case)
    assert len(case.lists.__dict__["_measured"]) == 1
    assert "_measured" not in case.lists.scored(-case.lists.score).__dict__


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda n: np.ones(n + 1), "returned float64"),
        (lambda n: np.ones((n, 1)), "returned float64"),
        (lambda n: np.ones(n, np.float32), "returned float32"),
        (lambda n: [1.0] * n, "returned list"),
        (lambda n: 1.0, "returned float"),
        (lambda n: np.full(n, 1.001), "outside of 0 to 1"),
        (lambda n: np.full(n, -0.001), "outside of 0 to 1"),
        (lambda n: np.full(n, np.inf), "outside of 0 to 1"),
        (lambda n: 1 // 0, "ZeroDivisionError"),
    ],
)
def test_a_metric_that_breaks_its_promise_is_stopped_and_named(answer, told):
    @metric("outside", title="Outside")
    def outside(case: Case) -> FloatArray:
        return answer(case.lists.people)

    with pytest.raises(PluginError, match="metric 'outside'.*" + told):
        measure(specs_in(outside), ["outside"], CASE)


def test_an_infinite_value_is_refused_even_where_there_is_no_upper_end():
    @metric("boundless", title="Boundless", highest=float("inf"))
    def boundless(case: Case) -> FloatArray:
        return np.full(case.lists.people, np.inf)

    with pytest.raises(PluginError, match="outside of"):
        measure(specs_in(boundless), ["boundless"], CASE)


def test_differences_of_the_same_figure_alone():
    other = Case(CASE.lists.scored(-CASE.lists.score))
    names = ["ndcg@5", "ndcg@5(gain=exponential)", "ndcg@4"]
    one, two = measure(SPECS, names, CASE), measure(SPECS, names, other)
    difference = one["ndcg@5"] - two["ndcg@5"]
    assert np.nanmean(difference) == pytest.approx(one["ndcg@5"].mean - two["ndcg@5"].mean)
    assert (one["ndcg@5"] - one["ndcg@5"])[one["ndcg@5"].counted].tolist() == [0] * int(one["ndcg@5"].counted.sum())
    for name in names[1:]:
        with pytest.raises(DataError, match="cannot be compared"):
            one["ndcg@5"] - two[name]


def test_differences_need_the_same_units():
    small = measure(SPECS, ["rr"], case_of([(0.9, 1.0)], [(0.9, 1.0)]))["rr"]
    shorter = measure(SPECS, ["rr"], case_of([(0.9, 1.0)]))["rr"]
    fewer = measure(SPECS, ["rr"], case_of([(0.9, 1.0)], [(0.9, 0.0)]))["rr"]
    with pytest.raises(DataError, match="2 and 1 units"):
        small - shorter
    with pytest.raises(DataError, match="1 units have a value with one strategy alone"):
        small - fewer
    assert small.minus(fewer, common=True) == pytest.approx([0, NAN], nan_ok=True)
