"""A suggested mapping for files nobody has seen: how often it is right, and what is left to mend by hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.io import Report, read_people, read_relationships, suggest_mapping
from matchengine.io import mapping as mappings
from matchengine.io.fields import TABLES, Reads, find_target
from matchengine.io.header_words import SUBJECTS, _table, clues_in
from matchengine.io.mapping import load_mapping, parse_mapping
from matchengine.io.propose import Column, Proposal, propose, question_of
from matchengine.io.shapes import shape_of
from matchengine.records import Person

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
    import os

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


def test_the_numbers_of_a_form_are_no_ids(tmp_path: Path) -> None:
    for headers, active in (("ID,Start time,Completion time,Email", False), ("ID,Email", True)):
        path = tmp_path / "people.csv"
        path.write_text(f"{headers}\n1,2026-01-02,2026-01-02,a@example.org\n".replace(",2026-01-02" * 2, ""))
        assert ("ID" in parse_mapping(suggest_mapping(path)).columns) is active


def test_the_role_of_the_file_stands_although_some_rows_add_one(tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    path.write_text("Email,Other roles\na@example.org,\nb@example.org,buddy\nc@example.org,\n", encoding="utf-8")
    assert parse_mapping(suggest_mapping(path)).file_rule("mentors.csv").constants == {"roles": ["mentor"]}


# ------------------------------------------------------------------ files people already have


def mended(text: str, columns: Mapping[str, str], head: str = "", tail: str = "") -> str:
    """Return a suggested mapping with some lines replaced; each must have been there."""
    lines = text.splitlines()
    for header, rule in columns.items():
        found = [n for n, line in enumerate(lines) if line.removeprefix("# ").startswith(f'"{header}" =')]
        assert len(found) == 1, header
        lines[found[0]] = f'"{header}" = {rule}'
    return "\n".join([head, *lines, tail])


def plain(people: list[Person]) -> Iterator[dict[str, object]]:
    """Yield what people say about themselves, without what is the default, ids that were drawn, and times."""
    for person in people:
        item = person.model_dump(
            exclude_defaults=True, exclude={"availability"} | ({"id"} if person.id[:2] == "p-" else set())
        )
        yield {name: _short(value) for name, value in item.items()}


def _short(value: object) -> object:
    if isinstance(value, tuple):
        return [one["text"] if isinstance(one, dict) and set(one) == {"text"} else one for one in value]
    return value


def rules(person: Person) -> list[str]:
    return [f"{slot.rrule} {slot.start:%H:%M} {slot.duration_minutes}" for slot in person.availability]


def failures(report: Report) -> list[tuple[int | None, str | None]]:
    return [(problem.row, problem.column) for problem in report.failures]


GOOGLE_MENDED = {
    "I want to take part as": '{ to = "roles", values = { "a mentor" = "mentor", "a mentee" = "mentee" } }',
    "Which of these could you teach somebody else?": (
        '{ to = "offers", values = { "Budgeting, saving and tax" = "Budgeting, saving and tax" } }'
    ),
    "Gender (optional)": '"attributes.gender"',
}
GOOGLE_HEAD = 'ignore = ["Timestamp"]'
GOOGLE_CONSENT = """
[[consent]]
column = "I agree that my answers are used to suggest matches"
fields = ["attributes.gender"]
purposes = ["match"]
text_version = "1"
language = "en"
date_column = "Timestamp"
"""


def google_people() -> tuple[list[Person], Report]:
    text = mended(suggest_mapping(SAMPLES / "google_form.csv"), GOOGLE_MENDED, GOOGLE_HEAD, GOOGLE_CONSENT)
    text = text.replace('# time_zone = "Europe/London"  ', 'time_zone = "Europe/Brussels"  ')
    made = read_people(SAMPLES / "google_form.csv", parse_mapping(text))
    assert [(grant.field, grant.granted_at) for grant in made.consents] == [
        ("attributes.gender", datetime(2026, 2, 3, 9, 14, 2))
    ]
    return made.people, made.report


def test_a_form_of_google_with_a_grid_and_commas_inside_answers() -> None:
    people, report = google_people()
    assert list(plain(people)) == [
        {
            "roles": ["mentor"],
            "capacity": {"mentor": 2},
            "offers": ["Budgeting, saving and tax", "Public speaking"],
            "interests": ["rowing", "chess"],
            "adult": True,
            "attributes": [{"dimension": "gender", "value": "woman"}],
        },
        {
            "roles": ["mentee"],
            "wants": ["I freeze when I have to speak, and I want that to change."],
            "interests": ["choir"],
            "adult": True,
        },
        {
            "roles": ["mentor", "mentee"],
            "capacity": {"mentor": 1},
            "offers": ["Public speaking"],
            "wants": ["how to read a balance sheet"],
            "interests": ["chess"],
            "adult": True,
        },
    ]
    assert [rules(person) for person in people] == [
        ["FREQ=WEEKLY;BYDAY=MO 18:00 120", "FREQ=WEEKLY;BYDAY=MO 20:00 120", "FREQ=WEEKLY;BYDAY=SA 09:00 180"],
        ["FREQ=WEEKLY;BYDAY=WE 18:00 120"],
        ["FREQ=WEEKLY;BYDAY=SA 09:00 180", "FREQ=WEEKLY;BYDAY=SA 14:00 180"],
    ]
    assert failures(report) == []
    assert report.counts["blank rows"] == 2
    assert any("without a clear yes" in problem.expected for problem in report.problems), "one person said no"


BOTH = ["in_person", "video"]


def test_a_form_of_microsoft_with_answers_joined_by_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "Mentees 2026.xlsx"
    book = openpyxl.Workbook()
    day = datetime(2026, 3, 1, 10, 0)
    headers = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time"]
    headers += ["Which languages do you speak?", "What would you like to learn?", "How would you like to meet?"]
    book.active.append([*headers, "Are you over 18?"])
    for number, (name, *answers) in enumerate(
        (
            ("Tarek Olunde", "English (C1);German (B2);", "Excel;Speaking;", "In person;Video call;", "Yes"),
            ("Mona Quistel", "French (native);", "Welding;", "Video call;", "Yes"),
            ("Ben Loft", "English (B1);", "Excel;", "In person;", "Yes"),
        ),
        1,
    ):
        book.active.append([number, day, day, f"{name[:4].strip()}@example.org", name, None, *answers])
    book.save(path)
    head = 'ignore = ["ID", "Start time", "Completion time", "Last modified time"]'
    made = read_people(path, parse_mapping(mended(suggest_mapping(path), {}, head)))
    assert list(plain(made.people)) == [
        {
            "roles": ["mentee"],
            "wants": wants,
            "languages": languages,
            "modes": modes,
            "adult": True,
        }
        for wants, languages, modes in (
            (
                ["Excel", "Speaking"],
                [{"tag": "en", "level": "C1"}, {"tag": "de", "level": "B2"}],
                ["in_person", "video"],
            ),
            (["Welding"], [{"tag": "fr", "level": "native"}], ["video"]),
            (["Excel"], [{"tag": "en", "level": "B1"}], ["in_person"]),
        )
    ]
    assert made.contacts.id_for("mona@example.org")
    assert failures(made.report) == []


def test_an_export_of_an_hr_system_in_windows_1252() -> None:
    path = SAMPLES / "hris_mentors.csv"
    columns = {"Grade/Level": '{ to = "career_stage", values = { "Grade 7" = "senior", "Grade 4" = "early" } }'}
    head = 'ignore = ["Job Title", "Hire Date", "FTE", "Cost Center"]'
    made = read_people(path, parse_mapping(mended(suggest_mapping(path), columns, head)))
    assert list(plain(made.people)) == [
        {
            "id": "E-0101",
            "roles": ["mentor"],
            "offers": ["Schichtpläne"],
            "career_stage": "senior",
            "place": {"area": "Zürich"},
            "adult": True,
            "line_manager": "E-0900",
        },
        {
            "id": "E-0102",
            "roles": ["mentor"],
            "offers": ["welding “under” water"],
            "career_stage": "early",
            "place": {"area": "Liège"},
            "adult": True,
            "line_manager": "E-0101",
        },
    ]
    assert [made.contacts[id_].full_name for id_ in ("E-0101", "E-0102")] == ["Jo Sæther", "Amélie Núñez"]
    assert failures(made.report) == []
    assert any("Windows-1252" in problem.expected for problem in made.report.problems)


def test_a_file_of_preferences_with_numbers_for_categories() -> None:
    path = SAMPLES / "preferences.csv"
    named = 'values = { "7" = "Networking", "12" = "Budgets", "44" = "Public speaking" }'
    columns = {
        "Mentoring Type": '{ to = "roles", values = { "disabled" = "" } }',
        "Offer help in categories": f'{{ to = "offers", {named} }}',
        "Need help in categories": f'{{ to = "wants", {named} }}',
    }
    made = read_people(path, parse_mapping(mended(suggest_mapping(path), columns, 'ignore = ["Program ID"]')))
    told = list(plain(made.people))
    assert [str(item.pop("mentoring_focus", ""))[:10] for item in told] == ["I have run", "", "I can list", ""]
    assert told == [
        {
            "roles": ["mentor"],
            "capacity": {"mentor": 3},
            "offers": ["Budgets", "Public speaking"],
            "modes": ["video"],
        },
        {
            "roles": ["mentee"],
            "wants": ["Networking", "Budgets"],
            "modes": ["in_person"],
            "hopes_to_gain": "somebody patient",
        },
        {
            "roles": ["mentor", "mentee"],
            "capacity": {"mentor": 1},
            "offers": ["Networking"],
            "wants": ["Public speaking"],
            "modes": ["in_person", "video"],
            "hopes_to_gain": "somebody who knows figures",
        },
        {"modes": ["video"]},
    ]
    assert failures(made.report) == []


def test_a_file_with_one_column_for_each_option_needs_no_mending() -> None:
    path = SAMPLES / "options.csv"
    text = suggest_mapping(path).replace('# time_zone = "Europe/London"  ', 'time_zone = "Europe/London"  ')
    made = read_people(path, parse_mapping(text))
    assert list(plain(made.people)) == [
        {
            "id": "m-1",
            "roles": ["mentor"],
            "offers": ["Budgeting", "Cooking, baking"],
            "wants": ["Welding"],
            "adult": True,
        },
        {"id": "m-2", "roles": ["mentee"], "wants": ["Python"], "adult": True},
        {"id": "m-3", "roles": ["mentee"], "offers": ["Python"], "adult": True},
    ]
    assert [len(person.availability) for person in made.people] == [1, 2, 0]
    assert failures(made.report) == []


def test_a_file_of_pairs_needs_no_mending() -> None:
    text = mended(suggest_mapping(SAMPLES / "google_form.csv"), GOOGLE_MENDED, GOOGLE_HEAD, GOOGLE_CONSENT)
    made = read_people(SAMPLES / "google_form.csv", parse_mapping(text))
    pairs = SAMPLES / "pairs.csv"
    mapping = parse_mapping('ignore = ["Mentoring Connection Name"]\n' + suggest_mapping(pairs, reads="relationships"))
    ties = read_relationships(pairs, mapping, contacts=made.contacts)
    ilse, tarek, mona = (made.contacts.id_for(f"{name}@example.org") for name in ("ilse", "tarek", "mona"))
    assert [(tie.person_id, tie.other_id, tie.kind) for tie in ties.relationships] == [
        (tarek, ilse, "mentoring"),
        (mona, ilse, "mentoring"),
    ]
    assert failures(ties.report) == []


# ------------------------------------------------------------------ what the mapping had to learn for it


def test_a_template_needs_a_place_for_the_answer() -> None:
    with pytest.raises(mappings.ConfigError, match="template"):
        parse_mapping('[columns]\n"Free" = { to = "availability", template = "Monday" }\n')


def test_an_answer_that_the_mapping_names_is_never_cut() -> None:
    named = '{ to = "interests", values = { "food, drink" = "food, drink", "art; craft" = "craft" } }'
    mapping = parse_mapping(f'[columns]\n"id" = "id"\n"likes" = {named}\n')
    for cell, wanted in (
        ("Food,  drink, chess", ["food, drink", "chess"]),
        ("chess, food, drink", ["chess", "food, drink"]),
        ("seafood, drink", ["seafood", "drink"]),
        ("food, drinks", ["food", "drinks"]),
        ("art; craft; food, drink", ["craft", "food, drink"]),
    ):
        made = read_people([{"id": "a", "likes": cell}], mapping)
        assert [interest.text for interest in made.people[0].interests] == wanted
