"""Charts of nothing, of one thing, of zeros, of very many and very large ones, and of long labels in any script."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as Tree

import pytest

from matchengine.records import Balance, Reason
from matchengine.records.result import Fit
from matchengine.report import charts, score_charts
from matchengine.report.shapes import WIDTH, Svg, count, points, shorten, text_width
from tests.report.reading import text_of

ARABIC, JAPANESE = (
    "قيادة فريق صغير من المتطوعين في المدينة القديمة",
    "地域コミュニティでのリーダーシップと若い世代への知識の継承を学びたい人",
)


def picture(markup: str) -> Tree.Element:
    """Return the tree of a drawing, checked for what every drawing has."""
    assert isinstance(markup, Svg)
    assert markup.__html__() == str(markup)
    root = Tree.fromstring(markup)  # noqa: S314 (our own drawing)
    assert root.tag == "svg"
    assert root.attrib["role"] == "img"
    assert [child.attrib["id"] for child in list(root)[:2]] == root.attrib["aria-labelledby"].split()
    assert "width" not in root.attrib
    return root


def bars(root: Tree.Element, kind: str) -> list[float]:
    """Return the lengths of the bars of a class, without the legend's sample."""
    return [float(r.attrib["width"]) for r in root.iter("rect") if r.attrib["class"] == kind][1:]


def balance(number: int, demand: int = 3, supply: int = 2, places: int | None = None, label: str = "") -> Balance:
    """Return one balance."""
    return Balance(key=f"k{number}", label=label or f"need {number}", demand=demand, supply=supply, places=places)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.balance_bars("a", "t", ()),
        lambda: charts.week("a", "t", {}, 0, "demand"),
        lambda: charts.exposure_bars("a", "t", ()),
        lambda: charts.columns("a", "t", (), "x"),
        lambda: charts.contributions("a", "t", (), 1.0),
        lambda: charts.contributions("a", "t", (Reason(scorer="s"),), 1.0),
        lambda: score_charts.histogram("a", "t", (), ()),
        lambda: score_charts.score_and_known("a", "t", ()),
    ],
)
def test_nothing_gives_no_drawing(draw: Callable[[], str]) -> None:
    assert draw() == ""


def test_bars_are_as_long_as_their_numbers() -> None:
    root = picture(charts.balance_bars("a", "t", [balance(1, 10, 5, 8), balance(2, 4, 0, None)]))
    demand, supply = bars(root, "demand"), bars(root, "supply")
    assert demand[0] / demand[1] == pytest.approx(10 / 4, rel=0.01)
    assert demand[0] / supply[0] == pytest.approx(2, rel=0.01)
    assert supply[1] == 0
    assert "5; places: 8" in text_of(root)
    assert "need 2: 4 looking, 0 giving" in text_of(list(root)[1])


@pytest.mark.parametrize("places", [None, 0])
def test_one_bar_and_all_zeros_stand(places: int | None) -> None:
    root = picture(charts.balance_bars("a", "t", [balance(1, 0, 0, places)]))
    assert bars(root, "demand") == bars(root, "supply") == [0]
    assert ("Free places" in text_of(root)) is (places is not None)
    assert bars(picture(charts.exposure_bars("a", "t", [("m", 0, places)])), "demand") == [0]
    assert "nan" not in charts.columns("a", "t", [("0", 0)], "x")
    assert "nan" not in charts.week("a", "t", {("mon", "night"): 0}, 0, "demand")


def test_two_hundred_bars_show_the_first_and_count_the_rest() -> None:
    many = picture(charts.balance_bars("a", "t", [balance(n) for n in range(200)]))
    assert len(bars(many, "demand")) == charts.MOST_BARS
    assert text_of(many).count("185 more are in the table.") == 2
    exposed = picture(charts.exposure_bars("a", "t", [(f"m-{n}", 3, 1) for n in range(16)]))
    assert "1 more is in the table." in text_of(exposed)


def test_large_numbers_stay_inside_the_drawing() -> None:
    huge = 10**12
    root = picture(charts.balance_bars("a", "t", [balance(1, huge, huge // 2, 3 * huge), balance(2, 1, 1)]))
    assert "1\u202f000\u202f000\u202f000\u202f000" in [node.text for node in root.iter("text")]
    for node in root.iter("text"):
        assert float(node.attrib["x"]) + text_width(node.text or "") <= WIDTH + 1
    for node in root.iter("rect"):
        assert float(node.attrib["x"]) + float(node.attrib["width"]) <= WIDTH


@pytest.mark.parametrize("label", ["w" * 300, "word " * 60, ARABIC, JAPANESE, "é" * 90, "e\u0301" * 90])
def test_a_long_label_is_shortened_and_kept_in_full(label: str) -> None:
    root = picture(charts.balance_bars("a", "t", [balance(1, label=label)]))
    shown = next(n for n in root.iter("text") if n.attrib.get("class") == "label")
    assert text_width(shown.text or "") <= WIDTH
    title = shown.find("title")
    if shown.text == label:
        assert title is None
    else:
        assert shown.text is not None
        assert shown.text.endswith("…")
        assert title is not None
        assert title.text == label.strip()


@pytest.mark.parametrize("width", [0, 5, 20, 61, 200])
@pytest.mark.parametrize("text", ["", "a", "plain words in a row", ARABIC, JAPANESE, "e\u0301" * 30, "👩\u200d🔬" * 20])
def test_shortened_texts_fit_and_never_end_on_half_a_character(text: str, width: float) -> None:
    short = shorten(text, width)
    assert short == text or text.startswith(short.removesuffix("…").rstrip())
    assert text_width(short) <= max(width, text_width("…"))
    assert not short.removesuffix("…").endswith("\u200d")
    if short.endswith("…"):
        rest = text[len(short) - 1 :]
        assert not rest.startswith("\u0301")


def test_the_week_has_a_row_per_day_and_a_column_per_named_part() -> None:
    root = picture(charts.week("a", "t", {("mon", "evening"): 8, ("sun", "morning"): 2}, 8, "demand"))
    assert text_of(list(root)[1]) == "Mon, Evening: 8; Sun, Morning: 2"
    cells = [r.attrib["class"] for r in root.iter("rect")]
    assert len(cells) == 7 * 2
    assert cells.count("cell demand-4") == cells.count("cell demand-1") == 1
    assert "Night" not in text_of(root)


def test_missing_people_are_shaded_in_the_gap() -> None:
    gaps = {("mon", "evening"): -8, ("tue", "evening"): 3, ("wed", "evening"): -1}
    root = picture(charts.week("a", "t", gaps, 8, "gap"))
    shades = [r.attrib["class"] for r in root.iter("rect")]
    assert shades[:3] == ["cell supply-4", "cell supply-0", "cell supply-1"]
    assert {"−8", "+3", "−1"} <= {n.text for n in root.iter("text")}


def test_contributions_go_to_their_side_on_one_scale() -> None:
    told = [Reason(scorer="a", contribution=8.0), Reason(scorer="b", contribution=-4.0), Reason(scorer="c")]
    root = picture(charts.contributions("a", "t", told, 16.0))
    steps = {n.attrib["class"]: n.attrib["d"] for n in root.iter("path")}
    right, left = (re.findall(r"h(-?[\d.]+)v", steps[kind]) for kind in ("for", "against"))
    assert float(right[0]) == pytest.approx(-2 * float(left[0]))
    assert float(left[0]) < 0
    assert {"+8.0", "−4.0"} <= {n.text for n in root.iter("text")}
    assert "c" not in [n.text for n in root.iter("text")]


@pytest.mark.parametrize("scores", [[0.0], [100.0], [50.0, 50.0], [0.0, 100.0], [12.5, 47.5, 99.99, 64.0]])
def test_every_score_lands_in_the_histogram(scores: list[float]) -> None:
    fits: list[Fit] = ["good" if score >= 65 else "poor" for score in scores]
    root = picture(score_charts.histogram("a", "t", scores, fits))
    told = [int(text.rsplit(": ", 1)[1]) for text in text_of(list(root)[1]).split("; ")]
    assert sum(told) == len(scores)
    marks = picture(score_charts.score_and_known("a", "t", [(s, 0.5, f) for s, f in zip(scores, fits, strict=True)]))
    for node in marks.iter("path"):
        assert all(0 <= float(x) <= WIDTH for x in re.findall(r"M([\d.]+) ", node.attrib["d"]))


def test_bands_differ_in_more_than_colour() -> None:
    fits: list[Fit] = list(score_charts.FITS)
    root = picture(score_charts.histogram("a", "t", [80.0, 60.0, 40.0, 70.0], fits))
    assert {"Good fit", "Fair fit", "Poor fit", "Too little known"} <= {n.text for n in root.iter("text")}
    looks = {(r.attrib["class"], r.attrib.get("fill")) for r in root.iter("rect")}
    assert len(looks) == 4
    assert len([fill for _kind, fill in looks if fill]) == 2
    marks = picture(score_charts.score_and_known("a", "t", [(50.0, 0.5, fit) for fit in fits]))
    shapes = [n.attrib["d"].split("m", 1)[1] for n in marks.iter("path") if n.attrib["class"].startswith("mark")]
    assert len(set(shapes)) == 4


@pytest.mark.parametrize(
    ("number", "signed", "text"),
    [(-0.04, True, "0.0"), (0.06, True, "+0.1"), (-12.34, True, "−12.3"), (7, False, "7.0")],
)
def test_points_have_a_true_minus_and_no_sign_at_zero(number: float, signed: bool, text: str) -> None:
    assert points(number, signed=signed) == text


def test_thousands_are_grouped() -> None:
    assert [count(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1\u202f000", "1\u202f234\u202f567"]
