"""No value of a profile in a log, a warning, an error or on stderr; saved folders are their owner's (SEC12, SEC26)."""

from __future__ import annotations

import logging
import stat
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from matchengine.batch import BoolArray, FloatArray
from matchengine.components import Embedded, embedder
from matchengine.io import read_groups, read_people
from matchengine.records import ConsentGrant, Feedback, Group, Person, Relationship
from tests.properties.populations import Offers
from tests.support import CONFIG, DIMENSION, EVENING, WordsPlugin, engine, group, mentee, mentor

CANARY = "xanadu"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def text(number: int) -> str:
    """Return a canary text: all of them share one word."""
    return f"{CANARY} {number}"


def canary_person(person_id: str = "c", **more: Any) -> dict[str, Any]:
    """Return a mentor with a canary in every free text of the record."""
    return (
        mentor(
            person_id,
            goals=[{"text": text(1), "target_skills": [text(2)], "obstacles": [text(3)]}],
            offers=[{"text": text(4), "concept": f"tag:{CANARY}", "level": 3}],
            wants=[{"text": text(5)}],
            interests=[{"text": text(6), "tag": text(7)}],
            past_work=[text(80), text(81)],
            values=[text(8)],
            mentoring_focus=text(9),
            hopes_to_gain=text(10),
            fields=[f"local:{CANARY}"],
            place={"country": "GB", "area": text(11)},
            training_done=[text(12)],
            boundaries=[{"kind": "topic", "value": text(13)}, {"kind": "venue", "value": text(14)}],
            household=f"{CANARY}-15",
            pronouns=text(16),
            attributes=[{"dimension": text(17), "value": text(18)}],
            lived_experience=[text(19)],
            wishes=[{"dimension": text(20), "strength": "nice"}],
        )
        | more
    )


def canary_group(**more: Any) -> dict[str, Any]:
    """Return a group with a canary in every free text of the record."""
    return (
        group(
            "g",
            title=text(30),
            topics=[text(31)],
            description=f"{text(32)}. {text(33)}.",
            past_work=[text(82)],
            intended_for=[text(34)],
            safety={"rules": [text(35)]},
            how_it_works=text(36),
            style=[text(37)],
            welcome=[text(38)],
            anchors=[text(39)],
            place={"area": text(40)},
        )
        | more
    )


@contextmanager
def nothing_told(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Collect whatever is logged, warned and printed inside, and everything appended; the canary must not be in it."""
    told: list[str] = []
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield told
    printed = capfd.readouterr()
    told += [printed.err, printed.out, caplog.text, *(str(w.message) for w in caught)]
    told += [str(record.__dict__) for record in caplog.records]
    assert CANARY not in "\n".join(told).casefold()


def test_a_whole_run_tells_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with nothing_told(caplog, capfd):
        made = engine(
            f'[embedder.with]\nsalt = "{tmp_path.name}"\n',
            text=CONFIG.replace("cache = false", f'cache = "{tmp_path}/cache"'),
        )
        made.load(
            [mentee("a"), canary_person()],
            groups=[canary_group()],
            relationships=[
                Relationship(person_id="a", other_id="c", kind="mentoring", status="completed", goals=(text(50),))
            ],
            consents=[
                ConsentGrant(
                    person_id="c",
                    field="attributes",
                    purpose="match",
                    text_version=text(51),
                    language="en",
                    granted_at=NOW,
                )
            ],
        )
        assert made.suggest("a", "mentor")
        assert made.suggest("c", "group") is not None
        made.excluded("a", "mentor")
        made.upsert(Person.model_validate(canary_person("d")))
        made.upsert(Group.model_validate(canary_group()))
        made.save(tmp_path / "saved")
        again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
        assert again.suggest("a", "mentor", 5)
        again.remove("d")
        imported = read_people([canary_person()])
        assert imported.people
        repr(imported)
        repr(read_groups([canary_group()]))


def text_of(error: BaseException) -> str:
    """Return all that a host's log would show of an error: message, causes and all."""
    return "".join(traceback.format_exception(error))


def refusals() -> dict[str, Callable[[], object]]:
    """Return calls that must fail, each with a canary in what it is given."""
    return {
        "unknown field": lambda: engine().load([canary_person() | {"nickname": text(60)}]),
        "wrong type": lambda: engine().load([canary_person(style=text(61))]),
        "wrong word": lambda: engine().load([canary_person(career_stage=CANARY)]),
        "wrong role": lambda: engine().load([canary_person(roles=[CANARY])]),
        "wrong level": lambda: engine().load([canary_person(languages=[{"tag": "en", "level": CANARY}])]),
        "wrong country": lambda: engine().load([canary_person(place={"country": CANARY})]),
        "wrong geohash": lambda: engine().load([canary_person(place={"geohash": CANARY})]),
        "wrong concept": lambda: engine().load([canary_person(offers=[{"text": text(62), "concept": CANARY}])]),
        "wrong field code": lambda: engine().load([canary_person(fields=[CANARY])]),
        "wrong start": lambda: engine().load([canary_person(availability=[EVENING | {"start": CANARY}])]),
        "wrong rule word": lambda: engine().load([canary_person(availability=[EVENING | {"rrule": CANARY}])]),
        "too long": lambda: engine().load([canary_person(hopes_to_gain=CANARY * 100)]),
        "too many": lambda: engine().load([canary_person(values=[text(n) for n in range(9)])]),
        "barriers twice": lambda: engine().load(
            [canary_person(barriers=[{"kind": "cost", "strength": "some"}, {"kind": "cost", "strength": "strong"}])]
        ),
        "not a record": lambda: engine().load([CANARY]),
        "group kind": lambda: engine().load([mentee("a")], groups=[canary_group(kind=CANARY)]),
        "group sizes": lambda: engine().load([mentee("a")], groups=[canary_group(size_min=5, size_max=2)]),
        "feedback": lambda: engine().load([mentee("a")], feedback=[{"about_id": "a", "wave": CANARY, "items": {}}]),
        "twice the same person": lambda: engine().load([canary_person(), canary_person()]),
        "capacity of an unknown role": lambda: engine().load([canary_person(capacity={"mentor": 30})]),
        "strict import": lambda: read_people([canary_person(career_stage=CANARY, style=text(63))], strict=True),
        "strict import of groups": lambda: read_groups([canary_group(kind=CANARY)], strict=True),
    }


@pytest.mark.parametrize("case", refusals())
def test_an_error_about_a_bad_record_tells_where_and_not_what(
    case: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with nothing_told(caplog, capfd) as told:
        with pytest.raises(me.MatchEngineError) as caught:
            refusals()[case]()
        told += [str(caught.value), repr(caught.value), *caught.value.problems]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"availability": [EVENING | {"time_zone": f"{CANARY}/London"}]}, id="time zone"),
        pytest.param({"languages": [{"tag": f"{CANARY}!", "level": "B1"}]}, id="language tag"),
        pytest.param({"text_language": f"{CANARY}!"}, id="text language"),
        pytest.param({"availability": [EVENING | {"rrule": f"FREQ=WEEKLY;BYDAY={CANARY}"}]}, id="recurrence rule"),
        pytest.param({"capacity": {CANARY: 1}}, id="key of a dict"),
    ],
)
def test_an_error_about_a_standard_does_not_repeat_the_value(change: dict[str, Any]) -> None:
    with pytest.raises(me.MatchEngineError) as caught:
        engine().load([canary_person(**change)])
    assert CANARY not in str(caught.value).casefold()


@pytest.mark.parametrize(
    "bad", ['[match.mentor.scorers.goals]\nuse = "{0}"', "{0} = 1", '[run]\nseed = "{0}"', 'name = "{0}']
)
def test_a_bad_configuration_never_meets_a_profile(bad: str, tmp_path: Path) -> None:
    made = engine()
    made.load([mentee("a"), canary_person()])
    path = tmp_path / "bad.toml"
    path.write_text(bad.format("nonsense"), encoding="utf-8")
    with pytest.raises(me.MatchEngineError) as caught:
        me.Engine.from_config(path)
    assert CANARY not in text_of(caught.value)
    assert made.suggest("a", "mentor")


# ---------------------------------------------------------------- plugins that fail with a value in their message


@me.scorer("talkative")
def talkative(candidate_experience_years: FloatArray) -> FloatArray:
    """Fail with a value of a profile in the message."""
    raise ValueError(f"{CANARY}: {candidate_experience_years.tolist()} cannot be scored")


@me.constraint("talkative_rule", reason="never")
def talkative_rule(candidate_experience_years: FloatArray) -> BoolArray:
    """Fail with a value of a profile in the message."""
    raise ValueError(f"{CANARY}: {candidate_experience_years.tolist()} cannot be judged")


@embedder("talkative")
class TalkativeEmbedder:
    """Fails with the text in the message, as tokenizers do."""

    dimension = DIMENSION
    fingerprint = "talkative"
    languages = None

    def encode(self, texts: list[str]) -> Embedded:
        """Fail."""
        raise ValueError(f"cannot encode {texts!r}")


class Observer:
    """A plugin whose observer fails with the suggestions in the message."""

    @me.hookimpl
    def matchengine_run_finished(self, result: Any) -> None:
        """Fail."""
        raise RuntimeError(f"{CANARY}: {result!r}")


def failing_scorer() -> object:
    made = engine('[match.mentor.scorers.loud]\nuse = "talkative"\n', [Offers(talkative)])
    return made.load([mentee("a"), canary_person(experience=[{"band": "5-9"}])])


def failing_rule() -> object:
    rules = CONFIG.replace('use = ["existing_match", "line', 'use = ["talkative_rule", "existing_match", "line')
    return engine(text=rules, plugins=[Offers(talkative_rule)]).load([mentee("a"), canary_person()])


def failing_embedder() -> object:
    return engine(text=CONFIG.replace('"words"', '"talkative"'), plugins=[Offers(TalkativeEmbedder)]).load(
        [canary_person()]
    )


def failing_observer() -> object:
    made = engine(plugins=[Observer()])
    made.load([mentee("a"), canary_person()])
    return made.suggest("a", "mentor")


def test_the_message_of_a_failing_scorer_is_kept_to_itself() -> None:
    with pytest.raises(me.MatchEngineError, match=r"'loud'.*talkative.*ValueError") as caught:
        failing_scorer()
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("fail", "name"),
    [(failing_rule, "talkative_rule"), (failing_embedder, "talkative"), (failing_observer, "Observer")],
)
def test_the_message_of_a_failing_constraint_embedder_or_observer_is_kept_to_itself(
    fail: Callable[[], object], name: str
) -> None:
    with pytest.raises(me.MatchEngineError, match=name) as caught:
        fail()
    assert CANARY not in str(caught.value)


def test_a_logged_traceback_of_a_failing_scorer_tells_nothing() -> None:
    with pytest.raises(me.MatchEngineError) as caught:
        failing_scorer()
    assert CANARY not in text_of(caught.value)


# ---------------------------------------------------------------- what lies on disk


def modes(folder: Path) -> dict[str, int]:
    """Return the permission bits of a folder and everything in it."""
    return {str(p.relative_to(folder)): stat.S_IMODE(p.stat().st_mode) for p in [folder, *folder.rglob("*")]}


def test_saved_folders_and_caches_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    made = engine(text=CONFIG.replace("cache = false", f'cache = "{tmp_path}/cache"'))
    made.load([mentee("a"), canary_person()])
    for _ in range(2):  # the second time it replaces a folder
        made.save(tmp_path / "saved")
    for folder in (tmp_path / "saved", tmp_path / "cache"):
        for name, mode in modes(folder).items():
            assert mode == (0o700 if (folder / name).is_dir() else 0o600), (folder, name, oct(mode))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "saved"]


def test_what_is_never_needed_is_not_saved(tmp_path: Path) -> None:
    """Texts that no step reads leave no trace in a saved folder, and sensitive ones none without consent."""
    made = engine()
    never = {
        "training_done": ["canaryone"],
        "pronouns": "canarytwo",
        "goals": [{"text": "learn sql", "obstacles": ["canarythree"], "target_skills": ["canaryfour"]}],
        "attributes": [{"dimension": "canaryfive", "value": "canarysix"}],
        "lived_experience": ["canaryseven"],
        "wishes": [{"dimension": "canaryeight", "strength": "nice"}],
    }
    made.load(
        [mentee("a", **never), mentor("m")],
        groups=[group("g")],
        feedback=[
            Feedback.model_validate(
                {
                    "about_id": "m",
                    "person_id": "a",
                    "wave": "end",
                    "perspective": "requester",
                    "items": {"trust": 2},
                    "instrument": "canarytwelve",
                }
            )
        ],
    )
    made.save(tmp_path / "saved")
    found = b"".join(p.read_bytes() for p in sorted((tmp_path / "saved").iterdir()))
    assert b"canary" not in found
    assert b"learn sql" in found


def test_vectors_never_leave_the_engine() -> None:
    """SEC1: no answer holds a long list of numbers."""

    def longest(value: object) -> int:
        if isinstance(value, dict):
            return max(map(longest, value.values()), default=0)
        if isinstance(value, (list, tuple)):
            return max([len(value) if all(isinstance(v, float) for v in value) else 0, *map(longest, value)])
        return 0

    made = engine()
    made.load([mentee("a"), canary_person()], groups=[canary_group()])
    documents = [s.model_dump() for kind in ("mentor", "group") for s in made.suggest("a", kind)]
    assert documents
    assert longest(documents) <= 1
    assert longest([{"vector": [0.5] * 9}]) == 9


def test_configured_names_reach_errors_and_profiles_do_not() -> None:
    made = engine()
    made.load([mentee("a"), canary_person()])
    for ask in (
        lambda: made.suggest("a", "mentr"),
        lambda: made.suggest("c", "mentor"),
        lambda: made.suggest("a", "mentor", 0),
    ):
        with pytest.raises(me.MatchEngineError) as caught:
            ask()
        assert CANARY not in text_of(caught.value)
