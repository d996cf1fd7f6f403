"""On whose behalf something happens, for the record of who saw, decided, changed and erased what.

Whoever embeds the engine knows who is logged in; the engine does not. The host says so around its calls:

    with matchengine.acting("coordinator:7", why="first suggestions for the March round"):
        engine.suggest("p12", "mentor", viewer="coordinator")

What is said holds for the running thread or task; a task of asyncio inherits it, a thread that is started does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from matchengine.errors import DataError
from matchengine.i18n import _

__all__ = ["HOST", "ITSELF", "MOST_WHY", "Acting", "acting", "acting_itself", "acting_now", "is_actor"]

HOST = "host"
"""Who acts where nobody was named: the program that embeds the engine."""
ITSELF = "matchengine"
"""Who acts where time did: a consent ended, a document ran out."""
MOST_WHY = 200
_ACTOR = re.compile(r"^[^\s@]{1,64}\Z")


@dataclass(frozen=True)
class Acting:
    """Who acts, and why; `why` is empty where nothing was said."""

    actor: str = HOST
    why: str = ""


_NOBODY = Acting()
_ACTING: ContextVar[Acting] = ContextVar("matchengine_acting", default=_NOBODY)


def acting_now() -> Acting:
    """Return who acts in the running context."""
    return _ACTING.get()


def is_actor(actor: object) -> bool:
    """Tell whether something can be put on record as the id of who acts."""
    return isinstance(actor, str) and _ACTOR.match(actor) is not None


@contextmanager
def acting(actor: str, why: str | None = None) -> Iterator[None]:
    """Let everything inside the block happen on somebody's behalf; blocks may stand inside one another.

    Parameters
    ----------
    actor : str
        Opaque id of the host's choosing, 1 to 64 characters without white space, never an e-mail address:
        `coordinator:7`. It is stored as it is.
    why : str, optional
        In at most 200 characters the reason, a ticket number at best. It is stored as it is, and what was erased
        elsewhere stays here: never write anything about a person into it.

    Raises
    ------
    DataError
        Where one of the two cannot be put on record; it is not repeated.
    """
    if not is_actor(actor):
        raise DataError(
            _("actor: expected 1 to 64 characters without white space, never an e-mail address, such as coordinator:7")
        )
    if actor == ITSELF:
        raise DataError(_("actor: {name!r} is what the program does of itself; choose another id", name=ITSELF))
    told = "" if why is None else why
    if not isinstance(told, str) or len(told) > MOST_WHY or not told.isprintable():
        raise DataError(_("why: expected one line of at most {most} characters", most=MOST_WHY))
    with _as(Acting(actor, told)):
        yield


@contextmanager
def acting_itself() -> Iterator[None]:
    """Let what time brings about happen in nobody's name: the person who asks next has not done it."""
    with _as(Acting(ITSELF)):
        yield


@contextmanager
def _as(now: Acting) -> Iterator[None]:
    token = _ACTING.set(now)
    try:
        yield
    finally:
        _ACTING.reset(token)
