"""The findings of a readiness check in sentences, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matchengine.i18n import _, listing, ngettext
from matchengine.readiness.balance import only_language
from matchengine.readiness.changes import best_change
from matchengine.readiness.market import Market
from matchengine.readiness.served import Served
from matchengine.readiness.themes import OTHER, Needs
from matchengine.readiness.verdicts import Verdicts
from matchengine.readiness.words import givers, language_label, people, places
from matchengine.records import Balance, Thin

__all__ = ["Findings", "summary"]

_NAMED = 3
"""Most things named in one sentence."""
_MANY = 0.1
"""Share of those who look from which a slot without anybody is worth a sentence."""


@dataclass(frozen=True)
class Findings:
    """Everything the sentences are about."""

    market: Market
    verdicts: Verdicts
    served: Served
    needs: Needs
    slots: tuple[Balance, ...]
    thin: tuple[Thin, ...]
    texts: int
    unread: int


def summary(found: Findings) -> tuple[str, ...]:
    """Return the findings in sentences; none where nothing is wrong."""
    market = found.market
    if not len(market.requesters):
        return (_("Nobody is looking: no record takes part as “{role}”.", role=market.kind.config.requester),)
    if not len(market.candidates):
        return (_("Nobody is there to give: no record takes part as “{role}”.", role=market.kind.config.candidate),)
    return (*_without(found), *_places(found), *_uncovered(found), *_languages(found), *_unknown(found), *_slots(found))


def _without(found: Findings) -> Iterator[str]:
    """Who has nobody, and the one change that helps most."""
    stuck, everybody = len(found.verdicts.in_the_way), len(found.market.requesters)
    if stuck:
        yield ngettext(
            "{n} of {people} looking has no possible candidate.",
            "{n} of {people} looking have no possible candidate.",
            stuck,
            people=people(everybody),
        )
        best = best_change(found.verdicts)
        if best is not None:
            yield best.text


def _places(found: Findings) -> Iterator[str]:
    """Whether there are fewer places than people, and where too many share too few."""
    market, served = found.market, found.served
    asking = int(np.count_nonzero(found.verdicts.options))
    room = market.capacities.sum()
    candidate = market.kind.config.candidate
    if served.total < asking and room < asking:
        yield _(
            "{givers} have {places}, and {people} could be suggested to them.",
            givers=givers(candidate, len(market.candidates)),
            places=places(int(room)),
            people=people(asking),
        )
    if served.total < asking:
        yield ngettext(
            "At most {n} of {people} with a possible candidate can be served at once.",
            "At most {n} of {people} with a possible candidate can be served at once.",
            served.total,
            people=people(asking),
        )
    tight = served.bottleneck
    if tight is not None and len(tight.requesters) < asking:
        yield _(
            "{people} compete for {places} of {givers}.",
            people=people(len(tight.requesters)),
            places=places(tight.places),
            givers=givers(candidate, len(tight.candidates)),
        )


def _uncovered(found: Findings) -> Iterator[str]:
    """Whose needs nobody meets, and which needs those are."""
    if found.needs.uncovered:
        yield ngettext(
            "{n} person has candidates, but none who offers anything close to what they look for.",
            "{n} people have candidates, but none who offers anything close to what they look for.",
            found.needs.uncovered,
        )
    alone = [of for of in found.needs.balances if not of.supply and of.demand > 1 and of.key != OTHER]
    named = [of for of in alone if of.key not in found.needs.unnamed][:_NAMED]
    if named:
        yield ngettext(
            "{n} need that several people share is offered by nobody: {needs}.",
            "{n} needs that several people share are offered by nobody, such as {needs}.",
            len(alone),
            needs=listing([_("“{need}” ({people})", need=of.label, people=people(of.demand)) for of in named]),
        )
    elif alone:
        yield ngettext(
            "{n} need that several people share is offered by nobody.",
            "{n} needs that several people share are offered by nobody.",
            len(alone),
        )


def _languages(found: Findings) -> Iterator[str]:
    """Languages in which nobody gives, though somebody who looks speaks no other well enough."""
    counts = only_language(found.market)
    if counts:
        named = [
            _("{language} ({people})", language=language_label(tag), people=people(n))
            for tag, n in list(counts.items())[:_NAMED]
        ]
        yield ngettext(
            "No candidate speaks the only language of {n} person well enough: {languages}.",
            "No candidate speaks the only language of {n} people well enough: {languages}.",
            sum(counts.values()),
            languages=listing(named),
        )


def _unknown(found: Findings) -> Iterator[str]:
    """Which texts the model cannot read, and about how many people little is known."""
    if found.unread:
        yield ngettext(
            "{n} of {all} texts is in a language the model does not read; it is compared word by word.",
            "{n} of {all} texts are in languages the model does not read; they are compared word by word.",
            found.unread,
            all=found.texts,
        )
    if found.thin:
        yield ngettext(
            "Little is known about {n} profile; ask what is missing before matching.",
            "Little is known about {n} profiles; ask what is missing before matching.",
            len(found.thin),
        )


def _slots(found: Findings) -> Iterator[str]:
    """When many are free who look, and nobody who gives."""
    many = max(2, _MANY * len(found.market.requesters))
    empty = [of for of in found.slots if not of.supply and of.demand >= many]
    if empty:
        named = [_("{slot} ({people})", slot=of.label, people=people(of.demand)) for of in empty[:_NAMED]]
        yield _("No candidate is free at times when many are who look: {slots}.", slots=listing(named))
