"""Names and e-mail addresses are in the contacts sheet and in suggestions.csv, and nowhere else."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.cli.commands import Done, run


def contacts(data: Path) -> set[str]:
    """Return every e-mail address and every full name of a folder's contacts sheet."""
    found = set()
    for line in (data / "records" / "contacts.jsonl").read_text(encoding="utf-8").splitlines():
        contact = json.loads(line)
        first, last = contact.get("first_name"), contact.get("last_name")
        found |= {contact.get("email"), contact.get("name"), first and last and f"{first} {last}", last}
    return {text for text in found if text and len(text) > 4}


def told(text: str, data: Path) -> list[str]:
    """Return the contacts that a text gives away, as whole words."""
    folded = text.casefold()
    near = [contact for contact in contacts(data) if contact.casefold() in folded]
    return [c for c in near if re.search(rf"(?<!\w){re.escape(c.casefold())}(?!\w)", folded)]


def test_no_command_prints_a_contact(imported: tuple[Path, Done]) -> None:
    data, done = imported
    assert len(contacts(data)) > 250
    assert not told(done.text, data)
    for person, command in (
        ("HB-0043", ["show-text"]),
        ("HB-0140", ["suggest", "--kind", "mentor"]),
        ("HB-0239", ["suggest", "--kind", "group"]),
    ):
        for more in ([], ["--json"]):
            assert not told(run(*command, person, "--data", data, *more).text, data), command
    assert not told(run("doctor", "--config", "lexical", "--data", data, "--json").text, data)


def test_no_file_but_the_contacts_sheet_holds_a_contact(data: Path) -> None:
    found = {path.name: told(path.read_bytes().decode("utf-8", "replace"), data) for path in files(data)}
    assert not any(found.values()), found


def test_no_name_is_outside_the_contacts_sheet(data: Path) -> None:
    for path in files(data):
        found = told(path.read_bytes().decode("utf-8", "replace"), data)
        assert not [contact for contact in found if "@" not in contact], path.name


def files(data: Path) -> list[Path]:
    """Return every file of a folder but the contacts sheet."""
    return [path for path in data.rglob("*") if path.is_file() and path.name != "contacts.jsonl"]
