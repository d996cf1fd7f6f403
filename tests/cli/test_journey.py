"""`matchengine journey` and `matchengine prompts` on the sample programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchengine.cli.journey import render_journey, render_prompts
from matchengine.engine import Engine
from matchengine.records.journey import Journey, OutreachPrompts
from tests.cli.commands import run, too_wide


@pytest.fixture(scope="module")
def pairs(data: Path) -> dict[str, tuple[str, str]]:
    """Return a suggested pair of each kind."""
    made = Engine.open(data / "engine")
    found = {}
    for kind in ("group", "mentor"):
        for person in made.members(kind).requesters:
            suggestions = made.suggest(person, kind, 1)
            if suggestions:
                found[kind] = person, suggestions[0].candidate_id
                break
    return found


@pytest.mark.parametrize("viewer", ["requester", "coordinator"])
def test_journey_is_told_and_its_document_is_a_record(
    viewer: str, data: Path, pairs: dict[str, tuple[str, str]]
) -> None:
    asked = ("journey", *pairs["group"], "--viewer", viewer, "--data", data)
    done = run(*asked)
    assert (done.status, done.err) == (0, "")
    assert not too_wide(done.out)
    told = Journey.model_validate(run(*asked, "--json").document)
    assert (told.person_id, told.group_id, told.viewer) == (*pairs["group"], viewer)
    assert told.fingerprint is not None
    assert render_journey(told) == done.out.rstrip("\n")
    assert "The next step: If it is" in " ".join(done.out.split())


def test_visits_fade_the_company_and_a_companion_is_named(data: Path, pairs: dict[str, tuple[str, str]]) -> None:
    asked = ("journey", *pairs["group"], "--data", data, "--json")
    first = Journey.model_validate(run(*asked, "--companion", "HB-0001").document)
    assert "HB-0001" in first.plain_text or first.accompaniment in ("alone", "alone_with_contact")
    later = Journey.model_validate(run(*asked, "--visit", "okay", "--visit", "okay", "--visit", "okay").document)
    hard = Journey.model_validate(run(*asked, "--visit", "not_okay").document)
    assert later.accompaniment == "alone"
    assert hard.accompaniment == first.accompaniment


def test_prompts_are_told_and_their_document_is_a_record(data: Path, pairs: dict[str, tuple[str, str]]) -> None:
    asked = ("prompts", *pairs["mentor"], "--data", data)
    done = run(*asked)
    assert (done.status, done.err) == (0, "")
    assert not too_wide(done.out)
    told = OutreachPrompts.model_validate(run(*asked, "--json").document)
    assert len(told.prompts) == 4
    assert render_prompts(told) == done.out.rstrip("\n")


@pytest.mark.parametrize("command", ["journey", "prompts"])
def test_somebody_who_is_not_there_is_3(command: str, data: Path) -> None:
    done = run(command, "HB-9999", "HB-9998", "--data", data)
    assert done.status == 3
    assert "no such person" in done.err


def test_an_address_is_no_id(data: Path, pairs: dict[str, tuple[str, str]]) -> None:
    done = run("journey", *pairs["group"], "--companion", "somebody@example.org", "--data", data)
    assert done.status == 3
    assert "companion_id: an id must be opaque" in done.err
    assert "somebody@" not in done.err
