"""Rows about programmes between people: reverse mentoring, sponsorship, exchange, generations, peers, buddies."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import matchengine as me
from matchengine import engine as engine_module
from matchengine.config import parse_config
from matchengine.planning.requests import requests_in_order
from matchengine.records import Relationship
from tests.support import CONFIG, engine, mentee, mentor

KINDS = """
[match.reverse]
requester = "mentee"
candidate = "mentor"
[match.reverse.scorers.teaching]
use = "reverse_mentoring"
[match.reverse.constraints]
use = ["wants_to_learn", "line_manager", "safe_to_speak"]
[match.sponsor]
requester = "protege"
candidate = "sponsor"
[match.sponsor.scorers.access]
use = "sponsorship"
[match.sponsor.constraints]
use = ["conflict_of_interest", "willing_to_sponsor"]
[match.exchange]
requester = "anyone"
candidate = "anyone"
[match.exchange.scorers.skills]
use = "skill_exchange"
[match.exchange.constraints]
use = ["time_balance"]
[match.partner]
requester = "anyone"
candidate = "anyone"
[match.partner.scorers.task]
use = "cross_generational"
[match.peer]
requester = "peer"
candidate = "peer"
[match.peer.scorers.challenge]
use = "peer"
[match.buddy]
requester = "anyone"
candidate = "buddy"
[match.buddy.scorers.languages]
use = "bilingual_buddy"
"""
GRANT = {"purpose": "match", "text_version": "1", "language": "en", "granted_at": "2026-01-01T00:00:00Z"}


def loaded(people: list[dict[str, Any]], **more: Any) -> me.Engine:
    """Return an engine on these people that knows every kind of match above."""
    made = engine(KINDS)
    made.load(people, **more)
    return made


def need(made: me.Engine, who: str, kind: str, k: int = 9) -> dict[str, float | None]:
    """Return the value of the need block by candidate."""
    return {s.candidate_id: s.blocks.get("need") for s in made.suggest(who, kind, k)}


def said(made: me.Engine, who: str, candidate: str, kind: str, viewer: Any) -> str:
    """Return everything that a viewer reads about a pair."""
    told = made.explain(who, candidate, kind, viewer=viewer)
    return " ".join([*told.for_requester, *told.for_candidate])


# ------------------------------------------------------------------------------------------------ S1-03

YEARS = {"little": [{"band": "0-1"}], "much": [{"band": "20+"}]}
WANT = {"text": "short video editing", "level": 0}


def reverse_pair(senior: str = "much", junior: str = "little", **more: Any) -> me.Engine:
    """A senior who wants to learn video editing, and a junior who teaches it and wants to lead meetings."""
    learner = mentee("s", experience=YEARS[senior], wants=[WANT], offers=[{"text": "lead meetings", "level": 4}]) | more
    teacher = mentor(
        "j",
        experience=YEARS[junior],
        offers=[{"text": "short video editing", "level": 4}],
        goals=[{"text": "lead meetings"}],
    )
    return loaded([learner, teacher])


def test_s1_03_inverting_the_experience_lowers_the_score() -> None:
    """S1-03: the junior teaches the senior; with their experience exchanged the same pair scores far lower."""
    right, turned = need(reverse_pair(), "s", "reverse")["j"], need(reverse_pair("little", "much"), "s", "reverse")["j"]
    assert right is not None
    assert turned is not None
    assert right > 90
    assert turned < 5


def test_s1_03_whoever_wants_to_learn_nothing_is_not_eligible() -> None:
    """S1-03: without the senior's want there is nobody for them, and the reason says so; nor against their will."""
    for change in ({"wants": []}, {"open_to_learn": False}):
        made = reverse_pair(**change)
        assert made.suggest("s", "reverse") == []
        assert made.excluded("s", "reverse") == {"wants_to_learn": 1}
        obstacle = made.explain("s", "j", "reverse", viewer="coordinator").why_not[0]
        assert "named nothing they would like to learn" in obstacle.text
    assert reverse_pair(open_to_learn=True).suggest("s", "reverse")


def test_s1_03_nobody_teaches_their_own_manager() -> None:
    """S1-03: the reporting line rules a pair out in either direction."""
    made = reverse_pair(line_manager="j")
    assert made.excluded("s", "reverse") == {"line_manager": 1}


def test_s1_03_both_are_told_what_they_teach_and_gain() -> None:
    """S1-03: the junior reads what they teach and what they gain, the senior what they learn and give; never more."""
    made = reverse_pair()
    junior = said(made, "s", "j", "reverse", "candidate")
    assert "You teach: closest to what they would like to learn is your offer “short video editing”." in junior
    assert "You gain: closest to your goal “lead meetings” is their offer “lead meetings”." in junior
    senior = said(made, "s", "j", "reverse", "requester")
    assert "You learn: closest to your wish to learn “short video editing” is their offer" in senior
    assert "closest to one of their goals is your offer “lead meetings”" in senior
    (suggestion,) = made.suggest("s", "reverse")
    assert any("every question is welcome" in sentence for sentence in suggestion.to_confirm)


# ------------------------------------------------------------------------------------------------ S1-04


def protege(person_id: str, **more: Any) -> dict[str, Any]:
    return mentee(person_id, roles=["protege"], career_stage="early", opportunities=["sit on a board"]) | more


def sponsor(person_id: str, **more: Any) -> dict[str, Any]:
    told = {
        "roles": ["sponsor"],
        "career_stage": "executive",
        "influence": ["a seat on a board"],
        "sponsoring": "active",
    }
    return mentee(person_id) | told | more


def test_s1_04_a_sponsor_is_suggested_to_the_protege() -> None:
    """S1-04: suggestions go to the protégé, with the opportunity they are about."""
    made = loaded([protege("p"), sponsor("s"), sponsor("t", influence=["a garden"]), sponsor("u", sponsoring="none")])
    assert [s.candidate_id for s in made.suggest("p", "sponsor")] == ["s", "t"]
    assert "“a seat on a board” is closest to your aim “sit on a board”" in said(made, "p", "s", "sponsor", "requester")
    assert "sit on a board" not in said(made, "p", "s", "sponsor", "candidate")
    assert made.excluded("p", "sponsor") == {"willing_to_sponsor": 1}


def test_s1_04_nothing_ranks_proteges_for_a_sponsor() -> None:
    """S1-04: no kind of match can suggest protégés, and no public function speaks of them."""
    with pytest.raises(me.MatchEngineError, match="nobody ranks protégés"):
        parse_config(CONFIG + KINDS.replace('candidate = "sponsor"', 'candidate = "protege"'))
    with pytest.raises(me.MatchEngineError):
        loaded([protege("p"), sponsor("s")]).suggest("s", "sponsor")
    public = [*me.__all__, *(name for name, _ in inspect.getmembers(engine_module.Engine))]
    assert [name for name in public if "protege" in name.lower() or "potential" in name.lower()] == []


def test_s1_04_a_sponsor_sees_requests_in_an_order_that_knows_nothing_of_the_people() -> None:
    """S1-04: by arrival, or by a lottery from a seed; every field of a request but its date may change."""
    ties = [("p", "2026-03-02"), ("q", "2026-03-01"), ("r", "2026-03-03")]
    told = [
        Relationship.model_validate(
            {
                "person_id": person,
                "other_id": "s",
                "kind": "sponsorship",
                "status": "proposed",
                "started": day,
                "goals": aims,
            }
        )
        for (person, day), aims in zip(ties, ([], ["a board"], ["a prize"]), strict=True)
    ]
    bare = [each.model_copy(update={"goals": ()}) for each in told]
    assert [each.person_id for each in requests_in_order(told, "s")] == ["q", "p", "r"]
    for order in ("arrival", "lottery"):
        shown = [[each.person_id for each in requests_in_order(given, "s", order, 7)] for given in (told, bare)]
        assert shown[0] == shown[1]


@pytest.mark.parametrize("given", [{}, {"decided_by": "k"}, {"decided_on": "2026-03-01"}])
def test_s1_04_a_sponsorship_is_active_only_after_somebody_decided(given: dict[str, str]) -> None:
    """S1-04: without both who decided and when, the record is refused; with both it is active."""
    tie = {"person_id": "p", "other_id": "s", "kind": "sponsorship", "status": "active"}
    people = [protege("p"), sponsor("s")]
    with pytest.raises(me.MatchEngineError, match="decided"):
        loaded(people, relationships=[tie | given])
    loaded(people, relationships=[tie | {"decided_by": "k", "decided_on": "2026-03-01"}])


def test_s1_04_conflicts_of_interest_are_ruled_out() -> None:
    """S1-04: nobody sponsors somebody they manage or live with."""
    for conflict in ({"line_manager": "s"}, {"household": "h"}):
        made = loaded(
            [protege("p", **conflict), sponsor("s", **({"household": "h"} if "household" in conflict else {}))]
        )
        assert made.excluded("p", "sponsor") == {"conflict_of_interest": 1}


# ------------------------------------------------------------------------------------------------ Skill exchange


def trader(person_id: str, wants: str, teaches: str, **more: Any) -> dict[str, Any]:
    return mentee(person_id, goals=[], wants=[{"text": wants}], offers=[{"text": teaches, "level": 4}]) | more


def test_a_direct_exchange_satisfies_both_wants() -> None:
    """direct trades: what is suggested gives each what they want; a trade for one side alone counts nothing.

    Cycles of three wait for the swap solver (domain.md D).
    """
    made = loaded([trader("a", "sql", "chess"), trader("b", "chess", "sql"), trader("c", "poetry", "sql")])
    got = need(made, "a", "exchange")
    assert next(iter(got)) == "b"
    assert got["b"] == pytest.approx(100, abs=0.1)
    assert got["c"] is not None
    assert got["c"] < 20
    told = said(made, "a", "b", "exchange", "requester")
    assert "“sql” is closest to your wish to learn “sql”" in told
    assert "“chess” is closest to what they would like to learn" in told


def test_nobody_hoards_or_owes_more_than_five_hours() -> None:
    """Skill exchange: at five hours owed nobody receives more, at five hours in hand nobody gives more."""
    owes, has = trader("a", "sql", "chess", time_balance=-5), trader("b", "chess", "sql", time_balance=5)
    for people in (
        [owes, trader("b", "chess", "sql", time_balance=0)],
        [trader("a", "sql", "chess", time_balance=0), has],
    ):
        assert loaded(people).suggest("a", "exchange") == []
        assert "time_balance" in loaded(people).excluded("a", "exchange")
        assert [s.candidate_id for s in loaded(people).suggest("b", "exchange")] == ["a"]


# ------------------------------------------------------------------------------------------------ S1-12


def partners(mine: str, theirs: str) -> me.Engine:
    grants = [GRANT | {"person_id": who, "field": "age_band"} for who in "ab"]
    other = mentee(
        "b", age_band=theirs, goals=[{"text": "edit a short video"}], offers=[{"text": "data work", "level": 3}]
    )
    return loaded([mentee("a", age_band=mine), other], consents=grants)


def test_s1_12_exchanging_the_two_ages_leaves_the_score_unchanged() -> None:
    """S1-12: whoever is older, every byte of what is suggested stays the same; and years do count."""
    one, other = (partners(*ages).suggest("a", "partner") for ages in (("18-24", "65-74"), ("65-74", "18-24")))
    assert one[0].blocks["need"] > 20
    assert [s.model_dump_json() for s in one] == [s.model_dump_json() for s in other]
    assert partners("18-24", "18-24").suggest("a", "partner")[0].blocks["need"] == 0


@pytest.mark.parametrize("viewer", ["requester", "candidate", "coordinator"])
def test_s1_12_a_shared_task_and_both_gifts_are_named_and_never_an_age(viewer: str) -> None:
    """S1-12: the output suggests what to do together and what each can give; no word tells who is older."""
    told = said(partners("18-24", "65-74"), "a", "b", "partner", viewer)
    assert "task together could start from" in told
    assert told.count("gift") == 2
    assert not {"old", "older", "young", "younger", "age", "years", "senior", "generation"} & set(told.lower().split())


# ------------------------------------------------------------------------------------------------ S2-21


def test_s2_21_a_peer_counts_less_the_farther_their_stage() -> None:
    """S2-21: of equal peers the score never rises with the gap of career stages, and falls from same to farthest."""
    stages = ("student", "entry", "early", "mid", "senior", "executive", "retired")
    alike = {"roles": ["peer"], "wants": [{"text": "short video editing"}]}
    peers = [mentee(f"p{gap}", career_stage=stage) | alike for gap, stage in enumerate(stages)]
    got = need(loaded([mentee("a", career_stage="student") | alike, *peers]), "a", "peer")
    values = [got[f"p{gap}"] for gap in range(7)]
    assert all(value is not None for value in values)
    assert values == sorted(values, reverse=True)  # type: ignore[type-var]
    assert len(set(values)) > 4


# ------------------------------------------------------------------------------------------------ S5-12


def speaker(person_id: str, **levels: str) -> dict[str, Any]:
    told = [{"tag": tag, "level": level.removesuffix("_learn")} for tag, level in levels.items()]
    for ability, level in zip(told, levels.values(), strict=True):
        ability |= {"wish": "learn"} if level.endswith("_learn") else {}
    return mentee(person_id, languages=told, roles=["buddy"])


def test_s5_12_a_bilingual_buddy_speaks_both_languages_well() -> None:
    """S5-12, buddies: the language to learn at B2 at least, and another one in which both can talk."""
    asking = speaker("a", uk="native", en="A2_learn")
    buddies = [speaker("both", uk="C1", en="native"), speaker("weak", uk="C1", en="B1"), speaker("no", en="native")]
    got = need(loaded([asking, *buddies]), "a", "buddy")
    assert got["both"] is not None
    assert got["both"] > 50
    assert (got["weak"], got["no"]) == (0, 0)
    assert "language that you would like to learn" in said(
        loaded([asking, *buddies]), "a", "both", "buddy", "requester"
    )


def test_s5_12_a_tandem_comes_before_a_buddy_who_gains_nothing() -> None:
    """S5-12: of two equal buddies the one who also learns from the requester comes first."""
    made = loaded(
        [
            speaker("a", uk="native", en="B2_learn"),
            speaker("one", uk="B2", en="native"),
            speaker("two", uk="B2_learn", en="native"),
        ]
    )
    assert [s.candidate_id for s in made.suggest("a", "buddy")] == ["two", "one"]
