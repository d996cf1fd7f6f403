"""How good groups are for their members, and whom they reach (domain.md H5, F4)."""

from __future__ import annotations

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Case, Grouped
from matchengine.comparison_components import metric
from matchengine.errors import DataError
from matchengine.metrics.shared import Judged, mean_of, one

__all__ = [
    "barrier_reach",
    "common_slot",
    "faultline",
    "group_least",
    "group_likeness",
    "group_minmax",
    "group_worth",
    "isolates",
    "least_likeness",
    "personalisation_index",
    "reach_of",
    "sizes_kept",
    "teaching_cover",
    "ungrouped_rate",
]


@metric(
    "group_worth", level="market", title="What their group is worth to its members", unit="value", needs=("groups",)
)
def group_worth(case: Case) -> FloatArray:
    """Mean worth of their own group over everybody who has one, float64 (1,); NaN where none is known."""
    drafted = _groups(case)
    return one(mean_of(np.concatenate([np.zeros(0), *_worths(drafted)])))


@metric(
    "group_least", level="market", title="What their group is worth to the member who gets least", needs=("groups",)
)
def group_least(case: Case) -> FloatArray:
    """Mean over groups of the lowest worth of a member, float64 (1,); NaN where none is known."""
    return one(mean_of(np.array([worth.min() for worth in _worths(_groups(case))])))


@metric("group_minmax", level="market", title="How evenly members of a group gain", unit="share", needs=("groups",))
def group_minmax(case: Case) -> FloatArray:
    """Mean over groups of the lowest worth of a member over the highest, float64 (1,); 1 where all gain nothing."""
    ratios = [worth.min() / worth.max() if worth.max() > 0 else 1.0 for worth in _worths(_groups(case))]
    return one(mean_of(np.array(ratios, np.float64)))


@metric("sizes_kept", level="market", title="Groups of the size that was asked for", unit="share", needs=("groups",))
def sizes_kept(case: Case) -> FloatArray:
    """Share of groups with at least the fewest and at most the most members, float64 (1,); NaN without any group."""
    drafted = _groups(case)
    kept = [drafted.smallest <= len(members) <= drafted.largest for members in drafted.groups]
    return one(mean_of(np.array(kept, np.float64)))


@metric(
    "ungrouped_rate", level="market", better="lower", title="People without a group", unit="share", needs=("groups",)
)
def ungrouped_rate(case: Case) -> FloatArray:
    """Share of people who are in no group, float64 (1,); NaN without people."""
    drafted = _groups(case)
    placed = sum(len(members) for members in drafted.groups)
    return one(1 - placed / drafted.problem.people if drafted.problem.people else float("nan"))


@metric(
    "isolates",
    level="market",
    better="lower",
    title="How often somebody is the only one of their kind in a group",
    unit="cases",
    needs=("groups",),
    highest=float("inf"),
)
def isolates(case: Case) -> FloatArray:
    """How often a value that is balanced, or a newcomer, is alone in a group, float64 (1,)."""
    from matchengine.planning.groups import measures

    drafted = _groups(case)
    return one(float(len(measures.isolates(drafted.problem, drafted.groups))))


@metric("common_slot", level="market", title="Groups in which all can meet", unit="share of groups", needs=("groups",))
def common_slot(case: Case) -> FloatArray:
    """Share of groups with a slot at which all members can meet, float64 (1,); NaN where slots play no part."""
    from matchengine.planning.groups import measures

    drafted = _groups(case)
    return one(measures.share_with_slot(drafted.problem, drafted.groups))


@metric("group_likeness", level="market", title="How alike members of a group are", needs=("groups",), lowest=-1.0)
def group_likeness(case: Case) -> FloatArray:
    """Mean likeness of the pairs in one group of which something is known, float64 (1,); NaN without any."""
    return one(mean_of(_likeness(case)))


@metric(
    "least_likeness",
    level="market",
    title="How alike the two least alike members of a group are",
    needs=("groups",),
    lowest=-1.0,
)
def least_likeness(case: Case) -> FloatArray:
    """Lowest likeness of a pair in one group, float64 (1,); NaN where nothing is known."""
    known = _likeness(case)
    return one(float(known.min()) if len(known) else float("nan"))


@metric(
    "faultline",
    level="market",
    better="lower",
    title="How strongly groups split in two",
    unit="share",
    needs=("groups",),
)
def faultline(case: Case) -> FloatArray:
    """Mean faultline strength of the groups (domain.md F1), float64 (1,); NaN without features or groups."""
    from matchengine.planning.groups.faultlines import strengths

    drafted = _groups(case)
    features = drafted.problem.features
    if not features.size:
        return one(float("nan"))
    return one(mean_of(np.array([strengths(features[members][None])[0] for members in drafted.groups], np.float64)))


@metric("teaching_cover", level="market", title="What members want to learn and others can teach", needs=("groups",))
def teaching_cover(case: Case) -> FloatArray:
    """Mean over groups of the share of what members want to learn that the group can teach, float64 (1,)."""
    from matchengine.planning.groups import measures

    drafted = _groups(case)
    return one(mean_of(np.array([measures.teaching(drafted.problem, members) for members in drafted.groups])))


def reach_of(drafted: Grouped, least_people: int = 10) -> FloatArray:
    """Share of the people with each barrier who are in a group, float64 (B,); NaN for fewer than `least_people`."""
    if drafted.barriers is None:
        return np.zeros(0)
    placed = np.zeros(drafted.problem.people, np.bool_)
    for members in drafted.groups:
        placed[members] = True
    held, reached = drafted.barriers.sum(axis=0), (drafted.barriers & placed[:, None]).sum(axis=0)
    out = np.full(len(held), np.nan)
    np.divide(reached, held, out=out, where=(held >= least_people) & (held > 0))
    return out


@metric(
    "barrier_reach",
    level="market",
    title="People with the barrier that is reached least who are in a group",
    unit="share of people",
    needs=("groups",),
)
def barrier_reach(case: Case, *, least_people: int = 10) -> FloatArray:
    """Lowest share, over barriers, of the people with it who are in a group, float64 (1,).

    Barriers of fewer than `least_people` are left out; NaN where none is left.
    """
    reach = reach_of(_groups(case), least_people)
    known = reach[~np.isnan(reach)]
    return one(float(known.min()) if len(known) else float("nan"))


@metric(
    "personalisation_index",
    level="market",
    title="How much suggestions differ between people who differ only in barriers",
    unit="share",
    needs=("lists", "groups"),
    conventions={"k": "3", "distance": "Jaccard", "ties": "chances"},
)
def personalisation_index(case: Case) -> FloatArray:
    """Mean Jaccard distance between the first three of two people who differ only in barriers, float64 (1,).

    Where ties decide, between the chances of being among the first three (Σ min over Σ max), so that a strategy that
    cannot tell candidates apart gets 0. NaN where no two such people have a list.
    """
    lists, twins = case.lists, _groups(case).twins
    if twins is None or not len(twins):
        return one(float("nan"))
    chance = Judged.of(lists).ranked.chance(3)
    shown = np.zeros((2, lists.candidates))
    distances = []
    for pair in twins.tolist():
        shown[:] = 0.0
        for row, person in enumerate(pair):
            of = slice(lists.starts[person], lists.starts[person + 1])
            shown[row, lists.candidate[of]] = chance[of]
        if shown.sum(axis=1).all():
            distances.append(1 - np.minimum(*shown).sum() / np.maximum(*shown).sum())
    return one(max(mean_of(np.array(distances, np.float64)), 0.0) if distances else float("nan"))


def _groups(case: Case) -> Grouped:
    if case.groups is None:
        raise DataError("the case has no groups")
    return case.groups


def _worths(drafted: Grouped) -> list[FloatArray]:
    """Known worths of the members of each group, groups without any left out."""
    if drafted.worth is None:
        return []
    found = [drafted.worth[members] for members in drafted.groups]
    known = [worth[~np.isnan(worth)] for worth in found]
    return [worth for worth in known if len(worth)]


def _likeness(case: Case) -> FloatArray:
    from matchengine.planning.groups import measures

    drafted = _groups(case)
    return np.sort(measures.pair_likeness(drafted.problem, drafted.groups))
