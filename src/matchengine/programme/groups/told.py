"""Groups in words for a coordinator: what brings people together, what they could teach, what to mind (domain.md F4).

Nobody is given away: what somebody confided for the balance of groups is neither named nor counted by kind, and a group
is told to hold somebody who is the only one of their kind only where those concerned allowed coordinators to know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from matchengine.batch import IntArray, PairBatch
from matchengine.i18n import N_, _, ngettext
from matchengine.matching.constrain import to_confirm
from matchengine.planning.groups.problem import FormedGroup, Forming
from matchengine.programme.groups.balance import may_be_told
from matchengine.programme.groups.people import group_rules
from matchengine.programme.groups.problem import Setting
from matchengine.programme.groups.slots import Meeting
from matchengine.records.circles import Circle, CircleRelaxation, GroupsFigures, Lesson, MeetingSlot

__all__ = ["circles", "figures", "meeting_slot", "newcomers_alone", "notes_of"]

_FEW = 5
"""Fewer people than this are not told apart where a number could give somebody away."""
_DECIMALS = 4
_CHALLENGES, _LESSONS = 2, 2
_COORDINATORS = ("coordinator",)
_MODES: Mapping[str, str] = {
    "in_person": N_("in person"),
    "video": N_("by video"),
    "phone": N_("by phone"),
    "chat": N_("by chat"),
    "async": N_("in writing"),
}
_WEEKLY = (
    N_("Mondays at {time} ({zone}), {mode}, every week"),
    N_("Tuesdays at {time} ({zone}), {mode}, every week"),
    N_("Wednesdays at {time} ({zone}), {mode}, every week"),
    N_("Thursdays at {time} ({zone}), {mode}, every week"),
    N_("Fridays at {time} ({zone}), {mode}, every week"),
    N_("Saturdays at {time} ({zone}), {mode}, every week"),
    N_("Sundays at {time} ({zone}), {mode}, every week"),
)
_BIWEEKLY = (
    N_("every second Monday at {time} ({zone}), {mode}, first on {date}"),
    N_("every second Tuesday at {time} ({zone}), {mode}, first on {date}"),
    N_("every second Wednesday at {time} ({zone}), {mode}, first on {date}"),
    N_("every second Thursday at {time} ({zone}), {mode}, first on {date}"),
    N_("every second Friday at {time} ({zone}), {mode}, first on {date}"),
    N_("every second Saturday at {time} ({zone}), {mode}, first on {date}"),
    N_("every second Sunday at {time} ({zone}), {mode}, first on {date}"),
)
_MONTHLY = (
    N_("every fourth Monday at {time} ({zone}), {mode}, first on {date}"),
    N_("every fourth Tuesday at {time} ({zone}), {mode}, first on {date}"),
    N_("every fourth Wednesday at {time} ({zone}), {mode}, first on {date}"),
    N_("every fourth Thursday at {time} ({zone}), {mode}, first on {date}"),
    N_("every fourth Friday at {time} ({zone}), {mode}, first on {date}"),
    N_("every fourth Saturday at {time} ({zone}), {mode}, first on {date}"),
    N_("every fourth Sunday at {time} ({zone}), {mode}, first on {date}"),
)
_CADENCES = {"weekly": _WEEKLY, "biweekly": _BIWEEKLY, "monthly": _MONTHLY}


def circles(setting: Setting, forming: Forming, numbers: Sequence[int]) -> tuple[Circle, ...]:
    """Return every group as a record, by number.

    Parameters
    ----------
    numbers : sequence of int
        The number of each group, from 1.
    """
    confirm = _to_confirm(setting, forming)
    made = [_circle(setting, *each) for each in zip(forming.groups, numbers, confirm, strict=True)]
    return tuple(sorted(made, key=lambda one: one.number))


def _circle(setting: Setting, group: FormedGroup, number: int, confirm: tuple[str, ...]) -> Circle:
    leaders = setting.scene.pool.tables["people"].ids
    return Circle(
        number=number,
        members=tuple(sorted(setting.ids[n] for n in group.members.tolist())),
        slot=meeting_slot(setting, setting.meetings[group.slot]) if group.slot >= 0 else None,
        language=_language(setting, group),
        leader_id=leaders[int(setting.leaders[group.facilitator])] if group.facilitator >= 0 else None,
        why=tuple(_why(setting, group)),
        lessons=tuple(_lessons(setting, group.members)),
        notes=tuple(_notes(setting, group)),
        to_confirm=confirm,
        relaxations=_relaxed(setting, group),
        quality=round(group.quality, _DECIMALS),
        similarity=_share(group.similarity),
        difference=_share(group.difference),
        teaching=_share(group.teaching) or 0.0,
        faultline=_share(group.faultline) or 0.0,
    )


def meeting_slot(setting: Setting, meeting: Meeting) -> MeetingSlot:
    """Return a recurring meeting in words and numbers."""
    zone, every = setting.scene.config.programme.time_zone, setting.config.every
    time = f"{meeting.minute // 60:02}:{meeting.minute % 60:02}"
    values = {"time": time, "zone": zone, "mode": _(_MODES[meeting.mode]), "date": meeting.first.date().isoformat()}
    text = _(_CADENCES[every][meeting.weekday], **values)
    first: datetime = meeting.first
    return MeetingSlot(
        text=text,
        mode=meeting.mode,
        weekday=meeting.weekday,
        time=time,
        time_zone=zone,
        minutes=setting.config.slot_minutes,
        every=every,
        first=first,
    )


def _language(setting: Setting, group: FormedGroup) -> str | None:
    """The language that everybody in a group speaks best, by the member who speaks it least."""
    if group.language < 0:
        return None
    rows = setting.rows[group.members].tolist()
    rows += [int(setting.leaders[group.facilitator])] if group.facilitator >= 0 else []
    codes = setting.scene.pool.shared.codes["languages"]
    levels = setting.scene.pool.tables["people"].column("languages")[rows].min(axis=0)
    known = [tag for tag in sorted(codes) if codes[tag] < len(levels)]
    return max(known, key=lambda tag: (int(levels[codes[tag]]), tag == setting.languages[group.language]))


def _why(setting: Setting, group: FormedGroup) -> list[str]:
    """What members work on alike, in words that a coordinator may read."""
    topics, everybody = setting.topics, len(group.members)
    wants = topics.wants[group.members]
    count = (wants > 0).sum(axis=0)
    shared = [t for t in np.lexsort((-wants.sum(axis=0), -count)).tolist() if count[t] > 1][:_CHALLENGES]
    said = []
    for topic in shared:
        values = {"all": everybody, "topic": topics.labels[topic]}
        if topics.labels[topic]:
            told = N_("{n} of {all} work on something close to “{topic}”.")
        else:
            told = N_("{n} of {all} work on something alike; what it is, only they can say.")
        said.append(_(told, n=int(count[topic]), **values))
    likeness = _share(group.similarity)
    if not said and likeness is not None:
        told = N_("No two of them look for the same thing; all in all they are alike by {points:.0f} of 100.")
        said.append(_(told, points=100 * likeness))
    return list(dict.fromkeys(said))


def _lessons(setting: Setting, members: IntArray) -> list[Lesson]:
    """What each member could teach others of the group: the offers that most of them look for."""
    wants, found = setting.topics.wants, []
    inside = set(members.tolist())
    learners: dict[int, dict[str, set[int]]] = {}
    for teacher, topic, text in setting.topics.lessons:
        if teacher in inside:
            looking = {n for n in inside if n != teacher and wants[n, topic] > 0}
            learners.setdefault(teacher, {}).setdefault(text, set()).update(looking)
    for teacher in sorted(learners, key=lambda n: setting.ids[n]):
        offers = sorted(learners[teacher].items(), key=lambda each: (-len(each[1]), each[0]))
        found += [
            Lesson(person_id=setting.ids[teacher], offer=text, learners=len(looking))
            for text, looking in offers[:_LESSONS]
            if looking
        ]
    return found


def _notes(setting: Setting, group: FormedGroup) -> list[str]:
    found = []
    if newcomers_alone(setting, group):
        found.append(_("One member comes for the first time and nobody else does: ask somebody to look out for them."))
    if "isolates" in _relaxed(setting, group) and _alone(setting, group):
        told = N_("Somebody is the only one of their kind in this group, and allowed coordinators to know that.")
        found.append(_(told))
    if "experienced_member" in group.relaxed:
        found.append(_("Nobody in this group has much experience: plan somebody for the first meetings."))
    return found


def newcomers_alone(setting: Setting, group: FormedGroup) -> bool:
    """Whether a group has exactly one newcomer."""
    first_time = setting.problem.newcomer
    return first_time is not None and int(first_time[group.members].sum()) == 1


def _alone(setting: Setting, group: FormedGroup) -> list[tuple[int, int]]:
    """Who is the only one of their kind: position of the person and number of the array that counts them."""
    found = []
    for dimension, numbers in enumerate(setting.counted.numbers):
        values, first, count = np.unique(numbers[group.members], return_index=True, return_counts=True)
        alone = first[(values >= 0) & (count == 1)]
        found += [(member, dimension) for member in group.members[alone].tolist()]
    return found


def _relaxed(setting: Setting, group: FormedGroup) -> tuple[CircleRelaxation, ...]:
    """What was given up for one group, as far as it may be told of it."""
    counted = setting.counted

    def told(who: Sequence[tuple[int, int]]) -> bool:
        consents = setting.scene.pool.consents
        return all(may_be_told(consents, setting.ids[n], counted.dimensions[d], _COORDINATORS) for n, d in who)

    alone = _alone(setting, group)
    present = [(n, d) for d, of in enumerate(counted.numbers) for n in group.members.tolist() if of[n] >= 0]
    newcomer = any(dimension == len(counted.numbers) for dimension, _value in group.isolates)
    may = {"isolates": newcomer or told(alone), "min_share": told(present)}
    return tuple(name for name in group.relaxed if may.get(name, True))


def _to_confirm(setting: Setting, forming: Forming) -> list[tuple[str, ...]]:
    """What people must check in each group because nobody has said it, each sentence once."""
    found: list[tuple[str, ...]] = []
    rules, modes = group_rules(setting.scene, setting.config), setting.scene.pool.tables["people"].column("modes")
    for group in forming.groups:
        rows = setting.rows[group.members]
        batch = PairBatch.many(rows[:-1].tolist(), [rows[n + 1 :] for n in range(len(rows) - 1)])
        said = [one for of_pair in to_confirm(rules, setting.scene.inputs(batch), "coordinator") for one in of_pair]
        unknown = int((modes[rows] == 0).sum()) if group.slot >= 0 else 0
        if unknown:
            asked = ngettext(
                "ask {n} member whether this way of meeting suits them",
                "ask {n} members whether this way of meeting suits them",
                unknown,
            )
            said.append(asked)
        found.append(tuple(dict.fromkeys(said)))
    return found


def figures(setting: Setting, forming: Forming) -> GroupsFigures:
    """Return the whole draft in numbers; a few isolated members are not told apart."""
    groups = forming.groups
    alone = sum(len(_alone(setting, group)) for group in groups)
    quality = [group.quality for group in groups]
    placed = sum(len(group.members) for group in groups)
    return GroupsFigures(
        people=len(setting.ids) + len(setting.out),
        placed=placed,
        groups=len(groups),
        isolates=None if 0 < alone < _FEW else alone,
        newcomers_alone=sum(newcomers_alone(setting, group) for group in groups),
        least_quality=round(min(quality), _DECIMALS) if quality else None,
        mean_quality=round(sum(quality) / len(quality), _DECIMALS) if quality else None,
        common_slot_rate=_rate([group.slot >= 0 for group in groups]) if setting.meetings else None,
        common_language_rate=_rate([group.language >= 0 for group in groups]) if setting.languages else None,
    )


def notes_of(setting: Setting, forming: Forming) -> tuple[str, ...]:
    """What to mind with all groups."""
    found = [
        _("Agree before the first meeting what stays in the group, and that nobody has to speak or say why they leave.")
    ]
    if setting.config.topic_risk == "B":
        told = N_(
            "The topic is of risk B: a person decides on each place, after the safety profile of the group is complete."
        )
        found.append(_(told))
    if any(_alone(setting, group) for group in forming.groups):
        told = N_(
            "Not everybody could be with somebody of their kind. Who it is and in what, is nobody else's to know."
        )
        found.append(_(told))
    return tuple(found)


def _share(value: float) -> float | None:
    return None if np.isnan(value) else round(min(max(float(value), 0.0), 1.0), _DECIMALS)


def _rate(met: Sequence[bool]) -> float | None:
    return round(sum(met) / len(met), _DECIMALS) if met else None
