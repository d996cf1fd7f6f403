"""What nobody can see and no record holds: warmth, reliability, teaching, how help by similar others works, shocks.

True needs, competences, values and barriers are hidden too, but people tell noisy parts of them; of the traits here
they tell nothing, but for a wish to share experience, which those have more often to whom it matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchengine.simulation.copula import column, holds
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import FloatArray

__all__ = ["Traits", "traits_of"]

_STRONG, _ADVERSE, _OTHERS = 1.0, -0.6, 0.08


@dataclass(frozen=True, eq=False)
class Traits:
    """Hidden traits of n people, each an array of shape (n,).

    Attributes
    ----------
    warmth, reliability, teaching : float
        Standard normal.
    reaction : float
        What help by somebody with the same experience does: 1 much good, near 0 nothing, below 0 rather harm.
    shock_rate : float
        Probability of a life shock in a week.
    """

    warmth: FloatArray
    reliability: FloatArray
    teaching: FloatArray
    reaction: FloatArray
    shock_rate: FloatArray

    def take(self, index: NDArray[np.int64]) -> Traits:
        """Return the traits of some of the people, in the order of `index`."""
        parts = (self.warmth, self.reliability, self.teaching, self.reaction, self.shock_rate)
        return Traits(*(part[index] for part in parts))


def traits_of(knobs: Knobs, latent: FloatArray) -> Traits:
    """Read the hidden traits off the variables of the copula, shape (n, variables)."""
    warmth, reliability, teaching, reaction, shock = (
        latent[:, column(name)] for name in ("warmth", "reliability", "teaching", "reaction", "shock")
    )
    strong, adverse = holds(reaction, knobs.reaction_strong), holds(-reaction, knobs.reaction_adverse)
    rate = np.clip(knobs.shocks_per_year / 52.0 * np.exp(0.5 * shock - 0.125), 0.0, 0.5)
    return Traits(warmth, reliability, teaching, np.where(strong, _STRONG, np.where(adverse, _ADVERSE, _OTHERS)), rate)
