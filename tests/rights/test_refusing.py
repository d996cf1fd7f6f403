"""SEC3: a saved folder of an earlier day brings nobody back who was erased since."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matchengine.engine import Engine
from matchengine.errors import DataError, SnapshotError, StoreError
from matchengine.store.refusing import refuse_erased
from matchengine.store.secret import KEY_VARIABLE
from tests.rights.support import BY, opened, programme
from tests.support import WordsPlugin, group, mentee, mentor

pytest.importorskip("sqlalchemy")

ERASED = "zq-person-zq"


def saved(folder: Path, named: str) -> tuple[Path, Path]:
    """Save a programme that names somebody in one way, erase them; return the folder and the list of the erased."""
    people = [mentee("a0"), mentee("a1"), mentor("m1")]
    told: dict[str, object] = {"groups": [group("g")]}
    if named == "tie":
        told["relationships"] = [{"person_id": "a1", "other_id": ERASED, "kind": "mentoring"}]
    elif named == "household":
        people[0] = mentee("a0", household=ERASED)
    elif named == "contact":
        told["groups"] = [group("g", contacts=[{"person_id": ERASED}])]
    else:
        people.append(mentor(ERASED))
    with programme(folder / "programme.db", people=people, **told) as made:
        made.save(folder / "saved")
        made.erase(ERASED, **BY)
    return folder / "saved", folder / "programme.db-files" / "erased-main"


def of(folder: Path) -> Engine:
    return Engine.open(folder, plugins=[WordsPlugin()])


@pytest.mark.parametrize("named", ["person", "tie", "contact", "household"])
def test_a_folder_with_somebody_who_was_erased_since_is_refused(tmp_path: Path, named: str) -> None:
    folder, listed = saved(tmp_path, named)
    with pytest.raises(SnapshotError, match="1 person who was erased") as caught:
        refuse_erased(of(folder)._pool, listed)
    assert ERASED not in str(caught.value)
    assert "delete the folder" in str(caught.value)


def test_a_row_that_no_longer_counts_is_found_too(tmp_path: Path) -> None:
    with programme(tmp_path / "programme.db", people=[mentee("a0"), mentor("m1"), mentor(ERASED)]) as made:
        made.keep("spring", made.assign("mentor"))  # a document that names them, so that there is something to erase
        made.remove(ERASED)
        made.save(tmp_path / "saved")
        made.erase(ERASED, **BY)
    assert ERASED not in of(tmp_path / "saved").members("mentor").candidates
    with pytest.raises(SnapshotError, match="erased"):
        refuse_erased(of(tmp_path / "saved")._pool, tmp_path / "programme.db-files" / "erased-main")


def test_a_folder_that_was_saved_afterwards_is_opened(tmp_path: Path) -> None:
    _folder, listed = saved(tmp_path, "person")
    with opened(tmp_path / "programme.db") as made:
        made.save(tmp_path / "later")
    refuse_erased(of(tmp_path / "later")._pool, listed)


def test_another_key_or_programme_finds_nobody_and_so_the_right_one_is_demanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, listed = saved(tmp_path, "person")
    pool = of(folder)._pool
    for wrong in (tmp_path / "erased-main", tmp_path / "programme.db", listed.with_name("erased-other")):
        with pytest.raises((SnapshotError, DataError)):
            refuse_erased(pool, wrong)
    alone = tmp_path / "alone"
    alone.mkdir(mode=0o700)
    shutil.copy(listed, alone / "erased-main")
    with pytest.raises(SnapshotError, match="key of the store is not beside"):
        refuse_erased(pool, alone / "erased-main")
    assert not (alone / "key").exists()
    monkeypatch.setenv(KEY_VARIABLE, "nonsense")
    with pytest.raises(StoreError):
        refuse_erased(pool, alone / "erased-main")
