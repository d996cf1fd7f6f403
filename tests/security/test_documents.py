"""The pages about security and law name what exists, and nothing that a person's record can hold is left out."""

from __future__ import annotations

import re

import pytest

from matchengine.config import RetentionConfig
from matchengine.records import Person
from matchengine.records.vocabulary import ConsentAudience, ConsentPurpose
from tests.docs.pages import DOCS, ROOT, arguments, blocks, prose

SECURITY = ROOT / "SECURITY.md"
PAGES = [SECURITY, *(DOCS / f"{name}.md" for name in ("failure_modes", "data_protection", "ai_act"))]
PROTECTION = (DOCS / "data_protection.md").read_text(encoding="utf-8")


def words(literal: object) -> set[str]:
    """Return the words of a closed vocabulary."""
    return set(literal.__args__)  # type: ignore[attr-defined]


def section(number: int) -> str:
    """Return a section of the template."""
    return PROTECTION.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def test_every_field_of_a_person_is_in_the_assessment_once() -> None:
    rows = [line.split("|")[1] for line in section(3).splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(Person.model_fields)


def test_every_purpose_audience_and_limit_is_in_the_assessment() -> None:
    assert set(re.findall(r"\| `(\w+)` \|", section(2))) == words(ConsentPurpose)
    assert words(ConsentAudience) <= set(re.findall(r"`(\w+)`", section(2)))
    limits = {field.alias or name for name, field in RetentionConfig.model_fields.items()}
    assert set(re.findall(r"\| `(\w+)` \|", section(6))) == limits


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist_and_lines_are_short(page: object) -> None:
    text = page.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for name in re.findall(r"`((?:tests|docs|tools|eval|benchmarks)/[\w/.-]+|test_\w+\.py)`", text):
        there = ROOT / "tests" / "security" / name if name.startswith("test_") else ROOT / name
        assert there.exists(), name
    for line in prose(page).splitlines():  # type: ignore[arg-type]
        assert len(line) <= 120 or line.startswith("|"), line[:60]
    for target in re.findall(r"\]\(([^)\s#]+)\)", text):
        assert (page.parent / target).resolve().exists(), target  # type: ignore[attr-defined]


def test_every_requirement_of_this_folder_is_promised() -> None:
    text = SECURITY.read_text(encoding="utf-8")
    here = {path.name for path in (ROOT / "tests" / "security").glob("test_sec*.py")}
    assert here == set(re.findall(r"`(test_sec\w+\.py)`", text))
    numbers = {int(n) for n in re.findall(r"SEC(\d+)", text)}
    assert numbers == set(range(1, 31))


def test_commands_of_the_page_are_ones_that_are_tested() -> None:
    found = [arguments(command) for block in blocks(SECURITY, "console") for command, _shown in block.commands]
    assert found == [["python", "-m", "pip", "install", "--require-hashes", "-r", "requirements.lock"]]
