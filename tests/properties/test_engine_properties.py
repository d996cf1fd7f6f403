"""What holds for every population (reliability-and-privacy.md REL11 and REL15; domain.md Annex 2)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchengine as me
from matchengine.batch import ScoreTable
from matchengine.matching.combine import combine
from matchengine.records import Person, StyleProfile
from tests.properties.populations import (
    answers,
    dumped,
    holds_for,
    person,
    populations,
    programme,
    quick,
    relationships,
    requesters,
    slot,
)
from tests.support import CONFIG, WordsPlugin, config, engine, group, mentee, mentor

EVERYBODY = 200
LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
PEERS = """
[match.peer]
requester = "anyone"
candidate = "anyone"
[match.peer.scorers.interests]
use = "interest_affinity"
[match.peer.scorers.values]
use = "values_overlap"
[match.peer.scorers.style]
use = "style_fit"
[match.peer.scorers.practical]
use = "feasibility"
[match.peer.constraints]
use = ["mode_overlap", "language_floor"]
[match.peer.constraints.with]
vetting = { required = false }
"""
SEARCHING = "[retrieve]\nshortlist = 10\ndense_up_to = 0\n"


def loaded(people: list[dict[str, Any]], extra: str = "", **more: Any) -> me.Engine:
    """Return an engine on these people."""
    made = engine(extra)
    made.load(people, **more)
    return made


def ids(made: me.Engine, who: str, k: int = EVERYBODY, kind: str = "mentor") -> list[str]:
    """Return the ids suggested, in order."""
    return [s.candidate_id for s in made.suggest(who, kind, k)]


def allowed(a: dict[str, Any], b: dict[str, Any], people: list[dict[str, Any]], ties: list[dict[str, Any]]) -> bool:
    """Say by the letter of domain.md C9 whether `a` may get `b` as a mentor: an oracle that shares no code."""
    one, other = a["id"], b["id"]

    def said(kind: str, *, forth_and_back: bool = True) -> bool:
        open_ties = [t for t in ties if t["kind"] == kind and t["status"] == "active"]
        return any({t["person_id"], t["other_id"]} == {one, other} for t in open_ties if forth_and_back)

    taken = sum(1 for t in ties if t["kind"] == "mentoring" and t["status"] == "active" and t["other_id"] == other)
    known = a["languages"] and b["languages"]
    common = max(
        [
            min(LEVELS.index(x["level"]), LEVELS.index(y["level"]))
            for x in a["languages"]
            for y in b["languages"]
            if x["tag"] == y["tag"]
        ],
        default=-1,
    )
    return all(
        (
            one != other,
            "mentor" in b["roles"],
            a["adult"] is True and b["adult"] is True,
            (b["vetting"] or {}).get("status") == "vetted",
            b["capacity"].get("mentor", 1) - taken > 0,
            not any(t["value"] == other for t in a["boundaries"])
            and not any(t["value"] == one for t in b["boundaries"]),
            not said("must_not"),
            not any(t["do_not_rematch"] and {t["person_id"], t["other_id"]} == {one, other} for t in ties),
            not said("mentoring"),
            not said("household") and not (a["household"] and a["household"] == b["household"]),
            not said("line_management") and a["line_manager"] != other and b["line_manager"] != one,
            not a["modes"] or not b["modes"] or bool(set(a["modes"]) & set(b["modes"])),
            not known or common >= LEVELS.index("B1"),
        )
    )


@st.composite
def programmes(draw: st.DrawFn, most: int = 6) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw people and their ties."""
    people = draw(populations(2, most))
    return people, draw(relationships(len(people)))


@quick
@given(programmes())
def test_hard_rules_are_kept_to_the_letter_and_nobody_else_is_left_out(drawn: Any) -> None:
    """No self match, roles, minors, vetting, capacity, boundaries, ties, modes, language: exactly those allowed."""
    people, ties = drawn
    made = loaded(people, relationships=ties)
    for asking in people:
        if "mentee" in asking["roles"]:
            wanted = {p["id"] for p in people if allowed(asking, p, people, ties)}
            assert set(ids(made, asking["id"])) == wanted


@holds_for(programmes(), st.sampled_from(["", SEARCHING]))
def test_the_first_k_are_a_prefix_of_the_first_k_plus_one(drawn: Any, extra: str) -> None:
    people, ties = drawn
    made = loaded(people, extra, relationships=ties)
    for who in requesters(people):
        lists = [ids(made, who, k) for k in range(1, len(people) + 1)]
        assert all(longer[: len(shorter)] == shorter for shorter, longer in pairwise(lists))
        assert all(len(got) == min(k, len(lists[-1])) for k, got in enumerate(lists, 1))


@holds_for(populations(2, 6))
def test_symmetric_scorers_give_symmetric_scores(people: list[dict[str, Any]]) -> None:
    made = loaded([p | {"capacity": {}, "vetting": None} for p in people], PEERS)
    scores = {
        (s.requester_id, s.candidate_id): (s.score, s.confidence)
        for p in people
        for s in made.suggest(p["id"], "peer", 9)
    }
    assert all(scores[one, other] == scores[other, one] for one, other in scores)


@holds_for(programmes(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_no_byte(drawn: Any, chance: Any) -> None:
    people, ties = drawn
    shuffled = people.copy()
    chance.shuffle(shuffled)
    one, other = loaded(people, relationships=ties), loaded(shuffled, relationships=ties[::-1])
    assert answers(one, requesters(people)) == answers(other, requesters(people))


@holds_for(populations(2, 5), st.randoms(use_true_random=False))
def test_the_order_inside_a_record_changes_no_score(people: list[dict[str, Any]], chance: Any) -> None:
    def stirred(value: Any) -> Any:
        return chance.sample(value, len(value)) if isinstance(value, list) else value

    one, other = loaded(people), loaded([{k: stirred(v) for k, v in p.items()} for p in people])
    for who in requesters(people):
        told = [{s.candidate_id: s for s in made.suggest(who, "mentor", 9)} for made in (one, other)]
        assert list(told[0]) == list(told[1])
        for candidate, first in told[0].items():
            second = told[1][candidate]
            assert first.score == pytest.approx(second.score, abs=0.011)
            assert first.confidence == pytest.approx(second.confidence, abs=2e-4)
            assert first.to_confirm == second.to_confirm


@holds_for(
    programmes(),
    st.sampled_from([{"adult": None}, {"vetting": None}, {"capacity": {"mentor": 0}}, {"roles": ["buddy"]}]),
)
def test_adding_somebody_who_is_not_eligible_changes_nothing(drawn: Any, change: dict[str, Any]) -> None:
    people, ties = drawn
    made = loaded(people, relationships=ties)
    before = answers(made, requesters(people))
    made.upsert(Person.model_validate(mentor("new") | change))
    assert answers(made, requesters(people)) == before


@holds_for(programmes(), st.data())
def test_to_delete_and_to_add_again_equals_never_deleted(drawn: Any, data: st.DataObject) -> None:
    people, ties = drawn
    made = loaded(people, relationships=ties)
    before = answers(made, requesters(people))
    for gone in data.draw(st.lists(st.sampled_from(people), min_size=1, max_size=3, unique_by=lambda p: p["id"])):
        made.remove(gone["id"])
        assert gone["id"] not in str([ids(made, who) for who in requesters(people) if who != gone["id"]])
        made.upsert(Person.model_validate(gone))
    assert answers(made, requesters(people)) == before


@holds_for(programmes(), st.integers(0, 3))
def test_to_send_a_person_again_changes_nothing(drawn: Any, times: int) -> None:
    people, ties = drawn
    made = loaded(people, relationships=ties)
    before = answers(made, requesters(people))
    for told in people[: times + 1]:
        made.upsert(Person.model_validate(told))
    assert answers(made, requesters(people)) == before


@holds_for(programmes(), st.data())
def test_to_save_and_open_changes_no_byte(drawn: Any, data: st.DataObject) -> None:
    people, ties = drawn
    made = loaded(people, relationships=ties, groups=[group("g"), group("h", topics=["sql data", "baking"])])
    gone = data.draw(st.none() | st.sampled_from([p["id"] for p in people]))
    if gone is not None:
        made.remove(gone)
    if data.draw(st.booleans()):
        late = data.draw(person(len(people), len(people) + 1))
        made.upsert(Person.model_validate(late | {"boundaries": [], "line_manager": None}))
    asking = [who for who in requesters(people) if who != gone]
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder) / "saved")
        again = me.Engine.open(Path(folder) / "saved", plugins=[WordsPlugin()])
    assert answers(again, asking) == answers(made, asking)
    assert answers(again, asking, "group") == answers(made, asking, "group")
    assert again.fingerprint() == made.fingerprint()


@contextmanager
def tables_computed() -> Iterator[list[ScoreTable]]:
    """Collect every score table that engines compute inside."""
    seen: list[ScoreTable] = []

    def watched(*arguments: Any) -> ScoreTable:
        seen.append(combine(*arguments))
        return seen[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matchengine.engine.combine", watched)
        yield seen


@holds_for(programmes())
def test_the_parts_sum_to_the_score(drawn: Any) -> None:
    people, ties = drawn
    made = loaded(people, relationships=ties)
    with tables_computed() as tables:
        for who in requesters(people):
            made.suggest(who, "mentor")
    assert len(tables) >= len(requesters(people))
    for table in tables:
        assert table.contributions.shape == table.values.shape
        total = table.neutral + table.contributions.sum(axis=1) + table.lift
        assert np.abs(total - table.total).max(initial=0) < 1e-6
        assert ((table.total >= 0) & (table.total <= 1)).all()
        assert ((table.confidence >= 0) & (table.confidence <= 1)).all()
        assert (table.contributions[np.isnan(table.values)] == 0).all()


def test_the_parts_that_a_person_reads_sum_to_the_score_they_read() -> None:
    made = loaded(programme(10, 20))
    for n in range(10):
        for s in made.suggest(f"a{n}", "mentor", 20):
            rounding = 0.005 * (len(s.reasons) + 2)
            assert s.neutral + sum(r.contribution for r in s.reasons) == pytest.approx(s.score, abs=rounding)


def strip(suggestions: list[me.Suggestion], prefix: str) -> list[str]:
    """Return what is read of each candidate without the rank, ids without a prefix, tied ones in a fixed order."""
    plain = [
        s.model_copy(update={"rank": 1, "requester_id": "r", "candidate_id": s.candidate_id.removeprefix(prefix)})
        for s in suggestions
    ]
    return [dumped([s]) for s in sorted(plain, key=lambda s: (s.fit == "too_little_known", -s.score, s.candidate_id))]


def renamed(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the people under other ids."""

    def other(told: dict[str, Any]) -> dict[str, Any]:
        boundaries = [b | {"value": "zz" + b["value"]} for b in told.get("boundaries", [])]
        manager = told.get("line_manager")
        return told | {"id": "zz" + told["id"], "boundaries": boundaries, "line_manager": manager and "zz" + manager}

    return [other(p) for p in people]


@holds_for(populations(2, 6))
def test_renaming_ids_permutes_ties_and_nothing_else(people: list[dict[str, Any]]) -> None:
    one, other = loaded(people), loaded(renamed(people))
    for who in requesters(people):
        first, second = one.suggest(who, "mentor", 9), other.suggest("zz" + who, "mentor", 9)
        assert [s.score for s in first] == [s.score for s in second]
        assert strip(first, "") == strip(second, "zz")


def test_renaming_ids_in_a_larger_programme_changes_no_score() -> None:
    people = programme(60, 60)
    one, other = loaded(people), loaded(renamed(people))
    assert strip(one.suggest("a1", "mentor", 60), "") == strip(other.suggest("zza1", "mentor", 60), "zz")


def test_ties_are_drawn_by_the_seed_for_each_person_and_never_by_name() -> None:
    people = [mentee("a"), mentee("b"), *(mentor(f"m{n:02d}") for n in range(12))]
    drawn = {}
    for seed in (7, 8):
        made = engine(text=CONFIG.replace("seed = 7", f"seed = {seed}"))
        made.load(people)
        drawn |= {(seed, who): ids(made, who) for who in "ab"}
    alphabetical = sorted(drawn[7, "a"])
    assert all(sorted(order) == alphabetical for order in drawn.values())
    assert len({tuple(order) for order in [*drawn.values(), alphabetical, alphabetical[::-1]]}) == 6


# ---------------------------------------------------------------- many at once


@pytest.mark.parametrize("extra", ["", SEARCHING], ids=["everybody scored", "searched"])
@pytest.mark.parametrize("chunk", [8, pytest.param(64, marks=pytest.mark.slow)])
def test_many_equal_one_by_one_at_every_chunk_boundary(chunk: int, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchengine.engine._BATCH", chunk)
    made = loaded(programme(chunk + 1, 16), extra)
    everybody = [f"a{n}" for n in range(chunk + 1)]
    alone = {who: made.suggest(who, "mentor", 5) for who in everybody}
    for count in (1, chunk - 1, chunk, chunk + 1):
        assert made.suggest_many(everybody[:count], "mentor", 5) == {who: alone[who] for who in everybody[:count]}
    backwards = everybody[::-1]
    assert list(made.suggest_many(backwards, "mentor", 5)) == backwards
    assert made.suggest_many(backwards, "mentor", 5) == alone
    assert made.suggest_many([], "mentor", 5) == {}


@pytest.mark.parametrize("extra", ["", SEARCHING], ids=["everybody scored", "searched"])
def test_whoever_is_new_is_found_as_if_loaded_with_the_others(extra: str) -> None:
    people = programme(6, 60)
    made, whole = loaded(people[:36], extra), loaded(people, extra)
    for late in people[36:]:
        made.upsert(Person.model_validate(late))
    for n in range(6):
        assert set(ids(made, f"a{n}")) == set(ids(whole, f"a{n}"))
        assert len(ids(made, f"a{n}")) > 30


@pytest.mark.parametrize("k", [1, 5, 10, 11, 50])
def test_if_k_eligible_candidates_exist_k_are_returned(k: int) -> None:
    """Retrieval never starves: only the last few of many are eligible, and nothing they offer is asked for."""
    near = [mentor(f"n{n}", offers=[{"text": "learn sql for data work"}], vetting=None) for n in range(60)]
    far = [mentor(f"f{n}", offers=[{"text": f"pottery {n}"}], hopes_to_gain=None, interests=[]) for n in range(12)]
    made = loaded([mentee("a"), *near, *far], SEARCHING)
    assert len(made.suggest("a", "mentor", k)) == min(k, 12)


# ---------------------------------------------------------------- zones, time and weights


def in_zone(told: dict[str, Any], zone: str, start: str) -> dict[str, Any]:
    """Return the person with one evening written in another zone."""
    return told | {"availability": [slot("TU") | {"time_zone": zone, "start": start}]}


def test_the_same_instants_written_in_another_zone_change_no_byte() -> None:
    """domain.md C9 and Annex 2: 18:00 in Accra all year is 23:30 in Kolkata and 19:00 in Lagos."""
    made = []
    for zone, clock in (("Africa/Accra", "18:00"), ("Asia/Kolkata", "23:30"), ("Africa/Lagos", "19:00")):
        people = [
            in_zone(mentee("a"), zone, f"2026-01-06T{clock}:00"),
            in_zone(mentor("m"), "UTC", "2026-01-06T18:00:00"),
        ]
        made.append(dumped(loaded(people).suggest("a", "mentor")))
    assert made[0]
    assert len(set(made)) == 1


def test_summer_time_that_starts_on_different_days_is_right() -> None:
    """Between 8 and 29 March 2026 London and New York are four hours apart, before and after five."""
    people = [
        in_zone(mentee("a", cadence={"every": "weekly", "minutes": 120}), "Europe/London", "2026-01-06T18:00:00"),
        in_zone(mentor("m", cadence={"every": "weekly", "minutes": 120}), "America/New_York", "2026-01-06T13:00:00"),
    ]
    minutes = {}
    for today in ("2026-02-02", "2026-03-02", "2026-04-06"):
        made = me.Engine(config(text=CONFIG.replace("2026-03-09", today)), plugins=[WordsPlugin()])
        made.load(people)
        (only,) = made.suggest("a", "mentor")
        minutes[today] = only.blocks["feasible"]
    assert minutes["2026-02-02"] == minutes["2026-04-06"] > minutes["2026-03-02"]


def weighing(weight: float) -> str:
    """Return a kind of match with one block and two scorers, of which `values` has this weight."""
    return f"""
[match.pick]
requester = "mentee"
candidate = "mentor"
[match.pick.scorers.values]
use = "values_overlap"
block = "relate"
weight = {weight}
[match.pick.scorers.style]
use = "style_fit"
block = "relate"
weight = 1.0
"""


@holds_for(st.lists(st.tuples(st.integers(1, 4), st.tuples(*[st.integers(-2, 2)] * 5)), min_size=2, max_size=6))
def test_raising_one_weight_never_lowers_the_rank_of_whoever_is_best_at_it(drawn: list[Any]) -> None:
    sliders = tuple(StyleProfile.model_fields)
    own = ["care", "learning", "impact", "fairness"]
    people: list[dict[str, Any]] = [mentee("a", values=own, style=dict.fromkeys(sliders, 0))]
    for n, (shared, style) in enumerate(drawn):
        values = own[:shared] + ["autonomy", "security", "creativity"][: 4 - shared]
        people.append(mentor(f"m{n}", values=values, style=dict(zip(sliders, style, strict=True))))
    best = max(range(len(drawn)), key=lambda n: drawn[n][0])
    ranks = [ids(loaded(people, weighing(w)), "a", 9, "pick").index(f"m{best}") for w in (0.2, 1.0, 5.0)]
    tied = sum(drawn[n][0] == drawn[best][0] for n in range(len(drawn))) - 1
    assert ranks[0] + tied >= ranks[1]
    assert ranks[1] + tied >= ranks[2]
    if not tied:
        assert ranks == sorted(ranks, reverse=True)
