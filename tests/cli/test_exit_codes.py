"""Exit status 0 done, 2 usage or configuration, 3 data refused, 4 a requirement failed; one clear error each."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.commands import Done, run, small_files

BROKEN = '[embedder]\nuse = "lexical"\n[match.mentor]\nrequester = "mentee"\ncandidate = "mentors"\n'


def refused(done: Done, status: int, *told: str) -> None:
    """Check the status, that nothing is on stdout, and that stderr says what is wrong without a traceback."""
    assert done.status == status, done.text
    assert not done.out
    assert "Traceback" not in done.err
    for words in told:
        assert words in done.err, done.err


@pytest.mark.parametrize(
    "command", [[], ["sugest"], ["explain", "a"], ["suggest", "a", "-k", "x"], ["config"], ["demo", "--nothing"]]
)
def test_usage_is_2(command: list[str]) -> None:
    refused(run(*command), 2, "usage: matchengine")


@pytest.mark.parametrize("who", [[], ["a", "--everyone"]])
def test_suggest_wants_one_person_or_everyone(who: list[str]) -> None:
    refused(run("suggest", *who), 2, "name one PERSON, or give --everyone")


def test_import_without_people_is_2() -> None:
    refused(run("import"), 2, "give at least one file of people")


def test_people_behind_an_option_are_people(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    done = run("import", "--map", mapping, people, "--config", "lexical", "--data", tmp_path / "data")
    assert done.status == 0, done.err
    assert done.out.startswith("3 people")


def test_no_suggestions_asked_for_is_usage(data: Path) -> None:
    for k in (0, -3):
        refused(run("suggest", "HB-0140", "-k", k, "--data", data), 2, "expected at least 1")


def test_a_missing_configuration_is_2(tmp_path: Path, data: Path) -> None:
    refused(run("config", "show", tmp_path / "none.toml"), 2, "cannot be read")
    refused(run("config", "show", "mentorng"), 2, "matchengine config show: ", "did you mean 'mentoring'?")
    for missing in ("nope", "nope.toml", tmp_path / "nope.toml"):
        refused(run("doctor", "--config", missing), 2, "matchengine doctor: ")
    refused(run("config", "show", "lexical", "--config", "mentoring"), 2, "not both")
    refused(run("suggest", "HB-0140", "--config", "lexicl", "--data", data), 2, "did you mean 'lexical'?")


def test_a_broken_configuration_is_2_with_every_problem_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(BROKEN, encoding="utf-8")
    done = run("config", "show", tmp_path / "broken.toml")
    refused(done, 2, "line 5", "candidate", "name: Field required", "scorers: Field required")


def test_a_broken_configuration_makes_the_doctor_4(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(BROKEN, encoding="utf-8")
    done = run("doctor", "--config", tmp_path / "broken.toml", "--json")
    assert done.status == 4
    assert done.document["ok"] is False
    assert [check["name"] for check in done.document["checks"] if not check["ok"]] == ["config broken.toml"]


def test_the_doctor_finds_a_misspelt_scorer(tmp_path: Path) -> None:
    from tests.cli.commands import ROOT

    text = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace('"style_fit"', '"stile_fit"'), encoding="utf-8")
    done = run("doctor", "--config", tmp_path / "mine.toml")
    assert done.status == 4
    assert "did you mean 'style_fit'?" in " ".join(done.out.split())


def test_the_doctor_gives_every_problem_a_line(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(BROKEN, encoding="utf-8")
    check = run("doctor", "--config", tmp_path / "broken.toml", "--json").document["checks"][-1]
    told = [line.strip() for line in run("doctor", "--config", tmp_path / "broken.toml").out.splitlines()]
    problems = check["advice"].splitlines()[1:]
    assert len(problems) >= 3
    assert len([line for line in told if line.startswith("- line ")]) == len(problems)


def test_a_missing_data_folder_makes_the_doctor_4(tmp_path: Path) -> None:
    done = run("doctor", "--config", "lexical", "--data", tmp_path / "none")
    assert done.status == 4
    assert "BAD  data none" in done.out


def test_a_missing_extra_is_4_and_its_error_is_the_pip_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people, mapping = small_files(tmp_path)
    monkeypatch.setenv("MATCHENGINE_CACHE", str(tmp_path / "cache"))  # an empty one: texts must be embedded
    for name in [name for name in sys.modules if name == "sklearn" or name.startswith("sklearn.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    done = run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
    refused(done, 4, "pip install 'matchengine[lexical]'")


def test_a_missing_package_makes_the_doctor_4(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    def version(name: str) -> str:
        if name == "openpyxl":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    done = run("doctor", "--config", "lexical")
    assert done.status == 4
    assert "pip install 'matchengine[tables]'" in " ".join(done.out.split())


def test_every_extra_that_an_error_names_exists() -> None:
    import re
    import tomllib

    from tests.cli.commands import ROOT

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for path in (ROOT / "src").rglob("*.py"):
        for extra in re.findall(r'MissingExtraError\(\s*"(\w+)"', path.read_text(encoding="utf-8")):
            assert extra in extras, f"{path.name}: pip install 'matchengine[{extra}]' installs nothing"


def test_an_unknown_person_is_3(data: Path) -> None:
    for command in ("suggest", "show-text"):
        told = f"matchengine {command}: no such person in {data}: 'HB-9999'; check the number"
        refused(run(command, "HB-9999", "--data", data), 3, told)


def test_an_unknown_kind_is_refused_with_the_nearest(data: Path) -> None:
    refused(run("suggest", "HB-0140", "--kind", "mentr", "--data", data), 2, "did you mean 'mentor'?")


def test_a_mentor_who_asks_for_a_mentor_is_told(data: Path) -> None:
    refused(run("suggest", "HB-0231", "--kind", "mentor", "--data", data), 3, "does not take part as 'mentee'")


def test_a_folder_without_data_is_3(tmp_path: Path) -> None:
    refused(run("suggest", "HB-0140", "--data", tmp_path / "none"), 3, "no saved engine here")


def test_a_damaged_folder_is_3(tmp_path: Path, data: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    with (tmp_path / "data" / "engine" / "arrays.bin").open("ab") as file:
        file.write(b"x")
    refused(run("suggest", "HB-0140", "--data", tmp_path / "data"), 3, "missing or damaged", "arrays.bin")


def test_another_model_is_3(data: Path, tmp_path: Path) -> None:
    from tests.cli.commands import ROOT

    text = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")
    (tmp_path / "other.toml").write_text(text.replace('use = "lexical"', 'use = "lexical"\nwith = { size = 256 }'))
    refused(run("suggest", "HB-0140", "--config", tmp_path / "other.toml", "--data", data), 3, "load the data again")


def test_a_strict_import_with_problems_is_3_and_writes_nothing(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    done = run("import", people, "--map", mapping, "--strict", "--config", "lexical", "--data", tmp_path / "data")
    refused(done, 3, "1 problem and a strict import", "people.csv, row 4, column 'adult'")
    assert "maybe" not in done.err, "errors end up in logs and carry no values"
    assert not (tmp_path / "data").exists()


def test_a_strict_import_without_problems_is_0(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    people.write_text(people.read_text(encoding="utf-8").replace("maybe", "yes"), encoding="utf-8")
    done = run("import", people, "--map", mapping, "--strict", "--config", "lexical", "--data", tmp_path / "data")
    assert done.status == 0, done.err


def test_a_folder_that_cannot_be_written_is_3(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    (tmp_path / "file").write_text("")
    done = run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "file" / "data")
    refused(done, 3, "choose another folder")
