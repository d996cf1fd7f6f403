"""Small drafts for a whole programme, one of each kind, to make sheets and pages of."""

from __future__ import annotations

from datetime import UTC, date, datetime

from matchengine.records import Change, Obstacle, Reason, Record
from matchengine.records.circles import (
    Circle,
    CircleOption,
    GroupsFigures,
    GroupsPlan,
    MeetingSlot,
    UnplacedPerson,
)
from matchengine.records.circles import Lesson as GroupLesson
from matchengine.records.mixer import MixerAlone, MixerCard, MixerMeeting, MixerRound, MixerSchedule, MixerTable
from matchengine.records.plan import (
    Alternate,
    Decision,
    Move,
    NearOption,
    PlanDocument,
    PlannedPair,
    PlanSummary,
    Unmatched,
)
from matchengine.records.shadow import NewcomerPrice, SeatPrice, ShadowPrices
from matchengine.records.swaps import (
    BlockingSwap,
    Lesson,
    PlannedSwap,
    SkillCircle,
    SkillCircles,
    SwapAlternative,
    SwapDecision,
    SwapDecline,
    SwapGain,
    SwapLedger,
    SwapMove,
    SwapState,
    Unswapped,
)
from tests.report.runs import ORIGIN

DAY = date(2026, 3, 9)
CLOSED = frozenset(
    {
        *("language", "side", "standing", "decided_by", "action", "kind", "state", "objective", "part"),
        *("relaxations", "mode", "every", "time"),
    }
)
"""Fields of closed vocabularies, which no other text can stand in."""


def pair(requester: str, candidate: str, score: float, **more: object) -> PlannedPair:
    """Return a pair with one reason for it."""
    reason = Reason(
        scorer="goals", title="needs and offers", contribution=score - 50, direction="for", text="Both speak of data."
    )
    fields: dict[str, object] = {
        **{"requester_id": requester, "candidate_id": candidate, "score": score, "fit": "good", "confidence": 0.75},
        **{"reasons": (reason,), "to_confirm": ("Say when.",), "limits": ("Knows no faces.",)},
    }
    return PlannedPair.model_validate({**fields, **more})


def plan() -> PlanDocument:
    """Return a draft of three pairs: one locked by a coordinator, one person without anybody, one candidate free."""
    no_time = Obstacle(rule="common_time", text="No common time.")
    return PlanDocument(
        kind="mentor",
        requester="mentee",
        candidate="mentor",
        method="leximin",
        title="nobody left out",
        guarantee="The lowest score is as high as possible.",
        each_most=2,
        summary=PlanSummary(
            **{"requesters": 3, "candidates": 3, "matched": 2, "pairs": 3, "places_left": 2, "mean": 70, "lowest": 60},
            **{"total": 210, "most_total": 240, "blocking_pairs": 1, "kept": 1, "moved": 1},
            sentences=("2 of 3 who look have somebody.",),
        ),
        pairs=(
            pair("e1", "m1", 60, locked=True, decided_by="coordinator", decision=2, standing="kept"),
            pair("e1", "m2", 80, standing="moved"),
            pair("e2", "m1", 70, fit="fair"),
        ),
        unmatched=(
            Unmatched(
                person_id="e3",
                side="requester",
                why=(no_time,),
                nearest=(NearOption(other_id="m3", in_the_way=(no_time,)), NearOption(other_id="m2", score=42.5)),
                changes=(Change(about=("common_time",), text="One more evening would do."),),
            ),
            Unmatched(person_id="m3", side="candidate", why=(Obstacle(rule="x", text="Nobody looks for this."),)),
        ),
        already=("e4",),
        places_left={"m2": 1, "m3": 1},
        alternates=(Alternate(requester_id="e2", candidate_id="m2", score=55, fit="fair", free=True),),
        moves=(Move(requester_id="e1", before=("m1", "m3"), now=("m1", "m2"), why="m3 dropped out."),),
        decisions=(
            Decision(number=1, action="assigned", by="leximin", on=DAY),
            Decision(
                number=2, action="locked", by="lead", on=DAY, why="They know.", requester_id="e1", candidate_id="m1"
            ),
            Decision(number=3, action="left_out", by="lead", on=DAY, person_id="m9"),
        ),
        notes=("A demand does not apply to e9.",),
        fingerprint=ORIGIN,
    )


def move(person: str, own: str, other: str, gain: float) -> SwapMove:
    """Return a move with one part of a gain."""
    parts = (SwapGain(part="cover", value=gain + 5, weight=1, text=f"Offers of {other} are nearer."),)
    numbers = {"gain": gain, "floor": 5.0, "disruption": 5.0, "fit": 61.0, "mentor_fit": 58.0, "mentor_floor": 35.0}
    return SwapMove.model_validate(
        {
            **{"person_id": person, "from_mentor": own, "to_mentor": other, "parts": parts, **numbers},
            **{"explanation": f"You would work with {other}.", "mentor_should_know": (f"{person} likes maps.",)},
            "to_confirm": ("Say how often.",),
        }
    )


def swap(name: str, moves: tuple[SwapMove, ...], **more: object) -> PlannedSwap:
    """Return an exchange of some moves."""
    days = {"starts": 1, "mid_check": 20, "ends": 27, "returns_on": 28, "feedback_on": 28, "anchor_check": 29}
    dates = {key: date(2026, 6, day) for key, day in days.items()}
    fields: dict[str, object] = {
        **{"id": name, "kind": "cycle", "moves": moves, **dates, "accept_by": date(2026, 5, 11), "completion": 0.81},
        **{"weight": 0.5, "weakest": moves[0].person_id, "states": (SwapState(state="proposed", on=DAY),)},
        **{"checklist": ("Write a note.",), "return_plan": ("Everybody returns.",)},
    }
    return PlannedSwap.model_validate({**fields, **more})


def ledger() -> SwapLedger:
    """Return a ring of three, a chain of two, and an exchange that came to nothing."""
    ring = (move("e1", "m1", "m2", 30), move("e2", "m2", "m3", 20.5), move("e3", "m3", "m1", 25))
    chain = (move("e5", "m5", "m6", 40), move("e4", "m4", "m5", 12))
    other = SwapAlternative(person_id="e1", pairs=(("e1", "m3"), ("e3", "m1")), weight=0.4)
    gone = (SwapState(state="proposed", on=DAY), SwapState(state="declined", on=DAY))
    return SwapLedger(
        name="summer",
        kind="mentor",
        today=DAY,
        exchanges=(
            swap("x1", ring, accepted_by=("e1", "m2"), alternatives=(other,)),
            swap("x2", chain, kind="chain", resting_mentor="m4"),
            swap("x3", (move("e7", "m7", "m8", 11), move("e8", "m8", "m7", 12)), states=gone),
        ),
        unswapped=(
            Unswapped(person_id="e7", mentor_id="m7", reason="declined", text="An exchange came to nothing."),
            Unswapped(person_id=None, mentor_id="m9", reason="place_not_needed", text="The place is not needed."),
        ),
        **{"asked": 8, "swapped": 5, "objective": "max_weight", "value": 1.5, "bound": 1.6, "gap": 0.0625},
        blocking=(BlockingSwap(pairs=(("e7", "m8"), ("e8", "m7")), gains=(12.0, 14.0)),),
        advice=("Ask first.",),
        caution=("Little is known.",),
        declined=(SwapDecline(person_id="secret-decliner", mentor_id="m8"),),
        decisions=(SwapDecision(what="planned", on=DAY, text="A round was planned."),),
        fingerprint=ORIGIN,
    )


def skill_circles() -> SkillCircles:
    """Return one circle of two who teach one another, and somebody without."""
    lessons = (
        Lesson(learner_id="p1", teacher_id="p2", gain=72, offer="bookkeeping", text="p2 can teach bookkeeping."),
        Lesson(learner_id="p2", teacher_id="p1", gain=48.5, text="p1 comes near."),
    )
    return SkillCircles(
        kind="exchange",
        circles=(SkillCircle(lessons=lessons, completion=0.81, weight=0.5, weakest="p2"),),
        without=("p3",),
        **{"asked": 3, "served": 2, "least": 35, "objective": "max_weight", "value": 1.2, "bound": 1.2, "gap": 0},
        proven=True,
        fingerprint=ORIGIN,
    )


def groups() -> GroupsPlan:
    """Return two groups, one with a time and a leader, and somebody in none."""
    slot = MeetingSlot(
        text="Tuesdays at 18:00 (Europe/London), by video, every week",
        **{"mode": "video", "weekday": 1, "time": "18:00", "time_zone": "Europe/London", "minutes": 60},
        every="weekly",
        first=datetime(2026, 3, 17, 18, tzinfo=UTC),
    )
    return GroupsPlan(
        name="circle",
        kind="peer",
        groups=(
            Circle(
                number=1,
                members=("p1", "p2", "p3"),
                slot=slot,
                language="en",
                leader_id="f1",
                why=("All of them work on a similar challenge.",),
                lessons=(GroupLesson(person_id="p1", offer="bookkeeping", learners=2),),
                notes=("Plan somebody for the first meetings.",),
                to_confirm=("Whether 18:00 is good for p3.",),
                relaxations=("target_size",),
                **{"quality": 0.41, "similarity": 0.5, "difference": 0.3, "teaching": 0.25, "faultline": 0.1},
            ),
            Circle(number=4, members=("p4", "p5"), quality=-0.05, similarity=None),
        ),
        unplaced=(
            UnplacedPerson(
                person_id="p6",
                reason="time",
                text="No group meets when they are free.",
                nearest=(CircleOption(number=1, text="Group 1: it meets when they are not free."),),
            ),
        ),
        relaxations=("target_size",),
        figures=GroupsFigures(
            people=6, placed=5, groups=2, common_slot_rate=0.5, least_quality=-0.05, mean_quality=0.18
        ),
        notes=("Agree what stays in the group.",),
        apart=(("p1", "secret-apart"),),
        locks={"p2": 1},
        fingerprint=ORIGIN,
    )


def mixer(rounds: int = 2) -> MixerSchedule:
    """Return rounds at two tables for four people; one person can meet nobody, one sits out in the last round."""
    starts = [datetime(2026, 3, 9, 18, 12 * place, tzinfo=UTC) for place in range(rounds)]
    people = ("p1", "p2", "p3", "p4")
    seats = [
        ((people[0], people[1 + n % 3]), tuple(p for p in people[1:] if p != people[1 + n % 3])) for n in range(rounds)
    ]
    made = tuple(
        MixerRound(
            round=n + 1,
            starts=starts[n],
            tables=tuple(MixerTable(table=t, person_ids=ids) for t, ids in enumerate(seats[n], 1)),
            sits_out=("p5",) if n == rounds - 1 else (),
        )
        for n in range(rounds)
    )
    cards = tuple(
        MixerCard(
            person_id=one,
            meetings=tuple(
                MixerMeeting(
                    round=each.round,
                    starts=each.starts,
                    table=table.table,
                    with_ids=tuple(other for other in table.person_ids if other != one),
                )
                for each in made
                for table in each.tables
                if one in table.person_ids
            ),
            sits_out=(rounds,) if one == "p5" else (),
        )
        for one in (*people, "p5")
    )
    alone = (MixerAlone(person_id="p9", reason="There is nobody to meet."),)
    numbers = {"minutes": 10, "pause": 2, "fewest": 0, "most": rounds}
    return MixerSchedule(kind="mentor", rounds=made, cards=cards, alone=alone, **numbers)


def shadow() -> ShadowPrices:
    """Return one price of each kind, one of them below zero."""
    return ShadowPrices(
        **{"kind": "mentor", "method": "leximin", "requesters": 12, "served": 9},
        seats=(SeatPrice(candidate_id="m1", served=1, points=38.6), SeatPrice(candidate_id="m2", served=0, points=-4)),
        newcomers=(NewcomerPrice(skill="film editing", text="helps with film editing", served=2, points=101.25),),
        together=(NewcomerPrice(language="ar", slot="tue-evening", text="speaks Arabic", served=3, points=140),),
        summary=("One more who edits films would serve 2 more people.",),
    )


def all_drafts() -> dict[str, Record]:
    """Return one draft of each kind."""
    return {
        **{"plan": plan(), "ledger": ledger(), "skill_circles": skill_circles()},
        **{"groups": groups(), "mixer": mixer(), "shadow": shadow()},
    }
