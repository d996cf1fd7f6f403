"""Write what is published from the code: JSON Schemas, the tables of the mapping page, the help of every command.

Run by `make schemas`; tests/docs/test_published.py and tests/cli/test_help.py compare the files with the code.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from matchengine import records
from matchengine.cli import make_parser
from matchengine.cli.documents import DOCUMENTS
from matchengine.io.describe import describe_fields
from matchengine.io.fields import TABLES

HERE = Path(__file__).parent
FOLDER = HERE / "schemas"
HELP = HERE.parent / "tests" / "cli" / "help"
MAPPING = HERE / "mapping.md"


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


def mapping_page(page: str) -> str:
    """Return the mapping page with the table of each kind of file written anew between its two markers."""
    for reads in TABLES:
        start, end = f"<!-- generated: {reads} -->\n", f"<!-- end: {reads} -->"
        head, found, rest = page.partition(start)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"docs/mapping.md: expected the markers {start.strip()!r} and {end!r}")
        page = f"{head}{start}\n{describe_fields(reads)}\n{end}{tail}"
    return page


def help_texts() -> dict[str, str]:
    """Return the help of every command, 80 columns wide, by its path below tests/cli/help/."""
    before = {name: os.environ.get(name) for name in ("COLUMNS", "NO_COLOR")}
    os.environ |= {"COLUMNS": "80", "NO_COLOR": "1"}
    try:
        return {f"{name.replace(' ', '-')}.txt": parser.format_help() for name, parser in parsers()}
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the name and parser of the program and of every command below it."""
    todo = [make_parser()]
    for parser in todo:
        yield parser.prog, parser
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                todo += action.choices.values()


def publish(folder: Path, wanted: dict[str, str], suffix: str) -> None:
    """Write all wanted files of a folder and remove those that no longer exist."""
    for path in folder.rglob(f"*{suffix}"):
        if path.relative_to(folder).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> None:
    """Write everything that is published from the code."""
    publish(FOLDER, schemas(), ".json")
    publish(HELP, help_texts(), ".txt")
    MAPPING.write_text(mapping_page(MAPPING.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
