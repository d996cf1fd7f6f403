"""`matchengine suggest --everyone --exposure`: what is configured, what is asked for, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchengine.records import Run
from tests.cli.commands import Done, run, too_wide


def everyone(data: Path, *arguments: object) -> Done:
    done = run("suggest", "--everyone", *arguments, "--data", data)
    assert done.status == 0, done.text
    return done


@pytest.fixture(scope="module")
def priced(data: Path) -> Run:
    return Run.model_validate_json(everyone(data, "--json").out)


def test_lists_for_everybody_share_attention_as_configured(data: Path, priced: Run) -> None:
    assert priced.exposure is not None
    assert priced.exposure.method == "priced"
    assert priced.exposure.gini_per_seat < priced.exposure.plain_gini_per_seat
    assert priced.exposure.loss < 0.1
    text = everyone(data).out
    assert "How the lists share attention" in text
    assert "Higher up than by score alone" in text
    told = [line for line in text.splitlines() if " known" not in line]
    assert not too_wide("\n".join(told))


def test_plain_lists_hold_no_report(data: Path) -> None:
    plain = Run.model_validate_json(everyone(data, "--exposure", "plain", "--json").out)
    assert plain.exposure is None
    assert not any(draft.suggestion.moved for draft in plain.drafts)


def test_groups_state_no_places_to_share_out(data: Path) -> None:
    assert Run.model_validate_json(everyone(data, "--kind", "group", "--json").out).exposure is None


def test_another_method_can_be_asked_for(data: Path, priced: Run) -> None:
    other = Run.model_validate_json(everyone(data, "--exposure", "matching", "--json").out)
    assert other.exposure is not None
    assert other.exposure.method == "matching"
    assert other.drafts != priced.drafts


def test_one_person_has_no_attention_to_share(data: Path) -> None:
    done = run("suggest", "HB-0140", "--exposure", "priced", "--data", data)
    assert done.status == 2
    assert "--everyone" in done.err
