"""Fields and languages by name: every standard group, what is finer or unknown, and the reader's language."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from matchengine.i18n import PSEUDO, speaking
from matchengine.io.language_names import SIGNED
from matchengine.readiness.words import english_names, field_label, language_label
from matchengine.records.field_names import FIELD_NAMES
from tests.i18n.sources import catalogue
from tests.readiness.programmes import checked, spoken
from tests.support import mentee, mentor

SUB_MAJOR = (3, 4, 6, 5, 4, 4, 3, 5, 3, 6)
"""How many sub-major groups ISCO-08 has in each major group, from 0 to 9."""
LONGEST = 45


def codes(scheme: str) -> set[str]:
    """Return the named codes of a scheme, without it."""
    return {code.partition(":")[2] for code in FIELD_NAMES if code.partition(":")[0] == scheme}


def test_every_group_of_the_standards_has_a_name() -> None:
    groups = {f"{major}{n}" for major, count in enumerate(SUB_MAJOR) for n in range(1, count + 1)}
    assert len(groups) == 43
    assert codes("isco") == groups | set("0123456789")
    assert codes("nace") == set("abcdefghijklmnopqrstu")
    assert codes("isced") == set("012345678")
    assert codes("isced-f") == {f"{n:02}" for n in range(11)}


@pytest.mark.parametrize("code", FIELD_NAMES)
def test_names_are_short_and_told(code: str) -> None:
    assert code == code.casefold()
    assert field_label(code) == FIELD_NAMES[code]
    assert 4 < len(FIELD_NAMES[code]) <= LONGEST
    assert not re.search(r"[{}\d]", FIELD_NAMES[code])


def test_no_two_codes_have_one_name() -> None:
    assert len({name.casefold() for name in FIELD_NAMES.values()}) == len(FIELD_NAMES)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("isco:251", "Software and information technology (isco:251)"),
        ("isco:2512", "Software and information technology (isco:2512)"),
        ("isco:0310", "Armed forces: other ranks (isco:0310)"),
    ],
)
def test_finer_occupations_have_the_name_of_their_group(code: str, said: str) -> None:
    assert field_label(code) == said


@pytest.mark.parametrize(
    "code",
    [
        "isco:27", "isco:2712", "isco:99", "isco:25123", "isco:25a", "isco:25.12", "isco:2512\n", "isco:",
        "isco:\u0662\u0665\u0661\u0662", "isco", "5", "", "nace:v", "nace:62", "isced:9", "isced:06", "isced-f:6",
        "isced-f:11", "other:51",
    ],
)  # fmt: skip
def test_unknown_codes_stay(code: str) -> None:
    assert field_label(code) == code
    with speaking(PSEUDO):
        assert field_label(code) == code


def test_letters_may_be_large() -> None:
    assert field_label("nace:R") == field_label("nace:r") == "Arts, sport and leisure"
    assert field_label("ISCO:51") == field_label("isco:51") == "Hospitality and personal services"


def test_the_programmes_own_fields_are_words() -> None:
    assert field_label("local:sea_rescue") == "sea rescue"
    assert field_label("local:Sea_Rescue") == "Sea Rescue"
    assert field_label("local:isco:51") == "isco:51"
    with speaking(PSEUDO):
        assert field_label("local:sea_rescue") == "sea rescue"


def test_languages_have_the_first_name_of_their_line() -> None:
    assert language_label("de") == "German"
    assert language_label("fa") == "Persian"
    assert language_label("mi") == "Māori"
    assert language_label("bfi") == "British Sign Language"
    assert language_label("tlh") == "tlh"
    assert set(english_names()) >= SIGNED
    assert len(set(english_names().values())) == len(english_names())


def test_names_are_told_in_the_readers_language() -> None:
    with speaking(PSEUDO):
        assert language_label("de") == "⟦Ĝéŕɱàñ⟧"
        assert language_label("tlh") == "tlh"
        for tag in english_names():
            assert language_label(tag).startswith("⟦")
        for code in FIELD_NAMES:
            assert field_label(code).startswith("⟦")
        finer = field_label("isco:2512")
    assert finer.count("⟦") == 2
    assert "isco:2512" in finer
    assert not re.search(r"[A-Za-z]", finer.replace("isco:2512", ""))


def test_a_report_tells_them_in_the_readers_language() -> None:
    people = [
        mentee("a", languages=spoken("en C1", "uk C1"), fields=["nace:R", "isco:5120"]),
        mentor("m", languages=spoken("en C1"), fields=["isco:51", "local:sea_rescue"]),
    ]
    with speaking(PSEUDO):
        found = checked(people)
        assert {of.key: of.label for of in found.languages} == {tag: language_label(tag) for tag in ("en", "uk")}
        wanted = {code: field_label(code) for code in ("nace:r", "isco:5120", "isco:51", "local:sea_rescue")}
    assert {of.key: of.label for of in found.fields} == wanted
    assert [label for label in wanted.values() if "⟦" not in label] == ["sea rescue"]


def test_the_catalogue_holds_every_name() -> None:
    """tests/i18n/test_catalogue.py compares the template with the code, byte for byte."""
    with catalogue().TEMPLATE.open("rb") as file:
        found = {message.id: {of for of, _line in message.locations} for message in read_po(file)}
    for name in english_names().values():
        assert "io/language_names.py" in found[name]
    for name in FIELD_NAMES.values():
        assert "records/field_names.py" in found[name]
