"""Contacts sheets beside a store, which they never enter: to which programme each belongs, and who is taken out."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from matchengine.cli.locations import RECORDS
from matchengine.cli.output import Output, paragraph
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.io import ContactSheet
from matchengine.io.json_lines import write_private
from matchengine.io.write import CONTACTS_FILE
from matchengine.rights.rights import Rights

__all__ = ["claim_contacts", "refuse_foreign", "sheets_of", "take_out"]

_MARK = "programme"
"""File that says whose the names and addresses in a folder are, by a keyed hash."""


def refuse_foreign(folder: Path, engine: Rights | None) -> None:
    """Refuse a folder of contacts of another programme: what one erases would be lost to the other.

    Parameters
    ----------
    folder : Path
        As `--contacts` names it.
    engine : Rights, optional
        The programme; None stands for one that is new, to which no folder belongs yet.

    Raises
    ------
    DataError
    """
    mark = folder / RECORDS / _MARK
    if (told := _told(mark)) and (engine is None or told != engine.suppression.mark):
        sentence = _("{folder}: the names and addresses in it belong to another programme", folder=folder)
        remedy = _("give each programme a folder of its own (--contacts)")
        raise DataError(f"{sentence}; {remedy}. " + _("Where they are this one's after all, delete {mark}", mark=mark))


def claim_contacts(folder: Path, engine: Rights) -> None:
    """Write into a folder of contacts, as `--contacts` names it, that it belongs to this programme."""
    write_private(folder / RECORDS / _MARK, engine.suppression.mark + "\n")


def sheets_of(engine: Rights, folder: Path | None) -> dict[Path, ContactSheet]:
    """Return the sheets of a programme: those that a `sync` wrote and that can be read, and that of a folder.

    Raises
    ------
    DataError
        Where the folder is that of another programme, or has no sheet that can be read.
    """
    found = {}
    for path in sorted({Path(copy.address).absolute() / CONTACTS_FILE for copy in engine.copies()}):
        if _told(path.with_name(_MARK)) in ("", engine.suppression.mark):
            with suppress(DataError):  # no sheet, or a damaged one, which stays among the copies to delete by hand
                found[path] = ContactSheet.read(path)
    if folder is not None:
        refuse_foreign(folder, engine)
        path = (folder / RECORDS).absolute() / CONTACTS_FILE
        found[path] = ContactSheet.read(path)
    return found


def take_out(path: Path, sheet: ContactSheet, person_id: str, output: Output) -> bool:
    """Take a person out of a contacts sheet; return whether its folder now holds nothing of them."""
    if person_id in sheet:
        sheet.remove(person_id)
        try:
            sheet.write(path)
        except DataError as error:
            output.note(str(error))
            return False
        output.note(paragraph(_("Their line was taken out of {path}.", path=path)))
    return {*path.parent.iterdir()} <= {path, path.with_name(_MARK)}


def _told(mark: Path) -> str:
    try:
        return mark.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
