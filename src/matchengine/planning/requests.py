"""What a sponsor sees: open requests in order, never a ranking of the people who ask (domain.md C7; S1-04)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from typing import Literal

from matchengine.records import Relationship

__all__ = ["RequestOrder", "requests_in_order"]

RequestOrder = Literal["arrival", "lottery"]


def requests_in_order(
    relationships: Iterable[Relationship], sponsor_id: str, order: RequestOrder = "arrival", seed: int = 0
) -> tuple[Relationship, ...]:
    """Return the open requests to a sponsor: sponsorships that are proposed and wait for a decision.

    Nothing about the people who ask has a part in the order, and no score exists.

    Parameters
    ----------
    order : str
        `arrival`: by the date the request was made (`started`), those without a date last, and of equals the one that
        is given first. `lottery`: by a number drawn from the seed, the sponsor and the request, the same for every
        reader and whatever order the records are given in.
    """
    waiting = [r for r in relationships if (r.kind, r.status, r.other_id) == ("sponsorship", "proposed", sponsor_id)]
    if order == "arrival":
        return tuple(sorted(waiting, key=lambda request: request.started or date.max))
    key = str(seed).encode()
    return tuple(sorted(waiting, key=lambda r: blake2b(f"{r.other_id} {r.person_id}".encode(), key=key).digest()))
