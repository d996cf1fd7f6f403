"""`matchengine lottery`: text, JSON, who applies, what is refused."""

from __future__ import annotations

import argparse
import contextlib
import io
from pathlib import Path

import pytest

from matchengine.cli.lottery import add_lottery
from matchengine.cli.output import Output
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import PSEUDO, speaking
from matchengine.io import write_folder
from matchengine.records import Event, Relationship
from matchengine.records.lottery import Lottery
from tests.cli.commands import Done, too_wide


def lottery(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_lottery(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), "")


def tie(person: str, event: str, status: str) -> Relationship:
    return Relationship.model_validate({"person_id": person, "other_id": event, "kind": "membership", "status": status})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    events = [
        Event(id="mixer", title="Mixer", kind="mixer", capacity=3, start="2026-04-01T18:00:00"),  # type: ignore[arg-type]
        Event(id="before", title="Before", kind="mixer", start="2026-01-01T18:00:00"),  # type: ignore[arg-type]
    ]
    ties = [tie(f"p{n}", "mixer", "proposed") for n in range(5)]
    ties += [tie("inside", "mixer", "active"), tie("p0", "before", "completed"), tie("p1", "before", "proposed")]
    write_folder(tmp_path / "records", {"events": events, "relationships": ties})
    return tmp_path


def test_s1_10_the_text_tells_places_order_and_why(folder: Path) -> None:
    done = lottery("mixer", "--seed", 7, "--data", folder, "--today", "2026-03-09")
    assert done.status == 0
    assert not too_wide(done.out)
    drawn = Lottery.model_validate_json(
        lottery("mixer", "--seed", 7, "--data", folder, "--today", "2026-03-09", json=True).out
    )
    assert (drawn.places, len(drawn.admitted), len(drawn.waitlist)) == (2, 2, 3)
    assert drawn.admitted[0].person_id == "p1"
    assert drawn.waitlist[-1].person_id == "p0"
    assert set(drawn.admitted[0].priorities) == {"never_attended", "previously_waitlisted"}
    for draw in (*drawn.admitted, *drawn.waitlist):
        assert f"{draw.place}. {draw.person_id}" in done.out
        assert draw.number[:10] in done.out
    for told in ("seed 7", "Get a place", "Waiting list", "was left waiting before"):
        assert told in " ".join(done.out.split())


def test_the_seed_decides_and_the_same_seed_gives_the_same(folder: Path) -> None:
    outputs = {lottery("mixer", "--seed", seed, "--data", folder, json=True).out for seed in (1, 1, 2, 3)}
    assert len(outputs) == 3


def test_an_event_without_a_capacity_admits_everybody(folder: Path) -> None:
    drawn = Lottery.model_validate_json(lottery("before", "--seed", 1, "--data", folder, json=True).out)
    assert (drawn.places, [d.person_id for d in drawn.admitted], drawn.waitlist) == (None, ["p1"], ())
    assert "(nobody)" in lottery("before", "--seed", 1, "--data", folder).out


def test_what_is_not_there_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match="mixer"):
        lottery("mixxer", "--seed", 1, "--data", folder)
    with pytest.raises(DataError):
        lottery("mixer", "--seed", 1, "--data", tmp_path / "nowhere")
    with pytest.raises((SystemExit, argparse.ArgumentError)):
        lottery("mixer", "--data", folder)


def test_every_sentence_is_translated(folder: Path) -> None:
    with speaking(PSEUDO):
        out = lottery("mixer", "--seed", 7, "--data", folder).out
    assert "Waiting list" not in out
    assert "⟦" in out
