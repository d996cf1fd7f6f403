"""Rows of source S1: the programme types and the problem behind them."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import matchengine as me
from matchengine import records
from matchengine.pool.inputs import known_inputs
from tests.properties.populations import dumped
from tests.support import EVENING, engine, group, mentee, mentor

SAFE: dict[str, Any] = {
    "items": ["exit_without_reason", "moderation"],
    "confidential": True,
    "rules": ["what is said here stays here"],
    "listen_only_ok": True,
    "crisis_protocol": True,
    "safeguarding_trained": True,
    "helplines": ["helpline-1"],
    "facilitator_type": "peer",
    "facilitator_trained": True,
}
"""A complete safety profile."""
LONDON, OSLO, SINGAPORE = "gcpvj", "u4xsu", "w21z7"


def loaded(people: list[dict[str, Any]], **more: Any) -> me.Engine:
    """Return an engine on these people."""
    made = engine()
    made.load(people, **more)
    return made


def test_s1_06_distance_never_counts_online() -> None:
    """S1-06: an online-only person 5,000 km further away with the same common time gets the same score."""
    got = []
    for place in (LONDON, OSLO, SINGAPORE):
        made = loaded(
            [mentee("a", place={"geohash": LONDON, "max_travel_minutes": 20}), mentor("m", place={"geohash": place})]
        )
        got.append(dumped(made.suggest("a", "mentor")))
    assert got[0]
    assert len(set(got)) == 1


def test_s1_06_distance_counts_where_people_must_meet() -> None:
    """S1-06: the test above can fail, because in person the same move changes the score and then rules the pair out."""
    meet: dict[str, Any] = {"modes": ["in_person"]}
    scores = []
    for place in (LONDON, "gcpuz", OSLO):
        asking = mentee("a", place={"geohash": LONDON, "max_travel_minutes": 120}, **meet)
        made = loaded([asking, mentor("m", place={"geohash": place}, **meet)])
        scores.append([s.score for s in made.suggest("a", "mentor")])
    assert scores[0] > scores[1] > scores[2] == []


def test_s1_06_the_async_option_needs_no_common_hour() -> None:
    """S1-06: two people who both work asynchronously are suggested without any hour in common; others are not."""
    other_day = [EVENING | {"rrule": "FREQ=WEEKLY;BYDAY=SA"}]
    both = loaded([mentee("a", modes=["async"]), mentor("m", modes=["async"], availability=other_day)])
    assert [s.candidate_id for s in both.suggest("a", "mentor")] == ["m"]
    one = loaded([mentee("a", modes=["async", "video"]), mentor("m", modes=["video"], availability=other_day)])
    assert one.suggest("a", "mentor") == []
    assert one.excluded("a", "mentor") == {"common_time": 1}


def property_names(schema: Any) -> set[str]:
    """Return every property name of a JSON Schema."""
    if isinstance(schema, dict):
        own = set(schema.get("properties", {})) if isinstance(schema.get("properties"), dict) else set()
        return own.union(*(property_names(value) for value in schema.values()))
    return set().union(*map(property_names, schema)) if isinstance(schema, list) else set()


MONEY = (
    "income",
    "salary",
    "wage",
    "debt",
    "credit",
    "loan",
    "bank",
    "wealth",
    "asset",
    "earning",
    "score",
    "rent",
    "benefit",
)


def test_s1_08_there_is_nowhere_to_put_income_debt_or_credit() -> None:
    """S1-08: no record has a field for income, debt or credit, and none is among what a scorer may read."""
    names = set()
    for model in (*get_args(records.AnyRecord), records.Contribution):
        names |= property_names(model.model_json_schema())
    assert len(names) > 100
    names -= {"score", "scored_on"}  # what an instrument, or a goal, came to
    assert [n for n in names for word in MONEY if word in n.lower()] == []
    made = loaded([mentee("a"), mentor("m")])
    readable = {n for kind in made._kinds.values() for n in known_inputs(made._pool, kind.sides)}
    assert [n for n in readable for word in MONEY if word in n.lower()] == []


@pytest.mark.parametrize("field", ["income", "debt", "credit_score", "salary"])
def test_s1_08_money_given_anyway_is_refused(field: str) -> None:
    """S1-08: such a field is an error, never kept."""
    with pytest.raises(me.MatchEngineError, match=field):
        loaded([mentee("a", **{field: 1})])


PROMISES = ("confidential", "listen_only_ok", "crisis_protocol", "safeguarding_trained")
GAPS: list[dict[str, Any]] = [
    {"safety": None},
    *({"safety": SAFE | {name: None}} for name in (*PROMISES, "facilitator_type")),
    *({"safety": SAFE | {name: False}} for name in PROMISES),
    {"safety": SAFE | {"rules": []}},
    {"safety": SAFE | {"helplines": []}},
    {"safety": SAFE | {"items": ["moderation"]}},
    {"safety": SAFE | {"facilitator_type": "none"}},
    {"safety": SAFE | {"facilitator_trained": None}},
]  # fmt: skip


@pytest.mark.parametrize("gap", GAPS, ids=str)
def test_s1_09_s3_02_a_support_group_that_misses_one_safety_field_is_never_suggested(gap: dict[str, Any]) -> None:
    """S1-09, S3-02: a group on mental health without one mandatory safety field is not shown."""
    whole = group("whole", kind="support", topic_risk="B", safety=SAFE)
    made = loaded([mentee("a")], groups=[whole, group("gap", kind="support", topic_risk="B") | gap])
    assert [s.candidate_id for s in made.suggest("a", "group", 9)] == ["whole"]
    assert made.excluded("a", "group") == {"group_safety": 1}


def test_s1_16_what_somebody_has_contributed_never_moves_them_up() -> None:
    """S1-16: past mentoring, thanks and top marks leave every suggestion byte for byte the same."""
    people = [mentee("a"), mentee("b"), mentor("m"), mentor("n", hopes_to_gain="short video editing")]
    marks = {"satisfaction": 5, "helpfulness": 5, "trust": 5}
    contributed = loaded(
        people,
        relationships=[{"person_id": "b", "other_id": "m", "kind": "mentoring", "status": "completed"}],
        feedback=[{"about_id": "m", "person_id": "b", "wave": "end", "perspective": "requester", "items": marks}],
    )
    plain = loaded(people)
    assert dumped(contributed.suggest("a", "mentor")) == dumped(plain.suggest("a", "mentor"))
    assert len(plain.suggest("a", "mentor")) == 2
