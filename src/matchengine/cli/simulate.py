"""`matchengine simulate`: compare strategies on invented programmes, or write one to try the other commands on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one
from matchengine.cli.shipped import config_path
from matchengine.errors import ConfigError
from matchengine.i18n import N_, _, listing, ngettext, speaking
from matchengine.records.simulation import SimulationPlan, SimulationResult, SyntheticProgramme

__all__ = ["add_simulate", "render_simulation"]

_NULL_FAILED, _STOPPED = 3, 130
_COLUMN, _NAME = 6, 24


def add_simulate(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `simulate`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=_("a simulation file"))
    parser.add_argument("--out", type=Path, metavar="FOLDER", help=_("folder of the run (runs/NAME)"))
    parser.add_argument("--check", action="store_true", help=_("look every name up; simulate nothing"))
    parser.add_argument("--fresh", action="store_true", help=_("do everything again"))
    told = _("so many processes (as configured)")
    parser.add_argument("--workers", type=at_least_one, metavar="N", help=told)
    told = _("try with N populations; the result is a trial")
    parser.add_argument("--limit-replicates", type=at_least_one, metavar="N", help=told)
    parser.add_argument("--html", type=Path, metavar="FILE", help=_("also write a page to print"))
    told = _("instead write an invented programme with earlier rounds into this new folder")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help=told)
    parser.add_argument("--world", metavar="NAME", help=_("with --write: W0 to W7 (W1)"))
    parser.add_argument("--mentees", type=at_least_one, metavar="N", help=_("with --write: so many mentees (200)"))
    parser.add_argument("--seed", type=int, metavar="N", help=_("with --write: another seed, another programme (0)"))
    parser.set_defaults(run=_simulate)


def _simulate(arguments: argparse.Namespace, output: Output) -> int:
    if (arguments.file is None) == (arguments.write is None):
        raise ConfigError(_("expected a simulation FILE, or --write FOLDER"))
    if arguments.write is not None:
        for option in ("out", "check", "fresh", "workers", "limit_replicates", "html"):
            if getattr(arguments, option):
                raise ConfigError(_("--{option} does not go with --write", option=option.replace("_", "-")))
        return _write(arguments, output)
    for option in ("world", "mentees", "seed", "config"):
        if getattr(arguments, option) is not None:
            raise ConfigError(_("--{option} goes with --write; in a simulation it stands in the file", option=option))
    return _run(arguments, output)


def _run(arguments: argparse.Namespace, output: Output) -> int:
    from matchengine.evaluation.twin import check_simulation, load_simulation, simulate

    path: Path = arguments.file
    config, limit = load_simulation(path), arguments.limit_replicates
    if arguments.check:
        plan = check_simulation(config, path.parent, limit)
        output.document(plan, "\n".join(_plan(plan)))
        return 0
    folder = arguments.out or Path("runs", path.stem)
    try:
        result = simulate(
            config, path.parent, folder, workers=arguments.workers, limit=limit, fresh=arguments.fresh, say=output.note
        )
    except KeyboardInterrupt:
        output.note(_("stopped; what is done is kept, and the same command goes on from there"))
        return _STOPPED
    with speaking(config.language):
        output.document(result, "\n".join(render_simulation(result)))
        written = [str(folder / "simulation.json")]
        if arguments.html:
            from matchengine.report.page import write_page  # its templates are read only when a page is asked for

            write_page(arguments.html, result)
            written.append(str(arguments.html))
        output.note(paragraph(_("Written: {files}.", files=listing(written))))
    return _NULL_FAILED if result.null_passed is False else 0


def _write(arguments: argparse.Namespace, output: Output) -> int:
    from matchengine.evaluation.twin_written import write_programme

    if arguments.seed is not None and arguments.seed < 0:
        told = N_("{option} is {value}, expected at least {least}")
        raise ConfigError(_(told, option="--seed", value=arguments.seed, least=0))
    made = write_programme(
        arguments.write,
        arguments.world or "W1",
        engine=config_path(arguments.config or "mentoring").resolve(),
        mentees=arguments.mentees or 200,
        seed=arguments.seed or 0,
    )
    output.document(made, "\n".join(_written(made)))
    return 0


def _plan(plan: SimulationPlan) -> Iterator[str]:
    """What --check tells, in lines of at most 80 columns."""
    yield _("Checked; nothing was simulated. Everything would be synthetic.")
    yield paragraph(_("Strategies: {names}", names=", ".join(plan.strategies)), "  ", "    ")
    yield paragraph(_("Worlds: {names}", names=", ".join(plan.worlds)), "  ", "    ")
    told = ngettext(
        "{n} replicate with {mentees} mentees each, in {populations} populations",
        "{n} replicates with {mentees} mentees each, in {populations} populations",
        plan.replicates, mentees=plan.mentees, populations=plan.populations,
    )  # fmt: skip
    yield paragraph(told, "  ", "    ")


def _written(made: SyntheticProgramme) -> Iterator[str]:
    """What was invented, in lines of at most 80 columns."""
    yield paragraph(made.notice)
    told = _(
        "{mentees} mentees and {mentors} mentors in {cohorts} cohorts: {matched} matches, {shown} rows of who was "
        "shown to whom, {ratings} ratings.",
        mentees=made.mentees, mentors=made.mentors, cohorts=made.cohorts, matched=made.matched, shown=made.shown,
        ratings=made.ratings,
    )  # fmt: skip
    yield paragraph(told)
    yield "\n" + _("Next: {command}", command=f"matchengine eval {Path(made.folder) / 'evaluation.toml'}")
    yield _("More to try stands in {path}", path=Path(made.folder) / "SYNTHETIC.txt")


def render_simulation(result: SimulationResult) -> Iterator[str]:
    """Yield the result in lines of at most 80 columns, marked as synthetic at the top and at the end."""
    yield result.notice.upper()
    if result.trial:
        yield paragraph(_("A trial with fewer populations than the file asks for: no result."))
    yield from ("", paragraph(result.question), "", paragraph(result.verdict))
    if result.worlds and result.worlds[0].strategies:
        yield from ("", *_matrix(result))
    yield from ("", _("Compared with {name}, over replicates", name=result.against), *_differences(result))
    yield from ("", _("Tests of the simulation itself"), *_tests(result))
    for name, why in result.failed.items():
        yield paragraph(_("{name} gave no answer: {why}", name=name, why=why), "  ", "    ")
    yield from ("", _("The worlds"))
    yield from (paragraph(f"{w.world} {w.title}: {w.about}", "  ", "     ") for w in result.worlds)
    yield from ("", _("What this cannot tell you"))
    yield from (paragraph(limit, "  - ", "    ") for limit in result.limits)
    told = ngettext(
        "{n} assumption with its source is in simulation.json and on the page (--html).",
        "{n} assumptions with their sources are in simulation.json and on the page (--html).",
        len(result.assumptions),
    )
    yield from ("", paragraph(told), result.notice)


def _matrix(result: SimulationResult) -> Iterator[str]:
    """Regret by strategy and world, the least wrong first."""
    yield paragraph(_("Regret: points of 100 below the oracle of each world, as was to be expected; less is better"))
    yield f"{'':<{_NAME}}" + "".join(f"{w.world:>{_COLUMN}}" for w in result.worlds) + f"{_('worst'):>8}"
    place = {s.strategy: n for n, s in enumerate(result.worlds[0].strategies)}
    for name in sorted(place, key=lambda name: (result.largest_regret[name], place[name])):
        cells = "".join(f"{100 * w.strategies[place[name]].regret:>{_COLUMN}.1f}" for w in result.worlds)
        mark = "*" if name == result.choice else " "
        yield f"{mark}{name[: _NAME - 2]:<{_NAME - 1}}{cells}{100 * result.largest_regret[name]:>8.1f}"
    yield paragraph(_("* the choice: the least of the largest regrets"), "  ")
    for name in result.never_use:
        yield paragraph(_("{name} is for comparison alone and must never be used.", name=name), "  ")


_ANSWERS = {
    "better": N_("better"), "worse": N_("worse"), "same": N_("the same"), "cannot_tell": N_("cannot be told"),
}  # fmt: skip


def _differences(result: SimulationResult) -> Iterator[str]:
    """In which worlds each strategy was better, worse or the same."""
    names = [s.strategy for s in result.worlds[0].strategies] if result.worlds else []
    for n, name in enumerate(names):
        found = {answer: [w.world for w in result.worlds if w.strategies[n].verdict == answer] for answer in _ANSWERS}
        told = [f"{_(_ANSWERS[answer])}: {', '.join(worlds)}" for answer, worlds in found.items() if worlds]
        if told:
            yield paragraph(f"{name}: {'; '.join(told)}", "  ", "    ")


def _tests(result: SimulationResult) -> Iterator[str]:
    from matchengine.report.simulation_words import self_tests

    yield from (paragraph(sentence, "  - ", "    ") for sentence in self_tests(result))
