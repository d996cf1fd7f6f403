"""`matchengine shadow`: say which further place, mentor, skill, language or hour would help a programme most."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from matchengine.cli.files import add_files, take_away
from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.person import at_least_one
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.i18n import _, ngettext
from matchengine.records.shadow import NewcomerPrice, SeatPrice, ShadowPrices

__all__ = ["add_shadow"]


def add_shadow(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `shadow`."""
    add_kind(parser)
    parser.add_argument("--method", help=_("how everybody is assigned; as configured by default"))
    told = _("so many skills, languages and hours are tried (8)")
    parser.add_argument("--most", type=at_least_one, metavar="N", default=8, help=told)
    add_data(parser)
    add_files(parser)
    parser.set_defaults(run=_shadow)


def _shadow(arguments: argparse.Namespace, output: Output) -> int:
    prices = open_engine(arguments).shadow_prices(arguments.kind, method=arguments.method, most=arguments.most)
    output.document(prices, "\n".join(_render(prices)))
    take_away(arguments, output, prices)
    return 0


def _render(prices: ShadowPrices) -> Iterator[str]:
    """The prices in lines of at most 80 columns."""
    yield _("What would help most (kind: {kind}, decided by {method})", kind=prices.kind, method=prices.method)
    yield from (paragraph(sentence, "  ") for sentence in prices.summary)
    if prices.seats:
        yield "\n" + _("One more place with")
        yield from (_line(price, price.candidate_id) for price in prices.seats)
    for heading, found in (
        (_("One more candidate, with one place, who"), prices.newcomers),
        (_("The same, with several properties at once"), prices.together),
    ):
        if found:
            yield "\n" + heading
            yield from (_line(price, price.text) for price in found)
    if not (prices.seats or prices.newcomers or prices.together):
        yield "\n" + paragraph(_("No further place and no further candidate that was tried would change anything."))


def _line(price: SeatPrice | NewcomerPrice, what: str) -> str:
    more = ngettext("{n} more person served", "{n} more people served", price.served) if price.served else ""
    gain = _("{points:+.1f} points of score in all", points=price.points) if price.points >= 1 else ""
    return paragraph(f"{what}: {', '.join(filter(None, (more, gain))) or _('hardly anything')}", "  - ", "    ")
