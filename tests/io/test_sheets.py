"""What the sheets of a run, a readiness check and a list of suggestions hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from matchengine.errors import DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.io import (
    Contact,
    ContactSheet,
    Sheet,
    sheets_of_readiness,
    sheets_of_run,
    sheets_of_suggestions,
    write_xlsx,
)
from matchengine.io.limits import DEFAULT_LIMITS
from matchengine.records import Fingerprint, Reason, Suggestion, SuggestionList
from matchengine.records.explanation import Change, Obstacle
from matchengine.records.run import Balance, Draft, Readiness, RuleEffect, Run, Stuck, Thin

FINGERPRINT = Fingerprint(config="c0ffee", plugins={"builtin": "1"}, model="m1", generation=7, as_of=date(2026, 3, 2))
CONTACTS = ContactSheet(
    [
        Contact(id="e1", name="Zora Quill", email="zora@example.org"),
        Contact(id="m1", first_name="Odo", last_name="Brisk", email="odo@example.com"),
        Contact(id="m3", email="only.mail@example.net"),
    ]
)
MACHINE_KEYS = {"id", "name", "email"}


def suggestion(requester: str, candidate: str, rank: int, score: float, **more: Any) -> Suggestion:
    reasons = (
        Reason(scorer="goals", text="Both speak of data.", words=("data", "health")),
        Reason(scorer="values", text="", words=("data",)),
        Reason(scorer="time", text="They share two evenings."),
    )
    fields: dict[str, Any] = {
        "rank": rank,
        "requester_id": requester,
        "candidate_id": candidate,
        "kind": "mentor",
        "score": score,
        "confidence": 0.75,
        "fit": "good",
        "neutral": 50,
        "blocks": {},
        "reasons": reasons,
        "to_confirm": ("Say when.", "Say where."),
        "limits": ("Knows no faces.",),
        "valid_until": date(2026, 3, 30),
    }
    return Suggestion.model_validate({**fields, **more})


def draft(requester: str, candidate: str, rank: int, score: float) -> Draft:
    one = suggestion(requester, candidate, rank, score)
    to = f"To {requester}: meet {candidate}.", f"To {candidate}: meet {requester}."
    return Draft(suggestion=one, to_requester=to[0], to_candidate=to[1])


EVENING = Change(about=("common_time",), text="Ask e4 for one more evening.", frees=1)
READINESS = Readiness(
    kind="mentor",
    requesters=4,
    candidates=3,
    places=5,
    servable=3,
    needs=(Balance(key="skill", label="learn a skill", demand=3, supply=1, places=2),),
    languages=(Balance(key="bfi", label="British Sign Language", demand=1, supply=0),),
    thin=(Thin(person_id="e1", roles=("mentee",), missing=("goals", "languages")),),
    rules=(RuleEffect(rule="common_time", reason="No common time.", pairs=4, alone=2, starved=1, changes=(EVENING,)),),
    stuck=(Stuck(person_id="e4", why=(Obstacle(rule="common_time", text="No common time."),), changes=(EVENING,)),),
    texts=40,
    unread_texts=2,
    summary=("One person has nobody.", "Few give what is wanted."),
)
STUCK = Stuck(
    person_id="e4",
    why=(Obstacle(rule="common_time", text="No common time."), Obstacle(rule="language_floor", text="No language.")),
    changes=(Change(about=("common_time",), text="One more evening would do."),),
)
RUN = Run(
    kind="mentor",
    requester="mentee",
    candidate="mentor",
    requester_ids=("e1", "e2", "e3", "e4"),
    candidate_ids=("m1", "m2", "m3"),
    places={"m1": 2, "m2": 1},
    drafts=(draft("e1", "m1", 1, 60), draft("e1", "m2", 2, 61), draft("e2", "m1", 1, 80.25)),
    unserved=(STUCK,),
    readiness=READINESS,
    fingerprint=FINGERPRINT,
)


def by_key(sheet: Sheet, row: int) -> dict[str, object]:
    return dict(zip(sheet.header, sheet.rows[row], strict=True))


def every_cell(sheets: list[Sheet]) -> list[object]:
    return [cell for sheet in sheets for row in (sheet.header, *sheet.rows) for cell in row]


# -- a run


def test_a_run_has_its_sheets_in_order_and_every_row_is_as_wide_as_the_header() -> None:
    for contacts in (None, CONTACTS):
        sheets = sheets_of_run(RUN, contacts)
        assert [sheet.title for sheet in sheets] == ["Summary", "Pairs", "mentee", "mentor", "Without a suggestion"]
        assert [sheet.listing for sheet in sheets] == [False, True, True, True, True]
        assert all(len(row) == len(sheet.header) for sheet in sheets for row in sheet.rows)


def test_the_summary_counts_people_and_tells_what_made_it() -> None:
    figures = dict(sheets_of_run(RUN)[0].rows)
    assert figures == {
        "Kind of match": "mentor",
        "As of": date(2026, 3, 2),
        "People looking": 4,
        "People or groups giving": 3,
        "Suggestions made": 3,
        "People with a suggestion": 2,
        "People without a suggestion": 2,
        "Best score, mean over people": 70.62,
        "Best score, lowest of all people": 61.0,
        "Candidates suggested to nobody": 1,
        "Free places": 3,
        "Finding 1": "One person has nobody.",
        "Finding 2": "Few give what is wanted.",
        "Configuration": "c0ffee",
        "Model": "m1",
        "Generation of the data": 7,
        "Please note": "These are drafts: nothing is decided until the people themselves agree.",
    }
    empty = dict(sheets_of_run(RUN.model_copy(update={"drafts": (), "places": {}, "readiness": None}))[0].rows)
    assert (empty["People without a suggestion"], empty["Candidates suggested to nobody"]) == (4, 3)
    assert (empty["Best score, mean over people"], empty["Free places"]) == (None, None)
    assert not [label for label in empty if label.startswith("Finding")]


def test_pairs_have_one_row_per_suggestion_with_stable_keys() -> None:
    (pairs,) = sheets_of_suggestions([d.suggestion for d in RUN.drafts])
    assert pairs == sheets_of_run(RUN)[1]
    assert by_key(pairs, 1) == {
        "requester_id": "e1",
        "candidate_id": "m2",
        "kind": "mentor",
        "rank": 2,
        "score": 61,
        "confidence": 0.75,
        "fit": "good",
        "reasons": "Both speak of data. They share two evenings.",
        "words": "data, health",
        "to_confirm": "Say when.; Say where.",
        "limits": "Knows no faces.",
        "valid_until": date(2026, 3, 30),
        "status": "draft",
    }
    (named,) = sheets_of_suggestions([d.suggestion for d in RUN.drafts], CONTACTS)
    assert named.header[:3] == ("requester_id", "requester_name", "requester_email")
    assert named.header[3:6] == ("candidate_id", "candidate_name", "candidate_email")
    assert named.rows[0][:6] == ("e1", "Zora Quill", "zora@example.org", "m1", "Odo Brisk", "odo@example.com")
    assert named.rows[1][:6] == ("e1", "Zora Quill", "zora@example.org", "m2", None, None)
    assert set(by_key(named, 0)) - set(by_key(pairs, 0)) == {
        f"{side}_{key}" for side in ("requester", "candidate") for key in ("name", "email")
    }


def test_lists_of_one_person_are_taken_as_they_are_and_anything_else_is_refused() -> None:
    one = suggestion("e1", "m1", 1, 50)
    listed = SuggestionList(requester_id="e1", kind="mentor", suggestions=(one, one), fingerprint=FINGERPRINT)
    (pairs,) = sheets_of_suggestions([listed, one])
    assert len(pairs.rows) == 3
    with pytest.raises(DataError, match="expected Suggestion records; got str"):
        sheets_of_suggestions(["e1"])  # type: ignore[list-item]


def test_everybody_has_a_row_in_the_sheet_of_their_side() -> None:
    sheets = sheets_of_run(RUN)
    looking, giving = sheets[2], sheets[3]
    assert looking.header == (
        *("id", "number of matches", "match 1", "match 1 score", "match 2", "match 2 score", "match details"),
    )
    assert looking.rows == (
        ("e1", 2, "m1", 60, "m2", 61, "1. m1\nTo e1: meet m1.\n\n2. m2\nTo e1: meet m2."),
        ("e2", 1, "m1", 80.25, None, None, "1. m1\nTo e2: meet m1."),
        ("e3", 0, None, None, None, None, ""),
        ("e4", 0, None, None, None, None, ""),
    )
    assert [row[:4] for row in giving.rows] == [("m1", 2, "e2", 80.25), ("m2", 1, "e1", 61), ("m3", 0, None, None)]
    assert giving.rows[0][-1] == "1. e2\nTo m1: meet e2.\n\n2. e1\nTo m1: meet e1."


def test_side_sheets_join_contacts_and_leave_the_unknown_empty() -> None:
    looking, giving = sheets_of_run(RUN, CONTACTS)[2:4]
    assert looking.header[:8] == (
        *("id", "name", "email", "number of matches"),
        *("match 1", "match 1 name", "match 1 email", "match 1 score"),
    )
    assert looking.rows[0][:8] == ("e1", "Zora Quill", "zora@example.org", 2, "m1", "Odo Brisk", "odo@example.com", 60)
    assert looking.rows[0][8:12] == ("m2", None, None, 61)
    assert looking.rows[1][:3] == ("e2", None, None)
    assert giving.rows[2][:4] == ("m3", None, "only.mail@example.net", 0)


def test_without_contacts_no_sheet_holds_a_name_or_an_address() -> None:
    values = [value for contact in CONTACTS for value in (*contact.names, contact.email) if value]
    joined = " ".join(map(str, every_cell(sheets_of_run(RUN, CONTACTS) + sheets_of_readiness(READINESS, CONTACTS))))
    assert all(value in joined for value in ("Zora Quill", "Odo Brisk", "zora@example.org"))
    sheets = sheets_of_run(RUN) + sheets_of_readiness(READINESS) + sheets_of_suggestions([RUN.drafts[0].suggestion])
    plain = " ".join(map(str, every_cell(sheets)))
    assert not [value for value in values if value in plain]
    keys = {name for sheet in sheets for name in sheet.header}
    assert not {name for name in keys if "name" in name or "email" in name}
    assert "Quill" not in repr(sheets_of_run(RUN, CONTACTS))


def test_who_got_nothing_is_told_why_and_what_would_help() -> None:
    sheet = sheets_of_run(RUN, CONTACTS)[4]
    assert sheet.header == ("id", "name", "email", "why", "what would help")
    assert sheet.rows == (
        ("e3", None, None, "", ""),
        ("e4", None, None, "No common time.\nNo language.", "One more evening would do."),
    )


def test_two_sides_of_one_role_have_two_titles() -> None:
    sheets = sheets_of_run(RUN.model_copy(update={"requester": "peer", "candidate": "peer"}))
    assert [sheet.title for sheet in sheets[2:4]] == ["peer (looking)", "peer (suggested)"]
    sheets = sheets_of_run(RUN.model_copy(update={"requester": "stargazer", "candidate": "group"}))
    assert [sheet.title for sheet in sheets[2:4]] == ["stargazer", "group"]


@pytest.mark.parametrize("contacts", [None, CONTACTS])
def test_a_side_sheet_stays_readable_for_the_importer_however_many_matches_there_are(
    contacts: ContactSheet | None,
) -> None:
    drafts = tuple(draft(f"p{n}", "g1", 1, 50) for n in range(700))
    update = {"requester_ids": tuple(f"p{n}" for n in range(700)), "candidate_ids": ("g1",), "drafts": drafts}
    sheets = sheets_of_run(RUN.model_copy(update=update), contacts)
    giving = sheets[3]
    assert DEFAULT_LIMITS.columns - 5 < len(giving.header) <= DEFAULT_LIMITS.columns
    assert by_key(giving, 0)["number of matches"] == 700
    assert str(giving.rows[0][-1]).endswith("700. p699\nTo g1: meet p699.")
    assert len(sheets[1].rows) == 700


# -- a readiness check


def test_readiness_sheets() -> None:
    sheets = sheets_of_readiness(READINESS, CONTACTS)
    titles = ["Summary", "Supply and demand", "Thin profiles", "Rules", "Without anybody"]
    assert [sheet.title for sheet in sheets] == titles
    summary = dict(sheets[0].rows)
    assert (summary["Most people who can be served at once"], summary["Free places"], summary["Texts"]) == (3, 5, 40)
    assert summary["Finding 2"] == "Few give what is wanted."
    assert sheets[1].rows == (
        ("needs", "skill", "learn a skill", 3, 1, 2),
        ("languages", "bfi", "British Sign Language", 1, 0, None),
    )
    assert sheets[2].rows == (("e1", "Zora Quill", "zora@example.org", "mentee", "goals\nlanguages"),)
    assert sheets[3].rows == (("common_time", "No common time.", 4, 2, 1, "Ask e4 for one more evening."),)
    assert sheets[4].rows == (("e4", None, None, "No common time.", "Ask e4 for one more evening."),)
    assert all(len(row) == len(sheet.header) for sheet in sheets for row in sheet.rows)


# -- files


def test_titles_become_legal_and_different(tmp_path: Path) -> None:
    long = "Mentees of the northern branch, second year"
    wanted = ["a/b:c*d?[e]\\f", long, long, long.upper(), "History", "", "'quoted'", "\x00\ud800", "😀" * 40, "= 1"]
    path = tmp_path / "titles.xlsx"
    write_xlsx(path, [Sheet(title, ("id",), (("p1",),)) for title in wanted])
    titles = openpyxl.load_workbook(path).sheetnames
    assert titles[0] == "a b c d e f"
    assert titles[1:4] == [long[:30] + "…", long[:26].rstrip() + "… (2)", long.upper()[:26].rstrip() + "… (3)"]
    assert titles[4:8] == ["History (2)", "Sheet 6", "quoted", "Sheet 8"]
    assert len({title.casefold() for title in titles}) == len(wanted)
    assert all(len(title.encode("utf-16-le")) <= 62 and not set(title) & set("[]:*?/\\") for title in titles)


def test_a_link_of_that_name_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / "x.xlsx").symlink_to(tmp_path / "target")
    write_xlsx(tmp_path / "x.xlsx", [Sheet("s", ("n",), ((1,),))])
    assert (tmp_path / "target").read_text() == "mine"
    assert not (tmp_path / "x.xlsx").is_symlink()


# -- languages


def test_every_title_and_label_goes_through_the_catalogue_but_not_the_machine_keys() -> None:
    with speaking(PSEUDO):
        of_run, of_readiness = sheets_of_run(RUN, CONTACTS), sheets_of_readiness(READINESS, CONTACTS)
    summary, pairs, *others = of_run
    assert pairs.header == sheets_of_run(RUN, CONTACTS)[1].header
    labels = [sheet.title for sheet in of_run + of_readiness]
    labels += [name for sheet in (summary, *others, *of_readiness) for name in sheet.header if name not in MACHINE_KEYS]
    labels += [str(row[0]) for row in summary.rows + of_readiness[0].rows + of_readiness[1].rows]
    labels += [str(summary.rows[-1][1]), str(of_readiness[2].rows[0][3])]
    assert [label for label in labels if not (label.startswith("⟦") and label.endswith("⟧"))] == []
    assert [name for sheet in others[:2] for name in sheet.header if name in MACHINE_KEYS] == [
        "id",
        "name",
        "email",
    ] * 2
    with speaking(PSEUDO):
        both = sheets_of_run(RUN.model_copy(update={"requester": "peer", "candidate": "peer"}))[2:4]
    assert len({sheet.title for sheet in both}) == 2
