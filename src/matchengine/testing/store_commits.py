"""What every store must do with commits: whole ones or none, programmes apart, a sound record, one writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from matchengine.errors import MatchEngineError, PluginError, StoreBusyError
from matchengine.store.audit import first_break
from matchengine.store.base import Change, Commit, Event, Position, Store, VectorRows
from matchengine.store.memory import MemoryStore
from matchengine.testing.store_bench import HOSTILE, StorePlace, documents, equal, everything, refused, told
from matchengine.testing.store_worlds import NOON, differences, random_commit, vector_rows

__all__ = [
    "check_agrees_with_memory",
    "check_all_or_nothing",
    "check_closed",
    "check_hostile_text",
    "check_one_position",
    "check_one_writer",
    "check_programmes_are_apart",
    "check_readers",
    "check_record",
    "check_reopened",
]


# ---------------------------------------------------------------------- whole commits, apart from one another


def check_all_or_nothing(place: StorePlace) -> None:
    """A commit that cannot be made wholly leaves nothing of itself, wherever it breaks."""
    with closing(place()) as store:
        rows = vector_rows("words", [1, 2])
        store.write("main", Commit(changes=documents("a", "b").changes, vectors=[rows], events=[Event("x", "first")]))
        before = [*store.entries("main", since=0)], [*store.audit("main")]
        short = VectorRows("words", vector_rows("words", [5, 6]).keys, rows.vectors[:1], rows.truncated)
        whole = Commit(
            forget=("a",), replace=("person",), changes=documents("c").changes, events=[Event("x", "second")],
            only_vectors={}, new_epoch=True,
        )  # fmt: skip
        wrong = Event("x", "second", details={"of": object()})  # type: ignore[dict-item]
        for part in ({"vectors": [short]}, {"events": [wrong]}):
            try:
                store.write("main", Commit(**{**whole.__dict__, **part}))
            except Exception:  # whatever it is called: nothing of the commit may be true
                equal(store.position("main"), Position(0, 2), "the position after a broken commit")
            else:
                raise PluginError("a commit that cannot be made was accepted")
            equal(([*store.entries("main", since=0)], [*store.audit("main")]), before, "what a broken commit left")
            equal(len(store.vectors("main", "words", vector_rows("words", [1, 2, 5, 6]).keys).keys), 2, "vectors")
        equal(store.write("main", documents("c")), Position(0, 3), "the position after a whole commit")


def check_one_position(place: StorePlace) -> None:
    """Documents that are being read are all of the position at which reading began."""
    with closing(place()) as store:
        store.write("main", documents(*(f"p{n}" for n in range(3_000))))
        reading = store.entries("main")
        found = [next(reading)]
        changes = [Change("person", f"p{n}", "new" if n % 2 else None) for n in range(3_000)]
        store.write("main", Commit(changes=[*changes, Change("person", "more", "{}")]))
        found += reading
        equal((len(found), {entry.document for entry in found}), (3_000, {"{}"}), "documents of one position")


def check_programmes_are_apart(place: StorePlace) -> None:
    """Nothing of one programme is told, changed or counted in another, however alike they are."""
    with closing(place("one")) as one, closing(place("two")) as two:
        whole = Commit(
            changes=[*documents("a", "b").changes, Change("pause", "a", "{}", ("a",), NOON)],
            vectors=[vector_rows("words", [1, 2])],
            events=[Event("x", "came")],
        )
        one.write("one", whole)
        equal((two.position("two"), [*two.entries("two")], [*two.audit("two")]), (Position(0, 0), [], []), "another")
        equal(len(two.vectors("two", "words", vector_rows("words", [1, 2]).keys).keys), 0, "vectors of another")
        two.write("two", whole)
        before = everything(one, "one")
        two.write("two", Commit(forget=("a",), only_vectors={}, new_epoch=True, events=[Event("y", "erased")]))
        two.write("two", Commit(replace=("person",), purge_until=NOON, changes=[Change("person", "b", "theirs")]))
        equal(everything(one, "one"), before, "a programme after another one changed")
        equal([line.number for line in two.audit("two")], [1, 2], "lines on record of the other")


def check_record(place: StorePlace) -> None:
    """Events are chained over commits, come back as they were, and readers of data may add to them."""
    said = Event("host:1", "saw", ("x", "y"), {"b": "2", "a": "Ω"}, "asked\nfor it")
    with closing(place()) as store:
        store.write("main", Commit(events=[said, Event("host:2", "left")]))
        store.write("main", Commit(changes=documents("a").changes, events=[said]))
        lines = [*store.audit("main")]
        equal([line.number for line in lines], [1, 2, 3], "numbers of lines")
        equal([lines[0].event, lines[2].event], [said, said], "events as they were")
        equal(first_break(lines), None, "the first break of the chain")


def check_hostile_text(place: StorePlace) -> None:
    """Any text in any argument is taken as it is, or refused with a sentence; it never reaches another row."""
    with closing(place()) as store:
        store.write("main", documents("a"))
        for text in HOSTILE:
            refused(partial(store.position, text), "the name of a programme")
            equal([*store.entries("main", kinds=(text,))], [], "documents of a kind that is not there")
            equal([*store.entries("main", ids=(text,))], [], "documents of an id that is not there")
            equal([*store.entries("main", involving=text)], [], "documents that involve nobody")
            equal(len(store.vectors("main", text, vector_rows("x", [1]).keys).keys), 0, "vectors of no model")
            store.write("main", Commit(forget=(text,), replace=(text,)))
            equal(told(store.entries("main")), [("a", 1)], "what is there after all that")
        for number, text in enumerate(HOSTILE):
            _keeps(store, text, number)
        large = "{" + "é" * 2_000_000 + "}"
        store.write("main", Commit(changes=[Change("setting", "large", large)]))
        found = [entry.document == large for entry in store.entries("main", ids=("large",))]
        equal(found, [True], "a document of four million bytes as it was")


def _keeps(store: Store, text: str, number: int) -> None:
    """Write a text in every place of a commit; it comes back, or it is refused and nothing is there."""
    rows = vector_rows(text, [1, 2])
    commit = Commit(
        changes=[Change(text, text, text, (text,))], vectors=[rows], events=[Event(text, text, (text,), {text: text})]
    )
    before = store.position("main")
    try:
        store.write("main", commit)
    except MatchEngineError:
        equal(store.position("main"), before, f"the position after refused text {number}")
        equal([*store.entries("main", kinds=(text,))], [], f"what refused text {number} left")
        return
    for question in ({"kinds": (text,)}, {"ids": (text,)}, {"involving": text}):
        found = [(e.kind, e.id, e.document, e.people) for e in store.entries("main", **question)]
        equal(found, [(text, text, text, (text,))], f"hostile text {number}")
    equal(len(store.vectors("main", text, rows.keys).keys), 2, f"vectors under hostile text {number}")
    equal([*store.audit("main")][-1].event, commit.events[0], f"the event with hostile text {number}")


def check_agrees_with_memory(place: StorePlace) -> None:
    """After random commits it tells what the reference in memory tells."""
    with closing(place()) as store:
        reference = MemoryStore()
        for seed in range(40):
            commit = random_commit(seed)
            equal(store.write("main", commit), reference.write("main", commit), f"the position after commit {seed}")
            for difference in differences(store, reference, "main"):
                raise PluginError(f"after commit {seed} the store and the reference differ in {difference}")


def check_closed(place: StorePlace) -> None:
    """A closed store refuses every call; closing it again does nothing."""
    store = place()
    store.write("main", documents("a"))
    store.close()
    store.close()
    keys = vector_rows("words", [1]).keys
    calls: Sequence[Callable[[], object]] = (
        lambda: store.position("main"),
        lambda: store.write("main", documents("b")),
        lambda: [*store.entries("main")],
        lambda: store.vectors("main", "words", keys),
        lambda: [*store.audit("main")],
    )
    for call in calls:
        refused(call, "a call to a closed store")


# ---------------------------------------------------------------------- what outlives the one who opened it


def check_reopened(place: StorePlace) -> None:
    """Everything is there when the store is opened anew, and numbers go on from where they were."""
    with closing(place()) as store:
        whole = [*documents("a", "b").changes, Change("person", "a", None)]
        store.write("main", Commit(changes=whole, vectors=[vector_rows("words", [1])], events=[Event("x", "came")]))
        before = everything(store, "main")
    with closing(place()) as store:
        equal(everything(store, "main"), before, "what is there after opening anew")
        after = store.write("main", Commit(changes=documents("c").changes, events=[Event("x", "came back")]))
        equal(after, Position(0, 4), "the next position")
        equal(first_break(store.audit("main")), None, "the first break of a chain over two openings")


def check_one_writer(place: StorePlace) -> None:
    """A second writer to a programme is refused until the first one closes; another programme has its own."""
    with closing(place()), closing(place("other")):
        try:
            place().close()
        except StoreBusyError:
            pass
        else:
            raise PluginError("two engines may write to one programme at the same time; expected StoreBusyError")
    place().close()


def check_readers(place: StorePlace) -> None:
    """A reader beside the writer sees each commit at once, may add events, and is refused everything else."""
    with closing(place()) as writer:
        writer.write("main", documents("a"))
        with closing(place(read_only=True)) as reader:
            equal(told(reader.entries("main")), [("a", 1)], "what a reader sees")
            writer.write("main", documents("b"))
            equal((reader.position("main"), told(reader.entries("main", since=1))), (Position(0, 2), [("b", 2)]), "new")
            changing: Sequence[dict[str, Any]] = (
                {"changes": documents("c").changes}, {"forget": ("a",)}, {"replace": ("person",)},
                {"purge_until": NOON}, {"vectors": [vector_rows("words", [1])]}, {"only_vectors": {}},
                {"new_epoch": True},
            )  # fmt: skip
            for part in changing:
                refused(partial(reader.write, "main", Commit(events=[Event("x", "y")], **part)), "a reader's change")
            equal(reader.write("main", Commit(events=[Event("x", "looked")])), Position(0, 2), "the position")
            writer.write("main", Commit(events=[Event("x", "wrote")]))
            lines = [*reader.audit("main")]
            equal([line.event.action for line in lines], ["looked", "wrote"], "what reader and writer put on record")
            equal(first_break(lines), None, "the first break of a chain that two wrote")
