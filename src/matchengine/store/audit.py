"""The record of who saw, decided, changed and erased what: appended to, never changed, chained by hashes.

Each line holds the hash of the line before, so a line that is changed, taken out or moved breaks the chain from there
on. Two things a chain alone cannot show: that its end was cut off (the store holds the number and hash of the last line
beside it, and an anchor kept elsewhere shows it even where both were changed), and that all of it was made anew by
somebody who may write to the database (only the anchor shows that).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.store.base import AuditLine, Event

__all__ = [
    "CUT",
    "EVERYBODY",
    "FIRST",
    "Anchor",
    "Break",
    "chained",
    "concerns",
    "cut_event",
    "find_break",
    "first_break",
    "hash_of",
    "head_of",
    "pseudonym",
    "read_anchor",
]

FIRST = "0" * 64
"""What stands for the hash before the first line."""
CUT = "cut"
"""Action of the line that signs for lines before it that were cut off."""
EVERYBODY = "everybody"
"""Whom a line is about that names nobody: it may concern anyone."""
_ANCHOR = re.compile(r"^(\d{1,18}):([0-9a-f]{64})$")


class Anchor(NamedTuple):
    """Number and hash of a line: whoever keeps it elsewhere can tell later that nothing up to there was changed."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class Break(NamedTuple):
    """The first line where a record is not what was written.

    `what` says how: its `content` was changed, or its `order` (it, or one before it, was taken out, put in or moved);
    the `start` was cut off and nobody signed for it; the `end` was cut off, or lines were added behind it that the
    store knows nothing of; or the line is not the one that an `anchor` kept elsewhere names, or is there no more.
    """

    number: int
    what: Literal["content", "order", "start", "end", "anchor"]


def chained(last: AuditLine | None, event: Event, at: datetime) -> AuditLine:
    """Return the line that puts an event behind the last line, or begins the chain."""
    number, previous = (1, FIRST) if last is None else (last.number + 1, last.hash)
    return AuditLine(number, at, event, previous, hash_of(number, at, event, previous))


def hash_of(number: int, at: datetime, event: Event, previous: str) -> str:
    """Return the SHA-256 of everything in a line and of the hash of the line before, 64 hexadecimal digits."""
    told = [
        number, at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor, event.action,
        list(event.subjects), dict(sorted(event.details.items())), event.why, previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def first_break(lines: Iterable[AuditLine]) -> int | None:
    """Return the number of the first line that is not what was written, or is not where it was; None where all are."""
    found = find_break(lines)
    return None if found is None else found.number


def find_break(lines: Iterable[AuditLine], head: Anchor | None = None, anchor: Anchor | None = None) -> Break | None:
    """Return where a record is first broken; None where every line is what was written.

    Parameters
    ----------
    lines : iterable of AuditLine
        Oldest first, as they lie there.
    head : Anchor, optional
        Number and hash of the last line as the store notes them beside the record.
    anchor : Anchor, optional
        As somebody keeps it elsewhere.
    """
    last, owed = Anchor(0, FIRST), None
    pinned = anchor is None or anchor == last
    for place, line in enumerate(lines):
        if place == 0 and line.number > 1 and line.previous != FIRST:
            last = owed = Anchor(line.number - 1, line.previous)  # what was cut; a later line has to sign for it
            pinned = anchor is None or anchor == last
        if (line.number, line.previous) != (last.number + 1, last.hash):
            return Break(last.number + 1, "order")
        if hash_of(line.number, line.at, line.event, line.previous) != line.hash:
            return Break(line.number, "content")
        last = Anchor(line.number, line.hash)
        if anchor is not None and anchor.number == line.number:
            if anchor != last:
                return Break(line.number, "anchor")
            pinned = True
        if owed is not None and line.event.action == CUT and _signed(line.event) == owed:
            owed = None
    if owed is not None:
        return Break(owed.number + 1, "start")
    if head is not None and head != last:
        return Break(min(head.number, last.number) + 1 if head.number != last.number else last.number, "end")
    return None if anchor is None or pinned else Break(anchor.number, "anchor")


def head_of(lines: Iterable[AuditLine]) -> Anchor:
    """Return number and hash of the last line; (0, FIRST) of an empty record."""
    last = Anchor(0, FIRST)
    for line in lines:
        last = Anchor(line.number, line.hash)
    return last


def read_anchor(text: str) -> Anchor:
    """Read an anchor as `str(Anchor)` writes it.

    Raises
    ------
    DataError
    """
    found = _ANCHOR.match(text.strip())
    if found is None:
        raise DataError(_("anchor: expected a number, a colon and 64 hexadecimal digits, as `audit anchor` prints it"))
    return Anchor(int(found[1]), found[2])


def cut_event(up_to: AuditLine, actor: str, why: str) -> Event:
    """Return the event that signs for cutting off a record up to a line, that line included."""
    return Event(actor, CUT, details={"up_to": str(up_to.number), "hash": up_to.hash}, why=why)


def _signed(event: Event) -> Anchor | None:
    number = event.details.get("up_to", "")
    return Anchor(int(number), event.details.get("hash", "")) if number.isdecimal() else None


def pseudonym(key: bytes, programme: str, person_id: str) -> str:
    """Return what stands for an id on record and in logs: 32 hexadecimal digits, the same each time.

    HMAC-SHA256 under the store's key: who holds the key can look up what concerns a known person, and nobody can read
    out of it whom it concerns. The same id has another one in each programme.

    Parameters
    ----------
    key : bytes
        Key of the store, at least 16 bytes.
    """
    told = json.dumps(["audit", programme, person_id], separators=(",", ":")).encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:32]


def concerns(lines: Iterable[AuditLine], subject: str) -> Iterator[AuditLine]:
    """Yield the lines that concern a person, or may: those that name their pseudonym, and those about everybody."""
    for line in lines:
        if subject in line.event.subjects or line.event.details.get("about") == EVERYBODY:
            yield line
