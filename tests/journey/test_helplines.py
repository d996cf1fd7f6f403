"""Helplines by country and language, beside a chosen topic (S3-07, S4-09)."""

from __future__ import annotations

import pytest

from matchengine.journey.helplines import beside_topic, choose
from matchengine.records import Group, Resource
from tests.journey.gatherings import resource
from tests.support import group


def line(name, country=None, *languages, **more):
    told = [{"tag": tag, "level": "native"} for tag in languages]
    return Resource.model_validate(resource(name, type="helpline", country=country, languages=told) | more)


LINES = [
    line("gb-en", "GB", "en"),
    line("gb-pa", "GB", "pa"),
    line("gb-any", "GB"),
    line("fr-fr", "FR", "fr"),
    line("all-en", None, "en"),
    Resource.model_validate(resource("course", country="GB")),
]


def ids(found):
    return [r.id for r in found]


def test_country_and_language_decide():
    assert ids(choose(LINES, "GB", ["en"])) == ["gb-en", "gb-any", "all-en"]
    assert ids(choose(LINES, "GB", ["pa", "en"])) == ["gb-pa", "gb-en", "gb-any"]
    assert ids(choose(LINES, "FR", ["fr-CA"])) == ["fr-fr"]


def test_without_a_country_only_those_for_everywhere():
    assert ids(choose(LINES, None, ["en"])) == ["all-en"]


def test_in_no_common_language_some_help_is_better_than_none():
    assert ids(choose(LINES[:2], "GB", ["so"])) == ["gb-en", "gb-pa"]
    assert ids(choose(LINES, "GB", ["so"])) == ["gb-any"]


def test_only_helplines_count_and_the_order_of_the_list_does_not():
    assert choose([LINES[-1]], "GB", ["en"]) == ()
    assert choose(LINES[::-1], "GB", ["en"]) == choose(LINES, "GB", ["en"])


def test_the_fresher_of_equals_comes_first_and_the_number_is_kept():
    old, new = line("old", "GB", "en", fresh_on="2020-01-01"), line("zz-new", "GB", "en")
    assert ids(choose([old, new], "GB", ["en"])) == ["zz-new", "old"]
    assert ids(choose(LINES, "GB", ["en"], most=1)) == ["gb-en"]


@pytest.mark.parametrize(("risk", "shown"), [("A", []), ("B", ["all-en", "gb-en"]), ("C", ["all-en", "gb-en"])])
def test_beside_a_topic_that_needs_care_those_of_the_group_come_first(risk, shown):
    card = Group.model_validate(group("g", topic_risk=risk, safety={"helplines": ["all-en"]}))
    assert ids(beside_topic(card, LINES, "GB", ["en"])[:2]) == shown
