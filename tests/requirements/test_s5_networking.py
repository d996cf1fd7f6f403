"""Rows of source S5: empowerment through networking."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

import matchengine as me
from matchengine.io import read_groups, read_people
from matchengine.records import Feedback, Person
from matchengine.records import vocabulary as v
from tests.properties.populations import dumped
from tests.requirements.test_s1_programmes import loaded
from tests.requirements.test_s2_ecosystem import consent
from tests.support import engine, group, mentee, mentor

ROOT = Path(__file__).parents[2]


def test_s5_02_interests_decide_among_equals() -> None:
    """S5-02: of two equal mentors or groups the one nearer to each person's own interests comes first."""
    people = [mentee("hiker", interests=[{"text": "hiking"}]), mentee("sailor", interests=[{"text": "sailing boats"}])]
    mentors = [mentor("m", interests=[{"text": "hiking"}]), mentor("n", interests=[{"text": "sailing boats"}])]
    made = loaded([*people, *mentors], groups=[group("g", topics=["hiking"]), group("h", topics=["sailing boats"])])
    first = {
        (who, kind): made.suggest(who, kind)[0].candidate_id
        for who in ("hiker", "sailor")
        for kind in ("mentor", "group")
    }
    assert first == {
        ("hiker", "mentor"): "m",
        ("hiker", "group"): "g",
        ("sailor", "mentor"): "n",
        ("sailor", "group"): "h",
    }


@pytest.mark.parametrize("kind", get_args(v.GroupKind))
def test_s5_03_every_kind_of_local_group_can_be_told_and_found(kind: str, tmp_path: Path) -> None:
    """S5-03: each kind of group of the local fabric comes through a spreadsheet and is suggested."""
    sheet = tmp_path / "groups.csv"
    sheet.write_text(f"id,title,kind,topics\ng,Some group,{kind},hiking\n", encoding="utf-8")
    imported = read_groups(sheet)
    assert [g.kind for g in imported.groups] == [kind]
    made = loaded([mentee("a")], groups=imported.groups)
    assert [s.candidate_id for s in made.suggest("a", "group")] == ["g"]


def test_s5_03_the_kinds_that_the_source_names_are_there() -> None:
    """S5-03: parents, libraries, neighbours, sport, faith and culture are words of the vocabulary."""
    assert {"parents", "library", "neighbours", "sport_walk", "faith", "cultural", "volunteering"} <= set(
        get_args(v.GroupKind)
    )


BACKGROUNDS: tuple[dict[str, Any], ...] = (
    {"attributes": [{"dimension": "religion", "value": "any"}]},
    {"attributes": [{"dimension": "nationality", "value": "any"}, {"dimension": "gender", "value": "woman"}]},
    {"attributes": [{"dimension": "heritage", "value": "any"}], "lived_experience": ["started over in a new country"]},
    {"pronouns": "she/her"},
    {"place": {"country": "IR"}},
)


@pytest.mark.parametrize("background", BACKGROUNDS, ids=str)
def test_s5_10_norms_are_asked_and_never_assumed(background: dict[str, Any]) -> None:
    """S5-10: religion, nationality, gender, pronouns or country, consented, change nothing about groups with norms."""
    norms: tuple[str, ...] = get_args(v.GroupNorm)
    groups = [group("plain"), *(group(norm, norms=[norm]) for norm in norms)]
    given = [consent("a", field) for field in background]
    made, bare = (loaded([mentee("a", **told)], groups=groups, consents=given) for told in (background, {}))
    assert dumped(made.suggest("a", "group", 9)) == dumped(bare.suggest("a", "group", 9))
    assert len(bare.suggest("a", "group", 9)) == len(norms) + 1


@pytest.mark.parametrize("norm", get_args(v.GroupNorm))
def test_s5_10_norms_that_a_person_asks_for_are_kept(norm: str) -> None:
    """S5-10: a norm that the person declared is a rule; a group that says nothing about norms is to be confirmed."""
    other = next(n for n in get_args(v.GroupNorm) if n != norm)
    made = loaded(
        [mentee("a", norm_needs=[norm])],
        groups=[group("yes", norms=[norm]), group("no", norms=[other]), group("silent")],
    )
    got = {s.candidate_id: s.to_confirm for s in made.suggest("a", "group", 9)}
    assert set(got) == {"yes", "silent"}
    assert any("norms" in sentence for sentence in got["silent"])
    assert not any("norms" in sentence for sentence in got["yes"])


BOUNDARIES: tuple[tuple[dict[str, str], dict[str, Any]], ...] = (
    ({"kind": "group_kind", "value": "faith"}, {"kind": "faith"}),
    ({"kind": "venue", "value": "home"}, {"venue_type": "home"}),
    ({"kind": "topic", "value": "weight loss"}, {"topics": ["healthy weight loss", "walking"]}),
    ({"kind": "topic", "value": "weight loss"}, {"description": "We walk. Some of us talk about weight and its loss."}),
)


@pytest.mark.parametrize(("boundary", "avoided"), BOUNDARIES)
def test_s5_25_a_boundary_is_a_rule_at_once(boundary: dict[str, str], avoided: dict[str, Any]) -> None:
    """S5-25: a boundary set after loading takes effect with the next call, silently, and goes when it is lifted."""
    made = loaded([mentee("a")], groups=[group("g", venue_type="cafe"), group("avoided", venue_type="cafe") | avoided])
    assert {s.candidate_id for s in made.suggest("a", "group")} == {"g", "avoided"}
    made.upsert(Person.model_validate(mentee("a", boundaries=[boundary])))
    assert [s.candidate_id for s in made.suggest("a", "group")] == ["g"]
    assert made.excluded("a", "group") == {"not_available": 1}
    assert boundary["value"] not in dumped(made.suggest("a", "group"))
    made.upsert(Person.model_validate(mentee("a")))
    assert {s.candidate_id for s in made.suggest("a", "group")} == {"g", "avoided"}


def test_s5_25_a_boundary_on_a_topic_sees_the_title() -> None:
    """S5-25: a group that names the topic in its title alone is avoided too."""
    made = loaded(
        [mentee("a", boundaries=[{"kind": "topic", "value": "weight loss"}])],
        groups=[group("g", title="Weight loss circle")],
    )
    assert made.suggest("a", "group") == []


@pytest.mark.parametrize(("kind", "about"), [("mentor", "m"), ("group", "g")])
def test_s5_25_not_for_me_needs_no_reason(kind: str, about: str) -> None:
    """S5-25: `not_for_me` without a word takes the suggestion away for this person alone, and for good."""
    made = loaded([mentee("a"), mentee("b"), mentor("m"), mentor("n")], groups=[group("g"), group("h")])
    no = {
        "about_id": about,
        "person_id": "a",
        "wave": "30_days",
        "perspective": "requester",
        "items": {"not_for_me": True},
    }
    made.upsert(Feedback.model_validate(no))
    assert about not in {s.candidate_id for s in made.suggest("a", kind)}
    assert about in {s.candidate_id for s in made.suggest("b", kind)}
    assert made.excluded("a", kind)["not_available"] == 1
    made.upsert(Feedback.model_validate(no | {"wave": "end", "items": {"satisfaction": 5}}))
    assert about not in {s.candidate_id for s in made.suggest("a", kind)}


def test_s5_33_nothing_calls_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """S5-33: with every socket refused, a spreadsheet becomes suggestions, is saved, opened and asked again."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a network call")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    with pytest.raises(AssertionError, match="network"):
        socket.create_connection(("127.0.0.1", 9))
    sheet = tmp_path / "people.csv"
    sheet.write_text(
        "id,roles,goals,offers,hopes to gain,adult,vetting\n"
        "a,mentee,learn sql,,,yes,\nm,mentor,,sql for beginners,video editing,yes,vetted\n",
        encoding="utf-8",
    )
    imported = read_people(sheet)
    people = [p.model_copy(update={"adult": True}) for p in imported.people]
    made = engine()
    made.load(
        [p if "mentor" not in p.roles else Person.model_validate(mentor("m")) for p in people], groups=[group("g")]
    )
    assert [s.candidate_id for s in made.suggest("a", "mentor")] == ["m"]
    assert [s.candidate_id for s in made.suggest("a", "group")] == ["g"]
    made.save(tmp_path / "saved")
    from tests.support import WordsPlugin

    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert again.suggest("a", "mentor") == made.suggest("a", "mentor")


OFFLINE = """
import socket, sys
class Refused(socket.socket):
    def connect(self, address):
        if self.family != socket.AF_UNIX:
            sys.stderr.write(f"CALLED {address}")
            raise OSError("no network")
    connect_ex = connect
socket.socket = Refused
def refuse(*arguments, **more):
    sys.stderr.write(f"CALLED {arguments}")
    raise OSError("no network")
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
from tests.support import mentee, mentor, group
import matchengine as me
made = me.Engine.from_config(sys.argv[1])
made.load([mentee("a"), mentor("m")], groups=[group("g")])
assert made.suggest("a", "mentor")[0].candidate_id == "m"
assert made.suggest("a", "group")[0].candidate_id == "g"
"""


@pytest.mark.parametrize("name", ["lexical", pytest.param("mentoring", marks=pytest.mark.slow)])
def test_s5_33_the_shipped_configurations_run_without_a_network(name: str, tmp_path: Path) -> None:
    """S5-33: the shipped configurations, the packaged model among them, load and suggest without one outbound call."""
    pytest.importorskip("sklearn" if name == "lexical" else "sentence_transformers")
    environment = os.environ | {"MATCHENGINE_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT), "HF_HOME": str(tmp_path)}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", OFFLINE, str(ROOT / "configs" / f"{name}.toml")],
        capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "CALLED" not in done.stderr
