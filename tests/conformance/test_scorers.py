"""Every built-in scorer and constraint passes the kit, and the kit catches what it promises to catch."""

import numpy as np
import pytest

from matchengine.batch import Quotes, Ruled, Scored
from matchengine.components import ComponentSpec, constraint, scorer, specs_in
from matchengine.errors import PluginError
from matchengine.plugins.builtin import matchengine_components
from matchengine.testing import (
    CONSTRAINT_CHECKS,
    SCORER_CHECKS,
    CheckFailedError,
    CheckSkippedError,
    World,
    check_all,
    checks_for,
    parametrize_with_checks,
)
from matchengine.testing.privacy import CONSTRAINT_PRIVACY_CHECKS, SCORER_PRIVACY_CHECKS
from matchengine.testing.scorers import render

BUILTIN = [spec for spec in matchengine_components() if spec.kind in ("scorer", "constraint")]
CHECKS = {check.__name__: check for check in (*SCORER_CHECKS, *CONSTRAINT_CHECKS)}


@parametrize_with_checks(BUILTIN)
def test_builtin(spec, check):
    try:
        check(spec)
    except CheckSkippedError as skipped:
        pytest.skip(str(skipped))


@pytest.mark.parametrize("spec", BUILTIN, ids=lambda spec: spec.name)
@pytest.mark.parametrize(
    "world",
    [
        pytest.param(World(seed=1, missing=0.6), id="gappy"),
        pytest.param(World(seed=2, missing=0.1), id="full", marks=pytest.mark.slow),
    ],
)
def test_builtin_in_other_worlds(spec, world):
    assert check_all(spec, world=world) == []


def test_the_built_in_plugin_offers_each_name_once():
    names = [(spec.kind, spec.name) for spec in matchengine_components()]
    assert len(set(names)) == len(names)
    assert ("index", "numpy") in names
    always_on = {spec.name for spec in BUILTIN if getattr(spec, "always_on", False)}
    assert {"not_self", "boundaries", "do_not_rematch", "minors", "vetting", "capacity", "group_safety"} <= always_on


def gap(requester_experience_years, candidate_experience_years):
    return np.exp(-(((candidate_experience_years - requester_experience_years - 8) / 6) ** 2)).astype(np.float64)


@scorer("good", says="about {years:.0f} years apart")
def good(requester_experience_years, candidate_experience_years, *, width: float = 6.0):
    value = gap(requester_experience_years, candidate_experience_years)
    return Scored(value, years=np.abs(candidate_experience_years - requester_experience_years))


@scorer("bare_array")
def bare_array(requester_experience_years, candidate_experience_years):
    return gap(requester_experience_years, candidate_experience_years)


@scorer("python_loop")
def python_loop(requester_experience_years, candidate_experience_years):
    both = zip(requester_experience_years, candidate_experience_years, strict=True)
    return Scored(np.array([float(one + other) / 50 for one, other in both]))


@scorer("batch_normalising")
def batch_normalising(candidate_experience_years):
    spread = np.nanmax(candidate_experience_years, initial=0) - np.nanmin(candidate_experience_years, initial=1)
    return Scored(candidate_experience_years / np.maximum(spread, 1))


@scorer("zero_for_missing")
def zero_for_missing(candidate_experience_years):
    return Scored(np.nan_to_num(candidate_experience_years) / 25)


@scorer("zero_for_one_missing")
def zero_for_one_missing(candidate_experience_years, pair_language):
    return Scored(candidate_experience_years / 25 * np.nan_to_num(pair_language))


@scorer("writes_its_input")
def writes_its_input(candidate_experience_years):
    candidate_experience_years /= 25
    return Scored(candidate_experience_years)


@scorer("wrong_shape")
def wrong_shape(candidate_style):
    return Scored((candidate_style + 2) / 4)


@scorer("out_of_range")
def out_of_range(candidate_experience_years):
    return Scored(candidate_experience_years / 10)


@scorer("sure_beyond_measure")
def sure_beyond_measure(candidate_experience_years):
    return Scored(candidate_experience_years / 25, confidence=candidate_experience_years)


@scorer("always_silent")
def always_silent(candidate_experience_years):
    return Scored(np.full(len(candidate_experience_years), np.nan))


RANDOM = np.random.default_rng(0)


@scorer("random")
def random(candidate_experience_years):
    return Scored(RANDOM.random(len(candidate_experience_years)) + 0 * candidate_experience_years)


@scorer("wrongly_monotone", monotone={"candidate_experience_years": 1})
def wrongly_monotone(requester_experience_years, candidate_experience_years):
    return Scored(gap(requester_experience_years, candidate_experience_years))


@scorer("monotone_in_nothing", monotone={"pair_distance_km": -1})
def monotone_in_nothing(candidate_experience_years):
    return Scored(candidate_experience_years / 25)


@scorer("not_symmetric", symmetric=True)
def not_symmetric(requester_experience_years, candidate_experience_years):
    return Scored(gap(requester_experience_years, candidate_experience_years))


@scorer("depends_on_its_place")
def depends_on_its_place(candidate_experience_years):
    return Scored(candidate_experience_years * np.linspace(0, 1, len(candidate_experience_years)) / 25)


@scorer("cannot_be_empty")
def cannot_be_empty(candidate_experience_years):
    return Scored(candidate_experience_years / (25 + 0 * candidate_experience_years[0:1].max()))


@scorer("says_what_it_lacks", says="{years:.0f} years")
def says_what_it_lacks(candidate_experience_years):
    return Scored(candidate_experience_years / 25)


@scorer("never_says_it", says="{years:.0f} years, {text}")
def never_says_it(candidate_experience_years):
    nothing = np.full(len(candidate_experience_years), -1, np.int32)
    return Scored(
        candidate_experience_years / 25, years=candidate_experience_years, text=Quotes("candidate", "offers", nothing)
    )


@scorer("wrong_default")
def wrong_default(candidate_experience_years, *, width: float = "wide"):  # type: ignore[assignment]
    return Scored(candidate_experience_years / 25)


@scorer("needs_own_rows")
def needs_own_rows(requester_experience_years, candidate_experience_years):
    if requester_experience_years.strides == (0,):
        return Scored(candidate_experience_years / 50)
    return Scored(candidate_experience_years / 25)


@scorer("lifts_the_silent", role="lift")
def lifts_the_silent(requester_attributes, candidate_attributes):
    asked, shared = requester_attributes != 0, (requester_attributes & candidate_attributes) != 0
    return Scored(np.where(asked.any(axis=1), np.where(shared.any(axis=1), 0.2, 0.1), np.nan))


@constraint("not_bool", reason="no")
def not_bool(candidate_free_places):
    return candidate_free_places


@constraint("refuses_the_unknown", reason="no place is free")
def refuses_the_unknown(candidate_free_places):
    return candidate_free_places > 0


@constraint("leaky", reason="not vetted", fails_closed=True)
def leaky(candidate_vetted):
    return candidate_vetted != 0


@constraint("nothing_to_confirm", reason="no place is free")
def nothing_to_confirm(candidate_free_places):
    return Ruled(candidate_free_places > 0, ~np.isnan(candidate_free_places))


@constraint("no_reason", reason="")
def no_reason(pair_same):
    return ~pair_same


BAD = [
    (python_loop, "check_work_is_constant"),
    (batch_normalising, "check_subset_invariance"),
    (zero_for_missing, "check_missing_abstains"),
    (zero_for_missing, "check_missing_is_not_zero"),
    (zero_for_one_missing, "check_missing_is_not_zero"),
    (writes_its_input, "check_inputs_not_written"),
    (wrong_shape, "check_shape"),
    (out_of_range, "check_range"),
    (sure_beyond_measure, "check_range"),
    (always_silent, "check_range"),
    (random, "check_determinism"),
    (wrongly_monotone, "check_monotone"),
    (monotone_in_nothing, "check_monotone"),
    (not_symmetric, "check_symmetric"),
    (depends_on_its_place, "check_order_invariance"),
    (cannot_be_empty, "check_empty_batch"),
    (says_what_it_lacks, "check_evidence_renders"),
    (never_says_it, "check_evidence_renders"),
    (wrong_default, "check_settings"),
    (needs_own_rows, "check_one_requester"),
    (lifts_the_silent, "check_lift_is_neutral"),
    (not_bool, "check_shape"),
    (refuses_the_unknown, "check_unknown_as_declared"),
    (leaky, "check_unknown_as_declared"),
    (nothing_to_confirm, "check_unknown_as_declared"),
    (no_reason, "check_unknown_as_declared"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
@pytest.mark.parametrize(("bad", "name"), BAD, ids=lambda x: getattr(x, "__name__", x))
def test_the_named_check_catches_a_bad_component(bad, name):
    (spec,) = specs_in(bad)
    assert name in {failure.check for failure in check_all(spec)}


def test_every_check_catches_something():
    privacy = {check.__name__ for check in (*SCORER_PRIVACY_CHECKS, *CONSTRAINT_PRIVACY_CHECKS)}
    assert set(CHECKS) - privacy == {name for _, name in BAD}  # the others have their own file of bad components


@pytest.mark.parametrize("fine", [good, bare_array], ids=["good", "bare_array"])
def test_a_good_component_passes_every_check(fine):
    (spec,) = specs_in(fine)
    assert check_all(spec) == []


def test_a_check_fails_on_its_own_with_what_it_saw():
    (spec,) = specs_in(out_of_range)
    with pytest.raises(CheckFailedError, match=r"value runs from .* to 2\.\d+; expected \[0, 1\]"):
        CHECKS["check_range"](spec)


def test_declared_failures_need_a_reason_and_must_fail():
    (spec,) = specs_in(out_of_range)
    assert check_all(spec, expected={"check_range": "scaled by the programme"}) == []
    stale = check_all(spec, expected={"check_range": "scaled", "check_shape": "it once was wrong"})
    assert [failure.check for failure in stale] == ["check_shape"]
    assert [f.check for f in check_all(spec, expected={"check_range": " "})] == ["check_range"]
    assert "check_rnage" in [f.check for f in check_all(spec, expected={"check_rnage": "misspelt"})]


def test_declared_failures_become_strict_expected_failures_of_pytest():
    (spec,) = specs_in(out_of_range)
    mark = parametrize_with_checks([spec], expected={"out_of_range": {"check_range": "scaled"}})
    marked = {p.id: p.marks for p in mark.mark.args[1]}
    assert marked["out_of_range-check_range"][0].kwargs == {"reason": "scaled", "strict": True}
    assert not marked["out_of_range-check_shape"]


def test_unusable_settings_are_a_failure():
    (spec,) = specs_in(good)
    assert check_all(spec, settings={"width": 3}) == []
    assert len(check_all(spec, settings={"wdith": 3})) == len(SCORER_CHECKS)


def test_columns_of_an_own_plugin_come_with_the_world():
    @scorer("mood")
    def mood(candidate_mood):
        return Scored(candidate_mood)

    (spec,) = specs_in(mood)
    assert "check_range" in {f.check for f in check_all(spec)}
    assert check_all(spec, world=World(columns={"mood": np.linspace(0, 1, 48)})) == []


def test_other_kinds_have_no_checks_yet():
    (spec,) = specs_in(good)
    with pytest.raises(PluginError, match="no checks for this kind"):
        checks_for(ComponentSpec("store", "mine", spec.build, spec.settings))  # type: ignore[arg-type]


def test_a_component_that_ends_the_process_fails_the_checks_and_not_the_kit():
    @scorer("leaves")
    def leaves(candidate_experience_years):
        raise SystemExit(0)

    (spec,) = specs_in(leaves)
    assert "check_shape" in {failure.check for failure in check_all(spec)}


def test_work_is_not_counted_under_a_tracer():
    import sys

    (spec,) = specs_in(good)
    before = sys.gettrace()
    sys.settrace(lambda *_: None)
    try:
        with pytest.raises(CheckSkippedError):
            CHECKS["check_work_is_constant"](spec)
        assert check_all(spec) == []
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("name", ["requester_experince_years", "pair_distnace_km", "items_neds_offers"])
def test_the_world_knows_its_inputs(name):
    with pytest.raises(PluginError, match="did you mean"):
        World().inputs([name], World().batch(3))


def test_worlds_are_seeded():
    names, world, again, other = ["candidate_experience_years"], World(4), World(4), World(5)
    one, same, different = (w.inputs(names, w.batch(50))[names[0]] for w in (world, again, other))
    assert np.array_equal(one, same, equal_nan=True)
    assert not np.array_equal(one, different, equal_nan=True)


def test_sentences_render_with_their_evidence():
    quote = Quotes("candidate", "offers", np.array([7, -1], np.int32))
    result = Scored(np.ones(2), years=np.array([3.0, 3.0]), offer=quote)
    assert render("{offer}: {years:.0f} years", result, 0) == "offers 7: 3 years"
    assert render("{offer}: {years:.0f} years", result, 1) is None
