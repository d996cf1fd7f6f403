"""The page of a mixer."""

from __future__ import annotations

from matchengine.report import render_page
from tests.report.drafts import mixer
from tests.report.reading import parsed, rows, text_of


def test_tables_are_drawn_by_round() -> None:
    root = parsed(render_page(mixer()))
    seats = next(n for n in root.iter("svg") if "seats-0-t" in n.attrib["aria-labelledby"])
    assert text_of(list(seats)[1]) == "Round 1, 1: p1, p2; Round 1, 2: p3, p4; Round 2, 1: p1, p3; Round 2, 2: p2, p4"


def test_many_rounds_make_several_pictures() -> None:
    root = parsed(render_page(mixer(5)))
    titles = [text_of(next(iter(n))) for n in root.iter("svg")]
    assert titles[:2] == ["Rounds 1 to 4, by table", "Rounds 5 to 5, by table"]


def test_everybody_has_a_card_with_table_and_company() -> None:
    told = {n.attrib["id"]: text_of(n) for n in parsed(render_page(mixer())).iter("section")}
    assert "Round 1, 18:00" in told["cards"]
    told_rows = rows(parsed(render_page(mixer())))
    assert ["p1", "table 1: p2", "table 1: p3"] in told_rows
    assert ["p5", "", "sits out"] in told_rows
    assert ["p9", "There is nobody to meet."] in told_rows
    assert ["sit out", "", "p5"] in told_rows


def test_a_mixer_without_rounds_or_times_has_a_page() -> None:
    made = mixer()
    timeless = tuple(one.model_copy(update={"starts": None}) for one in made.rounds)
    assert "Round 1," not in text_of(parsed(render_page(made.model_copy(update={"rounds": timeless}))).find(".//thead"))
    empty = render_page(made.model_copy(update={"rounds": (), "cards": (), "alone": ()}))
    assert [n.attrib["id"] for n in parsed(empty).iter("section")] == ["summary", "guide"]
