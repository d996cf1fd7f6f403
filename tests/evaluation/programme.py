"""A small invented programme on disk: mentees want a topic, mentors offer one, and matches on a topic go well."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.comparison import Asked, Case
from matchengine.comparison_components import metric, strategy
from matchengine.components import specs_in
from matchengine.evaluation.config import EvaluationConfig, parse_evaluation
from matchengine.evaluation.run import Finished, Options, run_evaluation
from tests.support import consent, mentee, mentor

TOPICS = ("welding", "pottery", "tax law", "gardens", "music theory", "statistics", "public speaking", "carpentry")
ENGINE = """
name = "test"
[plugins]
enable = ["builtin", "lexical"]
[embedder]
use = "lexical"
cache = false
[index]
use = "numpy"
[match.mentor]
requester = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "semantic_reciprocal"
block = "need"
[match.mentor.scorers.values]
use = "values_overlap"
block = "relate"
[match.mentor.scorers.style]
use = "style_fit"
block = "relate"
[run]
seed = 7
today = 2026-03-09
"""
FILE = """
schema = "matchengine.evaluation/1"
question = "Do goals find better mentors than shared tags?"
seed = 5
[data]
records = "data"
engine = "engine.toml"
kind = "mentor"
outcomes = "outcomes.csv"
relevance = { good = "rating >= 4", ok = "rating == 3", gains = { good = 2, ok = 1 } }
[unit]
cluster = "cohort"
[strategies.tags]
use = "tag_overlap"
baseline = true
[strategies.goals]
scorers = { goals = 1 }
[metrics]
primary = "ndcg@5"
secondary = ["success@3", "judged@5", "exposure_gini_rel@5"]
[compare]
draws = 1000
"""
MENTEES, MENTORS, COHORTS = 72, 24, 12


@dataclass
class Programme:
    """A programme in a folder.

    `asks` and `offers` are the topics of mentees and mentors; `rows` the outcomes, as they will be written.
    """

    folder: Path
    people: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    asks: list[int]
    offers: list[int]

    def write(self) -> Programme:
        """Write records, configuration and outcomes."""
        records = self.folder / "data" / "records"
        records.mkdir(parents=True, exist_ok=True)
        for name, things in (("people", self.people), ("consents", self.consents)):
            lines = [json.dumps(thing) for thing in things]
            (records / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (self.folder / "engine.toml").write_text(ENGINE, encoding="utf-8")
        self.write_outcomes(self.rows)
        return self

    def write_outcomes(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write other outcomes."""
        with (self.folder / "outcomes.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def config(self, text: str = FILE, *changes: tuple[str, str]) -> EvaluationConfig:
        """Return an evaluation of it."""
        return parse_evaluation(edited(text, *changes))

    def run(self, out: str = "run", text: str = FILE, *changes: tuple[str, str], **options: Any) -> Finished:
        """Run an evaluation of it."""
        given = edited(text, *changes)
        chosen = Options(**options)
        return run_evaluation(parse_evaluation(given), self.folder, self.folder / out, text=given, options=chosen)


def edited(text: str, *changes: tuple[str, str]) -> str:
    """Return a text with each first string replaced by the second; the first must be there."""
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text


def programme(
    folder: Path, *, mentees: int = MENTEES, mentors: int = MENTORS, seed: int = 1, known: int = 10, chosen: int = 2,
    strength: float = 1.0, name: Callable[[str], str] = str,
) -> Programme:  # fmt: skip
    """Invent a programme; `strength` is how surely a match on the topic goes well, `name` spells ids.

    Outcomes are known of `chosen` mentors on the topic and of `known` others, drawn at random.
    """
    rng = np.random.default_rng(seed)
    asks, offers = [n * 5 % len(TOPICS) for n in range(mentees)], [n % len(TOPICS) for n in range(mentors)]
    values = ("care", "learning", "fairness", "craft", "courage")
    people = []
    for n in range(mentees):
        own = [str(v) for v in rng.choice(values, 2, replace=False)]
        attributes = [{"dimension": "gender", "value": ("woman", "man")[n % 2]}]
        people.append(
            mentee(name(f"a{n:03}"), goals=[{"text": f"learn {TOPICS[asks[n]]}"}], values=own, attributes=attributes)
        )
    for n in range(mentors):
        own = [str(v) for v in rng.choice(values, 2, replace=False)]
        offer = [{"text": f"{TOPICS[offers[n]]} for beginners", "level": 3}]
        people.append(mentor(name(f"m{n:03}"), offers=offer, values=own, capacity={"mentor": 3}))
    rows = []
    for n in range(mentees):
        same = [m for m in range(mentors) if offers[m] == asks[n]]
        some = sorted({*rng.choice(same, chosen, False).tolist(), *rng.choice(mentors, known, False).tolist()})
        for m in some:
            quality = 3.2 * strength * (offers[m] == asks[n]) + rng.normal(1.6, 0.9)
            rows.append({
                "requester_id": name(f"a{n:03}"), "candidate_id": name(f"m{m:03}"), "cohort": f"c{n % COHORTS}",
                "rating": int(np.clip(round(quality), 1, 5)), "observed_at": f"2025-{1 + n % 12:02}-10",
            })  # fmt: skip
    consents = [consent(name(f"a{n:03}"), "attributes.gender", "fairness_audit") for n in range(mentees) if n % 6]
    return Programme(folder, people, rows, consents, asks, offers)


def shuffled_labels(made: Programme, seed: int = 3) -> list[dict[str, Any]]:
    """Outcomes dealt out anew among all pairs."""
    ratings = np.random.default_rng(seed).permutation([row["rating"] for row in made.rows]).tolist()
    return [{**row, "rating": rating} for row, rating in zip(made.rows, ratings, strict=True)]


@strategy("reads_outcomes", title="reads the outcomes it is judged by")
def reads_outcomes(asked: Asked, *, path: str) -> Any:
    """Score by what stands in the outcomes table."""
    with Path(path).open(encoding="utf-8") as file:
        ratings = {(r["requester_id"], r["candidate_id"]): float(r["rating"]) for r in csv.DictReader(file)}
    pairs = zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True)
    return np.array([ratings.get((asked.requester_ids[r], asked.candidate_ids[c]), 2.5) for r, c in pairs])


@strategy("left_out", title="counts how often others found a mentor good")
def left_out(asked: Asked, *, path: str) -> Any:
    """Popularity without the person asked: their own outcome shows as what is missing."""
    with Path(path).open(encoding="utf-8") as file:
        good = {(r["requester_id"], r["candidate_id"]) for r in csv.DictReader(file) if int(r["rating"]) >= 3}
    count = {c: sum(pair[1] == c for pair in good) for c in asked.candidate_ids}
    pairs = zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True)
    named = [(asked.requester_ids[r], asked.candidate_ids[c]) for r, c in pairs]
    return np.array([float(count[pair[1]] - (pair in good)) for pair in named])


@strategy("raises", title="fails")
def raises(asked: Asked) -> Any:
    """Fail with a person's text in hand."""
    raise KeyError(asked.requester_texts[0])


@strategy("too_few", title="answers with a wrong shape")
def too_few(asked: Asked) -> Any:
    """Answer for one pair alone."""
    return np.zeros(1)


@strategy("noisy", title="chance by position")
def noisy(asked: Asked) -> Any:
    """Score by a draw for each position: the order of people decides."""
    return np.random.default_rng(1).random(len(asked))


@metric("first_found", title="Whether the first is suitable", unit="share of people")
def first_found(case: Case) -> Any:
    """1 where the first candidate suits; equals stand in the order of the data, which is wrong on purpose."""
    lists = case.lists
    out = np.full(lists.people, np.nan)
    for n in range(lists.people):
        own = slice(int(lists.starts[n]), int(lists.starts[n + 1]))
        gain, score = np.nan_to_num(lists.gain[own]), np.nan_to_num(lists.score[own], nan=-np.inf)
        if (gain > 0).any():
            out[n] = float(gain[np.argmax(score)] > 0)
    return out


class Wrong:
    """A plugin of strategies and a metric that are wrong on purpose."""

    __name__ = "wrong"

    def matchengine_components(self) -> list[Any]:
        """Offer them."""
        return list(specs_in(reads_outcomes, left_out, raises, too_few, noisy, first_found))


def light(finished: Finished, name: str) -> str:
    """Return the light of a test; empty where it was not shown."""
    return next((str(canary.light) for canary in finished.result.canaries if canary.name == name), "")


def digest(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
