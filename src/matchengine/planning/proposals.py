"""Interests and goals found together: either side proposes, the author stays on record, the person decides (S5-04)."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.records import Goal, Interest, Person
from matchengine.records.follow_up import Proposal, ProposalField, SharedItem

__all__ = ["shared_list", "with_accepted"]

_MOST: dict[ProposalField, int] = {"goals": 5, "interests": 8}


def shared_list(person_id: str, proposals: Sequence[Proposal]) -> tuple[SharedItem, ...]:
    """Return what was proposed for one person, each text once with all its authors, in the order of the proposals.

    The last answer to any proposal of a text counts.
    """
    found: dict[tuple[ProposalField, str], SharedItem] = {}
    for proposal in proposals:
        if proposal.person_id != person_id:
            continue
        key = (proposal.field, " ".join(proposal.text.casefold().split()))
        old = found.get(key)
        authors = dict.fromkeys((*(old.authors if old else ()), proposal.author_id))
        answer = proposal.accepted if proposal.accepted is not None else (old.accepted if old else None)
        first = old or proposal
        found[key] = SharedItem(
            field=first.field, text=first.text, language=first.language, authors=tuple(authors), accepted=answer
        )
    return tuple(found.values())


def with_accepted(person: Person, proposals: Sequence[Proposal]) -> Person:
    """Return the record with the goals and interests that the person accepted; what is there already is not repeated.

    Raises
    ------
    DataError
        When that would be more goals or interests than a record holds.
    """
    goals, interests = list(person.goals), list(person.interests)
    have = {("goals", goal.text.casefold()) for goal in goals} | {("interests", i.text.casefold()) for i in interests}
    for item in shared_list(person.id, proposals):
        if not item.accepted or (item.field, item.text.casefold()) in have:
            continue
        if item.field == "goals":
            goals.append(Goal(text=item.text, language=item.language))
        else:
            interests.append(Interest(text=item.text, language=item.language))
    counts: dict[ProposalField, int] = {"goals": len(goals), "interests": len(interests)}
    for field, held in counts.items():
        if held > _MOST[field]:
            told = N_("{field} of person {id!r}: {n} in all, at most {most}; take some out first")
            raise DataError(_(told, field=field, id=person.id, n=held, most=_MOST[field]))
    return person.model_copy(update={"goals": tuple(goals), "interests": tuple(interests)})
