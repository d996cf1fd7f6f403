"""Lists for everybody: shared attention, variety, bounds, what is told of them, and what a lift may do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matchengine.errors import ConfigError, DataError
from matchengine.i18n import PSEUDO, speaking
from matchengine.programme.shortlists import default_method, shortlists
from matchengine.records.exposure import Shortlists
from matchengine.report.run import make_run
from tests.privacy.test_explanations import LIFTED, Offers, consents, disclosing, shared_tokens
from tests.support import engine, group, mentee, mentor

WORDS = ("sql", "data", "welding", "pottery", "tax", "law", "garden", "music")


def crowd(mentees: int = 12, mentors: int = 8, **star: Any):
    """Everybody wants what one mentor offers most; the others offer something like it too."""
    random = np.random.default_rng(4)
    asking = [
        mentee(f"a-{n:02}", goals=[{"text": "learn sql for data work"}, {"text": str(random.choice(WORDS))}])
        for n in range(mentees)
    ]
    giving = [mentor("m-star", offers=[{"text": "learn sql for data work", "level": 4}], **star)]
    for n in range(1, mentors):
        offers = [{"text": f"{random.choice(WORDS)} {random.choice(WORDS)}", "level": int(random.integers(1, 5))}]
        giving.append(mentor(f"m-{n:02}", offers=offers, capacity={"mentor": int(random.integers(1, 4))}))
    return [*asking, *giving]


def loaded(people: Any, extra: str = "", plugins: Any = (), **more: Any):
    made = engine(extra, plugins)
    made.load(people, **more)
    return made


def lists_of(made, kind: str = "mentor", k: int = 3, **more: Any) -> Shortlists:
    return shortlists(made._scene(kind), made._present, k, **more)


def ids(found: Shortlists) -> dict[str, list[str]]:
    return {person: [s.candidate_id for s in of] for person, of in found.lists.items()}


def test_plain_lists_are_those_of_suggest():
    made = loaded(crowd())
    found = lists_of(made, k=7, method="plain")
    assert {person: list(of) for person, of in found.lists.items()} == made.suggest_many(
        list(found.lists), "mentor", 7, "coordinator"
    )
    assert found.exposure.gini_per_seat == found.exposure.plain_gini_per_seat
    assert found.exposure.loss == 0


@pytest.mark.parametrize("method", ["priced", "matching"])
def test_attention_is_shared(method):
    made = loaded(crowd())
    found = lists_of(made, method=method)
    report = found.exposure
    assert report.gini_per_seat < 0.6 * report.plain_gini_per_seat
    assert report.coverage == 1
    assert not report.never_shown
    assert report.over_capacity == 0
    assert 0 <= report.loss < 0.1
    for of in found.lists.values():
        assert [s.rank for s in of] == [1, 2, 3]
    assert report.moved == sum(bool(s.moved) for of in found.lists.values() for s in of)


def test_the_configured_method_is_priced_where_people_state_places():
    made = loaded(crowd(), groups=[group("g")])
    assert default_method(made._scene("mentor")) == "priced"
    assert default_method(made._scene("group")) == "plain"
    assert default_method(loaded([mentee("a")])._scene("mentor")) == "plain"
    assert (
        default_method(loaded(crowd(), '[match.mentor.exposure]\nmethod = "matching"')._scene("mentor")) == "matching"
    )


def test_full_mentors_are_in_no_list():
    made = loaded(crowd(capacity={"mentor": 0}))
    found = lists_of(made)
    assert found.exposure.full == 1
    assert all("m-star" not in of for of in ids(found).values())
    assert "m-star" not in found.exposure.never_shown


def test_a_moved_item_says_why_and_others_say_nothing():
    made = loaded(crowd(mentors=12))
    found = lists_of(made, k=5)
    places = {
        person: {s.candidate_id: s.rank for s in of}
        for person, of in made.suggest_many(list(found.lists), "mentor", 99, "coordinator").items()
    }
    moved = 0
    for person, of in found.lists.items():
        for s in of:
            risen = places[person][s.candidate_id] - s.rank
            assert bool(s.moved) == (abs(risen) > 2)
            assert ("moved" in s.model_dump()) == bool(s.moved)
            if s.moved:
                moved += 1
                assert s.moved.startswith("Higher up" if risen > 0 else "Lower down")
                assert " she " not in s.moved
                assert " he " not in s.moved
    assert moved > 3


def test_everybody_with_free_places_is_shown_at_least_so_often():
    extra = "[match.mentor.exposure]\nleast = 4\ntemperature = 0.5"
    made = loaded(crowd(mentors=8), extra)
    found = lists_of(made)
    shown = [candidate for of in ids(found).values() for candidate in of]
    assert min(shown.count(f"m-{n:02}") for n in range(1, 8)) >= 4
    assert not found.exposure.seldom


def test_nobody_is_shown_more_often_than_the_bound():
    made = loaded(crowd(), "[match.mentor.exposure]\nmost = 1")
    found = lists_of(made)
    shown = [candidate for of in ids(found).values() for candidate in of]
    assert all(shown.count(i) <= n for i, n in made.members("mentor").places.items())
    assert set(found.exposure.short) == {person for person, of in found.lists.items() if len(of) < 3}
    assert found.exposure.short
    lengths = [len(of) for of in found.lists.values()]
    assert max(lengths) - min(lengths) <= 1
    assert any("shorter" in sentence for sentence in found.exposure.summary)


def test_a_bound_that_nobody_can_keep_names_whom_it_fails():
    alone = mentor("m-alone", languages=[{"tag": "is", "level": "C2"}])
    found = lists_of(loaded([*crowd(), alone]))
    assert found.exposure.seldom == found.exposure.never_shown == ("m-alone",)


def test_the_order_of_loading_does_not_matter():
    people = crowd()
    one, other = (lists_of(loaded(order)) for order in (people, people[::-1]))
    assert one.lists == {person: other.lists[person] for person in one.lists}
    assert one.exposure == other.exposure


def test_variety_by_what_people_offer():
    twins = [mentor(f"t-{n}", offers=[{"text": "learn sql for data work", "level": 4}]) for n in range(4)]
    other = mentor("other", offers=[{"text": "speak up in meetings", "level": 4}])
    people = [mentee("a"), *twins, other]
    plain = lists_of(loaded(people), k=2, method="plain")
    varied = lists_of(loaded(people, "[match.mentor.exposure]\nmmr = 0.5"), k=2, method="plain")
    assert "other" not in ids(plain)["a"] or ids(plain)["a"].index("other") > 0
    assert set(ids(varied)["a"]) & {"other"}
    assert ids(varied)["a"][0] == ids(plain)["a"][0]


def test_calibration_serves_every_goal():
    goals = [{"text": "learn sql", "priority": 3}, {"text": "bake bread", "priority": 3}]
    sql = [mentor(f"s-{n}", offers=[{"text": "learn sql", "level": 4}]) for n in range(5)]
    bread = [mentor(f"b-{n}", offers=[{"text": "bake bread", "level": 2}]) for n in range(5)]
    people = [mentee("a", goals=goals), *sql, *bread]
    plain = lists_of(loaded(people), k=4, method="plain")
    mixed = lists_of(loaded(people, "[match.mentor.exposure]\ncalibration = 0.2"), k=4, method="plain")
    assert {i[0] for i in ids(plain)["a"]} == {"s"}
    assert sorted(i[0] for i in ids(mixed)["a"]) == ["b", "b", "s", "s"]
    told = [s.moved for s in mixed.lists["a"] if s.candidate_id[0] == "b"]
    assert told == ["Higher up than by score alone, so that the list serves all goals of the person who looks."] * 2


def test_only_one_of_mmr_and_calibration():
    with pytest.raises(ConfigError, match="choose one"):
        engine("[match.mentor.exposure]\nmmr = 0.5\ncalibration = 0.5")


def test_a_run_tells_it_and_plain_runs_do_not():
    made = loaded(crowd(mentors=12))
    assert make_run(made, "mentor").exposure is None
    run = make_run(made, "mentor", exposure="configured")
    assert run.exposure is not None
    assert run.exposure.method == "priced"
    assert any(draft.suggestion.moved for draft in run.drafts)
    assert type(run).model_validate_json(run.model_dump_json()) == run
    some = make_run(made, "mentor", requester_ids=["a-03"], exposure="matching")
    assert {draft.suggestion.requester_id for draft in some.drafts} == {"a-03"}


def test_every_sentence_is_translated():
    with speaking(PSEUDO):
        found = lists_of(loaded(crowd(mentors=12), "[match.mentor.exposure]\nmost = 1"), k=5)
    told = [*found.exposure.summary, *(s.moved for of in found.lists.values() for s in of if s.moved)]
    assert len(told) > 5
    assert all("⟦" in sentence for sentence in told)


@pytest.mark.parametrize("method", ["priced", "matching"])
def test_what_people_confide_orders_their_own_first_five_and_nothing_else(method):
    """With and without lifts everybody is shown the same people; only who comes first of the first five may change."""
    people = disclosing()
    withdrawn = [person | {"attributes": [], "lived_experience": []} for person in people]
    one, other = (
        lists_of(loaded(given, LIFTED, plugins=[Offers(shared_tokens)], consents=consents(given)), k=7, method=method)
        for given in (people, withdrawn)
    )
    for person, of in ids(one).items():
        assert set(of[:5]) == set(ids(other)[person][:5])
        assert of[5:] == ids(other)[person][5:]
    assert ids(one) != ids(other), "the lift acts"
    told = [{(s.requester_id, s.candidate_id): s.moved for of in f.lists.values() for s in of} for f in (one, other)]
    assert told[0] == told[1]
    assert one.exposure.mean_score == other.exposure.mean_score
    assert one.exposure.never_shown == other.exposure.never_shown


def test_nobody_and_nothing():
    empty = lists_of(loaded([mentee("a")]))
    assert ids(empty) == {"a": []}
    assert empty.exposure.summary == ("Nobody was shown to anybody.",)
    assert lists_of(loaded([mentor("m")])).lists == {}
    with pytest.raises(DataError, match="at least 1"):
        lists_of(loaded([mentee("a")]), k=0)
