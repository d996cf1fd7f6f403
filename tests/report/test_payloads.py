"""Hostile texts in every field of every record stay texts (SEC13)."""

from __future__ import annotations

from functools import cache

import pytest

from matchengine.records import Readiness, Run
from matchengine.report import render_page
from tests.report import runs
from tests.report.payloads import PAYLOADS
from tests.report.reading import parsed, tags, text_of

HARMLESS = "harmless "


@cache
def document(check: bool) -> Run | Readiness:
    """Return a small run, or its check."""
    return runs.readiness(people=6, givers=5) if check else runs.run(6, 5, 2)


@cache
def known(check: bool, keep: frozenset[str]) -> tuple[set[tuple[str, str]], list[tuple[str, str, str]]]:
    """Return the tags and attributes of the same page with harmless texts."""
    found = tags(rendered(check, HARMLESS, keep))
    return found.names, found.values


def rendered(check: bool, payload: str, keep: frozenset[str]) -> str:
    """Return the page of a document in which every text begins with a payload, names included."""
    changed = runs.reworded(document(check), lambda text: payload + text, keep | {"language"})
    people = () if check else (*changed.requester_ids, *changed.candidate_ids)
    return render_page(changed, dict.fromkeys(people, payload))


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("keep", [frozenset(), frozenset({"key"})], ids=["all", "with a week"])
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_payload_stays_text(payload: str, keep: frozenset[str], check: bool) -> None:
    page = rendered(check, payload, keep)
    names, values = known(check, keep)
    found = tags(page)
    assert found.names == names
    plain = [(tag, name) for tag, name, _value in values]
    assert [(tag, name) for tag, name, _value in found.values] == plain
    fixed = {"href", "id", "class", "fill", "aria-labelledby", "content", "name", "role", "dir"}
    assert [v for v in found.values if v[1] in fixed] == [v for v in values if v[1] in fixed]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_payload_can_still_be_read(payload: str) -> None:
    """Escaped, not removed: people see what somebody wrote, and control characters as the sign for them."""
    root = parsed(rendered(False, payload, frozenset()))
    expected = "".join("\ufffd" if (ord(c) < 32 and c != "\n") or c == "\ufffe" else c for c in payload)
    assert " ".join(expected.split()) in text_of(root)


def test_the_check_would_see_a_page_that_does_not_escape() -> None:
    page = rendered(False, HARMLESS, frozenset())
    names, _values = known(False, frozenset())
    caught = [tags(page.replace(HARMLESS.strip(), payload)).names != names for payload in PAYLOADS]
    assert sum(caught) > len(PAYLOADS) * 0.6
