"""What one commit does to documents, change after change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.support import config, mentee, mentor, over

from matchengine.errors import DataError
from matchengine.records import Person
from matchengine.store.documents import Gone
from matchengine.store.memory import MemoryStore


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_whoever_comes_and_goes_in_one_change_was_never_there(kind: str, tmp_path: Path) -> None:
    place: Any = MemoryStore() if kind == "memory" else tmp_path / "programme.db"
    made = over(place, config())
    made.load([mentee("a"), mentor("m")])
    made.apply([Person.model_validate(mentor("new")), Gone("new"), Person.model_validate(mentor("n"))])
    with pytest.raises(DataError, match="not known"):
        made.apply([Person.model_validate(mentor("o")), Gone("nobody")])
    with over(place, read_only=True) as reader:
        assert sorted(reader.members("mentor").candidates) == sorted(made.members("mentor").candidates) == ["m", "n"]
    made.close()
