"""Feeds damaged files to whatever reads files: `python -m tests.reliability.fuzz FORMAT COUNT SECONDS SEED FOLDER`.

Each input is a valid file that was changed by a few bytes or a few words. It must be read, or refused with an error of
this package, within five seconds, in a process that may take 512 MiB more than it has at the start. What goes wrong is
printed as one JSON document a line; the last line says how many inputs were read and how many refused.
"""

from __future__ import annotations

import io
import json
import random
import resource
import signal
import sys
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from matchengine.config import load_config
from matchengine.engine import Engine
from matchengine.errors import MatchEngineError
from matchengine.io import load_mapping, read_groups, read_people
from matchengine.io.record_files import read_records
from matchengine.records import Person
from matchengine.store.base import Entry
from matchengine.store.documents import change_of, read_document
from matchengine.store.snapshot import read_snapshot
from tests.support import CONFIG, WordsPlugin, engine, group, mentee, mentor

ROOT = Path(__file__).parents[2]
RAW = ROOT / "examples" / "sample_programme" / "raw"
MOST_SECONDS, MOST_BYTES = 5, 512 << 20
WORDS = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"nan", b"inf", b"-1", b"0", b"9" * 400, b"1e400", b"null", b"true",
    b"[]", b"{}", b'"', b"'", b'"""', b"\n", b"\r", b",", b";", b"\t", b"=", b"[", b"]" * 50, b"[" * 3_000,
    b"{" * 3_000, b"=A1", b"../../etc", b"\xc3\x28", b"\xed\xa0\x80", "\u202e\u0130\u00df".encode(), b"a" * 70_000,
    b"\\u0000", b"<!ENTITY a 'b'>",
)  # fmt: skip
"""What is put in somewhere: ends, signs, numbers beyond every range, broken UTF-8, depth, length."""
Read = Callable[[Path], Any]


def changed(data: bytes, dice: random.Random) -> bytes:
    """Return a file after one to four changes."""
    out = bytearray(data)
    for _change in range(dice.randint(1, 4)):
        at = dice.randrange(len(out) + 1)
        end = min(len(out), at + dice.choice((1, 1, 4, 16, 200)))
        what = dice.randrange(6)
        if what == 0 and at < len(out):
            out[at] ^= 1 << dice.randrange(8)
        elif what == 1:
            out[at:end] = dice.choice(WORDS)
        elif what == 2:
            del out[at:end]
        elif what == 3:
            out[at:at] = out[at:end] * dice.choice((1, 3, 500))
        elif what == 4:
            out[at:end] = dice.randbytes(end - at)
        else:
            del out[at:]
    return bytes(out)


def changed_inside(data: bytes, dice: random.Random) -> bytes:
    """Return a zip file one of whose parts was changed, or the file itself was."""
    if dice.random() < 0.3:
        return changed(data, dice)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = dice.choice(names)
        for name in names:
            new.writestr(name, changed(old.read(name), dice) if name == chosen else old.read(name))
    return made.getvalue()


# ---------------------------------------------------------------------- formats


def toml(folder: Path) -> tuple[list[bytes], str, Read]:
    files = [path.read_bytes() for path in sorted((ROOT / "configs").glob("*.toml"))]
    return [CONFIG.encode(), *files], "config.toml", load_config


def mapping(folder: Path) -> tuple[list[bytes], str, Read]:
    found = sorted((ROOT / "examples" / "sample_programme" / "mapping").glob("*.toml"))
    return [path.read_bytes() for path in found], "mapping.toml", load_mapping


def read_table(path: Path) -> None:
    """Read what can be read and report the rest; then refuse a file with a problem as a whole."""
    read_people(path)
    read_people(path, strict=True)


def csv(folder: Path) -> tuple[list[bytes], str, Read]:
    def read(path: Path) -> None:
        read_groups(path)
        read_table(path)

    names = ("mentors_2026.csv", "groups.tsv", "relationships.csv")
    return [(RAW / name).read_bytes() for name in names], "table.csv", read


def xlsx(folder: Path) -> tuple[list[bytes], str, Read]:
    return [(RAW / "mentees_2026.xlsx").read_bytes()], "table.xlsx", read_table


def json_lines(folder: Path) -> tuple[list[bytes], str, Read]:
    people = [mentee("a"), mentor("m", attributes=[{"dimension": "gender", "value": "woman"}])]
    return (
        ["\n".join(map(json.dumps, people)).encode()],
        "people.jsonl",
        lambda path: read_records(path, Person, strict=True),
    )


def document(folder: Path) -> tuple[list[bytes], str, Read]:
    """A document of a store, as it is read when a programme is opened."""
    told = change_of(Person.model_validate(mentor("m"))).document or ""

    def read(path: Path) -> None:
        text = path.read_bytes().decode("utf-8", "replace")
        read_document(Entry("person", "m", text, ("m",), 1, None, None))  # type: ignore[arg-type]

    return [told.encode()], "document.json", read


def manifest(folder: Path) -> tuple[list[bytes], str, Read]:
    """The manifest of a saved folder."""
    made = engine()
    made.load([mentee("a"), mentor("m")], groups=[group("g")])
    made.save(folder / "saved")
    place = folder / "saved" / "manifest.json"

    def read(path: Path) -> None:
        place.write_bytes(path.read_bytes())
        read_snapshot(folder / "saved")
        Engine.open(folder / "saved", plugins=[WordsPlugin()])

    return [place.read_bytes()], "manifest.json", read


FORMATS = {
    "toml": toml, "mapping": mapping, "csv": csv, "xlsx": xlsx, "json lines": json_lines, "document": document,
    "manifest": manifest,
}  # fmt: skip


def main(name: str, count: int, seconds: float, seed: int, folder: Path) -> None:
    """Read inputs until both the count and the time are used up."""
    seeds, file, read = FORMATS[name](folder)
    change = changed_inside if name == "xlsx" else changed
    path = folder / file
    path.write_bytes(seeds[0])
    with suppress(MatchEngineError):  # everything is imported, and the limit below is for what an input takes
        read(path)
    limit_memory()
    signal.signal(signal.SIGALRM, late)
    warnings.simplefilter("ignore")
    end, number, taken, refused = time.monotonic() + seconds, 0, 0, 0
    while number < count or time.monotonic() < end:
        dice = random.Random(f"{seed} {number}")
        data = change(dice.choice(seeds), dice)
        path.write_bytes(data)
        signal.alarm(MOST_SECONDS)
        try:
            read(path)
            taken += 1
        except MatchEngineError:
            refused += 1
        except BaseException as error:
            where = traceback.format_exc()[-700:]
            print(json.dumps({"number": number, "error": type(error).__name__, "where": where}), flush=True)  # noqa: T201
        finally:
            signal.alarm(0)
        number += 1
    print(json.dumps({"read": taken, "refused": refused}))  # noqa: T201


def limit_memory() -> None:
    """Let this process take so much more than it has, and no more."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def late(*_signal: object) -> None:
    """An input takes too long."""
    raise TimeoutError


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
