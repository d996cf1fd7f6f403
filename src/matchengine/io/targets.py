"""What a column can map to: one target, what its cells hold and how they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matchengine.i18n import _

__all__ = ["Reads", "Target"]

Reads = Literal["people", "groups", "events", "resources", "projects", "organisations", "relationships", "feedback"]


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a column can map to.

    Attributes
    ----------
    name : str
        What a mapping writes after `to`.
    kind : str
        How a cell is understood; a key of `values.PARSERS`.
    doc : str
        For the coordinator: what the cell may hold, as the catalogue has it; `meaning` says it.
    words : tuple of str
        The closed vocabulary, if it has one.
    synonyms : str
        Key of `words.SYNONYMS` with further answers.
    many : bool
        Whether the cell holds a list.
    cap : int or None
        Most entries kept.
    low, high : int
        Bounds of a number.
    commas : bool
        Whether a comma separates entries where the mapping does not say (never for sentences).
    qualifier : str
        The part that brackets fill: `Excel (advanced)`.
    parts : tuple of str
        Parts that `fixed` and `from_columns` may fill.
    hidden : bool
        Whether a report hides the value: contact data, people's ids and whatever is sensitive.
    sensitive : bool
        Whether the column needs its consent column (domain.md B4).
    names_masked : bool
        Whether the owner's own names are masked in it.
    """

    name: str
    kind: str
    doc: str
    words: tuple[str, ...] = ()
    synonyms: str = ""
    many: bool = False
    cap: int | None = None
    low: int = 0
    high: int = 0
    commas: bool = True
    qualifier: str = ""
    parts: tuple[str, ...] = ()
    hidden: bool = False
    sensitive: bool = False
    names_masked: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """Where the value goes in the record."""
        return tuple(self.name.split("."))

    @property
    def meaning(self) -> str:
        """What the cell may hold, in the language of the context."""
        name, _dot, part = self.name.rpartition(".")
        return _(self.doc, name=name, part=part)

    @property
    def consent(self) -> str:
        """The field whose consent covers the column: that of wishes covers joint wishes too (domain.md B4)."""
        return "wishes" if self.name == "joint_wishes" else self.name

    @property
    def dimension(self) -> str:
        """The attribute dimension, for `attributes.<dimension>`."""
        return self.name.partition(".")[2]

    @property
    def is_reference(self) -> bool:
        """Whether the cell names another person, by id or e-mail."""
        return self.kind in {"reference", "group_contact"}
