"""Semantic fit in both directions: what the candidate can give, and what the candidate gains (domain.md C1)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import IntArray, ItemPairs, Quotes, Scored, segment_max
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.scorers.aggregate import Aggregate
from matchengine.scorers.aggregate import aggregate as combine
from matchengine.scorers.cover import (
    ItemAggregation,
    Shares,
    best_of_each,
    level_doubt,
    only_source,
    quality,
    shares,
    shares_of_either,
)
from matchengine.scorers.evidence import peaks, strongest_texts
from matchengine.scorers.past_work import done, said_and_done

__all__ = ["semantic_reciprocal"]

_NEED_SHARE = 0.65
"""Share of the confidence that rests on the requester's needs; the rest on the candidate's aims."""


@scorer(
    "semantic_reciprocal",
    block="need",
    title="needs and offers",
    says={
        "for_requester": (
            "closest to your “{need}” is their offer “{offer}”",
            "closest to one of your needs is their offer “{offer}”",
            "closest to your “{asked}” is what they did before: “{work}”",
            "closest to one of your needs is what they did before: “{work}”",
        ),
        "for_candidate": (
            "closest to what they hope to gain is your “{gift}”",
            "closest to what they hope to gain is your goal “{goal}”",
            "closest to what they hope to gain is one of your goals{goal?}",
        ),
    },
    says_to={
        "candidate": {
            "for_requester": (
                "closest to what they are looking for is your offer “{offer}”",
                "closest to what they are looking for is your past work “{work}”",
            ),
            "for_candidate": (
                "closest to your “{aim}” is their offer “{gift}”",
                "closest to your “{aim}” is one of their goals{goal?}",
                "closest to what you hope to gain is their offer “{gift}”",
                "closest to what you hope to gain is one of their goals{goal?}",
            ),
        },
        "coordinator": {
            "for_requester": (
                "closest to the need “{need}” is the offer “{offer}”",
                "closest to one of the needs is the offer “{offer}”",
                "closest to the need “{asked}” is the past work “{work}”",
                "closest to one of the needs is the past work “{work}”",
            ),
            "for_candidate": (
                "closest to the hope “{aim}” is the offer “{gift}”",
                "closest to the hope “{aim}” is the goal “{goal}”",
                "closest to what the candidate hopes to gain is the offer “{gift}”",
                "closest to what the candidate hopes to gain is one of the goals{goal?}",
            ),
        },
    },
    monotone={"items_needs_offers": 1, "items_needs_aims": 1, "items_offers_aims": 1, "items_needs_past": 1},
)
def semantic_reciprocal(
    items_needs_offers: ItemPairs,
    items_needs_aims: ItemPairs,
    items_offers_aims: ItemPairs,
    items_needs_past: ItemPairs,
    *,
    aggregate: Aggregate = "harmonic",
    items: ItemAggregation = "max",
    past: ItemAggregation = "best_three",
    power: float = -1.0,
    theta: Share = 0.65,
) -> Scored:
    """How well what the candidate offers and did covers the requester's needs, and the requester the candidate's aims.

    Parameters
    ----------
    items_needs_offers : ItemPairs
        The requester's goals and wants against the candidate's offers.
    items_needs_aims, items_offers_aims : ItemPairs
        The requester's goals (other needs are left out) and offers against what the candidate hopes to gain and
        wants to focus on.
    items_needs_past : ItemPairs
        The same needs against what the candidate did before. Where it is known it counts twice what the offers count;
        where it is not the offers count alone.
    aggregate, power, theta
        How the two directions become one number; see `matchengine.scorers.aggregate`.
    items, past
        How several offers, and several texts of past work, serve one need; see
        `matchengine.scorers.cover.best_of_each`.

    Returns
    -------
    Scored
        value (P,) in [0, 1]. Where one direction is unknown the other one alone, with lower confidence; NaN where
        both are. The confidence is the known share of the weights, .65 for the needs and .35 for the aims, less
        up to .1 for unknown skill levels.
    """
    strength = items_needs_offers.similarity * quality(items_needs_offers.right.level)[items_needs_offers.right_of]
    left = items_needs_offers.left
    best = best_of_each(strength, left, items)
    offered = shares(best, left, items_needs_offers.pairs, left.priority)
    before = done(items_needs_past, past)
    closest = best if items == "max" else segment_max(strength, left)
    need_text, offer_text = strongest_texts(strength, items_needs_offers, "left", closest, least=0)
    aims, gift_text, goal_text, aim_text = _aims(items_needs_aims, items_offers_aims)
    sure = np.maximum(offered.known - level_doubt(items_needs_offers.right, items_needs_offers.pairs), 0)
    need = said_and_done(Shares(offered.value, sure), before.share, recorded=items_needs_past.recorded)
    value = combine(need.value, aims.value, aggregate, power, theta)
    offer_peak = peaks(closest, left, items_needs_offers.pairs)
    told = offer_peak >= before.peak
    return Scored(
        np.where(np.isnan(value), np.fmax(need.value, aims.value), value),
        _NEED_SHARE * need.known + (1 - _NEED_SHARE) * aims.known,
        need=Quotes("requester", items_needs_offers.left_field, np.where(told, need_text, -1)),
        offer=Quotes("candidate", items_needs_offers.right_field, np.where(told, offer_text, -1)),
        **before.quotes(items_needs_past, offer_peak),
        gift=Quotes("requester", items_offers_aims.left_field, gift_text),
        goal=Quotes("requester", items_needs_aims.left_field, goal_text),
        aim=Quotes("candidate", items_needs_aims.right_field, aim_text),
    )


def _aims(needs: ItemPairs, offers: ItemPairs) -> tuple[Shares, IntArray, IntArray, IntArray]:
    """Cover of the candidate's aims, the text of the requester's offer or goal that serves one best, and that aim."""
    goals = only_source(needs, "goals")
    gifts = offers.similarity * quality(offers.left.level)[offers.left_of]
    by_goals, by_gifts = segment_max(goals, needs.right), segment_max(gifts, offers.right)
    met = shares_of_either((by_goals, needs.right), (by_gifts, offers.right), needs.pairs)
    gift, aim_of_gift = strongest_texts(gifts, offers, "right", by_gifts, least=0)
    goal, aim_of_goal = strongest_texts(goals, needs, "right", by_goals, least=0)
    sure = np.maximum(met.known - level_doubt(offers.left, offers.pairs), 0)
    gift_wins = peaks(by_gifts, offers.right, offers.pairs) >= peaks(by_goals, needs.right, needs.pairs)
    aim = np.where(gift_wins, aim_of_gift, aim_of_goal)
    return Shares(met.value, sure), np.where(gift_wins, gift, -1), np.where(gift_wins, -1, goal), aim
