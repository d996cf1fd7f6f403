"""Spreadsheets in and out: what people already have becomes records, and one report tells what did not.

>>> from matchengine.io import read_people
>>> made = read_people([{"id": "p1", "roles": "mentor", "offers": "Excel (advanced); speaking"}])
>>> [offer.text for offer in made.people[0].offers]
['Excel', 'speaking']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matchengine.lazy import lazily

if TYPE_CHECKING:
    from matchengine.io.contacts import Contact, ContactSheet
    from matchengine.io.groups import GroupImport, read_groups
    from matchengine.io.load import records_of
    from matchengine.io.mapping import Mapping, load_mapping
    from matchengine.io.masking import mask
    from matchengine.io.people import PeopleImport, read_people
    from matchengine.io.record_files import (
        RecordImport,
        read_consents,
        read_contributions,
        read_events,
        read_feedback,
        read_organisations,
        read_projects,
        read_resources,
    )
    from matchengine.io.relationships import RelationshipImport, read_relationships
    from matchengine.io.report import ImportRefusedError, Problem, Report
    from matchengine.io.sheets import Sheet, sheets_of_readiness, sheets_of_run, sheets_of_suggestions
    from matchengine.io.suggest import suggest_mapping
    from matchengine.io.suggestions_csv import write_suggestions_csv
    from matchengine.io.write import Folder, read_folder, write_folder
    from matchengine.io.write_sheets import safe_cell, write_csv, write_xlsx

__all__ = [
    "Contact",
    "ContactSheet",
    "Folder",
    "GroupImport",
    "ImportRefusedError",
    "Mapping",
    "PeopleImport",
    "Problem",
    "RecordImport",
    "RelationshipImport",
    "Report",
    "Sheet",
    "load_mapping",
    "mask",
    "read_consents",
    "read_contributions",
    "read_events",
    "read_feedback",
    "read_folder",
    "read_groups",
    "read_organisations",
    "read_people",
    "read_projects",
    "read_relationships",
    "read_resources",
    "records_of",
    "safe_cell",
    "sheets_of_readiness",
    "sheets_of_run",
    "sheets_of_suggestions",
    "suggest_mapping",
    "write_csv",
    "write_folder",
    "write_suggestions_csv",
    "write_xlsx",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "contacts": (
            "Contact",
            "ContactSheet",
        ),
        "groups": (
            "GroupImport",
            "read_groups",
        ),
        "load": ("records_of",),
        "mapping": (
            "Mapping",
            "load_mapping",
        ),
        "masking": ("mask",),
        "people": (
            "PeopleImport",
            "read_people",
        ),
        "record_files": (
            "RecordImport",
            "read_consents",
            "read_contributions",
            "read_events",
            "read_feedback",
            "read_organisations",
            "read_projects",
            "read_resources",
        ),
        "relationships": (
            "RelationshipImport",
            "read_relationships",
        ),
        "report": (
            "ImportRefusedError",
            "Problem",
            "Report",
        ),
        "sheets": (
            "Sheet",
            "sheets_of_readiness",
            "sheets_of_run",
            "sheets_of_suggestions",
        ),
        "suggest": ("suggest_mapping",),
        "suggestions_csv": ("write_suggestions_csv",),
        "write": (
            "Folder",
            "read_folder",
            "write_folder",
        ),
        "write_sheets": (
            "safe_cell",
            "write_csv",
            "write_xlsx",
        ),
    },
)
