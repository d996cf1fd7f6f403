"""Learning never reads what is sensitive, never reads boundaries, and tells nothing about one person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import matchengine as me
from matchengine.learning.adoption import signed_toml
from matchengine.learning.effects import audit_groups
from matchengine.learning.features import PROTECTED
from matchengine.learning.preferences import Said
from matchengine.pool.inputs import Inputs
from matchengine.records import ConsentGrant, Feedback, Person, Relationship
from matchengine.records.learning import SignedDecision, WeightProposal
from tests.learning.programme import cohorts, learned, loaded, rankings
from tests.learning.test_proposal import FAIR
from tests.properties.populations import programme
from tests.support import engine

SHARED = '\n[match.mentor.scorers.shared]\nuse = "intersectional_fit"\n'
AGES = """
[match.mentor.scorers.ages]
use = "cross_generational"
block = "relate"
weight = 0.2
"""
SENSITIVE: dict[str, Any] = {
    "attributes": [{"dimension": "gender_identity", "value": "woman"}, {"dimension": "faith", "value": "x"}],
    "lived_experience": ["migration"],
    "age_band": "55-64",
    "barriers": [{"kind": "childcare", "strength": "strong"}],
    "wishes": [
        {"dimension": "gender_identity", "strength": "important"}, {"dimension": "faith", "strength": "important"},
    ],
    "pronouns": "she/her",
    "anchors": ["elmstreet"],
}  # fmt: skip
FIELDS = ("attributes", "lived_experience", "age_band", "barriers", "wishes", "anchors")


def grants(ids: list[str], purpose: str = "match") -> list[ConsentGrant]:
    told = {"purpose": purpose, "text_version": "1", "language": "en", "granted_at": "2026-01-01T00:00:00Z"}
    return [ConsentGrant.model_validate(told | {"person_id": i, "field": f}) for i in ids for f in FIELDS]


def made(change: dict[str, Any] | None = None, extra: str = SHARED, **more: Any) -> me.Engine:
    """A programme in which every second person has something more to say, with consent for matching."""
    people = [each | (change or {}) if n % 2 else each for n, each in enumerate(programme(60, 12))]
    built = engine(extra)
    built.load(people, consents=grants([each["id"] for each in people]) if change else None, **more)
    return built


@pytest.fixture(scope="module")
def plain() -> me.Engine:
    return made()


@pytest.fixture(scope="module")
def said(plain: me.Engine) -> Said:
    return Said(rankings=rankings(plain, FAIR), cohorts=cohorts(plain))


@pytest.fixture(scope="module")
def proposal(plain: me.Engine, said: Said) -> WeightProposal:
    return learned(plain, said)


@pytest.fixture(scope="module")
def measured(plain: me.Engine, said: Said) -> WeightProposal:
    """The same, with groups to look at."""
    return learned(plain, said, groups={f"a{n}": (f"g{n % 2}",) for n in range(60)})


def test_sensitive_fields_change_nothing_that_is_learned(said: Said, proposal: WeightProposal) -> None:
    told = made(SENSITIVE)
    people = told._pool.tables["people"]
    assert people.column("attributes")[people.row_of["a1"]].any()  # it is there
    assert people.column("barriers")[people.row_of["a1"]].any()
    assert learned(told, said) == proposal


def test_a_core_scorer_that_reads_a_sensitive_field_has_no_part_either(said: Said) -> None:
    one, other = learned(made(None, AGES), said), learned(made(SENSITIVE, AGES), said)
    assert one == other
    why = {each.name: each.why for each in one.not_learned}
    assert "requester_age_band and candidate_age_band" in why["ages"]
    assert "ages" not in {each.name for each in one.weights}
    assert {"interests", "values", "style"} <= {each.name for each in one.weights}


@pytest.mark.parametrize(
    "change",
    [
        {"boundaries": [{"kind": "person", "value": "m3"}, {"kind": "topic", "value": "welding"}]},
        {"safety_needs": ["moderation"]},
        {"norm_needs": ["women_only"]},
    ],
    ids=["boundaries", "safety", "norms"],
)
def test_boundaries_and_needs_change_nothing_that_is_learned(
    said: Said, proposal: WeightProposal, change: dict[str, Any]
) -> None:
    assert learned(made(change), said) == proposal


def test_who_must_not_meet_changes_nothing(plain: me.Engine, said: Said, proposal: WeightProposal) -> None:
    ties = [Relationship.model_validate({"person_id": f"a{n}", "other_id": "m1", "kind": "must_not"}) for n in range(9)]
    assert learned(made(relationships=ties), said) == proposal
    assert learned(plain, said._replace(relationships=ties)) == proposal


def test_nothing_protected_is_even_looked_up(monkeypatch: pytest.MonkeyPatch, said: Said) -> None:
    told, seen = made(SENSITIVE, AGES + SHARED), set()
    look = Inputs.__getitem__

    def noted(self: Inputs, name: str) -> Any:
        seen.add(name)
        return look(self, name)

    monkeypatch.setattr(Inputs, "__getitem__", noted)
    learned(told, said)
    assert "pair_common_minutes" in seen
    assert not {name for name in seen if name.partition("_")[2] in PROTECTED}


def test_that_somebody_felt_unsafe_is_not_told_and_teaches_nothing_else(
    plain: me.Engine, said: Said, proposal: WeightProposal
) -> None:
    told = {"about_id": "m11", "person_id": "a0", "wave": "30_days", "perspective": "requester"}
    whom = next(f"m{n}" for n in range(12) if f"m{n}" not in said.rankings[0].ranked)
    feedback = Feedback.model_validate(told | {"about_id": whom, "items": {"felt_unsafe": True}})
    assert learned(plain, said._replace(feedback=[feedback])) == proposal


def test_a_veto_is_never_learned_from(plain: me.Engine, said: Said, proposal: WeightProposal) -> None:
    vetoes = []
    for each in said.rankings:
        other = next(f"m{n}" for n in range(12) if f"m{n}" not in each.ranked)
        vetoes.append(each.model_copy(update={"vetoed": (other,)}))
    assert learned(plain, said._replace(rankings=vetoes)) == proposal


def test_groups_of_an_audit_take_its_own_consent_and_are_named_by_numbers(measured: WeightProposal) -> None:
    people = [Person.model_validate(each | SENSITIVE) for each in programme(60, 12)]
    ids, now = [each.id for each in people], datetime(2026, 3, 9, tzinfo=UTC)
    for purpose in ("match", "explain", "group_balance", "research"):
        assert audit_groups(people, grants(ids, purpose), now) == {}
    groups = audit_groups(people, grants(ids[:30], "fairness_audit"), now)
    assert set(groups) == set(ids[:30])
    assert measured.worst_group is not None
    text = measured.model_dump_json()
    assert '"g0"' not in text
    assert '"g1"' not in text


def test_groups_change_no_weight(measured: WeightProposal, proposal: WeightProposal) -> None:
    assert measured.weights == proposal.weights
    assert measured.held_out == proposal.held_out


def test_no_person_is_in_a_proposal_or_in_the_new_configuration(plain: me.Engine, proposal: WeightProposal) -> None:
    ids = {each["id"] for each in programme(60, 12)}
    decision = SignedDecision.model_validate(
        {"who": "board", "on": "2026-03-10", "statement": "Agreed.", "signature": proposal.seal}
    )
    for text in (proposal.model_dump_json(), signed_toml(plain.config, proposal, decision)):
        assert not {f'"{each}"' for each in ids} & set(text.replace(",", " ").replace(":", " ").split())


def test_the_programme_of_these_tests_says_the_same_as_that_of_the_others(said: Said) -> None:
    assert [each.ranked for each in rankings(loaded(60, 12), FAIR)] == [each.ranked for each in said.rankings]
