"""Banks of paraphrases in three languages: informative and noisy (domain.md H11)."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from matchengine.simulation.skills import AREAS, INTERESTS, LANGUAGES_WRITTEN, SKILLS, _bank, phrase, skill_graph, text
from tests.simulation.twins import records, skill_in, twin

USES = ("goal", "want", "offer", "hope", "focus", "interest", "group_title", "group_about")


@pytest.mark.parametrize("language", LANGUAGES_WRITTEN)
def test_every_skill_area_and_interest_has_paraphrases(language: str) -> None:
    bank = _bank(language)
    assert tuple(bank["skills"]) == SKILLS
    assert set(bank["vague"]) == set(AREAS)
    assert tuple(bank["interests"]) == INTERESTS
    assert all(len(set(options)) == 4 for options in bank["skills"].values())
    assert all(len(set(options)) == 3 for part in ("vague", "interests") for options in bank[part].values())
    every = Counter(option for options in bank["skills"].values() for option in options)
    assert [option for option, times in every.items() if times > 1] == []
    assert all("{x}" in line for use in USES for line in bank["templates"][use])
    assert len(SKILLS) >= 40


def test_no_bank_is_a_copy_of_another() -> None:
    phrases = [{o for options in _bank(lang)["skills"].values() for o in options} for lang in LANGUAGES_WRITTEN]
    assert all(len(a & b) < 5 for n, a in enumerate(phrases) for b in phrases[:n])


def _tokens(said: str) -> set[str]:
    return set(re.findall(r"\w{3,}", said.lower()))


@pytest.mark.parametrize("language", LANGUAGES_WRITTEN)
def test_likeness_of_texts_tells_something_and_not_all(language: str) -> None:
    rng = np.random.default_rng(5)

    def overlap(one: int, other: int) -> float:
        a = _tokens(text(language, "goal", phrase(language, "skills", SKILLS[one], rng), rng))
        b = _tokens(text(language, "offer", phrase(language, "skills", SKILLS[other], rng), rng))
        return len(a & b) / len(a | b)

    same = np.array([overlap(n, n) for n in range(len(SKILLS)) for _time in range(8)])
    different = np.array([overlap(n, (n + 1 + k) % len(SKILLS)) for n in range(len(SKILLS)) for k in range(8)])
    above = (same[:, None] > different).mean() + 0.5 * (same[:, None] == different).mean()
    assert 0.58 < above < 0.95


def test_the_graph_of_skills_is_symmetric_and_nearest_to_oneself() -> None:
    graph = skill_graph()
    assert np.array_equal(graph, graph.T)
    assert (np.diag(graph) == 1).all()
    assert graph[~np.eye(len(SKILLS), dtype=bool)].max() < 1


def test_texts_come_in_three_languages_and_fit_their_fields() -> None:
    people = records()["people"]
    assert {p.text_language for p in people} == set(LANGUAGES_WRITTEN)
    assert all(len(goal.text) <= 400 for p in people for goal in p.goals)
    assert {len(p.goals) for p in people if "mentee" in p.roles} == {1, 2}


@pytest.mark.parametrize(("name", "least", "most"), [("W1", 0.6, 1.0), ("W6", 0.0, 0.25)])
def test_stated_goals_lead_to_true_needs_but_not_in_the_misleading_world(name: str, least: float, most: float) -> None:
    population, people = twin(name), records(name)["people"]
    hits = []
    for row, person in enumerate(people[: len(population.mentees)]):
        for goal in person.goals:
            skill = skill_in(goal.text, person.text_language)
            if skill is not None:
                hits.append(population.mentees.need[row, skill] > 0.01)
    assert len(hits) > 200
    assert least <= np.mean(hits) <= most


def test_a_text_is_the_same_for_the_same_dice() -> None:
    drawn = [text("de", "goal", phrase("de", "skills", "sewing", r), r, 2) for r in map(np.random.default_rng, (3, 3))]
    assert drawn[0] == drawn[1]
    assert drawn[0][0].isupper() or not drawn[0][0].isalpha()
