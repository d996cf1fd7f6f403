"""How well the score tells a yes, on people held out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.learning.outcomes import calibration_of, report, sound_method
from matchengine.learning.preferences import Said
from matchengine.records import Feedback, Relationship
from tests.learning.programme import loaded


@pytest.mark.parametrize(
    ("outcomes", "rarer", "method"),
    [(49, 20, "identity"), (50, 20, "platt"), (50, 4, "identity"), (199, 90, "platt"), (200, 30, "isotonic"),
     (200, 29, "platt")],
)  # fmt: skip
def test_the_method_is_what_the_outcomes_bear(outcomes: int, rarer: int, method: str) -> None:
    assert sound_method(outcomes, rarer) == method


def drawn(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.random(n)
    return scores, (rng.random(n) < 0.3 * scores).astype(float), np.repeat(np.arange(n // 2), 2)


@pytest.mark.parametrize(("n", "method"), [(1_000, "isotonic"), (210, "platt"), (120, "platt")])
def test_calibrating_is_tried_on_requesters_it_has_not_seen(n: int, method: str) -> None:
    found = report(*drawn(n))
    assert found.method == method
    assert found.outcomes == n
    assert found.error_before is not None
    assert found.error_after is not None
    assert found.error_after < found.error_before
    assert found.brier_after is not None
    assert found.brier_before is not None
    assert found.brier_after < found.brier_before


def test_of_too_few_outcomes_nothing_is_said() -> None:
    found = report(*drawn(48))
    assert found.yes is None
    assert (found.method, found.outcomes, found.error_before, found.brier_after) == ("identity", 48, None, None)


def test_outcomes_are_those_of_records_and_the_order_of_records_changes_nothing() -> None:
    made = loaded(40, 10)
    rng = np.random.default_rng(0)
    ties: list[Any] = []
    said: list[Any] = []
    for n in range(40):
        for m in rng.choice(10, 3, replace=False).tolist():
            if rng.random() < 0.5:
                tie = {"person_id": f"a{n}", "other_id": f"m{m}", "kind": "mentoring"}
                ties.append(Relationship.model_validate(tie))
            else:
                told = {"about_id": f"m{m}", "person_id": f"a{n}", "wave": "start", "perspective": "requester"}
                said.append(Feedback.model_validate(told | {"items": {"not_for_me": True}}))
    scene = made._scene("mentor")
    one, other = calibration_of(scene, Said(ties, said)), calibration_of(scene, Said(ties[::-1], said[::-1]))
    assert one == other
    assert (one.outcomes, one.yes) == (120, len(ties))
    assert one.method == "platt"
    assert calibration_of(scene, Said()).outcomes == 0
