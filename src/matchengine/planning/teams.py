"""Choose a team for a project: cover its roles, share its interest, spread the load (domain.md C8, S1-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["ChosenTeam", "TeamAims", "choose_team", "coverage", "roles_of", "worth"]


@dataclass(frozen=True)
class TeamAims:
    """What a good team is.

    Attributes
    ----------
    interest, imbalance : float
        Weight of the members' mean interest, and of an uneven load, beside the coverage of the roles.
    covered_from : float
        Fit from which a role counts as covered; below it, the role is listed as uncovered.
    """

    interest: float = 0.2
    imbalance: float = 0.1
    covered_from: float = 0.4


@dataclass(frozen=True)
class ChosenTeam:
    """`members` int (k,) rows in the order chosen; `roles` int (R,) row of who takes each role, -1 where uncovered.

    `best` float (R,) is the best fit in the team for each role, `coverage` its mean weighted by importance, and
    `interest` the mean of the members' known interest, NaN where none is known.
    """

    members: IntArray
    roles: IntArray
    best: FloatArray
    coverage: float
    interest: float


def coverage(fit: FloatArray, weights: FloatArray, members: Sequence[int] | IntArray) -> float:
    """Weighted role coverage of a set of people, Σ v_r max_i fit_ir / Σ v_r: monotone and submodular in the set.

    Parameters
    ----------
    fit : float array (N, R)
        0 to 1: how well each person suits each role; NaN counts as 0, for nothing speaks for it.
    weights : float array (R,)
        Positive importance of the roles.
    """
    chosen = np.nan_to_num(fit[np.asarray(members, np.int64)])
    best = chosen.max(axis=0, initial=0)
    return float(best @ weights / weights.sum()) if len(weights) else 1.0


def roles_of(fit: FloatArray, members: Sequence[int] | IntArray, covered_from: float) -> IntArray:
    """Return for each role the row of the member who suits it best, or -1 below `covered_from`, int (R,).

    Of members who suit a role equally, the one with fewer roles so far takes it, then the one chosen earlier.
    """
    rows = np.asarray(members, np.int64)
    found = np.full(fit.shape[1], -1, np.int64)
    if not len(rows):
        return found
    chosen, load = np.nan_to_num(fit[rows]), np.zeros(len(rows))
    for role in np.argsort(-chosen.max(axis=0), kind="stable").tolist():
        suited = chosen[:, role]
        if suited.max() >= covered_from and suited.max() > 0:
            taker = int(np.lexsort((np.arange(len(rows)), load, -suited))[0])
            load[taker] += 1
            found[role] = rows[taker]
    return found


def worth(
    fit: FloatArray,
    weights: FloatArray,
    interest: FloatArray,
    members: Sequence[int] | IntArray,
    aims: TeamAims,
) -> float:
    """Coverage + mean interest − load imbalance of a team, each with its weight (domain.md C8).

    The imbalance is the largest member's share of the covered roles beyond an even share, in [0, 1).
    """
    rows = np.asarray(members, np.int64)
    value = coverage(fit, weights, rows)
    known = interest[rows][~np.isnan(interest[rows])]
    value += aims.interest * (float(known.mean()) if len(known) else 0.0)
    taken = roles_of(fit, rows, aims.covered_from)
    taken = taken[taken >= 0]
    if len(taken) and aims.imbalance:
        counts = np.unique(taken, return_counts=True)[1]
        value -= aims.imbalance * (float(counts.max()) / len(taken) - 1 / len(rows))
    return value


def choose_team(
    fit: FloatArray,
    weights: FloatArray,
    interest: FloatArray,
    size: tuple[int, int],
    *,
    fixed: Sequence[int] = (),
    order: IntArray | None = None,
    aims: TeamAims | None = None,
) -> ChosenTeam:
    """Choose greedily: at each step whoever adds most; up to the smallest size always, then while somebody adds.

    With both weights of `aims` 0 the coverage is at least (1 − 1/e) of the best possible of that size (Nemhauser,
    Wolsey, Fisher 1978: greedy on a monotone submodular function).

    Parameters
    ----------
    fit : float array (N, R)
        0 to 1: how well each person suits each role; NaN where nothing is known.
    weights : float array (R,)
        Positive importance of the roles.
    interest : float array (N,)
        0 to 1 or NaN.
    size : (int, int)
        Smallest and largest team.
    fixed : sequence of int
        Rows of those who belong to the team already; they are kept, even beyond the largest size.
    order : int array (N,) or None
        Who comes first of people who add equally, smallest first; None means by row.

    Raises
    ------
    DataError
        When the sizes contradict each other.
    """
    least, most = size
    if not 1 <= least <= most:
        raise DataError(_("a team of {least} to {most} people is not possible; give 1 or more", least=least, most=most))
    aims, ranks = aims or TeamAims(), np.arange(len(fit)) if order is None else order
    members = list(dict.fromkeys(fixed))
    while len(members) < min(most, len(fit)):
        rest = np.setdiff1d(np.arange(len(fit)), members)
        if not len(rest):
            break
        gained = _gains(fit, weights, interest, members, rest, aims)
        best = int(np.lexsort((ranks[rest], -np.round(gained, 9)))[0])
        if len(members) >= least and gained[best] <= 1e-9:
            break
        members.append(int(rest[best]))
    rows = np.array(members, np.int64)
    known = interest[rows][~np.isnan(interest[rows])]
    return ChosenTeam(
        members=rows,
        roles=roles_of(fit, rows, aims.covered_from),
        best=np.nan_to_num(fit[rows]).max(axis=0, initial=0),
        coverage=coverage(fit, weights, rows),
        interest=float(known.mean()) if len(known) else float("nan"),
    )


def _gains(
    fit: FloatArray, weights: FloatArray, interest: FloatArray, members: Sequence[int], rest: IntArray, aims: TeamAims
) -> FloatArray:
    """What each of the rest would add to the team, shape (len(rest),).

    Coverage and interest are worked out for all at once, the imbalance only for those whom it could make the best.
    """
    known, rows = np.nan_to_num(fit), np.array(members, np.int64)
    best = known[rows].max(axis=0, initial=0)
    total = max(float(weights.sum()), 1e-12)
    gained: FloatArray = np.maximum(known[rest] - best, 0) @ weights / total
    if aims.interest:
        told = ~np.isnan(interest)
        summed, count = float(np.nan_to_num(interest[rows]).sum()), int(told[rows].sum())
        after = (summed + np.nan_to_num(interest[rest])) / np.maximum(count + told[rest], 1)
        gained = gained + aims.interest * (after - summed / max(count, 1))
    return gained if not aims.imbalance else _less_imbalance(gained, fit, weights, interest, rows, rest, aims)


def _less_imbalance(
    gained: FloatArray,
    fit: FloatArray,
    weights: FloatArray,
    interest: FloatArray,
    rows: IntArray,
    rest: IntArray,
    aims: TeamAims,
) -> FloatArray:
    """What the rest would add with the imbalance counted, shape (len(rest),).

    Nobody can add more than `gained` and the whole imbalance there is now. So the best are looked at one by one, from
    the most gained on, until no other can reach them; those others are left at the least they could add.
    """
    plain = replace(aims, imbalance=0.0)
    now = worth(fit, weights, interest, rows, aims) if len(rows) else 0.0
    spare = (worth(fit, weights, interest, rows, plain) if len(rows) else 0.0) - now
    out, best = gained + spare - aims.imbalance, -np.inf
    for place in np.argsort(-gained, kind="stable").tolist():
        if gained[place] + spare < best - 1e-8:
            break
        out[place] = worth(fit, weights, interest, [*rows.tolist(), int(rest[place])], aims) - now
        best = max(best, out[place])
    return out
