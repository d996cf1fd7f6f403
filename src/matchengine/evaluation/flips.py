"""Counterfactual checks: what should not matter is changed, and scores are compared (domain.md H7).

    report = flip_report(lambda: Engine(config), folder, "mentor", people=40, seed=0)
    print(flips_text(report))

Checks by family: exact (a field without consent, names, pronouns, country, ids: no score may change), text (names and
gendered words: at most .02 for 95 of 100 pairs and .05 always, the first five alike by .9), length (padding, the same
bounds), language (the same goal in two languages the model knows: .08), withdrawal (as if never told), nudge (one more
slot, skill, support lowers nothing that promised to rise). Exact changes are loaded anew, all people together;
texts and nudges replace single records in a loaded programme, so that one side alone differs and the average stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from matchengine.errors import DataError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.io.write import Folder
from matchengine.records.flips import FlipCheck, FlipFamily, FlipReport

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.evaluation.flip_texts import Parallel

__all__ = ["flip_report", "flips_text"]

_FAMILIES: dict[FlipFamily, str] = {
    "exact": N_("Nothing may change"),
    "text": N_("Names and gendered words"),
    "length": N_("Length of texts"),
    "language": N_("Language of texts"),
    "withdrawal": N_("Withdrawing a consent"),
    "nudge": N_("More of something good"),
}


def flip_report(
    make_engine: Callable[[], Engine],
    records: Folder,
    kind: str,
    *,
    people: int = 40,
    seed: int = 0,
    families: Collection[FlipFamily] = tuple(_FAMILIES),
    parallel: Parallel | None = None,
) -> FlipReport:
    """Make every counterfactual check of domain.md H7 on one programme and one kind of match.

    Parameters
    ----------
    make_engine : callable
        Returns an engine, empty or not; called once, and the engine is loaded again and again.
    records : Folder
        The programme, as `read_folder` or `simulated_folder` gives it. It is not changed.
    kind : str
        Kind of match of the engine's configuration whose requesters are people.
    people : int
        So many who look, and so many candidates, are drawn; exact flips change everybody and compare those drawn.
    seed : int
        Of the drawing.
    families : collection of str
        Which checks to make: `exact`, `text`, `length`, `language`, `withdrawal`, `nudge`; all by default.
    parallel : sequence of mapping of str to str, optional
        Goals in several languages; by default those of the simulated programme in English, German and Spanish.

    Returns
    -------
    FlipReport
        The same for the same data, configuration and seed. It names nobody.

    Raises
    ------
    DataError
        Where nobody takes part on one side, `people` is below 1, or a family does not exist.
    """
    from matchengine.evaluation.flip_bench import FlipBench
    from matchengine.evaluation.flip_exact import exact_checks, withdrawal_checks
    from matchengine.evaluation.flip_nudges import nudge_checks
    from matchengine.evaluation.flip_texts import language_checks, length_checks, text_checks

    if people < 1:
        raise DataError(_("flips: people is {n}, expected at least 1", n=people))
    unknown = sorted(set(families) - set(_FAMILIES))
    if unknown:
        raise DataError(
            _("flips: no family {names}; known: {known}", names=listing(unknown), known=listing([*_FAMILIES]))
        )
    bench = FlipBench(make_engine(), records, kind, people, seed)
    makers: dict[FlipFamily, Callable[[FlipBench], list[FlipCheck]]] = {
        "exact": exact_checks,
        "text": text_checks,
        "length": length_checks,
        "language": partial(language_checks, parallel=parallel),
        "withdrawal": withdrawal_checks,
        "nudge": nudge_checks,
    }
    checks = [check for family, make in makers.items() if family in families for check in make(bench)]
    count = Counter(check.passed for check in checks)
    return FlipReport(
        kind=kind,
        model=bench.engine.embedder.fingerprint,
        people=len(bench.requesters),
        seed=seed,
        passed=count[False] == 0,
        failed=count[False],
        not_applicable=count[None],
        checks=tuple(checks),
        sentence=_summary(count[True], count[False], count[None]),
        notes=(
            _("The words come from short lists in English, German and Spanish; what they do not hold was not tried."),
            _("Names that no contact sheet knows, such as somebody else's, cannot be masked."),
        ),
    )


def _summary(held: int, broken: int, open_: int) -> str:
    told = ngettext("{n} check holds.", "{n} checks hold.", held)
    if broken:
        told += " " + ngettext("{n} check does not hold.", "{n} checks do not hold.", broken)
    if open_:
        told += " " + ngettext("{n} check could not be made.", "{n} checks could not be made.", open_)
    return told


def flips_text(report: FlipReport) -> str:
    """Return a report as plain lines, family by family, what does not hold first."""
    lines = [_("Counterfactual checks of {kind}", kind=report.kind), report.sentence]
    for family, title in _FAMILIES.items():
        own = [check for check in report.checks if check.family == family]
        if own:
            lines += ["", _(title)]
            lines += [f"  {_mark(check)} {check.sentence}" for check in sorted(own, key=_first)]
    return "\n".join([*lines, "", *report.notes])


def _first(check: FlipCheck) -> int:
    return {False: 0, True: 1, None: 2}[check.passed]


def _mark(check: FlipCheck) -> str:
    return {False: "✗", True: "✓", None: "–"}[check.passed]
