"""Demand against supply by language, field, time of the week and need; who is thin; what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.records import Balance
from tests.readiness.programmes import READS_NEEDS, checked, needing, offering, spoken
from tests.support import EVENING, group, mentee, mentor


def told(balances: tuple[Balance, ...]) -> dict[str, tuple[int, int, int | None]]:
    """Return demand, supply and places by key."""
    return {of.key: (of.demand, of.supply, of.places) for of in balances}


def test_languages_count_from_the_level_that_the_rule_asks_for() -> None:
    people = [
        mentee("a", languages=spoken("en C1", "pt-BR B1")),
        mentee("b", languages=spoken("en A2", "uk native")),
        mentor("m", languages=spoken("en B1", "pt A2")),
        mentor("n", languages=[{"tag": "uk", "level": "C1", "wish": "avoid"}], capacity={"mentor": 3}),
    ]
    found = checked(people)
    assert told(found.languages) == {"pt": (1, 0, None), "uk": (1, 0, None), "en": (1, 1, 2)}
    assert [of.label for of in found.languages] == ["Portuguese", "Ukrainian", "English"]
    lower = checked(people, '[match.mentor.constraints.with]\nlanguage_floor = { floor = "A2" }\n')
    assert told(lower.languages) == {"uk": (1, 0, None), "en": (2, 1, 2), "pt": (1, 1, 2)}


def test_the_only_language_of_somebody_that_nobody_gives_in_is_a_sentence() -> None:
    people = [mentee("a", languages=spoken("uk C1", "en A1")), mentee("b", languages=spoken("pt C1", "en C1"))]
    found = checked([*people, mentor("m")])
    assert "No candidate speaks the only language of 1 person well enough: Ukrainian (1 person)." in found.summary
    assert not any("Portuguese" in sentence for sentence in found.summary)


def test_fields_count_both_sides_and_places_where_stated() -> None:
    people = [
        mentee("a", fields=["isco:22", "local:sea_rescue"]),
        mentee("b", fields=["isco:22"]),
        mentor("m", fields=["isco:22"], capacity={"mentor": 1}),
        mentor("n", fields=["isco:51"], capacity={"mentor": 4}),
    ]
    found = checked(people)
    assert told(found.fields) == {"isco:22": (2, 1, 1), "local:sea_rescue": (1, 0, None), "isco:51": (0, 1, 4)}
    assert {of.key: of.label for of in found.fields}["local:sea_rescue"] == "sea rescue"
    assert [of.key for of in found.fields][-1] == "isco:51"


def test_groups_have_no_fields() -> None:
    assert checked([mentee("a", fields=["isco:22"])], kind="group", groups=[group()]).fields == ()


def slot(day: str, start: str, minutes: int, **more: Any) -> dict[str, Any]:
    """Return a weekly slot in London."""
    rule = f"FREQ=WEEKLY;BYDAY={day}"
    return EVENING | {"start": f"2026-01-06T{start}:00", "duration_minutes": minutes, "rrule": rule} | more


@pytest.mark.parametrize(
    ("slots", "zone", "expected"),
    [
        ([EVENING], "Europe/London", {"tue-evening"}),
        ([EVENING], "UTC", {"tue-evening"}),  # from 29 March an hour of it is in the afternoon: one week of four
        ([EVENING], "Asia/Tokyo", {"wed-night"}),
        ([slot("TU", "17:15", 90)], "Europe/London", {"tue-afternoon", "tue-evening"}),
        ([slot("TU", "17:15", 75)], "Europe/London", {"tue-afternoon"}),  # half an hour of it is in the evening
        ([slot("SA", "05:00", 600)], "Europe/London", {"sat-night", "sat-morning", "sat-afternoon"}),
        ([slot("TU", "18:00", 60, rrule="FREQ=WEEKLY;INTERVAL=2")], "Europe/London", {"tue-evening"}),
        ([slot("TU", "18:00", 60, rrule=None)], "Europe/London", set()),
        ([], "Europe/London", set()),
    ],
)
def test_a_slot_counts_from_45_minutes_in_two_of_four_weeks(
    slots: list[dict[str, Any]], zone: str, expected: set[str]
) -> None:
    extra = f'[programme]\ntime_zone = "{zone}"\n'
    found = checked([mentee("a", availability=slots), mentor("m", availability=[])], extra)
    assert {of.key for of in found.slots} == expected
    assert all((of.demand, of.supply) == (1, 0) for of in found.slots)


def test_slots_where_many_look_and_nobody_gives_are_a_sentence() -> None:
    morning = slot("SA", "09:00", 120)
    people = [mentee(name, availability=[EVENING, morning]) for name in ("a", "b")]
    found = checked([*people, mentor("m")])
    assert told(found.slots) == {"sat-morning": (2, 0, None), "tue-evening": (2, 1, 2)}
    assert [of.label for of in found.slots] == ["Saturday morning", "Tuesday evening"]
    assert "No candidate is free at times when many are who look: Saturday morning (2 people)." in found.summary


def themed() -> list[dict[str, Any]]:
    """Three who want to query databases, two who want to weld, and a mentor with two places for the first."""
    return [
        needing("a", "query databases"),
        needing("b", "query databases", "weld pipes"),
        needing("c", "query big databases"),
        needing("d", "weld pipes"),
        offering("m", "query databases well"),
        offering("n", "bake bread"),
    ]


def test_needs_become_themes_with_demand_supply_and_places() -> None:
    found = checked(themed(), READS_NEEDS)
    assert told(found.needs) == {"need-1": (3, 1, 2), "need-2": (2, 0, None)}
    assert {of.key: of.label for of in found.needs} == {"need-1": "query databases", "need-2": "weld pipes"}
    assert [of.key for of in found.needs] == ["need-2", "need-1"]


def test_needs_that_nobody_covers_are_a_count_alone() -> None:
    found = checked(themed(), READS_NEEDS)
    sentence = "1 person has candidates, but none who offers anything close to what they look for."
    assert sentence in found.summary
    assert "1 need that several people share is offered by nobody: “weld pipes” (2 people)." in found.summary


def test_an_offer_of_somebody_ruled_out_covers_no_need() -> None:
    people = [needing("a", "weld pipes"), offering("m", "weld pipes", languages=spoken("es C1")), offering("n", "bake")]
    assert any("none who offers anything close" in sentence for sentence in checked(people).summary)


def test_needs_that_cannot_be_compared_are_not_called_uncovered() -> None:
    people = [needing("a", "швидко читати", text_language="uk"), offering("m", "bake bread")]
    assert not any("none who offers" in sentence for sentence in checked(people).summary)


def test_single_needs_are_joined_beyond_thirty_themes() -> None:
    words = [f"thing{n}" for n in range(31)]
    people = [*(needing(f"a{n}", word) for n, word in enumerate(words)), needing("b", "thing0"), offering("m", "bake")]
    joined = checked(people, READS_NEEDS)
    assert told(joined.needs) == {"need-1": (2, 0, None), "other-needs": (30, 0, None)}
    assert [of.label for of in joined.needs] == ["thing0", "other needs"]
    assert not any("other needs" in sentence for sentence in joined.summary)
    assert len(checked(people[2:], READS_NEEDS).needs) == 30


def test_groups_are_measured_by_what_people_like_and_need() -> None:
    people = [mentee(f"a{n}", goals=[], interests=[{"text": "hiking"}], offers=[]) for n in range(2)]
    groups = [group("g", topics=["hiking"]), group("h", topics=["chess"])]
    found = checked(people, kind="group", groups=groups)
    assert told(found.needs) == {"need-1": (2, 1, 6)}
    assert found.needs[0].label == "hiking"


def test_equal_concepts_meet_without_a_common_word() -> None:
    concept = "http://data.europa.eu/esco/skill/0c5b1d0e"
    people = [
        mentee("a", goals=[], wants=[{"text": "joining metal", "concept": concept}]),
        mentor("m", offers=[{"text": "welding", "concept": concept}]),
    ]
    assert told(checked(people).needs) == {"need-1": (1, 1, 2)}


def test_little_is_known_about_who_told_little() -> None:
    bare = {"id": "a", "roles": ["mentee"], "adult": True, "goals": [{"text": "sail"}]}
    found = checked([bare, mentee("b"), mentor("m"), mentor("n", offers=[], hopes_to_gain=None, values=[])])
    assert [(of.person_id, of.roles) for of in found.thin] == [("a", ("mentee",)), ("n", ("mentor",))]
    assert "free times" in found.thin[0].missing
    assert "goals and wants" not in found.thin[0].missing
    assert "Little is known about 2 profiles; ask what is missing before matching." in found.summary


def test_a_block_that_must_be_known_makes_thin_on_its_own() -> None:
    from tests.support import CONFIG, engine

    people = [mentee("a", goals=[], offers=[]), mentor("m", capacity={"mentor": 1})]
    made = engine(text=CONFIG.replace('candidate = "mentor"\n', 'candidate = "mentor"\nmust_know = ["need"]\n', 1))
    made.load(people)
    assert [(of.person_id, of.missing[:2]) for of in made.check("mentor").thin] == [
        ("a", ("goals and wants", "offers"))
    ]


def test_who_never_meets_in_person_misses_no_place() -> None:
    people = [
        mentee("a", goals=[], values=[], interests=[], place=None, modes=modes) | {"id": name}
        for name, modes in (("a", ["video"]), ("b", ["video", "in_person"]))
    ]
    missing = {of.person_id: of.missing for of in checked([*people, mentor("m")]).thin}
    assert "place" not in missing["a"]
    assert "place" in missing["b"]


def test_texts_that_the_embedder_does_not_read_are_counted() -> None:
    people = [needing("a", "швидко читати", "readable", text_language="uk"), offering("m", "reading")]
    found = checked([*people, mentee("b", goals=[], offers=[], interests=[])])
    assert (found.texts, found.unread_texts) == (3, 2)
    assert "2 of 3 texts are in languages the model does not read; they are compared word by word." in found.summary


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([], "Nobody is looking: no record takes part as “mentee”."),
        ([mentor("m")], "Nobody is looking: no record takes part as “mentee”."),
        ([mentee("a")], "Nobody is there to give: no record takes part as “mentor”."),
    ],
)
def test_an_empty_side_is_said_and_nothing_fails(people: list[dict[str, Any]], sentence: str) -> None:
    found = checked(people)
    assert found.summary == (sentence,)
    assert found.servable == 0
    assert [of.person_id for of in found.stuck] == [p["id"] for p in people if "mentee" in p["roles"]]


def test_where_nothing_is_wrong_nothing_is_said() -> None:
    people = [mentee("a"), mentor("m", offers=[{"text": "learn sql for data work"}, {"text": "speak up in meetings"}])]
    found = checked(people)
    assert found.summary == ()
    assert (found.stuck, found.thin, found.rules) == ((), (), ())


def test_the_order_of_records_changes_nothing() -> None:
    people = [*themed(), mentee("x", languages=spoken("es A2")), mentor("y", vetting=None)]
    assert checked(people, READS_NEEDS) == checked(people[::-1], READS_NEEDS)
