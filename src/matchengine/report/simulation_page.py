"""The page of a simulation: the choice first, regret by world as a picture and a table, then what it rests on.

Everything on it is synthetic, which the title, the notice, the first section and the limits say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchengine.i18n import N_, _, listing, ngettext
from matchengine.records.simulation import SimulatedStrategy, SimulationResult
from matchengine.report.bars import amount_bars
from matchengine.report.charts import shade
from matchengine.report.parts import Block, Chart, Charts, Figures, Page, Points, Section, Table
from matchengine.report.shapes import WIDTH, Drawing, Svg, count, described, points
from matchengine.report.simulation_words import self_tests

__all__ = ["MOST_ROWS", "regret_map", "simulation_page"]

MOST_ROWS = 20
"""Strategies in the picture; the table below it has all."""
_LEFT, _ROW, _TOP, _BOLD = 118, 24, 22, 0.88
_ANSWERS: Mapping[str, str] = {
    "better": N_("better"), "worse": N_("worse"), "same": N_("the same"), "cannot_tell": N_("cannot be told"),
}  # fmt: skip


def simulation_page(result: SimulationResult, names: Mapping[str, str]) -> Page:
    """Return the page of a simulation; names are not read, for nobody on it exists."""
    found = [
        _answer(result),
        _limits(result),
        *([_matrix(result)] if result.choice or result.largest_regret else []),
        *([_differences(result)] if result.largest_regret else []),
        Section("tests", _("Tests of the simulation itself"), (Points(tuple(self_tests(result))),)),
        _worlds(result),
        _strategies(result),
        _assumptions(result),
    ]
    notice = result.notice
    if result.trial:
        notice += " " + _("A trial with fewer populations than the file asks for: no result.")
    return Page(
        title=_("Synthetic: {question}", question=result.question),
        sides=_("Compared: {names}", names=listing(list(result.largest_regret))),
        notice=notice,
        sections=tuple(found),
    )


def _answer(result: SimulationResult) -> Section:
    """The choice, how far it stays from who knows everything, and how firm it is."""
    figures = [(_("invented populations"), count(result.replicates), _people(result))]
    if result.choice:
        worst = result.worst_world.get(result.choice, "")
        figures.insert(0, (
            _("largest regret of {name}", name=result.choice), points(100 * result.largest_regret[result.choice]),
            _("of 100, in {world}", world=worst),
        ))  # fmt: skip
        share = result.chosen_share.get(result.choice, 0.0)
        told = _("of 100 times, had other people been invented")
        figures.insert(1, (_("{name} would be the choice", name=result.choice), points(100 * share), told))
    if result.null_passed is not None:
        told = _("passed") if result.null_passed else _("FAILED")
        figures.append((
            _("test where nothing matters"), f"{result.false_positives} / {result.null_tests}",
            _("false alarms; {most} allowed: {word}", most=result.allowed, word=told),
        ))  # fmt: skip
    notes = [_("{name} is for comparison alone and must never be used.", name=name) for name in result.never_use]
    notes += [_("{name} gave no answer: {why}", name=name, why=why) for name, why in result.failed.items()]
    blocks: list[Block] = [Figures(tuple(figures))]
    blocks += [Points(tuple(notes), _("To be kept in mind"))] if notes else []
    return Section("answer", _("Which is least wrong"), tuple(blocks), (result.verdict,))


def _people(result: SimulationResult) -> str:
    return ngettext("with {n} mentee each", "with {n} mentees each", result.mentees)


def _limits(result: SimulationResult) -> Section:
    return Section("limits", _("What it cannot tell you"), (Points(result.limits),), (result.notice,))


def _order(result: SimulationResult) -> list[int]:
    """Positions of strategies, the least of the largest regrets first."""
    rows = result.worlds[0].strategies if result.worlds else ()
    return sorted(range(len(rows)), key=lambda n: (result.largest_regret[rows[n].strategy], n))


def _matrix(result: SimulationResult) -> Section:
    """Regret as a map and as bars, below them regret, outcome and share of matched mentees as tables."""
    order, worlds = _order(result), [w.world for w in result.worlds]
    names = [result.worlds[0].strategies[n].strategy for n in order]
    regret = [[100 * w.strategies[n].regret for w in result.worlds] for n in order]
    title = _("Regret by strategy and world")
    bars = [
        (_("{name} (worst in {world})", name=name, world=result.worst_world[name]), 100 * result.largest_regret[name],
         points(100 * result.largest_regret[name]))
        for name in names
    ]  # fmt: skip
    pictures = (
        Chart(_("Points of 100 below who knows everything"), regret_map("regret-map", title, worlds, names, regret)),
        Chart(_("Largest regret over the worlds"), amount_bars("largest-regret", _("Largest regret"), bars)),
    )
    lead = _(
        "Regret is how many points of 100 a strategy is below the oracle of a world, in what was to be expected: luck "
        "is out of it. The oracle knows everything that is hidden, and no way of matching can."
    )
    tables = (
        _table(result, order, _("Regret, in points of 100"), lambda s: _between(s), folded=False),
        _table(result, order, _("What became of mentees on average, 0 to 100"), lambda s: points(100 * s.utility)),
        _table(result, order, _("Mentees with a match, in every 100"), lambda s: points(100 * s.matched)),
    )
    return Section("regret", title, (Charts("", pictures, tables),), (lead,))


def _between(one: SimulatedStrategy) -> str:
    if one.regret_low is None or one.regret_high is None:
        return points(100 * one.regret)
    low, high = points(100 * one.regret_low), points(100 * one.regret_high)
    return _("{n} ({low} to {high})", n=points(100 * one.regret), low=low, high=high)


def _table(result, order, caption, said, *, folded: bool = True) -> Table:  # type: ignore[no-untyped-def]
    rows = tuple(
        (result.worlds[0].strategies[n].strategy, *(said(w.strategies[n]) for w in result.worlds)) for n in order
    )
    header = (_("strategy"), *(w.world for w in result.worlds))
    return Table(caption, header, rows, frozenset(range(1, len(header))), folded=folded)


def regret_map(
    name: str, title: str, worlds: Sequence[str], strategies: Sequence[str], regret: Sequence[Sequence[float]]
) -> Svg:
    """Draw one cell for each strategy and world, darker with more regret, its points in it; empty without any.

    Parameters
    ----------
    regret : one row for each strategy, points of 100
        The first `MOST_ROWS` are drawn.
    """
    if not worlds or not strategies:
        return Svg()
    shown, more = list(zip(strategies, regret, strict=True))[:MOST_ROWS], len(strategies) - MOST_ROWS
    rest = ngettext("{n} more is in the table.", "{n} more are in the table.", more) if more > 0 else ""
    said = [
        f"{label}: " + ", ".join(f"{w} {points(v)}" for w, v in zip(worlds, row, strict=True)) for label, row in shown
    ]
    drawing, wide = Drawing(name, title, described(said, rest)), (WIDTH - _LEFT) / len(worlds)
    most = max(1, *(round(10 * value) for _label, row in shown for value in row))
    for column, world in enumerate(worlds):
        drawing.text((_LEFT + (column + 0.5) * wide, 14), world, "middle label", room=wide)
    for n, (label, row) in enumerate(shown):
        top = _TOP + n * _ROW
        drawing.text((0, top + 16), label, room=_LEFT - 4)
        for column, value in enumerate(row):
            left, colour = _LEFT + column * wide, shade("demand", round(10 * value), most)
            drawing.rectangle((left + 1, top + 1, wide - 2, _ROW - 2), f"cell {colour}")
            whole = points(value) if wide >= 36 else count(value)
            drawing.text((left + wide / 2, top + 16), whole, f"middle on {colour}", room=wide + 4)
    bottom = _TOP + len(shown) * _ROW
    if rest:
        drawing.text((0, bottom + 14), rest, "muted", room=WIDTH)
        bottom += 20
    return drawing.markup(bottom)


def _differences(result: SimulationResult) -> Section:
    """What happened, against one strategy, with intervals over replicates."""
    rows = tuple(
        (s.strategy, w.world, points(100 * s.difference, signed=True), _interval(s), _(_ANSWERS[s.verdict]))
        for n in _order(result)
        for w in result.worlds
        if (s := w.strategies[n]).verdict and s.difference is not None
    )
    lead = (
        _(
            "What happened in the same populations, with the same luck for the same pairs. A difference counts only if "
            "it is beyond chance after correction for how many are compared (Holm); within ±{n} points it is the same.",
            n=points(100 * result.margin),
        ),
    )
    header = (_("strategy"), _("world"), _("difference in points"), _("likely between"), _("verdict"))
    table = Table(_("Every strategy against {name}", name=result.against), header, rows, frozenset({2, 3}), folded=True)
    return Section("differences", _("Compared with {name}", name=result.against), (table,), lead)


def _interval(one: SimulatedStrategy) -> str:
    if one.low is None or one.high is None:
        return _("not known")
    low, high = points(100 * one.low, signed=True), points(100 * one.high, signed=True)
    return _("{low} to {high}", low=low, high=high)


def _worlds(result: SimulationResult) -> Section:
    rows = tuple((f"{w.world} {w.title}", w.about, points(100 * w.oracle)) for w in result.worlds)
    header = (_("world"), _("what is true in it"), _("reached by who knows everything"))
    lead = (_("Nobody knows which of them is ours. It may be none."),)
    return Section("worlds", _("The worlds"), (Table(_("Worlds"), header, rows, frozenset({2})),), lead)


def _strategies(result: SimulationResult) -> Section:
    rows = tuple((name, what) for name, what in result.policies)
    table = Table(_("Strategies"), (_("strategy"), _("what it does")), rows)
    return Section("strategies", _("The strategies"), (table,))


def _assumptions(result: SimulationResult) -> Section:
    header = (_("assumption"), _("value"), _("what it means"), _("unit"), _("source"))
    table = Table(_("Every assumption"), header, tuple(tuple(row) for row in result.assumptions), folded=True)
    lead = (
        _("Everything rests on these numbers. Where no source stands, a number is a guess; change any of them in the "
          "file and run it again."),
    )  # fmt: skip
    return Section("assumptions", _("What everything rests on"), (table,), lead)
