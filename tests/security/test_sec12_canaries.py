"""200 canaries, one in every text that a record can hold: none in a log, warning, trace, stream or traceback (SEC12).

tests/privacy/test_values_never_leak.py looks at single refusals; here the whole flow runs at every level of logging.
"""

from __future__ import annotations

import base64
import logging
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import matchengine as me
from matchengine.engine import Engine
from matchengine.io import read_people
from matchengine.records import Feedback, GroupRequest, MeetingHeld, Person
from matchengine.store.secret import KEY_VARIABLE
from matchengine.trace import tracing
from tests.postgres import application_url, postgres_url
from tests.privacy.test_values_never_leak import Observer, TalkativeEmbedder, talkative, talkative_rule
from tests.properties.populations import Offers
from tests.support import CONFIG, WordsPlugin, config, consent, engine, group, mentee, mentor

__all__ = ["application_url", "postgres_url"]

COUNT = 200


def canary(number: int) -> str:
    """Return a word that stands nowhere else."""
    return f"zqx{number:03d}vkw"


class Canaries:
    """Gives each text a word of its own."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self) -> str:
        self.given.append(canary(len(self.given)))
        return self.given[-1]


def person(word: Canaries, who: str, role: str) -> dict[str, Any]:
    """Return a person with canaries in every text, ids of others and closed words excepted."""
    made = mentor(who) if role == "mentor" else mentee(who)
    return made | {
        "goals": [{"text": word(), "target_skills": [word(), word()], "obstacles": [word()]}],
        "offers": [{"text": word(), "concept": f"tag:{word()}", "level": 3}],
        "wants": [{"text": word()}],
        "interests": [{"text": word(), "tag": word()}],
        "past_work": [word(), word()],
        "values": [word()],
        "mentoring_focus": word(),
        "hopes_to_gain": word(),
        "fields": [f"local:{word()}"],
        "place": {"country": "GB", "area": word()},
        "training_done": [word()],
        "boundaries": [{"kind": "topic", "value": word()}, {"kind": "venue", "value": word()}],
        "household": word(),
        "pronouns": word(),
        "attributes": [{"dimension": word(), "value": word()}],
        "lived_experience": [word()],
        "wishes": [{"dimension": word(), "strength": "nice"}],
    }


def programme(word: Canaries) -> dict[str, list[Any]]:
    """Return a whole programme with canaries."""
    everybody = [person(word, who, "mentee" if who.startswith("a") else "mentor") for who in ("a0", "a1", "m0", "m1")]
    everybody += [person(word, "m2", "mentor"), person(word, "a2", "mentee")]
    place = {"area": word()}
    gathering = group(
        "g", title=word(), topics=[word(), word()], description=f"{word()}. {word()}.", past_work=[word()],
        intended_for=[word()], safety={"rules": [word()]}, how_it_works=word(), style=[word()], welcome=[word()],
        anchors=[word()], place=place,
    )  # fmt: skip
    tie = {"person_id": "a1", "other_id": "m1", "kind": "mentoring", "status": "completed", "goals": [word()]}
    said = {"about_id": "m1", "person_id": "a1", "wave": "end", "perspective": "requester", "items": {"trust": 4}}
    return {
        "people": everybody,
        "groups": [gathering],
        "relationships": [tie],
        "feedback": [said | {"instrument": word(), "licence_note": word()}],
        "consents": [
            consent(p["id"], f) | {"text_version": word()} for p in everybody for f in ("attributes", "wishes")
        ],
    }


def request(word: Canaries) -> GroupRequest:
    """Return a wish for a group on something that nobody is to know."""
    now = datetime.now(UTC)
    return GroupRequest(
        person_id="a0", topic=word(), tags=(word(), word()), asked_at=now, expires_at=now + timedelta(days=20)
    )


class Told:
    """Everything that is logged, warned, traced, printed and raised inside a block."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def error(self, error: BaseException) -> None:
        """Add an error as a host's log shows it, local variables of our frames left out as Python leaves them out."""
        self.parts += [str(error), repr(error), *getattr(error, "problems", ())]
        self.parts.append("".join(traceback.format_exception(error)))

    def found(self, words: list[str]) -> list[str]:
        """Return the canaries in it."""
        whole = "\n".join(self.parts).casefold()
        return [word for word in words if word in whole]


@contextmanager
def listening(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Told]:
    """Listen at every level, to every logger, warning, trace and stream."""
    told = Told()
    caplog.set_level(1)
    loggers = [*logging.root.manager.loggerDict, sa.create_engine("sqlite://").logger.name]
    levels = {name: logging.getLogger(name).level for name in loggers}
    for name in levels:
        logging.getLogger(name).setLevel(1)
    try:
        with warnings.catch_warnings(record=True) as caught, tracing(lambda call: told.parts.append(call.line())):
            warnings.simplefilter("always")
            yield told
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    printed = capfd.readouterr()
    told.parts += [printed.out, printed.err, caplog.text, *(str(each.message) for each in caught)]
    told.parts += [repr(record.__dict__) for record in caplog.records]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return where the programme is kept."""
    if request.param == "postgres":
        monkeypatch.setenv(KEY_VARIABLE, base64.b64encode(bytes(32)).decode())
        return str(request.getfixturevalue("application_url"))
    return "memory:" if request.param == "memory" else str(tmp_path / "programme.db")


def test_the_whole_flow_tells_nothing(
    location: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    word = Canaries()
    records = programme(word)
    answered: list[str] = []
    with listening(caplog, capfd) as told:
        made = Engine.open(location, config(), plugins=[WordsPlugin()])
        made.load(**records)
        made.apply([request(word), MeetingHeld(person_id="a1", other_id="m1", held_on=datetime(2026, 3, 1).date())])
        made.upsert(Person.model_validate(person(word, "m3", "mentor")))
        made.upsert(Feedback.model_validate({**records["feedback"][0], "instrument": word()}))
        for who in ("a0", "a1"):
            answered += [s.model_dump_json() for s in made.suggest(who, "mentor", 5)]
            answered.append(made.bundle(who).model_dump_json())
            made.excluded(who, "group")
            answered.append(made.ask(who, "mentor").model_dump_json())
            answered += [repr(made.shown_text(who))]
        answered += [made.explain("a0", "m0", "mentor", "coordinator").model_dump_json()]
        answered.append(made.assign("mentor").document.model_dump_json())
        made.check("mentor")
        made.save(tmp_path / "saved")
        again = Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
        told.parts += [repr(again), repr(made), repr(read_people(records["people"]))]
        made.remove("m3")
        for ask in (
            lambda: made.suggest("a0", "mentr"), lambda: made.suggest("nobody", "mentor"),
            lambda: made.suggest("a0", "mentor", 0), lambda: made.explain("a0", "nobody", "mentor", "coordinator"),
            lambda: made.remove("nobody"), lambda: made.load([records["people"][0]] * 2),
            lambda: made.load([records["people"][0] | {"nickname": word()}]),
            lambda: made.load([records["people"][0] | {"style": word()}]),
            lambda: Engine.open(tmp_path / "nowhere", plugins=[WordsPlugin()]),
        ):  # fmt: skip
            with pytest.raises(me.MatchEngineError) as caught:
                ask()
            told.error(caught.value)
        made.close()
        if location != "memory:":  # every row is read again
            made = Engine.open(location, plugins=[WordsPlugin()])
            made.suggest("a0", "mentor", 5)
            made.close()
    while len(word.given) < COUNT:  # what the flow did not need, refused one by one
        with listening(caplog, capfd) as more:
            with pytest.raises(me.MatchEngineError) as caught:
                engine().load([mentee("a", **{FIELDS[len(word.given) % len(FIELDS)]: {"wrong": word()}})])
            more.error(caught.value)
        told.parts += more.parts
    assert len(word.given) >= COUNT
    assert len(told.parts) > 60
    assert told.found(word.given) == []
    seen = Told()
    seen.parts = answered
    assert len(seen.found(word.given)) > 20, "answers do quote: the canaries were at work"


FIELDS = ("goals", "offers", "wants", "interests", "values", "place", "attributes", "boundaries", "cadence", "wishes")


# ---------------------------------------------------------------- plugins that tell what they were given


def with_talkative(kind: str) -> Callable[[], object]:
    """Return a call in which a plugin fails with the values it was given in its message."""
    everybody = [mentee("a"), mentor("m", experience=[{"band": "5-9"}], hopes_to_gain=canary(0))]
    if kind == "scorer":
        extra, plugin = '[match.mentor.scorers.loud]\nuse = "talkative"\n', Offers(talkative)
        return lambda: engine(extra, [plugin]).load(everybody)
    if kind == "rule":
        text = CONFIG.replace('use = ["existing_match", "line', 'use = ["talkative_rule", "existing_match", "line')
        return lambda: engine(text=text, plugins=[Offers(talkative_rule)]).load(everybody)
    if kind == "embedder":
        text = CONFIG.replace('"words"', '"talkative"')
        return lambda: engine(text=text, plugins=[Offers(TalkativeEmbedder)]).load(everybody)
    made = engine(plugins=[Observer()])
    made.load(everybody)
    return lambda: made.suggest("a", "mentor")


@pytest.mark.parametrize("kind", ["scorer", "rule", "embedder", "observer"])
def test_a_talkative_plugin_is_heard_by_nobody(
    kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    fail = with_talkative(kind)
    with listening(caplog, capfd) as told:
        with pytest.raises(me.MatchEngineError) as caught:
            fail()
        told.error(caught.value)
    assert told.found([canary(0), "xanadu", "cannot encode", "cannot be scored", "cannot be judged"]) == []


def test_listening_hears_every_way_to_tell(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    ways: dict[int, Callable[[str], object]] = {
        1: lambda word: logging.getLogger("matchengine.x").debug("saw %s", word),
        2: lambda word: warnings.warn(word, stacklevel=1),
        3: lambda word: print(word),  # noqa: T201
        4: lambda word: print(word, file=sys.stderr),  # noqa: T201
        5: lambda word: logging.getLogger("other").error("x", extra={"person": word}),
        6: lambda word: logging.getLogger("deep").log(1, word),
    }
    with listening(caplog, capfd) as told:
        for number, way in ways.items():
            way(canary(number))
        try:
            raise ValueError(canary(7))
        except ValueError as error:
            told.error(me.MatchEngineError("x").with_traceback(None))
            told.error(error)
    assert told.found([canary(number) for number in range(9)]) == [canary(number) for number in range(1, 8)]
