"""The corrections of statsmodels, as an oracle that does not sweep the whole memory each time it is asked."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests


def corrected(p_values: ArrayLike, method: str) -> np.ndarray:
    """Return adjusted p-values; statsmodels collects garbage in each call, 0.3 s beside a whole suite."""
    with patch("gc.collect"):
        return np.asarray(multipletests(p_values, method=method)[1])
