"""Which way of matching is least wrong in eight invented worlds? Everything here is synthetic (domain.md H11, I6).

`python -m eval.run twin`, or `matchengine simulate eval/twin.toml --workers 2`: both keep what is done in `runs/twin`
and go on from there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.report import table
from matchengine.evaluation.twin import load_simulation, simulate
from matchengine.records.simulation import SimulationResult
from matchengine.report.simulation_words import self_tests

__all__ = ["document_of", "run"]

FILE = Path(__file__).parent / "twin.toml"
RUNS = Path("runs") / "twin"
_CORES = 2
METHOD = (
    "SYNTHETIC: invented programmes with hidden traits, in eight worlds that differ in what makes a match good. The "
    "unit is the replicate: one population, every strategy on it, the same luck for the same pair under every "
    "strategy. Mentees without a match count.",
    "Regret is the oracle's expected utility less that of the strategy, in points of 100; the oracle knows every "
    "hidden factor, and neither chemistry nor luck. The choice has the least of the largest regrets over the worlds; "
    "how firm it is says the share of redrawn replicates in which it would be the choice.",
    "Differences are of what happened, over replicates, against tag overlap with an assignment of the greatest sum: "
    "sign flips, Holm over all strategies of a world, a margin of one point.",
    "The test of the test: in W0, where no match matters, one per-mentee test of each replicate (dyadic where mentors "
    "are shared) against the binomial.",
)


def run() -> tuple[dict[str, Any], str]:
    """Simulate, or go on where an earlier run stopped."""
    config = load_simulation(FILE)
    workers = min(_CORES, os.cpu_count() or 1)
    return document_of(simulate(config, FILE.parent, RUNS, workers=workers, say=print))


def document_of(result: SimulationResult) -> tuple[dict[str, Any], str]:
    """Turn a simulation into an experiment's result and its tables."""
    worlds = [world.world for world in result.worlds]
    names = sorted(result.largest_regret, key=lambda name: (result.largest_regret[name], name))
    matrix = {name: {w: _of(result, w, name) for w in worlds} for name in names}
    better = {
        name: [w for w in worlds if matrix[name][w]["verdict"] == "better"] for name in names if name != result.against
    }
    found = {
        "choice": result.choice, "largest_regret": dict(result.largest_regret), "worst_world": dict(result.worst_world),
        "chosen_share": dict(result.chosen_share), "worlds": {w.world: _world(w) for w in result.worlds},
        "strategies": matrix, "better_than_tag_overlap": better,
        "null": {
            "tests": result.null_tests, "significant": result.false_positives, "allowed": result.allowed,
            "passed": result.null_passed, "share_of_all_pairs": result.null_pairs_significant,
            "differs_over_replicates": list(result.null_differs),
        },
        "order": {"mean_kendall": result.stable_order, "least_alike": list(result.least_alike)},
        "failed": dict(result.failed),
    }  # fmt: skip
    document = {
        "name": "twin", "question": result.question,
        "source": "SYNTHETIC: matchengine.simulation; nobody and nothing in it exists",
        "data": {"replicates": result.replicates, "mentees": result.mentees, "kind": result.kind},
        "method": [*METHOD, *(f"Cannot be told: {limit}" for limit in result.limits)],
        "results": found, "conclusion": result.verdict,
    }  # fmt: skip
    return document, _tables(result, names, worlds)


def _of(result: SimulationResult, world: str, name: str) -> dict[str, Any]:
    place = next(w for w in result.worlds if w.world == world)
    one = next(s for s in place.strategies if s.strategy == name)
    return one.model_dump(exclude={"strategy"})


def _world(world: Any) -> dict[str, Any]:
    return {"title": world.title, "oracle": world.oracle, "oracle_expected": world.oracle_expected}


def _tables(result: SimulationResult, names: Sequence[str], worlds: Sequence[str]) -> str:
    """Regret and outcome by strategy and world, and the tests of the simulation itself."""
    regret = [
        [
            f"**{name}**" if name == result.choice else name,
            *(f"{100 * _of(result, w, name)['regret']:.1f}" for w in worlds),
            f"{100 * result.largest_regret[name]:.1f}", f"{100 * result.chosen_share.get(name, 0.0):.0f}",
        ]
        for name in names
    ]  # fmt: skip
    marks = {"better": "+", "worse": "−", "same": "=", "cannot_tell": "", "": ""}
    lived = [
        [
            name,
            *(f"{100 * _of(result, w, name)['utility']:.1f}{marks[_of(result, w, name)['verdict']]}" for w in worlds),
        ]
        for name in names
    ]
    oracle = ["(oracle)", *(f"{100 * w.oracle:.1f}" for w in result.worlds)]
    parts = [
        "**SYNTHETIC. Nothing here is evidence about real people.**",
        "Regret: points of 100 below the world's oracle, as was to be expected",
        table(["strategy", *worlds, "largest", "choice in % of redraws"], regret),
        f"What became of mentees on average, 0 to 100; + better, − worse, = the same as {result.against}",
        table(["strategy", *worlds], [*lived, oracle]),
        "\n".join(f"- {sentence}" for sentence in self_tests(result)),
        "\n".join(f"- {w.world} {w.title}: {w.about}" for w in result.worlds),
        "\n".join(f"- {name}: {what}" for name, what in result.policies),
        *[f"{name} gave no answer: {why}" for name, why in result.failed.items()],
    ]
    return "\n\n".join(parts)
