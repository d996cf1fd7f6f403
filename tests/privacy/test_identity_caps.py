"""Nobody reads from a plan that somebody's cap on being found by what they declare decided it (domain.md B4, C2)."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.assignment import InfeasibleError
from matchengine.errors import DataError
from matchengine.programme.assign import assign
from matchengine.programme.plan import Plan
from tests.privacy.test_drafts import artefacts
from tests.programme.plans import FULLEST, TOPICS, gives, ground
from tests.programme.test_identity_caps import LIFTED, METHODS, giving, looking, programme
from tests.properties.disclosing import CROSSING, LIFT

WORDS = (*CROSSING, "lived_experience", "identity", "wish", "declare", "lift", "quota", "at most", "max_identity")


def apart(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    """Return boundaries between people, of which nobody may know."""
    return [{"person_id": one, "other_id": other, "kind": "must_not"} for one, other in pairs]


def left_over(method: str, *, cap: bool, extra: str = LIFTED, others: int = 0, **more: Any) -> Plan:
    """Return a draft in which `m` has a place left and a person who looks has nobody: by a cap, or by a boundary."""
    people = [looking("a"), looking("b"), giving("m", 1 if cap else None)]
    people += [gives(f"n{n}", TOPICS[1]) for n in range(others)]
    first = assign(ground(programme(*people[:2], giving("m", 1), *people[3:], extra=extra)), method=method, **more)
    gone = {"a", "b"} - {who for who, other in first.pairs if other == "m"}
    ties = [] if cap else apart(*((who, "m") for who in gone))
    return assign(ground(programme(*people, extra=extra, relationships=ties)), method=method, **more)


@pytest.mark.parametrize("method", METHODS)
def test_every_artefact_reads_as_if_a_boundary_stood_between_two(method: str) -> None:
    """The document, the text, the page and every sheet are the same to the byte, hashes of the data aside."""
    by_cap, by_boundary = (left_over(method, cap=cap) for cap in (True, False))
    assert by_cap.document.summary.matched == 1
    [nobody] = [each for each in by_cap.document.unmatched if each.side == "requester"]
    assert [each.rule for each in nobody.why] == ["not_available"]
    assert (nobody.nearest, nobody.changes) == ((), ())
    assert artefacts(by_cap.document) == artefacts(by_boundary.document)


@pytest.mark.parametrize("method", METHODS)
def test_no_artefact_says_a_word_of_it(method: str) -> None:
    plan = left_over(method, cap=True, others=2)
    for name, text in artefacts(plan.document, whole=True).items():
        for word in WORDS:
            assert word not in text, (name, word)
    assert plan.document.method == method
    assert plan.document.notes == ()
    assert ("a", "m") in plan.pairs or not [x for x in plan.document.alternates if x.candidate_id == "m"]


def test_errors_say_nothing_of_it_and_no_number() -> None:
    people = looking("a"), looking("b"), giving("m", 1)
    told = []
    with pytest.raises(DataError) as demanded:
        assign(ground(programme(*people)), must=[("a", "m"), ("b", "m")])
    told.append(str(demanded.value))
    with pytest.raises(InfeasibleError) as promised:
        assign(ground(programme(*people, extra=FULLEST + "each_least = 1\n" + LIFT)))
    told.append(str(promised.value))
    assert "some of the pairs that would be needed are not available" in told[1]
    assert "the quotas" not in told[1], "nobody gives up what a person set for themselves"
    for text in told:
        assert not [word for word in (*WORDS, "at most") if word in text]
