"""What history adds: both sides' answers at speed-dating events, and joint attendance in a small town."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.data import MissingDataError, data_file
from eval.metrics import interval_of_mean
from eval.report import table, with_interval
from matchengine.batch import PairBatch
from matchengine.components import specs_in
from matchengine.config import parse_config
from matchengine.engine import Engine
from matchengine.plugins.builtin import matchengine_components
from matchengine.pool.history import HistorySettings
from matchengine.scorers import co_membership, mutual_acceptance

__all__ = ["Meeting", "attendance", "auc", "history_of", "later_pairs", "meetings", "run", "run_attendance", "score"]

SOURCE = (
    "speed dating, waves 1 to 9 (Fisman, Iyengar, Kamenica and Simonson 2006; github.com/smcnish71/Speed-Dating, "
    "commit 15c5452), of which only who met whom in which round and who said yes is read"
)
ATTENDANCE = "davis_southern_women_graph of networkx: 18 women, 14 social events (Davis, Gardner and Gardner 1941)"
WAYS: Mapping[str, Mapping[str, str]] = {
    "both": {},
    "both_harmonic": {"aggregate": "harmonic"},
    "both_arithmetic": {"aggregate": "arithmetic"},
    "requester_only": {"directions": "requester"},
    "candidate_only": {"directions": "candidate"},
}
"""Settings of `mutual_acceptance`; `both` is the default, `requester_only` the one-sided ranking it must beat."""
_HEAD = """
name = "history"
[plugins]
enable = ["builtin", "lexical"]
[embedder]
use = "lexical"
cache = false
"""
_EXPONENTS = (0.0, 0.5, 1.0)


class Meeting(NamedTuple):
    """What one of two people decided when they met: `round` is the place of the meeting in that person's evening."""

    who: str
    other: str
    wave: str
    round: int
    yes: bool


class _Scorers:
    """Offers the scorers of history where the built-in plugin does not."""

    __name__ = "history-scorers"

    def matchengine_components(self) -> list[Any]:
        """Offer them."""
        known = {spec.name for spec in matchengine_components()}
        return [spec for spec in specs_in(co_membership, mutual_acceptance) if spec.name not in known]


def meetings() -> list[Meeting]:
    """Read who met whom; nothing else of the file is looked at."""
    with gzip.open(data_file("speed_dating", "speed_dating_waves_1_9.csv.gz"), "rb") as packed:
        rows = csv.DictReader(io.TextIOWrapper(packed, "latin-1"))
        return [
            Meeting(row["iid"], row["pid"], row["wave"], int(row["order"]), row["dec"] == "1")
            for row in rows
            if row["pid"]
        ]


def history_of(met: Iterable[Meeting]) -> list[Meeting]:
    """Return the decisions of the first half of each person's own rounds."""
    met = list(met)
    last: dict[str, int] = defaultdict(int)
    for each in met:
        last[each.who] = max(last[each.who], each.round)
    return [each for each in met if 2 * each.round <= last[each.who]]


def later_pairs(met: Iterable[Meeting]) -> dict[tuple[str, str], bool]:
    """Return pairs that met in the second half of the evening of both, and whether both said yes."""
    met = list(met)
    earlier = {(each.who, each.other) for each in history_of(met)}
    yes = {(each.who, each.other): each.yes for each in met}
    return {
        (a, b): said and yes[b, a]
        for (a, b), said in yes.items()
        if (b, a) in yes and (a, b) not in earlier and (b, a) not in earlier
    }


def auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Probability that a positive one is scored above another, ties counted half; NaN where there is but one kind."""
    high, low = scores[positive], scores[~positive]
    if not len(high) or not len(low):
        return float("nan")
    return float((high[:, None] > low).mean() + (high[:, None] == low).mean() / 2)


def score(met: Sequence[Meeting]) -> dict[str, dict[str, float]]:
    """AUC of each way for every person of one closed market whose later meetings hold both outcomes."""
    tables = [
        f'[match.{name}]\nrequester = "anyone"\ncandidate = "anyone"\n[match.{name}.scorers.history]\n'
        f'use = "mutual_acceptance"\nwith = {{ {", ".join(f"{k} = {v!r}" for k, v in settings.items())} }}\n'
        for name, settings in WAYS.items()
    ]
    made = Engine(parse_config(_HEAD + "".join(tables)), plugins=[_Scorers()])
    answers = [
        {"person_id": each.who, "about_id": each.other, "wave": "end", "perspective": "requester"}
        | {"items": {"not_for_me": not each.yes}}
        for each in history_of(met)
    ]
    made.load([{"id": who} for who in sorted({each.who for each in met})], feedback=answers)
    asked: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for (one, other), both in sorted(later_pairs(met).items()):
        asked[one].append((other, both))
    rows = made._pool.tables["people"].row_of
    found: dict[str, dict[str, float]] = {name: {} for name in WAYS}
    for name in WAYS:
        scene = made._scene(name)
        for who, others in asked.items():
            batch = PairBatch.one_to_many(rows[who], np.array([rows[other] for other, _both in others], np.int32))
            value = auc(scene.table(batch)[1].total, np.array([both for _other, both in others]))
            if not np.isnan(value):
                found[name][who] = value
    return found


def run() -> tuple[dict[str, Any], str]:
    """Rank later partners from earlier answers, each event a closed market; return the document and its table."""
    met = meetings()
    waves = sorted({each.wave for each in met})
    by_wave = {wave: score([each for each in met if each.wave == wave]) for wave in waves}
    results: dict[str, Any] = {}
    for name in WAYS:
        people = [value for wave in waves for value in by_wave[wave][name].values()]
        means = {wave: float(np.mean(list(by_wave[wave][name].values()))) for wave in waves}
        results[name] = {"people": float(np.mean(people)), "waves": float(np.mean(list(means.values())))}
        results[name]["by_wave"] = means
    gained = [
        by_wave[wave]["both"][who] - one for wave in waves for who, one in by_wave[wave]["requester_only"].items()
    ]
    clusters = [wave for wave in waves for _who in by_wave[wave]["both"]]
    by_people = interval_of_mean(np.array(gained), clusters)
    gaps = [results["both"]["by_wave"][w] - results["requester_only"]["by_wave"][w] for w in waves]
    by_waves = interval_of_mean(np.array(gaps))
    results["gain"] = {"over_people": by_people._asdict(), "over_waves": by_waves._asdict()}
    results["gain"]["waves_not_lower"] = sum(gap >= 0 for gap in gaps)
    later = sum(len(later_pairs([each for each in met if each.wave == wave])) for wave in waves)
    rows = [
        [name, f"{results[name]['people']:.3f}", f"{results[name]['waves']:.3f}"]
        + [f"{results[name]['by_wave'][wave]:.3f}" for wave in waves]
        for name in WAYS
    ]
    document = {
        "name": "history_speed_dating",
        "question": "Does ranking by what both sides answered before find mutual yes better than by one side alone?",
        "source": SOURCE,
        "data": {"waves": len(waves), "people": len(clusters), "answers": len(history_of(met)), "later_pairs": later},
        "method": [
            "Each wave is one engine: a closed market. History is what each person decided in the first half of their "
            "own rounds; candidates are those met in the second half of both evenings; relevant is a yes of both.",
            "AUC per person over their later partners, ties counted half; people whose later meetings hold one outcome "
            "only are left out. `people` is the mean over people, `waves` the mean of the means of waves.",
            "Every way is the same scorer with the same constants, which come from the answers themselves; the "
            "default is `both`. Fewer than five answers about somebody count as unknown, so that nothing is said in "
            "the wave of five rounds. What others answered about the one who looks is left out of their list.",
            "Intervals: bootstrap over waves. Nine waves are few; no demographic field is read.",
        ],
        "results": results,
        "conclusion": f"Both sides: AUC {results['both']['people']:.3f} over people and {results['both']['waves']:.3f} "
        f"over waves; one side: {results['requester_only']['people']:.3f} and "
        f"{results['requester_only']['waves']:.3f}. Gain over people {with_interval(by_people._asdict())}, over waves "
        f"{with_interval(by_waves._asdict())}.",
    }
    return document, table(["way", "people", "waves", *(f"wave {wave}" for wave in waves)], rows)


def attendance() -> dict[str, tuple[str, ...]]:
    """Return which events each woman attended, under numbers instead of names.

    Raises
    ------
    MissingDataError
        Where networkx is not installed.
    """
    try:
        import networkx
    except ImportError as error:
        raise MissingDataError("networkx is not installed; it carries the attendance of 18 women") from error
    graph = networkx.davis_southern_women_graph()
    women = [node for node, of in graph.nodes(data=True) if of["bipartite"] == 0]
    return {f"w{n:02}": tuple(sorted(graph[woman])) for n, woman in enumerate(women)}


def run_attendance() -> tuple[dict[str, Any], str]:
    """Hide each attendance in turn and rank the events a woman did not attend, with it among them."""
    went = attendance()
    events = sorted({event for attended in went.values() for event in attended})
    ways = {"popularity": None} | {
        f"{model}_{exponent:g}": HistorySettings(model=model, popularity_exponent=exponent)  # type: ignore[arg-type]
        for model in ("cosine", "ease")
        for exponent in _EXPONENTS
    }
    ranks: dict[str, list[float]] = {name: [] for name in ways}
    hidden: list[str] = []
    for woman, attended in went.items():
        for event in attended:
            hidden.append(woman)
            for name, values in _hiding(went, events, woman, event, ways).items():
                ranks[name].append(values)
    results = {name: {"auc": interval_of_mean(np.array(values), hidden)._asdict()} for name, values in ranks.items()}
    document = {
        "name": "history_attendance",
        "question": "Do people who went to the same events tell which other event somebody went to?",
        "source": ATTENDANCE,
        "data": {"people": len(went), "events": len(events), "attendances": len(hidden)},
        "method": [
            "Each attendance is hidden in turn; the event is ranked among those that the woman did not attend, from "
            "all other attendances. AUC, ties counted half; an event with fewer than five others is unknown, as "
            "are two events with fewer than five people in common.",
            "Popularity counts the attendances that are left, so that the hidden one lowers its own event: this leans "
            "against every way here alike. Intervals: bootstrap over women. Eighteen women show that it works, "
            "no more.",
        ],
        "results": results,
        "conclusion": "; ".join(f"{name} {found['auc']['mean']:.3f}" for name, found in results.items()) + " (AUC).",
    }
    rows = [[name, with_interval(found["auc"])] for name, found in results.items()]
    return document, table(["way", "AUC"], rows)


def _hiding(
    went: Mapping[str, Sequence[str]],
    events: Sequence[str],
    woman: str,
    event: str,
    ways: Mapping[str, HistorySettings | None],
) -> dict[str, float]:
    """AUC of each way for one hidden attendance."""
    kind = '[match.group]\nrequester = "anyone"\ncandidate = "group"\n[match.group.scorers.history]\n'
    made = Engine(parse_config(_HEAD + kind + 'use = "co_membership"\n'), plugins=[_Scorers()])
    left = [(who, each) for who, attended in went.items() for each in attended if (who, each) != (woman, event)]
    made.load(
        [{"id": who} for who in went],
        groups=[{"id": each, "title": each, "kind": "informal"} for each in events],
        relationships=[{"person_id": who, "other_id": each, "kind": "membership"} for who, each in left],
    )
    asked = [each for each in events if each == event or each not in went[woman]]
    rows = made._pool.tables["groups"].row_of
    batch = PairBatch.one_to_many(
        made._pool.tables["people"].row_of[woman], np.array([rows[each] for each in asked], np.int32)
    )
    found, positive = {}, np.array([each == event for each in asked])
    for name, settings in ways.items():
        if settings is None:
            scores = np.array([sum(each == other for _who, other in left) for each in asked], np.float64)
        else:
            made._pool.history = settings
            scores = made._scene("group").table(batch)[1].total
        found[name] = auc(scores, positive)
    return found
