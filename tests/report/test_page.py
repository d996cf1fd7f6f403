"""The page of a run: what stands on it, in which order, and what never does."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from matchengine.errors import ConfigError, DataError, MissingExtraError
from matchengine.i18n import PSEUDO, speaking
from matchengine.records import Draft, Readiness, Run
from matchengine.report import page as page_module
from matchengine.report import render_page, write_page
from tests.report import runs
from tests.report.reading import headings, parsed, shown, tags, text_of

SECTIONS = ["summary", "balance", "scores", "exposure", "obstacles", "people", "guide", "origin"]


def sections(page: str) -> list[str]:
    """Return the anchors of the sections in order."""
    return [node.attrib["id"] for node in parsed(page).iter("section")]


def section(page: str, anchor: str) -> str:
    """Return the text of one section."""
    return next(text_of(n) for n in parsed(page).iter("section") if n.attrib["id"] == anchor)


def test_a_run_has_every_section_in_order_and_the_contents_lead_to_them() -> None:
    page = render_page(runs.run())
    assert sections(page) == SECTIONS
    nav = next(parsed(page).iter("nav"))
    assert [a.attrib["href"] for a in nav.iter("a")] == [f"#{anchor}" for anchor in SECTIONS]


def test_a_check_alone_has_the_sections_that_apply() -> None:
    page = render_page(runs.readiness())
    assert sections(page) == ["summary", "balance", "obstacles", "guide"]
    assert "nothing has been suggested" in page
    assert "A score runs" not in page


def test_a_programme_that_nobody_joined_has_a_page() -> None:
    assert sections(render_page(runs.empty())) == ["summary", "guide", "origin"]
    nothing = Readiness(kind="mentor", requesters=0, candidates=0, servable=0)
    assert sections(render_page(nothing)) == ["summary", "guide"]
    assert sections(render_page(runs.run().model_copy(update={"readiness": None, "unserved": ()}))) == [
        "summary", "scores", "exposure", "people", "guide", "origin",
    ]  # fmt: skip


def test_every_requester_is_a_heading_once_whether_or_not_they_got_a_suggestion() -> None:
    run = runs.run()
    found = Counter(text for _level, text in headings(parsed(render_page(run))))
    assert {person: found[person] for person in run.requester_ids} == dict.fromkeys(run.requester_ids, 1)


def test_every_suggestion_stands_with_its_numbers_and_its_words() -> None:
    run = runs.run(5, 6, 3)
    people = section(render_page(run), "people")
    for draft in run.drafts:
        one = draft.suggestion
        assert f"{one.rank}. {one.candidate_id}" in people
        assert f"{one.score:.1f} points, {100 * one.confidence:.0f} % known" in people
        assert all(text in people for reason in one.reasons for text in (reason.text, *reason.words))
        assert all(text in people for text in (*one.to_confirm, *one.limits))


def test_what_no_score_knows_is_said_once_and_the_rest_where_it_belongs() -> None:
    run = runs.run()
    people = section(render_page(run), "people")
    assert people.count("The score does not know how well they get on.") == 1
    assert people.count(runs.ADJUST) == sum(runs.ADJUST in d.suggestion.limits for d in run.drafts) > 1


def test_the_key_figures_are_counted_from_the_run() -> None:
    run = runs.run()
    figures = {text_of(d[0]): text_of(d[1]) for d in parsed(render_page(run)).iterfind(".//dl/div")}
    never = set(run.candidate_ids) - {d.suggestion.candidate_id for d in run.drafts}
    assert figures["People looking"] == "42 mentee"
    assert figures["With a suggestion"] == f"39 {len(run.drafts)} suggestions"
    assert figures["Without a suggestion"] == "3"
    assert figures["Free places"] == str(sum(run.places.values()))
    assert figures["Never suggested"] == f"{len(never)} mentor"
    assert figures["Most that can be served at once"] == "29 of 42 who look"


@pytest.mark.parametrize(("each", "people"), [(1, 4), (3, 42), (5, 60)])
def test_exposure_counts_everybody_once(each: int, people: int) -> None:
    run = runs.run(people, 30, each)
    root = parsed(render_page(run))
    drawing = next(n for n in root.iter("svg") if "spread-t" in n.attrib["aria-labelledby"])
    told = [part.split(": ") for part in text_of(list(drawing)[1]).split("; ")]
    assert sum(int(number) for _label, number in told) == len(run.candidate_ids)
    assert len(told) <= 8
    times = Counter(d.suggestion.candidate_id for d in run.drafts)
    assert told[0] == ["0", str(sum(not times[c] for c in run.candidate_ids))]
    assert f"In nobody's list: {told[0][1]} of 30." in section(render_page(run), "exposure")
    over = sum(times[c] > places for c, places in run.places.items())
    assert f"more often than they have places: {over}." in section(render_page(run), "exposure")


def test_members_see_directions_where_points_are_not_told() -> None:
    run = runs.run(3, 5, 1)
    drafts = tuple(
        Draft(
            suggestion=d.suggestion.model_copy(
                update={
                    "reasons": tuple(
                        r.model_copy(
                            update={"contribution": None, "direction": "against", "strength": "strong", "text": ""}
                        )
                        for r in d.suggestion.reasons
                    )
                }
            )
        )
        for d in run.drafts
    )
    people = section(render_page(run.model_copy(update={"drafts": drafts})), "people")
    assert people.count("speaks strongly against the pair") == 5 * len(drafts)
    assert "What the score is made of" not in people


def test_who_has_nobody_reads_why_and_what_would_help() -> None:
    page = render_page(runs.run())
    told = section(page, "obstacles")
    assert "They share no language well enough with 21 of 25." in told
    assert "A floor of A2 would open up candidates. (opens 6 candidates)" in told
    assert "30 minutes instead of 45 would be enough. (helps 2 people)" in told
    assert "A floor of A2 instead of B1 frees 3 people." in told
    assert "frees 3 people. (" not in told
    assert "personal_boundary" not in page
    card = next(n for n in parsed(page).iter("article") if text_of(n).startswith("r-012"))
    assert "No suggestion." in text_of(card)


def test_names_stand_on_the_page_only_when_they_are_given() -> None:
    run, names = runs.run(4, 5, 2), {"r-001": "Ama Sorrel", "m-01": "Bo Linden"}
    without, named = render_page(run), render_page(run, names)
    assert not any(name in without for name in names.values())
    assert "Their names are in the sheets." in without
    assert all(name in named for name in names.values())
    assert "This page holds names." in named
    assert "in the sheets" not in named


def test_headings_descend_one_level_at_a_time() -> None:
    for document in (runs.run(), runs.readiness(), runs.empty()):
        levels = [level for level, _text in headings(parsed(render_page(document)))]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_a_screen_reader_needs_is_there() -> None:
    page = render_page(runs.run())
    root = parsed(page)
    assert root.attrib == {"lang": "en", "dir": "ltr"}
    ids = Counter(node.attrib["id"] for node in root.iter() if "id" in node.attrib)
    assert max(ids.values()) == 1
    for node in root.iter():
        assert all(name in ids for name in node.attrib.get("aria-labelledby", "").split())
        assert node.attrib.get("href", "#content").removeprefix("#") in ids
    assert all(cell.attrib["scope"] in ("col", "row") for cell in root.iter("th"))
    assert all(table.find("caption") is not None for table in root.iter("table"))
    for drawing in root.iter("svg"):
        assert drawing.attrib["role"] == "img"
        assert [child.tag for child in drawing][:2] == ["title", "desc"]
        assert all(text_of(child) for child in list(drawing)[:2])
    assert next(root.iter("a")).attrib == {"class": "skip", "href": "#content"}
    assert {"header", "nav", "main"} <= {node.tag for node in root.iter()}


def test_the_page_needs_nothing_but_itself() -> None:
    page = render_page(runs.run())
    found = tags(page)
    assert not {tag for tag, _name in found.names} & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert not [name for _tag, name in found.names if name.startswith("on") or name in ("style", "src", "action")]
    assert not re.search(r"(https?:)?//\w|@import", page)
    assert {v for _t, n, v in found.values if n == "content" and "default-src" in v} == {page_module.POLICY}
    assert page_module.POLICY.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert all(value.startswith("#") for _tag, name, value in found.values if name == "href")
    assert {v for _t, n, v in found.values if n == "fill"} <= {v for _t, _n, v in found.values if v.startswith("url(#")}


def test_equal_runs_give_equal_bytes() -> None:
    assert render_page(runs.run()) == render_page(Run.model_validate_json(runs.run().model_dump_json()))


@pytest.mark.parametrize("people", [100, pytest.param(500, marks=pytest.mark.slow)])
def test_five_hundred_people_stay_small(people: int) -> None:
    page = render_page(runs.run(people, people * 2 // 5, 5))
    assert len(page.encode()) <= 10_000 * people
    assert sum(1 for _ in parsed(page).iter("article")) == people


def test_every_word_of_ours_is_in_the_catalogue() -> None:
    """With data made of digits alone, no plain letter may be left in the language of foreign letters."""
    keep = frozenset({"language", "key"})
    run = runs.reworded(runs.run(), lambda text: "".join(str(ord(c) % 10) for c in text), keep)
    for document in (run.model_copy(update={"language": PSEUDO}), run.readiness):
        with speaking(PSEUDO):
            root = parsed(render_page(document))
        assert root.attrib["lang"] == PSEUDO
        assert [text for text in shown(root) if re.search("[A-Za-z]", text)] == []
        assert sum("⟦" in text for text in shown(root)) > 60


def test_a_run_speaks_its_own_language_and_an_unknown_one_is_refused() -> None:
    run = runs.run(3, 5, 1)
    with speaking(PSEUDO):
        assert ">Summary<" in render_page(run)
    with pytest.raises(ConfigError):
        render_page(run.model_copy(update={"language": "x-none"}))


def test_the_file_is_private_and_complete(tmp_path: Path) -> None:
    path, run = tmp_path / "page.html", runs.run(3, 5, 1)
    write_page(path, run)
    assert path.read_text(encoding="utf-8") == render_page(run)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(DataError):
        write_page(tmp_path / "missing" / "page.html", run)


def test_a_missing_template_engine_names_the_pip_command(monkeypatch: pytest.MonkeyPatch) -> None:
    page_module._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'matchengine[page]'")):
        render_page(runs.empty())


def test_the_template_engine_is_loaded_only_for_a_page() -> None:
    code = "import matchengine.report, sys; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0  # noqa: S603
