"""`matchengine mixer`: text, JSON, who comes, and what is refused."""

from __future__ import annotations

import argparse
import contextlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

import matchengine as me
from matchengine.cli.mixer import add_mixer
from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.config import parse_config
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.i18n import PSEUDO, speaking
from matchengine.io import write_folder
from matchengine.records import Event, Relationship
from matchengine.records.mixer import MixerSchedule
from tests.cli.commands import Done, too_wide
from tests.support import CONFIG, mentee, mentor


def run(*arguments: object, json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_mixer(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=json))
    return Done(status, out.getvalue(), err.getvalue())


PEOPLE = [mentee(f"a{n}") for n in range(4)] + [mentor(f"m{n}") for n in range(3)]
PEOPLE.append(mentee("far", languages=[{"tag": "is", "level": "C2"}]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lexical = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
    made = me.Engine(parse_config(lexical))
    made.load(PEOPLE)
    data = tmp_path_factory.mktemp("mixer")
    made.save(data / "engine")
    return data


def schedule(*arguments: object) -> MixerSchedule:
    return MixerSchedule.model_validate_json(run(*arguments, json=True).out)


def test_the_text_holds_rounds_cards_and_who_sits_out(folder: Path) -> None:
    done = run("--rounds", 3, "--start", "2026-03-09T18:00", "--data", folder)
    assert done.status == 0
    assert not too_wide(done.out)
    found = schedule("--rounds", 3, "--data", folder)
    for told in (
        "Round 1  18:00",
        "Round 2  18:12",
        "Cards",
        "sit out:",
        "Nobody to meet here",
        "  far: not available",
    ):
        assert told in done.out
    for card in found.cards:
        assert f"  {card.person_id}: round" in done.out
    assert [each.person_id for each in found.alone] == ["far"]


def test_options_reach_the_schedule(folder: Path) -> None:
    found = schedule("--rounds", 2, "--tables", 2, "--minutes", 7, "--data", folder)
    assert found.minutes == 7
    assert [len(each.tables) for each in found.rounds] == [2, 2]


def test_who_comes_by_ids_or_by_file(folder: Path, tmp_path: Path) -> None:
    listed = tmp_path / "who.txt"
    listed.write_text("a0\nm0\n\n a1\nm1\n", encoding="utf-8")
    by_ids = schedule("--people", "a0,m0,a1,m1", "--data", folder)
    assert by_ids == schedule("--people", listed, "--data", folder)
    assert {card.person_id for card in by_ids.cards} == {"a0", "a1", "m0", "m1"}


def test_who_comes_to_an_event(folder: Path, tmp_path: Path) -> None:
    made = me.Engine.open(folder / "engine")
    made.save(tmp_path / "engine")
    event = Event(id="e", title="Coffee", kind="mixer", start=datetime(2026, 3, 12, 17, 30, tzinfo=UTC))
    status = {"a0": "active", "m0": "proposed", "a1": "completed", "m1": "active", "guest": "active"}
    ties = [Relationship(kind="membership", person_id=p, other_id="e", status=s) for p, s in status.items()]
    write_folder(tmp_path / "records", {"events": [event], "relationships": ties})
    done = run("--event", "e", "--data", tmp_path, json=True)
    found = MixerSchedule.model_validate_json(done.out)
    assert {card.person_id for card in found.cards} == {"a0", "m0", "m1"}
    assert found.rounds[0].starts == event.start
    assert "1 person of the event" in done.err
    with pytest.raises(UnknownIdError, match="no such event"):
        run("--event", "f", "--data", tmp_path)
    with pytest.raises(DataError, match="give one of them"):
        run("--event", "e", "--people", "a0", "--data", tmp_path)


def test_what_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(UnknownIdError, match="zz"):
        run("--people", "a0,zz", "--data", folder)
    with pytest.raises(ConfigError, match="mentr"):
        run("--kind", "mentr", "--data", folder)


def test_every_sentence_is_translated(folder: Path) -> None:
    with speaking(PSEUDO):
        out = run("--data", folder).out
    assert "⟦" in out
    for word in ("Mixer", "Round", "Cards", "Nobody", "sit out", "not available", "table"):
        assert word not in out
