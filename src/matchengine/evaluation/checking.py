"""Everything that an evaluation file names, looked up before anything runs: all problems at once, with their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matchengine.config import line_of, problem_count
from matchengine.errors import ConfigError, MatchEngineError, did_you_mean
from matchengine.evaluation.config import ENGINE, EvaluationConfig, StrategyTable
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.guardrails import parse_guardrail
from matchengine.evaluation.per_person import no_parquet
from matchengine.evaluation.relevance import parse_condition
from matchengine.evaluation.trec import uncounted
from matchengine.i18n import N_, _
from matchengine.metrics.parse import parse_metric

__all__ = ["canonical", "check_names"]

Problem = tuple[tuple[str, ...], str]


def canonical(config: EvaluationConfig, ground: Ground) -> EvaluationConfig:
    """Return the configuration with every metric in its one way of writing: `ndcg @5 (gain=linear)` is `ndcg@5`."""
    table = config.metrics

    def label(name: str) -> str:
        return parse_metric(ground.registry, name).label

    metrics = table.model_copy(
        update={
            "primary": label(table.primary),
            "guardrails": {label(name): rule for name, rule in table.guardrails.items()},
            "secondary": tuple(dict.fromkeys(label(name) for name in table.secondary)),
        }
    )
    return config.model_copy(update={"metrics": metrics})


def check_names(config: EvaluationConfig, ground: Ground, text: str = "", where: str = "") -> None:
    """Look up conditions, metrics, requirements, kinds, scorers, blocks, assigners, rounds and plugins' strategies.

    Files that the configuration asks for and that could not be written are problems, too.

    Parameters
    ----------
    text : str
        The file as it was given, to tell lines; none are told without it.
    where : str
        What the file is called.

    Raises
    ------
    ConfigError
        With every problem, each with the nearest known name or what to do.
    """
    problems = [*_kind(config, ground), *_conditions(config), *_metrics(config, ground), *_strategies(config, ground)]
    problems += _files(config)
    if problems:
        told = [
            _("line {line}: {problem}", line=line_of(text, loc), problem=sentence) if text else sentence
            for loc, sentence in sorted(problems, key=lambda problem: line_of(text, problem[0]))
        ]
        raise ConfigError(problem_count(where or _("evaluation"), len(told)), told)


def _kind(config: EvaluationConfig, ground: Ground) -> Iterator[Problem]:
    known, kind = ground.engines[config.data.engine].match, config.data.kind
    if kind not in known:
        hint = did_you_mean(kind, known)
        yield (
            ("data", "kind"),
            _("data.kind: {engine} has no kind {kind!r}; {hint}", engine=config.data.engine, kind=kind, hint=hint),
        )


def _conditions(config: EvaluationConfig) -> Iterator[Problem]:
    table = config.data.relevance
    conditions = {**table.conditions, **({"other_side": table.other_side} if table.other_side else {})}
    for grade, condition in conditions.items():
        try:
            parse_condition(condition)
        except ConfigError as error:
            yield ("data", "relevance", grade), str(error)


def _metrics(config: EvaluationConfig, ground: Ground) -> Iterator[Problem]:
    table = config.metrics
    named: list[tuple[tuple[str, ...], str]] = [(("metrics", "primary"), table.primary)]
    named += [(("metrics", "guardrails", name), name) for name in table.guardrails]
    named += [(("metrics", "secondary"), name) for name in table.secondary]
    for loc, name in named:
        try:
            found = parse_metric(ground.registry, name)
        except MatchEngineError as error:
            yield loc, str(error)
            continue
        costs = "cost" in found.spec.needs
        if loc[-1] == "primary" and (found.spec.level != "person" or costs):
            told = N_("metrics.primary: {name!r} has no value for each person that is the same in every run, so "
                      "nothing could be inferred from it; take one such as ndcg@5")  # fmt: skip
            yield loc, _(told, name=name)
        elif loc[1] == "guardrails" and costs:
            told = N_("metrics.guardrails: {name!r} differs from run to run, so it cannot be required; see run.json")
            yield loc, _(told, name=name)
    for name, rule in table.guardrails.items():
        try:
            parse_guardrail(name, rule)
        except ConfigError as error:
            yield ("metrics", "guardrails", name), str(error)


def _strategies(config: EvaluationConfig, ground: Ground) -> Iterator[Problem]:
    from matchengine.evaluation.strategies.configured import check

    lent = ground.named
    for name in config.strategies:
        table = config.resolved(name)
        try:
            check(table, lent)
        except MatchEngineError as error:
            at = next((key for key in ("use", "assign", "rerank") if repr(getattr(table, key)) in str(error)), "")
            yield ("strategies", name, at), _("strategy {name!r}: {problem}", name=name, problem=error)
        if table.use == ENGINE:
            for key, sentence in _engine_names(table, config, ground):
                yield ("strategies", name, key), _("strategy {name!r}: {problem}", name=name, problem=sentence)


def _files(config: EvaluationConfig) -> Iterator[Problem]:
    """Yield why a file that is asked for could not be written when all is done."""
    if config.report.trec and (problem := uncounted(config)):
        yield ("report", "trec"), problem
    if config.report.parquet and (problem := no_parquet()):
        yield ("report", "parquet"), problem


def _engine_names(table: StrategyTable, config: EvaluationConfig, ground: Ground) -> Iterator[tuple[str, str]]:
    """Yield every name in a strategy's table that its engine's file does not have."""
    engine = ground.engines[table.config or config.data.engine]
    kind = table.kind or config.data.kind
    if kind not in engine.match:
        if table.kind is None:  # told of as data.kind
            return
        yield "kind", _("no kind of match {kind!r}; {hint}", kind=kind, hint=did_you_mean(kind, engine.match))
        return
    match = engine.match[kind]
    core = [key for key, choice in match.scorers.items() if ground.registry.scorer(choice.use).role == "core"]
    blocks = [str(match.scorers[key].block) for key in core]
    groups: Sequence[tuple[str, Sequence[str], Sequence[str]]] = (
        ("scorers", tuple(table.scorers or ()), core),
        ("add", tuple(table.add), core),
        ("drop", table.drop, core),
        ("blocks", tuple(table.blocks or ()), [*blocks, *match.blocks]),
        ("swaps", (table.swaps,) if table.swaps else (), tuple(engine.swaps)),
        ("groups", (table.groups,) if table.groups else (), tuple(engine.groups)),
    )
    for key, names, known in groups:
        for name in names:
            if name not in known:
                hint = did_you_mean(name, known)
                yield key, _("{key}: the configuration has no {name!r}; {hint}", key=key, name=name, hint=hint)
    kept = {*(core if table.scorers is None else table.scorers), *table.add} - set(table.drop)
    if not kept:
        yield "drop", _("no scorer is left; keep at least one")
