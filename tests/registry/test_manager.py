"""Hooks: their names and arguments, who implements them, and what is told when one is misspelt or fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import matchengine as me
from matchengine import hookspecs
from matchengine.errors import PluginError
from matchengine.registry import Registry
from tests.docs.pages import DOCS
from tests.support import engine, mentee, mentor

SIGNATURES = {
    "matchengine_components": "matchengine_components() -> Iterable[ComponentSpec]",
    "matchengine_run_finished": "matchengine_run_finished(result: Sequence[Suggestion]) -> None",
    "matchengine_commands": "matchengine_commands(cli: CommandLine) -> None",
    "matchengine_routes": "matchengine_routes(app: Any) -> None",
}
"""What authors write against: a change breaks their plugins."""


def plugin(name: str = "mine", **hooks: Callable[..., Any]) -> Any:
    """Return a plugin with these hooks."""
    return SimpleNamespace(__name__=name, **hooks)


def test_there_are_four_hooks() -> None:
    marked = [name for name, thing in vars(hookspecs).items() if hasattr(thing, "matchengine_spec")]
    assert sorted(marked) == sorted(hookspecs.HOOKS) == sorted(SIGNATURES)


@pytest.mark.parametrize("name", hookspecs.HOOKS)
def test_a_hook_is_called_as_it_always_was(name: str) -> None:
    assert hookspecs.signature(name) == SIGNATURES[name]


@pytest.mark.parametrize("name", hookspecs.HOOKS)
def test_the_plugin_page_tells_of_every_hook_as_it_is_called(name: str) -> None:
    page = (DOCS / "plugins.md").read_text(encoding="utf-8")
    assert hookspecs.signature(name) in page
    assert (inspect.getdoc(getattr(hookspecs, name)) or "-").partition("\n")[0] in page


def test_matchengine_routes_receives_the_application_of_the_host() -> None:
    class App:
        """Stands for any web framework."""

        def __init__(self) -> None:
            self.paths: list[str] = []

        def get(self, path: str) -> Callable[[Any], Any]:
            """Register a function under a path."""
            self.paths.append(path)
            return lambda function: function

    made = engine(
        plugins=[
            plugin("first", matchengine_routes=lambda app: app.get("/first")(print)),
            plugin("second", matchengine_routes=lambda app: app.get("/second")(print)),
        ]
    )
    app = App()
    made.registry.routes(app)
    assert app.paths == ["/first", "/second"]
    made.registry.routes(other := App())
    assert other.paths == ["/first", "/second"]


def test_matchengine_routes_without_a_plugin_touch_nothing() -> None:
    engine().registry.routes(None)


def test_matchengine_commands_receive_what_they_add_to() -> None:
    told: list[tuple[Any, ...]] = []
    line: Any = SimpleNamespace(add=lambda *given: told.append(given))
    Registry([], [plugin(matchengine_commands=lambda cli: cli.add("count", "count people", print))]).commands(line)
    assert told == [("count", "count people", print)]


@pytest.mark.parametrize(
    ("hook", "call"),
    [
        ("matchengine_routes", lambda made: made.registry.routes(None)),
        ("matchengine_commands", lambda made: made.registry.commands(None)),
        ("matchengine_run_finished", lambda made: made.suggest("a", "mentor")),
    ],
)
@pytest.mark.parametrize("error", [ValueError("Ana Secret"), SystemExit("Ana Secret")], ids=["raises", "exits"])
def test_a_hook_that_fails_is_named_and_its_words_are_not_repeated(
    hook: str, call: Callable[[me.Engine], Any], error: BaseException
) -> None:
    def fails(**given: Any) -> None:
        raise error

    hooks = {
        "matchengine_routes": lambda app: fails(app=app),
        "matchengine_commands": lambda cli: fails(cli=cli),
        "matchengine_run_finished": lambda result: fails(result=result),
    }
    calm = plugin("calm", **{hook: lambda: None})
    made = engine(plugins=[calm, plugin("guilty", **{hook: hooks[hook]})])
    made.load([mentee("a"), mentor("m")])
    with pytest.raises(PluginError, match="'guilty'") as caught:
        call(made)
    assert "Secret" not in str(caught.value)
    assert "calm" not in str(caught.value)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("matchengine_component", "matchengine_components()"),
        ("matchengine_run_finish", "matchengine_run_finished(result: Sequence[Suggestion])"),
        ("matchengine_command", "matchengine_commands(cli"),
        ("matchengine_route", "matchengine_routes(app"),
        ("matchengine_before_everything", "matchengine_components()"),
    ],
)
@pytest.mark.parametrize("mark", [lambda f: f, me.hookimpl], ids=["plain", "marked"])
def test_a_misspelt_hook_is_refused_with_the_one_that_was_meant(misspelt: str, meant: str, mark: Any) -> None:
    def hook() -> list[Any]:
        """Do nothing."""
        return []

    with pytest.raises(PluginError, match=f"'mine'.*{misspelt}.*did you mean") as caught:
        Registry([], [plugin(**{misspelt: mark(hook)})])
    assert meant in str(caught.value)


def test_a_name_that_is_no_function_is_no_hook() -> None:
    assert Registry([], [plugin(matchengine_version="3")]).plugins[0].hooks == ()


def test_a_hook_that_asks_for_what_is_not_given_is_refused() -> None:
    with pytest.raises(PluginError, match=r"'mine'.*\{'application'\}"):
        Registry([], [plugin(matchengine_routes=lambda application: None)])


def test_a_hook_may_take_fewer_arguments() -> None:
    seen: list[int] = []
    Registry([], [plugin(matchengine_routes=lambda: seen.append(1))]).routes(object())
    assert seen == [1]


def test_a_hook_that_wraps_those_of_others_is_refused() -> None:
    @me.hookimpl(wrapper=True)
    def wraps(app: Any) -> Any:
        """Stand around the others."""
        return (yield)

    with pytest.raises(PluginError, match=r"'mine'.*cannot be wrapped"):
        Registry([], [plugin(matchengine_routes=wraps)])


def test_one_object_cannot_be_two_plugins() -> None:
    one = plugin()
    with pytest.raises(PluginError, match=r"two plugins are named 'mine'"):
        Registry([], [one, one])


def test_a_registry_tells_what_it_holds() -> None:
    registry = Registry(["builtin"], [plugin(matchengine_routes=lambda app: None)])
    builtin, mine = registry.plugins
    assert (builtin.name, builtin.hooks) == ("builtin", ("matchengine_components",))
    assert {spec.name for spec in builtin.components} >= {"feasibility", "numpy"}
    assert (mine.version, mine.origin, mine.hooks) == ("in code", "in code", ("matchengine_routes",))
    assert registry.owner(registry.scorer("feasibility")) == "builtin"
    assert list(registry.versions) == ["builtin", "mine"]
