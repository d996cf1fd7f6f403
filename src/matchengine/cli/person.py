"""What commands about one person share: numbers from 1, and words for somebody who is not there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from matchengine.cli.locations import shown
from matchengine.errors import UnknownIdError
from matchengine.i18n import _

__all__ = ["at_least_one", "known"]


def at_least_one(given: str) -> int:
    """Read a whole number from 1."""
    if (number := int(given)) < 1:
        raise argparse.ArgumentTypeError(_("{number} is too small, expected at least 1", number=number))
    return number


@contextmanager
def known(arguments: argparse.Namespace) -> Iterator[None]:
    """Say for the command line that the person is not there."""
    try:
        yield
    except UnknownIdError as error:
        told = _("no such person in {data}: {id!r}; check the number", data=shown(arguments.data), id=arguments.person)
        raise UnknownIdError(told) from error
