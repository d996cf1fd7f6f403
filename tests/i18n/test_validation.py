"""What a validation finds is said in the language of the context, and never with the value that was given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from matchengine.i18n import PSEUDO, speaking
from matchengine.io.fields import ANY_ATTRIBUTE, TABLES
from matchengine.io.values import part_target
from matchengine.records import Person, describe_validation
from matchengine.records.sentences import SENTENCES, problem_sentence

CASES: list[tuple[Any, Any, str, str]] = [
    (Annotated[str, StringConstraints(max_length=3)], "canary", "string_too_long", "at most 3 characters"),
    (Annotated[str, StringConstraints(max_length=1)], "canary", "string_too_long", "at most 1 character"),
    (Annotated[str, StringConstraints(min_length=9)], "canary", "string_too_short", "at least 9 characters"),
    (Annotated[str, StringConstraints(pattern="^[0-9]+$")], "canary", "string_pattern_mismatch", "'^[0-9]+$'"),
    (str, 7171, "string_type", "a valid string"),
    (Literal["a", "b", "c"], "canary", "literal_error", "Input should be 'a', 'b' or 'c'"),
    (Literal["a"], "canary", "literal_error", "Input should be 'a'"),
    (int, "canary", "int_parsing", "unable to parse string as an integer"),
    (int, 7171.5, "int_from_float", "got a number with a fractional part"),
    (float, "canary", "float_parsing", "unable to parse string as a number"),
    (bool, "canary", "bool_parsing", "a valid boolean, unable to interpret input"),
    (Annotated[float, Field(gt=0)], -7171, "greater_than", "greater than 0"),
    (Annotated[float, Field(ge=0)], -7171, "greater_than_equal", "greater than or equal to 0"),
    (Annotated[float, Field(lt=0.5)], 7171, "less_than", "less than 0.5"),
    (Annotated[float, Field(le=100)], 7171, "less_than_equal", "less than or equal to 100"),
    (Annotated[float, Field(allow_inf_nan=False)], float("inf"), "finite_number", "a finite number"),
    (Annotated[tuple[str, ...], Field(max_length=1)], ("canary", "b"), "too_long", "at most 1 item"),
    (Annotated[list[str], Field(min_length=2)], ["canary"], "too_short", "at least 2 items"),
    (list[str], "canary", "list_type", "a valid list"),
    (tuple[str, ...], "canary", "tuple_type", "a valid tuple"),
    (dict[str, str], "canary", "dict_type", "a valid dictionary"),
    (date, "canary", "date_from_datetime_parsing", "a valid date or datetime"),
    (date, None, "date_type", "a valid date"),
    (datetime, "canary", "datetime_from_date_parsing", "a valid datetime or date"),
    (datetime, None, "datetime_type", "a valid datetime"),
    (Person, "canary", "model_type", "a valid dictionary or instance of Person"),
]


def problem(kind: Any, value: Any) -> dict[str, Any]:
    """Return what pydantic finds wrong with a value."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (only,) = caught.value.errors(include_url=False, include_input=False)
    return dict(only)


@pytest.mark.parametrize(("kind", "value", "name", "told"), CASES)
def test_problems_are_told_in_the_language_without_the_value(kind: Any, value: Any, name: str, told: str) -> None:
    found = problem(kind, value)
    assert found["type"] == name
    sentence = problem_sentence(found)
    assert sentence.endswith(told)
    with speaking(PSEUDO):
        pseudo = problem_sentence(found)
    assert pseudo.startswith("⟦")
    assert pseudo.endswith("⟧")
    for said in (sentence, pseudo):
        assert "canary" not in said
        assert "7171" not in said


def test_english_is_as_pydantic_says_it() -> None:
    for kind, value, name, _told in CASES:
        if not name.startswith(("date", "too_")):
            assert problem_sentence(problem(kind, value)) == problem(kind, value)["msg"]


def test_a_type_without_a_sentence_keeps_that_of_pydantic() -> None:
    assert "uuid_parsing" not in SENTENCES
    with speaking(PSEUDO):
        assert problem_sentence({"type": "uuid_parsing", "msg": "Input should be a valid UUID"}).endswith("UUID")


def test_validators_of_records_speak_the_language() -> None:
    wrong = {"id": "a b", "roles": ["mentor", "mentor"], "line_manager": "x@example.org", "nikname": 1}
    with speaking(PSEUDO), pytest.raises(ValidationError) as caught:
        Person.model_validate(wrong)
    with speaking(PSEUDO):
        told = describe_validation(caught.value, Person)
    assert len(told) == 3
    assert all(": ⟦" in sentence and sentence.endswith("⟧") for sentence in told), told


def test_a_validator_of_somebody_else_is_told_as_it_stands() -> None:
    class Strict(BaseModel):
        name: str

    with pytest.raises(ValidationError) as caught:
        Strict.model_validate({})
    assert describe_validation(caught.value, Strict) == ["name: Field required"]


@pytest.mark.parametrize("reads", sorted(TABLES))
def test_every_field_says_what_it_holds(reads: Any) -> None:
    for target in [*TABLES[reads].values(), ANY_ATTRIBUTE]:
        assert "{" not in target.meaning
        with speaking(PSEUDO):
            assert target.meaning.startswith("⟦"), target.name
        for part in target.parts:
            assert part_target(target, part).meaning == f"the {part} of {target.name}"
