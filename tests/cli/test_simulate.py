"""`matchengine simulate`: text within 80 columns, JSON, a page; an invented programme that the other commands read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matchengine.cli import simulate as command
from matchengine.io import read_folder
from matchengine.io.outcome_files import read_outcomes
from matchengine.records.simulation import SimulationPlan, SimulationResult, SyntheticProgramme
from tests.cli.commands import Done, run, too_wide
from tests.report.reading import parsed

ENGINE = Path(__file__).parents[2] / "configs" / "lexical.toml"
TEXT = f"""
schema = "matchengine.simulation/1"
question = "Which way of matching is least wrong?"
engine = "{ENGINE}"
replicates = 5
against = "tags"
worlds = ["W0", "W2"]
[knobs]
mentees = 12
groups = 2
[strategies.tags]
use = "tag_overlap"
[strategies.engine]
[strategies.goals]
scorers = {{ goals = 1 }}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulate") / "twin.toml"
    path.write_text(TEXT)
    return path


@pytest.fixture(scope="module")
def out(file: Path) -> Path:
    return file.parent / "run"


@pytest.fixture(scope="module")
def done(file: Path, out: Path) -> Done:
    return run("simulate", file, "--out", out)


def test_text_says_synthetic_first_and_last_and_fits_a_terminal(done: Done) -> None:
    assert done.status == 0
    lines = done.out.strip().splitlines()
    assert lines[0].startswith("SYNTHETIC")
    assert lines[-1].startswith("Synthetic")
    assert not too_wide(done.out)
    assert "What this cannot tell you" in done.out
    assert "this is synthetic" in done.out
    assert "W0    W2" in done.out
    assert "chance allows" in done.out
    assert "1 of 5: replicate-0001" in done.err


def test_json_is_the_document_and_what_is_done_is_not_done_again(file: Path, out: Path, done: Done) -> None:
    assert done.status == 0
    again = run("simulate", file, "--out", out, "--json", "--workers", "1")
    result = SimulationResult.model_validate_json(again.out)
    assert result == SimulationResult.model_validate_json((out / "simulation.json").read_text())
    assert "5 of 5 steps are there already" in again.err
    assert result.notice.startswith("Synthetic")


def test_a_page_is_written_and_marked(file: Path, out: Path, done: Done, tmp_path: Path) -> None:
    assert done.status == 0
    written = run("simulate", file, "--out", out, "--html", tmp_path / "page.html")
    assert written.status == 0
    assert str(tmp_path / "page.html") in written.err.replace("\n", "")
    assert "Synthetic:" in "".join(parsed((tmp_path / "page.html").read_text()).itertext())


def test_fewer_replicates_are_called_a_trial(file: Path, tmp_path: Path) -> None:
    tried = run("simulate", file, "--out", tmp_path, "--limit-replicates", 1)
    assert tried.status == 0
    assert "A trial with fewer populations" in tried.out


def test_a_check_simulates_nothing(file: Path, tmp_path: Path) -> None:
    found = run("simulate", file, "--check", "--out", tmp_path / "nothing")
    assert "5 replicates with 12 mentees each, in 5 populations" in found.out
    assert not (tmp_path / "nothing").exists()
    assert SimulationPlan.model_validate_json(run("simulate", file, "--check", "--json").out).replicates == 5


def test_a_failed_test_of_the_simulation_is_status_3(
    file: Path, out: Path, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matchengine.evaluation.twin as twin

    assert done.status == 0
    real = twin.simulate

    def failing(*arguments: object, **options: object) -> SimulationResult:
        return real(*arguments, **options).model_copy(update={"null_passed": False, "false_positives": 5})  # type: ignore[arg-type]

    monkeypatch.setattr(twin, "simulate", failing)
    found = run("simulate", file, "--out", out)
    assert found.status == 3
    assert "FAILED: do not trust" in " ".join(found.out.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "expected a simulation FILE"),
        (("FILE", "--write", "x"), "expected a simulation FILE"),
        (("FILE", "--world", "W1"), "--world goes with --write"),
        (("FILE", "--config", "lexical"), "--config goes with --write"),
        (("--write", "new", "--limit-replicates", "2"), "--limit-replicates does not go with --write"),
        (("--write", "new", "--world", "W11"), "no world 'W11'"),
        (("--write", "new", "--mentees", "5"), "at least 20"),
        (("--write", "new", "--seed", "-1"), "at least 0"),
        (("missing.toml",), "missing.toml"),
    ],
)
def test_usage_is_status_2(arguments: tuple[str, ...], told: str, file: Path) -> None:
    found = run("simulate", *(str(file) if argument == "FILE" else argument for argument in arguments))
    assert found.status == 2
    assert told in found.err
    assert not Path("new").exists()


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    folder = tmp_path_factory.mktemp("invented") / "programme"
    asked = ("--write", folder, "--world", "W2", "--mentees", 60, "--seed", 3, "--config", ENGINE, "--json")
    return folder, run("simulate", *asked)


def test_an_invented_programme_is_marked_and_holds_what_an_import_writes(invented: tuple[Path, Done]) -> None:
    folder, done = invented
    made = SyntheticProgramme.model_validate_json(done.out)
    assert made.notice.startswith("Synthetic: nobody in this folder exists")
    assert all(Path(path).exists() for path in made.files)
    assert (folder / "SYNTHETIC.txt").read_text().startswith("Synthetic")
    assert "SYNTHETIC" in (folder / "evaluation.toml").read_text().splitlines()[0]
    records = read_folder(folder / "records")
    assert len([p for p in records.people if "mentee" in p.roles]) == 60
    assert sum(tie.kind == "mentoring" for tie in records.relationships) == made.matched > 50
    assert records.feedback
    assert read_outcomes(folder / "records").meetings


def test_outcomes_are_logged_with_the_chance_of_each_match(invented: tuple[Path, Done]) -> None:
    folder, _done = invented
    with (folder / "outcomes.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {"requester_id", "candidate_id", "cohort", "rating", "months", "accepted", "shown", "propensity"} <= set(
        rows[0]
    )
    taken = [row for row in rows if row["accepted"] == "true"]
    assert len({row["requester_id"] for row in taken}) == len(taken)
    assert all(row["months"] and 0 < float(row["propensity"]) <= 1 for row in taken)
    assert all(not row["months"] and not row["rating"] for row in rows if row["accepted"] == "false")
    assert len({row["cohort"] for row in rows}) == 5
    assert 0 < sum(row["rating"] != "" for row in taken) < len(taken)  # not everybody answers
    by_person: dict[str, set[str]] = {}
    for row in rows:
        by_person.setdefault(row["requester_id"], set()).add(row["rank"])
    assert all(ranks == {str(n + 1) for n in range(len(ranks))} for ranks in by_person.values())


def test_eval_learn_and_kpi_read_it_at_once(invented: tuple[Path, Done], tmp_path: Path) -> None:
    folder, _done = invented
    evaluated = run("eval", folder / "evaluation.toml", "--out", tmp_path)
    assert evaluated.status == 0, evaluated.text
    assert "SYNTHETIC" in evaluated.out
    learned = run(
        "learn", "--kind", "mentor", "--data", folder, "--cohorts", folder / "cohorts.csv",
        "--shown", folder / "shown.json", "--rankings", folder / "rankings.csv",
    )  # fmt: skip
    assert learned.status == 0, learned.text
    assert "in 5 cohorts" in learned.out
    told = run("kpi", folder, "--as-of", "2026-01-05")
    assert told.status == 0, told.text
    assert "registered: 84" in told.out
    assert run("suggest", "mentee-001", "--kind", "mentor", "--data", folder).status == 0


def test_the_same_seed_writes_the_same_programme_and_nothing_is_overwritten(
    invented: tuple[Path, Done], tmp_path: Path
) -> None:
    folder, _done = invented
    asked = ("--world", "W2", "--mentees", 60, "--seed", 3, "--config", ENGINE)
    assert run("simulate", "--write", tmp_path / "again", *asked).status == 0
    for name in ("outcomes.csv", "rankings.csv", "records/people.jsonl", "records/feedback.jsonl", "shown.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    refused = run("simulate", "--write", tmp_path / "again", *asked)
    assert refused.status == 3
    assert "something in it already" in refused.err


def test_a_stopped_simulation_says_that_it_goes_on(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matchengine.evaluation.twin as twin

    def stopped(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(twin, "simulate", stopped)
    found = run("simulate", file, "--out", tmp_path)
    assert found.status == command._STOPPED
    assert "goes on from there" in found.err
