"""A task out of a programme's records: who asks, who can be suggested, what strategies may see of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from matchengine.batch import FloatArray, IntArray
from matchengine.comparison import Asked
from matchengine.errors import ConfigError, DataError, did_you_mean
from matchengine.evaluation.config import EvaluationConfig
from matchengine.evaluation.outcomes import KIND_OF_CANDIDATE, Outcome, outcomes_from_records, read_outcomes
from matchengine.evaluation.task import Task, positions
from matchengine.i18n import N_, _
from matchengine.io.write import Folder, read_folder
from matchengine.records import Feedback, Person, Relationship
from matchengine.records.base import Record

if TYPE_CHECKING:
    from matchengine.engine import Engine

__all__ = ["GATHERINGS", "Programme", "asked_of", "eligible_pairs", "outcomes_of", "read_programme", "task_of"]

_AUDIT = "fairness_audit"
_ENDED = ("completed", "ended")
_OPEN_FIELDS = ("career_stage", "country")
"""Fields that are not sensitive and may split people into subgroups without a consent of their own."""


@dataclass(frozen=True)
class Programme:
    """Records of a programme, without what became of the pairs that are judged.

    `records` holds no relationship or feedback about a match of the kind in question; `ties` and `answers` are those.
    """

    records: Folder
    ties: tuple[Relationship, ...]
    answers: tuple[Feedback, ...]
    requesters: tuple[str, ...]
    candidates: tuple[str, ...]
    candidate: str

    def loaded(self, engine: Engine, without: frozenset[str] = frozenset(), ties: Iterable[Relationship] = (),
               answers: Iterable[Feedback] = ()) -> Engine:  # fmt: skip
        """Load the records into an engine, without some people or groups, with some of the ties and answers."""
        own = self.records
        kept = {kind: [r for r in getattr(own, kind) if r.id not in without] for kind in _THINGS}
        engine.load(
            **kept,
            relationships=[*own.relationships, *ties],
            consents=own.consents,
            feedback=[*own.feedback, *answers],
        )
        return engine


_THINGS = ("people", "groups", "events", "resources", "projects", "organisations")


def read_programme(config: EvaluationConfig, base: Path) -> Programme:
    """Read the records and put what became of pairs of the judged kind aside.

    Raises
    ------
    ConfigError, DataError
        Where a path, the kind of match or a record is wrong.
    """
    from matchengine.config import load_config

    folder = base / config.data.records
    records = read_folder(folder / "records" if (folder / "records").is_dir() else folder)
    engine = load_config(base / config.data.engine)
    kind = config.data.kind
    if kind not in engine.match:
        hint = did_you_mean(kind, engine.match)
        raise ConfigError(
            _("data.kind: {engine} has no kind {kind!r}; {hint}", engine=config.data.engine, kind=kind, hint=hint)
        )
    match = engine.match[kind]
    requesters = _with_role(records.people, match.requester)
    things = GATHERINGS.get(match.candidate)
    candidates = _with_role(records.people, match.candidate) if things is None else _ids(getattr(records, things))
    if not requesters or not candidates:
        told = N_("data: nobody has role {requester!r}, or there is no {candidate!r} to suggest")
        raise DataError(_(told, requester=match.requester, candidate=match.candidate))
    judged = KIND_OF_CANDIDATE.get(match.candidate)
    ties = tuple(tie for tie in records.relationships if tie.kind == judged)
    pairs = {frozenset((tie.person_id, tie.other_id)) for tie in ties}
    about = tuple(a for a in records.feedback if _about(a, pairs))
    rest = replace(
        records,
        relationships=[tie for tie in records.relationships if tie.kind != judged],
        feedback=[answer for answer in records.feedback if not _about(answer, pairs)],
    )
    return Programme(rest, ties, about, requesters, candidates, match.candidate)


GATHERINGS = {
    "group": "groups", "event": "events", "resource": "resources", "project": "projects",
    "organisation": "organisations",
}  # fmt: skip
"""Lists of records that hold candidates of a role that no person has."""


def _about(answer: Feedback, pairs: set[frozenset[str]]) -> bool:
    return answer.person_id is None or frozenset((answer.person_id, answer.about_id)) in pairs


def _with_role(people: Sequence[Person], role: str) -> tuple[str, ...]:
    return tuple(sorted(p.id for p in people if role == "anyone" or role in p.roles))


def _ids(things: Sequence[Record]) -> tuple[str, ...]:
    return tuple(sorted(getattr(thing, "id") for thing in things))  # noqa: B009


def outcomes_of(config: EvaluationConfig, base: Path, programme: Programme) -> list[Outcome]:
    """Read what became of pairs: from the table that is named, else from what the records tell."""
    if config.data.outcomes:
        return read_outcomes(base / config.data.outcomes, config)
    told = replace(programme.records, relationships=list(programme.ties), feedback=list(programme.answers))
    return outcomes_from_records(told, programme.candidate, config)


def task_of(config: EvaluationConfig, programme: Programme, engine: Engine, rows: Sequence[Outcome]) -> Task:
    """Build the task: eligible pairs, outcomes, clusters, audit attributes.

    Parameters
    ----------
    engine : Engine
        Made from `data.engine` and loaded with the programme's records.
    rows : sequence of Outcome
        What `outcomes_of` read.
    """
    mine, theirs = positions(programme.requesters), positions(programme.candidates)
    judged = [row for row in rows if row.person in mine and row.other in theirs and row.person != row.other]
    asking = (
        sorted({row.person for row in judged}) if config.data.eligible == "outcomes" else list(programme.requesters)
    )
    mine = positions(asking)
    requester, candidate = _eligible(config, engine, asking, programme.candidates, judged)
    place = {pair: n for n, pair in enumerate(zip(requester.tolist(), candidate.tolist(), strict=True))}
    gain, moment, propensity = (np.full(len(requester), np.nan) for _column in range(3))
    mutual = np.zeros(len(requester), np.bool_)
    ruled_out = [row for row in judged if (mine[row.person], theirs[row.other]) not in place]
    for row in judged:
        at = place.get((mine[row.person], theirs[row.other]))
        if at is None:
            continue
        gain[at] = np.nan if row.gain is None else row.gain
        moment[at], propensity[at] = row.observed, row.propensity
        mutual[at] = bool(row.gain) and bool(row.other_yes)
    cluster_of = {row.person: row.cluster for row in judged}
    with_mutual = config.data.relevance.other_side is not None
    asked = asked_of(programme, engine, config.data.kind, (asking, requester, candidate), config.groups.by, config.seed)
    return Task(
        asked,
        gain,
        mutual if with_mutual else None,
        np.where(np.isnan(gain), np.nan, _other_gain(judged, place, mine, theirs, len(gain))) if with_mutual else None,
        propensity,
        moment,
        tuple(cluster_of.get(person) for person in asking),
        {
            "requesters": len(asking),
            "candidates": len(programme.candidates),
            "eligible_pairs": len(requester),
            "outcomes": len(rows),
            "outcomes_of_unknown_people": len(rows) - len(judged),
            "outcomes_ruled_out": sum(row.gain is not None for row in ruled_out),
            "good_outcomes": sum(bool(row.gain) for row in rows),
            "good_outcomes_unknown": sum(bool(row.gain) for row in rows) - sum(bool(row.gain) for row in judged),
            "good_outcomes_ruled_out": sum(bool(row.gain) for row in ruled_out),
            "known_pairs": int((~np.isnan(gain)).sum()),
            "relevant_pairs": int((np.nan_to_num(gain) > 0).sum()),
        },
    )


def _other_gain(
    judged: Sequence[Outcome],
    place: dict[tuple[int, int], int],
    mine: dict[str, int],
    theirs: dict[str, int],
    pairs: int,
) -> FloatArray:
    """1 for each pair to which the other side said yes, float64 (P,)."""
    found = np.zeros(pairs)
    for row in judged:
        at = place.get((mine[row.person], theirs[row.other]))
        if at is not None and row.other_yes:
            found[at] = 1.0
    return found


def _eligible(
    config: EvaluationConfig,
    engine: Engine,
    asking: Sequence[str],
    candidates: Sequence[str],
    judged: Sequence[Outcome],
) -> tuple[IntArray, IntArray]:
    """Eligible pairs, by requester, then candidate, both int32 (P,)."""
    theirs = positions(candidates)
    if config.data.eligible == "rules":
        return eligible_pairs(engine, config.data.kind, asking, candidates)
    if config.data.eligible == "outcomes":
        mine = positions(asking)
        pairs = sorted({(mine[row.person], theirs[row.other]) for row in judged})
        found = np.array(pairs, np.int32).reshape(-1, 2)
        return found[:, 0], found[:, 1]
    return _flat([[place for name, place in theirs.items() if name != person] for person in asking])


def eligible_pairs(
    engine: Engine, kind: str, asking: Sequence[str], candidates: Sequence[str]
) -> tuple[IntArray, IntArray]:
    """Return the pairs that no hard rule forbids, by requester, then candidate, both int32 (P,)."""
    theirs = positions(candidates)
    return _flat([sorted(theirs[n] for n in engine.eligible(person, kind) if n in theirs) for person in asking])


def _flat(lists: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    requester = np.repeat(np.arange(len(lists), dtype=np.int32), [len(own) for own in lists])
    return requester, np.array([place for own in lists for place in own], np.int32)


def asked_of(
    programme: Programme,
    engine: Engine,
    kind: str,
    who: tuple[Sequence[str], IntArray, IntArray],
    by: Sequence[str] = (),
    seed: int = 0,
) -> Asked:
    """Return all that strategies may know of a programme.

    Parameters
    ----------
    who : ids of those who ask, and both sides of the eligible pairs
    by : sequence of str
        Audit attributes, told of those alone who consented.
    """
    asking, requester, candidate = who
    by_id = {record.id: record for kind in _THINGS for record in getattr(programme.records, kind)}
    requesters, candidates = ([by_id[name] for name in names] for names in (asking, programme.candidates))
    places = engine.members(kind).places
    order = {person.id: n for n, person in enumerate(programme.records.people)}
    at = datetime.combine(engine.fingerprint().as_of, time.max, UTC)
    allowed = {
        (grant.person_id, grant.field)
        for grant in programme.records.consents
        if by and grant.purpose == _AUDIT and grant.in_force(at)
    }
    audit: dict[str, tuple[str | None, ...]] = {}
    for name in by:
        audit[name] = tuple(_audited(record, name, allowed) for record in requesters)
        audit[f"candidate:{name}"] = tuple(_audited(record, name, allowed) for record in candidates)
    return Asked(
        requester_ids=tuple(asking),
        candidate_ids=programme.candidates,
        requester=requester,
        candidate=candidate,
        seats=np.array([places.get(name, np.nan) for name in programme.candidates], np.float64),
        arrival=np.array([order.get(name, len(order)) for name in asking], np.int64),
        requester_texts=tuple(_texts(record, ("goals", "wants")) for record in requesters),
        candidate_texts=tuple(_texts(record, ("offers", "title", "topics", "description")) for record in candidates),
        requester_tags=tuple(_tags(record) for record in requesters),
        candidate_tags=tuple(_tags(record) for record in candidates),
        audit=audit,
        seed=seed,
    )


def _texts(record: Record, fields: Sequence[str]) -> tuple[str, ...]:
    """Texts of a record's fields, item by item."""
    found: list[str] = []
    for name in fields:
        value = getattr(record, name, None)
        items = value if isinstance(value, tuple) else () if value is None else (value,)
        found += [item if isinstance(item, str) else item.text for item in items]
    return tuple(found)


def _tags(record: Record) -> frozenset[str]:
    """Closed values that are not sensitive: languages, fields, modes, stage, country, values and interests by word."""
    found: list[str] = []
    for name in ("fields", "modes", "values"):
        found += [f"{name}:{value}" for value in getattr(record, name, ())]
    found += [f"language:{spoken.tag.split('-')[0]}" for spoken in getattr(record, "languages", ())]
    found += [f"interest:{item.text.casefold()}" for item in getattr(record, "interests", ())]
    found += [f"topic:{text.casefold()}" for text in getattr(record, "topics", ())]
    place = getattr(record, "place", None)
    if place is not None and place.country:
        found.append(f"country:{place.country}")
    return frozenset(found)


def _audited(record: Record, name: str, allowed: set[tuple[str, str]]) -> str | None:
    """Value of an audit attribute of a person who consented to audits, or of a field that is not sensitive."""
    if name in _OPEN_FIELDS:
        place = getattr(record, "place", None)
        return getattr(record, "career_stage", None) if name == "career_stage" else place and place.country
    if not any((getattr(record, "id", ""), field) in allowed for field in (f"attributes.{name}", "attributes", name)):
        return None
    if name == "age_band":
        return getattr(record, "age_band", None)
    return next((a.value for a in getattr(record, "attributes", ()) if a.dimension == name), None)
