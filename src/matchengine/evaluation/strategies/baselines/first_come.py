"""First come, first served: who comes early finds everybody free (domain.md H11)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.evaluation.strategies.drawing import lottery

__all__ = ["first_come"]


@strategy("first_come", title="First come, first served", baseline=True)
def first_come(asked: Asked) -> FloatArray:
    """Hand requesters, in the order of their arrival, the candidate with the most room left.

    Room is the share of seats that nobody holds yet; without a known limit it is 1 / (1 + those served so far). Each
    requester holds one seat of the candidate with the most room, the seed deciding between equals, and also between
    requesters who came at the same time. A pair scores the room its candidate had when its requester came.

    Returns
    -------
    float64 array (P,)
        In [0, 1]; NaN for a candidate who was full.
    """
    order = np.lexsort((lottery(asked.requester_ids, asked.seed, "came together"), asked.arrival))
    draw = lottery(asked.candidate_ids, asked.seed, "served first")
    held = np.zeros(asked.candidates)
    limited = ~np.isnan(asked.seats)
    seats = np.where(limited, np.maximum(np.nan_to_num(asked.seats), 0), 1)
    score = np.full(len(asked), np.nan)
    for person in order.tolist():
        own = slice(asked.starts[person], asked.starts[person + 1])
        candidates = asked.candidate[own]
        if not len(candidates):
            continue
        taken, most = held[candidates], seats[candidates]
        room = np.where(limited[candidates], 1 - taken / np.maximum(most, 1), 1 / (1 + taken))
        room[limited[candidates] & (taken >= most)] = np.nan
        score[own] = room
        if not np.isnan(room).all():
            best = np.flatnonzero(room == np.nanmax(room))
            held[candidates[best[np.argmin(draw[candidates[best]])]]] += 1
    return score
