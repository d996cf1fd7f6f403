"""After a mismatch: repaired or ended, and how few are hidden."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from matchengine.learning.kpi.inputs import ProgrammeRecords, Window
from matchengine.learning.kpi.repair import repair
from matchengine.records import Feedback, Relationship
from tests.learning.kpi.test_ripple import day

N = 20


def said(number: int, wave: str, rating: int) -> Feedback:
    told: dict[str, Any] = {"about_id": f"m{number}", "person_id": f"a{number}", "wave": wave}
    return Feedback.model_validate(told | {"perspective": "requester", "items": {"satisfaction": rating}})


def table(ended: int, n: int = N, least: int = 10) -> dict[str, Any]:
    """Return the figures of n matches with a low rating, some of which ended; the others got better."""
    ties = [
        Relationship.model_validate(
            {"person_id": f"a{k}", "other_id": f"m{k}", "kind": "mentoring", "started": day(0)}
            | ({"status": "ended", "ends": day(60)} if k < ended else {})
        )
        for k in range(n)
    ]
    feedback = [said(k, "30_days", 1) for k in range(n)] + [said(k, "90_days", 5) for k in range(ended, n)]
    window = Window(ProgrammeRecords(relationships=ties, feedback=feedback), day(0) + timedelta(days=200), least)
    return {row.key: row for row in repair(window).rows}


def test_shares_of_repaired_and_ended_add_up_to_one() -> None:
    found = table(5)
    assert found["repair.repaired"].value == 0.75
    assert found["repair.ended"].value == 0.25


def test_few_are_hidden_and_who_nobody_can_tell_of_is_missing() -> None:
    assert table(1, n=5)["repair.repaired"].hidden
    ties = [Relationship.model_validate({"person_id": "a0", "other_id": "m0", "kind": "mentoring", "started": day(0)})]
    records = ProgrammeRecords(relationships=ties, feedback=[said(0, "30_days", 1)])
    row = repair(Window(records, day(0) + timedelta(days=50), 10)).rows[0]
    assert (row.value, row.missing) == (None, 1)
