"""What became of pairs, read from a table or from the records themselves, as rows of typed cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean

from matchengine.errors import DataError
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.relevance import Value, parse_condition, typed
from matchengine.i18n import N_, _, ngettext
from matchengine.io.report import Report
from matchengine.io.sources import open_tables
from matchengine.io.tables import FileOptions
from matchengine.io.write import Folder

__all__ = ["KIND_OF_CANDIDATE", "Outcome", "days", "outcomes_from_records", "read_outcomes"]

KIND_OF_CANDIDATE: Mapping[str, str] = {
    "mentor": "mentoring", "peer": "peer", "sponsor": "sponsorship", "buddy": "buddy", "group": "membership",
}  # fmt: skip
"""Kind of relationship that answers whom a candidate of each role was matched with."""
_MONTH = 30.4375
_MOST_PROBLEMS = 50


@dataclass(frozen=True)
class Outcome:
    """One row: who, with whom, the cells that conditions read, and how good it was (None where not known)."""

    person: str
    other: str
    gain: float | None
    other_yes: bool | None
    observed: float
    propensity: float
    cluster: str | None


def days(cell: Value) -> float:
    """Return a day as days since 1970-01-01; NaN where it is none."""
    if not isinstance(cell, str):
        return float("nan")
    try:
        return float((date.fromisoformat(cell[:10]) - date(1970, 1, 1)).days)
    except ValueError:
        return float("nan")


def read_outcomes(path: Path, config: EvaluationConfig) -> list[Outcome]:
    """Read the outcomes table.

    Raises
    ------
    DataError
        With every problem of the file: a column that is missing, a row without ids, a pair that stands twice with
        different outcomes, a person in two clusters, a propensity that is none.

    Notes
    -----
    Of a pair whose `shown` cell says no, no outcome is known.
    """
    report = Report()
    tables = open_tables(str(path), lambda _name: FileOptions(), report)
    if report.failures or len(tables) != 1:
        raise DataError(
            _("{path}: expected one table of pairs", path=path.name),
            [p.sentence(with_value=False) for p in report.failures],
        )
    table, unit = tables[0], config.unit
    wanted = [unit.person, unit.other_side, *([unit.cluster] if unit.cluster else [])]
    wanted += [column for column in (config.data.leakage.cutoff,) if column]
    wanted += [getattr(unit, name) for name in ("observed_at", "shown", "propensity") if name in unit.model_fields_set]
    missing = [column for column in wanted if column not in table.headers]
    if missing:
        told = N_("{path}: no column {columns}; it has {headers}. Name them in [unit]")
        raise DataError(_(told, path=path.name, columns=", ".join(missing), headers=", ".join(table.headers)))
    names = {unit.person, unit.other_side, unit.cluster}
    rows = [
        (number, {header: _name(cell) if header in names else typed(cell)
                  for header, cell in zip(table.headers, cells, strict=False) if header})
        for number, cells in table.rows
    ]  # fmt: skip
    return _graded(path.name, rows, table.headers, config)


def outcomes_from_records(records: Folder, candidate: str, config: EvaluationConfig) -> list[Outcome]:
    """Return outcomes of relationships: status, months, ratings of both sides; the year of the start is the cluster.

    Columns that conditions may read: `status`, `months`, `satisfaction`, `helpfulness`, `trust`, `goal_progress`,
    `candidate_satisfaction`, `started_year`. A rating is the mean of all waves.
    """
    kind = KIND_OF_CANDIDATE.get(candidate)
    if kind is None:
        told = N_("data.outcomes: records hold no outcomes for candidates of role {role!r}; give a table of pairs")
        raise DataError(_(told, role=candidate))
    said: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for answer in records.feedback:
        if answer.person_id is not None:
            for item in ("satisfaction", "helpfulness", "trust", "goal_progress"):
                rating = getattr(answer.items, item)
                if rating is not None:
                    said[answer.person_id, answer.about_id][item].append(float(rating))
    rows = []
    for number, tie in enumerate((t for t in records.relationships if t.kind == kind), 1):
        mine, theirs = said[tie.person_id, tie.other_id], said[tie.other_id, tie.person_id]
        months = None if tie.started is None or tie.ends is None else (tie.ends - tie.started).days / _MONTH
        row: dict[str, Value] = {
            config.unit.person: tie.person_id,
            config.unit.other_side: tie.other_id,
            "status": tie.status,
            "months": months,
            "started_year": None if tie.started is None else str(tie.started.year),
            config.unit.observed_at: None if tie.started is None else tie.started.isoformat(),
            "candidate_satisfaction": fmean(theirs["satisfaction"]) if theirs["satisfaction"] else None,
        }
        row |= {item: fmean(mine[item]) if mine[item] else None for item in
                ("satisfaction", "helpfulness", "trust", "goal_progress")}  # fmt: skip
        rows.append((number, row))
    headers = list(rows[0][1]) if rows else []
    if not rows:
        raise DataError(_("data: the records hold no relationship of kind {kind!r}, so no outcome is known", kind=kind))
    return _graded(_("relationships of kind {kind!r}", kind=kind), rows, headers, config)


def _graded(
    where: str, rows: Sequence[tuple[int, dict[str, Value]]], headers: Sequence[str], config: EvaluationConfig
) -> list[Outcome]:
    """Turn rows into outcomes, every problem of the table at once."""
    table, unit = config.data.relevance, config.unit
    columns = [header for header in headers if header]
    grades = sorted(table.conditions, key=lambda grade: (-table.gains.get(grade, 1.0), grade))
    conditions = [(parse_condition(table.conditions[g], columns), table.gains.get(g, 1.0)) for g in grades]
    other = parse_condition(table.other_side, columns) if table.other_side else None
    found: dict[tuple[str, str], Outcome] = {}
    cluster_of: dict[str, str | None] = {}
    problems = []
    for number, row in rows:
        person, candidate = _id(row.get(unit.person)), _id(row.get(unit.other_side))
        if person is None or candidate is None:
            problems.append(_("row {row}: no id of the person or of the other side", row=number))
            continue
        cluster = _id(row.get(unit.cluster)) if unit.cluster else None
        if cluster_of.setdefault(person, cluster) != cluster:
            problems.append(
                _("row {row}: the person is in another {column} elsewhere", row=number, column=unit.cluster)
            )
        held = [(condition.holds(row), gain) for condition, gain in conditions]
        gain = next((gain for holds, gain in held if holds), None)
        if gain is None and any(holds is not None for holds, _gain in held):
            gain = 0.0
        if _is_no(row.get(unit.shown)):
            gain = None
        chance = row.get(unit.propensity)
        propensity = float("nan") if chance is None else chance
        if not isinstance(propensity, float) or not (propensity != propensity or 0 < propensity <= 1):
            problems.append(_("row {row}: propensity is no number above 0 and at most 1", row=number))
            continue
        made = Outcome(
            person, candidate, gain, other.holds(row) if other else None,
            days(row.get(config.data.leakage.cutoff or unit.observed_at)), propensity, cluster,
        )  # fmt: skip
        before = found.setdefault((person, candidate), made)
        if (before.gain, before.other_yes) != (made.gain, made.other_yes):
            problems.append(_("row {row}: the pair stands twice, with different outcomes", row=number))
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        told = problems[:_MOST_PROBLEMS] + ([ngettext("and {n} more", "and {n} more", more)] if more > 0 else [])
        raise DataError(ngettext("{where}: {n} problem", "{where}: {n} problems", len(problems), where=where), told)
    return list(found.values())


def _is_no(cell: Value) -> bool:
    """Whether a cell says that a pair was never shown, so that its outcome is not known whatever stands there."""
    return cell is False or (isinstance(cell, float) and cell == 0)


def _name(cell: object) -> Value:
    """Return a cell with an id or a cohort: a text as it stands, so that 007 and yes stay what they are."""
    return (cell.strip() or None) if isinstance(cell, str) else typed(cell)


def _id(cell: Value) -> str | None:
    """Return a cell as an id; a number without fraction loses its point."""
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return cell
