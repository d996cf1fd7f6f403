"""The table of outcomes: every problem with its row, ids as they are written, what was never shown is not known."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from matchengine.errors import DataError
from matchengine.evaluation.config import EvaluationConfig, parse_evaluation
from matchengine.evaluation.outcomes import Outcome, read_outcomes
from tests.evaluation.programme import FILE, edited


def read(folder: Path, text: str, *changes: tuple[str, str]) -> list[Outcome]:
    path = folder / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    return read_outcomes(path, config(*changes))


def config(*changes: tuple[str, str]) -> EvaluationConfig:
    return parse_evaluation(edited(FILE, *changes))


def test_every_problem_is_told_with_its_row(tmp_path: Path) -> None:
    text = (
        "requester_id,candidate_id,cohort,rating,propensity\n"
        "a,x,1,5,0.5\n,x,1,5,\na,x,1,1,\na,y,2,3,\nb,x,1,2,0\nb,y,1,2,often\n"
    )
    with pytest.raises(DataError) as error:
        read(tmp_path, text)
    assert error.value.problems == (
        "row 3: no id of the person or of the other side", "row 4: the pair stands twice, with different outcomes",
        "row 5: the person is in another cohort elsewhere", "row 6: propensity is no number above 0 and at most 1",
        "row 7: propensity is no number above 0 and at most 1",
    )  # fmt: skip
    assert str(tmp_path) not in str(error.value)


def test_many_problems_are_cut_short(tmp_path: Path) -> None:
    text = "requester_id,candidate_id,cohort,rating\n" + ",x,1,5\n" * 70
    with pytest.raises(DataError, match="70 problems") as error:
        read(tmp_path, text)
    assert error.value.problems[-1] == "and 20 more"


def test_ids_stay_as_they_are_written(tmp_path: Path) -> None:
    rows = read(tmp_path, "requester_id,candidate_id,cohort,rating\n007,1e5,yes,5\nno,7.0,01,4\n")
    assert [(row.person, row.other, row.cluster) for row in rows] == [("007", "1e5", "yes"), ("no", "7.0", "01")]


def test_grades_days_and_what_was_never_shown(tmp_path: Path) -> None:
    text = (
        "requester_id,candidate_id,cohort,rating,seen,observed_at\n"
        "a,u,1,5,yes,2025-01-02\na,v,1,3,yes,\na,w,1,1,yes,soon\na,x,1,,yes,\na,y,1,1,no,\na,z,1,5,0,\n"
    )
    rows = read(tmp_path, text, ('cluster = "cohort"', 'cluster = "cohort"\nshown = "seen"'))
    assert [row.gain for row in rows] == [2.0, 1.0, 0.0, None, None, None]
    assert rows[0].observed == 20090
    assert math.isnan(rows[1].observed)
    assert math.isnan(rows[2].observed)


def test_columns_that_are_named_must_be_there(tmp_path: Path) -> None:
    text = "requester_id,candidate_id,cohort,rating\na,x,1,5\n"
    assert len(read(tmp_path, text)) == 1
    for name in ("observed_at", "propensity", "shown"):
        with pytest.raises(DataError, match="no column when"):
            read(tmp_path, text, ('cluster = "cohort"', f'cluster = "cohort"\n{name} = "when"'))
