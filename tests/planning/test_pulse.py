"""Tags of anonymous pulses: shown from five members on, never below (S4-10)."""

import pytest

from matchengine.errors import DataError
from matchengine.planning.pulse import shown_tags


def test_s4_10_tags_below_five_are_not_shown():
    answers = [["calm", "funny"]] * 4 + [["Calm ", "calm"], ["funny"], ["loud"]]
    assert shown_tags(answers) == ("calm", "funny")
    assert shown_tags(answers[:4]) == ()
    assert shown_tags([]) == ()


def test_naming_a_tag_twice_counts_once_and_blank_ones_not_at_all():
    assert shown_tags([["warm", "Warm", "  "]] * 4) == ()
    assert shown_tags([["warm", ""]] * 5) == ("warm",)


def test_the_most_named_comes_first_and_a_higher_bar_can_be_set():
    answers = [["warm"]] * 5 + [["quiet"]] * 6
    assert shown_tags(answers) == ("quiet", "warm")
    assert shown_tags(answers, least=6) == ("quiet",)


def test_a_lower_bar_is_refused():
    with pytest.raises(DataError, match="5 or more"):
        shown_tags([], least=4)
