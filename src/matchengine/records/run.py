"""A whole run for a coordinator: what was suggested to everybody, who got nothing, and what a readiness check found."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from matchengine.records.base import Id, Record
from matchengine.records.explanation import Change, Obstacle
from matchengine.records.exposure import ExposureReport
from matchengine.records.result import Fingerprint, Suggestion

__all__ = ["Balance", "Draft", "Readiness", "RuleEffect", "Run", "Stuck", "Thin"]

Count = Annotated[int, Field(ge=0)]


class Balance(Record):
    """Demand against supply of one thing: a need, a field, a language, a slot.

    Attributes
    ----------
    key : str
        Stable name: a goal kind, field code, language tag, or slot such as `tue-evening`.
    label : str
        The same in words.
    demand, supply : int
        People who look and people who give.
    places : int or None
        Free places of those who give; None where nobody stated any.
    """

    key: str
    label: str
    demand: Count
    supply: Count
    places: Count | None = None


class Thin(Record):
    """A person about whom little is known; `missing` names what, in words."""

    person_id: Id
    roles: tuple[str, ...] = ()
    missing: tuple[str, ...]


class RuleEffect(Record):
    """What one rule does to a programme.

    Attributes
    ----------
    rule, reason : str
        Name and sentence; personal rules are counted together as `personal_boundary`.
    pairs, alone : int
        Pairs it forbids, and pairs that it alone forbids.
    starved : int
        People left without any candidate who would have one without this rule.
    changes : tuple of Change
        What would help, with the number of people it frees; none for a personal rule.
    """

    rule: str
    reason: str
    pairs: Count
    alone: Count
    starved: Count
    changes: tuple[Change, ...] = ()


class Stuck(Record):
    """Somebody without any eligible candidate: the rules in the way, and the smallest changes that would help."""

    person_id: Id
    why: tuple[Obstacle, ...]
    changes: tuple[Change, ...] = ()


class Readiness(Record):
    """What will go wrong before matching (`matchengine check`).

    Attributes
    ----------
    kind : str
    requesters, candidates : int
        People or groups on either side.
    places : int or None
        Free places in all; None where nobody stated any.
    servable : int
        Most requesters who can be served at once under all rules and places.
    needs, fields, languages, slots : tuples of Balance
        Largest gap first.
    thin, rules, stuck : tuples
        See the records. `stuck` holds everybody with no eligible candidate.
    texts, unread_texts : int
        Text items of the kind, and those in a language that the embedder does not read.
    summary : tuple of str
        The findings in sentences, the most pressing first; empty where nothing is wrong.
    """

    kind: str
    requesters: Count
    candidates: Count
    places: Count | None = None
    servable: Count
    needs: tuple[Balance, ...] = ()
    fields: tuple[Balance, ...] = ()
    languages: tuple[Balance, ...] = ()
    slots: tuple[Balance, ...] = ()
    thin: tuple[Thin, ...] = ()
    rules: tuple[RuleEffect, ...] = ()
    stuck: tuple[Stuck, ...] = ()
    texts: Count = 0
    unread_texts: Count = 0
    summary: tuple[str, ...] = ()


class Draft(Record):
    """One suggested pair of a run: the suggestion as the coordinator sees it, and the text for either member."""

    suggestion: Suggestion
    to_requester: str = ""
    to_candidate: str = ""


class Run(Record):
    """Suggestions for many people at once.

    Attributes
    ----------
    kind, requester, candidate : str
        Kind of match and the two roles, as the configuration names them.
    requester_ids, candidate_ids : tuples of str
        Everybody who took part on either side, whether or not they got or were suggested.
    places : dict of str to int
        Free places by candidate, where stated.
    drafts : tuple of Draft
        By requester, best first.
    unserved : tuple of Stuck
        Requesters without any suggestion.
    readiness : Readiness or None
    exposure : ExposureReport or None
        How the lists share attention among candidates; None where they were ranked by score alone.
    language : str
        Language of all sentences.
    """

    kind: str
    requester: str
    candidate: str
    requester_ids: tuple[Id, ...]
    candidate_ids: tuple[Id, ...]
    places: dict[str, Count] = Field(default={})
    drafts: tuple[Draft, ...] = ()
    unserved: tuple[Stuck, ...] = ()
    readiness: Readiness | None = None
    exposure: ExposureReport | None = None
    language: str = "en"
    fingerprint: Fingerprint
