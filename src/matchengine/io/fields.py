"""The one table of everything a column can map to; the mapping guide is generated from it.

`PEOPLE`, `GROUPS` and `RELATIONSHIPS` map a target name (`offers`, `place.country`) to its `Target`. The name
`attributes.<dimension>` stands for any dimension the programme names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

from matchengine.i18n import N_
from matchengine.io.targets import Reads, Target
from matchengine.records import vocabulary as v

__all__ = ["ANY_ATTRIBUTE", "GROUPS", "PEOPLE", "RELATIONSHIPS", "TABLES", "Reads", "Target", "find_target"]


def _words(literal: Any) -> tuple[str, ...]:
    return get_args(literal)


def _table(*targets: Target | Iterable[Target]) -> dict[str, Target]:
    flat: list[Target] = []
    for target in targets:
        flat += [target] if isinstance(target, Target) else list(target)
    return {target.name: target for target in flat}


def _yes_no(*pairs: tuple[str, str]) -> Iterator[Target]:
    return (Target(name, "yes_no", doc) for name, doc in pairs)


_ROLES = _words(v.Role)
_MODES = Target("modes", "word", N_("ways of meeting"), _words(v.Mode), "modes", many=True)
_LANGUAGES = Target(
    "languages",
    "language",
    N_("languages with their level: 'English (C1); Spanish (native)'"),
    many=True,
    cap=12,
    qualifier="level",
    parts=("level", "modality", "wish"),
)
_TIME_ZONE = Target(
    "time_zone", "time_zone", N_("IANA time zone of this row, such as Europe/Madrid; used to read slots")
)
_TEXT_LANGUAGE = Target("text_language", "language_tag", N_("language of the free texts, as a tag or a name"))
_PLACES = (
    Target("place.country", "country", N_("country, as ISO code or name")),
    Target("place.region", "region", N_("ISO 3166-2 code, such as ES-MD")),
    Target("place.area", "short_text", N_("coarse area or town; never a street address")),
    Target("place.geohash", "geohash", N_("geohash; cut to five characters, about 5 km")),
    Target("place.max_travel_minutes", "integer", N_("longest way, in minutes"), high=600),
    Target("place.transport", "word", N_("means of transport"), _words(v.Transport), many=True, cap=5),
    Target("place", "record", N_("a place record (JSON Lines and DataFrames only)")),
)
_CADENCE = (
    Target("cadence.every", "word", N_("how often to meet"), _words(v.CadenceEvery), "cadence"),
    Target("cadence.minutes", "integer", N_("minutes of one meeting"), low=15, high=240),
    Target("cadence", "cadence", N_("how often and how long: 'weekly, 45 min', 'every 2 weeks, 60 min'")),
)
_STYLES = (
    "directive_questioning",
    "structured_spontaneous",
    "task_relationship",
    "written_spoken",
    "challenge_reassure",
)
_CONTACT = (
    ("name", "name", N_("full name; kept in the contacts sheet only")),
    ("first_name", "name", N_("first name; kept in the contacts sheet only")),
    ("last_name", "name", N_("last name; kept in the contacts sheet only")),
    ("email", "email", N_("e-mail address; kept in the contacts sheet only; recognises people")),
    ("phone", "phone", N_("telephone; kept in the contacts sheet only")),
)
_TEXT_ITEM = Target("", "item", "", many=True, names_masked=True)

PEOPLE: dict[str, Target] = _table(
    Target("id", "id", N_("the programme's own id: 1 to 64 characters without spaces, never an e-mail")),
    (Target(f"contact.{name}", kind, doc, hidden=True) for name, kind, doc in _CONTACT),
    Target("roles", "word", N_("what the person takes part as"), _ROLES, "roles", many=True),
    Target("capacity", "integer", N_("places for new matches, 0 = paused; for the row's own giving role"), high=20),
    (Target(f"capacity.{role}", "integer", N_("places as {part}, 0 = paused"), high=20) for role in _ROLES),
    _TEXT_LANGUAGE,
    _TIME_ZONE,
    replace(
        _TEXT_ITEM,
        name="goals",
        doc=N_("what the person wants to reach, each up to 400 characters"),
        cap=5,
        commas=False,
        parts=("kind", "horizon", "priority", "baseline", "target", "language"),
    ),
    replace(
        _TEXT_ITEM,
        name="offers",
        doc=N_("what the person can give: 'Excel (advanced); public speaking'"),
        cap=10,
        qualifier="level",
        parts=("level", "concept", "can_teach", "language"),
    ),
    replace(
        _TEXT_ITEM,
        name="wants",
        doc=N_("what the person would like to learn: 'Python (beginner)'"),
        cap=10,
        qualifier="level",
        parts=("level", "concept", "language"),
    ),
    replace(_TEXT_ITEM, name="interests", doc=N_("what the person likes"), cap=8, parts=("tag", "language")),
    Target("values", "short_text", N_("cards from the programme's list"), many=True, cap=5),
    (Target(f"style.{name}", "integer", N_("slider {part}, from -2 to 2"), low=-2, high=2) for name in _STYLES),
    Target("style", "record", N_("a style record (JSON Lines and DataFrames only)")),
    Target("mentoring_focus", "text", N_("what the mentor wants to help with"), names_masked=True),
    Target("hopes_to_gain", "text", N_("what the person hopes to gain"), names_masked=True),
    Target("career_stage", "word", N_("career stage"), v.CAREER_STAGES, "career_stage"),
    Target(
        "experience",
        "band",
        N_("years of experience, as a number or a band"),
        v.EXPERIENCE_BANDS,
        many=True,
        cap=5,
        parts=("field",),
    ),
    Target("fields", "code", N_("occupation or sector codes such as isco:2512"), many=True, cap=5),
    _LANGUAGES,
    Target(
        "availability",
        "slots",
        N_("recurring free time: 'Tue 18:00-20:00; Sat morning'"),
        many=True,
        cap=30,
        commas=False,
    ),
    _CADENCE,
    _MODES,
    _PLACES,
    Target("support_mode", "word", N_("one to one, group or both"), _words(v.SupportMode), "support_mode"),
    Target("framing_preference", "word", N_("framing of groups"), _words(v.FramingPreference)),
    Target("comfort_rung", "integer", N_("exposure ladder, 0 to 4"), high=4),
    Target("visibility", "word", N_("who may see the profile"), _words(v.Visibility)),
    Target("safety_needs", "word", N_("what a group must offer"), _words(v.SafetyItem), many=True, hidden=True),
    Target("norm_needs", "word", N_("norms a group must keep"), _words(v.GroupNorm), many=True, hidden=True),
    Target("training_done", "short_text", N_("trainings completed"), many=True, cap=10),
    _yes_no(
        ("returning", N_("returns after a break")),
        ("open_to_learn", N_("open to learn from somebody junior")),
        ("adult", N_("attested to be an adult; without it a person matches nobody")),
        ("guardian_consent", N_("a guardian has consented")),
    ),
    Target(
        "boundaries.person", "reference", N_("ids or e-mails of people never to meet"), many=True, cap=50, hidden=True
    ),
    Target(
        "boundaries.group_kind",
        "boundary",
        N_("kinds of group to avoid"),
        _words(v.GroupKind),
        many=True,
        cap=50,
        hidden=True,
    ),
    Target("boundaries.venue", "boundary", N_("venues to avoid"), _words(v.VenueType), many=True, cap=50, hidden=True),
    Target("boundaries.topic", "boundary", N_("topics to avoid"), many=True, cap=50, hidden=True),
    Target(
        "boundaries",
        "boundaries",
        N_("boundaries of several kinds: 'group: advocacy; venue: home; topic: dieting'"),
        many=True,
        cap=50,
        commas=False,
        hidden=True,
    ),
    Target("vetting.status", "word", N_("vetting, as the programme recorded it"), _words(v.VettingStatus)),
    Target("vetting.on", "date", N_("day of the vetting")),
    Target("vetting", "record", N_("a vetting record (JSON Lines and DataFrames only)")),
    Target("household", "id", N_("opaque id shared by one household"), hidden=True),
    Target("line_manager", "reference", N_("id or e-mail of the line manager"), hidden=True),
    Target("max_identity_matches", "integer", N_("most matches on identity"), high=20),
    Target("relationships.mentor", "reference", N_("id or e-mail of the present mentor"), many=True, hidden=True),
    Target("relationships.mentee", "reference", N_("ids or e-mails of present mentees"), many=True, hidden=True),
    Target(
        "relationships.past_mentor", "reference", N_("past mentors, not to be matched again"), many=True, hidden=True
    ),
    Target("relationships.must_not", "reference", N_("people who must never be matched"), many=True, hidden=True),
    Target("pronouns", "pronouns", N_("pronouns, display only"), hidden=True, sensitive=True),
    Target(
        "attributes",
        "record",
        N_("attribute records (JSON Lines and DataFrames only)"),
        many=True,
        cap=20,
        hidden=True,
        sensitive=True,
    ),
    Target(
        "lived_experience",
        "short_text",
        N_("themes of lived experience"),
        many=True,
        cap=10,
        hidden=True,
        sensitive=True,
        commas=False,
    ),
    Target(
        "age_band",
        "age",
        N_("age band, or age in years (only the band is kept)"),
        v.AGE_BANDS,
        hidden=True,
        sensitive=True,
    ),
    Target(
        "barriers",
        "barrier",
        N_("what keeps the person away, with its strength: 'childcare (strong)'"),
        _words(v.BarrierKind),
        many=True,
        cap=14,
        qualifier="strength",
        parts=("strength",),
        hidden=True,
        sensitive=True,
    ),
    Target(
        "wishes",
        "wish",
        N_("dimensions the person wishes to share with a match: 'gender (important)'"),
        many=True,
        cap=10,
        qualifier="strength",
        parts=("strength",),
        hidden=True,
        sensitive=True,
    ),
)
ANY_ATTRIBUTE = Target(
    "attributes.", "attribute", N_("one self-described attribute"), many=True, cap=20, hidden=True, sensitive=True
)

GROUPS: dict[str, Target] = _table(
    Target("id", "id", N_("the programme's own id of the group")),
    Target("title", "short_text", N_("name of the group")),
    Target("kind", "word", N_("kind of group"), _words(v.GroupKind)),
    Target("topics", "text", N_("what the group is about"), many=True, cap=12),
    Target("description", "long_text", N_("description shown to members")),
    _TEXT_LANGUAGE,
    _TIME_ZONE,
    _LANGUAGES,
    Target(
        "schedule.slots",
        "slots",
        N_("when the group meets: 'first Tue of the month 18:00-20:00'"),
        many=True,
        cap=10,
        commas=False,
    ),
    Target("schedule.predictability", "share", N_("how predictable the meetings are, 0 to 1 or percent")),
    Target("schedule", "record", N_("a schedule record (JSON Lines and DataFrames only)")),
    _MODES,
    _PLACES,
    Target("venue_type", "word", N_("kind of venue"), _words(v.VenueType)),
    Target("cost", "word", N_("cost"), _words(v.CostLevel), "cost"),
    Target("norms", "word", N_("norms the group keeps"), _words(v.GroupNorm), many=True),
    Target("intended_for", "short_text", N_("whom the group is meant for"), many=True, cap=10),
    Target(
        "supports",
        "support",
        N_("barriers the group lowers, 0 to 1: 'childcare (0.8); cost (1)'"),
        _words(v.BarrierKind),
        many=True,
        cap=14,
        qualifier="value",
        parts=("value", "source", "on"),
    ),
    Target("safety.items", "word", N_("safety measures"), _words(v.SafetyItem), many=True),
    Target("safety.rules", "text", N_("rules of the group"), many=True, cap=20, commas=False),
    Target("safety.helplines", "id", N_("ids of helpline resources"), many=True, cap=10),
    Target("safety.facilitator_type", "word", N_("who facilitates"), _words(v.FacilitatorType)),
    Target("safety", "record", N_("a safety record (JSON Lines and DataFrames only)")),
    Target("topic_risk", "word", N_("topic risk A, B or C"), _words(v.TopicRisk)),
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
    Target("framing", "word", N_("framing"), _words(v.GroupFraming)),
    Target("style", "short_text", N_("style words"), many=True, cap=10),
    Target("welcome", "short_text", N_("welcome checklist"), many=True, cap=15),
    Target("anchors", "short_text", N_("anchors the group names itself"), many=True, cap=10),
    Target("exposure_level", "integer", N_("exposure ladder, 0 to 4"), high=4),
    Target("newcomers_share", "share", N_("share of newcomers, 0 to 1 or percent")),
    Target("admission", "word", N_("open or closed"), _words(v.Admission)),
    Target("size_now", "integer", N_("members now"), high=100_000),
    Target("size_min", "integer", N_("fewest members"), low=1, high=100_000),
    Target("size_max", "integer", N_("most members"), low=1, high=100_000),
    _yes_no(
        ("step_free", N_("step-free access")),
        ("childcare", N_("childcare offered")),
        ("family_friendly", N_("families welcome")),
        ("transport_help", N_("help with transport")),
        ("safety.confidential", N_("what is said stays in the group")),
        ("safety.listen_only_ok", N_("listening only is fine")),
        ("safety.crisis_protocol", N_("there is a crisis protocol")),
        ("safety.safeguarding_trained", N_("safeguarding training done")),
        ("safety.facilitator_trained", N_("the facilitator is trained")),
        ("beginner_friendly", N_("newcomers welcome")),
        ("activity_first", N_("doing comes before talking")),
        ("regular", N_("meets regularly")),
        ("suspended", N_("takes nobody at present")),
    ),
)

RELATIONSHIPS: dict[str, Target] = _table(
    Target("person_id", "reference", N_("id or e-mail of the person; the mentee of a mentoring pair"), hidden=True),
    Target(
        "other_id",
        "reference",
        N_("id or e-mail of the other; the mentor of a mentoring pair, or the group"),
        hidden=True,
    ),
    Target("kind", "word", N_("kind of tie"), _words(v.RelationshipKind), "relationship_kind"),
    Target("status", "word", N_("status"), _words(v.RelationshipStatus), "relationship_status"),
    Target("started", "date", N_("first day")),
    Target("ends", "date", N_("last day")),
    _CADENCE,
    Target("goals", "text", N_("goals of the pair"), many=True, cap=5, commas=False),
    Target("anchor_of", "id", N_("group in which the other is the person's anchor")),
    _yes_no(("do_not_rematch", N_("never to be matched again"))),
)

TABLES: dict[Reads, Mapping[str, Target]] = {"people": PEOPLE, "groups": GROUPS, "relationships": RELATIONSHIPS}
_DIMENSION = re.compile(r"attributes\.[a-z][a-z0-9_-]{0,39}")


def find_target(name: str, reads: Reads) -> Target | None:
    """Return the target of that name, or None."""
    found = TABLES[reads].get(name)
    if found is None and reads == "people" and _DIMENSION.fullmatch(name):
        return replace(ANY_ATTRIBUTE, name=name)
    return found
