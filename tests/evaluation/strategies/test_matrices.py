"""Matrices: what scorers say, once, under a key that changes with everything that matters and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchengine.batch import PairBatch
from matchengine.engine import Engine
from matchengine.evaluation.strategies.matrices import matrices_key, read_matrices, seconds_alone, turned_kind
from matchengine.matching.score import score
from tests.evaluation.strategies.worlds import MENTEES, MENTORS, REVERSE, Programme, asked_of, records
from tests.support import WordsPlugin, config


def loaded(extra: str = "", people: list | None = None, text: str | None = None) -> Engine:
    made = Engine(config(extra) if text is None else config(text=text), plugins=[WordsPlugin()])
    made.load(records() if people is None else people)
    return made


def test_values_are_those_of_the_scorers() -> None:
    engine, asked = Programme().engine(""), asked_of()
    found = read_matrices(engine, "mentor", asked)
    scene = engine._scene("mentor")
    rows = [scene.pool.tables["people"].row_of[name] for name in asked.candidate_ids]
    for person in (0, 5):
        row = scene.pool.tables["people"].row_of[asked.requester_ids[person]]
        raw = score(scene.kind, scene.inputs(PairBatch.one_to_many(row, np.array(rows))))
        at = slice(asked.starts[person], asked.starts[person + 1])
        assert np.array_equal(found.values[at], raw.values, equal_nan=True)
        assert np.array_equal(found.confidences[at], raw.confidences)
    assert found.names == ("goals", "interests", "values", "style", "practical")
    assert found.eligible.all()
    assert found.found.all()
    assert found.seconds > 0


def test_single_precision_is_near_and_half_as_large() -> None:
    engine, asked = Programme().engine(""), asked_of()
    exact, single = (read_matrices(engine, "mentor", asked, single=narrow) for narrow in (False, True))
    assert single.values.dtype == np.float32
    assert single.values.nbytes * 2 == exact.values.nbytes
    assert np.nanmax(np.abs(single.values - exact.values)) < 1e-6
    assert single.key != exact.key


def test_who_is_unknown_or_ruled_out_is_not_eligible() -> None:
    people = records()
    people[1] = {**people[1], "roles": ["mentor"]}
    people[-1] = {**people[-1], "line_manager": "a00"}
    engine, asked = loaded(people=people), asked_of()
    strange = replace(asked, candidate_ids=("nobody", *asked.candidate_ids[1:]))
    found = read_matrices(engine, "mentor", strange).eligible.reshape(MENTEES, MENTORS)
    assert not found[:, 0].any()
    assert not found[1].any()
    assert found[2, 1:].all()
    assert not found[0, -1]
    assert found[0, 1:-1].all()


def test_only_some_pairs_of_an_asked_are_read() -> None:
    engine, asked = Programme().engine(""), asked_of()
    whole = read_matrices(engine, "mentor", asked)
    some = np.sort(np.random.default_rng(0).choice(len(asked), 60, replace=False))
    part = read_matrices(
        engine, "mentor", replace(asked, requester=asked.requester[some], candidate=asked.candidate[some])
    )
    assert np.allclose(part.values, whole.values[some], rtol=0, atol=1e-6, equal_nan=True)
    assert np.array_equal(whole.take(some).values, whole.values[some], equal_nan=True)


def test_the_key_is_the_same_for_the_same_and_for_other_weights() -> None:
    asked = asked_of()
    key = matrices_key(loaded(), "mentor", asked)
    assert key == matrices_key(loaded(people=records()[::-1]), "mentor", asked)
    other = config()
    scorers = dict(other.match["mentor"].scorers)
    scorers["goals"] = scorers["goals"].model_copy(update={"weight": 7.0})
    match = other.match["mentor"].model_copy(update={"scorers": scorers, "across": 1.0})
    reweighted = Engine(other.model_copy(update={"match": {**other.match, "mentor": match}}), plugins=[WordsPlugin()])
    reweighted.load(records())
    assert key == matrices_key(reweighted, "mentor", replace(asked, seed=99))


def test_the_key_changes_with_people_settings_and_pairs() -> None:
    asked = asked_of()
    keys = [
        matrices_key(loaded(), "mentor", asked),
        matrices_key(loaded(people=records()[:-1]), "mentor", asked),
        matrices_key(loaded(), "mentor", replace(asked, requester=asked.requester[1:], candidate=asked.candidate[1:])),
        matrices_key(loaded(), "mentor", replace(asked, candidate_ids=("x", *asked.candidate_ids[1:]))),
        matrices_key(loaded("[retrieve]\nlexical = 0.5\n"), "mentor", asked),
        matrices_key(loaded(REVERSE), "mentee", asked),
        matrices_key(loaded(), "mentor", asked, single=True),
    ]
    assert len(set(keys)) == len(keys)


def test_the_other_direction_is_found_by_its_roles() -> None:
    assert turned_kind(loaded(), "mentor") is None
    assert turned_kind(loaded(REVERSE), "mentor") == "mentee"
    assert turned_kind(loaded(REVERSE), "mentee") == "mentor"
    assert turned_kind(loaded(), "group") is None


def test_where_search_picks_candidates_others_are_not_found_and_weights_are_part_of_the_key() -> None:
    few = "[retrieve]\nshortlist = 10\ndense_up_to = 5\n"
    engine, asked = loaded(few), asked_of()
    found = read_matrices(engine, "mentor", asked)
    per_person = found.found.reshape(MENTEES, MENTORS).sum(axis=1)
    assert (per_person < MENTORS).all()
    assert (per_person >= 10).all()
    other = config(few)
    match = other.match["mentor"].model_copy(update={"blocks": {**other.match["mentor"].blocks, "need": 0.9}})
    reweighted = Engine(other.model_copy(update={"match": {"mentor": match}}), plugins=[WordsPlugin()])
    reweighted.load(records())
    assert matrices_key(reweighted, "mentor", asked) != found.key


def test_one_requester_alone_is_timed() -> None:
    engine, asked = Programme().engine(""), asked_of()
    found = seconds_alone(engine, "mentor", asked, [2, 5])
    assert (found[[2, 5]] > 0).all()
    assert np.isnan(np.delete(found, [2, 5])).all()
