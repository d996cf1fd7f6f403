"""What a sponsor sees: requests by arrival or lottery."""

from __future__ import annotations

import random

from matchengine.planning.requests import requests_in_order
from matchengine.records import Relationship

DAYS = (("a", "2026-03-03"), ("b", None), ("c", "2026-03-01"), ("d", "2026-03-03"), ("e", None))


def request(person: str, day: str | None = None, **more: object) -> Relationship:
    told = {"person_id": person, "other_id": "s", "kind": "sponsorship", "status": "proposed", "started": day}
    return Relationship.model_validate(told | more)


REQUESTS = [request(person, day) for person, day in DAYS]


def names(requests: tuple[Relationship, ...]) -> str:
    return "".join(each.person_id for each in requests)


def test_arrival_is_by_date_and_then_as_given() -> None:
    assert names(requests_in_order(REQUESTS, "s")) == "cadbe"


def test_only_open_requests_to_this_sponsor() -> None:
    others = [
        request("x", other_id="t"),
        request("x", kind="mentoring"),
        request("x", status="ended"),
        request("x", status="active", decided_by="k", decided_on="2026-03-01"),
    ]
    assert names(requests_in_order([*others, *REQUESTS], "s")) == "cadbe"
    assert requests_in_order(REQUESTS, "nobody") == ()


def test_the_lottery_depends_on_the_seed_alone() -> None:
    drawn = names(requests_in_order(REQUESTS, "s", "lottery", seed=3))
    shuffled = random.Random(1).sample(REQUESTS, len(REQUESTS))
    assert names(requests_in_order(shuffled, "s", "lottery", seed=3)) == drawn
    assert len({names(requests_in_order(REQUESTS, "s", "lottery", seed)) for seed in range(20)}) > 5


def test_every_request_is_first_about_as_often_under_a_lottery() -> None:
    first = [names(requests_in_order(REQUESTS, "s", "lottery", seed))[0] for seed in range(500)]
    assert all(60 < first.count(person) < 140 for person in "abcde")
