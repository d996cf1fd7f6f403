"""Words for counterfactual texts: first names, gendered words, sentences that carry them, padding (domain.md H7).

The lists are made for testing and know nothing of those by which texts are masked: many of their words are not masked
on purpose, articles stand with their nouns, and some words have no neutral form. Names are common first names; none
stands for a person. An origin is where a name is common, never a property of who bears it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from matchengine.i18n import N_

__all__ = ["CELLS", "GENDERS", "LANGUAGES", "ORIGINS", "Cell", "carried", "named_by_another", "names_itself",
           "padding", "phrases", "swapped"]  # fmt: skip

GENDERS = ("woman", "man")
ORIGINS = {
    "western_europe": N_("Western Europe"),
    "south_asia": N_("South Asia"),
    "west_africa": N_("West Africa"),
    "arabic_speaking": N_("Arabic-speaking countries"),
}
"""Where a first name is common."""
_NAMES = {
    ("western_europe", "woman"): ("Anna", "Emma", "Julia", "Laura", "Katrin"),
    ("western_europe", "man"): ("Peter", "Thomas", "Daniel", "Stefan", "Oliver"),
    ("south_asia", "woman"): ("Priya", "Anjali", "Deepa", "Lakshmi", "Sunita"),
    ("south_asia", "man"): ("Arjun", "Rahul", "Sanjay", "Vikram", "Anil"),
    ("west_africa", "woman"): ("Ngozi", "Abena", "Folake", "Adaeze", "Efua"),
    ("west_africa", "man"): ("Chidi", "Kwame", "Emeka", "Kofi", "Tunde"),
    ("arabic_speaking", "woman"): ("Fatima", "Layla", "Noor", "Mariam", "Salma"),
    ("arabic_speaking", "man"): ("Omar", "Khalid", "Yusuf", "Hassan", "Tariq"),
}
_PAIRS = {
    "en": """
my mother = my father
my sister = my brother
my daughter = my son
my aunt = my uncle
my grandmother = my grandfather
my wife = my husband
my girlfriend = my boyfriend
my stepmother = my stepfather
my godmother = my godfather
my mother-in-law = my father-in-law
my fiancée = my fiancé
a woman = a man
a young lady = a young gentleman
a girl from next door = a boy from next door
a widow = a widower
a bride = a groom
a businesswoman = a businessman
a chairwoman = a chairman
a policewoman = a policeman
a saleswoman = a salesman
a waitress = a waiter
an actress = an actor
a stewardess = a steward
a hostess = a host
the landlady = the landlord
a seamstress = a tailor
a nun = a monk
a female engineer = a male engineer
a queen of her trade = a king of his trade
a tomboy = a sissy
she = he
her = his
her = him
herself = himself
hers = his
""",
    "de": """
meine Mutter = mein Vater
meine Schwester = mein Bruder
meine Tochter = mein Sohn
meine Tante = mein Onkel
meine Oma = mein Opa
meine Ehefrau = mein Ehemann
meine Freundin = mein Freund
meine Schwiegermutter = mein Schwiegervater
meine Patin = mein Pate
meine Verlobte = mein Verlobter
eine Frau = ein Mann
eine junge Dame = ein junger Herr
ein Mädchen von nebenan = ein Junge von nebenan
eine Witwe = ein Witwer
eine Lehrerin = ein Lehrer
eine Ärztin = ein Arzt
eine Ingenieurin = ein Ingenieur
eine Kollegin = ein Kollege
eine Chefin = ein Chef
eine Mentorin = ein Mentor
eine Verkäuferin = ein Verkäufer
eine Bäckerin = ein Bäcker
eine Kellnerin = ein Kellner
eine Schauspielerin = ein Schauspieler
eine Krankenschwester = ein Krankenpfleger
eine Nachbarin = ein Nachbar
eine Vermieterin = ein Vermieter
eine Unternehmerin = ein Unternehmer
eine Informatikerin = ein Informatiker
eine Hausfrau = ein Hausmann
""",
    "es": """
mi madre = mi padre
mi hermana = mi hermano
mi hija = mi hijo
mi tía = mi tío
mi abuela = mi abuelo
mi esposa = mi esposo
mi novia = mi novio
mi suegra = mi suegro
mi madrina = mi padrino
mi nuera = mi yerno
una mujer = un hombre
una señora mayor = un señor mayor
una chica del barrio = un chico del barrio
una viuda = un viudo
una profesora = un profesor
una doctora = un doctor
una ingeniera = un ingeniero
una compañera = un compañero
una jefa = un jefe
una mentora = un mentor
una vendedora = un vendedor
una panadera = un panadero
una camarera = un camarero
una actriz = un actor
una enfermera = un enfermero
una vecina = un vecino
una empresaria = un empresario
una amiga = un amigo
ella = él
""",
}
LANGUAGES = tuple(_PAIRS)
"""Languages with words, by primary subtag."""
_CARRIED = {
    "en": "I learned this from {x}.",
    "de": "Das weiß ich durch {x}.",
    "es": "Eso lo aprendí gracias a {x}.",
}
_ITSELF = {
    "en": {"woman": "I am {name}, a mother of two.", "man": "I am {name}, a father of two."},
    "de": {"woman": "Ich bin {name}, Mutter von zwei Kindern.", "man": "Ich bin {name}, Vater von zwei Kindern."},
    "es": {"woman": "Soy {name}, madre de dos criaturas.", "man": "Soy {name}, padre de dos criaturas."},
}
_ANOTHER = {
    "en": {
        "woman": "{name} told me about this; she is my aunt.", "man": "{name} told me about this; he is my uncle.",
    },
    "de": {
        "woman": "{name} hat mir davon erzählt, sie ist meine Tante.",
        "man": "{name} hat mir davon erzählt, er ist mein Onkel.",
    },
    "es": {"woman": "{name} me habló de esto; ella es mi tía.", "man": "{name} me habló de esto; él es mi tío."},
}  # fmt: skip
_PADDING = {
    "en": ("Thank you for reading this.", "Please write to me any time.", "I am glad to be here."),
    "de": ("Danke fürs Lesen.", "Schreibt mir gern jederzeit.", "Ich freue mich, dabei zu sein."),
    "es": ("Gracias por leer esto.", "Se me puede escribir cuando sea.", "Me alegra participar."),
}


@dataclass(frozen=True)
class Cell:
    """One crossing of what is flipped: the gender that words say, and where the name is common."""

    gender: str
    origin: str

    def name(self, number: int) -> str:
        """First name of this cell; the same number stands for one person in all cells."""
        names = _NAMES[self.origin, self.gender]
        return names[number % len(names)]


CELLS = tuple(Cell(gender, origin) for gender in GENDERS for origin in ORIGINS)


def phrases(language: str) -> list[tuple[str, str]]:
    """Return noun phrases of a language, each for a woman and for a man; single pronouns are not among them."""
    return [pair for pair in _pairs(language) if " " in pair[0]]


def carried(language: str, phrase: str) -> str:
    """Return a sentence that speaks of somebody by a gendered phrase."""
    return _CARRIED[language].format(x=phrase)


def names_itself(language: str, cell: Cell, number: int) -> str:
    """Return a sentence in which somebody names themselves."""
    return _ITSELF[language][cell.gender].format(name=cell.name(number))


def named_by_another(language: str, cell: Cell, number: int) -> str:
    """Return a sentence that names somebody else, of whom no contact sheet knows."""
    return _ANOTHER[language][cell.gender].format(name=cell.name(number))


def padding(language: str) -> str:
    """Return sentences that say nothing."""
    return " ".join(_PADDING[language])


def swapped(text: str, language: str) -> str:
    """Return the text with every gendered word or phrase of the lists as its counterpart; itself where none is in it.

    Whole words alone count, a capital stays a capital.
    """
    if language not in _PAIRS:
        return text
    pattern, table = _swaps(language)

    def other(found: re.Match[str]) -> str:
        said = table[found[0].casefold()]
        return said[:1].upper() + said[1:] if found[0][:1].isupper() else said

    return pattern.sub(other, text)


@cache
def _pairs(language: str) -> tuple[tuple[str, str], ...]:
    lines = [line.split(" = ") for line in _PAIRS[language].strip().splitlines()]
    return tuple((left, right) for left, right in lines)


@cache
def _swaps(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Words of a language in one pattern, phrases with and without what stands before the noun."""
    table: dict[str, str] = {}
    for one, other in _pairs(language):
        both = [(one, other)]
        words = one.split(), other.split()
        if len(words[0]) == len(words[1]) == 2:
            both.append((words[0][1], words[1][1]))
        for left, right in both:
            table.setdefault(left.casefold(), right)
            table.setdefault(right.casefold(), left)
    table = {left: right for left, right in table.items() if left != right.casefold()}
    listed = "|".join(re.escape(word) for word in sorted(table, key=lambda word: (-len(word), word)))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE), table
