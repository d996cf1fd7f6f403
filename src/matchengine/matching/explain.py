"""Reasons for the few pairs that are shown: each scorer's exact contribution and a sentence filled with evidence.

The viewer is the requester: reasons quote the requester's own items and the candidate's public ones (offers,
topics), never anything else the other side has written (domain.md B4). Lifts give no reason at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, Quotes, Scored
from matchengine.errors import blame
from matchengine.pool.pool import Pool
from matchengine.pool.text import PUBLIC_FIELDS
from matchengine.records import Reason
from matchengine.registry import MatchKind

__all__ = ["explain"]

_LONGEST_QUOTE = 72
_DIRECTIONS = ("for_requester", "for_candidate", "both")


def explain(
    pool: Pool, kind: MatchKind, scored: Sequence[Scored], contributions: FloatArray
) -> list[tuple[Reason, ...]]:
    """Return the reasons of each shown pair, largest contribution first.

    Parameters
    ----------
    scored : sequence of Scored
        Result of each scorer of the kind on the P shown pairs.
    contributions : float array (P, S)
        In [-1, 1] as the combination gave them.
    """
    pairs = len(contributions)
    reasons: list[list[Reason]] = [[] for _ in range(pairs)]
    for column, (scorer, result) in enumerate(zip(kind.scorers, scored, strict=True)):
        if scorer.block is None:
            continue
        for pair in range(pairs):
            if np.isnan(result.value[pair]):
                continue
            sentences = [_say(pool, scorer.spec.says.get(d, ""), result.evidence, pair) for d in _DIRECTIONS]
            points = round(100 * float(contributions[pair, column]), 2)
            text = " ".join(_sentence(s) for s in sentences if s)
            reasons[pair].append(Reason(scorer=scorer.name, contribution=points, text=text))
    return [tuple(sorted(of_pair, key=lambda r: (-r.contribution, r.scorer))) for of_pair in reasons]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:].rstrip(".") + "."


def _say(pool: Pool, template: str, evidence: Mapping[str, Any], pair: int) -> str:
    """Fill one template; the empty string where any part of its evidence is missing or not for this viewer."""
    if not template:
        return ""
    told: dict[str, Any] = {}
    for _, name, _, _ in Formatter().parse(template):
        if name is None:
            continue
        value = _tell(pool, evidence.get(name), pair)
        if value is None:
            return ""
        told[name] = value
    try:
        return template.format(**told)
    except (ValueError, TypeError) as error:
        raise blame(f"a sentence of a scorer ({template!r})", error) from None


def _tell(pool: Pool, evidence: Any, pair: int) -> Any:
    if evidence is None:
        return None
    if isinstance(evidence, Quotes):
        text = int(evidence.texts[pair])
        if text < 0 or (evidence.side == "candidate" and evidence.field.partition(".")[2] not in PUBLIC_FIELDS):
            return None
        quote = " ".join(pool.fields[evidence.field].texts[text].split()).rstrip(".")
        return quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1].rstrip() + "…"
    value = evidence[pair]
    if isinstance(value, np.floating) and np.isnan(value):
        return None
    return value
