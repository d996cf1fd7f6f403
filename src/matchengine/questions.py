"""The questions one may ask an engine beside "whom do you suggest": why, why not, what will go wrong, what next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from matchengine.config import EngineConfig
from matchengine.contrast.pair import explain_pair, tell_pairs
from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.journey.ask import questions_worth_asking
from matchengine.journey.check_ins import check_ins
from matchengine.journey.generations import gaps
from matchengine.journey.helping import help_checks_of, quietly
from matchengine.journey.invitations import joint_invitations
from matchengine.journey.neighbours import groups_to_start
from matchengine.journey.outreach import outreach_prompts
from matchengine.journey.placement import place
from matchengine.journey.plan import plan_journey
from matchengine.journey.prescriptions import REACHABLE, Arrangements
from matchengine.journey.price import price_of_wishes
from matchengine.journey.pulses import Pulses
from matchengine.journey.referrals import bridges, reads_nothing, referral, untold
from matchengine.journey.ripple import ready_to_mentor
from matchengine.journey.support_report import support_report
from matchengine.journey.suspensions import suspensions
from matchengine.journey.team import team
from matchengine.journey.unmet import unmet_needs
from matchengine.journey.welcome import welcomes
from matchengine.live import answering
from matchengine.matching.constrain import veto_counts
from matchengine.planning.bridges import BRIDGES_A_MONTH
from matchengine.planning.generations import GAP_TARGET, LEAST
from matchengine.planning.reminders import reminders
from matchengine.readiness.check import check
from matchengine.records import (
    CheckIns,
    Circumstances,
    Explanation,
    Feedback,
    Fingerprint,
    GapHistogram,
    JointInvitations,
    Journey,
    MeetingHeld,
    OrganisationBridge,
    OutreachPrompts,
    Placement,
    PriceOfWishes,
    QuestionList,
    Readiness,
    Record,
    Referral,
    Relationship,
    Reminders,
    SmallGroup,
    Suggestion,
    SupportReport,
    ThemeChoice,
    UnmetNeeds,
    Welcome,
)
from matchengine.records.pulse import HelpChecks, Mismatches, OwnPulse, ReadyToMentor, Suspension
from matchengine.records.team import Team
from matchengine.records.vocabulary import Viewer
from matchengine.saying import Saying
from matchengine.scene import Members, Scene
from matchengine.store.documents import KINDS, records_in

__all__ = ["Questions"]

R = TypeVar("R", bound=Record)


class Questions(Saying):
    """What `Engine` answers about the data it holds; it decides nothing and changes nothing."""

    config: EngineConfig

    @answering
    def explain(
        self, requester_id: str, candidate_id: str, kind: str, viewer: Viewer = "requester",
        *, k: int = 5, carried: bool = False,
    ) -> Explanation:  # fmt: skip
        """Explain any pair to a viewer: why it is suggested, or why not, and what would bring it among the first k.

        Members read no numbers; who is absent, blocked or erased reads the same to them. A coordinator gets an
        UnknownIdError for an unknown id. Raises DataError where the requester does not ask for this kind of match.
        `carried` words pass through a coordinator's hands and quote only what coordinators may read too.
        """
        scene = self._scene(kind)
        if reads_nothing(scene, viewer):
            return untold(scene, requester_id, candidate_id)
        return explain_pair(scene, requester_id, candidate_id, viewer, k, carried=carried)

    @answering
    def tell(self, suggestions: Sequence[Suggestion], viewer: Viewer, *, carried: bool = False) -> list[Explanation]:
        """Tell suggestions of one kind, as the data are now, to another viewer, in their order; `carried` as above."""
        if not suggestions:
            return []
        scene = self._scene(suggestions[0].kind)
        if reads_nothing(scene, viewer):
            return [untold(scene, each.requester_id, each.candidate_id) for each in suggestions]
        return tell_pairs(scene, suggestions, viewer, carried=carried)

    @answering
    def members(self, kind: str) -> Members:
        """Return who takes part in a kind of match, on either side, and the free places where they are known."""
        return self._scene(kind).members()

    @answering
    def check(self, kind: str) -> Readiness:
        """Say before matching what will go wrong: supply and demand, thin profiles, rules that leave people nobody."""
        return check(self._scene(kind))

    @answering
    def excluded(self, requester_id: str, kind: str) -> dict[str, int]:
        """Count by constraint the candidates that hard rules rule out; personal ones read `not_available`."""
        scene = self._scene(kind)
        return veto_counts(scene.kind.constraints, *scene.everybody(self._pool.requester_row(requester_id, scene.kind)))

    @answering
    def eligible(self, requester_id: str, kind: str) -> list[str]:
        """Return the ids of all candidates that no hard rule forbids to a person, in order.

        For programmes and evaluations alone: who is missing may tell of somebody's boundary.
        """
        scene = self._scene(kind)
        ids = scene.pool.tables[scene.kind.sides.candidates].ids
        return sorted(ids[row] for row in scene.eligible(scene.pool.requester_row(requester_id, scene.kind)).tolist())

    @answering
    def team(self, project_id: str, kind: str = "project") -> Team:
        """Propose a team for a project: who takes which role, and which roles nobody covers."""
        return team(self._scene(kind), project_id)

    @answering
    def place(
        self, person_id: str, group_id: str, kind: str = "group", *, decided_by: str | None = None,
        decided_on: date | None = None, country: str | None = None, languages: Sequence[str] = (),
    ) -> Placement:  # fmt: skip
        """Check a placement that a person decided, with the helplines to hand over first (domain.md C10, S4-04)."""
        scene = self._scene(kind)
        return place(scene, person_id, group_id, decided_by, decided_on, country=country, languages=languages)

    @answering
    def groups_to_start(self, choices: Sequence[ThemeChoice]) -> tuple[SmallGroup, ...]:
        """Propose small groups of people near by who chose the same theme and opted in (domain.md S4-03)."""
        return groups_to_start(self._pool, choices)

    @answering
    def shown_text(self, person_id: str) -> dict[str, list[str]]:
        """Return, per text field, exactly what the embedder sees of a person."""
        return self._pool.shown_text(person_id)

    @answering
    def gaps(
        self,
        kind: str,
        suggestions: Sequence[Suggestion],
        target: Mapping[float, float] = GAP_TARGET,
        least: int = LEAST,
    ) -> GapHistogram:
        """Say how the years between the people of some suggestions are spread, cells below `least` hidden (C4)."""
        return gaps(self._scene(kind), suggestions, target, least)

    @answering
    def journey(
        self, person_id: str, group_id: str, kind: str = "group", viewer: Viewer = "requester", *,
        today: date | None = None, known: Circumstances | None = None, carried: bool = False,
    ) -> Journey:  # fmt: skip
        """Plan a person's way into a group: first visit, who meets them, what happens after, exactly one next step."""
        told = known or Circumstances()
        return plan_journey(self._scene(kind), person_id, group_id, viewer, today, told, carried=carried)

    @answering
    def prompts(
        self, requester_id: str, candidate_id: str, kind: str = "mentor", *, carried: bool = False
    ) -> OutreachPrompts:
        """Write sentences to begin a first message with, from nothing but what the reader may know."""
        return outreach_prompts(self._scene(kind), requester_id, candidate_id, carried=carried)

    @answering
    def check_ins(self, relationship: Relationship, last_met: date | None, today: date) -> CheckIns:
        """Suggest the next dates of a pair, and say when they have missed two of their periods.

        With `last_met` None the log of meetings says when they last met, where there is a store.
        """
        last = self._last_met(relationship, today) if last_met is None else last_met
        return check_ins(self._pool, relationship, last, today, self.config.programme.time_zone)

    @answering
    def reminders(
        self, relationships: Iterable[Relationship] | None = None, feedback: Iterable[Feedback] | None = None,
        today: date | None = None,
    ) -> Reminders:  # fmt: skip
        """Say who is to be asked how a match goes, on the days that the configuration names (domain.md S2-28).

        Without relationships or feedback those of the store count, of people who are here and take no break.
        """
        ties = relationships if relationships is not None else self._asked_about(self._kept("reminders", Relationship))
        said = feedback if feedback is not None else self._kept("reminders", Feedback)
        return reminders(ties, said, self._day(today), self.config.programme.pulse_days)

    @answering
    def mismatches(self, today: date | None = None) -> Mismatches:
        """Say in which matches the two seem to expect different things, and what to do; needs, not answers (S2-19).

        For coordinators. Drafts: nothing ends a match but people.
        """
        return self._pulses("mismatches", today).mismatches().model_copy(update={"fingerprint": self.fingerprint()})

    @answering
    def own_pulse(self, person_id: str, today: date | None = None) -> tuple[OwnPulse, ...]:
        """Return what a person reads at the latest pulse of each of their matches; none of it is the other's answer."""
        return self._pulses("own_pulse", today).own(person_id)

    @answering
    def ready_to_mentor(self, today: date | None = None) -> tuple[ReadyToMentor, ...]:
        """Return whom to ask, each alone, whether they would like to mentor, and in what (domain.md S2-31)."""
        return ready_to_mentor(self._pool, self._kept("ready_to_mentor", Relationship), self._day(today))

    @answering
    def help_checks(self, today: date | None = None) -> HelpChecks:
        """Return who is to be asked whether what they joined helps, and who is to be offered another one (S4-15)."""
        name = "help_checks"
        records = self._kept(name, Relationship), self._kept(name, Feedback), self._kept(name, MeetingHeld)
        zone = self.config.programme.time_zone
        return help_checks_of(self._pool, records, self._day(today), self._others_like, zone)

    @answering
    def suspended(self) -> tuple[Suspension, ...]:
        """Return what members said felt unsafe or like a competition, for a person to look into (domain.md S4-13)."""
        return suspensions(self._pool)

    @answering
    def supports(
        self, kind: str, candidate_id: str | None = None, *, target: float = REACHABLE,
        arrangements: Arrangements | None = None,
    ) -> SupportReport:  # fmt: skip
        """Say which supports would open which gatherings to how many people; nobody is named (domain.md I1)."""
        return support_report(self._scene(kind), candidate_id=candidate_id, target=target, arrangements=arrangements)

    @answering
    def welcome(self, kind: str, candidate_id: str | None = None) -> list[Welcome]:
        """Say how gatherings welcome newcomers, and what their organisers could add (domain.md S5-22)."""
        return welcomes(self._scene(kind), candidate_id)

    @answering
    def ask(self, person_id: str, kind: str, k: int = 3) -> QuestionList:
        """Return the unanswered questions that would most likely change a person's first three suggestions (I7)."""
        return questions_worth_asking(self._scene(kind), person_id, k)

    @answering
    def invitations(self, kind: str, pairs: Sequence[tuple[str, str]]) -> JointInvitations:
        """Suggest to each pair one event to which both are invited together (domain.md S5-21)."""
        return joint_invitations(self._scene(kind), pairs)

    @answering
    def unmet(self) -> UnmetNeeds:
        """Say for which needs nobody and nothing is there, over all kinds of match (domain.md S5-20)."""
        return unmet_needs({name: self._scene(name) for name in self._kinds})

    @answering
    def price_of_wishes(self, person_id: str, kind: str) -> PriceOfWishes | None:
        """Say, to the person alone, how many options their own demands leave; None where they demand nothing (C2)."""
        scene = self._scene(kind)
        return price_of_wishes(scene, self._pool.requester_row(person_id, scene.kind))

    @answering
    def referral(
        self, person_id: str, organisation_id: str, agreed: bool, kind: str = "organisation", *,
        topic: str | None = None,
    ) -> Referral:  # fmt: skip
        """Return what may be handed to an organisation about somebody who agreed: nothing about them (S3-06)."""
        return referral(self._scene(kind), person_id, organisation_id, agreed, topic=topic)

    @answering
    def bridges(
        self, person_id: str, kind: str = "organisation", most: int = BRIDGES_A_MONTH
    ) -> tuple[OrganisationBridge, ...]:
        """Return organisations that work with one that fits a person, for the person and the coordinator (S3-06)."""
        return bridges(self._scene(kind), person_id, most)

    if TYPE_CHECKING:  # an engine knows how

        def fingerprint(self) -> Fingerprint: ...
        def suggest(self, requester_id: str, kind: str, k: int = 5, viewer: Viewer = ...) -> list[Suggestion]: ...

    def _others_like(self, person_id: str, table: str) -> list[Suggestion]:
        """Suggestions for a person of every kind of match that points to a table, as a coordinator reads them."""
        found: list[Suggestion] = []
        for name in [name for name, kind in self._kinds.items() if kind.sides.candidates == table]:
            found += quietly(partial(self.suggest, person_id, name, 5, "coordinator"))
        return found

    def _pulses(self, name: str, today: date | None) -> Pulses:
        records = self._kept(name, Relationship), self._kept(name, Feedback), self._kept(name, MeetingHeld)
        rounds = {self.config.match[each.match].candidate for each in self.config.swaps.values()}
        swaps = frozenset({"mentoring"} if "mentor" in rounds else ())
        return Pulses.of(self._pool, records, self._day(today), self.config.programme.pulse_days, swaps=swaps)

    def _asked_about(self, ties: Iterable[Relationship]) -> list[Relationship]:
        """Ties whose two sides are here; nobody is asked in a break, nor about what is not here any more."""
        pool = self._pool
        people, here = pool.tables["people"].row_of, pool.members("people", None)
        resting = {one for one, row in people.items() if not here[row]}
        known = people.keys() | {one for cards in pool.cards.values() for one in cards}
        return [t for t in ties if not resting & {t.person_id, t.other_id} and {t.person_id, t.other_id} <= known]

    def _last_met(self, tie: Relationship, today: date) -> date | None:
        if self._keeper is None:
            return None
        two = {tie.person_id, tie.other_id}
        held = (m for m in self._kept("check_ins", MeetingHeld) if m.happened and m.held_on <= today)
        return max((m.held_on for m in held if {m.person_id, m.other_id} == two), default=None)

    def _kept(self, name: str, model: type[R]) -> list[R]:
        """Return all records of one kind that the store keeps, in the order in which they came."""
        [kind] = [kind for kind, of in KINDS.items() if of is model]
        found: list[R] = records_in(self._over_store(name).entries(kinds=(kind,)))[kind]
        return found

    def _day(self, today: date | None) -> date:
        return today or self.config.run.today or datetime.now(ZoneInfo(self.config.programme.time_zone)).date()

    def _scene(self, kind: str) -> Scene:
        if kind not in self._kinds:
            told = N_("this configuration offers no kind of match {kind!r}; {hint}")
            raise DataError(_(told, kind=kind, hint=did_you_mean(kind, self._kinds)))
        with self._reading():  # also where a plan asks again, long after the call that made it
            return Scene(self._pool, self._kinds[kind], self.config, self._neutral[kind])
