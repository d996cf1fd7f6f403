"""Forked children that tell over a pipe what they do, and can be killed at any moment."""

from __future__ import annotations

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

__all__ = ["Child", "tell"]

Line = dict[str, Any]


def tell(pipe: int, what: str, **more: Any) -> None:
    """Write a line at once: nothing of it waits in this process, so what was told outlives a kill."""
    os.write(pipe, json.dumps({"what": what, **more}).encode() + b"\n")


class Child:
    """A forked process.

    Parameters
    ----------
    work : callable
        What it does; takes the descriptor to `tell` to. What it raises is told as `failed`.
    """

    def __init__(self, work: Callable[[int], None]) -> None:
        self._reader, writer = os.pipe()
        self.lines: list[Line] = []
        self._rest = b""
        self._ended = False
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._reader)
            try:
                work(writer)
                tell(writer, "over")
            except BaseException as error:
                tell(writer, "failed", error=type(error).__name__, where=traceback.format_exc()[-900:])
            os._exit(0)
        os.close(writer)

    def listen(self, seconds: float, until: str, count: int = 1) -> list[Line]:
        """Take in lines for some seconds, or until so many of a kind came, or the child ends; return all so far."""
        end = time.monotonic() + seconds
        while not self._ended and len(self.told(until)) < count:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._reader], [], [], left)[0]:
                break
            self._take_in()
        return self.lines

    def _take_in(self) -> None:
        more = os.read(self._reader, 1 << 16)
        self._ended = not more
        *whole, self._rest = (self._rest + more).split(b"\n")
        self.lines += map(json.loads, whole)

    def kill(self) -> list[Line]:
        """End it with SIGKILL, if it still runs, and return everything that it told."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        while not self._ended:
            self._take_in()
        os.close(self._reader)
        return self.lines

    def told(self, what: str) -> list[Line]:
        """Return the lines of a kind so far."""
        return [line for line in self.lines if line["what"] == what]
