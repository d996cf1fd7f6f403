"""The pool: tables, text fields, vectors, calendar and ties of everyone who can be matched.

Records come in and are turned into columns and texts; of people no record is kept. Rows, texts and vectors are only
appended or marked as gone. Rows that came after the last rebuild are `recent`: fields look for them separately.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray, PairBatch, Sides
from matchengine.components import Embedder, VectorIndex
from matchengine.errors import UnknownIdError
from matchengine.i18n import _
from matchengine.pool.arrays import collection_paused, forked
from matchengine.pool.calendar import Calendar
from matchengine.pool.calibration import measured
from matchengine.pool.consents import Consents
from matchengine.pool.derived import Derived
from matchengine.pool.embed import Calibration, EmbeddingReport, embed_distinct
from matchengine.pool.flags import Flags
from matchengine.pool.gatherings import CARDS, WITHOUT, gathering_columns
from matchengine.pool.history import HistorySettings
from matchengine.pool.lexicon import Lexicon
from matchengine.pool.measures import Measures
from matchengine.pool.pauses import Pauses, on_a_break
from matchengine.pool.people import people_columns
from matchengine.pool.refusals import no_such_person, not_for_person, other_model
from matchengine.pool.sensitive import forget_words, withhold
from matchengine.pool.shared import Shared
from matchengine.pool.tables import Table, refuse_duplicates
from matchengine.pool.text import PEOPLE_FIELDS, TEXT_FIELDS, TextField, gathering_items, person_items
from matchengine.pool.ties import Ties
from matchengine.pool.vector_cache import VectorCache
from matchengine.pool.wish_edits import WishEdits
from matchengine.records import ConsentGrant, Feedback, Gathering, Organisation, Pause, Person, Relationship, Resource
from matchengine.registry import MatchKind

__all__ = ["CARDS", "TABLES", "Pool"]

TABLES: tuple[str, ...] = tuple(TEXT_FIELDS)
FIELD_SOURCES = {
    f"{table}.{name}": sources for table, fields in TEXT_FIELDS.items() for name, sources in fields.items()
}
_TABLE_OF = {model: name for name, model in CARDS.items()}
_RECENT_ROWS = 512
"""So many new rows are looked for beside the search structures before these are rebuilt."""


class Pool:
    """Everyone who can be matched.

    Parameters
    ----------
    embedder : Embedder
        Only asked for vectors when new texts arrive.
    make_index : callable
        Makes an empty `VectorIndex` of the embedder's dimension, or one from a saved state.
    default_language : str
        Language of texts that carry no tag.
    today : date
        First day of the 28-day calendar.
    seed : int
        Seed of every lottery.
    cache : VectorCache or None
    progress : bool
        Whether long work shows a progress bar on stderr.
    must_share : sequence of str
        Dimensions of which people may demand that a match shares theirs.
    """

    def __init__(
        self,
        embedder: Embedder,
        make_index: Callable[[dict[str, NDArray[Any]] | None], VectorIndex],
        default_language: str,
        today: date,
        seed: int = 0,
        cache: VectorCache | None = None,
        progress: bool = False,
        must_share: Sequence[str] = (),
    ) -> None:
        self.embedder = embedder
        self.make_index = make_index
        self.default_language = default_language
        self.cache = cache
        self.progress = progress
        self.shared = Shared(Calendar(today))
        self.shared.must_share = frozenset(word.casefold() for word in must_share)
        self.seed = seed
        self.tables = {name: Table(name, seed) for name in TABLES}
        tags, concepts = self.shared.codes["tags"], self.shared.codes["concepts"]
        self.fields = {key: TextField(key, sources, tags, concepts) for key, sources in FIELD_SOURCES.items()}
        self.indexes: dict[str, VectorIndex] = {key: make_index(None) for key in self.fields}
        self.lexicon = Lexicon()
        self.ties = Ties()
        self.history = HistorySettings()
        self.flags = Flags(self.shared.key)
        self.calibration = Calibration.fallback()
        self.lexical_high = 1.0
        self.embedding = EmbeddingReport()
        self.recent: dict[str, list[int]] = {name: [] for name in TABLES}
        self.consents = Consents()
        self.pauses = Pauses()
        self.cards: dict[str, dict[str, Gathering]] = {name: {} for name in TABLES[1:]}
        self.derived = Derived(self)
        self.wish_edits = WishEdits()
        self.generation = 0
        self.model = ""
        self._append_people([])
        for name in TABLES[1:]:
            self._append_gatherings(name, [])

    def fork(self) -> Pool:
        """Return a pool with the same contents, to be changed apart from this one, which readers may go on using.

        Rows, texts and vectors are shared; the fork that grows first goes on in place, so only one at a time should.
        """
        made = copy(self)
        made.shared = self.shared.fork()
        tags, concepts = made.shared.codes["tags"], made.shared.codes["concepts"]
        made.tables = {name: table.fork() for name, table in self.tables.items()}
        made.fields = {key: field.fork(tags, concepts) for key, field in self.fields.items()}
        made.indexes = {key: getattr(index, "fork", lambda of=index: of)() for key, index in self.indexes.items()}
        made.lexicon, made.ties, made.embedding = self.lexicon.fork(), self.ties.fork(), copy(self.embedding)
        made.flags, made.consents, made.wish_edits = forked(self.flags), forked(self.consents), forked(self.wish_edits)
        made.pauses = forked(self.pauses)
        made.recent = {name: list(rows) for name, rows in self.recent.items()}
        made.cards = {name: dict(cards) for name, cards in self.cards.items()}
        made.derived = Derived(made)
        return made

    # ------------------------------------------------------------------ whole loads

    @collection_paused()
    def load(
        self,
        people: Iterable[Sequence[Person]],
        gatherings: dict[str, Sequence[Gathering]],
        relationships: Iterable[Relationship] = (),
        consents: Sequence[ConsentGrant] = (),
        feedback: Iterable[Feedback] = (),
        measures: Measures | None = None,
    ) -> None:
        """Fill an empty pool with people, in chunks; `gatherings` maps each other table to its records.

        With `measures` it goes by what was measured earlier; without, it measures these people and texts.
        """
        for name, records in gatherings.items():
            refuse_duplicates([r.id for r in records], name.removesuffix("s"))
        self.consents = Consents(consents)
        ids: list[str] = []
        known: set[str] = set()
        for chunk in people:
            ids += [person.id for person in chunk]
            known.update(ids[-len(chunk) :])
            if len(known) == len(ids):
                self._append_people(chunk)
        refuse_duplicates(ids, "person")
        for name, records in gatherings.items():
            self._append_gatherings(name, records)
        for relationship in relationships:
            self.ties.add_relationship(relationship)
        for answer in feedback:
            self.ties.add_feedback(answer)
            self.flags.add(answer)
        masked = {key: field.masked() for key, field in self.fields.items()}
        self._weigh_words(masked, measures)
        self._embed_new(masked)
        del masked
        if measures is None:
            self.calibration, self.lexical_high = measured(self.fields, self.indexes, self.seed, len(self.lexicon))
        else:
            self.calibration = Calibration(measures.low, measures.high)
            self.lexical_high = measures.lexical_high
        self.rebuild_search()
        self.generation = 1

    def rebuild_search(self) -> None:
        """Rebuild what finds owners and words, so that no row is `recent` any more."""
        for field in self.fields.values():
            field.rebuild_search(len(self.lexicon))
        self.recent = {name: [] for name in TABLES}

    def _append_people(self, people: Sequence[Person]) -> None:
        columns = people_columns(people, self.shared, self.consents)
        self.tables["people"].extend([p.id for p in people], columns)
        items = [person_items(p, self.default_language) for p in people]
        for name in PEOPLE_FIELDS:
            self.fields[f"people.{name}"].extend(item[name] for item in items)
        for person in people:
            if person.boundaries or person.line_manager:
                self.ties.add_person(person)

    def _append_gatherings(self, table: str, records: Sequence[Gathering]) -> None:
        columns = gathering_columns(records, self.shared)
        told = {name: column for name, column in columns.items() if name not in WITHOUT.get(table, ())}
        self.tables[table].extend([r.id for r in records], told)
        self.cards[table] |= {r.id: r for r in records}
        for record in records:
            if not isinstance(record, Resource | Organisation) and record.reviewed_on is not None:
                self.flags.review(record.id, datetime.combine(record.reviewed_on, time.max, UTC))
        items = [gathering_items(r, self.default_language) for r in records]
        for name in TEXT_FIELDS[table]:
            self.fields[f"{table}.{name}"].extend(item[name] for item in items)
            self.fields[f"{table}.{name}"].titles.extend(record.title for record in records)

    # ------------------------------------------------------------------ words and vectors of new texts

    def _weigh_words(self, masked: Mapping[str, list[str]], measures: Measures | None) -> None:
        counted = {key: self.lexicon.count(masked[key], field.languages) for key, field in self.fields.items()}
        if measures is None:
            self.lexicon.freeze(list(counted.values()))
        else:
            self.lexicon.go_by(measures.weigh, measures.new_word)
        for key, words in counted.items():
            self.fields[key].words.append(words, self.lexicon)

    def _append_words(self, masked: Mapping[str, list[str]]) -> None:
        for key, field in self.fields.items():
            first = len(field.words)
            if first < len(field.texts):
                field.words.append(self.lexicon.count(masked[key], field.languages[first:]), self.lexicon)

    def _embed_new(self, masked: Mapping[str, list[str]]) -> None:
        """Embed texts that no index holds yet: every distinct text once, all fields in one stream."""
        firsts = {key: len(field.known) for key, field in self.fields.items()}
        new = {key: field for key, field in self.fields.items() if firsts[key] < len(field.texts)}
        texts = list(chain.from_iterable(masked[key] for key in new))
        tags = list(chain.from_iterable(field.languages[firsts[key] :] for key, field in new.items()))
        if not texts:
            return
        if self.model and self.embedder.fingerprint != self.model:
            raise other_model(self.model, self.embedder.fingerprint)
        self.model = self.embedder.fingerprint
        result = embed_distinct(texts, tags, self.embedder, self.cache, self.progress)
        report = self.embedding
        report.encoded += result.encoded
        report.from_cache += result.from_cache
        report.truncated += result.truncated
        report.other_languages += int((~result.known).sum())
        start = 0
        for key, field in new.items():
            rows = slice(start, start + len(field.texts) - firsts[key])
            start = rows.stop
            known = result.known[rows]
            numbers = firsts[key] + np.flatnonzero(known)
            if len(numbers):
                self.indexes[key].add(numbers, result.vectors[rows][known])
            field.add_known(known)

    # ------------------------------------------------------------------ single changes

    def upsert(self, record: Person | Gathering | Relationship | ConsentGrant | Feedback | Pause) -> None:
        """Add or replace one record; visible to the next call.

        Raises
        ------
        DataError
            When a person changes too often what they wish to share; then nothing changes.
        """
        if isinstance(record, Person):
            with self.wish_edits.counting(record, self.tables["people"], self.shared, self.consents):
                self._append_people([record])
                self.ties.add_person(record)
                self._added("people", record.id)
        elif isinstance(record, Relationship):
            self.ties.add_relationship(record)
        elif isinstance(record, ConsentGrant):
            self._change_consent(record)
        elif isinstance(record, Feedback):
            self.ties.add_feedback(record)
            self.flags.add(record)
        elif isinstance(record, Pause):
            self.pauses.add(record)
        else:
            table = _TABLE_OF[type(record)]
            self._append_gatherings(table, [record])
            self._added(table, record.id)
        self.generation += 1

    def _added(self, table: str, external: str) -> None:
        masked = {key: field.masked(len(field.known)) for key, field in self.fields.items()}
        self._append_words(masked)
        self._embed_new(masked)
        self.recent[table].append(self.tables[table].row_of[external])
        if sum(map(len, self.recent.values())) > _RECENT_ROWS:
            self.rebuild_search()

    def _change_consent(self, grant: ConsentGrant) -> None:
        """Blank a withdrawn field at once; a new grant acts when the person is sent again."""
        self.consents.add(grant)
        withhold(self.tables["people"], grant.person_id, self.consents, self.shared)

    def withhold_ended(self) -> None:
        """Blank every field whose consent has ended since the last call."""
        for person_id in self.consents.ended():
            withhold(self.tables["people"], person_id, self.consents, self.shared)
            self.generation += 1

    def remove(self, external: str) -> None:
        """Take a person, group, event, resource, project or organisation out; an unknown id raises UnknownIdError."""
        if all(table.drop(external) is None for table in list(self.tables.values())):
            raise UnknownIdError(_("id {id!r} is not known; nothing was removed", id=external))
        self.ties.forget_person(external)
        self.ties.history.forget(external)
        for cards in self.cards.values():
            cards.pop(external, None)
        forget_words(self.tables["people"], self.shared)
        self.generation += 1

    # ------------------------------------------------------------------ looking up

    def rows(self, table: str) -> IntArray:
        """All row numbers of a table, gone ones included, shape (N,)."""
        return np.arange(len(self.tables[table]), dtype=np.int32)

    def members(self, table: str, role: int | None) -> BoolArray:
        """Which rows stand for somebody, in the role with that number where one is given, shape (N,)."""
        alive = self.tables[table].alive
        if table == "people" and self.pauses:
            alive = alive & ~self.pauses.rows(self.tables[table])
        if role is None:
            return alive
        return alive & ((self.tables[table].column("roles") >> np.uint32(role)) & 1).astype(np.bool_)

    def candidates(self, sides: Sides) -> BoolArray:
        """Which rows can be suggested: somebody, in the role and of the kinds that the sides name, shape (N,)."""
        found = self.members(sides.candidates, sides.role)
        if not sides.only:
            return found
        column = "resource_type" if sides.candidates == "resources" else "kind"
        of_kind: BoolArray = (self.tables[sides.candidates].column(column) & np.uint32(sides.only)) != 0
        return found & of_kind

    def requester_row(self, external: str, kind: MatchKind) -> int:
        """Return the row of somebody who asks for a kind of match.

        Raises
        ------
        UnknownIdError
            When nobody has this id.
        DataError
            When the person takes a break, or does not hold the role that the kind is for.
        """
        row = self.tables[kind.sides.requesters].row_of.get(external)
        if row is None:
            raise no_such_person(external)
        if kind.sides.requesters == "people" and self.pauses.rests(external):
            raise on_a_break(external)
        if not self.members(kind.sides.requesters, kind.requester_role)[row]:
            raise not_for_person(external, kind.config.requester, kind.name)
        return row

    def field(self, table: str, name: str) -> TextField | None:
        """Text field of a table; None where the table has no such field."""
        return self.fields.get(f"{table}.{name}")

    def shown_text(self, person_id: str) -> dict[str, list[str]]:
        """Return, per text field, exactly what the embedder sees of a person.

        Raises
        ------
        UnknownIdError
            When nobody has this id.
        """
        row = self.tables["people"].row_of.get(person_id)
        if row is None:
            raise UnknownIdError(_("person {id!r} is not known to this engine", id=person_id))
        shown = {}
        for name in PEOPLE_FIELDS:
            field = self.fields[f"people.{name}"]
            shown[name] = [field.masked_text(n) for n in field.items.text[field.items.of(row)].tolist()]
        return shown

    def vectors(self, field: TextField, texts: IntArray) -> NDArray[np.float32]:
        """Unit vectors of known texts of a field, shape (n, d)."""
        found: NDArray[np.float32] = self.indexes[field.name].vectors(texts)
        return found

    def blocked_topics(self, batch: PairBatch, requesters: str, candidates: str) -> BoolArray:
        """Whether a gathering's topics name something its requester does not want, shape (P,)."""
        out = np.zeros(len(batch), np.bool_)
        field = self.field(candidates, "topics")
        if field is None or not self.ties.blocked_topics:
            return out
        for row, pairs in batch.runs:
            for topic in self.ties.blocked_topics.get(self.tables[requesters].ids[row], ()):
                out[pairs] |= field.rows_naming(topic)[batch.candidate_rows[pairs]]
        return out
