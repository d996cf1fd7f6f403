"""What a member may be shown of suggestions: bands and words, no number that tells of others (SEC7).

Scores, confidences and the neutral score depend on everybody in the programme, and so do an exact order and how much
each reason weighs: whoever reads them before and after somebody joined can tell. A member's face shows these records
instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Literal

from matchengine.records.base import Id, Record
from matchengine.records.result import Fit, Suggestion

__all__ = ["MemberSuggestion", "RankBand", "members_view"]

RankBand = Literal["first", "next", "further"]
_BANDS: tuple[tuple[int, RankBand], ...] = ((3, "first"), (10, "next"))
"""Last rank of each band; whoever comes later is `further`."""


class MemberSuggestion(Record):
    """A draft suggestion as the person for whom it is made may see it.

    Attributes
    ----------
    band : str
        `first` for ranks 1 to 3, `next` for 4 to 10, `further` beyond.
    fit : str
        As in `Suggestion`: a word, never a score.
    reasons : tuple of str
        What speaks of the pair, in words alone and in an order that tells nothing.
    to_confirm, limits : tuple of str
        As in `Suggestion`.
    status : str
        Always `draft`: people have the last word.
    """

    requester_id: Id
    candidate_id: Id
    kind: str
    band: RankBand
    fit: Fit
    reasons: tuple[str, ...]
    to_confirm: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    valid_until: date | None = None
    status: Literal["draft"] = "draft"


def members_view(suggestions: Iterable[Suggestion]) -> tuple[MemberSuggestion, ...]:
    """Return one person's suggestions as that person may see them: the bands in order, each in an order of its own.

    Within a band the order is drawn by lot, always the same for the same two people: it tells nothing of their places.
    Nor do reasons stand in the order of their weight.

    Parameters
    ----------
    suggestions : iterable of Suggestion
        Made for a member (`viewer="requester"`, the default of `Engine.suggest`), so that every sentence is theirs to
        read.
    """
    drawn = sorted(suggestions, key=lambda s: (_band(s.rank), _lot(s), s.candidate_id))
    return tuple(
        MemberSuggestion(
            requester_id=s.requester_id,
            candidate_id=s.candidate_id,
            kind=s.kind,
            band=_BANDS[_band(s.rank)][1] if _band(s.rank) < len(_BANDS) else "further",
            fit=s.fit,
            reasons=tuple(r.text for r in sorted(s.reasons, key=lambda r: r.scorer) if r.text),
            to_confirm=s.to_confirm,
            limits=s.limits,
            valid_until=s.valid_until,
        )
        for s in drawn
    )


def _band(rank: int) -> int:
    return sum(rank > last for last, _name in _BANDS)


def _lot(suggestion: Suggestion) -> bytes:
    return hashlib.sha256(f"{suggestion.requester_id}\n{suggestion.candidate_id}".encode()).digest()
