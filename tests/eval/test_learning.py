"""The experiment on learning: what is logged is right, and the null world adopts nothing and gains nothing."""

from __future__ import annotations

from collections import defaultdict

import pytest

from eval import learning
from matchengine.simulation import Knobs, Population, populate


@pytest.fixture(scope="module")
def twin() -> Population:
    return populate(Knobs(mentees=48), 5)


def test_everybody_tries_the_first_of_their_list_and_some_by_lot_with_the_chance_of_that(twin: Population) -> None:
    engine = learning.engine_of(twin, learning.configured())
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for mentee, mentor, chance in learning.tried(engine, twin, 1):
        found[mentee].append((mentor, chance))
    assert len(found) >= 45  # the rules leave nobody for some
    for mentee, own in found.items():
        listed = [s.candidate_id for s in engine.suggest(twin.mentees.ids[mentee], "mentor", learning.LIST)]
        assert [twin.mentors.ids[mentor] for mentor, _chance in own[: learning.BEST]] == listed[: learning.BEST]
        drawn, sure = own[learning.BEST :], min(learning.BEST, len(listed))
        assert len({mentor for mentor, _chance in own}) == len(own)
        assert {twin.mentors.ids[mentor] for mentor, _chance in drawn} <= set(listed[learning.BEST :])
        expected = len(drawn) / max(len(listed) - learning.BEST, 1)
        assert [chance for _mentor, chance in own] == [1.0] * sure + [expected] * len(drawn)


def test_in_the_null_world_nothing_is_adopted_and_no_weights_gain_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "FRESH", 30)
    found = learning.replicate(5, 120, ("W0", "W2"))
    assert not found["W0"].proposal.adoptable
    for each in found.values():
        assert each.gated == (each.learned if each.proposal.adoptable else each.shipped)
        assert each.oracle >= each.shipped - 1e-9
        assert each.oracle >= each.learned - 1e-9
    null = found["W0"]
    assert null.learned == pytest.approx(null.shipped)
    assert null.oracle == pytest.approx(null.shipped)
    assert found["W2"].oracle > found["W2"].shipped + 0.02
