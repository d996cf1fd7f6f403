"""Events: what they are about, whether one can come, whom one may meet, and how big a step it is (domain.md C8)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.components import Plural, scorer
from matchengine.records import vocabulary as v
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.evidence import strongest_texts
from matchengine.scorers.ladder import ladder, ladder_of_any_level
from matchengine.scorers.network_gap import WORTH_COUNTING, Fills, Scales, fill_gaps, gaps, own_fills
from matchengine.scorers.reach import reach, supports_at_hand
from matchengine.scorers.rules.bits import MaskArray

__all__ = ["event_fit"]

_INTEREST, _REACH, _GAP = 0.5, 0.3, 0.2
"""Exponents; those of unknown parts are shared out among the others in proportion."""
_SURE_OF_INTERESTS, _SURE_OF_NEEDS, _SURE_OF_GAPS, _SURE_OF_STEP = 0.4, 0.2, 0.2, 0.2


@scorer(
    "event_fit",
    block="relate",
    title="interests, contacts and the size of the step",
    says={
        "for_requester": Plural(
            "it is a place for one kind of contact that you are missing",
            "it is a place for {met:.0f} kinds of contact that you are missing",
            by="met",
        ),
        "both": (
            "what it is about is close to your interest “{interest}”",
            "“{topic}” is close to one of your interests",
            "your interests and what it is about cannot be compared, so only the way in and the contacts "
            "count{uncompared?}",
        ),
    },
    says_to={
        "candidate": {"for_candidate": "your “{topic}” is close to one of their interests"},
        "coordinator": {
            "for_requester": Plural(
                "it is a place for one kind of contact that the person is missing",
                "it is a place for {met:.0f} kinds of contact that the person is missing",
                by="met",
            ),
            "both": (
                "“{topic}” is close to the interest “{interest}”",
                "“{topic}” is close to one of the interests",
                "the interests and what it is about cannot be compared, so only the way in and the contacts "
                "count{uncompared?}",
            ),
        },
    },
    monotone={
        "items_interests_topics": 1,
        "requester_barriers": -1,
        "candidate_supports": 1,
        "candidate_usual_supports": 1,
        "candidate_fills": 1,
    },
)
def event_fit(
    items_interests_topics: ItemPairs,
    requester_barriers: FloatArray,
    candidate_supports: FloatArray,
    candidate_usual_supports: FloatArray,
    requester_network_counts: FloatArray,
    requester_network_importance: FloatArray,
    candidate_fills: FloatArray,
    candidate_kind: MaskArray,
    requester_comfort_rung: FloatArray,
    candidate_exposure_level: FloatArray,
    *,
    beta: Share = 0.6,
    scales: Scales = v.NETWORK_SCALES,
    fills: Fills | None = None,
) -> Scored:
    """Affinity^.5 · reach^.3 · gap fill^.2 · step: interests, barriers against supports, missing contacts, the ladder.

    Parameters
    ----------
    items_interests_topics : ItemPairs
        Affinity as in `topic_interest`.
    requester_barriers, candidate_supports, candidate_usual_supports : float arrays (P, 14)
        Reach as in `scorers.reach`; a person who states no barrier has none.
    requester_network_counts, requester_network_importance, candidate_fills : float arrays (P, 6)
        Gap fill as in `network_gap`, with the settings `scales` and `fills`.
    candidate_kind : uint32 array (P,)
        Read only where `fills` is set.
    requester_comfort_rung, candidate_exposure_level : float arrays (P,)
        Ladder as in `scorers.ladder`. Without a rung the step is dropped; without a level it is the mean over all
        levels, so that an event gains nothing by not telling.

    Returns
    -------
    Scored
        value (P,) in [0, 1]. Unknown interests or gaps are dropped and the other exponents grow to sum up to 1; a
        sentence says so for interests. NaN where neither interests, nor barriers, nor gaps, nor the step are known.
        The confidence counts interests .4, needs .2 (who states none has none), gaps .2 and the step .2.
    """
    pairs = items_interests_topics
    alike = affinity(pairs, beta)
    at_hand = supports_at_hand(requester_barriers, candidate_supports, candidate_usual_supports)
    way_in = reach(requester_barriers, at_hand).astype(np.float64)
    contacts = fill_gaps(
        gaps(requester_network_counts, requester_network_importance, scales),
        own_fills(candidate_fills, candidate_kind, fills),
    )
    compared, mapped = ~np.isnan(alike.value), ~np.isnan(contacts.value)
    whole = _REACH + _INTEREST * compared + _GAP * mapped
    fit = np.where(compared, alike.value, 1) ** _INTEREST * way_in**_REACH * np.where(mapped, contacts.value, 1) ** _GAP
    step = ladder(candidate_exposure_level, requester_comfort_rung)
    sized = ~np.isnan(step)
    step = np.where(sized, step, ladder_of_any_level(requester_comfort_rung))
    step = np.where(np.isnan(step), 1, step)
    stated = ~np.isnan(requester_barriers).all(axis=1)
    known = compared | stated | mapped | sized
    sure = _SURE_OF_INTERESTS * alike.known + _SURE_OF_NEEDS + _SURE_OF_GAPS * contacts.known + _SURE_OF_STEP * sized
    met = (contacts.filled >= WORTH_COUNTING).sum(axis=1)
    mine, topic = strongest_texts(pairs.similarity, pairs, "left", alike.best)
    return Scored(
        np.where(known, np.clip(fit ** (1 / whole) * step, 0, 1), np.nan),
        np.where(known, np.minimum(sure, 1), 0),
        met=np.where(met > 0, met, np.nan),
        uncompared=np.where(~compared & (mapped | sized), 1, np.nan),
        interest=Quotes("requester", pairs.left_field, mine),
        topic=Quotes("candidate", pairs.right_field, topic),
    )
