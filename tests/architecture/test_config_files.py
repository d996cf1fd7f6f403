"""Shipped configurations load and come back; all problems of a file are told at once (architecture.md section 5)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matchengine as me
from matchengine.config import parse_config, to_toml
from tests.properties.populations import quick
from tests.support import CONFIG, config

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.toml"))


def test_there_are_the_configurations_that_the_issue_names() -> None:
    assert {p.stem for p in CONFIGS} >= {"mentoring", "community_groups", "lexical"}


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_a_shipped_configuration_loads_and_comes_back_equal(path: Path) -> None:
    loaded = me.load_config(path)
    written = to_toml(loaded)
    again = parse_config(written)
    assert again == loaded
    assert again.hash == loaded.hash
    assert to_toml(again) == written


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_every_line_of_a_shipped_configuration_matters(path: Path) -> None:
    """Every key is known: one more letter anywhere is refused with its line and the right name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    tried = 0
    for number, line in enumerate(lines, 1):
        key = re.match(r"^([a-z_]+) = ", line)
        above = next((text for text in reversed(lines[: number - 1]) if text.startswith("[")), "")
        if key and key[1] != "with" and not above.endswith((".with]", ".blocks]")):
            broken = [*lines[: number - 1], line.replace(key[1], key[1] + "x", 1), *lines[number:]]
            with pytest.raises(me.MatchEngineError) as caught:
                parse_config("\n".join(broken))
            assert any(f"line {number}: " in p and f"did you mean '{key[1]}'" in p for p in caught.value.problems), line
            tried += 1
    assert tried > 8


@pytest.mark.parametrize("key", ["wiht", "withs", "setings"])
def test_a_misspelt_with_is_told_the_name_that_files_use(key: str) -> None:
    with pytest.raises(me.MatchEngineError, match="with"):
        parse_config(CONFIG.replace('use = "words"', f'use = "words"\n{key} = {{ salt = "b" }}'))
    with pytest.raises(me.MatchEngineError) as caught:
        parse_config(CONFIG.replace('use = "words"', f'use = "words"\n{key} = {{ salt = "b" }}'))
    assert "settings" not in str(caught.value)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_a_shipped_configuration_explains_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert sum(line.lstrip().startswith("#") or " # " in line for line in text.splitlines()) >= 6


def test_unknown_keys_are_told_all_at_once_with_lines_and_nearest_names() -> None:
    text = """name = "x"
sed = 1
[embeder]
use = "lexical"
[match.mentor]
requestr = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "semantic_reciprocal"
wieght = 2
[run]
sead = 3
"""
    with pytest.raises(me.MatchEngineError) as caught:
        parse_config(text, "mine.toml")
    told = "\n".join(caught.value.problems)
    for line, nearest in ((3, "embedder"), (6, "requester"), (10, "weight"), (12, "seed")):
        assert re.search(rf"^line {line}: .*did you mean '{nearest}'", told, re.MULTILINE), (line, nearest, told)
    assert re.search("^line 2: ", told, re.MULTILINE)
    assert str(caught.value).startswith("mine.toml: ")
    assert len(caught.value.problems) >= 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = ", "not valid TOML"),
        ("name = 'x'\nname = 'y'", "not valid TOML"),
        ("", "name"),
        ("\x00", "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    with pytest.raises(me.MatchEngineError, match=expected) as caught:
        me.load_config(tmp_path / "c.toml")
    assert "c.toml" in str(caught.value)


def test_a_missing_a_huge_and_a_binary_file_are_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "big.toml").write_text("#" * (2 << 20), encoding="utf-8")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("missing.toml", "big.toml", "binary.toml"):
        with pytest.raises(me.MatchEngineError, match=name):
            me.load_config(tmp_path / name)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_bytes(b"\xef\xbb\xbf" + CONFIG.replace("\n", "\r\n").encode())
    assert me.load_config(tmp_path / "c.toml") == config()


plain = st.text(st.characters(codec="utf-8", exclude_characters="\x7f", exclude_categories=("Cc", "Cs")), max_size=12)


@quick
@given(
    plain, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.lists(plain, max_size=3)
)
def test_settings_of_every_kind_come_back_equal(
    text: str, number: int, part: float, flag: bool, more: list[str]
) -> None:
    told = config().model_dump(by_alias=True)
    told["embedder"]["with"] = {
        "text": text,
        "number": number,
        "part": part,
        "flag": flag,
        "more": more,
        "deep": {"a": text},
    }
    made = me.EngineConfig.model_validate(told)
    if not -(2**63) <= number < 2**63:
        return
    assert parse_config(to_toml(made)) == made


UNUSUAL = {"return": "a\rb", "null": "a\x00b", "escape": "a\x1bb", "delete": "a\x7fb", "infinite": float("inf")}


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_settings_come_back_equal(name: str) -> None:
    told = config().model_dump(by_alias=True)
    told["embedder"]["with"] = {"value": UNUSUAL[name]}
    made = me.EngineConfig.model_validate(told)
    assert parse_config(to_toml(made)) == made


@pytest.mark.parametrize("key", ["with space", "a.b", "ß", "", 'quo"te'])
def test_unusual_keys_of_settings_come_back_equal(key: str) -> None:
    told = config().model_dump(by_alias=True)
    told["embedder"]["with"] = {"deep": {key: 1}}
    made = me.EngineConfig.model_validate(told)
    assert parse_config(to_toml(made)) == made
