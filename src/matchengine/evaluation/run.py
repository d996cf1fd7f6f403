"""Run an evaluation: every step that is not there yet, in any number of processes, then the result.

The order of steps, their number of processes and a stop in between change nothing in the result: a step is a pure
function of its inputs, and the main process alone writes what it produced.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.errors import DataError, MatchEngineError
from matchengine.evaluation.analysis import Circumstances, analyse
from matchengine.evaluation.checking import canonical, check_names
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.gate import check_declaration, data_gate, refuse_unsound
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.measurements import StrategyTable, Table
from matchengine.evaluation.nodes import NodeStore, Payload, key_of, write_atomically
from matchengine.evaluation.plan import Step, make_plan
from matchengine.evaluation.progress import Progress
from matchengine.evaluation.provenance import run_facts
from matchengine.evaluation.selftests import among_known, better_than_chance, chance, permuted
from matchengine.evaluation.sensitivity import weight_draws
from matchengine.evaluation.steps import Work, ask_and_measure
from matchengine.evaluation.trec import keep_rankings
from matchengine.evaluation.workers import threads_shared
from matchengine.i18n import _
from matchengine.records.evaluation import DataGate, EvaluationResult
from matchengine.version import __version__

__all__ = ["Finished", "Options", "StoppedError", "check_evaluation", "config_of", "result_of", "run_evaluation"]

_SELFTESTS = "selftests"


class StoppedError(MatchEngineError):
    """A run was stopped before all steps were done; the same command goes on."""


@dataclass(frozen=True)
class Options:
    """How to run.

    `fresh` forgets earlier steps, `limit` asks for so many people only, `workers` processes, `where` is what the file
    is called in messages, `why` tells which input of each step changed, `say` takes lines of progress, `plugins` are
    handed over in code.
    """

    fresh: bool = False
    limit: int | None = None
    workers: int | None = None
    why: bool = False
    say: Callable[[str], None] = lambda text: None
    plugins: tuple[object, ...] = ()
    where: str = ""


@dataclass(frozen=True)
class Finished:
    """A result, the names of steps that were done anew, and where everything lies."""

    result: EvaluationResult
    done: tuple[str, ...]
    folder: Path
    facts: dict[str, Any] = field(default_factory=dict)


def check_evaluation(
    config: EvaluationConfig, base: Path, options: Options | None = None, *, text: str = ""
) -> DataGate:
    """Check schema, joins, cells, leakage and power, and show no result; see `passed` of what is returned.

    Raises
    ------
    MatchEngineError
        With every problem of the configuration, the metrics, the strategies or the data.
    """
    return data_gate(*_prepared(config, base, options or Options(), text))


def _prepared(config: EvaluationConfig, base: Path, options: Options, text: str) -> tuple[Ground, list[Step]]:
    """Make the ground and the plan, every name looked up before anything runs."""
    ground = Ground(config, base, options.limit, options.plugins)
    check_names(config, ground, text, options.where)
    ground.config = canonical(config, ground)
    return ground, make_plan(ground.config, base, ground.registry)


def run_evaluation(
    config: EvaluationConfig, base: Path, folder: Path, *, text: str = "", options: Options | None = None
) -> Finished:
    """Run, or go on where an earlier run stopped.

    Parameters
    ----------
    base : Path
        Folder that the paths of the configuration start from.
    folder : Path
        Where nodes, table and result are written.

    Raises
    ------
    StoppedError
        Where the time of the budget was over.
    GateError
        Where the data do not pass, before anything is measured.
    MatchEngineError
        For another problem of configuration or data, before anything is run.
    """
    options = options or Options()
    ground, steps = _prepared(config, base, options, text)
    config = ground.config
    gate = data_gate(ground, steps)
    refuse_unsound(gate)
    store = NodeStore(folder / "nodes", fresh=options.fresh)
    exploratory = check_declaration(folder, config)
    works: dict[str, Work] = {}
    done: list[str] = []
    pending = []
    for step in steps:
        inputs = ground.step_inputs(step)
        found = store.get(step.name, inputs)
        work = None if found is None else work_from(found)
        if work is not None and not work.table.failed:  # what failed may have failed for want of memory or a package
            works[step.name] = work
            continue
        if options.why:
            options.say(_why(store, step, inputs))
        pending.append(step)
    progress = Progress(folder, len(steps) + 1, len(works), options.say)
    for step, work in _worked(ground, pending, options, progress):
        store.put(step.name, ground.step_inputs(step), payload_of(work))
        works[step.name] = work
        done.append(step.name)
        progress.step(step.name)
    table = _table(ground, steps, works)
    table = _tested(ground, store, table, works, done)
    progress.step(_SELFTESTS)
    told = Circumstances(gate, exploratory, options.limit, config.data.synthetic, config=config.declaration)
    result = analyse(table, config, told)
    table.write(folder)
    facts = run_facts(config, text, ground.data_inputs, ground.registry.versions, base)
    facts |= {"circumstances": _kept(told), "nodes": {name: _cost(works[name], name in done) for name in sorted(works)}}
    if config.report.trec:
        answered = [step for step in steps if step.origin == "declared" and not works[step.name].table.failed]
        facts["trec"] = keep_rankings(store, ground, answered)
    write_atomically(folder / "run.json", json.dumps(facts, indent=1).encode())
    write_atomically(folder / "results.json", result.model_dump_json(indent=1, by_alias=True).encode())
    progress.end()
    return Finished(result, tuple(done), folder, facts)


def config_of(folder: Path) -> EvaluationConfig:
    """Return the configuration of a finished run; DataError where the folder holds none."""
    return EvaluationConfig.model_validate(_facts(folder)["config"])


def result_of(folder: Path) -> EvaluationResult:
    """Work the result out again from the saved table: nothing is asked or measured anew."""
    kept = _facts(folder)["circumstances"]
    told = Circumstances(
        DataGate.model_validate(kept["gate"]), tuple(kept["exploratory"]), kept["limit"], kept["synthetic"],
        kept["config"],
    )  # fmt: skip
    return analyse(Table.read(folder), config_of(folder), told)


def _facts(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(_("{folder}: no finished run; run matchengine eval first", folder=folder)) from error
    return found


def _kept(told: Circumstances) -> dict[str, Any]:
    return {
        "gate": told.gate.model_dump(mode="json"), "exploratory": list(told.exploratory), "limit": told.limit,
        "synthetic": told.synthetic, "config": told.config,
    }  # fmt: skip


def _why(store: NodeStore, step: Step, inputs: dict[str, object]) -> str:
    changed = store.why(step.name, inputs)
    if changed is None:
        return _("{name}: was never run", name=step.name)
    if not changed:
        return _("{name}: its result is damaged or was to be forgotten", name=step.name)
    return _("{name}: changed since the last run: {what}", name=step.name, what=", ".join(changed))


def _worked(ground: Ground, steps: Sequence[Step], options: Options, progress: Progress) -> Iterator[tuple[Step, Work]]:
    """Yield each step with what it produced, as soon as it is done."""
    workers = min(options.workers or ground.config.budget.workers, max(len(steps), 1))
    if ground.plugins and workers > 1:
        options.say(_("plugins handed over in code or files run in one process"))
        workers = 1
    until = time.monotonic() + (ground.config.budget.max_seconds or float("inf"))
    if workers < 2:
        for step in steps:
            _in_time(until, progress)
            yield step, ask_and_measure(ground, step)
        return
    ground.task  # noqa: B018 - so that vectors are worked out once, and no worker does so beside another
    with threads_shared(workers), ProcessPoolExecutor(
        workers, get_context("spawn"), _begin, (ground.config, ground.base, ground.limit, ground.plugins)
    ) as pool:  # fmt: skip
        waiting: dict[Future[Work], Step] = {}
        queue = list(steps)
        try:
            while queue or waiting:
                while queue and len(waiting) < workers and time.monotonic() <= until:
                    step = queue.pop(0)
                    waiting[pool.submit(_work, step)] = step
                if not waiting:
                    _in_time(until, progress)
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(future), future.result()
        except BaseException:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.terminate()  # what is under way would be thrown away
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _in_time(until: float, progress: Progress) -> None:
    if time.monotonic() > until:
        progress.end()
        raise StoppedError(
            _("budget.max_seconds is over: what is done is kept, and the same command goes on from there")
        )


_ground: list[Ground] = []


def _begin(config: EvaluationConfig, base: Path, limit: int | None, plugins: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process decides
    _ground[:] = [Ground(config, base, limit, plugins)]


def _work(step: Step) -> Work:
    return ask_and_measure(_ground[0], step)


def _table(ground: Ground, steps: Iterable[Step], works: dict[str, Work]) -> Table:
    task, asked = ground.judged_task, ground.task.asked
    relevant = np.bincount(asked.requester, weights=np.nan_to_num(task.gain) > 0, minlength=asked.requesters)
    return Table(
        person=asked.requester_ids, cluster=task.clusters, clustered=task.clustered, judged=ground.judged,
        candidates=np.bincount(asked.requester, minlength=asked.requesters), relevant=relevant.astype(np.int64),
        seats=asked.seats, audit={name: v for name, v in asked.audit.items() if not name.startswith("candidate:")},
        counts=task.facts, strategies=tuple(works[step.name].table for step in steps),
    )  # fmt: skip


def _tested(ground: Ground, store: NodeStore, table: Table, works: dict[str, Work], done: list[str]) -> Table:
    """Add what the canaries are held against, and what other weights do."""
    inputs = {
        "steps": {name: _digest(work) for name, work in sorted(works.items())}, "data": key_of(ground.data_inputs),
        "config": ground.config.model_dump(mode="json", by_alias=True, include=_READ), "version": __version__,
        "plugins": dict(ground.registry.versions), "order": list(ground.config.strategies),
    }  # fmt: skip
    found = store.get(_SELFTESTS, inputs)
    if found is None:
        scores = {name: work.scores for name, work in works.items()}
        tests = chance(ground)
        if "permuted" in ground.config.canaries:
            tests["permuted_p"] = permuted(ground, scores)
        tests["signal_p"] = better_than_chance(table, ground.config, ground.config.seed)
        tests |= among_known(ground, scores)
        tests |= weight_draws(ground, table, scores)
        found = Payload(tests)
        store.put(_SELFTESTS, inputs, found)
        done.append(_SELFTESTS)
    return Table(**{**table.__dict__, "sensitivity": dict(found.arrays)})


_READ = {"compare", "metrics", "canaries", "sensitivity", "ablation", "strategies", "split", "seed"}


def _digest(work: Work) -> str:
    import hashlib

    return hashlib.sha256(work.scores.tobytes()).hexdigest()[:16] if len(work.scores) else work.table.failed[:200]


def payload_of(work: Work) -> Payload:
    """Return a step's product as arrays and facts."""
    alone = Table.alone(work.table).payload()
    facts = {"table": alone.facts, "seconds": work.seconds, "cpu_seconds": work.cpu_seconds,
             "peak_bytes": work.peak_bytes, "costs": dict(work.costs)}  # fmt: skip
    return Payload({**alone.arrays, "scores": work.scores}, facts)


def work_from(payload: Payload) -> Work:
    """Make a step's product out of what `payload_of` returned."""
    arrays, facts = dict(payload.arrays), payload.facts
    scores = arrays.pop("scores")
    table: StrategyTable = Table.from_payload(Payload(arrays, facts["table"])).strategies[0]
    return Work(table, scores, facts["seconds"], facts["cpu_seconds"], facts["peak_bytes"], facts["costs"])


def _cost(work: Work, anew: bool) -> dict[str, Any]:
    return {
        "seconds": round(work.seconds, 3), "cpu_seconds": round(work.cpu_seconds, 3), "peak_bytes": work.peak_bytes,
        "metrics": dict(work.costs), "done_now": anew,
    }  # fmt: skip
