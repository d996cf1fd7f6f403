"""A disk as a crash leaves it: what was asked of it is written down, and played back as far as it had come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from matchengine.store import disk

CALLS = ("make_folder", "create", "write", "lengthen", "sync", "sync_folder", "rename", "remove", "remove_folder")
"""Every call that changes the disk."""


class Step(NamedTuple):
    """One call: its name, the path it is about, and what it was given besides."""

    name: str
    path: Path
    given: Any = None


def recorded(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> list[Step]:
    """Do some work on the real disk, and return every step that it took."""
    steps: list[Step] = []
    paths: dict[int, Path] = {}
    real = {name: getattr(disk, name) for name in CALLS}

    def create(path: Path) -> int:
        handle: int = real["create"](path)
        paths[handle] = path
        steps.append(Step("create", path))
        return handle

    def write(handle: int, data: memoryview) -> None:
        steps.append(Step("write", paths[handle], bytes(data)))
        real["write"](handle, data)

    def lengthen(handle: int, length: int) -> None:
        steps.append(Step("lengthen", paths[handle], length))
        real["lengthen"](handle, length)

    def sync(handle: int) -> None:
        real["sync"](handle)
        steps.append(Step("sync", paths[handle]))

    def rename(path: Path, to: Path) -> None:
        real["rename"](path, to)
        steps.append(Step("rename", path, to))

    def of_path(name: str) -> Callable[[Path], None]:
        def call(path: Path) -> None:
            real[name](path)
            steps.append(Step(name, path))

        return call

    with monkeypatch.context() as patched:
        for name, call in (("create", create), ("write", write), ("lengthen", lengthen), ("sync", sync)):
            patched.setattr(disk, name, call)
        patched.setattr(disk, "rename", rename)
        for name in ("make_folder", "sync_folder", "remove", "remove_folder"):
            patched.setattr(disk, name, of_path(name))
        work()
    return steps


class _File:
    def __init__(self, data: bytes = b"") -> None:
        self.data, self.synced = data, data


Tree = dict[str, Any]
"""Names in a folder: a `_File`, or another such dictionary."""


def read_tree(folder: Path) -> Tree:
    """Return what lies in a real folder; all of it is on the disk."""
    return {p.name: read_tree(p) if p.is_dir() else _File(p.read_bytes()) for p in folder.iterdir()}


def after_crashes(start: Callable[[], Tree], steps: list[Step], root: Path) -> Iterator[tuple[str, Tree]]:
    """Yield every disk that a crash can leave, after each number of steps.

    Names that no `sync_folder` covered are there up to any step, in their order; bytes of a file that no `sync`
    covered are all there, or none is.
    """
    for done in range(len(steps) + 1):
        pending = _pending(steps[:done])
        for kept in range(len(pending) + 1):
            for bytes_too in (False, True):
                lost = frozenset(pending[kept:])
                yield f"{done} steps, {kept} names, {bytes_too}", _played(start(), steps[:done], lost, root, bytes_too)


def _pending(steps: list[Step]) -> list[int]:
    """Numbers of the steps whose names are not on the disk for certain."""
    found: list[int] = []
    for number, step in enumerate(steps):
        if step.name == "sync_folder":
            found = [n for n in found if steps[n].path.parent != step.path]
        elif step.name in ("make_folder", "create", "rename", "remove", "remove_folder"):
            found.append(number)
    return found


def _played(tree: Tree, steps: list[Step], lost: frozenset[int], root: Path, bytes_too: bool) -> Tree:
    files: dict[Path, _File] = {}

    def of(path: Path) -> tuple[Tree, str]:
        *above, name = path.relative_to(root).parts
        place = tree
        for part in above:
            place = place[part]
        return place, name

    for number, step in enumerate(steps):
        if step.name == "write":
            files[step.path].data += step.given
        elif step.name == "lengthen":
            files[step.path].data = files[step.path].data.ljust(step.given, b"\0")
        elif step.name == "sync":
            files[step.path].synced = files[step.path].data
        elif step.name == "create":
            files[step.path] = _File()
        if number in lost or step.name in ("write", "lengthen", "sync", "sync_folder"):
            continue
        try:
            place, name = of(step.path)
            if step.name == "rename":
                there, other = of(step.given)
                there[other] = place.pop(name)
            elif step.name in ("remove", "remove_folder"):
                place.pop(name)
            else:
                place[name] = {} if step.name == "make_folder" else files[step.path]
        except KeyError:
            continue  # in a folder whose own name was lost
    if not bytes_too:
        _forget(tree)
    return tree


def _forget(tree: Tree) -> None:
    for each in tree.values():
        if isinstance(each, _File):
            each.data = each.synced
        else:
            _forget(each)


def lay_out(tree: Tree, folder: Path) -> None:
    """Write such a disk to a real folder."""
    folder.mkdir(mode=0o700)
    for name, each in tree.items():
        if isinstance(each, _File):
            (folder / name).write_bytes(each.data)
        else:
            lay_out(each, folder / name)
