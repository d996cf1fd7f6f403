"""A scorer of a programme's own: do both have the same rhythm of meetings in mind?"""

import numpy as np

from matchengine import Scored, scorer
from matchengine.components import specs_in

SAYS = "both have about the same rhythm of meetings in mind{alike?}"


@scorer("kind_rhythm", block="relate", title="how often both would like to meet", says=SAYS, symmetric=True)
def kind_rhythm(requester_cadence_minutes, candidate_cadence_minutes, *, half_at: float = 4.0):
    """1 where both wish for the same minutes a week, .5 where one wishes for `half_at` times as many; else NaN."""
    times = np.abs(np.log(requester_cadence_minutes / candidate_cadence_minutes)) / np.log(max(half_at, 1.01))
    return Scored(1 / (1 + times**2), alike=np.where(times <= 0.2, 1.0, np.nan))


def matchengine_components():
    return specs_in(kind_rhythm)
