"""`matchengine learn`: learn weights from what people said, propose them, and adopt a proposal that somebody signed."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from matchengine.cli.locations import add_data, folder_of, saved_config, saved_folder
from matchengine.cli.output import Output, paragraph
from matchengine.cli.rankings import read_rankings_file
from matchengine.cli.suggest import add_kind, open_engine
from matchengine.config import parse_config
from matchengine.errors import ConfigError, DataError
from matchengine.i18n import N_, _, listing, ngettext
from matchengine.io.json_lines import write_private
from matchengine.learning.adoption import AdoptionError, signed_toml
from matchengine.learning.effects import audit_groups
from matchengine.learning.preferences import Said
from matchengine.records.base import as_records
from matchengine.records.learning import Adoption, HeldOut, LearnedWeight, Shown, SignedDecision, WeightProposal

__all__ = ["add_learn", "render_proposal"]

OUTCOMES = "outcomes.csv"
"""Table of pairs in the folder of the data: the same that `matchengine eval` reads."""
_MOST_BYTES = 1 << 26
_REFUSED = 4
_SOURCES: dict[str, str] = {
    "ranking": N_("rankings"),
    "answer": N_("a yes and a no"),
    "rating": N_("ratings, each counting half"),
}
_BY: dict[str, str] = {
    "later_cohorts": N_("later cohorts"),
    "other_cohorts": N_("other cohorts"),
    "other_people": N_("other people of the same cohorts"),
}


def add_learn(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `learn`."""
    told = _("adopt PROPOSAL instead of learning; it takes --signed-by, --signature, --why and --out")
    parser.add_argument("action", nargs="?", choices=["adopt"], metavar="adopt", help=told)
    told = _("with adopt: the file that --save wrote, or what --json printed")
    parser.add_argument("proposal", nargs="?", type=Path, metavar="PROPOSAL", help=told)
    add_kind(parser)
    told = _("CSV or JSON with whom people want: as for assign")
    parser.add_argument("--rankings", type=Path, metavar="FILE", help=told)
    told = _("CSV with the columns person and cohort")
    parser.add_argument("--cohorts", type=Path, metavar="FILE", help=told)
    told = _("JSON list of requester_id, candidate_id and propensity: how likely each was to be shown")
    parser.add_argument("--shown", type=Path, metavar="FILE", help=told)
    told = _(
        "CSV with the columns requester_id and candidate_id, and propensity or cohort where known; outcomes.csv in the "
        "folder of the data if it is there"
    )
    parser.add_argument("--outcomes", type=Path, metavar="FILE", help=told)
    told = _("also compare monotone boosting, from 10,000 preferences on")
    parser.add_argument("--compare-boosting", action="store_true", help=told)
    parser.add_argument("--save", type=Path, metavar="FILE", help=_("also write the proposal as JSON, to adopt it"))
    parser.add_argument("--signed-by", metavar="ID", help=_("with adopt: id of the person who answers for it"))
    parser.add_argument("--signature", metavar="SEAL", help=_("with adopt: the seal of the proposal, typed by them"))
    parser.add_argument("--why", metavar="TEXT", help=_("with adopt: why, in their words"))
    told = _("with adopt: the new configuration, a file that does not exist yet")
    parser.add_argument("--out", type=Path, metavar="FILE", help=told)
    add_data(parser)
    parser.set_defaults(run=_learn)


def _learn(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.action == "adopt":
        try:
            return _adopt(arguments, output)
        except AdoptionError as error:
            print(f"matchengine learn adopt: {error}", file=sys.stderr)
            return _REFUSED
    engine = open_engine(arguments)
    folder = folder_of(arguments)
    shown, cohorts = _told_of_pairs(arguments)
    said = Said(
        folder.relationships,
        folder.feedback,
        read_rankings_file(arguments.rankings) if arguments.rankings else (),
        _cohorts(arguments.cohorts) if arguments.cohorts else cohorts,
    )
    proposal = engine.fit(
        arguments.kind,
        relationships=said.relationships,
        feedback=said.feedback,
        rankings=said.rankings,
        cohorts=said.cohorts,
        shown=_shown(arguments.shown) if arguments.shown else shown,
        groups=audit_groups(folder.people, folder.consents, datetime.now(UTC)),
    )
    if arguments.compare_boosting:
        from matchengine.learning.boosting import with_boosting

        proposal = with_boosting(engine._scene(arguments.kind), said, proposal)
    output.document(proposal, "\n".join(render_proposal(proposal)))
    if arguments.save:
        write_private(arguments.save, proposal.model_dump_json(indent=2) + "\n")
        output.note(paragraph(_("Written: {files}.", files=str(arguments.save))))
    return 0


def _adopt(arguments: argparse.Namespace, output: Output) -> int:
    if arguments.proposal is None or arguments.out is None:
        raise ConfigError(_("adopt needs PROPOSAL and --out FILE"))
    proposal = _read(arguments.proposal)
    if arguments.out.exists():
        told = N_("{path} is there already; a configuration is never changed in place: name a new file")
        raise ConfigError(_(told, path=arguments.out))
    config, decision = saved_config(arguments), _decision(arguments)
    text = signed_toml(config, proposal, decision)
    write_private(arguments.out, text)
    told = N_("Written: {path}. It is used once you name it with --config; the old configuration is as it was.")
    after = parse_config(text).hash
    document = Adoption(
        written=str(arguments.out), before=config.hash, after=after, proposal=proposal.seal, decision=decision
    )
    output.document(document, paragraph(_(told, path=arguments.out)))
    return 0


def _decision(arguments: argparse.Namespace) -> SignedDecision:
    given = {"who": arguments.signed_by, "statement": arguments.why, "signature": arguments.signature}
    missing = [name for name, value in given.items() if not value]
    if missing:
        names = {"who": "--signed-by", "statement": "--why", "signature": "--signature"}
        told = N_("nobody signed: give {options}; nothing is adopted without a person who answers for it")
        raise AdoptionError(_(told, options=listing([names[name] for name in missing])))
    return as_records([given | {"on": date.today()}], SignedDecision)[0]


def _read(path: Path) -> WeightProposal:
    try:
        return WeightProposal.model_validate_json(_text(path))
    except ValidationError as error:
        told = N_("{path}: not a proposal; write one with learn --save FILE")
        raise DataError(_(told, path=path)) from error


def _shown(path: Path) -> list[Shown]:
    try:
        told = json.loads(_text(path))
    except ValueError as error:
        raise DataError(_("{path}: no valid JSON", path=path)) from error
    return as_records(told if isinstance(told, list) else [told], Shown)


def _told_of_pairs(arguments: argparse.Namespace) -> tuple[list[Shown], dict[str, str]]:
    """Propensities and cohorts of a table of pairs; empty where it has no such column, or there is no table."""
    folder = saved_folder(arguments)
    usual = folder / OUTCOMES if folder is not None else None
    path = arguments.outcomes or (usual if usual is not None and usual.is_file() else None)
    if path is None:
        return [], {}
    rows = _rows(path)
    if rows and not {"requester_id", "candidate_id"} <= set(rows[0]):
        raise DataError(_("{path}: the columns 'requester_id' and 'candidate_id' are needed", path=path))
    shown: list[dict[str, Any]] = []
    cohorts: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        one, other = ((row[name] or "").strip() for name in ("requester_id", "candidate_id"))
        chance, cohort = ((row.get(name) or "").strip() for name in ("propensity", "cohort"))
        if chance:
            shown.append({"requester_id": one, "candidate_id": other, "propensity": _number(path, number, chance)})
        if cohort and cohorts.setdefault(one, cohort) != cohort:
            raise DataError(_("{path}: row {row}: this person is in another cohort too", path=path, row=number))
    return as_records(shown, Shown), cohorts


def _number(path: Path, row: int, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        told = N_("{path}: row {row}: propensity is no number; write it like 0.25")
        raise DataError(_(told, path=path, row=row)) from None


def _rows(path: Path) -> list[dict[str, str]]:
    text = _text(path)
    lines = text.splitlines()
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def _cohorts(path: Path) -> dict[str, str]:
    rows = _rows(path)
    if not rows or not {"person", "cohort"} <= set(rows[0]):
        raise DataError(_("{path}: the columns 'person' and 'cohort' are needed", path=path))
    return {row["person"].strip(): row["cohort"].strip() for row in rows if row["person"] and row["cohort"]}


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise ConfigError(_("{path}: larger than {most} bytes", path=path, most=_MOST_BYTES))
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        told = N_("{path}: cannot be read ({reason}); give a CSV or JSON file in UTF-8")
        raise ConfigError(_(told, path=path, reason=type(error).__name__)) from error


def render_proposal(proposal: WeightProposal) -> Iterator[str]:
    """A proposal in lines of at most 80 columns."""
    yield paragraph(_("Weights of kind {kind}, a proposal: nothing is changed by it.", kind=proposal.kind))
    yield from ("", paragraph(_heard(proposal)))
    if proposal.weights:
        heads = {"now": _("now"), "learned": _("learned"), "held": _("held by the configuration")}
        yield from ("", f"{'':<24}{heads['now']:>9}{heads['learned']:>9}   {heads['held']}".rstrip())
        yield from (_weight(each) for each in proposal.weights)
    if proposal.held_out is not None:
        yield from ("", paragraph(_measured(proposal)), paragraph(_tried(proposal.held_out)))
        if proposal.beside is not None:
            yield paragraph(_("For comparison.") + " " + _tried(proposal.beside))
    if proposal.boosting is not None:
        yield from ("", paragraph(proposal.boosting.text))
    yield from ("", _("May it be adopted?"))
    yield from (paragraph(f"{_MARKS[each.passed]} {each.text}", "  ", "    ") for each in proposal.gate)
    yield paragraph(_verdict(proposal), "  ")
    if proposal.not_learned:
        yield from ("", _("Weights that stay as they are"))
        yield from (paragraph(f"{each.name}: {each.why}", "  ", "    ") for each in proposal.not_learned)
    yield from ("", paragraph(_calibrated(proposal)))
    yield from ("", _("What this cannot tell"))
    yield from (paragraph(f"- {each}", "  ", "    ") for each in proposal.cautions)


_MARKS: dict[bool | None, str] = {True: "+", False: "-", None: "?"}


def _heard(proposal: WeightProposal) -> str:
    told = _(
        "People who look and said something: {judges}, in {cohorts} cohorts.",
        judges=proposal.judges,
        cohorts=proposal.cohorts,
    )
    for each in proposal.counts:
        if each.preferences:
            line = N_("Comparisons from {source}: {n}, counting as {weight:.0f} preferences.")
            said = _(line, n=each.preferences, source=_(_SOURCES[each.source]), weight=each.weight)
            told += " " + said
    if proposal.left_out:
        told += " " + ngettext(
            "{n} more is about somebody who no longer takes part.",
            "{n} more are about somebody who no longer takes part.",
            proposal.left_out,
        )
    return told


def _weight(each: LearnedWeight) -> str:
    name = each.name if each.of == "block" else f"  {each.name}"
    return _(
        "{name:<24}{now:>9.3f}{learned:>9.3f}   {held:3.0f} of 100",
        name=name,
        now=each.default,
        learned=each.learned,
        held=100 * each.shrinkage,
    )


def _measured(proposal: WeightProposal) -> str:
    if proposal.measure == "ndcg@5":
        told = N_(
            "Measured by lists of five, as {n} people graded three candidates or more. This was settled before "
            "anything was scored."
        )
    else:
        told = N_(
            "Measured by preferences one by one, as only {n} people graded three candidates or more. This was settled "
            "before anything was scored."
        )
    return _(told, n=proposal.graded)


def _tried(found: HeldOut) -> str:
    if found.metric == "ndcg@5":
        told = N_(
            "Tried on {judges} people held out ({by}): lists by the weights now come to {now:.1f} of 100 of the best "
            "order, by learned ones to {learned:.1f} ({apparent:.1f} on those they were learned from)."
        )
    else:
        told = N_(
            "Tried on {judges} people held out ({by}): of every 100 preferences the weights now get {now:.1f} right, "
            "learned ones {learned:.1f} ({apparent:.1f} on those they were learned from)."
        )
    said = _(
        told,
        judges=found.judges,
        by=_(_BY[found.by]),
        now=100 * found.default,
        learned=100 * found.learned,
        apparent=100 * found.apparent,
    )
    if found.low is None or found.high is None:
        return said + " " + _("Nothing more can be inferred from so few.")
    interval = N_("Difference {gain:+.1f}, likely between {low:+.1f} and {high:+.1f} ({method}).")
    gain, low, high = 100 * found.difference, 100 * found.low, 100 * found.high
    return said + " " + _(interval, gain=gain, low=low, high=high, method=found.method)


def _verdict(proposal: WeightProposal) -> str:
    if not proposal.adoptable:
        return _("No. The weights stay as they are.")
    told = N_(
        "Yes, if somebody signs for it: matchengine learn adopt PROPOSAL --signed-by ID --signature {seal} --why TEXT "
        "--out FILE"
    )
    return _(told, seal=proposal.seal)


def _calibrated(proposal: WeightProposal) -> str:
    found = proposal.calibration
    if found.error_before is None or found.error_after is None:
        told = N_("Matches with a yes or a no: {n}. That is too few to say how well the score tells a yes.")
        return _(told, n=found.outcomes)
    told = N_(
        "Read as the chance of a yes, the score is off by {before:.1f} of 100 on average over {n} matches; calibrated "
        "({method}) it would be off by {after:.1f}. Scores are not calibrated by this."
    )
    return _(
        told, n=found.outcomes, method=found.method, before=100 * found.error_before, after=100 * found.error_after
    )
