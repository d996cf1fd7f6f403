"""What is published from the code equals the code: schemas, the mapping tables. `make schemas` writes them."""

from __future__ import annotations

import json

import pytest

from matchengine.cli.documents import DOCUMENTS
from matchengine.io.describe import describe_fields
from matchengine.io.fields import TABLES
from tests.docs.pages import DOCS, generator

ADVICE = "run `make schemas` and read what changed"


def test_schemas_are_those_of_the_code() -> None:
    wanted = generator().schemas()
    folder = DOCS / "schemas"
    published = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*.json")}
    assert published == wanted, ADVICE


def test_every_document_of_the_command_line_has_a_schema() -> None:
    assert {path.stem for path in (DOCS / "schemas" / "cli").glob("*.json")} == set(DOCUMENTS)
    for path in (DOCS / "schemas").rglob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["additionalProperties"] is False


@pytest.mark.parametrize("reads", sorted(TABLES))
def test_the_mapping_page_lists_every_target(reads: str) -> None:
    page = (DOCS / "mapping.md").read_text(encoding="utf-8")
    assert generator().mapping_page(page) == page, ADVICE
    assert describe_fields(reads).strip() in page


def test_a_mapping_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="expected the markers"):
        generator().mapping_page("# The mapping file\n")
