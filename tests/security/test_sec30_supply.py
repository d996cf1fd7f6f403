"""What is installed is what was looked at: every version with the hashes of its files, and a list of it (SEC30)."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools import lock

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_lock_and_constraints_agree_and_every_line_has_hashes() -> None:
    assert lock.problems(CONSTRAINTS, LOCK) == []
    assert len(lock.locked(LOCK)) == len(lock.pins(CONSTRAINTS)) > 90
    assert all(hashes for _version, hashes in lock.locked(LOCK).values())
    assert lock.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace("numpy==", "numpy==9.", 1), "numpy: locked 9."),
        (lambda text: re.sub(r"(?ms)^pluggy==.*?(?=^\w)", "", text), "pluggy 1.7.0 is not locked"),
        (lambda text: text + "left-pad==1.0 --hash=sha256:" + "0" * 64 + "\n", "left-pad is locked and not"),
        (lambda text: re.sub(r"(?m)^(pluggy==\S+)(?: \\\n    --hash=\S+)+", r"\1", text), "pluggy 1.7.0 has no hash"),
        (lambda text: text + "--index-url https://example.org\n", "neither a pin nor a hash"),
        (lambda text: text.replace("--hash=sha256:", "--hash=md5:", 1), "neither a pin nor a hash"),
        (lambda text: text.replace("--hash=sha256:0", "--hash=sha256:", 1), "neither a pin nor a hash"),
        (lambda text: "# https://example.org\n" + text, "names an index"),
        (lambda text: text + "pluggy==1.7.0 --hash=sha256:" + "0" * 64 + "\n", "locked twice"),
    ],
)
def test_a_lock_that_does_not_agree_is_refused(change: object, told: str) -> None:
    found = lock.problems(CONSTRAINTS, change(LOCK))  # type: ignore[operator]
    assert any(told in problem for problem in found), found


def test_no_file_of_ours_names_an_index() -> None:
    for name in ("constraints.txt", "requirements.lock", "pyproject.toml", "Makefile", "tools/lock.py"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index-url|https?://(?!example\.org)", text.replace("no-emit-index-url", "").replace(
            '"index-url" in lock', "").replace('"://"', "")), name  # fmt: skip


def installed(name: str) -> importlib.metadata.Distribution | None:
    """Return an installed distribution."""
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def test_what_the_locked_packages_need_is_locked_too() -> None:
    """Otherwise `pip install --require-hashes` would refuse the lock; looked at for this machine's packages."""
    from packaging.requirements import Requirement

    held, looked, missing = lock.locked(LOCK), 0, set()
    for name in held:
        found = installed(name)
        for line in (found.requires or []) if found else []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                looked += 1
                wanted = lock.canonical(needed.name)
                if wanted not in held and installed(wanted) is not None and wanted not in {"pip", "setuptools"}:
                    missing.add((name, wanted))
    assert looked > 80
    assert missing == set()


def test_what_is_installed_here_has_the_locked_version() -> None:
    found = {name: installed(name) for name in lock.locked(LOCK)}
    here = {name: each.version.partition("+")[0] for name, each in found.items() if each is not None}
    assert len(here) > 60
    assert here == {name: version for name, (version, _) in lock.locked(LOCK).items() if name in here}


def test_wheels_of_a_folder_are_taken_where_they_build_a_constrained_version(tmp_path: Path) -> None:
    for name in ("torch-2.13.0+cpu-cp311-cp311-linux_x86_64.whl", "torch-2.12.0-py3-none-any.whl", "other-1-a-b-c.whl"):
        (tmp_path / name).write_bytes(name.encode())
    assert {name: len(of) for name, of in lock.of_wheels(tmp_path, {"torch": "2.13.0"}).items()} == {"torch": 1}


def test_the_bill_of_materials_lists_every_package_with_its_hashes(tmp_path: Path) -> None:
    assert lock.main(["--sbom", str(tmp_path / "sbom.json")]) == 0
    document = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.5")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", document["serialNumber"])
    held = lock.locked(LOCK)
    assert {c["purl"] for c in document["components"]} == {f"pkg:pypi/{n}@{v}" for n, (v, _hashes) in held.items()}
    assert all(hash_["alg"] == "SHA-256" for c in document["components"] for hash_ in c["hashes"])
    assert document == lock.sbom(LOCK)


@pytest.mark.slow
def test_pip_accepts_the_lock_for_what_is_installed() -> None:
    """What is there, CPU builds included, satisfies the lock; what is not is fetched and its hash compared."""
    done = pip("install", "--dry-run", "--require-hashes", "-r", "requirements.lock")
    if "Could not find a version" in done.stderr:
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("Requirement already satisfied") > 60


@pytest.mark.slow
def test_pip_refuses_a_file_with_another_hash(tmp_path: Path) -> None:
    version, hashes = lock.locked(LOCK)["iniconfig"]
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_text(f"iniconfig=={version} " + " ".join(f"--hash=sha256:{each}" for each in hashes), encoding="utf-8")
    wrong.write_text(f"iniconfig=={version} --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    fetch = ["download", "--no-deps", "--require-hashes", "--dest", str(tmp_path), "-r"]
    good = pip(*fetch, str(right))
    if good.returncode != 0:
        pytest.skip("no package index can be reached")
    bad = pip(*fetch, str(wrong))
    assert bad.returncode != 0
    assert "DO NOT MATCH THE HASHES" in bad.stderr


def pip(*words: str) -> subprocess.CompletedProcess[str]:
    """Run pip."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)  # noqa: S603
