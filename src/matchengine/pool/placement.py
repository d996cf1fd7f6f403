"""Whether a support group already has somebody whom a person should not meet there (domain.md C10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from matchengine.batch import BoolArray, PairBatch, Sides
from matchengine.records import vocabulary as v

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["acquaintances", "knows_member"]

_KEPT_APART = ("must_not", "household", "line_manager")
_SUPPORT_KINDS = np.uint32(sum(1 << v.GATHERING_KINDS.index(kind) for kind in ("support", "self_help")))


def knows_member(pool: Pool, sides: Sides, batch: PairBatch) -> BoolArray:
    """Whether a support group has, or is about to have, a member whom the requester should not meet there, (P,).

    Support groups are those of the kinds support and self-help, and all of topic risk B or C. Members are people with
    an open membership. Kept apart are people either of whom ruled the other out, who share a household or family, or
    one of whom manages the other. False for other groups, and always for people.
    """
    out = np.zeros(len(batch), np.bool_)
    if sides.candidates == "people":
        return out
    requesters, candidates = pool.tables[sides.requesters], pool.tables[sides.candidates]
    support = (candidates.column("topic_risk") != 0) | ((candidates.column("kind") & _SUPPORT_KINDS) != 0)
    for row, pairs in batch.runs:
        met = {
            group for other in acquaintances(pool, requesters.ids[row]) for group in pool.ties.others("existing", other)
        }
        rows = [candidates.row_of[group] for group in met if group in candidates.row_of]
        if rows:
            of_run = batch.candidate_rows[pairs]
            out[pairs] = np.isin(of_run, rows) & support[of_run]
    return out


def acquaintances(pool: Pool, person_id: str) -> set[str]:
    """Ids of the people with whom somebody is not to be placed in a support group."""
    found = {other for kind in _KEPT_APART for other in pool.ties.others(kind, person_id)}
    people = pool.tables["people"]
    row = people.row_of.get(person_id)
    if row is not None:
        homes = people.column("household")
        if homes[row] >= 0:
            found |= {people.ids[other] for other in np.flatnonzero((homes == homes[row]) & people.alive).tolist()}
    return found - {person_id}
