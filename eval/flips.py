"""Do scores change when they should not? Counterfactual flips, disclosure harm, identity load (domain.md H6, H7)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from eval.explanations import _sample as sample_engine
from eval.report import table
from matchengine.cli.shipped import shipped
from matchengine.config import EngineConfig, load_config
from matchengine.engine import Engine
from matchengine.evaluation.disclosure import disclosure_report, hidden_tokens, simulated_folder
from matchengine.evaluation.flips import flip_report
from matchengine.io.write import Folder, read_folder
from matchengine.records.flips import DisclosureReport, FlipReport
from matchengine.simulation import Knobs, populate, world

__all__ = ["run"]

PEOPLE, MENTEES, SEEDS = 30, 150, range(5)
METHOD = (
    "Exact flips change one field of everybody whose consent does not cover it and load the programme anew; texts and "
    "nudges replace the records of up to 30 people on one side of a loaded programme. Bounds are those of domain.md "
    "H7; none was changed.",
    "“Own name” is masked as an import masks it. “Name of another” is somebody whom no contact sheet knows, so that "
    "nothing can mask it. “Phrases” are gendered phrases from a list made for this test, of which masking knows only "
    "some.",
    "Without masking: the same text flips with the step switched off that masks gendered words; own names stay masked.",
    "Disclosure: five synthetic programmes (world W3, 150 mentees, 60 mentors), matched with lifts and without, by the "
    "packaged English model. Changes of base scores, points of 100, averaged over programmes with their standard "
    "error over programmes.",
    "The model knows English alone, so that the language flip cannot be made with it; the shipped configuration "
    "without a model declares every language and is tried instead.",
)  # fmt: skip


def run() -> tuple[dict[str, Any], str]:
    """Make all flips on the sample programme and on a synthetic one, and the disclosure test on synthetic ones."""
    config = load_config(shipped("configs") / "mentoring.toml")
    lexical = load_config(shipped("configs") / "lexical.toml")
    sample, synthetic = _sample(), simulated_folder(populate(world("W1").knobs(Knobs(mentees=80, groups=8)), seed=1))
    reports = {
        "sample": flip_report(lambda: Engine(config), sample, "mentor", people=PEOPLE),
        "synthetic": flip_report(lambda: Engine(config), synthetic, "mentor", people=PEOPLE),
        "sample, without masking": _unmasked(config, sample),
        "synthetic, without a model": flip_report(
            lambda: Engine(lexical), synthetic, "mentor", people=PEOPLE, families=("length", "language")
        ),
    }
    harms = [_disclosure(config, seed) for seed in SEEDS]
    real = disclosure_report(lambda: Engine(config), sample, "mentor")
    rows = _harm_rows(harms)
    loads = {f"synthetic {seed}": harm.load.model_dump() for seed, harm in zip(SEEDS, harms, strict=True)}
    loads["sample"] = real.load.model_dump()
    document = {
        "name": "flips",
        "question": "Do scores stay when what should not matter is changed, and do lifts harm those who keep silent?",
        "source": "examples/sample_programme and synthetic programmes of matchengine.simulation: invented people",
        "data": {name: {"people": report.people, "model": report.model} for name, report in reports.items()},
        "method": list(METHOD),
        "results": {
            "flips": {name: [_plain(check) for check in report.checks] for name, report in reports.items()},
            "disclosure": rows,
            "load": loads,
            "exposure": {
                f"synthetic {seed}": [each.model_dump() for each in harm.exposure]
                for seed, harm in zip(SEEDS, harms, strict=True)
            },
        },
        "conclusion": _conclusion(reports, rows, loads),
    }
    tables = [f"## {name}\n\n{report.sentence}\n\n{_table(report)}" for name, report in reports.items()]
    tables += [
        f"## Lifts on against off, synthetic\n\n{_harm_table(rows)}",
        f"## Identity load\n\n{_load_table(loads)}",
    ]
    return document, "\n\n".join(tables)


def _sample() -> Folder:
    with tempfile.TemporaryDirectory() as folder:
        sample_engine(Path(folder))
        return read_folder(Path(folder) / "records")


def _unmasked(config: EngineConfig, records: Folder) -> FlipReport:
    """Text flips with gendered words left as they are."""
    with patch("matchengine.pool.text.mask", lambda text, *_rest: text):
        return flip_report(lambda: Engine(config), records, "mentor", people=PEOPLE, families=("text",))


def _disclosure(config: EngineConfig, seed: int) -> DisclosureReport:
    population = populate(world("W3").knobs(Knobs(mentees=MENTEES, groups=4)), seed=seed)
    return disclosure_report(
        lambda: Engine(config), simulated_folder(population), "mentor", holds=hidden_tokens(population)
    )


def _plain(check: Any) -> dict[str, Any]:
    dropped = {"sentence", "flipped", "share", "same_first_least"}
    return check.model_dump(exclude=dropped) | {"flipped": " + ".join(check.flipped)}  # type: ignore[no-any-return]


def _table(report: FlipReport) -> str:
    header = ["check", "side", "flipped", "people", "pairs", "largest change", "within", "first five alike", "holds"]
    rows = []
    for check in report.checks:
        worst = "" if check.worst is None else f"{100 * check.worst:.2f}"
        within = "" if check.within is None else f"{check.within:.1%} ≤ {100 * check.bound:.3g}"
        alike = "" if check.same_first is None else f"{check.same_first:.2f}"
        holds = {True: "yes", False: "**no**", None: f"not checked: {check.not_applicable}"}[check.passed]
        rows.append([f"{check.family} {check.name}", check.side, " + ".join(check.flipped), str(check.people),
                     str(check.pairs), worst, within, alike, holds])  # fmt: skip
    return table(header, rows)


def _harm_rows(harms: list[DisclosureReport]) -> list[dict[str, Any]]:
    """Mean over programmes of each group's change, with the standard error and the limit."""
    found = []
    for group, side in {(row.group, row.side): None for harm in harms for row in harm.rows}:
        own = [r for h in harms for r in h.rows if (r.group, r.side, r.token) == (group, side, "") and r.people]
        broken = [r for h in harms for r in h.rows if (r.group, r.side) == (group, side) and r.passed is False]
        judged = [r for h in harms for r in h.rows if (r.group, r.side) == (group, side) and r.passed is not None]
        if not own:
            continue
        made: dict[str, Any] = {"group": group, "side": side, "programmes": len(own), "limit": own[0].limit}
        for name in ("assigned", "first"):
            values = np.array([v for r in own if (v := getattr(r, name)) is not None])
            made[name] = float(values.mean()) if len(values) else None
            made[f"{name}_error"] = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else None
        made["single groups below the limit"] = f"{len(broken)} of {len(judged)}"
        found.append(made)
    return found


def _harm_table(rows: list[dict[str, Any]]) -> str:
    def said(row: Mapping[str, Any], name: str) -> str:
        if row[name] is None:
            return ""
        error = row[f"{name}_error"]
        return f"{100 * row[name]:+.2f}" + ("" if error is None else f" ± {100 * error:.2f}")

    header = ["group", "side", "programmes", "assignment", "first five", "least allowed", "single groups below it"]
    return table(header, [
        [row["group"], row["side"], str(row["programmes"]), said(row, "assigned"), said(row, "first"),
         "" if row["limit"] is None else f"{100 * row['limit']:+.1f}", row["single groups below the limit"]]
        for row in rows
    ])  # fmt: skip


def _load_table(loads: Mapping[str, Mapping[str, Any]]) -> str:
    header = ["programme", "who", "people", "matches each", "of them on a wish", "places on lists on a wish",
              "caps", "broken"]  # fmt: skip
    return table(header, [
        [name, row["group"], *("" if row[key] is None else str(row[key]) for key in
                               ("people", "matches", "motivated", "requests")), str(load["capped"]),
         str(load["cap_breaches"])]
        for name, load in loads.items() for row in load["rows"]
    ])  # fmt: skip


def _conclusion(
    reports: Mapping[str, FlipReport], rows: list[dict[str, Any]], loads: Mapping[str, Mapping[str, Any]]
) -> str:
    said = []
    for name in ("sample", "synthetic"):
        bad = sorted({f"{c.family}/{c.name} ({c.side})" for c in reports[name].checks if c.passed is False})
        said.append(f"{name}: {reports[name].failed} checks do not hold" + (f": {', '.join(bad)}" if bad else ""))
    judged = [row for row in rows if row["limit"] is not None]
    harmed = [
        f"{row['group']} {row['side']} ({row['programmes']} programme{'s' if row['programmes'] > 1 else ''})"
        for row in judged
        if min(v for v in (row["assigned"], row["first"]) if v is not None) < row["limit"]
    ]
    said.append(
        f"on average lifts cost {len(harmed)} of {len(judged)} kinds of groups more than is allowed"
        + (f": {', '.join(harmed)}" if harmed else "")
    )
    said.append(f"{sum(load['cap_breaches'] for load in loads.values())} caps of identity matches would be broken")
    return "; ".join(said) + "."
