"""Questions that the two forms added in their second year: networks, places to feel at home, sponsors, buddies.

What a person knows and where they feel at home is written by hand, by the key of the person; who is not named here left
the questions blank. Only consents are drawn, from a stream of their own, so that all older answers stay as they were.
"""

from __future__ import annotations

import random

from harbour_bridge.answers import Answer

Cells = tuple[str, ...]
CIRCLES: tuple[str, ...] = ("family", "friends", "neighbours", "groups", "offices and helpers", "clubs")
"""Parts of a network, in the order of the columns."""
_MATTERS = {"a": "a lot", "s": "some", "l": "a little", "-": ""}

NETWORKS: dict[str, str] = {
    "sparky-newcomer": "1 0 2 0 3 0 laasll",
    "welder-papers": "2 1 0 0 1 1 sasa-l",
    "apprentice-only": "5 4 2 0 0 1 llsa-s",
    "crane-dream": "7 6 3 1 1 2 lllsss",
    "lorry-licence": "3 2 4 2 2 0 lsllas",
    "plumber-helper": "1 2 1 1 0 1 lassss",
    "solar-aprendiz": "9 5 6 2 0 1 ll-ass",
    "marine-cadet": "6 8 3 1 0 2 lllsaa",
    "ship-to-shore": "4 1 1 0 1 0 sasass",
    "cnc-genc": "5 3 2 0 0 1 llsass",
    "ing-kyiv-hh": "2 1 1 1 4 0 laaass",
    "glazier-quiet": "1 0 1 0 0 0 ssl-s-",
    "boat-apprentice": "4 3 1 1 0 3 lssa-l",
    "elevator-tigrinya": "0 1 1 1 2 0 -aasss",
    "nurse-data": "4 5 2 1 1 0 ll-s-s",
    "doctor-aleppo": "3 2 1 1 3 0 laaass",
    "carer-nursing": "6 2 5 0 2 0 lslass",
    "pharmacist-cairo": "1 1 0 0 2 0 saaass",
    "midwife-back": "5 6 4 2 1 2 llllll",
    "porter-admin": "2 1 1 0 1 0 lasas-",
    "paramedic-out": "3 4 1 0 0 1 lls-ss",
    "health-volunteer": "8 6 7 3 1 1 lllls-",
    "psychologist-recife": "1 2 0 1 1 0 laasss",
    "teaching-assistant": "4 2 6 3 2 0 lalls-",
    "deaf-analyst": "3 5 0 2 1 1 l-assa",
    "clerk-balt": "6 3 5 2 0 0 llls--",
    "tenant-org": "3 2 9 4 2 0 l-lll-",
    "tender-first": "7 4 3 1 1 1 lsssss",
    "domestic-rights": "2 3 1 2 2 0 sslls-",
    "titulo-trabajo": "2 1 1 0 3 0 lasass",
    "speak-up-lgbt": "1 5 0 1 0 0 slsass",
    "trans-warehouse": "0 3 0 1 1 0 -aa-s-",
    "phone-freeze": "4 1 1 0 0 0 sasss-",
    "syrian-baker": "5 2 3 1 2 0 lsssl-",
    "dari-mother": "4 0 1 0 2 0 laalss",
    "quiet-widow": "2 1 2 0 1 0 saasss",
    "newdad-time": "4 3 1 0 0 1 lsa--s",
    "uk-newcomer-qa": "2 1 1 1 2 0 laasss",
    "freelance-design": "1 6 1 1 0 1 l-s-ss",
    "seventeen": "4 2 1 0 2 1 lss--a",
    "archive-aunt": "6 4 7 3 1 2 llllll",
    "second-language-poet": "1 2 1 1 0 0 laa-ss",
    "brot-gruenden": "4 3 2 1 1 0 lssss-",
    "bootcamp-80": "5 4 1 0 1 1 llsass",
}
"""People known in each part of the network, then how much more of them would matter: a lot, some, a little, blank."""
VISITS: dict[str, str] = {
    "sparky-newcomer": "0",
    "lorry-licence": "2",
    "doctor-aleppo": "3",
    "teaching-assistant": "5",
    "tenant-org": "9",
    "archive-aunt": "7",
    "deaf-analyst": "4",
    "quiet-widow": "1",
    "dari-mother": "1",
    "titulo-trabajo": "0",
    "phone-freeze": "once",
    "carer-nursing": "2",
    "uk-newcomer-qa": "1",
    "syrian-baker": "3",
    "trans-warehouse": "2",
}
"""Visits to groups that felt all right; one answer is a word."""
AT_HOME: dict[str, str] = {
    "sparky-newcomer": "Ukrainian families",
    "lorry-licence": "Somali community; mosque",
    "doctor-aleppo": "Syrian families",
    "elevator-tigrinya": "Eritrean church",
    "dari-mother": "Afghan families; mosque",
    "syrian-baker": "Syrian families",
    "pharmacist-cairo": "mosque",
    "archive-aunt": "gospel choir; neighbours",
    "clerk-balt": "gospel choir",
    "deaf-analyst": "Deaf community",
    "uk-newcomer-qa": "Ukrainian families",
    "ing-kyiv-hh": "Ukrainian families",
    "speak-up-lgbt": "queer community",
    "trans-warehouse": "queer community",
    "second-language-poet": "poets",
    "tenant-org": "neighbours",
    "health-volunteer": "mosque; neighbours",
    "plumber-helper": "Latino community",
    "newdad-time": "neighbours",
    "phd-vision": "Malayali community",
    "returner-java": "Malayali community",
    "carer-nursing": "carers",
    "midwife-back": "choir; neighbours",
    "freelance-design": "queer community",
}
"""Communities in which people feel at home: sensitive, so they have a consent column of their own."""
GROUPS_FOR: dict[str, str] = {
    "english-kettle": "Ukrainian families; Somali community",
    "parents-morning": "Somali community; neighbours",
    "bsl-coffee": "Deaf community",
    "naeh-frauen": "Afghan families; Syrian families",
    "mosque-table": "mosque",
    "gospel-photos": "gospel choir; neighbours",
    "oficios-balt": "Latino community",
    "queer-trades": "queer community",
    "trans-dinner": "queer community",
    "anerkennung": "Ukrainian families; Syrian families",
    "damp-action": "neighbours",
    "lgbt-managers": "queer community",
    "port-lecture": "Malayali community",
    "atelier-deux-rives": "Syrian families",
    "carers-circle": "carers",
}
"""Anchors that groups name themselves."""
BOTH_AT_ONCE: frozenset[str] = frozenset(
    {
        "sparky-newcomer",
        "lorry-licence",
        "apprentice-only",
        "doctor-aleppo",
        "pharmacist-cairo",
        "speak-up-lgbt",
        "trans-warehouse",
        "first-manager",
        "carer-nursing",
        "bootcamp-80",
    }
)
"""People for whom sharing either alone is not what matters."""
PRACTISE: dict[str, str] = {
    "nurse-data": "Spanish",
    "doctor-aleppo": "English",
    "carer-nursing": "Polish",
    "porter-admin": "Arabic",
    "brot-gruenden": "Turkish",
    "repair-hh": "Turkish",
    "freelance-design": "English; Portuguese",
    "newdad-time": "Spanish",
    "clerk-balt": "Spanish",
    "domestic-rights": "English",
    "second-language-poet": "Arabic",
    "midwife-back": "Ukrainian",
    "phone-freeze": "English",
    "archive-aunt": "a bit of French",
    "tenant-org": "Bengali",
}
"""Languages to practise with somebody; one answer is no language name."""
ALSO: dict[str, str] = {
    "first-manager": "protégé",
    "embedded-femme": "protégé",
    "teamlead-new": "protégé",
    "fast-stream": "protégé; peer",
    "naval-kochi": "protégé",
    "girl-android": "protégé",
    "midwife-back": "peer; buddy",
    "returner-java": "peer",
    "bootcamp-80": "peer",
    "teaching-assistant": "buddy",
    "tenant-org": "buddy",
    "archive-aunt": "buddy",
    "doctor-aleppo": "peer",
    "pharmacist-cairo": "peer",
    "uk-newcomer-qa": "peer",
    "titulo-trabajo": "peer",
    "brot-gruenden": "peer",
    "silla-propia": "peer",
    "candle-receipts": "peer",
    "speak-up-lgbt": "peer",
}
"""Other ways in which mentees take part."""
AIMS: dict[str, str] = {
    "first-manager": "a seat in the directorate's planning round",
    "embedded-femme": "leading a firmware team; speaking at an engineering conference",
    "teamlead-new": "running a product launch from start to end",
    "naval-kochi": "a non-executive seat on a port board",
    "fast-stream": "a posting abroad",
    "girl-android": "an internship in a product team",
}
"""What protégées and protégés would like to be put forward for."""
DOORS: dict[str, str] = {
    "leader-lgbt": "boards and directorates in the civil service; speaking at leadership events",
    "eng-manager": "firmware and platform teams that hire leads; engineering conferences",
    "security-balt": "internships and first jobs in security and product teams",
    "nurse-manager": "ward leadership posts; the trust's planning round",
}
"""Where sponsors can open doors."""
SPONSORS: dict[str, str] = {
    "leader-lgbt": "speak up for somebody",
    "eng-manager": "speak up for somebody",
    "security-balt": "introduce people",
    "nurse-manager": "not this year",
}
HOURS: dict[str, str] = {
    "language-coach": "3.5",
    "cafe-owner": "-1",
    "boatbuilder": "2",
    "bookkeeper": "0",
    "illustrator": "-2.5",
    "stage-tech": "1",
    "translator": "4",
}
"""Hours given less hours taken in the skill exchange."""
FIRST_VISIT: dict[str, str] = {
    "walk-shift": "yes|yes|the blue bollard by the swing bridge|60%|20%|0.7",
    "english-kettle": "yes|yes|the library door|40%|50%|0.6",
    "women-trades-sat": "yes|yes|the bell marked Unit 4|30%|35%|",
    "sql-clinic": "no|yes||30%||0.5",
    "parents-morning": "yes|yes|the gate with the buggies|50%|30%|0.6",
    "allotment": "yes|yes|the water butt|50%|15%|",
    "bsl-coffee": "yes|yes|the long table|70%|20%|0.8",
    "queer-trades": "yes|no|||15%|0.6",
    "health-data-lunch": "no|yes||20%|40%|0.2",
    "returners": "no|yes||40%|25%|",
    "elbe-gang": "yes|yes|Fischauktionshalle, Haupteingang|60%|30%|0.8",
    "naeh-frauen": "yes|yes|die Treppe|50%|40%|",
    "repair-wilhelmsburg": "yes|yes||20%|25%|0.4",
    "anerkennung": "no|no||30%|50%|0.3",
    "harbor-mamas": "yes|yes||40%|20%|",
    "gospel-photos": "yes|yes|the side door|70%|10%|0.3",
    "oficios-balt": "?|yes||20%|40%|?",
    "coast-coders": "no|yes||30%||",
    "oldtown-verses": "yes|yes|the library steps|20%|30%|0.6",
    "sol-porto": "yes|yes|||30%|",
    "grief-stones": "yes|no|||20%|",
    "dvir-odesa": "yes|yes|the well in the yard|60%|?|",
    "port-lecture": "no|yes||10%|40%|0.7",
}
"""Somebody comes along | come once to try | meeting point | free talk | newcomers | members from elsewhere."""


def network(answer: Answer, circle: int) -> str:
    """Return how many people somebody knows in one part of their network."""
    told = NETWORKS.get(answer.persona.key, "").split()
    return told[circle] if told else ""


def matters(answer: Answer, circle: int) -> str:
    """Return how much more people of one part would matter."""
    told = NETWORKS.get(answer.persona.key, "").split()
    return _MATTERS[told[-1][circle]] if told else ""


def of(table: dict[str, str], answer: Answer) -> str:
    """Return what a table holds for somebody."""
    return table.get(answer.persona.key, "")


def both_at_once(answer: Answer) -> str:
    """Return the tick of those who wish to share both things in one person."""
    return "yes" if answer.persona.key in BOTH_AT_ONCE else ""


def at_home_consent(answer: Answer, seed: int = 7) -> str:
    """Return the consent for what somebody answered about where they feel at home."""
    drawn = random.Random(f"{seed}:at home:{answer.identity.number}").choice(("Yes", "Yes", "Yes", "No"))
    return drawn if answer.persona.key in AT_HOME else ""


def first_visit(key: str, position: int) -> str:
    """Return one of the answers of a group about first visits."""
    return FIRST_VISIT[key].split("|")[position] if key in FIRST_VISIT else ""
