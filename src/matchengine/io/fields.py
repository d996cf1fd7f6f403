"""The one table of everything a column can map to; the mapping guide is generated from it.

`PEOPLE`, `GROUPS` and `RELATIONSHIPS` map a target name (`offers`, `place.country`) to its `Target`. The name
`attributes.<dimension>` stands for any dimension the programme names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from matchengine.records import vocabulary as v

__all__ = ["ANY_ATTRIBUTE", "GROUPS", "PEOPLE", "RELATIONSHIPS", "TABLES", "Reads", "Target", "find_target"]

Reads = Literal["people", "groups", "relationships"]


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a column can map to.

    Attributes
    ----------
    name : str
        What a mapping writes after `to`.
    kind : str
        How a cell is understood; a key of `values.PARSERS`.
    doc : str
        For the coordinator: what the cell may hold.
    words : tuple of str
        The closed vocabulary, if it has one.
    synonyms : str
        Key of `words.SYNONYMS` with further answers.
    many : bool
        Whether the cell holds a list.
    cap : int or None
        Most entries kept.
    low, high : int
        Bounds of a number.
    commas : bool
        Whether a comma separates entries where the mapping does not say (never for sentences).
    qualifier : str
        The part that brackets fill: `Excel (advanced)`.
    parts : tuple of str
        Parts that `fixed` and `from_columns` may fill.
    hidden : bool
        Whether a report hides the value: contact data, people's ids and whatever is sensitive.
    sensitive : bool
        Whether the column needs its consent column (domain.md B4).
    names_masked : bool
        Whether the owner's own names are masked in it.
    """

    name: str
    kind: str
    doc: str
    words: tuple[str, ...] = ()
    synonyms: str = ""
    many: bool = False
    cap: int | None = None
    low: int = 0
    high: int = 0
    commas: bool = True
    qualifier: str = ""
    parts: tuple[str, ...] = ()
    hidden: bool = False
    sensitive: bool = False
    names_masked: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """Where the value goes in the record."""
        return tuple(self.name.split("."))

    @property
    def dimension(self) -> str:
        """The attribute dimension, for `attributes.<dimension>`."""
        return self.name.partition(".")[2]

    @property
    def is_reference(self) -> bool:
        """Whether the cell names another person, by id or e-mail."""
        return self.kind in {"reference", "group_contact"}


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
_MODES = Target("modes", "word", "ways of meeting", _words(v.Mode), "modes", many=True)
_LANGUAGES = Target(
    "languages",
    "language",
    "languages with their level: 'English (C1); Spanish (native)'",
    many=True,
    cap=12,
    qualifier="level",
    parts=("level", "modality", "wish"),
)
_TIME_ZONE = Target("time_zone", "time_zone", "IANA time zone of this row, such as Europe/Madrid; used to read slots")
_TEXT_LANGUAGE = Target("text_language", "language_tag", "language of the free texts, as a tag or a name")
_PLACES = (
    Target("place.country", "country", "country, as ISO code or name"),
    Target("place.region", "region", "ISO 3166-2 code, such as ES-MD"),
    Target("place.area", "short_text", "coarse area or town; never a street address"),
    Target("place.geohash", "geohash", "geohash; cut to five characters, about 5 km"),
    Target("place.max_travel_minutes", "integer", "longest way, in minutes", high=600),
    Target("place.transport", "word", "means of transport", _words(v.Transport), many=True, cap=5),
    Target("place", "record", "a place record (JSON Lines and DataFrames only)"),
)
_CADENCE = (
    Target("cadence.every", "word", "how often to meet", _words(v.CadenceEvery), "cadence"),
    Target("cadence.minutes", "integer", "minutes of one meeting", low=15, high=240),
    Target("cadence", "cadence", "how often and how long: 'weekly, 45 min', 'every 2 weeks, 60 min'"),
)
_STYLES = (
    "directive_questioning",
    "structured_spontaneous",
    "task_relationship",
    "written_spoken",
    "challenge_reassure",
)
_CONTACT = (
    ("name", "name", "full name; kept in the contacts sheet only"),
    ("first_name", "name", "first name; kept in the contacts sheet only"),
    ("last_name", "name", "last name; kept in the contacts sheet only"),
    ("email", "email", "e-mail address; kept in the contacts sheet only; recognises people"),
    ("phone", "phone", "telephone; kept in the contacts sheet only"),
)
_TEXT_ITEM = Target("", "item", "", many=True, names_masked=True)

PEOPLE: dict[str, Target] = _table(
    Target("id", "id", "the programme's own id: 1 to 64 characters without spaces, never an e-mail"),
    (Target(f"contact.{name}", kind, doc, hidden=True) for name, kind, doc in _CONTACT),
    Target("roles", "word", "what the person takes part as", _ROLES, "roles", many=True),
    Target("capacity", "integer", "places for new matches, 0 = paused; for the row's own giving role", high=20),
    (Target(f"capacity.{role}", "integer", f"places as {role}, 0 = paused", high=20) for role in _ROLES),
    _TEXT_LANGUAGE,
    _TIME_ZONE,
    replace(
        _TEXT_ITEM,
        name="goals",
        doc="what the person wants to reach, each up to 400 characters",
        cap=5,
        commas=False,
        parts=("kind", "horizon", "priority", "baseline", "target", "language"),
    ),
    replace(
        _TEXT_ITEM,
        name="offers",
        doc="what the person can give: 'Excel (advanced); public speaking'",
        cap=10,
        qualifier="level",
        parts=("level", "concept", "can_teach", "language"),
    ),
    replace(
        _TEXT_ITEM,
        name="wants",
        doc="what the person would like to learn: 'Python (beginner)'",
        cap=10,
        qualifier="level",
        parts=("level", "concept", "language"),
    ),
    replace(_TEXT_ITEM, name="interests", doc="what the person likes", cap=8, parts=("tag", "language")),
    Target("values", "short_text", "cards from the programme's list", many=True, cap=5),
    (Target(f"style.{name}", "integer", f"slider {name}, from -2 to 2", low=-2, high=2) for name in _STYLES),
    Target("style", "record", "a style record (JSON Lines and DataFrames only)"),
    Target("mentoring_focus", "text", "what the mentor wants to help with", names_masked=True),
    Target("hopes_to_gain", "text", "what the person hopes to gain", names_masked=True),
    Target("career_stage", "word", "career stage", v.CAREER_STAGES, "career_stage"),
    Target(
        "experience",
        "band",
        "years of experience, as a number or a band",
        v.EXPERIENCE_BANDS,
        many=True,
        cap=5,
        parts=("field",),
    ),
    Target("fields", "code", "occupation or sector codes such as isco:2512", many=True, cap=5),
    _LANGUAGES,
    Target(
        "availability", "slots", "recurring free time: 'Tue 18:00-20:00; Sat morning'", many=True, cap=30, commas=False
    ),
    _CADENCE,
    _MODES,
    _PLACES,
    Target("support_mode", "word", "one to one, group or both", _words(v.SupportMode), "support_mode"),
    Target("framing_preference", "word", "framing of groups", _words(v.FramingPreference)),
    Target("comfort_rung", "integer", "exposure ladder, 0 to 4", high=4),
    Target("visibility", "word", "who may see the profile", _words(v.Visibility)),
    Target("safety_needs", "word", "what a group must offer", _words(v.SafetyItem), many=True, hidden=True),
    Target("norm_needs", "word", "norms a group must keep", _words(v.GroupNorm), many=True, hidden=True),
    Target("training_done", "short_text", "trainings completed", many=True, cap=10),
    _yes_no(
        ("returning", "returns after a break"),
        ("open_to_learn", "open to learn from somebody junior"),
        ("adult", "attested to be an adult; without it a person matches nobody"),
        ("guardian_consent", "a guardian has consented"),
    ),
    Target("boundaries.person", "reference", "ids or e-mails of people never to meet", many=True, cap=50, hidden=True),
    Target(
        "boundaries.group_kind",
        "boundary",
        "kinds of group to avoid",
        _words(v.GroupKind),
        many=True,
        cap=50,
        hidden=True,
    ),
    Target("boundaries.venue", "boundary", "venues to avoid", _words(v.VenueType), many=True, cap=50, hidden=True),
    Target("boundaries.topic", "boundary", "topics to avoid", many=True, cap=50, hidden=True),
    Target(
        "boundaries",
        "boundaries",
        "boundaries of several kinds: 'group: advocacy; venue: home; topic: dieting'",
        many=True,
        cap=50,
        commas=False,
        hidden=True,
    ),
    Target("vetting.status", "word", "vetting, as the programme recorded it", _words(v.VettingStatus)),
    Target("vetting.on", "date", "day of the vetting"),
    Target("vetting", "record", "a vetting record (JSON Lines and DataFrames only)"),
    Target("household", "id", "opaque id shared by one household", hidden=True),
    Target("line_manager", "reference", "id or e-mail of the line manager", hidden=True),
    Target("max_identity_matches", "integer", "most matches on identity", high=20),
    Target("relationships.mentor", "reference", "id or e-mail of the present mentor", many=True, hidden=True),
    Target("relationships.mentee", "reference", "ids or e-mails of present mentees", many=True, hidden=True),
    Target("relationships.past_mentor", "reference", "past mentors, not to be matched again", many=True, hidden=True),
    Target("relationships.must_not", "reference", "people who must never be matched", many=True, hidden=True),
    Target("pronouns", "pronouns", "pronouns, display only", hidden=True, sensitive=True),
    Target(
        "attributes",
        "record",
        "attribute records (JSON Lines and DataFrames only)",
        many=True,
        cap=20,
        hidden=True,
        sensitive=True,
    ),
    Target(
        "lived_experience",
        "short_text",
        "themes of lived experience",
        many=True,
        cap=10,
        hidden=True,
        sensitive=True,
        commas=False,
    ),
    Target(
        "age_band", "age", "age band, or age in years (only the band is kept)", v.AGE_BANDS, hidden=True, sensitive=True
    ),
    Target(
        "barriers",
        "barrier",
        "what keeps the person away, with its strength: 'childcare (strong)'",
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
        "dimensions the person wishes to share with a match: 'gender (important)'",
        many=True,
        cap=10,
        qualifier="strength",
        parts=("strength",),
        hidden=True,
        sensitive=True,
    ),
)
ANY_ATTRIBUTE = Target(
    "attributes.", "attribute", "one self-described attribute", many=True, cap=20, hidden=True, sensitive=True
)

GROUPS: dict[str, Target] = _table(
    Target("id", "id", "the programme's own id of the group"),
    Target("title", "short_text", "name of the group"),
    Target("kind", "word", "kind of group", _words(v.GroupKind)),
    Target("topics", "text", "what the group is about", many=True, cap=12),
    Target("description", "long_text", "description shown to members"),
    _TEXT_LANGUAGE,
    _TIME_ZONE,
    _LANGUAGES,
    Target(
        "schedule.slots",
        "slots",
        "when the group meets: 'first Tue of the month 18:00-20:00'",
        many=True,
        cap=10,
        commas=False,
    ),
    Target("schedule.predictability", "share", "how predictable the meetings are, 0 to 1 or percent"),
    Target("schedule", "record", "a schedule record (JSON Lines and DataFrames only)"),
    _MODES,
    _PLACES,
    Target("venue_type", "word", "kind of venue", _words(v.VenueType)),
    Target("cost", "word", "cost", _words(v.CostLevel), "cost"),
    Target("norms", "word", "norms the group keeps", _words(v.GroupNorm), many=True),
    Target("intended_for", "short_text", "whom the group is meant for", many=True, cap=10),
    Target(
        "supports",
        "support",
        "barriers the group lowers, 0 to 1: 'childcare (0.8); cost (1)'",
        _words(v.BarrierKind),
        many=True,
        cap=14,
        qualifier="value",
        parts=("value", "source", "on"),
    ),
    Target("safety.items", "word", "safety measures", _words(v.SafetyItem), many=True),
    Target("safety.rules", "text", "rules of the group", many=True, cap=20, commas=False),
    Target("safety.helplines", "id", "ids of helpline resources", many=True, cap=10),
    Target("safety.facilitator_type", "word", "who facilitates", _words(v.FacilitatorType)),
    Target("safety", "record", "a safety record (JSON Lines and DataFrames only)"),
    Target("topic_risk", "word", "topic risk A, B or C", _words(v.TopicRisk)),
    Target(
        "contacts", "group_contact", "ids or e-mails of greeters", many=True, cap=10, parts=("consented",), hidden=True
    ),
    Target("how_it_works", "long_text", "what happens at a meeting"),
    Target("framing", "word", "framing", _words(v.GroupFraming)),
    Target("style", "short_text", "style words", many=True, cap=10),
    Target("welcome", "short_text", "welcome checklist", many=True, cap=15),
    Target("anchors", "short_text", "anchors the group names itself", many=True, cap=10),
    Target("exposure_level", "integer", "exposure ladder, 0 to 4", high=4),
    Target("newcomers_share", "share", "share of newcomers, 0 to 1 or percent"),
    Target("admission", "word", "open or closed", _words(v.Admission)),
    Target("size_now", "integer", "members now", high=100_000),
    Target("size_min", "integer", "fewest members", low=1, high=100_000),
    Target("size_max", "integer", "most members", low=1, high=100_000),
    _yes_no(
        ("step_free", "step-free access"),
        ("childcare", "childcare offered"),
        ("family_friendly", "families welcome"),
        ("transport_help", "help with transport"),
        ("safety.confidential", "what is said stays in the group"),
        ("safety.listen_only_ok", "listening only is fine"),
        ("safety.crisis_protocol", "there is a crisis protocol"),
        ("safety.safeguarding_trained", "safeguarding training done"),
        ("safety.facilitator_trained", "the facilitator is trained"),
        ("beginner_friendly", "newcomers welcome"),
        ("activity_first", "doing comes before talking"),
        ("regular", "meets regularly"),
        ("suspended", "takes nobody at present"),
    ),
)

RELATIONSHIPS: dict[str, Target] = _table(
    Target("person_id", "reference", "id or e-mail of the person; the mentee of a mentoring pair", hidden=True),
    Target(
        "other_id", "reference", "id or e-mail of the other; the mentor of a mentoring pair, or the group", hidden=True
    ),
    Target("kind", "word", "kind of tie", _words(v.RelationshipKind), "relationship_kind"),
    Target("status", "word", "status", _words(v.RelationshipStatus), "relationship_status"),
    Target("started", "date", "first day"),
    Target("ends", "date", "last day"),
    _CADENCE,
    Target("goals", "text", "goals of the pair", many=True, cap=5, commas=False),
    Target("anchor_of", "id", "group in which the other is the person's anchor"),
    _yes_no(("do_not_rematch", "never to be matched again")),
)

TABLES: dict[Reads, Mapping[str, Target]] = {"people": PEOPLE, "groups": GROUPS, "relationships": RELATIONSHIPS}
_DIMENSION = re.compile(r"attributes\.[a-z][a-z0-9_-]{0,39}")


def find_target(name: str, reads: Reads) -> Target | None:
    """Return the target of that name, or None."""
    found = TABLES[reads].get(name)
    if found is None and reads == "people" and _DIMENSION.fullmatch(name):
        return replace(ANY_ATTRIBUTE, name=name)
    return found
