"""A strategy that a plugin offers, called and not believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from matchengine.batch import FloatArray
from matchengine.comparison import Asked
from matchengine.comparison_components import StrategySpec
from matchengine.config_base import ComponentChoice
from matchengine.errors import MatchEngineError, PluginError, blame
from matchengine.i18n import _
from matchengine.registry import Registry

__all__ = ["call_strategy", "settings_of"]


def settings_of(spec: StrategySpec, given: Mapping[str, Any], registry: Registry) -> dict[str, Any]:
    """Validate settings, and hand in the encoder of the embedder that they name where the strategy asks for one.

    A strategy asks for it by a setting `encode`, beside `embedder` and `embedder_with`, which a file may give.

    Raises
    ------
    PluginError
        Listing every unknown or wrong setting; where there is no such embedder.
    """
    if "encode" in given:
        raise PluginError(_("strategy {name!r}: encode is handed in; name an embedder instead", name=spec.name))
    settings = dict(registry.settings(spec, given))
    if "encode" in spec.settings.model_fields:
        chosen = ComponentChoice(use=settings["embedder"], settings=settings.get("embedder_with") or {})
        settings["encode"] = registry.make("embedder", chosen).encode
    return settings


def call_strategy(spec: StrategySpec, asked: Asked, settings: Mapping[str, Any]) -> FloatArray:
    """Let a strategy answer; float64 (P,).

    Raises
    ------
    PluginError
        Where it fails (naming type and place, no value) or returns something else than (P,) finite numbers or NaN.
    """
    try:
        found = spec.build(asked, **settings)
    except MatchEngineError:
        raise
    except Exception as error:
        raise blame(_("strategy {name!r}", name=spec.name), error) from None
    if not isinstance(found, np.ndarray) or found.shape != (len(asked),) or found.dtype.kind != "f":
        got = f"{found.dtype} {found.shape}" if isinstance(found, np.ndarray) else type(found).__name__
        told = _(
            "strategy {name!r} returned {got}, expected floats of shape ({n},)", name=spec.name, got=got, n=len(asked)
        )
        raise PluginError(told)
    if np.isinf(found).any():
        told = _(
            "strategy {name!r} returned an infinite score; expected numbers, or NaN for 'not suggested'", name=spec.name
        )
        raise PluginError(told)
    return found.astype(np.float64)
