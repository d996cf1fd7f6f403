"""What to do where the two of a match expect different things: a talk first, then an offer (domain.md S2-19).

Nothing here ends a match, and no number of low ratings does: people decide. No sentence repeats an answer, and what one
side reads does not depend on what the other side answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from matchengine.i18n import N_, _
from matchengine.journey.mismatch import (
    BETWEEN_PEOPLE,
    Finding,
    Needs,
    Said,
    became,
    findings,
    is_over,
    persists,
    standing,
)
from matchengine.pool.pool import Pool
from matchengine.records import Feedback, MeetingHeld, Relationship
from matchengine.records.pulse import (
    Mismatch,
    Mismatches,
    MismatchNeed,
    MismatchOffer,
    MismatchStep,
    OwnPulse,
)

__all__ = ["Pulses"]

_STYLES_APART = 3
"""Steps of 4 on one slider from which two ways of working differ much; an assumption."""
_RHYTHMS_APART = 2.0
"""So many times the minutes a week of the other: then the two wish for different rhythms; an assumption."""
_ORDER: tuple[MismatchNeed, ...] = ("rhythm", "goals", "style", "expectations")
_STEPS: tuple[MismatchStep, ...] = ("speak_with_each", "offer", "conversation")
_REASONS: Mapping[MismatchNeed, str] = {
    "rhythm": N_("How often they meet: fewer meetings are in the log than they agreed on, or wish for."),
    "goals": N_("What they work on: it seems to be away from the goals of the match."),
    "style": N_("How they work together: they like to work in different ways."),
    "expectations": N_("What each of them expects from the match."),
}
_DO: Mapping[MismatchStep, str] = {
    "conversation": N_("Suggest that the two talk about it; nothing else follows."),
    "offer": N_("It has lasted. Offer each of them, apart from one another, what is listed; they decide."),
    "speak_with_each": N_(
        "Somebody may not feel safe. A person should speak with each of them alone, soon; do not ask the two to talk "
        "it over."
    ),
}
_ROUTINE = N_(
    "{n} days into a match many people take ten minutes to tell each other what goes well, and what they hope for from "
    "the coming weeks."
)
_PROMPTS: Mapping[MismatchNeed, str] = {
    "rhythm": N_(
        "You could ask: does the rhythm that we agreed on still suit us both, or would another one be easier?"
    ),
    "goals": N_("You could ask: which of the goals should our next meetings be about?"),
    "style": N_("You could say how you like to work: with more questions or more advice, with a plan or as it comes."),
    "expectations": N_("You could say what you would like more of, and what you would like less of."),
}
_OFFER: Mapping[MismatchOffer, str] = {
    "rematch": N_(
        "If another match would suit you better, say so to the programme; no reason is needed, and nothing happens "
        "unless you ask."
    ),
    "swap": N_("You can also ask to work with somebody else for a time, and come back."),
}
_SAFE = N_(
    "You said that you did not feel safe. A person of the programme can speak with you alone; you decide what happens "
    "next. You need not meet until then."
)


@dataclass(frozen=True)
class Pulses:
    """The matches of a programme and what was said about them, as they are on a day.

    Attributes
    ----------
    ties : sequence of Relationship
    said : Said
    days : sequence of int
        Pulses: days after the start of a match.
    swaps : frozenset of str
        Kinds of relationships for which the programme plans rounds of swaps.
    """

    pool: Pool
    ties: Sequence[Relationship]
    said: Said
    today: date
    days: Sequence[int]
    swaps: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        pool: Pool,
        records: tuple[Iterable[Relationship], Iterable[Feedback], Iterable[MeetingHeld]],
        today: date,
        days: Sequence[int],
        *,
        swaps: frozenset[str] = frozenset(),
    ) -> Pulses:
        """Sort what a programme keeps: its relationships, answers and meetings."""
        ties, feedback, meetings = records
        return cls(pool, list(ties), Said.of(feedback, meetings), today, days, swaps)

    def mismatches(self) -> Mismatches:
        """Return what a coordinator reads: needs of running matches, and what became of those that had any."""
        found = [told for tie in self._running if (told := self._mismatch(tie)) is not None]
        ends = [became(tie, self._findings(tie)) for tie in self._between_people]
        return Mismatches(
            today=self.today,
            found=tuple(sorted(found, key=lambda m: (_STEPS.index(m.step), m.person_id, m.other_id, m.kind))),
            repaired=ends.count("repaired"),
            ended=ends.count("ended"),
            open=ends.count("open"),
        )

    def own(self, person_id: str) -> tuple[OwnPulse, ...]:
        """Return what one person reads about each of their running matches that reached a pulse."""
        own = [tie for tie in self._running if person_id in (tie.person_id, tie.other_id)]
        return tuple(told for tie in own if (told := self._own(tie, person_id)) is not None)

    @cached_property
    def _between_people(self) -> list[Relationship]:
        here = self.pool.tables["people"].row_of
        found = [t for t in self.ties if t.kind in BETWEEN_PEOPLE and t.person_id in here and t.other_id in here]
        return sorted(found, key=lambda tie: (tie.person_id, tie.other_id, tie.kind, str(tie.started)))

    @cached_property
    def _running(self) -> list[Relationship]:
        """Active matches of two people who are here and whom nothing keeps apart."""
        apart = self.pool.ties.others
        return [
            tie
            for tie in self._between_people
            if tie.status == "active"
            and not is_over(tie, self.today)
            and tie.other_id not in apart("must_not", tie.person_id)
        ]

    def _findings(self, tie: Relationship) -> list[Finding]:
        return findings(tie, self.said, self.today, self.days, self._apart)

    def _apart(self, one: str, other: str) -> Needs:
        """In what two profiles differ much; unknown is no difference."""
        table = self.pool.tables["people"]
        rows = [table.row_of[one], table.row_of[other]]
        style, minutes = table.column("style")[rows], table.column("cadence_minutes")[rows]
        found: set[MismatchNeed] = set()
        if (np.abs(style[0] - style[1]) >= _STYLES_APART).any():
            found.add("style")
        if minutes.max() >= _RHYTHMS_APART * minutes.min():
            found.add("rhythm")
        return frozenset(found)

    def _mismatch(self, tie: Relationship) -> Mismatch | None:
        found = self._findings(tie)
        if not found or not (now := standing(found)).strained:
            return None
        lasting = any(persists(found, who) for who in (tie.person_id, tie.other_id))
        step: MismatchStep = "speak_with_each" if now.unsafe else "offer" if lasting else "conversation"
        needs = () if now.unsafe else _ordered(now.needs)
        return Mismatch(
            person_id=tie.person_id,
            other_id=tie.other_id,
            kind=tie.kind,
            after_days=now.day,
            step=step,
            needs=needs,
            offers=self._offers(tie) if step == "offer" else (),
            reasons=(*(_(_REASONS[need]) for need in needs), _(_DO[step])),
        )

    def _offers(self, tie: Relationship) -> tuple[MismatchOffer, ...]:
        return ("rematch", "swap") if tie.kind in self.swaps else ("rematch",)

    def _own(self, tie: Relationship, person_id: str) -> OwnPulse | None:
        found = self._findings(tie)
        if not found:
            return None
        now, unsafe = standing(found), person_id in standing(found).unsafe
        needs = () if unsafe else _ordered(now.of(person_id))
        offers = self._offers(tie) if not unsafe and persists(found, person_id) else ()
        prompts = () if unsafe else (_(_ROUTINE, n=now.day), *(_(_PROMPTS[need]) for need in needs))
        told = (_(_SAFE),) if unsafe else (*prompts, *(_(_OFFER[offer]) for offer in offers))
        return OwnPulse(
            person_id=person_id,
            other_id=tie.other_id if person_id == tie.person_id else tie.person_id,
            kind=tie.kind,
            after_days=now.day,
            prompts=prompts,
            needs=needs,
            offers=offers,
            text=" ".join(told),
        )


def _ordered(needs: Needs) -> tuple[MismatchNeed, ...]:
    return tuple(need for need in _ORDER if need in needs)
