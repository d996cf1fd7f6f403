"""Does it pay to ask both sides? Meetings whose outcome both decided, predicted from what both answered before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.data import SOURCES
from eval.data_speed_dating import Market, Meeting, markets
from eval.metrics import area_under_curve, interval_of_mean
from eval.ranking import default_config, scores
from eval.report import table, with_interval
from matchengine import Engine, Person
from matchengine.records import Feedback

__all__ = ["DIRECTIONS", "engine_scores", "run"]

DIRECTIONS = {"both": "both sides", "requester": "one side: who asks likes whom", "candidate": "the other side alone"}
Matrix = NDArray[np.float64]


def engine_scores(
    market: Market, directions: str, embedder: str = "lexical", plugins: Sequence[object] = ()
) -> tuple[list[str], Matrix]:
    """Return the people of a market and the engine's scores of everybody for everybody, (N, N).

    The engine knows the answers of the first half of the evening and nothing else.
    """
    ids = sorted({name for meeting in market.meetings for name in (meeting.one, meeting.other)})
    scorer = {"use": "mutual_acceptance", "block": "relate", "with": {"directions": directions}}
    config = default_config("peer", "peer", {"acceptance": scorer}, embedder, blocks={"relate": 1.0}, informed_from=0.0)
    engine = Engine(config, plugins=plugins)
    people = [Person.model_validate({"id": name, "roles": ["peer"], "adult": True}) for name in ids]
    engine.load(people, feedback=list(_answers(market.history)))
    return ids, scores(engine, ids, ids)


def _answers(meetings: Iterable[Meeting]) -> Iterable[Feedback]:
    for meeting in meetings:
        for one, other, yes in (
            (meeting.one, meeting.other, meeting.yes),
            (meeting.other, meeting.one, meeting.other_yes),
        ):
            told = {"about_id": other, "person_id": one, "wave": "start", "perspective": "requester"}
            yield Feedback.model_validate(told | {"items": {"not_for_me": not yes}})


def areas(market: Market, ids: Sequence[str], values: Matrix) -> list[float]:
    """Return, for each person with both outcomes in the second half, how well mutual yeses stand before the rest."""
    place = {name: n for n, name in enumerate(ids)}
    met: dict[str, list[tuple[int, bool]]] = {}
    for meeting in market.test:
        both = meeting.yes and meeting.other_yes
        met.setdefault(meeting.one, []).append((place[meeting.other], both))
        met.setdefault(meeting.other, []).append((place[meeting.one], both))
    found = []
    for person in sorted(met):
        others, mutual = (np.array(column) for column in zip(*met[person], strict=True))
        own = np.nan_to_num(values[place[person], others], nan=-1.0)
        found.append(area_under_curve(own, mutual.astype(np.bool_)))
    return [area for area in found if not np.isnan(area)]


def pooled(market: Market, ids: Sequence[str], values: Matrix) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return value and outcome of each meeting of the second half, from the side that is listed first and the other."""
    place = {name: n for n, name in enumerate(ids)}
    rows = [(m.one, m.other, m.yes and m.other_yes) for m in market.test]
    rows += [(m.other, m.one, m.yes and m.other_yes) for m in market.test]
    found = np.array([values[place[one], place[other]] for one, other, _ in rows])
    return np.nan_to_num(found, nan=-1.0), np.array([both for *_, both in rows], np.bool_)


def run(
    evenings: Sequence[Market] | None = None, embedder: str = "lexical", plugins: Sequence[object] = ()
) -> tuple[dict[str, Any], str]:
    """Rank with both sides and with one; return the result document and its Markdown table."""
    evenings = markets() if evenings is None else evenings
    own: dict[str, list[float]] = {name: [] for name in DIRECTIONS}
    whole: dict[str, list[float]] = {name: [] for name in DIRECTIONS}
    waves: list[str] = []
    for market in evenings:
        for name in DIRECTIONS:
            ids, values = engine_scores(market, name, embedder, plugins)
            found = areas(market, ids, values)
            own[name] += found
            whole[name].append(area_under_curve(*pooled(market, ids, values)))
        waves += [str(market.wave)] * len(found)
    results: dict[str, Any] = {}
    for name, told in DIRECTIONS.items():
        results[name] = {
            "what": told,
            "area_by_person": interval_of_mean(np.array(own[name]), waves)._asdict(),
            "area_by_evening": float(np.nanmean(whole[name])),
        }
        if name != "both":
            gap = np.array(own["both"]) - np.array(own[name])
            results[name]["both_minus"] = interval_of_mean(gap, waves)._asdict()
    rows = [
        [
            found["what"],
            f"{found['area_by_person']['mean']:.3f}",
            f"{found['area_by_evening']:.3f}",
            with_interval(found["both_minus"]) if "both_minus" in found else "–",
        ]
        for found in results.values()
    ]
    headers = ["ranked by", "area, by person", "area, all pairs of an evening", "both − this, by person (by evening)"]
    return _document(evenings, results, len(waves)), table(headers, rows)


def _document(evenings: Sequence[Market], results: dict[str, Any], people: int) -> dict[str, Any]:
    gain = results["requester"]["both_minus"]
    return {
        "name": "reciprocity",
        "question": "Does a ranking by what both sides answered before find mutual yeses better than one side alone?",
        "source": SOURCES["speed_dating"],
        "data": {
            "evenings": len(evenings),
            "meetings": sum(len(market.meetings) for market in evenings),
            "known": sum(len(market.history) for market in evenings),
            "judged": sum(len(market.test) for market in evenings),
            "people_judged": people,
        },
        "method": [
            "Each person's meetings are cut at half of their evening. The engine is given the answers of meetings in "
            "the first half of both people as feedback, and judged on those in the second half of both.",
            "The scorer is mutual_acceptance alone, at its defaults; one side is the same scorer with `directions`. No "
            "attribute of anybody is read, and none of these data may weigh attributes.",
            "Area by person: how often somebody with whom a yes was mutual stands before somebody with whom it was "
            "not, ties as a half, over people who met both kinds. Intervals: bootstrap over evenings; there are few.",
        ],
        "results": results,
        "conclusion": f"Both sides reach {results['both']['area_by_person']['mean']:.3f}, one side "
        f"{results['requester']['area_by_person']['mean']:.3f}: a difference of {with_interval(gain)}.",
    }
