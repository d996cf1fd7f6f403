"""The catalogue holds exactly what the code says, and every translation fills the same places."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo

from matchengine.i18n import SOURCE, languages
from tests.i18n.sources import PACKAGE, catalogue

ADVICE = "run `make catalogues` and read what changed"
TAGS = catalogue().languages()


def places(sentence: str) -> set[tuple[str, str | None]]:
    """Return the places of a sentence with their conversions; formats are a matter of the language."""
    return {(name, conversion) for _text, name, _spec, conversion in Formatter().parse(sentence) if name is not None}


def messages(tag: str) -> Iterator[tuple[Message, list[str], list[str]]]:
    """Yield each message of a language with its sentences and its translations."""
    for message in catalogue().read(tag):
        if message.id:
            yield message, _all(message.id), _all(message.string)


def _all(text: str | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


@cache
def files() -> dict[Path, bytes]:
    """Return what every file of the catalogue should hold; the whole code is read for it once."""
    return catalogue().files(TAGS)


def test_the_template_is_what_the_code_says() -> None:
    template = catalogue().TEMPLATE
    assert template.read_bytes() == files()[template], ADVICE


@pytest.mark.parametrize("tag", TAGS)
def test_each_language_has_every_sentence_and_no_other(tag: str) -> None:
    path = catalogue().po_file(tag)
    assert path.read_bytes() == files()[path], ADVICE


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_compiled_is_what_is_written(tag: str) -> None:
    path = catalogue().po_file(tag)
    assert path.with_suffix(".mo").read_bytes() == catalogue().compiled(catalogue().read(tag)), ADVICE


def test_the_languages_are_those_that_are_compiled() -> None:
    assert languages() == (SOURCE, *TAGS)
    assert "de" in TAGS


@pytest.mark.parametrize("tag", TAGS)
def test_every_sentence_is_translated(tag: str) -> None:
    missing = [message.id for message, _said, told in messages(tag) if message.fuzzy or not all(told)]
    assert not missing, f"{tag}: {len(missing)} sentences have no translation"


@pytest.mark.parametrize("tag", TAGS)
def test_translations_fill_the_same_places(tag: str) -> None:
    for message, said, told in messages(tag):
        wanted = set().union(*map(places, said))
        for text in filter(None, told):
            if message.pluralizable:
                assert places(text) <= wanted, f"{tag}: {text!r} fills other places than {message.id!r}"
            else:
                assert places(text) == wanted, f"{tag}: {text!r} fills other places than {message.id!r}"


@pytest.mark.parametrize("tag", TAGS)
def test_numbers_have_the_decimal_mark_of_the_language(tag: str) -> None:
    mark = catalogue().read(tag).get(".", "decimal mark")
    assert mark is not None
    assert mark.string in {".", ",", "٫"}


def test_the_files_hold_nothing_that_changes_by_itself() -> None:
    for path in [catalogue().TEMPLATE, *map(catalogue().po_file, TAGS)]:
        text = path.read_text(encoding="utf-8")
        assert "Date:" not in text
        assert "Generated-By" not in text
        assert "\n#~" not in text, "obsolete entries are removed"
        origins = {name for line in text.splitlines() if line.startswith("#: ") for name in line[3:].split()}
        assert all((PACKAGE / name).is_file() for name in origins), "files alone, without lines"


def test_sentences_of_components_are_in_it() -> None:
    template = catalogue().read_po(io.BytesIO(files()[catalogue().TEMPLATE]))
    keys = {sentence for message in template if message.id for sentence in _all(message.id)}
    registry = catalogue().Registry(["builtin"])
    for spec in registry.specs("constraint"):
        assert spec.reason in keys
    for spec in registry.specs("scorer"):
        assert spec.title in keys


def updated(known: str, *entries: object) -> str:
    """Return what the catalogue of German becomes when the code says these entries."""
    module = catalogue()
    old = module.read_po(io.BytesIO(known.encode()), locale=module.Locale("de"))
    return module.as_text(module.updated({entry.key: entry for entry in entries}, "de", old)).decode()  # type: ignore[attr-defined]


def test_updating_keeps_what_is_known_and_guesses_nothing() -> None:
    entry = catalogue().Entry
    known = 'msgid "a file"\nmsgstr "eine Datei"\n\nmsgid "gone"\nmsgstr "weg"\n'
    made = updated(known, entry("a file"), entry("a files"), entry(("{n} row", "{n} rows")))
    assert 'msgid "a file"\nmsgstr "eine Datei"' in made
    assert 'msgid "a files"\nmsgstr ""' in made
    assert 'msgid_plural "{n} rows"\nmsgstr[0] ""\nmsgstr[1] ""' in made
    assert "gone" not in made
    assert "weg" not in made


def test_a_sentence_that_gained_a_plural_is_translated_anew() -> None:
    entry = catalogue().Entry
    assert "Zeile" not in updated('msgid "row"\nmsgstr "Zeile"\n', entry(("row", "rows")))
    known = 'msgid "{n} row"\nmsgid_plural "{n} rows"\nmsgstr[0] "{n} Zeile"\nmsgstr[1] "{n} Zeilen"\n'
    assert "Zeilen" in updated(known, entry(("{n} row", "{n} rows")))
    assert "Zeile" not in updated(known, entry(("{n} row", "{n} lines")))
    assert "Zeile" not in updated("#, fuzzy\n" + known, entry(("{n} row", "{n} rows")))


def test_what_is_not_translated_is_not_compiled() -> None:
    module = catalogue()
    known = (
        'msgid "a file"\nmsgstr "eine Datei"\n\nmsgid "a row"\nmsgstr ""\n\n'
        'msgid "{n} row"\nmsgid_plural "{n} rows"\nmsgstr[0] ""\nmsgstr[1] "{n} Zeilen"\n'
    )
    catalog = module.read_po(io.BytesIO(known.encode()), locale=module.Locale("de"))
    assert [message.id for message in read_mo(io.BytesIO(module.compiled(catalog))) if message.id] == ["a file"]


def test_templates_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "report" / "templates"
    folder.mkdir(parents=True)
    text = "<h1>{{ _('A page') }}</h1>{{ ngettext('{n} row', '{n} rows', n) }}"
    (folder / "page.html").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue(), "PACKAGE", tmp_path)
    found = {(file, sentence) for file, sentence, _context in catalogue()._templates()}
    name = "report/templates/page.html"
    assert found == {(name, "A page"), (name, ("{n} row", "{n} rows"))}


def test_two_plurals_of_one_sentence_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.py").write_text('ngettext("a", "b", 1)\nngettext("a", "c", 1)\n', encoding="utf-8")
    monkeypatch.setattr(catalogue(), "PACKAGE", tmp_path)
    monkeypatch.setattr(catalogue(), "_components", lambda: ())
    with pytest.raises(ValueError, match="two plurals"):
        catalogue().extracted()
