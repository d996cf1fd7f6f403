"""A break: for everybody else it is as if the person took no part (issue: who takes a break is nobody's candidate)."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from matchengine.records import Person
from tests.properties.populations import answers, holds_for, populations
from tests.support import engine


@holds_for(populations(least=3, most=7), st.data(), few=8, many=60)
def test_everybody_else_reads_what_they_would_read_if_the_person_held_no_role(
    people: list[dict[str, Any]], data: st.DataObject
) -> None:
    resting = data.draw(st.sets(st.sampled_from([one["id"] for one in people]), min_size=1, max_size=3))
    paused, without = engine(), engine()
    for made in (paused, without):
        made.load(people)
    for one in people:
        if one["id"] in resting:
            paused.pause(one["id"])
            without.upsert(Person.model_validate(one | {"roles": []}))
    assert paused.members("mentor") == without.members("mentor")
    others = [one["id"] for one in people if "mentee" in one["roles"] and one["id"] not in resting]
    told = [_plain(answers(made, others)) for made in (paused, without)]
    assert told[0] == told[1]
    assert not any(f'"candidate_id":"{who}"' in text for who in resting for text in told[0].values())
    for who in resting:
        paused.resume(who)
    never = engine()
    never.load(people)
    everybody = [one["id"] for one in people if "mentee" in one["roles"]]
    assert _plain(answers(paused, everybody)) == _plain(answers(never, everybody)), "and after it all is as before"


def _plain(told: dict[str, str]) -> dict[str, str]:
    """Answers without the number of changes since the data were loaded."""
    return {who: re.sub(r'"generation":\d+', "", text) for who, text in told.items()}
