"""The last section of an evaluation: how it was done, what it rests on, tests of itself, and how to do it again."""

from __future__ import annotations

from matchengine.evaluation.sentences import COUNT_WORDS
from matchengine.i18n import N_, _
from matchengine.records.evaluation import CanaryResult, DataGate, Estimate, EvaluationResult, Figure
from matchengine.report.evaluation_facts import EvaluationReport
from matchengine.report.evaluation_words import LIGHTS, UNKNOWN, declared_strategies, metric_words, unit_of
from matchengine.report.parts import Block, Cell, Points, Section, Table
from matchengine.report.shapes import count

__all__ = ["method_section"]

_CANARIES = {
    "random": N_("a strategy that draws by lot"),
    "constant": N_("a strategy to which all candidates are alike"),
    "oracle": N_("a strategy that knows the outcomes"),
    "popularity": N_("a strategy that knows only who was chosen often"),
    "permuted": N_("all strategies on shuffled outcomes"),
    "duplicate": N_("the same strategy, the data in another order"),
    "copies": N_("two strategies that are one"),
    "signal": N_("whether any strategy is better than chance"),
    "ties": N_("whether each strategy tells candidates apart"),
    "leakage": N_("whether any strategy knew the answers"),
    "selection": N_("whether differences come from how known pairs went"),
}


def method_section(report: EvaluationReport) -> Section:
    """Return how the evaluation was done and how to do it again."""
    result = report.result
    blocks: list[Block] = []
    if result.canaries:
        blocks.append(_canaries(result.canaries))
    if result.method:
        blocks.append(Points(result.method, _("How it was done")))
    told = result.exploratory or (_("Nothing was changed after outcomes had been read."),)
    blocks.append(Points(told, _("Declared or exploratory")))
    blocks += _gate(result.gate)
    blocks += _selection(result)
    if any(strategy.figures for strategy in declared_strategies(result)):
        blocks.append(_signatures(result))
    blocks.append(_facts(report))
    if report.command:
        again = (
            report.command,
            _("The settings are kept in run.json (config_as_given). The same data, settings and seed give the same "
              "results.json, with any number of processes."),
        )  # fmt: skip
        blocks.append(Points(again, _("Do it again")))
    return Section("method", _("Method, tests and how to do it again"), tuple(blocks))


def _canaries(canaries: tuple[CanaryResult, ...]) -> Table:
    rows = tuple(
        (_(_CANARIES[one.name]) if one.name in _CANARIES else one.name, _(LIGHTS[one.light]), one.expected or UNKNOWN,
         one.got or UNKNOWN, one.sentence)
        for one in canaries
    )  # fmt: skip
    header = (_("test"), _("light"), _("expected"), _("found"), _("what it means"))
    lead = _("Strategies whose result is known beforehand. Where one fails, no strategy is recommended.")
    return Table(
        _("Tests of the comparison itself"), header, rows, frozenset(), _("Tests of the comparison itself"), lead
    )


def _gate(gate: DataGate) -> list[Block]:
    rows = [
        (_(COUNT_WORDS[name]) if name in COUNT_WORDS else name, count(number)) for name, number in gate.counts.items()
    ]
    rows.append((_("parts of the split"), count(gate.folds)))
    if gate.clusters is not None:
        rows.append((_("cohorts"), count(gate.clusters)))
    header = (_("what was counted"), _("how many"))
    found: list[Block] = [Table(_("What it rests on"), header, tuple(rows), frozenset({1}), _("Data"))]
    said = tuple(
        _("Refused ({name}): {sentence}", name=one.name, sentence=one.sentence)
        if one.severity == "refuse"
        else _("Take care ({name}): {sentence}", name=one.name, sentence=one.sentence)
        for one in gate.leakage
    )
    power = (gate.power.sentence,) if gate.power is not None and gate.power.sentence else ()
    clean = () if said else (_("No way was found by which an outcome could reach a strategy."),)
    found.append(Points((*said, *clean, *power), _("Before any result was looked at")))
    return found


def _selection(result: EvaluationResult) -> list[Block]:
    """How much is known of what each strategy shows, and what its lists would have brought by logged chances."""
    looked = [(s.title, s.selection) for s in declared_strategies(result) if s.selection is not None]
    if not looked:
        return []
    share = unit_of(None)
    rows = tuple(
        (title, share.value(own.judged), _estimate(own.weighted), _estimate(own.robust)) for title, own in looked
    )
    lead = _("Outcomes exist only of pairs that came about. Where the chance was logged with which a pair was shown, "
             "weights make up for it; under 50 effective outcomes nothing is told.")  # fmt: skip
    header = (_("strategy"), _("outcome known, of every 100 shown"), _("good, by weights"), _("good, by a model too"))
    heading = _("What is known of those who are shown")
    return [Table(heading, header, rows, frozenset({1, 2, 3}), heading, lead)]


def _estimate(found: Estimate | None) -> str:
    if found is None or found.value is None:
        return UNKNOWN
    share = unit_of(None)
    return _("{value} ({likely})", value=share.value(found.value), likely=share.between(found.low, found.high))


def _signatures(result: EvaluationResult) -> Table:
    """One line per metric and way of measuring it; two values with different signatures must not be subtracted."""
    seen: dict[tuple[str, str], Figure] = {}
    for strategy in declared_strategies(result):
        for figure in strategy.figures:
            seen.setdefault((figure.metric, figure.signature or figure.not_applicable), figure)
    rows = []
    for (metric, signature), figure in seen.items():
        reason = (
            _("not measured: {reason}", reason=figure.not_applicable)
            if figure.not_applicable
            else signature.replace("|", " | ")
        )
        rows.append((metric_words(figure, metric), reason, count(figure.excluded), count(figure.missing)))
    header = (_("figure"), _("signature"), _("left out: nobody suits"), _("without a suggestion"))
    return Table(_("How each figure is measured"), header, tuple(rows), frozenset({2, 3}), folded=True)


def _facts(report: EvaluationReport) -> Table:
    result = report.result
    rows: list[tuple[Cell, ...]] = [
        (_("Data"), result.gate.data),
        (_("Declaration"), result.gate.declaration),
        (_("Settings"), result.config),
        (_("Seed"), "" if report.seed is None else str(report.seed)),
        (_("Versions"), tuple(f"{name} {version}" for name, version in sorted(report.packages.items()))),
        (_("Plugins"), tuple(f"{name} {version}" for name, version in sorted(report.plugins.items()))),
        (_("Processor"), report.processor),
        (_("State of the source"), report.commit),
    ]  # fmt: skip
    kept = tuple(row for row in rows if row[1])
    return Table(_("What it was made with"), (_("entry"), _("value")), kept, folded=True)
