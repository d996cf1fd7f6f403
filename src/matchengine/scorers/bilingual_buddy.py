"""Bilingual buddies: somebody who speaks the language one would like to learn, and one to talk in (domain.md C8)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from matchengine.batch import BoolArray, FloatArray, ItemPairs, Scored
from matchengine.components import scorer
from matchengine.records import vocabulary as v
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.aggregate import harmonic
from matchengine.scorers.exchange import mean_of_known
from matchengine.scorers.feasibility import distance_part

__all__ = ["bilingual_buddy"]

_HIGH = v.LANGUAGE_LEVELS.index("B2") + 1
_WORTH = np.array([0, 0.2, 0.4, 0.6, 0.8, 0.95, 1, 1])
"""h of domain.md C9 by language level 0 to 7."""
_LANGUAGE_SHARE = 0.5
"""Share of the confidence that rests on the languages; the rest on interests and place."""


@scorer(
    "bilingual_buddy",
    block="need",
    title="a language to learn and one to talk in",
    says={
        "for_requester": "they speak a language that you would like to learn, and speak it well{helped?}",
        "for_candidate": "you speak a language that they would like to learn, and speak it well{helps?}",
        "both": "there is a language that both of you speak well{common?}",
    },
    says_to={
        "candidate": {
            "for_requester": "you speak a language that they would like to learn, and speak it well{helped?}",
            "for_candidate": "they speak a language that you would like to learn, and speak it well{helps?}",
            "both": "there is a language that both of you speak well{common?}",
        },
        "coordinator": {
            "for_requester": "the candidate speaks well a language that the person who looks wants to learn{helped?}",
            "for_candidate": "the person who looks speaks well a language that the candidate wants to learn{helps?}",
            "both": "there is a language that both speak well{common?}",
        },
    },
    monotone={
        "requester_languages": 1,
        "candidate_languages": 1,
        "candidate_languages_to_learn": 1,
        "items_interests_interests": 1,
        "pair_distance_km": -1,
    },
)
def bilingual_buddy(
    requester_languages: NDArray[np.int8],
    candidate_languages: NDArray[np.int8],
    requester_languages_to_learn: BoolArray,
    candidate_languages_to_learn: BoolArray,
    items_interests_interests: ItemPairs,
    pair_distance_km: FloatArray,
    pair_online: FloatArray,
    *,
    interests: Share = 0.6,
    place: Share = 0.4,
    tandem: Share = 1.0,
    half_at_km: Annotated[float, Field(gt=0)] = 5.0,
    beta: Share = 0.6,
) -> Scored:
    """How well the candidate can help the requester with a language, in another one that both speak well.

    Parameters
    ----------
    requester_languages, candidate_languages : int8 arrays (P, L)
        1 to 7 for A1 to native, 0 for a language not spoken; all 0 means unknown. The candidate needs B2 in the
        language to learn, and both need B2 in one they share; the weaker level of the best shared one counts.
    requester_languages_to_learn, candidate_languages_to_learn : bool arrays (P, L)
        Languages each would like to practise.
    items_interests_interests : ItemPairs
        Interests of both.
    pair_distance_km, pair_online : float arrays (P,)
        Nearness, which has no part where they can meet online and half of it where that is unknown.
    interests, place
        Weights of interests and nearness.
    tandem
        Where each helps the other, this times the harmonic mean of both directions of the missing points is added.

    Returns
    -------
    Scored
        value (P,) in [0, 1]; 0 where a language is missing, the languages alone where nothing else is known. NaN where
        the requester names no language to learn or the languages of either are unknown. Half of the confidence rests on
        the languages, half on interests and nearness.
    """
    common = _highest(np.minimum(requester_languages, candidate_languages))
    known = (_highest(requester_languages) > 0) & (_highest(candidate_languages) > 0)
    known &= _any(requester_languages_to_learn)
    helped = _any(requester_languages_to_learn & (candidate_languages >= _HIGH))
    helps = _any(candidate_languages_to_learn & (requester_languages >= _HIGH))
    shared = affinity(items_interests_interests, beta)
    travel = np.where(np.isnan(pair_online), 0.5, pair_online != 1) * place
    near = distance_part(pair_distance_km, half_at_km)
    relation, sure = mean_of_known((shared.value, shared.known, interests), (near, np.ones(len(near)), travel))
    talk = np.where(common >= _HIGH, _WORTH[common], 0) * np.where(np.isnan(relation), 1, relation)
    one_way, back = talk * helped, talk * helps
    return Scored(
        np.where(known, one_way + (1 - one_way) * tandem * harmonic(one_way, back), np.nan),
        np.where(known, _LANGUAGE_SHARE + (1 - _LANGUAGE_SHARE) * sure, 0),
        helped=np.where(known & helped, 1.0, np.nan),
        helps=np.where(known & helps, 1.0, np.nan),
        common=np.where(known & (common >= _HIGH), 1.0, np.nan),
    )


def _highest(levels: NDArray[np.int8]) -> NDArray[np.int8]:
    """Largest level of each row of (P, L), int8 (P,)."""
    highest: NDArray[np.int8] = np.ascontiguousarray(levels.T).max(axis=0, initial=0)
    return highest


def _any(flags: BoolArray) -> BoolArray:
    """Whether any flag of each row of (P, L) is set, bool (P,)."""
    some: BoolArray = np.asarray(np.ascontiguousarray(flags.T).any(axis=0))
    return some
