"""What tests of history share: who joined what, who said yes to whom, and an engine that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from matchengine.components import specs_in
from matchengine.engine import Engine
from matchengine.plugins.builtin import matchengine_components
from matchengine.pool.history import HistorySettings
from matchengine.scorers import co_membership, mutual_acceptance
from tests.support import CONFIG, engine, group, mentee

SCORERS = """
[match.group.scorers.history]
use = "co_membership"
[match.met]
requester = "anyone"
candidate = "anyone"
[match.met.scorers.history]
use = "mutual_acceptance"
[match.met.scorers.interests]
use = "interest_affinity"
"""


class HistoryPlugin:
    """Offers the scorers of history where the built-in plugin does not."""

    __name__ = "history-plugin"

    def matchengine_components(self) -> list[Any]:
        """Offer them."""
        known = {spec.name for spec in matchengine_components()}
        return [spec for spec in specs_in(co_membership, mutual_acceptance) if spec.name not in known]


def history_engine(extra: str = SCORERS, text: str = CONFIG) -> Engine:
    """Return an engine with scorers of history beside those of the tests."""
    return engine(extra, [HistoryPlugin()], text)


def members(joined: dict[str, str], status: str = "active", **more: Any) -> list[dict[str, Any]]:
    """Memberships from `{"person": "groups, one letter each"}`."""
    kind = {"kind": "membership", "status": status, **more}
    return [{"person_id": who, "other_id": g, **kind} for who, groups in joined.items() for g in groups]


def answers(said: Iterable[tuple[str, str, bool]], **more: Any) -> list[dict[str, Any]]:
    """Feedback in which somebody says of somebody else that they are, or are not, for them."""
    plain = {"wave": "end", "perspective": "requester", **more}
    return [{"person_id": a, "about_id": b, "items": {"not_for_me": not yes}, **plain} for a, b, yes in said]


def town(joined: dict[str, str], kinds: dict[str, dict[str, Any]] | None = None, **more: Any) -> Engine:
    """Return an engine over everybody who joined something and over all groups, one letter each."""
    names = sorted({letter for groups in joined.values() for letter in groups} | set(kinds or {}))
    made = history_engine()
    relationships = [*members(joined), *more.pop("relationships", [])]
    made.load(
        [mentee(who) for who in joined],
        groups=[group(name, **(kinds or {}).get(name, {})) for name in names],
        relationships=relationships,
        **more,
    )
    return made


def with_settings(made: Engine, **chosen: Any) -> Engine:
    """Choose how history counts."""
    made._pool.history = HistorySettings(**chosen)
    return made


def feature(made: Engine, kind: str, name: str, who: str, others: Sequence[str]) -> list[float]:
    """Return a pair feature of one person with some candidates."""
    from matchengine.batch import PairBatch

    scene = made._scene(kind)
    rows = made._pool.tables[scene.kind.sides.candidates].row_of
    batch = PairBatch.one_to_many(
        made._pool.tables["people"].row_of[who], np.array([rows[o] for o in others], np.int32)
    )
    found: list[float] = scene.inputs(batch)[f"pair_{name}"].tolist()
    return found


def crowd(*patterns: str, each: int = 6) -> dict[str, str]:
    """`each` people for every pattern of groups."""
    return {f"{pattern}{n}": pattern for pattern in patterns for n in range(each)}
