"""Compare strategies on invented programmes in eight worlds: which is least wrong, whichever is ours (H11, I6).

The unit is the replicate: one population, every strategy on it, fates of pairs drawn with common random numbers. Nobody
but the outcome process and the oracle sees what is hidden. Replicates are worked on by any number of processes, kept on
disk as they are done, and give the same result in whatever order. Everything here is synthetic, and says so.

    config = load_simulation("twin.toml")
    result = simulate(config, Path("."), Path("runs/twin"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from matchengine.errors import ConfigError
from matchengine.evaluation.nodes import NodeStore, write_atomically
from matchengine.evaluation.progress import Progress
from matchengine.evaluation.twin_config import Policy, SimulationConfig, load_simulation, parse_simulation
from matchengine.evaluation.twin_programme import TwinGround
from matchengine.evaluation.twin_replicate import Replicate, replicate, replicate_inputs
from matchengine.evaluation.twin_result import result_of_replicates
from matchengine.evaluation.workers import threads_shared
from matchengine.i18n import _, speaking
from matchengine.records.simulation import SimulationPlan, SimulationResult

__all__ = [
    "Policy",
    "SimulationConfig",
    "check_simulation",
    "load_simulation",
    "parse_simulation",
    "simulate",
]


def check_simulation(config: SimulationConfig, base: Path, limit: int | None = None) -> SimulationPlan:
    """Look every name up and say what would be run; nothing is simulated.

    Raises
    ------
    ConfigError, PluginError
        For a world, assumption, engine, kind, strategy or assigner that is not there.
    """
    ground = TwinGround(config, base)
    ground.check()
    populations = {world.knobs(ground.knobs).model_dump_json() for world in ground.worlds}
    return SimulationPlan(
        question=config.question, kind=config.kind, side=ground.side, strategies=tuple(ground.tables),
        worlds=config.world_names, replicates=_count(config, limit), mentees=ground.knobs.mentees,
        populations=_count(config, limit) * len(populations),
    )  # fmt: skip


def simulate(
    config: SimulationConfig,
    base: Path,
    folder: Path | None = None,
    *,
    workers: int | None = None,
    limit: int | None = None,
    fresh: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> SimulationResult:
    """Run every strategy on every replicate in every world, or go on where an earlier run stopped.

    Parameters
    ----------
    base : Path
        Folder that the paths of the configuration start from.
    folder : Path, optional
        Where replicates and the result are kept; nothing is kept without one.
    workers : int, optional
        Processes; as configured by default. The result is the same for any number.
    limit : int, optional
        So many replicates only: a trial, and the result says so.
    fresh : bool
        Whether replicates of an earlier run are forgotten.

    Raises
    ------
    ConfigError, PluginError
        As `check_simulation`.
    """
    if limit is not None and limit < 1:
        raise ConfigError(_("{option} is {value}, expected at least 1", option="limit", value=limit))
    ground = TwinGround(config, base)
    ground.check()
    count = _count(config, limit)
    done: dict[int, Replicate] = {}
    store = None if folder is None else NodeStore(folder / "nodes", fresh=fresh)
    if store is not None:
        for number in range(count):
            found = store.get(_name(number), replicate_inputs(ground, number))
            if found is not None:
                done[number] = Replicate.from_payload(found)
    waiting = [number for number in range(count) if number not in done]
    progress = None if folder is None else Progress(folder, count, len(done), say)
    try:
        for number, made in _worked(ground, waiting, workers or config.workers):
            done[number] = made
            if store is not None:
                store.put(_name(number), replicate_inputs(ground, number), made.payload())
            if progress is not None:
                progress.step(_name(number))
    finally:
        if progress is not None:
            progress.end()
    with speaking(config.language):
        result = result_of_replicates(ground, [done[number] for number in range(count)])
    if folder is not None:
        write_atomically(folder / "simulation.json", result.model_dump_json(indent=1).encode())
    return result


def _count(config: SimulationConfig, limit: int | None) -> int:
    return config.replicates if limit is None else min(limit, config.replicates)


def _name(number: int) -> str:
    return f"replicate-{number + 1:04d}"


def _worked(ground: TwinGround, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, Replicate]]:
    """Yield each replicate as soon as it is done."""
    workers = min(workers, max(len(numbers), 1))
    if workers < 2:
        for number in numbers:
            yield number, replicate(ground, number)
        return
    with threads_shared(workers), ProcessPoolExecutor(
        workers, get_context("spawn"), _begin, (ground.config, ground.base)
    ) as pool:  # fmt: skip
        running: dict[Future[Replicate], int] = {}
        queue = list(numbers)
        try:
            while queue or running:
                while queue and len(running) < workers:
                    number = queue.pop(0)
                    running[pool.submit(_work, number)] = number
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_ground: list[TwinGround] = []


def _begin(config: SimulationConfig, base: Path) -> None:
    _ground[:] = [TwinGround(config, base)]


def _work(number: int) -> Replicate:
    return replicate(_ground[0], number)
