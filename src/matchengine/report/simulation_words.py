"""Sentences about a simulation that both its page and the command line say."""

from __future__ import annotations

from matchengine.i18n import _, listing, ngettext
from matchengine.records.simulation import SimulationResult

__all__ = ["self_tests"]


def self_tests(result: SimulationResult) -> list[str]:
    """Return what the simulation's tests of itself found, sentence by sentence."""
    told = _null_tests(result)
    if result.stable_order is None:
        told.append(_("How alike the order of strategies is in different worlds cannot be told."))
    else:
        told.append(_(
            "The order of strategies in two worlds agrees by {n:.2f} on average (Kendall: 1 the same, 0 unrelated, -1 "
            "turned round); least alike are {worlds}.",
            n=result.stable_order, worlds=listing(list(result.least_alike)),
        ))  # fmt: skip
    return told


def _null_tests(result: SimulationResult) -> list[str]:
    if result.null_passed is None:
        return [_("The world in which nothing matters (W0) was not simulated, or nothing could be tested there.")]
    counted = ngettext(
        "Where nothing matters (W0), {found} of {n} test found a difference; chance allows {most}.",
        "Where nothing matters (W0), {found} of {n} tests found a difference; chance allows {most}.",
        result.null_tests, found=result.false_positives, most=result.allowed,
    )  # fmt: skip
    told = [f"{counted} {_('Passed.') if result.null_passed else _('FAILED: do not trust any difference here.')}"]
    if result.null_pairs_significant is not None:
        told.append(_(
            "Of every two strategies in every population {share:.1f} in 100 differed there, and {alpha:.0f} in 100 are "
            "to be expected; such pairs depend on each other.",
            share=100 * result.null_pairs_significant, alpha=100 * result.alpha,
        ))  # fmt: skip
    if result.null_differs:
        told.append(_(
            "Over all populations {names} seem to differ from {against} even there: a false alarm, which happens in "
            "{alpha:.0f} of 100 simulations.",
            names=listing(list(result.null_differs)), against=result.against, alpha=100 * result.alpha,
        ))  # fmt: skip
    return told
