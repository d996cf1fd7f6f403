"""Invite pairs together: both members of a pair get the same event (domain.md S5-21).

Pairs are served in the order of a seeded lottery. Each gets the event whose lesser score of the two is highest, among
those that both may attend and that have two places left. Nobody is invited to different events through one pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

__all__ = ["draw_order", "invite_together"]

_BOTH = 2


def draw_order(pairs: Sequence[tuple[str, str]], seed: int) -> list[int]:
    """Return the positions of pairs in the order of a lottery that depends on the seed and the ids alone."""

    def drawn(position: int) -> tuple[bytes, tuple[str, str]]:
        pair = pairs[position]
        return blake2b("\0".join(pair).encode(), digest_size=8, key=str(seed).encode()).digest(), pair

    return sorted(range(len(pairs)), key=drawn)


def invite_together(
    pairs: Sequence[tuple[str, str]],
    scores: Mapping[str, Mapping[str, float]],
    places: Mapping[str, int],
    seed: int = 0,
) -> list[str | None]:
    """Return for each pair the one event to which both are invited; None where no event suits both or is free.

    Parameters
    ----------
    pairs : sequence of (id, id)
    scores : mapping of id to mapping of event id to float
        Of each person the events that they may attend at all, with a score in [0, 1].
    places : mapping of event id to int
        Places left, for the events where that is known; all others take everybody. Somebody who is in several pairs
        takes one place at an event.
    seed : int
        Of the lottery that decides who comes first where places are short; ties between events break by their ids.
    """
    left, coming = dict(places), set[tuple[str, str]]()
    found: list[str | None] = [None] * len(pairs)
    for position in draw_order(pairs, seed):
        one, other = pairs[position]
        theirs = scores.get(other, {})
        shared = {event: min(own, theirs[event]) for event, own in scores.get(one, {}).items() if event in theirs}
        for event in sorted(shared, key=lambda event: (-shared[event], event)):
            new = [(person, event) for person in (one, other) if (person, event) not in coming]
            if left.get(event, _BOTH) >= len(new):
                found[position] = event
                coming.update(new)
                if event in left:
                    left[event] -= len(new)
                break
    return found
