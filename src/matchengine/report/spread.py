"""The sections on all suggestions of a run together: how scores are spread, and who is suggested how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matchengine.i18n import _
from matchengine.records import Run, Suggestion
from matchengine.report.charts import columns, exposure_bars
from matchengine.report.parts import Chart, Charts, Names, Section, Table
from matchengine.report.score_charts import FITS, histogram, score_and_known
from matchengine.report.shapes import count

__all__ = ["exposure_section", "scores_section"]

_MOST_COLUMNS = 7
"""Columns beside the one of those who are never suggested."""


def scores_section(run: Run) -> Section | None:
    """Return how the scores are spread, of each person's best suggestion and of all; None without any."""
    if not run.drafts:
        return None
    drafts = [draft.suggestion for draft in run.drafts]
    best: dict[str, Suggestion] = {}
    for draft in sorted(drafts, key=lambda s: (s.fit != "too_little_known", s.score)):  # never by place: lifts move it
        best[draft.requester_id] = draft
    first = list(best.values())
    good = sum(draft.fit == "good" for draft in first)
    panels = (
        Chart(
            _("Best suggestion of each person"),
            histogram("best", _("Scores of best suggestions"), [d.score for d in first], [d.fit for d in first]),
        ),
        Chart(
            _("All suggestions shown"),
            histogram("all", _("Scores of all suggestions"), [d.score for d in drafts], [d.fit for d in drafts]),
        ),
        Chart(
            _("Score, and how much is known"),
            score_and_known("known", _("Score and known share"), [(d.score, d.confidence, d.fit) for d in drafts]),
        ),
    )
    tally, of_all = Counter(d.fit for d in first), Counter(d.fit for d in drafts)
    rows = tuple((_(words), count(tally[fit]), count(of_all[fit])) for fit, words in FITS.items())
    header = (_("fit"), _("best suggestions"), _("all suggestions"))
    table = Table(_("Scores in numbers"), header, rows, frozenset({1, 2}), folded=True)
    lead = (
        _("People whose best suggestion is a good fit: {n} of {total}.", n=good, total=len(first)),
        _("A score compares a pair with an average one. It is no grade for a person."),
    )
    return Section("scores", _("Scores"), (Charts("", panels, (table,)),), lead)


def exposure_section(run: Run, names: Names) -> Section | None:
    """Return how often each candidate is suggested, against free places; None without any candidate."""
    if not run.candidate_ids or not run.drafts:
        return None
    times = Counter(draft.suggestion.candidate_id for draft in run.drafts)
    first = Counter(draft.suggestion.candidate_id for draft in run.drafts if draft.suggestion.rank == 1)
    everybody = sorted({*run.candidate_ids, *times}, key=lambda c: (-times[c], -first[c], c))
    rows = [(c, times[c], run.places.get(c)) for c in everybody if times[c]]
    unseen = len(everybody) - len(rows)
    over = sum(places is not None and number > places for _id, number, places in rows)
    counts = _tally([times[c] for c in everybody])
    panels = (
        Chart(_("Most often suggested"), exposure_bars("often", _("How often each is suggested"), rows)),
        Chart(
            _("How many are suggested how often"),
            columns("spread", _("Number of candidates by times suggested"), counts, _("Times suggested")),
        ),
    )
    header = (_("candidate"), _("times suggested"), _("as the first suggestion"), _("free places"))
    told = tuple(
        (names.who(c), count(times[c]), count(first[c]), count(run.places[c]) if c in run.places else "")
        for c in everybody
    )
    table = Table(_("Exposure in numbers"), header, told, frozenset({1, 2, 3}), folded=True)
    lead = (
        _("In nobody's list: {n} of {total}.", n=unseen, total=len(everybody)),
        _("Suggested more often than they have places: {n}. They cannot say yes to everybody.", n=over)
        if run.places
        else _("Free places are not stated, so nobody can be called overbooked."),
    )
    return Section("exposure", _("Who is suggested how often"), (Charts("", panels, (table,)),), lead)


def _tally(times: Sequence[int]) -> list[tuple[str, int]]:
    """Return how many are suggested never, and how often the others, in steps that fit the chart."""
    step = max(1, -(-max(times) // _MOST_COLUMNS))
    groups = Counter(-(-number // step) for number in times)
    labels = ["0", *(str(n) if step == 1 else f"{(n - 1) * step + 1}–{n * step}" for n in range(1, max(groups) + 1))]
    return [(label, groups[n]) for n, label in enumerate(labels)]
