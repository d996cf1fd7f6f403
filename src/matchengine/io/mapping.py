"""A mapping file: which column of a spreadsheet means what, written by the programme in TOML.

Everything is optional but `[columns]`. Headers are written as they stand in the file, full survey questions included;
case, outer spaces and punctuation do not matter, and a header never matches in part. What a column can map to is
listed in `fields.py`. A complete example, which a test loads::

    reads = "people"                       # or groups, events, resources, projects, organisations,
                                           # relationships, feedback

    [defaults]
    text_language = "en"                   # language of the free texts
    time_zone = "Europe/London"            # for rows that state none
    date_order = "day-month-year"          # or month-day-year, year-month-day
    split = ";"                            # separators in list columns; without it ; or line break, else a comma
    blank = ["see above"]                  # further answers that mean: no answer
    guess = true                           # guess headers not named here, and list each guess in the report
    keep = "first"                         # of two different answers of one person: "first" or "last"

    [day_parts]                            # the programme's own words for times
    "after school" = "15:30-18:00"

    [constants]                            # the same for every row that says nothing else
    adult = true

    [columns]
    "Member number" = "id"
    "Your full name" = "contact.name"
    "Email Address" = "contact.email"
    "Mentor or mentee?" = { to = "roles", values = { "I want to guide" = "mentor", "I want to learn" = "mentee" } }
    "How many mentees would you like?" = "capacity.mentor"
    "Grade" = { to = "career_stage", values = { "Grade 7" = "senior", "SCS1" = "executive" } }
    "Goal 1" = { to = "goals", fixed = { priority = 1 } }          # several columns fill one list
    "Goal 2" = { to = "goals", fixed = { priority = 2 } }
    "What can you offer?" = { to = "offers", split = "," }          # "Excel (advanced), speaking"
    "One skill you have" = { to = "offers", from_columns = { level = "How good are you at it?" } }
    "I can teach: Budgeting" = { to = "offers", when_yes = "Budgeting" }   # a 0/1 column
    "Languages" = { to = "languages", values = { "Castellano" = "es" } }   # "English (C1); Spanish (native)"
    "I can speak German" = { to = "languages", when_yes = "German", fixed = { level = "B2" } }
    "When are you free?" = "availability"                           # "Tue 18:00-20:00; Sat after school"
    "Free Tuesday evening" = { to = "availability", when_yes = "Tue 18:00-20:00" }
    "Free [Monday]" = { to = "availability", template = "Mon {answer}" }   # "18:00-20:00; 20:00-22:00"
    "Your time zone" = "time_zone"
    "How do you want to meet?" = "modes"
    "Country" = "place.country"
    "Line manager e-mail" = "line_manager"
    "Present mentor e-mail" = "relationships.mentor"
    "Anyone you must not meet (e-mail)?" = "boundaries.person"
    "Caring duties" = { to = "barriers", when_yes = "childcare", fixed = { strength = "strong" } }
    "Gender" = "attributes.gender"
    "Age" = "age_band"
    "How many close friends live near you?" = { to = "network.friends", fixed = { importance = 0.9 } }
    "Languages you would like to practise" = { to = "languages", fixed = { level = "A1", wish = "learn" } }

    [[consent]]                            # a sensitive column without one of these is dropped and reported
    column = "May we use these answers to suggest matches?"
    fields = ["attributes.gender", "age_band", "barriers"]
    purposes = ["match"]
    audience = "engine_only"
    text_version = "2024-05"
    language = "en"
    date_column = "Timestamp"              # or a fixed day: date = 2024-05-31
    yes = ["I agree to this"]              # answers that count as a clear yes, besides yes, true, 1, x …

    [files."mentors*"]                     # only for files whose name fits; the first section that fits counts
    sheet = "Form Responses 1"
    constants = { roles = ["mentor"] }
    ignore = ["Shoe size"]                 # read nothing from these, and say nothing about them

    [files."mentees*".columns]             # columns of these files only; they go before the shared ones
    "Why do you join?" = "hopes_to_gain"
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from matchengine.config import problem_count, read_toml_text
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import _
from matchengine.io.fields import TABLES, Reads, Target, find_target
from matchengine.io.slots import SlotError, parse_part
from matchengine.io.standards import BadValueError
from matchengine.io.tables import FileOptions
from matchengine.io.values import Look, parse, part_target
from matchengine.records import describe_validation
from matchengine.records import vocabulary as v
from matchengine.records.base import LanguageTag, ShortText, TimeZone

__all__ = ["ColumnRule", "ConsentRule", "Defaults", "FileRule", "Mapping", "load_mapping", "parse_mapping"]

_Plain = str | bool | int | float | date
_Constant = _Plain | list[_Plain]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnRule(_Table):
    """What one column means.

    Attributes
    ----------
    to : str
        A name from `fields.py`.
    split : str or None
        Each character of it separates entries; `""` means one entry.
    values : dict
        Answers and what they stand for; an empty text means no answer. An answer named here is never cut.
    when_yes : str or None
        For 0/1 columns: what a yes stands for. A level or strength in the cell counts as a yes with that level.
    template : str or None
        What is read instead of an entry; `{answer}` stands for it: `"Mon {answer}"` for one column of a grid of days.
    fixed : dict
        Parts that every entry of the column gets, such as `priority`, `level` or `language`.
    from_columns : dict
        Parts that another column of the row holds.
    """

    to: str
    split: str | None = None
    values: dict[str, str | list[str]] = {}
    when_yes: str | None = None
    template: Annotated[str, Field(pattern=r"\{answer\}")] | None = None
    fixed: dict[str, _Plain] = {}
    from_columns: dict[str, str] = {}


def _as_rule(value: object) -> object:
    return {"to": value} if isinstance(value, str) else value


_Columns = dict[str, Annotated[ColumnRule, BeforeValidator(_as_rule)]]


class ConsentRule(_Table):
    """The consent column of some sensitive fields (domain.md B4).

    Attributes
    ----------
    column : str
        Header of the column with the answer.
    fields : tuple of str
        The fields consented to, each by name; there is no name for all.
    purposes : tuple of str
        What a clear yes allows; or leave it out and give `answers`.
    answers : dict
        For a column with several answers: which purposes each whole answer allows.
    yes : tuple of str
        Further answers that are a clear yes.
    """

    column: str
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    purposes: tuple[v.ConsentPurpose, ...] = ()
    answers: dict[str, tuple[v.ConsentPurpose, ...]] = {}
    audience: v.ConsentAudience = "engine_only"
    text_version: ShortText
    language: LanguageTag | None = None
    date: datetime | date | None = None
    date_column: str | None = None
    expires_after_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    yes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> ConsentRule:
        if (self.date is None) == (self.date_column is None):
            raise ValueError(_("say when consent was given: either date or date_column"))
        if bool(self.purposes) == bool(self.answers):
            raise ValueError(_("say what a yes allows: either purposes or answers"))
        return self


class Defaults(_Table):
    """What holds for all files unless a row or column says otherwise."""

    text_language: LanguageTag | None = None
    time_zone: TimeZone | None = None
    date_order: Literal["day-month-year", "month-day-year", "year-month-day"] = "day-month-year"
    split: str | None = None
    blank: tuple[str, ...] = ()
    guess: bool = True
    keep: Literal["first", "last"] = "first"


class FileRule(_Table):
    """What holds only for files whose name fits a pattern."""

    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    encoding: str | None = None
    constants: dict[str, _Constant] = {}
    columns: _Columns = {}
    ignore: tuple[str, ...] = ()

    @property
    def options(self) -> FileOptions:
        """How the file is to be opened."""
        return FileOptions(self.sheet, self.header_row, self.delimiter, self.encoding)


class Mapping(_Table):
    """A whole mapping file; see the example at the top of this module."""

    reads: Reads = "people"
    defaults: Defaults = Defaults()
    day_parts: dict[str, str] = {}
    constants: dict[str, _Constant] = {}
    columns: _Columns = {}
    ignore: tuple[str, ...] = ()
    consent: tuple[ConsentRule, ...] = ()
    files: dict[str, FileRule] = {}

    @model_validator(mode="after")
    def _known_names(self) -> Mapping:
        problems = [*_day_part_problems(self), *_consent_problems(self)]
        sections = [("", self.columns, self.constants)]
        sections += [(f"files.{name}.", rule.columns, rule.constants) for name, rule in self.files.items()]
        for where, columns, constants in sections:
            for header, rule in columns.items():
                problems += [f"{where}columns.{header!r}: {text}" for text in _rule_problems(rule, self)]
            for name, value in constants.items():
                problems += [f"{where}constants.{name}: {text}" for text in _constant_problems(name, value, self)]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def file_rule(self, name: str) -> FileRule:
        """Return the first section whose pattern fits a file name, case ignored; an empty one if none does."""
        name = name.rpartition("/")[2]
        for pattern, rule in self.files.items():
            if fnmatch.fnmatchcase(name.casefold(), pattern.casefold()):
                return rule
        return FileRule()


def target_problem(name: str, reads: Reads) -> str | None:
    """Return what is wrong with a target name, or None."""
    if find_target(name, reads):
        return None
    if name.partition(".")[0] == "attributes" and reads == "people":
        return _(
            "{name!r} is no attribute; write attributes.<dimension> in small letters, such as attributes.gender",
            name=name,
        )
    return _("{name!r} is nothing a column can map to; {hint}", name=name, hint=did_you_mean(name, TABLES[reads])[:200])


def _rule_problems(rule: ColumnRule, mapping: Mapping) -> list[str]:
    problem = target_problem(rule.to, mapping.reads)
    target = find_target(rule.to, mapping.reads)
    if problem or target is None:
        return [problem or ""]
    problems = []
    for option, parts in (("fixed", rule.fixed), ("from_columns", rule.from_columns)):
        for part in parts:
            if part not in target.parts:
                hint = did_you_mean(part, target.parts) if target.parts else _("{target} has no parts", target=rule.to)
                told = {"option": option, "part": part, "target": rule.to, "hint": hint}
                problems.append(_("{option}: {part!r} is no part of {target}; {hint}", **told))
    for part, value in rule.fixed.items():
        if part in target.parts:
            problems += _value_problems(f"fixed.{part}", [value], part_target(target, part), mapping)
    if rule.when_yes is not None:
        problems += _value_problems("when_yes", re.split("[;\n]", rule.when_yes), target, mapping)
    return problems


def _constant_problems(name: str, value: _Constant, mapping: Mapping) -> list[str]:
    problem = target_problem(name, mapping.reads)
    target = find_target(name, mapping.reads)
    if problem or target is None:
        return [problem or ""]
    if target.sensitive or target.is_reference or target.kind in {"id", "email", "name", "phone", "record"}:
        return [_("this cannot be the same for everybody; give it a column")]
    return _value_problems("", value if isinstance(value, list) else [value], target, mapping)


def _value_problems(where: str, values: list[Any], target: Target, mapping: Mapping) -> list[str]:
    problems = []
    look = Look("UTC", mapping.defaults.date_order, mapping.day_parts)
    for value in values:
        try:
            parse(value, target, look)
        except BadValueError as error:
            told = {"value": value, "expected": str(error), "nearest": error.nearest}
            text = _("{value!r} is not valid; expected {expected}", **told)
            if error.nearest:
                text = _("{value!r} is not valid; expected {expected}; did you mean {nearest!r}?", **told)
            problems.append(f"{where}: {text}" if where else text)
    return problems


def _day_part_problems(mapping: Mapping) -> list[str]:
    problems = []
    for name, span in mapping.day_parts.items():
        try:
            parse_part(span)
        except SlotError as error:
            problems.append(
                _(
                    "{where}: expected {expected}; got {value!r}",
                    where=f"day_parts.{name!r}",
                    expected=str(error),
                    value=span,
                )
            )
    return problems


def _consent_problems(mapping: Mapping) -> list[str]:
    problems = []
    for number, rule in enumerate(mapping.consent, 1):
        where = _("consent {number}", number=number)
        if rule.language is None and mapping.defaults.text_language is None:
            problems.append(
                _("{where}: say the language of the consent text, here or as defaults.text_language", where=where)
            )
        for name in rule.fields:
            target = find_target(name, mapping.reads)
            if target is None or not target.sensitive or name == "attributes" or target.consent != name:
                sensitive = (t.consent for t in TABLES[mapping.reads].values() if t.sensitive)
                known = sorted(set(sensitive) - {"attributes"})
                problems.append(
                    _(
                        "{where}: {name!r} is no sensitive field; known: {names} and attributes.<dimension>",
                        where=where,
                        name=name,
                        names=", ".join(known),
                    )
                )
    return problems


def load_mapping(path: str | Path) -> Mapping:
    """Read a mapping file.

    Parameters
    ----------
    path : str or Path
        A TOML file as described at the top of this module.

    Raises
    ------
    ConfigError
        With every problem of the file, each with its line where it can be found.
    """
    return parse_mapping(read_toml_text(path), Path(path).name)


def parse_mapping(text: str, where: str = "mapping") -> Mapping:
    """Parse the text of a mapping file; `where` names it in errors."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(
            _("{where}: not valid TOML: {cause}", where=where, cause=str(error) or _("nested too deeply"))
        ) from error
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        problems = []
        sentences = describe_validation(error, Mapping)
        for problem, sentence in zip(error.errors(include_url=False, include_input=False), sentences, strict=True):
            lines = sentence.removeprefix("Mapping: ").split("\n")
            problems += [_with_line(text, problem["loc"] or _quoted(line), line) for line in lines]
        raise ConfigError(problem_count(where, len(problems)), problems) from error


def _quoted(sentence: str) -> tuple[str, ...]:
    """Return the keys a sentence starts with, most telling last."""
    head = sentence.partition(": ")[0]
    quoted = re.search(r"'(.+)'$", head)
    return (quoted[1],) if quoted else tuple(head.split(".")[-1:])


def _with_line(text: str, keys: tuple[int | str, ...], problem: str) -> str:
    """Put the number of the first line that sets the last of the keys before a problem, where one is found."""
    for key in reversed(keys):
        wanted = re.compile(rf"""^\s*(\[+.*)?["']?{re.escape(str(key))}["']?\s*(=|\]|\.)""")
        for number, line in enumerate(text.splitlines(), 1):
            if wanted.search(line):
                return _("line {line}: {problem}", line=number, problem=problem)
    return problem
