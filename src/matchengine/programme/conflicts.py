"""Say in names which demands cannot stand together, and which to give up first (domain.md E)."""

from __future__ import annotations

from collections.abc import Mapping

from matchengine.assignment import Demand, InfeasibleError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.planning.assign.conflict import conflicts, relaxations
from matchengine.programme.problem import Task

__all__ = ["explain_conflict"]

_CLASSES: Mapping[str, str] = {
    "quotas": N_("the quotas"),
    "candidate_least": N_("the fewest places of those who give (places_least)"),
    "requester_least": N_("the fewest candidates of those who look (each_least)"),
    "must": N_("the pairs that are demanded or locked"),
}


def explain_conflict(task: Task, error: InfeasibleError) -> InfeasibleError:
    """Return an error that names people and rules: demands of which no single one can be left out of the conflict.

    Where the demands alone can be met, so that only the method cannot, the error of the method is returned.
    """
    demands = error.demands or conflicts(task.problem)
    if not demands:
        return error
    problems = list(dict.fromkeys(_told(task, demand) for demand in demands))
    classes = [_(_CLASSES[name]) for name in relaxations(task.problem)]
    if classes:
        problems.append(_("What would help: give up some of {classes}.", classes=listing(classes)))
    message = ngettext(
        "nothing was assigned: {n} demand cannot be met",
        "nothing was assigned: {n} demands cannot stand together; any one of them less is enough for these",
        len(demands),
    )
    return InfeasibleError(message, problems, demands)


def _told(task: Task, demand: Demand) -> str:
    """One demand in names."""
    problem, at = task.problem, demand.position
    if demand.kind == "must":
        requester, candidate = task.ids(at)
        return _("{requester}:{candidate} is demanded", requester=requester, candidate=candidate)
    if demand.kind == "exclusive":
        one, other = task.ids(int(problem.exclusive[at][0]))
        return _("{one} and {other} cannot both give to each other", one=one, other=other)
    if demand.kind in ("quota_least", "quota_most"):
        quota = problem.quotas[at]
        if quota.personal:
            return _("some of the pairs that would be needed are not available")
        if demand.kind == "quota_least":
            return _("{name}: at least {n}", name=quota.name, n=quota.least)
        return _("{name}: at most {n}", name=quota.name, n=quota.most)
    side, bound = demand.kind.split("_")
    external = (task.requester_ids if side == "requester" else task.candidate_ids)[at]
    n = int(getattr(problem, demand.kind)[at])
    if bound == "most":
        return ngettext("{id} has {n} place", "{id} has {n} places", n, id=external)
    return ngettext("{id} is to have at least {n} pair", "{id} is to have at least {n} pairs", n, id=external)
