"""The per-person table: every strategy's values on every metric. All that a report says is worked out from it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.evaluation.nodes import Payload, write_atomically
from matchengine.i18n import _

__all__ = ["Measurements", "MetricFacts", "StrategyTable", "Table"]

Origin = Literal["declared", "canary", "ablation"]
_COLUMNS = ("cluster", "judged", "candidates", "relevant", "seats")


@dataclass(frozen=True)
class MetricFacts:
    """What a metric is: name as written, words, unit, whose value, which direction is better, its signature."""

    name: str
    title: str
    unit: str
    level: str
    better: Literal["higher", "lower"]
    signature: str


@dataclass(frozen=True)
class Measurements:
    """One metric of one strategy.

    Attributes
    ----------
    facts : MetricFacts
    values : float64 array (N,), (M,) or (1,)
        By person, by candidate or for everybody; NaN where there is no value.
    excluded, missing : int
        People without any suitable candidate; people without any suggestion, who count as 0.
    not_applicable : str
        Why there is no value at all; empty where there is.
    """

    facts: MetricFacts
    values: FloatArray
    excluded: int = 0
    missing: int = 0
    not_applicable: str = ""

    @property
    def mean(self) -> float:
        """Mean of the values there are; NaN without any."""
        known = self.values[~np.isnan(self.values)]
        return float(known.mean()) if len(known) else float("nan")


@dataclass(frozen=True)
class StrategyTable:
    """One strategy: its measurements, and on whose outcomes they rest.

    `top_person`, `top_candidate` int32 (K,) are the candidates whose good outcomes a person's values rest on: those who
    suit among the first of the list. Two people whose values rest on one candidate are not independent.
    `exposure` (M,) is the attention each candidate gets and `load` (M,) how often each is assigned; empty where not
    known. `tied` is the share of people whose last place shown falls to lot among equals, `level` whether everybody's
    candidates all have one score. `failed` is the reason of a strategy without any answer, `leak` the name of the
    finding where it was refused for having seen outcomes.
    """

    name: str
    title: str
    origin: Origin = "declared"
    baseline: bool = False
    failed: str = ""
    notes: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    honest: float | None = None
    apparent: float | None = None
    tied: float | None = None
    level: bool = False
    leak: str = ""
    of: str = ""
    scorer: str = ""
    selection: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Measurements] = field(default_factory=dict)
    top_person: IntArray = field(default_factory=lambda: np.zeros(0, np.int32))
    top_candidate: IntArray = field(default_factory=lambda: np.zeros(0, np.int32))
    exposure: FloatArray = field(default_factory=lambda: np.zeros(0))
    load: FloatArray = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Table:
    """Everything that was measured.

    Attributes
    ----------
    person : tuple of str
        Ids, N of them; they never leave the run folder.
    cluster : int64 array (N,)
    clustered : bool
        Whether the clusters come from the data; else everybody is their own.
    judged : bool array (N,)
        Whom the split judges.
    audit : dict of str to tuple of (str or None)
        Subgroups of those who consented to audits.
    candidates, relevant : int64 array (N,)
        Eligible and suitable candidates of each person.
    seats : float64 array (M,)
    counts : dict of str to int
        What reading counted.
    strategies : tuple of StrategyTable
    sensitivity : dict of str to float64 array
        `order` bool (D,), whether the order of strategies stays under each draw; further figures by name.
    """

    person: tuple[str, ...]
    cluster: IntArray
    clustered: bool
    judged: BoolArray
    candidates: IntArray
    relevant: IntArray
    seats: FloatArray
    audit: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    strategies: tuple[StrategyTable, ...] = ()
    sensitivity: Mapping[str, FloatArray] = field(default_factory=dict)

    @classmethod
    def alone(cls, strategy: StrategyTable) -> Table:
        """Return a table of one strategy and nothing else, to be kept until the others are there."""
        none = np.zeros(0, np.int64)
        return cls((), none, False, np.zeros(0, np.bool_), none, none, np.zeros(0), strategies=(strategy,))

    def __getitem__(self, name: str) -> StrategyTable:
        for strategy in self.strategies:
            if strategy.name == name:
                return strategy
        raise KeyError(name)

    def payload(self) -> Payload:
        """Return everything as arrays and facts."""
        arrays: dict[str, NDArray[Any]] = {name: getattr(self, name) for name in _COLUMNS}
        arrays |= {f"sensitivity/{name}": values for name, values in self.sensitivity.items()}
        facts: dict[str, Any] = {
            "person": list(self.person), "clustered": self.clustered, "counts": dict(self.counts),
            "audit": {name: list(values) for name, values in self.audit.items()}, "strategies": [],
        }  # fmt: skip
        for number, strategy in enumerate(self.strategies):
            own = {
                name: getattr(strategy, name)
                for name in ("name", "title", "origin", "baseline", "failed", "honest", "apparent", "tied", "level",
                             "leak", "of", "scorer")
            }  # fmt: skip
            own |= {"notes": list(strategy.notes), "weights": dict(strategy.weights), "metrics": []}
            own["selection"] = dict(strategy.selection)
            for name in ("top_person", "top_candidate", "exposure", "load"):
                arrays[f"{number}/{name}"] = getattr(strategy, name)
            for key, measured in strategy.metrics.items():
                arrays[f"{number}/{key}"] = measured.values
                more = {"excluded": measured.excluded, "missing": measured.missing}
                more["not_applicable"] = measured.not_applicable  # type: ignore[assignment]
                own["metrics"].append({"key": key, **asdict(measured.facts), **more})
            facts["strategies"].append(own)
        return Payload(arrays, facts)

    @classmethod
    def from_payload(cls, payload: Payload) -> Table:
        """Make a table out of what `payload` returned."""
        arrays, facts = payload.arrays, dict(payload.facts)
        strategies = []
        for number, told in enumerate(facts.pop("strategies")):
            own = dict(told)
            metrics = {}
            for each in own.pop("metrics"):
                key = each.pop("key")
                counts = {name: each.pop(name) for name in ("excluded", "missing", "not_applicable")}
                metrics[key] = Measurements(MetricFacts(**each), arrays[f"{number}/{key}"], **counts)
            for name in ("top_person", "top_candidate", "exposure", "load"):
                own[name] = arrays[f"{number}/{name}"]
            strategies.append(StrategyTable(**own | {"notes": tuple(own["notes"]), "metrics": metrics}))
        return cls(
            person=tuple(facts.pop("person")),
            audit={name: tuple(values) for name, values in facts.pop("audit").items()},
            strategies=tuple(strategies),
            sensitivity={
                key.removeprefix("sensitivity/"): array
                for key, array in arrays.items()
                if key.startswith("sensitivity/")
            },
            **dict[str, Any]({name: arrays[name] for name in _COLUMNS}),
            **facts,
        )

    def write(self, folder: Path) -> None:
        """Write the table: `per_person.npz` to be read back, `per_person.csv` for other tools, both private."""
        payload = self.payload()
        buffer = io.BytesIO()
        facts = np.frombuffer(json.dumps(payload.facts).encode(), np.uint8)
        np.savez(buffer, facts=facts, **dict[str, Any](payload.arrays))
        write_atomically(folder / "per_person.npz", buffer.getvalue())
        write_atomically(folder / "per_person.csv", self._csv().encode())

    @classmethod
    def read(cls, folder: Path) -> Table:
        """Read a table back.

        Raises
        ------
        DataError
            Where the folder holds none, or a damaged one.
        """
        path = folder / "per_person.npz"
        try:
            with np.load(path, allow_pickle=False) as found:
                arrays = {key: found[key] for key in found.files}
            facts = json.loads(arrays.pop("facts").tobytes())
            return cls.from_payload(Payload(arrays, facts))
        except (OSError, ValueError, KeyError, TypeError) as error:
            told = _("{path}: no per-person table of a finished run; run matchengine eval first", path=path)
            raise DataError(told) from error

    def by_person(self) -> dict[str, FloatArray]:
        """Return each strategy's values on each metric of persons, float64 (N,), as `strategy:metric`."""
        return {
            f"{strategy.name}:{key}": measured.values
            for strategy in self.strategies
            for key, measured in strategy.metrics.items()
            if measured.facts.level == "person" and len(measured.values) == len(self.person)
        }

    def _csv(self) -> str:
        """One line a person: id, cluster, whether judged, each strategy's values on each metric of persons.

        An id that a spreadsheet would take for a formula begins with an apostrophe, as in all files of this package.
        """
        columns = self.by_person()
        lines = [",".join(["person_id", "cluster", "judged", *(f'"{name}"' for name in columns)])]
        for place, person in enumerate(self.person):
            quoted = '"' + ("'" if person[:1] in "=+-@" else "") + person.replace('"', '""') + '"'
            cells = ["" if np.isnan(values[place]) else repr(float(values[place])) for values in columns.values()]
            lines.append(",".join([quoted, str(self.cluster[place]), str(int(self.judged[place])), *cells]))
        return "\n".join(lines) + "\n"
