"""Who reads what: the inputs of every active scorer and constraint, and the fields that stand behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchengine.batch import Sides
from matchengine.config import EngineConfig
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import _
from matchengine.pool.inputs import known_inputs, offers
from matchengine.pool.pool import Pool
from matchengine.pool.text import TEXT_FIELDS
from matchengine.registry import MatchKind, Registry

__all__ = ["BEHIND", "Reader", "check_field", "fields_behind", "known_fields", "readers", "reading"]

_TIES = ("relationships",)
_HISTORY = (*_TIES, "feedback")
_MARKS = (
    "kind",
    "topic_risk",
    "admission",
    "norms",
    "anchors",
    "intended_for",
    "framing",
    "safety",
    "suspended",
    "visibility",
)
"""Fields that tell whether a group may count as evidence of what people join."""
BEHIND: Mapping[str, tuple[str, ...]] = {
    "pair_accepted_by": _HISTORY,
    "pair_accepts": _HISTORY,
    "pair_apart": ("modes",),
    "pair_blocked_topic": ("topics", "description", "blocked_topics"),
    "pair_common_minutes": ("availability",),
    "pair_distance_error_km": ("place",),
    "pair_distance_km": ("place",),
    "pair_do_not_rematch": _TIES,
    "pair_existing": _TIES,
    "pair_household": ("household", *_TIES),
    "pair_joined_together": (*_TIES, *_MARKS),
    "pair_knows_member": ("household", "kind", "topic_risk", *_TIES),
    "pair_language": ("languages", "languages_preferred"),
    "pair_line_manager": _TIES,
    "pair_must_not": _TIES,
    "pair_must_share": ("attributes", "must_share"),
    "pair_needed_minutes": ("cadence_minutes",),
    "pair_online": ("modes",),
    "pair_same": (),
    "pair_shared_wishes": ("attributes", "wishes"),
    "pair_usually_accepts": _HISTORY,
    "candidate_usual_supports": ("supports",),
    "requester_usual_supports": ("supports",),
}
"""Fields from which an input is worked out, beside the one that its name tells. A pair feature that is not listed here
is taken to read everything."""


@dataclass(frozen=True)
class Reader:
    """A scorer or constraint that takes part in a kind of match, and what it reads.

    Attributes
    ----------
    kind, what, name, component, plugin : str
        The kind of match; `scorer`, `lift` or `constraint`; its name in the configuration, the component behind it,
        and the plugin that offers that.
    reads : tuple of str
        Its inputs.
    """

    kind: str
    what: str
    name: str
    component: str
    plugin: str
    reads: tuple[str, ...]


def readers(config: EngineConfig, registry: Registry) -> list[Reader]:
    """Return every scorer and constraint of every kind of match, in the order of the configuration.

    Raises
    ------
    PluginError
        When a kind of match names what does not exist.
    """
    pool, idle = _nobody(), config.idle_inputs
    found: list[Reader] = []
    for name, match in config.match.items():
        kind: MatchKind = registry.match_kind(name, match, lambda sides, read: offers(pool, sides, read, idle))
        for scorer in kind.scorers:
            what = "lift" if scorer.block is None else "scorer"
            found.append(Reader(name, what, scorer.name, scorer.spec.name, scorer.plugin, scorer.spec.inputs))
        for rule in kind.constraints:
            own = rule.spec.name
            found.append(Reader(name, "constraint", own, own, rule.plugin, rule.spec.inputs))
    return found


def fields_behind(reads: str) -> frozenset[str] | None:
    """Return the fields that an input shows something of; None where that is not known."""
    side, _dash, rest = reads.partition("_")
    if side == "items":
        left, _dash, right = rest.partition("_")
        sources = {name: of for fields in TEXT_FIELDS.values() for name, of in fields.items()}
        return frozenset((left, right, *sources.get(left, ()), *sources.get(right, ())))
    if side == "pair" and reads not in BEHIND:
        return None
    return frozenset((rest, *BEHIND.get(reads, ())))


def reading(found: Iterable[Reader], field: str) -> list[Reader]:
    """Return who reads a field, whole or as a part of something worked out from it."""
    return [one for one in found if any((behind := fields_behind(r)) is None or field in behind for r in one.reads)]


def known_fields(found: Sequence[Reader] = ()) -> list[str]:
    """Return every name that a question may be about: fields, columns, pair features, and what `found` reads."""
    pool = _nobody()
    inputs = {name for table in TEXT_FIELDS for name in known_inputs(pool, Sides("people", table))}
    inputs |= {name for one in found for name in one.reads}
    return sorted({field for name in (*inputs, *BEHIND) for field in fields_behind(name) or (name.partition("_")[2],)})


def check_field(field: str, found: Sequence[Reader]) -> None:
    """Refuse a name that nothing can read: a proof about it would say nothing.

    Raises
    ------
    ConfigError
        With the nearest name.
    """
    known = known_fields(found)
    if field not in known:
        raise ConfigError(_("no input shows {field!r}; {hint}", field=field, hint=did_you_mean(field, known)))


def _nobody() -> Pool:
    """A pool of nobody: it knows which columns there are, and needs no model for that."""
    nothing: Any = None
    return Pool(nothing, lambda state: nothing, "en", date(2000, 1, 3))
