"""events.csv, projects.csv, resources.csv, organisations.csv: lists that the office keeps in several hands."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from harbour_bridge import texts_lists, wording
from harbour_bridge.answers import joined, languages
from harbour_bridge.identity import Identity
from harbour_bridge.persona import Block, parse_blocks, speaks
from harbour_bridge.places import Spot, spot

_FIRST = date(2026, 3, 1)
_LEVELS = ("none", "beginner", "working", "advanced", "expert")
BARRIERS = ("language", "confidence", "time", "place", "cost", "childcare", "transport", "exclusion", "physical_access",
            "digital", "norms", "unspoken_rules")  # fmt: skip
_HELPS = {"yes": "1", "partly": "0.5", "no": "0"}
Row = tuple[str, Block, dict[str, Identity]]
Cell = Callable[[Row], str]


def _part(position: int) -> Cell:
    return lambda row: "" if row[1].head[position] == "-" else row[1].head[position]


def _spot(row: Row, position: int) -> Spot:
    return spot(row[1].head[position])


def _town(position: int) -> Cell:
    return lambda row: "" if _spot(row, position).city == "online" else _spot(row, position).city


def _square(position: int) -> Cell:
    return lambda row: _spot(row, position).geohash


def _zone(position: int) -> Cell:
    return lambda row: _spot(row, position).time_zone


def _text(tag: str) -> Cell:
    return lambda row: row[1].text(tag)


def _items(tag: str) -> Cell:
    return lambda row: joined(row[1].items(tag))


def _option(name: str, default: str = "") -> Cell:
    return lambda row: row[1].options.get(name, default)


def _languages(position: int) -> Cell:
    return lambda row: languages(speaks(row[1].head[position]))


def _day(days: str) -> str:
    return str(_FIRST + timedelta(days=int(days)))


def _starts(row: Row) -> str:
    day = _FIRST + timedelta(days=int(row[1].head[4]))
    return f"{day:%d/%m/%Y} {row[1].head[5]}"


def _half(position: int, which: int) -> Cell:
    def cell(row: Row) -> str:
        now, _, most = row[1].head[position].partition("/")
        return (now, most)[which]

    return cell


def _supports(row: Row) -> str:
    pairs = (item.split() for item in row[1].items("s"))
    return joined([f"{kind.replace('_', ' ')} ({_HELPS[word]})" for kind, word in pairs])


def _greeters(row: Row) -> str:
    pairs = (item.split() for item in row[1].items("c"))
    return joined([f"{row[2][key].number} ({word})" for key, word in pairs])


def _modes(text: str, separator: str) -> str:
    return joined([wording.MODES[mode] for mode in text.split(separator) if mode])


def _needs(importance: str) -> Cell:
    def cell(row: Row) -> str:
        told = zip(row[1].lines.get("n", []), row[1].notes.get("n", []), strict=True)
        chosen = []
        for text, note in told:
            weight, _, level = note.partition(" ")
            if weight == importance:
                chosen.append(f"{text} ({_LEVELS[int(level)]})" if level else text)
        return joined(chosen)

    return cell


def _span(which: int) -> Cell:
    return lambda row: _day(row[1].head[4].split()[which])


def _checked(row: Row) -> str:
    return str(_FIRST - timedelta(days=int(row[1].head[6])))


def _country(row: Row) -> str:
    return "" if row[1].head[3] == "-" else wording.COUNTRIES[row[1].head[3]]


def _size(which: int) -> Cell:
    return lambda row: row[1].head[6].split("-")[which]


EVENTS: tuple[tuple[str, Cell], ...] = (
    ("Event no", lambda row: row[0]),
    ("What", _text("t")),
    ("Kind of event", lambda row: row[1].head[1].replace("_", " ")),
    ("About", _items("k")),
    ("In a few words", _text("d")),
    ("Written in", _option("text", "en")),
    ("Languages", _languages(3)),
    ("Begins", _starts),
    ("Minutes", _part(6)),
    ("Time zone", _zone(2)),
    ("City", _town(2)),
    ("Map square", _square(2)),
    ("How", lambda row: _modes(row[1].head[9], ";")),
    ("Coming so far", _half(7, 0)),
    ("Places", _half(7, 1)),
    ("Cost", _part(8)),
    ("Mentor and mentee together", _option("pairs")),
    ("Newcomers welcome", _option("beginner")),
    ("Childcare", _option("childcare")),
    ("Families welcome", _option("family")),
    ("Doing before talking", _option("activity")),
    ("Step-free", _option("step")),
    ("Venue", _option("venue")),
    ("Exposure 0-4", _option("exposure")),
    ("Helps with", _supports),
    ("Greeters", _greeters),
)
PROJECTS: tuple[tuple[str, Cell], ...] = (
    ("Project no", lambda row: row[0]),
    ("Project", _text("t")),
    ("About", _items("k")),
    ("In a few words", _text("d")),
    ("Written in", _option("text", "en")),
    ("Languages", _languages(2)),
    ("City", _town(1)),
    ("Map square", _square(1)),
    ("How", lambda row: _modes(row[1].options.get("modes", ""), ",")),
    ("Must have", _needs("3")),
    ("Good to have", _needs("2")),
    ("Nice to have", _needs("1")),
    ("State", _part(3)),
    ("First day", _span(0)),
    ("Last day", _span(1)),
    ("Led by", lambda row: row[2][row[1].head[5]].email),
    ("At least", _size(0)),
    ("At most", _size(1)),
    ("Newcomers welcome", _option("beginner")),
)
RESOURCES: tuple[tuple[str, Cell], ...] = (
    ("Resource no", lambda row: row[0]),
    ("Type", lambda row: row[1].head[1].replace("_", " ")),
    ("Title", _text("t")),
    ("For", _items("k")),
    ("In a few words", _text("d")),
    ("Languages", _languages(2)),
    ("Country", _country),
    ("Cost", _part(4)),
    ("Starts from level", _part(5)),
    ("Checked on", _checked),
)
ORGANISATIONS: tuple[tuple[str, Cell], ...] = (
    ("Organisation no", lambda row: row[0]),
    ("Name", _text("t")),
    ("What it is", lambda row: row[1].head[1]),
    ("Good for", _items("k")),
    ("In a few words", _text("d")),
    ("Written in", _option("text", "en")),
    ("Languages", _languages(3)),
    ("City", _town(2)),
    ("Map square", _square(2)),
    ("How", lambda row: _modes(row[1].head[5], ",")),
    ("Cost", _part(4)),
    ("How to reach it", _text("r")),
    ("Works with", lambda row: joined([_TITLES[key] for key in row[1].items("p")])),
    ("Checked on", _checked),
)
_TITLES = {block.head[0]: block.text("t") for block in parse_blocks(texts_lists.ORGANISATIONS)}


def lists(identities: dict[str, Identity], seed: int) -> dict[str, bytes]:
    """Return the four files: UTF-8, LF, comma-separated; numbers in an order drawn from the seed."""
    sources = (
        ("events.csv", "E", texts_lists.EVENTS, EVENTS),
        ("projects.csv", "P", texts_lists.PROJECTS, PROJECTS),
        ("resources.csv", "R", texts_lists.RESOURCES, RESOURCES),
        ("organisations.csv", "O", texts_lists.ORGANISATIONS, ORGANISATIONS),
    )
    return {
        name: _file(letter, parse_blocks(text), columns, (identities, seed)) for name, letter, text, columns in sources
    }


def _file(
    letter: str, blocks: list[Block], columns: Sequence[tuple[str, Cell]], given: tuple[dict[str, Identity], int]
) -> bytes:
    identities, seed = given
    shuffled = random.Random(f"{seed}:{letter}").sample(blocks, len(blocks))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([header for header, _ in columns])
    for number, block in enumerate(shuffled, 1):
        writer.writerow([cell((f"{letter}-{number:02d}", block, identities)) for _, cell in columns])
    return buffer.getvalue().encode("utf-8")
