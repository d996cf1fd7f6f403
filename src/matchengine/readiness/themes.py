"""What people look for, grouped into themes, and who offers something close to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray
from matchengine.i18n import _
from matchengine.pool.text import PUBLIC_FIELDS
from matchengine.readiness.balance import balances
from matchengine.readiness.market import Market
from matchengine.readiness.texts import Texts, closeness, texts_of
from matchengine.readiness.verdicts import Verdicts
from matchengine.records import Balance

__all__ = ["CLOSE", "OTHER", "Needs", "Theme", "needs_of", "typical_needs", "views"]

CLOSE = 0.5
"""Similarity from which an offer serves a need."""
_ALIKE = 0.6
"""Similarity to its typical text from which a need belongs to a theme."""
_THEMES = 30
"""Themes beyond which those of one person each are joined."""
_STARTERS = 4_000
"""Most distinct needs that can start a theme; the most common ones do."""
_PIECE = 512
_LONGEST = 72
OTHER = "other-needs"
"""Key of all single needs together."""


@dataclass(frozen=True)
class Needs:
    """Demand and supply by theme, and how many people look for something that none of their candidates offers.

    `unnamed` are the keys of themes for which there is no text that a coordinator may read.
    """

    balances: tuple[Balance, ...] = ()
    unnamed: frozenset[str] = frozenset()
    uncovered: int = 0


@dataclass(frozen=True)
class Theme:
    """What several people look for: its typical text and language, who has it, and a label that may be read or "".

    The text is somebody's own words and never leaves the engine; `holders` int64 are positions of requesters.
    """

    text: str
    language: str
    label: str
    holders: IntArray


def typical_needs(market: Market, most: int) -> list[Theme]:
    """Return at most so many themes of what people look for, those that most people have first."""
    looks, gives = views(market)
    needs = texts_of(market.pool, market.kind.sides.requesters, looks, market.requesters)
    offers = texts_of(market.pool, market.kind.sides.candidates, gives, market.candidates)
    if not len(needs):
        return []
    typical, theme = _clusters(market, needs)
    held = _held(needs, theme, len(typical))
    first = np.lexsort((typical, -np.diff(held.indptr)))[:most]
    labels = _labels(market, needs, offers, typical, theme, first)
    made = []
    for number in first.tolist():
        text, field = needs.texts[int(typical[number])], needs.fields[int(typical[number])]
        home = market.pool.fields[f"{market.kind.sides.requesters}.{field}"]
        tag = home.languages[home.texts.index(text)]
        made.append(Theme(text, tag, labels[number], held[:, [number]].nonzero()[0]))
    return made


def views(market: Market) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Text fields in which people say what they look for, and public ones in which others say what they give."""
    read = [(left, right) for left, right in market.kind.item_views if right in PUBLIC_FIELDS and left != right]
    if not read:
        read = [("needs", "offers" if market.kind.sides.candidates == "people" else "topics")]
    return tuple(dict.fromkeys(left for left, _right in read)), tuple(dict.fromkeys(right for _left, right in read))


def needs_of(market: Market, verdicts: Verdicts) -> Needs:
    """Group what people look for into themes and find who serves each (similarity of .5 or more to its typical text).

    A theme is labelled by a need only where the programme's notice lets coordinators read that field; otherwise by the
    closest public text, or by a number where none is close.
    """
    looks, gives = views(market)
    needs = texts_of(market.pool, market.kind.sides.requesters, looks, market.requesters)
    offers = texts_of(market.pool, market.kind.sides.candidates, gives, market.candidates)
    if not len(needs):
        return Needs()
    serves = _serves(market, needs, offers)
    return Needs(*_themes(market, needs, offers, serves), _uncovered(market, verdicts, needs, offers, serves))


def _close(market: Market, left: Texts, right: Texts) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Similarities in pieces of 512 left items."""
    weights = market.config.retrieve
    for start in range(0, len(left), _PIECE):
        part = np.arange(start, min(start + _PIECE, len(left)))
        found = closeness(market.pool, left.take(part), right, weights.semantic, weights.lexical)
        yield slice(start, start + len(part)), found


def _serves(market: Market, needs: Texts, offers: Texts) -> Any:
    """Which offers are close to which needs, sparse (N, O) of 1."""
    from scipy.sparse import csr_array, vstack

    parts = [csr_array((found >= CLOSE).astype(np.float32)) for _part, found in _close(market, needs, offers)]
    return vstack(parts, format="csr")


def _themes(market: Market, needs: Texts, offers: Texts, serves: Any) -> tuple[tuple[Balance, ...], frozenset[str]]:
    """Return the themes, what remains of single needs last, and the keys of those without a text."""
    typical, theme = _clusters(market, needs)
    held = _held(needs, theme, len(typical))
    wanted = np.diff(held.indptr)
    joined = (wanted < 2) & (len(typical) > _THEMES)
    groups = _grouped(_labels(market, needs, offers, typical, theme, np.flatnonzero(~joined)), wanted)
    keys, told, demand, supply = [], [], [], []
    for number, (label, members) in enumerate(groups, 1):
        keys.append(f"need-{number}")
        told.append(label or _("need {n}, to which no offer is close", n=number))
        demand.append(_any(held[:, members]))
        supply.append(_any(offers.holders @ serves[typical[members]].T))
    if joined.any():
        alone = np.flatnonzero(joined)
        keys.append(OTHER)
        told.append(_("other needs"))
        demand.append(_any(held[:, alone]) | _any(needs.holders[:, theme < 0]))
        supply.append(_any(offers.holders @ serves[typical[alone]].T))
    found = balances(market, keys, told, np.stack(demand, axis=1), np.stack(supply, axis=1))
    unnamed = frozenset(key for key, (label, _members) in zip(keys, groups, strict=False) if not label)
    return tuple(sorted(found, key=lambda of: of.key == OTHER)), unnamed


def _any(array: Any) -> BoolArray:
    """Which rows of a sparse array hold anything."""
    found: BoolArray = np.asarray(array.sum(axis=1)).reshape(-1) > 0
    return found


def _held(needs: Texts, theme: IntArray, themes: int) -> Any:
    """Who has a need of each theme, sparse by column (R, T)."""
    from scipy.sparse import csr_array

    inside = np.flatnonzero(theme >= 0)
    of_theme = csr_array((np.ones(len(inside), np.float32), (inside, theme[inside])), shape=(len(theme), themes))
    return (needs.holders @ of_theme).tocsc()


def _clusters(market: Market, needs: Texts) -> tuple[IntArray, IntArray]:
    """Group needs around typical ones: the item that is typical of each theme (T,), and the theme of each item (N,).

    The need that most people have or nearly have comes first and takes all that are alike and not yet taken.
    """
    people = np.asarray(needs.holders.sum(axis=0)).reshape(-1)
    checks = np.array([crc32(text.encode()) for text in needs.texts])
    starters = np.sort(np.lexsort((checks, -people))[:_STARTERS])
    few = needs.take(starters)
    alike = [found >= _ALIKE for _part, found in _close(market, few, few)]
    near = np.concatenate(alike) | np.eye(len(few), dtype=np.bool_)
    weight = near @ people[starters]
    group = np.full(len(few), -1, np.int64)
    typical: list[int] = []
    for item in np.lexsort((np.arange(len(few)), -weight)).tolist():
        if group[item] < 0:
            group[near[item] & (group < 0)] = len(typical)
            typical.append(int(starters[item]))
    theme = np.full(len(needs), -1, np.int64)
    theme[starters] = group
    later = np.setdiff1d(np.arange(len(needs)), starters)
    kinds = np.array(typical, np.int64)
    for part, found in _close(market, needs.take(later), needs.take(kinds)):
        theme[later[part]] = np.where(found.max(axis=1) >= _ALIKE, found.argmax(axis=1), -1)
    return kinds, theme


def _labels(
    market: Market, needs: Texts, offers: Texts, typical: IntArray, theme: IntArray, themes: IntArray
) -> dict[int, str]:
    """A text for each of some themes that a coordinator may read; empty where there is none."""
    readable = PUBLIC_FIELDS | set(market.config.programme.coordinator_reads)
    labels = dict.fromkeys(themes.tolist(), "")
    if len(offers):
        for part, found in _close(market, needs.take(typical[themes]), offers):
            for number, best, near in zip(themes[part].tolist(), found.argmax(axis=1), found.max(axis=1), strict=True):
                labels[number] = _short(offers.texts[int(best)]) if near >= CLOSE else ""
    for item in sorted(range(len(needs)), key=lambda n: (-len(needs.texts[n]), needs.texts[n])):
        if needs.fields[item] in readable and int(theme[item]) in labels:
            labels[int(theme[item])] = _short(needs.texts[item])
    return labels


def _short(text: str) -> str:
    quote = " ".join(text.split()).rstrip(".")
    return quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1].rstrip() + "…"


def _grouped(labels: dict[int, str], wanted: IntArray) -> list[tuple[str, IntArray]]:
    """Themes by label, those of equal label together, the most wanted first."""
    together: dict[str, list[int]] = {}
    for number, label in labels.items():
        together.setdefault(label or f"\0{number}", []).append(number)
    order = sorted(together.items(), key=lambda item: (-int(wanted[item[1]].sum()), item[1][0]))
    return [("" if label[0] == "\0" else label, np.array(members, np.int64)) for label, members in order]


def _uncovered(market: Market, verdicts: Verdicts, needs: Texts, offers: Texts, serves: Any) -> int:
    """People with candidates of whom none offers anything close; those whose needs cannot be compared are left out."""
    comparable = (needs.known & offers.known.any()) | np.isin(needs.languages, offers.languages)
    unclear = needs.holders @ (~comparable).astype(np.float32)
    asked = (np.diff(needs.holders.tocsr().indptr) > 0) & (np.asarray(unclear).reshape(-1) == 0)
    looking = np.flatnonzero(asked & (verdicts.options > 0))
    close = (needs.holders.tocsr()[looking] @ serves).tocsr()
    count = 0
    for start in range(0, len(looking), _PIECE):
        part = slice(start, start + _PIECE)
        offered = (close[part] @ offers.holders.T).toarray() > 0
        count += int((~(offered & verdicts.eligible_of(looking[part], len(market.candidates))).any(axis=1)).sum())
    return count
