"""What people tell about sensitive things, and to what they agree (domain.md B3, B4).

Telling is not at random: it depends on the attribute and on how safe a person feels. What somebody keeps to themselves
is absent from the record, exactly as if it were not so; what they tell comes with a grant for each purpose.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from matchengine.records import vocabulary as v
from matchengine.records.person import Attribute, BarrierNeed, Preference
from matchengine.records.relationship import ConsentGrant
from matchengine.simulation.knobs import Knobs
from matchengine.simulation.noise import generator
from matchengine.simulation.people import FLAGS, Side

__all__ = ["DIMENSIONS", "THEMES", "sensitive_fields", "telling"]

DIMENSIONS: dict[str, tuple[str, str, str | None]] = {
    "woman": ("gender", "woman", "man"),
    "heritage": ("heritage", "minority", "majority"),
    "orientation": ("orientation", "not heterosexual", None),
    "disability": ("disability", "yes", None),
    "caring": ("caring", "yes", None),
    "hardship": ("income", "tight", None),
}
"""Attribute (dimension, value) that stands for a circumstance, and what others tell, if they tell anything."""
THEMES: dict[str, str] = {
    "migrated": "started over in a new country",
    "first_generation": "first in the family at university",
}
"""Theme of lived experience that stands for a circumstance."""
_STIGMA = {"orientation": 1.6, "disability": 1.2, "hardship": 1.2, "heritage": 0.2, "migrated": 0.0, "caring": -0.4}
_COMMON = {"woman": -1.6, "first_generation": -0.4}
_AGREED = datetime(2024, 1, 1, tzinfo=UTC)
_STRENGTHS, _OF_MANY, _OF_FEW = ("nice", "important", "very_important"), (0.2, 0.4, 0.4), (0.5, 0.35, 0.15)
_EXPLAIN: v.ConsentAudience = "matched_partner_after_both_accept"


def telling(knobs: Knobs, name: str, safety: float) -> float:
    """Return the probability that somebody to whom a circumstance is true tells it, 0 to 1."""
    contempt = (_STIGMA | _COMMON)[name]
    logit = knobs.disclosure + knobs.disclosure_by_safety * safety - knobs.stigma * contempt
    return float(1.0 / (1.0 + np.exp(-logit)))


class _Form:
    """The part of a form with the boxes: answers, and grants for each of them."""

    def __init__(self, knobs: Knobs, seed: int, side: Side, row: int) -> None:
        self.knobs, self.person_id = knobs, side.ids[row]
        self.rng = generator(seed, f"{side.role}/disclosure", int(side.number[row]))
        self.grants: list[ConsentGrant] = []

    def grant(self, field: str, purpose: v.ConsentPurpose, audience: v.ConsentAudience = "engine_only") -> None:
        """Tick one box."""
        self.grants.append(
            ConsentGrant(
                person_id=self.person_id,
                field=field,
                purpose=purpose,
                audience=audience,
                text_version="twin-1",
                language="en",
                granted_at=_AGREED,
            )
        )

    def ask(self, field: str, chance: float) -> bool:
        """Ask about one field: whether it is told; the grants follow with it."""
        told, explain, audit = self.rng.random(3) < (chance, self.knobs.explain_consent, self.knobs.audit_consent)
        if told:
            self.grant(field, "match")
            if explain:
                self.grant(field, "explain", _EXPLAIN)
            if audit:
                self.grant(field, "fairness_audit")
        return bool(told)


def sensitive_fields(knobs: Knobs, seed: int, side: Side, row: int) -> tuple[dict[str, Any], list[ConsentGrant]]:
    """Return the sensitive fields of `Person` that this person tells, and the grants that go with them."""
    form, safety = _Form(knobs, seed, side, row), float(side.safety[row])
    true = {name for name, held in zip(FLAGS, side.flags[row], strict=True) if held}
    attributes = []
    for name, (dimension, value, otherwise) in DIMENSIONS.items():
        told = value if name in true else otherwise
        chance = telling(knobs, name, safety) if name in true else telling(knobs, "woman", safety)
        if form.ask(f"attributes.{dimension}", chance if told else 0.0):
            attributes.append(Attribute(dimension=dimension, value=str(told)))
    openness = [telling(knobs, name, safety) for name in THEMES if name in true]
    lived = form.ask("lived_experience", max(openness)) if openness else False
    barriers = _barriers(form, side, row, safety)
    age = v.AGE_BANDS[side.age[row]] if form.ask("age_band", 0.7) else None
    own = [dimension for name, (dimension, _value, _other) in DIMENSIONS.items() if name in true]
    fields: dict[str, Any] = {
        "attributes": tuple(attributes),
        "lived_experience": tuple(THEMES[name] for name in THEMES if name in true) if lived else (),
        "age_band": age,
        "barriers": barriers,
        "wishes": _wishes(form, side, row, [a.dimension for a in attributes if a.dimension in own], lived),
    }
    return fields, form.grants


def _barriers(form: _Form, side: Side, row: int, safety: float) -> tuple[BarrierNeed, ...]:
    """Barriers that are told: more of them by those who feel safe, and not always as strong as they are."""
    knobs, drawn = form.knobs, form.rng.random((len(v.BARRIER_KINDS), 2))
    logit = np.log(max(knobs.barriers_told, 1e-6) / max(1.0 - knobs.barriers_told, 1e-6)) + 0.5 * safety
    chance = 1.0 / (1.0 + np.exp(-logit))
    strengths = tuple(v.BARRIER_STRENGTHS)
    told = []
    for n, kind in enumerate(v.BARRIER_KINDS):
        true = float(side.barriers[row, n])
        if true > 0 and drawn[n, 0] < chance:
            level = tuple(v.BARRIER_STRENGTHS.values()).index(true) - int(drawn[n, 1] < 0.25)
            told.append(BarrierNeed(kind=kind, strength=strengths[max(0, level)]))
    if told:
        form.grant("barriers", "match")
    return tuple(told)


def _wishes(form: _Form, side: Side, row: int, dimensions: list[str], lived: bool) -> tuple[Preference, ...]:
    """A wish to share what one told oneself: often of those to whom it matters, seldom of others."""
    knobs = form.knobs
    matters = float(side.traits.reaction[row]) >= 1.0
    drawn, strength = form.rng.random(), str(form.rng.choice(_STRENGTHS, p=_OF_MANY if matters else _OF_FEW))
    options = [d for d in dimensions if d not in {"gender", "income"}] + (["lived_experience"] if lived else [])
    if not options or drawn >= (knobs.wish_if_it_matters if matters else knobs.wish_otherwise):
        return ()
    form.grant("wishes", "match")
    return tuple(Preference(dimension=dimension, strength=strength) for dimension in options)
