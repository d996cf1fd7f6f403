"""Scorers of history are learned from what was known before, and never from what became of the very pairs compared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.learning.before import history_of, known_then
from matchengine.learning.features import Table
from matchengine.learning.preferences import Said
from matchengine.learning.proposal import learning_table
from matchengine.records import Feedback, Relationship
from matchengine.records.plan import Ranking
from tests.learning.programme import learned, loaded, weights_of
from tests.learning.test_preferences import MENTOR, said, tie

HISTORY = '\n[match.mentor.scorers.history]\nuse = "mutual_acceptance"\nblock = "relate"\nweight = 0.35\n'
MENTORS, PEOPLE, ROUNDS = 12, 42, 3
LIKED = 6
"""Mentors below this number are liked by nearly everybody."""


def lived(rounds: int = ROUNDS, seed: int = 0, start: int = 0) -> tuple[list[Relationship], list[Feedback]]:
    """Every mentee meets three mentors a round, half a year apart, and likes those whom everybody likes."""
    rng = np.random.default_rng([seed, start])
    ties, answers = [], []
    for turn in range(start, rounds):
        day = date(2020, 1, 6) + timedelta(days=182 * turn)
        for n in range(PEOPLE):
            for m in rng.choice(MENTORS, 3, replace=False).tolist():
                rating = int(np.clip((4.6 if m < LIKED else 1.4) + rng.normal(0, 0.5), 1, 5))
                ties.append(tie(f"a{n}", f"m{m}", "completed", started=day, ends=day + timedelta(days=80)))
                given = f"{day + timedelta(days=60)}T12:00:00Z"
                one = said(f"a{n}", f"m{m}", satisfaction=rating)
                other = said(f"m{m}", f"a{n}", perspective="candidate", satisfaction=int(rng.integers(3, 6)))
                answers += [Feedback.model_validate(each.model_dump() | {"given_at": given}) for each in (one, other)]
    return ties, answers


@pytest.fixture(scope="module")
def made() -> me.Engine:
    return loaded(PEOPLE, MENTORS, extra=HISTORY)


@pytest.fixture(scope="module")
def past() -> Said:
    return Said(*lived())


def of_people(told: Said, count: int) -> Said:
    """What the first of the people who look have to do with."""
    own = {f"a{n}" for n in range(count)}
    ties = [each for each in told.relationships if each.person_id in own]
    answers = [each for each in told.feedback if own & {each.person_id, each.about_id}]
    return Said(ties, answers, [each for each in told.rankings if each.person_id in own])


def of_history(table: Table) -> np.ndarray:
    return table.values[:, [s.name for s in table.kind.scorers].index("history")]


def test_with_a_date_everywhere_history_takes_part_and_is_learned(made: me.Engine, past: Said) -> None:
    got = learned(made, past)
    assert "history" in weights_of(got)
    assert "history" not in {each.name for each in got.not_learned}
    assert weights_of(got)["history"] > 0.35 / (1 + 0.35)  # more than its share: it is all that mattered here


@pytest.mark.parametrize("undated", ["tie", "answer", "ranking"])
def test_without_a_date_somewhere_history_has_no_part_and_the_reason_is_said(
    made: me.Engine, past: Said, undated: str
) -> None:
    ties, answers = list(past.relationships), list(past.feedback)
    lists: list[Ranking] = []
    if undated == "tie":
        ties[0] = ties[0].model_copy(update={"started": None, "ends": None})
    elif undated == "answer":
        answers[0] = answers[0].model_copy(update={"given_at": None})
    else:
        met = {each.other_id for each in ties if each.person_id == "a0"}
        never = [f"m{m}" for m in range(MENTORS) if f"m{m}" not in met]
        lists = [Ranking(person_id="a0", ranked=(*never, *met)[:2])]
        assert never, "a0 has met everybody; draw another history"
    told = Said(ties, answers, lists)
    assert "history" not in [scorer.name for scorer in learning_table(made._scene("mentor"), told).kind.scorers]
    got = learned(made, told) if undated == "tie" else learned(made, of_people(told, 20))  # too few to be fitted
    assert bool(got.weights) is (undated == "tie")
    assert "history" not in weights_of(got)
    why = {each.name: each.why for each in got.not_learned}
    assert "not everything that people compare has a date" in why["history"]


def test_what_happened_later_changes_no_feature_of_what_was_compared_before(made: me.Engine) -> None:
    """The leak test: the future is made up anew, and made the opposite; the values of the past stay as they were."""
    scene = made._scene("mentor")
    ties, answers = lived(rounds=2)
    later_ties, later = lived(rounds=3, seed=9, start=2)
    turned = [
        each.model_copy(
            update={"items": each.items.model_copy(update={"satisfaction": 6 - (each.items.satisfaction or 3)})}
        )
        for each in later
    ]
    tables = [
        learning_table(scene, Said([*ties, *more], [*answers, *told]))
        for more, told in (([], []), (later_ties, later), (later_ties, turned))
    ]
    known = []
    for table in tables:
        column, found = of_history(table), {}
        for each, better, worse in zip(table.preferences, table.better, table.worse, strict=True):
            if each.on is not None and each.on < date(2020, 12, 31):
                found[each.better, each.worse] = column[better], column[worse]
        known.append(found)
    assert len(known[0]) > 60
    assert any(not np.isnan(value) for pair in known[0].values() for value in pair)
    for other in known[1:]:
        shared = known[0].keys() & other.keys()
        assert len(shared) > 60
        for pair in shared:
            np.testing.assert_array_equal(known[0][pair], other[pair])


def test_the_outcome_of_what_is_compared_is_not_in_its_features(made: me.Engine, past: Said) -> None:
    """Everything is compared as of before the first of the two; read as of today it would know more."""
    scene = made._scene("mentor")
    first = Said(*lived(rounds=1))
    column = of_history(learning_table(scene, first))
    assert len(column) > 0
    assert np.isnan(column).all()  # before the first round nobody had answered anything


def test_the_pool_at_hand_is_not_changed(made: me.Engine, past: Said) -> None:
    scene = made._scene("mentor")
    before = scene.pool.ties.history.to_list()
    then = known_then(scene, past, date(2022, 1, 1))
    assert len(then.pool.ties.history) > 0
    assert scene.pool.ties.history.to_list() == before == [[], [], []]
    assert then.pool.derived is not scene.pool.derived


def test_what_is_compared_is_read_as_of_the_quarter_of_the_first_of_it() -> None:
    ties = [
        tie("a", "m", started="2026-01-20"), tie("a", "n", started="2026-03-01"), tie("a", "o", started="2026-07-01"),
    ]  # fmt: skip
    found = history_of(MENTOR, Said(ties), [("a", "m"), ("a", "n"), ("a", "o")])
    assert found is not None
    assert found.day([("a", "n")]) == date(2026, 1, 20)  # the quarter's first pair
    assert found.day([("a", "o")]) == date(2026, 7, 1)
    assert found.day([("a", "o"), ("a", "n")]) == date(2026, 1, 20)
    assert history_of(MENTOR, Said(ties), [("a", "m"), ("a", "x")]) is None
    assert history_of(MENTOR, Said(ties), []) is None


def test_an_answer_before_the_match_began_is_the_first_day() -> None:
    early: Any = Feedback.model_validate(
        said("a", "m", satisfaction=4).model_dump() | {"given_at": "2026-01-05T00:00:00Z"}
    )
    found = history_of(MENTOR, Said([tie("a", "m", started="2026-02-01")], [early]), [("a", "m")])
    assert found is not None
    assert found.days == {("a", "m"): date(2026, 1, 5)}
