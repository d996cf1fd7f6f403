"""Text items: every goal, offer, interest or topic is one item; every distinct text of a field is stored once.

Only the fields listed in `PEOPLE_FIELDS` and `GATHERING_FIELDS` ever reach an embedder (domain.md B5.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, IntArray
from matchengine.io.masking import mask
from matchengine.pool.arrays import Codes, Growable, Strings, forked, pack_strings, unpack_strings
from matchengine.pool.lexicon import Postings, WordRows, words_of
from matchengine.pool.searching import Holders, Late, runs
from matchengine.records import Gathering, Person, Project, Resource

__all__ = [
    "GATHERING_FIELDS",
    "PEOPLE_FIELDS",
    "PROJECT_FIELDS",
    "PUBLIC_FIELDS",
    "TEXT_FIELDS",
    "Item",
    "Ragged",
    "TextField",
    "gathering_items",
    "person_items",
    "primary_language",
]

PEOPLE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "needs": ("goals", "wants"),
    "offers": ("offers",),
    "past": ("past_work",),
    "aims": ("hopes_to_gain", "mentoring_focus"),
    "interests": ("interests",),
    "opportunities": ("opportunities",),
    "influence": ("influence",),
}
"""Text fields of people, each with the record fields its items come from."""
GATHERING_FIELDS: Mapping[str, tuple[str, ...]] = {"topics": ("topics", "description"), "past": ("past_work",)}
"""Text fields of groups, events, resources and organisations."""
PROJECT_FIELDS: Mapping[str, tuple[str, ...]] = {**GATHERING_FIELDS, "roles": ("roles",)}
TEXT_FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "people": PEOPLE_FIELDS,
    "groups": GATHERING_FIELDS,
    "events": GATHERING_FIELDS,
    "resources": GATHERING_FIELDS,
    "projects": PROJECT_FIELDS,
    "organisations": GATHERING_FIELDS,
}
"""Text fields by table."""
PUBLIC_FIELDS = frozenset({"offers", "past", "influence", "topics", "roles"})
"""Fields whose items any member may read (domain.md B4); all others are quoted to their owner only."""
_SENTENCE_END = re.compile(r"(?<=[.!?。؟])\s+|\n+")
_MAX_SENTENCES = 8
_MACROLANGUAGES = {"cmn": "zh", "arb": "ar", "nb": "no", "nn": "no", "ekk": "et", "lvs": "lv", "pes": "fa", "swh": "sw"}


@lru_cache(maxsize=4_096)
def primary_language(tag: str) -> str:
    """Return the primary subtag of a BCP 47 tag, encompassed languages folded into their macrolanguage."""
    head = tag.split("-", 1)[0].lower()
    return _MACROLANGUAGES.get(head, head)


class Item(NamedTuple):
    """One text item of one record."""

    text: str
    language: str
    source: int
    level: float = np.nan
    priority: float = 1.0
    concept: str | None = None


def person_items(person: Person, default_language: str) -> dict[str, list[Item]]:
    """Return the items of a person by text field. Offers that cannot be taught stay out."""
    own = primary_language(person.text_language or default_language)

    def language(tag: str | None) -> str:
        return own if tag is None else primary_language(tag)

    needs = [Item(g.text, language(g.language), 0, np.nan, g.priority) for g in person.goals]
    needs += [
        Item(w.text, language(w.language), 1, np.nan if w.level is None else w.level, 2.0, w.concept)
        for w in person.wants
    ]
    offers = [
        Item(o.text, language(o.language), 0, np.nan if o.level is None else o.level, 1.0, o.concept)
        for o in person.offers
        if o.can_teach
    ]
    aims = [Item(t, own, n) for n, t in enumerate((person.hopes_to_gain, person.mentoring_focus)) if t is not None]
    interests = [
        Item(i.text, language(i.language), 0, np.nan, 1.0, None if i.tag is None else "tag:" + i.tag.casefold())
        for i in person.interests
    ]
    told = (person.past_work, person.opportunities, person.influence)
    past, opportunities, influence = ([Item(text, own, 0) for text in texts] for texts in told)
    return {
        "needs": needs,
        "offers": offers,
        "past": past,
        "aims": aims,
        "interests": interests,
        "opportunities": opportunities,
        "influence": influence,
    }


def gathering_items(record: Gathering, default_language: str) -> dict[str, list[Item]]:
    """Return the topics of a gathering with the sentences of its description, its past work, and a project's roles."""
    language = primary_language(record.text_language or default_language)
    items = [Item(topic, language, 0) for topic in record.topics]
    sentences = _SENTENCE_END.split(record.description) if record.description else []
    items += [Item(s[:400].strip(), language, 1) for s in sentences[:_MAX_SENTENCES] if s.strip()]
    past = () if isinstance(record, Resource) else record.past_work
    found = {"topics": items, "past": [Item(text, language, 0) for text in past]}
    if not isinstance(record, Project):
        return found
    roles = [
        Item(role.text, language, 0, np.nan if role.level is None else role.level, role.importance)
        for role in record.roles
    ]
    return found | {"roles": roles}


@dataclass(frozen=True)
class Ragged:
    """The items of a field as columns: row r owns the entries `starts[r]` to `starts[r + 1]`.

    `text` int32, `level` float32 (NaN unknown), `priority` float32, `source` int8, `concept` int32 (-1 none).
    """

    starts: IntArray
    text: IntArray
    level: NDArray[np.float32]
    priority: NDArray[np.float32]
    source: IntArray
    concept: IntArray

    def counts(self, rows: IntArray) -> IntArray:
        """Number of items of each row."""
        counts: IntArray = self.starts[rows + 1] - self.starts[rows]
        return counts

    def of(self, row: int) -> slice:
        """Entries of one row."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def entries(self, rows: IntArray) -> IntArray:
        """All entries of the given rows, one row after the other."""
        counts = self.counts(rows)
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        found: IntArray = np.arange(total) + np.repeat(self.starts[rows] - (ends - counts), counts)
        return found


_ITEM_COLUMNS: Mapping[str, type[np.generic]] = {
    "text": np.int32,
    "level": np.float32,
    "priority": np.float32,
    "source": np.int8,
    "concept": np.int32,
}


class TextField:
    """The distinct texts of one field, their words, and the items that point to them."""

    def __init__(self, name: str, sources: tuple[str, ...], tags: Codes, concepts: Codes) -> None:
        self.name = name
        self.sources = sources
        self.tags = tags
        self.concepts = concepts
        self.texts, self.titles, self.languages = Strings(), Strings(), Strings()
        self.words = WordRows()
        self.postings: Postings | None = None
        self._numbers: dict[str, dict[str, int]] = {}
        self._items: Ragged | None = None
        self._starts = Growable(np.zeros(1, np.int64))
        self._columns = {column: Growable.empty(dtype) for column, dtype in _ITEM_COLUMNS.items()}
        self._owners: tuple[IntArray, IntArray] = (np.zeros(1, np.int64), np.zeros(0, np.int32))
        self._came: Late | None = None
        self._holders = Holders.nobody()
        self._language_codes = Growable.empty(np.int16)
        self._known = Growable.empty(np.bool_)

    @property
    def items(self) -> Ragged:
        """The items of all rows."""
        if self._items is None:
            self._items = Ragged(self._starts.data, *(column.data for column in self._columns.values()))
        return self._items

    @property
    def language_codes(self) -> IntArray:
        """The code (`tags`) of each text's language; equal codes mean the same language."""
        return self._language_codes.data

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the embedder speaks the language of each text; shorter than `texts` until they are embedded."""
        return self._known.data

    def add_known(self, known: NDArray[np.bool_]) -> None:
        """Record for the next texts whether they have a vector."""
        self._known.extend(known)

    def extend(self, rows: Iterable[Sequence[Item]]) -> None:
        """Append the items of further rows."""
        listed = list(rows)
        counts = [len(items) for items in listed]
        flat = list(chain.from_iterable(listed))
        texts, tags, source, level, priority, concept = zip(*flat, strict=True) if flat else ((),) * 6
        concepts = self.concepts
        columns = {
            "text": [self._number(text, tag) for text, tag in zip(texts, tags, strict=True)],
            "level": level,
            "priority": priority,
            "source": source,
            "concept": [-1 if name is None else concepts[name] for name in concept],
        }
        for name, values in columns.items():
            self._columns[name].extend(np.array(values, _ITEM_COLUMNS[name]))
        self._starts.extend(np.cumsum(counts, dtype=np.int64) + self._starts.data[-1])
        self._items = None
        fresh = self.languages[len(self._language_codes) :]
        self._language_codes.extend(np.array([self.tags[tag] for tag in fresh], np.int16))

    def _number(self, text: str, language: str) -> int:
        """Number of a text, which is stored when it is new."""
        found = self._numbers.get(language, {}).get(text)
        if found is None or found >= len(self.texts):
            if not self.texts.at_end:
                self._numbers = self._numbered()
            found = self._numbers.setdefault(language, {})[text] = len(self.texts)
            self.texts.extend((text,))
            self.languages.extend((language,))
        return found

    def _numbered(self) -> dict[str, dict[str, int]]:
        numbers: dict[str, dict[str, int]] = {}
        for number, (text, tag) in enumerate(zip(self.texts, self.languages, strict=True)):
            numbers.setdefault(tag, {})[text] = number
        return numbers

    def masked(self, first: int = 0) -> list[str]:
        """Texts from number `first` on as an embedder sees them: pronouns, titles and gendered nouns masked."""
        return [self.masked_text(n) for n in range(first, len(self.texts))]

    def masked_text(self, number: int) -> str:
        """One text as an embedder sees it."""
        return mask(self.texts[number], self.languages[number])

    def rows_naming(self, phrase: str) -> NDArray[np.bool_]:
        """Which rows have an item or a title that holds every word of a phrase, shape (N,)."""
        named = [
            set(words_of(phrase, tag)) <= set(words_of(text, tag))
            for text, tag in zip(self.texts, self.languages, strict=True)
        ]
        items = self.items
        rows = np.repeat(np.arange(len(items.starts) - 1), np.diff(items.starts))
        found = np.bincount(rows[np.array(named, np.bool_)[items.text]], minlength=len(items.starts) - 1) > 0
        titled = [set(words_of(phrase, "en")) <= set(words_of(title, "en")) for title in self.titles]
        return found | np.array(titled or np.zeros(len(found)), np.bool_)

    def rebuild_search(self, lexicon_size: int) -> None:
        """Build what finds owners of texts and texts of words, as of now; what comes later is looked at beside it."""
        items = self.items
        rows = np.repeat(np.arange(len(items.starts) - 1, dtype=np.int32), np.diff(items.starts))
        order = np.argsort(items.text, kind="stable")
        starts = np.zeros(len(self.texts) + 1, np.int64)
        np.cumsum(np.bincount(items.text, minlength=len(self.texts)), out=starts[1:])
        self._owners = (starts, rows[order])
        self.postings = Postings(self.words, lexicon_size)
        self._came = None

    def _late(self) -> Late | None:
        """What came since `rebuild_search`, worked out when it is first asked for; None where nothing did."""
        items, (starts, rows) = self.items, self._owners
        if len(items.text) == len(rows):
            return None
        late = self._came
        if late is None or late.entries != len(items.text):
            late = self._came = Late.of(items, self.words, len(rows), len(starts) - 1)
        return late

    def owners(self, texts: IntArray) -> tuple[IntArray, IntArray]:
        """Rows that own the given texts, those who are gone included, and the position in `texts` each belongs to."""
        (starts, rows), late = self._owners, self._late()
        if late is None:
            entries, position = runs(starts[texts], starts[texts + 1])
            return rows[entries], position
        before = np.flatnonzero(texts < len(starts) - 1)
        entries, position = runs(starts[texts[before]], starts[texts[before] + 1])
        came, of_late = runs(late.starts[texts], late.starts[texts + 1])
        return np.concatenate([rows[entries], late.rows[came]]), np.concatenate([before[position], of_late])

    def sharing(self, words: IntArray, weights: NDArray[np.float32], k: int) -> tuple[IntArray, NDArray[np.float32]]:
        """Texts that share a word with the query and their cosines, see `Postings.search`: all texts there are now."""
        late = self._late()
        came = None if late is None else late.postings
        if self.postings is None:
            return Postings(WordRows(), 0).search(words, weights, k, came)
        return self.postings.search(words, weights, k, came)

    def holders(self, alive: BoolArray) -> Holders:
        """Tell which texts somebody still holds; `alive` (N,) tells which rows still stand for somebody."""
        found = self._holders = self._holders.now(self.items, len(self.texts), alive)
        return found

    def fork(self, tags: Codes, concepts: Codes) -> TextField:
        """Return a field with the same texts that changes apart from this one; the codes are those of its pool."""
        made = forked(self)
        made.tags, made.concepts = tags, concepts
        made.words = forked(self.words)
        made._numbers = self._numbers  # shared as long as the texts are
        made._columns = {name: column.fork() for name, column in self._columns.items()}
        return made

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays."""
        state: dict[str, NDArray[Any]] = {"starts": self._starts.data, "codes": self._language_codes.data}
        state["known"] = self._known.data
        state |= {f"item.{name}": column.data for name, column in self._columns.items()}
        state |= {f"words.{name}": array for name, array in self.words.state().items()}
        state |= {f"texts.{name}": array for name, array in pack_strings(self.texts).items()}
        state |= {f"titles.{name}": array for name, array in pack_strings(self.titles).items()}
        state |= {"owners.starts": self._owners[0], "owners.rows": self._owners[1]}
        if self.postings is not None:
            state |= {f"postings.{name}": array for name, array in self.postings.state().items()}
        return state

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Undo `state` in a new field; what is searched was built when it was."""
        self.titles = Strings(unpack_strings(state, "titles."))
        names = {code: tag for tag, code in self.tags.items()}
        self.texts = Strings(unpack_strings(state, "texts."))
        self.languages = Strings(names[code] for code in state["codes"].tolist())
        self._numbers = self._numbered()
        self._language_codes = Growable.of(state, "codes")
        self._known = Growable.of(state, "known")
        self._starts = Growable.of(state, "starts")
        self._columns = {column: Growable.of(state, f"item.{column}") for column in _ITEM_COLUMNS}
        self._items = None
        self.words = WordRows(state, "words.")
        self._owners = state["owners.starts"], state["owners.rows"]
        self.postings = Postings.from_state(state, "postings.") if "postings.starts" in state else None
