"""Shadow prices: what one more place, or one more candidate, brings; on programmes whose answer is plain to see."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError
from matchengine.records import ShadowPrices
from tests.support import CONFIG, engine, group, mentee, mentor

DARI = [{"tag": "prs", "level": "native"}]
PEERS = CONFIG.replace('candidate = "mentor"', 'candidate = "mentee"')


def loaded(people: list[dict[str, Any]], extra: str = "", **more: Any) -> Engine:
    made = engine(extra)
    made.load(people, [group()], **more)
    return made


def speaks_dari_alone() -> Engine:
    """Two find a mentor; one speaks a language that no mentor does."""
    return loaded(
        [mentee("a"), mentee("b"), mentee("c", languages=DARI), mentor("m", capacity={"mentor": 3})],
    )


def test_a_language_that_nobody_gives_in_is_named() -> None:
    prices = speaks_dari_alone().shadow_prices("mentor")
    assert (prices.requesters, prices.served, prices.by) == (3, 2, "served")
    by_language = {price.language: price.served for price in prices.newcomers if price.language}
    assert by_language == {"prs": 1}
    assert {price.language for price in prices.together} == {"prs"}
    assert prices.summary[0].startswith("2 of 3 people")


def test_one_more_place_with_whom_everybody_wants_serves_one_more() -> None:
    prices = loaded([mentee("a"), mentee("b"), mentor("m", capacity={"mentor": 1})]).shadow_prices("mentor")
    assert [(price.candidate_id, price.served) for price in prices.seats] == [("m", 1)]
    assert prices.seats[0].points > 0


def test_where_everybody_is_served_points_decide_and_nothing_is_negative() -> None:
    """The first of two mentors suits both far better and has one place."""
    people = [
        mentee("a"),
        mentee("b"),
        mentor("m", capacity={"mentor": 1}),
        mentor(
            "n", capacity={"mentor": 2}, offers=[{"text": "gardening"}], interests=[{"text": "chess"}], values=["play"]
        ),
    ]
    prices = loaded(people).shadow_prices("mentor")
    assert (prices.served, prices.by) == (2, "points")
    assert [price.candidate_id for price in prices.seats] == ["m"]
    assert all(price.points > 0 for price in (*prices.seats, *prices.newcomers, *prices.together))


def test_people_whose_running_match_takes_their_place_do_not_count() -> None:
    tie = {"person_id": "b", "other_id": "m", "kind": "mentoring"}
    made = loaded([mentee("a"), mentee("b"), mentor("m", capacity={"mentor": 2})], relationships=[tie])
    assert made.shadow_prices("mentor").requesters == 1


def test_nothing_stays_of_candidates_who_were_tried() -> None:
    made = speaks_dari_alone()
    before = made.fingerprint(), made.members("mentor"), made.suggest("a", "mentor")
    made.shadow_prices("mentor")
    assert (made.fingerprint(), made.members("mentor"), made.suggest("a", "mentor")) == before


@pytest.mark.parametrize(("reads", "read"), [("", False), ('[programme]\ncoordinator_reads = ["needs"]\n', True)])
def test_a_need_is_quoted_only_where_coordinators_may_read_needs(reads: str, read: bool) -> None:
    goals = [{"text": "xylophone repair", "priority": 3}]
    people = [mentee("a", goals=goals), mentee("b", goals=goals, languages=DARI), mentor("m")]
    told = loaded(people, reads).shadow_prices("mentor").model_dump_json()
    assert ("xylophone" in told) is read


def test_nobody_who_looks_is_named() -> None:
    prices = speaks_dari_alone().shadow_prices("mentor")
    assert not any(word in ('"a"', '"b"', '"c"') for word in prices.model_dump_json().split(","))
    assert ShadowPrices.model_validate_json(prices.model_dump_json()) == prices


def test_further_groups_are_priced_too() -> None:
    people = [mentee(str(n)) for n in range(3)]
    made = engine()
    made.load(people, [group("g", size_now=1, size_max=2)])
    prices = made.shadow_prices("group")
    assert prices.served == 1
    assert [price.candidate_id for price in prices.seats] == ["g"]
    assert any(price.skill for price in prices.newcomers)


def test_nothing_to_try_is_refused() -> None:
    with pytest.raises(DataError, match="at least 1"):
        speaks_dari_alone().shadow_prices("mentor", most=0)


def test_a_kind_without_a_side_that_gives_is_refused() -> None:
    made = engine(text=PEERS)
    made.load([mentee("a"), mentee("b")])
    with pytest.raises(ConfigError, match="no side that gives"):
        made.shadow_prices("mentor")
