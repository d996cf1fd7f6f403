"""Only scorers that read nothing protected take part; the others are not even run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.batch import FloatArray, Scored
from matchengine.components import ScorerSpec, scorer
from matchengine.learning.features import (
    COLUMNS,
    PAIRS,
    PROTECTED,
    learnable_kind,
    reads_protected,
    rows_of,
    table_of,
    why_not,
)
from matchengine.learning.preferences import Preference
from matchengine.pool.inputs import known_inputs
from matchengine.pool.sensitive import TOKEN_COLUMNS
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS
from matchengine.registry import ActiveScorer, Registry
from tests.learning.programme import loaded
from tests.properties.populations import Offers
from tests.support import WordsPlugin, engine, mentee, mentor

RAN: list[str] = []


@scorer("nosy", block="relate")
def nosy(requester_barriers: FloatArray) -> Scored:
    """Read what is protected."""
    RAN.append("nosy")
    return Scored(np.full(len(requester_barriers), 0.5))


NOSY = """
[match.mentor.scorers.nosy]
use = "nosy"
block = "relate"
[match.mentor.scorers.shared]
use = "intersectional_fit"
"""


def test_nothing_protected_is_on_the_list_of_what_may_be_learned_from() -> None:
    protected = SENSITIVE_PERSON_FIELDS | set(TOKEN_COLUMNS) | PROTECTED
    assert not COLUMNS & protected
    assert not PAIRS & protected
    assert protected <= PROTECTED | SENSITIVE_PERSON_FIELDS


@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_every_input_that_may_be_learned_from_exists_and_all_others_are_barred(kind: str) -> None:
    made = engine()
    made.load([mentee("a"), mentor("m")])
    scene = made._scene(kind)
    known = known_inputs(scene.pool, scene.kind.sides)
    stems = {name.partition("_")[2] for name in known if not name.startswith("items_")}
    barred = stems - COLUMNS - PAIRS
    assert {"barriers", "age_band", "attributes", "anchors", "vetted", "adult", "existing", "must_not"} <= barred
    assert {
        "household",
        "line_manager",
        "free_places",
        "visits",
        "do_not_rematch",
        "safety_needs",
        "norm_needs",
    } <= barred
    if kind == "mentor":
        assert stems >= PAIRS
        assert {"shared_wishes", "must_share"} <= barred
    else:
        assert {"suspended", "norms", "safety_items"} <= barred


def test_no_shipped_scorer_that_reads_a_sensitive_field_and_no_lift_takes_part() -> None:
    seen: dict[bool, set[str]] = {True: set(), False: set()}
    for spec in Registry(["builtin"]).specs("scorer"):
        assert isinstance(spec, ScorerSpec)
        block = None if spec.role == "lift" else spec.block
        takes_part = why_not(ActiveScorer(spec.name, spec, {}, block, 1.0)) is None
        assert not (takes_part and (spec.role == "lift" or reads_protected(spec.inputs)))
        seen[takes_part].add(spec.name)
    assert {"semantic_reciprocal", "values_overlap", "style_fit", "feasibility", "interest_affinity"} <= seen[True]
    assert {"intersectional_fit", "cross_generational", "low_threshold", "anchors"} & seen[True] == set()
    assert {"intersectional_fit", "cross_generational"} <= seen[False]


def test_a_scorer_that_does_not_take_part_is_not_run_and_its_inputs_are_not_made() -> None:
    RAN.clear()
    made = engine(NOSY, plugins=[Offers(nosy)])
    made.load([mentee("a"), mentor("m"), mentor("n")])
    assert RAN
    RAN.clear()
    scene = made._scene("mentor")
    assert {s.name for s in learnable_kind(scene.kind).scorers} == {
        "goals",
        "interests",
        "values",
        "style",
        "practical",
    }
    table = table_of(scene, [Preference("a", ("a", "m"), ("a", "n"), "ranking", 1.0)])
    assert RAN == []
    assert table.values.shape == (2, 5)


def test_who_is_not_known_or_does_not_take_part_is_left_out_and_counted() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m"), mentor("n"), mentee("b")])
    scene = made._scene("mentor")
    given = [
        Preference("a", ("a", "m"), ("a", "n"), "ranking", 1.0),
        Preference("a", ("a", "m"), ("a", "gone"), "ranking", 1.0),
        Preference("a", ("a", "b"), ("a", "n"), "ranking", 1.0),  # b mentors nobody
        Preference("m", ("m", "n"), ("a", "n"), "ranking", 1.0),  # m looks for nobody
    ]
    table = table_of(scene, given)
    assert (len(table.preferences), table.unknown) == (1, 3)
    assert rows_of(scene, [("a", "b"), ("a", "m")]).keys() == {("a", "m")}
    assert len(table_of(scene, []).preferences) == 0


def test_values_are_those_of_the_engine_and_the_unknown_stays_unknown() -> None:
    made: Any = loaded(8, 4, plugins=[WordsPlugin()][:0])
    made.upsert(me.Person.model_validate(mentor("m0", values=[])))
    scene = made._scene("mentor")
    table = table_of(scene, [Preference("a0", ("a0", "m0"), ("a0", "m1"), "ranking", 1.0)])
    column = [s.name for s in table.kind.scorers].index("values")
    assert np.isnan(table.values[table.better[0], column])
    assert not np.isnan(table.values[table.worse[0], column])
