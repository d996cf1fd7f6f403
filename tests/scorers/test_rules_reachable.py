"""Nobody is sent where they cannot come in."""

from __future__ import annotations

import numpy as np

from matchengine.records.vocabulary import BARRIER_KINDS
from matchengine.scorers.rules.reachable import reachable

NAN = np.nan


def told(felt: dict[str, float] | None, there: dict[str, float]) -> bool | None:
    barriers = [NAN] * 14 if felt is None else [felt.get(kind, 0) for kind in BARRIER_KINDS]
    supports = [there.get(kind, NAN) for kind in BARRIER_KINDS]
    ruled = reachable(np.array([barriers], np.float32), np.array([supports], np.float32))
    return bool(ruled.passes[0]) if ruled.known[0] else None


def test_only_a_blocking_barrier_with_no_support_at_all_shuts():
    assert told({"childcare": 1}, {"childcare": 0}) is False
    assert told({"childcare": 1}, {"childcare": 0.1}) is True
    assert told({"childcare": 0.6}, {"childcare": 0}) is True
    assert told(None, dict.fromkeys(BARRIER_KINDS, 0)) is True


def test_unknown_is_to_be_confirmed_and_never_counts_as_met():
    assert told({"childcare": 1}, {}) is None
    assert told({"childcare": 0.6}, {}) is True
    assert told({"childcare": 1, "cost": 1}, {"childcare": 1}) is None
    assert told({"childcare": 1, "cost": 1}, {"childcare": 0}) is False
