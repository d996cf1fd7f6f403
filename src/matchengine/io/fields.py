"""The one table of everything a column can map to; the mapping guide is generated from it.

`TABLES` maps what a file can hold to its table, and each table a target name (`offers`, `place.country`) to its
`Target`. The name `attributes.<dimension>` stands for any dimension the programme names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from matchengine.i18n import N_
from matchengine.io.gathering_fields import EVENTS, GROUPS, ORGANISATIONS, PROJECTS, RESOURCES
from matchengine.io.shared_targets import (
    CADENCE,
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
from matchengine.io.targets import Reads, Target
from matchengine.records import vocabulary as v

__all__ = ["ANY_ATTRIBUTE", "GROUPS", "PEOPLE", "RELATIONSHIPS", "TABLES", "Reads", "Target", "find_target"]

_ROLES = words(v.Role)
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
PEOPLE: dict[str, Target] = table_of(
    Target("id", "id", N_("the programme's own id: 1 to 64 characters without spaces, never an e-mail")),
    (Target(f"contact.{name}", kind, doc, hidden=True) for name, kind, doc in _CONTACT),
    Target("roles", "word", N_("what the person takes part as"), _ROLES, "roles", many=True),
    Target("capacity", "capacity", N_("places for new matches, 0 = paused; for the row's own giving role"), high=20),
    (Target(f"capacity.{role}", "integer", N_("places as {part}, 0 = paused"), high=20) for role in _ROLES),
    TEXT_LANGUAGE,
    TIME_ZONE,
    replace(
        TEXT_ITEM,
        name="goals",
        doc=N_("what the person wants to reach, each up to 400 characters"),
        cap=5,
        commas=False,
        parts=("kind", "horizon", "priority", "baseline", "target", "language"),
    ),
    replace(
        TEXT_ITEM,
        name="offers",
        doc=N_("what the person can give: 'Excel (advanced); public speaking'"),
        cap=10,
        qualifier="level",
        parts=("level", "concept", "can_teach", "language"),
    ),
    replace(
        TEXT_ITEM,
        name="wants",
        doc=N_("what the person would like to learn: 'Python (beginner)'"),
        cap=10,
        qualifier="level",
        parts=("level", "concept", "language"),
    ),
    Target(
        "past_work",
        "text",
        N_("what the person did before, the latest first; each up to 400 characters, without the names of others"),
        many=True,
        cap=30,
        commas=False,
        names_masked=True,
    ),
    replace(TEXT_ITEM, name="interests", doc=N_("what the person likes"), cap=8, parts=("tag", "language")),
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
    LANGUAGES,
    Target(
        "availability",
        "slots",
        N_("recurring free time: 'Tue 18:00-20:00; Sat morning'"),
        many=True,
        cap=30,
        commas=False,
    ),
    CADENCE,
    MODES,
    PLACES,
    Target("support_mode", "word", N_("one to one, group or both"), words(v.SupportMode), "support_mode"),
    Target("framing_preference", "word", N_("framing of groups"), words(v.FramingPreference)),
    Target("comfort_rung", "integer", N_("exposure ladder, 0 to 4"), high=4),
    Target("visits", "integer", N_("visits to groups that felt all right"), high=1000),
    (
        Target(
            f"network.{name}",
            "tie",
            N_("contacts in this part of the network, and in brackets how important more of them are: '3 (0.8)'"),
            parts=("importance",),
        )
        for name in v.NETWORK_CATEGORIES
    ),
    Target("network.goal", "word", N_("what the person wants from a wider network"), words(v.NetworkGoalKind)),
    Target("network.status", "word", N_("how far the network map is"), words(v.NetworkStatus)),
    Target("network", "record", N_("a network record (JSON Lines and DataFrames only)")),
    Target(
        "opportunities",
        "text",
        N_("what the person aims for and would like to be put forward for"),
        many=True,
        cap=5,
        commas=False,
        names_masked=True,
    ),
    Target(
        "influence",
        "text",
        N_("where the person can open doors for others"),
        many=True,
        cap=10,
        commas=False,
        names_masked=True,
    ),
    Target("sponsoring", "word", N_("what a sponsor is willing to do"), words(v.Sponsoring), "sponsoring"),
    Target("time_balance", "decimal", N_("balance of hours in skill exchanges, from -5 to 5"), low=-5, high=5),
    Target("visibility", "word", N_("who may see the profile"), words(v.Visibility)),
    Target("safety_needs", "word", N_("what a group must offer"), words(v.SafetyItem), many=True, hidden=True),
    Target("norm_needs", "word", N_("norms a group must keep"), words(v.GroupNorm), many=True, hidden=True),
    Target("training_done", "short_text", N_("trainings completed"), many=True, cap=10),
    yes_no(
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
        words(v.GroupKind),
        many=True,
        cap=50,
        hidden=True,
    ),
    Target("boundaries.venue", "boundary", N_("venues to avoid"), words(v.VenueType), many=True, cap=50, hidden=True),
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
    Target("vetting.status", "word", N_("vetting, as the programme recorded it"), words(v.VettingStatus)),
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
        words(v.BarrierKind),
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
        parts=("strength", "must"),
        hidden=True,
        sensitive=True,
    ),
    Target(
        "joint_wishes",
        "joint_wish",
        N_("two or three dimensions to share at once: 'gender + migration'; the consent for wishes covers it"),
        many=True,
        cap=3,
        commas=False,
        hidden=True,
        sensitive=True,
    ),
    Target(
        "anchors",
        "short_text",
        N_("communities in which the person feels at home"),
        many=True,
        cap=5,
        hidden=True,
        sensitive=True,
        commas=False,
    ),
)
ANY_ATTRIBUTE = Target(
    "attributes.", "attribute", N_("one self-described attribute"), many=True, cap=20, hidden=True, sensitive=True
)

RELATIONSHIPS: dict[str, Target] = table_of(
    Target("person_id", "reference", N_("id or e-mail of the person; the mentee of a mentoring pair"), hidden=True),
    Target(
        "other_id",
        "reference",
        N_("id or e-mail of the other; the mentor of a mentoring pair, or the group"),
        hidden=True,
    ),
    Target("kind", "word", N_("kind of tie"), words(v.RelationshipKind), "relationship_kind"),
    Target("status", "word", N_("status"), words(v.RelationshipStatus), "relationship_status"),
    Target("started", "date", N_("first day")),
    Target("ends", "date", N_("last day")),
    CADENCE,
    Target("goals", "text", N_("goals of the pair"), many=True, cap=5, commas=False),
    Target("anchor_of", "id", N_("group in which the other is the person's anchor")),
    yes_no(("do_not_rematch", N_("never to be matched again"))),
    Target("decided_by", "reference", N_("id or e-mail of who decided on a sponsorship"), hidden=True),
    Target("decided_on", "date", N_("day of that decision")),
)

_RATINGS = (
    ("satisfaction", N_("how content the person is, 1 to 5")),
    ("helpfulness", N_("how helpful it is, 1 to 5")),
    ("trust", N_("how much trust there is, 1 to 5")),
    ("goal_progress", N_("how far the goals have come, 1 to 5")),
    ("felt_safe", N_("how safe it felt, 1 to 5")),
)
FEEDBACK: dict[str, Target] = table_of(
    Target("about_id", "id", N_("id of the match or gathering the answer is about"), hidden=True),
    Target("wave", "word", N_("when it was asked"), words(v.FeedbackWave)),
    Target("perspective", "word", N_("who answers"), words(v.FeedbackPerspective)),
    Target("person_id", "reference", N_("id or e-mail of who answers; none for anonymous answers"), hidden=True),
    yes_no(("anonymous", N_("the answer carries no name"))),
    (Target(f"items.{name}", "integer", doc, low=1, high=5) for name, doc in _RATINGS),
    yes_no(
        ("items.not_for_me", N_("not for this person; no reason is needed")),
        ("items.felt_unsafe", N_("it felt unsafe")),
        ("items.felt_competitive", N_("it felt like a competition")),
    ),
    Target("items", "record", N_("a record of answers (JSON Lines and DataFrames only)")),
    Target("instrument", "short_text", N_("name of the questionnaire")),
    Target("licence_note", "text", N_("licence of the questionnaire")),
    Target("given_at", "moment", N_("day and time of the answer")),
)

TABLES: dict[Reads, Mapping[str, Target]] = {
    "people": PEOPLE,
    "groups": GROUPS,
    "events": EVENTS,
    "resources": RESOURCES,
    "projects": PROJECTS,
    "organisations": ORGANISATIONS,
    "relationships": RELATIONSHIPS,
    "feedback": FEEDBACK,
}
_DIMENSION = re.compile(r"attributes\.[a-z][a-z0-9_-]{0,39}")


def find_target(name: str, reads: Reads) -> Target | None:
    """Return the target of that name, or None."""
    found = TABLES[reads].get(name)
    if found is None and reads == "people" and _DIMENSION.fullmatch(name):
        return replace(ANY_ATTRIBUTE, name=name)
    return found
