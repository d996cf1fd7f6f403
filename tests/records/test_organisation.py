"""Organisations: public records without a person in them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from matchengine.errors import DataError
from matchengine.records import Organisation, as_records


def test_an_e_mail_address_is_refused_and_not_repeated() -> None:
    told = {"id": "o", "kind": "ally", "title": "House", "reached_by": "ask ida@example.org"}
    with pytest.raises(DataError) as error:
        as_records([told], Organisation)
    assert "no e-mail address" in str(error.value.problems)
    assert "ida" not in str(error.value) + str(error.value.problems)


def test_nobody_is_their_own_partner() -> None:
    with pytest.raises(ValidationError, match="no partner of itself"):
        Organisation(id="o", kind="ngo", title="House", partners=("o",))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValidationError):
        Organisation(id="o", kind="sect", title="House")  # type: ignore[arg-type]
