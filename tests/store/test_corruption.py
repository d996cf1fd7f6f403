"""Folders that somebody or something changed: every change is noticed before anything is read (REL4, REL5)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.support import WordsPlugin, engine, group, mentee, mentor

import matchengine as me
from matchengine.errors import SnapshotError
from matchengine.store import snapshot
from matchengine.store.array_file import ArrayFileError, arrays_in, layout, pieces
from matchengine.store.snapshot import read_snapshot

FILES = ("arrays.bin", "arrays.json", "document.json", "config.toml", "manifest.json")
Damage = Callable[[Path, np.random.Generator], object]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A saved engine, and how the same one was saved earlier."""
    home = tmp_path_factory.mktemp("saved")
    made = engine()
    made.load([mentee(f"a{n}") for n in range(5)] + [mentor(f"m{n}") for n in range(9)], groups=[group("g")])
    made.save(home / "earlier")
    made.upsert(me.Person.model_validate(mentor("late")))
    made.save(home / "saved")
    return home / "saved", home / "earlier"


def flip(path: Path, dice: np.random.Generator, count: int) -> None:
    """Change some bytes of a file, each for certain, from a place drawn by lot; of one byte a single bit."""
    data = bytearray(path.read_bytes())
    start = int(dice.integers(max(1, len(data) - count)))
    for at in range(start, min(start + count, len(data))):
        data[at] ^= 1 << int(dice.integers(8)) if count == 1 else int(dice.integers(1, 256))
    path.write_bytes(data)


def drawn(dice: np.random.Generator) -> str:
    return FILES[int(dice.integers(len(FILES)))]


def swap(folder: Path, dice: np.random.Generator) -> None:
    """Let two files change names."""
    one, other = (folder / FILES[n] for n in dice.choice(len(FILES), 2, replace=False))
    contents = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(contents)


def older(folder: Path, dice: np.random.Generator, earlier: Path) -> None:
    """Put one or two files of an earlier day in their places: the manifest alone, or others without it."""
    names = ["manifest.json"] if dice.random() < 0.5 else ["arrays.bin", "arrays.json", "document.json"]
    changed = [name for name in names if (folder / name).read_bytes() != (earlier / name).read_bytes()]
    for name in changed[: 1 + int(dice.integers(2))]:
        shutil.copy(earlier / name, folder / name)


def undetected(folders: tuple[Path, Path], tmp_path: Path, count: int) -> list[str]:
    """Damage a copy so many times in five ways; return what was read all the same."""
    saved, earlier = folders
    dice, missed = np.random.default_rng(4), []
    ways: dict[str, Damage] = {
        "a bit": lambda folder, dice: flip(folder / drawn(dice), dice, 1),
        "16 bytes": lambda folder, dice: flip(folder / drawn(dice), dice, 16),
        "4 KiB": lambda folder, dice: flip(folder / drawn(dice), dice, 4096),
        "files swapped": swap,
        "older files": lambda folder, dice: older(folder, dice, earlier),
    }
    for number in range(count):
        name, way = list(ways.items())[number % len(ways)]
        copy = tmp_path / "copy"
        shutil.copytree(saved, copy)
        way(copy, dice)
        try:
            read_snapshot(copy, mapped=number % 2 == 0)
            missed.append(name)
        except SnapshotError:
            pass
        shutil.rmtree(copy)
    return missed


def test_what_was_damaged_is_never_read(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """REL4, a tenth."""
    assert undetected(folders, tmp_path, 50) == []


@pytest.mark.slow
def test_500_damaged_folders_are_never_read(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """REL4."""
    assert undetected(folders, tmp_path, 500) == []


def test_without_hashes_damage_is_read(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL22, negative control of both tests above."""

    whole = snapshot._checked

    def trusting(path: Path, handle: int, size: int, _told: object, *, keep: bool = True) -> memoryview:
        return whole(path, handle, size, None, keep=keep)

    monkeypatch.setattr(snapshot, "_checked", trusting)
    assert undetected(folders, tmp_path, 50)


def truncations(folders: tuple[Path, Path], tmp_path: Path, lengths: int) -> int:
    """Cut each file at so many lengths, 0 and one byte too few among them; return how many were refused."""
    saved, _earlier = folders
    copy = tmp_path / "copy"
    shutil.copytree(saved, copy)
    refused = 0
    for name in FILES:
        data = (saved / name).read_bytes()
        for length in sorted({0, len(data) - 1, *np.linspace(0, len(data) - 1, lengths - 1).astype(int).tolist()}):
            (copy / name).write_bytes(data[:length])
            with pytest.raises(SnapshotError):
                read_snapshot(copy, mapped=length % 2 == 0)
            refused += 1
        (copy / name).write_bytes(data)
    read_snapshot(copy)
    return refused


def test_files_that_were_cut_are_never_read(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """REL5, a tenth."""
    assert truncations(folders, tmp_path, 20) >= 5 * 18


@pytest.mark.slow
def test_files_that_were_cut_at_200_lengths_are_never_read(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """REL5: each file at 200 lengths."""
    assert truncations(folders, tmp_path, 200) > 800


def test_a_file_that_is_missing_longer_or_a_link_is_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    for name in FILES:
        copy = tmp_path / name
        shutil.copytree(folders[0], copy)
        data = (copy / name).read_bytes()
        (copy / name).unlink()
        with pytest.raises(SnapshotError):
            read_snapshot(copy)
        (tmp_path / f"{name}.elsewhere").write_bytes(data)
        (copy / name).symlink_to(tmp_path / f"{name}.elsewhere")
        with pytest.raises(SnapshotError):
            read_snapshot(copy)
        (copy / name).unlink()
        (copy / name).write_bytes(data + b" ")
        with pytest.raises(SnapshotError):
            read_snapshot(copy)


def test_a_folder_of_others_or_a_link_is_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """SEC9: whoever may write to a folder may also write a manifest."""
    copy = tmp_path / "copy"
    shutil.copytree(folders[0], copy)
    for mode in (0o777, 0o720, 0o702):
        copy.chmod(mode)
        with pytest.raises(SnapshotError, match="others may write to it"):
            me.Engine.open(copy, plugins=[WordsPlugin()])
    copy.chmod(0o755)
    me.Engine.open(copy, plugins=[WordsPlugin()])
    (tmp_path / "link").symlink_to(copy)
    with pytest.raises(SnapshotError, match="is a link"):
        read_snapshot(tmp_path / "link")
    with pytest.raises(SnapshotError, match="is a link"):
        engine().save(tmp_path / "link")


def reseal(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change a manifest as somebody would who knows how it is made."""
    told = json.loads((folder / "manifest.json").read_text())
    told.pop("sha256")
    change(told)
    (folder / "manifest.json").write_text(snapshot.sealed(told))


def test_the_format_and_the_list_of_files_are_checked(folders: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folders[0], copy)
    reseal(copy, lambda told: told.update(format=4))
    with pytest.raises(SnapshotError, match="format 4, expected 6"):
        read_snapshot(copy)
    reseal(copy, lambda told: told.update(format=6, files={"arrays.bin": {"bytes": 1, "sha256": ""}}))
    with pytest.raises(SnapshotError, match="other files"):
        read_snapshot(copy)


def bad_places(good: list[object]) -> dict[str, object]:
    """Lists of arrays that cannot be true."""
    first = list(good[0])  # type: ignore[call-overload]

    def other(at: int, value: object) -> list[object]:
        return [[*first[:at], value, *first[at + 1 :]], *good[1:]]

    return {
        "no list": {"a": 1}, "too few": good[:-1], "twice": [good[0], *good], "nothing": [],
        "no array": [None], "an object": other(1, "|O8"), "text": other(1, "<U9"), "longer": other(3, 1 << 40),
        "more rows": other(2, [1 << 40]), "below zero": other(2, [-1]), "a float": other(2, [1.5]),
        "elsewhere": other(4, 64), "no shape": other(2, []), "deep": other(2, [1, 1, 1, 1]), "true": other(3, True),
        "product beyond all": other(2, [1, 1 << 40, 1 << 40]), "no name": other(0, 7),
    }  # fmt: skip


def test_an_array_that_its_file_does_not_vouch_for_is_refused() -> None:
    arrays = {"a": np.arange(9, dtype=np.int64), "b": np.ones((4, 3), np.float32), "c": np.zeros(0, np.bool_)}
    places = layout(arrays)
    parts = [bytes(part) for part in pieces(arrays, places)]  # of a number as many zeros
    data, good = np.frombuffer(b"".join(parts), np.uint8), json.loads(json.dumps(places))
    back = arrays_in(data, good)
    assert all(np.array_equal(back[name], array) and back[name].dtype == array.dtype for name, array in arrays.items())
    for what, told in bad_places(good).items():
        with pytest.raises(ArrayFileError):
            pytest.fail(f"{what}: {arrays_in(data, told)}")
    with pytest.raises(ArrayFileError):
        layout({"a": np.array([object()])})


CHILD = """
import resource, sys
import numpy as np
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
import faiss
from matchengine.errors import SnapshotError
from matchengine.plugins.faiss import FaissIndex, _digest
resource.setrlimit(resource.RLIMIT_AS, (int(open("/proc/self/statm").read().split()[0]) * 4096 + (1 << 30),) * 2)
dice = np.random.default_rng(int(sys.argv[1]))
vectors = dice.standard_normal((2000, 16)).astype(np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
made = FaissIndex(16, exact_up_to=1000)
made.add(np.arange(2000), vectors)
state = made.state()
assert made.approximate
refused = read = 0
for number in range(int(sys.argv[2])):
    data = state["inverted"].copy()
    for _each in range(1 + number % 3):  # headers: sizes, counts, kinds
        at = int(dice.integers(0, 200)) if number % 2 else int(dice.integers(0, len(data) - 8))
        told = np.uint64([0, 1 << 62, (1 << 64) - 1, 1 << 33][number % 4])
        data[at : at + 8] = np.frombuffer(told.tobytes(), np.uint8)
    try:
        FaissIndex(16, {**state, "inverted": data, "inverted_sha256": _digest(data)}, exact_up_to=1000)
        read += 1
    except SnapshotError:
        refused += 1
    try:
        FaissIndex(16, {**state, "inverted": data}, exact_up_to=1000)
        sys.exit("read without its hash")
    except SnapshotError:
        pass
print(refused, read)
"""


def crafted(count: int) -> tuple[int, int]:
    """Let a child with a gibibyte read crafted headers whose hashes are right; return how many it refused and read."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", CHILD, "5", str(count)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    refused, read = done.stdout.split()
    return int(refused), int(read)


def test_crafted_headers_of_an_index_do_not_crash(tmp_path: Path) -> None:
    """SEC9: the hash is right, the header lies; what is not refused still holds the vectors stored beside it."""
    refused, read = crafted(40)
    assert refused + read == 40
    assert refused > 20


@pytest.mark.slow
def test_400_crafted_headers_of_an_index_do_not_crash() -> None:
    """SEC9."""
    assert sum(crafted(400)) == 400
