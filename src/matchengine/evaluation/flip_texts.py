"""Changes of what people write that should hardly matter: names, gendered words, padding, another language (H7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import combinations
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.evaluation.flip_bench import About, FlipBench, Shot, Verdict, changes, not_applicable, overlap, verdict
from matchengine.evaluation.flip_words import (
    CELLS,
    GENDERS,
    Cell,
    carried,
    named_by_another,
    names_itself,
    padding,
    phrases,
    swapped,
)
from matchengine.i18n import N_, _
from matchengine.io.masking import mask_names
from matchengine.records.base import MAX_TEXT
from matchengine.records.flips import FlipCheck, Side
from matchengine.records.person import Goal, Person

__all__ = ["Parallel", "language_checks", "length_checks", "parallel_goals", "text_checks", "with_sentence"]

Parallel = Sequence[Mapping[str, str]]
"""Goals, each in several languages by primary subtag."""
_TEXT = Verdict(0.02, 0.95, 0.05, 0.9)
_LANGUAGE = Verdict(0.08, 1.0, 0.08)
_ITEMS = {"requester": ("goals", "wants", "interests"), "candidate": ("offers", "hopes_to_gain", "interests")}
_LISTS = ("goals", "offers", "wants", "interests")
_TEXTS = ("mentoring_focus", "hopes_to_gain")
_FLIPPED = (("gender",), ("origin",), ("gender", "origin"))
_SIDES: dict[str, str] = {
    "requester": N_("in what somebody who looks writes"),
    "candidate": N_("in what somebody who is suggested writes"),
}
_OWN = {
    ("gender",): N_("Own name and gendered words of another gender, {where}"),
    ("origin",): N_("Own name from elsewhere, {where}"),
    ("gender", "origin"): N_("Own name from elsewhere and gendered words of another gender, {where}"),
}
_OTHERS = {
    ("gender",): N_("Somebody else's name and gendered words of another gender, {where}"),
    ("origin",): N_("Somebody else's name from elsewhere, {where}"),
    ("gender", "origin"): N_("Somebody else's name from elsewhere and gendered words of another gender, {where}"),
}


# ---------------------------------------------------------------------- changes of one person's texts


def with_sentence(person: Person, sentence: str, side: Side) -> Person | None:
    """Return the person with a sentence after the first text that matters on a side; None where none has room."""
    if not sentence:
        return None
    if side == "both":
        asking = with_sentence(person, sentence, "requester")
        return with_sentence(asking or person, sentence, "candidate") or asking
    for field in _ITEMS[side]:
        value = getattr(person, field)
        if isinstance(value, str) and _fits(value, sentence):
            return person.model_copy(update={field: f"{value} {sentence}"})
        for place, item in enumerate(value if isinstance(value, tuple) else ()):
            if item.language in (None, person.text_language) and _fits(item.text, sentence):
                longer = item.model_copy(update={"text": f"{item.text} {sentence}"})
                return person.model_copy(update={field: (*value[:place], longer, *value[place + 1 :])})
    return None


def _fits(text: str, sentence: str) -> bool:
    return len(text) + 1 + len(sentence) <= MAX_TEXT


def _swapped(person: Person, language: str) -> Person | None:
    """Return the person with every gendered word of their texts swapped; None where there is none."""
    changed: dict[str, Any] = {}
    for field in _LISTS:
        items = getattr(person, field)
        new = tuple(item.model_copy(update={"text": swapped(item.text, language)[:MAX_TEXT]}) for item in items)
        if new != items:
            changed[field] = new
    for field in _TEXTS:
        value = getattr(person, field)
        if value is not None and (other := swapped(value, language)[:MAX_TEXT]) != value:
            changed[field] = other
    return person.model_copy(update=changed) if changed else None


# ---------------------------------------------------------------------- names and gendered words


def text_checks(bench: FlipBench) -> list[FlipCheck]:
    """Swap names and gendered words, side by side, reported by what is flipped together."""
    found = []
    for side in _sides(bench):
        found += _cells(bench, side, "own_name", _OWN)
        found += _cells(bench, side, "name_of_another", _OTHERS)
        found += [_phrases(bench, side), _in_place(bench, side)]
    return found


def _sides(bench: FlipBench) -> Iterator[Side]:
    yield "requester"
    if bench.of_people:
        yield "candidate"


def _writing(bench: FlipBench, side: Side) -> list[tuple[int, Person, str]]:
    """The people of a side who write in a language with words, each with a number and that language."""
    by_id = bench.people
    people = [by_id[external] for external in (bench.requesters if side == "requester" else bench.shown)]
    told = [(number, person, bench.language(person)) for number, person in enumerate(people)]
    return [(number, person, language) for number, person, language in told if language is not None]


def _cells(bench: FlipBench, side: Side, name: str, about: Mapping[tuple[str, ...], str]) -> list[FlipCheck]:
    """Let everybody of a side carry each crossing of gender and origin in turn, and compare any two of them."""
    who: list[Person] = []
    changed: dict[Cell, list[Person]] = {cell: [] for cell in CELLS}
    for number, person, language in _writing(bench, side):
        told = [with_sentence(person, _said(name, language, cell, number), side) for cell in CELLS]
        if all(new is not None for new in told):
            who.append(person)
            for cell, new in zip(CELLS, told, strict=True):
                changed[cell] += [] if new is None else [new]
    shots = {cell: bench.shot_after(people) for cell, people in changed.items()}
    bench.put(who)
    found = []
    for flipped in _FLIPPED:
        pairs = [(shots[a], shots[b]) for a, b in combinations(CELLS, 2) if _apart(a, b) == flipped]
        text = _(about[flipped], where=_(_SIDES[side]))
        found.append(_judged(bench, About(name, "text", text, side, flipped), who, pairs))
    return found


def _said(name: str, language: str, cell: Cell, number: int) -> str:
    """What somebody says; their own name is masked as on import, for contacts hold it."""
    if name == "own_name":
        return mask_names(names_itself(language, cell, number), (cell.name(number),))
    return named_by_another(language, cell, number)


def _apart(one: Cell, other: Cell) -> tuple[str, ...]:
    return tuple(name for name in ("gender", "origin") if getattr(one, name) != getattr(other, name))


def _phrases(bench: FlipBench, side: Side) -> FlipCheck:
    """Let everybody speak of somebody by a gendered phrase, each by another one, of a woman and of a man."""
    who: list[Person] = []
    changed: tuple[list[Person], ...] = tuple([] for _gender in GENDERS)
    for number, person, language in _writing(bench, side):
        listed = phrases(language)
        told = [with_sentence(person, carried(language, said), side) for said in listed[number % len(listed)]]
        if all(new is not None for new in told):
            who.append(person)
            for of_gender, new in zip(changed, told, strict=True):
                of_gender += [] if new is None else [new]
    shots = [bench.shot_after(people) for people in changed]
    bench.put(who)
    text = _("A gendered phrase of another gender (“my mother”, “a waiter”), {where}", where=_(_SIDES[side]))
    return _judged(bench, About("phrases", "text", text, side, ("gender",)), who, [(shots[0], shots[1])])


def _in_place(bench: FlipBench, side: Side) -> FlipCheck:
    """Swap the gendered words that people wrote themselves."""
    text = _("Gendered words that people wrote themselves, swapped {where}", where=_(_SIDES[side]))
    return _replaced(bench, About("own_words", "text", text, side, ("gender",)), _swapped)


def length_checks(bench: FlipBench) -> list[FlipCheck]:
    """Append sentences that say nothing."""
    found = []
    for side in _sides(bench):
        text = _("More words that say nothing, {where}", where=_(_SIDES[side]))
        found.append(_replaced(bench, About("padding", "length", text, side, ("length",)), partial(_padded, side)))
    return found


def _padded(side: Side, person: Person, language: str) -> Person | None:
    return with_sentence(person, padding(language), side)


def _replaced(bench: FlipBench, about: About, change: Callable[[Person, str], Person | None]) -> FlipCheck:
    """Change some people's texts, and compare with what they wrote."""
    both = [(person, change(person, language)) for _n, person, language in _writing(bench, about.side)]
    who = [person for person, new in both if new is not None]
    before = bench.shot_after(who)
    after = bench.shot_after([new for _old, new in both if new is not None])
    bench.put(who)
    return _judged(bench, about, who, [(before, after)])


def _judged(
    bench: FlipBench, about: About, who: Sequence[Person], shots: Sequence[tuple[Shot, Shot]], asked: Verdict = _TEXT
) -> FlipCheck:
    """Compare scores of the people who were changed, one pair of moments after the other."""
    rows, columns = bench.part([person.id for person in who], about.side)
    moved = [changes(_of(a.base, rows, columns), _of(b.base, rows, columns)) for a, b in shots]
    same = [value for a, b in shots for value in overlap(a, b, rows)]
    return verdict(about, asked, np.stack(moved) if moved else np.zeros(0), len(who), same=same)


def _of(values: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    found: FloatArray = values[np.ix_(rows, columns)]
    return found


# ---------------------------------------------------------------------- the same goal in another language


@cache
def parallel_goals() -> tuple[dict[str, str], ...]:
    """Goals in English, German and Spanish that say the same: the paraphrases of the simulated programme."""
    from matchengine.simulation.skills import LANGUAGES_WRITTEN, SKILLS, phrase, text

    found = []
    for number, skill in enumerate(SKILLS):
        goal = {}
        for language in LANGUAGES_WRITTEN:
            rng = np.random.default_rng([number, 7])  # the same draws pick the same place of each bank
            goal[language] = text(language, "goal", phrase(language, "skills", skill, rng), rng)
        found.append(goal)
    return tuple(found)


def language_checks(bench: FlipBench, parallel: Parallel | None = None) -> list[FlipCheck]:
    """Let everybody who looks have one goal alone, written in two languages that the embedder knows."""
    goals = parallel_goals() if parallel is None else parallel
    known = bench.engine.embedder.languages
    languages = sorted({language for goal in goals for language in goal})
    spoken = [language for language in languages if known is None or language in known]
    if len(spoken) < 2:
        about = About("language", "language", _("The same goal in another language"), "requester", ("language",))
        told = N_("the model of texts knows fewer than two of {languages}")
        return [not_applicable(about, _(told, languages=", ".join(languages)))]
    by_id = bench.people
    who = [by_id[external] for external in bench.requesters]
    found = []
    for one, other in combinations(spoken, 2):
        both = [goal for goal in goals if one in goal and other in goal]
        shots = [
            bench.shot_after(_with_goal(person, both[n % len(both)][tag], tag) for n, person in enumerate(who))
            for tag in ((one, other) if both else ())
        ]
        bench.put(who)
        text = _("The same goal in another language ({one}, {other})", one=one, other=other)
        pairs = [(shots[0], shots[1])] if shots else []
        found.append(
            _judged(bench, About("language", "language", text, "requester", ("language",)), who, pairs, _LANGUAGE)
        )
    return found


def _with_goal(person: Person, text: str, language: str) -> Person:
    return person.model_copy(update={"goals": (Goal(text=text, language=language, priority=3),), "wants": ()})
