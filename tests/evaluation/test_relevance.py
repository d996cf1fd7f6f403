"""Conditions over outcomes: what may stand in one, what a missing cell means, and that nothing is ever executed."""

from __future__ import annotations

import warnings

import pytest

from matchengine.errors import ConfigError
from matchengine.evaluation.relevance import Value, parse_condition, typed


@pytest.mark.parametrize(
    ("text", "row", "holds"),
    [
        ("rating >= 4", {"rating": 4.0}, True),
        ("rating >= 4", {"rating": 3.0}, False),
        ("rating >= 4", {"rating": None}, None),
        ("rating >= 4 or months >= 6", {"rating": None, "months": 7.0}, True),
        ("rating >= 4 or months >= 6", {"rating": None, "months": 5.0}, False),
        ("rating >= 4 and months >= 6", {"rating": 5.0, "months": None}, False),
        ("not rating < 3", {"rating": None, "months": 1.0}, None),
        ("not rating < 3 or months >= 6", {"rating": None, "months": 1.0}, False),
        ("not rating < 3 and months >= 1", {"rating": None, "months": 1.0}, False),
        ("accepted", {"accepted": True}, True),
        ("not accepted", {"accepted": False}, True),
        ("accepted == yes", {"accepted": True}, True),
        ("status == 'completed'", {"status": "completed"}, True),
        ("status != 'completed'", {"status": 3.0}, True),
        ("status == 3", {"status": "3x"}, False),
        ("1 <= rating <= 3", {"rating": 2.0}, True),
        ("rating > -1", {"rating": 0.0}, True),
        ("day >= '2025-01-01'", {"day": "2025-02-01"}, True),
    ],
)
def test_what_a_condition_says(text: str, row: dict[str, Value], holds: bool | None) -> None:
    assert parse_condition(text).holds(row) is holds


@pytest.mark.parametrize(
    "text",
    [
        "", "rating", "rating =", "rating >= ", "rating => 4", "__import__('os').system('x')", "rating.real > 1",
        "rating[0] > 1", "[x for x in y]", "lambda: 1", "rating + 1 > 2", "f'{rating}' == 'a'", "rating is None",
        "(rating := 4)", "rating >= 4j", "rating == b'a'", "1 == 1", "'a' == 'a'", "rating > 9" + "9" * 400,
        "rating > 4; rating", "await rating", "*rating", "rating in (1, 2)", "\0", "rating if rating else rating",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    if text == "rating":
        assert parse_condition(text).columns == {"rating"}
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConfigError):
            parse_condition(text)


def test_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'rating'"):
        parse_condition("ratng > 3", ["rating", "months"])


@pytest.mark.parametrize(
    ("cell", "value"),
    [("4", 4.0), (" yes ", True), ("No", False), ("", None), (None, None), (float("nan"), None), ("nan", None),
     ("inf", None), (3, 3.0), (True, True), ("late", "late")],
)  # fmt: skip
def test_cells_have_types(cell: object, value: Value) -> None:
    found = typed(cell)
    assert found == value
    assert type(found) is type(value)
