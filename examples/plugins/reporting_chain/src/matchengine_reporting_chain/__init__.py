"""A rule from an HR file: nobody is matched with somebody above or below them in the reporting chain."""

from matchengine import constraint
from matchengine.components import specs_in
from matchengine_reporting_chain.chain import reporting_chains

__all__ = ["matchengine_components", "reporting_chain", "reporting_chains"]


@constraint(
    "reporting_chain",
    reason="one of them reports to the other, directly or through others",
    remedy="another candidate from outside the reporting chain",
)
def reporting_chain(pair_line_manager):
    """No match up or down the reporting chain; `pair_line_manager` bool (P,)."""
    return ~pair_line_manager


def matchengine_components():
    """Offer the rule."""
    return specs_in(reporting_chain)
