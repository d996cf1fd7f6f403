"""Grants of one moment for several audiences stand side by side; a withdrawal never leaves one behind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from tests.support import consent

from matchengine.pool import consents as module
from matchengine.pool.consents import AGE_BAND, AUDIT, BALANCE, LIVED_EXPERIENCE, Consents
from matchengine.records import ConsentGrant

ENDED = datetime(2026, 1, 2, tzinfo=UTC)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock(datetime):
    """A clock that a test sets; without a zone it tells the time of a place east of UTC, as a machine there does."""

    moment = NOW

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return cls.moment if tz else (cls.moment + timedelta(hours=9)).replace(tzinfo=None)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(Clock, "moment", NOW)
    monkeypatch.setattr(module, "datetime", Clock)
    return Clock


def grant(
    audience: str = "engine_only", field: str = "attributes", purpose: str = "explain", who: str = "a", **more: object
) -> ConsentGrant:
    return ConsentGrant.model_validate(consent(who, field, purpose, audience, **more))


def lasting(begin: datetime, end: datetime | None = None, who: str = "a", **more: object) -> ConsentGrant:
    return grant(who=who, granted_at=begin, expires_at=end, **more)


def allowed(consents: Consents) -> list[str]:
    return [who for who in ("members", "coordinator") if consents.allows("a", "attributes", "explain", (who,))]


def test_one_form_may_open_a_field_to_two_audiences() -> None:
    consents = Consents([grant("members"), grant("coordinator")])
    assert allowed(consents) == ["members", "coordinator"]
    assert len(list(consents)) == 2
    consents.add(grant("members", text_version="2"))
    assert len(list(consents)) == 2


_SPELLINGS = [
    datetime(2025, 1, 1, 12),  # as an import from a table gives it: without a zone it is UTC
    datetime(2025, 1, 1, 12, tzinfo=UTC),
    datetime(2025, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))),
]


@pytest.mark.parametrize("given", _SPELLINGS)
@pytest.mark.parametrize("said", _SPELLINGS)
def test_a_withdrawal_ends_the_grant_of_that_moment_however_the_moment_is_written(
    given: datetime, said: datetime
) -> None:
    consents = Consents([grant("members", granted_at=given)])
    assert allowed(consents) == ["members"]
    consents.add(grant("members", granted_at=said, withdrawn_at=ENDED))
    assert allowed(consents) == []
    assert len(list(consents)) == 1


@pytest.mark.parametrize(("audience", "left"), [("members", ["coordinator"]), ("engine_only", [])])
def test_a_withdrawal_ends_its_audience_or_else_all_of_that_time(audience: str, left: list[str]) -> None:
    consents = Consents([grant("members"), grant("coordinator")])
    consents.add(grant(audience, withdrawn_at=ENDED))
    assert allowed(consents) == left


@pytest.mark.parametrize("audience", ["members", "engine_only"])
def test_a_withdrawal_leaves_grants_of_other_times_fields_purposes_and_people(audience: str) -> None:
    others = [
        grant("members", granted_at=NOW - DAY),
        grant("members", field="anchors"),
        grant("members", purpose="match"),
        grant("members", who="b"),
    ]
    consents = Consents([grant("members"), *others])
    consents.add(grant(audience, withdrawn_at=ENDED))
    assert [each for each in consents if each.withdrawn_at is None] == others
    assert len(list(consents)) == 5


def test_a_grant_of_an_audience_that_is_new_at_that_time_stands_beside_the_others() -> None:
    consents = Consents([grant("members")])
    consents.add(grant("coordinator", text_version="2"))
    assert allowed(consents) == ["members", "coordinator"]


def test_each_question_is_about_one_person_purpose_field_and_audience() -> None:
    consents = Consents([grant("members", purpose="match")])
    assert consents.allows("a", "attributes")
    assert consents.keeps("a", "attributes")
    assert consents.allows_token("a", "team")
    assert consents.allows("a", "attributes", "match", ("coordinator", "members"))
    for question in (("b", "attributes"), ("a", "anchors"), ("a", "attributes", "explain")):
        assert not consents.allows(*question)
        assert not consents.keeps(*question)
    assert not consents.allows_token("b", "team")
    assert not consents.allows_token("a", "team", "explain")
    assert not consents.allows("a", "attributes", "match", ("coordinator",))
    assert not consents.allows_token("a", "team", "match", ("coordinator",))


def test_purposes_that_are_asked_elsewhere_are_not_taken_over() -> None:
    assert list(Consents([grant(purpose="eligibility"), grant(purpose="research")])) == []


def test_one_dimension_may_be_opened_alone() -> None:
    consents = Consents([grant(field="attributes.team", purpose="match")])
    assert consents.allows_token("a", "team")
    assert not consents.allows_token("a", "age_band")
    assert not consents.allows("a", "attributes")
    assert Consents([grant(field="attributes.age_band", purpose="match")]).allows_token("a", AGE_BAND)


def test_a_theme_of_lived_experience_needs_its_own_grant() -> None:
    own = Consents([grant("members", field=LIVED_EXPERIENCE)])
    assert own.allows_token("a", LIVED_EXPERIENCE, "explain", ("members",))
    assert not own.allows_token("a", LIVED_EXPERIENCE, "explain", ("coordinator",))
    assert not own.allows_token("a", LIVED_EXPERIENCE)
    assert not own.allows_token("b", LIVED_EXPERIENCE, "explain")
    assert not Consents([grant(field="attributes")]).allows_token("a", LIVED_EXPERIENCE, "explain")
    assert Consents([grant(field=LIVED_EXPERIENCE, purpose="match")]).allows_token("a", LIVED_EXPERIENCE)


@pytest.mark.parametrize("purpose", [BALANCE, AUDIT])
def test_to_be_counted_by_age_needs_the_grant_of_the_age_band(purpose: str) -> None:
    assert Consents([grant(field=AGE_BAND, purpose=purpose)]).allows_token("a", AGE_BAND, purpose)
    assert not Consents([grant(field="attributes", purpose=purpose)]).allows_token("a", AGE_BAND, purpose)
    assert Consents([grant(field="attributes", purpose=purpose)]).allows_token("a", "team", purpose)
    assert not Consents([grant(field=AGE_BAND, purpose="match")]).allows_token("a", AGE_BAND)


def test_dimensions_are_those_named_one_by_one_and_in_force(clock: type[Clock]) -> None:
    consents = Consents(
        [
            grant("members", field="attributes.team"),
            grant("coordinator", field=LIVED_EXPERIENCE),
            grant("members", field="attributes"),
            grant("members", field="anchors"),
            grant("members", field="attributes.past", expires_at=NOW),
            grant("members", field="attributes.other", purpose="match"),
            grant("members", field="attributes.theirs", who="b"),
        ]
    )
    assert consents.dimensions("a", "explain") == ["team", LIVED_EXPERIENCE]
    assert consents.dimensions("a", "explain", ("members",)) == ["team"]
    assert consents.dimensions("nobody", "explain") == []


# ---------------------------------------------------------------------- time


def test_a_grant_counts_from_its_first_moment_until_before_its_last(clock: type[Clock]) -> None:
    consents = Consents([lasting(NOW, NOW + DAY)])
    hour = timedelta(hours=1)
    for moment, right in ((NOW - hour, False), (NOW, True), (NOW + DAY - hour, True), (NOW + DAY, False)):
        clock.moment = moment
        assert consents.allows("a", "attributes", "explain") is right


def test_a_grant_that_begins_later_is_kept_unless_it_ends_before(clock: type[Clock]) -> None:
    later = Consents([lasting(NOW + DAY, NOW + 2 * DAY)])
    assert later.keeps("a", "attributes", "explain")
    assert not later.allows("a", "attributes", "explain")
    clock.moment = NOW + 2 * DAY
    assert not later.keeps("a", "attributes", "explain")
    withdrawn = Consents([grant(granted_at=NOW + 9 * DAY, withdrawn_at=NOW + 8 * DAY)])
    assert not withdrawn.keeps("a", "attributes", "explain")


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine nine hours ahead of UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Etc/GMT-9")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_east")
@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=5))])
def test_moments_without_a_zone_are_utc_and_others_are_told_in_it(clock: type[Clock], zone: tzinfo | None) -> None:
    begin = (NOW + DAY).replace(tzinfo=None) if zone is None else (NOW + DAY).astimezone(zone)
    consents = Consents([lasting(begin)])
    assert consents.keeps("a", "attributes", "explain")
    assert not consents.due()
    clock.moment = NOW + DAY
    assert consents.due()
    assert consents.begun(NOW) == {"a"}


def test_nothing_is_due_before_a_grant_ends_or_begins(clock: type[Clock]) -> None:
    consents = Consents([lasting(NOW - DAY, NOW + 3 * DAY), lasting(NOW + 2 * DAY, who="b")])
    consents.add(lasting(NOW, who="c"))
    for moment, due in ((NOW, False), (NOW + 2 * DAY - DAY / 24, False), (NOW + 2 * DAY, True)):
        clock.moment = moment
        assert consents.due() is due
    assert consents.ended() == set()
    assert not consents.due()
    clock.moment = NOW + 3 * DAY
    assert consents.due()
    assert consents.ended() == {"a"}
    clock.moment = NOW + 9999 * DAY
    assert not consents.due()


def test_a_grant_that_begins_now_asks_for_nothing_more(clock: type[Clock]) -> None:
    consents = Consents([lasting(NOW)])
    assert not consents.due()
    clock.moment = NOW + 9999 * DAY
    assert not consents.due()


def test_a_grant_that_came_too_late_is_due_at_once(clock: type[Clock]) -> None:
    consents = Consents([lasting(NOW - 2 * DAY, NOW - DAY)])
    assert consents.due()
    assert consents.ended() == {"a"}
    assert not consents.due()


def test_who_has_ended_is_looked_for_only_when_something_is_due(clock: type[Clock]) -> None:
    consents = Consents([lasting(NOW - DAY, NOW + DAY), lasting(NOW + 2 * DAY, who="b")])
    assert consents.looked == NOW
    clock.moment = NOW + DAY / 2
    assert consents.ended() == set()
    assert consents.looked == NOW
    clock.moment = NOW + DAY
    assert consents.ended() == {"a", "b"}
    assert consents.looked == NOW + DAY
    assert consents.ended() == set()
    clock.moment = NOW + 2 * DAY
    assert consents.ended() == {"a"}


def test_who_has_begun_since_a_moment(clock: type[Clock]) -> None:
    consents = Consents([lasting(NOW), lasting(NOW + DAY, who="b"), lasting(NOW - DAY, NOW, who="c")])
    assert consents.begun(NOW - 2 * DAY) == {"a"}
    assert consents.begun(NOW) == set()
    clock.moment = NOW + DAY - timedelta(hours=1)
    assert consents.begun(NOW) == set()
    clock.moment = NOW + DAY
    assert consents.begun(NOW) == {"b"}
