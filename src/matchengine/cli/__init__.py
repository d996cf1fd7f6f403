"""The command line: faces translate, they never decide.

Every command takes --json (one document on stdout, diagnostics on stderr), --quiet and --config, and --language before
or after its name (or MATCHENGINE_LANGUAGE in the environment). Those that make an engine take --plugin-file,
--no-plugin and --trace as well, in either place. Exit status: 0 done, 1 a check of a plugin failed, 2 usage or
configuration, 3 data refused, 4 a requirement failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from matchengine.cli import (
    ask,
    assign,
    audit,
    bundle,
    check,
    checks,
    demo,
    evaluate,
    explain,
    groups,
    importing,
    journey,
    kpi,
    learn,
    locations,
    lottery,
    mixer,
    person_rights,
    plugin_check,
    plugin_list,
    plugin_new,
    pulse,
    reminders,
    shadow,
    simulate,
    store,
    suggest,
    supports,
    swaps,
    sync,
    team,
)
from matchengine.cli.files import write_timings
from matchengine.cli.output import Output
from matchengine.cli.parsing import Parser, chosen_language
from matchengine.cli.plugin_commands import PluginCommand, plugin_commands
from matchengine.cli.plugin_options import PluginOptions, add_plugin_options, plugin_options, traced
from matchengine.errors import (
    ConfigError,
    DataError,
    MatchEngineError,
    MissingExtraError,
    PluginError,
    SnapshotError,
    StoreError,
)
from matchengine.i18n import N_, _, speaking
from matchengine.version import __version__

__all__ = ["main", "make_parser"]

_COMMANDS = (
    ("demo", demo.add_demo, N_("import the sample programme and suggest for three people")),
    ("import", importing.add_import, N_("read spreadsheets of people, groups and relationships")),
    ("sync", sync.add_sync, N_("bring a store up to a full roster, and say what changes")),
    ("check", check.add_check, N_("say before matching what will go wrong")),
    ("suggest", suggest.add_suggest, N_("suggest candidates for one person or for everybody")),
    ("explain", explain.add_explain, N_("say why a pair is suggested or not, and what would change it")),
    ("bundle", bundle.add_bundle, N_("suggest one of each type of support to a person")),
    ("ask", ask.add_ask, N_("say which unanswered question of a person is most worth asking")),
    ("journey", journey.add_journey, N_("plan the way of a person into a group, one small step at a time")),
    ("prompts", journey.add_prompts, N_("write sentences to begin a first message with")),
    ("supports", supports.add_supports, N_("say which supports would open which groups to how many people")),
    ("assign", assign.add_assign, N_("decide for everybody at once who is paired with whom")),
    ("swaps", swaps.add_swaps, N_("plan for whom another mentor for a time would be a gain, and who returns when")),
    ("groups", groups.add_groups, N_("form groups that share a time and a language and leave nobody alone")),
    ("mixer", mixer.add_mixer, N_("plan rounds of short meetings in which no two people meet twice")),
    ("shadow", shadow.add_shadow, N_("say which further mentor, skill, language or hour would help most")),
    ("team", team.add_team, N_("propose a team for a project")),
    ("lottery", lottery.add_lottery, N_("give the places of an event by lot")),
    ("reminders", reminders.add_reminders, N_("say who is to be asked how a match goes, and whom to thank")),
    ("person", person_rights.add_person, N_("show, hand over or erase all that is held about a person")),
    ("purge", person_rights.add_purge, N_("delete from a store what its time is over")),
    ("pulse", pulse.add_pulse, N_("say what follows from what people said back")),
    ("eval", evaluate.add_eval, N_("compare strategies on what became of matches, and say which is better")),
    ("simulate", simulate.add_simulate, N_("compare strategies on invented programmes in eight worlds")),
    ("learn", learn.add_learn, N_("learn weights from what people said, and propose them")),
    ("kpi", kpi.add_kpi, N_("tell what became of people and pairs, and what nobody knows")),
    ("show-text", suggest.add_show_text, N_("show exactly what the embedder sees of a person")),
    ("store", store.add_store, N_("say what a store holds, bring it to this version, manage its keys")),
    ("audit", audit.add_audit, N_("check and show the record of who saw, decided, changed and erased what")),
    ("config", checks.add_config, N_("show the effective configuration")),
    ("doctor", checks.add_doctor, N_("check what this installation can do")),
    ("plugins", plugin_list.add_plugins, N_("list plugins, what they offer and what it reads")),
    ("new-plugin", plugin_new.add_new_plugin, N_("write a new plugin: a package with one scorer and its test")),
    ("check-plugin", plugin_check.add_check_plugin, N_("run the conformance checks on all that a plugin offers")),
)
_WITHOUT_PLUGINS = frozenset({"config", "new-plugin", "check-plugin", "kpi", "simulate", "store", "audit"})
"""Commands that do not take the options about plugins; all others open an engine with `open_engine`."""
_STATUS: tuple[tuple[type[MatchEngineError], int], ...] = (
    (MissingExtraError, 4),
    (ConfigError, 2),
    (PluginError, 2),
    (SnapshotError, 3),
    (StoreError, 3),
    (DataError, 3),
)


def make_parser(more: Sequence[PluginCommand] = ()) -> argparse.ArgumentParser:
    """Return the parser of all commands and of `more` that plugins add, in the language of the context."""
    parser = Parser(
        prog="matchengine",
        description=_("Suggest mentors and community groups, with reasons."),
        epilog=_(
            "Exit status: 0 done, 1 a check failed, 2 usage or configuration, 3 data refused, 4 a requirement failed."
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"matchengine {__version__}",
        help=_("show program's version number and exit"),
    )
    add_plugin_options(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, add, summary in _COMMANDS:
        said = _(summary)
        command = commands.add_parser(name, help=said, description=said[0].upper() + said[1:] + ".")
        if name != "config":
            _add_common(command)
        if name not in _WITHOUT_PLUGINS:
            add_plugin_options(command)
        add(command)
        for action in _actions_of(command) if name != "config" else ():
            _add_common(action, argparse.SUPPRESS)
            if name not in _WITHOUT_PLUGINS:
                add_plugin_options(action)
    for extra in more:
        said = extra.summary.replace("%", "%%")
        command = commands.add_parser(extra.name, help=said, description=said)
        _add_common(command)
        locations.add_data(command)
        add_plugin_options(command)
        extra.add(command)
    return parser


def _actions_of(command: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the parsers of the actions that a command has."""
    nested = [each for each in command._actions if isinstance(each, argparse._SubParsersAction)]
    return [parser for each in nested for parser in each.choices.values()]


def _add_common(command: argparse.ArgumentParser, unless_given: Any = None) -> None:
    """Declare what every command takes; an action takes it too, and what stands before the action counts as well."""
    told = _("configuration file, or the name of a shipped one")
    command.add_argument("--config", default=unless_given, help=told)
    flag = False if unless_given is None else unless_given
    command.add_argument("--json", action="store_true", default=flag, help=_("print one JSON document"))
    command.add_argument("--quiet", action="store_true", default=flag, help=_("no diagnostics"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command in the language its arguments choose, and return its exit status."""
    try:
        with speaking(chosen_language(arguments)):
            return _run(arguments)
    except ConfigError as error:
        print(f"matchengine: {error}", file=sys.stderr)
        return 2


def _run(arguments: Sequence[str] | None) -> int:
    options, command = plugin_options(arguments), ""
    try:
        with traced(options):
            parser = make_parser(plugin_commands(options, [name for name, _add, _summary in _COMMANDS]))
            parsed = parser.parse_args(arguments)
            command = " " + " ".join(filter(None, (parsed.command, getattr(parsed, "action", None))))
            _refuse_unused(parser, options, parsed.command)
            parsed.plugin_options = options
            started = time.perf_counter()
            status = int(parsed.run(parsed, Output(json=parsed.json, quiet=parsed.quiet)))
            if getattr(parsed, "timings", None):
                write_timings(parsed.timings, parsed.command, started)
            return status
    except MatchEngineError as error:
        print(f"matchengine{command}: {error}", file=sys.stderr)
        return next((status for kind, status in _STATUS if isinstance(error, kind)), 1)
    except BrokenPipeError:
        return 0


def _refuse_unused(parser: argparse.ArgumentParser, options: PluginOptions, command: str) -> None:
    """Refuse an option that a command would silently ignore."""
    if command in _WITHOUT_PLUGINS and (options.files or options.without):
        parser.error(_("{command} takes neither --plugin-file nor --no-plugin", command=command))
