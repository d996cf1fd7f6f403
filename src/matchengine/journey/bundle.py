"""The bundle of one person (domain.md S2-01): mentor, circle, community group and resource in one call.

People come first, then gatherings, then resources. Who prefers one to one sees groups last (S4-02), who prefers groups
sees them first, who prefers to go alone sees resources first. Helplines are never part of a bundle: they are shown when
somebody chooses a topic (S3-07).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, get_args

from matchengine.config import BundleConfig
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import N_, _
from matchengine.matching.rank import FEASIBLE
from matchengine.pool.pauses import on_a_break
from matchengine.pool.refusals import no_such_person
from matchengine.records import Group, Resource, Suggestion
from matchengine.records import vocabulary as v
from matchengine.records.bundle import Bundle, BundleItem, MissingItem
from matchengine.records.vocabulary import Viewer
from matchengine.scene import Scene

__all__ = ["Suggest", "make_bundle"]

_PERSON, _CIRCLE, _GROUP, _RESOURCE = "person", "circle", "group", "resource"
_CORE = ("mentor", _CIRCLE, _GROUP, _RESOURCE)
"""Types that every bundle is expected to have (S2-01)."""
_NAMES: Mapping[str, str] = {
    "mentor": N_("A mentor"),
    "mentee": N_("A mentee"),
    "peer": N_("A peer"),
    "sponsor": N_("A sponsor"),
    "buddy": N_("A buddy"),
    "facilitator": N_("A facilitator"),
    "volunteer": N_("A volunteer"),
    _PERSON: N_("Somebody to meet"),
    _CIRCLE: N_("A circle"),
    _GROUP: N_("A community group"),
    "event": N_("An event"),
    "project": N_("A project"),
    _RESOURCE: N_("A resource"),
}
_GATHERINGS = (_CIRCLE, _GROUP, "event", "project")
_SHORT_OF = {
    "one_to_one": ("people", _RESOURCE, "event", "project", _CIRCLE, _GROUP),
    "group": (*_GATHERINGS, "people", _RESOURCE),
    "self_paced": (_RESOURCE, "people", "event", "project", _CIRCLE, _GROUP),
}
_ORDER = ("people", *_GATHERINGS, _RESOURCE)
"""Order of the types where the person prefers nothing, or both."""
_SUPPORT: tuple[str, ...] = get_args(v.SupportMode)
_AT_FIRST = 8
"""Suggestions asked for at first; more are only where a type is still missing."""
_NO_THERAPY = frozenset({"support", "self_help"})


class Suggest(Protocol):
    """How an engine suggests: at most k candidates of one kind for one person, best first."""

    def __call__(self, requester_id: str, kind: str, k: int, viewer: Viewer) -> Sequence[Suggestion]:
        """Return them."""


@dataclass
class _Search:
    """What was found so far: suggestions by type, why a type is missing, and who is in the bundle already."""

    each: int
    items: dict[str, list[BundleItem]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def wants(self, kind: str) -> bool:
        return len(self.items.get(kind, ())) < self.each

    def add(self, kind: str, item: BundleItem) -> None:
        self.items.setdefault(kind, []).append(item)
        self.taken.add(item.suggestion.candidate_id)


def make_bundle(
    scenes: Mapping[str, Scene],
    person_id: str,
    suggest: Suggest,
    *,
    config: BundleConfig | None = None,
    each: int = 1,
    viewer: Viewer = "requester",
) -> Bundle:
    """Put together what an engine suggests to one person: one of each type, with its own reason.

    Parameters
    ----------
    scenes : mapping of str to Scene
        The kinds of match that the configuration offers.
    suggest : callable
        `Engine.suggest`.
    config : BundleConfig, optional
        Which kinds take part, in this order of precedence; all of them where it names none.
    each : int
        Most items of one type, from 1.
    viewer : str
        Who reads the reasons.

    Raises
    ------
    UnknownIdError, DataError
        When nobody has this id, or `each` is below 1.
    """
    if each < 1:
        raise DataError(_("each is {each}, expected at least 1", each=each))
    config = config or BundleConfig()
    chosen = {name: scenes[name] for name in config.kinds or scenes}
    search = _Search(each)
    mode = _support_mode(next(iter(scenes.values())), person_id)
    for scene in chosen.values():
        _look(scene, person_id, suggest, (search, config, viewer))
    if not config.kinds:
        for kind in _CORE:
            search.missing.setdefault(kind, _("This configuration offers no kind of match that suggests one."))
    items = tuple(item for kind in _ordered(search.items, mode) for item in search.items[kind])
    lacking = {kind: why for kind, why in search.missing.items() if kind not in search.items}
    missing = tuple(MissingItem(type=kind, why=lacking[kind]) for kind in _ordered(lacking, mode))
    return Bundle(person_id=person_id, items=items, missing=missing, plain_text=_plain_text(items, missing))


def _support_mode(scene: Scene, person_id: str) -> str | None:
    """How a person prefers to be supported; None where they have not said."""
    people = scene.pool.tables["people"]
    row = people.row_of.get(person_id)
    if row is None:
        raise no_such_person(person_id)
    mask = int(people.column("support_mode")[row])
    return _SUPPORT[mask.bit_length() - 1] if mask else None


def _ordered(types: Mapping[str, object], mode: str | None) -> list[str]:
    """Types in the order in which a person with this preference looks at them; people as the configuration has them."""
    order = _SHORT_OF.get(mode or "", _ORDER)
    return sorted(types, key=lambda kind: order.index(kind if kind in order else "people"))


def _look(scene: Scene, person_id: str, suggest: Suggest, about: tuple[_Search, BundleConfig, Viewer]) -> None:
    """Take what one kind of match can give."""
    search, config, viewer = about
    types = _types(scene, config)
    if scene.pool.pauses.rests(person_id):
        raise on_a_break(person_id)
    try:
        scene.pool.requester_row(person_id, scene.kind)
    except UnknownIdError:
        raise
    except DataError:
        why = _("This is suggested only to people who take part as {role}.", role=scene.kind.config.requester)
        for kind in types:
            search.missing.setdefault(kind, why)
        return
    k, seen = _AT_FIRST * search.each, 0
    while any(search.wants(kind) for kind in types):
        found = suggest(person_id, scene.kind.name, k, viewer)
        for suggestion in found[seen:]:
            of = _type_of(scene, suggestion.candidate_id, config)
            if of is not None and of in types and search.wants(of) and suggestion.candidate_id not in search.taken:
                search.add(of, _item(scene, of, suggestion))
        if len(found) < k:
            break
        seen, k = k, 4 * k
    for kind in types:
        search.missing.setdefault(kind, _("Nothing of this type is within reach at present."))


def _types(scene: Scene, config: BundleConfig) -> tuple[str, ...]:
    """Types that one kind of match can give."""
    candidate, only = scene.kind.config.candidate, set(scene.kind.config.only)
    if candidate == "anyone":
        return (_PERSON,)
    if candidate != "group":
        return (candidate,)
    circles = set[str](config.circles)
    gives = {_CIRCLE: not only or bool(only & circles), _GROUP: not only or bool(only - circles)}
    return tuple(kind for kind, given in gives.items() if given)


def _type_of(scene: Scene, candidate_id: str, config: BundleConfig) -> str | None:
    """Type of a candidate; None for a helpline."""
    card = scene.pool.cards.get(scene.kind.sides.candidates, {}).get(candidate_id)
    if isinstance(card, Group):
        return _CIRCLE if card.kind in config.circles else _GROUP
    if isinstance(card, Resource) and card.type == "helpline":
        return None
    return _types(scene, config)[0]


def _item(scene: Scene, kind: str, suggestion: Suggestion) -> BundleItem:
    card = scene.pool.cards.get(scene.kind.sides.candidates, {}).get(suggestion.candidate_id)
    therapy = isinstance(card, Group) and card.kind in _NO_THERAPY
    note = _("A group goes beside therapy or professional advice and does not replace it.") if therapy else ""
    return BundleItem(
        type=kind, title=card.title if card else "", suggestion=suggestion, reason=_reason(scene, suggestion), note=note
    )


def _reason(scene: Scene, suggestion: Suggestion) -> str:
    """The strongest reason for a suggestion that can be said to the viewer; that both have time comes last."""
    practical = {scorer.name for scorer in scene.kind.scorers if scorer.block == FEASIBLE}
    reasons = sorted(suggestion.reasons, key=lambda reason: reason.scorer in practical)
    spoken = [reason for reason in reasons if reason.text]
    best = next((reason for reason in spoken if reason.direction == "for"), None)
    if best is not None:
        return best.text
    titles = [reason.title for reason in reasons if reason.direction == "for"]
    if titles:
        return _("What suits most: {title}.", title=titles[0])
    return spoken[0].text if spoken else _("Little is known so far; it is the nearest there is.")


def _plain_text(items: Sequence[BundleItem], missing: Sequence[MissingItem]) -> str:
    lines = []
    for item in items:
        who = item.suggestion.candidate_id
        told = {"type": _(_NAMES[item.type]), "id": who, "title": item.title}
        head = _("{type}: {title} ({id}).", **told) if item.title else _("{type}: {id}.", **told)
        lines.append(" ".join(part for part in (head, item.reason, item.note) if part))
    for lack in missing:
        lines.append(_("{type}: nothing yet. {why}", type=_(_NAMES[lack.type]), why=lack.why))
    return "\n".join(lines)
