"""Every assumption of the programme twin: value, range, unit, meaning and where the number comes from.

Nothing here is a fact about your programme. Where a number is anchored in the literature, `source` says in what; all
others say "assumption". `assumptions` gives the table that belongs into every report about invented people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from matchengine.errors import ConfigError
from matchengine.i18n import N_, _, ngettext
from matchengine.records.base import Record, describe_validation

__all__ = ["Assumption", "Knobs", "Shares", "assumptions", "knobs_from"]

ASSUMPTION = N_("assumption")
_SHARE = N_("share")
_LOGIT = N_("log-odds")
_COUNT = N_("count")
Share = Annotated[float, Field(ge=0, le=1)]


class Shares(Record):
    """A share among mentees and among mentors, each 0 to 1."""

    model_config = ConfigDict(strict=True)

    mentees: Share
    mentors: Share


def _knob(default: Any, meaning: str, unit: str = _SHARE, source: str = ASSUMPTION, **limits: Any) -> Any:
    """Declare one assumption; shares lie between 0 and 1 unless `limits` say otherwise."""
    if unit == _SHARE and not limits and not isinstance(default, Shares):
        limits = {"ge": 0.0, "le": 1.0}
    return Field(default, description=meaning, json_schema_extra={"unit": unit, "source": source}, **limits)


def _both(mentees: float, mentors: float) -> Shares:
    return Shares(mentees=mentees, mentors=mentors)


class Knobs(Record):
    """Every assumption of the programme twin; strict, frozen, unknown names refused (see `assumptions`)."""

    model_config = ConfigDict(strict=True)

    # Who takes part.
    mentees: int = _knob(300, N_("mentees"), _COUNT, ge=1, le=20_000)
    mentees_per_mentor: float = _knob(
        2.5, N_("mentees for each mentor"), _COUNT, N_("domain.md H11; assumption"), ge=0.2, le=50
    )
    seats_per_mentor: float = _knob(2.6, N_("mean number of mentees a mentor can take"), _COUNT, ge=1, le=6)
    groups: int = _knob(24, N_("community groups"), _COUNT, ge=0, le=2_000)
    ties_per_100: float = _knob(
        3.0, N_("households and pairs that must not be matched, for each 100 mentees"), _COUNT, ge=0, le=50
    )

    # Circumstances and attributes: smaller shares among mentors.
    migrated: Shares = _knob(_both(0.40, 0.20), N_("moved here from another country"))
    hardship: Shares = _knob(_both(0.35, 0.10), N_("money is tight"))
    caring: Shares = _knob(_both(0.35, 0.25), N_("care for children or relatives"))
    disability: Shares = _knob(_both(0.18, 0.12), N_("live with a disability"))
    woman: Shares = _knob(_both(0.58, 0.52), N_("women"))
    heritage: Shares = _knob(_both(0.35, 0.15), N_("belong to a minority by heritage"))
    orientation: Shares = _knob(_both(0.10, 0.07), N_("are not heterosexual"))
    first_generation: Shares = _knob(_both(0.45, 0.25), N_("first of the family at university"))
    full_time: Shares = _knob(_both(0.40, 0.60), N_("work full time"))
    shifts: Shares = _knob(_both(0.20, 0.08), N_("work in shifts"))

    # What is told, and by whom: never at random.
    disclosure: float = _knob(0.2, N_("log-odds of telling an attribute at middling felt safety"), _LOGIT, ge=-5, le=5)
    disclosure_by_safety: float = _knob(
        1.0, N_("more log-odds of telling for each standard deviation of felt safety"), _LOGIT, ge=0, le=5
    )
    stigma: float = _knob(
        1.0, N_("fewer log-odds of telling where an attribute is often met with contempt"), _LOGIT, ge=0, le=5
    )
    explain_consent: float = _knob(0.4, N_("of those who told an attribute: a match may read it"))
    audit_consent: float = _knob(0.5, N_("of those who told an attribute: it may be counted in fairness checks"))
    barriers_told: float = _knob(0.7, N_("barriers that are told, at middling felt safety"))
    wish_if_it_matters: float = _knob(0.7, N_("wish for shared experience among those who gain much from it"))
    wish_otherwise: float = _knob(0.12, N_("wish for shared experience among all others"))

    # What people write.
    goal_error: float = _knob(0.20, N_("stated goals that are about a neighbouring skill"))
    misleading_goals: float = _knob(0.0, N_("stated goals that are about a skill the person does not need"))
    vague_texts: float = _knob(0.15, N_("texts that name the area and not the skill"))
    overstated_offers: float = _knob(0.10, N_("offers one level above the true one"))
    blank_fields: float = _knob(0.12, N_("voluntary fields left blank"))
    foreign_texts: float = _knob(0.5, N_("texts in the first language, of those whose first language we can write"))
    wordiness: float = _knob(0.6, N_("mean number of sentences that say nothing, for each text"), _COUNT, ge=0, le=3)

    # Time, place and way of meeting.
    video: float = _knob(0.85, N_("meet by video"))
    in_person: float = _knob(0.60, N_("meet in person"))
    city_radius: float = _knob(7.0, N_("half the people live within this distance of the centre"), "km", gt=0, le=200)
    free_slots_untold: float = _knob(0.2, N_("free times that are not told"))

    # Groups.
    supports_unknown: float = _knob(0.45, N_("supports of groups about which nobody has said anything"))
    supports_overstated: float = _knob(0.10, N_("supports of groups that are told better than they are"))
    risk_b: float = _knob(0.2, N_("groups about delicate topics (B)"))
    risk_c: float = _knob(0.08, N_("groups about topics at risk of harmful dynamics (C)"))

    # Hidden traits.
    reaction_strong: float = _knob(
        0.25, N_("people who gain much from help by somebody who shares their experience"), _SHARE,
        N_("order of magnitude: mixed findings on shared identity (Eby et al. 2013)"),
    )  # fmt: skip
    reaction_adverse: float = _knob(0.08, N_("people who rather gain from somebody unlike them"))
    shocks_per_year: float = _knob(0.8, N_("life shocks a person has in a year"), _COUNT, ge=0, le=12)

    # What becomes of a pair.
    weeks: int = _knob(26, N_("planned length of a match"), N_("weeks"), ge=4, le=104)
    meeting_base: float = _knob(-0.1, N_("log-odds that a middling pair meets in a week"), _LOGIT, ge=-5, le=5)
    recent_success: float = _knob(1.2, N_("more log-odds of meeting after good meetings"), _LOGIT, ge=0, le=5)
    quality_pace: float = _knob(0.2, N_("how far one meeting moves a relationship towards what it can become"))
    gain_pace: float = _knob(0.16, N_("how much of what is left to learn a perfect meeting conveys"))
    ending_base: float = _knob(-2.6, N_("log of the weekly hazard of ending, before all else"), "log", ge=-10, le=2)
    ending_by_quality: float = _knob(2.2, N_("fall of that log from the worst to the best quality"), "log", ge=0, le=10)
    ending_by_meetings: float = _knob(
        1.2, N_("fall of that log from never meeting to always meeting"), "log", ge=0, le=10
    )
    ending_by_shock: float = _knob(0.8, N_("rise of that log by a life shock"), "log", ge=0, le=10)
    primary_gain: float = _knob(0.45, N_("weight of skill gain in the primary outcome"))
    primary_bond: float = _knob(0.35, N_("weight of the bond in the primary outcome; what is left is for lasting"))
    programme_effect: float = _knob(
        0.2, N_("effect of a random match against no match, in standard deviations"), "g",
        N_("Hedges g about .21 over 70 youth programmes (Raposa et al. 2019)"), ge=0, le=1,
    )  # fmt: skip
    strength: float = _knob(
        1.0, N_("multiplier on what drives a world; at 1 deep similarity and outcome correlate .4 to .6 in W1"), "x",
        N_("Eby et al. 2013: deep-level similarity and relationship outcomes, .4 to .6"), ge=0, le=3,
    )  # fmt: skip

    # Surveys.
    satisfaction_ceiling: float = _knob(0.9, N_("log-odds by which ratings crowd at the top"), _LOGIT, ge=-3, le=5)
    satisfaction_noise: float = _knob(0.7, N_("standard deviation of noise in a rating"), _LOGIT, ge=0, le=5)
    answering: float = _knob(1.0, N_("log-odds that somebody content answers a survey"), _LOGIT, ge=-5, le=5)
    answering_by_satisfaction: float = _knob(
        0.6, N_("fewer log-odds of answering for each point below content"), _LOGIT, ge=0, le=5
    )

    # What becomes of a visit to a group.
    group_weeks: int = _knob(12, N_("weeks that a group is followed"), N_("weeks"), ge=2, le=104)
    contact_effect: float = _knob(
        1.0, N_("log-odds of a first visit when somebody is expected by a contact"), _LOGIT,
        N_("support in transit to the first session matters (Husk et al. 2020); size: assumption"), ge=0, le=5,
    )  # fmt: skip
    contagion: float = _knob(
        2.5, N_("log-odds by which unsafe moments spread in a group of risk C"), _LOGIT, ge=0, le=10
    )

    @property
    def mentors(self) -> int:
        """Number of mentors that follows from the ratio, at least 1."""
        return max(1, round(self.mentees / self.mentees_per_mentor))


@dataclass(frozen=True)
class Assumption:
    """One row of the table of assumptions: what, how much, what it means, on which scale, from where."""

    name: str
    value: str
    meaning: str
    unit: str
    source: str


def knobs_from(values: Mapping[str, Any]) -> Knobs:
    """Make knobs from a mapping, for example a table of a TOML file.

    Raises
    ------
    ConfigError
        With one sentence for every name that does not exist and every value out of range.
    """
    try:
        return Knobs.model_validate(dict(values))
    except ValidationError as error:
        problems = describe_validation(error, Knobs)
        raise ConfigError(
            ngettext(
                "{n} problem in the assumptions of the simulation",
                "{n} problems in the assumptions of the simulation",
                len(problems),
            ),
            problems,
        ) from None


def assumptions(knobs: Knobs) -> tuple[Assumption, ...]:
    """Return every assumption with its value, in the language of the context: for printing in each report.

    The correlations of the Gaussian copula follow the knobs (see `copula.DEPENDENCIES`).
    """
    from matchengine.simulation.copula import DEPENDENCIES

    rows = []
    for name, field in Knobs.model_fields.items():
        value, extra = getattr(knobs, name), field.json_schema_extra
        told = (
            _("{mentees} of mentees, {mentors} of mentors", mentees=value.mentees, mentors=value.mentors)
            if isinstance(value, Shares)
            else str(value)
        )
        unit, source = (str(extra[key]) for key in ("unit", "source")) if isinstance(extra, dict) else ("", "")
        rows.append(
            Assumption(name, told, *(_(said) if said else "" for said in (field.description or "", unit, source)))
        )
    meaning = N_("correlation of two hidden normal variables behind the records")
    rows += [
        Assumption(f"{one} ~ {other}", f"{value:+.2f}", _(meaning), "r", _(ASSUMPTION))
        for one, other, value in DEPENDENCIES
    ]
    return tuple(rows)
