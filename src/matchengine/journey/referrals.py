"""Referring somebody who agreed to an organisation, and bridges to organisations that work together (domain.md S3-06).

An organisation is told that somebody would like to hear from it, and nothing about who: a referral is made of the
organisation's own public record, so it is the same for everybody who is referred to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from matchengine.batch import PairBatch
from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import N_, _, language, listing
from matchengine.matching.rank import feasible
from matchengine.planning.bridges import BRIDGES_A_MONTH
from matchengine.records import Explanation
from matchengine.records.organisation import Organisation, OrganisationBridge, Referral
from matchengine.records.vocabulary import Viewer
from matchengine.scene import Scene

__all__ = ["bridges", "reads_nothing", "referral", "refuse_reader", "untold"]

_TABLE = "organisations"


def reads_nothing(scene: Scene, viewer: Viewer) -> bool:
    """Whether the reader is an organisation: it reads nothing about people but a referral."""
    return viewer == "candidate" and scene.kind.sides.candidates == _TABLE


def refuse_reader(scene: Scene, viewer: Viewer) -> None:
    """Raise DataError where the reader of suggestions is an organisation."""
    if reads_nothing(scene, viewer):
        told = N_("kind {kind!r}: an organisation reads nothing about anybody; hand it a referral instead")
        raise DataError(_(told, kind=scene.kind.name))


def untold(scene: Scene, requester_id: str, organisation_id: str) -> Explanation:
    """Return what an organisation reads about any pair: the same sentence, whoever it is and however they fit."""
    return Explanation(
        requester_id=requester_id,
        candidate_id=organisation_id,
        kind=scene.kind.name,
        viewer="candidate",
        language=language(),
        standing="not_available",
        plain_text=_("An organisation reads nothing about people; who agrees is referred to it."),
    )


def referral(scene: Scene, person_id: str, organisation_id: str, agreed: bool, *, topic: str | None = None) -> Referral:
    """Return what a coordinator may hand to an organisation about a person who agreed to be referred.

    Parameters
    ----------
    scene : Scene
        A kind of match that suggests organisations.
    person_id, organisation_id : str
        Whom it is about, read only to check that no rule of theirs stands against it, and whom it is for.
    agreed : bool
        Whether the person agreed to this referral.
    topic : str, optional
        The one of the organisation's own topics that the person agreed to have named. None names all of them, so that
        not even the choice of a topic says anything about the person.

    Returns
    -------
    Referral
        The same for everybody with the same topic.

    Raises
    ------
    UnknownIdError
        Where the person or the organisation is not known.
    DataError
        Where the person did not agree, a rule stands against the pair, the topic is none of the organisation's, or the
        kind suggests something else.
    """
    row = _asking(scene, person_id)
    candidate = scene.candidate_row(organisation_id)
    if not agreed:
        raise DataError(_("nobody is referred who did not agree; ask the person first and give agreed=True"))
    if candidate not in scene.eligible(row):
        raise DataError(_("this referral is not possible; suggest another organisation"))
    card = cast(Organisation, scene.pool.cards[_TABLE][organisation_id])
    if topic is not None and topic not in card.topics:
        hint = did_you_mean(topic, card.topics)
        raise DataError(_("topic: expected one of the organisation's own topics; {hint}", hint=hint))
    topics = card.topics if topic is None else (topic,)
    return Referral(
        organisation_id=card.id,
        title=card.title,
        topics=topics,
        reached_by=card.reached_by,
        message=_message(card, topics),
    )


def _message(card: Organisation, topics: tuple[str, ...]) -> str:
    told = [_("Somebody in our programme would like to hear from {title}.", title=card.title)]
    if topics:
        quoted = listing([_("“{topic}”", topic=topic) for topic in topics])
        told.append(_("They agreed that we ask you about what you offer: {topics}.", topics=quoted))
    told.append(_("Please answer to the programme; we pass on what you write, and they get in touch if they wish."))
    return " ".join(told)


def bridges(scene: Scene, person_id: str, most: int = BRIDGES_A_MONTH) -> tuple[OrganisationBridge, ...]:
    """Return organisations that work with one that fits a person and are no close fit themselves, the best first.

    Parameters
    ----------
    scene : Scene
        A kind of match that suggests organisations.
    person_id : str
    most : int
        At most so many.

    Returns
    -------
    tuple of OrganisationBridge
        For the person and the coordinator, never for an organisation: what it goes through tells what fits the person.
        In the order of the best organisation they work with; then by id. None that a rule of the person stands against.

    Raises
    ------
    UnknownIdError, DataError
        Where nobody has this id, or the kind suggests something else.
    """
    row = _asking(scene, person_id)
    fitting = _fitting(scene, row)
    ids = scene.pool.tables[_TABLE].ids
    eligible = {ids[candidate] for candidate in scene.eligible(row).tolist()}
    cards = cast("Mapping[str, Organisation]", scene.pool.cards[_TABLE])
    through: dict[str, list[str]] = {}
    for place in sorted(fitting, key=lambda each: (-fitting[each], each)):
        for partner in sorted(_partners(cards, place)):
            if partner in eligible and partner not in fitting:
                through.setdefault(partner, []).append(place)
    first = sorted(through, key=lambda each: (-fitting[through[each][0]], each))[: max(most, 0)]
    return tuple(
        OrganisationBridge(
            organisation_id=each,
            title=cards[each].title,
            through=tuple(through[each]),
            text=_(
                "{title} works with {others}, which could suit; they may know somebody there.",
                title=cards[each].title,
                others=listing([cards[other].title for other in through[each]]),
            ),
        )
        for each in first
    )


def _partners(cards: Mapping[str, Organisation], organisation_id: str) -> set[str]:
    """Organisations that an organisation works with, whichever of the two said so."""
    named = set(cards[organisation_id].partners) & cards.keys()
    return named | {other for other, card in cards.items() if organisation_id in card.partners}


def _asking(scene: Scene, person_id: str) -> int:
    """Row of a person who may ask for organisations."""
    if scene.kind.sides.candidates != _TABLE:
        raise DataError(_("kind {kind!r} suggests no organisations; a referral leads to one", kind=scene.kind.name))
    return scene.pool.requester_row(person_id, scene.kind)


def _fitting(scene: Scene, row: int) -> dict[str, float]:
    """Organisations that suit a person at least fairly, with enough known, and their scores without lifts."""
    rows = scene.eligible(row)
    if not len(rows):
        return {}
    _raw, table = scene.table(PairBatch.one_to_many(row, rows))
    stands = np.zeros(len(rows), np.bool_)
    stands[feasible(table.blocks)] = True
    points = np.round(100 * (table.total - table.lift), 2)
    suits = stands & table.informed & (points >= scene.kind.config.fair_from)
    ids = scene.pool.tables[_TABLE].ids
    return {ids[int(rows[n])]: float(points[n]) for n in np.flatnonzero(suits).tolist()}
