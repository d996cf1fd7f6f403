"""Words people write in cells: one way to compare them, and closed lists of what they mean.

Comparison is always of whole, normalised texts, never of parts: `AI` does not match `retail`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["BLANKS", "CLEAR_NO", "CLEAR_YES", "NOTHING", "SYNONYMS", "is_no", "is_yes", "normalise"]

_NOT_A_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str:
    """Return the text in NFKC, case folded, with each run of punctuation and space as one space.

    A text without letters or digits (`?`, `✓`) is only trimmed, so that it stays itself.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if not folded.isascii():  # vowel signs and other marks belong to their word
        folded = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
        return " ".join(folded.split()) or text.strip()
    return _NOT_A_WORD.sub(" ", folded).strip() or text.strip()


def _set(lines: str) -> frozenset[str]:
    return frozenset(normalise(word) for line in lines.strip().splitlines() for word in line.split("|"))


BLANKS = _set("""
    - | -- | \u2013 | \u2014 | n/a | nan | null | prefer not to say | prefer not to answer | rather not say
    keine Angabe | prefiero no decirlo | prefiero no contestar | je préfère ne pas répondre | prefiro não dizer
""")
"""Answers that mean no answer."""
NOTHING = _set("""
    none | no | nothing | nil | na | not applicable | keine | nichts | ninguno | ninguna | nada | aucun | aucune
    rien | nenhum
""")
"""Answers that mean an empty list where free text was asked for."""
CLEAR_YES = _set("""
    yes | y | true | 1 | x | ✓ | ✔ | ☑ | ✅ | checked | ticked | agree | i agree | agreed | i consent
    consent given | yes, i agree | yes, i consent | ja | oui | sí | si | sim | так | evet | نعم | 是 | はい
    tak | da | да
""")
CLEAR_NO = _set("""
    no | n | false | 0 | unchecked | i do not agree | i don't agree | disagree | ☐ | ✗ | ✘ | nein | non | não | nao
    ні | hayır | hayir | لا | 否 | いいえ | nie | нет
""")


def is_yes(value: object) -> bool:
    """Return whether a cell is a clear yes."""
    return value is True or value == 1 or (isinstance(value, str) and normalise(value) in CLEAR_YES)


def is_no(value: object) -> bool:
    """Return whether a cell is a clear no."""
    return value is False or value == 0 or (isinstance(value, str) and normalise(value) in CLEAR_NO)


def _table(lines: str) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in lines.strip().splitlines():
        meaning, _, words = line.partition(":")
        for word in words.split("|"):
            table[normalise(word)] = tuple(meaning.split())
    return table


SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    "roles": _table(
        """
        mentor: mentors | mentorin | mentora | mentore | ментор | наставник | 导师 | مرشد | as a mentor
        mentee: mentees | mentorado | mentorada | mentoré | mentorée | менті | 学员 | learner | as a mentee
        mentor mentee: both | both mentor and mentee | mentor and mentee | mentee and mentor | mentor mentee
        mentee mentor: beide | ambos | les deux
        protege: protégé | protégée
        buddy: buddies
        peer: peer mentor | peers
        volunteer: volunteers
        """
    ),
    "modes": _table(
        """
        in_person: in person | face to face | f2f | on site | onsite | en persona | en personne
        in_person : persönlich | presencial
        video: virtual | online | remote | remotely | video call | zoom | teams | videollamada | visio
        phone: telephone | phone call | by phone | telefon | teléfono
        chat: text | messaging | messenger
        async: e-mail | email | asynchronous
        in_person video: both | either | hybrid | no preference | in person or virtual | in person and virtual
        """
    ),
    "skill_level": _table(
        """
        none: 0 | no experience | not at all
        beginner: 1 | novice | basic | basics | foundation | a little
        working: 2 | intermediate | competent | good
        advanced: 3 | proficient | very good | strong
        expert: 4 | specialist
        """
    ),
    "language_level": _table(
        """
        native: native speaker | mother tongue | first language | bilingual | muttersprache
        native : lengua materna | langue maternelle
        C2: proficient | near native | mastery
        C1: fluent | advanced | fließend | fluido | courant | business fluent | professional
        B2: upper intermediate | independent | good
        B1: intermediate | conversational
        A2: basic | elementary | grundkenntnisse | básico
        A1: beginner | a little
        """
    ),
    "career_stage": _table(
        """
        student: students | in education | undergraduate | postgraduate student
        entry: entry level | graduate | trainee | apprentice
        early: early career | junior
        mid: mid career | mid level | middle
        senior: senior level | late career
        executive: senior lead executive | executive level | c level | director level
        retired: retiree
        """
    ),
    "sponsoring": _table(
        """
        none: no | not now
        introductions: introduce | i can introduce people | introductions only
        active: yes | actively | i speak for people | advocate
        """
    ),
    "project_phase": _table(
        """
        open: planned | looking for people | forming
        running: active | under way | in progress | started
        closed: finished | done | ended
        """
    ),
    "organisation_kind": _table(
        """
        ally: allied organisation | allied | partner
        ngo: charity | association | non profit | nonprofit | verein | asociación | association loi 1901
        municipality: town hall | city | council | gemeinde | stadt | ayuntamiento | mairie
        library: public library | bibliothek | biblioteca | bibliothèque
        club: sports club
        service: public service | advice centre | agency
        union: trade union | gewerkschaft | sindicato | syndicat
        company: business | firm | employer
        """
    ),
    "barrier_strength": _table(
        "some: a little | mild | low\nstrong: high | a lot\nblocking: very strong | cannot take part"
    ),
    "wish_strength": _table(
        "nice: nice to have\nimportant: important to me\nvery_important: very important | essential"
    ),
    "cadence": _table(
        """
        weekly: once a week | every week
        biweekly: every two weeks | every 2 weeks | fortnightly | every other week
        monthly: once a month | every month
        """
    ),
    "support_mode": _table(
        "one_to_one: one on one | 1 1 | individual | one to one\nself_paced: self paced | on my own"
    ),
    "cost": _table("free: none | no cost | 0\nlow: small\nmedium: moderate"),
    "relationship_status": _table(
        "proposed: draft\nactive: current | ongoing\ncompleted: finished | done\nended: stopped | broken off"
    ),
    "relationship_kind": _table(
        """
        mentoring: mentorship | mentor
        membership: group
        must_not: must not | must not meet | never
        line_management: line manager | reports to
        """
    ),
}
"""For each closed vocabulary, further whole answers and the word or words each one stands for."""
