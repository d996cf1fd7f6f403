"""How gatherings welcome newcomers, for their organisers (domain.md S5-22)."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.i18n import _
from matchengine.journey.prescriptions import refuse_without_supports
from matchengine.records import Event, Group, Organisation, Project, Resource
from matchengine.records.welcome import WELCOMING_PRACTICES, WELCOMING_WORDS, Welcome, WelcomingPractice
from matchengine.scene import Scene

__all__ = ["welcome_of", "welcomes"]


def welcomes(scene: Scene, candidate_id: str | None = None) -> list[Welcome]:
    """Return the welcome of each gathering that can be suggested, by id, or of one of them.

    Raises
    ------
    DataError
        Where the kind suggests people or resources.
    UnknownIdError
        Where nobody knows the gathering.
    """
    refuse_without_supports(scene)
    if candidate_id is not None:
        scene.candidate_row(candidate_id)
    cards = scene.pool.cards[scene.kind.sides.candidates]
    ids: Sequence[str] = sorted(scene.members().candidates) if candidate_id is None else (candidate_id,)
    found = [cards[external] for external in ids]
    return [welcome_of(card) for card in found if not isinstance(card, Resource | Organisation)]


def welcome_of(record: Group | Event | Project) -> Welcome:
    """Hold the checklist and the fields of a gathering against the list of welcoming practices.

    A checklist that is there says everything it has to say: what it leaves out is absent. An empty one is unknown.
    """
    listed, other = _listed(record.welcome)
    known: dict[str, bool | None] = {key: (key in listed) if record.welcome else None for key in WELCOMING_WORDS}
    contacts = [contact.consented for contact in record.contacts]
    known |= {
        "newcomers_welcome": record.beginner_friendly,
        "named_contact": any(contacts) if contacts else None,
        "what_to_expect": True if record.how_it_works else None,
        "come_along": record.accompanied,
        "try_once": record.try_once,
    }
    known |= dict.fromkeys(listed, True)
    told = [there for there in known.values() if there is not None]
    practices = {
        key: WelcomingPractice(key=key, text=_(text), absent=known[key] is False)
        for key, text in WELCOMING_PRACTICES.items()
    }
    return Welcome(
        candidate_id=record.id,
        title=record.title,
        score=sum(told) / len(told) if told else None,
        known=len(told),
        present=tuple(practice for key, practice in practices.items() if known[key]),
        missing=tuple(practice for key, practice in practices.items() if not known[key]),
        other=other,
    )


def _listed(checklist: Sequence[str]) -> tuple[set[str], tuple[str, ...]]:
    """Practices that a checklist names, and its other entries."""
    keys = {key.replace("_", " "): key for key in WELCOMING_PRACTICES}
    keys |= {_plain(text): key for key, text in WELCOMING_PRACTICES.items()}
    keys |= {word: key for key, words in WELCOMING_WORDS.items() for word in words}
    found = [(entry, keys.get(_plain(entry))) for entry in checklist]
    return {key for _entry, key in found if key is not None}, tuple(entry for entry, key in found if key is None)


def _plain(entry: str) -> str:
    return " ".join(entry.casefold().replace("_", " ").replace("-", " ").rstrip(".").split())
