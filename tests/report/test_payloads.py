"""Hostile texts in every field of every record stay texts (SEC13)."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from matchengine.records import Readiness, Run
from matchengine.report import render_page
from tests.report import runs
from tests.report.payloads import FIXED as PLACES
from tests.report.payloads import HARMLESS, PAYLOADS, every_payload, skeleton, with_each, with_many
from tests.report.reading import parsed, tags, text_of

FIXED = PLACES | {"name", "dir"}
PAGES = pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
WEEKS = pytest.mark.parametrize("keep", [frozenset(), frozenset({"key"})], ids=["all", "with a week"])


@cache
def document(check: bool) -> Run | Readiness:
    """Return a small run, or its check."""
    return runs.readiness(people=6, givers=5) if check else runs.run(6, 5, 2)


def rendered(check: bool, keep: frozenset[str], say: Callable[[str], str]) -> str:
    """Return the page of a document of which every text went through a function, names included."""
    changed = runs.reworded(document(check), say, keep | {"language"})
    people = () if check else (*changed.requester_ids, *changed.candidate_ids)
    return render_page(changed, {person: say("") for person in people})


def seen(page: str) -> tuple[Any, ...]:
    """Return what no text may change: tags, the attributes of each in order, and the values that hold no text."""
    return *skeleton(page, FIXED), [(tag, name) for tag, name, _value in tags(page).values]


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


@PAGES
@WEEKS
@pytest.mark.parametrize("checked", [with_many, pytest.param(with_each, marks=pytest.mark.slow)])
def test_a_payload_stays_text(checked: Any, keep: frozenset[str], check: bool) -> None:
    assert checked(lambda say: rendered(check, keep, say), seen) == []


def test_all_of_them_stand_on_the_page_and_can_still_be_read() -> None:
    """Escaped, not removed: people see what somebody wrote, and control characters as the sign for them."""
    shown = set()
    for first in range(0, len(PAYLOADS), 13):
        each, said = every_payload(first), {}

        def say(text: str, each: Any = each, said: Any = said) -> str:
            said[text] = each(text)
            return str(said[text])

        told = text_of(parsed(rendered(False, frozenset(), say)))
        shown |= {whole.removesuffix(text) for text, whole in said.items() if text and as_read(whole) in told}
    assert set(PAYLOADS) - shown == set()


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_payload_can_still_be_read(payload: str) -> None:
    root = parsed(rendered(False, frozenset(), lambda text: payload + text))
    assert as_read(payload) in text_of(root)


def as_read(text: str) -> str:
    """Return a text as the page shows it."""
    return " ".join("".join("\ufffd" if (ord(c) < 32 and c != "\n") or c == "\ufffe" else c for c in text).split())


def test_the_check_would_see_a_page_that_does_not_escape() -> None:
    page = rendered(True, frozenset(), lambda text: HARMLESS + text)
    names = tags(page).names
    caught = [tags(page.replace(HARMLESS.strip(), payload)).names != names for payload in PAYLOADS]
    assert sum(caught) > len(PAYLOADS) * 0.6


def test_both_ways_to_check_would_see_and_name_what_is_not_escaped() -> None:
    def careless(say: Callable[[str], str]) -> str:
        return f"<p>{html.escape(say('a'))}</p>" + "".join(f"<b>{say(str(n))}</b>" for n in range(20))

    assert len(with_many(careless)) == len(with_each(careless)) > len(PAYLOADS) * 0.6
    assert with_many(lambda say: html.escape("".join(say(str(n)) for n in range(20)))) == []
