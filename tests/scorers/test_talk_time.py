"""Structure and talk time of a gathering against a person's style."""

import numpy as np
import pytest

from matchengine.scorers.talk_time import talk_time

NAN = np.nan


def test_s4_06_style_against_the_share_of_free_talk():
    style = np.full((5, 5), NAN, np.float32)
    style[:, 1] = [-2, 2, 0, NAN, 1]
    result = talk_time(style, np.array([0, 0, 0.5, 0.5, NAN], np.float32))
    assert result.value == pytest.approx([1, 0, 1, NAN, NAN], nan_ok=True)
    assert result.confidence.tolist() == [1, 1, 1, 0, 0]
    assert result.evidence["share"] == pytest.approx([0, 0, 0.5, NAN, NAN], nan_ok=True)
