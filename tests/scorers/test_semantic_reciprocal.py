"""Semantic fit in both directions."""

from dataclasses import replace

import numpy as np
import pytest

from matchengine.components import specs_in
from matchengine.scorers.semantic_reciprocal import semantic_reciprocal
from matchengine.testing import World, check_all

NAN = np.nan
NONE = np.zeros((0, 1))


@pytest.fixture(scope="module")
def three(items_of):
    """Two pairs: one where both directions are known, one whose candidate has no aims."""

    def build(needs_offers, needs_aims=NONE, offers_aims=NONE, past=NONE, source=None, level=4, own_level=4):
        needs_offers, needs_aims, offers_aims = (np.asarray(g, float) for g in (needs_offers, needs_aims, offers_aims))
        sources = {"source": source or [0] * len(needs_offers)}
        return (
            items_of(needs_offers, left=sources, right={"level": [level] * needs_offers.shape[1]}),
            items_of(needs_aims, left={"source": sources["source"][: len(needs_aims)]}, fields=("needs", "aims")),
            items_of(offers_aims, left={"level": [own_level] * len(offers_aims)}, fields=("offers", "aims")),
            replace(items_of(np.asarray(past, float), fields=("needs", "past")), recorded=past is not NONE),
        )

    return build


def test_both_directions_in_one_number(three):
    result = semantic_reciprocal(*three([[0.8]], [[0.4]], [[0.1]]))
    assert result.value == pytest.approx([2 * 0.8 * 0.4 / 1.2])
    assert result.confidence == pytest.approx([1.0])


def test_the_better_of_goals_and_offers_serves_an_aim(three):
    result = semantic_reciprocal(*three([[1.0]], [[0.2, 0.6]], [[0.4, 0.0]]), aggregate="min")
    assert result.value == pytest.approx([0.5])


def test_wants_do_not_serve_aims(three):
    by_goal = semantic_reciprocal(*three([[1.0], [1.0]], [[0.3], [0.9]], source=[0, 1]), aggregate="min")
    assert by_goal.value == pytest.approx([0.3])
    only_wants = semantic_reciprocal(*three([[0.7]], [[0.9]], source=[1]))
    assert only_wants.value == pytest.approx([0.7])
    assert only_wants.confidence == pytest.approx([0.65])


def test_one_direction_alone_lowers_the_confidence(three):
    needs_only = semantic_reciprocal(*three([[0.8]]))
    aims_only = semantic_reciprocal(*three([[NAN]], [[0.8]]))
    assert needs_only.value == pytest.approx([0.8])
    assert aims_only.value == pytest.approx([0.8])
    assert 0 < aims_only.confidence[0] < needs_only.confidence[0] < 1


def test_nothing_known_abstains(three):
    result = semantic_reciprocal(*three(NONE))
    assert np.isnan(result.value).all()
    assert result.confidence == pytest.approx([0])


def test_levels_count_on_both_sides(three):
    assert semantic_reciprocal(*three([[1.0]], level=1)).value == pytest.approx([0.4])
    assert semantic_reciprocal(*three([[1.0]], level=0)).value == pytest.approx([0.0])
    unknown = semantic_reciprocal(*three([[1.0]], level=NAN))
    assert unknown.value == pytest.approx([0.7])
    assert unknown.confidence == pytest.approx([0.65 * 0.9])
    by_gift = semantic_reciprocal(*three([[1.0]], [[0.0]], [[1.0]], own_level=2), aggregate="min")
    assert by_gift.value == pytest.approx([0.6])


def test_it_quotes_the_strongest_items(three):
    result = semantic_reciprocal(*three([[0.1, 0.2], [0.9, 0.3]], [[0.1], [0.2]], [[0.0], [0.7]]))
    quoted = {name: (q.side, q.field, q.texts.tolist()) for name, q in result.evidence.items()}
    assert quoted == {
        "need": ("requester", "needs", [1]),
        "offer": ("candidate", "offers", [0]),
        "gift": ("requester", "offers", [1]),
        "goal": ("requester", "needs", [-1]),
        "aim": ("candidate", "aims", [0]),
        "asked": ("requester", "needs", [-1]),
        "work": ("candidate", "past", [-1]),
    }


def test_a_goal_speaks_where_it_serves_the_aim_better_than_any_offer(three):
    result = semantic_reciprocal(*three([[0.9]], [[0.8]], [[0.3]]))
    assert result.evidence["gift"].texts.tolist() == [-1]
    assert result.evidence["goal"].texts.tolist() == [0]


def test_weak_items_are_told_as_the_closest(three):
    result = semantic_reciprocal(*three([[0.3]], [[0.2]], [[0.3]]))
    quoted = [result.evidence[name].texts.tolist() for name in ("need", "offer", "gift", "goal", "aim")]
    assert quoted == [[0], [0], [0], [-1], [0]]


def test_unknown_items_are_not_quoted(three):
    result = semantic_reciprocal(*three([[NAN]], [[NAN]], [[NAN]]))
    assert [q.texts.tolist() for q in result.evidence.values()] == [[-1]] * 7


def test_past_work_counts_twice_what_is_offered(three):
    result = semantic_reciprocal(*three([[0.3]], past=[[0.9, 0.6, 0.6, 0.1]]))
    assert result.value == pytest.approx([(0.3 + 2 * 0.7) / 3])
    assert result.confidence == pytest.approx([0.65])
    assert {name: result.evidence[name].texts.tolist() for name in ("need", "offer", "asked", "work")} == {
        "need": [-1],
        "offer": [-1],
        "asked": [0],
        "work": [0],
    }


def test_past_work_alone_is_enough(three):
    assert semantic_reciprocal(*three(NONE, past=[[0.5]])).value == pytest.approx([0.5 * 1.8 / 3])
    assert semantic_reciprocal(*three([[NAN]], past=[[0.5]])).value == pytest.approx([0.5 * 1.8 / 3])


def test_unknown_past_work_lowers_the_confidence_where_it_is_recorded(three):
    plain = semantic_reciprocal(*three([[0.8]], [[0.4]]))
    unknown = semantic_reciprocal(*three([[0.8]], [[0.4]], past=[[NAN]]))
    assert unknown.value == pytest.approx(plain.value)
    assert plain.confidence == pytest.approx([1])
    assert unknown.confidence == pytest.approx([0.8 * 0.65 + 0.35])


ITEMS = ("max", "best_three", "top3_mean", "sum")
AGGREGATES = ("uninorm", "power_mean", "weighted_geometric", "min")


@pytest.mark.parametrize(
    ("items", "aggregate"),
    [
        pytest.param(one, other, marks=() if n == m else pytest.mark.slow)
        for n, one in enumerate(ITEMS)
        for m, other in enumerate(AGGREGATES)
    ],
)
def test_every_setting_passes_the_kit(items, aggregate):
    (spec,) = specs_in(semantic_reciprocal)
    assert check_all(spec, settings={"items": items, "past": items, "aggregate": aggregate}) == []


def shuffled(items, seed):
    """The same item pairs in another order: nobody may rely on how they are laid out."""
    order = np.random.default_rng(seed).permutation(len(items.phi))

    def side(segments, of):
        member_order = np.argsort(of, kind="stable")
        return replace(
            segments, order=member_order, starts=np.searchsorted(of[member_order], np.arange(len(segments.pair)))
        )

    left_of, right_of = items.left_of[order], items.right_of[order]
    return replace(
        items,
        left=side(items.left, left_of),
        right=side(items.right, right_of),
        left_of=left_of,
        right_of=right_of,
        phi=items.phi[order],
        lexical=items.lexical[order],
        similarity=items.similarity[order],
    )


def test_the_layout_of_item_pairs_does_not_matter():
    world = World(seed=3)
    (spec,) = specs_in(semantic_reciprocal)
    inputs = world.inputs(spec.inputs, world.batch(100)).values()
    plain = semantic_reciprocal(*inputs)
    other = semantic_reciprocal(*(shuffled(items, seed) for seed, items in enumerate(inputs)))
    assert other.value == pytest.approx(plain.value, nan_ok=True)
    assert other.confidence == pytest.approx(plain.confidence)
