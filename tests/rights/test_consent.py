"""SEC4 with a store: a consent acts at once, its end too, and then equals never having disclosed (domain.md B4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.engine import Engine
from matchengine.errors import DataError
from matchengine.records import ConsentGrant, Person
from matchengine.store import ended, keep
from matchengine.store.memory import MemoryStore
from tests.rights.support import grants, opened, programme
from tests.support import CONFIG, config, consent, mentee, mentor

SHARED = '[match.mentor.scorers.shared]\nuse = "intersectional_fit"\n[match.mentor.constraints]'
LIFT = CONFIG.replace("[match.mentor.constraints]", SHARED)
SAYS: dict[str, Any] = {
    "attributes": [{"dimension": "gender", "value": "xanaduwoman"}],
    "lived_experience": ["xanadubreak"],
    "age_band": "35-44",
    "barriers": [{"kind": "language", "strength": "strong"}],
    "wishes": [
        {"dimension": "gender", "strength": "important"},
        {"dimension": "lived_experience", "strength": "important"},
    ],
    "anchors": ["xanadugarden"],
}
FIELDS = ("attributes", "lived_experience", "age_band", "barriers", "wishes", "anchors")
PURPOSES = ("match", "explain", "group_balance", "fairness_audit")
TOLD_TO = "members"


def people(first: dict[str, Any]) -> list[dict[str, Any]]:
    shared = {name: SAYS[name] for name in ("attributes", "lived_experience")}
    mentors = [mentor(f"m{n}", **(shared if n < 6 else {})) for n in range(8)]
    return [mentee("a0", **first), mentee("a1"), *mentors, *({"id": f"o{n}"} for n in range(20))]


def everybody_elses() -> list[dict[str, Any]]:
    fields = ("attributes", "lived_experience")
    return [
        each for n in range(6) for each in grants(f"m{n}", *fields, purposes=("match", "explain"), audience=TOLD_TO)
    ]


def made(first: dict[str, Any], consents: list[dict[str, Any]]) -> Engine:
    found = opened(MemoryStore(), config(text=LIFT))
    found.load(people(first), consents=[*everybody_elses(), *consents])
    return found


def answers(engine: Engine) -> str:
    """Return what is told about the two who look, to themselves and to a coordinator, as one text."""
    told = [repr(engine.eligible("a0", "mentor")), engine.ask("a0", "mentor").model_dump_json()]
    for viewer in ("requester", "coordinator"):
        told += [each.model_dump_json() for who in ("a0", "a1") for each in engine.suggest(who, "mentor", 9, viewer)]
        told += [engine.explain("a0", other, "mentor", viewer).model_dump_json() for other in ("m0", "m7")]
    return "\n".join(told)


def stored(engine: Engine) -> str:
    assert engine._keeper is not None
    return "".join(repr(entry) for entry in engine._keeper.entries(kinds=("person",), ids=("a0",)))


ALL = grants("a0", *FIELDS, purposes=PURPOSES, audience=TOLD_TO)
GIVEN = st.sets(st.sampled_from(range(len(ALL))), min_size=1)


def test_the_consents_of_this_test_make_a_difference() -> None:
    with_all, without = answers(made(SAYS, ALL)), answers(made({}, []))
    assert with_all != without


@settings(max_examples=12, deadline=None)
@given(GIVEN)
def test_after_a_withdrawal_everything_reads_as_if_nothing_had_been_disclosed(chosen: set[int]) -> None:
    engine = made(SAYS, [ALL[n] for n in sorted(chosen)])
    ended = datetime.now(UTC).isoformat()
    engine.apply([ConsentGrant.model_validate(ALL[n] | {"withdrawn_at": ended}) for n in sorted(chosen)])
    expected = answers(made({}, []))
    assert answers(engine) == expected
    assert answers(opened(engine._keeper.store)) == expected  # type: ignore[union-attr]
    assert "xanadu" not in stored(engine)


def test_a_consent_from_a_table_is_withdrawn_by_an_application(tmp_path: Path) -> None:
    """A table gives days without a zone, an application moments of UTC; it is one consent, also for the cache."""
    given = {"granted_at": datetime(2025, 1, 1), "audience": TOLD_TO}
    grant = next(iter(grants("a0", "attributes", purposes=("match",)))) | given
    ended = {"granted_at": datetime(2025, 1, 1, tzinfo=UTC), "withdrawn_at": datetime.now(UTC)}
    with opened(tmp_path / "programme.db", config(text=LIFT)) as engine:
        engine.load(people(SAYS), consents=[grant])
        assert "xanaduwoman" in stored(engine)
        engine.upsert(ConsentGrant.model_validate(grant | ended))
        engine.upsert(Person.model_validate(mentee("a0", **SAYS)))
        assert "xanaduwoman" not in stored(engine)
    with opened(tmp_path / "programme.db") as again:
        again.upsert(Person.model_validate(mentee("a0", **SAYS)))
        assert "xanaduwoman" not in stored(again)


@settings(max_examples=12, deadline=None)
@given(GIVEN, GIVEN)
def test_a_consent_given_later_acts_at_once_and_for_whoever_opens_the_store_later(
    first: set[int], later: set[int]
) -> None:
    """What the first consents keep, a later one of another purpose may use; nobody sends anything again."""
    engine = made(SAYS, [ALL[n] for n in sorted(first)])
    reader = opened(engine._keeper.store, read_only=True)  # type: ignore[union-attr]
    for n in sorted(later):
        engine.upsert(ConsentGrant.model_validate(ALL[n]))
    live = answers(engine)
    assert answers(opened(engine._keeper.store, read_only=True)) == live  # type: ignore[union-attr]
    assert answers(reader) == live


def test_a_consent_to_be_told_acts_without_sending_the_person_again() -> None:
    engine = made(SAYS, [each for each in ALL if each["purpose"] == "match"])
    before = answers(engine)
    engine.apply([ConsentGrant.model_validate(each) for each in ALL if each["purpose"] == "explain"])
    assert answers(engine) == answers(made(SAYS, [each for each in ALL if each["purpose"] in ("match", "explain")]))
    assert answers(engine) != before
    assert engine._pool.wish_edits.to_json() == {}


def test_a_consent_and_the_person_may_come_in_one_batch_in_either_order() -> None:
    person = Person.model_validate(people(SAYS)[0])
    given = [ConsentGrant.model_validate(each) for each in ALL]
    expected = answers(made(SAYS, ALL))
    for batch in ([person, *given], [*given, person]):
        engine = made({}, [])
        engine.apply(batch)
        assert answers(engine) == expected
        assert answers(opened(engine._keeper.store)) == expected  # type: ignore[union-attr]


def test_a_consent_that_runs_out_takes_the_field_out_of_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    engine = made(SAYS, [each | {"expires_at": soon.isoformat()} for each in ALL])
    assert "xanadu" in stored(engine)
    later(monkeypatch, hours=1)
    expected = answers(made({}, []))
    assert answers(engine) == expected
    assert "xanadu" not in stored(engine)


def test_a_consent_that_ran_out_while_nobody_looked_does_so_when_the_store_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    engine = made(SAYS, [each | {"expires_at": soon.isoformat()} for each in ALL])
    later(monkeypatch, hours=1)
    again = opened(engine._keeper.store)  # type: ignore[union-attr]
    assert "xanadu" not in stored(again)


def on_record_at_an_end(monkeypatch: pytest.MonkeyPatch, *, discloses: bool, reopened: bool = False) -> Any:
    """Return the lines, and the state of a draft, that a consent leaves which ends by its date."""
    says = {"lived_experience": ["returned after a break"]} if discloses else {}
    with monkeypatch.context() as clock:
        soon = datetime.now(UTC) + timedelta(seconds=1)
        ends = consent("a0", "lived_experience", "match", expires_at=soon.isoformat())
        made = programme(people=[mentee("a0", **says), *(mentor(f"m{n}") for n in range(3))], consents=[ends])
        made.keep("draft", made.suggest("a0", "mentor", 1)[0])
        before = len([*made.audit_lines()])
        later(clock, hours=1)
        again = opened(made._keeper.store) if reopened else made  # type: ignore[union-attr]
        again.suggest("a0", "mentor")
        again.suggest("a0", "mentor")
        lines = [(each.event.action, each.event.details) for each in [*again.audit_lines()][before:]]
        return lines, again.kept("draft").stale


@pytest.mark.parametrize("reopened", [False, True])
def test_the_end_of_a_consent_reads_the_same_whether_or_not_anything_was_disclosed(
    reopened: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, stale = on_record_at_an_end(monkeypatch, discloses=True, reopened=reopened)
    assert lines.count(("changed", {"consent ended": "1"})) == 1
    assert stale == ("consent_ended",)
    assert on_record_at_an_end(monkeypatch, discloses=False, reopened=reopened) == (lines, stale)


def test_without_a_line_for_every_end_the_record_would_tell_who_disclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ended, "_ended", lambda *_given: iter(()))
    told = [on_record_at_an_end(monkeypatch, discloses=discloses) for discloses in (True, False)]
    assert told[0] != told[1]


@pytest.mark.parametrize("what", ["renewed", "withdrawn"])
def test_a_date_that_ends_nothing_is_not_on_record_and_makes_no_draft_stale(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    ends = consent("a0", "age_band", "match", expires_at=soon)
    made = programme(people=[mentee("a0", age_band="25-34"), mentor("m0")], consents=[ends])
    moment = {"granted_at" if what == "renewed" else "withdrawn_at": datetime.now(UTC).isoformat()}
    now = (consent("a0", "age_band", "match") if what == "renewed" else ends) | moment
    made.upsert(ConsentGrant.model_validate(now))
    made.keep("draft", made.suggest("a0", "mentor")[0])
    later(monkeypatch, hours=1)
    made.suggest("a0", "mentor")
    assert made.kept("draft").stale == ()
    assert not [line for line in made.audit_lines() if "consent ended" in line.event.details]


def test_a_withdrawal_for_later_ends_on_record_when_its_time_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = programme(people=[mentee("a0"), mentor("m0")], consents=[consent("a0", "age_band", "match")])
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    made.upsert(ConsentGrant.model_validate(consent("a0", "age_band", "match", withdrawn_at=soon)))
    later(monkeypatch, hours=1)
    for _time in range(2):
        made.suggest("a0", "mentor")
    assert [line.event.details for line in made.audit_lines()].count({"consent ended": "1"}) == 1


def test_after_a_clock_that_was_ahead_an_end_names_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    given = [consent("a0", "age_band", "match", expires_at=soon)]
    made = programme(people=[mentee("a0", age_band="25-34"), mentor("m0")], consents=given)
    with monkeypatch.context() as clock:
        later(clock, days=365)
        made.suggest("a0", "mentor")
    again = [consent("a0", "age_band", "match", expires_at=soon) | {"granted_at": datetime.now(UTC).isoformat()}]
    made.load([mentee("a0", age_band="25-34"), mentor("m0")], consents=again)
    made.keep("draft", made.suggest("a0", "mentor")[0])
    later(monkeypatch, hours=1)
    made.suggest("a0", "mentor")
    assert made.kept("draft").stale == ("consent_ended",)
    told = [line.event for line in made.audit_lines() if "consent ended" in line.event.details]
    assert [len(event.subjects) for event in told] == [1, 1]


def test_a_consent_that_begins_later_acts_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    begins = datetime.now(UTC) + timedelta(minutes=30)
    engine = made(SAYS, [each | {"granted_at": begins.isoformat()} for each in ALL])
    assert answers(engine) == answers(made({}, []))
    later(monkeypatch, hours=1)
    assert answers(engine) == answers(made(SAYS, ALL))


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    """Move the clock of whoever asks whether a consent is in force."""
    ahead = timedelta(**by)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + ahead

    for name in ("pool.consents", "store.keep", "store.ended", "store.memory", "changes"):
        monkeypatch.setattr(f"matchengine.{name}.datetime", Later)


def test_the_limit_of_wish_edits_outlives_the_process() -> None:
    engine = made({}, [])
    mine = grants("a0", "attributes", "wishes")
    engine.apply([ConsentGrant.model_validate(each) for each in mine])
    own = [{"dimension": f"d{n}", "value": "x"} for n in range(5)]
    for n in range(3):
        wished = mentee("a0", attributes=own, wishes=[{"dimension": f"d{n}", "strength": "nice"}])
        engine.upsert(Person.model_validate(wished))
    again = opened(engine._keeper.store)  # type: ignore[union-attr]
    wished = mentee("a0", attributes=own, wishes=[{"dimension": "d4", "strength": "nice"}])
    for each in (engine, again):
        with pytest.raises(DataError, match="seven days"):
            each.upsert(Person.model_validate(wished))


def test_nothing_is_kept_of_when_wishes_changed_once_they_are_withdrawn_and_the_process_counts_on() -> None:
    """Whoever withdraws and consents anew must not be able to probe others the more often."""
    engine = made({}, [])
    keeper: Any = engine._keeper
    mine = grants("a0", "attributes", "wishes")
    engine.apply([ConsentGrant.model_validate(each) for each in mine])
    own = [{"dimension": f"d{n}", "value": "x"} for n in range(5)]
    wished = [mentee("a0", attributes=own, wishes=[{"dimension": f"d{n}", "strength": "nice"}]) for n in range(4)]
    for each in wished[:3]:
        engine.upsert(Person.model_validate(each))
    assert keeper.wish_edits().keys() == {"a0"}
    ended = {"withdrawn_at": datetime.now(UTC).isoformat()}
    engine.apply([ConsentGrant.model_validate(each | ended) for each in mine])
    assert keeper.wish_edits() == {}
    assert [*keeper.store.audit("main")][-1].event.details == {"consent withdrawn": "2"}
    engine.upsert(Person.model_validate(mentee("a0")))
    assert keeper.wish_edits() == {}
    anew = {"granted_at": datetime.now(UTC).isoformat()}
    engine.apply([ConsentGrant.model_validate(each | anew) for each in mine])
    with pytest.raises(DataError, match="seven days"):
        engine.upsert(Person.model_validate(wished[3]))


def test_without_the_projection_a_store_keeps_what_nobody_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    assert "xanadu" not in stored(made(SAYS, []))
    monkeypatch.setattr(keep, "projected", lambda person, _consents: person)
    assert "xanadu" in stored(made(SAYS, []))


def test_a_kept_draft_is_stale_once_a_consent_of_somebody_in_it_ends() -> None:
    engine = made(SAYS, ALL)
    engine.keep("round", engine.assign("mentor"))
    assert engine.kept("round").stale == ()
    engine.upsert(ConsentGrant.model_validate(ALL[0] | {"withdrawn_at": datetime.now(UTC).isoformat()}))
    kept = engine.kept("round")
    assert "consent_ended" in kept.stale
    assert "a0" not in repr(kept.stale)
