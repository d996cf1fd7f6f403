"""What people allow for the balance of groups moves them to other groups and shows nowhere else (B4, F2.3)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from matchengine.records import ConsentGrant
from tests.privacy.test_hidden_fields import FLIPS
from tests.programme.groups.circles import CIRCLE, balanced, engine, formed, group_of, member
from tests.support import consent

DIMENSIONS = '["heritage", "faith", "lived_experience", "age_band"]'
COUNTING = CIRCLE + f"balance = {DIMENSIONS}\n"
FIELDS = ("attributes", "lived_experience", "age_band")
VALUE, DIMENSION = "xanadu-value", "xanadu-dimension"


def people(count: int = 12) -> list[dict[str, Any]]:
    """Return people who tell sensitive things, two of a kind each."""
    kinds = [{"dimension": "heritage", "value": f"kind {n // 2}"} for n in range(count)]
    told = [{"attributes": [kind], "lived_experience": [f"theme {n % 3}"]} for n, kind in enumerate(kinds)]
    return [member(n, ("TU",), age_band=("25-34", "55-64")[n % 2], **more) for n, more in enumerate(told)]


def grants(who: list[dict[str, Any]], purpose: str) -> list[dict[str, Any]]:
    return [consent(person["id"], field, purpose) for person in who for field in FIELDS]


FLIPPED = ["attributes", "lived_experience", "age_band", "pronouns"]
ALL = {name: value for field in FLIPPED for name, value in FLIPS[field].items()}


@cache
def drafted(purpose: str) -> str:
    """Return the draft of people who granted all they tell for one purpose."""
    who = people()
    return formed(engine(who, COUNTING, consents=grants(who, purpose))).model_dump_json()


@pytest.mark.parametrize("purpose", ["match", "explain", "eligibility", "fairness_audit", "research"])
@pytest.mark.parametrize(
    "change",
    [ALL, *(pytest.param(FLIPS[f], marks=pytest.mark.slow) for f in (*FLIPPED, "attributes taken back"))],
    ids=["everything", *FLIPPED, "attributes taken back"],
)
def test_what_is_not_granted_for_balance_changes_no_byte_of_a_draft(change: dict[str, Any], purpose: str) -> None:
    after = [person | change for person in people()]
    assert formed(engine(after, COUNTING, consents=grants(after, purpose))).model_dump_json() == drafted(purpose)


def test_the_flip_notices_what_is_granted() -> None:
    before = people()
    after = [
        person | {"attributes": [{"dimension": "heritage", "value": f"kind {n % 6}"}]}
        for n, person in enumerate(before)
    ]
    one, other = (formed(engine(who, COUNTING, consents=grants(who, "group_balance"))) for who in (before, after))
    assert group_of(one, "p00") != group_of(other, "p00")


def test_a_grant_for_balance_changes_no_byte_of_any_suggestion_or_explanation() -> None:
    who = people()
    ids = [person["id"] for person in who]
    told = []
    for given in ([], grants(who, "group_balance")):
        made = engine(who, COUNTING, consents=given)
        shown = [s.model_dump_json() for got in made.suggest_many(ids, "peer").values() for s in got]
        viewers = ("requester", "candidate", "coordinator")
        shown += [made.explain("p00", "p01", "peer", viewer).model_dump_json() for viewer in viewers]
        told.append(shown)
    assert told[0] == told[1]


def test_a_withdrawal_forms_the_groups_of_somebody_who_never_agreed() -> None:
    who = people()
    made = engine(who, COUNTING, consents=grants(who, "group_balance"))
    for field in FIELDS:
        ended = consent("p00", field, "group_balance", withdrawn_at="2026-01-02T00:00:00Z")
        made.upsert(ConsentGrant.model_validate(ended))
    never = engine(who, COUNTING, consents=grants(who[1:], "group_balance"))
    assert formed(made).model_dump_json() == formed(never).model_dump_json()


def canaries(**more: Any) -> me.Engine:
    """Return an engine of six people of whom two, never free together, are of one kind."""
    own = {"attributes": [{"dimension": DIMENSION, "value": VALUE}]}
    who = [member(n, ("TU",) if n % 2 else ("FR",), **(own if n < 2 else {})) for n in range(6)]
    given = [consent(f"p0{n}", "attributes", "group_balance", **more) for n in range(2)]
    return engine(who, balanced(DIMENSION), consents=given)


@pytest.mark.parametrize("audience", ["engine_only", "facilitator", "coordinator", "members"])
def test_no_draft_names_a_dimension_a_value_or_a_token(audience: str) -> None:
    made = canaries(audience=audience)
    plan = formed(made)
    text = plan.model_dump_json()
    assert plan.groups
    assert "isolates" in plan.relaxations
    tokens = [part for token in made._pool.shared.codes["balance"] for part in token.split(":")]
    assert not [word for word in (VALUE, DIMENSION, *tokens) if word in text]
    named = [group.number for group in plan.groups if "isolates" in group.relaxations]
    assert bool(named) == (audience == "coordinator"), "told of a group only where coordinators may know"


def test_a_saved_folder_holds_no_word_of_what_is_counted(tmp_path: Path) -> None:
    made = canaries()
    made.save(tmp_path / "saved")
    document = json.loads((tmp_path / "saved" / "document.json").read_text(encoding="utf-8"))
    assert len(document["codes"]["balance"]) == 1
    document.pop("consents")
    assert VALUE not in json.dumps(document)
    assert all(VALUE.encode() not in path.read_bytes() for path in (tmp_path / "saved").iterdir())


def test_the_number_of_isolates_is_told_only_where_it_gives_nobody_away() -> None:
    own = {"attributes": [{"dimension": DIMENSION, "value": VALUE}]}
    days = ("MO", "TU", "WE", "TH", "FR")
    who = [member(n, (days[n // 3],), **(own if n % 3 == 0 else {})) for n in range(15)]
    given = [consent(person["id"], "attributes", "group_balance") for person in who]
    assert formed(engine(who, balanced(DIMENSION), consents=given)).figures.isolates == 5
    assert formed(engine(who[:12], balanced(DIMENSION), consents=given)).figures.isolates is None
    assert formed(engine(who[:3], balanced(DIMENSION), consents=given)).figures.isolates == 0
