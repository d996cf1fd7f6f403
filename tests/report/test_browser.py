"""The page in a real browser: nothing runs, nothing is fetched, nothing overflows, everything can be read."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from matchengine.records import Readiness, Run
from matchengine.report import render_page, write_page
from tests.report import runs
from tests.report.payloads import PAYLOADS, every_payload

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
CONTRAST = """
() => {
  const rgb = (text) => {
    const found = (text || '').match(/^rgba?\\(([^)]+)\\)/);
    if (!found) return null;
    const parts = found[1].split(/[ ,/]+/).map(Number);
    return parts.length > 3 && parts[3] === 0 ? null : parts.slice(0, 3);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const drawn = (node) => node.namespaceURI.endsWith('svg');
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = drawn(at) ? null : rgb(getComputedStyle(at).backgroundColor);
      if (colour) return colour;
    }
    return [255, 255, 255];
  };
  const behind = (node, box) => {
    const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    for (const at of stack) {
      if (at === node || node.contains(at) || !drawn(at)) continue;
      const colour = ['rect', 'path'].includes(at.tagName) ? rgb(getComputedStyle(at).fill) : null;
      if (colour) return colour;
    }
    return ground(node);
  };
  const texts = [], marks = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let at = walker.nextNode(); at; at = walker.nextNode()) {
    const node = at.parentElement;
    if (!at.data.trim() || ['title', 'desc'].includes(node.tagName) || !node.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(at);
    const style = getComputedStyle(node), box = range.getBoundingClientRect();
    const seen = drawn(node) ? ratio(rgb(style.fill), behind(node, box)) : ratio(rgb(style.color), ground(node));
    texts.push([seen, at.data.trim().slice(0, 40), node.getAttribute('class') || node.tagName]);
  }
  for (const node of document.querySelectorAll('svg rect, svg path')) {
    if (node.matches('.cell, .grid, .rim')) continue;
    const style = getComputedStyle(node), seen = [rgb(style.fill), rgb(style.stroke)].filter(Boolean);
    const best = Math.max(...seen.map((colour) => ratio(colour, ground(node.closest('svg')))));
    marks.push([best, node.getAttribute('class')]);
  }
  return {texts, marks};
}
"""


WIDTHS = (360, 1280)


def widths(page: Any) -> tuple[int, ...]:
    """Return how wide an open page is in a narrow window and in a wide one: as wide as the window, or wider."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found.append(page.evaluate("Math.max(innerWidth, document.documentElement.scrollWidth)"))
    return tuple(found)


def hostile() -> Run:
    """Return a run in which every text is a hostile one, all of them in turn."""
    made: Run = runs.reworded(runs.run(12, 8, 3), every_payload(), frozenset({"language", "key"}))
    assert all(payload in str(made) or repr(payload)[1:-1] in str(made) for payload in PAYLOADS)
    return made


def wide() -> Run:
    """Return a run whose ids and texts are long words without a place to break."""
    keep = frozenset({"language", "key"})
    made: Run = runs.reworded(runs.run(6, 6, 2), lambda text: (text + "-" + "W" * 64)[:64], keep)
    return made


def opened(browser: Any, path: Path, document: Run | Readiness, **context: Any) -> Any:
    """Return the page of a document opened in a new context."""
    write_page(path / "page.html", document)
    page = browser.new_context(**context).new_page()
    page.goto((path / "page.html").as_uri())
    return page


def test_hostile_texts_run_nothing_and_fetch_nothing(browser: Any, tmp_path: Path) -> None:
    heard: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (heard.append("dialog"), dialog.dismiss()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    write_page(tmp_path / "page.html", hostile())
    place = (tmp_path / "page.html").as_uri()
    page.goto(place)
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    for key in ("Tab", "Enter", "Tab", "Tab"):
        page.keyboard.press(key)
    page.mouse.move(200, 200)
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned === undefined")
    assert heard == []
    assert asked == [place]
    assert page.evaluate("document.querySelectorAll('article').length") == 12
    assert not page.evaluate("document.querySelectorAll('script, img, iframe, link, form, base, object').length")
    page.close()


def test_the_policy_stops_what_would_slip_through(browser: Any, tmp_path: Path) -> None:
    """A script in the page, as if escaping had failed, still does not run."""
    text = render_page(runs.empty()).replace("<main", "<script>window.pwned = 1</script><main", 1)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("window.pwned === undefined")
    page.close()


@pytest.mark.parametrize("make", [runs.run, runs.readiness, wide, hostile], ids=lambda make: make.__name__)
def test_nothing_overflows_sideways(browser: Any, tmp_path: Path, make: Any) -> None:
    page = opened(browser, tmp_path, make())
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    page.add_style_tag(content="article { content-visibility: visible !important }")
    assert widths(page) == WIDTHS
    page.context.close()


def test_texts_and_marks_stand_out_from_what_is_behind_them(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, runs.run(8, 8, 3), viewport={"width": 1280, "height": 12000})
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    for media, scheme in product(("screen", "print"), ("light", "dark")):
        page.emulate_media(media=media, color_scheme=scheme)
        found = page.evaluate(CONTRAST)
        assert len(found["texts"]) > 500
        assert len(found["marks"]) > 100
        assert [one for one in found["texts"] if one[0] < TEXT_CONTRAST] == [], (media, scheme)
        assert [one for one in found["marks"] if one[0] < MARK_CONTRAST] == [], (media, scheme)
    page.context.close()


def test_print_shows_the_tables_of_closed_details_and_hides_what_paper_cannot_use(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, runs.run(4, 5, 2))
    hidden = "[...document.querySelectorAll('details table')].map((one) => one.checkVisibility())"
    assert not any(page.evaluate(hidden))
    page.emulate_media(media="print")
    assert page.evaluate(hidden)
    assert all(page.evaluate(hidden))
    assert not page.locator("nav").is_visible()
    assert not page.locator(".skip").is_visible()
    page.context.close()


def test_the_keyboard_reaches_the_content_and_the_tables(browser: Any, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, runs.run(4, 5, 2))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.context.close()
