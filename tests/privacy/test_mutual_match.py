"""An attribute is named only where both hold it, both allow it, and five people do (domain.md B4, mutual match)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

import matchengine as me
from matchengine.records import ConsentGrant, Relationship
from matchengine.records.vocabulary import Viewer
from matchengine.report.run import make_run
from tests.privacy.test_explanations import files
from tests.properties.disclosing import CROSSING, asking, holders, programme, three_mentors, told_to
from tests.support import WordsPlugin, consent

VIEWERS: tuple[Viewer, ...] = get_args(Viewer)
NEW_COUNTRY, ONLY_ONE = CROSSING
SAID = "You both told the programme about “only one in my team” and “started over in a new country”."


def loaded(*more: dict[str, Any], **options: Any) -> me.Engine:
    """Return an engine on a mentee who wishes for both themes and three mentors, with more consents."""
    return programme(asking(), *three_mentors(), more=more, **options)


def told(made: me.Engine, candidate: str = "both", viewer: Viewer = "requester", **more: Any) -> me.records.Explanation:
    return made.explain("a", candidate, "mentor", viewer, **more)


def test_both_may_read_what_both_allow_all_members_to_be_told() -> None:
    made = loaded(*told_to("members", "a", "both", "one"))
    for viewer in ("requester", "candidate"):
        both = told(made, viewer=viewer)
        assert SAID in both.for_requester
        assert SAID in both.for_candidate
        assert both.plain_text.count(NEW_COUNTRY) == 1
        assert f"You both told the programme about “{NEW_COUNTRY}”." in told(made, "one", viewer).for_requester
        assert not [theme for theme in CROSSING if theme in told(made, "silent", viewer).model_dump_json()]


def test_the_step_of_the_lift_is_told_to_the_one_who_wished() -> None:
    made = loaded(*told_to("members", "a", "both", "one"))
    assert {c: told(made, c).lift_step for c in ("both", "one", "silent")} == {
        "both": "strong", "one": "some", "silent": None,
    }  # fmt: skip
    assert {s.candidate_id: s.lift_step for s in made.suggest("a", "mentor")} == {
        "both": "strong", "one": "some", "silent": None,
    }  # fmt: skip
    assert told(made, viewer="candidate").lift_step is None, "what somebody wishes for is theirs"
    allowed = loaded(*told_to("members", "a", "both"), consent("a", "wishes", "explain", "members"))
    assert told(allowed, viewer="candidate").lift_step == "strong"
    assert told(allowed, viewer="coordinator").lift_step is None


def test_without_the_programmes_lift_nothing_is_named() -> None:
    made = loaded(*told_to("members", "a", "both"), extra="")
    assert NEW_COUNTRY not in told(made).model_dump_json()


HALVES: list[list[dict[str, Any]]] = [
    [],
    told_to("members", "a"),
    told_to("members", "both"),
    [*told_to("members", "a"), *told_to("engine_only", "both")],
    [*told_to("members", "a"), *told_to("coordinator", "both")],
    [*told_to("members", "a"), *told_to("facilitator", "both")],
    [*told_to("members", "a"), *told_to("matched_partner_after_both_accept", "both")],
    [consent("a", "attributes", "explain", "members"), *told_to("members", "both", fields=["attributes"])],
]


@pytest.mark.parametrize("grants", HALVES, ids=range(len(HALVES)))
def test_with_anything_less_no_byte_tells_that_anything_is_shared(grants: list[dict[str, Any]], tmp_path: Path) -> None:
    silent = programme(asking(), *[m | {"lived_experience": []} for m in three_mentors()], more=grants)
    made = loaded(*grants)
    for candidate, viewer, carried in product(("both", "one", "silent"), VIEWERS, (False, True)):
        one, other = (told(e, candidate, viewer, carried=carried).model_dump_json() for e in (made, silent))
        assert one == other
        assert "lift" not in one
    seen = [sorted(s.model_copy(update={"rank": 1}).model_dump_json() for s in e.suggest("a", "mentor")) for e in
            (made, silent)]  # fmt: skip
    assert seen[0] == seen[1]
    assert not [theme for theme in CROSSING if theme.encode() in b"".join(files(make_run(made, "mentor"), tmp_path))]


def test_a_matched_partner_may_read_it_while_the_match_is_accepted() -> None:
    grants = told_to("matched_partner_after_both_accept", "a", "both")
    made = loaded(*grants)
    status: dict[str, bool] = {"proposed": False, "active": True, "paused": False, "ended": False}
    for state, reads in status.items():
        tie = {"person_id": "a", "other_id": "both", "kind": "mentoring", "status": state}
        made.upsert(Relationship.model_validate(tie))
        for viewer in ("requester", "candidate"):
            assert (SAID in told(made, viewer=viewer).plain_text) == reads, state
        assert NEW_COUNTRY not in told(made, "one").model_dump_json()
        assert NEW_COUNTRY not in told(made, viewer="coordinator").model_dump_json()
        assert NEW_COUNTRY not in told(made, carried=True).model_dump_json()


def test_a_coordinator_reads_it_only_with_a_grant_of_both_for_coordinators() -> None:
    for grants in (told_to("members", "a", "both"), told_to("coordinator", "a"), told_to("coordinator", "both")):
        assert NEW_COUNTRY not in told(loaded(*grants), viewer="coordinator").model_dump_json()
    made = loaded(*told_to("coordinator", "a", "both"))
    assert SAID.replace("You both", "Both") in told(made, viewer="coordinator").for_requester
    assert NEW_COUNTRY not in told(made, viewer="requester").model_dump_json(), "coordinators are not members"


def test_words_that_a_coordinator_carries_need_both_grants(tmp_path: Path) -> None:
    members, coordinator = told_to("members", "a", "both"), told_to("coordinator", "a", "both")
    for grants, reads in ((members, False), (coordinator, False), ([*members, *coordinator], True)):
        made = loaded(*grants)
        assert (NEW_COUNTRY in told(made, carried=True).plain_text) == reads
        run = make_run(made, "mentor")
        assert any(NEW_COUNTRY in draft.to_requester for draft in run.drafts) == reads
        assert (NEW_COUNTRY.encode() in b"".join(files(run, tmp_path))) == reads


@pytest.mark.parametrize(("others", "named"), [(2, False), (3, True)])
def test_a_cell_of_fewer_than_five_is_never_named(others: int, named: bool) -> None:
    people = [asking(), *three_mentors()[::2], *holders(others, *CROSSING)]
    from tests.properties.disclosing import LIFT, consents
    from tests.support import engine

    made = engine(LIFT)
    made.load(people, consents=[*consents(people), *told_to("members", *(p["id"] for p in people))])
    assert (NEW_COUNTRY in told(made).plain_text) == named


def test_what_is_named_together_is_held_by_five_together() -> None:
    people = [asking(), *three_mentors(), *holders(9, NEW_COUNTRY, prefix="x"), *holders(8, ONLY_ONE, prefix="y")]
    from tests.properties.disclosing import LIFT, consents
    from tests.support import engine

    made = engine(LIFT)
    made.load(people, consents=[*consents(people), *told_to("members", "a", "both")])
    for wished in (CROSSING, (ONLY_ONE,), (NEW_COUNTRY,)):
        made.upsert(me.records.Person.model_validate(asking() | {"wishes": asking(themes=wished)["wishes"]}))
        assert ONLY_ONE not in told(made).plain_text, "two hold both; changing one's wishes brings nothing to light"
        assert (NEW_COUNTRY in told(made).plain_text) == (NEW_COUNTRY in wished)


def test_the_requester_reads_only_what_they_wish_for_and_members_nothing_of_anybodys_wishes() -> None:
    grants = told_to("members", "a", "both")
    plain = programme(asking() | {"wishes": []}, *three_mentors(), more=grants)
    assert NEW_COUNTRY not in told(plain).model_dump_json()
    wishing = loaded(*grants)
    assert told(plain, viewer="candidate") == told(wishing, viewer="candidate"), "wishing shows nothing to the other"
    one = programme(asking() | {"wishes": asking()["wishes"][:1]}, *three_mentors(), more=grants)
    assert (told(one).lift_step, told(one).for_requester[-1]) == (
        "none", f"You both told the programme about “{NEW_COUNTRY}”.",
    )  # fmt: skip


def test_who_is_at_their_cap_of_identity_matches_reads_the_same() -> None:
    grants = told_to("members", "a", "both")
    capped = [m | {"max_identity_matches": 0} for m in three_mentors()]
    full, free = programme(asking(), *capped, more=grants), loaded(*grants)
    for viewer, candidate in product(VIEWERS, ("both", "one", "silent")):
        assert told(full, candidate, viewer) == told(free, candidate, viewer)


def test_a_grant_withdrawn_ends_it_at_once_and_the_words_are_forgotten(tmp_path: Path) -> None:
    made = loaded(*told_to("members", "a", "both"))
    assert SAID in told(made).plain_text
    withdrawn = consent("both", "lived_experience", "explain", "members", withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC))
    made.upsert(ConsentGrant.model_validate(withdrawn))
    assert NEW_COUNTRY not in told(made).model_dump_json()
    assert made._pool.shared.reveals, "the other side still allows it"
    gone = consent("a", "lived_experience", "explain", "members", withdrawn_at=datetime(2026, 1, 2, tzinfo=UTC))
    made.upsert(ConsentGrant.model_validate(gone))
    made.save(tmp_path / "saved")
    assert made._pool.shared.reveals == {}
    assert not [p for p in (tmp_path / "saved").rglob("*") if p.is_file() and b"new country" in p.read_bytes()]


def test_it_survives_saving(tmp_path: Path) -> None:
    made = loaded(*told_to("members", "a", "both"), *told_to("coordinator", "a", "both"))
    made.save(tmp_path / "saved")
    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    for viewer in VIEWERS:
        assert told(again, viewer=viewer) == told(made, viewer=viewer)


def test_documents_mention_the_step_only_where_it_may_be_told() -> None:
    quiet, telling = loaded(), loaded(*told_to("members", "a", "both"))
    assert not any("lift_step" in json.loads(s.model_dump_json()) for s in quiet.suggest("a", "mentor"))
    documents = {s.candidate_id: json.loads(s.model_dump_json()) for s in telling.suggest("a", "mentor")}
    assert documents["both"]["lift_step"] == "strong"
    assert "lift_step" not in documents["silent"]
    assert me.Suggestion.model_validate(documents["both"]).lift_step == "strong"
    assert "lift_step" in me.Suggestion.model_json_schema(mode="serialization")["properties"]
