"""`matchengine learn`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from matchengine.cli.learn import add_learn
from matchengine.cli.output import Output
from matchengine.cli.plugin_options import PluginOptions
from matchengine.config import load_config, parse_config
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.io import write_folder
from matchengine.records import Person
from matchengine.records.learning import Adoption, WeightProposal
from tests.cli.commands import Done, too_wide
from tests.learning.programme import cohorts, rankings
from tests.learning.test_proposal import FAIR
from tests.properties.populations import programme
from tests.support import CONFIG


def run(*arguments: object, as_json: bool = False) -> Done:
    """Run the command by its own arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config")
    add_learn(parser)
    parsed = parser.parse_args([str(argument) for argument in arguments])
    parsed.plugin_options = PluginOptions()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = parsed.run(parsed, Output(json=as_json))
    return Done(status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lexical = CONFIG.replace('enable = ["builtin"]', 'enable = ["builtin", "lexical"]').replace('"words"', '"lexical"')
    made = me.Engine(parse_config(lexical))
    people = programme(60, 12)
    made.load(people)
    data = tmp_path_factory.mktemp("learn")
    made.save(data / "engine")
    write_folder(data / "records", {"people": [Person.model_validate(each) for each in people]})
    told = [each.model_dump(mode="json") for each in rankings(made, FAIR)]
    (data / "rankings.json").write_text(json.dumps(told))
    (data / "few.json").write_text(json.dumps(told[:10]))
    with (data / "cohorts.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("person", "cohort"), *cohorts(made).items()])
    return data


@pytest.fixture(scope="module")
def asked(folder: Path) -> list[object]:
    return ["--data", folder, "--rankings", folder / "rankings.json", "--cohorts", folder / "cohorts.csv"]


@pytest.fixture(scope="module")
def learned(folder: Path, asked: list[object]) -> tuple[Done, Path]:
    """What the command prints about a proposal that may be adopted, and where it wrote it."""
    saved = folder / "proposal.json"
    return run(*asked, "--save", saved), saved


def test_the_text_says_what_was_learned_how_it_did_and_whether_it_may_be_adopted(
    asked: list[object], learned: tuple[Done, Path]
) -> None:
    done, saved = learned
    assert done.status == 0
    assert not too_wide(done.out)
    for told in (
        "nothing is changed by it", "People who look and said something: 60, in 6 cohorts.", "May it be adopted?",
        "Tried on 60 people held out (other cohorts)",
        "Measured by lists of five, as 60 people graded three", "held by the configuration", "What this cannot tell",
        "Yes, if somebody", "it is alone in its block",
    ):  # fmt: skip
        assert told in " ".join(done.out.split())
    document = WeightProposal.model_validate_json(run(*asked, as_json=True).out)
    assert document.adoptable
    assert document.seal in done.out
    assert WeightProposal.model_validate_json(saved.read_text()) == document


def test_too_little_is_said_so(folder: Path) -> None:
    done = run("--data", folder, "--rankings", folder / "few.json")
    told = " ".join(done.out.split())
    assert done.status == 0
    assert "Too little was said, so the weights stay as they are: 40 preferences of 10 people who look" in told
    assert "No. The weights stay as they are." in told
    assert "Yes" not in told


def test_without_anything_said_it_says_so_too(folder: Path) -> None:
    assert "0 preferences of 0 people who look" in " ".join(run("--data", folder).out.split())


def test_a_signed_proposal_becomes_a_new_file_and_the_old_one_stays(
    folder: Path, learned: tuple[Done, Path], tmp_path: Path
) -> None:
    saved, new = learned[1], tmp_path / "new.toml"
    before = (folder / "engine" / "config.toml").read_text()
    proposal = WeightProposal.model_validate_json(saved.read_text())
    signs = ["--signed-by", "coordinator-1", "--signature", proposal.seal, "--why", "The board agreed."]
    done = run("adopt", saved, "--data", folder, "--out", new, *signs)
    assert done.status == 0
    assert not too_wide(done.out)
    after = load_config(new)
    assert after.match["mentor"].blocks["need"] == next(w.learned for w in proposal.weights if w.name == "need")
    assert "coordinator-1" in new.read_text()
    assert (folder / "engine" / "config.toml").read_text() == before
    other = run("adopt", saved, "--data", folder, "--out", tmp_path / "other.toml", *signs, as_json=True)
    document = Adoption.model_validate_json(other.out)
    assert (document.before, document.after) == (proposal.config, after.hash)
    assert (document.proposal, document.decision.who) == (proposal.seal, "coordinator-1")
    with pytest.raises(ConfigError, match="is there already"):
        run("adopt", saved, "--data", folder, "--out", new, *signs)
    assert new.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("left_out", ["--signed-by", "--signature", "--why"])
def test_without_a_full_signature_nothing_is_written(
    folder: Path, learned: tuple[Done, Path], tmp_path: Path, left_out: str
) -> None:
    saved, new = learned[1], tmp_path / "new.toml"
    signs = {
        "--signed-by": "c1",
        "--signature": WeightProposal.model_validate_json(saved.read_text()).seal,
        "--why": "w",
    }
    given = [word for name, value in signs.items() if name != left_out for word in (name, value)]
    done = run("adopt", saved, "--data", folder, "--out", new, *given)
    assert done.status == 4
    assert f"nobody signed: give {left_out}" in done.err
    assert not new.exists()


def test_a_proposal_that_failed_a_check_is_refused_although_it_is_signed(folder: Path, tmp_path: Path) -> None:
    saved, new = tmp_path / "proposal.json", tmp_path / "new.toml"
    run("--data", folder, "--rankings", folder / "few.json", "--save", saved)
    seal = WeightProposal.model_validate_json(saved.read_text()).seal
    done = run("adopt", saved, "--data", folder, "--out", new, "--signed-by", "c", "--signature", seal, "--why", "w")
    assert done.status == 4
    assert "nothing was changed" in done.err
    assert "Too little was said" in done.err
    assert not new.exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [("{}", DataError), ("no json", DataError), (None, ConfigError)],
)
def test_a_file_that_is_no_proposal_is_refused(folder: Path, tmp_path: Path, text: str | None, error: Any) -> None:
    path = tmp_path / "p.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=r"not a proposal|cannot be read"):
        run("adopt", path, "--data", folder, "--out", tmp_path / "o.toml", "--signed-by", "c")


def test_bad_side_files_are_refused(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("who,when\na,b\n")
    with pytest.raises(DataError, match="columns 'person' and 'cohort'"):
        run("--data", folder, "--cohorts", wrong)
    with pytest.raises(DataError, match="no valid JSON"):
        run("--data", folder, "--shown", wrong)
    wrong.write_text('[{"requester_id": "a0", "candidate_id": "m0", "propensity": 0}]')
    with pytest.raises(DataError, match="propensity"):
        run("--data", folder, "--shown", wrong)
    with pytest.raises(ConfigError, match="adopt needs PROPOSAL and --out"):
        run("adopt", "--data", folder)


def test_a_table_of_pairs_says_cohorts_and_how_likely_each_was_to_be_shown(folder: Path, tmp_path: Path) -> None:
    pairs, told = tmp_path / "pairs.csv", json.loads((folder / "few.json").read_text())
    lines = ["requester_id;candidate_id;cohort;propensity"]
    for n, each in enumerate(told):
        lines += [f"{each['person_id']};{other};c{n % 5};0.5" for other in each["ranked"]]
    pairs.write_text("\n".join(lines) + "\n")
    ranked = ["--data", folder, "--rankings", folder / "few.json"]
    found = WeightProposal.model_validate_json(run(*ranked, "--outcomes", pairs, as_json=True).out)
    assert (found.propensities, found.cohorts) == (True, 5)
    named = ["--cohorts", folder / "cohorts.csv"]
    other = WeightProposal.model_validate_json(run(*ranked, *named, "--outcomes", pairs, as_json=True).out)
    assert (other.propensities, other.cohorts) == (True, 6)  # a file of cohorts goes before
    for wrong, error in (
        ("who,when\na,b\n", "columns 'requester_id' and 'candidate_id'"),
        ("requester_id,candidate_id,propensity\na0,m0,often\n", "row 2: propensity is no number"),
        ("requester_id,candidate_id,propensity\na0,m0,1.5\n", "propensity"),
        ("requester_id,candidate_id,cohort\na0,m0,c1\na0,m1,c2\n", "row 3: this person is in another cohort too"),
    ):
        pairs.write_text(wrong)
        with pytest.raises(DataError, match=error):
            run("--data", folder, "--outcomes", pairs)
    pairs.write_text("requester_id,candidate_id,propensity\na0,m0,\n")
    assert run("--data", folder, "--outcomes", pairs).status == 0


def test_boosting_that_is_refused_is_told_in_words(folder: Path) -> None:
    done = run("--data", folder, "--rankings", folder / "few.json", "--compare-boosting")
    assert not too_wide(done.out)
    assert "Boosting was not compared: boosting needs 10000 preferences" in " ".join(done.out.split())


def test_every_sentence_goes_through_the_catalogue(folder: Path, asked: list[object]) -> None:
    with speaking(PSEUDO):
        told = run(*asked).out
    for plain in ("preferences", "configuration", "adopted", "cohorts", "attention", "weights"):
        assert plain not in told.lower()
