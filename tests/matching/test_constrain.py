"""Constraints: unknown passes unless it fails closed, personal ones are counted together, prints reach nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.properties.populations import Offers
from tests.support import CONFIG, engine, mentee, mentor

import matchengine as me
from matchengine.batch import PairBatch, Ruled
from matchengine.errors import PluginError
from matchengine.matching.constrain import allowed, may_tell, passes, to_confirm, veto_counts


def ruled(function: Callable[..., Any], **options: Any) -> tuple[Any, Any]:
    """Return a constraint in use, and the inputs of one mentee with three mentors."""
    rule = me.constraint("mine", **{"reason": "no", "confirm": "ask them", **options})(function)
    text = CONFIG.replace('use = ["existing_match", ', 'use = ["mine", "existing_match", ', 1)
    found = engine(text=text, plugins=[Offers(rule)])
    found.load(people=[mentee("a"), mentor("m0"), mentor("m1", cadence=None), mentor("m2")])
    scene = found._scene("mentor")
    (active,) = [c for c in scene.kind.constraints if c.spec.name == "mine"]
    return active, scene.inputs(PairBatch.one_to_many(0, np.arange(1, 4, dtype=np.int32)))


def known_only(candidate_cadence_minutes: Any) -> Ruled:
    return Ruled(candidate_cadence_minutes > 1e6, ~np.isnan(candidate_cadence_minutes))


def test_unknown_passes_and_is_to_be_confirmed() -> None:
    rule, inputs = ruled(known_only)
    assert passes(rule, inputs).tolist() == [False, True, False]
    assert allowed([rule], inputs, np.array([True, False, True])).tolist() == [False, False, False]
    assert to_confirm([rule], inputs, "requester") == [(), ("ask them",), ()]


def test_unknown_is_a_veto_where_the_rule_fails_closed() -> None:
    rule, inputs = ruled(lambda candidate_cadence_minutes: known_only(candidate_cadence_minutes), fails_closed=True)
    assert passes(rule, inputs).tolist() == [False, False, False]
    assert to_confirm([rule], inputs, "requester") == [(), (), ()]


def test_vetoes_are_counted_and_personal_ones_unnamed() -> None:
    rule, inputs = ruled(known_only)
    personal, _ = ruled(known_only, personal=True)
    everybody = np.ones(3, np.bool_)
    assert veto_counts([rule], inputs, everybody) == {"mine": 2}
    assert veto_counts([personal], inputs, everybody) == {"not_available": 2}
    assert may_tell(rule, "candidate")
    assert not may_tell(personal, "candidate")
    assert may_tell(personal, "requester")


def test_what_a_rule_prints_reaches_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    def talks(candidate_cadence_minutes: Any) -> Any:
        print(candidate_cadence_minutes)  # noqa: T201
        return np.ones(len(candidate_cadence_minutes), np.bool_)

    rule, inputs = ruled(talks)
    assert passes(rule, inputs).all()
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("error", [SystemExit(0), KeyError("kestrel"), RecursionError()])
def test_a_rule_that_fails_always_ends_the_call(error: BaseException) -> None:
    """A veto protects somebody: there is no policy under which it is left out."""

    def fails(candidate_cadence_minutes: Any) -> Any:
        raise error

    with pytest.raises(PluginError, match="constraint 'mine' failed with") as caught:
        ruled(fails)
    assert "kestrel" not in str(caught.value)
