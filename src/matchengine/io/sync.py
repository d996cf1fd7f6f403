"""What a full roster changes in what a store keeps: who came, who is described anew, who went, and what stays.

A roster is what an office knows. What people themselves decided since is theirs and stays: a consent that was
withdrawn, a boundary, two who are kept apart; so does what somebody looked into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from matchengine.errors import DataError
from matchengine.i18n import _, ngettext
from matchengine.io.contacts import ContactSheet
from matchengine.io.diff import KINDS, Difference, difference
from matchengine.io.write import Folder
from matchengine.records import AnyRecord, ConsentGrant, Feedback, Gathering, Person, Relationship
from matchengine.records.base import Record, as_records
from matchengine.records.moments import in_utc

__all__ = [
    "GATHERING_LISTS",
    "ConsentPlan",
    "Roster",
    "SyncDocument",
    "SyncPlan",
    "SyncReport",
    "plan_consents",
    "plan_sync",
]

GATHERING_LISTS = ("groups", "events", "resources", "projects", "organisations")
_STOPS = frozenset({"active", "paused"})
Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class Roster:
    """Everything that a roster lists; None, and what is not in `gatherings`, is not in it and stays as it is.

    Attributes
    ----------
    people, relationships, consents : sequence or None
    gatherings : mapping
        By the names of `GATHERING_LISTS`.
    more_relationships, feedback : sequence
        To add beside what is kept.
    """

    people: Sequence[Person] | None = None
    gatherings: Mapping[str, Sequence[Gathering]] = field(default_factory=dict)
    relationships: Sequence[Relationship] | None = None
    more_relationships: Sequence[Relationship] = ()
    consents: Sequence[ConsentGrant] | None = None
    feedback: Sequence[Feedback] = ()


class SyncReport(Record):
    """What a sync changes, or changed: ids and names of fields, never values.

    Attributes
    ----------
    difference : Difference
        By kind. A relationship that runs and is no longer listed counts as changed: it ends.
    written : bool
        Whether anything was written; False for a dry run, and where nothing differs.
    refused : bool
        Whether more people would go than may.
    people_before : int
        How many people were kept.
    gone_share, gone_at_most : float
        Per cent of them who would go, and who may.
    ended : int
        Relationships that end because the roster no longer lists them.
    kept_apart, kept_withdrawn, kept_reviews : int
        Who stays kept apart, consents that stay withdrawn, and gatherings whose review or suspension stays, although
        the roster does not say so.
    feedback_added : int
    """

    difference: Difference
    written: bool = False
    refused: bool = False
    people_before: Count = 0
    gone_share: Annotated[float, Field(ge=0, le=100)] = 0.0
    gone_at_most: Annotated[float, Field(ge=0, le=100)] = 20.0
    ended: Count = 0
    kept_apart: Count = 0
    kept_withdrawn: Count = 0
    kept_reviews: Count = 0
    feedback_added: Count = 0

    @property
    def changes(self) -> bool:
        """Whether anything differs."""
        return bool(self.difference) or self.feedback_added > 0

    def render(self) -> list[str]:
        """Return the report as lines."""
        lines = self.difference.render() if self.difference else []
        counted: tuple[tuple[int, str], ...] = (
            (
                self.ended,
                ngettext(
                    "{n} relationship is no longer listed and ends today.",
                    "{n} relationships are no longer listed and end today.",
                    self.ended,
                ),
            ),
            (
                self.feedback_added,
                ngettext("{n} answer of feedback added.", "{n} answers of feedback added.", self.feedback_added),
            ),
            (
                self.kept_apart,
                ngettext(
                    "{n} pair stays kept apart, although the roster does not list it.",
                    "{n} pairs stay kept apart, although the roster does not list them.",
                    self.kept_apart,
                ),
            ),
            (
                self.kept_withdrawn,
                ngettext(
                    "{n} consent stays withdrawn: the person withdrew it after the day in the roster.",
                    "{n} consents stay withdrawn: people withdrew them after the day in the roster.",
                    self.kept_withdrawn,
                ),
            ),
            (
                self.kept_reviews,
                ngettext(
                    "{n} gathering keeps its review or suspension.",
                    "{n} gatherings keep their review or suspension.",
                    self.kept_reviews,
                ),
            ),
        )
        lines += [told for n, told in counted if n]
        if not self.changes:
            return [_("Nothing has changed."), *lines]
        if self.difference.people.gone:
            lines.append(
                _(
                    "Who is gone is not matched any more; nothing about them was erased. To erase somebody: "
                    "matchengine person erase ID --data LOCATION."
                )
            )
        return lines


class SyncDocument(Record):
    """`matchengine sync --json`: what changed in a store, or would change.

    `left_out` counts people with neither an id nor an e-mail address: nobody could tell who they are the next time.
    `erased` counts people in the files who were erased and stay away.
    """

    programme: str
    dry_run: bool
    report: SyncReport
    left_out: int = 0
    erased: int = 0


@dataclass
class SyncPlan:
    """What to do for a sync: records to send in this order, ids of who and what is gone, and the report.

    `first` says that nothing at all was kept before.
    """

    report: SyncReport
    changes: list[AnyRecord]
    gone: list[str]
    first: bool = False

    def refuse_if_too_many(self) -> None:
        """Raise DataError where more people would go than may."""
        report = self.report
        if not report.refused:
            return
        gone = len(report.difference.people.gone)
        told = ngettext(
            "{n} of {all} people kept here is not in the roster, more than {most:g} %; nothing was changed. Is the "
            "file complete? If so, allow more to go (--gone-at-most, in per cent)",
            "{n} of {all} people kept here are not in the roster, more than {most:g} %; nothing was changed. Is the "
            "file complete? If so, allow more to go (--gone-at-most, in per cent)",
            gone,
            all=report.people_before,
            most=report.gone_at_most,
        )
        raise DataError(told)


@dataclass(frozen=True)
class ConsentPlan:
    """Consents to send, all consents afterwards, and how many stay withdrawn against the roster."""

    changes: list[ConsentGrant]
    after: list[ConsentGrant]
    kept: int


def plan_consents(
    stored: Sequence[ConsentGrant], roster: Sequence[ConsentGrant] | None, people: Iterable[str], now: datetime
) -> ConsentPlan:
    """Compare consents: a roster adds and withdraws, and never brings back what a person withdrew since.

    Parameters
    ----------
    stored, roster : sequence of ConsentGrant
        None where the roster holds no consents.
    people : iterable of str
        Everybody in the roster. Of them a consent that is in force is withdrawn where the roster no longer names it,
        as long as it names that field, purpose and audience for anybody.
    now : datetime
    """
    if roster is None:
        return ConsentPlan([], list(stored), 0)
    by_key = {_consent_key(grant): grant for grant in stored}
    withdrawn: dict[tuple[str, ...], datetime] = {}
    for grant in stored:
        if grant.withdrawn_at is not None:
            about = (grant.person_id, grant.field, grant.purpose)
            withdrawn[about] = max(grant.withdrawn_at, withdrawn.get(about, grant.withdrawn_at), key=_stamp)
    changes, kept = [], 0
    for grant in roster:
        same, last = by_key.get(_consent_key(grant)), withdrawn.get((grant.person_id, grant.field, grant.purpose))
        if grant.withdrawn_at is None and last is not None and _stamp(last) >= _stamp(grant.granted_at):
            kept += 1
        elif same is None or (same != grant and same.withdrawn_at is None):
            changes.append(grant)
    told = {(grant.person_id, *_combination(grant)) for grant in roster}
    managed, here = {_combination(grant) for grant in roster}, set(people)
    for grant in stored:
        stands = grant.in_force(now) and grant.person_id in here and _combination(grant) in managed
        if stands and (grant.person_id, *_combination(grant)) not in told:
            changes.append(grant.model_copy(update={"withdrawn_at": now}))
    after = by_key | {_consent_key(grant): grant for grant in changes}
    return ConsentPlan(changes, list(after.values()), kept)


def _combination(grant: ConsentGrant) -> tuple[str, str, str]:
    return grant.field, grant.purpose, grant.audience


def _consent_key(grant: ConsentGrant) -> tuple[Any, ...]:
    return grant.person_id, *_combination(grant), _stamp(grant.granted_at)


def _stamp(moment: datetime) -> float:

    return in_utc(moment).timestamp()


def plan_sync(
    stored: Mapping[str, Sequence[Any]], roster: Roster, consents: ConsentPlan, gone_at_most: float, now: datetime
) -> SyncPlan:
    """Return what a roster changes.

    Parameters
    ----------
    stored : mapping
        Records that are kept, by kind (`matchengine.store.documents.LOADED`).
    roster : Roster
        Its people without what no consent allows, as a store would keep them.
    consents : ConsentPlan
    gone_at_most : float
        Per cent of the people kept who may go, 0 to 100.
    now : datetime

    Raises
    ------
    DataError
        Where `gone_at_most` is out of range, or somebody has too many boundaries.
    """
    if not 0 <= gone_at_most <= 100:
        raise DataError(_("gone_at_most is {share:g}, expected 0 to 100 per cent", share=gone_at_most))
    before = Folder(people=list(stored["person"]), relationships=list(stored["relationship"]))
    before.consents = list(stored["consent"])
    after = Folder(people=before.people, consents=consents.after)
    if roster.people is not None:
        held = {person.id: person for person in before.people}
        after.people = [_with_boundaries(person, held.get(person.id)) for person in roster.people]
    reviews = 0
    for name in GATHERING_LISTS:
        own = list(stored[name.removesuffix("s")])
        listed = [_with_review(each, own) for each in roster.gatherings.get(name, own)]
        reviews += sum(one is not other for one, other in zip(listed, roster.gatherings.get(name, own), strict=True))
        setattr(before, name, own)
        setattr(after, name, listed)
    ties = _plan_ties(before.relationships, roster, now.date())
    after.relationships = ties.after
    before.contacts = after.contacts = ContactSheet()
    found = difference(before, after)
    answers = _new_answers(stored["feedback"], roster.feedback)
    changes: list[AnyRecord] = [*consents.changes, *_changed(found, after), *ties.changes, *answers]
    gone = [external for kind in KINDS[:-2] for external in getattr(found, kind).gone]
    share = 100 * len(found.people.gone) / len(before.people) if before.people else 0.0
    report = SyncReport(
        difference=found,
        refused=share > gone_at_most,
        people_before=len(before.people),
        gone_share=round(share, 1),
        gone_at_most=gone_at_most,
        ended=ties.ended,
        kept_apart=ties.kept_apart,
        kept_withdrawn=consents.kept,
        kept_reviews=reviews,
        feedback_added=len(answers),
    )
    return SyncPlan(report, changes, gone, first=not any(stored.values()))


def _changed(found: Difference, after: Folder) -> list[AnyRecord]:
    """Records of people and gatherings that came or differ, in the order of the roster."""
    changes: list[AnyRecord] = []
    for kind in KINDS[:-2]:
        of_kind = getattr(found, kind)
        wanted = {*of_kind.added, *of_kind.changed}
        changes += [record for record in getattr(after, kind) if record.id in wanted]
    return changes


def _with_boundaries(person: Person, held: Person | None) -> Person:
    """A person with the boundaries that they set since: a roster adds to them and lifts none."""
    more = () if held is None else tuple(one for one in held.boundaries if one not in person.boundaries)
    if not more:
        return person
    [made] = as_records([person.model_dump() | {"boundaries": (*person.boundaries, *more)}], Person)
    return made


def _with_review(gathering: Gathering, stored: Sequence[Gathering]) -> Gathering:
    """A gathering with the suspension and the review that somebody noted since, where the roster is silent."""
    held: Any = next((one for one in stored if one.id == gathering.id), None)
    if held is None or not hasattr(held, "reviewed_on"):
        return gathering
    now: Any = gathering
    kept: dict[str, Any] = {}
    if held.suspended and not now.suspended:
        kept["suspended"] = True
    if held.reviewed_on is not None and (now.reviewed_on is None or now.reviewed_on < held.reviewed_on):
        kept["reviewed_on"] = held.reviewed_on
    return gathering.model_copy(update=kept) if kept else gathering


@dataclass(frozen=True)
class _Ties:
    changes: list[Relationship]
    after: list[Relationship]
    ended: int
    kept_apart: int


def _plan_ties(stored: Sequence[Relationship], roster: Roster, today: date) -> _Ties:
    held = {_tie_key(tie): tie for tie in stored}
    listed = {_tie_key(tie): tie for tie in (*roster.more_relationships, *(roster.relationships or ()))}
    apart, ends = 0, []
    for key, tie in held.items():
        if roster.relationships is None or key in listed:
            continue
        if tie.kind == "must_not":
            apart += tie.status not in ("completed", "ended")
        elif tie.status in _STOPS:
            begun = tie.started is None or tie.started <= today
            last = today if begun and (tie.ends is None or tie.ends > today) else tie.ends
            ends.append(tie.model_copy(update={"status": "ended", "ends": last}))
    sent = [tie for key, tie in listed.items() if held.get(key) != tie and not _lifts(tie, held.get(key))]
    changes = [*ends, *sent]  # what ends comes first: the same two may go on in another way
    after = held | {_tie_key(tie): tie for tie in changes}
    return _Ties(changes, list(after.values()), len(ends), apart)


def _lifts(tie: Relationship, held: Relationship | None) -> Literal[False] | bool:
    """Whether a roster would let two meet again whom somebody keeps apart."""
    over = tie.kind == "must_not" and tie.status in ("completed", "ended")
    return over and held is not None and held.status not in ("completed", "ended")


def _tie_key(tie: Relationship) -> tuple[str, str, str, str]:
    return tie.kind, tie.person_id, tie.other_id, str(tie.started)


def _new_answers(stored: Iterable[Feedback], given: Iterable[Feedback]) -> list[Feedback]:
    known = {answer.model_dump_json() for answer in stored}
    return [answer for text, answer in {each.model_dump_json(): each for each in given}.items() if text not in known]
