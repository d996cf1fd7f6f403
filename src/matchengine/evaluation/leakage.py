"""Ways by which the answer can reach a strategy, looked for before any result is shown (evaluation.md 3.6).

A finding of severity `refuse` stops the run; whoever looked at it and found none writes its name into
`[data.leakage] allow`.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from matchengine.batch import BoolArray, FloatArray
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.task import Task
from matchengine.i18n import N_, _
from matchengine.records.evaluation import LeakageFinding

__all__ = ["answers_in_texts", "fields_after_the_match", "find_leaks", "follows_outcomes"]

_LONG_ENOUGH = 4
_COPIED = 40
_FEW = 5
_OWN = 2
_OFTEN = 0.1
_TIMES = 5.0
_CANDIDATES, _MOST_OF = 10, 0.9
_BITS, _LISTS = 100.0, 20
_LOGGED = ("visits", "time_balance", "network", "feedback")
"""Fields of records that grow by what happens after a match."""


def find_leaks(
    task: Task, config: EvaluationConfig, inputs: Mapping[str, Iterable[str]], *, titled: bool = True
) -> list[LeakageFinding]:
    """Return every way found; `inputs` are what the scorers of each strategy read, `titled` as in answers_in_texts."""
    found = [*answers_in_texts(task, titled=titled), *fields_after_the_match(config, inputs), *_late(task, config)]
    return [finding for finding in found if finding.name not in config.data.leakage.allow]


def answers_in_texts(task: Task, *, titled: bool = True) -> list[LeakageFinding]:
    """Find texts that name the answer: a candidate's id or title in the texts of those they were matched with.

    A name counts when it stands in the texts of a tenth of its matches, five or more, and five times as often as in the
    texts of others; likewise whole texts of 40 characters or more that both sides share, but for texts that several
    candidates have, as boxes to tick do.

    Parameters
    ----------
    titled : bool
        Whether the first text of a candidate is a title, as that of a group is and that of a person is not.
    """
    asked = task.asked
    if not asked.requester_texts:
        return []
    relevant = np.nan_to_num(task.gain, nan=0) > 0
    said = [" ".join(_words(text) for text in own) for own in asked.requester_texts]
    having_text = Counter(mark for own in asked.candidate_texts for mark in {_words(text) for text in own})
    matched: dict[int, list[int]] = defaultdict(list)
    for requester, candidate in zip(
        asked.requester[relevant].tolist(), asked.candidate[relevant].tolist(), strict=True
    ):
        matched[candidate].append(requester)
    findings = []
    for name, where, told in (
        ("name_in_text", _names, N_("the id or the title of a candidate stands in the texts of {share:.0%} of those "
         "matched with it and of {other:.1%} of others; mask it, or the text gives the answer away")),
        ("copied_text", _copies, N_("{share:.0%} of the matched share a whole text with their match, {other:.1%} of "
         "others do; a text written after the match, or copied from it, gives the answer away")),
    ):  # fmt: skip
        hits = others = pairs = rest = 0
        for candidate, people in matched.items():
            own_texts = asked.candidate_texts[candidate] if asked.candidate_texts else ()
            marks = where(asked.candidate_ids[candidate], own_texts if titled or where is _copies else ())
            marks = [mark for mark in marks if where is _names or having_text[mark] <= _OWN]
            if not marks:
                continue
            having = np.array([any(mark in text for mark in marks) for text in said])
            own = np.zeros(len(said), np.bool_)
            own[people] = True
            hits, pairs = hits + int(having[own].sum()), pairs + len(people)
            others, rest = others + int(having[~own].sum()), rest + int((~own).sum())
        share, other = hits / max(pairs, 1), others / max(rest, 1)
        if hits >= _FEW and share >= _OFTEN and share > _TIMES * other:
            sentence = _(told, share=share, other=other)
            findings.append(LeakageFinding(name=name, severity="refuse", where="texts", sentence=sentence))
    return findings


def fields_after_the_match(config: EvaluationConfig, inputs: Mapping[str, Iterable[str]]) -> list[LeakageFinding]:
    """Find scorers that read a forbidden field, and ones that read what grows by a match itself.

    An input `requester_x`, `candidate_x` or `items_x_y` reads the fields x and y.
    """
    findings = []
    forbidden, everything = set(config.data.leakage.forbid), set[str]()
    conditions = " ".join(config.data.relevance.conditions.values())
    for strategy, read in sorted(inputs.items()):
        fields = {part for name in read for part in _fields(name)}
        everything |= fields
        for field in sorted(fields & forbidden):
            sentence = _("strategy {strategy!r} reads {field!r}, which is forbidden as known only after the match",
                         strategy=strategy, field=field)  # fmt: skip
            findings.append(
                LeakageFinding(name="forbidden_field", severity="refuse", where=strategy, sentence=sentence)
            )
        for field in sorted(field for field in fields - forbidden if field.startswith(_LOGGED)):
            told = N_("strategy {strategy!r} reads {field!r}, which grows by what happens after a match; see that the "
                      "records are of the time before")  # fmt: skip
            sentence = _(told, strategy=strategy, field=field)
            findings.append(LeakageFinding(name="field_of_later", severity="warn", where=strategy, sentence=sentence))
    for field in sorted(forbidden):
        if re.search(rf"\b{re.escape(field)}\b", conditions):
            told = N_("{field!r} is forbidden to strategies and defines who was a good match; that is as it should be")
            findings.append(
                LeakageFinding(name="outcome_field", severity="warn", where="relevance", sentence=_(told, field=field))
            )
        elif field not in everything:
            told = N_("{field!r} is forbidden, and no strategy reads a field of this name; see that it is spelt as in "
                      "the records")  # fmt: skip
            findings.append(
                LeakageFinding(name="unknown_field", severity="warn", where="leakage", sentence=_(told, field=field))
            )
    return findings


def follows_outcomes(task: Task, score: FloatArray, judged: BoolArray) -> LeakageFinding | None:
    """Find a strategy whose scores depend on the very outcomes that judge it.

    `leave_one_out`: popularity counted without the person asked gives a candidate one score for those matched with them
    and another one for everybody else, so the difference tells the answer. Of every candidate with three outcomes or
    more of both kinds the scores are compared: where there are as many different scores as outcomes, each for one
    outcome alone, for nine in ten of ten candidates or more, the strategy has seen the answer.

    `knows_outcomes`: in every list every suitable candidate stands above every other one, over twenty lists or more
    whose orders by chance would do so once in 2^100.

    Parameters
    ----------
    score : float64 array (P,)
    judged : bool array (P,)
        Pairs by which the strategy is judged.
    """
    look = judged & ~np.isnan(score) & ~np.isnan(task.gain)
    told, both = _tellers(task, np.round(score, 9), look)
    if both >= _CANDIDATES and told >= _MOST_OF * both:
        sentence = _(
            "its scores follow the outcomes by which it is judged: of {told} in {n} candidates one score belongs to "
            "the matched and another one to everybody else. Popularity has to be counted on other people, or before",
            told=told, n=both,
        )  # fmt: skip
        return LeakageFinding(name="leave_one_out", severity="refuse", where="scores", sentence=sentence)
    lists, bits = _flawless(task, score, look)
    if lists < _LISTS or bits < _BITS:
        return None
    sentence = _(
        "it puts everybody who suits above everybody else in each of {n} lists, which nobody can who has not seen the "
        "outcomes; should it be true, allow 'knows_outcomes'",
        n=lists,
    )
    return LeakageFinding(name="knows_outcomes", severity="refuse", where="scores", sentence=sentence)


def _tellers(task: Task, score: FloatArray, look: BoolArray) -> tuple[int, int]:
    """Candidates whose scores tell the outcome, of those with three outcomes or more that are not all alike."""
    of: dict[int, list[tuple[float, float]]] = defaultdict(list)
    asked = task.asked
    for candidate, value, gain in zip(
        asked.candidate[look].tolist(), score[look].tolist(), task.gain[look].tolist(), strict=True
    ):
        of[candidate].append((value, gain))
    told = both = 0
    for pairs in of.values():
        if len({gain for _value, gain in pairs}) < 2 or len(pairs) < 3:
            continue
        both += 1
        told += _one_each(pairs) or _one_each([(value, float(gain > 0)) for value, gain in pairs])
    return told, both


def _one_each(pairs: Sequence[tuple[float, float]]) -> bool:
    """Whether every outcome has a score of its own, shared by several pairs somewhere."""
    scores, kinds = {value for value, _kind in pairs}, {kind for _value, kind in pairs}
    return 1 < len(kinds) == len(scores) == len(set(pairs)) < len(pairs)


def _flawless(task: Task, score: FloatArray, look: BoolArray) -> tuple[int, float]:
    """Lists with candidates of both kinds, and how many bits of chance have them all right; 0 where one is not."""
    asked, good = task.asked, np.nan_to_num(task.gain, nan=0) > 0
    size = asked.requesters
    worst, best = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(worst, asked.requester[look & good], score[look & good])
    np.maximum.at(best, asked.requester[look & ~good], score[look & ~good])
    suit = np.bincount(asked.requester[look & good], minlength=size)
    rest = np.bincount(asked.requester[look & ~good], minlength=size)
    here = (suit > 0) & (rest > 0)
    if not here.any() or not (worst[here] > best[here]).all():
        return int(here.sum()), 0.0
    orders = [math.comb(a + b, a) for a, b in zip(suit[here].tolist(), rest[here].tolist(), strict=True)]
    return int(here.sum()), sum(math.log2(n) for n in orders)


def _late(task: Task, config: EvaluationConfig) -> list[LeakageFinding]:
    """Outcomes without a day where a split by time needs one."""
    if config.split.scheme != "time":
        return []
    known = ~np.isnan(task.gain)
    without = int((known & np.isnan(task.moment)).sum())
    if not without:
        return []
    told = N_("{n} outcomes carry no day, so nobody can say whether they were known before")
    return [LeakageFinding(name="undated_outcome", severity="refuse", where="outcomes", sentence=_(told, n=without))]


def _fields(name: str) -> set[str]:
    """Fields that an input reads: its own name, its parts, and the fields of records that texts are made of."""
    from matchengine.pool.text import PEOPLE_FIELDS, PROJECT_FIELDS

    side, _sep, rest = name.partition("_")
    parts = {rest, *(rest.split("_") if side == "items" else ())}
    return parts | {field for part in parts for field in {**PROJECT_FIELDS, **PEOPLE_FIELDS}.get(part, ())}


def _words(text: str) -> str:
    return " " + re.sub(r"\W+", " ", text.casefold()).strip() + " "


def _names(external: str, texts: Sequence[str]) -> list[str]:
    """The id and the title (first text of a gathering) as marks, where they are long enough to mean something."""
    marks = [_words(external)]
    if texts and len(texts[0]) <= 80 and len(texts[0].split()) <= 6:
        marks.append(_words(texts[0]))
    return [mark for mark in marks if len(mark.strip()) >= _LONG_ENOUGH]


def _copies(_external: str, texts: Sequence[str]) -> list[str]:
    return [mark for mark in dict.fromkeys(_words(text) for text in texts) if len(mark.strip()) >= _COPIED]
