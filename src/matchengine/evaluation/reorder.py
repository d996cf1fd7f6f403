"""The same task with its people in another order: nothing that is measured may change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from matchengine.batch import IntArray
from matchengine.evaluation.task import Task

__all__ = ["reordered"]


def reordered(task: Task, seed: int) -> tuple[Task, IntArray]:
    """Return the task with requesters and candidates shuffled, and where each old pair stands now, int64 (P,)."""
    asked = task.asked
    draw = np.random.default_rng([seed, 2])
    people, others = draw.permutation(asked.requesters), draw.permutation(asked.candidates)
    new_person, new_other = np.argsort(people), np.argsort(others)
    requester, candidate = new_person[asked.requester], new_other[asked.candidate]
    order = np.lexsort((candidate, requester))
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    of, whom = people.tolist(), others.tolist()
    turned = replace(
        asked,
        requester_ids=tuple(asked.requester_ids[n] for n in of),
        candidate_ids=tuple(asked.candidate_ids[n] for n in whom),
        requester=requester[order].astype(np.int32),
        candidate=candidate[order].astype(np.int32),
        seats=asked.seats[others],
        arrival=asked.arrival[people],
        requester_texts=_taken(asked.requester_texts, of),
        candidate_texts=_taken(asked.candidate_texts, whom),
        requester_tags=_taken(asked.requester_tags, of),
        candidate_tags=_taken(asked.candidate_tags, whom),
        audit={
            name: _taken(values, whom if name.startswith("candidate:") else of) for name, values in asked.audit.items()
        },
    )
    return replace(
        task,
        asked=turned,
        gain=task.gain[order],
        mutual=None if task.mutual is None else task.mutual[order],
        reverse_gain=None if task.reverse_gain is None else task.reverse_gain[order],
        propensity=task.propensity[order],
        moment=task.moment[order],
        cluster=tuple(task.cluster[n] for n in of),
    ), back


def _taken(values: tuple[Any, ...], order: list[int]) -> tuple[Any, ...]:
    return tuple(values[n] for n in order) if values else ()
