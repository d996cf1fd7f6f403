"""What lifts do to those who keep something to themselves, and what they load on those who tell (domain.md H6).

    holds = hidden_tokens(population)                       # only a simulation knows
    report = disclosure_report(lambda: Engine(config), simulated_folder(population), "mentor", holds=holds)
    print(disclosure_text(report))

The programme is matched twice, once as configured and once without lifts. Base scores, those without lifts, are the
same in both; what each person gets is not. Harm is a fall of the base score of what people get who hold something that
they did not tell. With real records nobody knows who they are, and the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from matchengine.batch import BoolArray, FloatArray, IntArray
from matchengine.errors import DataError
from matchengine.evaluation.disclosure_runs import Ran, Run, ran
from matchengine.i18n import N_, _, ngettext
from matchengine.inference import exposure_gaps, suppress
from matchengine.io.write import Folder
from matchengine.pool.consents import AUDIT, LIVED_EXPERIENCE, Consents
from matchengine.records.flips import (
    DisclosureReport,
    DisclosureRow,
    ExposureGroup,
    ExposureTable,
    IdentityLoad,
    LoadRow,
)
from matchengine.records.person import Person

if TYPE_CHECKING:
    from matchengine.engine import Engine
    from matchengine.simulation import Population

__all__ = ["disclosure_report", "disclosure_text", "hidden_tokens", "simulated_folder"]

HELD_LIMIT, OTHERS_LIMIT = -0.005, -0.01
"""Least mean change of base scores that is allowed for holders who did not disclose, and for non-holders."""
_LIMITS = {"undisclosed": HELD_LIMIT, "non_holder": OTHERS_LIMIT, "disclosed": None}
_Group = Literal["undisclosed", "non_holder", "disclosed"]
_Role = Literal["requester", "candidate"]
_SAID = {
    "undisclosed": N_("People who hold {token} and did not tell it"),
    "non_holder": N_("People who do not hold {token}"),
    "disclosed": N_("People who hold {token} and told it"),
}
_SIDE = {"requester": N_("who look"), "candidate": N_("who are suggested")}


def hidden_tokens(population: Population) -> dict[str, frozenset[str]]:
    """Return what each person of a simulated programme holds, told or not, as `dimension:value` and themes."""
    from matchengine.simulation.disclosure import DIMENSIONS, THEMES
    from matchengine.simulation.people import FLAGS

    token = {name: f"{dimension}:{value}" for name, (dimension, value, _other) in DIMENSIONS.items()}
    token |= {name: f"{LIVED_EXPERIENCE}:{theme}" for name, theme in THEMES.items()}
    found = {}
    for side in (population.mentees, population.mentors):
        for external, flags in zip(side.ids, side.flags.tolist(), strict=True):
            found[external] = frozenset(token[name] for name, held in zip(FLAGS, flags, strict=True) if held)
    return found


def simulated_folder(population: Population) -> Folder:
    """Return the records of a simulated programme as `read_folder` gives those of a real one."""
    records = population.records()
    return Folder(
        people=records["people"], groups=records["groups"], consents=records["consents"],
        relationships=records["relationships"],
    )  # fmt: skip


def disclosure_report(
    make_engine: Callable[[], Engine],
    records: Folder,
    kind: str,
    *,
    holds: Mapping[str, Collection[str]] | None = None,
    minoritised: Collection[str] | None = None,
    method: str | None = None,
    least: int = 10,
    seed: int = 0,
) -> DisclosureReport:
    """Match a programme with and without lifts, and say who gains, who loses and who carries it.

    Parameters
    ----------
    make_engine : callable
        Returns an engine; called once.
    records : Folder
        A programme whose candidates are people.
    kind : str
        Kind of match.
    holds : mapping of str to collection of str, optional
        What each person holds, told or not, as `dimension:value`; themes as `lived_experience:theme`. Only a
        simulation knows (`hidden_tokens`). Without it harm cannot be measured.
    minoritised : collection of str, optional
        Tokens that make a disclosing candidate one of the group whose load is looked at; by default everything that
        somebody wishes to share.
    method : str or None
        An assigner; as configured by default.
    least : int
        Fewest people of a group about which a number is told.
    seed : int
        Of the permutations that say what chance alone shows.

    Returns
    -------
    DisclosureReport
        It names nobody. Groups that rest on what people told are counted only among those who agreed to be counted
        (`fairness_audit`).

    Raises
    ------
    DataError
        Where candidates are no people: nothing is lifted there that somebody could keep to themselves.
    """
    engine = make_engine()
    engine.load(records.people, records.groups, relationships=records.relationships, consents=records.consents)
    if engine._scene(kind).kind.sides.candidates != "people":
        raise DataError(_("disclosure: kind {kind!r} does not suggest people", kind=kind))
    off, on = ran(engine, kind, lifts=False, method=method), ran(engine, kind, lifts=True, method=method)
    told, consents = _told(records.people, Consents(records.consents)), Consents(records.consents)
    rows = [] if holds is None else _harm(Ran(off, on), holds, told, least)
    load = _load(engine, kind, on, _found_by(records, consents, told, minoritised), least)
    exposure = _exposure(on, records.people, consents, least, seed)
    judged = [row.passed for row in rows if row.passed is not None]
    passed = (all(judged) and load.passed) if holds is not None and judged else None
    return DisclosureReport(
        kind=kind, method=on.method, known=holds is not None, requesters=len(on.requesters),
        candidates=len(on.candidates), acting=int(on.acts.sum()), rows=tuple(rows), load=load,
        exposure=tuple(exposure), passed=passed if load.passed else False,
        sentence=_summary(holds is not None, rows, int(on.acts.sum())),
        notes=_notes(holds is not None, rows),
    )  # fmt: skip


def _notes(known: bool, rows: Iterable[DisclosureRow]) -> tuple[str, ...]:
    told = [_("Scores are without what lifts add; who gets nobody counts as 0.")]
    if not known:
        told.append(
            _(
                "Who holds something without telling it is not known of real people and must not be guessed; whether "
                "lifts harm them can be tried on invented people alone."
            )
        )
    told.append(_("“The others” hold those too who told something but did not agree to be counted."))
    if any(row.people is None for row in rows):
        told.append(_("Groups with too few people are left out."))
    return tuple(told)


def _summary(known: bool, rows: Iterable[DisclosureRow], acting: int) -> str:
    if not acting:
        return _("No lift acts in this programme, so that lifts can neither help nor harm anybody.")
    if not known:
        return _("Whether lifts harm those who keep something to themselves cannot be told from these records.")
    broken = sum(row.passed is False for row in rows)
    if not any(row.passed is not None for row in rows):
        return _("Every group is too small to say whether lifts harm those who keep something to themselves.")
    if not broken:
        return _("Lifts cost those who keep something to themselves no more than is allowed, and the others neither.")
    return ngettext("Lifts cost {n} group more than is allowed.", "Lifts cost {n} groups more than is allowed.", broken)


# ---------------------------------------------------------------------- harm


def _told(people: Iterable[Person], consents: Consents) -> dict[str, frozenset[str]]:
    """Tokens that each person told and agreed to be matched on."""
    found = {}
    for person in people:
        own = [(each.dimension, each.value) for each in person.attributes]
        own += [(LIVED_EXPERIENCE, theme) for theme in person.lived_experience]
        found[person.id] = frozenset(
            f"{dimension}:{value}" for dimension, value in own if consents.allows_token(person.id, dimension)
        )
    return found


def _harm(
    both: Ran, holds: Mapping[str, Collection[str]], told: Mapping[str, Collection[str]], least: int
) -> list[DisclosureRow]:
    """One row for each group, side and token, and for any token."""
    tokens = ["", *sorted({token for held in holds.values() for token in held})]
    found = []
    for side, ids in (("requester", both.on.requesters), ("candidate", both.on.candidates)):
        assigned, first = both.changes(side)
        for token in tokens:
            groups = _groups(ids, token, holds, told)
            found += [
                _row(group, side, token, member, (assigned, first), least)  # type: ignore[arg-type]
                for group, member in groups.items()
            ]
    return found


def _groups(
    ids: Iterable[str], token: str, holds: Mapping[str, Collection[str]], told: Mapping[str, Collection[str]]
) -> dict[str, BoolArray]:
    """Who is in which group: whoever keeps any token to themselves counts as not having told."""
    held, kept = [], []
    for external in ids:
        own = {one for one in holds.get(external, ()) if not token or one == token}
        held.append(bool(own))
        kept.append(bool(own - set(told.get(external, ()))))
    holder, silent = np.array(held, np.bool_), np.array(kept, np.bool_)
    return {"undisclosed": silent, "non_holder": ~holder, "disclosed": holder & ~silent}


def _row(
    group: _Group, side: _Role, token: str, member: BoolArray, values: tuple[FloatArray, FloatArray | None], least: int
) -> DisclosureRow:
    who = _(_SAID[group], token=token or _("something"))
    limit = _LIMITS[group]
    count = int(member.sum())
    if count < least:
        said = _("{who}, {side}: too few to say anything.", who=who, side=_(_SIDE[side]))
        return DisclosureRow(group=group, side=side, token=token, people=None, limit=limit, sentence=said)
    assigned, first = (None if of is None else round(float(of[member].mean()), 6) for of in values)
    errors = [None if of is None else _error(of[member]) for of in values]
    found = [value for value in (assigned, first) if value is not None]
    passed = None if limit is None else all(value >= limit for value in found)
    said = _(
        "{who}, {side}: what they get changes by {assigned:+.2f} points of 100 in the assignment.",
        who=who, side=_(_SIDE[side]), assigned=100 * (assigned or 0.0),
    )  # fmt: skip
    if first is not None:
        said += " " + _("Their first five change by {first:+.2f} points.", first=100 * first)
    if passed is False:
        said += " " + _("At most {limit:.1f} points may be lost.", limit=-100 * (limit or 0.0))
    return DisclosureRow(
        group=group, side=side, token=token, people=count, assigned=assigned, assigned_error=errors[0], first=first,
        first_error=errors[1], limit=limit, passed=passed, sentence=said,
    )  # fmt: skip


def _error(values: FloatArray) -> float | None:
    return round(float(values.std(ddof=1) / np.sqrt(len(values))), 6) if len(values) > 1 else None


# ---------------------------------------------------------------------- load and exposure of candidates


def _found_by(
    records: Folder, consents: Consents, told: Mapping[str, Collection[str]], minoritised: Collection[str] | None
) -> frozenset[str]:
    """Who told something by which they can be found, and agreed to be counted by it."""
    wanted = minoritised
    if wanted is None:
        by_id = {person.id: person for person in records.people}
        wishes = {
            (n, w.dimension.casefold()) for n, p in by_id.items() for w in p.wishes if consents.allows(n, "wishes")
        }
        wanted = {
            token
            for external, wish in wishes
            for token in told.get(external, ())
            if wish in (token.partition(":")[0].casefold(), token.partition(":")[2].casefold())
        }
    return frozenset(
        external
        for external, own in told.items()
        if any(t in wanted and consents.allows_token(external, t.partition(":")[0], AUDIT) for t in own)
    )


def _load(engine: Engine, kind: str, run: Run, group: frozenset[str], least: int) -> IdentityLoad:
    """Matches of those who can be found by what they told against all others, and caps that would be broken."""
    inside = np.array([external in group for external in run.candidates], np.bool_)
    split = {"disclosing": inside, "others": ~inside}
    # one group alone is told by nothing: both are shown or neither, or the other could be worked out
    shown = min(int(member.sum()) for member in split.values()) >= least
    rows = [_load_row(name, run, member, shown) for name, member in split.items()]  # type: ignore[arg-type]
    capped, breaches = run.cap_breaches(engine, kind)
    return IdentityLoad(
        rows=tuple(rows), capped=capped, cap_breaches=breaches, passed=breaches == 0,
        sentence=_load_said(rows, capped, breaches),
    )  # fmt: skip


def _load_row(name: Literal["disclosing", "others"], run: Run, member: BoolArray, shown: bool) -> LoadRow:
    if not shown:
        return LoadRow(group=name, people=None)
    chosen = member[run.candidate[run.chosen]]
    matches, motivated = int(chosen.sum()), int((chosen & run.wished[run.chosen]).sum())
    listed = member[run.candidate[run.listed]]
    places, wished = int(listed.sum()), int((listed & run.wished[run.listed]).sum())
    return LoadRow(
        group=name, people=int(member.sum()), matches=round(matches / int(member.sum()), 4),
        motivated=round(motivated / matches, 4) if matches else None,
        requests=round(wished / places, 4) if places else None,
    )  # fmt: skip


def _load_said(rows: list[LoadRow], capped: int, breaches: int) -> str:
    one, other = rows
    if one.matches is None or other.matches is None:
        told = _("Too few told something by which they can be found, or agreed to be counted, to compare their load.")
    else:
        told = _(
            "Those who can be found by what they told get {one:.2f} matches each, the others {other:.2f}; {share:.0f} "
            "in 100 of theirs rest on a wish to share it, {rest:.0f} in 100 of the others'.",
            one=one.matches, other=other.matches, share=100 * (one.motivated or 0.0),
            rest=100 * (other.motivated or 0.0),
        )  # fmt: skip
    if not capped:
        return told + " " + _("Nobody set a most number of such matches.")
    return (
        told
        + " "
        + ngettext(
            "{n} person would get more such matches than they allow.",
            "{n} people would get more such matches than they allow.",
            breaches,
        )
    )


def _exposure(run: Run, people: Iterable[Person], consents: Consents, least: int, seed: int) -> list[ExposureTable]:
    """Attention for each free place by every attribute that candidates agreed to be counted by."""
    by_id = {person.id: person for person in people}
    values: dict[str, list[str | None]] = {}
    named = {a.dimension for n in run.candidates for a in by_id[n].attributes if consents.allows_token(n, a.dimension,
             AUDIT)}  # fmt: skip
    for dimension in sorted(named):
        values[dimension] = [
            next((a.value for a in by_id[n].attributes if a.dimension == dimension), None)
            if consents.allows_token(n, dimension, AUDIT)
            else None
            for n in run.candidates
        ]
    if not values:
        return []
    names = {dimension: sorted({v for v in own if v is not None}) for dimension, own in values.items()}
    levels = np.array([[-1 if v is None else names[d].index(v) for v in own] for d, own in values.items()], np.int64).T
    hidden = suppress(levels, [(n,) for n in range(len(values))], least=least)
    return [
        _exposure_table(run, dimension, names[dimension], levels[:, n],
                        [hidden.shows(((n, level),)) for level in range(len(names[dimension]))], seed)
        for n, dimension in enumerate(values)
    ]  # fmt: skip


def _exposure_table(
    run: Run, by: str, names: list[str], levels: IntArray, shows: list[bool], seed: int
) -> ExposureTable:
    visible = [level for level, shown in enumerate(shows) if shown]
    seated = ~np.isnan(run.seats) & (run.seats > 0)
    label = [
        names[level] if level in visible and there else None
        for level, there in zip(levels.tolist(), seated.tolist(), strict=True)
    ]
    gap = p = None
    rates: dict[str, float] = {}
    if any(name is not None for name in label):
        found = exposure_gaps(run.attention, np.where(seated, run.seats, 0.0), label, seed=seed)
        present = sorted({name for name in label if name is not None})
        rates = dict(zip(present, found.rates.tolist(), strict=True))
        if np.isfinite(found.largest):
            gap, p = round(found.largest, 4), round(found.p_value, 4)
    groups = tuple(
        ExposureGroup(group=name, people=int((levels == n).sum()), per_seat=_finite(rates.get(name)))
        if n in visible else ExposureGroup(group=name, people=None, per_seat=None, hidden=True)
        for n, name in enumerate(names)
    )  # fmt: skip
    return ExposureTable(by=by, groups=groups, gap=gap, p=p, sentence=_exposure_said(by, gap, p))


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 4)


def _exposure_said(by: str, gap: float | None, p: float | None) -> str:
    if gap is None or p is None:
        return _("Exposure by {by}: too few people in each group to compare.", by=by)
    if p > 0.05:
        return _("Exposure by {by}: no group is shown more than chance explains ({p:.2f}).", by=by, p=p)
    return _("Exposure by {by}: groups are shown differently often for each free place, more than chance explains "
             "({p:.3f}).", by=by, p=p)  # fmt: skip


def disclosure_text(report: DisclosureReport) -> str:
    """Return a report as plain lines; only groups about which something can be said."""
    lines = [_("Lifts on and off, {kind}", kind=report.kind), report.sentence]
    lines += [f"  {_mark(row.passed)} {row.sentence}" for row in report.rows if row.people is not None]
    lines += ["", f"  {_mark(report.load.passed)} {report.load.sentence}"]
    lines += [f"    {table.sentence}" for table in report.exposure]
    return "\n".join([*lines, "", *report.notes])


def _mark(passed: bool | None) -> str:
    return {False: "✗", True: "✓", None: "–"}[passed]
