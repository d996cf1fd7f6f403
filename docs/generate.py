"""Write what is published from the code: JSON Schemas of all records and of the command line's documents.

Run by `make schemas`; tests/docs/test_published.py compares the files with the code.
"""

from __future__ import annotations

import json
from pathlib import Path

from matchengine import records
from matchengine.cli.documents import DOCUMENTS

FOLDER = Path(__file__).parent / "schemas"


def schemas() -> dict[str, str]:
    """Return every published schema by its path below docs/schemas/."""
    found = {}
    for name in records.__all__:
        thing = getattr(records, name)
        if isinstance(thing, type) and issubclass(thing, records.Record) and thing is not records.Record:
            found[f"{name}.json"] = thing.model_json_schema()
    for name, model in DOCUMENTS.items():
        found[f"cli/{name}.json"] = model.model_json_schema(mode="serialization")
    return {path: json.dumps(schema, indent=1, sort_keys=True) + "\n" for path, schema in found.items()}


def main() -> None:
    """Write all schemas and remove those that no longer exist."""
    wanted = schemas()
    for path in FOLDER.rglob("*.json"):
        if path.relative_to(FOLDER).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
