"""What every pair is worth to either side: lifts in the views alone, too little known behind all (domain.md E, B4)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.batch import PairBatch
from matchengine.programme.assign import assign
from matchengine.programme.pairs import Pairs, gather
from matchengine.records.plan import PlanDocument
from tests.programme.plans import FULLEST, TOPICS, Methods, gives, ground, loaded, three, wants
from tests.properties.disclosing import CROSSING, LIFT, MATCHED, asking, consents, holders, wishes
from tests.support import consent, engine, mentor

TURNED = """
[match.turned]
requester = "mentor"
candidate = "mentee"
[match.turned.scorers.goals]
use = "semantic_reciprocal"
[match.turned.scorers.shared]
use = "intersectional_fit"
"""


def disclosing(*people: dict[str, Any], without: tuple[str, ...] = (), lift: str = LIFT) -> Any:
    """Return an engine on these people and enough holders of both themes; who is in `without` consents to nothing."""
    made = engine(FULLEST + lift, [Methods()])
    everybody = [*people, *holders(10, *CROSSING), *holders(20, "another story", prefix="o")]
    made.load(everybody, consents=consents(p for p in everybody if p["id"] not in without))
    return made


def wishing_mentor(who: str = "m", **more: Any) -> dict[str, Any]:
    """Return a mentor who wishes to share themes of their lived experience."""
    told = {"lived_experience": list(CROSSING), "wishes": wishes("very_important", *CROSSING)}
    return mentor(who, **(told | more))


def only(made: Any, kind: str = "mentor") -> Pairs:
    pairs = gather(made._scene(kind))
    assert len(pairs) == 1
    return pairs


def test_without_lifts_both_sides_see_the_score() -> None:
    pairs = gather(loaded(three())._scene("mentor"))
    assert len(pairs) == 9
    assert pairs.informed.all()
    for seen in (pairs.requester_value, pairs.candidate_value, pairs.joint, pairs.plain):
        np.testing.assert_array_equal(seen, pairs.base)


def test_the_requesters_lift_is_in_the_requesters_view_alone() -> None:
    pairs = only(disclosing(asking("a"), mentor("m", lived_experience=list(CROSSING))))
    assert pairs.requester_value[0] > pairs.base[0] + 0.01
    assert pairs.candidate_value[0] == pairs.base[0]
    assert pairs.joint[0] == pytest.approx((pairs.requester_value[0] + pairs.base[0]) / 2)


def test_the_candidates_lift_is_in_the_candidates_view_alone_and_as_large_as_if_they_looked() -> None:
    people = (asking("a") | {"wishes": []}, wishing_mentor("m"))
    made = disclosing(*people, lift=LIFT + TURNED)
    pairs = only(made)
    assert pairs.requester_value[0] == pairs.base[0]
    scene = made._scene("turned")
    row, other = (made._pool.tables["people"].row_of[who] for who in "ma")
    [table] = [scene.table(PairBatch.one_to_many(row, np.array([other], np.int32)))[1]]
    share = table.lift[0] / (1 - (table.total[0] - table.lift[0]))
    assert share > 0.01
    assert pairs.candidate_value[0] == pytest.approx(pairs.base[0] + (1 - pairs.base[0]) * share)


@pytest.mark.parametrize("without", [("a",), ("m",)])
def test_without_consent_of_both_nothing_is_lifted(without: tuple[str, ...]) -> None:
    pairs = only(disclosing(asking("a"), wishing_mentor("m"), without=without))
    assert pairs.requester_value[0] == pairs.candidate_value[0] == pairs.base[0]


def test_a_requester_at_the_cap_they_set_is_not_found_by_a_mentors_wish() -> None:
    capped = asking("a", max_identity_matches=0) | {"wishes": []}
    pairs = only(disclosing(capped, wishing_mentor("m")))
    assert pairs.candidate_value[0] == pairs.base[0]


def documents() -> tuple[PlanDocument, PlanDocument]:
    """Return drafts for three mentees and three mentors without a lift and with one that acts on both sides."""
    people = [
        wants(who, topic, lived_experience=list(CROSSING), wishes=wishes("very_important", *CROSSING))
        for who, topic in zip("abc", TOPICS, strict=False)
    ]
    people += [wishing_mentor("m", lived_experience=[], wishes=[]), wishing_mentor("n"), wishing_mentor("o")]
    return tuple(assign(ground(disclosing(*people, lift=lift))).document for lift in ("", LIFT))  # type: ignore[return-value]


def test_no_number_of_a_plan_holds_what_lifts_add() -> None:
    plain, lifted = documents()
    scores = {(p.requester_id, p.candidate_id): p for p in plain.pairs}
    for document in (plain, lifted):
        scores |= {(a.requester_id, a.candidate_id): a for a in document.alternates}
    for pair in lifted.pairs:
        assert pair.score == scores[pair.requester_id, pair.candidate_id].score
    points = [pair.score for pair in lifted.pairs]
    assert lifted.summary.total == pytest.approx(sum(points), abs=0.011)
    assert lifted.summary.most_total == plain.summary.most_total
    assert "shared" not in lifted.model_dump_json()
    assert "lift" not in lifted.model_dump_json()
    assert plain.fingerprint.config != lifted.fingerprint.config


def test_nothing_that_was_confided_is_in_a_plan() -> None:
    _plain, lifted = documents()
    for word in (*CROSSING, "lived_experience", *MATCHED):
        assert word not in lifted.model_dump_json()


def test_pairs_of_which_too_little_is_known_are_worth_less_than_any_other() -> None:
    poor = gives("n", offers=[], style=None, values=[])
    pairs = gather(loaded([wants("a", TOPICS[0]), gives("m", TOPICS[1]), poor])._scene("mentor"))
    known = pairs.informed
    assert known.tolist().count(False) == 1
    assert pairs.base[~known].max() > pairs.base[known].min()
    for seen in (pairs.requester_value, pairs.candidate_value, pairs.joint, pairs.plain):
        assert seen[~known].max() < seen[known].min()
        assert (seen > 0).all()


def test_only_some_requesters_can_be_compared_and_lists_join() -> None:
    scene = loaded(three())._scene("mentor")
    parts = [gather(scene, among=np.array([n])) for n in (2, 0, 1)]
    joined = parts[0].joined(parts[1]).joined(parts[2]).joined(parts[0])
    whole = gather(scene)
    for name in ("requester", "candidate", "base", "eligible", "whole"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(whole, name))


def test_a_consent_that_ends_ends_the_candidates_lift() -> None:
    made = disclosing(asking("a") | {"wishes": []}, wishing_mentor("m"))
    assert only(made).candidate_value[0] > only(made).base[0]
    from matchengine.records import ConsentGrant

    withdrawn = consent("m", "wishes", withdrawn_at="2026-01-02T00:00:00Z")
    made.upsert(ConsentGrant.model_validate(withdrawn))
    assert only(made).candidate_value[0] == only(made).base[0]
