"""Reverse mentoring: levels, experience, what comes back, what is quoted."""

import numpy as np
import pytest

from matchengine.scorers.reverse_mentoring import inversion, reverse_mentoring, reverse_value

NAN = np.nan
NOTHING = np.zeros((0, 1))


def column(value):
    return np.array([value], np.float32)


@pytest.fixture(scope="module")
def reverse(items_of):
    """One pair: one want and one offer of the teacher; years of the learner first."""

    def run(similarity=1.0, wants=NAN, teaches=NAN, back=NAN, years=(20, 3), stages=(NAN, NAN), source=1, **settings):
        taught = items_of([[similarity]], left={"level": [wants], "source": [source]}, right={"level": [teaches]})
        returned = items_of([[back]], left={"level": [4]}, fields=("offers", "needs"))
        ends = [column(each) for each in (*years, *stages)]
        return reverse_mentoring(taught, returned, *ends, **settings)

    return run


def teaching(scored, back=0.25):
    """The cover that a value at a very large gap comes from."""
    return (scored.value[0] / back**0.35) ** (1 / 0.65)


@pytest.mark.parametrize(
    ("wants", "teaches", "counts"),
    [(0, 2, 1), (1, 3, 1), (2, 3, 0.5), (1, 2, 0.5), (3, 3, 0), (4, 1, 0), (NAN, 3, 1), (NAN, 2, 0.5), (NAN, NAN, 0.7)],
)
def test_a_skill_counts_by_how_far_the_teacher_is_ahead(reverse, wants, teaches, counts):
    scored = reverse(wants=wants, teaches=teaches, years=(50, 0), least_teaching=0.0)
    assert teaching(scored) == pytest.approx(counts, abs=1e-5)


def test_goals_of_the_learner_are_no_wish_to_be_taught(reverse):
    assert np.isnan(reverse(source=0).value).all()


def test_too_little_to_teach_is_nothing(reverse):
    assert reverse(0.29, wants=0, teaches=4).value == pytest.approx([0])
    assert reverse(0.31, wants=0, teaches=4).value[0] > 0.2
    assert reverse(0.29, wants=0, teaches=4, least_teaching=0.2).value[0] > 0.2


def test_nothing_coming_back_counts_a_quarter_and_lowers_the_confidence(reverse):
    unknown, little, much = (reverse(wants=0, teaches=4, back=back) for back in (NAN, 0.1, 0.9))
    assert unknown.value == pytest.approx(little.value)
    assert unknown.value < much.value
    assert unknown.confidence == pytest.approx([0.65])
    assert little.confidence == pytest.approx([1])


def test_an_unknown_level_of_an_offer_takes_from_the_confidence(reverse):
    assert reverse(back=0.5).confidence == pytest.approx([0.65 * 0.9 + 0.35])


def test_only_goals_of_the_teacher_count_as_what_comes_back(items_of):
    taught = items_of([[1.0]], left={"source": [1]}, right={"level": [4]})
    returned = items_of([[0.2, 0.9]], left={"level": [4]}, right={"source": [0, 1]}, fields=("offers", "needs"))
    ends = [column(each) for each in (50, 0, NAN, NAN)]
    scored = reverse_mentoring(taught, returned, *ends, without_return=0.0)
    assert scored.value == pytest.approx([0.2**0.35], abs=1e-5)
    assert scored.evidence["aim"].texts.tolist() == [0]


def test_stages_stand_in_for_unknown_years(reverse):
    by_years = reverse(wants=0, teaches=4, years=(20, 4))
    assert reverse(wants=0, teaches=4, years=(NAN, NAN), stages=(5, 1)).value == pytest.approx(by_years.value)
    assert reverse(wants=0, teaches=4, years=(20, NAN), stages=(0, 1)).value == pytest.approx(by_years.value)
    assert np.isnan(reverse(years=(NAN, 3)).value).all()


def test_the_value_is_half_where_the_learner_is_as_far_ahead_as_asked():
    assert inversion(np.array([5.0, -500, 500, NAN]), 5.0, 2.0) == pytest.approx([0.5, 0, 1, NAN], nan_ok=True)


def test_unknown_teaching_or_gap_is_unknown():
    one, unknown = np.array([1.0]), np.array([NAN])
    assert np.isnan(reverse_value(unknown, one, one)).all()
    assert np.isnan(reverse_value(one, unknown, one)).all()
    assert reverse_value(one, one, unknown) == pytest.approx([0.25**0.35])


def test_it_quotes_what_either_side_teaches(reverse):
    told = reverse(0.8, back=0.5).evidence
    assert {name: (q.side, q.field, q.texts.tolist()) for name, q in told.items()} == {
        "need": ("requester", "needs", [0]),
        "offer": ("candidate", "offers", [0]),
        "gift": ("requester", "offers", [0]),
        "aim": ("candidate", "needs", [0]),
    }
    assert reverse(0.8, wants=4, teaches=1).evidence["offer"].texts.tolist() == [-1]
