"""Row S2-34: continuous improvement, and no automatic change of weights without signed approval."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import matchengine as me
from matchengine.learning.adoption import AdoptionError, adopt
from matchengine.learning.preferences import Said
from matchengine.records.learning import SignedDecision, WeightProposal
from tests.learning.programme import cohorts, coin, learned, loaded, rankings
from tests.learning.test_proposal import FAIR


@pytest.fixture(scope="module")
def made() -> me.Engine:
    return loaded(60, 12)


@pytest.fixture(scope="module")
def proposal(made: me.Engine) -> WeightProposal:
    return learned(made, Said(rankings=rankings(made, FAIR), cohorts=cohorts(made)))


def decision(**change: Any) -> SignedDecision:
    told = {"who": "coordinator-1", "on": date(2026, 3, 10), "statement": "Agreed by the board.", "signature": "0" * 16}
    return SignedDecision.model_validate(told | change)


def test_s2_34_learning_proposes_and_changes_nothing(made: me.Engine, proposal: WeightProposal) -> None:
    """S2-34: whatever was learned, suggestions and configuration stay as they were."""
    before = made.config.hash, made.suggest("a0", "mentor", 12)
    again = learned(made, Said(rankings=rankings(made, FAIR), cohorts=cohorts(made)))
    assert again.adoptable
    assert (made.config.hash, made.suggest("a0", "mentor", 12)) == before
    assert proposal == again


@pytest.mark.parametrize("given", [None, decision(), decision(signature="f" * 16)])
def test_s2_34_no_weight_changes_without_a_signature_on_this_very_proposal(
    made: me.Engine, proposal: WeightProposal, given: SignedDecision | None
) -> None:
    """S2-34: neither without a decision nor with one about another proposal."""
    assert proposal.adoptable
    with pytest.raises(AdoptionError, match="nothing was changed"):
        adopt(made.config, proposal, given)


def test_s2_34_a_signed_proposal_changes_the_weights_of_a_new_engine(made: me.Engine, proposal: WeightProposal) -> None:
    """S2-34: with the signature there is a new configuration; the engine at hand goes on as before."""
    before = made.config
    after = adopt(before, proposal, decision(signature=proposal.seal))
    assert made.config is before
    assert after.match["mentor"].blocks != before.match["mentor"].blocks
    assert after.match["mentor"].constraints == before.match["mentor"].constraints
    assert {**after.model_dump(), "match": None} == {**before.model_dump(), "match": None}


def test_s2_34_a_signature_cannot_replace_evidence(made: me.Engine) -> None:
    """S2-34: what did not pass the gate is not adopted whoever signs."""
    noise = learned(made, Said(rankings=coin(rankings(made, FAIR)), cohorts=cohorts(made)))
    with pytest.raises(AdoptionError) as error:
        adopt(made.config, noise, decision(signature=noise.seal))
    assert error.value.problems == tuple(each.text for each in noise.gate if each.passed is False)
