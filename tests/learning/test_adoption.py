"""Nothing is adopted without a signature, and only the very proposal that was signed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matchengine.config import parse_config, to_toml
from matchengine.errors import ConfigError
from matchengine.learning.adoption import AdoptionError, adopt, seal_of, sealed, signed_toml
from matchengine.records import Fingerprint
from matchengine.records.learning import (
    CalibrationReport,
    GateCheck,
    LearnedWeight,
    SignedDecision,
    WeightProposal,
)
from tests.support import config

CONFIG = config()
PRINT = Fingerprint(config=CONFIG.hash, plugins={}, model="words", generation=1, as_of=date(2026, 3, 9))


def proposal(**more: Any) -> WeightProposal:
    weights = (
        LearnedWeight(name="need", of="block", default=0.4, learned=0.5, shrinkage=0.2),
        LearnedWeight(name="interests", of="relate", default=0.35, learned=0.45, shrinkage=0.2),
    )
    told: dict[str, Any] = {
        "kind": "mentor", "config": CONFIG.hash, "weights": weights, "fingerprint": PRINT, "adoptable": True,
        "calibration": CalibrationReport(method="identity", outcomes=0, yes=0),
        "gate": (GateCheck(name="better", passed=True, text="It is better."),),
    }  # fmt: skip
    return sealed(WeightProposal(**told | more))


def signed(of: WeightProposal, **more: Any) -> SignedDecision:
    told = {"who": "coordinator-1", "on": "2026-03-10", "statement": "The board agreed.", "signature": of.seal}
    return SignedDecision.model_validate(told | more)


def test_a_signed_proposal_makes_another_configuration() -> None:
    made = proposal()
    after = adopt(CONFIG, made, signed(made))
    assert after.match["mentor"].blocks == {"need": 0.5, "relate": 0.35, "feasible": 0.25}
    assert after.match["mentor"].scorers["interests"].weight == 0.45
    assert after.match["mentor"].scorers["values"] == CONFIG.match["mentor"].scorers["values"]
    assert after.hash != CONFIG.hash
    assert CONFIG.match["mentor"].blocks["need"] == 0.4


@pytest.mark.parametrize("decision", [None, "other"])
def test_without_the_signature_nothing_is_adopted(decision: Any) -> None:
    made = proposal()
    given = None if decision is None else signed(made, signature="0123456789abcdef")
    with pytest.raises(AdoptionError, match=r"nobody signed|signature is not the seal"):
        adopt(CONFIG, made, given)


def test_a_proposal_that_was_changed_is_refused_although_it_is_signed() -> None:
    made = proposal()
    weights = (made.weights[0].model_copy(update={"learned": 0.9}), made.weights[1])
    forged = made.model_copy(update={"weights": weights})
    with pytest.raises(AdoptionError, match="was changed after it was made"):
        adopt(CONFIG, forged, signed(made))
    with pytest.raises(AdoptionError, match="signature is not the seal"):
        adopt(CONFIG, sealed(forged), signed(made))


@pytest.mark.parametrize(
    "change",
    [
        {"gate": (GateCheck(name="exposure", passed=False, text="Too uneven."),), "adoptable": False},
        {"gate": (GateCheck(name="exposure", passed=False, text="Too uneven."),), "adoptable": True},
    ],
)
def test_a_check_that_failed_stops_it_whatever_else_it_says(change: dict[str, Any]) -> None:
    made = proposal(**change)
    with pytest.raises(AdoptionError, match=r"Too uneven\."):
        adopt(CONFIG, made, signed(made))


@pytest.mark.parametrize("change", [{"gate": ()}, {"adoptable": False}])
def test_a_proposal_that_was_not_found_fit_is_refused(change: dict[str, Any]) -> None:
    made = proposal(**change)
    with pytest.raises(AdoptionError, match="not found fit"):
        adopt(CONFIG, made, signed(made))


def test_it_belongs_to_one_configuration_alone() -> None:
    made = proposal()
    with pytest.raises(AdoptionError, match="learn again under this one"):
        adopt(config("[retrieve]\nshortlist = 50\n"), made, signed(made))
    other = proposal(kind="nothing")
    with pytest.raises(AdoptionError, match="offers no kind of match 'nothing'"):
        adopt(CONFIG, other, signed(other))


def test_every_reason_is_said_at_once() -> None:
    made = proposal(config="other", adoptable=False)
    with pytest.raises(AdoptionError) as error:
        adopt(CONFIG, made.model_copy(update={"judges": 9}), None)
    assert len(error.value.problems) == 4


def test_the_seal_covers_everything_but_itself() -> None:
    made = proposal()
    for change in ({"tau": 1.0}, {"cautions": ("x",)}, {"kind": "group"}, {"exposure": (0.1, 0.1)}):
        assert seal_of(made.model_copy(update=change)) != made.seal
    assert seal_of(made.model_copy(update={"seal": "f" * 16})) == made.seal


@pytest.mark.parametrize(
    "why", ["The board agreed.", 'Line one\n[match.mentor]\nacross = 1\n"""', "日本 ✓ \u2028 end", "\\"]
)
def test_the_new_file_says_who_signed_and_reads_back_as_it_is_meant(why: str) -> None:
    made = proposal()
    decision = signed(made, statement=why)
    text = signed_toml(CONFIG, made, decision)
    assert parse_config(text) == adopt(CONFIG, made, decision)
    head = text.split("\n\n")[0].splitlines()
    assert all(line.startswith("# ") for line in head)
    assert len(head) == 3
    for told in (made.seal, CONFIG.hash, "coordinator-1", "2026-03-10"):
        assert told in "\n".join(head)


def test_a_sign_that_toml_does_not_allow_is_refused_and_nothing_is_written() -> None:
    made = proposal()
    with pytest.raises(ConfigError, match="not valid TOML"):
        signed_toml(CONFIG, made, signed(made, who="bad\x01sign"))


def test_a_file_without_the_comments_is_the_same_configuration() -> None:
    made = proposal()
    after = adopt(CONFIG, made, signed(made))
    assert signed_toml(CONFIG, made, signed(made)).endswith(to_toml(after))
