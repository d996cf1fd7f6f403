"""Consent as a spreadsheet holds it: a clear yes in the named column, row by row (domain.md B4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from matchengine.i18n import _
from matchengine.io.mapping import ConsentRule, Mapping
from matchengine.io.plan import ColumnPlan
from matchengine.io.report import Report
from matchengine.io.standards import BadValueError, parse_date
from matchengine.io.tables import RawTable, is_blank
from matchengine.io.words import BLANKS, is_yes, normalise

__all__ = ["Answer", "answer_of"]


@dataclass(slots=True)
class Answer:
    """What a row's consent columns say for one field.

    Attributes
    ----------
    grants : list of dict
        Consent grants without `person_id`; empty means that the value may not be read.
    refused : bool
        Whether a consent column holds an answer that is not a clear yes.
    """

    grants: list[dict[str, Any]] = field(default_factory=list)
    refused: bool = False


def answer_of(
    column: ColumnPlan, cells: Sequence[object], table: RawTable, number: int, mapping: Mapping, report: Report
) -> Answer:
    """Return what a row consents to for the field of a sensitive column.

    A consent without a readable date is no consent; the date's cell is reported.
    """
    answer = Answer()
    for plan in column.consents:
        raw = cells[plan.column]
        if is_blank(raw) or (isinstance(raw, str) and normalise(raw) in BLANKS):
            continue
        purposes = _purposes(plan.rule, raw)
        if not purposes:
            answer.refused = True
            continue
        given: date | None = plan.rule.date
        if plan.date_column is not None:
            try:
                given = parse_date(cells[plan.date_column], mapping.defaults.date_order)
            except BadValueError as error:
                header = table.headers[plan.date_column]
                expected = _(
                    "the day of consent, {error}; without it {field} was not read",
                    error=str(error),
                    field=column.target.name,
                )
                report.add(table.name, expected, row=number, column=header)
                continue
        answer.grants += _grants(column.target.consent, plan.rule, purposes, _moment(given), mapping)
    return answer


def _purposes(rule: ConsentRule, raw: object) -> tuple[str, ...]:
    key = normalise(str(raw))
    if rule.answers:
        return {normalise(text): purposes for text, purposes in rule.answers.items()}.get(key, ())
    clear = is_yes(raw) or key in {normalise(text) for text in rule.yes}
    return rule.purposes if clear else ()


def _moment(given: date | None) -> datetime:
    if isinstance(given, datetime):
        return given
    if given is None:
        raise BadValueError(_("a date of consent"))
    return datetime(given.year, given.month, given.day)


def _grants(
    name: str, rule: ConsentRule, purposes: Sequence[str], given: datetime, mapping: Mapping
) -> list[dict[str, Any]]:
    ends = {"expires_at": given + timedelta(days=rule.expires_after_days)} if rule.expires_after_days else {}
    return [
        {
            "field": name,
            "purpose": purpose,
            "audience": rule.audience,
            "text_version": rule.text_version,
            "language": rule.language or mapping.defaults.text_language,
            "granted_at": given,
            "source": "form",
            **ends,
        }
        for purpose in purposes
    ]
