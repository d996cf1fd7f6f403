"""Partnerships across generations: a task together and a gift each way, whoever is older (domain.md C4).

The design follows the conditions under which contact between groups does good: equal standing, a common goal, working
together, support of the programme (Allport; Pettigrew and Tropp 2006). So the sentences name a task and both gifts, and
nothing that is computed or said knows which of the two is older.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, ItemPairs, Quotes, Scored
from matchengine.components import scorer
from matchengine.records import vocabulary as v
from matchengine.records.group import Share
from matchengine.scorers.affinity import affinity
from matchengine.scorers.evidence import strongest_texts
from matchengine.scorers.exchange import exchange, gift_quotes, mean_of_known
from matchengine.scorers.reverse_mentoring import Years
from matchengine.scorers.values_overlap import values_overlap

__all__ = ["cross_generational", "gap_worth", "gap_years"]

_MIDPOINTS = np.array([*v.AGE_MIDPOINTS, np.nan])
_INTERESTS, _EXCHANGE, _VALUES = 0.40, 0.40, 0.20


@scorer(
    "cross_generational",
    block="need",
    title="a task together across generations",
    says={
        "both": (
            "a task together could start from your interest “{interest}”, the closest of yours to theirs",
            "a task together could start from your “{need}” and their “{offer}”",
        ),
        "for_requester": "their gift to you could be “{offer}”, the closest to your “{need}”",
        "for_candidate": "your gift to them could be “{gift}”, the closest to one of their needs{aim?}",
    },
    says_to={
        "candidate": {
            "both": (
                "a task together could start from your interest “{theirs}”, the closest of yours to theirs",
                "a task together could start from your “{offer}” and one of their needs{need?}",
            ),
            "for_requester": "your gift to them could be “{offer}”, the closest to one of their needs{need?}",
            "for_candidate": "their gift to you could be “{gift}”, the closest to your “{aim}”",
        },
        "coordinator": {
            "both": (
                "a task together could start from the interests “{interest}” and “{theirs}”, their closest ones",
                "a task together could start from their closest interests{interest?}",
                "a task together could start from the offer “{offer}”",
            ),
            "for_requester": "the candidate's gift could be “{offer}”",
            "for_candidate": "the gift of the person who looks could be “{gift}”",
        },
    },
    symmetric=True,
    monotone={"items_interests_interests": 1, "items_needs_offers": 1, "items_offers_needs": 1},
)
def cross_generational(
    requester_age_band: FloatArray,
    candidate_age_band: FloatArray,
    requester_career_stage: FloatArray,
    candidate_career_stage: FloatArray,
    items_interests_interests: ItemPairs,
    items_needs_offers: ItemPairs,
    items_offers_needs: ItemPairs,
    requester_values: NDArray[np.uint64],
    candidate_values: NDArray[np.uint64],
    *,
    from_years: Years = 8.0,
    full_from_years: Years = 15.0,
    full_to_years: Years = 35.0,
    floor_from_years: Years = 60.0,
    floor: Share = 0.5,
    beta: Share = 0.6,
) -> Scored:
    """How much two people of different generations have to do together; 0 where nothing but the years is between them.

    Parameters
    ----------
    requester_age_band, candidate_age_band : float arrays (P,)
        Position in `AGE_BANDS`; known only with consent. Without both, 7 years for each career stage between the two.
    requester_career_stage, candidate_career_stage : float arrays (P,)
        0 to 6.
    items_interests_interests : ItemPairs
        Interests of both; .40 of what is between them.
    items_needs_offers, items_offers_needs : ItemPairs
        What each could give the other, over goals and wants; together .40.
    requester_values, candidate_values : uint64 arrays (P, W)
        Value cards; .20.
    from_years, full_from_years, full_to_years, floor_from_years, floor
        A gap counts nothing up to the first, fully between the second and third, and `floor` from the fourth on; see
        `gap_worth`.

    Returns
    -------
    Scored
        value (P,) in [0, 1], symmetric, and the same with both ages exchanged. Unknown parts are dropped; NaN where the
        gap or all parts are unknown. The confidence is the known share of the parts.
    """
    shared = affinity(items_interests_interests, beta)
    both = exchange(items_needs_offers, items_offers_needs)
    values = values_overlap(requester_values, candidate_values).value
    between, known = mean_of_known(
        (shared.value, shared.known, _INTERESTS),
        (both.value, both.known, _EXCHANGE),
        (values, np.ones(len(values)), _VALUES),
    )
    years = gap_years(requester_age_band, candidate_age_band, requester_career_stage, candidate_career_stage)
    interests = items_interests_interests
    mine, theirs = strongest_texts(interests.similarity, interests, "left", shared.best, least=0)
    return Scored(
        gap_worth(years, (from_years, full_from_years, full_to_years, floor_from_years), floor) * between,
        known,
        interest=Quotes("requester", interests.left_field, mine),
        theirs=Quotes("candidate", interests.right_field, theirs),
        **gift_quotes(items_needs_offers, items_offers_needs, both.gets, both.gives),
    )


def gap_years(age: FloatArray, other_age: FloatArray, stage: FloatArray, other_stage: FloatArray) -> FloatArray:
    """Return the years between two people, float64 (P,): of their age bands, else 7 for each career stage; else NaN."""
    apart = np.abs(_midpoint(age) - _midpoint(other_age))
    by_stage = np.abs(np.asarray(stage, np.float64) - other_stage) * v.STAGE_YEARS
    return np.where(np.isnan(apart), by_stage, apart)


def _midpoint(age_band: FloatArray) -> FloatArray:
    """Years in the middle of an age band, NaN where it is unknown."""
    midpoints: FloatArray = _MIDPOINTS.take(np.fmin(age_band, len(v.AGE_MIDPOINTS)).astype(np.intp), mode="clip")
    return midpoints


def gap_worth(
    years: FloatArray, turns: tuple[float, float, float, float] = (8.0, 15.0, 35.0, 60.0), floor: float = 0.5
) -> FloatArray:
    """Return how much a gap counts (golden GN5): 0, rising to 1, then falling to `floor`, with those turning points.

    `years` float (P,) from 0; NaN stays NaN. Turning points in another order are taken in that of size.
    """
    worth: FloatArray = np.interp(years, np.maximum.accumulate(turns), (0.0, 1.0, 1.0, floor))
    return worth
