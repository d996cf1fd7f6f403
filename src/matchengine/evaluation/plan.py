"""What has to be done: the strategies of a file, those the harness adds, and what goes into each step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchengine.config import EngineConfig, load_config
from matchengine.errors import ConfigError, did_you_mean
from matchengine.evaluation.canaries import CANARY
from matchengine.evaluation.config import ENGINE, EvaluationConfig, StrategyTable
from matchengine.i18n import _
from matchengine.registry import Registry
from matchengine.version import __version__

__all__ = ["Step", "data_inputs", "engine_files", "make_plan", "step_inputs"]

_SECTIONS = ("data", "unit", "groups", "seed")
_ALONE = {"random": "random", "constant": "constant", "popularity": "popularity"}


@dataclass(frozen=True)
class Step:
    """One strategy to be asked and measured.

    `of` and `scorer` say of an ablation which scorer of which strategy is left out (`without`) or alone (`only`).
    """

    name: str
    table: StrategyTable
    origin: str
    baseline: bool = False
    of: str = ""
    scorer: str = ""
    how: str = ""

    @property
    def learns(self) -> bool:
        """Whether its answer depends on how people are split."""
        return self.table.history or self.table.tune is not None


def make_plan(config: EvaluationConfig, base: Path, registry: Registry) -> list[Step]:
    """Return every step, in a fixed order.

    Raises
    ------
    ConfigError
        Where a configuration or a scorer that a strategy names is not there.
    """
    steps = [
        Step(name, config.resolved(name), "declared", config.strategies[name].baseline) for name in config.strategies
    ]
    steps += [
        Step(CANARY + name, StrategyTable(use=_ALONE[name]), "canary") for name in config.canaries if name in _ALONE
    ]
    if "oracle" in config.canaries:
        steps.append(Step(CANARY + "oracle", StrategyTable(use="oracle"), "canary"))
    if "duplicate" in config.canaries:
        steps.append(Step(CANARY + "duplicate", config.resolved(config.against), "canary", of=config.against))
    return [*steps, *_ablations(config, base, registry)]


def _ablations(config: EvaluationConfig, base: Path, registry: Registry) -> Iterator[Step]:
    """Yield the strategy under study without each of its scorers, and with each alone."""
    wanted = config.ablation
    if not (wanted.leave_one_out or wanted.only_one):
        return
    engines = [name for name in config.strategies if config.resolved(name).use == ENGINE]
    default = next((name for name in engines if not config.strategies[name].baseline), None)
    name = wanted.of or default
    if name is None or config.resolved(name).use != ENGINE:
        raise ConfigError(
            _("ablation.of: name a strategy that scores with a configuration; there is none to take apart")
        )
    table = config.resolved(name)
    scorers = weights_of(table, config, base, registry)
    if len(scorers) < 2:
        raise ConfigError(_("ablation: {name!r} has one scorer, so there is nothing to take apart", name=name))
    for scorer in scorers:
        rest = {key: weight for key, weight in scorers.items() if key != scorer}
        if wanted.leave_one_out:
            without = table.model_copy(update={"scorers": rest, "add": {}, "drop": ()})
            yield Step(f"{name} - {scorer}", without, "ablation", of=name, scorer=scorer, how="without")
        if wanted.only_one:
            alone = table.model_copy(update={"scorers": {scorer: scorers[scorer]}, "add": {}, "drop": ()})
            yield Step(f"{name}: only {scorer}", alone, "ablation", of=name, scorer=scorer, how="only")


def weights_of(table: StrategyTable, config: EvaluationConfig, base: Path, registry: Registry) -> dict[str, float]:
    """Return the weights of a strategy's scorers after its changes, lifts left out, in the configuration's order."""
    engine = load_config(base / (table.config or config.data.engine))
    kind = table.kind or config.data.kind
    if kind not in engine.match:
        raise ConfigError(_("no kind of match {kind!r}; {hint}", kind=kind, hint=did_you_mean(kind, engine.match)))
    choices = engine.match[kind].scorers.items()
    own = {key: choice.weight for key, choice in choices if registry.scorer(choice.use).role != "lift"}
    chosen = {**(own if table.scorers is None else table.scorers), **table.add}
    return {key: weight for key, weight in chosen.items() if key not in table.drop}


def engine_files(config: EvaluationConfig, base: Path) -> dict[str, EngineConfig]:
    """Return every engine's configuration that the strategies name, by path as written."""
    paths = {config.data.engine, *(table.config for table in config.strategies.values() if table.config)}
    return {path: load_config(base / path) for path in sorted(paths)}


def data_inputs(config: EvaluationConfig, base: Path, limit: int | None) -> dict[str, Any]:
    """Return what the data depend on: hashes of every file, and the tables of the configuration that read them."""
    folder = base / config.data.records
    records = folder / "records" if (folder / "records").is_dir() else folder
    files = sorted(path for path in records.glob("*.jsonl") if path.is_file())
    hashes = {path.name: _hash(path) for path in files if path.name != "contacts.jsonl"}
    if config.data.outcomes:
        hashes["outcomes"] = _hash(base / config.data.outcomes)
    dumped = config.model_dump(mode="json", by_alias=True)
    of_data = {key: value for key, value in dumped["data"].items() if key not in ("records", "engine", "outcomes")}
    return {
        "files": hashes,
        "engine": load_config(base / config.data.engine).hash,
        "tables": {section: dumped[section] for section in _SECTIONS} | {"data": of_data},
        "limit": limit,
        "version": __version__,
    }


def step_inputs(
    step: Step, config: EvaluationConfig, data: str, engines: Mapping[str, EngineConfig], versions: Mapping[str, str],
    metrics: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Return everything that the measurements of a step depend on."""
    dumped = config.model_dump(mode="json", by_alias=True)
    path = step.table.config or config.data.engine
    return {
        "data": data,
        "strategy": step.table.model_dump(mode="json", by_alias=True),
        "step": [step.name, step.origin, step.baseline, step.of, step.scorer, step.how],
        "engine": engines[path].hash if step.table.use == ENGINE else "",
        "split": dumped["split"],
        "metrics": list(metrics),
        "plugins": dict(versions),
        "seed": config.seed,
        "version": __version__,
    }


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:24]
    except OSError as error:
        raise ConfigError(_("{path}: cannot be read ({reason})", path=path, reason=error.strerror)) from error
