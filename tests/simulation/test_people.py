"""Shares, what goes together, and who tells what (domain.md H11, B3, B4)."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.simulation import Knobs, populate
from matchengine.simulation.copula import DEPENDENCIES, column, draw
from matchengine.simulation.disclosure import DIMENSIONS
from matchengine.simulation.people import DAYPARTS, FLAGS
from tests.simulation.twins import records, twin

BIG = 3_000


@pytest.mark.parametrize("name", FLAGS)
def test_shares_are_those_of_the_knobs_and_smaller_among_mentors(name: str) -> None:
    knobs = Knobs(mentees=BIG, mentees_per_mentor=1.0, groups=0)
    population = populate(knobs, 5)
    shares = getattr(knobs, name)
    assert population.mentees.flag(name).mean() == pytest.approx(shares.mentees, abs=0.03)
    assert population.mentors.flag(name).mean() == pytest.approx(shares.mentors, abs=0.03)
    assert shares.mentors < shares.mentees


@pytest.mark.parametrize(("one", "other", "value"), DEPENDENCIES)
def test_what_goes_together_does(one: str, other: str, value: float) -> None:
    latent = draw(3, "test", 20_000)
    assert np.corrcoef(latent[:, column(one)], latent[:, column(other)])[0, 1] == pytest.approx(value, abs=0.05)


def test_variables_are_standard_normal_and_profiles_tell_nothing_by_their_length() -> None:
    latent = draw(3, "test", 20_000)
    assert np.allclose(latent.mean(axis=0), 0, atol=0.03)
    assert np.allclose(latent.std(axis=0), 1, atol=0.03)
    for name in ("wordiness", "blanks", "teaching"):
        others = [n for n in range(latent.shape[1]) if n != column(name)]
        assert np.abs(np.corrcoef(latent.T)[column(name), others]).max() < 0.04


def test_ratio_seats_and_size_follow_the_knobs() -> None:
    population = twin()
    assert (len(population.mentees), len(population.mentors), len(population.groups)) == (300, 120, 24)
    assert population.seats.min() >= 1
    assert population.seats.max() <= 6
    assert population.seats.mean() == pytest.approx(2.6, abs=0.35)
    assert np.median(population.seats) <= population.seats.mean()  # skewed to the right


def test_circumstances_shape_time_language_and_barriers() -> None:
    side = populate(Knobs(mentees=BIG, groups=0), 2).mentees
    evening = side.free.reshape(-1, 7, DAYPARTS)[:, :5, 2].sum(axis=1)
    assert evening[side.flag("caring")].mean() < 0.7 * evening[~side.flag("caring")].mean()
    assert side.free.any(axis=1).all()
    assert (side.first[~side.flag("migrated")] == 0).all()
    assert (side.first[side.flag("migrated")] > 0).all()
    for flag, kind in (("hardship", "cost"), ("caring", "childcare"), ("disability", "physical_access")):
        barrier = side.barriers[:, BARRIER_KINDS.index(kind)]
        assert barrier[side.flag(flag)].mean() > 2 * barrier[~side.flag(flag)].mean()
    weak = side.languages[:, 0] < 4
    language = side.barriers[:, BARRIER_KINDS.index("language")]
    assert language[weak].mean() > 2 * language[~weak].mean()


def test_needs_sum_to_one_and_competence_grows_with_the_stage() -> None:
    population = twin()
    assert np.allclose(population.mentees.need.sum(axis=1), 1.0)
    best = population.mentors.competence.max(axis=1)
    assert np.corrcoef(best, population.mentors.stage)[0, 1] > 0.5
    assert ((population.mentors.useful >= population.mentors.competence) & (population.mentors.useful <= 1)).all()


def test_the_length_of_a_profile_says_nothing_about_the_person() -> None:
    population, told = twin("W1", 1_000, 4, 0), records("W1", 1_000, 4, 0)
    mentors = [p for p in told["people"] if p.roles == ("mentor",)]
    length = np.array([sum(len(o.text) for o in p.offers) + len(p.mentoring_focus or "") for p in mentors])
    side = population.mentors
    for trait in (side.traits.warmth, side.traits.teaching, side.traits.reliability, side.competence.max(axis=1)):
        assert abs(np.corrcoef(length, trait)[0, 1]) < 0.12  # 400 mentors: 2.4 standard errors


def test_telling_depends_on_the_attribute_and_on_felt_safety() -> None:
    population, told = twin("W1", 1_000, 4, 0), records("W1", 1_000, 4, 0)
    side, people = population.mentees, {p.id: p for p in told["people"]}
    rates = {}
    for name, (dimension, value, _other) in DIMENSIONS.items():
        true = side.flag(name)
        tells = np.array([any(a.dimension == dimension for a in people[i].attributes) for i in side.ids])
        rates[name] = tells[true].mean()
        assert side.safety[true & tells].mean() > side.safety[true & ~tells].mean() + 0.2, name
        values = {a.value for i in side.ids for a in people[i].attributes if a.dimension == dimension}
        assert value in values
    assert rates["orientation"] < rates["disability"] + 0.1 < rates["woman"]
    assert rates["orientation"] < 0.45 < 0.7 < rates["woman"]


def test_nobody_tells_what_is_not_so_and_everything_told_has_its_grant() -> None:
    population, told = twin(), records()
    granted = {(g.person_id, g.field) for g in told["consents"] if g.purpose == "match"}
    people = {p.id: p for p in told["people"]}
    for side in (population.mentees, population.mentors):
        for row, person_id in enumerate(side.ids):
            person = people[person_id]
            for name, (dimension, value, _other) in DIMENSIONS.items():
                says = {a.value for a in person.attributes if a.dimension == dimension}
                assert (value not in says) or side.flag(name)[row]
                assert bool(says) == ((person_id, f"attributes.{dimension}") in granted)
            for field in ("lived_experience", "age_band", "barriers", "wishes"):
                assert bool(getattr(person, field)) == ((person_id, field) in granted)
    assert all(g.granted_at.year == 2024 and g.withdrawn_at is None for g in told["consents"])


def test_wishes_come_mostly_from_those_to_whom_it_matters() -> None:
    population, told = twin("W1", 1_000, 4, 0), records("W1", 1_000, 4, 0)
    wishes = np.array([bool(p.wishes) for p in told["people"][: len(population.mentees)]])
    matters = population.mentees.traits.reaction >= 1
    assert wishes[matters].mean() > 2.5 * wishes[~matters].mean() > 0


def test_groups_say_part_of_what_they_do() -> None:
    groups = twin("W1", 300, 1, 200).groups
    assert np.isnan(groups.told).mean() == pytest.approx(0.45, abs=0.05)
    told = records("W1", 300, 1, 200)["groups"]
    assert [len(g.supports) for g in told] == np.isfinite(groups.told).sum(axis=1).tolist()
    assert {g.topic_risk for g in told} == {"A", "B", "C"}
    assert all(g.safety is not None and g.safety.crisis_protocol for g in told if g.topic_risk != "A")
    kinds = {g.kind for g in told if g.topic_risk == "A"}
    assert len(kinds) > 5
