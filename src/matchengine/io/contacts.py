"""Names and e-mail addresses: they live here, join at export, and never enter the engine.

No `repr` and no error shows a name or an address.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import _, ngettext
from matchengine.io.json_lines import read_json_lines, write_json_lines
from matchengine.io.limits import DEFAULT_LIMITS
from matchengine.io.report import Report
from matchengine.io.standards import normalise_email
from matchengine.io.tables import FileRefusedError
from matchengine.records import describe_validation
from matchengine.records.base import Id, Record

__all__ = ["Contact", "ContactSheet", "is_new_id", "new_id"]

_MADE = re.compile(r"^p-[0-9a-f]{16}$")


class Contact(Record):
    """Who stands behind an id; all but the id may be unknown."""

    id: Id
    name: Annotated[str, Field(max_length=400)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None
    first_name: Annotated[str, Field(max_length=200)] | None = None
    last_name: Annotated[str, Field(max_length=200)] | None = None

    model_config = ConfigDict(hide_input_in_errors=True)

    def __repr_args__(self) -> Iterator[tuple[str, str]]:
        """Show the id alone."""
        yield "id", self.id

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the person that free text might hold."""
        return tuple(name for name in (self.name, self.first_name, self.last_name) if name)

    @property
    def full_name(self) -> str | None:
        """The name as an export shows it."""
        return self.name or " ".join(name for name in (self.first_name, self.last_name) if name) or None


def new_id() -> str:
    """Return a random id that says nothing about the person."""
    return f"p-{secrets.token_hex(8)}"


def is_new_id(person_id: str) -> bool:
    """Tell whether an id looks as if `new_id` had made it, for somebody to whom the programme gave none."""
    return _MADE.match(person_id) is not None


class ContactSheet:
    """All contacts of a programme, found by id or normalised e-mail; a re-import gets the same ids from it.

    Parameters
    ----------
    contacts : iterable of Contact, optional
        A later one replaces an earlier one of the same id.
    erased_id : callable, optional
        Returns the id that stands for whoever was erased under an e-mail address, None where nobody was. It gets the
        address, the id that files give whoever has it, and the id that the sheet knows, None where there is none.
    """

    def __init__(
        self,
        contacts: Iterable[Contact] = (),
        *,
        erased_id: Callable[[str, str | None, str | None], str | None] = lambda _email, _own, _known: None,
    ) -> None:
        self.erased_id = erased_id
        self._by_id: dict[str, Contact] = {}
        self._id_of: dict[str, str] = {}
        for contact in contacts:
            self.add(contact)

    def __repr__(self) -> str:
        """Return the size alone."""
        return f"ContactSheet({len(self)} contacts)"

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Contact]:
        return iter(self._by_id.values())

    def __contains__(self, person_id: object) -> bool:
        return person_id in self._by_id

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ContactSheet) and self._by_id == other._by_id

    __hash__ = None  # type: ignore[assignment]

    def copy(self) -> ContactSheet:
        """Return a sheet that can change without changing this one."""
        return ContactSheet(self, erased_id=self.erased_id)

    def add(self, contact: Contact) -> None:
        """Add a contact, replacing the one of the same id."""
        self.remove(contact.id)
        self._by_id[contact.id] = contact
        if contact.email:
            self._id_of[normalise_email(contact.email)] = contact.id

    def remove(self, person_id: str) -> None:
        """Forget a contact; unknown ids are ignored, so that erasing twice is no error."""
        old = self._by_id.pop(person_id, None)
        if old is not None and old.email and self._id_of.get(normalise_email(old.email)) == person_id:
            del self._id_of[normalise_email(old.email)]

    def get(self, person_id: str) -> Contact | None:
        """Return the contact of an id, or None."""
        return self._by_id.get(person_id)

    def __getitem__(self, person_id: str) -> Contact:
        try:
            return self._by_id[person_id]
        except KeyError as error:
            raise UnknownIdError(_("no contact with id {id!r} in a sheet of {n}", id=person_id, n=len(self))) from error

    def id_for(self, email: str) -> str | None:
        """Return the id that an e-mail address has in this sheet, or None."""
        return self._id_of.get(normalise_email(email))

    def reserve(self, email: str) -> str:
        """Return the id of an address; a new one is kept for it if it has none."""
        known = self.id_for(email)
        if known is None:
            known = self.erased_id(email, None, None) or new_id()
            self.add(Contact(id=known, email=normalise_email(email)))
        return known

    @classmethod
    def read(cls, path: str | Path) -> ContactSheet:
        """Read a sheet from JSON Lines.

        Raises
        ------
        DataError
            If the file cannot be read, or listing every line that is no contact, without its values.
        """
        path, report = Path(path), Report()
        problems: list[str] = []
        sheet = cls()
        try:
            for number, row in read_json_lines(path, path.name, DEFAULT_LIMITS, report):
                try:
                    sheet.add(Contact.model_validate(row))
                except ValidationError as error:
                    told = describe_validation(error, Contact)
                    problems += [_("line {line}: {problem}", line=number, problem=sentence) for sentence in told]
        except FileRefusedError as error:
            raise DataError(_("{path}: expected {expected}", path=path, expected=str(error))) from error
        except OSError as error:
            raise DataError(
                _(
                    "{path}: cannot be read ({reason}); give the path of a contacts sheet",
                    path=path,
                    reason=error.strerror,
                )
            ) from error
        problems += [problem.sentence(with_value=False) for problem in report.failures]
        if problems:
            raise DataError(
                ngettext(
                    "{path}: {n} problem; expected one contact in each line",
                    "{path}: {n} problems; expected one contact in each line",
                    len(problems),
                    path=path,
                ),
                problems,
            )
        return sheet

    def write(self, path: str | Path) -> None:
        """Write the sheet as JSON Lines that only the owner can read (mode 0600)."""
        write_json_lines(Path(path), (_plain(contact) for contact in self))


def _plain(contact: Contact) -> Mapping[str, Any]:
    return contact.model_dump(mode="json", exclude_none=True)
