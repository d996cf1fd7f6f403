"""Every hook is documented, called as it says, and has a test of its name (architecture.md section 4)."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

import matchengine as me
from matchengine import hookspecs
from matchengine.batch import FloatArray
from matchengine.components import ComponentSpec, specs_in
from tests.registry import test_manager
from tests.support import engine, mentee, mentor

HOOKS = [name for name in vars(hookspecs) if name.startswith("matchengine_")]


@me.scorer("flat", block="relate", says="as flat as it gets")
def flat(requester_career_stage: FloatArray) -> FloatArray:
    """Give everybody one half."""
    return np.full(len(requester_career_stage), 0.5)


class Offering:
    """A plugin that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    @me.hookimpl
    def matchengine_components(self) -> Iterable[ComponentSpec]:
        """Offer one scorer."""
        self.asked += 1
        return specs_in(flat)


class Observing:
    """A plugin that keeps what it sees."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    @me.hookimpl
    def matchengine_run_finished(self, result: Any) -> None:
        """Keep it."""
        self.seen.append(result)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_docstring_and_a_test_of_its_name(name: str) -> None:
    assert len(inspect.getdoc(getattr(hookspecs, name)) or "") > 30
    assert f"test_{name}" in " ".join([*globals(), *vars(test_manager)])
    assert name in hookspecs.__all__


def test_matchengine_components_reach_the_registry_once() -> None:
    plugin = Offering()
    made = engine('[match.mentor.scorers.level]\nuse = "flat"\n', [plugin])
    assert made.registry.scorer("flat").build is flat
    made.load([mentee("a"), mentor("m")])
    (only,) = made.suggest("a", "mentor")
    assert [r.text for r in only.reasons if r.scorer == "level"] == ["As flat as it gets."]
    assert plugin.asked == 1
    assert made.fingerprint().plugins["Offering"]


def test_matchengine_run_finished_receives_what_was_suggested() -> None:
    plugin = Observing()
    made = engine(plugins=[plugin])
    made.load([mentee("a"), mentor("m"), mentor("n")])
    got = made.suggest("a", "mentor")
    assert len(got) == 2
    assert [list(seen) for seen in plugin.seen] == [got]


def test_matchengine_run_finished_cannot_change_the_result() -> None:
    class Meddling:
        """Tries everything."""

        tried = 0

        @me.hookimpl
        def matchengine_run_finished(self, result: Any) -> Any:
            """Meddle."""
            for attempt in (
                lambda: result.clear(),
                lambda: result.__setitem__(0, None),
                lambda: setattr(result[0], "score", 0.0),
                lambda: result[0].reasons.__setitem__(0, None),
            ):
                try:
                    attempt()
                except (AttributeError, TypeError, ValidationError):
                    Meddling.tried += 1
            return []

    people = [mentee("a"), mentor("m")]
    plain, watched = engine(), engine(plugins=[Meddling()])
    plain.load(people)
    watched.load(people)
    got = watched.suggest("a", "mentor")
    assert Meddling.tried == 4
    assert got == plain.suggest("a", "mentor")


def test_matchengine_run_finished_cannot_change_the_blocks() -> None:
    class Meddling:
        """Writes into a dict of a frozen record."""

        @me.hookimpl
        def matchengine_run_finished(self, result: Any) -> None:
            """Meddle."""
            with suppress(TypeError):
                result[0].blocks["need"] = 0.0

    people = [mentee("a"), mentor("m")]
    plain, watched = engine(), engine(plugins=[Meddling()])
    plain.load(people)
    watched.load(people)
    assert watched.suggest("a", "mentor") == plain.suggest("a", "mentor")


def test_matchengine_run_finished_fires_once_per_call() -> None:
    plugin = Observing()
    made = engine(plugins=[plugin])
    made.load([mentee("a"), mentee("b"), mentee("c"), mentor("m")])
    made.suggest_many(["a", "b", "c"], "mentor")
    assert len(plugin.seen) == 1
    assert [s.requester_id for s in plugin.seen[0]] == ["a", "b", "c"]


def test_hooks_never_fire_while_pairs_are_scored() -> None:
    calls: list[str] = []
    made = engine(plugins=[Observing()])
    made.registry.manager.add_hookcall_monitoring(lambda name, *_: calls.append(name), lambda *_: None)
    made.load([mentee("a"), *(mentor(f"m{n}") for n in range(40))])
    assert calls == []
    made.suggest("a", "mentor", 40)
    assert calls == ["matchengine_run_finished"]


def test_a_misspelt_hook_names_the_plugin() -> None:
    class Typo:
        """Means run_finished."""

        @me.hookimpl
        def matchengine_run_finish(self, result: Any) -> None:
            """Never called."""

    with pytest.raises(me.MatchEngineError, match="Typo") as caught:
        engine(plugins=[Typo()])
    assert "matchengine_run_finish" in str(caught.value)


def test_a_hook_with_a_wrong_argument_names_the_plugin() -> None:
    class Wrong:
        """Asks for what the hook does not give."""

        @me.hookimpl
        def matchengine_run_finished(self, results: Any) -> None:
            """Never called."""

    with pytest.raises(me.MatchEngineError, match="Wrong"):
        engine(plugins=[Wrong()])


def test_what_is_not_a_component_is_refused_by_name() -> None:
    class Careless:
        """Offers a plain function."""

        @me.hookimpl
        def matchengine_components(self) -> list[Any]:
            """Offer it."""
            return [flat]

    with pytest.raises(me.MatchEngineError, match=r"Careless.*function.*ComponentSpec"):
        engine(plugins=[Careless()])


def test_a_plugin_needs_no_marker() -> None:
    told: list[Any] = []

    class Unmarked:
        """Functions with the names of hooks are hooks."""

        def matchengine_components(self) -> list[Any]:
            """Offer."""
            return list(specs_in(flat))

        def matchengine_run_finished(self, result: Any) -> None:
            """Called once."""
            told.append(result)

    made = engine(plugins=[Unmarked()])
    made.load([mentee("a"), mentor("m")])
    assert [made.suggest("a", "mentor")] == [list(result) for result in told]
