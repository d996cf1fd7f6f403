"""Do weights learned from what people said do people good? On invented programmes, where the truth is known (H11).

A programme of eight cohorts: every mentee tries five mentors, two by the shipped weights and three by lot, and rates
them if they answer at all. Weights are learned from the ratings and nothing else; what the gate lets through is tried
on another programme of the same world that nobody has seen, by the true worth of the pairs that are assigned.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from eval.metrics import interval_of_mean
from eval.report import table, with_interval
from matchengine import Engine, EngineConfig
from matchengine.config import load_config
from matchengine.learning.adoption import adopt
from matchengine.learning.weights import Weights, written
from matchengine.records.learning import Shown, SignedDecision, WeightProposal
from matchengine.simulation import Knobs, Population, World, populate, run_pairs, to_records, true_utility
from matchengine.simulation import unmatched_utility as alone
from matchengine.simulation import world as world_named

__all__ = ["COHORTS", "Outcome", "learned_in", "run", "worth_under"]

CONFIG = Path(__file__).parents[1] / "configs" / "lexical.toml"
NAMES = ("W0", "W1", "W2", "W4", "W5")
SIZES: Mapping[int, int] = {240: 6, 1200: 3}
"""Mentees to learn from, all cohorts together, and replicates."""
NULL_REPLICATES = 20
"""Replicates of the smallest programme in W0, where every adoption is a false one."""
COHORTS, FRESH = 8, 90
BEST, LOT, LIST = 2, 3, 20
"""Mentors that each mentee tries: by the shipped weights, and by lot among the rest of their first twenty."""
TODAY = date(2026, 1, 5)
_FIRST, _FRESH_SEED = date(2023, 1, 2), 50_000


class Outcome(NamedTuple):
    """One replicate: the proposal, and true worth of assigned pairs under shipped, learned and adopted weights.

    `gated` is what a programme gets that adopts only what the gate lets through, and signs for all of that.
    """

    proposal: WeightProposal
    shipped: float
    learned: float
    gated: float
    oracle: float


def engine_of(population: Population, config: EngineConfig) -> Engine:
    """Return an engine with what people wrote."""
    made = Engine(config)
    made.load(**population.records())
    return made


def configured() -> EngineConfig:
    """Return the shipped configuration, on a fixed day, so that a run is the same whenever it is made."""
    config = load_config(CONFIG)
    return config.model_copy(update={"run": config.run.model_copy(update={"today": TODAY})})


def tried(engine: Engine, population: Population, seed: int) -> list[tuple[int, int, float]]:
    """Return whom every mentee tries: position of mentee and mentor, and how likely it was that they were shown."""
    place = {mentor: n for n, mentor in enumerate(population.mentors.ids)}
    rng, found = np.random.default_rng([seed, 1]), []
    lists = engine.suggest_many(population.mentees.ids, "mentor", LIST)
    for one, mentee in enumerate(population.mentees.ids):
        others = [place[each.candidate_id] for each in lists[mentee]]
        found += [(one, other, 1.0) for other in others[:BEST]]
        rest = others[BEST:]
        drawn = rng.permutation(rest)[:LOT].tolist()
        found += [(one, other, len(drawn) / len(rest)) for other in drawn]
    return found


def learned_in(engine: Engine, population: Population, world: World, seed: int) -> WeightProposal:
    """Let cohorts try mentors in a world and learn from what mentees said."""
    pairs = tried(engine, population, seed)
    ids = population.mentees.ids, population.mentors.ids
    relationships, feedback, cohorts = [], [], {}
    for cohort in range(COHORTS):
        own = [(one, other) for one, other, _p in pairs if one % COHORTS == cohort]
        one, other = (np.array(side) for side in zip(*own, strict=True))
        started = _FIRST + timedelta(days=91 * cohort)
        told = to_records(population, run_pairs(population, world, one, other, seed), started=started, seed=seed)
        relationships += told.relationships
        feedback += [
            each.model_copy(update={"wave": "90_days"}) for each in told.feedback if each.perspective == "requester"
        ]
        cohorts |= {ids[0][n]: f"cohort {cohort}" for n, _other in own}
    shown = [Shown(requester_id=ids[0][n], candidate_id=ids[1][m], propensity=chance) for n, m, chance in pairs]
    return engine.fit("mentor", relationships=relationships, feedback=feedback, cohorts=cohorts, shown=shown)


def worth_under(config: EngineConfig, population: Population, utility: np.ndarray, without: np.ndarray) -> float:
    """Mean true worth of the pairs that are assigned under a configuration, over all mentees, matched or not."""
    plan = engine_of(population, config).assign("mentor")
    row = {mentee: n for n, mentee in enumerate(population.mentees.ids)}
    column = {mentor: n for n, mentor in enumerate(population.mentors.ids)}
    got = without.copy()
    for mentee, mentor in plan.pairs:
        got[row[mentee]] = utility[row[mentee], column[mentor]]
    return float(got.mean())


def signed(proposal: WeightProposal) -> SignedDecision:
    """Sign as a programme would that trusts the gate."""
    told = {"who": "simulated-coordinator", "on": TODAY, "statement": "The gate passed.", "signature": proposal.seal}
    return SignedDecision.model_validate(told)


def regardless(config: EngineConfig, proposal: WeightProposal) -> EngineConfig:
    """Return the configuration with learned weights whatever the gate said, to see what the gate withholds."""
    blocks = {each.name: each.learned for each in proposal.weights if each.of == "block"}
    scorers = {each.name: each.learned for each in proposal.weights if each.of != "block"}
    return written(config, proposal.kind, Weights(blocks, scorers))


def replicate(seed: int, mentees: int, names: tuple[str, ...]) -> dict[str, Outcome]:
    """Run one programme in several worlds: people are the same, what becomes of them is not."""
    config, found = configured(), {}
    old, new = (populate(Knobs(mentees=n), s) for n, s in ((mentees, seed), (FRESH, seed + _FRESH_SEED)))
    engine = engine_of(old, config)
    for name in names:
        world = world_named(name)
        proposal = learned_in(engine, old, world, seed)
        utility, without = true_utility(new, world), alone(new, world)
        shipped = worth_under(config, new, utility, without)
        learned = worth_under(regardless(config, proposal), new, utility, without) if proposal.weights else shipped
        gated = shipped
        if proposal.adoptable:
            gated = worth_under(adopt(config, proposal, signed(proposal)), new, utility, without)
        found[name] = Outcome(proposal, shipped, learned, gated, _oracle(new, utility, without))
    return found


def _oracle(population: Population, utility: np.ndarray, without: np.ndarray) -> float:
    """Worth of the best assignment that the places allow: what nobody can reach who does not see hidden traits."""
    from scipy.optimize import linear_sum_assignment

    seats = np.repeat(np.arange(len(population.mentors)), population.seats)
    gain = np.concatenate([utility[:, seats] - without[:, None], np.zeros((len(utility), len(utility)))], axis=1)
    row, column = linear_sum_assignment(gain, maximize=True)
    return float(without.mean() + gain[row, column].sum() / len(utility))


def run() -> tuple[dict[str, Any], str]:
    """Run all replicates; return the document and its table."""
    results: dict[str, dict[str, Any]] = {}
    rows: list[list[str]] = []
    for mentees, count in SIZES.items():
        outcomes: dict[str, list[Outcome]] = {name: [] for name in NAMES}
        for seed in range(1, (NULL_REPLICATES if mentees == min(SIZES) else count) + 1):
            for name, found in replicate(seed, mentees, NAMES if seed <= count else NAMES[:1]).items():
                outcomes[name].append(found)
        results[str(mentees)] = {name: _summary(found) for name, found in outcomes.items()}
        rows += [_row(mentees, name, of) for name, of in results[str(mentees)].items()]
    heads = [
        "mentees", "world", "what counts there", "adopted", "preferences", "worth, shipped weights", "worth, oracle",
        "gain, adopted only", "gain, whatever the gate said", "checks that failed",
    ]  # fmt: skip
    return _document(results), table(heads, rows)


def _row(mentees: int, name: str, of: Mapping[str, Any]) -> list[str]:
    gains = [with_interval(_points(of[key])) for key in ("gated_gain", "learned_gain")]
    worth = [f"{100 * of[key]:.1f}" for key in ("shipped", "oracle")]
    adopted = f"{of['adopted']} of {of['replicates']}"
    failed = ", ".join(f"{check} {count}" for check, count in of["failed"].items()) or "none"
    return [str(mentees), name, world_named(name).title, adopted, f"{of['preferences']:.0f}", *worth, *gains, failed]


def _points(found: Mapping[str, float]) -> dict[str, float]:
    return {key: 100 * value for key, value in found.items()}


def _summary(found: list[Outcome]) -> dict[str, Any]:
    failed: dict[str, int] = {}
    for each in found:
        for check in each.proposal.gate:
            if check.passed is False:
                failed[check.name] = failed.get(check.name, 0) + 1
    measures = {each.proposal.measure for each in found}
    held = [each.proposal.held_out for each in found if each.proposal.held_out is not None]
    return {
        "replicates": len(found),
        "adopted": sum(each.proposal.adoptable for each in found),
        "measure": sorted(measures),
        "preferences": float(np.mean([sum(c.preferences for c in each.proposal.counts) for each in found])),
        "held_out_difference": float(np.mean([each.difference for each in held])) if held else None,
        "shipped": float(np.mean([each.shipped for each in found])),
        "oracle": float(np.mean([each.oracle for each in found])),
        "gated_gain": interval_of_mean(np.array([each.gated - each.shipped for each in found]))._asdict(),
        "learned_gain": interval_of_mean(np.array([each.learned - each.shipped for each in found]))._asdict(),
        "failed": dict(sorted(failed.items())),
    }


def _document(results: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    null = [of["W0"] for of in results.values()]
    false, tries = sum(of["adopted"] for of in null), sum(of["replicates"] for of in null)
    said = "; ".join(
        f"with {size} mentees {name} {of['adopted']} of {of['replicates']}, gain if adopted regardless "
        f"{with_interval(_points(of['learned_gain']))}"
        for size, worlds in results.items()
        for name, of in worlds.items()
        if name != "W0"
    )
    return {
        "name": "learning",
        "question": "Do weights learned from ratings serve people who come later, and is nothing adopted where nothing "
        "can be learned?",
        "source": "synthetic: the programme twin of this package, worlds W0, W1, W2, W4 and W5; no real person",
        "data": {
            "cohorts": COHORTS, "fresh_mentees": FRESH, "tried_by_each": BEST + LOT,
            "replicates": {str(size): count for size, count in SIZES.items()},
            "replicates_of_W0": NULL_REPLICATES,
        },
        "method": [
            "The unit is the replicate: one programme to learn from and another, with other people, to be tried on. "
            "Replicates of all worlds share people and luck.",
            f"Every mentee tries {BEST + LOT} mentors: {BEST} by the shipped weights, {LOT} by lot from the rest of "
            f"their first {LIST}; how likely each was to be shown is logged. Few programmes let everybody try five: "
            "this is more than most will have.",
            "Learned from are ratings of mentees who answered (not at random), a point apart, through `Engine.fit`; "
            "the truth is never an input. Worth is the true expected outcome, in points of 100, mean over all fresh "
            "mentees under `Engine.assign`.",
            "Adopted only: what a programme gets that signs whatever the gate lets through, and keeps the shipped "
            "weights otherwise. Intervals: bootstrap over replicates, few of them.",
            "A gain of exactly 0 means that learned weights, held near the shipped ones by the prior, changed no "
            "assigned pair.",
        ],
        "results": results,
        "conclusion": f"In W0, where nothing can be learned, {false} of {tries} proposals passed the gate. Passed in "
        f"the other worlds, and gain in true worth in points of 100: {said}.",
    }  # fmt: skip
