"""Requirements that a strategy has to keep: `<= 0.05`, or relative: `<= baseline + 0.02`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matchengine.errors import ConfigError
from matchengine.i18n import N_, _

__all__ = ["Guardrail", "parse_guardrail"]

_RULE = re.compile(r"^\s*(<=|>=)\s*(?:(baseline)\s*(?:([+-])\s*([0-9.]+))?|([+-]?[0-9.]+))\s*$")


@dataclass(frozen=True)
class Guardrail:
    """At most or at least a number, which may be that of the baseline plus something."""

    text: str
    at_most: bool
    number: float
    relative: bool

    def limit(self, baseline: float) -> float:
        """Return the number that the rule means, given what the baseline reaches."""
        return baseline + self.number if self.relative else self.number

    def holds(self, value: float, baseline: float) -> bool:
        """Whether a value keeps the rule; a value or a limit that is not known does not (a tolerance of 1e-9)."""
        limit = self.limit(baseline)
        return value <= limit + 1e-9 if self.at_most else value >= limit - 1e-9


def parse_guardrail(metric: str, text: str) -> Guardrail:
    """Parse a rule; ConfigError where it is none."""
    found = _RULE.match(text)
    try:
        if found is None:
            raise ValueError
        relative = found[2] is not None
        number = float(found[4] or 0) * (-1 if found[3] == "-" else 1) if relative else float(found[5])
    except ValueError:
        told = N_("metrics.guardrails: {metric} = {text!r} is no rule; write '<= 0.05' or '<= baseline + 0.02'")
        raise ConfigError(_(told, metric=metric, text=text)) from None
    return Guardrail(text.strip(), found[1] == "<=", number, relative)
