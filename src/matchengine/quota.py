"""How many different questions a member may ask in a day, so that nobody can map a programme by asking (SEC7).

Whoever may ask without end can find out who is there: one answer tells next to nothing, a thousand tell a lot. A count
lives in the memory of one process and ends with it: several processes that serve the same programme each keep their
own, so that a host with n of them allows up to n times as many. Such a host counts at its own door as well.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from matchengine.errors import MatchEngineError
from matchengine.forking import in_child
from matchengine.i18n import ngettext

__all__ = ["QUESTIONS_A_DAY", "Quota", "QuotaError"]

QUESTIONS_A_DAY = 50
"""Different questions that a member may ask in 24 hours, unless the configuration says otherwise."""
_WINDOW = timedelta(hours=24)


class QuotaError(MatchEngineError):
    """A member has asked as many different questions as one may in a day.

    Attributes
    ----------
    until : datetime
        From when on they may ask a new one (UTC). What they asked already is answered meanwhile.
    """

    def __init__(self, message: str, until: datetime) -> None:
        self.until = until
        super().__init__(message)


class Quota:
    """Counts the different questions of each member within the last 24 hours; safe to share among threads.

    The same question again is free, since a page that is opened twice must not cost anybody anything. Of a question a
    hash of eight bytes is kept and nothing else, for 24 hours.

    Parameters
    ----------
    most : int
        Different questions allowed in 24 hours.
    clock : callable
        Gives the time now, with its zone.
    """

    def __init__(self, most: int = QUESTIONS_A_DAY, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.most = most
        self.clock = clock
        self._asked: dict[str, dict[bytes, datetime]] = {}
        self._renew_lock()
        in_child(self._renew_lock)
        self._swept = clock()

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def count(self, person_id: str, *question: object) -> None:
        """Count a question before it is answered.

        Parameters
        ----------
        person_id : str
            Who asks: the requester, or the candidate where the answer speaks to that side.
        *question
            What makes it this question, such as `"explain", kind, requester_id, candidate_id`. Never a coordinator's.

        Raises
        ------
        QuotaError
            Where it would be one too many; then nothing is counted.
        """
        digest = hashlib.blake2b(repr(question).encode(), digest_size=8).digest()
        with self._lock:
            now = self.clock()
            self._sweep(now)
            asked = {key: at for key, at in self._asked.get(person_id, {}).items() if at > now - _WINDOW}
            if digest not in asked:
                if len(asked) >= self.most:
                    raise self._refusal(min(asked.values(), default=now) + _WINDOW)
                asked[digest] = now
            self._asked[person_id] = asked

    def forget(self, gone: Callable[[str], bool]) -> None:
        """Drop what is counted of people who were erased; `gone` tells who was."""
        with self._lock:
            self._asked = {who: of for who, of in self._asked.items() if not gone(who)}

    def _sweep(self, now: datetime) -> None:
        """Once in 24 hours let go of everybody who asked nothing within them."""
        if now - self._swept >= _WINDOW:
            self._asked = {who: of for who, of in self._asked.items() if max(of.values()) > now - _WINDOW}
            self._swept = now

    def _refusal(self, until: datetime) -> QuotaError:
        until = until.astimezone(UTC)
        told = ngettext(
            "{n} question was asked within 24 hours, and no more are answered, to protect everybody who takes part;"
            " ask a new one from {when} UTC",
            "{n} different questions were asked within 24 hours, and no more are answered, to protect everybody who"
            " takes part; ask a new one from {when} UTC",
            self.most,
            when=f"{_next_minute(until):%Y-%m-%d %H:%M}",
        )
        return QuotaError(told, until)


def _next_minute(at: datetime) -> datetime:
    """The first full minute that is not before a moment."""
    return (at + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)
