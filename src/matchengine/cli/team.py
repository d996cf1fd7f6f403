"""`matchengine team`: propose a team for a project, with the roles that nobody covers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from matchengine.cli.locations import add_data
from matchengine.cli.output import Output, paragraph
from matchengine.cli.suggest import open_engine
from matchengine.i18n import _, ngettext
from matchengine.records.team import Team, TeamRole

__all__ = ["add_team"]


def add_team(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `team`."""
    parser.add_argument("project", metavar="PROJECT", help=_("id of the project"))
    told = _("kind of match that suggests projects, as the configuration names it ({default})", default="project")
    parser.add_argument("--kind", default="project", help=told)
    parser.add_argument("--strict", action="store_true", help=_("exit with status 4 when a role stays uncovered"))
    add_data(parser)
    parser.set_defaults(run=_team)


def _team(arguments: argparse.Namespace, output: Output) -> int:
    team = open_engine(arguments).team(arguments.project, arguments.kind)
    output.document(team, "\n".join(_render(team)))
    return 4 if arguments.strict and team.uncovered else 0


def _render(team: Team) -> Iterator[str]:
    """The team in lines of at most 80 columns."""
    yield paragraph(
        _(
            "Team for project {project} (kind: {kind}), a draft until everybody in it agrees. "
            "Roles covered: {share:.0%} by importance and fit.",
            project=team.project_id,
            kind=team.kind,
            share=team.coverage,
        )
    )
    yield from ("", _("Members"))
    for person in team.members:
        more = _("belongs to it already") if person in team.already else ""
        yield f"  {person:<18} {more}".rstrip()
    if not team.members:
        yield "  " + _("(nobody)")
    covered = [role for role in team.roles if role.person_id is not None]
    if covered:
        yield from ("", _("Roles"))
    yield from (paragraph(_role(role), "  ", "    ") for role in covered)
    if team.uncovered:
        yield from ("", _("Nobody covers"))
        yield from (paragraph(text, "  - ", "    ") for text in team.uncovered)
    if team.short_of:
        missing = ngettext(
            "{n} more person is needed for the smallest size of the project.",
            "{n} more people are needed for the smallest size of the project.",
            team.short_of,
        )
        yield from ("", paragraph(missing))


def _role(role: TeamRole) -> str:
    return _("{role}: {person} (fit {fit:.0%})", role=role.text, person=role.person_id, fit=role.fit)
