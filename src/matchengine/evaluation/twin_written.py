"""Write an invented programme with the rounds it lived through, so that evaluating and learning can be tried at once.

Nobody in the files exists; `twin_rounds` makes the rounds.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchengine.batch import FloatArray
from matchengine.errors import ConfigError, DataError
from matchengine.evaluation.nodes import write_atomically
from matchengine.evaluation.twin_config import Policy, SimulationConfig
from matchengine.evaluation.twin_programme import TODAY, Twin, TwinGround
from matchengine.evaluation.twin_rounds import COLUMNS, FEWEST_COHORTS, PRACTICAL, SHOWN, Rounds, live_rounds
from matchengine.i18n import N_, _, ngettext
from matchengine.records.simulation import SyntheticProgramme

if TYPE_CHECKING:
    from matchengine.simulation import World

__all__ = ["write_programme"]


def write_programme(folder: Path, world: str, *, engine: Path, mentees: int = 200, seed: int = 0) -> SyntheticProgramme:
    """Write records, outcomes of earlier rounds and a ready evaluation file into a folder that is empty or not there.

    Parameters
    ----------
    world : str
        `W0` to `W7`.
    engine : Path
        Configuration whose kind `mentor` made the earlier rounds; a copy is kept in `engine/`.
    mentees : int
        At least 20.

    Raises
    ------
    ConfigError
        For a world, a configuration or a number that does not fit.
    DataError
        Where something is in the folder already, or it cannot be written.
    """
    from matchengine.simulation import populate
    from matchengine.simulation import world as world_named

    place = world_named(world)
    if mentees < 4 * FEWEST_COHORTS:
        told = N_("{option} is {value}, expected at least {least}")
        raise ConfigError(_(told, option="--mentees", value=mentees, least=4 * FEWEST_COHORTS))
    if folder.exists() and any(folder.iterdir()):
        raise DataError(_("{folder}: there is something in it already; name a new folder", folder=folder))
    config = SimulationConfig.model_validate({
        "schema": "matchengine.simulation/1", "question": "An earlier round", "engine": engine.name, "seed": seed,
        "strategies": {"engine": {}}, "against": "engine", "worlds": [world], "knobs": {"mentees": mentees},
    })  # fmt: skip
    ground = TwinGround(config, engine.parent)
    ground.check()
    twin = Twin(ground, populate(place.knobs(ground.knobs), seed), seed)
    written = live_rounds(twin, place, _practical(twin))
    files = _files(folder, twin, written, place)
    return SyntheticProgramme(
        notice=_notice(place), folder=str(folder), world=place.name, mentees=len(twin.population.mentees),
        mentors=len(twin.population.mentors), cohorts=len({cohort for _person, cohort in written.cohorts}),
        matched=len(written.relationships), shown=len(written.rows),
        ratings=written.ratings, files=tuple(files),
    )  # fmt: skip


def _notice(place: World) -> str:
    return _("Synthetic: nobody in this folder exists. World {name}: {about}", name=place.name, about=_(place.about))


def _practical(twin: Twin) -> FloatArray | None:
    """Score pairs by what is practical alone; None where the configuration has no scorer for it."""
    config = twin.ground.config
    scorers = twin.ground.engines[config.engine].match[config.kind].scorers
    found: dict[str, float] = {name: 1.0 for name, choice in scorers.items() if choice.use == PRACTICAL}
    return twin.scores(Policy(scorers=found)) if found else None


def _files(folder: Path, twin: Twin, written: Rounds, place: World) -> list[str]:
    """Write records and an engine as an import does, and the tables of what became of the rounds."""
    from matchengine.engine import Engine
    from matchengine.io.outcome_files import Outcomes, write_outcomes
    from matchengine.io.write import write_folder
    from matchengine.records.outcomes import LoggedMeeting

    config, records = twin.ground.config, twin.population.records()
    ties = [*records["relationships"], *written.relationships]
    kept: dict[str, Any] = {**records, "relationships": ties, "feedback": written.feedback}
    engine = Engine(twin.ground.engines[config.engine])
    engine.load(
        records["people"], records["groups"], relationships=ties, consents=records["consents"],
        feedback=written.feedback,
    )  # fmt: skip
    files = write_folder(folder / "records", kept)
    meetings = [LoggedMeeting.model_validate(met.model_dump()) for met in written.meetings]
    files += write_outcomes(folder / "records", Outcomes(meetings=meetings))
    engine.save(folder / "engine")
    tables = {
        "outcomes.csv": _csv(COLUMNS, written.rows),
        "cohorts.csv": _csv(("person", "cohort"), written.cohorts),
        "shown.json": json.dumps(written.seen, indent=1) + "\n",
        "rankings.csv": _csv(("person", *(f"rank {n + 1}" for n in range(SHOWN))), written.rankings),
        "evaluation.toml": _evaluation(place, config.seed),
        "SYNTHETIC.txt": _about(place, twin, folder),
    }
    for name, text in tables.items():
        write_atomically(folder / name, text.encode())
    return [str(path) for path in [*files, folder / "engine", *(folder / name for name in tables)]]


def _csv(header: tuple[str, ...], rows: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def _evaluation(place: World, seed: int) -> str:
    return _EVALUATION.format(world=place.name, seed=seed)


def _about(place: World, twin: Twin, folder: Path) -> str:
    """Say in words that nobody here exists, how it was made, and what to try."""
    people = len(twin.population.mentees)
    made = ngettext("{n} invented mentee, seed {seed}.", "{n} invented mentees, seed {seed}.", people, seed=twin.seed)
    lines = [
        _notice(place), made,
        _("Earlier rounds drew for each mentee one of the free mentors who suit them well in practical things, by lot. "
          "Up to five were shown; after a short talk with each, the mentee ranked them."),
        "", _("Try:"), f"matchengine eval {folder / 'evaluation.toml'}",
        f"matchengine learn --kind mentor --data {folder} --cohorts {folder / 'cohorts.csv'} "
        f"--shown {folder / 'shown.json'} --rankings {folder / 'rankings.csv'}",
        f"matchengine kpi {folder} --as-of {TODAY:%Y-%m-%d}",
        "", _("What is found here says nothing about real people."),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


_EVALUATION = """\
# SYNTHETIC. Nobody in these data exists; what is found says nothing about real people.
schema = "matchengine.evaluation/1"
question = "SYNTHETIC, world {world}: do the engine's scores find good matches better than shared tags?"
seed = {seed}

[data]
records = "records"
engine = "engine/config.toml"
kind = "mentor"
outcomes = "outcomes.csv"
synthetic = true
# Compared among those who were shown: who was drawn among them was left to chance.
eligible = "outcomes"

# Good: whom the mentee placed first or second after a short talk with all who were shown. What became of the one match
# of each mentee says less, for nobody knows what became of the others: good = "rating >= 5 and months >= 5".
[data.relevance]
first = "rank == 1"
second = "rank == 2"
gains = {{ first = 2, second = 1 }}

[data.leakage]
forbid = ["rating", "months", "accepted", "rank"]

[unit]
cluster = "cohort"

[split]
scheme = "leave_one_cluster_out"

[strategies.random]
use = "random"
[strategies.tags]
use = "tag_overlap"
baseline = true
[strategies.engine]
[strategies.goals_only]
scorers = {{ goals = 1 }}

[compare]
against = "tags"
margin = 0.02
"""
