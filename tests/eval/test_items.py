"""How projects become items: nothing beyond the caps, nothing lost below them."""

from __future__ import annotations

from typing import get_args

import pytest
from eval.items import MAX_ITEMS, MAX_TEXT, Project, Split, offers_of, passages, sentences, wants_of
from eval.programme import mentee, mentor
from hypothesis import given
from hypothesis import strategies as st


def project(number: int = 0, title: str = "A title", description: str = "One. Two.") -> Project:
    return Project(f"p{number}", 2016, "org", title, description, ("m",))


def test_sentences_end_at_full_stops_and_lines() -> None:
    assert sentences("Use C++ 1.2 now. Then\nrest!  Done?") == ["Use C++ 1.2 now.", "Then", "rest!", "Done?"]
    assert sentences("  ") == []


@given(st.text(alphabet="ab .\n", max_size=1500))
def test_no_word_is_lost_and_no_passage_too_long(text: str) -> None:
    for cut in (sentences, passages):
        found = cut(text)
        assert all(0 < len(item) <= MAX_TEXT for item in found)
        assert "".join("".join(found).split()) == "".join(text.split())
    assert len(passages(text)) <= len(sentences(text))


def test_passages_are_filled_with_whole_sentences() -> None:
    long, short = "x" * 300 + ".", "y" * 99 + "."
    assert passages(f"{long} {short} {short}") == [long, f"{short} {short}"]
    assert passages(f"{'x' * 298}. {short}") == [f"{'x' * 298}. {short}"]


def test_projects_take_turns_and_titles_come_first() -> None:
    first = project(1, "First", "A one. " + "a" * 395 + ". " + "b" * 395 + ".")
    second = project(2, "Second", "B one.")
    assert offers_of([first, second], "passages")[:4] == ["First", "Second", "A one.", "B one."]
    many = [project(n, f"Title {n}", f"Text {n}.") for n in range(14)]
    assert offers_of(many, "passages") == [f"Title {n}" for n in range(MAX_ITEMS)]


def test_the_same_text_is_one_item() -> None:
    assert offers_of([project(1), project(2)], "sentences") == ["A title", "One.", "Two."]
    assert wants_of(project(title="One."), "sentences") == ("One.", ["Two."])


@pytest.mark.parametrize("split", get_args(Split))
def test_every_split_makes_valid_records(split: Split) -> None:
    text = " ".join(f"Sentence number {n} says something of some length about it." for n in range(60))
    person = mentor("m", [project(n, f"T{n}", text) for n in range(12)], split)
    assert 1 <= len(person.offers) <= MAX_ITEMS
    asks = mentee(project(99, "Wish", text), split)
    assert asks.goals[0].priority == 3
    assert len(asks.wants) <= MAX_ITEMS
    if split == "whole":
        assert len(person.offers) == 1
        assert len(person.offers[0].text) <= MAX_TEXT
