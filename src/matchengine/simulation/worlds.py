"""Eight latent worlds: what an outcome truly depends on (domain.md H11). Nobody knows in which one a programme lives.

Each world weighs the same hidden factors differently; two of them also change what people write or how many there are
(`World.knobs`). The strengths are orders of magnitude from the literature and no facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.simulation.knobs import Knobs

__all__ = ["WORLDS", "World", "world"]


@dataclass(frozen=True)
class World:
    """One answer to the question what makes a match good; a weight of 0 switches a factor off.

    Attributes
    ----------
    name : str
        `W0` to `W7`.
    title, about : str
        For people; say them with `_`.
    deep : float
        Likeness in values, style and interests (quality of the relationship).
    complement : float
        Power of "true competence meets true need" in what is learned; at 0 anybody teaches anything.
    identity : float
        Shared experience times the person's own reaction to it.
    logistics : float
        Common time, language, distance (meetings).
    mentor : float
        Warmth, teaching and reliability of the mentor, whoever the mentee is.
    person : float
        Warmth and reliability of the mentee, whoever the mentor is.
    interaction : float
        Likeness that a warm mentor makes more of.
    chemistry : float
        What nobody could know before the two met.
    barriers : float
        What keeps somebody from a group although its organiser may not know it.
    shocks : float
        Multiplier on life shocks.
    effect : float
        Multiplier on the programme effect: what a random match is worth against none.
    changes : tuple of (str, number)
        Knobs that this world sets.
    """

    name: str
    title: str
    about: str
    deep: float = 0.20
    complement: float = 0.35
    identity: float = 0.10
    logistics: float = 0.25
    mentor: float = 0.25
    person: float = 0.30
    interaction: float = 0.08
    chemistry: float = 0.40
    barriers: float = 0.60
    shocks: float = 1.0
    effect: float = 1.0
    changes: tuple[tuple[str, float], ...] = ()

    def knobs(self, knobs: Knobs) -> Knobs:
        """Return the knobs of this world: pass them to `populate`."""
        return Knobs.model_validate({**dict(knobs), **dict(self.changes)})


_ALL = (
    World(
        "W0",
        N_("Null world"),
        N_("Who is matched with whom makes no difference at all, and neither does being matched."),
        deep=0.0,
        complement=0.0,
        identity=0.0,
        logistics=0.0,
        mentor=0.0,
        person=0.0,
        interaction=0.0,
        barriers=0.0,
        shocks=0.0,
        effect=0.0,
    ),
    World(
        "W1",
        N_("Deep similarity"),
        N_("People who share values, ways of working and interests get on and stay."),
        deep=1.15,
    ),
    World(
        "W2",
        N_("Complementarity"),
        N_("What counts is that the mentor truly knows what the mentee truly needs."),
        complement=1.30,
    ),
    World(
        "W3",
        N_("Shared experience for some"),
        N_("Some people gain much from somebody with the same experience, most do not, and only they know."),
        identity=1.20,
    ),
    World(
        "W4",
        N_("Logistics"),
        N_("Common time, a common language and short ways decide whether people meet."),
        logistics=1.40,
        barriers=1.20,
    ),
    World(
        "W5",
        N_("Quality of mentors"),
        N_("Some mentors are good for everybody; the fit hardly matters."),
        mentor=1.10,
        deep=0.05,
        complement=0.10,
        identity=0.0,
        logistics=0.10,
        interaction=0.0,
    ),
    World(
        "W6",
        N_("Misleading records"),
        N_("Goals that people state lead away from what they need, and supports of groups are overstated."),
        complement=1.10,
        changes=(("misleading_goals", 0.85), ("overstated_offers", 0.5), ("supports_overstated", 0.6)),
    ),
    World(
        "W7",
        N_("Scarcity"),
        N_("Only one mentor for five mentees: seats are missing, and who gets one matters."),
        deep=0.45,
        complement=0.60,
        logistics=0.45,
        mentor=0.45,
        changes=(("mentees_per_mentor", 5.0),),
    ),
)
WORLDS: Mapping[str, World] = MappingProxyType({one.name: one for one in _ALL})
"""All worlds by name, `W0` to `W7`."""


def world(name: str, **weights: Any) -> World:
    """Return a world by name, perhaps with some weights changed.

    Raises
    ------
    ConfigError
        Where the world or a weight does not exist.
    """
    from dataclasses import fields, replace

    if name not in WORLDS:
        raise ConfigError(_("there is no world {name!r}; {hint}", name=name, hint=did_you_mean(name, WORLDS)))
    known = {field.name for field in fields(World)} - {"name", "title", "about"}
    for weight in weights:
        if weight not in known:
            hint = did_you_mean(weight, known)
            raise ConfigError(_("a world has no weight {name!r}; {hint}", name=weight, hint=hint))
    return replace(WORLDS[name], **weights)
