"""Evidence from who joined what: the value, what is said, and the kit."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.components import specs_in
from matchengine.scorers import co_membership as module
from matchengine.scorers.co_membership import co_membership
from matchengine.testing import World, check_all
from matchengine.testing.scorers import render

(SPEC,) = specs_in(module)


def world(seed: int, missing: float) -> World:
    rng = np.random.default_rng(seed)
    known = np.where(rng.random((48, 48)) < missing, np.nan, rng.uniform(0.02, 0.98, (48, 48)))
    return World(seed, missing=missing, columns={"pair_joined_together": known.astype(np.float32)})


@pytest.mark.parametrize("missing", [0.1, 0.3, 0.6])
def test_it_passes_the_kit(missing: float) -> None:
    assert check_all(SPEC, world=world(3, missing)) == []


def test_it_speaks_only_of_what_lies_above_the_middle_and_of_nobody() -> None:
    found = co_membership(np.array([0.9, 0.5, 0.1, np.nan], np.float32))
    assert found.value[:3] == pytest.approx([0.9, 0.5, 0.1])
    assert np.isnan(found.value[3])
    (sentence,) = SPEC.says["requester"]["for_requester"]
    said = [render(sentence, found, pair) for pair in range(4)]
    assert said == ["people who joined what you joined also joined this", None, None, None]
    sentences = [s for directions in SPEC.says.values() for told in directions.values() for s in told]
    assert not any(any(c.isdigit() for c in s) for s in sentences)
