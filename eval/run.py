"""Run all experiments, or those named: `python -m eval.run [name ...]`. Results go to eval/results/."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from eval import (
    advice,
    assignment,
    experts,
    explanations,
    flips,
    gsoc_fusion,
    gsoc_hubs,
    gsoc_items,
    gsoc_mentors,
    history,
    learning,
    organisations,
    swap_pools,
    twin,
    vt_pairs,
)
from eval.data import MissingDataError
from eval.report import write

__all__ = ["EXPERIMENTS", "NEEDS_NO_DATA", "main"]

EXPERIMENTS: Mapping[str, Callable[[], tuple[dict[str, Any], str]]] = {
    "explanations": explanations.run,
    "vt_pairs": vt_pairs.run,
    "gsoc_mentors": gsoc_mentors.run,
    "gsoc_items": gsoc_items.run,
    "gsoc_fusion": gsoc_fusion.run,
    "gsoc_hubs": gsoc_hubs.run,
    "organisations": organisations.run,
    "experts": experts.run,
    "advice": advice.run,
    "history_speed_dating": history.run,
    "history_attendance": history.run_attendance,
    "assignment": assignment.run,
    "swap_pools": swap_pools.run,
    "flips": flips.run,
    "learning": learning.run,
    "twin": twin.run,
}

NEEDS_NO_DATA = frozenset({"explanations", "flips", "history_attendance", "learning", "twin"})
"""Experiments on the sample programme, on invented people, or on data that a library carries."""


def main(names: list[str] | None = None) -> int:
    """Run experiments and write what they found; return the exit status.

    Parameters
    ----------
    names : list of str or None
        Which experiments; None or an empty list means all.
    """
    unknown = sorted(set(names or ()) - EXPERIMENTS.keys())
    if unknown:
        print(f"no experiment {', '.join(unknown)}; known: {', '.join(EXPERIMENTS)}")
        return 2
    for name in names or EXPERIMENTS:
        began = time.perf_counter()
        print(f"{name} …", flush=True)
        try:
            document, tables = EXPERIMENTS[name]()
        except MissingDataError as missing:
            print(f"{name}: skipped, {missing}")
            continue
        write(document, tables)
        print(f"{name}: {time.perf_counter() - began:.0f} s. {document['conclusion']}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
