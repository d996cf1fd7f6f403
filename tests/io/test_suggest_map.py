"""A suggested mapping for files nobody has seen: how often it is right, and what is left to mend by hand."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import openpyxl
import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.io import suggest_mapping
from matchengine.io.fields import TABLES, Reads, find_target
from matchengine.io.header_words import SUBJECTS, _table, clues_in
from matchengine.io.mapping import load_mapping, parse_mapping
from matchengine.io.propose import Column, Proposal, propose, question_of
from matchengine.io.shapes import shape_of

SAMPLES = Path(__file__).parent / "samples"
ROOT = Path(__file__).resolve().parents[2]


def proposed(header: str, *answers: object, reads: Reads = "people", siblings: int = 1) -> Proposal:
    return propose(Column(header, shape_of(answers), siblings), reads)


def is_active(proposal: Proposal, reads: Reads = "people") -> bool:
    target = find_target(proposal.target, reads) if proposal.target else None
    return target is not None and not target.sensitive and proposal.confidence != "unsure"


# ------------------------------------------------------------------ how often it is right


def judged(name: str) -> tuple[float, float]:
    """Return precision and recall of the active lines for the headers of a file."""
    forms = tomllib.loads((SAMPLES / name).read_text(encoding="utf-8"))["form"]
    columns = [column for form in forms for column in form["columns"]]
    active = [
        (column, found) for column in columns if is_active(found := proposed(column["header"], *column["answers"]))
    ]
    right = sum(found.target == column["to"] for column, found in active)
    return right / len(active), right / sum(bool(column["to"]) for column in columns)


def test_active_lines_for_headers_never_tuned_on() -> None:
    precision, recall = judged("headers_unseen.toml")
    assert precision >= 0.97
    assert recall >= 0.7


def test_active_lines_for_headers_in_view_when_the_words_were_chosen() -> None:
    precision, recall = judged("headers_tuned.toml")
    assert precision == 1
    assert recall >= 0.8


def test_active_lines_for_the_sample_programme() -> None:
    raw = ROOT / "examples" / "sample_programme" / "raw"
    found = parse_mapping(suggest_mapping([raw / "mentors_2026.csv", raw / "mentees_2026.xlsx"]))
    truth = load_mapping(raw.parent / "mapping" / "people.toml")
    meant = {header: rule.to for part in truth.files.values() for header, rule in part.columns.items()}
    normal = {mappings_key(header): target for header, target in meant.items()}
    named = {header: rule.to for header, rule in found.columns.items()}
    wrong = {header: to for header, to in named.items() if normal.get(mappings_key(header), to) != to}
    assert wrong == {}
    assert len(named) >= 0.6 * sum(not find_target(to, "people").sensitive for to in normal.values())  # type: ignore[union-attr]


def mappings_key(header: str) -> str:
    return " ".join(re.findall(r"\w+", header.casefold()))


def test_active_lines_for_a_real_survey(shared_data: Path) -> None:
    path = shared_data / "vt_peer_mentoring" / "mentoring-submissions-clean.xlsx"
    if not path.exists():
        pytest.skip("the real survey is not here")
    found = parse_mapping(suggest_mapping(path))
    truth = load_mapping(Path(__file__).parent / "vt.toml")
    named = {mappings_key(header): rule.to for header, rule in found.columns.items()}
    meant = {mappings_key(header): rule.to for header, rule in truth.columns.items()}
    assert named
    assert named.items() <= meant.items(), (
        "its answers are partly taken out, so little can be active; all must be right"
    )
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    headers = [str(cell) for cell in next(sheet.iter_rows(values_only=True)) if cell]
    by_words = {h: p.target for h in headers if is_active(p := proposed(h))}
    assert len(by_words) >= 5
    wrong = {h: t for h, t in by_words.items() if meant.get(mappings_key(h), "") != t and h != "Email Address"}
    assert wrong == {}, "words alone"


@pytest.fixture
def shared_data() -> Path:
    folder = os.environ.get("MATCHENGINE_DATA", "")
    if not folder:
        pytest.skip("MATCHENGINE_DATA names no folder with real data")
    return Path(folder)


# ------------------------------------------------------------------ words and shapes


@pytest.mark.parametrize(
    ("header", "answers", "target", "confidence"),
    [
        ("Which of these skills could you teach somebody else?", ["Excel", "law"], "offers", "likely"),
        ("How many people could you mentor at once?", [1, 2, 1], "capacity.mentor", "sure"),
        ("How many people could you mentor at once?", ["many", "a few", "one"], "capacity.mentor", "unsure"),
        ("Do you confirm you are over eighteen?", ["yes", "no", "yes"], "adult", "sure"),
        ("Where do you live?", ["Kenya", "Peru", "Italy"], "place.country", "sure"),
        ("Where do you live?", ["Mombasa", "Lima", "Turin"], "place.area", "likely"),
        ("Country", ["Atlantis", "Kenya", "Peru", "Italy"], "place.country", "likely"),
        ("Email", ["a@example.org", "none yet", "nothing", "soon"], "contact.email", "unsure"),
        ("Which languages do you speak?", ["English", "German", "Greek"], "languages", "unsure"),
        ("Which languages do you speak?", ["English (C1)", "German (B2)", "Greek (A1)"], "languages", "sure"),
        ("Zungen", ["English (C1)", "German (B2); Greek (A1)", "Greek (A1)"], "languages", "likely"),
        ("Kontakt", ["a@example.org", "b@example.org", "c@example.org"], "contact.email", "unsure"),
        ("Spare time: any hobbies, and when are you free?", ["a", "b", "c"], "interests", "likely"),
        ("Goal 3", ["sing", "swim"], "goals", "sure"),
        ("Goal 3", [1, 2], "goals", "unsure"),
        ("What would you like to learn?", [None, None], "wants", "sure"),
        ("What do you wish to get better at?", [None, None], "wants", "unsure"),
        ("What do you wish to get better at?", [], "wants", "likely"),
        ("Which hobbies do you have?", [], "interests", "likely"),
        ("Do you have a hobby?", [], "interests", "unsure"),
    ],
)
def test_words_and_answers_together_decide(header: str, answers: list[object], target: str, confidence: str) -> None:
    found = proposed(header, *answers)
    assert (found.target, found.confidence) == (target, confidence)
    assert found.reason


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("May we use your answers for matching?", "CONSENT"),
        ("Consent text version", "BOOKKEEPING"),
        ("What is your marital status?", "SENSITIVE"),
        ("Date of birth", "SENSITIVE"),
        ("How did you hear about us?", "FEEDBACK"),
        ("Would you prefer a mentor of the same gender as you?", "MATCH"),
        ("Untitled Question", "BOOKKEEPING"),
    ],
)
def test_headers_about_something_else_are_never_active(header: str, subject: str) -> None:
    found = proposed(header, "yes", "no", "yes")
    assert (found.target, found.confidence, found.subject) == (None, "unsure", subject)


@pytest.mark.parametrize("header", ["Gender", "Your pronouns", "How old are you?", "Do you have a disability?"])
@pytest.mark.parametrize("answers", [[], ["woman", "man", "woman"], [31, 42, 53]])
def test_a_sensitive_target_is_never_active(header: str, answers: list[object], tmp_path: Path) -> None:
    assert not is_active(proposed(header, *answers))
    path = tmp_path / "people.csv"
    path.write_text(f"{header},Goals\n" + "".join(f"{answer},sing\n" for answer in answers), encoding="utf-8")
    text = suggest_mapping(path)
    assert set(parse_mapping(text).columns) == {"Goals"}
    assert "# [[consent]]" in text


@pytest.mark.parametrize(
    ("header", "answers", "options"),
    [
        ("I can teach [Welding]", [1, 0, 1], {"when_yes": "Welding"}),
        ("I can teach [Cooking, baking]", [1, 0, 1], {"when_yes": '"Cooking, baking"'}),
        ("When are you free? [Monday]", ["18:00-20:00; 20:00-22:00"], {"template": "Monday {answer}"}),
        ("When are you free? [18:00-20:00]", ["Monday, Friday"], {"template": "{answer} 18:00-20:00"}),
        ("When are you free? [Mon evening]", ["yes", "no"], {"when_yes": "Mon evening"}),
    ],
)
def test_grids_and_0_1_columns(header: str, answers: list[object], options: dict[str, str], tmp_path: Path) -> None:
    found = proposed(header, *answers)
    assert (found.confidence, found.options) == ("likely", options)


def test_a_question_before_a_colon_counts_only_beside_others_like_it() -> None:
    assert proposed("I can teach: Welding", 1, 0, 1, siblings=3).options == {"when_yes": "Welding"}
    assert not is_active(proposed("I can teach: Welding", 1, 0, 1))
    assert question_of("Free - Mon evening") == ("Free", "Mon evening")
    assert question_of("Free time") is None


def test_sentences_are_kept_whole_and_lists_are_not() -> None:
    sentences = ["I talk to anybody, and I would gladly show how.", "cooking, but only if there is somebody to eat it"]
    assert proposed("What could you teach?", *sentences).options == {"split": ""}
    assert proposed("What could you teach?", "cooking, law", "roofs").options == {}


@pytest.mark.parametrize("reads", TABLES)
def test_every_clue_belongs_to_a_target(reads: Reads) -> None:
    clues, vetoes = _table(reads)
    for name in {*(clue[0] for clue in clues), *vetoes} - SUBJECTS:
        assert find_target(name, reads), name


def test_clues_are_whole_words() -> None:
    assert clues_in("Steacher goalsx", "people") == []
    assert [clue.target for clue in clues_in("goals", "people")] == ["goals"]


# ------------------------------------------------------------------ what the text holds


def test_no_answer_is_repeated(tmp_path: Path) -> None:
    secrets = [
        "Zorvanna",
        "zv@example.org",
        "woman",
        "quietly",
        "18:00-20:00",
        "Vexholm",
        "+44 20 7946 0001",
        "they/them",
    ]
    path = tmp_path / "mentors.csv"
    headers = ["Name", "Mail", "Gender", "Goals", "Free [Monday]", "Town", "Phone", "Odd one"]
    path.write_text(",".join(headers) + "\n" + ",".join([*secrets, "oddest"]) + "\n", encoding="utf-8")
    text = suggest_mapping(path)
    for secret in [*secrets, "oddest"]:
        assert secret not in text


@pytest.mark.parametrize("name", ["google_form.csv", "hris_mentors.csv", "preferences.csv", "options.csv"])
def test_the_text_is_a_mapping_and_every_line_says_why(name: str) -> None:
    text = suggest_mapping(SAMPLES / name)
    assert parse_mapping(text).columns
    lines = text.partition("[columns]\n")[2].partition("\n\n")[0].splitlines()
    for line in lines:
        if line.startswith('"'):
            assert re.search(r"    # (sure|likely): \S", line), line
        else:
            assert line.startswith('# "'), line
            assert re.search(r'"    # \S', line), line


def test_every_sentence_of_it_can_be_translated() -> None:
    with speaking(PSEUDO):
        text = suggest_mapping(SAMPLES / "google_form.csv")
    assert parse_mapping(text).columns
    for word in ("sure", "likely", "the header says", "is known", "consented", "ignore", "read every line"):
        assert word not in text


def test_records_as_json_lines_stay_active(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(
        '{"id": "a-1", "languages": [{"tag": "en", "level": "C1"}], "roles": ["mentor"]}\n', encoding="utf-8"
    )
    assert set(parse_mapping(suggest_mapping(path)).columns) == {"id", "languages", "roles"}


def test_the_numbers_of_a_form_are_no_ids(tmp_path: Path) -> None:
    for headers, active in (("ID,Start time,Completion time,Email", False), ("ID,Email", True)):
        path = tmp_path / "people.csv"
        path.write_text(f"{headers}\n1,2026-01-02,2026-01-02,a@example.org\n".replace(",2026-01-02" * 2, ""))
        assert ("ID" in parse_mapping(suggest_mapping(path)).columns) is active


def test_the_role_of_the_file_stands_although_some_rows_add_one(tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    path.write_text("Email,Other roles\na@example.org,\nb@example.org,buddy\nc@example.org,\n", encoding="utf-8")
    assert parse_mapping(suggest_mapping(path)).file_rule("mentors.csv").constants == {"roles": ["mentor"]}
