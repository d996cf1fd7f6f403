"""Asking one more question: what is tried is exact, nothing is written, nothing sensitive is asked or drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.batch import PairBatch
from matchengine.engine import Engine
from matchengine.errors import DataError, UnknownIdError
from matchengine.journey.ask import questions_worth_asking
from matchengine.journey.askable import ASKABLE
from matchengine.journey.hypothetical import WhatIf
from matchengine.matching.combine import combine
from matchengine.matching.constrain import passes
from matchengine.matching.score import score
from matchengine.records import Person
from matchengine.records import vocabulary as v
from matchengine.scene import Scene
from tests.support import EVENING, engine, group, mentee, mentor

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MORE = {
    "goals": "needs",
    "offers": "offers",
    "hopes_to_gain": "aims",
    "interests": "interests",
    "values": "values",
    "style": "style",
    "languages": "languages",
    "availability": "availability",
    "modes": "modes",
    "cadence": "cadence",
    "place": "place",
    "adult": "adult",
}
"""Fields of a record, and the question that fills each."""


def slot(day: str) -> dict[str, Any]:
    """Return two hours on one evening of the week."""
    return EVENING | {"rrule": f"FREQ=WEEKLY;BYDAY={day}"}


def answers(number: int) -> dict[str, Any]:
    """Return what one of many different people says of themselves."""
    words = ("sql", "paint", "bread", "law", "sail", "choir", "steel")
    word, day = words[number % 7], DAYS[number % 7]
    return {
        "goals": [{"text": f"learn {word} well"}],
        "offers": [{"text": f"{words[(number + 2) % 7]} for beginners", "level": 3}],
        "hopes_to_gain": f"{words[(number + 4) % 7]} with others",
        "interests": [{"text": f"{word} at night"}, {"text": "hiking"}],
        "values": [("care", "learning", "impact")[number % 3]],
        "style": {"directive_questioning": number % 5 - 2},
        "languages": [{"tag": ("en", "es")[number % 4 == 3], "level": "C1"}],
        "availability": [slot(day)],
        "cadence": {"every": "weekly", "minutes": 30 + 15 * (number % 5)},
        "modes": [("video", "in_person", "phone")[number % 3], "chat"],
        "place": {"geohash": ("gcpvj", "gcpvn", "u33db")[number % 3], "max_travel_minutes": 30},
    }


def programme(**changes: Any) -> Engine:
    """Return an engine with many different people; `changes` are those of mentee `a`, None taking a field out."""
    mentees = [mentee(f"a{n}", **answers(n)) for n in range(12)]
    mentors = [mentor(f"m{n}", **answers(n + 3), capacity={"mentor": 3}) for n in range(9)]
    own = {name: value for name, value in (mentee("a", **answers(1)) | changes).items() if value is not None}
    made = engine()
    made.load(
        [own, *mentees, *mentors], [group(f"g{n}", topics=[f"{answers(n)['goals'][0]['text']}"]) for n in range(4)]
    )
    return made


def scene_of(made: Engine, kind: str = "mentor") -> Scene:
    """Return the scene of a kind of match."""
    return made._scene(kind)


def test_what_is_missing_is_asked_and_nothing_else() -> None:
    asked = questions_worth_asking(scene_of(programme(availability=None, values=None)), "a", 9)
    assert {question.field for question in asked.questions} <= {"availability", "values"}
    assert "availability" in {question.field for question in asked.questions}
    assert questions_worth_asking(scene_of(programme()), "a", 9).questions == ()


def test_an_answer_that_no_scorer_reads_is_not_asked_for() -> None:
    made = programme(career_stage=None, comfort_rung=None, network=None)
    assert questions_worth_asking(scene_of(made), "a", 9).questions == ()


@pytest.mark.parametrize("field", MORE)
def test_what_is_tried_is_what_telling_would_give(field: str) -> None:
    """The score under somebody's answer is to the bit that of the person after they sent the same answer."""
    made = programme(**{field: None})
    scene = scene_of(made)
    pool, part = made._pool, ASKABLE[MORE[field]].part
    table = pool.tables["people"]
    candidates = np.flatnonzero(pool.members("people", scene.kind.sides.role))
    donors = np.array([table.row_of[f"a{n}"] for n in (2, 5, 9)])
    tried = WhatIf(scene, table.row_of["a"], donors, candidates, part)
    raw = score(scene.kind, tried)
    totals = combine(scene.kind, raw.values, raw.confidences, scene.neutral).total.reshape(3, -1)
    rules = np.stack([passes(rule, tried) for rule in scene.kind.constraints]).reshape(-1, 3, len(candidates))
    for position, number in enumerate((2, 5, 9)):
        theirs = mentee(f"a{number}", **answers(number))
        told = mentee("a", **answers(1)) | {name: theirs[name] for name in _fields(field)}
        made.upsert(Person.model_validate(told))
        scene = scene_of(made)
        batch = PairBatch.one_to_many(scene.pool.tables["people"].row_of["a"], candidates)
        np.testing.assert_array_equal(scene.table(batch)[1].total, totals[position])
        inputs = scene.inputs(batch)
        for rule, ruled in zip(scene.kind.constraints, rules, strict=True):
            np.testing.assert_array_equal(passes(rule, inputs), ruled[position], err_msg=rule.spec.name)


def _fields(field: str) -> tuple[str, ...]:
    return (field,)


def test_nothing_is_written() -> None:
    made = programme(availability=None, goals=None, languages=None)
    pool = made._pool
    before = {
        f"{name}.{column}": table.column(column).tobytes()
        for name, table in pool.tables.items()
        for column in table.names
    }
    texts = {key: list(field.texts) for key, field in pool.fields.items()}
    stamp, people = pool.generation, len(pool.tables["people"])
    suggested = made.suggest("a", "mentor")
    questions_worth_asking(scene_of(made), "a")
    assert (pool.generation, len(pool.tables["people"])) == (stamp, people)
    assert before == {
        f"{name}.{column}": table.column(column).tobytes()
        for name, table in pool.tables.items()
        for column in table.names
    }
    assert texts == {key: list(field.texts) for key, field in pool.fields.items()}
    assert made.suggest("a", "mentor") == suggested


def test_the_same_seed_gives_the_same_questions_whatever_the_order_of_people() -> None:
    first, second = programme(availability=None, goals=None), programme(availability=None, goals=None)
    one, other = (questions_worth_asking(scene_of(made), "a", 9) for made in (first, second))
    assert one == other
    people = [mentee("a", **answers(1)) | {"availability": [], "goals": []}]
    people += [mentee(f"a{n}", **answers(n)) for n in range(12)]
    people += [mentor(f"m{n}", **answers(n + 3), capacity={"mentor": 3}) for n in range(9)]
    for order in (people, people[::-1]):
        made = engine()
        made.load(order)
        got = questions_worth_asking(scene_of(made), "a", 9)
        assert [question.field for question in got.questions] == [question.field for question in one.questions]


def test_who_is_not_known_to_be_an_adult_is_asked_that_first() -> None:
    got = questions_worth_asking(scene_of(programme(adult=None, availability=None)), "a")
    assert not got.matchable
    assert got.questions[0].field == "adult"
    assert got.questions[0].reaches == got.questions[0].changes == 1
    assert got.questions[0].gain > 0
    assert "nobody can be suggested" in got.questions[0].text


def test_gain_and_shares_are_what_they_say() -> None:
    """Gain is the mean best score after an answer less that of now; a change is another set of first three."""
    made = programme(availability=None)
    scene = scene_of(made)
    [question] = questions_worth_asking(scene, "a", 9).questions
    now = [s.candidate_id for s in made.suggest("a", "mentor", 3)]
    best_now = max(s.score for s in made.suggest("a", "mentor", 3))
    best, changed = [], 0
    for number in range(12):
        told = mentee("a", **answers(1)) | {"availability": [slot(DAYS[number % 7])]}
        made.upsert(Person.model_validate(told))
        got = made.suggest("a", "mentor", 3)
        best.append(max((s.score for s in got), default=0.0))
        changed += {s.candidate_id for s in got} != set(now)
    assert made.fingerprint().generation > 1
    assert question.tried == 12
    assert question.changes == pytest.approx(changed / 12, abs=1e-3)
    assert question.gain == pytest.approx(np.mean(best) - best_now, abs=0.02)
    assert f"({changed} of 12 answers that others gave would do that)" in question.text


def test_too_few_answers_of_others_tell_nothing() -> None:
    made = engine()
    others = [mentee(f"b{n}", availability=[]) for n in range(9)] + [mentee(f"c{n}", **answers(n)) for n in range(4)]
    made.load([mentee("a", availability=[]), *others, *(mentor(f"m{n}", **answers(n)) for n in range(6))])
    got = questions_worth_asking(scene_of(made), "a")
    assert got.questions == ()
    assert got.unheard == ("availability",), "four answers would let single people show through"


def test_no_sensitive_field_is_asked_for_or_drawn_from() -> None:
    columns = {name for askable in ASKABLE.values() for name in askable.part.columns}
    texts = {name for askable in ASKABLE.values() for name in askable.part.texts}
    told = {*v.SENSITIVE_PERSON_FIELDS, "wished", "wish_level", "open_tokens", "partner_tokens", "must_share"}
    assert not (columns | texts | set(ASKABLE)) & told
    assert not {name for name in columns if name.startswith(("wish_", "joint_wish", "barrier"))}


def test_errors_say_who_is_meant() -> None:
    scene = scene_of(programme())
    with pytest.raises(UnknownIdError):
        questions_worth_asking(scene, "nobody")
    with pytest.raises(DataError, match="does not"):
        questions_worth_asking(scene, "m1")
    with pytest.raises(DataError, match="k is 0"):
        questions_worth_asking(scene, "a", 0)


def test_groups_have_questions_of_their_own() -> None:
    got = questions_worth_asking(scene_of(programme(interests=None, goals=None), "group"), "a", 9)
    assert {question.field for question in got.questions} <= {"interests", "needs"}
    assert got.questions


def test_nobody_to_suggest_is_no_error() -> None:
    made = engine()
    made.load([mentee("a", availability=[]), *(mentee(f"b{n}", **answers(n)) for n in range(9))])
    got = questions_worth_asking(scene_of(made), "a")
    assert (got.matchable, got.questions) == (False, ())


def test_in_a_large_programme_few_candidates_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchengine.journey.ask._CANDIDATES", 6)
    got = questions_worth_asking(scene_of(programme(availability=None)), "a")
    assert [question.field for question in got.questions] == ["availability"]
