"""Rankings and outcomes as TREC files, so that a tool of other authors can work the figures out again.

Lines are `person Q0 candidate rank score strategy` and `person 0 candidate gain`. Ids are percent-encoded, so that each
is one word of ASCII for every parser that splits at white space. trec_eval keeps scores in single precision, puts
equals in descending order of candidates' ids and reads no rank: `told_apart` keeps whom a strategy tells apart apart
there, and ranks are written in that order.
"""

from __future__ import annotations

import json
import string
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.ground import Ground
from matchengine.evaluation.nodes import NodeStore, Payload, key_of
from matchengine.evaluation.plan import Step
from matchengine.i18n import _
from matchengine.io.json_lines import write_private

__all__ = ["keep_rankings", "told_apart", "uncounted", "write_trec"]

_PAIRS = "pairs"
_PLAIN = frozenset(string.ascii_letters + string.digits + "_.-~")
_LARGEST = float(np.finfo(np.float32).max)


def uncounted(config: EvaluationConfig) -> str:
    """Say why outcomes cannot be written as whole numbers, which is all that TREC files hold; empty where they can."""
    broken = {grade: gain for grade, gain in config.data.relevance.gains.items() if gain != int(gain)}
    if not broken:
        return ""
    told = ", ".join(f"{grade} = {gain:g}" for grade, gain in broken.items())
    return _(
        "report.trec: TREC files hold whole gains alone, and data.relevance.gains has {gains}; multiply all gains by "
        "one number, which leaves ndcg as it is, or set report.trec = false",
        gains=told,
    )


def keep_rankings(store: NodeStore, ground: Ground, steps: Sequence[Step]) -> dict[str, Any]:
    """Keep ids, pairs and outcomes in a node, and return where it and the scores of each step are.

    Parameters
    ----------
    store : NodeStore
        Holds the scores of each step already.
    steps : sequence of Step
        Strategies that answered.

    Returns
    -------
    dict
        `pairs`, the name of the node, and `runs`, the name of the node of each strategy; for `run.json`.
    """
    asked = ground.task.asked
    split = ground.config.split.model_dump(mode="json")
    inputs = {"data": key_of(ground.data_inputs), "split": split}
    if not store.has(_PAIRS, inputs):
        arrays = {"requester": asked.requester, "candidate": asked.candidate, "gain": ground.judged_task.gain}
        ids = {"requesters": list(asked.requester_ids), "candidates": list(asked.candidate_ids)}
        store.put(_PAIRS, inputs, Payload(arrays, ids))
    runs = {step.name: store.stem(step.name, ground.step_inputs(step)) for step in steps}
    return {"pairs": store.stem(_PAIRS, inputs), "runs": runs}


def write_trec(folder: Path) -> list[Path]:
    """Write `trec/qrels.txt` and `trec/STRATEGY.run` of each declared strategy that answered, for their owner alone.

    Nothing is asked anew: pairs, outcomes and scores are those in the nodes of the run.

    Parameters
    ----------
    folder : Path
        The folder of a run with `report.trec = true`.

    Returns
    -------
    list of Path
        The files, outcomes first.

    Raises
    ------
    DataError
        Where the folder does not hold what is needed, or cannot be written.
    """
    try:
        kept = json.loads((folder / "run.json").read_text(encoding="utf-8"))["trec"]
    except (OSError, ValueError, KeyError) as error:
        told = _("{folder}: no rankings were kept; set report.trec = true and run matchengine eval", folder=folder)
        raise DataError(told) from error
    store = NodeStore(folder / "nodes")
    pairs = _found(store, kept["pairs"])
    own = folder / "trec"
    try:
        own.mkdir(mode=0o700, exist_ok=True)
        own.chmod(0o700)
    except OSError as error:
        told = _("{path}: cannot be written ({reason}); create the folder or choose another",
                 path=own, reason=error.strerror)  # fmt: skip
        raise DataError(told) from error
    written = [own / "qrels.txt"]
    write_private(written[0], "".join(_outcomes(pairs)))
    for name, stem in kept["runs"].items():
        written.append(own / f"{name}.run")
        write_private(written[-1], "".join(_ranking(pairs, _found(store, stem).arrays["scores"], name)))
    for path in own.glob("*.run"):
        if path not in written:  # of an earlier run into this folder
            path.unlink()
    return written


def _found(store: NodeStore, stem: str) -> Payload:
    found = store.named(stem)
    if found is None:
        path = store.folder / stem
        raise DataError(_("{path}: missing or damaged; run matchengine eval again, which does it anew", path=path))
    return found


def _outcomes(pairs: Payload) -> Iterator[str]:
    """Yield a line for each known outcome of whoever has a suitable candidate; others have no value in any mean."""
    who, whom = _words(pairs, "requesters"), _words(pairs, "candidates")
    requester, candidate, gain = (pairs.arrays[name] for name in ("requester", "candidate", "gain"))
    counted = np.bincount(requester, weights=np.nan_to_num(gain) > 0, minlength=len(who)) > 0
    known = counted[requester] & ~np.isnan(gain)
    columns = (requester[known].tolist(), candidate[known].tolist(), gain[known].astype(np.int64).tolist())
    for person, other, worth in zip(*columns, strict=True):
        yield f"{who[person]} 0 {whom[other]} {worth}\n"


def _ranking(pairs: Payload, scores: FloatArray, name: str) -> Iterator[str]:
    """Yield a line for each pair that is suggested, person by person, in the order in which trec_eval puts them."""
    who, whom = _words(pairs, "requesters"), _words(pairs, "candidates")
    known = np.flatnonzero(~np.isnan(scores))
    requester, candidate, score = pairs.arrays["requester"][known], pairs.arrays["candidate"][known], scores[known]
    spelt = np.empty(len(whom), np.int64)
    spelt[np.array(sorted(range(len(whom)), key=whom.__getitem__), np.int64)] = np.arange(len(whom))
    order = np.lexsort((-spelt[candidate], -score, requester))
    requester, candidate, score = requester[order], candidate[order], score[order]
    rank = 1 + np.arange(len(order)) - np.searchsorted(requester, requester)
    columns = (requester.tolist(), candidate.tolist(), rank.tolist(), told_apart(requester, score).tolist())
    for person, other, place, worth in zip(*columns, strict=True):
        yield f"{who[person]} Q0 {whom[other]} {place} {worth!r} {name}\n"


def _words(pairs: Payload, side: str) -> list[str]:
    return [_encoded(name) for name in pairs.facts[side]]


def told_apart(person: IntArray, score: FloatArray) -> FloatArray:
    """Return scores in the same order, and with the same ties, in single precision as in double precision.

    A score stays as it is wherever single precision tells it from the next lower one of the list; others move up to the
    next number that it can hold.

    Parameters
    ----------
    person : int array (P,)
        Ascending.
    score : float64 array (P,)
        Finite; those of one person descending.

    Returns
    -------
    float64 array (P,)
    """
    if not len(score):
        return score
    person, score = person[::-1], score[::-1]
    new = np.r_[True, person[1:] != person[:-1]]
    begins = new | np.r_[True, score[1:] != score[:-1]]
    level, first = score[begins], np.flatnonzero(new[begins])
    size = np.diff(first, append=len(level))
    place = np.arange(len(level)) - np.repeat(first, size)
    key = _steps(level)
    apart = np.repeat(np.arange(len(first)), size) << 33  # further than any two keys, so that no list moves another
    lifted = np.maximum.accumulate(key - place + apart) - apart + place
    lifted = np.minimum(lifted, _steps(np.array([_LARGEST])) - np.repeat(size, size) + 1 + place)
    single = np.copysign(np.abs(lifted).astype(np.int32).view(np.float32).astype(np.float64), lifted)
    kept = np.where((lifted == key) & (np.abs(level) <= _LARGEST), level, single)
    found: FloatArray = kept[np.cumsum(begins) - 1][::-1]
    return found


def _steps(value: FloatArray) -> IntArray:
    """Position of each number among all of single precision, 0 for zero, int64: adjacent numbers differ by 1."""
    single = np.clip(value, -_LARGEST, _LARGEST).astype(np.float32)
    size = np.abs(single).view(np.int32).astype(np.int64)
    return np.where(single < 0, -size, size)


def _encoded(name: str) -> str:
    """A name in which every byte but letters, digits, `_`, `.`, `-` and `~` of ASCII is written as %XX."""
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in name.encode())
