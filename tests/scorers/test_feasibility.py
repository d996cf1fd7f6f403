"""Feasibility: time, language, distance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine.scorers.feasibility import distance_part, feasibility, time_part

NAN = np.nan
MAYBE_SHARE = st.one_of(st.just(NAN), st.floats(0, 1))
MAYBE_MINUTES = st.one_of(st.just(NAN), st.floats(0, 600))


def run(minutes=60.0, needed=60.0, apart=0.0, language=1.0, km=0.0, online=0.0, **settings):
    arrays = (np.array([x], np.float64) for x in (minutes, needed, apart, language, km, online))
    return feasibility(*arrays, **settings)


def test_all_known():
    result = run(minutes=30, language=0.8, km=5)
    assert result.value == pytest.approx([0.5**0.5 * 0.8**0.3 * 0.5**0.2])
    assert result.confidence == pytest.approx([1])
    assert result.evidence["hours"] == pytest.approx([0.5])


def test_distance_does_not_count_online():
    assert run(km=5000, online=1).value == pytest.approx([1])
    assert run(km=NAN, online=1).confidence == pytest.approx([1])
    assert run(minutes=30, language=0.8, online=1).value == pytest.approx([(0.5**0.5 * 0.8**0.3) ** (1 / 0.8)])


def test_unknown_parts_are_dropped_and_lower_the_confidence():
    result = run(language=NAN, km=NAN, minutes=15)
    assert result.value == pytest.approx([0.25])
    assert result.confidence == pytest.approx([0.5])
    assert run(online=NAN).confidence == pytest.approx([0.9])


def test_nothing_known_abstains():
    result = run(minutes=NAN, language=NAN, km=NAN)
    assert np.isnan(result.value).all()
    assert result.confidence == pytest.approx([0])


@pytest.mark.parametrize(("needed", "wanted"), [(120, 0.5), (60, 1), (NAN, 1)])
def test_the_need_counts_and_has_a_default(needed, wanted):
    assert run(needed=needed, time=1.0, language=NAN, distance=0.0).value == pytest.approx([wanted])


@pytest.mark.parametrize(("minutes", "wanted"), [(0, 0.5), (15, 0.5), (45, 0.75)])
def test_who_can_work_apart_is_not_ruled_out_by_time(minutes, wanted):
    assert run(minutes, apart=1, time=1.0, language=NAN, distance=0.0).value == pytest.approx([wanted])


def test_no_common_time_is_zero_and_not_said():
    result = run(minutes=0)
    assert result.value == pytest.approx([0])
    assert np.isnan(result.evidence["hours"]).all()


def test_exponents_of_zero_silence_a_part():
    assert run(minutes=0, time=0.0).value == pytest.approx([1])
    assert np.isnan(run(time=0.0, language=NAN, distance=0.0).value).all()


@given(minutes=MAYBE_MINUTES, language=MAYBE_SHARE, km=MAYBE_MINUTES, online=st.sampled_from([0, 1, NAN]))
def test_range(minutes, language, km, online):
    result = run(minutes, 60, NAN, language, km, online)
    assert np.isnan(result.value) | ((result.value >= 0) & (result.value <= 1))
    assert (result.confidence > 0) == ~np.isnan(result.value)
    assert result.confidence <= 1 + 1e-9


@given(minutes=st.floats(0, 600), more=st.floats(0, 600), km=st.floats(0, 100), further=st.floats(0, 100))
def test_more_time_helps_and_more_way_does_not(minutes, more, km, further):
    here = run(minutes=minutes, km=km).value
    assert run(minutes=minutes + more, km=km).value >= here - 1e-9
    assert run(minutes=minutes, km=km + further).value <= here + 1e-9


def test_parts_keep_unknown_unknown():
    assert np.isnan(time_part(np.array([NAN]), np.array([30.0]))).all()
    assert np.isnan(distance_part(np.array([NAN]), 5.0)).all()
    assert time_part(np.array([50.0]), np.array([0.0])) == pytest.approx([1])
