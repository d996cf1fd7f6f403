"""The boundary of a component in this process: it cannot write, print or end the process, and its result is checked."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOBase
from typing import Any

import numpy as np

from matchengine.batch import Quotes, Scored
from matchengine.errors import PluginError
from matchengine.forking import in_child
from matchengine.i18n import _

__all__ = ["call", "check_scored", "quiet"]

_TOLERANCE = 1e-6
_MOST_EVIDENCE = 64


class _Hush(TextIOBase):
    """Stands in for stdout: what a thread writes while it runs a component is counted and dropped."""

    def __init__(self) -> None:
        self.inside = threading.local()
        self.lock = threading.Lock()
        self.users = 0
        self.real: Any = None

    def write(self, text: str) -> int:
        """Count, or pass on what another thread writes."""
        if getattr(self.inside, "depth", 0):
            self.inside.written += len(text)
            return len(text)
        return int(self.real.write(text))

    def flush(self) -> None:
        """Pass on."""
        if self.real is not None:
            self.real.flush()

    def forked(self) -> None:
        """In a forked child: of the threads inside a component only the one that forked is left."""
        self.lock = threading.Lock()
        self.users = min(getattr(self.inside, "depth", 0), self.users)
        if not self.users and sys.stdout is self:
            sys.stdout = self.real


_HUSH = _Hush()
in_child(_HUSH.forked)


@contextmanager
def quiet() -> Iterator[Callable[[], int]]:
    """Keep what Python code of this thread prints out of stdout; gives a function that tells how many characters.

    The text is dropped, not kept: it may hold what people confided. Other threads print as before.
    """
    inside = _HUSH.inside
    with _HUSH.lock:
        if not _HUSH.users:
            _HUSH.real, sys.stdout = sys.stdout, _HUSH
        _HUSH.users += 1
    inside.depth = getattr(inside, "depth", 0) + 1
    if inside.depth == 1:
        inside.written = 0
    try:
        yield lambda: int(inside.written)
    finally:
        inside.depth -= 1
        with _HUSH.lock:
            _HUSH.users -= 1
            if not _HUSH.users and sys.stdout is _HUSH:
                sys.stdout = _HUSH.real


def call(build: Callable[..., Any], arguments: Sequence[Any], settings: Mapping[str, Any]) -> tuple[Any, int]:
    """Call a component; return what it gives and how many characters it printed.

    What it sets for floating-point errors ends with the call, and a request to end the process is an error like others.
    """
    with quiet() as printed, np.errstate():
        try:
            result = build(*arguments, **settings)
        except SystemExit:
            raise RuntimeError("a component may not end the process") from None
        return result, printed()


def check_scored(result: Any, pairs: int) -> Scored:
    """Return what a scorer gave, once it is what was asked for.

    Raises
    ------
    PluginError
        Where value or confidence is not a float array (P,) in [0, 1] or NaN, a confidence is NaN where a value is
        known, or evidence is not an array (P,) of finite numbers or NaN.
    """
    scored = result if isinstance(result, Scored) else Scored(result)
    _check_share("value", scored.value, pairs)
    if scored.confidence is not None:
        complete = _check_share("confidence", scored.confidence, pairs)
        if not complete and (np.isnan(scored.confidence) & ~np.isnan(scored.value)).any():
            raise PluginError(_("confidence is NaN where value is known; expected 0 to 1"))
    if len(scored.evidence) > _MOST_EVIDENCE:
        told = _("{n} kinds of evidence; expected {most} at most", n=len(scored.evidence), most=_MOST_EVIDENCE)
        raise PluginError(told)
    for name, evidence in scored.evidence.items():
        _check_evidence(name, evidence, pairs)
    return scored


def _check_share(what: str, array: Any, pairs: int) -> bool:
    """Refuse what is no array (P,) of shares; tell whether all of them are known."""
    plain = isinstance(array, np.ndarray) and not isinstance(array, np.ma.MaskedArray)
    if not plain or array.shape != (pairs,) or array.dtype.kind != "f":
        got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
        told = _("{what} is {got}, expected a float array of shape ({pairs},)", what=what, got=got, pairs=pairs)
        raise PluginError(told)
    if not pairs:
        return True
    low, high = np.minimum.reduce(array), np.maximum.reduce(array)  # far quicker than with NaN left out
    complete = bool(low == low)
    if not complete:
        low, high = np.fmin.reduce(array), np.fmax.reduce(array)
    if low < -_TOLERANCE or high > 1 + _TOLERANCE:
        raise PluginError(_("{what} leaves [0, 1]; scale it or clip it", what=what))
    return complete


def _check_evidence(name: str, evidence: Any, pairs: int) -> None:
    quoted = isinstance(evidence, Quotes)
    array, kinds = (evidence.texts, "iu") if quoted else (evidence, "fiub")
    if not isinstance(array, np.ndarray) or array.shape != (pairs,) or array.dtype.kind not in kinds:
        told = _("evidence {name!r} is not a number or a quote for each of {pairs} pairs", name=name, pairs=pairs)
        raise PluginError(told)
    if array.dtype.kind == "f" and np.isinf(array).any():
        raise PluginError(_("evidence {name!r} is infinite; leave it NaN where it is unknown", name=name))
