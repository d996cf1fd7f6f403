"""`matchengine check-plugin`: the conformance kit on everything that a plugin offers, without pytest."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator, Sequence

from matchengine.cli.output import Output, paragraph
from matchengine.components import ComponentSpec, ConstraintSpec, ScorerSpec
from matchengine.discovery import load_file
from matchengine.engine import Engine
from matchengine.errors import MatchEngineError, PluginError
from matchengine.i18n import _, ngettext
from matchengine.records import Record
from matchengine.registry import BUILTIN_PLUGINS, PluginInfo, Registry

__all__ = ["PluginChecksDocument", "add_check_plugin", "check_component"]

FAILED = 1
"""Exit status when a check fails."""


class CheckOutcome(Record):
    """One check of one component: what it promises, and what went wrong; empty where it holds."""

    check: str
    promise: str
    problem: str = ""


class CheckedComponent(Record):
    """All checks of one component; none where there are none for its kind."""

    kind: str
    name: str
    checks: tuple[CheckOutcome, ...]


class PluginChecksDocument(Record):
    """`matchengine check-plugin --json`: every check of every component of a plugin."""

    plugin: str
    version: str
    origin: str
    ok: bool
    components: tuple[CheckedComponent, ...]


def add_check_plugin(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `check-plugin`."""
    told = _("name of an installed plugin, or the path of a plugin that is one Python file")
    parser.add_argument("plugin", metavar="NAME|FILE.py", help=told)
    parser.epilog = _("Exit status 1: a check failed.")
    parser.set_defaults(run=_check_plugin)


def _check_plugin(arguments: argparse.Namespace, output: Output) -> int:
    info = _load(arguments.plugin)
    shipped = arguments.plugin in BUILTIN_PLUGINS  # what they give out our own tests look through
    checked = tuple(check_component(spec, artefacts=not shipped) for spec in info.components)
    problems = sum(bool(outcome.problem) for one in checked for outcome in one.checks)
    document = PluginChecksDocument(
        plugin=info.name, version=info.version, origin=info.origin, ok=not problems, components=checked
    )
    output.document(document, "\n".join(_render(info, checked, problems)))
    return FAILED if problems else 0


def _load(given: str) -> PluginInfo:
    """Load one plugin, beside the built-in one, whose names it must not take."""
    if given.endswith(".py"):
        registry = Registry(["builtin"], [load_file(given)])
    else:
        registry = Registry([given] if given in BUILTIN_PLUGINS else ["builtin", given])
    return registry.plugins[-1]


def check_component(spec: ComponentSpec, *, artefacts: bool = False) -> CheckedComponent:
    """Run every check of a component's kind, with its default settings; none where there are none for the kind.

    With `artefacts` a small engine runs with a scorer or constraint, and everything it gives out is looked through.
    """
    from matchengine.testing import check_all, checks_for  # needed by this command alone

    try:
        promises = {check.__name__: _promise(check) for check in checks_for(spec)}
    except PluginError:
        return CheckedComponent(kind=spec.kind, name=spec.name, checks=())
    problems = {failure.check: failure.message for failure in check_all(spec)}
    checks = [_outcome(name, promise, problems.get(name, "")) for name, promise in promises.items()]
    if artefacts and isinstance(spec, ScorerSpec | ConstraintSpec):
        checks.append(_artefacts(spec))
    return CheckedComponent(kind=spec.kind, name=spec.name, checks=tuple(checks))


def _artefacts(spec: ComponentSpec) -> CheckOutcome:
    from matchengine.testing.artefacts import check_artefacts  # needed by this command alone

    problem = ""
    try:
        check_artefacts(spec, Engine)
    except MatchEngineError as error:
        problem = str(error)
    return _outcome(check_artefacts.__name__, _promise(check_artefacts), problem)


def _promise(check: object) -> str:
    return (inspect.getdoc(check) or "").partition("\n")[0]


def _outcome(check: str, promise: str, problem: str) -> CheckOutcome:
    return CheckOutcome(check=check, promise=promise[:400], problem=problem[:4000])


def _render(info: PluginInfo, checked: Sequence[CheckedComponent], problems: int) -> Iterator[str]:
    yield paragraph(_("Plugin {name} {version} ({origin})", name=info.name, version=info.version, origin=info.origin))
    if not checked:
        yield paragraph(_("It offers no components; its hooks: {hooks}.", hooks=", ".join(info.hooks)), "  ")
    for one in checked:
        yield ""
        yield f"{one.kind} {one.name}"
        if not one.checks:
            yield paragraph(_("There are no checks for this kind."), "  ")
        for outcome in one.checks:
            verdict = _("BAD") if outcome.problem else _("ok")
            yield f"  {verdict:<3}  {outcome.check}"
            if outcome.problem:
                yield paragraph(_("expected: {promise}", promise=outcome.promise), " " * 7, " " * 9)
                yield paragraph(_("found: {problem}", problem=outcome.problem), " " * 7, " " * 9)
    total = sum(len(one.checks) for one in checked)
    yield ""
    if problems:
        yield ngettext("{n} check of {total} failed.", "{n} checks of {total} failed.", problems, total=total)
    else:
        yield ngettext("The one check holds.", "All {n} checks hold.", total)
