"""The marginal gain of domain.md D1: its parts, what is dropped when it is unknown, and what may never lower it."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.batch import PairBatch
from matchengine.programme.swaps.gains import PARTS, Parts, added, gain, mentor_side, needs_met, voices, wishes
from matchengine.programme.swaps.graph import exchanges_of
from matchengine.programme.swaps.wishes import slots_of
from matchengine.records import Relationship
from matchengine.records.swaps import SwapWish
from tests.programme.swaps.people import TODAY, asks, loaded, ring, teaches, tie, ties
from tests.programme.swaps.people import wishes as told_wishes
from tests.support import mentee, mentor


def pairs(made, *names):
    rows = made._pool.tables["people"].row_of
    return PairBatch(*np.array([[rows[a] for a, _ in names], [rows[b] for _, b in names]], np.int32))


def arcs(people, relationships, given, today=TODAY, extra="", **config):
    made = loaded(people, relationships, extra)
    settings = made.config.swaps["summer"].model_copy(update={"least_gain": 0.0, "least_fit": 0.0} | config)
    scene, records = made._scene("mentor"), [Relationship.model_validate(each) for each in relationships]
    slots = slots_of(scene, settings, [SwapWish.model_validate(each) for each in given], records, today).slots
    return exchanges_of(scene, settings, slots, records, today)


def by_name(exchanges):
    found, slots = exchanges.graph, exchanges.slots
    return {
        (slots[a].person_id, slots[b].mentor_id): exchanges.arcs.take(np.array([n]))
        for n, (a, b) in enumerate(zip(found.source.tolist(), found.target.tolist(), strict=True))
    }


def offers(*told):
    return [{"text": text, "level": level} for text, level in told]


ONE = offers(("sql queries", 4), ("baking bread", 1))
OTHER = offers(("welding steel", 3), ("sql", 4), ("speak in meetings", 2))


def test_what_a_second_mentor_adds_is_the_cover_of_both_together_less_that_of_the_first() -> None:
    """Oracle: a third mentor who offers what both offer; priorities and levels count."""
    goals = [{"text": "sql queries", "priority": 3}, {"text": "welding steel"}, {"text": "speak up", "priority": 2}]
    people = [mentee("e", goals=goals), mentor("one", offers=ONE), mentor("other", offers=OTHER)]
    made = loaded([*people, mentor("both", offers=[*ONE, *OTHER])], [])
    scene = made._scene("mentor")
    own, other, both = (needs_met(scene, pairs(made, ("e", name))) for name in ("one", "other", "both"))
    expected = both.found.value - own.found.value
    assert expected[0] > 0.1
    assert added(own, np.zeros(1, np.int64), other).sum(axis=1) == pytest.approx(expected, abs=1e-6)
    assert added(other, np.zeros(1, np.int64), own).sum(axis=1) == pytest.approx(
        both.found.value - other.found.value, abs=1e-6
    )


def test_another_offer_never_lowers_what_is_added_and_the_same_mentor_adds_nothing() -> None:
    people = [asks("e", "sql queries", "welding steel", "speak up"), mentor("one", offers=ONE)]
    people += [mentor(f"m{n}", offers=OTHER[:n]) for n in (1, 2, 3)]
    made = loaded([*people, mentor("same", offers=ONE)], [])
    scene = made._scene("mentor")
    own = needs_met(scene, pairs(made, ("e", "one")))
    others = needs_met(scene, pairs(made, *(("e", name) for name in ("same", "m1", "m2", "m3"))))
    found = added(own, np.zeros(4, np.int64), others).sum(axis=1)
    assert found[0] == pytest.approx(0, abs=1e-6)
    assert (np.diff(found[1:]) >= -1e-9).all()
    assert (found >= 0).all()


def test_unknown_is_no_gain_and_no_zero() -> None:
    foreign = {"text": "Schweissen lernen", "language": "de"}
    people = [asks("e", "sql queries"), mentor("one", offers=ONE), mentor("none", offers=[])]
    people += [mentor("german", offers=[foreign]), mentor("other", offers=OTHER)]
    made = loaded(people, [])
    scene = made._scene("mentor")
    own = needs_met(scene, pairs(made, ("e", "one"), ("e", "none")))
    other = needs_met(scene, pairs(made, ("e", "german"), ("e", "none"), ("e", "other")))
    first = np.zeros(3, np.int64)
    assert np.isnan(added(own, first, other).sum(axis=1)).tolist() == [True, True, False]
    assert np.isnan(added(own, first + 1, other).sum(axis=1)).all(), "nothing is known of the present mentor"


def test_the_parts_are_weighted_as_told_and_renormalised_when_one_is_missing() -> None:
    """D1: .45 Δcover + .25 persp·S + .30 wish − disruption."""
    assert dict(PARTS) == {"cover": 0.45, "perspective": 0.25, "wish": 0.30}
    unknown = np.full(1, np.nan)

    def of(cover, perspective, wish):
        some = [np.array([part], np.float64) for part in (cover, perspective, wish)]
        return float(gain(Parts(*some, unknown, unknown), np.array([0.8]), np.array([0.05]))[0])

    assert of(0.4, 0.5, 0.6) == pytest.approx(0.45 * 0.4 + 0.25 * 0.5 * 0.8 + 0.3 * 0.6 - 0.05)
    assert of(0.4, 0.5, np.nan) == pytest.approx((0.45 * 0.4 + 0.25 * 0.4) / 0.70 - 0.05)
    assert of(np.nan, np.nan, 0.6) == pytest.approx(0.55)
    assert np.isnan(of(np.nan, np.nan, np.nan))


def test_perspective_is_half_offers_and_half_style_and_a_missing_half_is_dropped() -> None:
    people = ring()
    found = by_name(arcs(people, ties(), told_wishes(), disruption=0.0))
    made = loaded(people, ties())
    rows = made._pool.tables["people"].row_of
    known = voices(made._scene("mentor"), np.array([rows["m0"], rows["m1"], rows["m2"]]))
    apart = (1 - float(known.offers[0] @ known.offers[1])) / 2
    told = found["e0", "m1"]
    assert told.apart[0] == pytest.approx(apart, abs=1e-6)
    assert told.style[0] == pytest.approx((4 + 0) / (2 * 4)), "mean over the sliders both set, of at most 4 steps"
    assert told.perspective[0] == pytest.approx((apart + 0.5) / 2, abs=1e-6)
    assert found["e0", "m1"].style == found["e1", "m0"].style
    silent = [each | {"style": None} if each["id"] == "m1" else each for each in people]
    alone = by_name(arcs(silent, ties(), told_wishes(), disruption=0.0))["e0", "m1"]
    assert np.isnan(alone.style[0])
    assert alone.perspective[0] == pytest.approx(apart, abs=1e-6)


def test_a_wish_is_compared_with_offers_and_focus_and_abstains_in_an_unknown_language() -> None:
    people = [asks("e0", "sql queries"), asks("e1", "chess"), teaches("m0", "sql queries")]
    people += [teaches("m1", "chess", mentoring_focus="standing before a big audience")]
    relationships = [tie("e0", "m0"), tie("e1", "m1")]

    def of(**more):
        given = told_wishes(2)
        given[0] |= more
        found = by_name(arcs(people, relationships, given, disruption=0.0))
        return float(found["e0", "m1"].wish[0])

    assert of(perspective="chess") == 1
    assert of(perspective="standing before a big audience") == 1
    assert of(perspective="zebra quilts") == pytest.approx(0, abs=0.2)
    assert np.isnan(of())
    assert np.isnan(of(perspective="Schach", perspective_language="de"))


def test_wishes_are_masked_and_encoded_once_like_other_texts() -> None:
    made = loaded(ring(), ties())
    before = len(made.embedder.seen)
    found = wishes(made._scene("mentor"), [("she told him", "en"), None, ("she told him", None)])
    assert made.embedder.seen[before:] == ["they told their"]
    assert np.allclose(found.vectors[0], found.vectors[2])
    assert np.isnan(found.vectors[1]).all()


def test_a_younger_relationship_pays_more_for_the_interruption() -> None:
    old, young = (by_name(arcs(ring(), ties(started=day), told_wishes())) for day in ("2025-06-01", "2025-11-01"))
    for pair in old:
        assert old[pair].gain - young[pair].gain == pytest.approx(0.10, abs=1e-9)


def test_the_mentors_side_is_the_score_with_what_the_mentor_gains() -> None:
    people = [asks("e0", "sql queries", offers=offers(("video editing", 4))), asks("e1", "sql queries", offers=[])]
    people += [mentor("m", offers=ONE, hopes_to_gain="video editing"), mentor("silent", offers=ONE, hopes_to_gain=None)]
    made = loaded(people, [])
    scene = made._scene("mentor")
    batch = pairs(made, ("e0", "m"), ("e1", "m"), ("e0", "silent"))
    _raw, table = scene.table(batch)
    side = mentor_side(scene, batch, table)
    assert side[0] > side[1], "who can give what the mentor hopes for suits them better"
    assert side[2] == pytest.approx(table.total[2] - table.lift[2]), "without aims the score itself"
