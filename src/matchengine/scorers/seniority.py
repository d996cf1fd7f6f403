"""How far a candidate is ahead in experience and career (domain.md S3-04: an experienced guide)."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from matchengine.batch import FloatArray, Scored
from matchengine.components import scorer

__all__ = ["ahead", "seniority"]

_WORTH_SAYING = 0.6


@scorer(
    "seniority",
    block="need",
    title="experience",
    says={
        "for_requester": (
            "they have more years of experience than you{years?}",
            "they are further in their career than you{stages?}",
        )
    },
    says_to={
        "candidate": {
            "for_requester": (
                "you have more years of experience than they have{years?}",
                "you are further in your career than they are{stages?}",
            )
        },
        "coordinator": {
            "for_requester": (
                "the candidate has more years of experience{years?}",
                "the candidate is further in their career{stages?}",
            )
        },
    },
    monotone={
        "candidate_experience_years": 1,
        "candidate_career_stage": 1,
        "requester_experience_years": -1,
        "requester_career_stage": -1,
    },
)
def seniority(
    requester_experience_years: FloatArray,
    candidate_experience_years: FloatArray,
    requester_career_stage: FloatArray,
    candidate_career_stage: FloatArray,
    *,
    years: Annotated[float, Field(gt=0, le=60)] = 7.0,
    stages: Annotated[float, Field(gt=0, le=6)] = 1.0,
) -> Scored:
    """How far the candidate is ahead of the requester, from what both told: years of experience and career stage.

    Parameters
    ----------
    requester_experience_years, candidate_experience_years : float arrays (P,)
        Years; the middle of a band.
    requester_career_stage, candidate_career_stage : float arrays (P,)
        0 to 6.
    years, stages
        How softly the value rises: so many years, or stages, ahead are .73.

    Returns
    -------
    Scored
        value (P,) in (0, 1): mean of 1 / (1 + exp(-ahead / width)) over years and stages, .5 where both are as far;
        one of them alone where the other is unknown, with half of the confidence; NaN where both are. Nothing that
        others said or did about the candidate is read.
    """
    by_years = ahead(requester_experience_years, candidate_experience_years, years)
    by_stages = ahead(requester_career_stage, candidate_career_stage, stages)
    parts = np.stack([by_years, by_stages])
    known = (~np.isnan(parts)).sum(axis=0)
    value = np.where(known > 0, np.nansum(parts, axis=0) / np.maximum(known, 1), np.nan)
    return Scored(
        value,
        known / 2,
        years=np.where(by_years >= _WORTH_SAYING, by_years, np.nan),
        stages=np.where(by_stages >= _WORTH_SAYING, by_stages, np.nan),
    )


def ahead(own: FloatArray, other: FloatArray, width: float) -> FloatArray:
    """Return 1 / (1 + exp(-(other - own) / width)), float64 (P,): .5 at the same point, NaN where either is unknown."""
    distance = np.clip((np.asarray(other, np.float64) - own) / width, -60, 60)
    found: FloatArray = 1 / (1 + np.exp(-distance))
    return found
