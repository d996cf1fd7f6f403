"""Preferences from records: which of two pairs somebody said they would rather have (domain.md G3).

Sources, and nothing else:

* explicit rankings: a person places one above another;
* answers: the same person took part in one match (active, paused, completed) and said "not for me" to another;
* ratings part of the way (waves 30, 90, 180 days): the same person rated one match at least a point above another;
  such a preference counts half.

Both pairs of a preference are judged by the same person, so that nobody's way of rating is compared with another's.
Not used: anonymous feedback (it has no judge), vetoes (nobody is ever told of them), why a match ended, boundaries and
`do_not_rematch`, what facilitators say, and `felt_competitive`. Whether somebody felt safe is for people to act on,
never a number to learn from: a pair in which anybody did not is left out altogether.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Literal, NamedTuple

from matchengine.learning.history import day_of, quarter_of
from matchengine.records import Feedback, Relationship
from matchengine.records.plan import Ranking
from matchengine.registry import MatchKind

__all__ = [
    "Pair",
    "Preference",
    "Said",
    "Source",
    "Ties",
    "declined_by",
    "outcomes_of",
    "pair_of",
    "preferences_of",
    "ratings_by",
    "tie_pairs",
    "took_part",
    "unsafe_pairs",
]

Pair = tuple[str, str]
"""Id of the requester, id of the candidate."""
Source = Literal["ranking", "answer", "rating"]
_MID_TERM = frozenset({"30_days", "90_days", "180_days"})
_RATED = ("satisfaction", "helpfulness", "trust", "goal_progress")
_UNSAFE_UP_TO = 2
_A_POINT = 1.0
_RATING_WEIGHT = 0.5
_TOOK_PART = frozenset({"active", "paused", "completed"})
_TIE_OF: Mapping[str, str] = {
    "mentor": "mentoring", "peer": "peer", "sponsor": "sponsorship", "buddy": "buddy", "group": "membership",
}  # fmt: skip
"""Kind of relationship that a match with somebody in this role, or with a group, becomes."""


class Preference(NamedTuple):
    """`judge` would rather have `better` than `worse`; `on` is the later of the two days that are known."""

    judge: str
    better: Pair
    worse: Pair
    source: Source
    weight: float
    cohort: str | None = None
    on: date | None = None


class Said(NamedTuple):
    """Everything that one learns from, as records."""

    relationships: Sequence[Relationship] = ()
    feedback: Sequence[Feedback] = ()
    rankings: Sequence[Ranking] = ()
    cohorts: Mapping[str, str] = {}


Ties = dict[Pair, Relationship]


def tie_pairs(kind: MatchKind, relationships: Iterable[Relationship]) -> Ties:
    """Return the relationships that a kind of match leads to, by pair; the later record of a pair counts."""
    match = kind.config
    name = _TIE_OF.get(match.candidate) or _TIE_OF.get(match.requester)
    turned = match.candidate not in _TIE_OF
    found: Ties = {}
    for tie in relationships:
        if tie.kind == name:
            found[(tie.other_id, tie.person_id) if turned else (tie.person_id, tie.other_id)] = tie
            if match.requester == match.candidate:  # peers look for one another
                found[tie.other_id, tie.person_id] = tie
    return found


def preferences_of(kind: MatchKind, said: Said, asking: Collection[str]) -> list[Preference]:
    """Return every preference that records hold about one kind of match, in an order of its own.

    Parameters
    ----------
    asking : collection of str
        Ids of those who look: a ranking by one of them names candidates, any other one names requesters.
    """
    ties = tie_pairs(kind, said.relationships)
    unsafe = unsafe_pairs(said.feedback)
    found = [*_from_rankings(said.rankings, asking), *_from_answers(ties, said.feedback), *_from_ratings(ties, said)]
    kept = {}
    for each in found:
        if frozenset(each.better) not in unsafe and frozenset(each.worse) not in unsafe:
            cohort = said.cohorts.get(each.judge) or (quarter_of(each.on) if each.on else None)
            kept[each.judge, each.better, each.worse, each.source] = each._replace(cohort=cohort)
    return [kept[key] for key in sorted(kept)]


def outcomes_of(kind: MatchKind, said: Said) -> dict[Pair, bool]:
    """Return for each pair that came to an answer whether both took part (True) or one said "not for me" (False).

    Pairs in which anybody did not feel safe are left out; a pair that began and was then declined counts as declined.
    """
    unsafe = unsafe_pairs(said.feedback)
    found = {pair: True for pair, tie in tie_pairs(kind, said.relationships).items() if tie.status in _TOOK_PART}
    for each in said.feedback:
        pair = pair_of(each)
        if pair is not None and each.items.not_for_me:
            found[pair] = False
    return {pair: found[pair] for pair in sorted(found) if frozenset(pair) not in unsafe}


def unsafe_pairs(feedback: Iterable[Feedback]) -> set[frozenset[str]]:
    """Pairs in which anybody, with their name, said that they did not feel safe."""
    return {
        frozenset((each.person_id, each.about_id))
        for each in feedback
        if each.person_id is not None
        and (each.items.felt_unsafe or (each.items.felt_safe is not None and each.items.felt_safe <= _UNSAFE_UP_TO))
    }


def _from_rankings(rankings: Iterable[Ranking], asking: Collection[str]) -> list[Preference]:
    """All pairs of a list of n, each of weight 2 / n: together they count n − 1, as many as neighbours in the list."""
    found = []
    for ranking in rankings:
        who, n = ranking.person_id, len(ranking.ranked)
        looks = who in asking
        for better, worse in combinations(ranking.ranked, 2):
            pairs = ((who, better), (who, worse)) if looks else ((better, who), (worse, who))
            found.append(Preference(who, *pairs, "ranking", 2 / n))
    return found


def _from_answers(ties: Ties, feedback: Iterable[Feedback]) -> list[Preference]:
    found = []
    for judge, refused in declined_by(feedback).items():
        for better in (pair for pair in took_part(ties, judge) if pair not in refused):
            for worse, day in refused.items():
                if better.index(judge) == worse.index(judge):
                    later = _later(ties[better].started, day)
                    found.append(Preference(judge, better, worse, "answer", 1.0, None, later))
    return found


def declined_by(feedback: Iterable[Feedback]) -> dict[str, dict[Pair, date | None]]:
    """By person: the pairs in which they said "not for me", and on which day."""
    declined: dict[str, dict[Pair, date | None]] = defaultdict(dict)
    for each in feedback:
        pair = pair_of(each)
        if pair is not None and each.person_id is not None and each.items.not_for_me:
            declined[each.person_id][pair] = day_of(each.given_at) if each.given_at else None
    return declined


def took_part(ties: Ties, person: str) -> list[Pair]:
    """Pairs of one person whose match is or was lived: active, paused or completed."""
    return [pair for pair, tie in ties.items() if person in pair and tie.status in _TOOK_PART]


def ratings_by(ties: Ties, feedback: Iterable[Feedback]) -> dict[str, dict[Pair, list[tuple[float, date | None]]]]:
    """By person: how they rated their matches part of the way, each the mean of what they rated, with its day."""
    rated: dict[str, dict[Pair, list[tuple[float, date | None]]]] = defaultdict(lambda: defaultdict(list))
    for each in feedback:
        pair = pair_of(each)
        if pair is None or each.person_id is None or each.wave not in _MID_TERM or pair not in ties:
            continue
        given = [value for name in _RATED if (value := getattr(each.items, name)) is not None]
        if given:
            day = day_of(each.given_at) if each.given_at else None
            rated[each.person_id][pair].append((sum(given) / len(given), day))
    return rated


def _from_ratings(ties: Ties, said: Said) -> list[Preference]:
    found = []
    for judge, of in ratings_by(ties, said.feedback).items():
        means = {pair: sum(value for value, _day in told) / len(told) for pair, told in of.items()}
        days = {pair: _later(*(day for _value, day in told)) for pair, told in of.items()}
        for one, other in combinations(sorted(means), 2):
            better, worse = (one, other) if means[one] > means[other] else (other, one)
            if means[better] - means[worse] >= _A_POINT and better.index(judge) == worse.index(judge):
                later = _later(days[better], days[worse])
                found.append(Preference(judge, better, worse, "rating", _RATING_WEIGHT, None, later))
    return found


def pair_of(feedback: Feedback) -> Pair | None:
    """The pair that an answer is about; None for anonymous answers and those of facilitators."""
    if feedback.person_id is None or feedback.person_id == feedback.about_id:
        return None
    if feedback.perspective == "requester":
        return feedback.person_id, feedback.about_id
    return (feedback.about_id, feedback.person_id) if feedback.perspective == "candidate" else None


def _later(*days: date | None) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) and known else None
