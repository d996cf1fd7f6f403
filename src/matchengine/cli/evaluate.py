"""`matchengine eval`: compare strategies, rebuild a report, tell two runs apart."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from matchengine.cli.output import Output, paragraph
from matchengine.cli.plugin_options import options_in
from matchengine.config import read_toml_text
from matchengine.errors import ConfigError
from matchengine.i18n import N_, _, listing, speaking
from matchengine.records.evaluation import DataGate, EvaluationDifference, EvaluationResult

if TYPE_CHECKING:
    from matchengine.evaluation.config import ReportTable

__all__ = ["add_eval"]

_FLIPPED = 40
"""People drawn on either side for `eval flips`."""
_GATE_FAILED, _GUARDRAIL_FAILED, _STOPPED = 3, 4, 130


def add_eval(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `eval`."""
    told = _("an evaluation file; or: report FOLDER; diff FOLDER FOLDER; flips FILE")
    parser.add_argument("what", nargs="+", metavar="FILE", help=told)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help=_("folder of the run (runs/NAME)"))
    parser.add_argument("--check", action="store_true", help=_("check data, leakage and power; show no result"))
    parser.add_argument("--limit", type=int, metavar="N", help=_("try with N people; the result is no evidence"))
    parser.add_argument("--fresh", action="store_true", help=_("do everything again"))
    parser.add_argument("--why-rerun", action="store_true", help=_("say which input of each step changed"))
    parser.add_argument("--workers", type=int, metavar="N", help=_("so many processes (as configured)"))
    parser.set_defaults(run=_eval)


def _eval(arguments: argparse.Namespace, output: Output) -> int:
    words: list[str] = arguments.what
    if words[0] == "report" and len(words) == 2:
        return _report(Path(words[1]), output)
    if words[0] == "diff" and len(words) == 3:
        return _diff(Path(words[1]), Path(words[2]), output)
    if words[0] == "flips" and len(words) == 2:
        return _flips(Path(words[1]), arguments, output)
    if len(words) != 1:
        raise ConfigError(_("expected one evaluation file, 'report FOLDER', 'diff FOLDER FOLDER' or 'flips FILE'"))
    return _run(arguments, Path(words[0]), output)


def _run(arguments: argparse.Namespace, path: Path, output: Output) -> int:
    from matchengine.evaluation.config import parse_evaluation
    from matchengine.evaluation.run import Options, StoppedError, check_evaluation, run_evaluation

    for name, value in (("--limit", arguments.limit), ("--workers", arguments.workers)):
        if value is not None and value < 1:
            raise ConfigError(_("{option} is {value}, expected at least 1", option=name, value=value))
    text = read_toml_text(path)
    config = parse_evaluation(text, str(path))
    options = Options(
        arguments.fresh,
        arguments.limit,
        arguments.workers,
        arguments.why_rerun,
        output.note,
        options_in(arguments).loaded,
        where=str(path),
    )
    if arguments.check:
        gate = check_evaluation(config, path.parent, options, text=text)
        output.document(gate, "\n".join(_gate(gate)))
        return 0 if gate.passed else _GATE_FAILED
    folder = arguments.out or Path("runs", path.stem)
    try:
        with speaking(config.report.language):
            finished = run_evaluation(config, path.parent, folder, text=text, options=options)
            written = _written(folder, finished.result, config.report)
    except (KeyboardInterrupt, StoppedError) as error:
        output.note(str(error) or _("stopped; what is done is kept, and the same command goes on from there"))
        return _STOPPED
    output.document(finished.result, "\n".join(_render(finished.result)))
    output.note(paragraph(_("Written: {files}.", files=listing(written))))
    return _status(finished.result)


def _report(folder: Path, output: Output) -> int:
    from matchengine.evaluation.run import config_of, result_of

    config = config_of(folder)
    with speaking(config.report.language):
        result = result_of(folder)
        written = _written(folder, result, config.report)
    output.document(result, "\n".join(_render(result)))
    output.note(paragraph(_("Written: {files}.", files=listing(written))))
    return _status(result)


def _diff(first: Path, second: Path, output: Output) -> int:
    from matchengine.evaluation.difference import compare_runs

    found = compare_runs(first, second)
    output.document(found, "\n".join(_difference(found)))
    return 0


def _flips(path: Path, arguments: argparse.Namespace, output: Output) -> int:
    """Change what must not matter in the records of an evaluation, and say whether scores stay."""
    from matchengine.engine import Engine
    from matchengine.evaluation.config import load_evaluation
    from matchengine.evaluation.flips import flip_report, flips_text
    from matchengine.evaluation.ground import Ground, replace_today

    config = load_evaluation(path)
    ground = Ground(config, path.parent, None, options_in(arguments).loaded)
    chosen = ground.engines[config.data.engine]
    report = flip_report(
        lambda: Engine(replace_today(chosen, ground.today), plugins=ground.plugins),
        ground.programme.records, config.data.kind, people=arguments.limit or _FLIPPED, seed=config.seed,
    )  # fmt: skip
    output.document(report, flips_text(report))
    return 0 if all(check.passed is not False for check in report.checks) else _GUARDRAIL_FAILED


def _written(folder: Path, result: EvaluationResult, wanted: ReportTable) -> list[str]:
    """Write what the configuration asks for beside the result, and return the names of the files."""
    from matchengine.evaluation.per_person import write_parquet
    from matchengine.evaluation.trec import write_trec
    from matchengine.report.evaluation_files import write_evaluation

    written = write_evaluation(folder, result, html=wanted.html, csv=wanted.csv, latex=wanted.latex)
    written += [write_parquet(folder)] if wanted.parquet else []
    written += write_trec(folder) if wanted.trec else []
    return [str(path) for path in written]


def _status(result: EvaluationResult) -> int:
    """0 done, 3 the data or the harness failed its own tests, 4 a declared requirement failed."""
    broken = any(canary.light == "red" and canary.name not in ("signal", "selection") for canary in result.canaries)
    if not result.gate.passed or broken:
        return _GATE_FAILED
    failed = any(not rule.holds for s in result.strategies if not s.baseline for rule in s.guardrails)
    return _GUARDRAIL_FAILED if failed else 0


def _gate(gate: DataGate) -> Iterator[str]:
    """What --check tells, in lines of at most 80 columns."""
    from matchengine.evaluation.sentences import COUNT_WORDS

    yield _("Checked; nothing was measured.")
    for name, count in gate.counts.items():
        said = _(COUNT_WORDS[name]) if name in COUNT_WORDS else name
        yield f"  {said:<44} {count:>10,}"
    yield f"  {_('parts of the split'):<44} {gate.folds:>10,}"
    if gate.clusters is not None:
        yield f"  {_('cohorts'):<44} {gate.clusters:>10,}"
    if gate.power is not None:
        yield from ("", paragraph(gate.power.sentence))
    if not gate.counts.get("judged_people"):
        yield from ("", paragraph(_("Nobody can be judged: see data.relevance and the ids of the outcomes.")))
    for finding in gate.leakage:
        mark = _("REFUSED") if finding.severity == "refuse" else _("note")
        yield from ("", paragraph(f"{mark} ({finding.name}): {finding.sentence}"))
    yield from ("", _("Ready to run.") if gate.passed else _("Not ready to run."))


def _render(result: EvaluationResult) -> Iterator[str]:
    """The result in lines of at most 80 columns."""
    if result.verdict.watermark:
        yield from (result.verdict.watermark.upper(), "")
    yield paragraph(result.question)
    yield from ("", paragraph(f"{result.verdict.word.upper()}: {result.verdict.sentence}"))
    yield from (paragraph(reason, "  - ", "    ") for reason in result.verdict.reasons)
    yield from ("", f"{result.primary:<30} {_('value'):>8}   {_('likely between'):<19} {_('people'):>7}")
    for strategy in result.strategies:
        if strategy.origin == "ablation":
            continue
        name = strategy.name[:30]
        figure = next((f for f in strategy.figures if f.metric == result.primary), None)
        if strategy.failed or figure is None or figure.value is None:
            yield f"{name:<30} {_('no answer'):>8}"
            continue
        low, high = (f"{x:.3f}" if x is not None else "–" for x in (figure.low, figure.high))
        yield f"{name:<30} {figure.value:>8.3f}   {low:>8} – {high:<8} {figure.people:>7,}"
    yield from ("", _("Tests of the comparison itself"))
    yield from (paragraph(f"{_(_LIGHTS[c.light])}: {c.sentence}", "  ", "    ") for c in result.canaries)
    yield from ("", _("What this cannot tell you"))
    yield from (paragraph(limit, "  - ", "    ") for limit in result.verdict.limits)


_LIGHTS = {"green": N_("passed"), "amber": N_("take care"), "red": N_("FAILED"), "grey": N_("not known")}


def _difference(found: EvaluationDifference) -> Iterator[str]:
    if found.same:
        yield _("Nothing changed in data, configuration, figures or verdict.")
    for title, lines in (
        (_("Data"), found.data),
        (_("Configuration"), found.config),
        (_("Environment"), found.environment),
        (_("Not comparable: measured in different ways"), found.incomparable),
    ):
        if lines:
            yield from ("", title, *(paragraph(line, "  ", "    ") for line in lines))
    if found.figures:
        yield from ("", _("Figures"))
        for change in found.figures:
            name = f"{change.strategy} {change.metric}"
            yield f"  {name:<46} {change.before:>8.4f} → {change.after:.4f} ({change.change:+.4f})"
    if found.verdict_before != found.verdict_after:
        yield from ("", paragraph(_("Before: {sentence}", sentence=found.verdict_before)))
        yield paragraph(_("After: {sentence}", sentence=found.verdict_after))
