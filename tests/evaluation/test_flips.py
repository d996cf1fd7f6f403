"""Counterfactual checks (domain.md H7): they hold where they should, and notice what is planted against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import matchengine as me
from matchengine.batch import FloatArray, Scored
from matchengine.config import EngineConfig, load_config, parse_config
from matchengine.engine import Engine
from matchengine.errors import DataError
from matchengine.evaluation import flip_exact
from matchengine.evaluation.flip_bench import changes
from matchengine.evaluation.flip_texts import parallel_goals, with_sentence
from matchengine.evaluation.flip_words import CELLS, LANGUAGES, carried, phrases, swapped
from matchengine.evaluation.flips import flip_report, flips_text
from matchengine.hookspecs import hookimpl
from matchengine.io.masking import mask
from matchengine.io.write import Folder
from matchengine.records import Person
from matchengine.records.flips import FlipCheck, FlipReport
from matchengine.simulation import Knobs, populate, world
from tests.support import mentee

SMALL = {"mentees": 24, "groups": 6}
LIFT = """
[match.mentor.scorers.shared]
use = "intersectional_fit"
"""


class Offers:
    """A plugin that offers some components."""

    __name__ = "offers"

    def __init__(self, *components: Any) -> None:
        self.components = components

    @hookimpl
    def matchengine_components(self) -> list[Any]:
        from matchengine.components import specs_in

        return [spec for one in self.components for spec in specs_in(one)]


def lexical(extra: str = "") -> EngineConfig:
    """The shipped configuration without a model, with lifts, keeping no vectors on disk."""
    from matchengine.config import to_toml

    config = parse_config(to_toml(load_config("configs/lexical.toml")) + LIFT + extra)
    return config.model_copy(update={"embedder": config.embedder.model_copy(update={"cache": False})})


@pytest.fixture(scope="module", autouse=True)
def quick_calibration() -> Iterator[None]:
    """An engine is loaded again for each change: what counts as similar is fixed on fewer random pairs of texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matchengine.pool.embed.PAIRS", 4_000)
        yield


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leaves the exact checks of some fields alone, beside those of names and ids."""
    made = flip_exact._changers

    def chosen(*fields: str) -> None:
        some = lambda bench: {name: change for name, change in made(bench).items() if name in fields}  # noqa: E731
        monkeypatch.setattr(flip_exact, "_changers", some)

    return chosen


def folder(seed: int = 1, **knobs: Any) -> Folder:
    """A small simulated programme."""
    told = populate(world("W1").knobs(Knobs(**(SMALL | knobs))), seed=seed).records()
    return Folder(**{kind: list(rows) for kind, rows in dict(told).items()})  # type: ignore[call-overload]


ALL = ("exact", "text", "length", "language", "withdrawal", "nudge")


def report(
    *families: Any, records: Folder | None = None, extra: str = "", people: int = 6, plugins: Any = ()
) -> FlipReport:
    """Checks of a programme."""
    every, told = lexical(extra), records or folder()
    config = every.model_copy(update={"match": {"mentor": every.match["mentor"]}})  # each change loads all kinds
    return flip_report(lambda: Engine(config, plugins=plugins), told, "mentor", people=people, families=families or ALL)


@pytest.fixture(scope="module")
def whole() -> FlipReport:
    return report()


def checks(found: FlipReport, family: str) -> dict[str, FlipCheck]:
    return {f"{c.name} {c.side} {' '.join(c.flipped)}": c for c in found.checks if c.family == family}


def named(found: FlipReport, name: str, family: str = "exact") -> FlipCheck:
    return next(c for c in found.checks if c.name == name and c.family == family)


def test_what_nobody_consented_to_changes_no_score(whole: FlipReport) -> None:
    exact = checks(whole, "exact")
    assert len(exact) == 11
    assert all(check.passed for check in exact.values())
    assert all(check.worst == 0 for check in exact.values() if check.name != "never_stored")
    attributes = named(whole, "attributes")
    assert attributes.people > 10
    assert attributes.pairs > 20


def test_a_withdrawal_is_as_if_never_told(whole: FlipReport) -> None:
    withdrawn = checks(whole, "withdrawal")
    assert {c.passed for c in withdrawn.values()} <= {True, None}
    assert sum(c.passed is True for c in withdrawn.values()) >= 4


def test_own_names_and_masked_words_change_nothing_in_either_side(whole: FlipReport) -> None:
    own = [c for c in whole.checks if c.name == "own_name" and c.family == "text"]
    assert {(c.side, c.flipped) for c in own} == {
        (side, flipped)
        for side in ("requester", "candidate")
        for flipped in (("gender",), ("origin",), ("gender", "origin"))
    }
    assert all(c.passed and c.worst == 0 and c.same_first == 1 for c in own)


def test_names_that_nobody_can_mask_do_move_scores(whole: FlipReport) -> None:
    others = [c for c in whole.checks if c.name == "name_of_another"]
    assert max(c.worst or 0 for c in others) > 0


def test_more_of_something_good_lowers_nothing(whole: FlipReport) -> None:
    nudges = checks(whole, "nudge")
    assert nudges["slot_value requester slot"].passed
    assert nudges["skill_value candidate skill"].passed
    assert nudges["skill_standing candidate skill"].passed
    assert (nudges["slot_value requester slot"].mean or 0) >= 0


def test_the_report_is_the_same_again_and_names_nobody(whole: FlipReport) -> None:
    records = folder()
    text = whole.model_dump_json() + flips_text(whole)
    assert not any(person.id in text for person in records.people)
    again = report("text", "nudge")
    assert again.checks == tuple(c for c in whole.checks if c.family in ("text", "nudge"))


def test_other_ids_draw_the_same_people() -> None:
    from matchengine.evaluation.flip_bench import FlipBench

    records = folder()
    new = {person.id: f"p-{n:04d}" for n, person in enumerate(reversed(records.people))}
    other = replace(
        records,
        people=[p.model_copy(update={"id": new[p.id]}) for p in records.people],
        consents=[c.model_copy(update={"person_id": new[c.person_id]}) for c in records.consents],
        relationships=[],
    )
    drawn = [FlipBench(Engine(lexical()), of, "mentor", 5) for of in (replace(records, relationships=[]), other)]
    assert [new[external] for external in drawn[0].requesters] == list(drawn[1].requesters)
    assert [new[external] for external in drawn[0].shown] == list(drawn[1].shown)


def test_the_text_says_what_does_not_hold_first(whole: FlipReport) -> None:
    lines = flips_text(whole).splitlines()
    assert str(whole.failed) in lines[1]
    marks = [line.strip()[0] for line in lines if line.startswith("  ")]
    assert {"✗", "✓", "–"} >= set(marks)
    assert whole.passed == (whole.failed == 0)


# ---------------------------------------------------------------------- planted faults are noticed


def test_a_consent_that_is_not_asked_for_is_noticed(only: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    from matchengine.pool import sensitive

    class Blind:
        def __init__(self, consents: Any) -> None:
            self._consents = consents

        def allows(self, *_args: Any) -> bool:
            return True

        def allows_token(self, *_args: Any) -> bool:
            return True

    original = sensitive.sensitive_columns
    monkeypatch.setattr(
        "matchengine.pool.people.sensitive_columns",
        lambda people, shared, own: original(people, shared, Blind(own)),  # type: ignore[arg-type]
    )
    only("wishes", "attributes")
    found = report("exact")
    assert named(found, "wishes").passed is False or named(found, "attributes").passed is False
    assert not found.passed


def test_without_masking_names_and_words_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matchengine.pool.text.mask", lambda text, *_rest: text)
    found = report("text")
    own = [c for c in found.checks if c.name == "own_name" and c.family == "text" and "gender" in c.flipped]
    assert max(c.worst or 0 for c in own) > 0


def test_a_name_that_is_not_masked_on_import_is_noticed(
    only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only()
    monkeypatch.setattr("matchengine.evaluation.flip_exact.mask_names", lambda text, _names: text)
    assert named(report("exact"), "own_name").passed is False


def test_a_scorer_that_falls_with_common_time_is_noticed() -> None:
    @me.scorer("contrary", block="relate", title="x", monotone={"pair_common_minutes": 1})
    def contrary(pair_common_minutes: FloatArray) -> Scored:
        return Scored(1 / (1 + pair_common_minutes / 100), np.where(np.isnan(pair_common_minutes), 0.0, 1.0))

    found = report("nudge", extra='\n[match.mentor.scorers.contrary]\nuse = "contrary"\n', plugins=[Offers(contrary)])
    assert named(found, "slot_value", "nudge").passed is False
    assert (named(found, "slot_value", "nudge").worst or 0) > 0.01


def test_a_scorer_that_reads_the_order_of_ids_is_noticed(
    only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only()

    @me.scorer("lucky", block="relate", title="x")
    def lucky(candidate_free_places: NDArray[np.float32]) -> Scored:
        return Scored(np.zeros(len(candidate_free_places)), np.ones(len(candidate_free_places)))

    from matchengine.scene import Scene

    original = Scene.table

    def by_id(self: Scene, batch: Any) -> Any:
        raw, table = original(self, batch)
        ids = self.pool.tables["people"].ids
        bonus = np.array([ids[row].startswith("n-") for row in batch.candidate_rows.tolist()]) * 0.01
        return raw, replace(table, total=table.total + bonus)

    monkeypatch.setattr(Scene, "table", by_id)
    assert named(report("exact"), "ids").passed is False


# ---------------------------------------------------------------------- what cannot be checked is said


def test_a_model_of_one_language_is_not_asked_for_another() -> None:
    from tests.evaluation.strategies.worlds import WordsPlugin

    config = parse_config(
        """
name = "one"
[plugins]
enable = ["builtin"]
[embedder]
use = "words"
cache = false
with = { languages = ["en"] }
[match.mentor]
requester = "mentee"
candidate = "mentor"
[match.mentor.scorers.goals]
use = "semantic_reciprocal"
[run]
today = 2026-01-05
"""
    )
    found = flip_report(
        lambda: Engine(config, plugins=[WordsPlugin()]), folder(), "mentor", people=4, families=("language", "nudge")
    )
    (check,) = checks(found, "language").values()
    assert check.passed is None
    assert "de, en, es" in check.not_applicable
    assert named(found, "slot", "nudge").passed is None


def test_groups_get_more_support_and_their_texts_are_nobody_s() -> None:
    config = load_config("configs/community_groups.toml")
    kind = next(iter(config.match))
    text = config.model_copy(
        update={
            "plugins": config.plugins.model_copy(update={"enable": ["builtin", "lexical"]}),
            "embedder": lexical().embedder,
            "index": lexical().index,
        }
    )
    found = flip_report(
        lambda: Engine(text), folder(mentees=30, groups=20), kind, people=12, families=("text", "nudge")
    )
    assert named(found, "support_value", "nudge").passed is True
    assert (named(found, "support_value", "nudge").mean or 0) > 0
    assert {c.side for c in found.checks if c.family == "text"} == {"requester"}


def test_an_empty_sample_is_refused() -> None:
    with pytest.raises(DataError, match="people is 0"):
        report(people=0)
    with pytest.raises(DataError, match="no family"):
        report("textual")
    with pytest.raises(DataError, match="nobody takes part"):
        report(records=Folder(people=[Person.model_validate(mentee())]))


# ---------------------------------------------------------------------- the words


@pytest.mark.parametrize("language", LANGUAGES)
def test_swapping_twice_gives_the_text_again(language: str) -> None:
    for woman, man in phrases(language):
        said = carried(language, woman)
        assert swapped(said, language) == carried(language, man)
        assert swapped(swapped(said, language), language) == said


def test_only_whole_words_are_swapped_and_capitals_stay() -> None:
    assert swapped("There she is. She likes the manual.", "en") == "There he is. He likes the manual."
    assert swapped("nothing here", "en") == "nothing here"
    assert swapped("elle", "fr") == "elle"


def test_the_lists_hold_words_that_masking_does_not_know() -> None:
    left = [
        1 for language in LANGUAGES for one, other in phrases(language) if mask(one, language) != mask(other, language)
    ]
    assert len(left) >= 20


def test_parallel_goals_are_in_three_languages_and_all_different() -> None:
    goals = parallel_goals()
    assert all(set(goal) == set(LANGUAGES) and len(set(goal.values())) == 3 for goal in goals)
    assert len({goal["en"] for goal in goals}) == len(goals) == 51


def test_names_of_two_crossings_are_never_the_same() -> None:
    assert len({cell.name(n) for cell in CELLS for n in range(5)}) == 5 * len(CELLS)


def test_a_sentence_goes_where_there_is_room() -> None:
    person = Person.model_validate(mentee(goals=[{"text": "x" * 395}, {"text": "short"}]))
    longer = with_sentence(person, "hello there.", "requester")
    assert longer is not None
    assert [g.text for g in longer.goals] == ["x" * 395, "short hello there."]
    assert with_sentence(person, "", "requester") is None
    bare = Person.model_validate({"id": "a", "adult": True})
    assert with_sentence(bare, "hello", "both") is None


def test_a_pair_let_in_or_out_counts_by_its_whole_score() -> None:
    nan = float("nan")
    moved = changes(np.array([nan, 0.4, nan, 0.5]), np.array([0.3, nan, nan, 0.6]))
    assert np.allclose(moved, [0.3, -0.4, nan, 0.1], equal_nan=True)
