"""Contacts stay private; masking takes out names and gendered words, and nothing else."""

from __future__ import annotations

import re
import timeit
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.errors import DataError, UnknownIdError
from matchengine.io import Contact, ContactSheet, mask
from matchengine.io.masking import NAME_MASK, mask_contacts, masked_languages
from matchengine.io.masking_words import WORDS

SENTENCES = {
    "en": "I want to learn there how to lead the other theatre team and prepare a plan",
    "de": "Ich möchte lernen, wie ein Team geführt und ein Plan vorbereitet wird",
    "es": "Quiero aprender a dirigir un equipo y preparar un plan de trabajo",
    "fr": "Je veux apprendre à diriger une équipe et préparer un plan",
    "pt": "Quero aprender a dirigir uma equipe e preparar um plano",
    "ar": "أريد أن أتعلم كيف أقود فريقا وأحضر خطة",
    "uk": "Хочу навчитися вести команду та готувати план",
    "tr": "Bir takımı yönetmeyi ve plan hazırlamayı öğrenmek istiyorum",
}
LINES = [(code, *line.split(": ")) for code, text in WORDS.items() for line in text.strip().splitlines()]


def test_the_languages_promised_are_there() -> None:
    assert {"en", "es", "de", "fr", "pt", "ar", "uk", "tr"} <= set(masked_languages())
    assert set(SENTENCES) == set(masked_languages())


@pytest.mark.parametrize(("code", "replacement", "words"), LINES)
def test_each_listed_word_becomes_its_neutral_word_for_good(code: str, replacement: str, words: str) -> None:
    assert mask(replacement, code) == replacement, "masking twice changes nothing"
    for word in words.split("|"):
        for written in (word.strip(), word.strip().upper(), word.strip().capitalize()):
            assert mask(written, code).casefold() == replacement.casefold(), written
        assert mask(f"x{word.strip()}x", code) == f"x{word.strip()}x", "never inside a word"


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_ordinary_sentences_are_returned_untouched_and_fast(code: str) -> None:
    text = SENTENCES[code]
    assert mask(text, code) is text
    seconds = min(timeit.repeat(lambda: mask(text, code), number=2_000, repeat=5)) / 2_000
    assert seconds < 20e-6, "about 2 µs on a quiet machine"


def test_word_boundaries_and_capitals() -> None:
    text = "He said there is a theme; HER goal, her mother's chair, the man-hours, hero, this."
    expected = "They said there is a theme; Their goal, their parent's chair, the person-hours, hero, this."
    assert mask(text, "en-GB") == expected


def test_titles_only_before_a_name() -> None:
    assert mask("Ms. Example and Mr Sample miss MS Excel; Miss nothing", "en") == (
        "Mx Example and Mx Sample miss MS Excel; Miss nothing"
    )


def test_he_and_she_say_the_same() -> None:
    pairs = [("He asked her; his aunt is a waitress.", "She asked him; her uncle is a waiter.", "en")]
    pairs += [
        ("Er sieht ihn, seine Mentorin", "Sie sieht ihn, ihre Mentor", "de"),
        ("él y su jefa", "ella y su jefe", "es"),
    ]
    for one, other, code in pairs:
        assert mask(one, code).casefold() == mask(other, code).casefold()


def test_unknown_language_masks_names_only() -> None:
    assert mask("she and Zora", None, ("Zora",)) == "she and [name]"
    assert mask("she and Zora", "xx", ("Zora",)) == "she and [name]"


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("Zora Quill's plan, ZORA, quilling", ("Zora Quill",), "[name]'s plan, [name], quilling"),
        ("Jose and José PÉREZ", ("José Pérez",), "[name] and [name]"),
        ("van Gogh fans and the van", ("Vincenta van der Vex",), "van Gogh fans and the van"),
        ("Vincenta van der Vex", ("Vincenta van der Vex",), "[name]"),
        ("Ana-Lua and Lua", ("Ana-Lua Q.",), "[name] and [name]"),
        ("plan Q for all", ("Zora Q",), "plan Q for all"),
        ("我叫王小明，想学习", ("王 小明",), "我叫[name]，想学习"),
        ("Я Оксана, а не ОКСАНА2", ("Оксана Тест",), "Я [name], а не ОКСАНА2"),
        ("a (b) * c", ("(.*) [x",), "a (b) * c"),
    ],
)
def test_own_names(text: str, names: tuple[str, ...], expected: str) -> None:
    assert mask(text, None, names) == expected


@given(st.text(max_size=80), st.sampled_from(sorted(SENTENCES)), st.lists(st.text(max_size=12), max_size=2))
@settings(max_examples=100, deadline=None)
def test_masking_twice_is_masking_once(text: str, code: str, names: list[str]) -> None:
    names = [name for name in names if name.strip("[]").casefold() != "name"]
    once = mask(text, code, names)
    if not any(word in NAME_MASK for name in names for word in re.findall(r"\w+", name.casefold())):
        assert mask(once, code, names) == once


# -- contacts


def test_sheet_round_trip_is_private(tmp_path: Path) -> None:
    sheet = ContactSheet([Contact(id="1", name="Zora Quill", email="Zora@Example.org"), Contact(id="2")])
    sheet.write(tmp_path / "contacts.jsonl")
    assert (tmp_path / "contacts.jsonl").stat().st_mode & 0o777 == 0o600
    again = ContactSheet.read(tmp_path / "contacts.jsonl")
    assert again == sheet
    assert again.id_for(" Zora <ZORA@example.org> ") == "1"
    assert "ora" not in repr(sheet) + repr(sheet["1"]) + str(sheet["1"])


def test_writing_replaces_a_link_and_never_follows_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("precious")
    (tmp_path / "contacts.jsonl").symlink_to(outside)
    ContactSheet([Contact(id="1")]).write(tmp_path / "contacts.jsonl")
    assert outside.read_text() == "precious"
    assert not (tmp_path / "contacts.jsonl").is_symlink()


def test_sheet_errors_name_lines_and_no_values(tmp_path: Path) -> None:
    path = tmp_path / "contacts.jsonl"
    path.write_text('{"id": "1"}\n{"id": "secret@example.org"}\n{"id": "3", "nmae": "Secret"}\nsecret\n')
    with pytest.raises(DataError) as error:
        ContactSheet.read(path)
    assert len(error.value.problems) == 3
    assert "line 2" in error.value.problems[0]
    assert "did you mean 'name'" in error.value.problems[1]
    assert "secret" not in str(error.value).casefold()
    with pytest.raises(DataError, match="cannot be read"):
        ContactSheet.read(tmp_path / "gone.jsonl")


def test_sheet_forgets_and_reserves() -> None:
    sheet = ContactSheet()
    first = sheet.reserve("Zora@example.org")
    assert sheet.reserve("zora@EXAMPLE.org") == first
    assert "zora" not in first
    sheet.remove(first)
    sheet.remove(first)
    assert sheet.id_for("zora@example.org") is None
    with pytest.raises(UnknownIdError):
        sheet[first]
    sheet.add(Contact(id="1", email="a@example.org"))
    sheet.add(Contact(id="1", email="b@example.org"))
    assert (sheet.id_for("a@example.org"), sheet.id_for("b@example.org"), len(sheet)) == (None, "1", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to ida.b+x@mail.example.org.", "write to [e-mail]."),
        ("<ida@example.org> or call +44 20 7946 0958!", "<[e-mail]> or call [phone]!"),
        ("(020) 7946-0958, 0171/1234567", "[phone], [phone]"),
        ("612 345 678", "[phone]"),
        ("grew a shop from 2019-2023, 2019 to 2021", "grew a shop from 2019-2023, 2019 to 2021"),
        ("since 31.05.2024 or 2024-05-31", "since 31.05.2024 or 2024-05-31"),
        ("a budget of 1 000 000 or 250.000", "a budget of 1 000 000 or 250.000"),
        ("ISO 27001, 3 of 10, room 123456", "ISO 27001, 3 of 10, room 123456"),
    ],
)
def test_addresses_and_numbers_in_texts(text: str, expected: str) -> None:
    assert mask_contacts(text) == expected
    assert mask_contacts(expected) == expected
