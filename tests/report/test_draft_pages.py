"""What holds for the page of every draft: well-formed, private, inert, the same for equal documents."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from matchengine.i18n import PSEUDO, speaking
from matchengine.records import Record
from matchengine.report import page as page_module
from matchengine.report import render_page, write_page
from tests.report import drafts, runs
from tests.report.payloads import with_each, with_many
from tests.report.reading import headings, parsed, shown, tags, text_of
from tests.report.test_browser import CONTRAST, MARK_CONTRAST, TEXT_CONTRAST, WIDTHS, widths

MADE = drafts.all_drafts()
EVERY = pytest.mark.parametrize("name", MADE)
KEEP = drafts.CLOSED
SECTIONS = {
    "plan": ["summary", "scores", "load", "pairs", "without", "next-best", "record", "guide", "origin"],
    "ledger": ["summary", "exchanges", "without", "preferred", "record", "guide", "origin"],
    "skill_circles": ["summary", "circles", "without", "guide", "origin"],
    "groups": ["summary", "overview", "groups", "without", "guide", "origin"],
    "mixer": ["summary", "tables", "cards", "alone", "guide"],
    "shadow": ["summary", "seats", "newcomers", "together", "guide"],
}


def hostile(document: Record, payload: str) -> Any:
    """Return a draft in which every text begins with a payload."""
    return runs.reworded(document, lambda text: payload + text, KEEP)


@EVERY
def test_a_draft_has_its_sections_and_the_contents_lead_to_them(name: str) -> None:
    root = parsed(render_page(MADE[name]))
    assert [node.attrib["id"] for node in root.iter("section")] == SECTIONS[name]
    nav = next(root.iter("nav"))
    assert [a.attrib["href"] for a in nav.iter("a")] == [f"#{anchor}" for anchor in SECTIONS[name]]


@EVERY
def test_headings_descend_and_what_a_screen_reader_needs_is_there(name: str) -> None:
    root = parsed(render_page(MADE[name]))
    levels = [level for level, _text in headings(root)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = Counter(node.attrib["id"] for node in root.iter() if "id" in node.attrib)
    assert max(ids.values()) == 1
    for node in root.iter():
        assert all(one in ids for one in node.attrib.get("aria-labelledby", "").split())
        assert node.attrib.get("href", "#content").removeprefix("#") in ids
    pictures = list(root.iter("svg"))
    assert pictures
    for drawing in pictures:
        assert [child.tag for child in drawing][:2] == ["title", "desc"]
        assert all(text_of(child) for child in list(drawing)[:2])


@EVERY
def test_the_page_needs_nothing_but_itself(name: str) -> None:
    page = render_page(MADE[name])
    found = tags(page)
    assert not {tag for tag, _name in found.names} & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert not [key for _tag, key in found.names if key.startswith("on") or key in ("style", "src", "action")]
    assert not re.search(r"(https?:)?//\w|@import", page)
    assert page_module.POLICY in {value for _tag, _key, value in found.values}


@EVERY
def test_equal_drafts_give_equal_bytes(name: str) -> None:
    document = MADE[name]
    assert render_page(document) == render_page(type(document).model_validate_json(document.model_dump_json()))


@EVERY
def test_no_value_of_a_draft_becomes_an_anchor_or_a_class(name: str) -> None:
    marker = "zzdatazz"
    fixed = {"href", "id", "class", "fill", "aria-labelledby", "d", "viewBox"}
    found = tags(render_page(hostile(MADE[name], marker)))
    assert not [one for one in found.values if one[1] in fixed and marker in one[2]]


@EVERY
@pytest.mark.parametrize("checked", [with_many, pytest.param(with_each, marks=pytest.mark.slow)])
def test_a_payload_stays_text(name: str, checked: Any) -> None:
    assert checked(lambda say: render_page(runs.reworded(MADE[name], say, KEEP))) == []


@EVERY
def test_every_word_of_ours_is_in_the_catalogue(name: str) -> None:
    digits = runs.reworded(MADE[name], lambda text: "".join(str(ord(c) % 10) for c in text), KEEP - {"kind"})
    if "language" in type(digits).model_fields:
        digits = digits.model_copy(update={"language": PSEUDO})
    with speaking(PSEUDO):
        root = parsed(render_page(digits))
    assert [text for text in shown(root) if re.search("[A-Za-z]", text)] == []


@EVERY
def test_names_stand_on_the_page_only_when_they_are_given(name: str) -> None:
    ids = ("e1", "m1", "p1", "p2", "m2", "e2")
    said = dict.fromkeys(ids, "Zora Quill")
    assert "Zora Quill" not in render_page(MADE[name])
    named = render_page(MADE[name], said)
    assert "Zora Quill" in named
    assert "This page holds names." in named


@EVERY
def test_what_is_told_to_nobody_is_on_no_page(name: str) -> None:
    page = render_page(MADE[name])
    assert "secret-decliner" not in page
    assert "secret-apart" not in page


@EVERY
def test_nothing_overflows_sideways(browser: Any, tmp_path: Path, name: str) -> None:
    wide = runs.reworded(MADE[name], lambda text: (text + "-" + "W" * 64)[:64], KEEP)
    write_page(tmp_path / "page.html", wide)
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    page.add_style_tag(content="article { content-visibility: visible !important }")
    assert widths(page) == WIDTHS
    page.close()


@EVERY
def test_texts_and_marks_stand_out(browser: Any, tmp_path: Path, name: str) -> None:
    write_page(tmp_path / "page.html", MADE[name])
    page = browser.new_context(viewport={"width": 1280, "height": 9000}).new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(CONTRAST)
        assert found["marks"]
        assert [one for one in found["texts"] if one[0] < TEXT_CONTRAST] == [], scheme
        assert [one for one in found["marks"] if one[0] < MARK_CONTRAST] == [], scheme
    page.context.close()
