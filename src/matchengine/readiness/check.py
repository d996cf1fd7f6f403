"""The readiness check: what will go wrong before matching, in one document."""

from __future__ import annotations

from matchengine.readiness.balance import fields, languages, slots
from matchengine.readiness.changes import effects, stuck
from matchengine.readiness.market import Market
from matchengine.readiness.served import serve
from matchengine.readiness.summary import Findings, summary
from matchengine.readiness.texts import unread
from matchengine.readiness.themes import needs_of
from matchengine.readiness.thin import thin
from matchengine.readiness.verdicts import judge
from matchengine.records import Readiness
from matchengine.scene import Scene

__all__ = ["check"]


def check(scene: Scene) -> Readiness:
    """Look at supply and demand, at what rules do, and at what nobody knows, for one kind of match.

    Nothing that a person keeps to themselves is in the result: personal rules are one anonymous rule without a change,
    and texts are quoted only where the field is open to all or the programme's notice lets a coordinator read it.

    Raises
    ------
    PluginError
        When a rule fails or returns something else than a verdict for every pair.
    """
    market = Market.of(scene.pool, scene.kind, scene.config)
    verdicts = judge(market, scene.inputs)
    texts, not_read = _unread(market)
    found = Findings(
        market,
        verdicts,
        serve(verdicts.eligible, market.capacities),
        needs_of(market, verdicts),
        slots(market),
        thin(market),
        texts,
        not_read,
    )
    return Readiness(
        kind=scene.kind.name,
        requesters=len(market.requesters),
        candidates=len(market.candidates),
        places=market.stated(),
        servable=found.served.total,
        needs=found.needs.balances,
        fields=fields(market),
        languages=languages(market),
        slots=found.slots,
        thin=found.thin,
        rules=effects(verdicts),
        stuck=stuck(market, verdicts),
        texts=texts,
        unread_texts=not_read,
        summary=summary(found),
    )


def _unread(market: Market) -> tuple[int, int]:
    """Text items that the scorers of a kind compare, and those in a language that the embedder does not read."""
    sides, pool, seen = market.kind.sides, market.pool, market.kind.item_views
    left, right = (list(dict.fromkeys(names)) for names in zip(*seen, strict=True)) if seen else ([], [])
    own = unread(pool, sides.requesters, left, market.requesters)
    theirs = unread(pool, sides.candidates, right, market.candidates)
    return own[0] + theirs[0], own[1] + theirs[1]
