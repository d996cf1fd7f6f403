"""relationships.csv: existing ties as a coordinator writes them down, by e-mail or by member number."""

from __future__ import annotations

import csv
import io

from harbour_bridge.groups_file import ListedGroup
from harbour_bridge.identity import Identity

HEADER = ("Person", "Other", "What", "Status", "Since", "Until", "How often", "Never again", "Remarks")

TIES: tuple[tuple[str, ...], ...] = (
    ("@carer-nursing", "@nurse-manager", "mentoring", "active", "2026-01-19", "", "every 2 weeks, 45 min", "", ""),
    ("bootcamp-80", "backend-baker", "mentoring", "active", "2026-02-02", "", "every 2 weeks, 60 min", "", "fine"),
    ("@helpdesk-sec", "security-balt", "mentoring", "active", "2025-11-10", "", "monthly, 60 min", "", ""),
    ("crane-dream", "@crane-hh", "mentoring", "active", "2026-01-08", "", "", "", "sees her at the terminal"),
    ("@story-writer", "@poet-teacher", "mentoring", "active", "2025-10-03", "", "every 2 weeks, 60 min", "", ""),
    ("kitchen-auntie", "catering-balt", "mentoring", "active", "2026-02-11", "", "weekly, 45 min", "", ""),
    ("works-council", "@union-rep", "mentoring", "active", "2026-01-27", "", "", "", "Vertrag liegt im Büro"),
    ("@solar-aprendiz", "solar-santos", "mentoring", "active", "2025-12-06", "", "weekly, 60 min", "", ""),
    ("first-manager", "policy-grade7", "mentoring", "active", "2026-02-16", "", "monthly, 60 min", "", ""),
    ("phone-freeze", "@language-coach", "mentoring", "active", "2026-01-30", "", "weekly, 60 min", "", ""),
    ("apprentice-only", "carpenter-nb", "mentoring", "active", "2025-06-16", "", "monthly, 60 min", "", ""),
    ("speak-up-lgbt", "@deaf-teacher", "mentoring", "active", "2025-07-07", "", "every 2 weeks, 45 min", "", ""),
    ("@nursing-student-kochi", "stats-office", "mentoring", "active", "2025-09-22", "", "weekly, 45 min", "", ""),
    ("fast-stream", "social-worker", "mentoring", "active", "2025-05-12", "", "monthly, 60 min", "", ""),
    ("mombasa-mobile", "midwife-mombasa", "mentoring", "active", "2025-08-18", "", "", "", ""),
    ("lighting-volunteer", "@mombasa-mobile", "mentoring", "active", "2025-10-20", "", "weekly, 45 min", "", ""),
    ("@freelance-design", "ux-hh", "mentoring", "active", "2025-06-02", "", "every 2 weeks, 60 min", "", ""),
    ("tender-first", "procurement-nairobi", "mentoring", "active", "2025-11-03", "", "monthly, 60 min", "", "by phone"),
    ("teaching-assistant", "hgv-driver", "mentoring", "active", "2025-09-08", "", "every 2 weeks, 45 min", "", ""),
    ("teamlead-new", "eng-manager", "mentoring", "completed", "2025-01-14", "2025-09-30", "monthly, 60 min", "", ""),
    ("@stats-grad", "school-head", "mentoring", "completed", "2025-02-01", "2025-08-15", "", "", "passed paper 1!"),
    ("clerk-balt", "@housing-officer", "mentoring", "completed", "2025-03-03", "2025-12-12", "", "", ""),
    ("plumb-own", "bookkeeper", "mentoring", "paused", "2025-11-21", "", "monthly, 60 min", "", "back in April"),
    ("@doodler", "@illustrator", "mentoring", "ended", "2025-05-05", "2025-06-20", "", "yes", ""),
    ("porter-admin", "nurse-manager", "line manager", "active", "", "", "", "", "same ward since August"),
    ("excel-db", "@candle-receipts", "same household", "active", "", "", "", "", ""),
    ("salary-balt", "@ml-balt", "do not match", "active", "", "", "", "", ""),
    ("@doctor-aleppo", "porter-admin", "buddy", "active", "2026-02-09", "", "", "", "tea on Fridays"),
    ("returner-java", "midwife-back", "peers", "active", "2026-02-20", "", "weekly, 45 min", "", ""),
    ("tenant-org", "group:damp-action", "member of group", "active", "2025-06-01", "", "", "", ""),
    ("archive-aunt", "group:gospel-photos", "member of group", "active", "2025-09-11", "", "", "", ""),
    ("@deaf-analyst", "group:bsl-coffee", "member of group", "active", "", "", "", "", ""),
    ("nobody:left.in.2024@example.com", "physio-owner", "mentoring", "active", "2024-04-04", "", "", "", "who?"),
)
"""A leading @ means that the coordinator wrote the e-mail address instead of the number.

Mentoring is written mentee first; "line manager" is written report first.
"""


def _reference(text: str, identities: dict[str, Identity], groups: dict[str, str]) -> str:
    prefix, _, rest = text.rpartition(":")
    if prefix == "nobody":
        return rest
    if prefix == "group":
        return groups[rest]
    person = identities[text.removeprefix("@")]
    return person.email if text.startswith("@") else person.number


def relationships_csv(identities: dict[str, Identity], listed: list[ListedGroup]) -> bytes:
    """Return the file: UTF-8, LF, comma-separated."""
    groups = {group.text.key: group.number for group in listed}
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for person, other, *rest in TIES:
        writer.writerow([_reference(person, identities, groups), _reference(other, identities, groups), *rest])
    return buffer.getvalue().encode("utf-8")
