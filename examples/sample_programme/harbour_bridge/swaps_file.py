"""swap_wishes.csv: who would work with another mentor for a time in summer, as a coordinator collected it."""

from __future__ import annotations

import csv
import io

from harbour_bridge.identity import Identity

HEADER = (
    "Mentee",
    "Mentor",
    "Mentee would swap",
    "Mentor would swap",
    "From",
    "Until",
    "Least gain",
    "Other perspective",
    "For the other mentor",
    "Ranked mentors",
    "Leave alone",
    "Mentor pauses",
    "Rounds waited",
    "Free places",
)

WISHES: tuple[dict[str, str], ...] = (
    {"of": "@carer-nursing nurse-manager", "said": "yes any", "from": "2026-06-01", "until": "2026-08-30"},
    {
        "of": "bootcamp-80 backend-baker",
        "said": "yes yes",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "How people outside a tech company judge whether software is good",
        "note": "I learn best when I can show you something that is not finished yet.",
    },
    {
        "of": "@helpdesk-sec security-balt",
        "said": "yes yes",
        "from": "2026-06-08",
        "until": "2026-08-23",
        "wish": "Leading people and explaining risk to managers",
    },
    {"of": "crane-dream @crane-hh", "said": "yes yes", "from": "2026-06-01", "until": "2026-07-31"},
    {
        "of": "@story-writer @poet-teacher",
        "said": "yes any",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "How something that somebody made gets seen and paid for",
        "waited": "1",
    },
    {
        "of": "kitchen-auntie catering-balt",
        "said": "yes yes",
        "from": "01/06/2026",
        "until": "30/08/2026",
        "wish": "Working together as a co-op, and prices that leave something over",
        "floor": "5%",
    },
    {"of": "works-council @union-rep", "said": "no yes"},
    {"of": "@solar-aprendiz solar-santos", "said": "yes no"},
    {"of": "first-manager policy-grade7", "said": "yes yes", "from": "2026-06-01", "until": "2026-08-30"},
    {
        "of": "phone-freeze @language-coach",
        "said": "yes any",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "Staying calm on the telephone at work",
    },
    {
        "of": "apprentice-only carpenter-nb",
        "said": "yes any",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "Getting first customers for what I make, and pricing it",
    },
    {
        "of": "speak-up-lgbt @deaf-teacher",
        "said": "yes yes",
        "from": "2026-06-01",
        "until": "2026-08-16",
        "wish": "Being heard in large meetings",
        "note": "Please give me a minute before I answer.",
    },
    {
        "of": "@nursing-student-kochi stats-office",
        "said": "yes any",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "Supervision, and boundaries that keep work from following me home",
    },
    {
        "of": "fast-stream social-worker",
        "said": "yes any",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "Official statistics and how a survey is made",
    },
    {
        "of": "mombasa-mobile midwife-mombasa",
        "said": "yes any",
        "from": "2026-06-15",
        "until": "2026-09-06",
        "wish": "Watching people use an app: usability testing",
    },
    {
        "of": "lighting-volunteer @mombasa-mobile",
        "said": "yes yes",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "First aid, and teaching a group of people",
        "note": "I come to you from the theatre, please explain the words of your field.",
    },
    {
        "of": "@freelance-design ux-hh",
        "said": "yes any",
        "from": "2026-06-01",
        "until": "2026-08-30",
        "wish": "Pitching my work to people who have never heard of my town",
    },
    {"of": "tender-first procurement-nairobi", "said": "yes any", "from": "2026-06-01", "until": "2026-08-30"},
    {"of": "teaching-assistant hgv-driver", "said": "yes any", "fragile": "yes"},
    {"of": "- council-planner", "said": "- any", "from": "2026-06-01", "until": "2026-08-30", "places": "1"},
)
"""`of` is mentee and mentor, with @ where the coordinator wrote the e-mail; `said` what either answered."""


def swap_wishes_csv(identities: dict[str, Identity]) -> bytes:
    """Return the file: UTF-8, LF, comma-separated."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for row in WISHES:
        mentee, mentor = (_reference(each, identities) for each in row["of"].split())
        said = ["" if each == "-" else each for each in row["said"].split()]
        keys = ("from", "until", "floor", "wish", "note", "ranking", "fragile", "pauses", "waited", "places")
        writer.writerow([mentee, mentor, *said, *(row.get(key, "") for key in keys)])
    return buffer.getvalue().encode("utf-8")


def _reference(text: str, identities: dict[str, Identity]) -> str:
    if text == "-":
        return ""
    person = identities[text.removeprefix("@")]
    return person.email if text.startswith("@") else person.number
