"""What the columns of lists of groups, events, projects, resources and organisations can map to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matchengine.i18n import N_
from matchengine.io.shared_targets import (
    LANGUAGES,
    MODES,
    PLACES,
    TEXT_ITEM,
    TEXT_LANGUAGE,
    TIME_ZONE,
    table_of,
    words,
    yes_no,
)
from matchengine.io.targets import Target
from matchengine.records import vocabulary as v
from matchengine.records.organisation import OrganisationKind

__all__ = ["EVENTS", "GROUPS", "ORGANISATIONS", "PROJECTS", "RESOURCES"]

_TITLE = Target("title", "short_text", N_("name of the group"))
_ABOUT = (
    Target("topics", "text", N_("what the group is about"), many=True, cap=12),
    Target("description", "long_text", N_("description shown to members")),
    TEXT_LANGUAGE,
)
_PAST_WORK = Target(
    "past_work",
    "text",
    N_("what was done there before, the latest first; each up to 400 characters, without anybody's name"),
    many=True,
    cap=30,
    commas=False,
)
_NUMBERS = (
    Target("size_now", "integer", N_("members now"), high=100_000),
    Target("size_min", "integer", N_("fewest members"), low=1, high=100_000),
    Target("size_max", "integer", N_("most members"), low=1, high=100_000),
)


_WHERE_AND_FOR_WHOM = (
    Target("venue_type", "word", N_("kind of venue"), words(v.VenueType)),
    Target("cost", "word", N_("cost"), words(v.CostLevel), "cost"),
    Target("norms", "word", N_("norms the group keeps"), words(v.GroupNorm), many=True),
    Target("intended_for", "short_text", N_("whom the group is meant for"), many=True, cap=10),
    Target(
        "supports",
        "support",
        N_("barriers the group lowers, 0 to 1: 'childcare (0.8); cost (1)'"),
        words(v.BarrierKind),
        many=True,
        cap=14,
        qualifier="value",
        parts=("value", "source", "on"),
    ),
)
_SAFETY = (
    Target("safety.items", "word", N_("safety measures"), words(v.SafetyItem), many=True),
    Target("safety.rules", "text", N_("rules of the group"), many=True, cap=20, commas=False),
    Target("safety.helplines", "id", N_("ids of helpline resources"), many=True, cap=10),
    Target("safety.facilitator_type", "word", N_("who facilitates"), words(v.FacilitatorType)),
    Target("safety", "record", N_("a safety record (JSON Lines and DataFrames only)")),
    Target("topic_risk", "word", N_("topic risk A, B or C"), words(v.TopicRisk)),
    Target("reviewed_on", "date", N_("last day on which somebody looked into what members said about safety")),
    *yes_no(
        ("safety.confidential", N_("what is said stays in the group")),
        ("safety.listen_only_ok", N_("listening only is fine")),
        ("safety.crisis_protocol", N_("there is a crisis protocol")),
        ("safety.safeguarding_trained", N_("safeguarding training done")),
        ("safety.facilitator_trained", N_("the facilitator is trained")),
    ),
)
_WELCOME = (
    Target(
        "contacts",
        "group_contact",
        N_("ids or e-mails of greeters"),
        many=True,
        cap=10,
        parts=("consented",),
        hidden=True,
    ),
    Target("how_it_works", "long_text", N_("what happens at a meeting")),
    Target("framing", "word", N_("framing"), words(v.GroupFraming)),
    Target("style", "short_text", N_("style words"), many=True, cap=10),
    Target("welcome", "short_text", N_("welcome checklist"), many=True, cap=15),
    Target("anchors", "short_text", N_("anchors the group names itself"), many=True, cap=10),
    Target("exposure_level", "integer", N_("exposure ladder, 0 to 4"), high=4),
    Target("newcomers_share", "share", N_("share of newcomers, 0 to 1 or percent")),
    Target("from_elsewhere", "share", N_("share of members from none of the anchors, 0 to 1 or percent")),
    Target("meeting_point", "text", N_("where somebody meets newcomers")),
    Target("talk_share", "share", N_("share of the time that is free talk, 0 to 1 or percent")),
    *yes_no(
        ("step_free", N_("step-free access")),
        ("childcare", N_("childcare offered")),
        ("family_friendly", N_("families welcome")),
        ("transport_help", N_("help with transport")),
        ("beginner_friendly", N_("newcomers welcome")),
        ("activity_first", N_("doing comes before talking")),
        ("accompanied", N_("somebody can come along or meet newcomers outside")),
        ("try_once", N_("people may come once to try")),
        ("suspended", N_("takes nobody at present")),
    ),
)


def _common(slots: str) -> Iterator[Target]:
    """Return the targets that groups, events and projects share; `slots` says when they meet."""
    yield from (_PAST_WORK, TIME_ZONE, LANGUAGES)
    yield Target("schedule.slots", "slots", slots, many=True, cap=10, commas=False)
    yield Target("schedule.predictability", "share", N_("how predictable the meetings are, 0 to 1 or percent"))
    yield Target("schedule", "record", N_("a schedule record (JSON Lines and DataFrames only)"))
    yield MODES
    yield from PLACES
    yield from _WHERE_AND_FOR_WHOM
    yield from _SAFETY
    yield from _WELCOME


GROUPS: dict[str, Target] = table_of(
    Target("id", "id", N_("the programme's own id of the group")),
    _TITLE,
    Target("kind", "word", N_("kind of group"), words(v.GroupKind)),
    _ABOUT,
    _common(N_("when the group meets: 'first Tue of the month 18:00-20:00'")),
    Target("admission", "word", N_("open or closed"), words(v.Admission)),
    _NUMBERS,
    yes_no(("regular", N_("meets regularly"))),
)

EVENTS: dict[str, Target] = table_of(
    Target("id", "id", N_("the programme's own id of the event")),
    replace(_TITLE, doc=N_("name of the event")),
    Target("kind", "word", N_("kind of event"), words(v.EventKind)),
    _ABOUT,
    Target("start", "moment", N_("day and time at which it starts, such as 2026-04-02 18:30")),
    Target("duration_minutes", "integer", N_("how long it lasts, in minutes"), low=5, high=14 * 24 * 60),
    _common(N_("when a repeated event happens: 'Thu 18:00-20:00'")),
    Target("capacity", "integer", N_("places in all"), high=100_000),
    replace(_NUMBERS[0], doc=N_("people who are coming")),
    yes_no(("pair_invitation", N_("pairs of mentor and mentee are invited together"))),
)

PROJECTS: dict[str, Target] = table_of(
    Target("id", "id", N_("the programme's own id of the project")),
    replace(_TITLE, doc=N_("name of the project")),
    _ABOUT,
    replace(
        TEXT_ITEM,
        name="roles",
        doc=N_("what the project needs somebody for, with the level it takes: 'cutting film (working); subtitles'"),
        cap=12,
        commas=False,
        qualifier="level",
        parts=("level", "importance"),
        names_masked=False,
    ),
    Target("phase", "word", N_("how far it is"), words(v.ProjectPhase), "project_phase"),
    Target("starts", "date", N_("first day")),
    Target("ends", "date", N_("last day")),
    _common(N_("when the team meets: 'Thu 18:00-20:00'")),
    replace(_NUMBERS[1], doc=N_("fewest people in the team"), high=100),
    replace(_NUMBERS[2], doc=N_("most people in the team"), high=100),
    Target("led_by", "reference", N_("id or e-mail of the person who leads it"), hidden=True),
)

RESOURCES: dict[str, Target] = table_of(
    Target("id", "id", N_("the programme's own id of the resource")),
    Target("type", "word", N_("type of resource"), words(v.ResourceType)),
    replace(_TITLE, doc=N_("name of the resource")),
    replace(_ABOUT[0], doc=N_("what the resource is about")),
    _ABOUT[1:],
    LANGUAGES,
    Target("country", "country", N_("country it is for, as ISO code or name")),
    Target("cost", "word", N_("cost"), words(v.CostLevel), "cost"),
    Target("level", "level", N_("level it starts from, 0 none to 4 expert"), v.SKILL_LEVELS, "skill_level"),
    Target("fresh_on", "date", N_("day on which somebody last checked it")),
)

ORGANISATIONS: dict[str, Target] = table_of(
    Target("id", "id", N_("the programme's own id of the organisation")),
    Target("kind", "word", N_("kind of organisation"), words(OrganisationKind), "organisation_kind"),
    replace(_TITLE, doc=N_("name of the organisation")),
    replace(_ABOUT[0], doc=N_("what the organisation is there for")),
    _ABOUT[1:],
    replace(
        _PAST_WORK, doc=N_("what it did before, the latest first; each up to 400 characters, without anybody's name")
    ),
    LANGUAGES,
    MODES,
    PLACES,
    Target("cost", "word", N_("cost"), words(v.CostLevel), "cost"),
    _SAFETY[0],
    Target("safety", "record", N_("a safety record (JSON Lines and DataFrames only)")),
    Target("partners", "short_text", N_("organisations it works with, by id or name"), many=True, cap=20, commas=False),
    Target("reached_by", "text", N_("how anybody reaches it; no person and no e-mail address")),
    Target("fresh_on", "date", N_("day on which somebody last checked it")),
)
