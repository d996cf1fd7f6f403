"""What every store must do with documents and vectors: numbers that run, tombstones, expiry, no traces."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import numpy as np

from matchengine.errors import PluginError
from matchengine.store.base import Change, Commit, Position, VectorRows
from matchengine.testing.store_bench import StorePlace, documents, equal, told
from matchengine.testing.store_worlds import LONG_AGO, NOON, key_of, vector_rows

__all__ = [
    "check_empty",
    "check_epoch",
    "check_expiry",
    "check_forget",
    "check_generations",
    "check_only_vectors",
    "check_purge",
    "check_questions",
    "check_replace",
    "check_tombstones",
    "check_vectors",
]


# ---------------------------------------------------------------------- documents under a running number


def check_empty(place: StorePlace) -> None:
    """A programme of which nothing was written stands at (0, 0) and holds nothing."""
    with closing(place()) as store:
        equal(store.position("main"), Position(0, 0), "the first position")
        equal([*store.entries("main"), *store.audit("main")], [], "what an empty programme holds")
        equal(len(store.vectors("main", "words", vector_rows("words", [1, 2]).keys).keys), 0, "vectors of nothing")
        equal(store.write("main", Commit()), Position(0, 0), "the position after an empty commit")


def check_generations(place: StorePlace) -> None:
    """Each change has the next number, in the given order; the last of several for one document holds."""
    with closing(place()) as store:
        equal(store.write("main", documents("b", "a", "c")), Position(0, 3), "the position after three changes")
        equal(told(store.entries("main")), [("b", 1), ("a", 2), ("c", 3)], "documents in order")
        changes = [Change("person", "a", "1"), Change("person", "b", "2"), Change("person", "a", "3")]
        equal(store.write("main", Commit(changes=changes)), Position(0, 6), "the position after six changes")
        found = [(entry.id, entry.document, entry.generation) for entry in store.entries("main")]
        equal(found, [("c", "{}", 3), ("b", "2", 5), ("a", "3", 6)], "documents after changes")
        changes = [Change("person", "b", "2", written_at=LONG_AGO), Change("person", "a", "4")]
        store.write("main", Commit(changes=changes))
        kept = [(entry.id, entry.written_at == LONG_AGO) for entry in store.entries("main", since=6)]
        equal(kept, [("b", True), ("a", False)], "what keeps the moment from which its time counts")


def check_epoch(place: StorePlace) -> None:
    """The epoch rises when a commit says so and never otherwise."""
    with closing(place()) as store:
        epochs = [store.write("main", Commit(new_epoch=new)).epoch for new in (False, True, False, True)]
        equal(epochs, [0, 1, 1, 2], "epochs")


def check_tombstones(place: StorePlace) -> None:
    """What went is told to whoever asks since then, without its content, and comes back as new."""
    with closing(place()) as store:
        store.write("main", documents("a", "b"))
        store.write("main", Commit(changes=[Change("person", "a", None, ("a", "x"))]))
        equal(told(store.entries("main")), [("b", 2)], "documents that are there")
        gone = [(entry.id, entry.document, entry.people, entry.generation) for entry in store.entries("main", since=2)]
        equal(gone, [("a", None, (), 3)], "tombstones")
        equal([*store.entries("main", involving="a")], [], "what involves somebody who went")
        equal([*store.entries("main", since=3)], [], "what came since the last change")
        store.write("main", documents("a"))
        equal(told(store.entries("main", since=2)), [("a", 4)], "what came back")


def check_expiry(place: StorePlace) -> None:
    """What expired is never served, and reads as gone to whoever follows."""
    with closing(place()) as store:
        store.write("main", Commit(changes=[Change("pause", "a", "{}", ("a",), NOON), Change("pause", "b", "{}")]))
        second = timedelta(seconds=1)
        equal(told(store.entries("main", now=NOON - second)), [("a", 1), ("b", 2)], "before one expires")
        for moment in (NOON, NOON + second):
            equal(told(store.entries("main", now=moment)), [("b", 2)], "after one expired")
            equal([*store.entries("main", ids=("a",), now=moment)], [], "what expired, by its id")
            equal([*store.entries("main", involving="a", now=moment)], [], "what expired, by whom it involves")
        store.write("main", documents("c"))
        store.write("main", Commit(changes=[Change("pause", "a", "{}", ("a",), NOON)]))
        found = [(entry.id, entry.document, entry.people) for entry in store.entries("main", since=2, now=NOON)]
        equal(found, [("c", "{}", ("c",)), ("a", None, ())], "what followers are told")


def check_purge(place: StorePlace) -> None:
    """Purging takes away what expired by then and nothing else, once, in the order of kinds and ids."""
    with closing(place()) as store:
        hours = [NOON + timedelta(hours=n) for n in range(3)]
        changes = [Change("pause", f"p{n}", "{}", ("a",), hours[n]) for n in (2, 1, 0)]
        store.write("main", Commit(changes=[*changes, Change("pause", "kept", "{}")]))
        equal(store.write("main", Commit(purge_until=hours[1])), Position(0, 6), "the position after a purge")
        equal(told(store.entries("main", now=NOON - timedelta(1))), [("p2", 1), ("kept", 4)], "what was not purged")
        equal(told(store.entries("main", since=4)), [("p0", 5), ("p1", 6)], "what followers are told")
        equal(store.write("main", Commit(purge_until=hours[1])), Position(0, 6), "the position after purging again")


def check_forget(place: StorePlace) -> None:
    """Whatever involves a person goes without a tombstone; what comes with it stays, and what is only called like them.

    Where an epoch begins with it, every earlier tombstone goes as well.
    """
    with closing(place()) as store:
        changes = [
            Change("person", "a", "{}", ("a",)),
            Change("relationship", "ab", "{}", ("a", "b")),
            Change("person", "b", '{"with":"a"}', ("a", "b")),
            Change("person", "c", "{}", ("c",)),
            Change("setting", "a", "{}"),
        ]
        store.write("main", Commit(changes=changes))
        store.write("main", Commit(changes=[Change("pause", "a", None)]))
        after = store.write("main", Commit(forget=("a",), changes=[Change("person", "b", "{}", ("b",))]))
        equal(after, Position(0, 7), "the position after forgetting")
        equal(told(store.entries("main")), [("c", 4), ("a", 5), ("b", 7)], "what is left")
        equal(told(store.entries("main", since=4)), [("a", 5), ("b", 7)], "what followers are told: no tombstone")
        equal([*store.entries("main", involving="a")], [], "what involves a forgotten person")
        store.write("main", Commit(changes=[Change("person", "c", None)]))
        store.write("main", Commit(forget=("nobody",)))
        equal(told(store.entries("main", since=7)), [("c", 8)], "tombstones after forgetting within an epoch")
        store.write("main", Commit(forget=("nobody",), changes=[Change("pause", "b", None)], new_epoch=True))
        left = [("a", 5), ("b", 7), ("b", 9)]
        equal(told(store.entries("main", since=1)), left, "what a forgetting that begins an epoch leaves")


def check_replace(place: StorePlace) -> None:
    """Kinds that are replaced lose every document that does not come; other kinds keep theirs."""
    with closing(place()) as store:
        store.write("main", Commit(changes=[*documents("a", "b").changes, Change("group", "a", "{}")]))
        coming = [Change("person", "b", "2"), Change("person", "c", "3")]
        after = store.write("main", Commit(replace=("person",), changes=coming))
        equal(after, Position(0, 6), "the position after replacing")
        equal(told(store.entries("main")), [("a", 3), ("b", 5), ("c", 6)], "what is there after replacing")
        gone = [(entry.kind, entry.id) for entry in store.entries("main", since=3) if entry.document is None]
        equal(gone, [("person", "a")], "what went")


def check_questions(place: StorePlace) -> None:
    """Kinds, ids and people narrow what is told; however many are named, and together."""
    with closing(place()) as store:
        people = [Change("person", f"p{n}", "{}", (f"p{n}", f"m{n % 7}")) for n in range(2_300)]
        ties = [Change("relationship", f"p{n}", "{}", (f"p{n}",)) for n in range(50)]
        store.write("main", Commit(changes=[*people, *ties]))
        many = [f"p{n}" for n in range(0, 2_300, 2)]
        equal([e.id for e in store.entries("main", kinds=("person",), ids=many)], many, "documents by many ids")
        equal([e.kind for e in store.entries("main", ids=("p3",))], ["person", "relationship"], "documents of an id")
        equal(len([*store.entries("main", kinds=("relationship", "x"))]), 50, "documents of a kind")
        equal([*store.entries("main", ids=())], [], "documents of no id")
        equal([*store.entries("main", kinds=("x",))], [], "documents of an unknown kind")
        equal([e.id for e in store.entries("main", involving="m3")], [f"p{n}" for n in range(3, 2_300, 7)], "involved")
        together = store.entries("main", kinds=("relationship",), ids=many, involving="p4", since=5)
        equal([e.id for e in together], ["p4"], "documents by everything at once")


# ---------------------------------------------------------------------- vectors


def check_vectors(place: StorePlace) -> None:
    """A vector is kept once for each model and text, bit for bit; one that is there stays."""
    with closing(place()) as store:
        first, second = vector_rows("words", [1, 2, 3]), vector_rows("words", [2, 4], salt=9)
        store.write("main", Commit(vectors=[first, vector_rows("other", [1], salt=5)]))
        store.write("main", Commit(vectors=[second]))
        found = store.vectors("main", "words", vector_rows("words", [4, 2, 9, 2]).keys)
        by_key = {key.tobytes(): place for place, key in enumerate(found.keys)}
        equal(sorted(by_key), [key_of(2), key_of(4)], "vectors that are held, each once")
        equal(len(found.keys), 2, "number of vectors")
        if not np.array_equal(found.vectors[by_key[key_of(2)]], first.vectors[1]):
            raise PluginError("a vector that was there was replaced, or comes back changed")
        equal(found.truncated[[by_key[key_of(n)] for n in (2, 4)]].tolist(), [True, True], "which texts were cut")
        equal(len(store.vectors("main", "unknown", first.keys).keys), 0, "vectors of an unknown model")
        many = [np.arange(9_000, dtype=np.uint64).view(np.uint8).reshape(-1, 8).repeat(4, axis=1)]
        rows = VectorRows("many", many[0], np.ones((9_000, 4), np.float32), np.zeros(9_000, np.bool_))
        store.write("main", Commit(vectors=[rows]))
        equal(len(store.vectors("main", "many", many[0]).keys), 9_000, "very many vectors")


def check_only_vectors(place: StorePlace) -> None:
    """Vectors that are needed no more go, and those of models that are not named."""
    with closing(place()) as store:
        held = [vector_rows("words", [1, 2, 3]), vector_rows("other", [1, 2]), vector_rows("old", [1])]
        store.write("main", Commit(vectors=held))
        needed = {"words": {key_of(1), key_of(7)}, "other": [key_of(1), key_of(2)], "never": {key_of(1)}}
        store.write("main", Commit(only_vectors=needed, vectors=[vector_rows("words", [5])]))
        keys = vector_rows("words", [1, 2, 3, 5, 7]).keys
        left = {model: len(store.vectors("main", model, keys).keys) for model in ("words", "other", "old", "never")}
        equal(left, {"words": 1, "other": 2, "old": 0, "never": 0}, "vectors that are left")
