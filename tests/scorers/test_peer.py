"""Peers: challenge, stage, exchange."""

import numpy as np
import pytest

from matchengine.scorers.peer import peer, stage_fit

NAN = np.nan
NOTHING = np.zeros((0, 1))


@pytest.fixture(scope="module")
def peers(items_of):
    def run(grid=NOTHING, gets=NOTHING, gives=NOTHING, stages=(2, 2), **settings):
        return peer(
            items_of(grid, fields=("needs", "needs")),
            items_of(gets, right={"level": [4] * np.shape(gets)[1]}),
            items_of(gives, left={"level": [4] * len(gives)}, fields=("offers", "needs")),
            *(np.array([stage], np.float32) for stage in stages),
            **settings,
        )

    return run


def test_the_formula(peers):
    scored = peers([[1.0]], [[0.9]], [[0.4]], (2, 3))
    assert scored.value == pytest.approx([0.6**0.5 * np.exp(-0.5) ** 0.2 * 0.6**0.3])
    assert scored.confidence == pytest.approx([1])


def test_the_same_stage_is_best_and_a_farther_one_never_better():
    fit = stage_fit(np.zeros(7), np.arange(7.0))
    assert fit[0] == 1
    assert (np.diff(fit) < 0).all()
    assert np.isnan(stage_fit(np.array([NAN]), np.array([1.0]))).all()


def test_unknown_parts_are_dropped_and_exponents_renormalised(peers):
    alone = peers([[1.0]], stages=(NAN, 3))
    assert alone.value == pytest.approx([0.6])
    assert alone.confidence == pytest.approx([0.5])
    taught = peers(NOTHING, [[0.9]], [[0.4]], (NAN, NAN))
    assert taught.value == pytest.approx([0.6])
    assert taught.confidence == pytest.approx([0.3])


def test_a_similar_stage_alone_is_no_reason_to_meet(peers):
    assert np.isnan(peers(stages=(2, 2)).value).all()


def test_exponents_are_settings(peers):
    assert peers([[1.0]], [[0.9]], [[0.4]], (0, 5), stage=0.0, exchanges=0.0).value == pytest.approx([0.6])
    assert np.isnan(peers([[1.0]], challenge=0.0, stage=0.0, exchanges=0.0).value).all()


def test_it_quotes_the_closest_challenges(peers):
    told = peers([[0.1, 0.3], [0.8, 0.2]]).evidence
    assert (told["challenge"].texts.tolist(), told["same"].texts.tolist()) == ([1], [0])
    assert told["alike"][0] > 0.3
    assert np.isnan(peers([[0.1]]).evidence["alike"]).all()
