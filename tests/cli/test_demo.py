"""`matchengine demo`, once, end to end; without the sentence model, which the requirements test."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from matchengine.cli.demo import PEOPLE
from matchengine.cli.documents import DOCUMENTS
from tests.cli.commands import Done, run, search_little, too_wide
from tests.cli.test_contacts import told


@pytest.fixture(scope="session", params=["little", pytest.param("whole", marks=pytest.mark.slow)])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """Run the demo into a folder of its own, with a cache of its own; with the whole search for circles at leisure."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "little":
            search_little(patch)
        patch.setenv("MATCHENGINE_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.chdir(tmp_path_factory.mktemp("demo"))
        return Path("out").absolute(), run("demo", "--out", "out", "--config", "lexical")


def test_the_demo_shows_three_people_and_what_was_left_out(demo: tuple[Path, Done]) -> None:
    _, done = demo
    assert (done.status, done.err) == (0, "")
    assert not too_wide(done.out)
    for person in PEOPLE:
        for kind in ("mentor", "group"):
            assert f"Suggestions for {person} (kind: {kind})" in done.out
    for part in ("Import report", "Rows left out", "Values dropped", "suggestions.json", "suggestions.csv", "Try next"):
        assert part in done.out
    assert "Nobody is eligible" not in done.out


def test_reasons_speak_for_both_sides(demo: tuple[Path, Done]) -> None:
    texts = json.loads((demo[0] / "suggestions.json").read_text(encoding="utf-8"))["suggestions"]
    sentences = " ".join(r["text"] for of in texts.values() for s in of["mentor"] for r in s["reasons"])
    assert "is the offer" in sentences
    assert "closest to the hope" in sentences.casefold()


def test_the_json_file_is_the_published_document(demo: tuple[Path, Done]) -> None:
    document = DOCUMENTS["demo"].model_validate_json((demo[0] / "suggestions.json").read_text(encoding="utf-8"))
    assert set(document.suggestions) == set(PEOPLE)
    assert all(1 <= len(of_kind) <= 5 for of in document.suggestions.values() for of_kind in of.values())


def test_contacts_are_in_the_csv_file_alone(demo: tuple[Path, Done]) -> None:
    out, done = demo
    with (out / "suggestions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = json.loads((out / "suggestions.json").read_text(encoding="utf-8"))["suggestions"]
    for person, of_kind in texts.items():
        shown = [(one["candidate_id"], str(one["score"])) for one in of_kind["mentor"]]
        assert [(r["candidate_id"], r["score"]) for r in rows if r["requester_id"] == person] == shown
    assert "@example." not in (out / "suggestions.html").read_text(encoding="utf-8")
    without = {row["requester_id"] for row in rows if "@example." not in row["requester_email"]}
    assert without <= {"HB-0206"}, "who gave no address"
    assert all(row["candidate_name"] for row in rows if row["kind"] == "mentor")
    assert not told(done.text + (out / "suggestions.json").read_text(encoding="utf-8"), out / "data")


def test_what_the_demo_writes_is_readable_by_its_owner_alone(demo: tuple[Path, Done]) -> None:
    for path in demo[0].rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
