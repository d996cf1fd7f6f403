"""The inside of a worker process: load one plugin, then score batches until the other side ends.

Started by `matchengine.matching.worker` as `python -m matchengine.matching.isolated`. Standard output and error of the
plugin lead nowhere; the conversation uses descriptors of its own.
"""

from __future__ import annotations

import faulthandler
import os
import traceback
from collections.abc import Mapping
from typing import IO, Any

from matchengine.batch import frozen
from matchengine.components import ScorerSpec
from matchengine.discovery import load_file
from matchengine.errors import PluginError
from matchengine.matching.boundary import call, check_scored
from matchengine.matching.transport import pack, read_frame, unpack, write_frame
from matchengine.registry import Registry

__all__ = ["main"]

_GRACE_SECONDS = 5.0
"""How long after its time a scorer ends itself where nobody is left to stop it."""


def main() -> None:
    """Talk with the process that started this one."""
    requests, answers = _own_streams()
    _limit_memory()
    hello = unpack(read_frame(requests) or b"")
    try:
        file, name = hello["file"], hello["plugin"]
        registry = Registry((), [load_file(file)]) if file else Registry([name])
        spec = registry.scorer(hello["component"])
        settings = dict(spec.settings.model_validate_json(hello["settings"]))
    except BaseException as error:
        write_frame(answers, pack(_told(error)))
        return
    write_frame(answers, pack({"ready": True}))
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        while (request := read_frame(requests)) is not None:
            faulthandler.dump_traceback_later(hello["seconds"] + _GRACE_SECONDS, exit=True, file=nowhere)
            answer = _answer(spec, settings, request)
            faulthandler.cancel_dump_traceback_later()
            write_frame(answers, answer)


def _answer(spec: ScorerSpec, settings: Mapping[str, Any], request: bytes) -> bytes:
    try:
        asked = unpack(request)
        arguments = [frozen(value) for value in asked["arguments"]]
        result, printed = call(spec.build, arguments, settings)
    except BaseException as error:
        return pack(_told(error))
    try:
        scored = check_scored(result, asked["pairs"])
        told = {"value": scored.value, "confidence": scored.confidence, "evidence": dict(scored.evidence)}
        return pack({**told, "printed": printed})
    except PluginError as error:
        return pack({"problem": str(error)})
    except BaseException as error:
        return pack(_told(error))


def _told(error: BaseException) -> dict[str, Any]:
    """Type and place of an error, no value."""
    frames = traceback.extract_tb(error.__traceback__)
    file = frames[-1].filename.replace(chr(92), "/").rsplit("/", 1)[-1] if frames else "?"
    return {"raised": type(error).__name__, "file": file, "line": (frames[-1].lineno or 0) if frames else 0}


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Move the conversation away from where a plugin prints."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return requests, answers


def _limit_memory() -> None:
    """Let a result of absurd size fail in here instead of taking the machine's memory."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = 16 << 30
    if hard == resource.RLIM_INFINITY or hard > most:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


if __name__ == "__main__":
    main()
