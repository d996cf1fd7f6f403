"""Which groups the same people join: formulas, what is left out, what no membership can be evidence for."""

from __future__ import annotations

from datetime import date
from math import sqrt
from typing import Any

import numpy as np
import pytest
from tests.history_support import crowd, feature, history_engine, members, town, with_settings
from tests.support import group

from matchengine.pool.history import HistorySettings
from matchengine.pool.history_groups import (
    close_by_joining,
    closeness,
    held_back,
    in_common,
    says_nothing_sensitive,
    without,
)
from matchengine.records import Event, Group, Organisation, Project, Resource

TOWN = crowd("ab", each=8) | crowd("bc", "cd", each=6) | crowd("a", "d", each=5) | {"new": "a", "cold": ""}


def test_closeness_is_a_shrunk_cosine() -> None:
    both, one, other = np.array([6.0, 0.0, 60.0]), np.array([9.0, 9.0, 60.0]), np.array([16.0, 16.0, 60.0])
    expected = [6 / 11 * 6 / sqrt(144), 0, 60 / 65]
    assert closeness(both, one, other, 5.0) == pytest.approx(expected)
    assert closeness(both, one, other, 0.0) == pytest.approx([0.5, 0, 1])


def test_fewer_common_members_than_the_floor_do_not_count() -> None:
    joined = np.zeros((20, 3), np.bool_)
    joined[:10, 0], joined[:5, 1], joined[6:10, 2], joined[15:, 2] = True, True, True, True
    assert in_common(joined, 5).tolist() == [[10, 5, 0], [5, 5, 0], [0, 0, 9]]


def test_ease_solves_its_equations() -> None:
    """B minimises ‖X − XB‖² + λ‖B‖² with a diagonal of 0 (Steck 2019): the gradient off the diagonal vanishes."""
    rng = np.random.default_rng(3)
    joined = rng.random((200, 6)) < 0.5
    both = in_common(joined, 5)
    assert (both > 0).all()
    settings = HistorySettings(model="ease", ridge=0.7)
    weights = close_by_joining(both, settings)
    gram, penalty = joined.T.astype(float) @ joined, 0.7 * np.diag(both).mean()
    gradient = gram @ weights - gram + penalty * weights
    assert np.abs(gradient[~np.eye(6, dtype=bool)]).max() < 1e-8
    assert np.diag(weights).tolist() == [0] * 6


def test_many_groups_are_compared_by_the_cosine_even_under_ease() -> None:
    both = in_common(np.random.default_rng(3).random((200, 6)) < 0.5, 5)
    few = close_by_joining(both, HistorySettings(model="ease", largest=5))
    assert np.array_equal(few, close_by_joining(both, HistorySettings()))


def test_what_is_widespread_is_held_back() -> None:
    members = np.array([5.0, 10.0, 40.0])
    assert held_back(members, 0.0).tolist() == [1, 1, 1]
    assert held_back(members, 1.0) == pytest.approx([2, 1, 0.25])
    assert held_back(members, 0.5) == pytest.approx([sqrt(2), 1, 0.5])


def test_groups_that_the_same_people_joined_come_first() -> None:
    made = town(TOWN)
    b, c, d = feature(made, "group", "joined_together", "new", "bcd")
    assert b > c == d
    assert 0 < d < 0.5 < b < 1


def test_without_history_nothing_is_said() -> None:
    made = town(TOWN)
    assert np.isnan(feature(made, "group", "joined_together", "cold", "abcd")).all()


def test_a_new_or_small_group_is_not_put_down() -> None:
    made = town(TOWN | {"e1": "e", "e2": "e"}, {"f": {}})
    assert np.isnan(feature(made, "group", "joined_together", "new", "ef")).all()


def test_a_membership_is_no_evidence_for_itself() -> None:
    """What somebody who joined a group reaches for it is what they would reach had they not joined it."""
    joined = crowd("ab", each=8) | crowd("bc", "cd", "da", each=6)
    one, other = town(joined | {"who": "ab"}), town(joined | {"who": "a"})
    table, there = (made._pool.derived.co_membership() for made in (one, other))
    number = int(table.item_of["groups"][one._pool.tables["groups"].row_of["b"]])
    left, count = without(one._pool, table, one._pool.tables["people"].row_of["who"], number)
    a, b = (int(there.item_of["groups"][other._pool.tables["groups"].row_of[g]]) for g in "ab")
    assert (left, count) == (pytest.approx(there.close[a, b], abs=1e-11), 1)
    assert left < table.close[a, b]


def test_a_group_alone_in_somebodys_history_says_nothing_of_itself() -> None:
    made = town(TOWN)
    a, b = feature(made, "group", "joined_together", "new", "ab")
    assert np.isnan(a)
    assert not np.isnan(b)


def test_ease_says_nothing_of_groups_already_joined() -> None:
    made = with_settings(town(crowd("ab", "abc", "bc", each=8)), model="ease")
    values = feature(made, "group", "joined_together", "ab0", "abc")
    assert np.isnan(values[:2]).all()
    assert not np.isnan(values[2])


def test_a_long_history_counts_more_than_a_short_one() -> None:
    joined = crowd("abx", each=9) | crowd("cd", "ce", "de", each=6) | {"short": "a", "long": "ab"}
    made = town(joined)
    short, long = (feature(made, "group", "joined_together", who, "x")[0] for who in ("short", "long"))
    assert 0.5 < short < long
    with_settings(made, support=0)
    assert feature(made, "group", "joined_together", "short", "x")[0] > short


def test_until_a_day_only_what_happened_before_counts() -> None:
    """Memberships that began later, or at an unknown time, are outcomes: they must not be evidence."""
    made = history_engine()
    early, late = crowd("ab", "cd", each=6), crowd("ac", each=9)
    people = [{"id": who} for who in {**early, **late, "new": ""}]
    ties = [*members(early, started="2025-01-01"), *members(late, started="2026-01-01")]
    ties += members({"new": "a"}, started="2025-01-01") + members({"cd0": "a"})
    made.load(people, groups=[group(g) for g in "abcd"], relationships=ties)
    after = feature(made, "group", "joined_together", "new", "bc")
    before = feature(with_settings(made, until=date(2025, 6, 1)), "group", "joined_together", "new", "bc")
    assert after[1] > 0.5
    assert before[0] > 0.5 > before[1]
    assert np.isnan(feature(made, "group", "joined_together", "ac0", "b")).all()


def test_the_order_of_people_and_groups_does_not_matter() -> None:
    backwards = dict(reversed(TOWN.items()))
    one, other = town(TOWN), town(backwards)
    for who in ("new", "ab3", "cd1"):
        assert np.array_equal(
            feature(one, "group", "joined_together", who, "abcd"),
            feature(other, "group", "joined_together", who, "abcd"),
            equal_nan=True,
        )


def test_upsert_and_remove_act_at_once() -> None:
    made = town(crowd("ab", each=5) | crowd("cd", each=6) | {"new": "c"})
    from matchengine.records import Relationship

    made.upsert(Relationship(person_id="new", other_id="a", kind="membership"))
    assert feature(made, "group", "joined_together", "new", "b")[0] > 0.5
    made.remove("ab0")
    assert np.isnan(feature(made, "group", "joined_together", "new", "b")[0])
    assert not any("ab0" in pair for pair in made._pool.ties.history.memberships())


def test_a_saved_engine_knows_the_same(tmp_path: Any) -> None:
    made = town(TOWN)
    made.save(tmp_path / "saved")
    opened = history_engine()
    from matchengine.pool.saved import restore, state_of

    restore(opened._pool, *state_of(made._pool), same_embedder=True)
    for who in ("new", "ab3"):
        assert np.array_equal(
            feature(made, "group", "joined_together", who, "abcd"),
            feature(opened, "group", "joined_together", who, "abcd"),
            equal_nan=True,
        )


@pytest.mark.parametrize(
    ("harmless", "more"),
    [
        (True, {}),
        (True, {"kind": "library"}),
        (True, {"safety": {"items": ["moderation"]}}),
        *((False, {"kind": kind}) for kind in ("support", "self_help", "parents", "faith", "cultural", "advocacy")),
        (False, {"topic_risk": "B"}),
        (False, {"topic_risk": "C"}),
        (False, {"intended_for": ["carers"]}),
        (False, {"norms": ["women_only"]}),
        (False, {"norms": ["prayer_space"]}),
        (False, {"framing": "identity_focused"}),
        (True, {"framing": "topic_focused"}),
        (False, {"anchors": ["somewhere"]}),
        (False, {"admission": "closed"}),
        (False, {"safety": {"confidential": True}}),
        (False, {"safety": {"items": ["private_attendance"]}}),
        (False, {"suspended": True}),
    ],
    ids=str,
)
def test_which_memberships_say_nothing_sensitive(harmless: bool, more: dict[str, Any]) -> None:
    record = Group.model_validate({"id": "g", "title": "G", "kind": "hobby", **more})
    assert says_nothing_sensitive(record) is harmless


def test_events_and_projects_count_and_materials_and_organisations_do_not() -> None:
    assert says_nothing_sensitive(Event(id="e", title="E", kind="workshop"))
    assert not says_nothing_sensitive(Event(id="e", title="E", kind="protest"))
    assert says_nothing_sensitive(Project(id="p", title="P"))
    assert not says_nothing_sensitive(Resource(id="r", title="R", type="training"))
    assert not says_nothing_sensitive(Organisation.model_validate({"id": "o", "title": "O", "kind": "library"}))
