"""The feed of what is to be recognised: in the order of time, never a ranking."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from matchengine.planning.recognition import RECENT_DAYS, recognitions_due
from matchengine.records import Contribution

TODAY = date(2026, 3, 9)


def did(person: str = "a", days_ago: int = 1, **more: Any) -> Contribution:
    """Return something that somebody did a few days ago."""
    told = {"person_id": person, "kind": "welcoming", "on": TODAY - timedelta(days=days_ago)}
    return Contribution.model_validate(told | more)


def test_what_nobody_acknowledged_waits_and_the_earliest_stands_first() -> None:
    feed = recognitions_due([did("b", 2), did("a", 2), did("c", 9), did("d", 5, acknowledged=True)], TODAY)
    assert [each.person_id for each in feed] == ["c", "a", "b"]


def test_ninety_days_are_recent_and_tomorrow_has_not_come() -> None:
    assert RECENT_DAYS == 90
    assert len(recognitions_due([did(days_ago=90), did(days_ago=0)], TODAY)) == 2
    assert recognitions_due([did(days_ago=91), did(days_ago=-1)], TODAY) == ()


@given(st.lists(st.sampled_from("abc"), max_size=12), st.randoms(use_true_random=False))
def test_how_much_somebody_did_moves_nobody(people: list[str], chance: Any) -> None:
    """The feed is the list in the order of time: to add what one person did leaves the order of the others alone."""
    events = [did(person, 1 + n % 5, text=str(n)) for n, person in enumerate(people)]
    feed = recognitions_due(events, TODAY)
    assert sorted(feed, key=lambda each: each.text or "") == sorted(events, key=lambda each: each.text or "")
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert recognitions_due(shuffled, TODAY) == feed
    more = recognitions_due([*events, *(did("z", 1 + n % 5, kind="other") for n in range(9))], TODAY)
    assert [each for each in more if each.person_id != "z"] == list(feed)
