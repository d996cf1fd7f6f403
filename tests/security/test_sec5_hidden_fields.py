"""Everything hidden of B is flipped: every output that A can have stays byte for byte, but for the order (SEC5).

Explanations, sheets and pages of 1,000 pairs are looked at in tests/privacy; here is every other form of output.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from matchengine.i18n import speaking
from matchengine.records.member import members_view
from tests.privacy.test_explanations import EVERYTHING, disclosing, loaded
from tests.privacy.test_hidden_fields import consents, flipped
from tests.security.faces import LEXICAL, outputs, write_programme
from tests.support import group

MENTEES, MENTORS = [f"a{n}" for n in range(25)], [f"m{n}" for n in range(40)]


@pytest.fixture(scope="module")
def engines() -> tuple[me.Engine, me.Engine]:
    """Return the programme before and after everything that is hidden of every mentor was flipped, without a lift."""
    return with_groups(disclosing(), lift=False), with_groups(flipped(disclosing(), EVERYTHING), lift=False)


@pytest.fixture(scope="module")
def lifted() -> tuple[me.Engine, me.Engine]:
    """Return the same with a lift that acts."""
    return with_groups(disclosing(), lift=True), with_groups(flipped(disclosing(), EVERYTHING), lift=True)


def with_groups(people: list[dict[str, Any]], *, lift: bool) -> me.Engine:
    """Return an engine on people and a group."""
    made = loaded(people, lift=lift)
    made.load(people, groups=[group("g")], consents=consents(people))
    return made


def journey(made: me.Engine, who: str) -> str:
    """Return a way into the group, or why there is none."""
    try:
        return made.journey(who, "g").model_dump_json()
    except me.MatchEngineError as error:
        return str(error)


Form = Callable[[me.Engine, str], str]
FORMS: dict[str, Form] = {
    "suggest": lambda made, who: "".join(s.model_dump_json() for s in made.suggest(who, "mentor", 40)),
    "groups": lambda made, who: "".join(s.model_dump_json() for s in made.suggest(who, "group", 5)),
    "members' view": lambda made, who: "".join(
        s.model_dump_json() for s in members_view(made.suggest(who, "mentor", 40))
    ),
    "tell": lambda made, who: "".join(
        e.model_dump_json() for e in made.tell(made.suggest(who, "mentor", 5), "requester")
    ),
    "bundle": lambda made, who: made.bundle(who).model_dump_json(),
    "journey": lambda made, who: journey(made, who),
    "ask": lambda made, who: made.ask(who, "mentor").model_dump_json(),
    "price of wishes": lambda made, who: repr(made.price_of_wishes(who, "mentor")),
    "shown text": lambda made, who: repr(made.shown_text(who)),
    "excluded": lambda made, who: repr(made.excluded(who, "mentor")),
}
PAIRS: dict[str, Callable[[me.Engine, str, str], str]] = {
    "explain to the requester": lambda made, a, b: made.explain(a, b, "mentor").model_dump_json(),
    "explain to the candidate": lambda made, a, b: made.explain(a, b, "mentor", "candidate").model_dump_json(),
    "prompts": lambda made, a, b: made.prompts(a, b).model_dump_json(),
    "in another language": lambda made, a, b: in_german(made, a, b),
}


def in_german(made: me.Engine, a: str, b: str) -> str:
    """Return the explanation in another language."""
    with speaking("de"):
        return made.explain(a, b, "mentor").model_dump_json()


def pairs(step: int) -> Iterator[tuple[str, str]]:
    """Yield pairs of every mentee and every mentor, or some of them."""
    every = [(a, b) for a in MENTEES for b in MENTORS]
    assert len(every) == 1_000
    yield from every[::step]


@pytest.mark.parametrize("form", FORMS)
def test_a_flip_of_all_that_is_hidden_changes_no_byte(engines: tuple[me.Engine, me.Engine], form: str) -> None:
    before, after = engines
    for who in MENTEES[::5]:
        assert FORMS[form](before, who) == FORMS[form](after, who), who


@pytest.mark.parametrize("step", [10, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", PAIRS)
def test_a_flip_of_all_that_is_hidden_changes_no_byte_about_a_pair(
    engines: tuple[me.Engine, me.Engine], form: str, step: int
) -> None:
    before, after = engines
    for a, b in pairs(step):
        assert PAIRS[form](before, a, b) == PAIRS[form](after, a, b), (a, b)


def unordered(made: me.Engine, who: str) -> list[str]:
    """Return the suggestions of a person without their order; nothing in one may tell that it was moved by a lift."""
    found = made.suggest(who, "mentor", 40)
    return sorted(s.model_copy(update={"rank": 1, "moved": ""}).model_dump_json() for s in found)


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_with_a_lift_nothing_changes_but_the_order(lifted: tuple[me.Engine, me.Engine], step: int) -> None:
    before, after = lifted
    moved = 0
    for who in MENTEES[::step]:
        assert unordered(before, who) == unordered(after, who)
        orders = [[s.candidate_id for s in made.suggest(who, "mentor", 40)] for made in lifted]
        moved += orders[0] != orders[1]
    assert moved, "a lift that moves nobody shows nothing"


@pytest.mark.parametrize("form", ["suggest", "tell", "bundle", "members' view"])
def test_a_change_of_what_is_not_hidden_is_seen(engines: tuple[me.Engine, me.Engine], form: str) -> None:
    """The control: the same comparison notices a field that A may know of."""
    open_field = with_groups(flipped(disclosing(), {"values": ["autonomy"], "offers": []}), lift=False)
    assert any(FORMS[form](engines[0], who) != FORMS[form](open_field, who) for who in MENTEES[::5])


def without_manifest(content: bytes) -> bytes:
    """Leave the hashes of all data out of a plan: they are a coordinator's, and are to change with any field."""
    document = json.loads(content)
    assert document.pop("manifest")["data"]
    return json.dumps(document).encode()


@pytest.mark.parametrize("size", [5, pytest.param(12, marks=pytest.mark.slow)])
def test_no_file_and_no_stream_of_any_command_changes(tmp_path: Path, size: int) -> None:
    """The same through the command line: texts, JSON, CSV, workbooks, pages and plans."""
    found = []
    for name, change in (("before", {}), ("after", EVERYTHING)):
        everybody = [p for p in flipped(disclosing(), change) if int(p["id"][1:]) < size]
        data = tmp_path / name / "data"
        write_programme(data, everybody, LEXICAL, consents=consents(everybody))
        files = tmp_path / "files"  # the same place for both, as places stand in what is printed
        found.append(outputs(data.rename(tmp_path / "data"), files))
        (tmp_path / "data").rename(tmp_path / name / "data")
        files.rename(tmp_path / name / "files")
    assert found[0].keys() == found[1].keys()
    for each in found:
        each |= {name: without_manifest(each[name]) for name in ("assign --json out", "plan.json")}
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []
