"""Breaks, group requests and everything else that is said: seen by the next call, wherever it is asked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchengine import saying
from matchengine.engine import Engine
from matchengine.errors import DataError, StoreError, UnknownIdError
from matchengine.pool import pauses
from matchengine.records import (
    ConsentGrant,
    Event,
    Feedback,
    Group,
    GroupRequest,
    MeetingHeld,
    Pause,
    Person,
    Relationship,
    ThemeChoice,
)
from matchengine.store.memory import MemoryStore
from tests.support import config, consent, engine, group, mentee, mentor, over

CANARY = "zzcanarytopic"
TIES = """
[match.peer]
requester = "mentee"
candidate = "mentee"
[match.peer.scorers.interests]
use = "interest_affinity"
[match.peer.constraints]
use = ["existing_match"]
"""


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Return what opens the same store again and again, for writing at first and then for reading."""
    held = MemoryStore()
    made: list[Engine] = []

    def again(configuration: Any = None, **options: Any) -> Engine:
        location = held if request.param == "memory" else tmp_path / "programme.db"
        made.append(over(location, configuration, **options))
        return made[-1]

    yield again
    for each in reversed(made):
        each.close()


def filled(made: Engine) -> Engine:
    """Load a small programme."""
    made.load([mentee("a"), mentee("b"), mentor("m"), mentor("n")], [group("g"), group("h")])
    return made


def candidates(made: Engine, who: str = "a", kind: str = "mentor") -> set[str]:
    """Return who or what is suggested to somebody."""
    return {s.candidate_id for s in made.suggest(who, kind, 9)}


# ---------------------------------------------------------------------- every change is seen by the next call


def _upsert(made: Engine) -> None:
    made.upsert(Person.model_validate(mentor("new")))


def _relate(made: Engine) -> None:
    made.upsert(Relationship(person_id="a", other_id="m", kind="mentoring"))


def _feedback(made: Engine) -> None:
    told = {"about_id": "m", "person_id": "a", "wave": "30_days", "perspective": "requester"}
    made.upsert(Feedback.model_validate(told | {"items": {"not_for_me": True}}))


CHANGES: dict[str, tuple[Callable[[Engine], None], set[str]]] = {
    "upsert": (_upsert, {"m", "n", "new"}),
    "remove": (lambda made: made.remove("m"), {"n"}),
    "pause": (lambda made: made.pause("m"), {"n"}),
    "relationship": (_relate, {"n"}),
    "feedback": (_feedback, {"n"}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen_by_the_next_call_of_the_writer_a_reader_and_whoever_opens_it_later(
    opened: Callable[..., Engine], name: str
) -> None:
    made, (change, expected) = filled(opened(config())), CHANGES[name]
    reader = opened(read_only=True)
    assert candidates(made) == candidates(reader) == {"m", "n"}
    change(made)
    assert candidates(made) == expected
    assert candidates(reader) == expected
    assert candidates(opened(read_only=True)) == expected


def test_a_meeting_is_seen_by_what_reads_the_log(opened: Callable[..., Engine]) -> None:
    made = filled(opened(config()))
    reader = opened(read_only=True)
    tie = Relationship.model_validate(
        {"person_id": "a", "other_id": "m", "kind": "mentoring", "started": "2026-01-05"}
        | {"cadence": {"every": "weekly", "minutes": 60}}
    )
    made.upsert(tie)
    today = date(2026, 3, 10)
    assert made.check_ins(tie, None, today).missed > 2
    made.upsert(MeetingHeld(person_id="m", other_id="a", held_on=date(2026, 3, 9)))
    for each in (made, reader):
        assert each.check_ins(tie, None, today).missed == 0
        assert each.check_ins(tie, date(2026, 2, 2), today).missed > 2, "who says when they met is believed"


def test_reminders_read_the_store_and_leave_out_breaks_and_who_is_gone(opened: Callable[..., Engine]) -> None:
    made = filled(opened(config()))
    tie = {"kind": "mentoring", "started": "2026-01-05"}
    made.apply([Relationship.model_validate(tie | {"person_id": p, "other_id": o}) for p, o in ("am", "bn")])
    today = date(2026, 2, 6)
    assert {each.person_id for each in made.reminders(today=today).due} == {"a", "b", "m", "n"}
    made.pause("a")
    assert {each.person_id for each in made.reminders(today=today).due} == {"b", "n"}
    made.remove("n")
    assert made.reminders(today=today).due == ()


# ---------------------------------------------------------------------- breaks


def test_who_takes_a_break_is_suggested_to_nobody_and_keeps_their_matches() -> None:
    made = engine(TIES)
    made.load(
        [mentee("a"), mentee("b"), mentor("m"), mentor("n")],
        relationships=[{"person_id": "b", "other_id": "m", "kind": "mentoring", "started": "2026-01-05"}],
    )
    made.pause("m", datetime.now(UTC).date() + timedelta(days=9))
    assert candidates(made) == {"n"}
    assert made.members("mentor").candidates == ("n",)
    assert made.assign("mentor").pairs == (("a", "n"),) or {p[1] for p in made.assign("mentor").pairs} == {"n"}
    assert made._pool.ties.accepted("b", "m")
    made.pause("b")
    assert "b" not in candidates(made, kind="peer")
    made.resume("m")
    made.resume("b")
    assert candidates(made) == {"m", "n"}
    assert "b" in candidates(made, kind="peer")


def test_a_break_ends_by_itself_on_the_day_after_its_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine()
    made.load([mentee("a"), mentor("m")])
    last = datetime.now(UTC).date() + timedelta(days=3)
    made.pause("m", last)
    for later, expected in ((0, set()), (3, set()), (4, {"m"})):

        class Clock(datetime):
            moved = timedelta(days=later)

            @classmethod
            def now(cls, tz: Any = None) -> Any:
                return datetime.now(tz) + cls.moved

        monkeypatch.setattr(pauses, "datetime", Clock)
        assert candidates(made) == expected


def test_for_everybody_else_a_break_is_as_if_the_person_took_no_part() -> None:
    """Suggestions, drafts and explanations equal those where their record holds no role, to the last digit."""
    people = [mentee("a"), mentee("b"), mentee("c"), *(mentor(f"m{n}") for n in range(5))]
    paused, without = engine(TIES), engine(TIES)
    for made in (paused, without):
        made.load(people, [group("g")])
    paused.pause("m2")
    paused.pause("c")
    without.upsert(Person.model_validate(mentor("m2", roles=[])))
    without.upsert(Person.model_validate(mentee("c", roles=[])))
    for who in "ab":
        for kind in ("mentor", "peer", "group"):
            same = [[s.model_dump(exclude={"fingerprint"}) for s in e.suggest(who, kind, 9)] for e in (paused, without)]
            assert same[0] == same[1]
        told = [made.explain(who, "m2", "mentor") for made in (paused, without)]
        assert told[0] == told[1]
    assert paused.members("mentor") == without.members("mentor")
    assert paused.assign("mentor").pairs == without.assign("mentor").pairs
    assert paused.mixer("peer").rounds == without.mixer("peer").rounds
    assert paused.check("mentor").summary == without.check("mentor").summary


def test_the_comparison_would_notice_a_break_that_nobody_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of the test before, and of the property."""
    made = engine()
    made.load([mentee("a"), mentor("m"), mentor("n")])
    made.pause("m")
    monkeypatch.setattr(pauses.Pauses, "rows", lambda _self, table, _today=None: np.zeros(len(table), np.bool_))
    assert candidates(made) == {"m", "n"}


def test_to_members_somebody_on_a_break_reads_like_somebody_who_is_not_there() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m"), mentor("n")])
    made.pause("m")
    told = [made.explain("a", other, "mentor") for other in ("m", "nobody")]
    plain = [each.model_copy(update={"candidate_id": "x", "fingerprint": None}) for each in told]
    assert plain[0] == plain[1]


def test_a_break_needs_somebody_who_is_here_and_a_day_to_come() -> None:
    made = engine()
    made.load([mentee("a")])
    for call in (lambda: made.pause("nobody"), lambda: made.resume("nobody")):
        with pytest.raises(UnknownIdError):
            call()
    with pytest.raises(DataError, match="is over"):
        made.pause("a", datetime.now(UTC).date() - timedelta(days=1))
    made.resume("a")
    assert made.members("mentor").requesters == ("a",)


def test_who_takes_a_break_and_asks_reads_so_and_a_coordinator_does_too() -> None:
    made = engine(TIES + "[bundle]\n")
    made.load([mentee("a"), mentee("b"), mentor("m")], [group("g")])
    made.pause("a")
    made.pause("m")
    calls: list[Callable[[], Any]] = [
        lambda: made.suggest("a", "mentor"),
        lambda: made.suggest("a", "group"),
        lambda: made.bundle("a"),
        lambda: made.explain("b", "m", "mentor", "coordinator"),
        lambda: made.assign("mentor", must=[("b", "m")]),
    ]
    for call in calls:
        with pytest.raises(DataError, match="takes a break"):
            call()


def test_a_plan_that_demands_somebody_on_a_break_says_so_when_it_is_solved_again() -> None:
    made = engine()
    made.load([mentee("a"), mentee("b"), mentor("m"), mentor("n")])
    plan = made.assign("mentor", must=[("a", "m")])
    made.pause("m")
    with pytest.raises(DataError, match="takes a break; release the pair, or wait"):
        made.open_plan("mentor", plan.document).resolve()


def test_nobody_on_a_break_greets_newcomers_or_starts_a_group() -> None:
    made = engine()
    near = {"place": {"geohash": "gcpvj"}}
    contacts = [{"person_id": "b", "consented": True}, {"person_id": "c", "consented": True}]
    made.load([mentee(who, **near) for who in "abcd"], [group("g", contacts=contacts)])
    chosen = [ThemeChoice(person_id=who, theme="grief", opted_in=True) for who in "abcd"]
    before = made.groups_to_start(chosen)[0].people
    assert set(before) == set("abcd")
    assert made.journey("a", "g", today=date(2026, 3, 9)).plan.contact == "b"
    made.pause("b")
    assert set(made.groups_to_start(chosen)[0].people) == set("acd")
    assert made.journey("a", "g", today=date(2026, 3, 9)).plan.contact == "c"


# ---------------------------------------------------------------------- requests for a group


def request(who: str = "a", days: float = 30, **more: Any) -> GroupRequest:
    """Return a request that is a day old and ends after so many days."""
    asked = datetime.now(UTC) - timedelta(days=1)
    told = {"person_id": who, "topic": CANARY, "tags": (CANARY,), "asked_at": asked}
    return GroupRequest.model_validate(told | {"expires_at": asked + timedelta(days=days + 1)} | more)


def everything_in(made: Engine) -> str:
    """Everything a store hands out of the programme, tombstones and the record included."""
    keeper = made._keeper
    assert keeper is not None
    kept = [repr(entry) for entry in keeper.store.entries(keeper.programme, since=-1)]
    return "\n".join([*kept, *(repr(line) for line in keeper.store.audit(keeper.programme))])


def test_a_request_is_read_by_a_person_and_gone_once_they_are_placed(
    opened: Callable[..., Engine], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    made = filled(opened(config()))
    made.request_group(request())
    embedder: Any = made.embedder
    [read] = made.open_requests(by="coordinator:7")
    assert (read.person_id, read.topic) == ("a", CANARY)
    answers = [made.suggest("a", "group", 9), made.shown_text("a"), made.check("mentor"), made.mismatches()]
    folder = tmp_path / "saved"
    made.save(folder)
    assert not [text for text in embedder.seen if CANARY in text]
    assert CANARY not in repr(answers) + caplog.text
    assert not [path for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    keeper = made._keeper
    assert keeper is not None
    assert CANARY not in "\n".join(repr(line) for line in keeper.store.audit(keeper.programme))
    made.placed("a", "g", by="coordinator:7")
    assert made.open_requests(by="coordinator:7") == ()
    assert CANARY not in everything_in(made)
    assert not [entry for entry in keeper.store.entries(keeper.programme, since=-1) if entry.kind == "group_request"]
    files = [path for path in tmp_path.rglob("programme.db*") if path.is_file()]
    assert not [path.name for path in files if CANARY.encode() in path.read_bytes()]


def test_a_request_ends_by_itself_and_nothing_of_it_is_left(
    opened: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = filled(opened(config()))
    made.request_group(request("a", days=1))
    made.request_group(request("b", days=30))

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=2)

    monkeypatch.setattr(saying, "datetime", Later)
    made.suggest("a", "mentor")  # any call lets it end
    keeper = made._keeper
    assert keeper is not None
    kept = [e.people for e in keeper.store.entries(keeper.programme, since=-1) if e.kind == "group_request"]
    assert kept == [("b",)]
    assert [each.person_id for each in made.open_requests(by="coordinator:7")] == ["b"]


def test_the_search_for_the_topic_finds_it_while_it_is_kept(opened: Callable[..., Engine]) -> None:
    """Negative control: the request lies in the store alone, and there the search finds it."""
    made = filled(opened(config()))
    made.request_group(request())
    assert CANARY in everything_in(made)


def test_a_later_request_replaces_the_earlier_one_also_by_upsert(opened: Callable[..., Engine]) -> None:
    made = filled(opened(config()))
    made.upsert(request(topic="first"))
    made.upsert(request(topic="second"))
    assert [each.topic for each in made.open_requests(by="coordinator:7")] == ["second"]
    reader = opened(read_only=True)
    assert len(reader.open_requests(by="coordinator:8")) == 1
    with pytest.raises(StoreError, match="opened for reading"):
        reader.placed("a", "g", by="coordinator:8")


def test_it_goes_on_record_who_read_requests_and_who_placed_somebody(opened: Callable[..., Engine]) -> None:
    made = filled(opened(config()))
    made.request_group(request())
    made.open_requests(by="coordinator:7")
    made.placed("a", "g", by="coordinator:8")
    keeper = made._keeper
    assert keeper is not None
    acts = [(line.event.actor, line.event.action) for line in keeper.store.audit(keeper.programme)]
    assert ("coordinator:7", "saw") in acts
    assert ("coordinator:8", "placed") in acts


def test_requests_need_a_store_a_name_a_request_and_a_group(opened: Callable[..., Engine]) -> None:
    alone = engine()
    alone.load([mentee("a")])
    for call in (
        lambda: alone.request_group(request()),
        lambda: alone.open_requests(by="coordinator:7"),
        lambda: alone.placed("a", "g", by="coordinator:7"),
        lambda: alone.sync([mentee("a")]),
    ):
        with pytest.raises(DataError, match="over a store"):
            call()
    made = filled(opened(config()))
    with pytest.raises(UnknownIdError, match="no open request"):
        made.placed("a", "g", by="coordinator:7")
    made.request_group(request())
    with pytest.raises(UnknownIdError, match="not known"):
        made.placed("a", "nothing", by="coordinator:7")
    with pytest.raises(DataError, match="actor"):
        made.open_requests(by="someone@example.org")
    with pytest.raises(DataError, match="ended already"):
        made.request_group(request(days=-0.5))
    assert len(made.open_requests(by="coordinator:7")) == 1


# ---------------------------------------------------------------------- a whole roster


def roster(*more: dict[str, Any], less: str = "") -> list[dict[str, Any]]:
    """Return the people of a roster."""
    people = [*(mentee(f"a{n}") for n in range(5)), *(mentor(f"m{n}") for n in range(5)), *more]
    return [person for person in people if person["id"] != less]


def synced(opened: Callable[..., Engine], **more: Any) -> Engine:
    made = opened(config())
    report = made.sync(roster(), [group("g")], **more)
    assert report.written
    return made


def position(made: Engine) -> int:
    assert made._keeper is not None
    return made._keeper.store.position(made._keeper.programme).generation


def test_a_roster_adds_changes_and_takes_out_in_one_commit_and_twice_is_once(opened: Callable[..., Engine]) -> None:
    made = synced(opened)
    reader = opened(read_only=True)
    new = roster(mentor("late"), mentor("m1", hopes_to_gain="chess"), less="a4")
    new = [person for n, person in enumerate(new) if not (person["id"] == "m1" and n < 9)]
    dry = made.sync(new, dry_run=True)
    before = position(made)
    assert not dry.written
    told = made.sync(new)
    assert told.model_copy(update={"written": False}) == dry
    found = told.difference.people
    assert (found.added, tuple(found.changed), found.gone) == (("late",), ("m1",), ("a4",))
    assert position(made) - before == 3, "one change each"
    for each in (made, reader, opened(read_only=True)):
        assert {"late", "m1"} <= candidates(each, "a0")
        assert "a4" not in each.members("mentor").requesters
    again = made.sync(new)
    assert not again.written
    assert position(made) - before == 3


def test_a_dry_run_writes_nothing_and_can_be_made_by_a_reader(opened: Callable[..., Engine]) -> None:
    made = synced(opened)
    reader = opened(read_only=True)
    assert reader.sync(roster(mentor("late")), dry_run=True).difference.people.added == ("late",)
    assert "late" not in made.members("mentor").candidates
    with pytest.raises(StoreError, match="opened for reading"):
        reader.sync(roster(mentor("late")))


def test_a_roster_that_lacks_too_many_is_refused(opened: Callable[..., Engine]) -> None:
    made = synced(opened)
    half = roster()[:5]
    assert made.sync(half, dry_run=True).refused
    with pytest.raises(DataError, match="5 of 10 people kept here are not in the roster, more than 20 %"):
        made.sync(half)
    assert len(made.members("mentor").candidates) == 5
    assert len(made.sync(half, gone_at_most=50).difference.people.gone) == 5
    assert made.members("mentor").candidates == ()
    with pytest.raises(DataError, match="0 to 100"):
        made.sync(half, gone_at_most=101)


def test_kinds_that_are_not_given_stay_as_they_are(opened: Callable[..., Engine]) -> None:
    made = synced(opened)
    tie = Relationship(person_id="a0", other_id="m0", kind="mentoring", started=date(2026, 1, 5))
    answer = {"about_id": "m0", "person_id": "a0", "wave": "30_days", "perspective": "requester", "items": {}}
    made.apply([tie, Pause(person_id="m1"), Feedback.model_validate(answer), request("a1")])
    made.upsert(MeetingHeld(person_id="a0", other_id="m0", held_on=date(2026, 1, 12)))
    made.upsert(Event.model_validate({"id": "e", "title": "Talk", "kind": "talk"}))
    made.sync(roster(mentor("late")))
    keeper = made._keeper
    assert keeper is not None
    kinds = {e.kind for e in keeper.entries()}
    assert {"relationship", "pause", "feedback", "group_request", "meeting", "event", "group"} <= kinds
    assert "m1" not in made.members("mentor").candidates
    assert not made.sync(roster(mentor("late"))).written


def test_the_first_roster_of_an_empty_store_takes_everything(opened: Callable[..., Engine]) -> None:
    made = opened(config())
    ties = [{"person_id": "a0", "other_id": "m0", "kind": "mentoring"}]
    report = made.sync(roster(), [group("g")], relationships=ties)
    assert len(report.difference.people.added) == 10
    assert not made.sync(roster(), [group("g")], relationships=ties).written
    assert "m0" not in candidates(opened(read_only=True), "a0")


def test_what_people_decided_since_stays_although_the_roster_is_silent(opened: Callable[..., Engine]) -> None:
    """A boundary, two who are kept apart, a withdrawn consent, and what somebody looked into."""
    wishes = mentee("w", age_band="25-34")
    grant = consent("w", "age_band")
    made = opened(config())
    made.sync([*roster(), wishes], [group("g")], relationships=[], consents=[grant])
    stored = made._keeper
    assert stored is not None
    made.upsert(Person.model_validate(mentee("a0", boundaries=[{"kind": "person", "value": "m0"}])))
    made.upsert(Relationship(person_id="a1", other_id="m1", kind="must_not"))
    made.upsert(Group.model_validate(group("g", suspended=True, reviewed_on="2026-03-01")))
    made.upsert(ConsentGrant.model_validate(grant | {"withdrawn_at": "2026-02-01T00:00:00Z"}))
    told = made.sync([*roster(), wishes], [group("g")], relationships=[], consents=[grant])
    assert not told.written
    assert (told.kept_apart, told.kept_withdrawn, told.kept_reviews) == (1, 1, 1)
    assert "m0" not in candidates(made, "a0")
    assert "m1" not in candidates(made, "a1")
    assert candidates(made, "a0", "group") == set()
    held = stored.person("w")
    assert held is not None
    assert held.age_band is None
    assert "stays withdrawn" in " ".join(told.render())


def test_a_consent_that_the_roster_no_longer_names_is_withdrawn_at_once(opened: Callable[..., Engine]) -> None:
    people = [*roster(), mentee("w", age_band="25-34"), mentee("v", age_band="25-34")]
    made = opened(config())
    made.sync(people, consents=[consent("w", "age_band"), consent("v", "age_band")])
    keeper = made._keeper
    assert keeper is not None
    assert [getattr(keeper.person(who), "age_band", None) for who in "wv"] == ["25-34", "25-34"]
    made.sync(people, consents=[consent("v", "age_band")])
    assert [getattr(keeper.person(who), "age_band", None) for who in "wv"] == [None, "25-34"]
    assert not made.sync(people, consents=[consent("v", "age_band")]).written


def test_a_tie_that_is_no_longer_listed_ends_and_one_that_is_proposed_stays(opened: Callable[..., Engine]) -> None:
    ties = [
        {"person_id": "a0", "other_id": "m0", "kind": "mentoring", "started": "2026-01-05"},
        {"person_id": "a1", "other_id": "m1", "kind": "mentoring", "status": "proposed"},
        {"person_id": "a2", "other_id": "m2", "kind": "household"},
    ]
    made = synced(opened, relationships=ties)
    told = made.sync(roster(), relationships=[])
    assert told.ended == 2
    assert "m0" in candidates(made, "a0")
    assert "m1" not in candidates(made, "a1")
    assert "m2" in candidates(made, "a2")
    assert not made.sync(roster(), relationships=[]).written


def test_somebody_who_is_listed_twice_is_refused(opened: Callable[..., Engine]) -> None:
    made = synced(opened)
    with pytest.raises(DataError, match="m0"):
        made.sync([*roster(), mentor("m0")])
