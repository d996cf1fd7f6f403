"""How far a run is: one bar over its steps, plain lines where there is no terminal, and a file for other tools."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matchengine.evaluation.nodes import write_atomically
from matchengine.i18n import _

__all__ = ["Progress"]


class Progress:
    """Tells of each step that is done.

    Parameters
    ----------
    folder : Path
        Where `progress.json` is written.
    total, done : int
        Steps of the plan, and those that were there already.
    say : callable
        Takes lines where there is no terminal.
    """

    def __init__(self, folder: Path, total: int, done: int, say: Callable[[str], None]) -> None:
        self.folder, self.total, self.done, self._say = folder, total, done, say
        self._began, self._before = time.monotonic(), done
        self._bar: Any = None
        if sys.stderr.isatty():
            from tqdm import tqdm  # type: ignore[import-untyped,unused-ignore]

            self._bar = tqdm(total=total, initial=done, desc=_("steps"), leave=False)
        elif done:
            say(_("{done} of {total} steps are there already", done=done, total=total))
        self._write("")

    def step(self, name: str) -> None:
        """One more step is done."""
        self.done += 1
        self._write(name)
        if self._bar is not None:
            self._bar.update()
        else:
            self._say(_("{done} of {total}: {name}", done=self.done, total=self.total, name=name))

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def _write(self, name: str) -> None:
        passed, anew = time.monotonic() - self._began, self.done - self._before
        left = passed / anew * (self.total - self.done) if anew else None
        told = {
            "done": self.done,
            "total": self.total,
            "last": name,
            "seconds_left": None if left is None else round(left),
        }
        write_atomically(self.folder / "progress.json", json.dumps(told).encode())
