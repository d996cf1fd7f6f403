"""Members learn whom they are suggested, not who takes part: bands, a quota, no free search (SEC7)."""

from __future__ import annotations

import inspect
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.engine import Engine
from matchengine.quota import QUESTIONS_A_DAY, Quota, QuotaError
from matchengine.records.member import MemberSuggestion, members_view
from tests.properties.populations import programme
from tests.support import engine, mentor

# ---------------------------------------------------------------- bands and words


@pytest.fixture(scope="module")
def made() -> me.Engine:
    """Return an engine on twelve mentees and fourteen mentors."""
    made = engine()
    made.load(programme(12, 14, 1))
    return made


def numbers_in(value: object) -> list[object]:
    """Return every number in a document."""
    if isinstance(value, dict):
        return [n for each in value.values() for n in numbers_in(each)]
    if isinstance(value, (list, tuple)):
        return [n for each in value for n in numbers_in(each)]
    return [value] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


def test_a_member_reads_no_number_and_no_exact_place(made: me.Engine) -> None:
    suggestions = made.suggest("a0", "mentor", 14)
    seen = members_view(suggestions)
    assert len(seen) == len(suggestions) > 10
    assert numbers_in([s.model_dump() for s in suggestions])
    assert numbers_in([s.model_dump() for s in seen]) == []
    bands = {s.candidate_id: s.rank for s in suggestions}
    for each in seen:
        rank = bands[each.candidate_id]
        assert each.band == ("first" if rank <= 3 else "next" if rank <= 10 else "further")
    assert [s.band for s in seen] == sorted((s.band for s in seen), key=["first", "next", "further"].index)


def test_the_order_within_a_band_tells_nothing_of_places(made: me.Engine) -> None:
    suggestions = made.suggest("a0", "mentor", 10)
    turned = [s.model_copy(update={"rank": 11 - s.rank if 11 - s.rank >= 4 else s.rank}) for s in suggestions]
    assert [s.candidate_id for s in members_view(suggestions)] != [s.candidate_id for s in suggestions]
    swapped = [s.model_copy(update={"rank": {1: 2, 2: 1}.get(s.rank, s.rank)}) for s in suggestions]
    assert members_view(swapped) == members_view(suggestions)
    assert members_view(reversed(suggestions)) == members_view(suggestions)
    assert {s.candidate_id for s in members_view(turned)} == {s.candidate_id for s in suggestions}


def test_reasons_are_sentences_in_an_order_that_tells_nothing(made: me.Engine) -> None:
    for suggestion in made.suggest("a0", "mentor", 5):
        (seen,) = members_view([suggestion])
        assert sorted(seen.reasons) == sorted(r.text for r in suggestion.reasons if r.text)
        again = suggestion.model_copy(update={"reasons": suggestion.reasons[::-1]})
        assert members_view([again]) == (seen,)


def test_what_a_member_sees_has_no_field_for_a_number() -> None:
    schema = str(MemberSuggestion.model_json_schema())
    assert "'number'" not in schema
    assert "'integer'" not in schema


def test_explanations_to_members_hold_no_number(made: me.Engine) -> None:
    for viewer in ("requester", "candidate"):
        told = made.explain("a0", "m0", "mentor", viewer).model_dump()
        assert numbers_in(told | {"fingerprint": None}) == []
    assert numbers_in(made.explain("a0", "m0", "mentor", "coordinator").model_dump())


# ---------------------------------------------------------------- nobody is found by a text


def test_no_method_of_an_engine_finds_people_by_a_text_or_a_vector() -> None:
    """What finds people takes ids and names of kinds alone: there are no neighbours of an arbitrary text."""
    free = {"text", "texts", "query", "vector", "vectors", "words", "embedding", "search"}
    looked = 0
    for name, method in inspect.getmembers(Engine, inspect.isfunction):
        if not name.startswith("_"):
            looked += 1
            assert not free & set(inspect.signature(method).parameters), name
    assert looked > 30
    assert free & set(inspect.signature(lambda query: query).parameters)


# ---------------------------------------------------------------- the quota


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 9, 10, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_as_many_different_questions_as_allowed_and_no_more() -> None:
    clock = Clock()
    quota = Quota(3, clock)
    for number in range(3):
        quota.count("a", "suggest", "mentor", number)
    with pytest.raises(QuotaError, match=r"3 different questions .* from 2026-03-10 10:01 UTC") as caught:
        quota.count("a", "suggest", "mentor", 3)
    assert caught.value.until == clock.now + timedelta(hours=24)
    assert isinstance(caught.value, me.MatchEngineError)
    quota.count("a", "suggest", "mentor", 1)
    quota.count("b", "suggest", "mentor", 3)


def test_the_day_of_a_question_ends_after_24_hours() -> None:
    clock = Clock()
    quota = Quota(2, clock)
    quota.count("a", 1)
    clock.now += timedelta(hours=23)
    quota.count("a", 2)
    with pytest.raises(QuotaError):
        quota.count("a", 3)
    clock.now += timedelta(hours=1)
    quota.count("a", 3)
    with pytest.raises(QuotaError) as caught:
        quota.count("a", 4)
    assert caught.value.until == clock.now + timedelta(hours=23)


def test_a_refused_question_is_not_counted_and_asking_again_does_not_lengthen_the_wait() -> None:
    clock = Clock()
    quota = Quota(1, clock)
    quota.count("a", 1)
    ends = []
    for hours in (1, 5, 9):
        clock.now += timedelta(hours=hours)
        quota.count("a", 1)
        with pytest.raises(QuotaError) as caught:
            quota.count("a", 2)
        ends.append(caught.value.until)
    assert len(set(ends)) == 1


def test_nothing_is_kept_of_a_question_but_a_hash_and_only_for_a_day() -> None:
    clock = Clock()
    quota = Quota(5, clock)
    quota.count("a", "explain", "canary")
    assert "canary" not in repr(quota.__dict__)
    quota.count("b", 1)
    clock.now += timedelta(hours=25)
    quota.count("b", 2)
    assert set(quota._asked) == {"b"}
    quota.forget({"a", "c"}.__contains__)
    assert set(quota._asked) == {"b"}
    quota.forget({"b"}.__contains__)
    assert not quota._asked


def test_a_quota_of_none_refuses_everything_and_says_when_to_come_back() -> None:
    with pytest.raises(QuotaError):
        Quota(0, Clock()).count("a", 1)


def test_threads_share_one_count() -> None:
    quota, refused = Quota(QUESTIONS_A_DAY), []

    def ask(first: int) -> None:
        for number in range(first, first + 40):
            try:
                quota.count("a", number)
            except QuotaError:
                refused.append(number)

    threads = [threading.Thread(target=ask, args=(40 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 160 - QUESTIONS_A_DAY


# ---------------------------------------------------------------- the shadow attack


def worlds(count: int) -> tuple[list[dict[str, Any]], list[dict[str, float]], np.ndarray]:
    """Return what an attacker reads in many programmes, half of which the target is in; members' view and raw numbers.

    The attacker knows 26 people and the target by heart and wants to know whether the target takes part. The target
    has blocked them and so is never shown; of twenty others, who have blocked them too, each is there by chance.
    """
    known = programme(12, 14, 1)
    block = {"boundaries": [{"kind": "person", "value": "a0"}]}
    others = [p | block | {"id": "o" + p["id"]} for p in programme(10, 10, 2)]
    offers = [{"text": "sql data python", "level": 4}, {"text": "speaking radio", "level": 3}]
    target = mentor("t", offers=offers, hopes_to_gain="baking", **block)
    chance = random.Random(3)
    seen, raw, inside = [], [], np.arange(count) % 2 == 0
    for there in inside:
        made = engine()
        made.load([*known, *([target] if there else []), *(p for p in others if chance.random() < 0.5)])
        suggestions = made.suggest("a0", "mentor", 40)
        assert "t" not in {s.candidate_id for s in suggestions}
        seen.append(words_of(suggestions))
        raw.append(numbers_of(suggestions))
    return seen, raw, inside


def words_of(suggestions: list[me.Suggestion]) -> dict[str, Any]:
    """Return everything of a members' view as features, each place in the list too."""
    found: dict[str, Any] = {}
    for place, s in enumerate(members_view(suggestions)):
        found |= {f"{s.candidate_id} at": place, f"{s.candidate_id} band": s.band, f"{s.candidate_id} fit": s.fit}
        found |= {f"{s.candidate_id} says {reason}": 1 for reason in s.reasons}
    return found


def numbers_of(suggestions: list[me.Suggestion]) -> dict[str, float]:
    """Return the raw numbers of suggestions as features."""
    found = {}
    for s in suggestions:
        found |= {"neutral": s.neutral, f"{s.candidate_id} score": s.score, f"{s.candidate_id} rank": s.rank}
        found |= {f"{s.candidate_id} {r.scorer}": r.contribution for r in s.reasons}
    return found


def auc(features: list[dict[str, Any]], inside: np.ndarray) -> float:
    """Return how well a classifier that saw other shadows tells whether the target is in; .5 is guessing."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    table = DictVectorizer(sparse=False).fit_transform(features)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    guessed = cross_val_predict(model, table, inside, cv=5, method="predict_proba")[:, 1]
    return float(roc_auc_score(inside, guessed))


@pytest.mark.parametrize("count", [120, pytest.param(800, marks=pytest.mark.slow)])
def test_whether_somebody_takes_part_is_not_told_by_what_a_member_reads(count: int) -> None:
    seen, raw, inside = worlds(count)
    assert auc(seen, inside) <= 0.60
    assert auc(raw, inside) > 0.60, "the attack is worth its name: raw numbers give the target away"


def test_the_attack_succeeds_where_the_target_can_be_seen() -> None:
    inside = np.arange(100) % 2 == 0
    told: Callable[[bool], dict[str, float]] = lambda there: {"t band": 1.0} if there else {"m1 band": 1.0}  # noqa: E731
    assert auc([told(bool(there)) for there in inside], inside) > 0.99
