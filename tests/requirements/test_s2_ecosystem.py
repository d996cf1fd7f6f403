"""Rows of source S2: the mentorship ecosystem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import matchengine as me
from matchengine.batch import FloatArray
from matchengine.io import read_people
from matchengine.records import ConsentGrant, Feedback, Person, Relationship
from matchengine.records.vocabulary import SENSITIVE_PERSON_FIELDS
from matchengine.registry import Registry
from tests.properties.populations import Offers, programme, slot
from tests.requirements.test_s1_programmes import LONDON, SAFE, SINGAPORE, loaded
from tests.support import CONFIG, WordsPlugin, config, engine, group, mentee, mentor

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))


def consent(person_id: str, field: str) -> ConsentGrant:
    """Return a consent for matching."""
    told = {"person_id": person_id, "field": field, "purpose": "match", "text_version": "1", "language": "en"}
    return ConsentGrant.model_validate(told | {"granted_at": "2026-01-01T00:00:00Z"})


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_s2_02_who_people_are_on_the_surface_has_no_weight(path: Path) -> None:
    """S2-02: no weighted scorer of a shipped configuration reads a sensitive field: the surface weighs nothing.

    Two exceptions of domain.md section 0, decision 1: the age band where it is the match, and needs towards gatherings.
    """
    chosen, registry = me.load_config(path), Registry(["builtin"])
    surface = {*SENSITIVE_PERSON_FIELDS, "attributes", "fields", "returning"}
    for match in chosen.match.values():
        assert match.scorers
        for scorer in match.scorers.values():
            spec = registry.scorer(scorer.use)
            allowed = {"barriers"} if match.candidate in ("group", "event") else set()
            allowed |= {"age_band"} if spec.name == "cross_generational" else set()
            if spec.role == "core":
                assert not {name.partition("_")[2] for name in spec.inputs} & surface - allowed


@pytest.mark.parametrize(
    "change",
    [{"values": ["impact", "fairness"]}, {"style": {"directive_questioning": -2, "structured_spontaneous": 2}}],
)
def test_s2_02_what_people_hold_dear_and_how_they_work_has_weight(change: dict[str, Any]) -> None:
    """S2-02: of two equal mentors the one with other values or another style comes second, whatever the lottery."""
    for near, far in (("m", "n"), ("n", "m")):
        made = loaded([mentee("a"), mentor(near), mentor(far, **change)])
        got = made.suggest("a", "mentor")
        assert [s.candidate_id for s in got] == [near, far]
        assert got[0].score > got[1].score + 1


RESOURCES = """
[match.resource]
requester = "anyone"
candidate = "resource"
[match.resource.scorers.goals]
use = "topic_cover"
[match.resource.constraints]
use = ["language_floor"]
"""


def test_s2_04_resources_have_a_list_of_their_own() -> None:
    """S2-04: the perfect resource is found for a goal, and never stands in a list of people."""
    made = engine(RESOURCES)
    perfect = [
        {
            "id": f"r{n}",
            "title": "Guide",
            "type": "course",
            "topics": ["learn sql for data work"],
            "languages": [{"tag": "en", "level": "native"}],
        }
        for n in range(3)
    ]
    weak = {"offers": [{"text": "pottery", "level": 1}], "hopes_to_gain": "quilts", "values": ["impact"]}
    made.load(
        [mentee("a"), mentor("m", **weak), mentor("n", **weak)],
        resources=[*perfect, perfect[0] | {"id": "far", "topics": ["pottery"]}],
    )
    people, things = made.suggest("a", "mentor", 9), made.suggest("a", "resource", 9)
    assert {s.candidate_id for s in people} == {"m", "n"}
    assert [s.candidate_id for s in things][-1] == "far"
    assert {s.candidate_id for s in things} == {"r0", "r1", "r2", "far"}
    assert things[0].score > people[0].score


def test_s2_05_s3_05_online_pairs_cross_regions() -> None:
    """S2-05, S3-05: people on two continents who share an hour and can meet online pay no penalty."""
    far = mentor(
        "m",
        place={"geohash": SINGAPORE},
        availability=[slot("WE") | {"time_zone": "Asia/Singapore", "start": "2026-01-07T02:00:00"}],
    )
    near = mentor("n", place={"geohash": LONDON}, availability=[slot("TU")])
    made = loaded([mentee("a", place={"geohash": LONDON}), far, near])
    got = {s.candidate_id: s for s in made.suggest("a", "mentor")}
    assert got["m"].score == got["n"].score
    assert got["m"].blocks == got["n"].blocks


def test_s2_06_two_policies_on_the_same_data_give_two_fingerprints() -> None:
    """S2-06: the same data under two policy files gives two fingerprints with hashes, and the same file gives one."""
    other = CONFIG.replace(
        "[match.mentor.constraints]",
        "[match.mentor.blocks]\nneed = 0.8\nrelate = 0.1\nfeasible = 0.1\n[match.mentor.constraints]",
    )
    people = [mentee("a"), mentor("m"), mentor("n", values=["impact"])]
    made = []
    for text in (CONFIG, CONFIG, other, CONFIG + "\n# a comment changes nothing\n"):
        one = me.Engine(config(text=text), plugins=[WordsPlugin()])
        one.load(people)
        made.append(one)
    prints = [one.fingerprint() for one in made]
    assert prints[0] == prints[1] == prints[3]
    assert prints[2].config != prints[0].config
    assert prints[2].model_copy(update={"config": prints[0].config}) == prints[0]
    assert made[2].suggest("a", "mentor") != made[0].suggest("a", "mentor")


@me.scorer("shared_tokens", role="lift")
def shared_tokens(requester_attributes: NDArray[np.uint64], candidate_attributes: NDArray[np.uint64]) -> FloatArray:
    """A lift as an outside author writes it."""
    return np.where(((requester_attributes & candidate_attributes) != 0).any(axis=1), 0.2, 0.0)


def order_with(lift: bool, people: list[dict[str, Any]], fields: tuple[str, ...] = ("attributes",)) -> list[str]:
    """Return the mentors of `a`, best first, everybody having consented."""
    made = engine('[match.mentor.scorers.same]\nuse = "shared_tokens"\n' if lift else "", [Offers(shared_tokens)])
    made.load(people, consents=[consent(p["id"], field) for p in people for field in fields])
    return [s.candidate_id for s in made.suggest("a", "mentor", 9)]


FAITH = {"attributes": [{"dimension": "faith", "value": "one"}, {"dimension": "heritage", "value": "two"}]}


def holders(wishes: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return a mentee with wishes, and mentors of whom the less fitting ones hold the same attributes."""
    nearly = {"directive_questioning": 1, "structured_spontaneous": 1, "task_relationship": -1}
    less = [mentor(f"h{n}", style=nearly, **FAITH) for n in range(6)]
    return [mentee("a", wishes=wishes, **FAITH), *less, mentor("m"), mentor("n")]


def test_s2_07_a_lift_helps_those_who_wish_for_it() -> None:
    """S2-07: with the wish declared on two dimensions, mentors who share them move up."""
    wishes = [{"dimension": d, "strength": "very_important"} for d in ("faith", "heritage")]
    fields = ("attributes", "wishes")
    assert order_with(False, holders(wishes), fields)[0] in ("m", "n")
    assert order_with(True, holders(wishes), fields)[0].startswith("h")


@pytest.mark.parametrize(
    "wishes", [[], [{"dimension": "faith", "strength": "very_important"}]], ids=["none", "one only"]
)
def test_s2_07_without_the_wish_the_ranking_is_the_same_with_the_lift_on_or_off(wishes: list[dict[str, str]]) -> None:
    """S2-07: who declared no wish, or fewer than two (B4), sees the same ranking with the lift on or off."""
    people = holders(wishes)
    fields = ("attributes", "wishes")
    assert order_with(True, people, fields) == order_with(False, people, fields)


def test_s2_07_a_token_that_hardly_anybody_holds_lifts_nobody() -> None:
    """S2-07: cultural pride never outs: a token with fewer than five opted-in holders moves no rank (B4)."""
    wishes = [{"dimension": d, "strength": "very_important"} for d in ("faith", "heritage")]
    people = [p for p in holders(wishes) if p["id"] in ("a", "h0", "m", "n")]
    fields = ("attributes", "wishes")
    assert order_with(True, people, fields) == order_with(False, people, fields)


def test_s2_07_a_requester_who_disclosed_nothing_sees_the_same_ranking() -> None:
    """S2-07: whoever keeps to themselves, or has not consented, gets the same ranking with the lift on or off."""
    people = holders([])
    quiet = [p | {"attributes": []} if p["id"] == "a" else p for p in people]
    assert order_with(True, quiet) == order_with(False, quiet)
    assert order_with(True, people, ()) == order_with(False, people, ())


VIRTUES = (
    "patience",
    "empathy",
    "communication",
    "kindness",
    "leadership",
    "willingness",
    "ambition",
    "curiosity",
    "potential",
)


@pytest.mark.parametrize("virtue", VIRTUES)
def test_s2_12_nobody_is_rated_for_a_virtue(virtue: str, tmp_path: Path) -> None:
    """S2-12: a rating of a quality is refused as a field and left out, with a word, as a column of a spreadsheet."""
    with pytest.raises(me.MatchEngineError, match=virtue):
        loaded([mentor("m", **{virtue: 4})])
    sheet = tmp_path / "mentors.csv"
    sheet.write_text(f"id,roles,offers,{virtue} (1-5)\nm,mentor,sql,canary4\n", encoding="utf-8")
    made = read_people(sheet)
    assert "canary4" not in made.people[0].model_dump_json()
    assert any(virtue in str(problem.column) for problem in made.report.problems)


def test_s2_12_expertise_is_scored() -> None:
    """S2-12: what somebody can do counts, and more of it counts more; training and openness may be told."""
    scores = []
    for level in (1, 2, 3, 4):
        offers = [{"text": "sql and data work", "level": level}]
        made = loaded([mentee("a"), mentor("m", offers=offers, training_done=["listening"], open_to_learn=True)])
        scores.append(made.suggest("a", "mentor")[0].score)
    assert scores == sorted(set(scores))


LESS_READY: tuple[dict[str, Any], ...] = (
    {"open_to_learn": False},
    {"comfort_rung": 0},
    {"barriers": [{"kind": "confidence", "strength": "blocking"}, {"kind": "time", "strength": "strong"}]},
    {"training_done": []},
    {"visibility": "private"},
    {"support_mode": "self_paced"},
)


@pytest.mark.parametrize("less", LESS_READY, ids=lambda change: next(iter(change)))
def test_s2_13_being_less_ready_never_lowers_a_match(less: dict[str, Any]) -> None:
    """S2-13: whatever says that a mentee is less ready, bold or free leaves every mentor and score as it was."""
    more = {
        "open_to_learn": True,
        "comfort_rung": 4,
        "training_done": ["first steps"],
        "visibility": "public",
        "support_mode": "both",
    }
    people = [mentor("m"), mentor("n", values=["impact"])]
    given = [consent("a", "barriers")]
    ready = loaded([mentee("a", **more), *people], consents=given).suggest("a", "mentor")
    unready = loaded([mentee("a", **(more | less)), *people], consents=given).suggest("a", "mentor")
    assert len(ready) == 2
    assert [(s.candidate_id, s.score) for s in unready] == [(s.candidate_id, s.score) for s in ready]


def both_ways(suggestion: me.Suggestion) -> bool:
    """Tell whether the goals of a suggestion speak for the requester and for the candidate."""
    text = next((r.text for r in suggestion.reasons if r.scorer == "goals"), "")
    return "their offer" in text.lower() and "they hope to gain" in text


@pytest.mark.parametrize("hopes", ["short video editing", "learn sql for data work"])
def test_s2_17_reasons_speak_in_both_directions(hopes: str) -> None:
    """S2-17: where each has something for the other, the reasons say what each gains."""
    made = loaded([mentee("a"), mentor("m", hopes_to_gain=hopes)])
    (only,) = made.suggest("a", "mentor")
    assert both_ways(only)
    without = loaded([mentee("a"), mentor("m", hopes_to_gain=None)])
    assert not both_ways(without.suggest("a", "mentor")[0])


def test_s2_17_reasons_always_speak_in_both_directions_when_both_have_data() -> None:
    """S2-17: the row says always: also a weak direction is told, for example that there is little in it."""
    made = engine()
    made.load(programme(10, 20, seed=5))
    assert all(both_ways(s) for n in range(10) for s in made.suggest(f"a{n}", "mentor", 20))


@pytest.mark.parametrize("risk", ["B", "C"])
@pytest.mark.parametrize("change", [{"confidential": False}, {"confidential": None}, {"rules": []}])
def test_s2_22_s4_01_no_confidentiality_no_group(risk: str, change: dict[str, Any]) -> None:
    """S2-22, S4-01: a group on a private topic without confidentiality and rules is never suggested."""
    made = loaded([mentee("a")], groups=[group("g", topic_risk=risk, safety=SAFE | change), group("plain")])
    assert [s.candidate_id for s in made.suggest("a", "group")] == ["plain"]


def test_s2_27_stories_never_reach_an_index(tmp_path: Path) -> None:
    """S2-27: a story has no field, is left out of an import with a word, and is neither embedded nor saved."""
    with pytest.raises(me.MatchEngineError, match="story"):
        loaded([mentee("a", story="canary")])
    with pytest.raises(TypeError, match="stories"):
        engine().load([mentee("a")], stories=[{"person_id": "a", "text": "canary"}])  # type: ignore[call-arg]
    sheet = tmp_path / "people.csv"
    sheet.write_text("id,roles,goals,Success story\na,mentee,learn sql,canary canary\n", encoding="utf-8")
    imported = read_people(sheet)
    made = engine()
    made.load(imported.people)
    made.save(tmp_path / "saved")
    assert "learn sql" in made.embedder.seen  # type: ignore[attr-defined]
    assert "canary" not in " ".join(made.embedder.seen)  # type: ignore[attr-defined]
    assert not any(b"canary" in path.read_bytes() for path in (tmp_path / "saved").iterdir())
    assert any("story" in str(problem.column).lower() for problem in imported.report.problems)


def test_s2_31_a_mentee_becomes_a_mentor_by_saying_so_and_not_before() -> None:
    """S2-31: a mentee who has completed and has much to offer is a candidate only after taking the role."""
    graduate = mentee("g", offers=[{"text": "learn sql for data work", "level": 4}])
    made = loaded(
        [mentee("a"), graduate, mentor("m")],
        relationships=[{"person_id": "g", "other_id": "m", "kind": "mentoring", "status": "completed"}],
    )
    assert [s.candidate_id for s in made.suggest("a", "mentor")] == ["m"]
    made.upsert(Person.model_validate(graduate | {"roles": ["mentee", "mentor"]}))
    assert {s.candidate_id for s in made.suggest("a", "mentor")} == {"m", "g"}


def answer(**more: Any) -> Feedback:
    """Return a feedback about `m`."""
    return Feedback.model_validate(
        {"about_id": "m", "wave": "end", "perspective": "requester", "items": {"trust": 1, "not_for_me": True}} | more
    )


def test_s2_33_anonymous_feedback_belongs_to_nobody(tmp_path: Path) -> None:
    """S2-33: anonymous feedback carries no person, changes no suggestion, and a saved folder holds nothing of it."""
    with pytest.raises(ValueError, match="anonymous"):
        answer(anonymous=True, person_id="a")
    with pytest.raises(ValueError, match="anonymous"):
        answer()
    made, plain = engine(), engine()
    people = [mentee("a"), mentor("m")]
    made.load(people, feedback=[answer(anonymous=True, instrument="canary")])
    plain.load(people)
    assert made.suggest("a", "mentor") == plain.suggest("a", "mentor")
    saved = []
    for one, name in ((made, "told"), (plain, "silent")):
        one.save(tmp_path / name)
        saved.append(json.loads((tmp_path / name / "document.json").read_text()))
        assert len(bytes.fromhex(saved[-1].pop("key"))) == 32  # drawn for each programme
        assert saved[-1].pop("consents_looked_at")  # the moment
    assert saved[0] == saved[1]
    made.upsert(answer(person_id="a"))
    assert made.suggest("a", "mentor") == []


def test_s2_35_everybody_can_mentor_and_be_mentored() -> None:
    """S2-35: people in both roles are suggested to each other both ways, and never to themselves."""
    names = ("a", "b", "c")
    people = [mentor(n, roles=["mentee", "mentor"], goals=[{"text": "learn sql for data work"}]) for n in names]
    made = loaded(people)
    for who in names:
        assert {s.candidate_id for s in made.suggest(who, "mentor", 9)} == set(names) - {who}
        assert made.excluded(who, "mentor") == {"not_self": 1}
    made.upsert(Relationship(person_id="a", other_id="b", kind="mentoring"))
    assert {s.candidate_id for s in made.suggest("b", "mentor", 9)} == {"c"}


YOUNG = """
[match.mentor.constraints.with]
minors = { policy = "with_guardian_and_vetting" }
vetting = { required = false }
"""


@pytest.mark.parametrize("policy", ["", YOUNG], ids=["default", "minors admitted"])
def test_s2_36_no_minor_without_a_guardian_and_a_vetted_mentor(policy: str) -> None:
    """S2-36: no match with a minor unless policy and guardian agree and the mentor is vetted."""
    states = ("vetted", "pending", "expired", "refused", None)
    mentors = [mentor(f"m-{state}", vetting=state and {"status": state}) for state in states]
    asking = {f"a-{adult}-{said}": (adult, said) for adult in (False, None) for said in (True, False, None)}
    mentees = [mentee(who, adult=adult, guardian_consent=said) for who, (adult, said) in asking.items()]
    made = engine(policy)
    made.load([*mentees, *mentors])
    for who, told in asking.items():
        safe = bool(policy) and told == (False, True)
        assert [s.candidate_id for s in made.suggest(who, "mentor")] == (["m-vetted"] if safe else []), who


@pytest.mark.parametrize("adult", [False, None])
def test_s2_36_no_minor_mentors_and_no_minor_goes_to_a_group_by_default(adult: bool | None) -> None:
    """S2-36: adult-only by default holds for mentors and for groups too, with whatever guardian."""
    made = loaded([mentee("a"), mentor("m", adult=adult, guardian_consent=True)])
    assert made.suggest("a", "mentor") == []
    young = loaded([mentee("a", adult=adult, guardian_consent=True)], groups=[group("g")])
    assert young.suggest("a", "group") == []


def test_s2_37_values_skills_and_interests_each_have_a_part_of_their_own() -> None:
    """S2-37: shared values, complementary skills and interests are three reasons, each moved by its own field alone."""

    def parts(**change: Any) -> dict[str, float]:
        made = loaded([mentee("a"), mentor("m", **change), *(mentor(f"x{n}") for n in range(3))])
        return {
            r.scorer: r.contribution for s in made.suggest("a", "mentor") if s.candidate_id == "m" for r in s.reasons
        }

    whole = parts()
    assert {"goals", "values", "interests"} <= set(whole)
    changes: dict[str, dict[str, Any]] = {
        "goals": {"offers": [{"text": "xylophone", "level": 4}]},
        "values": {"values": ["impact", "care"]},
        "interests": {"interests": [{"text": "sailing"}]},
    }
    for name, change in changes.items():
        assert parts(**change)[name] < whole[name] - 0.5
