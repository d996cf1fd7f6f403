"""All people and groups of the programme, read from the text modules."""

from __future__ import annotations

from harbour_bridge import (
    texts_dual,
    texts_groups_bristol,
    texts_groups_world,
    texts_mentees_arts,
    texts_mentees_health,
    texts_mentees_public,
    texts_mentees_tech,
    texts_mentees_trades,
    texts_mentors_arts,
    texts_mentors_health,
    texts_mentors_public,
    texts_mentors_tech,
    texts_mentors_trades,
)
from harbour_bridge.persona import (
    GroupText,
    Persona,
    dual_persona,
    group_text,
    mentee_persona,
    mentor_persona,
    parse_blocks,
)

_MENTORS = (
    texts_mentors_tech.MENTORS,
    texts_mentors_health.MENTORS,
    texts_mentors_trades.MENTORS,
    texts_mentors_public.MENTORS,
    texts_mentors_arts.MENTORS,
    texts_dual.MENTORS,
)
_MENTEES = (
    texts_mentees_health.MENTEES,
    texts_mentees_tech.MENTEES,
    texts_mentees_trades.MENTEES,
    texts_mentees_public.MENTEES,
    texts_mentees_arts.MENTEES,
    texts_dual.MENTEES,
)


def load_people() -> list[Persona]:
    """Return everybody, mentors first, each person once."""
    people = {p.key: p for source in _MENTORS for p in map(mentor_persona, parse_blocks(source))}
    for source in _MENTEES:
        for block in parse_blocks(source):
            if block.head[0].startswith("="):
                people[block.key] = dual_persona(people[block.key], block)
            else:
                people[block.key] = mentee_persona(block)
    return list(people.values())


def load_groups() -> list[GroupText]:
    """Return all groups in the order of the text modules."""
    sources = (texts_groups_bristol.GROUPS, texts_groups_world.GROUPS)
    return [group_text(block) for source in sources for block in parse_blocks(source)]
