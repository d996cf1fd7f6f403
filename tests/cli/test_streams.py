"""Results go to stdout, diagnostics to stderr, 80 columns wide; --quiet silences the latter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.commands import Done, run, small_files, too_wide


def test_the_import_report_fits_the_terminal_and_goes_to_stderr(imported: tuple[Path, Done]) -> None:
    _, done = imported
    assert not too_wide(_without_paths(done.text))
    assert done.err.startswith("Import report")
    assert "Import report" not in done.out
    assert re.search(r"\d+ people, 40 groups and \d+ relationships", done.out)


@pytest.mark.parametrize("person", ["HB-0140", "HB-0239", "HB-0241"])
@pytest.mark.parametrize("kind", ["mentor", "group"])
def test_suggestions_fit_the_terminal(person: str, kind: str, data: Path) -> None:
    done = run("suggest", person, "--kind", kind, "-k", 20, "--data", data)
    assert done.status == 0
    assert not too_wide(done.out)
    assert not done.err
    assert done.out.startswith(f"Suggestions for {person} (kind: {kind}), drafts until people agree")


def test_other_commands_fit_the_terminal(data: Path) -> None:
    for command in (["show-text", "HB-0140", "--data", data], ["doctor", "--config", "lexical"]):
        done = run(*command)
        assert done.status == 0
        assert not too_wide(done.out)
        assert not done.err


def test_a_configuration_is_shown_as_it_can_be_read_again() -> None:
    for name in ("mentoring", "lexical", "community_groups"):
        for line in too_wide(run("config", "show", name).out):
            assert re.match(r"[a-z_]+ = [\[{]", line), "only a list or table may be longer, TOML allows no break there"


def test_a_person_nobody_suits_is_told_why(data: Path) -> None:
    done = run("suggest", "HB-0241", "--data", data)
    told = " ".join(done.out.split())
    assert "Nobody is eligible. Candidates ruled out, some by several rules:" in told
    assert re.search(r"\d+ because adulthood is not attested", told)
    assert not too_wide(done.out)


def test_who_gets_fewer_than_asked_for_is_told_why(data: Path) -> None:
    done = run("suggest", "HB-0140", "-k", 100, "--data", data)
    told = " ".join(done.out.split())
    assert "No more are eligible. Candidates ruled out, some by several rules:" in told
    assert re.search(r"eligible\..* \d+ because ", told)


def test_too_little_known_stands_under_a_heading_of_its_own(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    with people.open("a", encoding="utf-8") as file:
        file.write("p-9,silent@example.org,,mentor,yes,vetted,,\n")
    run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
    out = run("suggest", "p-1", "--data", tmp_path / "data").out
    head, found, tail = out.partition("Too little known to compare:")
    assert found
    assert "p-9" in tail
    assert "too little known" not in head
    assert not re.search(r" (good|fair|poor), ", tail)


def test_a_long_id_is_shown_whole(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    people.write_text(people.read_text(encoding="utf-8").replace("p-2", "p-" + 40 * "2"), encoding="utf-8")
    run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data")
    assert "p-" + 40 * "2" in run("suggest", "p-1", "--data", tmp_path / "data").out


def test_quiet_leaves_stderr_empty(tmp_path: Path, data: Path) -> None:
    people, mapping = small_files(tmp_path)
    for command in (
        ["import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data"],
        ["suggest", "HB-0140", "--data", data],
        ["show-text", "HB-0140", "--data", data],
        ["config", "show", "lexical"],
        ["doctor", "--config", "lexical"],
    ):
        done = run(*command, "--quiet")
        assert (done.status, done.err) == (0, ""), command
        assert done.out


def test_json_with_a_failure_leaves_stdout_empty(data: Path) -> None:
    for command in (["suggest", "nobody", "--data", data], ["config", "show", "nothing"]):
        done = run(*command, "--json")
        assert done.status != 0
        assert not done.out
        assert len(done.err.strip().splitlines()) == 1


def _without_paths(text: str) -> str:
    """Leave out paths, which are as long as they are."""
    return re.sub(r"\S*/\S*", "PATH", text)
