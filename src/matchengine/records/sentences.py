"""What a validation found, as one sentence of the catalogue: limits are told, given values never are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchengine.i18n import N_, Plural, _, ngettext

__all__ = ["SENTENCES", "problem_sentence"]

SENTENCES: Mapping[str, str | Plural] = {
    "missing": N_("Field required"),
    "invalid_key": N_("Keys should be strings"),
    "none_required": N_("Input should be None"),
    "model_type": N_("Input should be a valid dictionary or instance of {class_name}"),
    "model_attributes_type": N_("Input should be a valid dictionary or object to extract fields from"),
    "greater_than": N_("Input should be greater than {gt}"),
    "greater_than_equal": N_("Input should be greater than or equal to {ge}"),
    "less_than": N_("Input should be less than {lt}"),
    "less_than_equal": N_("Input should be less than or equal to {le}"),
    "multiple_of": N_("Input should be a multiple of {multiple_of}"),
    "finite_number": N_("Input should be a finite number"),
    "too_short": Plural(
        "Input should have at least {min_length} item", "Input should have at least {min_length} items", "min_length"
    ),
    "too_long": Plural(
        "Input should have at most {max_length} item", "Input should have at most {max_length} items", "max_length"
    ),
    "string_type": N_("Input should be a valid string"),
    "string_unicode": N_("Input should be a valid string, unable to parse raw data as a unicode string"),
    "string_too_short": Plural(
        "String should have at least {min_length} character",
        "String should have at least {min_length} characters",
        "min_length",
    ),
    "string_too_long": Plural(
        "String should have at most {max_length} character",
        "String should have at most {max_length} characters",
        "max_length",
    ),
    "string_pattern_mismatch": N_("String should match pattern '{pattern}'"),
    "enum": N_("Input should be {expected}"),
    "literal_error": N_("Input should be {expected}"),
    "dict_type": N_("Input should be a valid dictionary"),
    "mapping_type": N_("Input should be a valid dictionary"),
    "list_type": N_("Input should be a valid list"),
    "tuple_type": N_("Input should be a valid tuple"),
    "set_type": N_("Input should be a valid set"),
    "frozen_set_type": N_("Input should be a valid set"),
    "bool_type": N_("Input should be a valid boolean"),
    "bool_parsing": N_("Input should be a valid boolean, unable to interpret input"),
    "int_type": N_("Input should be a valid integer"),
    "int_parsing": N_("Input should be a valid integer, unable to parse string as an integer"),
    "int_parsing_size": N_("Unable to parse input string as an integer, exceeded maximum size"),
    "int_from_float": N_("Input should be a valid integer, got a number with a fractional part"),
    "float_type": N_("Input should be a valid number"),
    "float_parsing": N_("Input should be a valid number, unable to parse string as a number"),
    "date_type": N_("Input should be a valid date"),
    "date_parsing": N_("Input should be a valid date in the format YYYY-MM-DD"),
    "date_from_datetime_parsing": N_("Input should be a valid date or datetime"),
    "date_from_datetime_inexact": N_("Datetimes provided to dates should have zero time - e.g. be exact dates"),
    "datetime_type": N_("Input should be a valid datetime"),
    "datetime_parsing": N_("Input should be a valid datetime"),
    "datetime_object_invalid": N_("Input should be a valid datetime"),
    "datetime_from_date_parsing": N_("Input should be a valid datetime or date"),
    "time_type": N_("Input should be a valid time"),
    "time_parsing": N_("Input should be in a valid time format"),
    "timezone_naive": N_("Input should not have timezone info"),
    "timezone_aware": N_("Input should have timezone info"),
}
"""Sentence of each type of pydantic error that a record or a configuration can meet; its places are limits."""


def problem_sentence(problem: Mapping[str, Any]) -> str:
    """Return one pydantic error as a sentence in the language of the context.

    Parameters
    ----------
    problem : mapping
        An item of `ValidationError.errors()`. What a validator of ours raised is said as it stands, for it was said
        in the language of the context already; a type without a sentence of ours keeps pydantic's own.
    """
    sentence = SENTENCES.get(problem["type"])
    if sentence is None:
        return str(problem["msg"]).removeprefix("Value error, ")
    limits = {name: _limit(value) for name, value in problem.get("ctx", {}).items()}
    if isinstance(sentence, Plural):
        return ngettext(sentence.one, sentence.many, int(limits[sentence.by]), **limits)
    if "expected" in limits:
        limits["expected"] = _either(limits["expected"])
    return _(sentence, **limits)


def _limit(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _either(words: str) -> str:
    """Say pydantic's list "'a', 'b' or 'c'" in the language of the context."""
    first, found, last = words.rpartition(" or ")
    return _("{first} or {last}", first=first, last=last) if found else words
