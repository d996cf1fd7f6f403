"""mentors_2026.csv: what a form tool exports, with the accidents that such exports have."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from harbour_bridge import further_answers
from harbour_bridge.answers import (
    CONSENT_VERSION,
    Answer,
    consent,
    country,
    field_name,
    filled,
    gender,
    hours,
    joined,
    languages,
)
from harbour_bridge.identity import NO_NUMBER_IN_MENTORS
from harbour_bridge.persona import Mentor

EMPTY_ROWS = 14
VETTING = {"cnc-izmir": "pending", "film-editor": "pending", "stage-tech": ""}
PHANTOM = {"crane-hh": "x", "hr-balt": "see mail 3 Feb", "hgv-driver": "ok - spoke on phone"}
"""Notes that somebody typed into a column without a header."""
OTHER_ROLES = {
    "leader-lgbt": "sponsor", "eng-manager": "sponsor", "security-balt": "sponsor", "language-coach": "buddy",
    "cafe-owner": "buddy", "boatbuilder": "volunteer", "social-worker": "facilitator", "therapist-arts": "facilitator",
    "coop-santos": "facilitator; buddy", "union-rep": "facilitator", "bookkeeper": "buddy; volunteer",
    "nurse-manager": "sponsor",
}  # fmt: skip
STYLE_HEADERS = (
    "I mostly give answers (-2) ... I mostly ask questions (2)",
    "Planned meetings (-2) ... see what comes up (2)",
    "On the task (-2) ... on getting to know each other (2)",
    "In writing (-2) ... in conversation (2)",
    "I challenge (-2) ... I encourage (2)",
)
Cell = Callable[[Answer], str]


def _mentor(answer: Answer) -> Mentor:
    if answer.persona.mentor is None:
        raise ValueError(f"{answer.persona.key} is no mentor")
    return answer.persona.mentor


def _text(answer: Answer, name: str) -> str:
    return filled(getattr(_mentor(answer), name), answer.identity)


def _lived(answer: Answer) -> str:
    return joined(answer.persona.lived)


def _years(answer: Answer) -> str:
    band = answer.persona.years
    return {"5-9": "5–9 years", "10-19": "10–19 years", "2-4": "2–4 years"}.get(band, f"{band} years")


def _findable(answer: Answer) -> str:
    return "2" if answer.persona.lived and answer.consents["lived match"] == "Yes" and answer.draw < 0.5 else ""


def _training(answer: Answer) -> str:
    courses = ["mentor basics"] if answer.draw < 0.7 else []
    return joined(courses + (["inclusive mentoring"] if answer.draw < 0.3 else []))


def _vetting(answer: Answer) -> str:
    return VETTING.get(answer.persona.key, "vetted")


def _style(position: int) -> Cell:
    def cell(answer: Answer) -> str:
        value = answer.style[position]
        return "" if value is None else str(value)

    return cell


COLUMNS: tuple[tuple[str, Cell], ...] = (
    ("Timestamp", lambda a: f"{a.submitted:%d/%m/%Y %H:%M:%S}"),
    ("Member no.", lambda a: "" if a.persona.key in NO_NUMBER_IN_MENTORS else a.identity.number),
    ("first Name", lambda a: a.identity.first),
    ("Last name ", lambda a: a.identity.last),
    ("E-MAIL address  ", lambda a: a.identity.email),
    ("I agree that Harbour Bridge keeps my answers and uses them to suggest mentees to me", lambda a: "I agree"),
    ("I confirm that I am 18 or older", lambda a: "Yes"),
    ("Vetting (office use)", _vetting),
    ("Vetted on (office use)", lambda a: "2025-11-20" if _vetting(a) == "vetted" else ""),
    ("Job title, organisation", lambda a: _mentor(a).job),
    ("What is your grade or level at work?", lambda a: _mentor(a).grade),
    ("Which field do you work in?", lambda a: field_name(a.persona.work)),
    ("How many years in this field?", _years),
    ("What could you help somebody with? (up to five, please separate with ;)", lambda a: joined(_mentor(a).offers)),
    ("Who would you most like to mentor?", lambda a: _text(a, "focus")),
    ("And what do you hope to get out of it yourself?", lambda a: _text(a, "hopes")),
    ("Anything you would like to LEARN from somebody here? (separate with ;)", lambda a: joined(_mentor(a).wants)),
    ("Would you let a mentee teach you? ", lambda a: "Yes" if _mentor(a).wants else ""),
    ("What do you do when you are not working? (separate with ;)", lambda a: joined(a.persona.interests)),
    ("Values: pick up to five", lambda a: joined(a.values)),
    ("LANGUAGES you can mentor in", lambda a: languages(a.persona.languages)),
    ("Language of your answers", lambda a: a.options.get("text", "en")),
    ("When are you usually free? (tick all)", lambda a: joined(hours(a.persona))),
    (" Time zone", lambda a: a.spot.time_zone if a.spot else ""),
    ("City", lambda a: a.spot.city if a.spot else ""),
    ("District", lambda a: a.spot.area if a.spot else ""),
    ("Country", country),
    ("Map square (from the link)", lambda a: a.map_square),
    ("How would you like to meet? (tick all)", lambda a: joined(a.modes)),
    ("If in person: how many minutes would you travel?", lambda a: a.travel),
    ("How often and how long?", lambda a: a.cadence),
    ("How many mentees can you take on?", lambda a: _mentor(a).capacity),
    ("Other roles you would take on", lambda a: OTHER_ROLES.get(a.persona.key, "")),
    ("Mentor training done", _training),
    *((header, _style(position)) for position, header in enumerate(STYLE_HEADERS)),
    ("Gender identity (optional, in your own words)", gender),
    ("Gender identity: may we use it for matching?", lambda a: consent(a, "gender match", gender(a))),
    (
        "Gender identity: may we name it to your match once you both said yes?",
        lambda a: consent(a, "gender explain", gender(a)),
    ),
    ("Age band (optional)", lambda a: a.persona.age),
    ("Age band: may we use it for matching?", lambda a: consent(a, "age match", a.persona.age)),
    ("Lived experience you would like to be found by (optional, separate with ;)", _lived),
    ("Lived experience: may we use it for matching?", lambda a: consent(a, "lived match", _lived(a))),
    (
        "Lived experience: may we name it to your match once you both said yes?",
        lambda a: consent(a, "lived explain", _lived(a)),
    ),
    ("At most how many people at a time may find you that way?", _findable),
    ("Consent text version", lambda a: CONSENT_VERSION),
    ("Sponsors: where could you open doors? (separate with ;)", lambda a: further_answers.of(further_answers.DOORS, a)),
    ("As a sponsor I would", lambda a: further_answers.of(further_answers.SPONSORS, a)),
    ("Skill exchange: hours given less taken (office use)", lambda a: further_answers.of(further_answers.HOURS, a)),
    ("", lambda a: PHANTOM.get(a.persona.key, "")),
)
"""Header -> cell. The last column has no header."""


def mentors_csv(answers: list[Answer]) -> bytes:
    """Return the file: UTF-8 with byte order mark, CRLF, rows by time, and empty rows at the end."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([header for header, _ in COLUMNS])
    for answer in sorted(answers, key=lambda a: (a.submitted, a.identity.number)):
        writer.writerow([cell(answer) for _, cell in COLUMNS])
    for _ in range(EMPTY_ROWS):
        writer.writerow([""] * len(COLUMNS))
    return buffer.getvalue().encode("utf-8-sig")
