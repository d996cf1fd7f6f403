"""What lifts do to those who keep silent and to those who are found (domain.md H6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from matchengine.engine import Engine
from matchengine.errors import DataError
from matchengine.evaluation.disclosure import disclosure_report, disclosure_text, hidden_tokens, simulated_folder
from matchengine.evaluation.disclosure_runs import ran
from matchengine.io.write import Folder
from matchengine.records import ConsentGrant, Person
from matchengine.records.flips import DisclosureReport, DisclosureRow
from matchengine.simulation import Knobs, populate, world
from tests.evaluation.test_flips import lexical
from tests.support import consent, mentee, mentor

TOKENS = {"faith": "quiet", "heritage": "coast"}
OTHER = [{"dimension": name, "value": "another"} for name in TOKENS]
"""What so many others say that sharing the first is worth something (domain.md C2: rarity)."""


def told(person: dict[str, Any], wishes: bool = False, **more: Any) -> dict[str, Any]:
    """A person who told two things, and wishes to share them."""
    attributes = [{"dimension": name, "value": value} for name, value in TOKENS.items()]
    wished = [{"dimension": name, "strength": "very_important"} for name in TOKENS] if wishes else []
    return person | {"attributes": attributes, "wishes": wished} | more


def grants(ids: Sequence[str], *purposes: str) -> list[ConsentGrant]:
    return [
        ConsentGrant.model_validate(consent(external, field, purpose))
        for external in ids
        for field in ("attributes", "wishes")
        for purpose in ("match", *purposes)
    ]


def programme(seekers: int = 12, cap: int | None = None, audit: bool = True, seats: int = 1) -> Folder:
    """Half the mentees told and wish; a quarter hold the same and say nothing; six of eighteen mentors told."""
    asking = [told(mentee(f"a{n:02d}"), wishes=True) for n in range(seekers)]
    asking += [mentee(f"b{n:02d}") for n in range(seekers)]
    more: dict[str, Any] = {} if cap is None else {"max_identity_matches": cap}
    giving = [told(mentor(f"m{n:02d}"), capacity={"mentor": seats}, **more) for n in range(6)]
    giving += [mentor(f"n{n:02d}", capacity={"mentor": 1}, attributes=OTHER) for n in range(2 * seekers)]
    people = [Person.model_validate(person) for person in (*asking, *giving)]
    found = Folder(people=people)
    purposes = ("fairness_audit",) if audit else ()
    found.consents = grants([p.id for p in people if p.attributes], *purposes)
    return found


def holds(records: Folder) -> dict[str, set[str]]:
    """Everybody called b… holds the same as everybody called a…, and said nothing."""
    every = {f"{name}:{value}" for name, value in TOKENS.items()}
    return {p.id: every if p.id[0] in "abm" else set() for p in records.people}


def report(records: Folder, known: Mapping[str, Any] | None = None, **more: Any) -> DisclosureReport:
    config = lexical()
    return disclosure_report(lambda: Engine(config), records, "mentor", holds=known, **more)


def row(found: DisclosureReport, group: str, side: str, token: str = "") -> DisclosureRow:
    return next(r for r in found.rows if (r.group, r.side, r.token) == (group, side, token))


def test_of_equals_nobody_loses_by_a_lift() -> None:
    records = programme()
    found = report(records, holds(records), least=2)
    assert found.known
    assert found.acting > 0
    silent = row(found, "undisclosed", "requester")
    assert silent.people == 12
    assert silent.passed
    assert silent.assigned is not None
    assert abs(silent.assigned) < 0.005
    assert row(found, "disclosed", "requester").people == 12
    assert row(found, "disclosed", "requester").passed is None


def test_a_mentor_who_loses_mentees_to_those_who_told_is_seen() -> None:
    records = programme()
    found = report(records, holds(records), least=2)
    others, told_ones = row(found, "non_holder", "candidate"), row(found, "disclosed", "candidate")
    assert others.assigned is not None
    assert told_ones.assigned is not None
    assert others.assigned < 0 < told_ones.assigned
    assert others.passed is (others.assigned >= -0.01)


def test_harm_is_seen_where_a_lift_takes_the_only_good_place() -> None:
    good = told(mentor("m0", capacity={"mentor": 12}))
    poor = [
        mentor(
            f"n{k:02d}",
            offers=[{"text": "pottery", "level": 1}],
            capacity={"mentor": 1},
            values=["fairness"],
            attributes=OTHER,
        )
        for k in range(24)
    ]
    asking = [told(mentee(f"a{k:02d}"), wishes=True) for k in range(12)]
    asking += [mentee(f"b{k:02d}") for k in range(12)]
    people = [Person.model_validate(p) for p in (*asking, good, *poor)]
    records = Folder(people=people, consents=grants([p.id for p in people if p.attributes]))
    found = report(records, holds(records), least=2)
    silent = row(found, "undisclosed", "requester")
    assert silent.assigned is not None
    assert silent.assigned < -0.005
    assert silent.passed is False
    assert found.passed is False
    assert "more than is allowed" in found.sentence
    assert "✗" in disclosure_text(found)


def test_without_a_lift_nothing_changes_and_the_report_says_so() -> None:
    records = programme()
    for person in range(len(records.people)):
        records.people[person] = records.people[person].model_copy(update={"wishes": ()})
    found = report(records, holds(records), least=2)
    assert found.acting == 0
    assert "No lift acts" in found.sentence
    assert all(r.assigned == 0 and r.first in (0, None) for r in found.rows if r.people is not None)


def test_base_scores_are_the_same_with_lifts_and_without() -> None:
    records, config = programme(), lexical()
    engine = Engine(config)
    engine.load(records.people, consents=records.consents)
    off, on = (ran(engine, "mentor", lifts=lifts, method=None) for lifts in (False, True))
    assert np.array_equal(off.base, on.base)
    assert on.acts.any()
    assert not off.acts.any()
    assert np.array_equal(off.wished, on.wished)


def test_real_records_cannot_tell_who_keeps_silent() -> None:
    found = report(programme())
    assert not found.known
    assert found.rows == ()
    assert found.passed is None
    assert "cannot be told" in found.sentence
    assert any("must not be guessed" in note for note in found.notes)


def test_load_of_those_who_are_found_is_told_of_enough_people_alone() -> None:
    records = programme(seats=2)
    few, enough = report(records, least=10), report(records, least=5)
    assert all(r.people is None and r.matches is None for r in few.load.rows)
    disclosing, others = enough.load.rows
    assert (disclosing.people, others.people) == (6, 24)
    assert disclosing.motivated is not None
    assert disclosing.motivated > (others.motivated or 0) == 0
    assert "Nobody set" in enough.load.sentence


def test_who_did_not_agree_to_be_counted_is_among_the_others() -> None:
    found = report(programme(audit=False), least=5)
    assert all(r.people is None for r in found.load.rows)
    assert found.exposure == ()


def test_no_cap_is_broken_however_many_seats_there_are() -> None:
    for cap in (0, 1, 2):
        kept = report(programme(cap=cap, seats=2))
        assert (kept.load.capped, kept.load.cap_breaches, kept.load.passed) == (6, 0, True)


def test_a_broken_cap_is_counted_and_fails_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchengine.programme.places.identity_quotas", lambda *_args: [])
    broken = report(programme(cap=1, seats=2))
    assert broken.load.capped == 6
    assert broken.load.cap_breaches > 0
    assert broken.passed is False


def test_exposure_is_told_by_what_people_agreed_to_be_counted_by() -> None:
    found = report(programme(), least=5)
    assert {table.by for table in found.exposure} == set(TOKENS)
    another, quiet = next(table for table in found.exposure if table.by == "faith").groups
    assert (another.people, quiet.people, quiet.hidden) == (24, 6, False)
    small = report(programme(), least=10)
    told_of = [g for t in small.exposure for g in t.groups if g.group in TOKENS.values()]
    assert all(g.hidden and g.people is None and g.per_seat is None for g in told_of)
    assert len(told_of) == 2


def test_small_groups_are_not_told() -> None:
    records = programme()
    found = report(records, holds(records), least=13)
    silent = row(found, "undisclosed", "requester")
    assert (silent.people, silent.assigned, silent.passed) == (None, None, None)
    assert "too few" in silent.sentence
    assert silent.sentence not in disclosure_text(found)


def test_groups_of_gatherings_are_refused() -> None:
    config = lexical()
    with pytest.raises(DataError, match="does not suggest people"):
        disclosure_report(lambda: Engine(config), programme(), "group")


def test_a_simulated_programme_knows_what_people_keep_to_themselves() -> None:
    population = populate(world("W3").knobs(Knobs(mentees=60, groups=2)), seed=3)
    records, held = simulated_folder(population), hidden_tokens(population)
    for person in records.people:
        dimensions = {f"{a.dimension}:{a.value}" for a in person.attributes} - {
            "gender:man", "heritage:majority",
        }  # fmt: skip
        assert dimensions <= held[person.id]
        assert {f"lived_experience:{theme}" for theme in person.lived_experience} <= held[person.id]
    found = report(records, held)
    assert found.known
    assert row(found, "undisclosed", "requester").people is not None
    assert not any(person.id in found.model_dump_json() for person in records.people)
    assert report(records, held).model_dump() == found.model_dump()
