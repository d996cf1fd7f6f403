"""Properties of intersectional fit (domain.md C2, annex 2): on the formula, and on whole programmes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

import matchengine as me
from matchengine.batch import PairBatch
from matchengine.pool.joint_sets import joint_sets
from matchengine.records import ConsentGrant
from matchengine.scorers.intersectional_fit import intersectional_fit, share_by_worth, worth
from tests.properties.disclosing import GROUP_LIFT, LIFT, MATCHED, attributes, consents, wishes
from tests.properties.populations import answers, holds_for
from tests.support import consent, engine, mentee, mentor

TOKENS = 5
KAPPA = st.floats(0.5, 20)
GAMMA = st.tuples(*[st.floats(0, 5)] * 3)
MASKS = st.integers(0, (1 << TOKENS) - 1)
POPULATIONS = st.lists(MASKS, min_size=8, max_size=60).map(lambda held: np.array(held, np.int64))
WEIGHTS = st.tuples(*[st.sampled_from((0.0, 1 / 3, 2 / 3, 1.0))] * TOKENS)

Formula = dict[str, Any]


def sets_of(held: NDArray[np.int64], weights: tuple[float, ...], least: int = 0) -> tuple[NDArray[Any], ...]:
    """Return mask, size, importance and holders of all sets of wished tokens that at least `least` people hold."""
    acting = [t for t in range(TOKENS) if weights[t] and (held >> t & 1).sum() >= least]
    members = [of for size in (1, 2, 3) for of in combinations(acting, size)]
    masks = np.array([sum(1 << t for t in of) for of in members], np.int64)
    importance = np.array([np.prod([weights[t] for t in of]) ** (1 / len(of)) for of in members])
    holders = np.array([((held & mask) == mask).sum() for mask in masks], np.int64)
    return masks, np.array([len(of) for of in members], np.int8), importance, holders


def value(theirs: int, held: NDArray[np.int64], weights: tuple[float, ...], least: int = 0, **how: Any) -> float:
    """Return V of what a candidate shares."""
    masks, size, importance, holders = sets_of(held, weights, least)
    each = worth(holders, size, importance, int((held != 0).sum()), **how)
    return float(each[(masks & ~theirs) == 0].sum())


def share(theirs: int, held: NDArray[np.int64], weights: tuple[float, ...], **how: Any) -> float:
    """Return I of a candidate, on the tokens that five people hold."""
    masks, size, importance, holders = sets_of(held, weights, least=5)
    each = worth(holders, size, importance, int((held != 0).sum()), **how)
    return float(share_by_worth(each, (masks & ~theirs) == 0, np.zeros(len(masks), np.int64), 1)[0])


@holds_for(POPULATIONS, WEIGHTS, MASKS, MASKS, GAMMA, KAPPA, few=60, many=300)
def test_the_crossing_is_worth_at_least_its_roads(
    held: NDArray[np.int64], weights: tuple[float, ...], one: int, other: int, gamma: Any, kappa: float
) -> None:
    apart = other & ~one
    both, first, second = (value(m, held, weights, gamma=gamma, kappa=kappa) for m in (one | apart, one, apart))
    assert both >= first + second - 1e-9


@holds_for(POPULATIONS, WEIGHTS, MASKS, MASKS, GAMMA, KAPPA, few=60, many=300)
def test_the_share_is_in_range_and_never_falls_with_more_tokens(
    held: NDArray[np.int64], weights: tuple[float, ...], one: int, more: int, gamma: Any, kappa: float
) -> None:
    low, high = (share(m, held, weights, gamma=gamma, kappa=kappa) for m in (one, one | more))
    assert 0 <= low <= high + 1e-12 <= 1 + 1e-9


@holds_for(POPULATIONS, WEIGHTS, st.integers(0, 59), st.integers(0, TOKENS - 1), few=100, many=600)
def test_one_more_disclosure_never_lowers_ones_own_share_when_rarity_is_counted_anew(
    held: NDArray[np.int64], weights: tuple[float, ...], who: int, token: int
) -> None:
    who %= len(held)
    later = held.copy()
    later[who] |= 1 << token
    assert share(int(later[who]), later, weights) >= share(int(held[who]), held, weights) - 1e-12


# ---------------------------------------------------------------- whole programmes

WORDS = ("east", "west", "one", "two")
THEMES = ("started over", "only one in my team", "returned after a break")


@st.composite
def telling(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what one person tells about themselves."""
    tokens = [f"heritage:{draw(st.sampled_from(WORDS[:2]))}", f"faith:{draw(st.sampled_from(WORDS[2:]))}"]
    return {
        "attributes": attributes(*tokens[: draw(st.integers(0, 2))]),
        "lived_experience": draw(st.lists(st.sampled_from(THEMES), max_size=3, unique=True)),
    }


@st.composite
def wanting(draw: st.DrawFn) -> dict[str, Any]:
    """Draw wishes for some dimensions, with a wish for two at once now and then."""
    dimensions = draw(st.lists(st.sampled_from(("heritage", "faith", *THEMES)), min_size=1, max_size=4, unique=True))
    strengths = [draw(st.sampled_from(("nice", "important", "very_important"))) for _ in dimensions]
    told: dict[str, Any] = {
        "wishes": [w for d, s in zip(dimensions, strengths, strict=True) for w in wishes(s, d)],
    }
    if len(dimensions) > 1 and draw(st.booleans()):
        told["joint_wishes"] = [{"dimensions": dimensions[:2]}]
    return told


@st.composite
def worlds(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw three mentees who wish, six mentors, and eighteen others who tell something."""
    people = [mentee(f"a{n}", **draw(telling()), **draw(wanting())) for n in range(3)]
    people += [mentor(f"m{n}", interests=[{"text": f"hobby {n}"}], **draw(telling())) for n in range(6)]
    return people + [{"id": f"h{n}", **draw(telling())} for n in range(18)]


ASKING = [f"a{n}" for n in range(3)]


def loaded(people: list[dict[str, Any]], extra: str = LIFT, **more: Any) -> me.Engine:
    """Return an engine on these people, all consenting to be matched."""
    made = engine(extra)
    made.load(people, consents=[*consents(people), *more.pop("grants", [])], **more)
    return made


def without_order(made: me.Engine, who: str) -> list[str]:
    """Return all that a person reads of each candidate, without the order."""
    told = [s.model_dump(mode="json") | {"rank": 0} for s in made.suggest(who, "mentor", 200)]
    return sorted(json.dumps(document, sort_keys=True) for document in told)


def totals(made: me.Engine, who: str) -> dict[str, float]:
    """Return the score of each candidate, the lift included."""
    scene = made._scene("mentor")
    batch = PairBatch.one_to_many(made._pool.requester_row(who, scene.kind), made._pool.rows("people"))
    _raw, table = scene.table(batch)
    return dict(zip(made._pool.tables["people"].ids, table.total.tolist(), strict=True))


@holds_for(worlds())
def test_a_lift_never_lowers_a_score_and_changes_nothing_that_is_read_but_the_order(people: list[Any]) -> None:
    off, on = loaded(people, ""), loaded(people)
    for who in ASKING:
        before, after = totals(off, who), totals(on, who)
        assert all(after[m] >= before[m] for m in before)
        assert all(after[m] <= before[m] + (1 - before[m]) * 0.35 + 1e-9 for m in before)
        assert without_order(off, who) == without_order(on, who)


@holds_for(worlds())
def test_who_wishes_for_nothing_gets_the_same_with_the_scorer_on_or_off(people: list[Any]) -> None:
    plain = [{**p, "wishes": [], "joint_wishes": []} for p in people]
    assert answers(loaded(plain), ASKING) == answers(loaded(plain, ""), ASKING)


@holds_for(worlds(), st.integers(0, 5))
def test_silence_cannot_be_told_from_difference(people: list[Any], number: int) -> None:
    silent: dict[str, Any] = {"attributes": [], "lived_experience": []}
    other: dict[str, Any] = {"attributes": attributes("elsewhere:x"), "lived_experience": ["unheard"]}
    one, two = ([p | told if p["id"] == f"m{number}" else p for p in people] for told in (silent, other))
    assert answers(loaded(one), ASKING) == answers(loaded(two), ASKING)


@holds_for(worlds(), st.integers(0, 5), st.integers(1, 5))
def test_how_much_somebody_discloses_beside_has_no_effect(people: list[Any], number: int, count: int) -> None:
    more = [p | {"attributes": p["attributes"] + attributes(*(f"d{n}:x" for n in range(count)))}
            if p["id"] == f"m{number}" else p for p in people]  # fmt: skip
    assert answers(loaded(more), ASKING) == answers(loaded(people), ASKING)


@holds_for(worlds())
def test_renaming_dimensions_and_values_changes_nothing(people: list[Any]) -> None:
    text = json.dumps(people)
    for word in (*WORDS, "heritage", "faith", *THEMES):
        text = text.replace(f'"{word}"', f'"z{word[::-1]}"')
    assert answers(loaded(json.loads(text)), ASKING) == answers(loaded(people), ASKING)


@holds_for(worlds(), st.sampled_from([*(f"m{n}" for n in range(6)), "h0", "h7", "a1"]))
def test_a_withdrawal_leaves_what_there_was_before_the_disclosure(people: list[Any], who: str) -> None:
    given = [grant for grant in consents(people) if grant["person_id"] == who]
    made = loaded(people)
    for grant in given:
        made.upsert(ConsentGrant.model_validate(grant | {"withdrawn_at": datetime(2026, 2, 1, tzinfo=UTC)}))
    never = [p | {"attributes": [], "lived_experience": [], "wishes": [], "joint_wishes": []} if p["id"] == who else p
             for p in people]  # fmt: skip
    fresh = loaded(never)
    assert answers(made, ASKING) == answers(fresh, ASKING)
    assert [totals(made, a) for a in ASKING] == [totals(fresh, a) for a in ASKING]


@holds_for(worlds(), st.sampled_from(("heritage", "faith")))
def test_withdrawing_one_dimension_leaves_what_there_was_without_it(people: list[Any], dimension: str) -> None:
    fields = ("attributes.heritage", "attributes.faith", *MATCHED[1:])
    made, fresh = engine(LIFT), engine(LIFT)
    made.load(people, consents=consents(people, fields))
    for who in [p["id"] for p in people]:
        ended = consent(who, f"attributes.{dimension}", withdrawn_at="2026-02-01T00:00:00Z")
        made.upsert(ConsentGrant.model_validate(ended))
    fresh.load(people, consents=consents(people, [f for f in fields if f != f"attributes.{dimension}"]))
    assert answers(made, ASKING) == answers(fresh, ASKING)
    assert [totals(made, a) for a in ASKING] == [totals(fresh, a) for a in ASKING]


@holds_for(worlds(), st.integers(0, 5), st.sampled_from(THEMES))
def test_a_candidate_who_discloses_a_theme_never_lowers_her_own_lift(
    people: list[Any], number: int, theme: str
) -> None:
    who = f"m{number}"
    more = [p | {"lived_experience": sorted({*p["lived_experience"], theme})} if p["id"] == who else p for p in people]
    one, other = (_lifts(loaded(of), who) for of in (people, more))
    assert all(after >= before - 1e-12 for before, after in zip(one, other, strict=True))


def _lifts(made: me.Engine, who: str) -> list[float]:
    """Return the share of each mentee's wishes that a mentor meets."""
    pool = made._pool
    rows = pool.tables["people"].row_of
    found = []
    for asker in ASKING:
        sets = joint_sets(pool, PairBatch.one_to_many(rows[asker], np.array([rows[who]])))
        lift = intersectional_fit(sets, nice=0.35, important=0.35, very_important=0.35)
        found.append(float(np.nan_to_num(lift)[0]))
    return found


@holds_for(worlds())
def test_only_two_wishes_that_act_lift_anybody(people: list[Any]) -> None:
    single = [{**p, "wishes": p.get("wishes", [])[:1], "joint_wishes": []} for p in people]
    second = {"attributes": attributes("invented:alone"), "wishes": wishes("nice", "invented")}
    own = [
        p | {name: [*p.get(name, []), *told] for name, told in second.items()} if p["id"] in ASKING else p
        for p in single
    ]
    assert answers(loaded(own), ASKING) == answers(loaded(single, ""), ASKING), "a second wish that nobody shares"


@holds_for(worlds(), st.lists(st.sampled_from((*THEMES, "heritage:east", "west")), max_size=2, unique=True))
def test_a_groups_condition_never_hides_it_and_never_lowers_it(people: list[Any], intended: list[str]) -> None:
    from tests.support import group

    groups = [group("g", intended_for=intended), group("h", topics=["pottery"])]
    off, on = loaded(people, "", groups=groups), loaded(people, GROUP_LIFT, groups=groups)
    for who in ASKING:
        before, after = (([s.candidate_id for s in e.suggest(who, "group")]) for e in (off, on))
        assert set(before) == set(after) == {"g", "h"}
        assert after.index("g") <= before.index("g")
