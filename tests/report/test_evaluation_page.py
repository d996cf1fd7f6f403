"""The page of an evaluation: its order, its answer in words, what stays hidden, what never becomes markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from matchengine.evaluation.sentences import METHODS
from matchengine.i18n import PSEUDO
from matchengine.inference import Method
from matchengine.records.evaluation import EvaluationResult, StrategyFigures, VerdictName
from matchengine.report import page as page_module
from matchengine.report import render_page, write_page
from matchengine.report.evaluation_charts import (
    differences_plot,
    histogram_of_differences,
    split_bars,
    tenths,
    tornado,
    traffic_light,
)
from matchengine.report.evaluation_facts import EvaluationReport
from matchengine.report.evaluation_words import VERDICTS, Unit, closed_parts, people_counts
from tests.report import runs
from tests.report.evaluation_drafts import KINDS, comparison, gate, result, strategy
from tests.report.payloads import FIXED, skeleton, with_each, with_many
from tests.report.reading import headings, parsed, rows, shown, tags, text_of
from tests.report.test_browser import CONTRAST, MARK_CONTRAST, TEXT_CONTRAST, WIDTHS, widths
from tests.report.test_charts import picture

SECTIONS = [
    *("answer", "limits", "strategies", "differences", "people", "candidates", "groups", "scorers", "cases", "method"),
]
SHARE = Unit(True, "in every 100")
KEEP = frozenset({"language", "light", "verdict", "origin", "kind", "picked", "severity", "better", "schema_", "unit"})


def section(page: str, anchor: str) -> str:
    """Return the text of one section."""
    return next(text_of(node) for node in parsed(page).iter("section") if node.attrib["id"] == anchor)


def said(document: EvaluationResult, say: Callable[[str], str], keep: frozenset[str] = KEEP) -> EvaluationResult:
    """Return an evaluation with every text in it replaced, but for closed vocabularies."""
    verdict = runs.reworded(document.verdict, say, keep)
    made: EvaluationResult = runs.reworded(document, say, keep)
    return made.model_copy(update={"verdict": verdict})


def lit(page: str) -> list[str]:
    """Return the classes of the lamps, from the left."""
    drawing = next(node for node in parsed(page).iter("svg") if "light-t" in node.attrib["aria-labelledby"])
    return [node.attrib["class"] for node in drawing.iter("path")]


def test_every_section_stands_in_order_and_the_contents_lead_to_them() -> None:
    root = parsed(render_page(result()))
    assert [node.attrib["id"] for node in root.iter("section")] == SECTIONS
    assert [a.attrib["href"] for a in next(root.iter("nav")).iter("a")] == [f"#{anchor}" for anchor in SECTIONS]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_every_outcome_is_sound(kind: str) -> None:
    page = render_page(result(kind))
    root, found = parsed(page), tags(page)
    assert not {tag for tag, _name in found.names} & {"script", "img", "link", "iframe", "object", "form", "base"}
    assert not [name for _tag, name in found.names if name.startswith("on") or name in ("style", "src", "action")]
    assert not re.search(r"(https?:)?//\w|@import", page)
    assert {v for _t, n, v in found.values if n == "content" and "default-src" in v} == {page_module.POLICY}
    ids = Counter(node.attrib["id"] for node in root.iter() if "id" in node.attrib)
    assert max(ids.values()) == 1
    for node in root.iter():
        assert all(name in ids for name in node.attrib.get("aria-labelledby", "").split())
    levels = [level for level, _text in headings(root)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(len(row) == len(table[0]) for table in _tables(page) for row in table)
    assert "What this cannot tell you" in [text for _level, text in headings(root)]


def _tables(page: str) -> Iterator[list[list[str]]]:
    for table in parsed(page).iter("table"):
        yield rows(table)


@pytest.mark.parametrize(
    ("kind", "word", "lamp"),
    [
        ("better", "better", 2),
        ("worse", "worse", 1),
        ("same", "practically the same", 1),
        ("cannot_tell", "we cannot tell", 3),
        ("guardrail", "not to be relied on", 0),
        ("canary", "not to be relied on", 0),
    ],
)
def test_the_answer_is_said_in_words_and_one_lamp_is_lit(kind: str, word: str, lamp: int) -> None:
    page = render_page(result(kind))
    assert f"The answer: {word}" in [text for _level, text in headings(parsed(page))]
    lamps = lit(page)
    assert [place for place, style in enumerate(lamps) if style != "axis"] == [lamp]
    assert "Do goals help?" in text_of(next(parsed(page).iter("h1")))


def test_the_answer_names_what_it_rests_on() -> None:
    found = rows(parsed(render_page(result())))
    assert ["Difference, in every 100", "+8.0"] in found
    assert ["Likely between, in every 100", "+4.0 to +12.0"] in found
    assert ["Requirements", "3 of 3 hold, over all strategies"] in found
    assert ["Tests of the comparison itself", "2 of 3 passed"] in found


def test_a_trial_run_is_marked_everywhere_and_no_lamp_says_better() -> None:
    page = render_page(result("trial"))
    root = parsed(page)
    assert text_of(next(root.iter("h1"))) == "Not evidence. Do goals help?"
    assert "Trial run with 50 people: not evidence. Do not decide anything by this page." in text_of(root)
    assert "Not evidence. The answer would be: better" in section(page, "answer")
    assert "Not evidence. Differences" in section(page, "differences")
    assert [place for place, style in enumerate(lit(page)) if style != "axis"] == [3]
    assert "not evidence" in section(page, "answer")
    assert "ot evidence" not in render_page(result())


def test_limits_are_printed_whatever_was_found() -> None:
    for kind in KINDS:
        assert "What should be done." in section(render_page(result(kind)), "limits")
    assert "Whether it is so." in section(render_page(result()), "limits")


def test_strategies_stand_with_value_interval_difference_verdict_and_requirements() -> None:
    found = rows(parsed(render_page(result())))
    holds = "title of unmatched_rate: 4.0, at most 5.0: holds"
    assert ["Rules (baseline)", "61.0", "56.0 to 66.0", "", "", holds, "312"] in found
    assert ["Hybrid", "69.0", "64.0 to 74.0", "+8.0", "better", holds, "312"] in found
    assert ["Tuned", "66.0", "61.0 to 71.0", "+1.5", "cannot tell", holds, "312"] in found
    assert not any(row[0] == "Canary:Oracle" for row in found)


def test_a_requirement_that_failed_and_a_strategy_that_failed_are_said() -> None:
    told = section(render_page(result("guardrail")), "strategies")
    assert "title of unmatched_rate: 9.0, at most 6.0: FAILED" in told
    told = section(render_page(result("strategy")), "strategies")
    assert "Hybrid gave no answer: the model is not there" in told
    assert ["Hybrid", "–", "–", "–", "no answer", "", ""] in rows(parsed(render_page(result("strategy"))))


def test_an_interval_of_a_share_ends_where_shares_end() -> None:
    one = strategy("rules", 0.02)
    page = render_page(result().model_copy(update={"strategies": (one, *result().strategies[1:])}))
    assert ["Rules (baseline)", "2.0", "0.0 to 7.0"] in [row[:3] for row in rows(parsed(page))]


def test_figures_that_are_no_share_stay_as_they_are() -> None:
    found = rows(parsed(render_page(result())))
    assert ["title of blocking_pairs (blocking_pairs)", "pairs; less is better", *["1 231"] * 3] in found
    assert ["Hybrid against Rules", "blocking_pairs", "−3.5", "−9 to +2", "below 0.001"] in [row[:5] for row in found]
    assert ["title of unmatched_rate (unmatched_rate)", "in every 100; less is better"] in [row[:2] for row in found]
    assert ["title of brier (brier)", "not measured: needs chances", "7", "0"] in found


def test_many_strategies_stand_in_tables_that_fit_paper() -> None:
    many = [strategy(f"s{n}", 0.5) for n in range(9)]
    tables = [table for table in _tables(render_page(result(strategies=many))) if table[0][:2] == ["figure", "unit"]]
    of_all = [len(table[0]) - 2 for table in tables if len(table) > 2]
    assert of_all == [4, 4, 1]


def test_cost_stands_beside_quality_where_it_is_known_and_decides_between_equals() -> None:
    report = EvaluationReport(
        result=result("same"), seconds={"rules": 0.5, "hybrid": 20.0}, command="matchengine eval x"
    )
    page = render_page(report)
    assert ["0.5 s"] in [row[-1:] for row in rows(parsed(page)) if row[0].startswith("Rules")]
    assert ["–"] in [row[-1:] for row in rows(parsed(page)) if row[0] == "Tuned"]
    assert "Hybrid and Rules are practically the same, and Rules took 40.0 times less time to run." in text_of(
        parsed(page)
    )
    assert "time to run" not in render_page(result("same"))
    dear = EvaluationReport(result=result("better"), seconds={"rules": 0.5, "hybrid": 20.0})
    assert "times less time" not in render_page(dear)


def test_differences_have_their_margin_in_the_picture_and_their_text() -> None:
    page = render_page(result())
    told = section(page, "differences")
    assert "margin: differences within ±2.0 do not matter" in told
    assert "Hybrid: +8.0 (likely +4.0 to +12.0)" in told
    assert "Exploratory: differences on other figures" in told


def test_few_people_are_never_told_as_a_number() -> None:
    found = rows(parsed(render_page(result())))
    assert ["Tuned", "fewer than 5", "the rest", "40", "−40.0"] in found
    told = section(render_page(result()), "people")
    assert "others: not told apart" in told
    assert "Tuned: of" not in told
    assert "Hybrid: of 312 people, in every 100 22 gained and 13 lost." in told
    thin = comparison("hybrid", "better", histogram=(3, 239, 70))
    page = render_page(result().model_copy(update={"comparisons": (thin,)}))
    assert "how much people gained" not in section(page, "people")


@pytest.mark.parametrize(
    ("counts", "closed", "said"),
    [
        ((10, 20, 30), set(), ["10", "20", "30"]),
        ((0, 20, 30), set(), ["0", "20", "30"]),
        ((3, 20, 30), {0, 2}, ["fewer than 5", "20", "the rest"]),
        ((3, 30, 4), {0, 1, 2}, ["fewer than 5", "the rest", "fewer than 5"]),
        ((1, 2, 3), {0, 1, 2}, ["fewer than 5"] * 3),
    ],
)
def test_small_counts_cannot_be_worked_out(counts: tuple[int, ...], closed: set[int], said: list[str]) -> None:
    assert closed_parts(counts) == closed
    assert people_counts(counts) == said


def test_the_other_side_is_told_in_words_and_figures() -> None:
    told = section(render_page(result()), "candidates")
    assert (
        "Rules: of every 100 looks, the tenth that is shown most gets 23.0, the half that is shown least 24.0." in told
    )
    assert "Of every 100 people placed, the tenth with most gets 25.0." in told
    assert "title of mentor_overload (mentor_overload)" in told
    assert "blocking_pairs" not in told
    bare = tuple(
        one.model_copy(update={"spread": StrategyFigures(), "figures": one.figures[:1]}) for one in result().strategies
    )
    page = render_page(result().model_copy(update={"strategies": bare}))
    assert "candidates" not in [node.attrib["id"] for node in parsed(page).iter("section")]


def test_hidden_groups_are_a_word_and_a_missing_audit_is_said() -> None:
    found = rows(parsed(render_page(result())))
    assert ["south", "hidden", "hidden", "hidden"] in found
    assert ["north", "120", "66.0", "66.0"] in found
    assert ["east", "", "50.0 (30 people)", "50.0 (31 people)"] in found
    assert "Nothing is said of subgroups" in section(render_page(result(subgroups=())), "groups")


def test_scorers_weights_and_their_optimism_are_told() -> None:
    told = section(render_page(result()), "scorers")
    assert "In 93 of every 100 random weightings the strategy stays on the same side of Rules." in told
    assert "Consider goals." in told
    found = rows(parsed(render_page(result())))
    assert ["Tuned", "goals: 70.0interests: 30.0", "64.0", "67.0", "+3.0"] in found
    assert ["goals", "Hybrid", "Without one scorer", "60.0", "+3.0", "+1.0 to +5.0", "0.030"] in found
    bare = result(effects=(), stable_order=None, strategies=[strategy("rules", 0.6)])
    assert "scorers" not in [node.attrib["id"] for node in parsed(render_page(bare)).iter("section")]


def test_cases_are_numbers_and_reasons_without_a_person() -> None:
    found = rows(parsed(render_page(result())))
    assert ["1", "gained most", "30", "4", "0.0", "100.0"] in found
    assert ["3", "They differ most.", "8", "1", "50.0", "–"] in found


def test_canaries_the_gate_and_the_way_back_are_there() -> None:
    page = render_page(result("canary"))
    found = rows(parsed(page))
    assert ["a strategy that knows the outcomes", "failed", "1", "0.7", "Ids."] in found
    assert ["a strategy that draws by lot", "passed", "0.2", "0.21", "As chance."] in found
    told = section(page, "method")
    assert "Take care (cutoff): Known only later." in told
    assert "5 in 100." in told
    assert "Nothing was changed after outcomes had been read." in told
    assert ["new_count", "9"] in found
    clean = result(gate=gate(leakage=()), exploratory=("The margin was changed.",))
    told = section(render_page(EvaluationReport(result=clean, command="matchengine eval a.toml", seed=7)), "method")
    assert "No way was found" in told
    assert "The margin was changed." in told
    assert "matchengine eval a.toml" in told
    assert "Nothing was changed" not in told


def test_every_verdict_and_every_method_has_words() -> None:
    assert set(VERDICTS) == set(get_args(VerdictName))
    assert set(METHODS) == set(get_args(Method))


@pytest.mark.parametrize("checked", [with_many, pytest.param(with_each, marks=pytest.mark.slow)])
def test_a_payload_stays_text(checked: Any) -> None:
    def seen(page: str) -> tuple[Any, ...]:
        return *skeleton(page, FIXED | {"name", "dir"}), parsed(page).tag

    assert checked(lambda say: render_page(said(result(), say)), seen) == []


def test_every_word_of_ours_is_in_the_catalogue() -> None:
    """With data made of digits alone, no plain letter may be left in the language of foreign letters."""
    keep = KEEP - {"unit"}
    made = said(result(), lambda text: "".join(str(ord(c) % 10) for c in text), keep)
    root = parsed(render_page(made.model_copy(update={"language": PSEUDO})))
    assert root.attrib["lang"] == PSEUDO
    assert [text for text in shown(root) if re.search("[A-Za-z]", text)] == []


def test_equal_results_give_equal_pages() -> None:
    again = EvaluationResult.model_validate_json(result().model_dump_json(by_alias=True))
    assert render_page(again) == render_page(result())


def test_drawings_of_nothing_are_empty_and_all_can_be_read_aloud() -> None:
    assert differences_plot("a", "t", (), 0.02, SHARE) == split_bars("a", "t", ()) == tornado("a", "t", (), SHARE) == ""
    assert histogram_of_differences("a", "t", (), (), SHARE) == tenths("a", "t", (), (), 1.0) == ""
    assert split_bars("a", "t", [("x", (("lost", 0, "0"),))]) == ""
    many = [(f"strategy {n}", 0.01 * n, None if n % 2 else 0.01 * n - 0.02, 0.01 * n + 0.02) for n in range(20)]
    root = picture(differences_plot("a", "t", many, 0.0, SHARE))
    assert "5 more are in the table." in text_of(root)
    assert "strategy 1: +1.0, interval not known" in text_of(root)
    assert "margin" not in text_of(root)
    picture(tornado("a", "t", [(f"s{n}", 0.0) for n in range(17)], SHARE))
    picture(traffic_light("a", "amber", "W" * 200))
    picture(tenths("a", "t", (0.4, 0.6), (0.1, 0.9), 0.9))


@pytest.mark.parametrize("kind", ["better", "trial", "empty"])
def test_nothing_overflows_sideways(browser: Any, tmp_path: Path, kind: str) -> None:
    long = said(result(kind), lambda text: (text + "-" + "W" * 64)[:64])
    for number, document in enumerate((result(kind), long)):
        path = tmp_path / f"{number}.html"
        write_page(path, document)
        page = browser.new_page()
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        assert widths(page) == WIDTHS
        page.close()


@pytest.mark.parametrize("kind", ["better", "canary"])
def test_texts_and_marks_stand_out(browser: Any, tmp_path: Path, kind: str) -> None:
    write_page(tmp_path / "page.html", result(kind))
    page = browser.new_context(viewport={"width": 1280, "height": 12000}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(CONTRAST)
        assert len(found["texts"]) > 200
        assert [one for one in found["texts"] if one[0] < TEXT_CONTRAST] == [], scheme
        assert [one for one in found["marks"] if one[0] < MARK_CONTRAST] == [], scheme
    assert asked == [(tmp_path / "page.html").as_uri()]
    page.context.close()
