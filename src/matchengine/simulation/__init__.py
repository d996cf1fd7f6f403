"""A programme twin: invented people with hidden traits, and what becomes of their pairs. It knows no scorer (H11).

What it is for: to see, before launch, how ways of matching fare if the world works like this or like that. What it is
not: evidence about your programme. Every number here is an assumption or an order of magnitude from the literature
(`assumptions` prints them all), and the order of strategies on invented people need not be that on real ones. Whatever
is reported from it must say "synthetic".

How to use it::

    from matchengine.simulation import Knobs, populate, run_pairs, true_utility, world

    w = world("W1")                                # what makes a match good, W0 to W7
    twin = populate(w.knobs(Knobs()), seed=1)      # hidden state of everybody
    engine.load(**twin.records())                  # what they wrote: all that an engine gets
    best = true_utility(twin, w)                   # (mentees, mentors): all that an oracle knows
    fate = run_pairs(twin, w, mentees, mentors, 7) # what became of these pairs, noise and all

How it is built, bottom up:

* `knobs` assumptions with range, unit and source; `noise` numbers that belong to a pair and not to a run;
* `copula`, `people`, `traits`, `gatherings`, `skills` the hidden state, drawn from a Gaussian copula;
* `profiles`, `disclosure`, `whereabouts` what is written and told of it; `population` both together;
* `worlds` what an outcome depends on; `factors`, `drives`, `weeks` how a relationship goes, week by week;
* `outcomes`, `surveys`, `expected` one draw, the answers, and the mean; `visits`, `group_outcomes` the same for groups;
* `rounds` what a programme would have written down.

Three promises, each with tests. No import of anything that matches: only records, errors and sentences, and NumPy. No
record holds a hidden trait. The fate of a pair depends on the seed and the two people, and neither on who else is
matched nor on ids or order; in W0 its distribution is the same for every pair, and for nobody at all.
"""

from __future__ import annotations

from matchengine.simulation.expected import expected_utility, true_utility, unmatched_utility
from matchengine.simulation.factors import deep_similarity
from matchengine.simulation.group_outcomes import GroupOutcomes, run_groups, true_group_utility
from matchengine.simulation.knobs import Assumption, Knobs, Shares, assumptions, knobs_from
from matchengine.simulation.outcomes import PairOutcomes, run_pairs
from matchengine.simulation.population import Population, Records, populate
from matchengine.simulation.rounds import RoundRecords, to_records
from matchengine.simulation.worlds import WORLDS, World, world

__all__ = [
    "WORLDS",
    "Assumption",
    "GroupOutcomes",
    "Knobs",
    "PairOutcomes",
    "Population",
    "Records",
    "RoundRecords",
    "Shares",
    "World",
    "assumptions",
    "deep_similarity",
    "expected_utility",
    "knobs_from",
    "populate",
    "run_groups",
    "run_pairs",
    "to_records",
    "true_group_utility",
    "true_utility",
    "unmatched_utility",
    "world",
]
