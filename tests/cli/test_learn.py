"""S2-34 end to end, through the commands: invented people, what they said, a proposal, a signature, new weights.

The world is exaggerated, so that something can be learned from few: likeness alone decides, everybody answers, and
ratings are exact.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matchengine import Engine
from matchengine.config import EngineConfig, load_config
from matchengine.io.write import write_folder
from matchengine.learning.adoption import sealed
from matchengine.records.learning import Adoption, WeightProposal
from matchengine.simulation import Knobs, Population, World, populate, run_pairs, to_records, world
from tests.cli.commands import ROOT, Done, run, too_wide

COHORTS, EACH = 6, 6
TODAY = date(2026, 1, 5)
KNOBS = Knobs(
    mentees=180, mentees_per_mentor=12.0, strength=3.0, satisfaction_noise=0.0, satisfaction_ceiling=0.0, answering=5.0,
    shocks_per_year=0.0, vague_texts=0.0, goal_error=0.0, blank_fields=0.0, foreign_texts=0.0, wordiness=0.0,
)  # fmt: skip


def likeness() -> World:
    """Nothing but likeness counts."""
    return replace(
        world("W1"), deep=2.0, complement=0.0, identity=0.0, logistics=0.0, mentor=0.0, person=0.0, interaction=0.0,
        chemistry=0.0, barriers=0.0,
    )  # fmt: skip


def configured() -> EngineConfig:
    config = load_config(ROOT / "configs" / "lexical.toml")
    return config.model_copy(update={"run": config.run.model_copy(update={"today": TODAY})})


@pytest.fixture(scope="module")
def twin() -> Population:
    return populate(KNOBS, 3)


@pytest.fixture(scope="module")
def data(twin: Population, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `matchengine import` leaves it, with ratings, and a table of pairs with cohorts and propensities."""
    folder, rng = tmp_path_factory.mktemp("learn"), np.random.default_rng(0)
    relationships: list[Any] = []
    feedback: list[Any] = []
    rows: list[tuple[str, str, str, str]] = []
    for cohort in range(COHORTS):
        mentees = np.repeat(np.arange(cohort, len(twin.mentees), COHORTS), EACH)
        mentors = np.concatenate([rng.permutation(len(twin.mentors))[:EACH] for _n in mentees[::EACH]])
        outcome = run_pairs(twin, likeness(), mentees, mentors, 7)
        chance = np.full(len(mentees), EACH / len(twin.mentors))
        started = date(2024, 1, 1) + timedelta(days=91 * cohort)
        told = to_records(twin, outcome, started=started, propensity=chance)
        relationships += told.relationships
        feedback += [
            each.model_copy(update={"wave": "90_days"}) for each in told.feedback if each.perspective == "requester"
        ]
        rows += [(*pair, f"cohort {cohort}", f"{p:.6f}") for pair, p in told.propensities.items()]
    records = {"people": twin.records()["people"], "relationships": relationships, "feedback": feedback}
    write_folder(folder / "records", records)
    with (folder / "outcomes.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("requester_id", "candidate_id", "cohort", "propensity"), *rows])
    made = Engine(configured())
    made.load(**twin.records())
    made.save(folder / "engine")
    return folder


@pytest.fixture(scope="module")
def learned(data: Path) -> tuple[Done, Path]:
    saved = data / "proposal.json"
    return run("learn", "--data", data, "--save", saved, "--compare-boosting"), saved


@pytest.fixture(scope="module")
def proposal(learned: tuple[Done, Path]) -> WeightProposal:
    return WeightProposal.model_validate_json(learned[1].read_text())


def signs(proposal: WeightProposal, out: Path, **change: str) -> list[object]:
    given = {"--signed-by": "coordinator-1", "--signature": proposal.seal, "--why": "The board agreed.", **change}
    return ["--out", out, *(word for pair in given.items() for word in pair)]


def test_s2_34_the_text_says_what_was_heard_measured_and_may_be_done(
    learned: tuple[Done, Path], proposal: WeightProposal
) -> None:
    done, _saved = learned
    assert done.status == 0, done.err
    assert not too_wide(done.out)
    told = " ".join(done.out.split())
    for sentence in (
        "a proposal: nothing is changed by it", "People who look and said something: {n}, in 6 cohorts.",
        "Measured by lists of five, as {graded} people graded three candidates or more. This was settled before",
        "Weighted by how likely each candidate was to be shown", "For comparison. Tried on {n} people",
        "Boosting was not compared: boosting needs 10000 preferences", "Yes, if somebody signs for it",
    ):  # fmt: skip
        assert sentence.format(n=proposal.judges, graded=proposal.graded) in told
    assert proposal.judges > 150


def test_s2_34_the_document_is_the_proposal_and_names_nobody(
    data: Path, proposal: WeightProposal, twin: Population
) -> None:
    done = run("learn", "--data", data, "--json", "--compare-boosting")
    assert WeightProposal.model_validate(done.document) == proposal
    assert proposal.adoptable
    assert proposal.propensities
    assert {each.name: each.passed for each in proposal.gate}["shown"] is True
    assert not [each for each in (*twin.mentees.ids, *twin.mentors.ids) if f'"{each}"' in done.out]


def test_s2_34_with_a_signature_there_is_a_new_configuration_and_the_engine_ranks_by_it(
    data: Path, proposal: WeightProposal, learned: tuple[Done, Path], twin: Population, tmp_path: Path
) -> None:
    new, before = tmp_path / "new.toml", (data / "engine" / "config.toml").read_text()
    done = run("learn", "adopt", learned[1], "--data", data, "--json", *signs(proposal, new))
    assert done.status == 0, done.err
    document = Adoption.model_validate(done.document)
    after = load_config(new)
    assert (document.before, document.after, document.proposal) == (proposal.config, after.hash, proposal.seal)
    weights = {each.name: each.learned for each in proposal.weights}
    assert after.match["mentor"].blocks["relate"] == weights["relate"] > 0.5
    assert after.match["mentor"].scorers["style"].weight == weights["style"]
    assert (data / "engine" / "config.toml").read_text() == before
    old, changed = Engine(configured()), Engine(after)
    for each in (old, changed):
        each.load(**twin.records())
    mentees = twin.mentees.ids[:20]
    lists = [
        {one: [s.candidate_id for s in found] for one, found in each.suggest_many(mentees, "mentor", 3).items()}
        for each in (old, changed)
    ]
    assert lists[0] != lists[1]
    person = mentees[0]
    asked = ["suggest", person, "--data", data, "--json"]
    ranked = [
        [each["candidate_id"] for each in run(*asked, *more).document["suggestions"]][:3]
        for more in ([], ["--config", new])
    ]
    assert ranked == [lists[0][person], lists[1][person]]


def test_s2_34_without_a_signature_nothing_is_written(
    data: Path, learned: tuple[Done, Path], proposal: WeightProposal, tmp_path: Path
) -> None:
    new = tmp_path / "new.toml"
    done = run("learn", "adopt", learned[1], "--data", data, "--out", new)
    assert done.status != 0
    assert "nobody signed: give --signed-by" in done.err
    other = run("learn", "adopt", learned[1], "--data", data, *signs(proposal, new, **{"--signature": "f" * 16}))
    assert other.status != 0
    assert "the signature is not the seal of this proposal" in " ".join(other.err.split())
    assert not new.exists()


def test_s2_34_a_proposal_that_was_changed_is_refused(
    data: Path, learned: tuple[Done, Path], proposal: WeightProposal, tmp_path: Path
) -> None:
    new, forged = tmp_path / "new.toml", tmp_path / "forged.json"
    document = json.loads(learned[1].read_text())
    document["weights"][0]["learned"] = 0.9
    forged.write_text(json.dumps(document))
    done = run("learn", "adopt", forged, "--data", data, *signs(proposal, new))
    assert done.status != 0
    assert "was changed after it was made" in " ".join(done.err.split())
    assert not new.exists()


def test_s2_34_a_proposal_of_another_configuration_is_refused(
    data: Path, proposal: WeightProposal, tmp_path: Path
) -> None:
    new, other = tmp_path / "new.toml", tmp_path / "other.json"
    theirs = sealed(proposal.model_copy(update={"config": "0" * 16}))
    other.write_text(theirs.model_dump_json())
    done = run("learn", "adopt", other, "--data", data, *signs(theirs, new))
    assert done.status != 0
    assert "learn again under this one" in " ".join(done.err.split())
    assert not new.exists()
