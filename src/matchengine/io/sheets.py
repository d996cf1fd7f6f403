"""What a coordinator takes away, as plain sheets: of a whole run, of a readiness check, of one person's suggestions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matchengine.errors import DataError
from matchengine.i18n import N_, _
from matchengine.io.contacts import ContactSheet
from matchengine.io.sheet_parts import (
    Cell,
    Figure,
    Match,
    Sheet,
    made_by,
    numbered,
    person_keys,
    please_note,
    role_name,
    side_keys,
    side_sheet,
    side_titles,
    summary_sheet,
    told,
    who,
)
from matchengine.records import Suggestion, SuggestionList
from matchengine.records.run import Balance, Draft, Readiness, Run, Stuck

__all__ = [
    "PAIR_COLUMNS",
    "PAIR_MARKS",
    "PLAN_COLUMNS",
    "Cell",
    "Sheet",
    "pairs_beside_ties",
    "sheets_of_readiness",
    "sheets_of_run",
    "sheets_of_suggestions",
]

PAIR_COLUMNS = (
    *("kind", "rank", "score", "confidence", "fit", "reasons", "words", "to_confirm", "limits", "valid_until"),
    "status",
)
PAIR_MARKS = frozenset({"requester_id", "candidate_id", *PAIR_COLUMNS})
PLAN_COLUMNS = ("standing", "locked", "made_by", "decision")
"""Headers by which a sheet of pairs that was written here is known again."""
_FINDING = N_("Finding {n}")


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
    looking, giving = side_titles(run.requester, run.candidate)
    best_first = sorted(run.drafts, key=lambda draft: -draft.suggestion.score)
    to_requesters = [_match(draft, looking=True) for draft in run.drafts]
    to_candidates = [_match(draft, looking=False) for draft in best_first]
    served = {draft.suggestion.requester_id for draft in run.drafts}
    stuck = {case.person_id: case for case in run.unserved}
    unserved = [stuck.get(one) or Stuck(person_id=one, why=()) for one in run.requester_ids if one not in served]
    return [
        _summary_of_run(run),
        _pairs([draft.suggestion for draft in run.drafts], contacts),
        side_sheet(looking, run.requester_ids, to_requesters, contacts),
        side_sheet(giving, run.candidate_ids, to_candidates, contacts),
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
    figures: list[Figure] = [
        (_("Kind of match"), readiness.kind),
        (_("People looking"), readiness.requesters),
        (_("People or groups giving"), readiness.candidates),
        (_("Free places"), readiness.places),
        (_("Most people who can be served at once"), readiness.servable),
        (_("Texts"), readiness.texts),
        (_("Texts in a language that the model does not read"), readiness.unread_texts),
    ]
    thin = tuple(
        (*who(case.person_id, contacts), ", ".join(map(role_name, case.roles)), "\n".join(case.missing))
        for case in readiness.thin
    )
    rules = tuple(
        (effect.rule, effect.reason, effect.pairs, effect.alone, effect.starved, told(effect.changes))
        for effect in readiness.rules
    )
    rule_header = (
        *(_("rule"), _("reason"), _("pairs forbidden"), _("pairs that it alone forbids")),
        *(_("people left without anybody"), _("what would help")),
    )
    return [
        summary_sheet([*figures, *numbered(_FINDING, readiness.summary)]),
        _supply_and_demand(readiness),
        Sheet(_("Thin profiles"), (*person_keys(contacts), _("roles"), _("missing")), thin),
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
    return tuple(
        name for name in headers if name in joined or name in {*PAIR_COLUMNS, *PLAN_COLUMNS} - {"kind", "status"}
    )


def _summary_of_run(run: Run) -> Sheet:
    best: dict[str, float] = {}
    known_last = sorted(run.drafts, key=lambda d: (d.suggestion.fit != "too_little_known", d.suggestion.score))
    for draft in known_last:  # never by place: what lifts do moves it
        best[draft.suggestion.requester_id] = draft.suggestion.score
    suggested = {draft.suggestion.candidate_id for draft in run.drafts}
    figures: list[Figure] = [
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
    findings = numbered(_FINDING, run.readiness.summary if run.readiness else ())
    return summary_sheet([*figures, *findings, *made_by(run.fingerprint), please_note()])


def _match(draft: Draft, *, looking: bool) -> Match:
    ids = draft.suggestion.requester_id, draft.suggestion.candidate_id
    person, other = ids if looking else ids[::-1]
    return Match(person, other, draft.suggestion.score, draft.to_requester if looking else draft.to_candidate)


def _pairs(suggestions: Sequence[Suggestion], contacts: ContactSheet | None) -> Sheet:
    header = side_keys("requester", contacts) + side_keys("candidate", contacts)
    rows = tuple(
        (*who(one.requester_id, contacts), *who(one.candidate_id, contacts), *_pair_cells(one)) for one in suggestions
    )
    return Sheet(_("Pairs"), header + PAIR_COLUMNS, rows)


def _pair_cells(one: Suggestion) -> tuple[Cell, ...]:
    reasons = " ".join(reason.text for reason in one.reasons if reason.text)
    words = ", ".join(dict.fromkeys(word for reason in one.reasons for word in reason.words))
    numbers = (one.rank, one.score, one.confidence)
    told = (reasons, words, "; ".join(one.to_confirm), " ".join(one.limits))
    return (one.kind, *numbers, one.fit, *told, one.valid_until, one.status)


def _stuck(title: str, cases: Sequence[Stuck], contacts: ContactSheet | None) -> Sheet:
    header = (*person_keys(contacts), _("why"), _("what would help"))
    rows = tuple((*who(case.person_id, contacts), told(case.why), told(case.changes)) for case in cases)
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
