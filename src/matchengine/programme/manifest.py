"""Write down what a decision was made from (domain.md G6)."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any

import numpy as np

from matchengine.pool.digest import consents_digest, data_digest, digest_of, rarity_digest, vectors_digest
from matchengine.records import Fingerprint
from matchengine.records.manifest import RunManifest, Solver
from matchengine.scene import Scene

__all__ = ["make_manifest"]

_DECIMALS = 9


def make_manifest(
    scene: Scene,
    fingerprint: Fingerprint,
    solver: Solver,
    *,
    asked: Mapping[str, Any] | None = None,
    relaxations: tuple[str, ...] = (),
    finished: bool = True,
) -> RunManifest:
    """Return the manifest of a decision that was made from a scene.

    Parameters
    ----------
    asked : mapping
        What the call was given beside the configuration, by argument; only hashes of the values are kept.
    finished : bool
        False when a clock stopped a search.
    """
    pool = scene.pool
    calibration = {
        "chance": pool.calibration.low,
        "paraphrase": pool.calibration.high,
        "closest_words": pool.lexical_high,
        "neutral": scene.neutral,
    }
    return RunManifest(
        data=data_digest(pool),
        vectors=vectors_digest(pool),
        consents=consents_digest(pool),
        policy=fingerprint.config,
        rarity=rarity_digest(pool),
        plugins=fingerprint.plugins,
        libraries=_libraries(),
        model=fingerprint.model,
        calibration={name: round(float(value), _DECIMALS) for name, value in calibration.items()},
        seed=pool.seed,
        as_of=fingerprint.as_of,
        asked={name: digest_of(value) for name, value in sorted((asked or {}).items())},
        solver=solver,
        relaxations=relaxations,
        reproducible=finished,
    )


def _libraries() -> dict[str, str]:
    import scipy

    return {"numpy": np.__version__, "python": platform.python_version(), "scipy": scipy.__version__}
