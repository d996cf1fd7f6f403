"""What a roster changes, worked out from records alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from matchengine.errors import DataError
from matchengine.io.sync import Roster, SyncPlan, plan_consents, plan_sync
from matchengine.records import ConsentGrant, Feedback, Group, Person, Relationship
from tests.support import consent, group, mentee

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def people(*ids: str, **more: Any) -> list[Person]:
    return [Person.model_validate(mentee(one, **more)) for one in ids]


def planned(roster: Roster, gone_at_most: float = 20.0, **stored: Any) -> SyncPlan:
    kinds = ("person", "group", "event", "resource", "project", "organisation", "relationship", "consent", "feedback")
    kept = {kind: stored.get(kind, []) for kind in kinds}
    consents = plan_consents(kept["consent"], roster.consents, [p.id for p in roster.people or ()], NOW)
    return plan_sync(kept, roster, consents, gone_at_most, NOW)


def grant(who: str = "a", **more: Any) -> ConsentGrant:
    return ConsentGrant.model_validate(consent(who, "age_band") | more)


def tie(one: str, other: str, kind: str = "mentoring", **more: Any) -> Relationship:
    return Relationship.model_validate({"person_id": one, "other_id": other, "kind": kind} | more)


def test_an_empty_roster_changes_nothing() -> None:
    plan = planned(Roster(), person=people("a"), relationship=[tie("a", "b")], group=[Group.model_validate(group())])
    assert (plan.changes, plan.gone, plan.report.changes) == ([], [], False)


def test_the_order_of_a_list_and_a_default_that_is_stated_are_no_difference() -> None:
    [person] = people("a")
    turned = person.model_copy(update={"values": person.values[::-1], "visits": None})
    assert planned(Roster(people=[turned]), person=[person]).changes == []


@pytest.mark.parametrize(("gone", "refused"), [(2, False), (3, True)])
def test_up_to_a_fifth_may_go(gone: int, refused: bool) -> None:
    kept = people(*(f"p{n}" for n in range(10)))
    plan = planned(Roster(people=kept[gone:]), person=kept)
    assert plan.report.refused is refused
    assert (plan.report.people_before, plan.report.gone_share) == (10, 10.0 * gone)
    assert len(plan.gone) == gone
    if refused:
        with pytest.raises(DataError, match="3 of 10 people"):
            plan.refuse_if_too_many()
    else:
        plan.refuse_if_too_many()


@pytest.mark.parametrize(
    ("stored", "roster", "changes", "kept"),
    [
        ([], [grant()], [grant()], 0),
        ([grant()], [grant()], [], 0),
        ([grant(withdrawn_at="2026-01-01T00:00:00Z")], [grant()], [], 1),
        ([grant(withdrawn_at="2026-01-01T00:00:00Z")], [grant(granted_at="2025-06-01T00:00:00Z")], [], 1),
        ([grant(withdrawn_at="2026-01-01T00:00:00Z")], [grant(audience="members")], [], 1),
        (
            [grant(withdrawn_at="2026-01-01T00:00:00Z")],
            [grant(granted_at="2026-02-01T00:00:00Z")],
            [grant(granted_at="2026-02-01T00:00:00Z")],
            0,
        ),
        ([grant()], [grant("b")], [grant(withdrawn_at=NOW), grant("b")], 0),
        ([grant(purpose="explain")], [grant("b")], [grant("b")], 0),
        ([grant("elsewhere")], [grant("b")], [grant("b")], 0),
        ([grant()], None, [], 0),
    ],
)
def test_consents_are_added_and_withdrawn_and_never_brought_back(
    stored: list[ConsentGrant], roster: list[ConsentGrant] | None, changes: list[ConsentGrant], kept: int
) -> None:
    plan = plan_consents(stored, roster, ["a", "b"], NOW)
    assert sorted(map(repr, plan.changes)) == sorted(map(repr, changes))
    assert plan.kept == kept
    again = plan_consents(plan.after, roster, ["a", "b"], NOW)
    assert again.changes == [], "twice is once"


def test_boundaries_are_added_and_never_lifted() -> None:
    block, topic = {"kind": "person", "value": "x"}, {"kind": "topic", "value": "y"}
    kept = people("a", boundaries=[block])
    plan = planned(Roster(people=people("a", boundaries=[topic])), person=kept)
    [person] = plan.changes
    assert isinstance(person, Person)
    assert {one.value for one in person.boundaries} == {"x", "y"}
    assert planned(Roster(people=people("a")), person=kept).changes == []


def test_without_that_rule_a_roster_would_lift_a_boundary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control of the test before."""
    monkeypatch.setattr("matchengine.io.sync._with_boundaries", lambda person, _held: person)
    kept = people("a", boundaries=[{"kind": "person", "value": "x"}])
    assert planned(Roster(people=people("a")), person=kept).changes != []


def test_ties_end_where_the_roster_lists_ties_without_them() -> None:
    kept = [tie("a", "m", started="2026-01-05"), tie("b", "m", status="completed"), tie("c", "m", "must_not")]
    plan = planned(Roster(relationships=[]), relationship=kept)
    [ended] = plan.changes
    assert isinstance(ended, Relationship)
    assert (ended.person_id, ended.status, ended.ends) == ("a", "ended", NOW.date())
    assert (plan.report.ended, plan.report.kept_apart) == (1, 1)
    assert planned(Roster(more_relationships=[tie("d", "m")]), relationship=kept).report.ended == 0


def test_a_tie_that_has_not_begun_ends_without_a_day_before_its_first() -> None:
    [ended] = planned(Roster(relationships=[]), relationship=[tie("a", "m", started="2026-06-01")]).changes
    assert Relationship.model_validate(ended.model_dump()).status == "ended"


def test_a_roster_does_not_let_two_meet_who_are_kept_apart() -> None:
    lifted = tie("a", "m", "must_not", status="ended")
    assert planned(Roster(relationships=[lifted]), relationship=[tie("a", "m", "must_not")]).changes == []


def test_answers_are_added_once() -> None:
    told = {"about_id": "g", "person_id": "a", "wave": "30_days", "perspective": "requester", "items": {}}
    answer, other = Feedback.model_validate(told), Feedback.model_validate(told | {"person_id": "b"})
    plan = planned(Roster(feedback=[answer, other, other]), feedback=[answer])
    assert plan.changes == [other]
    assert plan.report.feedback_added == 1


def test_nothing_that_somebody_wrote_is_in_the_report() -> None:
    kept, now = people("a"), people("a", hopes_to_gain="zzcanary", lived_experience=["zzcanary"])
    report = planned(Roster(people=now), person=kept).report
    assert "zzcanary" not in report.model_dump_json() + " ".join(report.render())
    assert "a sensitive field" in " ".join(report.render())


@pytest.mark.parametrize("share", [-1, 101, float("nan")])
def test_a_share_out_of_range_is_refused(share: float) -> None:
    with pytest.raises(DataError, match="0 to 100"):
        planned(Roster(people=people("a")), share)
