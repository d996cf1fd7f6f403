"""mentees_2026.xlsx: the other form, with other headers for the same things, and the accidents of a workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from harbour_bridge import further_answers, wording
from harbour_bridge.answers import (
    CONSENT_VERSION,
    Answer,
    consent,
    country,
    field_name,
    filled,
    gender,
    joined,
    languages,
)
from harbour_bridge.identity import NO_NUMBER_IN_MENTEES
from harbour_bridge.persona import Mentee

Value = str | int | datetime | None
Cell = Callable[[Answer], Value]

VETTING = {"porter-admin": "pending", "phone-filmmaker": "pending", "cnc-genc": "pending", "diver-salvage": ""}
DATE_ACCIDENTS = {"welder-papers": datetime(2026, 10, 19), "stall-spices": datetime(2026, 9, 5)}
"""Years in a field that the spreadsheet took for a date: 10-19 became 19 October, 5-9 became 5 September."""
DUPLICATES = ("phone-freeze", "kitchen-auntie")
"""The first sent the form twice unchanged; the second sent it again nine days later with a new second goal."""
SECOND_THOUGHT = "stop feeding the whole choir for free, politely"
STYLE_HEADERS = (
    "I'd like answers (-2) ... questions (2)",
    "Plan (-2) ... no plan (2)",
    "Get things done (-2) ... get to know each other (2)",
    "Write (-2) ... talk (2)",
    "Push me (-2) ... reassure me (2)",
)


def _mentee(answer: Answer) -> Mentee:
    if answer.persona.mentee is None:
        raise ValueError(f"{answer.persona.key} is no mentee")
    return answer.persona.mentee


def _blank(answer: Answer) -> bool:
    return answer.persona.key == "almost-empty"


def _email(answer: Answer) -> str:
    """People with two roles are found by e-mail only if letter case and spaces do not count."""
    email = answer.identity.email
    if not answer.persona.is_mentor:
        return email
    local, _, domain = email.partition("@")
    return (f"{local.title()}@{domain}", email.upper(), f" {local}@{domain.title()} ")[len(local) % 3]


def _goal(position: int) -> Cell:
    def cell(answer: Answer) -> str:
        goals = _mentee(answer).goals
        return filled(goals[position][0], answer.identity) if position < len(goals) else ""

    return cell


def _goal_note(answer: Answer) -> tuple[str, str]:
    goals = _mentee(answer).goals
    kind, _, months = (goals[0][1] if goals else "").partition(" ")
    return kind, months


def _horizon(answer: Answer) -> str:
    months = _goal_note(answer)[1]
    if answer.persona.key == "excel-db":
        return "asap"
    return wording.HORIZONS[months][0] if months else ""


def _situation(answer: Answer) -> str:
    return "mid-career" if answer.persona.is_mentor else _mentee(answer).situation


def _years(answer: Answer) -> Value:
    return DATE_ACCIDENTS.get(answer.persona.key, answer.persona.years)


def _returning(answer: Answer) -> str:
    known = answer.options.get("ret", "no idea" if answer.persona.key == "glazier-quiet" else "no")
    return "" if _blank(answer) else known


def _adult(answer: Answer) -> str:
    return {"No": "No", "blank": ""}.get(answer.options.get("adult", ""), "Yes")


def _barriers(answer: Answer) -> str:
    pairs = (item.split() for item in _mentee(answer).barriers)
    return joined([f"{kind} ({strength})" for kind, strength in pairs])


def _wishes(answer: Answer) -> str:
    parts = [part.strip().split(" ", 1) for part in _mentee(answer).wish.split(",") if part.strip()]
    return joined([f"{wording.WISHES[name]} ({strength})" for name, strength in parts])


def _pronouns(answer: Answer) -> str:
    return wording.PRONOUNS.get(answer.persona.gender, "") if answer.shows_pronouns else ""


def _gender_consent(answer: Answer) -> str:
    return (
        "only if it helps" if answer.persona.key == "midwife-back" else consent(answer, "gender match", gender(answer))
    )


def _lived(answer: Answer) -> str:
    return joined(answer.persona.lived)


def _needs(answer: Answer) -> str:
    return joined([wording.NORMS[need] for need in answer.options.get("need", "").split(",") if need])


def _safety(answer: Answer) -> str:
    anxious = any(item.startswith("safety") for item in _mentee(answer).barriers)
    return joined([wording.SAFETY["private_attendance"], wording.SAFETY["exit_without_reason"]]) if anxious else ""


def _framing(answer: Answer) -> str:
    shown = {"identity_focused": answer.draw < 0.2, "topic_focused": answer.draw > 0.75}
    chosen = next((name for name, yes in shown.items() if yes), "either")
    return "" if _blank(answer) else wording.FRAMINGS[chosen]


def _rung(answer: Answer) -> str:
    rung = answer.options.get("rung", "")
    return wording.RUNGS[int(rung)] if rung else ""


def _support(answer: Answer) -> str:
    return wording.SUPPORT_MODES[answer.options.get("sup", "both" if answer.draw < 0.6 else "one_to_one")]


def _visible(answer: Answer) -> str:
    return "private" if answer.draw < 0.25 else "members"


def _slot(slot: str) -> Cell:
    return lambda answer: None if _blank(answer) else int(slot in answer.persona.hours)


def _style(position: int) -> Cell:
    return lambda answer: answer.style[position]


def _unless_blank(cell: Cell) -> Cell:
    return lambda answer: "" if _blank(answer) else cell(answer)


_WHO: tuple[tuple[str, Cell], ...] = (
    ("Submitted at", lambda a: a.submitted),
    ("姓名 / Name", lambda a: a.identity.name),
    ("Member number", lambda a: "" if a.persona.key in NO_NUMBER_IN_MENTEES else a.identity.number),
    ("E-Mail", _email),
    ("I have read the notice (2026-01) and want to be matched", lambda a: "Yes"),
    ("18 or older: I confirm that I am", _adult),
    ("Vetting (office use)", lambda a: VETTING.get(a.persona.key, "vetted")),
    ("Pronouns", _pronouns),
    ("Pronouns: may your match see them?", lambda a: consent(a, "pronouns explain", _pronouns(a))),
)
_WHAT: tuple[tuple[str, Cell], ...] = (
    ("Goal 1", _goal(0)),
    ("Goal 1 is mostly about", lambda a: wording.GOAL_KINDS.get(_goal_note(a)[0], "")),
    ("Goal 1: by when?", _horizon),
    ("Goal 2", _goal(1)),
    ("Goal 3", _goal(2)),
    ("Skills I would like to learn (;)", lambda a: joined(_mentee(a).wants)),
    ("Something I could show somebody, even a small thing (;)", lambda a: joined(_mentee(a).offers)),
    ("Hobbies / Interessen / aficiones (;)", lambda a: joined(a.persona.interests)),
    ("What matters to you? (up to 5)", _unless_blank(lambda a: joined(a.values))),
    ("Where are you now?", _situation),
    ("Coming back after a break? (yes/no)", _returning),
    ("Field I work in or worked in", lambda a: field_name(a.persona.work)),
    ("Field I want to go to", lambda a: field_name(_mentee(a).wished_field)),
    ("Years in it", _years),
)
_HOW: tuple[tuple[str, Cell], ...] = (
    ("Sprachen / Languages", lambda a: languages(a.persona.languages)),
    ("I answered in", _unless_blank(lambda a: a.options.get("text", a.persona.options.get("text", "en")))),
    ("Town", lambda a: a.spot.city if a.spot else ""),
    ("Part of town", lambda a: a.spot.area if a.spot else ""),
    ("Country", country),
    ("Map square", lambda a: a.map_square),
    ("Time zone", lambda a: a.spot.time_zone if a.spot else ""),
    ("Travel at most (minutes)", _unless_blank(lambda a: int(a.travel) if a.travel else "")),
    ("How do you get around? (;)", _unless_blank(lambda a: a.transport)),
    ("How could we meet? (;)", _unless_blank(lambda a: joined(a.modes))),
    ("How often?", _unless_blank(lambda a: a.cadence)),
    *((f"Free: {wording.SLOTS[slot][0]}", _slot(slot)) for slot in wording.SLOTS),
    *((header, _unless_blank(_style(position))) for position, header in enumerate(STYLE_HEADERS)),
    ("One person or a group?", _unless_blank(_support)),
    ("Groups: rather around", _framing),
    ("The biggest step that feels all right", _rung),
    ("I need in a group (;)", _needs),
    ("A group is safe for me if (;)", _safety),
    ("Please never send me to (;)", lambda a: wording.BOUNDARIES.get(a.persona.key, "")),
    ("Who may see my profile?", _unless_blank(_visible)),
)
_SENSITIVE: tuple[tuple[str, Cell], ...] = (
    ("Gender identity (optional)", gender),
    ("Gender identity: use it for matching?", _gender_consent),
    ("Gender identity: name it to my match after we both said yes?", lambda a: consent(a, "gender explain", gender(a))),
    ("Age band (optional)", lambda a: a.persona.age if a.persona.age != "-" else ""),
    ("Age band: use it for matching?", lambda a: consent(a, "age match", a.persona.age.strip("-"))),
    ("What makes it hard? (;)", _barriers),
    ("What makes it hard: use it for matching?", lambda a: consent(a, "barriers match", _barriers(a))),
    ("What makes it hard: may it be named to me in reasons?", lambda a: consent(a, "barriers explain", _barriers(a))),
    ("Things I have lived through (;)", _lived),
    ("Things I have lived through: use them for matching?", lambda a: consent(a, "lived match", _lived(a))),
    (
        "Things I have lived through: name them to my match after we both said yes?",
        lambda a: consent(a, "lived explain", _lived(a)),
    ),
    ("I would like my mentor to share (;)", _wishes),
    ("My wish to share: use it for matching?", lambda a: consent(a, "wishes match", _wishes(a))),
    ("Consent text", _unless_blank(lambda a: CONSENT_VERSION)),
    ("Religion or belief (optional)", lambda a: wording.RELIGION.get(a.persona.key, "")),
)


def _told(table: dict[str, str]) -> Cell:
    return lambda answer: further_answers.of(table, answer)


def _number(table: dict[str, str]) -> Cell:
    def cell(answer: Answer) -> Value:
        told = further_answers.of(table, answer)
        return int(told) if told.isdigit() else told

    return cell


def _known(circle: int) -> Cell:
    def cell(answer: Answer) -> Value:
        told = further_answers.network(answer, circle)
        return int(told) if told else ""

    return cell


def _matters(circle: int) -> Cell:
    return lambda answer: further_answers.matters(answer, circle)


_SECOND_YEAR: tuple[tuple[str, Cell], ...] = (
    ("Other ways I would like to take part (;)", _told(further_answers.ALSO)),
    ("What would you like somebody to put you forward for? (;)", _told(further_answers.AIMS)),
    ("A language I would like to practise with somebody (;)", _told(further_answers.PRACTISE)),
    ("Visits to groups that felt all right", _number(further_answers.VISITS)),
    *((f"People I know here: {name}", _known(n)) for n, name in enumerate(further_answers.CIRCLES)),
    *((f"More would matter: {name}", _matters(n)) for n, name in enumerate(further_answers.CIRCLES)),
    ("My mentor should share both of these at once", further_answers.both_at_once),
    ("Where do you feel at home? (;)", _told(further_answers.AT_HOME)),
    ("Where I feel at home: use it for matching?", further_answers.at_home_consent),
)
COLUMNS = (*_WHO, *_WHAT, *_HOW, *_SENSITIVE, *_SECOND_YEAR)
"""Header -> cell. The question about religion asks for something sensitive and has no consent column."""


def _with_repeats(answers: list[Answer]) -> list[tuple[Answer, dict[str, Value]]]:
    rows: list[tuple[Answer, dict[str, Value]]] = [(answer, {}) for answer in answers]
    by_key = {answer.persona.key: answer for answer in answers}
    unchanged, changed = (by_key[key] for key in DUPLICATES)
    rows.append((replace(unchanged, submitted=unchanged.submitted + timedelta(minutes=4)), {}))
    rows.append((replace(changed, submitted=changed.submitted + timedelta(days=9)), {"Goal 2": SECOND_THOUGHT}))
    return sorted(rows, key=lambda row: (row[0].submitted, row[0].identity.number))


def mentees_rows(answers: list[Answer]) -> list[list[Value]]:
    """Return the header row and all rows of the first sheet, blank cells as None."""
    table: list[list[Value]] = [[header for header, _ in COLUMNS]]
    for answer, changes in _with_repeats(answers):
        cells = [changes.get(header, cell(answer)) for header, cell in COLUMNS]
        table.append([None if value == "" else value for value in cells])
    return table
