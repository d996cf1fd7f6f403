"""Topics out of what people look for, who could teach them, and what a coordinator may read of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from matchengine.programme.groups.topics import Topics, topics_of
from tests.programme.groups.circles import engine
from tests.support import mentee

SQL, BREAD = "sql for data work", "baking rye bread"


def person(number: int, *wants: str, offers: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    told = {"goals": [{"text": text} for text in wants], "offers": [{"text": text} for text in offers]}
    return mentee(f"p{number}", **(told | more))


def topics(people: list[dict[str, Any]], extra: str = "") -> Topics:
    made = engine(people, extra=extra)
    return topics_of(made._scene("peer"), np.arange(len(people), dtype=np.int32))


def test_the_same_need_is_one_topic_and_each_persons_wants_sum_to_one() -> None:
    found = topics([person(0, SQL), person(1, SQL, BREAD), person(2, BREAD), person(3)])
    assert len(found) == 2
    assert found.wants.sum(axis=1).tolist() == [1, 1, 1, 0]
    assert sorted((found.wants > 0).sum(axis=0).tolist()) == [2, 2]


def test_offers_close_to_a_topic_teach_it_and_label_it() -> None:
    found = topics([person(0, SQL), person(1, SQL, offers=(SQL, "knitting socks"))])
    assert found.labels == (SQL,)
    assert found.offers[:, 0].tolist() == [0, 1]
    assert [(one.teacher, one.topic, one.text) for one in found.lessons] == [(1, 0, SQL)]


def test_a_need_is_quoted_only_where_the_notice_says_so() -> None:
    people = [person(0, "juggling clubs"), person(1, "juggling clubs")]
    assert topics(people).labels == ("",)
    reads = '[programme]\ncoordinator_reads = ["needs"]\n'
    assert topics(people, reads).labels == ("juggling clubs",)


def test_two_who_name_the_same_concept_look_for_the_same() -> None:
    wants = [{"wants": [{"text": text, "concept": "tag:money"}]} for text in ("asking for a raise", "salary talks")]
    assert len(topics([person(0, **wants[0]), person(1, **wants[1])])) == 1


def test_what_nobody_could_teach_counts_as_one_topic_without_changing_the_share_that_is_taught() -> None:
    found = topics([person(0, SQL, BREAD, "juggling"), person(1, SQL, "welding", offers=(BREAD,))])
    wants, offers = found.teachable()
    assert wants.shape == offers.shape == (2, 2)
    assert np.allclose(wants.sum(axis=1), found.wants.sum(axis=1))
    taught = (np.minimum(found.offers.sum(axis=0), 1) * found.wants.sum(axis=0)).sum()
    assert np.isclose((np.minimum(offers.sum(axis=0), 1) * wants.sum(axis=0)).sum(), taught)


def test_nobody_who_looks_for_anything_leaves_no_topic() -> None:
    found = topics([person(0), person(1)])
    assert len(found) == 0
    assert found.wants.shape == (2, 0)
    assert found.teachable()[0].shape == (2, 1)
