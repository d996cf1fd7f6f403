"""The last section: how to read the page, what it cannot tell, and what made it."""

from __future__ import annotations

from matchengine.i18n import _
from matchengine.records import Fingerprint, Run
from matchengine.report.parts import Points, Section, Table

__all__ = ["guide_of", "guide_section", "origin_section"]


def guide_section(run: Run | None, *, named: bool) -> Section:
    """Return how to read the page and what it cannot tell; `named` says whether names stand on it."""
    pairs = (
        _("A score runs from 0 to 100. It adds up what both sides said; above the average pair, more speaks for it."),
        _("“Known” is the share of the needed answers that were there. The less is known, the less a score says."),
        _("“Too little known” is not a poor fit. Ask first, then match again."),
    )
    read = (
        *(pairs if run is not None else ()),
        _("Personal rules are counted together and never explained, so that nobody is exposed."),
    )
    limits = (
        _("Whether two people will like each other. Only a first talk can tell."),
        _("Anything that people did not say, or did not allow to be used."),
        _("Which of two suggestions with nearly the same score is better. Use what you know."),
        _("Whether somebody deserves a place. A person without a suggestion is not a weaker person."),
    )
    return guide_of(read, limits, named=named)


def guide_of(read: tuple[str, ...], limits: tuple[str, ...], *, named: bool) -> Section:
    """Return a guide with these sentences on how to read the page, and these on what it cannot tell."""
    people = (
        _("This page holds names. Keep it as private as the list of participants.")
        if named
        else _("People stand here by their ids. Their names are in the sheets.")
    )
    blocks = (Points((*read, people), _("How to read it")), Points(limits, _("What it cannot tell you")))
    return Section("guide", _("How to read this page"), blocks)


def origin_section(mark: Fingerprint, caption: str = "") -> Section:
    """Return what made the page: the same settings and data give the same suggestions."""
    plugins = tuple(f"{name} {version}" for name, version in sorted(mark.plugins.items()))
    rows = (
        (_("Day of the calendar"), mark.as_of.isoformat()),
        (_("Settings"), mark.config),
        (_("Text model"), mark.model),
        (_("Version of the data"), str(mark.generation)),
        (_("Plugins"), plugins),
    )
    lead = _("Two pages with the same entries here rest on the same settings, model and data.")
    table = Table(caption or _("What made these suggestions"), (_("entry"), _("value")), rows)
    return Section("origin", _("What made this page"), (table,), (lead,))
