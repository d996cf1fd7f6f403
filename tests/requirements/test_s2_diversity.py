"""Row S2-03: formal, informal and online networks side by side in one list."""

from __future__ import annotations

from typing import Any

from matchengine.programme.shortlists import shortlists
from tests.support import engine, group, mentee

KINDS = ("professional", "informal", "online_forum", "volunteering", "hobby")


def groups() -> list[dict[str, Any]]:
    """Six groups of one kind that fit best, and one of each other kind that fits a little less."""
    same = [
        group(f"p{n}", kind=KINDS[0], topics=["hiking", "learn sql for data work", "speak up in meetings"])
        for n in range(6)
    ]
    return same + [group(f"o-{kind}", kind=kind, topics=["hiking", "learn sql for data work"]) for kind in KINDS[1:]]


def kinds_in_five(extra: str) -> tuple[int, list[str]]:
    made = engine(extra)
    made.load([mentee("a")], groups=groups())
    found = shortlists(made._scene("group"), made._present, 5).lists["a"]
    kind_of = {each["id"]: each["kind"] for each in groups()}
    return len({kind_of[s.candidate_id] for s in found}), [s.moved for s in found]


def test_s2_03_mmr_on_kinds_raises_the_number_of_kinds_in_the_first_five() -> None:
    """S2-03: MMR over kinds gives a mixed list where scores alone give one kind; a moved group says why."""
    plain, silent = kinds_in_five("")
    mixed, told = kinds_in_five("[match.group.exposure]\nmmr = 0.75")
    assert plain == 1
    assert mixed == 5
    assert silent == [""] * 5
    assert "Higher up than by score alone, so that the list holds different options." in told
