"""From records to a proposal: what it says, when it refuses, and that it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.learning.adoption import seal_of
from matchengine.learning.preferences import Said
from matchengine.learning.weights import Weights
from matchengine.records import Feedback, Relationship
from matchengine.records.learning import Shown, WeightProposal
from matchengine.records.plan import Ranking
from tests.learning.programme import cohorts, coin, learned, loaded, rankings, weights_of
from tests.learning.tables import TRUE

FAIR = Weights({"need": 0.75, "relate": 0.2, "feasible": 0.05}, {"interests": 0.1, "values": 0.1, "style": 0.8})
"""Other than configured, and attention stays as even as it is."""


@pytest.fixture(scope="module")
def made() -> Any:
    return loaded(60, 12)


@pytest.fixture(scope="module")
def said(made: Any) -> Said:
    return Said(rankings=rankings(made, FAIR), cohorts=cohorts(made))


@pytest.fixture(scope="module")
def proposal(made: Any, said: Said) -> WeightProposal:
    return learned(made, said)


@pytest.fixture(scope="module")
def noise(made: Any, said: Said) -> WeightProposal:
    """What is proposed where preferences mean nothing."""
    return learned(made, said._replace(rankings=coin(list(said.rankings))))


def outcome(proposal: WeightProposal) -> dict[str, bool | None]:
    return {each.name: each.passed for each in proposal.gate}


def test_what_people_prefer_is_learned_and_may_be_adopted(proposal: WeightProposal) -> None:
    got = weights_of(proposal)
    assert got["need"] > 0.5
    assert got["style"] > 0.35 > got["interests"]
    assert proposal.held_out is not None
    assert (proposal.measure, proposal.graded, proposal.held_out.metric) == ("ndcg@5", 60, "ndcg@5")
    assert proposal.held_out.learned > proposal.held_out.default + 0.015
    assert proposal.beside is not None
    assert proposal.beside.metric == "pairwise_accuracy"
    assert proposal.beside.learned > proposal.beside.default + 0.05
    assert proposal.held_out.by == "other_cohorts"
    assert proposal.held_out.apparent >= proposal.held_out.learned - 0.02
    assert outcome(proposal) == {
        "enough": True, "shown": None, "cohorts": True, "changed": True, "better": True, "worst_group": None,
        "exposure": True,
    }  # fmt: skip
    assert proposal.adoptable
    assert proposal.seal == seal_of(proposal)
    assert WeightProposal.model_validate_json(proposal.model_dump_json()) == proposal


def test_learning_changes_nothing_and_is_the_same_every_time(made: Any, said: Said, proposal: WeightProposal) -> None:
    before, shown = made.config.hash, made.suggest("a0", "mentor")
    assert learned(made, said) == proposal
    assert made.config.hash == before
    assert made.suggest("a0", "mentor") == shown


def test_with_too_few_people_the_weights_stay_and_the_reason_is_said(made: Any, said: Said) -> None:
    got = learned(made, said._replace(rankings=said.rankings[:39]))
    assert (got.weights, got.held_out, got.tau, got.adoptable) == ((), None, None, False)
    assert outcome(got) == {"enough": False}
    assert "156 preferences of 39 people who look; at least 150 of 40" in got.gate[0].text


def test_with_too_few_preferences_the_weights_stay(made: Any, said: Said) -> None:
    short = [each.model_copy(update={"ranked": each.ranked[:3]}) for each in said.rankings]
    got = learned(made, said._replace(rankings=short))
    assert outcome(got) == {"enough": False}
    assert "120 preferences of 60 people" in got.gate[0].text


def test_what_candidates_said_counts_but_not_as_people_who_look(made: Any, said: Said) -> None:
    theirs = [Ranking(person_id=f"m{n}", ranked=tuple(f"a{m}" for m in range(n, n + 40))) for n in range(12)]
    got = learned(made, said._replace(rankings=[*said.rankings[:20], *theirs]))
    assert got.judges == 20
    assert got.counts[0].weight == pytest.approx(20 * 4 + 12 * 39)
    assert outcome(got) == {"enough": False}


def test_preferences_that_mean_nothing_leave_the_configured_weights(noise: WeightProposal) -> None:
    assert not noise.adoptable
    assert outcome(noise)["better"] is False
    assert noise.weights
    for each in noise.weights:
        assert each.learned == pytest.approx(each.default, abs=0.05)


def test_the_measure_is_the_same_whatever_people_prefer_and_the_gate_reads_it_alone(
    made: Any, said: Said, noise: WeightProposal
) -> None:
    assert (noise.measure, noise.graded) == ("ndcg@5", 60)
    pairs = [each.model_copy(update={"ranked": each.ranked[:2]}) for each in said.rankings[:31]]
    mixed = learned(made, said._replace(rankings=[*pairs, *said.rankings[31:]]))
    assert (mixed.measure, mixed.graded) == ("pairwise_accuracy", 29)
    few = learned(made, said._replace(rankings=said.rankings[:39]))
    assert (few.measure, few.graded) == ("pairwise_accuracy", 39)  # declared although nothing is learned


def test_without_anything_given_it_says_that_an_engine_keeps_no_ratings(made: Any) -> None:
    got = made.fit("mentor")
    assert any("An engine keeps no ratings" in each for each in got.cautions)
    assert not got.adoptable


def test_without_cohorts_nothing_may_be_adopted(made: Any, said: Said) -> None:
    got = learned(made, said._replace(cohorts={}))
    assert outcome(got)["cohorts"] is False
    assert got.held_out is not None
    assert got.held_out.by == "other_people"
    assert not got.adoptable


def test_attention_that_would_become_less_even_stops_an_adoption(made: Any) -> None:
    got = learned(made, Said(rankings=rankings(made, TRUE), cohorts=cohorts(made)))
    assert got.exposure is not None
    assert got.exposure[1] > got.exposure[0] + 0.02
    assert outcome(got)["exposure"] is False
    assert not got.adoptable


def test_a_group_that_would_fare_worse_stops_an_adoption(made: Any) -> None:
    """Most people want what TRUE says; the people of one group want what they need most."""
    own = Weights({"need": 0.8, "relate": 0.15, "feasible": 0.05}, {})
    theirs = {each.person_id: each for each in rankings(made, own)}
    few = {f"a{n}" for n in range(0, 60, 5)}
    mixed = [theirs[each.person_id] if each.person_id in few else each for each in rankings(made, TRUE)]
    groups = {f"a{n}": ("g0",) if f"a{n}" in few else ("g1",) for n in range(60)}
    got = learned(made, Said(rankings=mixed, cohorts=cohorts(made)), groups=groups)
    assert got.worst_group is not None
    assert got.worst_group[1] < got.worst_group[0] - 0.01
    assert outcome(got)["better"] is True
    assert outcome(got)["worst_group"] is False
    assert not got.adoptable


def test_logged_propensities_are_used_and_too_few_of_worth_are_refused(made: Any, said: Said) -> None:
    chances = [
        Shown(requester_id=each.person_id, candidate_id=other, propensity=0.5)
        for each in said.rankings
        for other in each.ranked
    ]
    got = learned(made, said, shown=chances)
    assert got.propensities
    assert outcome(got)["shown"] is True
    assert got.effective_size == pytest.approx(600)
    rare = {"a0": 0.05, "a1": 0.05}
    uneven = [each.model_copy(update={"propensity": rare.get(each.requester_id, 1.0)}) for each in chances]
    less = learned(made, said, shown=uneven)
    assert less.effective_size < 300
    few = said._replace(rankings=said.rankings[:10])
    assert learned(made, few, shown=chances).propensities is True
    assert learned(made, few, shown=chances[1:]).propensities is False


def test_propensities_that_leave_almost_nothing_are_refused(made: Any, said: Said) -> None:
    chances = [
        Shown(requester_id=each.person_id, candidate_id=other, propensity=0.01 if n == 0 else 1.0)
        for n, each in enumerate(said.rankings)
        for other in each.ranked
    ]
    got = learned(made, said, shown=chances)
    assert got.effective_size > 50  # weights are clipped, so one person alone cannot take it all
    assert outcome(got)["shown"] is True


def test_what_stays_as_it_is_is_named_with_the_reason(proposal: WeightProposal) -> None:
    why = {each.name: each.why for each in proposal.not_learned}
    assert set(why) == {"goals", "practical"}
    assert "alone in its block" in why["goals"]


def test_a_kind_with_nothing_to_choose_says_so() -> None:
    only = '[match.one]\nrequester = "mentee"\ncandidate = "mentor"\n'
    only += '[match.one.scorers.goals]\nuse = "semantic_reciprocal"\n'
    made = loaded(45, 8, extra=only)
    got = learned(made, Said(rankings=rankings(made), cohorts=cohorts(made)), kind="one")
    assert got.weights == ()
    assert outcome(got)["changed"] is False
    assert not got.adoptable


def test_anonymous_answers_are_counted_and_not_used(made: Any, said: Said) -> None:
    told = {"about_id": "m0", "anonymous": True, "wave": "30_days", "perspective": "requester"}
    feedback = [Feedback.model_validate(told | {"items": {"satisfaction": 1, "not_for_me": True}})] * 3
    got = learned(made, said._replace(feedback=feedback, rankings=said.rankings[:20]))
    assert any("3 anonymous answers were not used" in each for each in got.cautions)
    assert got.counts[1].preferences == 0
    assert got.calibration.outcomes == 0


def test_nobody_is_named(proposal: WeightProposal) -> None:
    text = proposal.model_dump_json()
    assert '"a0"' not in text
    assert '"m0"' not in text


def test_a_source_of_fewer_than_ten_people_is_not_told_apart(made: Any, said: Said) -> None:
    ties = [Relationship.model_validate({"person_id": "a0", "other_id": "m0", "kind": "mentoring"})]
    told = {"about_id": "m1", "person_id": "a0", "wave": "start", "perspective": "requester"}
    refused = Feedback.model_validate(told | {"items": {"not_for_me": True}})
    got = learned(made, said._replace(relationships=ties, feedback=[refused], rankings=said.rankings[:20]))
    assert got.counts == ()
    assert got.calibration.yes is None
    assert got.judges == 20
