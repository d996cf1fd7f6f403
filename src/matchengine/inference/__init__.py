"""From differences to a verdict: intervals, tests, power, groups, suppression; arrays in, arrays out (domain.md H10).

`compare` turns differences into a `Comparison` by declared rules, `verdicts` turns a family of comparisons into
better, worse, same or cannot tell, `still_needed` says what it would take to tell. `worst_group`, `group_gaps`,
`differential_fairness` and `exposure_gaps` look at groups against what chance shows, `suppress` decides which cells of
a report stay hidden, `snips` and `doubly_robust` reckon from outcomes that another strategy made. No ids, no
sentences, no scores of anybody: rooms above say what was found.
"""

from matchengine.inference.clusters import anova_icc
from matchengine.inference.dyadic import Dyadic, Sharing, dyadic_spread
from matchengine.inference.effect import Effect, Effects, effects
from matchengine.inference.equivalence import Answer, Verdict, equivalence_p, verdicts
from matchengine.inference.intervals import Comparison, Method, Reason, compare
from matchengine.inference.multiplicity import benjamini_hochberg, holm
from matchengine.inference.nulls import NullCheck, check_nulls
from matchengine.inference.offpolicy import (
    Judged,
    OffPolicy,
    doubly_robust,
    effective_sample,
    judged_share,
    snips,
)
from matchengine.inference.parity import (
    Differential,
    ExposureGaps,
    differential_fairness,
    exposure_gaps,
    smoothed_epsilon,
)
from matchengine.inference.power import (
    Needed,
    design_effect,
    intraclass_correlation,
    minimum_detectable,
    sample_size,
    still_needed,
)
from matchengine.inference.signflip import Robustness, SignFlip, robustness, sign_flip
from matchengine.inference.subgroups import Gap, LargestGap, WorstGroup, group_gaps, shrunk_means, worst_group
from matchengine.inference.suppression import Key, Suppressed, suppress

__all__ = [
    "Answer",
    "Comparison",
    "Differential",
    "Dyadic",
    "Effect",
    "Effects",
    "ExposureGaps",
    "Gap",
    "Judged",
    "Key",
    "LargestGap",
    "Method",
    "Needed",
    "NullCheck",
    "OffPolicy",
    "Reason",
    "Robustness",
    "Sharing",
    "SignFlip",
    "Suppressed",
    "Verdict",
    "WorstGroup",
    "anova_icc",
    "benjamini_hochberg",
    "check_nulls",
    "compare",
    "design_effect",
    "differential_fairness",
    "doubly_robust",
    "dyadic_spread",
    "effective_sample",
    "effects",
    "equivalence_p",
    "exposure_gaps",
    "group_gaps",
    "holm",
    "intraclass_correlation",
    "judged_share",
    "minimum_detectable",
    "robustness",
    "sample_size",
    "shrunk_means",
    "sign_flip",
    "smoothed_epsilon",
    "snips",
    "still_needed",
    "suppress",
    "verdicts",
    "worst_group",
]
