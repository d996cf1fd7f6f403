"""What each baseline says about people made by hand; that all keep the contract is in tests/conformance."""

from __future__ import annotations

import builtins
from dataclasses import replace

import numpy as np
import pytest

from matchengine.comparison import Asked, Outcomes
from matchengine.errors import MissingExtraError, PluginError
from matchengine.evaluation.strategies.baselines.chance import random
from matchengine.evaluation.strategies.baselines.constant import constant
from matchengine.evaluation.strategies.baselines.demographic_only import demographic_only
from matchengine.evaluation.strategies.baselines.first_come import first_come
from matchengine.evaluation.strategies.baselines.matching_stable import matching_stable
from matchengine.evaluation.strategies.baselines.mentor_match import mentor_match
from matchengine.evaluation.strategies.baselines.popularity import popularity
from matchengine.evaluation.strategies.baselines.tag_overlap import tag_overlap
from matchengine.evaluation.strategies.baselines.tfidf import tfidf
from matchengine.evaluation.strategies.baselines.whole_profile import whole_profile
from matchengine.evaluation.strategies.oracle import oracle_scores
from matchengine.plugins.lexical import LexicalEmbedder
from matchengine.testing.strategies import question


def everybody(people=2, others=3, **more):
    """All pairs of a few."""
    return Asked(
        requester_ids=tuple(f"a{n}" for n in range(people)),
        candidate_ids=tuple(f"m{n}" for n in range(others)),
        requester=np.repeat(np.arange(people, dtype=np.int32), others),
        candidate=np.tile(np.arange(others, dtype=np.int32), people),
        seats=np.full(others, np.nan),
        arrival=np.arange(people),
        **more,
    )


def test_chance_is_even_and_follows_from_seed_and_both_ids():
    asked = everybody(60, 60)
    found = random(asked)
    assert 0 <= found.min() < 0.001 < 0.999 < found.max() < 1
    assert found.mean() == pytest.approx(0.5, abs=0.01)
    assert np.corrcoef(found.reshape(60, 60).ravel(), found.reshape(60, 60).T.ravel())[0, 1] == pytest.approx(
        0, abs=0.05
    )
    assert not np.array_equal(found, random(replace(asked, seed=1)))
    part = replace(asked, requester=asked.requester[5:9], candidate=asked.candidate[5:9])
    assert np.array_equal(random(part), found[5:9])


def test_everybody_alike():
    assert set(constant(everybody()).tolist()) == {0.5}


def test_who_comes_first_finds_room():
    asked = replace(everybody(3, 2), seats=np.array([1.0, 1.0]), arrival=np.array([2, 0, 1]))
    found = first_come(asked).reshape(3, 2)
    assert found[1].tolist() == [1.0, 1.0]
    assert np.isnan(found[2]).sum() == 1
    assert np.isnan(found[0]).all()


def test_without_a_limit_room_shrinks_with_everybody_served():
    found = first_come(everybody(4, 1)).tolist()
    assert found == [1.0, 1 / 2, 1 / 3, 1 / 4]
    assert np.isnan(first_come(replace(everybody(1, 1), seats=np.zeros(1)))).all()


def test_the_popular_are_those_who_did_well_with_others():
    known = Outcomes(np.array([0, 1, 1]), np.array([2, 2, 0]), np.array([2.0, 2.0, 1.0]), np.full(3, np.nan))
    found = popularity(everybody(known=known)).reshape(2, 3)
    assert found.tolist() == [[0.25, 0, 1]] * 2
    assert popularity(everybody()).tolist() == [0] * 6


def test_popularity_cannot_know_an_outcome_that_it_is_not_given():
    """No estimate leaves one of the judged rows out: the same for everybody, whoever they are."""
    asked = question(3, density=1.0)
    found = popularity(asked).reshape(asked.requesters, asked.candidates)
    assert (found == found[0]).all()


def test_shared_tags_of_both_and_of_who_asks():
    tags = (frozenset({"x", "y"}), frozenset()), (frozenset({"x"}), frozenset({"x", "y", "z"}), frozenset({"q"}))
    asked = everybody(requester_tags=tags[0], candidate_tags=tags[1])
    assert tag_overlap(asked).reshape(2, 3).tolist() == [[1 / 2, 2 / 3, 0], [0, 0, 0]]
    assert tag_overlap(asked, share_of="requester").reshape(2, 3)[0].tolist() == [1 / 2, 1, 0]


def test_many_tags_are_counted_as_sets_are():
    asked = question(5, 20, 20)
    many = [tuple(frozenset(f"t{n}" for n in np.random.default_rng([s, i]).integers(0, 300, 40)) for i in range(20))
            for s in (1, 2)]  # fmt: skip
    asked = replace(asked, requester_tags=many[0], candidate_tags=many[1])
    pairs = zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True)
    expected = [len(many[0][i] & many[1][j]) / len(many[0][i] | many[1][j]) for i, j in pairs]
    assert np.allclose(tag_overlap(asked), expected, rtol=0, atol=1e-15)


TEXTS = {
    "requester_texts": (("weld thin steel", "speak up in meetings"), ("",)),
    "candidate_texts": (("steel", "baking bread"), ("speak up in meetings",), ()),
}


@pytest.mark.parametrize("reads", ["words", "letters"])
def test_shared_words_of_the_best_two_items(reads):
    found = tfidf(everybody(**TEXTS), reads=reads).reshape(2, 3)
    assert found[0, 1] == pytest.approx(1)
    assert 0.2 < found[0, 0] < 0.9
    assert found[0, 2] == 0
    assert (found[1] == 0).all()


def test_words_of_whole_profiles_are_diluted():
    asked = everybody(**TEXTS)
    assert tfidf(asked, whole=True)[1] < 0.95 < tfidf(asked)[1]
    assert (tfidf(everybody(requester_texts=(("!!",), ("?",)), candidate_texts=(("-",),) * 3)) == 0).all()


def test_the_best_of_all_items_is_what_a_loop_finds():
    from sklearn.feature_extraction.text import TfidfVectorizer

    asked = question(9, 15, 12)
    everything = sorted({t for side in (asked.requester_texts, asked.candidate_texts) for own in side for t in own})
    made = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b").fit(everything)
    found = tfidf(asked)
    for pair, (i, j) in enumerate(zip(asked.requester.tolist(), asked.candidate.tolist(), strict=True)):
        own, theirs = asked.requester_texts[i], asked.candidate_texts[j]
        best = (made.transform(own) @ made.transform(theirs).T).max() if own and theirs else 0
        assert found[pair] == pytest.approx(best, abs=1e-9)


def test_without_scikit_learn_the_command_is_told(monkeypatch):
    there = builtins.__import__

    def missing(name, *rest, **more):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return there(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"matchengine\[lexical\]"):
        tfidf(everybody(**TEXTS))


def test_one_vector_of_the_whole_profile():
    encode = LexicalEmbedder(size=256).encode
    same = {"requester_texts": (("a b", "c"), ()), "candidate_texts": (("a b", "c"), ("zzz",), ("",))}
    found = whole_profile(everybody(**same), encode=encode).reshape(2, 3)
    assert found[0, 0] == pytest.approx(1, abs=1e-6)
    assert found[0, 1] < 0.5
    assert found[0, 2] == 0
    assert (found[1] == 0).all()
    with pytest.raises(PluginError, match="embedder"):
        whole_profile(everybody(**same))


def test_the_same_attributes_and_silence_is_a_mismatch():
    audit = {"gender": ("a", None), "candidate:gender": ("a", "b", None), "age": ("1", "1"),
             "candidate:age": ("2", "1", "1"), "region": ("x", "x")}  # fmt: skip
    found = demographic_only(everybody(audit=audit)).reshape(2, 3)
    assert found.tolist() == [[0.5, 0.5, 0.5], [0, 0.5, 0.5]]
    assert (demographic_only(everybody()) == 0).all()


def test_the_oracle_ranks_by_what_is_known():
    assert oracle_scores(np.array([2.0, np.nan, 0.0])).tolist() == [2, 0, 0]


def tagged(**more):
    tags = (frozenset({"x"}), frozenset({"x", "y"})), (frozenset({"x"}), frozenset({"x", "y"}), frozenset({"z"}))
    return replace(everybody(requester_tags=tags[0], candidate_tags=tags[1]), **more)


def test_a_stable_matching_suggests_one_each():
    pytest.importorskip("matching.games")
    found = matching_stable(tagged(seats=np.ones(3))).reshape(2, 3)
    assert (~np.isnan(found)).tolist() == [[True, False, False], [False, True, False]]
    assert np.nanmin(found) == 1
    alone = matching_stable(tagged(seats=np.array([1.0, 0, 0]))).reshape(2, 3)
    assert (~np.isnan(alone)).sum() == 1
    assert not np.isnan(alone[0, 0])
    assert np.isnan(matching_stable(tagged(seats=np.zeros(3)))).all()


@pytest.mark.parametrize(("adapter", "command"), [(matching_stable, "pip install matching"),
                                                  (mentor_match, "pip install mentor-match")])  # fmt: skip
def test_without_a_package_the_command_is_told(adapter, command, monkeypatch):
    there = builtins.__import__

    def missing(name, *rest, **more):
        if name.startswith("matching."):
            raise ModuleNotFoundError(name)
        return there(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(PluginError, match=command):
        adapter(tagged())
