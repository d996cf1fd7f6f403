"""Write the raw files of the sample programme "Harbour Bridge".

    python examples/sample_programme/generate.py [--seed 7] [--out examples/sample_programme/raw]

People, texts and groups are written by hand in `harbour_bridge/texts_*.py`. The seed decides what belongs to nobody:
names, member numbers, addresses, the moment a form was sent, values, sliders, consents, ways and rhythm of meeting.
Everything is drawn per person, so that a new person does not change the answers of the others (only names and numbers
are dealt from one deck). The same seed gives the same bytes; those of the workbook also depend on the versions of
openpyxl and zlib, so compare it cell by cell. Needs Python 3.11 and openpyxl.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from harbour_bridge.answers import draw_answer  # noqa: E402
from harbour_bridge.groups_file import groups_tsv, number_groups  # noqa: E402
from harbour_bridge.identity import make_identities  # noqa: E402
from harbour_bridge.lists_files import lists  # noqa: E402
from harbour_bridge.mentees_file import mentees_rows  # noqa: E402
from harbour_bridge.mentors_file import mentors_csv  # noqa: E402
from harbour_bridge.people import load_groups, load_people  # noqa: E402
from harbour_bridge.relationships_file import relationships_csv  # noqa: E402
from harbour_bridge.swaps_file import swap_wishes_csv  # noqa: E402
from harbour_bridge.workbook import workbook_bytes  # noqa: E402

DEFAULT_SEED = 7


def build(seed: int = DEFAULT_SEED) -> dict[str, bytes]:
    """Return the content of every raw file by name."""
    people = load_people()
    identities = make_identities(people, seed)
    groups = number_groups(load_groups(), identities, seed)
    mentors = [draw_answer(p, identities[p.key], "mentor", seed) for p in people if p.is_mentor]
    mentees = [draw_answer(p, identities[p.key], "mentee", seed) for p in people if p.is_mentee]
    return {
        "mentors_2026.csv": mentors_csv(mentors),
        "mentees_2026.xlsx": workbook_bytes(mentees_rows(mentees)),
        "groups.tsv": groups_tsv(groups),
        "relationships.csv": relationships_csv(identities, groups),
        "swap_wishes.csv": swap_wishes_csv(identities),
        **lists(identities, seed),
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the files and say how large they are."""
    parser = argparse.ArgumentParser(description="Write the raw files of the sample programme Harbour Bridge.")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="default: %(default)s")
    parser.add_argument("--out", type=Path, default=HERE / "raw", help="folder for the files, default: %(default)s")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, content in build(chosen.seed).items():
        (chosen.out / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
