"""How the years between the people of some suggestions are spread over a programme (domain.md C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from matchengine.batch import PairBatch
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import _
from matchengine.planning.generations import GAP_TARGET, LEAST, gap_histogram
from matchengine.records import Suggestion
from matchengine.records.generations import GapHistogram
from matchengine.scene import Scene
from matchengine.scorers.cross_generational import gap_years

__all__ = ["gaps"]

_READ = ("requester_age_band", "candidate_age_band", "requester_career_stage", "candidate_career_stage")


def gaps(
    scene: Scene, suggestions: Sequence[Suggestion], target: Mapping[float, float] = GAP_TARGET, least: int = LEAST
) -> GapHistogram:
    """Return the histogram of the years between the two people of each suggestion, against a target.

    The gap is what the scorer `cross_generational` reads: ages with consent, else career stages. See `gap_histogram`
    for the target and for what is not told.

    Raises
    ------
    DataError
        Where the kind of match does not pair people with people.
    UnknownIdError
        Where somebody of a suggestion is no longer there.
    """
    if scene.kind.sides.candidates != "people":
        raise DataError(_("kind {kind!r} suggests no people, so there are no years between them", kind=scene.kind.name))
    row_of = scene.pool.tables["people"].row_of
    ids = [(each.requester_id, each.candidate_id) for each in suggestions]
    for external in (one for pair in ids for one in pair):
        if external not in row_of:
            raise UnknownIdError(_("{id!r} is not known to this engine; load or upsert the record first", id=external))
    rows = np.array([[row_of[one], row_of[other]] for one, other in ids], np.int32).reshape(-1, 2)
    inputs = scene.inputs(PairBatch(rows[:, 0], rows[:, 1]))
    return gap_histogram(gap_years(*(inputs[name] for name in _READ)), target, least, scene.kind.name)
