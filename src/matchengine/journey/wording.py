"""Journeys in sentences: steps in if-then form, sentences to rehearse, and the whole plan to read out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from matchengine.i18n import N_, _, listing
from matchengine.records.journey import Accompaniment, Journey, Missing, StepKind

__all__ = ["debrief", "moment", "plain_text", "rehearsal", "step_text"]

_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_ATTEND: Mapping[Accompaniment, tuple[str, str]] = {
    "together": (
        N_("If it is {when}, then I meet {who} here: {where}, and we go to “{title}” together and leave together."),
        N_("If it is {when}, then I go to “{title}” together with {who}, and we leave together."),
    ),
    "arrive_together": (
        N_("If it is {when}, then I meet {who} here: {where}, we go in to “{title}” together, and I leave on my own."),
        N_("If it is {when}, then I go in to “{title}” together with {who}, and I leave on my own."),
    ),
    "alone_with_contact": (
        N_("If it is {when}, then I go to “{title}”, here: {where}, and first say hello to {who}."),
        N_("If it is {when}, then I go to “{title}” and first say hello to {who}."),
    ),
    "alone": (
        N_("If it is {when}, then I go to “{title}”, here: {where}."),
        N_("If it is {when}, then I go to “{title}”."),
    ),
}
"""With a meeting point, and without."""
_STEPS: Mapping[StepKind, str] = {
    "message": N_("If it is {when}, then I write two lines to {who} about “{title}”."),
    "ask": N_("If it is {when}, then I ask the organiser of “{title}” how a first visit goes and who can meet me."),
    "meet": N_("If it is {when}, then I meet {who} shortly before “{title}” begins, just the two of us."),
    "preview": N_("If it is {when}, then I look at the place where “{title}” meets, without staying: {where}."),
    "contribute": N_("If it is {when}, then I offer at “{title}” to do one small thing, such as greeting newcomers."),
    "suggest": N_("If it is {when}, then I suggest at “{title}” one thing that we could do together."),
}
_REHEARSE: Mapping[StepKind, tuple[str, ...]] = {
    "message": (
        N_("Hello, I am thinking of coming to the group. May I ask you what the first time is like?"),
        N_("I am a bit unsure about coming. Would it be all right if I only looked in?"),
    ),
    "ask": (
        N_("Hello, I have not been to the group yet. What happens at the beginning, and what should I bring?"),
        N_("Is there somebody who could meet me at the door the first time?"),
    ),
    "meet": (
        N_("Hello, we agreed to meet before it begins. It is good that you have time."),
        N_("Who else will be there today, and what will they do?"),
    ),
    "preview": (
        N_("I only want to see the place today. May I look around?"),
        N_("Where does the group meet, and where do people arrive?"),
    ),
    "attend": (
        N_("Hello, it is my first time here. Where may I sit?"),
        N_("How long have you been coming, and what do you like here?"),
        N_("I have to go now; thank you, it was good to be here."),
    ),
    "contribute": (
        N_("I could help with one thing next time. What would be useful?"),
        N_("You are new, aren't you? Come and sit with us if you like."),
    ),
    "suggest": (
        N_("I have an idea for something we could do together. May I say it?"),
        N_("Would one or two of you join me in trying it?"),
    ),
}
_COMPANY: Mapping[Accompaniment, str] = {
    "together": N_("together, from arriving to leaving"),
    "arrive_together": N_("arriving together, leaving alone"),
    "alone_with_contact": N_("alone, with a contact who is there"),
    "alone": N_("alone"),
}
_MISSING: Mapping[Missing, str] = {
    "meeting_point": N_("the meeting point"),
    "time": N_("the time"),
    "companion": N_("somebody to come along"),
    "first_share": N_("something to say first"),
    "contact": N_("a contact in the group"),
    "what_to_expect": N_("what to expect"),
}


def moment(when: datetime | date) -> str:
    """Return a day, and the local time with its time zone where there is one."""
    weekday = _(_WEEKDAYS[when.weekday()])
    if not isinstance(when, datetime):
        return _("{weekday} {date}", weekday=weekday, date=when.isoformat())
    zone = getattr(when.tzinfo, "key", None) or when.tzname() or ""
    time = when.strftime("%H:%M")
    return _("{weekday} {date}, {time} ({zone})", weekday=weekday, date=when.date().isoformat(), time=time, zone=zone)


def step_text(
    kind: StepKind, company: Accompaniment, when: datetime | date, title: str, who: str | None, where: str | None
) -> str:
    """Return a step in if-then form, in the words of the person who takes it."""
    values = {"when": moment(when), "title": title, "who": who, "where": where}
    template = _ATTEND[company][0 if where else 1] if kind == "attend" else _STEPS[kind]
    return _(template, **values)


def rehearsal(kind: StepKind) -> tuple[str, ...]:
    """Return sentences to rehearse for a kind of step (domain.md S5-16, S5-26)."""
    return tuple(_(sentence) for sentence in _REHEARSE[kind])


def debrief() -> tuple[str, ...]:
    """Return the few questions of the talk after a visit."""
    return (
        _("How did it feel: all right, or not?"),
        _("What was one good moment, and what was hard?"),
        _("Go again, change something, or try something else?"),
    )


def plain_text(told: Journey) -> str:
    """Return a journey in sentences, one thought a line."""
    plan = told.plan
    lines = [_("A draft for “{title}”: nothing is arranged before the person agrees.", title=told.title)]
    if told.rung is None:
        lines.append(_("The person has not chosen how much company feels right; this plan begins gently."))
    if plan.begins_with == "meeting":
        lines.append(_("The gathering itself would be a large step at once: it begins with one or two people."))
    if plan.time is not None:
        lines.append(_("When: {when}.", when=moment(plan.time)))
    if plan.meeting_point is not None:
        lines.append(_("Meeting point: {where}.", where=plan.meeting_point.rstrip(".")))
    lines.append(_("Company: {company}.", company=_(_COMPANY[told.accompaniment])))
    if plan.companion is not None:
        lines.append(_("Comes along: {who}.", who=plan.companion))
    if plan.first_share is not None:
        lines.append(_("To say first: {words}", words=plan.first_share))
    if told.handover is not None:
        who = told.handover.contact
        if plan.companion in (None, who):
            lines.append(_("Looks out for the person there: {who}.", who=who))
        else:
            lines.append(_("Is introduced to {who}; then {companion} steps back.", who=who, companion=plan.companion))
    if told.introduction is not None and told.introduction.via_id != plan.contact:
        lines.append(_("Could introduce the person: {who}.", who=told.introduction.via_id))
    if plan.what_to_expect is not None:
        lines.append(_("What to expect: {text}", text=plan.what_to_expect))
    if plan.missing:
        lines.append(_("Still open: {list}.", list=listing([_(_MISSING[one]) for one in plan.missing])))
    lines += [_("To arrange: {sentence}", sentence=sentence) for sentence in told.supports_to_arrange]
    lines += [_("To ask the organiser: {sentence}", sentence=sentence) for sentence in told.ask_organiser]
    lines.append(_("The next step: {step}", step=told.next_step.text))
    lines += [_("To rehearse: “{sentence}”", sentence=sentence) for sentence in told.prompts]
    after = told.aftercare
    lines.append(_("A short talk by {when}: {questions}", when=moment(after.due), questions=" ".join(after.debrief)))
    lines.append(_("And then one step: {step}", step=after.next_step.text))
    check = told.help_check
    lines.append(_("After the second visit, on {when}: {question}", when=moment(check.due), question=check.question))
    return "\n".join(lines)
