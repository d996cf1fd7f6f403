"""Groups and events that are easy to come to: interests, barriers against supports, the first visit (domain.md C5)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records.group import Share
from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.scorers.affinity import affinity
from matchengine.scorers.entry import UNTOLD, entry
from matchengine.scorers.evidence import strongest_texts
from matchengine.scorers.ladder import ladder, ladder_of_any_level
from matchengine.scorers.reach import reach, supports_at_hand

__all__ = ["low_threshold"]

_INTEREST, _REACH, _ENTRY = 0.55, 0.45, 0.5
"""Exponents, fixed whatever is unknown: renormalised ones would break the monotonicity in confidence."""
_CONFIDENCE = BARRIER_KINDS.index("confidence")
_SURE_OF_INTERESTS, _SURE_OF_NEEDS, _SURE_OF_STEP = 0.4, 0.4, 0.2
_FEW, _MANY = 3, 15
"""Sizes that are told as small."""
Width = Annotated[float, Field(gt=0, le=10)]


@scorer(
    "low_threshold",
    block="relate",
    title="interests and an easy start",
    says={
        "for_requester": (
            "it is small (about {size:.0f} people), and newcomers are welcome{newcomers?}",
            "it is small (about {size:.0f} people)",
            "newcomers are welcome{newcomers?}",
            "you may come once to try{once?}",
        ),
        "both": (
            "what it is about is close to your interest “{interest}”, and somebody can meet you outside{met?}",
            "what it is about is close to your interest “{interest}”",
            "“{topic}” is close to one of your interests, and somebody can meet you outside{met?}",
            "“{topic}” is close to one of your interests",
            "your interests and what it is about cannot be compared; somebody can meet you outside{uncompared?}{met?}",
            "your interests and what it is about cannot be compared, so only the way in counts{uncompared?}",
            "what it is about has little in common with your interests; somebody can meet you outside{apart?}{met?}",
            "what it is about has little in common with your interests{apart?}",
        ),
    },
    says_to={
        "candidate": {"for_candidate": "your “{topic}” is close to one of their interests"},
        "coordinator": {
            "for_requester": (
                "it is small (about {size:.0f} people), and newcomers are welcome{newcomers?}",
                "it is small (about {size:.0f} people)",
                "newcomers are welcome{newcomers?}",
                "one may come once to try{once?}",
            ),
            "both": (
                "“{topic}” is close to the interest “{interest}”, and somebody can meet them outside{met?}",
                "“{topic}” is close to the interest “{interest}”",
                "“{topic}” is close to one of the interests, and somebody can meet them outside{met?}",
                "“{topic}” is close to one of the interests",
                "the interests and what it is about cannot be compared; somebody can meet them outside"
                "{uncompared?}{met?}",
                "the interests and what it is about cannot be compared, so only the way in counts{uncompared?}",
                "what it is about has little in common with the interests; somebody can meet them outside"
                "{apart?}{met?}",
                "what it is about has little in common with the interests{apart?}",
            ),
        },
    },
    monotone={
        "items_interests_topics": 1,
        "requester_barriers": -1,
        "candidate_supports": 1,
        "candidate_usual_supports": 1,
        "candidate_size": -1,
        "candidate_beginner_friendly": 1,
        "candidate_named_contact": 1,
        "candidate_regular": 1,
        "candidate_accompanied": 1,
        "candidate_try_once": 1,
        "candidate_activity_first": 1,
    },
)
def low_threshold(
    items_interests_topics: ItemPairs,
    requester_barriers: FloatArray,
    candidate_supports: FloatArray,
    candidate_usual_supports: FloatArray,
    candidate_size: FloatArray,
    candidate_beginner_friendly: FloatArray,
    candidate_named_contact: FloatArray,
    candidate_regular: FloatArray,
    candidate_accompanied: FloatArray,
    candidate_try_once: FloatArray,
    candidate_activity_first: FloatArray,
    requester_comfort_rung: FloatArray,
    candidate_exposure_level: FloatArray,
    *,
    beta: Share = 0.6,
    too_big: Width = 0.7,
    too_small: Width = 1.5,
) -> Scored:
    """Interests, reach, ease of the first visit and size of the step in one: affinity^.55 · reach^.45 · entry^e · step.

    `e` is half the barrier `confidence`: how the first visit is made counts for those to whom it is hard. No sentence
    speaks of a barrier; all of them tell facts about the group.

    Parameters
    ----------
    items_interests_topics : ItemPairs
        Affinity as in `topic_interest`. Where nothing is known of it, it is dropped and reach counts with exponent 1;
        a sentence says so.
    requester_barriers : float array (P, 14)
        0 to 1; a row of NaN where none are stated, which counts as none.
    candidate_supports, candidate_usual_supports : float arrays (P, 14)
        What is stated and, where nobody said anything, what is usual (`scorers.reach`).
    candidate_size, candidate_beginner_friendly, candidate_named_contact, candidate_regular, candidate_accompanied, \
    candidate_try_once, candidate_activity_first : float arrays (P,)
        See `scorers.entry`; where nothing is known the ease is .5.
    requester_comfort_rung, candidate_exposure_level : float arrays (P,)
        See `scorers.ladder`. Without a rung the step is dropped; without a level it is the mean over all levels, so
        that a group gains nothing by not telling.
    beta
        Weight of a first interest that is shared, as in `topic_interest`.
    too_big, too_small
        σ of the ladder for steps that are too big, and for small ones.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; 0 where a blocking barrier meets a stated support of 0; NaN where neither interests, nor
        barriers, nor the step are known. The confidence counts interests and topics .4, needs .4 (who states none
        has none) and the step .2. Supports and the first visit have no part in it: unknown ones are read cautiously
        already, and a group must never lose by telling what it offers (S1-14, S5-01).
    """
    pairs = items_interests_topics
    alike = affinity(pairs, beta)
    compared = ~np.isnan(alike.value)
    at_hand = supports_at_hand(requester_barriers, candidate_supports, candidate_usual_supports)
    way_in = reach(requester_barriers, at_hand).astype(np.float64)
    first = entry(
        candidate_size,
        candidate_beginner_friendly,
        candidate_named_contact,
        candidate_regular,
        candidate_accompanied,
        candidate_try_once,
        candidate_activity_first,
    )
    first = np.where(np.isnan(first), UNTOLD, first) ** (_ENTRY * np.nan_to_num(requester_barriers[:, _CONFIDENCE]))
    step = ladder(candidate_exposure_level, requester_comfort_rung, over=too_big, under=too_small)
    sized = ~np.isnan(step)
    step = np.where(sized, step, ladder_of_any_level(requester_comfort_rung, over=too_big, under=too_small))
    step = np.where(np.isnan(step), 1, step)
    fit = np.where(compared, np.where(compared, alike.value, 1) ** _INTEREST * way_in**_REACH, way_in)
    stated = ~np.isnan(requester_barriers).all(axis=1)
    known = compared | stated | sized
    sure = _SURE_OF_INTERESTS * alike.known + _SURE_OF_NEEDS + _SURE_OF_STEP * sized
    mine, topic = strongest_texts(pairs.similarity, pairs, "left", alike.best)
    return Scored(
        np.where(known, np.clip(fit * first * step, 0, 1), np.nan),
        np.where(known, sure, 0),
        size=np.where((candidate_size >= _FEW) & (candidate_size <= _MANY), candidate_size, np.nan),
        newcomers=_yes(candidate_beginner_friendly),
        met=_yes(candidate_accompanied),
        once=_yes(candidate_try_once),
        uncompared=np.where(compared | np.isnan(candidate_usual_supports).all(axis=1), np.nan, 1),
        apart=np.where(compared & (mine < 0), 1, np.nan),
        interest=Quotes("requester", pairs.left_field, mine),
        topic=Quotes("candidate", pairs.right_field, topic),
    )


def _yes(feature: FloatArray) -> FloatArray:
    """1 where it is known to be so, else NaN."""
    return np.where(feature == 1, 1, np.nan)
