"""First messages, check-ins of pairs, and small groups of neighbours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import matchengine as me
from matchengine.errors import DataError
from matchengine.journey.check_ins import check_ins
from matchengine.journey.neighbours import groups_to_start
from matchengine.journey.outreach import outreach_prompts
from matchengine.records import Relationship
from matchengine.records.follow_up import ThemeChoice
from tests.properties.populations import programme
from tests.support import EVENING, engine, group, mentee, mentor


def loaded(people: list[dict[str, Any]], extra: str = "", **more: Any) -> me.Engine:
    """Return an engine on these people."""
    made = engine(extra)
    made.load(people, **more)
    return made


def prompts(made: me.Engine, **more: Any) -> tuple[str, ...]:
    """Return the sentences from `a` to `m`."""
    return outreach_prompts(made._scene("mentor"), "a", "m", **more).prompts


def test_sentences_tell_what_both_profiles_hold() -> None:
    assert prompts(loaded([mentee("a"), mentor("m")])) == (
        "What I noticed in your profile: you offer “sql and data work”.",
        "Where I am coming from: I would like to reach this: “learn sql for data work”.",
        "Why I write to you: “sql and data work” is close to “learn sql for data work”, which I am looking for.",
        "What I would like to ask you first is how you began with “sql and data work”.",
    )


def test_what_is_not_known_is_left_to_fill_in() -> None:
    bare = loaded([mentee("a", goals=[], wants=[]), mentor("m", offers=[])])
    assert all(sentence.endswith(": …") for sentence in prompts(bare))
    unlike = prompts(loaded([mentee("a", goals=[{"text": "swim"}]), mentor("m", offers=[{"text": "violin"}])]))
    assert "violin" in unlike[0]
    assert unlike[2].endswith(": …"), "what is not close is not called close"
    wants = prompts(loaded([mentee("a", goals=[], wants=[{"text": "sql"}]), mentor("m", offers=[{"text": "sql"}])]))
    assert wants[1].endswith(": …"), "a wish to learn is not a goal"
    assert "“sql”" in wants[2]


def test_a_goal_passes_through_a_coordinator_only_where_the_notice_says_so() -> None:
    people = [mentee("a"), mentor("m")]
    assert not any("learn" in sentence for sentence in prompts(loaded(people), carried=True))
    reading = loaded(people, '[programme]\ncoordinator_reads = ["needs"]\n')
    assert "learn sql" in prompts(reading, carried=True)[1]


def test_every_quoted_word_is_in_one_of_the_profiles() -> None:
    people = programme(6, 6, 3)
    by_id = {person["id"]: person for person in people}
    made = loaded(people)
    for one in (p["id"] for p in people if "mentee" in p["roles"]):
        for suggestion in made.suggest(one, "mentor"):
            told = outreach_prompts(made._scene("mentor"), one, suggestion.candidate_id).prompts
            own = {goal["text"] for goal in by_id[one]["goals"]}
            theirs = {offer["text"] for offer in by_id[suggestion.candidate_id]["offers"]}
            quoted = [part.split("”")[0] for sentence in told for part in sentence.split("“")[1:]]
            assert quoted
            assert set(quoted) <= own | theirs


def test_who_may_not_be_suggested_gets_no_sentences() -> None:
    made = loaded([mentee("a"), mentor("m", boundaries=[{"kind": "person", "value": "a"}])], groups=[group("g")])
    with pytest.raises(DataError, match="'m' is not available"):
        prompts(made)
    with pytest.raises(DataError, match="'nobody' is not available"):
        outreach_prompts(made._scene("mentor"), "a", "nobody")
    with pytest.raises(DataError, match="does not suggest people"):
        outreach_prompts(made._scene("group"), "a", "g")


PAIR = {"person_id": "a", "other_id": "m", "kind": "mentoring", "cadence": {"every": "weekly", "minutes": 60}}
TODAY = date(2026, 3, 9)


def test_check_ins_are_when_both_are_free() -> None:
    later = EVENING | {"start": "2026-01-06T19:00:00"}
    made = loaded([mentee("a"), mentor("m", availability=[later])])
    told = check_ins(made._pool, Relationship.model_validate(PAIR), date(2026, 3, 3), TODAY, "Europe/Paris")
    assert (told.missed, told.drifting, told.text) == (0, False, "")
    assert [when.isoformat() for when in told.dates] == [
        "2026-03-10T20:00:00+01:00", "2026-03-17T20:00:00+01:00", "2026-03-24T20:00:00+01:00",
    ]  # fmt: skip


def test_two_missed_meetings_are_told() -> None:
    made = loaded([mentee("a"), mentor("m")])
    tie = Relationship.model_validate(PAIR)
    assert not check_ins(made._pool, tie, date(2026, 2, 23), TODAY).drifting
    told = check_ins(made._pool, tie, date(2026, 2, 22), TODAY)
    assert (told.missed, told.drifting) == (2, True)
    assert told.text == "2 meetings in a row that were due did not take place; a short message may help."
    started = Relationship.model_validate(PAIR | {"started": "2026-02-01"})
    assert check_ins(made._pool, started, None, TODAY).drifting


def test_without_a_rhythm_or_common_time_nothing_is_made_up() -> None:
    made = loaded([mentee("a"), mentor("m", availability=[])])
    told = check_ins(made._pool, Relationship.model_validate(PAIR), None, TODAY)
    assert (told.missed, told.dates) == (0, ())
    plain = {key: value for key, value in PAIR.items() if key != "cadence"}
    assert check_ins(made._pool, Relationship.model_validate(plain), date(2026, 2, 8), TODAY).missed == 2


@pytest.mark.parametrize("change", [{"status": "proposed"}, {"status": "ended"}, {"other_id": "nobody"}])
def test_availability_is_only_told_within_a_running_match(change: dict[str, str]) -> None:
    made = loaded([mentee("a"), mentor("m")])
    with pytest.raises(DataError, match="active relationship of two known people"):
        check_ins(made._pool, Relationship.model_validate(PAIR | change), None, TODAY)


HERE, THERE = {"geohash": "gcpvj"}, {"geohash": "u4xs2"}


def test_neighbours_who_chose_the_same_theme_are_proposed() -> None:
    people = [mentee(name, place=HERE) for name in "abc"]
    people += [mentee("far", place=THERE), mentee("nowhere"), mentee("young", place=HERE, adult=False)]
    made = loaded(people)
    choices = [ThemeChoice(person_id=p["id"], theme="returned after a break", opted_in=True) for p in people]
    choices.append(ThemeChoice(person_id="gone", theme="returned after a break", opted_in=True))
    assert [proposed.people for proposed in groups_to_start(made._pool, choices)] == [("a", "b", "c")]
    assert groups_to_start(made._pool, []) == ()


def test_whoever_does_not_want_another_is_not_brought_together() -> None:
    people = [mentee(name, place=HERE) for name in "ab"]
    people.append(mentee("c", place=HERE, boundaries=[{"kind": "person", "value": "a"}]))
    choices = [ThemeChoice(person_id=p["id"], theme="x", opted_in=True) for p in people]
    assert groups_to_start(loaded(people)._pool, choices) == ()
