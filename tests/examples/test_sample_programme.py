"""The sample programme: reproducible, as large as it says, human to read, with every wart that its README lists."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

openpyxl = pytest.importorskip("openpyxl")

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "sample_programme"
RAW = FOLDER / "raw"
DEMO = ("HB-0043", "HB-0140", "HB-0239")
EMAIL = re.compile(r"[\w.+-]+@[\w.-]+")


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sample_programme_generate", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


GENERATE = _generator()

from harbour_bridge import groups_file, mentees_file, mentors_file, wording  # noqa: E402  (generate.py put its folder on the path)
from harbour_bridge.people import load_groups, load_people  # noqa: E402

from matchengine.records import vocabulary as v  # noqa: E402


def _sheets(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def _table(rows: list[list[str]]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def mentors() -> list[dict[str, str]]:
    text = (RAW / "mentors_2026.csv").read_bytes().decode("utf-8-sig")
    return [row for row in _table(list(csv.reader(io.StringIO(text, newline="")))) if any(row.values())]


@pytest.fixture(scope="module")
def mentees() -> list[dict[str, object]]:
    rows = _sheets((RAW / "mentees_2026.xlsx").read_bytes())["Form responses 1"]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def groups() -> list[dict[str, str]]:
    lines = (RAW / "groups.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return _table([line.split("\t") for line in lines])


@pytest.fixture(scope="module")
def ties() -> list[dict[str, str]]:
    return _table(list(csv.reader((RAW / "relationships.csv").read_text(encoding="utf-8").splitlines())))


def test_regenerating_gives_the_committed_files(tmp_path: Path) -> None:
    assert GENERATE.main(["--out", str(tmp_path)]) == 0
    for name in ("mentors_2026.csv", "groups.tsv", "relationships.csv"):
        assert (tmp_path / name).read_bytes() == (RAW / name).read_bytes(), name
    name = "mentees_2026.xlsx"
    assert _sheets((tmp_path / name).read_bytes()) == _sheets((RAW / name).read_bytes())


def test_same_seed_same_bytes_and_another_seed_other_bytes() -> None:
    first, again, other = GENERATE.build(7), GENERATE.build(7), GENERATE.build(8)
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_the_programme_is_as_large_as_it_says(
    mentors: list[dict[str, str]], mentees: list[dict[str, object]], groups: list[dict[str, str]]
) -> None:
    people = load_people()
    assert 145 <= len(people) <= 155
    assert 60 <= len(mentors) <= 70
    assert 85 <= len(mentees) <= 100
    assert len(groups) == 40
    assert {group["Kind"].replace(" ", "_") for group in groups} == set(get_args(v.GroupKind))
    assert sum(path.stat().st_size for path in RAW.iterdir()) < 600_000


def test_there_are_enough_different_texts() -> None:
    people = load_people()
    goals = [goal for p in people if p.mentee for goal, _ in p.mentee.goals]
    assert len(goals) >= 150
    assert len(set(goals)) >= 0.95 * len(goals)
    assert len({offer for p in people if p.mentor for offer in p.mentor.offers}) >= 150
    assert len({want for p in people for form in (p.mentor, p.mentee) if form for want in form.wants}) >= 60
    interests = [interest for p in people for interest in p.interests]
    assert 90 <= len(set(interests)) < 0.6 * len(interests)
    mentor_texts = {text for p in people if p.mentor for text in (p.mentor.focus, p.mentor.hopes) if text}
    assert len(mentor_texts) >= 70
    assert len({group.block.text("d") for group in load_groups()}) == 40


def test_no_template_shows_in_the_goals() -> None:
    goals = [goal.lower().split() for p in load_people() if p.mentee for goal, _ in p.mentee.goals]
    starts = Counter(" ".join(words[:5]) for words in goals if len(words) >= 5)
    ends = Counter(" ".join(words[-4:]) for words in goals if len(words) >= 4)
    assert max(starts.values()) <= 3
    assert max(ends.values()) <= 3
    assert len({len(words) for words in goals}) >= 15
    descriptions = Counter(" ".join(group.block.text("d").lower().split()[:3]) for group in load_groups())
    assert max(descriptions.values()) == 1


def test_several_languages_and_time_zones(mentors: list[dict[str, str]], mentees: list[dict[str, object]]) -> None:
    written = Counter(
        [row["Language of your answers"] for row in mentors] + [str(row["I answered in"]) for row in mentees]
    )
    assert {"en", "es", "de", "pt-BR", "ar", "uk", "tr", "fr"} <= set(written)
    assert 0.5 < written["en"] / written.total() < 0.8
    zones = {row[" Time zone"] for row in mentors} | {str(row["Time zone"]) for row in mentees if row["Time zone"]}
    assert len(zones) >= 10


def test_every_address_is_reserved_for_examples() -> None:
    texts = [path.read_text(encoding="utf-8-sig") for path in RAW.iterdir() if path.suffix in {".csv", ".tsv"}]
    cells = _sheets((RAW / "mentees_2026.xlsx").read_bytes()).values()
    texts += [str(cell) for rows in cells for row in rows for cell in row if cell is not None]
    found = [address for text in texts for address in EMAIL.findall(text)]
    assert len(found) > 140
    assert {address.rpartition("@")[2].lower() for address in found} == {"example.org", "example.com"}


def test_warts_of_the_mentors_file(mentors: list[dict[str, str]]) -> None:
    data = (RAW / "mentors_2026.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.split(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert sum(line != b"" and not line.strip(b",") for line in lines) >= 12
    headers = list(mentors[0])
    assert "" in headers
    assert any(header != header.strip() for header in headers)
    assert {"first Name", "E-MAIL address  "} <= set(headers)
    assert sum(bool(row[""]) for row in mentors) == 3
    capacity = Counter(row["How many mentees can you take on?"] for row in mentors)
    assert all(capacity[word] for word in ("", "0", "two", "3"))
    emails = Counter(row["E-MAIL address  "] for row in mentors)
    assert emails[""] == 3
    assert emails["yard.office@example.org"] == 2
    assert sum(not row["Member no."] for row in mentors) == 6
    assert Counter(row["Vetting (office use)"] for row in mentors) == {"vetted": 63, "pending": 2, "": 1}
    assert {"Grade 7", "Director", "self-employed"} <= {row["What is your grade or level at work?"] for row in mentors}
    assert sum("," in row["Job title, organisation"] for row in mentors) > 50
    assert any("–" in row["How many years in this field?"] for row in mentors)
    hopes = [row["And what do you hope to get out of it yourself?"] for row in mentors]
    assert sum(row["first Name"] in text for row, text in zip(mentors, hopes, strict=True)) == 2
    assert sum("@" in text for text in hopes) == 1


def test_warts_of_the_mentees_file(mentees: list[dict[str, object]]) -> None:
    headers = list(mentees[0])
    assert "姓名 / Name" in headers
    assert Counter(row["Coming back after a break? (yes/no)"] for row in mentees)["Sometimes"] == 1
    assert any(row["Coming back after a break? (yes/no)"] == "no idea" for row in mentees)
    assert any(row["Goal 1: by when?"] == "asap" for row in mentees)
    assert any(row["Gender identity: use it for matching?"] == "only if it helps" for row in mentees)
    assert Counter(row["18 or older: I confirm that I am"] for row in mentees) == {
        "Yes": len(mentees) - 2,
        "No": 1,
        None: 1,
    }
    assert sum(isinstance(row["Years in it"], datetime) for row in mentees) == 2
    assert min(sum(cell is not None for cell in row.values()) for row in mentees) <= 6
    names = Counter(row["姓名 / Name"] for row in mentees)
    repeated = [name for name, count in names.items() if count == 2]
    assert len(repeated) == 2
    changes = sorted(len(_differences(mentees, str(name))) for name in repeated)
    assert changes == [1, 2]
    slots = [header for header in headers if header.startswith("Free: ")]
    assert [header.removeprefix("Free: ") for header in slots] == [slot[0] for slot in wording.SLOTS.values()]
    assert {row[slot] for row in mentees for slot in slots} == {0, 1, None}
    assert sum(row["E-Mail"] is None for row in mentees) == 2
    assert sum(row["Member number"] is None for row in mentees) == 9
    assert sum(row["Religion or belief (optional)"] is not None for row in mentees) == len(wording.RELIGION)
    assert not any("Religion" in header and "use" in header for header in headers)


def _differences(mentees: list[dict[str, object]], name: str) -> list[str]:
    first, second = (row for row in mentees if row["姓名 / Name"] == name)
    return [header for header in first if first[header] != second[header]]


def test_people_with_two_roles_meet_only_by_a_folded_address(
    mentors: list[dict[str, str]], mentees: list[dict[str, object]]
) -> None:
    here = {row["E-MAIL address  "] for row in mentors if row["E-MAIL address  "]}
    there = {str(row["E-Mail"]) for row in mentees if row["E-Mail"]}
    assert len({address.strip().casefold() for address in there} & {address.casefold() for address in here}) == 10
    assert not here & there


def test_groups_show_what_they_should(groups: list[dict[str, str]]) -> None:
    safety = (
        "Run by",
        "Trained",
        "Safeguarding",
        "Confidential",
        "Just listening is fine",
        "Crisis protocol",
        "Safety",
    )
    risky = [group for group in groups if group["Topic risk"] == "B"]
    assert len(risky) == 4
    assert sum(all(group[field] for field in safety) for group in risky) == 2
    assert Counter(group["Topic risk"] for group in groups)["C"] == 1
    suspended = [group for group in groups if group["Suspended"] == "yes"]
    full = [group for group in groups if group["People now"] == group["People at most"]]
    assert len(suspended) == len(full) == 1
    assert sum("?" in group.values() for group in groups) >= 8
    assert {"en", "de", "es", "pt-BR", "ar", "uk", "fr"} <= {group["Written in"] for group in groups}
    assert all(re.fullmatch(r"|[0-9b-hjkmnp-z]{5}", group["Map square"]) for group in groups)


def test_ties_name_exactly_one_stranger(
    ties: list[dict[str, str]],
    mentors: list[dict[str, str]],
    mentees: list[dict[str, object]],
    groups: list[dict[str, str]],
) -> None:
    known = {row["Member no."] for row in mentors} | {row["Member number"] for row in mentees}
    known |= {row["E-MAIL address  "] for row in mentors} | {str(row["E-Mail"]).strip().lower() for row in mentees}
    known |= {group["Group no"] for group in groups}
    strangers = [tie for tie in ties if not {tie["Person"], tie["Other"]} <= known]
    assert [tie["Person"] for tie in strangers] == ["left.in.2024@example.com"]
    assert all(tie["Person"] and tie["Other"] for tie in ties)
    words = {tie["What"] for tie in ties}
    assert {"mentoring", "line manager", "same household", "do not match", "member of group"} <= words
    assert [tie["Status"] for tie in ties if tie["Never again"] == "yes"] == ["ended"]
    contacts = {number for group in groups for number in re.findall(r"HB-\d{4}", group["Contacts"])}
    assert contacts <= known


def test_every_closed_answer_has_a_meaning(mentors: list[dict[str, str]], mentees: list[dict[str, object]]) -> None:
    stages = {word for words in wording.STAGES.values() for word in words} | set(wording.STAGELESS)
    assert set(wording.STAGES) <= set(v.CAREER_STAGES)
    assert {row["What is your grade or level at work?"] for row in mentors} <= stages
    assert {row["Where are you now?"] for row in mentees} - {None} <= stages
    barriers = ";".join(str(row["What makes it hard? (;)"] or "") for row in mentees)
    found = re.findall(r"(\w+) \((\w+)\)", barriers)
    assert {kind for kind, _ in found} <= set(get_args(v.BarrierKind))
    assert {strength for _, strength in found} == set(v.BARRIER_STRENGTHS)
    assert set(wording.GOAL_KINDS) == set(get_args(v.GoalKind))
    assert {code for _, code in wording.HORIZONS.values()} == set(get_args(v.Horizon))
    assert set(wording.MODES) == set(get_args(v.Mode))
    assert set(wording.NORMS) == set(get_args(v.GroupNorm))
    assert set(wording.SAFETY) == set(get_args(v.SafetyItem))


def test_the_readme_lists_the_people_of_the_demo_and_everybody_hard_to_serve(mentees: list[dict[str, object]]) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    numbers = {row["Member number"] for row in mentees}
    assert set(DEMO) <= numbers
    assert all(number in readme for number in DEMO)
    hard = [person for person in load_people() if "hard" in person.mentee_options]
    assert 0.1 <= len(hard) / len(mentees) <= 0.14
    section = readme.split("## Hard to serve", 1)[1].split("\n## ", 1)[0]
    assert len(re.findall(r"^\| (HB-\d{4}|no number)", section, re.MULTILINE)) == len(hard)


def test_the_readme_explains_every_column() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    headers = [header for header, _ in mentors_file.COLUMNS if header]
    headers += [header for header, _ in mentees_file.COLUMNS]
    headers += [header for header, _ in groups_file.COLUMNS]
    missing = [header for header in headers if f"`{header.strip()}`" not in readme and not _in_a_family(header)]
    assert missing == []


def _in_a_family(header: str) -> bool:
    return header.startswith(("Free: ", "Helps with: "))
