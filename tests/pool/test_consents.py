"""Grants of one moment for several audiences stand side by side; a withdrawal never leaves one behind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.support import consent

from matchengine.pool.consents import Consents
from matchengine.records import ConsentGrant

ENDED = datetime(2026, 1, 2, tzinfo=UTC)


def grant(audience: str, **more: object) -> ConsentGrant:
    return ConsentGrant.model_validate(consent("a", "attributes", "explain", audience, **more))


def allowed(consents: Consents) -> list[str]:
    return [who for who in ("members", "coordinator") if consents.allows("a", "attributes", "explain", (who,))]


def test_one_form_may_open_a_field_to_two_audiences() -> None:
    consents = Consents([grant("members"), grant("coordinator")])
    assert allowed(consents) == ["members", "coordinator"]
    assert len(list(consents)) == 2
    consents.add(grant("members", text_version="2"))
    assert len(list(consents)) == 2


@pytest.mark.parametrize(("audience", "left"), [("members", ["coordinator"]), ("engine_only", [])])
def test_a_withdrawal_ends_its_audience_or_else_all_of_that_time(audience: str, left: list[str]) -> None:
    consents = Consents([grant("members"), grant("coordinator")])
    consents.add(grant(audience, withdrawn_at=ENDED))
    assert allowed(consents) == left
