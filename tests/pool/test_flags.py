"""Safety flags: who counts as independent, the window, the review, and what is kept of whoever gave them (S4-13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from matchengine.pool.flags import Flags, suspended_column
from matchengine.pool.tables import Table
from matchengine.records import Feedback

KEY = b"k" * 32
START = datetime(2026, 3, 1, tzinfo=UTC)


def flag(person=None, day=0, about="g", kind="felt_unsafe", **more):
    answer = {"about_id": about, "wave": "30_days", "perspective": "requester", "items": {kind: True}}
    answer |= {"given_at": None if day is None else START + timedelta(days=day)}
    answer |= {"anonymous": True} if person is None else {"person_id": person}
    return Feedback.model_validate(answer | more)


def suspended(*answers, day=365):
    flags = Flags(KEY)
    for answer in answers:
        flags.add(answer)
    return sorted(flags.suspended(START + timedelta(days=day)))


@pytest.mark.parametrize("kind", ["felt_unsafe", "felt_competitive"])
def test_s4_13_two_people_within_60_days_suspend(kind):
    assert suspended(flag("a", 0, kind=kind), flag("b", 60)) == ["g"]
    assert suspended(flag("a", 0, kind=kind), flag("b", 61)) == []
    assert suspended(flag("a", 0, kind=kind)) == []


def test_two_flags_of_one_person_are_one():
    assert suspended(flag("a", 0), flag("a", 5, kind="felt_competitive"), flag("a", 9)) == []


def test_anonymous_answers_are_people_of_their_own_and_the_same_answer_counts_once():
    assert suspended(flag(None, 1), flag(None, 2)) == ["g"]
    assert suspended(flag(None, 1), flag(None, 1)) == []
    assert suspended(flag(None, 1), flag("a", 30)) == ["g"]


def test_other_answers_and_other_groups_do_not_add_up():
    calm = flag("c", 0).model_copy(update={"items": flag("c").items.model_copy(update={"felt_unsafe": False})})
    assert suspended(flag("a", 0), calm, flag("b", 1, about="h")) == []


def test_the_window_may_lie_anywhere_and_what_is_still_to_come_does_not_count():
    answers = [flag("a", 0), flag("a", 100), flag("b", 150)]
    assert suspended(*answers) == ["g"]
    assert suspended(*answers, day=149) == []
    assert suspended(*answers, day=150) == ["g"]


def test_undated_flags_always_count():
    assert suspended(flag("a", None), flag("b", 300)) == ["g"]
    assert suspended(flag("a", None), flag("b", None)) == ["g"]
    assert suspended(flag("a", None)) == []


def test_a_suspension_ends_with_a_review_and_not_by_itself():
    flags = Flags(KEY)
    for answer in (flag("a", 0), flag("b", 1), flag("c", None)):
        flags.add(answer)
    assert flags.suspended(START + timedelta(days=3000)) == {"g"}
    flags.review("g", START + timedelta(days=2))
    assert flags.suspended(START + timedelta(days=3000)) == set()
    flags.add(flag("a", 10))
    assert flags.suspended(START + timedelta(days=3000)) == set()
    flags.add(flag("d", 20))
    assert flags.suspended(START + timedelta(days=3000)) == {"g"}
    flags.review("g", START)
    assert flags.suspended() == {"g"}
    assert Flags.from_json(flags.to_json(), KEY).to_json() == flags.to_json()
    flags.review("unknown", START)
    assert flags.suspended() == {"g"}


def test_the_column_keeps_what_is_stated_and_adds_what_flags_say():
    table = Table("groups")
    table.extend(["g", "h", "i"], {"suspended": np.array([0, 1, 0], np.float32)})
    flags = Flags(KEY)
    assert suspended_column(flags, table).tolist() == [0, 1, 0]
    for answer in (flag("a", 0), flag("b", 1), flag("a", 0, about="gone"), flag("b", 0, about="gone")):
        flags.add(answer)
    assert suspended_column(flags, table).tolist() == [1, 1, 0]
    assert table.column("suspended").tolist() == [0, 1, 0]


def test_a_programme_may_set_another_window_and_number():
    flags = Flags(KEY, window_days=10, needed=1)
    flags.add(flag("a", 0))
    assert flags.suspended(START) == {"g"}


def test_what_is_kept_holds_no_id_and_comes_back_equal():
    flags = Flags(KEY)
    for answer in (flag("canary", 0), flag(None, 3), flag("b", None, about="h")):
        flags.add(answer)
    kept = flags.to_json()
    assert "canary" not in kept
    again = Flags.from_json(kept, KEY)
    assert again.to_json() == kept
    assert again.suspended(START + timedelta(days=9)) == flags.suspended(START + timedelta(days=9)) == {"g"}
    again.add(flag("canary", 0))
    assert again.to_json() == kept


def test_times_with_and_without_a_zone_are_compared():
    naive = datetime(2026, 3, 1)
    flags = Flags(KEY)
    flags.add(flag("a", given_at=naive))
    flags.add(flag("b", given_at="2026-03-01T05:00:00+05:00"))
    assert flags.suspended(naive) == {"g"}
