"""Nothing is ever sent anywhere: a whole programme is imported, suggested for and paired with no network (SEC27)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import FILES, ROOT, small_files

WATCH = '''
"""Writes down whoever is called, and lets nothing out but what stays on this machine."""
import os, socket

TOLD = os.environ["TOLD"]


def tell(what):
    with open(TOLD, "a", encoding="utf-8") as file:
        file.write(what + "\\n")


def is_near(address):
    return isinstance(address, (str, bytes)) or str(address[0]) in ("127.0.0.1", "::1", "localhost")


def watch(name):
    given = getattr(socket.socket, name)

    def watched(self, *arguments):
        address = arguments[-1] if name != "sendto" else arguments[-1]
        if not is_near(address):
            tell(f"{name} {address}")
            raise OSError("no network in this test")
        return given(self, *arguments)

    setattr(socket.socket, name, watched)


for each in ("connect", "connect_ex", "sendto"):
    watch(each)
for each in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo", "create_connection"):
    def found(*arguments, each=each, given=getattr(socket, each), **named):
        if arguments and not is_near((arguments[0] if isinstance(arguments[0], str) else arguments[0][0],)):
            tell(f"{each} {arguments[0]}")
            raise OSError("no network in this test")
        return given(*arguments, **named)
    setattr(socket, each, found)
with open(TOLD, "a", encoding="utf-8") as file:
    file.write("watching\\n")
'''
RUN = """
import sys
from tests.cli.commands import run
data, config = sys.argv[1:3]
for words in (
    ["import", *sys.argv[3:], "--config", config, "--data", data],
    ["suggest", "--everyone", "--data", data],
    ["assign", "--data", data],
    ["doctor"],
    ["plugins"],
):
    done = run(*words)
    assert done.status == 0, (words, done.text)
"""
REACHES_OUT = "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)\n"


def child(tmp_path: Path, code: str, *arguments: object, before: tuple[str, ...] = ()) -> tuple[int, list[str], str]:
    """Run code in a process whose network is watched; return its status, what it called, and its errors."""
    site, told = tmp_path / "site", tmp_path / "told"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    paths = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH", "")]), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": paths, "TOLD": str(told), "MATCHENGINE_CACHE": str(tmp_path / "cache")}
    command = [*before, sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, timeout=500, cwd=tmp_path, env=environment
    )
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return done.returncode, lines, done.stderr


def small(tmp_path: Path) -> list[object]:
    """Return the arguments of a run on a tiny programme, compared word by word."""
    folder = tmp_path / "raw"
    folder.mkdir()
    people, mapping = small_files(folder)
    return [tmp_path / "data", "lexical", people, "--map", mapping]


def test_a_whole_run_calls_nobody(tmp_path: Path) -> None:
    status, told, errors = child(tmp_path, RUN, *small(tmp_path))
    assert status == 0, errors[-2000:]
    assert set(told) == {"watching"}


@pytest.mark.slow
def test_a_whole_run_with_the_model_calls_nobody(tmp_path: Path) -> None:
    status, told, errors = child(tmp_path, RUN, tmp_path / "data", "mentoring", *FILES)
    assert status == 0, errors[-2000:]
    assert set(told) == {"watching"}


def test_whoever_calls_out_is_seen(tmp_path: Path) -> None:
    status, told, _errors = child(tmp_path, REACHES_OUT)
    assert status != 0
    assert told[0] == "watching"
    assert any("192.0.2.1" in line for line in told)


def without_network() -> tuple[str, ...]:
    """Return the command that runs another without any network, empty where this machine does not allow it."""
    unshare = shutil.which("unshare")
    command = (unshare, "--net", "--map-root-user") if unshare else ()
    if not command:
        return ()
    done = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=20)  # noqa: S603
    return command if done.returncode == 0 else ()


@pytest.mark.slow
def test_everything_works_where_there_is_no_network_at_all(tmp_path: Path) -> None:
    """A namespace of its own, in which not even a library written in another language could reach anybody."""
    command = without_network()
    if not command:
        pytest.skip("this machine lets nobody make a network namespace")
    status, told, errors = child(tmp_path, RUN, *small(tmp_path), before=command)
    assert status == 0, errors[-2000:]
    assert set(told) == {"watching"}
