"""One proposal for a header nobody has seen: from its words and from the shape of its answers, never from a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from matchengine.i18n import _
from matchengine.io.fields import Reads, Target, find_target
from matchengine.io.guess import guess_target
from matchengine.io.header_words import SUBJECTS, Clue, clues_in, spaced, vetoed
from matchengine.io.mapping import ColumnRule
from matchengine.io.shapes import FREE_TEXT, Fit, Shape, fit
from matchengine.io.slots import DAY_PARTS, SlotError, parse_slots
from matchengine.io.words import normalise

__all__ = ["Column", "Confidence", "Proposal", "propose"]

Confidence = Literal["sure", "likely", "unsure"]
_WELL, _HALF = 0.8, 0.5
_ENOUGH = 3
"""Answers from which on a shape says something by itself."""
_TELLING = frozenset({"email", "slots", "language", "country", "time_zone"})
"""Kinds of target whose answers hardly look like anything else."""
_PLAIN = FREE_TEXT | {"email", "country", "integer", "capacity", "yes_no"}
"""Kinds of target whose answers can nearly always be read, so that a file without rows may name them."""
_TELLING_TARGETS = frozenset({"roles", "modes", "cadence"})
_BRACKET = re.compile(r"(.*?\S)\s*\[([^\[\]]+)\]")
_AFTER = re.compile(r"(.*?[^\s:])\s*(?::|\s[-\u2013\u2014|>/]|_)\s*(\S.*)")
_LONGEST_QUESTION = 400
_YES_OR_NO = re.compile(
    r"(?:do|did|does|are|is|have|has|would|will|can|could|were|was|should) (?:you|i|we|it|there)(?!\w)"
)
_NUMBERED = re.compile(r"(.*?\D)[\s_#.-]*\d{1,2}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a column probably means.

    Attributes
    ----------
    target : str or None
        The field, or None if nothing fits.
    confidence : str
        `sure` and `likely` may be used at once; `unsure` is for a person to decide.
    reason : str
        Why, in the reader's language; words of the header may stand in it, and never a value.
    options : dict of str to str
        Further keys of the mapping's rule, such as `when_yes`.
    subject : str or None
        What the header is about where that is no target: one of `SUBJECTS`.
    """

    target: str | None
    confidence: Confidence
    reason: str
    options: dict[str, str] = field(default_factory=dict)
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A header with the shape of its answers.

    Attributes
    ----------
    header : str
        As it stands in the file.
    shape : Shape
        Its answers, of all files that have it.
    siblings : int
        Headers that begin with the same question, this one included.
    """

    header: str
    shape: Shape
    siblings: int = 1


def propose(column: Column, reads: Reads) -> Proposal:
    """Return the one best proposal for a column."""
    known = guess_target(column.header, reads) or guess_target(spaced(column.header), reads)
    if known:
        return _of_known_header(known, column.shape, reads, _("a header that is known"))
    clues = clues_in(column.header, reads)
    subject = _subject(clues, column.shape)
    if subject:
        return subject
    sensitive = [clue for clue in clues if (target := find_target(clue.target, reads)) and target.sensitive]
    if sensitive:
        best = max(sensitive, key=lambda clue: len(clue.words))
        return Proposal(best.target, "unsure", _said(best))
    return _of_option(column, reads) or _of_numbered(column, reads) or _of_words(column, clues, reads)


def question_of(header: str) -> tuple[str, str] | None:
    """Return question and option of a header such as `Free [Monday]` or `I can teach: Budgeting`, or None."""
    found = (_BRACKET.fullmatch(header) or _AFTER.fullmatch(header)) if len(header) <= _LONGEST_QUESTION else None
    return (found[1], found[2].strip()) if found else None


def _said(clue: Clue) -> str:
    return _('the header says "{words}"', words=clue.words)


def _fitting(found: Fit) -> str:
    return _("answers that can be read: {n} of {total}", n=found.read, total=found.total)


def _both(first: str, second: str) -> str:
    return _("{first}; {second}", first=first, second=second)


def _of_known_header(name: str, shape: Shape, reads: Reads, reason: str) -> Proposal:
    target = find_target(name, reads)
    if target is None or target.sensitive or not shape.answers:
        return Proposal(name, "sure", reason, _options(target, shape))
    if target.kind in FREE_TEXT:
        if shape.contradicts(target):
            return Proposal(name, "unsure", _both(reason, _other_kind()))
        return Proposal(name, "sure", reason, _options(target, shape))
    found = fit(shape, target)
    told = _both(reason, _fitting(found))
    return Proposal(name, "sure" if found.share >= _WELL else "likely" if found.share >= _HALF else "unsure", told)


def _other_kind() -> str:
    return _("but the answers look like something else")


def _options(target: Target | None, shape: Shape) -> dict[str, str]:
    """Keep sentences whole where the reader would cut them at commas."""
    return {"split": ""} if target and target.kind == "item" and target.commas and shape.holds_sentences else {}


def _subject(clues: Sequence[Clue], shape: Shape) -> Proposal | None:
    """Return why a column is not read, if its header is about consent, bookkeeping and the like."""
    named = {clue.target: clue for clue in clues}
    if named.keys() & {"adult", "guardian_consent"} and "SENSITIVE" not in named:
        return None
    for name in ("CONSENT", "SENSITIVE", "FEEDBACK", "MATCH", "BOOKKEEPING"):
        if name not in named:
            continue
        if name == "BOOKKEEPING" and shape.moments < _HALF and named.keys() - SUBJECTS:
            continue
        reasons: dict[str, Callable[[], str]] = {
            "CONSENT": lambda: _("a consent question: name it in a [[consent]] or list it in ignore"),
            "SENSITIVE": lambda: _("perhaps sensitive: leave it out, or read it as attributes.… with a [[consent]]"),
            "FEEDBACK": lambda: _("not about the person: list it in ignore"),
            "MATCH": lambda: _("about whom the person would like to meet: no field holds this"),
            "BOOKKEEPING": lambda: _("no field holds this: list it in ignore"),
        }
        return Proposal(None, "unsure", reasons[name](), subject=name)
    return None


def _of_option(column: Column, reads: Reads) -> Proposal | None:
    """Return the proposal for one column of a grid, or one 0/1 column of several with the same question."""
    parts = question_of(column.header)
    if parts is None or not column.shape.answers:
        return None
    question, option = parts
    if column.siblings < 2 and not _BRACKET.fullmatch(column.header):
        return None
    known = guess_target(question, reads)
    slot = _is_slot(option)
    names = [known] if known else [clue.target for clue in clues_in(question, reads) if clue.strong or slot]
    targets = [one for name in names if (one := find_target(name, reads)) and one.many and not one.sensitive]
    for target in targets:
        for options in _readings(target, option, column.shape):
            found = fit(column.shape, target, ColumnRule(to=target.name, **options))
            if found.share >= _WELL and len(targets) == 1:
                told = _both(_("one column for each answer to a question"), _fitting(found))
                return Proposal(target.name, "likely", told, options)
    if targets:
        return Proposal(targets[0].name, "unsure", _("one column for each answer to a question"))
    return None


def _readings(target: Target, option: str, shape: Shape) -> list[dict[str, str]]:
    if shape.ticks >= _WELL or target.qualifier == "level":
        said = f'"{option}"' if "," in option and target.commas else option  # a comma would cut it
        return [{"when_yes": said}] if target.kind != "slots" or _is_slot(option) else []
    if target.kind == "slots":
        return [{"template": option + " {answer}"}, {"template": "{answer} " + option}]
    return []


def _is_slot(text: str) -> bool:
    try:
        return bool(parse_slots(text, "UTC", DAY_PARTS))
    except SlotError:
        return False


def _of_numbered(column: Column, reads: Reads) -> Proposal | None:
    """Return the proposal for `Goal 1`, `Goal 2`: several columns that fill one list."""
    found = _NUMBERED.fullmatch(column.header.strip())
    name = guess_target(found[1], reads) if found else None
    target = find_target(name, reads) if name else None
    if name is None or target is None or not target.many or target.sensitive:
        return None
    return _of_known_header(name, column.shape, reads, _("one of several columns for a list"))


@dataclass(frozen=True, slots=True)
class _Candidate:
    target: Target
    clue: Clue
    found: Fit
    contradicted: bool

    @property
    def closed(self) -> bool:
        """Whether the answers themselves speak for the target."""
        return self.target.kind not in FREE_TEXT and self.found.total > 0

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        return (not self.contradicted, self.closed, self.clue.strong, len(self.clue.words))


def _of_words(column: Column, clues: Sequence[Clue], reads: Reads) -> Proposal:
    shape = column.shape
    if not clues:
        return _of_shape(column, reads)
    judged = [_judged(target, clue, shape) for clue in clues if (target := find_target(clue.target, reads))]
    if not judged:
        return Proposal(None, "unsure", "")
    ranked = sorted(judged, key=lambda candidate: candidate.rank)
    best = ranked[-1]
    options = _options(best.target, shape)
    told = _said(best.clue)
    if best.contradicted and not best.clue.strong and best.found.share < _HALF:
        return Proposal(None, "unsure", "")
    if best.contradicted:
        why = _other_kind() if best.target.kind in FREE_TEXT else _fitting(best.found)
        return Proposal(best.target.name, "unsure", _both(told, why))
    if not shape.answers:
        plain = best.clue.strong and not shape.rows and not _YES_OR_NO.match(normalise(column.header))
        plain = plain and best.target.kind in _PLAIN
        confidence: Confidence = "likely" if plain else "unsure"
        rivals = [one for one in ranked[:-1] if one.clue.strong]
        empty = _("there are no answers to look at")
        return Proposal(best.target.name, "unsure" if rivals else confidence, _both(told, empty), options)
    rival = _rival(best, ranked[:-1])
    if rival:
        other = _("it may also be {target}", target=rival.target.name)
        return Proposal(best.target.name, "unsure", _both(told, other), options)
    if not best.closed:
        return Proposal(best.target.name, "likely" if best.clue.strong else "unsure", told, options)
    enough = best.found.total >= _ENOUGH
    if best.clue.strong:
        confidence = "sure" if enough and best.found.share >= 0.9 else "likely"
    else:
        telling = best.target.kind in _TELLING or best.target.name in _TELLING_TARGETS
        confidence = "likely" if telling and enough else "unsure"
    return Proposal(best.target.name, confidence, _both(told, _fitting(best.found)), options)


def _judged(target: Target, clue: Clue, shape: Shape) -> _Candidate:
    if target.kind in FREE_TEXT:
        found = fit(shape, target) if target.kind == "id" else Fit(0, 0)
        return _Candidate(target, clue, found, shape.contradicts(target) or bool(found.total and found.share < _WELL))
    found = fit(shape, target)
    return _Candidate(target, clue, found, bool(found.total) and found.share < _WELL)


def _rival(best: _Candidate, others: Sequence[_Candidate]) -> _Candidate | None:
    """Return another target that the header speaks of just as clearly, if there is one."""
    for other in reversed(others):
        if other.contradicted or not other.clue.strong or other.closed < best.closed:
            continue
        if normalise(other.clue.words) in normalise(best.clue.words):
            continue
        return other
    return None


def _of_shape(column: Column, reads: Reads) -> Proposal:
    """Return what the answers alone suggest; sure of nothing, for a header may say whose they are."""
    shape = column.shape
    names = {"people": ("languages", "availability", "roles", "contact.email", "time_zone", "place.country", "modes")}
    for name in names.get(reads, ()):
        target = find_target(name, reads)
        if target is None or len(shape.answers) < _ENOUGH or vetoed(column.header, name, reads):
            continue
        found = fit(shape, target)
        if found.share >= 0.9:
            told = _both(_("the answers look like it"), _fitting(found))
            return Proposal(name, "likely" if name == "languages" else "unsure", told)
    return Proposal(None, "unsure", "")
