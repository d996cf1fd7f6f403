"""Collect every sentence into the gettext catalogue, bring each language up to date, and compile it.

Run by `make catalogues`; `python docs/catalogue.py TAG` begins a language. tests/i18n/ compares files and code. Nothing
in the files changes unless a sentence or a translation does: no dates, no line numbers, no guessed translations.
"""

from __future__ import annotations

import inspect
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from matchengine.components import AssignerSpec, ComponentSpec, ConstraintSpec, ScorerSpec
from matchengine.i18n import DOMAIN, SOURCE, Plural
from matchengine.readiness.words import english_names
from matchengine.registry import BUILTIN_PLUGINS, Registry

PACKAGE = Path(__file__).parents[1] / "src" / "matchengine"
FOLDER = PACKAGE / "locale"
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "Plural": (1, 2), "pgettext": ((1, "c"), 2)}
TEMPLATES = ("report/templates", {"*.html", "*.j2", "*.jinja", "*.txt"})
LANGUAGE_NAMES = "io/language_names.py"
"""Where the names of languages are written; their table holds several names a line, so no marker finds them."""

Key = tuple[str, str | None]
"""Sentence (the singular one) and context: what tells entries of a catalogue apart."""


@dataclass
class Entry:
    """One sentence, or a singular and a plural one, with the files it comes from."""

    id: str | tuple[str, str]
    context: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What tells it apart."""
        return (self.id if isinstance(self.id, str) else self.id[0], self.context)


class SteadyCatalog(Catalog):
    """A catalogue whose header holds nothing that changes by itself."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the header: language, plural forms, encoding."""
        language = [("Language", str(self.locale_identifier))] if self.locale_identifier else []
        plurals = [("Plural-Forms", self.plural_forms)] if self.locale_identifier else []
        return [
            ("Project-Id-Version", DOMAIN),
            *language,
            *plurals,
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def extracted() -> dict[Key, Entry]:
    """Return every sentence of code, templates, built-in components and names of languages, by file and sentence."""
    found: dict[Key, Entry] = {}
    for file, sentence, context in (*_code(), *_templates(), *_components(), *_languages()):
        entry = Entry(sentence, context)
        known = found.setdefault(entry.key, entry)
        known.files.add(file)
        if isinstance(sentence, tuple) and known.id != sentence:
            if isinstance(known.id, tuple):
                raise ValueError(f"{file}: {known.id[0]!r} has two plurals: {known.id[1]!r} and {sentence[1]!r}")
            known.id = sentence
    return dict(sorted(found.items(), key=lambda item: (min(item[1].files), item[0][0], item[0][1] or "")))


Found = Iterator[tuple[str, str | tuple[str, str], str | None]]


def _code() -> Found:
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            for _line, sentence, _comments, context in extract("python", file, KEYWORDS, options={"encoding": "utf-8"}):
                if sentence:
                    yield _name(path), sentence, context


def _templates() -> Found:
    folder, patterns = TEMPLATES
    for path in sorted({path for pattern in patterns for path in (PACKAGE / folder).rglob(pattern)}):
        with path.open("rb") as file:
            options = {"encoding": "utf-8", "silent": "false", "trimmed": "true"}
            for _line, sentence, _comments, context in extract(babel_extract, file, KEYWORDS, options=options):
                yield _name(path), sentence, context


def _components() -> Found:
    registry = Registry(list(BUILTIN_PLUGINS))
    for spec in (*registry.specs("scorer"), *registry.specs("constraint")):
        file = _name(Path(inspect.getsourcefile(spec.build) or ""))
        for sentence in _said(spec):
            if isinstance(sentence, Plural):
                yield file, (sentence.one, sentence.many), None
            elif sentence:
                yield file, sentence, None


def _languages() -> Found:
    for name in english_names().values():
        yield LANGUAGE_NAMES, name, None


def _said(spec: ComponentSpec) -> Iterable[str | Plural]:
    if isinstance(spec, ConstraintSpec):
        return (spec.reason, spec.confirm, spec.remedy)
    if isinstance(spec, AssignerSpec):
        return (spec.title, spec.guarantee)
    if isinstance(spec, ScorerSpec):
        told = [one for of in spec.says.values() for sentences in of.values() for one in sentences]
        return (spec.title, *told)
    return ()


def _name(path: Path) -> str:
    return path.resolve().relative_to(PACKAGE).as_posix()


def template(entries: dict[Key, Entry]) -> SteadyCatalog:
    """Return the catalogue without translations."""
    made = SteadyCatalog(domain=DOMAIN, header_comment=f"# Sentences of {DOMAIN}.", fuzzy=False)
    for entry in entries.values():
        _add(made, entry)
    return made


def updated(entries: dict[Key, Entry], tag: str, known: Catalog) -> SteadyCatalog:
    """Return the catalogue of a language: today's sentences, with the translations that are known for exactly them."""
    locale = Locale.parse(tag, sep="-")
    comment = f"# {locale.english_name} sentences of {DOMAIN}."
    made = SteadyCatalog(locale=locale, domain=DOMAIN, header_comment=comment, fuzzy=False)
    for entry in entries.values():
        old = known.get(entry.key[0], entry.context)
        plural = isinstance(entry.id, tuple)
        same = old is not None and not old.fuzzy and (old.id == entry.id if plural else not old.pluralizable)
        _add(made, entry, old.string if same and old is not None else None)
    return made


def _add(catalog: Catalog, entry: Entry, string: str | tuple[str, ...] | None = None) -> None:
    files = [(name, None) for name in sorted(entry.files)]
    if string is None:
        string = ("",) * catalog.num_plurals if isinstance(entry.id, tuple) else ""
    message: Message = catalog.add(entry.id, string, files, context=entry.context)
    message.flags.discard("python-format")  # places are written in braces; a percent sign is a percent sign


def languages() -> list[str]:
    """Return the tags of the languages that have a catalogue of their own."""
    return sorted(path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def po_file(tag: str) -> Path:
    """Return the path of a language's catalogue."""
    return FOLDER / tag / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(tag: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = po_file(tag)
    if not path.is_file():
        return Catalog(locale=Locale.parse(tag, sep="-"))
    with path.open("rb") as file:
        return read_po(file, locale=Locale.parse(tag, sep="-"), abort_invalid=True)


def as_text(catalog: Catalog) -> bytes:
    """Return a catalogue as a .po file."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, include_lineno=False, ignore_obsolete=True)
    return out.getvalue().rstrip() + b"\n"


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as a .mo file, without sentences that are not translated: those are said in English."""
    done = SteadyCatalog(locale=catalog.locale, domain=DOMAIN, fuzzy=False)
    for message in catalog:
        if message.id and all([message.string] if isinstance(message.string, str) else message.string):
            done.add(message.id, message.string, context=message.context)
    out = io.BytesIO()
    write_mo(out, done)
    return out.getvalue()


def files(tags: Iterable[str]) -> dict[Path, bytes]:
    """Return what every file of the catalogue should hold."""
    entries = extracted()
    wanted = {TEMPLATE: as_text(template(entries))}
    for tag in tags:
        catalog = updated(entries, tag, read(tag))
        wanted[po_file(tag)] = as_text(catalog)
        wanted[po_file(tag).with_suffix(".mo")] = compiled(catalog)
    return wanted


def main(new: Iterable[str] = ()) -> None:
    """Write all files of the catalogue; `new` are tags of languages to begin."""
    for path, content in files(sorted({*languages(), *new} - {SOURCE})).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
