"""The page of a simulation: marked as synthetic, the choice first, every number of the picture in a table."""

from __future__ import annotations

from matchengine.records.simulation import SimulatedStrategy, SimulationResult, WorldResult
from matchengine.report import render_page
from matchengine.report.simulation_page import MOST_ROWS, regret_map
from tests.report.reading import parsed, rows, text_of


def strategy(name: str, regret: float, **more: object) -> SimulatedStrategy:
    """Return one strategy of one world."""
    told = {"strategy": name, "utility": 0.5 - regret, "regret": regret, "matched": 0.9, **more}
    return SimulatedStrategy.model_validate(told)


def simulated(**changes: object) -> SimulationResult:
    """Return a small result."""
    engine = {"difference": 0.031, "low": 0.012, "high": 0.05, "p_adjusted": 0.001, "verdict": "better"}
    worlds = (
        WorldResult(
            world="W0", title="Null world", about="Nothing matters.", oracle=0.5, oracle_expected=0.5,
            strategies=(strategy("tags", 0.0), strategy("engine", 0.0, difference=0.0, verdict="same")),
        ),
        WorldResult(
            world="W1", title="Deep similarity", about="Values matter.", oracle=0.6, oracle_expected=0.6,
            strategies=(
                strategy("tags", 0.123, regret_low=0.11, regret_high=0.13), strategy("engine", 0.092, **engine),
            ),
        ),
    )  # fmt: skip
    made = {
        "question": "Which is least wrong?", "notice": "Synthetic: everything here is invented.",
        "verdict": "Synthetic: engine stays within 9.2 in 100.", "choice": "engine",
        "largest_regret": {"tags": 0.123, "engine": 0.092}, "worst_world": {"tags": "W1", "engine": "W1"},
        "chosen_share": {"tags": 0.02, "engine": 0.98}, "worlds": worlds, "replicates": 20, "mentees": 200,
        "against": "tags", "margin": 0.01, "null_tests": 20, "false_positives": 1, "allowed": 4, "null_passed": True,
        "null_pairs_significant": 0.043, "stable_order": 0.61, "least_alike": ("W1", "W2"),
        "policies": (("tags", "tag_overlap"), ("engine", "engine; decided by max_weight")),
        "assumptions": (("mentees", "200", "mentees", "count", "assumption"),), "limits": ("Anything: synthetic.",),
    }  # fmt: skip
    return SimulationResult.model_validate({**made, **changes})


def sections(**changes: object) -> dict[str, str]:
    """Return the text of each section by its anchor."""
    root = parsed(render_page(simulated(**changes)))
    return {node.attrib["id"]: text_of(node) for node in root.iter("section")}


def test_synthetic_stands_in_title_notice_answer_and_limits() -> None:
    page = render_page(simulated())
    assert "<title>Synthetic: Which is least wrong?" in page
    told = sections()
    assert "Synthetic: engine stays within 9.2" in told["answer"]
    assert "Synthetic: everything here is invented." in told["limits"]
    assert list(told)[:2] == ["answer", "limits"]


def test_every_number_of_the_map_is_in_a_table_and_read_aloud() -> None:
    root = parsed(render_page(simulated()))
    assert ["tags", "0.0", "12.3 (11.0 to 13.0)"] in rows(root)
    assert ["engine", "0.0", "9.2"] in rows(root)
    picture = next(n for n in root.iter("svg") if "regret-map-t" in n.attrib["aria-labelledby"])
    assert text_of(list(picture)[1]) == "engine: W0 0.0, W1 9.2; tags: W0 0.0, W1 12.3"


def test_largest_regret_choice_self_test_and_stability_are_told() -> None:
    told = sections()
    assert "98.0" in told["answer"]
    assert "1 / 20" in told["answer"]
    assert "engine (worst in W1)" in told["regret"]
    assert "chance allows 4. Passed." in told["tests"]
    assert "0.61" in told["tests"]
    assert "W1 and W2" in told["tests"]


def test_differences_have_words_and_intervals() -> None:
    root = parsed(render_page(simulated()))
    assert ["engine", "W1", "+3.1", "+1.2 to +5.0", "better"] in rows(root)
    assert ["engine", "W0", "0.0", "not known", "the same"] in rows(root)


def test_assumptions_stand_with_their_source() -> None:
    assert ["mentees", "200", "mentees", "count", "assumption"] in rows(parsed(render_page(simulated())))


def test_a_failed_self_test_a_trial_and_a_strategy_never_to_be_used_are_said() -> None:
    told = sections(null_passed=False, trial=True, never_use=("tags",), failed={"other": "no such scorer"})
    assert "FAILED" in told["answer"]
    assert "do not trust any difference" in told["tests"]
    assert "must never be used" in told["answer"]
    assert "no such scorer" in told["answer"]
    assert "A trial with fewer populations" in render_page(simulated(trial=True))
    assert "seem to differ from tags" in sections(null_differs=("engine",))["tests"]


def test_nothing_compared_still_makes_a_page() -> None:
    world = WorldResult(world="W1", title="t", about="a", oracle=0.5, oracle_expected=0.5, strategies=())
    empty = {"largest_regret": {}, "worst_world": {}, "chosen_share": {}, "choice": "", "worlds": (world,)}
    told = sections(**empty, null_passed=None, stable_order=None, least_alike=(), failed={"engine": "no scorer"})
    assert "regret" not in told
    assert "cannot be told" in told["tests"]


def test_the_map_draws_so_many_strategies_and_counts_the_rest() -> None:
    names = [f"s{n}" for n in range(MOST_ROWS + 2)]
    drawing = regret_map("m", "Map", ["W1"], names, [[float(n)] for n in range(len(names))])
    assert "2 more are in the table." in drawing
    assert "demand-4" in drawing
    assert regret_map("m", "Map", [], [], []) == ""
