"""Every assumption is printed with its value, meaning and source; nonsense is refused (domain.md H11)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from matchengine.errors import ConfigError
from matchengine.i18n import PSEUDO, speaking
from matchengine.simulation import Knobs, assumptions, knobs_from
from matchengine.simulation.copula import DEPENDENCIES


def test_every_knob_and_every_dependency_is_in_the_table() -> None:
    rows = assumptions(Knobs())
    assert [r.name for r in rows[: len(Knobs.model_fields)]] == list(Knobs.model_fields)
    assert len(rows) == len(Knobs.model_fields) + len(DEPENDENCIES)
    assert all(r.value and r.meaning and r.unit and r.source for r in rows)
    said = {r.name: r for r in rows}
    assert "Raposa" in said["programme_effect"].source
    assert "Eby" in said["strength"].source
    assert said["weeks"].source == "assumption"


def test_the_table_shows_the_values_in_force() -> None:
    rows = {
        r.name: r.value for r in assumptions(knobs_from({"mentees": 60, "caring": {"mentees": 0.5, "mentors": 0.1}}))
    }
    assert rows["mentees"] == "60"
    assert "0.5" in rows["caring"]


def test_the_table_speaks_the_language_of_the_reader() -> None:
    with speaking(PSEUDO):
        rows = assumptions(Knobs())
    assert all(r.meaning.startswith("⟦") and r.source.startswith("⟦") for r in rows)


@pytest.mark.parametrize(
    ("values", "word"),
    [({"mentes": 3}, "mentees"), ({"mentees": 0}, "mentees"), ({"vague_texts": 1.2}, "vague_texts"),
     ({"weeks": "ten"}, "weeks"), ({"caring": {"mentees": 2.0, "mentors": 0.1}}, "caring")],
)  # fmt: skip
def test_what_does_not_exist_or_is_out_of_range_is_refused_by_name(values: dict, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        knobs_from(values)


def test_knobs_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Knobs().mentees = 3  # type: ignore[misc]


def test_fewer_mentors_than_one_do_not_exist() -> None:
    assert Knobs(mentees=1, mentees_per_mentor=50.0).mentors == 1
    assert Knobs().mentors == 120
