"""What a coordinator takes away, as plain sheets: of a whole run, of a readiness check, of one person's suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.limits import DEFAULT_LIMITS
from matchengine.records import Suggestion, SuggestionList
from matchengine.records.explanation import Change, Obstacle
from matchengine.records.run import Balance, Draft, Readiness, Run, Stuck

__all__ = [
    "PAIR_MARKS",
    "Cell",
    "Sheet",
    "pairs_beside_ties",
    "sheets_of_readiness",
    "sheets_of_run",
    "sheets_of_suggestions",
]

Cell = str | int | float | date | None
"""What one cell may hold; None is an empty cell."""

_PAIR = (
    *("kind", "rank", "score", "confidence", "fit", "reasons", "words", "to_confirm", "limits", "valid_until"),
    "status",
)
PAIR_MARKS = frozenset({"requester_id", "candidate_id", *_PAIR})
"""Headers by which a sheet of pairs that was written here is known again."""
_ROLES = {
    "anyone": N_("anyone"),
    "mentee": N_("mentee"),
    "mentor": N_("mentor"),
    "peer": N_("peer"),
    "sponsor": N_("sponsor"),
    "protege": N_("protege"),
    "buddy": N_("buddy"),
    "facilitator": N_("facilitator"),
    "volunteer": N_("volunteer"),
    "group": N_("group"),
    "event": N_("event"),
    "resource": N_("resource"),
    "organisation": N_("organisation"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """One sheet of a workbook, or one CSV file.

    Attributes
    ----------
    title : str
        In the reader's language; may be longer than a spreadsheet program allows.
    header : tuple of str
        One name per column.
    rows : tuple of tuples of Cell
        As many cells as the header has, in every row.
    listing : bool
        Whether the rows are of one kind, so that filtering and sorting them makes sense.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    listing: bool = True

    def __repr__(self) -> str:
        """Return title and size alone: cells may hold names."""
        return f"Sheet({self.title!r}, {len(self.header)} columns, {len(self.rows)} rows)"


def sheets_of_run(run: Run, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a whole run: summary, pairs, one sheet per side, and who got nothing.

    Parameters
    ----------
    run : Run
        Titles and labels come in the language of the running context (`i18n.speaking`); the sentences of the run stay
        as they are.
    contacts : ContactSheet, optional
        If given, names and e-mail addresses are joined from it; unknown ones stay empty. Without it no sheet holds any.

    Returns
    -------
    list of Sheet
        The columns of the pairs, and `id`, `name`, `email` elsewhere, have the same names in every language: the
        importer reads them. Everybody who took part has a row in the sheet of their side. A side sheet has columns for
        as many matches as the importer reads columns; the pairs always hold all.
    """
    looking, giving = _role(run.requester), _role(run.candidate)
    if looking == giving:
        looking, giving = _("{role} (looking)", role=looking), _("{role} (suggested)", role=giving)
    best_first = sorted(run.drafts, key=lambda draft: -draft.suggestion.score)
    to_requesters = [(d.suggestion.requester_id, d.suggestion.candidate_id, d, d.to_requester) for d in run.drafts]
    to_candidates = [(d.suggestion.candidate_id, d.suggestion.requester_id, d, d.to_candidate) for d in best_first]
    served = {draft.suggestion.requester_id for draft in run.drafts}
    stuck = {case.person_id: case for case in run.unserved}
    unserved = [stuck.get(one) or Stuck(person_id=one, why=()) for one in run.requester_ids if one not in served]
    return [
        _summary_of_run(run),
        _pairs([draft.suggestion for draft in run.drafts], contacts),
        _side(looking, run.requester_ids, to_requesters, contacts),
        _side(giving, run.candidate_ids, to_candidates, contacts),
        _stuck(_("Without a suggestion"), unserved, contacts),
    ]


def sheets_of_readiness(readiness: Readiness, contacts: ContactSheet | None = None) -> list[Sheet]:
    """Return the sheets of a readiness check: summary, supply and demand, thin profiles, rules, without anybody.

    Parameters
    ----------
    readiness : Readiness
    contacts : ContactSheet, optional
        As for `sheets_of_run`.
    """
    figures: list[tuple[str, Cell]] = [
        (_("Kind of match"), readiness.kind),
        (_("People looking"), readiness.requesters),
        (_("People or groups giving"), readiness.candidates),
        (_("Free places"), readiness.places),
        (_("Most people who can be served at once"), readiness.servable),
        (_("Texts"), readiness.texts),
        (_("Texts in a language that the model does not read"), readiness.unread_texts),
    ]
    thin = tuple(
        (*_who(case.person_id, contacts), ", ".join(map(_role, case.roles)), "\n".join(case.missing))
        for case in readiness.thin
    )
    rules = tuple(
        (effect.rule, effect.reason, effect.pairs, effect.alone, effect.starved, _lines(effect.changes))
        for effect in readiness.rules
    )
    rule_header = (
        *(_("rule"), _("reason"), _("pairs forbidden"), _("pairs that it alone forbids")),
        *(_("people left without anybody"), _("what would help")),
    )
    return [
        _summary(figures, readiness.summary),
        _supply_and_demand(readiness),
        Sheet(_("Thin profiles"), (*_person_keys(contacts), _("roles"), _("missing")), thin),
        Sheet(_("Rules"), rule_header, rules),
        _stuck(_("Without anybody"), readiness.stuck, contacts),
    ]


def sheets_of_suggestions(
    suggestions: Iterable[Suggestion | SuggestionList], contacts: ContactSheet | None = None
) -> list[Sheet]:
    """Return the pairs alone, one row per suggestion in the given order.

    Parameters
    ----------
    suggestions : iterable of Suggestion or SuggestionList
    contacts : ContactSheet, optional
        As for `sheets_of_run`.

    Raises
    ------
    DataError
        If an item is no suggestion.
    """
    found: list[Suggestion] = []
    for item in suggestions:
        if not isinstance(item, (Suggestion, SuggestionList)):
            raise DataError(_("expected Suggestion records; got {kind}", kind=type(item).__name__))
        found += item.suggestions if isinstance(item, SuggestionList) else (item,)
    return [_pairs(found, contacts)]


def pairs_beside_ties(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that make no tie if these are the headers of a pairs sheet of ours; else none."""
    if not set(headers) >= PAIR_MARKS:
        return ()
    joined = {f"{side}_{key}" for side in ("requester", "candidate") for key in ("name", "email")}
    return tuple(name for name in headers if name in joined or name in set(_PAIR) - {"kind", "status"})


def _role(role: str) -> str:
    return _(_ROLES[role]) if role in _ROLES else role


def _person_keys(contacts: ContactSheet | None) -> tuple[str, ...]:
    return ("id",) if contacts is None else ("id", "name", "email")


def _who(person_id: str, contacts: ContactSheet | None) -> tuple[Cell, ...]:
    """Return the cells that say who: the id, and with contacts the name and the e-mail address."""
    if contacts is None:
        return (person_id,)
    contact = contacts.get(person_id)
    return (person_id, contact.full_name, contact.email) if contact else (person_id, None, None)


def _lines(sentences: Sequence[Obstacle | Change]) -> str:
    return "\n".join(sentence.text for sentence in sentences)


def _summary(figures: list[tuple[str, Cell]], findings: Sequence[str]) -> Sheet:
    findings_named = [(_("Finding {n}", n=number), text) for number, text in enumerate(findings, 1)]
    return Sheet(_("Summary"), (_("Key figure"), _("Value")), (*figures, *findings_named), listing=False)


def _summary_of_run(run: Run) -> Sheet:
    best: dict[str, float] = {}
    known_last = sorted(run.drafts, key=lambda d: (d.suggestion.fit != "too_little_known", d.suggestion.score))
    for draft in known_last:  # never by place: what lifts do moves it
        best[draft.suggestion.requester_id] = draft.suggestion.score
    suggested = {draft.suggestion.candidate_id for draft in run.drafts}
    figures: list[tuple[str, Cell]] = [
        (_("Kind of match"), run.kind),
        (_("As of"), run.fingerprint.as_of),
        (_("People looking"), len(run.requester_ids)),
        (_("People or groups giving"), len(run.candidate_ids)),
        (_("Suggestions made"), len(run.drafts)),
        (_("People with a suggestion"), sum(one in best for one in run.requester_ids)),
        (_("People without a suggestion"), sum(one not in best for one in run.requester_ids)),
        (_("Best score, mean over people"), round(sum(best.values()) / len(best), 2) if best else None),
        (_("Best score, lowest of all people"), min(best.values(), default=None)),
        (_("Candidates suggested to nobody"), sum(one not in suggested for one in run.candidate_ids)),
        (_("Free places"), sum(run.places.values()) if run.places else None),
    ]
    sheet = _summary(figures, run.readiness.summary if run.readiness else ())
    made_by: list[tuple[str, Cell]] = [
        (_("Configuration"), run.fingerprint.config),
        (_("Model"), run.fingerprint.model),
        (_("Generation of the data"), run.fingerprint.generation),
        (_("Please note"), _("These are drafts: nothing is decided until the people themselves agree.")),
    ]
    return Sheet(sheet.title, sheet.header, (*sheet.rows, *made_by), listing=False)


def _pairs(suggestions: Sequence[Suggestion], contacts: ContactSheet | None) -> Sheet:
    header = tuple(f"{side}_{key}" for side in ("requester", "candidate") for key in _person_keys(contacts))
    rows = tuple(
        (*_who(one.requester_id, contacts), *_who(one.candidate_id, contacts), *_pair_cells(one)) for one in suggestions
    )
    return Sheet(_("Pairs"), header + _PAIR, rows)


def _pair_cells(one: Suggestion) -> tuple[Cell, ...]:
    reasons = " ".join(reason.text for reason in one.reasons if reason.text)
    words = ", ".join(dict.fromkeys(word for reason in one.reasons for word in reason.words))
    numbers = (one.rank, one.score, one.confidence)
    told = (reasons, words, "; ".join(one.to_confirm), " ".join(one.limits))
    return (one.kind, *numbers, one.fit, *told, one.valid_until, one.status)


def _side(
    title: str,
    person_ids: Sequence[str],
    matches: Sequence[tuple[str, str, Draft, str]],
    contacts: ContactSheet | None,
) -> Sheet:
    """Return one row per person of a side; `matches` holds person, other, draft and the text for the person."""
    found: dict[str, list[tuple[str, float, str]]] = {person: [] for person in person_ids}
    for person, other, draft, text in matches:
        found.setdefault(person, []).append((other, draft.suggestion.score, text))
    keys = _person_keys(contacts)
    room = (DEFAULT_LIMITS.columns - len(keys) - 2) // (len(keys) + 1)
    shown = min(room, max(map(len, found.values()), default=0))
    header = [*keys, _("number of matches")]
    for n in range(1, shown + 1):
        named = [] if contacts is None else [_("match {n} name", n=n), _("match {n} email", n=n)]
        header += [_("match {n}", n=n), *named, _("match {n} score", n=n)]
    rows = []
    for person, members in found.items():
        cells = [*_who(person, contacts), len(members)]
        for other, score, _text in members[:shown]:
            cells += [*_who(other, contacts), score]
        cells += [None] * (len(header) - len(cells))
        details = [
            f"{n}. {_called(other, contacts)}\n{text}" for n, (other, _score, text) in enumerate(members, 1) if text
        ]
        rows.append((*cells, "\n\n".join(details)))
    return Sheet(title, (*header, _("match details")), tuple(rows))


def _called(person_id: str, contacts: ContactSheet | None) -> str:
    """The name of a person where contacts are joined and know it, else the id."""
    contact = contacts.get(person_id) if contacts is not None else None
    return (contact.full_name if contact else None) or person_id


def _stuck(title: str, cases: Sequence[Stuck], contacts: ContactSheet | None) -> Sheet:
    header = (*_person_keys(contacts), _("why"), _("what would help"))
    rows = tuple((*_who(case.person_id, contacts), _lines(case.why), _lines(case.changes)) for case in cases)
    return Sheet(title, header, rows)


def _supply_and_demand(readiness: Readiness) -> Sheet:
    tables: list[tuple[str, tuple[Balance, ...]]] = [
        (_("needs"), readiness.needs),
        (_("fields"), readiness.fields),
        (_("languages"), readiness.languages),
        (_("times"), readiness.slots),
    ]
    rows = tuple(
        (table, one.key, one.label, one.demand, one.supply, one.places) for table, found in tables for one in found
    )
    header = (_("table"), _("key"), _("label"), _("people looking"), _("people giving"), _("free places"))
    return Sheet(_("Supply and demand"), header, rows)
