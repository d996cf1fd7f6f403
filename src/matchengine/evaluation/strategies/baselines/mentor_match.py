"""The greatest sum of shared tags by the package `mentor-match` from PyPI."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.errors import PluginError
from matchengine.evaluation.strategies.baselines.preferences import matched_alone, places_of, tags_shared
from matchengine.evaluation.strategies.drawing import lottery
from matchengine.i18n import _

__all__ = ["mentor_match"]

_POINTS = 1_000
"""A share of 1 in points: the package adds up whole numbers."""


@strategy("mentor_match", title="Greatest sum of shared tags (package mentor-match)", baseline=True)
def mentor_match(asked: Asked) -> FloatArray:
    """Suggest the candidates whom `mentor-match` pairs each requester with: one round, one mentee for each mentor.

    The package knows no places: a mentor with several takes one mentee in each of as many rounds. It pairs nobody
    twice; who was paired in an earlier round takes no part in the next.

    Returns
    -------
    float64 array (P,)
        .5 to 1 for the pairs that it makes, NaN for all others.

    Raises
    ------
    PluginError
        Without the package `mentor-match`, with the command that installs it.
    """
    try:
        from matching.process import process_data  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError as error:
        told = _(
            "strategy 'mentor_match' needs the package mentor-match, which is not there. In an environment without the "
            "package matching, which it overwrites, run: pip install mentor-match"
        )
        raise PluginError(told) from error
    score = tags_shared(asked)
    left = set(np.flatnonzero(np.diff(asked.starts)).tolist())
    places, pairs = places_of(asked), set[tuple[int, int]]()
    while left:
        giving = [j for j in np.unique(asked.candidate).tolist() if places[j] > 0]
        made = _one_round(asked, score, sorted(left), giving, process_data)
        if not made:
            break
        pairs |= made
        left -= {who for who, _whom in made}
        for _who, whom in made:
            places[whom] -= 1
    return matched_alone(asked, score, pairs)


def _one_round(
    asked: Asked, score: FloatArray, asking: list[int], giving: list[int], process_data: Any
) -> set[tuple[int, int]]:
    """Let the package pair people once, in the order of a lottery, because order decides between equals."""
    from matching.mentee import Mentee  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from matching.mentor import Mentor  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from matching.rules.rule import Disqualify, Generic  # type: ignore[import-not-found,import-untyped,unused-ignore]

    points = dict(zip(zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True),
                      (1 + np.round(_POINTS * score)).astype(int).tolist(), strict=True))  # fmt: skip
    among, others = set(asking), set(giving)
    points = {pair: n for pair, n in points.items() if pair[0] in among and pair[1] in others}
    asking, giving = sorted({who for who, _whom in points}), sorted({whom for _who, whom in points})
    if not points:
        return set()
    drawn = lottery(asked.requester_ids, asked.seed), lottery(asked.candidate_ids, asked.seed)
    mentees = [Mentee(grade=i, email=f"mentee{i}") for i in sorted(asking, key=lambda i: int(drawn[0][i]))]
    mentors = [Mentor(grade=j, email=f"mentor{j}") for j in sorted(giving, key=lambda j: int(drawn[1][j]))]

    def pair_of(match: Any) -> tuple[int, int]:
        return match.mentee.grade, match.mentor.grade

    worth = Generic({n: n for n in points.values()}, lambda match: points.get(pair_of(match), 0))
    mentors, _mentees = process_data(
        mentors, mentees, [[worth, Disqualify(lambda match: pair_of(match) not in points)]]
    )
    return {(mentee.grade, mentor.grade) for mentor in mentors for mentee in mentor.mentees}
