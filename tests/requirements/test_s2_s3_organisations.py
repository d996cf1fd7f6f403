"""Rows on reminders, recognition and allied organisations (domain.md S2-23, S2-28, S3-06)."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from matchengine.config import parse_config
from matchengine.io import Folder, read_folder, write_folder
from matchengine.journey.referrals import bridges, referral
from matchengine.planning.recognition import recognitions_due
from matchengine.records import ConsentGrant, Contribution, Feedback, Person, Relationship
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS
from matchengine.report.run import make_run
from tests.cli.commands import run
from tests.journey.test_referrals import ALLIES, organisation
from tests.properties.populations import dumped
from tests.support import CONFIG, engine, mentee, mentor

CANARY = re.compile(r"xanadu|xa-nadu|QX|sr-Cyrl|9q8yy|Kiritimati", re.IGNORECASE)
START = date(2026, 1, 5)
SAFE = {"items": ["moderation", "declared_welcome"]}


def everything_told() -> dict[str, Any]:
    """Return a person who says something in every field there is, with a canary wherever a text can stand."""
    words = (f"xanadu {n}" for n in range(99))
    one = iter(words).__next__
    return {
        "id": "xanadu-person",
        "roles": ["mentee", "protege"],
        "capacity": {"mentee": 1},
        "text_language": "sr-Cyrl",
        "goals": [
            {"text": "learn sql for xanadu work", "target_skills": [one()], "obstacles": [one()], "language": "en"}
        ],
        "offers": [{"text": one(), "concept": "tag:xanadu"}],
        "past_work": [one()],
        "wants": [{"text": one()}],
        "interests": [{"text": one(), "tag": one()}],
        "values": [one()],
        "style": {"written_spoken": 1},
        "mentoring_focus": one(),
        "hopes_to_gain": one(),
        "career_stage": "retired",
        "returning": True,
        "experience": [{"band": "20+", "field": "local:xanadu"}],
        "fields": ["local:xanadu"],
        "languages": [{"tag": "en", "level": "B2"}, {"tag": "sr-Cyrl", "level": "native"}],
        "availability": [
            {"start": "2026-03-09T10:00:00", "duration_minutes": 60, "time_zone": "Pacific/Kiritimati"},
        ],
        "cadence": {"every": "monthly", "minutes": 45},
        "modes": ["video"],
        "place": {"country": "QX", "region": "QX-X", "area": one(), "geohash": "9q8yy"},
        "support_mode": "self_paced",
        "framing_preference": "either",
        "comfort_rung": 1,
        "visits": 3,
        "network": {"ties": [{"category": "family", "count": 2}]},
        "opportunities": [one()],
        "influence": [one()],
        "sponsoring": "none",
        "time_balance": 2.5,
        "visibility": "public",
        "safety_needs": ["moderation"],
        "norm_needs": ["dietary"],
        "open_to_learn": True,
        "training_done": [one()],
        "boundaries": [{"kind": "topic", "value": one()}],
        "adult": True,
        "guardian_consent": True,
        "vetting": {"status": "vetted"},
        "household": "xa-nadu-home",
        "line_manager": "xa-nadu-boss",
        "max_identity_matches": 3,
        "pronouns": "xanadu/xanadus",
        "attributes": [{"dimension": one(), "value": one()}],
        "lived_experience": [one()],
        "age_band": "65-74",
        "barriers": [{"kind": "childcare", "strength": "blocking"}],
        "wishes": [{"dimension": "lived_experience", "strength": "very_important"}],
        "joint_wishes": [{"dimensions": [one(), one()]}],
        "anchors": [one()],
    }


def given_consents(person_id: str) -> list[ConsentGrant]:
    """Return a consent for every sensitive field, for matching and for being named."""
    return [
        ConsentGrant(
            person_id=person_id,
            field=field,
            purpose=purpose,
            audience=audience,
            text_version="1",
            language="en",
            granted_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for field in sorted(SENSITIVE_PERSON_FIELDS)
        for purpose, audience in (("match", "engine_only"), ("explain", "members"))
    ]


def open_house() -> me.Engine:
    """Return an engine over organisations, somebody who tells everything and somebody who tells next to nothing."""
    person = everything_told()
    made = engine(ALLIES)
    bare = {"id": "bare", "roles": ["mentee"], "adult": True}
    made.load(
        [person, bare, mentor("m")],
        consents=given_consents(person["id"]),
        organisations=[
            organisation("o", partners=["p"], safety=SAFE),
            organisation("p", kind="library", topics=["pottery"], safety=SAFE),
        ],
    )
    return made


def to_organisations(made: me.Engine, person_id: str) -> dict[str, str]:
    """Return everything that an organisation may be handed or may ask for about a person, by name, without the id."""
    scene = made._scene("organisation")
    found = {
        f"referral {each} {topic}": referral(scene, person_id, each, True, topic=topic).model_dump_json()
        for each, topics in (("o", (None, "tea on Sundays")), ("p", (None, "pottery")))
        for topic in topics
    }
    shown = made.suggest(person_id, "organisation")
    assert {each.candidate_id for each in shown} == {"o", "p"}
    in_order = sorted(shown, key=lambda each: each.candidate_id)
    for each, told in zip(in_order, made.tell(in_order, "candidate", carried=True), strict=True):
        found[f"tell {each.candidate_id}"] = dumped([told.model_copy(update={"requester_id": "x"})])
    for candidate in ("o", "p"):
        told = made.explain(person_id, candidate, "organisation", "candidate")
        found[f"explain {candidate}"] = dumped([told.model_copy(update={"requester_id": "x"})])
    drafts = make_run(made, "organisation", requester_ids=[person_id]).drafts
    found |= {f"draft {each.suggestion.candidate_id}": each.to_candidate for each in drafts}
    return found


def test_s3_06_the_canary_person_says_something_in_every_field() -> None:
    """S3-06: the person of the next tests leaves no field out, so that a new field is looked at too."""
    told = everything_told()
    assert set(told) == set(Person.model_fields)
    Person.model_validate(told)


def test_s3_06_organisations_never_receive_anything_personal() -> None:
    """S3-06: no text, id, place, language or attribute of a person stands in anything that an organisation gets."""
    made = open_house()
    for name, text in to_organisations(made, "xanadu-person").items():
        assert not CANARY.search(text), name
        for word in ("retired", "65-74", "childcare", "blocking", "self_paced", "pronoun"):
            assert word not in text, name
    best = made.suggest("xanadu-person", "organisation")[0]
    assert "xanadu" in best.reasons[0].text, "the person does read their own words"


def test_s3_06_what_an_organisation_gets_is_the_same_for_everybody() -> None:
    """S3-06: whoever is referred, an organisation gets the same words, so nothing can be worked out from them."""
    made = open_house()
    assert to_organisations(made, "xanadu-person") == to_organisations(made, "bare")


def test_s3_06_bridges_name_organisations_and_nothing_personal() -> None:
    """S3-06: partners of an organisation that fits are recommended, in words about organisations alone."""
    made = open_house()
    found = bridges(made._scene("organisation"), "xanadu-person")
    assert [(each.organisation_id, each.through) for each in found] == [("p", ("o",))]
    assert not CANARY.search(dumped(list(found)))


def test_s3_06_a_referral_needs_agreement_and_an_organisation_may_not_look_for_people() -> None:
    """S3-06: without the person's yes there is no referral, and no kind of match suggests people to organisations."""
    made = open_house()
    with pytest.raises(me.MatchEngineError, match="did not agree"):
        referral(made._scene("organisation"), "bare", "o", agreed=False)
    with pytest.raises(me.MatchEngineError):
        made.suggest("bare", "organisation", viewer="candidate")
    with pytest.raises(me.MatchEngineError):
        parse_config(CONFIG + ALLIES.replace('requester = "anyone"', 'requester = "organisation"'))


def pairs() -> list[Relationship]:
    """Return an open match of each kind that a programme asks about."""
    kinds = ("mentoring", "peer", "buddy", "sponsorship")
    decided = {"decided_by": "c", "decided_on": "2026-01-01"}
    return [
        Relationship.model_validate(
            {"person_id": f"a{n}", "other_id": f"m{n}", "kind": kind, "started": START} | decided
        )
        for n, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize("day", [30, 90, 180])
def test_s2_28_every_open_match_has_a_pulse_on_the_default_days(day: int) -> None:
    """S2-28: without a word in the configuration both sides of every open match are due after 30, 90 and 180 days."""
    made = engine()
    found = made.reminders(pairs(), [], START + timedelta(days=day))
    assert {(each.person_id, each.after_days) for each in found.due} == {
        (who, day) for tie in pairs() for who in (tie.person_id, tie.other_id)
    }
    answers = [
        Feedback.model_validate(
            {"about_id": each.about_id, "person_id": each.person_id, "wave": f"{day}_days", "perspective": "requester",
             "items": {"satisfaction": 4}}
        )
        for each in found.due
    ]  # fmt: skip
    settled = made.reminders(pairs(), answers, START + timedelta(days=day))
    assert (settled.due, settled.overdue) == ((), ())
    assert settled.answered == len(answers)


def test_s2_28_a_programme_chooses_its_own_days() -> None:
    """S2-28: the days are a line in the configuration; wrong ones are refused with a sentence."""
    made = engine("[programme]\npulse_days = [14]\n")
    assert {each.after_days for each in made.reminders(pairs(), [], START + timedelta(days=14)).due} == {14}
    assert engine("[programme]\npulse_days = []\n").reminders(pairs(), [], START + timedelta(days=400)).due == ()
    for wrong in ("[30, 30]", "[90, 30]", "[0]"):
        with pytest.raises(me.MatchEngineError):
            parse_config(CONFIG + f"[programme]\npulse_days = {wrong}\n")


def did(person: str, days_ago: int, **more: Any) -> Contribution:
    """Return something that a person did before 9 March 2026."""
    told = {"person_id": person, "kind": "welcoming", "on": date(2026, 3, 9) - timedelta(days=days_ago)}
    return Contribution.model_validate(told | more)


def test_s2_23_recognition_is_a_feed_in_the_order_of_time(tmp_path: Path) -> None:
    """S2-23 (and S1-16): what waits for thanks is listed by day, whoever did most, and acknowledged things leave."""
    events = [did("m", 1), did("m", 2), did("m", 3), did("a", 4), did("a", 5, acknowledged=True), did("a", 91)]
    feed = recognitions_due(events, date(2026, 3, 9))
    assert [(each.person_id, each.on.day) for each in feed] == [("a", 5), ("m", 6), ("m", 7), ("m", 8)]
    write_folder(tmp_path / "records", {"people": [Person(id="m"), Person(id="a")], "contributions": events})
    document = run("reminders", "--data", tmp_path, "--today", "2026-03-09", "--json").document
    assert [each["person_id"] for each in document["to_be_recognised"]] == ["a", "m", "m", "m"]


def test_s2_23_contributions_never_reach_an_engine(tmp_path: Path) -> None:
    """S2-23 (and S1-16): there is no way to load a contribution, and no field, column or input is named after one."""
    made = engine()
    assert "contributions" not in inspect.signature(made.load).parameters
    with pytest.raises((me.MatchEngineError, KeyError, TypeError)):
        made.upsert(did("m", 1))  # type: ignore[arg-type]
    made.load([mentee("a"), mentor("m"), mentor("n")])
    names = {name for table in made._pool.tables.values() for name in table.names} | set(made._pool.fields)
    assert not [name for name in names if "contribut" in name or "recogni" in name]
    assert "contributions" in {each.name for each in Folder.__dataclass_fields__.values()}


def test_s2_23_contributions_change_no_suggestion(tmp_path: Path) -> None:
    """S2-23 (and S1-16): the same data with and without contributions in the folder give the same suggestions."""
    people = [Person.model_validate(each) for each in (mentee("a"), mentor("m"), mentor("n"))]
    found = []
    for name, events in (("with", [did("m", n) for n in range(50)]), ("without", [])):
        write_folder(tmp_path / name, {"people": people, "contributions": events})
        folder = read_folder(tmp_path / name)
        assert len(folder.contributions) == len(events)
        made = engine()
        made.load(folder.people, folder.groups, relationships=folder.relationships, consents=folder.consents)
        found.append(dumped(made.suggest("a", "mentor")))
    assert found[0] == found[1]
