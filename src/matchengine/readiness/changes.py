"""What each rule does to a programme, who is left without anybody, and what would help, in sentences."""

from __future__ import annotations

from typing import NamedTuple

from matchengine.i18n import _, ngettext
from matchengine.readiness.market import Market
from matchengine.readiness.verdicts import Relief, Rule, Verdicts
from matchengine.readiness.words import people, records
from matchengine.records import Change, Obstacle, RuleEffect, Stuck

__all__ = ["Best", "best_change", "effects", "stuck"]


class Best(NamedTuple):
    """The one change that gives most people somebody."""

    frees: int
    text: str


def effects(verdicts: Verdicts) -> tuple[RuleEffect, ...]:
    """Return what each rule does that forbids anything: those that starve most people first."""
    made = [
        RuleEffect(
            rule=rule.name,
            reason=rule.reason,
            pairs=int(verdicts.pairs[number]),
            alone=int(verdicts.alone[number]),
            starved=int(verdicts.starved[number]),
            changes=tuple(change for change, _frees in _changes(verdicts, number)),
        )
        for number, rule in enumerate(verdicts.rules)
        if verdicts.pairs[number]
    ]
    return tuple(sorted(made, key=lambda effect: (-effect.starved, -effect.alone, -effect.pairs, effect.rule)))


def best_change(verdicts: Verdicts) -> Best | None:
    """Return the change that gives most people somebody; of equals, the first and so the gentlest."""
    every = [pair for number in range(len(verdicts.rules)) for pair in _changes(verdicts, number)]
    helpful = [Best(frees, change.text) for change, frees in every if frees]
    return max(helpful, key=lambda best: best.frees) if helpful else None


def _changes(verdicts: Verdicts, number: int) -> list[tuple[Change, int]]:
    """What would help against one rule, the gentlest first, each with how many people would then have somebody."""
    rule, starved = verdicts.rules[number], int(verdicts.starved[number])
    found = _looser(verdicts, number)
    if rule.optional and starved:
        text = ngettext(
            "Without the rule “{rule}”, {n} more person would have somebody.",
            "Without the rule “{rule}”, {n} more people would have somebody.",
            starved,
            rule=rule.title,
        )
        found.append((Change(about=(rule.name,), text=text, frees=starved), starved))
    if rule.remedy and (starved or (not rule.optional and verdicts.records[number])):
        found.append((_remedy(rule, starved, int(verdicts.records[number])), starved))
    return found


def _looser(verdicts: Verdicts, number: int) -> list[tuple[Change, int]]:
    """The first looser setting that frees anybody."""
    rule = verdicts.rules[number]
    for step in rule.looser():
        freed = verdicts.loosened[number, step]
        if freed:
            text = ngettext(
                "With “{setting}” {value} instead of {now} in the rule “{rule}”, {n} more person would have somebody.",
                "With “{setting}” {value} instead of {now} in the rule “{rule}”, {n} more people would have somebody.",
                freed,
                rule=rule.title,
                setting=step.setting,
                value=_value(step.value),
                now=_value(step.now),
            )
            return [(Change(about=(rule.name,), text=text, frees=freed), freed)]
    return []


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _remedy(rule: Rule, starved: int, causes: int) -> Change:
    """What the rule itself says would help; `frees` counts the records that it is about, where it is about records."""
    remedy = _(rule.remedy)
    if rule.optional or not causes:
        text = ngettext(
            "What would help: {remedy}. {n} more person would then have somebody.",
            "What would help: {remedy}. {n} more people would then have somebody.",
            starved,
            remedy=remedy,
        )
        return Change(about=(rule.name,), text=text, frees=starved)
    if not starved:
        text = _("What would help: {remedy}. It is about {records}.", remedy=remedy, records=records(causes))
    else:
        text = _(
            "What would help: {remedy}. It is about {records} and could give {people} somebody.",
            remedy=remedy,
            records=records(causes),
            people=people(starved),
        )
    return Change(about=(rule.name,), text=text, frees=causes)


def stuck(market: Market, verdicts: Verdicts) -> tuple[Stuck, ...]:
    """Return everybody without any eligible candidate, with the rules in the way and the smallest changes."""
    made = []
    for position, counts in sorted(verdicts.in_the_way.items()):
        ranked = sorted((-int(counts[n]), rule.name, n) for n, rule in enumerate(verdicts.rules) if counts[n])
        why = tuple(_obstacle(verdicts.rules[n], -forbids, len(market.candidates)) for forbids, _name, n in ranked)
        changes = tuple(_relief(verdicts.rules, relief) for relief in verdicts.reliefs.get(position, ()))
        made.append(Stuck(person_id=market.requester_id(position), why=why, changes=changes))
    return tuple(made)


def _obstacle(rule: Rule, forbids: int, candidates: int) -> Obstacle:
    """A rule in somebody's way and how much of it; of what is withheld only that it is there."""
    if rule.withheld:
        return Obstacle(rule=rule.name, text=rule.reason)
    text = _("{reason} ({n} of {all} candidates)", reason=rule.reason, n=forbids, all=candidates)
    return Obstacle(rule=rule.name, text=text)


def _relief(rules: tuple[Rule, ...], relief: Relief) -> Change:
    about = tuple(rules[number].name for number in relief.rules)
    if relief.step is not None:
        text = ngettext(
            "With “{setting}” {value} instead of {now} in the rule “{rule}”, {n} candidate would be possible.",
            "With “{setting}” {value} instead of {now} in the rule “{rule}”, {n} candidates would be possible.",
            relief.opens,
            rule=rules[relief.rules[0]].title,
            setting=relief.step.setting,
            value=_value(relief.step.value),
            now=_value(relief.step.now),
        )
        return Change(about=about, text=text, frees=relief.opens)
    text = ngettext(
        "What would help: {changes}. {n} candidate would then be possible.",
        "What would help: {changes}. {n} candidates would then be possible.",
        relief.opens,
        changes="; ".join(_measure(rules[number]) for number in relief.rules),
    )
    return Change(about=about, text=text, frees=relief.opens)


def _measure(rule: Rule) -> str:
    if rule.remedy:
        return _(rule.remedy)
    return _("doing without the rule “{rule}”", rule=rule.title)
