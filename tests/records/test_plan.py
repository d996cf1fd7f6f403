"""Records of a plan: nothing unknown, nothing changed, read back as written."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from matchengine.records import Fingerprint
from matchengine.records.plan import Decision, PlanDocument, PlannedPair, PlanSummary, Ranking

PAIR = {"requester_id": "a", "candidate_id": "m", "score": 71.25, "fit": "good", "confidence": 0.9}
FINGERPRINT = Fingerprint(config="c", plugins={}, model="m", generation=1, as_of=date(2026, 3, 9))


def document(**more: object) -> PlanDocument:
    summary = PlanSummary(requesters=1, candidates=1, matched=1, pairs=1, places_left=0)
    told = {"kind": "mentor", "requester": "mentee", "candidate": "mentor", "method": "leximin", "summary": summary}
    return PlanDocument.model_validate(told | {"fingerprint": FINGERPRINT, "pairs": (PAIR,)} | more)


def test_a_document_is_read_back_as_it_was_written() -> None:
    made = document(decisions=(Decision(number=1, action="assigned", by="leximin", on=date(2026, 3, 9)),))
    assert PlanDocument.model_validate_json(made.model_dump_json()) == made
    assert made.status == "draft"


@pytest.mark.parametrize("wrong", [{"score": 101}, {"confidence": 2}, {"requester_id": "a@b.c"}, {"lift": 0.2}])
def test_a_pair_refuses_what_it_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PlannedPair.model_validate(PAIR | wrong)


def test_a_plan_does_not_change() -> None:
    with pytest.raises(ValidationError):
        document().status = "published"  # type: ignore[misc]


def test_a_ranking_may_be_empty() -> None:
    assert Ranking(person_id="a").ranked == ()
