"""A scorer in a process of its own: it can be stopped, and it can end without taking the engine with it.

The process starts with the first batch, serves one scorer instance, and ends with the engine. It loads the plugin by
the name under which it is installed. Arrays travel as plain bytes (`matchengine.matching.transport`).
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import IO, Any

from matchengine.batch import Scored
from matchengine.discovery import installed
from matchengine.errors import PluginError
from matchengine.forking import in_child
from matchengine.i18n import _
from matchengine.matching.faults import ScorerFailedError
from matchengine.matching.transport import pack, read_frame, unpack, write_frame
from matchengine.registry import BUILTIN_PLUGINS, ActiveScorer

__all__ = ["NotInstalledError", "call_isolated"]

_SECONDS = 10.0
"""Time for one batch where the configuration gives none."""
_START_SECONDS = 60.0
_SLACK_BYTES, _BYTES_A_PAIR = 1 << 20, 8 * 66
"""An answer holds a value, a confidence and 64 kinds of evidence for each pair at most."""
_LONGEST = 300
"""Characters of a sentence that is taken over from a worker."""
FILE_MODULE = "matchengine_plugin_file_"
"""How modules of one-file plugins are named (`matchengine.discovery.load_file`)."""
_PLAIN = re.compile(r"[^\w.<>-]")


class NotInstalledError(PluginError):
    """A scorer is to run in another process, but its plugin was handed over in code, where no other finds it."""


def call_isolated(scorer: ActiveScorer, arguments: Sequence[Any], pairs: int) -> tuple[Scored, int]:
    """Run a scorer in its process; return what it gives, unchecked, and how many characters it printed.

    Raises
    ------
    ScorerFailedError
        Where it raises, takes too long, ends its process or answers what cannot be read.
    NotInstalledError
        Where its plugin is neither installed under a name nor a file, so that no other process can load it.
    """
    answer = _WORKERS.of(scorer).ask(
        pack({"pairs": pairs, "arguments": list(arguments)}), _SLACK_BYTES + _BYTES_A_PAIR * pairs
    )
    try:
        told = unpack(answer)
        if "raised" in told:
            raise _raised(scorer, told)
        if "problem" in told:
            raise ScorerFailedError(scorer, str(told["problem"])[:_LONGEST])
        return Scored(told["value"], told["confidence"], **told["evidence"]), int(told["printed"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problem = _("its process gave an answer that cannot be read ({error})", error=type(error).__name__)
        raise ScorerFailedError(scorer, problem) from None


def _raised(scorer: ActiveScorer, told: dict[str, Any]) -> ScorerFailedError:
    error, file = (_PLAIN.sub("", str(told[name]))[:80] for name in ("raised", "file"))
    place = {"error": error, "file": file, "line": int(told["line"])}
    return ScorerFailedError(
        scorer, _("it failed with {error} ({file}, line {line}); run its conformance checks", **place)
    )


class _Worker:
    """The process of one scorer instance, started when needed; one batch at a time."""

    def __init__(self, scorer: ActiveScorer) -> None:
        self._scorer = weakref.ref(scorer)
        self._seconds = scorer.time_budget_seconds or _SECONDS
        settings = scorer.spec.settings.model_validate(dict(scorer.settings)).model_dump_json()
        self._hello = {"component": scorer.spec.name, "settings": settings, **_source(scorer)}
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_by = 0

    def ask(self, request: bytes, most: int) -> bytes:
        """Send a batch and return the answer of at most so many bytes."""
        with self._lock:
            if self._process is None or self._process.poll() is not None or self._started_by != os.getpid():
                self._start()
            return self._exchange(request, self._seconds, most)

    def _start(self) -> None:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(  # a fixed command: this interpreter and a module of this package
            [sys.executable, "-m", "matchengine.matching.isolated"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
        )
        self._started_by = os.getpid()
        told = unpack(self._exchange(pack({**self._hello, "seconds": self._seconds}), _START_SECONDS, _SLACK_BYTES))
        if "raised" in told:
            self.stop()
            raise _raised(self._named(), told)

    def _exchange(self, request: bytes, seconds: float, most: int) -> bytes:
        """Write and read; a timer ends the process, and with it both, when the time is over."""
        process, late = self._process, threading.Event()
        if process is None or process.stdin is None or process.stdout is None:
            raise ScorerFailedError(self._named(), _("its process could not be started"))

        def give_up() -> None:
            late.set()
            _kill(process)

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            answer = _talk(process.stdin, process.stdout, request, most)
        except ValueError as error:
            self.stop()
            raise ScorerFailedError(self._named(), _("its answer is too long: {error}", error=error)) from None
        except BaseException:  # an interrupt: the answer, when it comes, must not be taken for that to the next batch
            self.stop()
            raise
        finally:
            timer.cancel()
        if answer is None or late.is_set():
            code = self.stop()
            if late.is_set():
                raise ScorerFailedError(
                    self._named(), _("it took longer than {s:g} seconds and was stopped", s=seconds)
                )
            raise ScorerFailedError(self._named(), _("its process ended ({code})", code=code))
        return answer

    def _named(self) -> ActiveScorer:
        scorer = self._scorer()
        if scorer is None:
            raise PluginError(_("a scorer is gone while its process runs"))
        return scorer

    def forked(self) -> None:
        """In a forked child: leave the process to the parent, whose end of the pipes is to be the only one."""
        process, self._process, self._lock = self._process, None, threading.Lock()
        if process is None:
            return
        _INHERITED.append(process)
        process.returncode = 0  # nothing that this child could wait for
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (process.stdin, process.stdout):
            if stream is not None and not stream.closed:
                os.dup2(nowhere, stream.fileno(), inheritable=False)
        os.close(nowhere)

    def stop(self) -> str:
        """End the process, where there is one; tell how it ended."""
        process, self._process = self._process, None
        if process is None or self._started_by != os.getpid():
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2 if process.poll() is None else 0)
        _kill(process)
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        if code < 0:
            with contextlib.suppress(ValueError):
                return signal.Signals(-code).name
        return _("exit code {code}", code=code)


def _talk(there: IO[bytes], back: IO[bytes], request: bytes, most: int) -> bytes | None:
    try:
        write_frame(there, request)
        return read_frame(back, most)
    except OSError:
        return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


_INHERITED: list[subprocess.Popen[bytes]] = []
"""Processes of the parent of a forked child; kept, because a stream of theirs may be locked for ever."""


class _Workers(dict[int, _Worker]):
    """The worker of each scorer instance, by its `id`; found or made by one thread at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        in_child(self._forked)

    def of(self, scorer: ActiveScorer) -> _Worker:
        with self._lock:
            found = self.get(id(scorer))
            if found is None:
                found = self[id(scorer)] = _Worker(scorer)
                weakref.finalize(scorer, self._end, id(scorer))
            return found

    def _end(self, key: int) -> None:
        """Without the lock: a scorer may go at any moment, also in a thread that makes a worker for another one."""
        worker = self.pop(key, None)
        if worker is not None:
            worker.stop()

    def _forked(self) -> None:
        """The workers go on serving the parent; this child starts its own."""
        self._lock = threading.Lock()
        for worker in self.values():
            worker.forked()


_WORKERS = _Workers()


def _source(scorer: ActiveScorer) -> dict[str, str]:
    """Where another process finds the plugin: a file, or the name under which it is installed."""
    file = getattr(getattr(scorer.spec.build, "__code__", None), "co_filename", "")
    if file and getattr(scorer.spec.build, "__module__", "").startswith(FILE_MODULE):
        return {"file": file, "plugin": ""}
    if scorer.plugin not in {*BUILTIN_PLUGINS, *(one.name for one in installed())}:
        told = _(
            "scorer {name!r} has isolate = true, but its plugin {plugin!r} was handed over in code, where no other "
            "process finds it; install it or load it from a file, or set isolate = false",
            name=scorer.name,
            plugin=scorer.plugin,
        )
        raise NotInstalledError(told)
    return {"file": "", "plugin": scorer.plugin}
