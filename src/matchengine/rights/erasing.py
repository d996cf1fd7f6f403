"""What an erasure has to reach: documents, vectors, caches, and the ids in what others said."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from matchengine.batch import IntArray
from matchengine.errors import DataError, UnknownIdError
from matchengine.i18n import _
from matchengine.io.masking import mask
from matchengine.measured import MEASURES
from matchengine.pool.pool import Pool
from matchengine.pool.text import PEOPLE_FIELDS, person_items
from matchengine.pool.vector_cache import text_keys
from matchengine.records import Feedback, Person
from matchengine.records.moments import FIRST_MOMENT
from matchengine.store.base import SETTING, Change, Commit, Entry
from matchengine.store.documents import GATHERINGS, KINDS, read_document
from matchengine.store.keep import EDITS, Keeper
from matchengine.store.mentions import nameless_flags, without
from matchengine.store.recording import event_by_now
from matchengine.store.results import RESULT
from matchengine.store.secret import key_of
from matchengine.store.suppression import ERASED

__all__ = ["Reach", "buried", "commit_of", "forgotten", "needed_texts", "reach_of", "texts_of"]

_LISTED = 500


@dataclass
class Reach:
    """What the erasure of some people concerns.

    Attributes
    ----------
    gone : list of Entry
        Documents to be deleted.
    rewritten : list of Change
        Documents of others, without their ids.
    flags : list of Change
        What stays of their answers, without a name.
    """

    people: frozenset[str]
    gone: list[Entry] = field(default_factory=list)
    rewritten: list[Change] = field(default_factory=list)
    flags: list[Change] = field(default_factory=list)

    @property
    def results(self) -> list[str]:
        """Names of kept drafts that go."""
        return [entry.id for entry in self.gone if entry.kind == RESULT]


def buried(keeper: Keeper, ids: Iterable[str]) -> set[str]:
    """Return those of some ids that are or were somebody's, as documents and their tombstones tell."""
    sought = sorted(ids)
    found: set[str] = set()
    for start in range(0, len(sought), _LISTED):
        entries = keeper.entries(kinds=("person", EDITS), ids=sought[start : start + _LISTED], since=1)
        found.update(entry.id for entry in entries)
    return found


def reach_of(
    keeper: Keeper, pool: Pool, people: Collection[str], now: datetime, known: Container[str] = frozenset()
) -> Reach:
    """Find what the erasure of people concerns, also of those who left: what has run out, tombstones, rows of a pool.

    Documents of others that have run out go with the person, as they would with the next purge. Nothing needs to be
    held about who is `known` elsewhere.

    Raises
    ------
    UnknownIdError
        Where nothing is held about one of the others.
    DataError
        Where one is the id of something else than a person.
    """
    reach = Reach(frozenset(people))
    gatherings = {each for cards in pool.cards.values() for each in cards}
    left_here = buried(keeper, people) | reach.people.intersection(pool.tables["people"].ids)
    found: dict[tuple[str, str], Entry] = {}
    for person_id in sorted(people):
        about = [*keeper.entries(involving=person_id, now=FIRST_MOMENT)]
        if any(entry.kind in GATHERINGS and entry.id == person_id for entry in about):
            raise DataError(_("{id!r} is no person; `remove` takes it out", id=person_id))
        if not about and person_id not in left_here and person_id not in known:
            raise UnknownIdError(_("nothing is held about {id!r}; nothing was erased", id=person_id))
        found |= {(entry.kind, entry.id): entry for entry in about}
    given = []
    for entry in found.values():
        if entry.expires_at is not None and entry.expires_at <= now:
            reach.gone.append(entry)
            continue
        record = read_document(entry) if entry.kind in KINDS else None
        left = None if record is None else without(record, reach.people.__contains__, keeper.alias)
        if left is not None:
            reach.rewritten.append(keeper.document_of(left, entry.written_at))
        else:
            reach.gone.append(entry)
        if isinstance(record, Feedback) and record.about_id not in people:
            given.append((record, entry.written_at))
    reach.flags = [keeper.document_of(flag, day) for flag, day in nameless_flags(given, gatherings)]
    return reach


def commit_of(keeper: Keeper, pool: Pool, reach: Reach, needed: Collection[str], now: datetime) -> Commit:
    """Return the commit that erases: everything of these people, and every vector that no `needed` text has.

    What was measured over everybody goes too, since their words had a part in it: it is measured anew without them.
    """
    hashes = [keeper.suppression.hash_of(person_id) for person_id in sorted(reach.people)]
    changes = [*reach.rewritten, *reach.flags]
    changes.append(Change(SETTING, MEASURES, None))
    changes += [Change(ERASED, each, f'"{now.date()}"') for each in hashes]
    keys = {key.tobytes() for key in text_keys([*needed])}
    told = {"documents": str(len(reach.gone)), "rewritten": str(len(reach.rewritten))}
    event = event_by_now(keeper.programme, key_of(keeper.store), "erased", reach.people, told)
    return Commit(
        forget=reach.people,
        changes=changes,
        only_vectors={pool.model: keys} if pool.model else {},
        events=(event,),
        new_epoch=True,
    )


def texts_of(pool: Pool, reach: Reach) -> list[str]:
    """Return every text of these people that an embedder saw, also of earlier versions of their records, sorted."""
    table = pool.tables["people"]
    rows = np.array([row for row, external in enumerate(table.ids) if external in reach.people], np.int64)
    found = {text for name in PEOPLE_FIELDS for text in _masked(pool, f"people.{name}", rows)}
    for entry in reach.gone:
        if entry.kind == "person" and isinstance(person := read_document(entry), Person):
            items = person_items(person, pool.default_language).values()
            found.update(mask(item.text, item.language) for of_field in items for item in of_field)
    return sorted(found)


def needed_texts(pool: Pool, but: Collection[str]) -> set[str]:
    """Return every text that an embedder saw and that somebody, or something, still says, `but` these people."""
    found: set[str] = set()
    for key in pool.fields:
        table = pool.tables[key.partition(".")[0]]
        alive = table.alive.copy()
        if table.name == "people":
            alive[[row for each in but if (row := table.row_of.get(each)) is not None]] = False
        found.update(_masked(pool, key, np.flatnonzero(alive)))
    return found


def forgotten(keeper: Keeper, pool: Pool, texts: Iterable[str], needed: Collection[str]) -> int:
    """Return how many stored vectors of texts nobody else needs."""
    keys = text_keys([text for text in texts if text not in needed])
    return len(keeper.store.vectors(keeper.programme, pool.model, keys).keys) if len(keys) else 0


def _masked(pool: Pool, key: str, rows: IntArray) -> list[str]:
    of_field = pool.fields[key]
    if not len(rows):
        return []
    numbers: list[int] = np.unique(of_field.items.text[of_field.items.entries(rows)]).tolist()
    return [of_field.masked_text(number) for number in numbers]
