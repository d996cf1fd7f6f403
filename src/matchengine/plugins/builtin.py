"""The built-in plugin: every scorer, constraint and assigner of this package, and the exact NumPy index."""

from __future__ import annotations

from collections.abc import Iterable

from matchengine.components import ComponentSpec, specs_in
from matchengine.hookspecs import hookimpl
from matchengine.planning.assign import (
    eps_stable,
    first_come,
    greedy,
    leximin,
    max_weight,
    random_order,
    rsd,
    stable,
)
from matchengine.plugins.numpy_index import NumpyIndex
from matchengine.scorers import (
    anchors_and_bridges,
    bilingual_buddy,
    co_membership,
    cross_generational,
    events,
    feasibility,
    interest_affinity,
    intersectional_fit,
    low_threshold,
    mutual_acceptance,
    network_gap,
    peer,
    project_fit,
    resource_fit,
    reverse_mentoring,
    same_field,
    semantic_reciprocal,
    seniority,
    skill_exchange,
    sponsorship,
    style_fit,
    talk_time,
    topic_cover,
    topic_interest,
    values_overlap,
)
from matchengine.scorers.rules import (
    groups,
    learning,
    placement,
    practical,
    reachable,
    safeguarding,
    sponsoring,
    ties,
    wishes,
)

__all__ = ["matchengine_components"]


@hookimpl
def matchengine_components() -> Iterable[ComponentSpec]:
    """Offer all built-in components."""
    yield from specs_in(
        anchors_and_bridges,
        bilingual_buddy,
        co_membership,
        cross_generational,
        events,
        feasibility,
        interest_affinity,
        intersectional_fit,
        low_threshold,
        mutual_acceptance,
        network_gap,
        peer,
        project_fit,
        resource_fit,
        reverse_mentoring,
        same_field,
        semantic_reciprocal,
        seniority,
        skill_exchange,
        sponsorship,
        style_fit,
        talk_time,
        topic_cover,
        topic_interest,
        values_overlap,
        groups,
        learning,
        placement,
        practical,
        reachable,
        safeguarding,
        sponsoring,
        ties,
        wishes,
    )
    yield from specs_in(eps_stable, first_come, greedy, leximin, max_weight, random_order, rsd, stable)
    yield from specs_in(NumpyIndex)
