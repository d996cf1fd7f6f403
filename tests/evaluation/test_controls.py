"""Negative controls: whatever is wrong with data, strategies or metrics turns the right light red, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from matchengine.evaluation.gate import GateError
from matchengine.evaluation.run import Finished, check_evaluation
from tests.evaluation.programme import FILE, Programme, Wrong, light, programme, shuffled_labels

WRONG = (Wrong(),)


def only(*canaries: str) -> tuple[str, str]:
    """The change of a file that asks for some tests of the comparison alone."""
    return "seed = 5\n", f"seed = 5\ncanaries = {list(canaries)}\n"


def reds(finished: Finished) -> set[str]:
    return {canary.name for canary in finished.result.canaries if canary.light == "red"}


def test_sound_data_turn_nothing_red_and_the_better_strategy_is_found(finished: Finished) -> None:
    assert reds(finished) == set()
    assert {light(finished, name) for name in ("random", "constant", "oracle", "permuted", "duplicate", "signal")} == {
        "green"
    }
    assert finished.result.verdict.light == "green"
    assert [one.verdict for one in finished.result.comparisons if one.declared and one.strategy == "goals"] == [
        "better"
    ]


def test_shuffled_labels_turn_signal_red_and_nobody_is_better(folder: Programme) -> None:
    folder = programme(folder.folder, chosen=0)  # else whose outcome is known would still tell something
    folder.write().write_outcomes(shuffled_labels(folder))
    found = folder.run()
    assert reds(found) == {"signal"}
    assert found.result.verdict.light == "grey"
    assert "better" not in {one.verdict for one in found.result.comparisons if one.declared}


def test_outcomes_of_chosen_pairs_alone_make_nobody_better(folder: Programme) -> None:
    """Whose outcome is known still follows the goals, but how it went does not."""
    folder = programme(folder.folder, chosen=3, known=2)
    folder.write().write_outcomes(shuffled_labels(folder))
    found = folder.run()
    assert "selection" in reds(found)
    assert found.result.verdict.light == "grey"


def test_a_strategy_that_reads_the_outcomes_is_refused(folder: Programme) -> None:
    path = folder.write().folder / "outcomes.csv"
    more = f'\n[strategies.spy]\nuse = "reads_outcomes"\nwith = {{ path = "{path}" }}\n'
    found = folder.run("run", FILE + more, plugins=WRONG)
    spy = next(s for s in found.result.strategies if s.name == "spy")
    assert "nobody can who has not seen the outcomes" in spy.failed
    assert reds(found) == {"leakage"}
    assert found.result.verdict.light == "red"
    assert not spy.figures


def test_popularity_counted_without_the_person_asked_is_refused(folder: Programme) -> None:
    path = folder.write().folder / "outcomes.csv"
    more = f'\n[strategies.spy]\nuse = "left_out"\nwith = {{ path = "{path}" }}\n'
    found = folder.run("run", FILE + more, plugins=WRONG)
    assert "scores follow the outcomes" in next(s for s in found.result.strategies if s.name == "spy").failed
    assert reds(found) == {"leakage"}
    told = '[data.leakage]\nallow = ["leave_one_out"]\n'
    allowed = folder.run("run", FILE + more + told, only(), plugins=WRONG)
    assert light(allowed, "leakage") == ""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Return a run with two more strategies that nothing is wrong with."""
    more = '\n[strategies.popular]\nuse = "popularity"\n'
    more += '[strategies.placed]\nscorers = { goals = 1 }\nassign = "max_weight"\n'
    return programme(tmp_path_factory.mktemp("sound")).write().run("run", FILE + more)


def test_popularity_that_is_counted_on_others_is_not_refused(sound: Finished) -> None:
    assert not next(s for s in sound.result.strategies if s.name == "popular").failed


def test_answers_inside_texts_are_refused_before_anything_is_measured(folder: Programme) -> None:
    good = {(row["requester_id"], row["candidate_id"]) for row in folder.rows if row["rating"] >= 4}
    for person in folder.people:
        theirs = sorted(m for who, m in good if who == person["id"])[:1]
        if theirs:
            person["goals"] = [*person["goals"], {"text": f"to meet {theirs[0]} again"}]
    with pytest.raises(GateError, match="stands in the texts"):
        folder.write().run()
    assert not (folder.folder / "run" / "results.json").exists()
    gate = check_evaluation(folder.config(), folder.folder)
    assert not gate.passed
    assert [finding.name for finding in gate.leakage] == ["name_in_text"]
    told = folder.config(FILE, ("[unit]\n", '[data.leakage]\nallow = ["name_in_text"]\n[unit]\n'))
    assert check_evaluation(told, folder.folder).passed


def test_a_text_copied_from_the_match_is_refused_but_not_a_box_to_tick(folder: Programme) -> None:
    written = "we worked through my portfolio every second week of the spring"
    by_id = {person["id"]: person for person in folder.people}
    for number, mentor in enumerate(sorted({row["candidate_id"] for row in folder.rows})):
        text = {"text": f"{written} number {number}"}
        by_id[mentor]["offers"] = [*by_id[mentor]["offers"], {**text, "level": 3}]
        good = [row["requester_id"] for row in folder.rows if row["candidate_id"] == mentor and row["rating"] >= 4]
        for mentee in good[:4]:
            by_id[mentee]["wants"] = [*by_id[mentee].get("wants", []), text]
    assert [f.name for f in check_evaluation(folder.write().config(), folder.folder).leakage] == ["copied_text"]
    ticked = programme(folder.folder)
    for person in ticked.people:
        topic = (person["offers"] if "mentor" in person["roles"] else person["goals"])[0]["text"].split()[-1]
        text = {"text": f"I look for somebody to talk with about the field of {topic}"}
        key = "offers" if "mentor" in person["roles"] else "goals"
        person[key] = [*person[key], text | ({"level": 3} if key == "offers" else {})]
    assert check_evaluation(ticked.write().config(), folder.folder).passed


def test_a_short_offer_that_equals_a_goal_is_no_leak(folder: Programme) -> None:
    for person in folder.people:
        for offer in person["offers"]:
            offer["text"] = offer["text"].removesuffix(" for beginners")
    assert check_evaluation(folder.write().config(), folder.folder).passed


def test_a_forbidden_field_is_refused(folder: Programme) -> None:
    told = ("[unit]\n", '[data.leakage]\nforbid = ["offers"]\n[unit]\n')
    with pytest.raises(GateError, match="'offers', which is forbidden"):
        folder.write().run("run", FILE, told)
    gate = check_evaluation(folder.config(FILE, told), folder.folder)
    assert {(f.name, f.where) for f in gate.leakage} == {("forbidden_field", "goals")}


def test_a_constant_scorer_is_told_as_one_unless_it_is_there_to_compare_with(folder: Programme) -> None:
    folder.write()
    found = folder.run("run", FILE + '\n[strategies.flat]\nuse = "constant"\n')
    assert reds(found) == {"ties"}
    assert "'flat' gives every candidate" in found.result.verdict.reasons[0]
    sole = folder.run("sole", FILE + '\n[strategies.flat]\nuse = "constant"\nbaseline = true\n')
    assert reds(sole) == set()
    assert light(sole, "ties") == "amber"


def test_a_duplicated_strategy_is_told_as_a_copy(folder: Programme) -> None:
    found = folder.write().run("run", FILE + "\n[strategies.again]\nscorers = { goals = 3 }\n")
    assert reds(found) == {"copies"}
    assert "'again' and 'goals' give the same answers" in found.result.verdict.reasons[0]


def test_strategies_that_differ_only_in_who_is_placed_are_no_copies(sound: Finished) -> None:
    assert light(sound, "copies") == ""


def test_ids_that_do_not_fit_turn_the_oracle_red(folder: Programme) -> None:
    rows = [
        {**row, "candidate_id": row["candidate_id"].upper() if n % 5 else row["candidate_id"]}
        for n, row in enumerate(folder.rows)
    ]
    folder.write().write_outcomes(rows)
    found = folder.run()
    assert "oracle" in reds(found)
    assert found.result.verdict.light == "red"
    assert (
        "have ids that are not in the records" in next(c for c in found.result.canaries if c.name == "oracle").sentence
    )
    few = [{**row, "candidate_id": row["candidate_id"].upper() if n % 5 == 0 else row["candidate_id"]}
           for n, row in enumerate(folder.rows)]  # fmt: skip
    folder.write_outcomes(few)
    assert light(folder.run("run", FILE, only("oracle")), "oracle") == "amber"


def test_ids_of_another_table_turn_signal_red(folder: Programme) -> None:
    """A join that hits somebody else's outcomes looks whole, but tells nothing."""
    folder = programme(folder.folder, chosen=0)
    ids = sorted({row["requester_id"] for row in folder.rows})
    moved = dict(zip(ids, np.random.default_rng(2).permutation(ids).tolist(), strict=True))
    folder.write().write_outcomes([{**row, "requester_id": moved[row["requester_id"]]} for row in folder.rows])
    text = FILE.replace('cluster = "cohort"\n', "")
    assert reds(folder.run("run", text)) == {"signal"}


def test_a_metric_that_breaks_ties_by_order_turns_the_constant_scorer_red(folder: Programme) -> None:
    changed = ('secondary = ["success@3"', 'secondary = ["first_found", "success@3"')
    found = folder.write().run("run", FILE, changed, plugins=WRONG)
    assert reds(found) == {"constant"}
    sentence = next(c for c in found.result.canaries if c.name == "constant").sentence
    assert "breaks ties by the order" in sentence
    first = ('primary = "ndcg@5"', 'primary = "first_found"')
    primary = folder.run("first", FILE, first, only("constant"), plugins=WRONG)
    assert "constant" in reds(primary)


def test_a_strategy_that_hangs_on_the_order_of_people_turns_the_duplicate_red(folder: Programme) -> None:
    more = '\n[strategies.noisy]\nuse = "noisy"\n[compare]\nagainst = "noisy"\n'
    found = folder.write().run("run", FILE.replace("[compare]\n", "").replace("draws = 1000", "") + more, plugins=WRONG)
    assert "duplicate" in reds(found)
