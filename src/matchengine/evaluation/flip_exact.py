"""Changes after which not one score may differ: fields without consent, pronouns, names, ids, withdrawals (H7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np

from matchengine.evaluation.flip_bench import THINGS, About, FlipBench, Shot, Verdict, changes, not_applicable, verdict
from matchengine.evaluation.flip_texts import with_sentence
from matchengine.evaluation.flip_words import CELLS, names_itself
from matchengine.i18n import N_, _, ngettext
from matchengine.io.masking import mask_names
from matchengine.pool.consents import Consents
from matchengine.records import vocabulary as v
from matchengine.records.flips import FlipCheck
from matchengine.records.person import Attribute, BarrierNeed, Person, Preference

__all__ = ["exact_checks", "withdrawal_checks"]

_EXACT = Verdict(0.0, 1.0, 0.0)
_NEVER_STORED = ("name", "first_name", "last_name", "photo", "nationality", "e-mail", "birth_date")
_ABOUT = {
    "attributes": N_("Another attribute of a person who gave no consent to be matched on it"),
    "lived_experience": N_("Other experiences of a person who gave no consent to be matched on them"),
    "age_band": N_("Another age of a person who gave no consent to be matched on it"),
    "barriers": N_("Other barriers of a person who gave no consent to be matched on them"),
    "wishes": N_("Other wishes to share something of a person who gave no consent to be matched on them"),
    "anchors": N_("Other communities of a person who gave no consent to be matched on them"),
    "pronouns": N_("Other pronouns"),
    "country": N_("Another country, where only the coarse position counts"),
}
_WITHDRAWN = {
    "attributes": N_("Withdrawing the consent for attributes, against never having told them"),
    "lived_experience": N_("Withdrawing the consent for experiences, against never having told them"),
    "age_band": N_("Withdrawing the consent for the age, against never having told it"),
    "barriers": N_("Withdrawing the consent for barriers, against never having told them"),
    "wishes": N_("Withdrawing the consent for wishes, against never having told them"),
    "anchors": N_("Withdrawing the consent for communities, against never having told them"),
}
_BLANK: Mapping[str, dict[str, Any]] = {
    "attributes": {"attributes": ()},
    "lived_experience": {"lived_experience": ()},
    "age_band": {"age_band": None},
    "barriers": {"barriers": ()},
    "wishes": {"wishes": (), "joint_wishes": ()},
    "anchors": {"anchors": ()},
}
_MOST = {"attributes": 20, "lived_experience": 10, "wishes": 10, "anchors": 5}


def exact_checks(bench: FlipBench) -> list[FlipCheck]:
    """Change one field of everybody whose consent does not cover it, load anew, and compare every score."""
    before = bench.shot()
    found = []
    for name, change in _changers(bench).items():
        people = [change(person) for person in bench.records.people]
        changed = sum(new != old for new, old in zip(people, bench.records.people, strict=True))
        about = _(_ABOUT[name])
        if not changed:
            found.append(
                not_applicable(About(name, "exact", about, flipped=(name,)), _("nobody to whom it could be done"))
            )
            continue
        bench.load(people=people)
        found.append(_same(name, about, before, bench.shot(), changed))
    found += [_names(bench), _ids(bench, before), _never_stored()]
    bench.load()
    return found


def _same(name: str, about: str, before: Shot, after: Shot, people: int, family: Any = "exact") -> FlipCheck:
    moved = np.stack([changes(before.base, after.base), changes(before.total, after.total)])
    return verdict(About(name, family, about, flipped=(name,)), _EXACT, moved, people)


# ---------------------------------------------------------------------- fields of a person


def _changers(bench: FlipBench) -> dict[str, Callable[[Person], Person]]:
    """Return what changes each field of a person as far as no consent covers it, and nothing else."""
    people, consents = bench.records.people, Consents(bench.records.consents)
    tokens: dict[str, list[str]] = {}
    for person in people:
        for each in person.attributes:
            tokens.setdefault(each.dimension, []).append(each.value)
    themes = sorted({theme for person in people for theme in person.lived_experience}) or ["another experience"]
    anchors = sorted({anchor for person in people for anchor in person.anchors}) or ["another community"]
    held = {dimension: sorted(set(values)) for dimension, values in sorted(tokens.items())}
    held = held or {"another dimension": ["one", "other"]}
    free = _Free(consents)
    return {
        "attributes": lambda p: p.model_copy(update={"attributes": _other_attributes(p, held, consents)}),
        "lived_experience": free("lived_experience", lambda p: tuple(_rest(themes, p.lived_experience))),
        "age_band": free("age_band", lambda p: "65-74" if p.age_band != "65-74" else "18-24"),
        "barriers": free("barriers", _other_barriers),
        "wishes": free("wishes", lambda p: _every_wish(p, held)),
        "anchors": free("anchors", lambda p: tuple(_rest(anchors, p.anchors)[: _MOST["anchors"]])),
        "pronouns": lambda p: p.model_copy(update={"pronouns": "xe/xem" if p.pronouns != "xe/xem" else "ze/zir"}),
        "country": _elsewhere,
    }


class _Free:
    """Makes changes that act only where no consent to be matched on the field is in force."""

    def __init__(self, consents: Consents) -> None:
        self.consents = consents

    def __call__(self, field: str, made: Callable[[Person], Any]) -> Callable[[Person], Person]:
        def change(person: Person) -> Person:
            if self.consents.allows(person.id, field):
                return person
            return person.model_copy(update={field: made(person)})

        return change


def _rest(every: Sequence[str], own: Sequence[str]) -> list[str]:
    """What others say and this person does not, else something new."""
    return [word for word in every if word not in own][: _MOST["lived_experience"]] or ["something else"]


def _other_attributes(person: Person, held: Mapping[str, Sequence[str]], consents: Consents) -> tuple[Attribute, ...]:
    """Keep attributes that a consent covers; change all others, and add those that the person did not tell."""
    own = {each.dimension: each.value for each in person.attributes}
    kept = [each for each in person.attributes if consents.allows_token(person.id, each.dimension)]
    changed = []
    for dimension, values in held.items():
        if not consents.allows_token(person.id, dimension):
            other = [value for value in values if value != own.get(dimension)] or ["another value"]
            number = int.from_bytes(blake2b(f"{person.id} {dimension}".encode(), digest_size=4).digest(), "little")
            changed.append(Attribute(dimension=dimension, value=other[number % len(other)]))
    return (*kept, *changed)[: _MOST["attributes"]]


def _other_barriers(person: Person) -> tuple[BarrierNeed, ...]:
    own = {barrier.kind for barrier in person.barriers}
    return tuple(BarrierNeed(kind=kind, strength="blocking") for kind in v.BARRIER_KINDS if kind not in own)


def _every_wish(person: Person, held: Mapping[str, Sequence[str]]) -> tuple[Preference, ...]:
    """Wish for everything that one has, and for what others have, as strongly as can be."""
    named = dict.fromkeys([*(each.dimension for each in person.attributes), *person.lived_experience, *held])
    wished = tuple(Preference(dimension=name, strength="very_important") for name in named)[: _MOST["wishes"]]
    return wished if wished != person.wishes else wished[:-1]


def _elsewhere(person: Person) -> Person:
    """Move a person to another country where the record holds no named area, which a country makes distinct."""
    if person.place is None or person.place.area is not None:
        return person
    country = "NZ" if person.place.country != "NZ" else "CA"
    return person.model_copy(update={"place": person.place.model_copy(update={"country": country})})


def _never_stored() -> FlipCheck:
    """Names, photos and nationality cannot be read by anything: no record holds them."""
    stored = sorted(set(_NEVER_STORED) & Person.model_fields.keys())
    told = _("Names, photos, nationality: no record of a person has such a field, so that nothing can read them.")
    if stored:
        told = _("A record of a person has fields that nobody may read: {fields}.", fields=", ".join(stored))
    return FlipCheck(name="never_stored", family="exact", flipped=_NEVER_STORED, passed=not stored, sentence=told)


# ---------------------------------------------------------------------- names and ids


def _names(bench: FlipBench) -> FlipCheck:
    """Everybody names themselves; names that the contacts hold are masked on import, so another name is the same.

    Both names are of the same gender: gendered words around them are a flip of texts.
    """
    shots, people = [], 0
    for cell in (CELLS[0], CELLS[1]):
        changed = []
        for number, person in enumerate(bench.records.people):
            language = bench.language(person)
            said = "" if language is None else mask_names(names_itself(language, cell, number), (cell.name(number),))
            changed.append(with_sentence(person, said, "both") or person)
        people = sum(new is not old for new, old in zip(changed, bench.records.people, strict=True))
        bench.load(people=changed)
        shots.append(bench.shot())
    about = _("Another name of a person, written by themselves, as it is after import")
    return _same("own_name", about, shots[0], shots[1], people)


def _ids(bench: FlipBench, before: Shot) -> FlipCheck:
    """Give everybody and everything another id; scores stay, only draws between equals may fall otherwise."""
    new: dict[str, str] = {}
    for record in _with_ids(bench):
        new[record.id] = "n-" + blake2b(f"{bench.seed} {record.id}".encode(), digest_size=9).hexdigest()
    changed = {
        name: [type(record).model_validate(_renamed(record.model_dump(mode="json"), new)) for record in rows]
        for name in ("people", *THINGS, "relationships", "consents", "feedback")
        if (rows := getattr(bench.records, name))
    }
    bench.load(**changed)
    after = bench.shot(lambda external: new.get(external, external))
    found = _same("ids", _("Other ids for everybody and everything"), before, after, len(bench.records.people))
    drawn = sum(one != other for one, other in zip(before.lists, after.lists, strict=True))
    if not drawn or not found.passed:
        return found
    told = ngettext(
        "{n} list has another order or end, because equal scores are drawn by lot.",
        "{n} lists have another order or end, because equal scores are drawn by lot.",
        drawn,
    )
    return found.model_copy(update={"sentence": f"{found.sentence} {told}"})


def _with_ids(bench: FlipBench) -> Iterator[Any]:
    for name in ("people", *THINGS):
        yield from getattr(bench.records, name)


def _renamed(value: Any, new: Mapping[str, str]) -> Any:
    """Replace every string that is an id, however deep it stands."""
    if isinstance(value, str):
        return new.get(value, value)
    if isinstance(value, dict):
        return {key: _renamed(part, new) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, new) for part in value]
    return value


# ---------------------------------------------------------------------- withdrawals


def withdrawal_checks(bench: FlipBench) -> list[FlipCheck]:
    """Withdraw the consent for one field of everybody who gave it, and compare with never having told it (B4)."""
    found = []
    for field, text in _WITHDRAWN.items():
        grants = [grant for grant in bench.records.consents if grant.field.partition(".")[0] == field]
        told = Consents(grants)
        given = [g for g in grants if g.purpose == "match" and told.allows(g.person_id, g.field)]
        if not given:
            about = About(field, "withdrawal", _(text), flipped=(field,))
            found.append(not_applicable(about, _("nobody gave that consent")))
            continue
        bench.load()
        bench.put(grant.model_copy(update={"withdrawn_at": _just_now(grant.granted_at)}) for grant in given)
        after = bench.shot()
        who = {grant.person_id for grant in given}
        silent = [p.model_copy(update=_BLANK[field]) if p.id in who else p for p in bench.records.people]
        gone = {id(grant) for grant in grants if grant.person_id in who}
        bench.load(people=silent, consents=[g for g in bench.records.consents if id(g) not in gone])
        found.append(_same(field, _(text), bench.shot(), after, len(who), "withdrawal"))
    bench.load()
    return found


def _just_now(granted: datetime) -> datetime:
    """A moment ago, but after the consent was given."""
    moment = datetime.now(UTC) - timedelta(seconds=1)
    at = granted if granted.tzinfo is not None else granted.replace(tzinfo=UTC)
    return max(moment, at + timedelta(microseconds=1))
