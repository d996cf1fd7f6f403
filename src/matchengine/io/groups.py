"""Groups from spreadsheets: `read_groups`."""

from __future__ import annotations

from dataclasses import dataclass

from matchengine.io.contacts import ContactSheet
from matchengine.io.drafts import read_drafts
from matchengine.io.gatherings import make_gatherings
from matchengine.io.identity import People
from matchengine.io.mapping import Mapping
from matchengine.io.report import Report
from matchengine.io.sources import Source
from matchengine.records import Group

__all__ = ["GroupImport", "read_groups"]


@dataclass(frozen=True, slots=True, repr=False)
class GroupImport:
    """The groups that `read_groups` made, in file order, and its report."""

    groups: list[Group]
    report: Report

    def __repr__(self) -> str:
        """Return sizes alone."""
        return f"GroupImport({len(self.groups)} groups, {len(self.report.failures)} problems)"


def read_groups(
    source: Source, mapping: Mapping | None = None, *, strict: bool = False, contacts: ContactSheet | None = None
) -> GroupImport:
    """Read groups from spreadsheets, JSON Lines, dicts or a DataFrame.

    Parameters
    ----------
    source : path, list of paths, iterable of dicts or records, or DataFrame
        As for `read_people`.
    mapping : Mapping, optional
        With `reads = "groups"`; without it headers are guessed.
    strict : bool
        Refuse the whole import if anything would be lost.
    contacts : ContactSheet, optional
        Finds the greeters that are named by e-mail.

    Returns
    -------
    GroupImport
        A group without an id of its own gets one made from its title, so that a re-import finds it again.

    Raises
    ------
    ImportRefusedError
        If `strict` and anything was lost.
    """
    report = Report()
    people = People((), contacts or ContactSheet(), report)
    made = GroupImport(make_gatherings(read_drafts(source, mapping, "groups", report), Group, people, report), report)
    report.counts["groups made"] = len(made.groups)
    report.refuse_if(strict)
    return made
