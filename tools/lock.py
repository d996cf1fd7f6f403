"""Write `requirements.lock`: every version of `constraints.txt` with the SHA-256 of each of its files.

    python tools/lock.py                     write the lock (needs `pip install uv`, and the package index)
    python tools/lock.py --wheels FOLDER     also take the hashes of wheels kept in a folder (CPU builds of torch)
    python tools/lock.py --check             compare the lock with the constraints; needs nothing
    python tools/lock.py --sbom sbom.json    write what the lock holds as CycloneDX; needs nothing

Install from it with `pip install --require-hashes -r requirements.lock`: a file that anybody changed is refused.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS, LOCK = ROOT / "constraints.txt", ROOT / "requirements.lock"
HEADER = """\
# Every version of constraints.txt with the SHA-256 of each of its files, written by tools/lock.py; do not edit.
# pip install --require-hashes -r requirements.lock
"""
OLDEST_PYTHON = "3.11"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)")
Pins = dict[str, str]
Locked = dict[str, tuple[str, tuple[str, ...]]]


def canonical(name: str) -> str:
    """Return the name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> Pins:
    """Return the version of each package that a file of constraints names."""
    found = (_PIN.match(line) for line in text.splitlines())
    return {canonical(match[1]): match[2] for match in found if match}


def locked(text: str) -> Locked:
    """Return version and hashes of each package of a lock.

    Raises
    ------
    ValueError
        For a line that is neither a pin, nor a hash, nor a comment.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        line = entry.strip()
        if not line or line.startswith("#"):
            continue
        pin = _PIN.match(line)
        if pin is None or _HASH.sub("", line[pin.end() :]).strip():
            raise ValueError(f"neither a pin nor a hash: {line[:60]!r}")
        if canonical(pin[1]) in found:
            raise ValueError(f"{pin[1]} is locked twice")
        found[canonical(pin[1])] = (pin[2], tuple(sorted(set(_HASH.findall(line)))))
    return found


def problems(constraints: str, lock: str) -> list[str]:
    """Return what is wrong with a lock: other packages or versions than the constraints, no hashes, an address."""
    wanted, told = pins(constraints), []
    try:
        held = locked(lock)
    except ValueError as error:
        return [str(error)]
    told += [f"{name} {wanted[name]} is not locked" for name in sorted(wanted.keys() - held.keys())]
    told += [f"{name} is locked and not among the constraints" for name in sorted(held.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & held.keys()):
        version, hashes = held[name]
        if version != wanted[name]:
            told.append(f"{name}: locked {version}, constrained to {wanted[name]}")
        if not hashes:
            told.append(f"{name} {version} has no hash")
    if "://" in lock or "index-url" in lock:
        told.append("the lock names an index; where files come from is the installer's own choice")
    return told


def of_wheels(folder: Path, wanted: Mapping[str, str]) -> dict[str, set[str]]:
    """Return hashes of those wheels in a folder that are builds of constrained versions, such as `2.13.0+cpu`."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version = (canonical(path.name.split("-")[0]), path.name.split("-")[1])
        if wanted.get(name) == version.partition("+")[0]:
            with path.open("rb") as file:
                found.setdefault(name, set()).add(hashlib.file_digest(file, "sha256").hexdigest())
    return found


def from_index() -> str:
    """Ask the package index, through its client, for the hashes of all files of every constrained version."""
    if importlib.util.find_spec("uv") is None:
        sys.exit("writing the lock needs uv: pip install uv")
    command = [sys.executable, "-m", "uv", "pip", "compile", str(CONSTRAINTS), "--no-deps", "--generate-hashes"]
    command += ["--no-annotate", "--no-header", "--no-emit-index-url", "--quiet", "--python-version", OLDEST_PYTHON]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def written(found: Locked, more: Mapping[str, Iterable[str]]) -> str:
    """Return the text of a lock."""
    lines = [HEADER]
    for name, (version, hashes) in sorted(found.items()):
        every = sorted({*hashes, *more.get(name, ())})
        lines.append(" \\\n".join([f"{name}=={version}", *(f"    --hash=sha256:{each}" for each in every)]) + "\n")
    return "".join(lines)


def sbom(text: str) -> dict[str, Any]:
    """Return what a lock holds as a CycloneDX 1.5 bill of materials; the same lock gives the same document."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
        }
        for name, (version, hashes) in sorted(locked(text).items())
    ]
    serial = uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(text.encode()).hexdigest())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "library", "bom-ref": "matchengine", "name": "matchengine"}},
        "components": components,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Write, check or list requirements.lock.")
    parser.add_argument("--check", action="store_true", help="compare the lock with the constraints")
    parser.add_argument("--sbom", type=Path, metavar="FILE", help="write what the lock holds as CycloneDX")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER", help="also take the hashes of wheels kept there")
    chosen = parser.parse_args(arguments)
    constraints = CONSTRAINTS.read_text(encoding="utf-8")
    if chosen.sbom:
        text = json.dumps(sbom(LOCK.read_text(encoding="utf-8")), indent=1) + "\n"
        chosen.sbom.write_text(text, encoding="utf-8")
        return 0
    if not chosen.check:
        more = of_wheels(chosen.wheels, pins(constraints)) if chosen.wheels else {}
        LOCK.write_text(written(locked(from_index()), more), encoding="utf-8")
    found = problems(constraints, LOCK.read_text(encoding="utf-8"))
    sys.stderr.writelines(f"requirements.lock: {problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
