"""The public conformance kit, the HR file, and both together in an engine."""

# ruff: noqa: S101

import json

import pytest
from matchengine_reporting_chain import matchengine_components, reporting_chains
from matchengine_reporting_chain.command import main

import matchengine as me
from matchengine.config import parse_config
from matchengine.errors import DataError
from matchengine.testing import CheckSkippedError, parametrize_with_checks

HR = "employee,manager\nana,bo\nbo,cy\ncy,\ndi,cy\n"


@pytest.fixture
def hr(tmp_path):
    path = tmp_path / "hr.csv"
    path.write_text(HR, encoding="utf-8")
    return path


@parametrize_with_checks(list(matchengine_components()))
def test_conformance(spec, check):
    try:
        check(spec)
    except CheckSkippedError as skipped:
        pytest.skip(str(skipped))


def pairs(ties):
    return sorted((tie.person_id, tie.other_id) for tie in ties)


def test_everybody_above_counts(hr):
    assert pairs(reporting_chains(hr)) == [("ana", "bo"), ("ana", "cy"), ("bo", "cy"), ("di", "cy")]
    assert pairs(reporting_chains(hr, levels=1)) == [("ana", "bo"), ("bo", "cy"), ("di", "cy")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who,manager\ne-1,e-2\n", "no column employee"),
        ("employee,manager\n,e-2\n", "line 2: no employee"),
        ("employee,manager\ne-1,e-1\n", "line 2: somebody is their own manager"),
        ("employee,manager\ne-1,e-2\ne-1,e-3\n", "line 3: another manager than in line 2"),
        ("employee,manager\ne-1,e-2\ne-2,e-1\n", "line 2: this chain of managers goes round in a circle"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_by_line(hr, text, told):
    hr.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told) as refused:
        reporting_chains(hr)
    assert "e-1" not in str(refused.value)


def test_what_is_no_text_is_refused(hr):
    hr.write_bytes(b"employee,manager\n\xff\xfe,x\n")
    with pytest.raises(DataError, match="cannot be read"):
        reporting_chains(hr)


def test_the_command_writes_what_the_engine_reads(hr, tmp_path, capsys):
    ties = tmp_path / "ties.jsonl"
    assert main([str(hr), str(ties)]) == 0
    read = [me.Relationship(**json.loads(line)) for line in ties.read_text(encoding="utf-8").splitlines()]
    assert pairs(read) == pairs(reporting_chains(hr))
    hr.write_text("employee,manager\nana,ana\n", encoding="utf-8")
    assert main([str(hr), str(ties)]) == 1
    assert "own manager" in capsys.readouterr().err


def test_nobody_is_suggested_from_the_own_chain_and_the_reason_is_true(hr):
    config = parse_config("""
name = "chain"
[plugins]
enable = ["builtin", "lexical", "reporting-chain"]
[embedder]
use = "lexical"
cache = false
[match.mentor]
requester = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "semantic_reciprocal"
[match.mentor.constraints]
use = ["reporting_chain"]
""")
    engine = me.Engine(config)
    bake = [{"text": "run a small bakery"}]
    mentor = {"roles": ["mentor"], "adult": True, "vetting": {"status": "vetted"}, "offers": bake}
    engine.load(
        people=[
            {"id": "ana", "roles": ["mentee"], "adult": True, "goals": bake},
            *({"id": name, **mentor} for name in ("bo", "cy", "di")),
        ],
        relationships=reporting_chains(hr),
    )
    assert [s.candidate_id for s in engine.suggest("ana", "mentor")] == ["di"]
    told = engine.explain("ana", "cy", "mentor", viewer="coordinator")
    assert [obstacle.rule for obstacle in told.why_not] == ["reporting_chain"]
    assert "directly or through others" in told.plain_text
