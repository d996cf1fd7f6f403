"""Run the scorers of a kind of match over a batch and check at the boundary what they return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray, Quotes, Scored
from matchengine.errors import PluginError
from matchengine.i18n import _, ngettext
from matchengine.matching.boundary import call, check_scored
from matchengine.matching.faults import ScorerFailedError, notice
from matchengine.matching.worker import NotInstalledError, call_isolated
from matchengine.pool.inputs import Inputs
from matchengine.pool.text import Ragged
from matchengine.registry import ActiveScorer, MatchKind
from matchengine.trace import watching

__all__ = ["RawScores", "own_quotes", "run_scorer", "score"]

_SPEAKS_OF = 50
"""Pairs with every input known, about none of which a scorer says anything, that are worth a notice."""


@dataclass(frozen=True)
class RawScores:
    """Values of all scorers before they are combined, both (P, S): values NaN and confidences 0 where one abstains."""

    values: FloatArray
    confidences: FloatArray
    scored: tuple[Scored, ...] = ()


def score(kind: MatchKind, inputs: Inputs) -> RawScores:
    """Run every scorer of a kind.

    Raises
    ------
    ScorerFailedError
        A PluginError that names a scorer which failed or returned something else than (P,) values in [0, 1] or NaN.
    """
    pairs = len(inputs.batch)
    values = np.empty((pairs, len(kind.scorers)))
    confidences = np.empty_like(values)
    results = []
    for column, scorer in enumerate(kind.scorers):
        try:
            scored = run_scorer(scorer, inputs)
        except ScorerFailedError as failed:
            failed.kind = kind.name
            raise
        results.append(scored)
        values[:, column] = scored.value
        silent = np.isnan(scored.value)
        if scorer.block is None:
            values[~inputs.may_lift(), column] = np.nan
        elif pairs >= _SPEAKS_OF and silent.all():
            _tell_silence(scorer, inputs)
        told = scored.confidence if scored.confidence is not None else _known_share(scorer, inputs)
        confidences[:, column] = np.where(silent, 0, told)
    return RawScores(values, confidences, tuple(results))


def run_scorer(scorer: ActiveScorer, inputs: Inputs) -> Scored:
    """Run one scorer, here or in a process of its own, and check its result."""
    spec, pairs = scorer.spec, len(inputs.batch)
    arguments = [inputs[name] for name in spec.inputs]
    try:
        with watching(scorer.plugin, "scorer", scorer.name, spec.inputs, arguments) as seen:
            if scorer.isolate:
                result, printed = call_isolated(scorer, arguments, pairs)
            else:
                result, printed = call(spec.build, arguments, scorer.settings)
            seen(result)
    except ScorerFailedError:
        raise
    except NotInstalledError as error:
        raise PluginError(str(error)) from None
    except Exception as error:
        raise ScorerFailedError.raised(scorer, error) from None
    if printed:
        notice(scorer, "printed", _("it prints; what it prints is dropped, because it may hold what people confided"))
    try:
        return check_scored(result, pairs)
    except PluginError as error:
        raise ScorerFailedError(scorer, str(error)) from None


def own_quotes(kind: MatchKind, inputs: Inputs, scored: tuple[Scored, ...] | list[Scored]) -> None:
    """Make sure that the quotes about a few pairs are texts of the very people they are said to be of.

    Parameters
    ----------
    scored : sequence of Scored
        Result of each scorer of the kind on exactly these pairs.

    Raises
    ------
    ScorerFailedError
        Where a scorer quotes a text that the person or gathering does not have.
    """
    batch, sides = inputs.batch, inputs.sides
    tables = {"requester": sides.requesters, "candidate": sides.candidates}
    rows = {"requester": batch.requester_rows, "candidate": batch.candidate_rows}
    for scorer, result in zip(kind.scorers, scored, strict=True):
        for name, quotes in result.evidence.items():
            if not isinstance(quotes, Quotes):
                continue
            field = inputs.pool.fields.get(quotes.field)
            honest = field is not None and quotes.field.startswith(f"{tables.get(quotes.side)}.")
            if field is None or not honest or not _owned(field.items, rows[quotes.side], quotes.texts):
                failed = ScorerFailedError(scorer, _("evidence {name!r} quotes a text of somebody else", name=name))
                failed.kind = kind.name
                raise failed


def _owned(items: Ragged, rows: IntArray, texts: IntArray) -> bool:
    """Whether each quoted text is among the items of its row."""
    quoted = np.flatnonzero(texts >= 0).tolist()
    return all((items.text[items.of(int(rows[pair]))] == texts[pair]).any() for pair in quoted)


def _tell_silence(scorer: ActiveScorer, inputs: Inputs) -> None:
    """Say once that a scorer abstains from everything although it has what it asks for: that is allowed, but odd."""
    known = int(np.all([_complete(inputs[name]) for name in scorer.spec.inputs], axis=0).sum())
    if known >= _SPEAKS_OF:
        told = ngettext(
            "it had nothing to say about {n} pair whose inputs are all known",
            "it had nothing to say about any of {n} pairs whose inputs are all known",
            known,
        )
        notice(scorer, "silent", told)


def _complete(value: Any) -> NDArray[np.bool_]:
    """Whether nothing at all is unknown in an input of each pair, shape (P,)."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.asarray(~np.isnan(value).reshape(len(value), -1).any(axis=1))
    return _known(value)


def _known_share(scorer: ActiveScorer, inputs: Inputs) -> NDArray[np.float64]:
    """Share of a scorer's inputs that are known for each pair, shape (P,)."""
    known = [_known(inputs[name]) for name in scorer.spec.inputs]
    return np.mean(known, axis=0) if known else np.ones(len(inputs.batch))


def _known(value: Any) -> NDArray[np.bool_]:
    if not isinstance(value, np.ndarray):
        whole: NDArray[np.bool_] = value.known
        return whole
    known: NDArray[np.bool_]
    if value.dtype.kind == "f":
        known = ~np.isnan(value)
    elif value.dtype.kind == "b":
        known = np.ones(len(value), np.bool_)
    else:
        known = np.asarray(value != 0)
    return known if known.ndim == 1 else np.asarray(known.any(axis=tuple(range(1, known.ndim))))
