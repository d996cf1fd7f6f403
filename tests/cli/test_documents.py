"""--json prints exactly one JSON document of the published schema; its names are a contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matchengine.cli.documents import DOCUMENTS
from tests.cli.commands import PEOPLE, ROOT, SAMPLE, run, small_files

SCHEMAS = ROOT / "docs" / "schemas" / "cli"


def commands(data: Path) -> dict[str, list[object]]:
    """Return one command for each document but those of import and demo."""
    return {
        "suggest": ["suggest", "HB-0140", "--data", data],
        "show-text": ["show-text", "HB-0140", "--data", data],
        "config-show": ["config", "show", "lexical"],
        "doctor": ["doctor", "--config", "lexical", "--data", data],
    }


@pytest.mark.parametrize("name", ["suggest", "show-text", "config-show", "doctor"])
def test_json_is_one_document_of_its_schema(name: str, data: Path) -> None:
    done = run(*commands(data)[name], "--json")
    assert done.status == 0, done.text
    document = DOCUMENTS[name].model_validate_json(done.out)
    assert json.loads(document.model_dump_json()) == done.document
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    assert set(done.document) == set(schema["properties"])
    assert not done.err


def test_import_prints_one_document_and_its_report_beside_it(tmp_path: Path) -> None:
    people, mapping = small_files(tmp_path)
    done = run("import", people, "--map", mapping, "--config", "lexical", "--data", tmp_path / "data", "--json")
    assert done.status == 0
    document = DOCUMENTS["import"].model_validate_json(done.out)
    assert (document.people, document.groups) == (3, 0)
    assert [problem["row"] for problem in document.report["problems"] if problem["effect"] != "note"] == [4]
    assert "Import report" in done.err


def test_suggest_keeps_the_contract(data: Path) -> None:
    document = run("suggest", "HB-0140", "--kind", "mentor", "-k", 3, "--data", data, "--json").document
    assert set(document) == {"requester_id", "kind", "suggestions", "fingerprint"}
    assert (document["requester_id"], document["kind"]) == ("HB-0140", "mentor")
    assert [s["rank"] for s in document["suggestions"]] == [1, 2, 3]
    for suggestion in document["suggestions"]:
        assert {"rank", "candidate_id", "score", "confidence", "reasons", "to_confirm"} <= set(suggestion)
        assert suggestion["requester_id"] == "HB-0140"
        assert suggestion["status"] == "draft"
        assert isinstance(suggestion["candidate_id"], str)
        assert 0 <= suggestion["score"] <= 100
        assert 0 <= suggestion["confidence"] <= 1
        assert suggestion["reasons"]
        for reason in suggestion["reasons"]:
            assert set(reason) == {"scorer", "title", "contribution", "direction", "strength", "text", "words"}
        assert all(isinstance(sentence, str) for sentence in suggestion["to_confirm"])
    assert {"config", "plugins", "model", "generation"} <= set(document["fingerprint"])


def test_contributions_add_up_to_the_score(data: Path) -> None:
    for kind in ("mentor", "group"):
        for suggestion in run("suggest", "HB-0140", "--kind", kind, "--data", data, "--json").document["suggestions"]:
            total = suggestion["neutral"] + sum(reason["contribution"] for reason in suggestion["reasons"])
            assert total == pytest.approx(suggestion["score"], abs=0.1)


def test_the_same_command_says_the_same(data: Path) -> None:
    command = ["suggest", "HB-0043", "--kind", "group", "--data", data, "--json"]
    assert run(*command) == run(*command)


def test_config_show_text_is_a_configuration_again(tmp_path: Path) -> None:
    shown = run("config", "show", "mentoring")
    again = tmp_path / "again.toml"
    again.write_text(shown.out, encoding="utf-8")
    first, second = run("config", "show", "mentoring", "--json"), run("config", "show", again, "--json")
    assert first.document == second.document
    assert first.document["hash"] in shown.out


def test_the_config_option_and_argument_mean_the_same() -> None:
    assert run("config", "show", "lexical").out == run("config", "show", "--config", "lexical").out


def test_a_guessed_mapping_is_a_mapping(tmp_path: Path) -> None:
    from matchengine.io import load_mapping

    done = run("import", "--suggest-map", small_files(tmp_path)[0])
    (tmp_path / "mapping.toml").write_text(done.out, encoding="utf-8")
    assert done.status == 0
    assert load_mapping(tmp_path / "mapping.toml").reads == "people"


def test_a_guessed_mapping_of_several_kinds_of_files_can_be_read(tmp_path: Path) -> None:
    from matchengine.io import load_mapping

    done = run("import", "--suggest-map", *PEOPLE, "--groups", SAMPLE / "raw" / "groups.tsv")
    assert (done.status, done.out) == (2, "")
    assert "one kind at a time" in done.err
    both = run("import", "--suggest-map", *PEOPLE, "--groups", SAMPLE / "raw" / "groups.tsv", "--json")
    for reads, text in both.document["mappings"].items():
        (tmp_path / f"{reads}.toml").write_text(text, encoding="utf-8")
        assert load_mapping(tmp_path / f"{reads}.toml").reads == reads
    assert set(both.document["mappings"]) == {"people", "groups"}


def test_suggest_map_obeys_json(tmp_path: Path) -> None:
    done = run("import", "--suggest-map", small_files(tmp_path)[0], "--json")
    document = DOCUMENTS["import-suggest-map"].model_validate_json(done.out)
    assert set(document.mappings) == {"people"}


def test_import_of_the_sample_programme_reads_most_of_it(imported: tuple[Path, object]) -> None:
    counts = {path.stem: len(path.read_bytes().splitlines()) for path in (imported[0] / "records").glob("*.jsonl")}
    assert counts["people"] >= 150
    assert counts["groups"] == 40
    assert counts["relationships"] >= 22
