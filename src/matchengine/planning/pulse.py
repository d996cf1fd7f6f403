"""What members say anonymously about the feel of their group, shown only where enough of them say it (S4-10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["LEAST", "shown_tags"]

LEAST = 5
"""Fewest members who must name a tag before anybody reads it (domain.md Annex 3)."""


def shown_tags(answers: Iterable[Iterable[str]], least: int = LEAST) -> tuple[str, ...]:
    """Return the tags that at least `least` members named, most named first, without their counts.

    Parameters
    ----------
    answers : iterable of iterables of str
        The tags of one member each; small and capital letters are one tag, and naming it twice counts once.
    least : int
        5 or more.

    Raises
    ------
    DataError
        When `least` is below 5: a smaller number would let people guess who said it.
    """
    if least < LEAST:
        raise DataError(_("tags that {n} members named cannot be shown; give {least} or more", n=least, least=LEAST))
    counts = Counter(tag for answer in answers for tag in {word.strip().casefold() for word in answer} if tag)
    return tuple(tag for tag, n in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if n >= least)
