"""No artefact of an engine holds a word of what people confided, whatever built-in component is at work (SEC5, I4)."""

import numpy as np
import pytest

from matchengine.batch import Scored
from matchengine.components import constraint, scorer, specs_in
from matchengine.engine import Engine
from matchengine.errors import PluginError
from matchengine.plugins.builtin import matchengine_components
from matchengine.testing import CheckFailedError
from matchengine.testing.artefacts import TOKENS, check_artefacts, sample_people
from matchengine.testing.privacy import PROTECTED

BUILTIN = [spec for spec in matchengine_components() if spec.kind in ("scorer", "constraint")]
CONFIDING = {spec.name for spec in BUILTIN if {name.partition("_")[2] for name in spec.inputs} & PROTECTED}
"""Components that read what people confide; the others are never handed it."""
DAILY = CONFIDING | {
    "semantic_reciprocal",
    "co_membership",
    "mutual_acceptance",
    "project_fit",
    "visibility",
    "boundaries",
}
"""These, and of the others one for each role and kind of candidates; every one has its turn in the slow suite."""


def test_the_daily_ones_are_of_every_role_and_kind():
    assert {"anchors_and_bridges", "low_threshold", "intersectional_fit", "must_share", "reachable"} <= CONFIDING
    daily = [spec for spec in BUILTIN if spec.name in DAILY]
    assert {(spec.kind, getattr(spec, "role", "")) for spec in daily} == {
        (spec.kind, getattr(spec, "role", "")) for spec in BUILTIN
    }


@pytest.mark.parametrize(
    "spec",
    [pytest.param(spec, id=spec.name, marks=[] if spec.name in DAILY else [pytest.mark.slow]) for spec in BUILTIN],
)
def test_builtin(spec):
    check_artefacts(spec, Engine)


@scorer("tells_barriers", says="they are held back by transport{held?}")
def tells_barriers(candidate_barriers):
    held = candidate_barriers.max(axis=1)
    return Scored(1 - held, held=np.where(held > 0, 1.0, np.nan))


@scorer("tells_an_age", says="they belong to band {band:.0f}")
def tells_an_age(candidate_age_band):
    return Scored(candidate_age_band / 7, band=candidate_age_band)


@scorer("tells_in_other_words", says="they have told us more than most{more?}")
def tells_in_other_words(candidate_barriers):
    return Scored(np.full(len(candidate_barriers), 0.5), more=np.where(np.isnan(candidate_barriers[:, 0]), np.nan, 1.0))


@scorer("decodes", says=f"they are {TOKENS[0]}")
def decodes(candidate_career_stage):
    return Scored(np.full(len(candidate_career_stage), 0.5))


@scorer("logs")
def logs(candidate_barriers):
    import logging

    logging.getLogger("mine").debug("with transport: %s", candidate_barriers)
    return Scored(np.full(len(candidate_barriers), 0.5))


@constraint("tells_why", reason="they need help with transport", told_to=("requester", "candidate", "coordinator"))
def tells_why(candidate_barriers):
    return ~(np.nan_to_num(candidate_barriers).max(axis=1) > 0)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (tells_barriers, "holds a word of what somebody confided"),
        (tells_an_age, "reads differently"),
        (tells_in_other_words, "reads differently"),
        (decodes, "holds a word"),
        (logs, "log holds a word"),
        (tells_why, "explanation of .* holds a word"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_a_component_that_tells_is_caught(bad, told):
    (spec,) = specs_in(bad)
    with pytest.raises(CheckFailedError, match=told):
        check_artefacts(spec, Engine)


@scorer("decent_lift", role="lift")
def decent_lift(requester_attributes, candidate_attributes):
    return Scored(0.2 * ((requester_attributes & candidate_attributes) != 0).any(axis=1))


def test_a_decent_lift_moves_the_order_and_nothing_else():
    (spec,) = specs_in(decent_lift)
    check_artefacts(spec, Engine)


def test_the_lift_of_the_sample_does_something():
    """Otherwise the check above would prove nothing: the sample is one in which lifts act."""
    people, grants = sample_people(frozenset({"requester", "candidate"}))
    from matchengine.testing.artefacts import _engine

    (spec,) = specs_in(decent_lift)
    made = _engine(spec, Engine, None, "mentor")
    made.load(people=people, consents=grants)
    scene = made._scene("sample")
    _raw, table = scene.table(scene.everybody(0)[0].batch)
    assert (table.lift > 0).any()
    assert (table.lift == 0).any()


class LiftsTheNumbers(Engine):
    """An engine that shows what lifts add."""

    def suggest(self, requester_id, kind, k=5, viewer="requester"):
        given = super().suggest(requester_id, kind, k, viewer)
        return [s.model_copy(update={"score": round(s.score + len(given) / (1 + s.rank), 2)}) for s in given]


def test_a_lift_that_shows_in_a_number_is_caught():
    (spec,) = specs_in(decent_lift)
    with pytest.raises(CheckFailedError, match=r"suggestion of .* reads differently"):
        check_artefacts(spec, LiftsTheNumbers)


def test_other_kinds_have_no_artefacts():
    index = next(spec for spec in matchengine_components() if spec.kind == "index")
    with pytest.raises(PluginError, match="artefacts are checked for scorers and constraints"):
        check_artefacts(index, Engine)


def test_a_component_that_fits_nobody_is_told_so():
    @scorer("mood")
    def mood(candidate_mood):
        return Scored(candidate_mood)

    (spec,) = specs_in(mood)
    with pytest.raises(PluginError, match="'mood' fits no kind of match"):
        check_artefacts(spec, Engine)
