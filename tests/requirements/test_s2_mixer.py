"""Row S2-14: rounds of short meetings for those whom approaching a mentor intimidates."""

from __future__ import annotations

import pytest

from matchengine.programme.mixer import MixerAims, plan_mixer
from tests.programme.test_mixer import checked, pairs_of
from tests.properties.populations import programme
from tests.support import engine


@pytest.mark.parametrize(("mentees", "mentors", "rounds"), [(12, 12, 5), (14, 6, 4), (5, 9, 3)])
def test_s2_14_nobody_meets_twice_and_meetings_are_shared_out(mentees: int, mentors: int, rounds: int) -> None:
    """S2-14: no one meets the same person twice; everyone of a side gets the same number of meetings, ± 1."""
    people = [
        person | {"languages": [{"tag": "en", "level": "C1"}], "modes": ["video"], "boundaries": []}
        for person in programme(mentees, mentors, 3)
    ]
    made = engine("[match.mentor.constraints.with]\n", text=_open())
    made.load(people)
    schedule = checked(plan_mixer(made._scene("mentor"), None, MixerAims(rounds=rounds)))
    pairs = pairs_of(schedule)
    assert len(pairs) == len(set(pairs)) == rounds * min(mentees, mentors)
    met = {card.person_id: len(card.meetings) for card in schedule.cards}
    for side in "am":
        counts = [n for person, n in met.items() if person.startswith(side)]
        assert max(counts) - min(counts) <= 1
    assert len(met) == mentees + mentors


def _open() -> str:
    """The configuration of the tests without rules that a programme may leave out."""
    from tests.support import CONFIG

    head, _rules, tail = CONFIG.partition("[match.mentor.constraints]")
    return head + "[match.mentor.constraints]\nuse = []\n" + tail[tail.index("[match.group]") :]
