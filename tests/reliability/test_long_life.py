"""A programme over a store is what dictionaries and a fresh engine say, whatever the order of changes (REL12)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matchengine.engine import Engine
from matchengine.errors import DataError
from matchengine.records import ConsentGrant, Group, Pause, Person, Relationship
from matchengine.store.documents import Gone
from tests.reliability import programme as p
from tests.support import WordsPlugin, engine, group, over

PEOPLE = st.integers(0, 9)
VERSIONS = st.integers(1, 40)


class LongLife(RuleBasedStateMachine):
    """Changes of every kind to an engine over a SQLite store, beside plain dictionaries of what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="life-"))
        self.saved: tuple[Path, list[Any]] | None = None
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.ties: dict[tuple[str, str], Relationship] = {}
        self.consents: dict[str, ConsentGrant] = {}
        self.pauses: dict[str, Pause] = {}
        self.erased: set[str] = set()

    @initialize()
    def begin(self) -> None:
        told = p.started(8)
        self.made = over(self.folder / "programme.db", engine().config)
        self.made.load(**told)
        self._remember([Person.model_validate(each) for each in told["people"]])
        self.groups = {each["id"]: Group.model_validate(each) for each in told["groups"]}
        self.consents = {each.person_id: each for each in told["consents"]}

    def _remember(self, people: list[Person]) -> None:
        self.people |= {each.id: each for each in people}

    # ------------------------------------------------------------------ changes

    @rule(who=PEOPLE, version=VERSIONS)
    def upsert(self, who: int, version: int) -> None:
        person = Person.model_validate(p.member(who, version))
        if person.id in self.erased:
            with pytest.raises(DataError):
                self.made.upsert(person)
            return
        self.made.upsert(person)
        self._remember([person])

    @rule(who=st.integers(0, 3), version=VERSIONS)
    def upsert_group(self, who: int, version: int) -> None:
        told = Group.model_validate(group(f"g{who}", title=f"version {version}", topics=[p.WORDS[version % 12]]))
        self.made.upsert(told)
        self.groups[told.id] = told

    @rule(who=PEOPLE, other=PEOPLE, version=VERSIONS)
    def several(self, who: int, other: int, version: int) -> None:
        """Somebody comes anew and somebody goes, in one commit; where one of the two cannot be, neither is."""
        person, gone = Person.model_validate(p.member(who, version)), f"p{other}"
        if {person.id, gone} & self.erased:
            return
        if gone != person.id and gone not in self.people:
            with pytest.raises(DataError):
                self.made.apply([person, Gone(gone)])
            return
        self.made.apply([person, Gone(gone)])
        self._remember([person])
        self._go(gone)

    @rule(who=PEOPLE)
    def remove(self, who: int) -> None:
        if f"p{who}" in self.people:
            self.made.remove(f"p{who}")
            self._go(f"p{who}")

    def _go(self, gone: str) -> None:
        del self.people[gone]

    @rule(who=PEOPLE, lifted=st.booleans())
    def pause(self, who: int, lifted: bool) -> None:
        told = Pause(person_id=f"p{who}", lifted=lifted)
        if told.person_id not in self.erased:
            self.made.upsert(told)
            self.pauses[told.person_id] = told

    @rule(one=PEOPLE, other=PEOPLE, status=st.sampled_from(["active", "ended", "proposed"]))
    def tie(self, one: int, other: int, status: str) -> None:
        ids = {f"p{one}", f"p{other}"}
        if one == other or ids & self.erased or not ids <= self.people.keys():
            return
        told = Relationship.model_validate(
            {"person_id": f"p{one}", "other_id": f"p{other}", "kind": "mentoring", "status": status}
        )
        self.made.upsert(told)
        self.ties[told.person_id, told.other_id] = told

    @rule(who=PEOPLE, withdrawn=st.booleans())
    def consent(self, who: int, withdrawn: bool) -> None:
        told = p.grant(who, withdrawn=withdrawn)
        if told.person_id in self.erased:
            return
        self.made.upsert(told)
        self.consents[told.person_id] = told
        if withdrawn and told.person_id in self.people:  # what they declared is gone; they may declare it anew
            self.people[told.person_id] = self.people[told.person_id].model_copy(update={"attributes": ()})

    @precondition(lambda self: hasattr(self.made, "erase"))
    @rule(who=PEOPLE)
    def erase(self, who: int) -> None:
        if f"p{who}" not in self.people:
            return
        gone = f"p{who}"
        self.made.erase(gone, why="asked for it", by="coordinator:1")
        self.erased.add(gone)
        self.people.pop(gone)
        self.consents.pop(gone, None)
        self.pauses.pop(gone, None)
        self.ties = {key: tie for key, tie in self.ties.items() if gone not in key}

    @precondition(lambda self: hasattr(self.made, "purge"))
    @rule()
    def purge(self) -> None:
        self.made.purge()

    # ------------------------------------------------------------------ what must change nothing

    @rule()
    def reopen(self) -> None:
        """With its cache a programme goes on as it was."""
        before = scores(self.made)
        self.made.close()
        self.made = over(self.folder / "programme.db")
        assert scores(self.made) == before

    @rule()
    def rebuild(self) -> None:
        """Without a cache too; measured anew, it answers to the last digit what the dictionaries alone would."""
        before = scores(self.made)
        self.made.close()
        shutil.rmtree(self.folder / "programme.db-files" / "cache", ignore_errors=True)
        self.made = over(self.folder / "programme.db")
        assert scores(self.made) == before
        self.made.measure()
        assert scores(self.made) == scores(self.fresh())

    @rule()
    def save_and_open(self) -> None:
        shutil.rmtree(self.folder / "saved", ignore_errors=True)
        self.made.save(self.folder / "saved")
        assert scores(Engine.open(self.folder / "saved", plugins=[WordsPlugin()])) == scores(self.made)

    @rule()
    def read_elsewhere(self) -> None:
        with over(self.folder / "programme.db", read_only=True) as reader:
            assert told(reader) == told(self.made)

    # ------------------------------------------------------------------ what must always hold

    def fresh(self) -> Engine:
        """Return an engine that is loaded from the dictionaries alone."""
        made = engine()
        ties = [tie for tie in self.ties.values() if {tie.person_id, tie.other_id} <= self.people.keys()]
        people = [self._allowed(each) for each in self.people.values()]
        made.load(people, self.groups.values(), relationships=ties, consents=self.consents.values())
        for pause in self.pauses.values():
            made.upsert(pause)
        return made

    def _allowed(self, person: Person) -> Person:
        held = self.consents.get(person.id)
        consents = held is not None and held.withdrawn_at is None
        return person if consents else person.model_copy(update={"attributes": ()})

    @invariant()
    def everybody_is_told_what_a_fresh_engine_tells(self) -> None:
        """Whom and what each person may be pointed to; between two loads words keep the weights they had."""
        if hasattr(self, "made"):
            assert told(self.made) == told(self.fresh())

    @invariant()
    def nearest_texts_are_those_of_brute_force(self) -> None:
        if not hasattr(self, "made"):
            return
        index = self.made._pool.indexes["people.offers"]
        held = index.state()
        if not len(held["ids"]):
            return
        query = held["vectors"][:1]
        values = np.vecdot(held["vectors"], query)
        hits = index.search(query, 5)
        assert hits.ids.tolist() == held["ids"][np.lexsort((held["ids"], -values))][:5].tolist()

    def teardown(self) -> None:
        if hasattr(self, "made"):
            self.made.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def told(made: Engine) -> list[Any]:
    """Return who takes part, with which free places, and who may be pointed to whom and what."""
    asking, giving, places = made.members("mentor")
    found = [made.suggest_many(sorted(asking), kind, 20) for kind in ("mentor", "group")]
    return [sorted(asking), sorted(giving), places] + [
        {who: sorted(s.candidate_id for s in of) for who, of in each.items()} for each in found
    ]


def scores(made: Engine) -> list[Any]:
    """Return everything that people are told, in its order and to the last digit."""
    asking = sorted(made.members("mentor").requesters)
    found = [made.suggest_many(asking, kind, 20) for kind in ("mentor", "group")]
    return [s.model_dump_json() for each in found for of in each.values() for s in of]


@pytest.mark.parametrize(("runs", "steps"), [(10, 25), pytest.param(100, 50, marks=pytest.mark.slow)])
def test_a_programme_over_a_store_is_what_was_sent_to_it(runs: int, steps: int) -> None:
    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(LongLife, settings=chosen)
