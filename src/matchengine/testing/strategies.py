"""What every strategy must do: one finite score or NaN a pair, the same again, whoever is listed first, nothing secret.

Each check takes the spec of a strategy and `score(asked)`, the strategy with its settings, and raises `PluginError`
with the difference found. Run them without a test framework: `check_strategy(spec)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked, Outcomes
from matchengine.comparison_components import StrategySpec
from matchengine.errors import PluginError

__all__ = ["STRATEGY_CHECKS", "Score", "check_strategy", "question", "relisted"]

Score = Callable[[Asked], FloatArray]
_TOLERANCE = 1e-9
_WORDS = ("sql", "pottery", "welding", "gardens", "speaking", "music", "tax law", "data work", "care", "codes", "maps")
_TAGS = ("field:data", "field:crafts", "field:law", "language:en", "language:es", "language:de", "mode:video")


def question(
    seed: int, requesters: int = 12, candidates: int = 9, *, density: float = 0.7, bare: bool = False
) -> Asked:
    """Make a random question with texts, tags, audit attributes and outcomes of some pairs; its arrays are read-only.

    Parameters
    ----------
    density : float
        Share of all pairs that are eligible.
    bare : bool
        Without texts, tags, attributes and outcomes.
    """
    rng = np.random.default_rng([seed, requesters, candidates])
    requester, candidate = np.nonzero(rng.random((requesters, candidates)) < density)
    seen = np.flatnonzero(rng.random(len(requester)) < 0.4)
    known = Outcomes(
        requester[seen].astype(np.int32),
        candidate[seen].astype(np.int32),
        rng.integers(0, 3, len(seen)).astype(np.float64),
        np.floor(20_000 + 300 * rng.random(len(seen))),
    )
    seats = rng.integers(0, 4, candidates).astype(np.float64)
    seats[rng.random(candidates) < 0.2] = np.nan
    asked = Asked(
        requester_ids=tuple(f"r{n:03}" for n in rng.permutation(requesters)),
        candidate_ids=tuple(f"c{n:03}" for n in rng.permutation(candidates)),
        requester=requester.astype(np.int32),
        candidate=candidate.astype(np.int32),
        seats=seats,
        arrival=rng.permutation(requesters) // 2,
        requester_texts=tuple(_texts(rng) for _person in range(requesters)),
        candidate_texts=tuple(_texts(rng) for _person in range(candidates)),
        requester_tags=tuple(_tags(rng) for _person in range(requesters)),
        candidate_tags=tuple(_tags(rng) for _person in range(candidates)),
        audit={"gender": _words(rng, requesters), "candidate:gender": _words(rng, candidates)},
        known=known,
        seed=seed,
    )
    if bare:
        nothing: dict[str, Any] = {
            f"{side}_{what}": () for side in ("requester", "candidate") for what in ("texts", "tags")
        }
        asked = replace(asked, audit={}, known=Outcomes.none(), **nothing)
    made: Asked = _frozen(asked)
    return made


def _texts(rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(" ".join(rng.choice(_WORDS, 3)) for _text in range(int(rng.integers(0, 4))))


def _tags(rng: np.random.Generator) -> frozenset[str]:
    return frozenset(rng.choice(_TAGS, int(rng.integers(0, 4))).tolist())


def _words(rng: np.random.Generator, people: int) -> tuple[str | None, ...]:
    return tuple((None, "a", "b")[n] for n in rng.integers(0, 3, people).tolist())


def relisted(asked: Asked, requester_to: IntArray, candidate_to: IntArray) -> tuple[Asked, IntArray]:
    """List the same people in another order.

    Parameters
    ----------
    asked : Asked
    requester_to, candidate_to : int64 array (N,) or (M,)
        New position of each, a permutation.

    Returns
    -------
    Asked
    int64 array (P,)
        Where each pair of the new question stood in the old one.
    """
    who, whom = requester_to[asked.requester], candidate_to[asked.candidate]
    old = np.lexsort((whom, who))
    back = {"requester": np.argsort(requester_to), "candidate": np.argsort(candidate_to)}
    moved: dict[str, Any] = {"requester": who[old].astype(np.int32), "candidate": whom[old].astype(np.int32)}
    for side, order in back.items():
        for name in (f"{side}_ids", f"{side}_texts", f"{side}_tags"):
            own = getattr(asked, name)
            moved[name] = tuple(own[n] for n in order.tolist()) if own else ()
    moved["seats"], moved["arrival"] = asked.seats[back["candidate"]], asked.arrival[back["requester"]]
    moved["audit"] = {
        name: tuple(own[n] for n in back["candidate" if name.startswith("candidate:") else "requester"].tolist())
        for name, own in asked.audit.items()
    }
    known = asked.known
    told = requester_to[known.requester].astype(np.int32), candidate_to[known.candidate].astype(np.int32)
    turn = np.arange(len(known))[::-1]
    moved["known"] = Outcomes(told[0][turn], told[1][turn], known.gain[turn], known.moment[turn])
    return _frozen(replace(asked, **moved)), old


def check_strategy(spec: StrategySpec, score: Score | None = None) -> None:
    """Run all checks of `STRATEGY_CHECKS` and report every one that fails.

    Parameters
    ----------
    score : callable or None
        The strategy with its settings; with the default ones where none is given.

    Raises
    ------
    PluginError
        One sentence per failed check.
    """
    problems = []
    chosen = score or (lambda asked: spec.build(asked, **dict(spec.settings())))
    for check in STRATEGY_CHECKS:
        try:
            check(spec, chosen)
        except Exception as error:  # a check must not hide what the others find
            problems.append(f"{check.__name__}: {type(error).__name__}: {error}")
    if problems:
        raise PluginError(f"the strategy fails {len(problems)} of {len(STRATEGY_CHECKS)} checks", problems)


def check_one_score_a_pair(spec: StrategySpec, score: Score) -> None:
    """Floats (P,), NaN or finite, for questions of all sizes, also with nobody and nothing to choose from."""
    sizes = [(1, 12, 9, 0.7), (2, 5, 14, 0.3), (3, 1, 1, 1.0), (4, 6, 4, 0.0), (5, 0, 3, 1.0), (6, 3, 0, 1.0)]
    for seed, requesters, candidates, density in sizes:
        _scores(score, question(seed, requesters, candidates, density=density))


def check_somebody_is_suggested(spec: StrategySpec, score: Score) -> None:
    """Where texts, tags, attributes and outcomes are there, at least one pair is suggested."""
    for seed in range(4):
        if np.isnan(_scores(score, question(seed))).all():
            raise PluginError("every score is NaN although everything is known; expected some suggestion")


def check_nothing_known(spec: StrategySpec, score: Score) -> None:
    """Without texts, tags, attributes and outcomes there is a score or NaN for each pair, no error."""
    for seed in range(3):
        _scores(score, question(seed, bare=True))


def check_repeated(spec: StrategySpec, score: Score) -> None:
    """The same question with the same seed gives the same scores again, to the last digit."""
    for seed in range(3):
        asked = question(seed)
        if not np.array_equal(_scores(score, asked), _scores(score, asked), equal_nan=True):
            raise PluginError("the same question gave other scores; draw from asked.seed alone")


def check_order_of_people(spec: StrategySpec, score: Score) -> None:
    """However people and outcomes are listed, the same pair has the same score."""
    for seed in range(4):
        asked = question(seed)
        rng = np.random.default_rng(seed)
        moved, old = relisted(asked, rng.permutation(asked.requesters), rng.permutation(asked.candidates))
        _alike(_scores(score, moved), _scores(score, asked)[old], "people are listed in another order")


def check_names(spec: StrategySpec, score: Score) -> None:
    """Other ids give the same scores, unless the strategy draws lots: then ids decide as the seed does."""
    for seed in range(3):
        asked = question(seed)
        found = _scores(score, asked)
        if any(
            not np.array_equal(_scores(score, replace(asked, seed=s)), found, equal_nan=True) for s in (101, 102, 103)
        ):
            continue
        renamed = replace(
            asked,
            requester_ids=tuple(f"x{name[::-1]}" for name in asked.requester_ids),
            candidate_ids=tuple(f"y{name[::-1]}" for name in asked.candidate_ids),
        )
        _alike(_scores(score, renamed), found, "people have other ids")


def check_inputs_are_left_alone(spec: StrategySpec, score: Score) -> None:
    """Nothing of the question is written to: its arrays are read-only here, its mappings are compared."""
    asked = question(7)
    before = dict(asked.audit)
    _scores(score, asked)
    if dict(asked.audit) != before:
        raise PluginError("the strategy changed asked.audit")


def check_reads_what_it_declares(spec: StrategySpec, score: Score) -> None:
    """Outcomes are read only with `learns=True`, audit attributes only by a baseline; whatever reads them says so."""
    for seed in range(3):
        asked = question(seed)
        found = _scores(score, asked)
        if not spec.learns:
            _alike(_scores(score, replace(asked, known=Outcomes.none())), found, "known outcomes are taken away", 
                   "declare learns=True")  # fmt: skip
        if not spec.baseline:
            _alike(_scores(score, replace(asked, audit={})), found, "audit attributes are taken away",
                   "a strategy for use must not read them")  # fmt: skip


STRATEGY_CHECKS: Sequence[Callable[[StrategySpec, Score], None]] = (
    check_one_score_a_pair,
    check_somebody_is_suggested,
    check_nothing_known,
    check_repeated,
    check_order_of_people,
    check_names,
    check_inputs_are_left_alone,
    check_reads_what_it_declares,
)


def _scores(score: Score, asked: Asked) -> FloatArray:
    """Scores of a question, their form checked."""
    found = score(asked)
    if not isinstance(found, np.ndarray) or found.dtype.kind != "f" or found.shape != (len(asked),):
        got = f"{found.dtype} {found.shape}" if isinstance(found, np.ndarray) else type(found).__name__
        raise PluginError(f"the scores are {got}, expected floats of shape ({len(asked)},)")
    if np.isinf(found).any():
        raise PluginError("a score is infinite; expected a finite number, or NaN for 'not suggested'")
    return found


def _alike(found: FloatArray, expected: FloatArray, when: str, otherwise: str = "no result may depend on that") -> None:
    if not np.allclose(found, expected, rtol=0, atol=_TOLERANCE, equal_nan=True):
        raise PluginError(f"scores are others when {when}; {otherwise}")


def _frozen(thing: Any) -> Any:
    """Make all arrays read-only, so that writing into them fails."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
        elif is_dataclass(value):
            _frozen(value)
    return thing
