"""Invented names, member numbers and e-mail addresses.

Names are put together from syllables of no particular place, drawn without looking at anything else about the
person, so that nothing can be read from a name. All addresses are at example.org or example.com (RFC 2606).
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

from harbour_bridge.persona import Persona

_FIRST_STARTS = (
    "Ma", "Ne", "Li", "So", "Te", "Ka", "Ru", "Ye", "Jo", "Ade", "Ile", "Oni", "Zu", "Va", "Pe", "Ha", "Mi", "Ba",
    "Dja",
    "Ni", "Fe", "Wi", "Sho", "Ayu",
)  # fmt: skip
_FIRST_ENDS = (
    "rinu", "lune", "voa", "meiko", "shani", "tarel", "nukka", "bellou", "dovi", "zanta", "yaru", "reth", "kitou",
    "laniq",
    "mirre", "sanéa", "viko", "boleth", "driss", "wenna",
)  # fmt: skip
_LAST_STARTS = (
    "Okor", "Brem", "Tal", "Quin", "Sav", "Mord", "Ydal", "Nakh", "Oste", "Vel", "Zar", "Pim", "Adle", "Wes", "Hul",
    "Ishi", "Gan", "Roz", "Cau", "Fjel",
)  # fmt: skip
_LAST_ENDS = (
    "wickel", "ovanda", "emari", "ossin", "holmé", "etti", "ombwe", "ayarov", "ingale", "andrio", "uçan", "eirão",
    "köter",
    "ashvi", "adéla", "ulanka", "ettimo", "orand",
)  # fmt: skip

NO_NUMBER_ANYWHERE = frozenset({"cnc-izmir", "illustrator", "film-editor", "baker-hh", "nurse-santos"})
NO_NUMBER_IN_MENTORS = NO_NUMBER_ANYWHERE | {"qa-returner"}
NO_NUMBER_IN_MENTEES = NO_NUMBER_ANYWHERE | {
    "almost-empty", "doodler", "glazier-quiet", "cnc-genc", "sewing-first", "translator", "repair-hh",
    "candle-receipts",
}  # fmt: skip
NO_EMAIL = frozenset({"physio-owner", "stats-office", "cnc-izmir", "lorry-licence", "elevator-tigrinya"})
SHARED_EMAIL = frozenset({"boatbuilder", "welder-yard"})
"""Two mentors who gave the address of the office they share."""


@dataclass(frozen=True)
class Identity:
    """How one person is named in the raw files."""

    first: str
    last: str
    number: str
    email: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower().replace("ı", "i"))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def _email(first: str, last: str, number: int, rng: random.Random) -> str:
    domain = rng.choice(("example.org", "example.org", "example.com"))
    first, last = _plain(first), _plain(last)
    shapes = (
        f"{first}.{last}",
        f"{first[0]}.{last}",
        f"{first}{number % 100:02d}",
        f"{last}_{first}",
        f"{first}{last[0]}",
    )
    return f"{rng.choice(shapes)}@{domain}"


def make_identities(people: list[Persona], seed: int) -> dict[str, Identity]:
    """Draw one identity per person; names, numbers and addresses are unique."""
    rng = random.Random(f"{seed}:identities")
    numbers = rng.sample(range(3, 260), len(people))
    first_names = [start + end for start in _FIRST_STARTS for end in _FIRST_ENDS]
    last_names = [start + end for start in _LAST_STARTS for end in _LAST_ENDS]
    rng.shuffle(first_names)
    rng.shuffle(last_names)
    found: dict[str, Identity] = {}
    taken: set[str] = set()
    for person, number, first, last in zip(people, numbers, first_names, last_names, strict=False):
        email = _email(first, last, number, rng)
        while email in taken:
            email = _email(first, last, rng.randrange(100), rng)
        taken.add(email)
        if person.key in NO_EMAIL:
            email = ""
        elif person.key in SHARED_EMAIL:
            email = "yard.office@example.org"
        found[person.key] = Identity(first, last, f"HB-{number:04d}", email)
    return found
