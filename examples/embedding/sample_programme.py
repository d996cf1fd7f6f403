"""Read the sample programme's raw exports, suggest mentors and groups, save and open again."""

import tempfile
from pathlib import Path

import matchengine as me
from matchengine.io import load_mapping, read_groups, read_people, read_relationships

root = Path(__file__).resolve().parents[2]
sample = root / "examples" / "sample_programme"
raw = sample / "raw"


def mapping(name: str):
    """Return one of the sample programme's mappings."""
    return load_mapping(sample / "mapping" / f"{name}.toml")


people = read_people([raw / "mentors_2026.csv", raw / "mentees_2026.xlsx"], mapping("people"))
groups = read_groups([raw / "groups.tsv"], mapping("groups"), contacts=people.contacts)
ties = read_relationships([raw / "relationships.csv"], mapping("relationships"), contacts=people.contacts)
print(f"{len(people.people)} people; {len(people.report.failures)} values or rows were left out")

engine = me.Engine.from_config(root / "configs" / "lexical.toml")
engine.load(people.people, groups.groups, relationships=ties.relationships, consents=people.consents)
for kind in ("mentor", "group"):
    for suggestion in engine.suggest("HB-0140", kind=kind, k=3):
        print(kind, suggestion.candidate_id, suggestion.score, *suggestion.to_confirm)

with tempfile.TemporaryDirectory() as folder:
    engine.save(Path(folder) / "saved")
    again = me.Engine.open(Path(folder) / "saved")
    print("the same after saving:", again.suggest("HB-0140", "mentor") == engine.suggest("HB-0140", "mentor"))
