"""groups.tsv: the coordinator's own list of groups, tab-separated."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from harbour_bridge import further_answers, wording
from harbour_bridge.answers import joined, languages
from harbour_bridge.identity import Identity
from harbour_bridge.persona import GroupText
from harbour_bridge.places import Spot, spot

BARRIERS = (
    "language", "confidence", "time", "place", "cost", "childcare", "transport", "exclusion", "physical_access",
    "sensory_access", "digital", "norms", "unspoken_rules", "safety",
)  # fmt: skip


@dataclass(frozen=True)
class ListedGroup:
    """One group with its number, its place, and the member numbers of its contacts."""

    number: str
    text: GroupText
    spot: Spot
    contacts: str
    checked: str


Cell = Callable[[ListedGroup], str]


def _option(name: str, words: dict[str, str] | None = None) -> Cell:
    def cell(group: ListedGroup) -> str:
        value = group.text.block.options.get(name, "")
        return (words or {}).get(value, value)

    return cell


def _norms(group: ListedGroup) -> str:
    return joined([wording.NORMS[norm] for norm in group.text.block.items("n")])


def _safety(group: ListedGroup) -> str:
    chosen = group.text.block.options.get("safety", "")
    return joined([wording.SAFETY[item] for item in chosen.split(",") if item])


def _support(kind: str) -> Cell:
    def cell(group: ListedGroup) -> str:
        return dict(item.split() for item in group.text.block.items("s")).get(kind, "")

    return cell


def _modes(group: ListedGroup) -> str:
    return joined([wording.MODES[mode] for mode in group.text.modes.split(";")])


def _country(group: ListedGroup) -> str:
    return wording.COUNTRIES.get(group.spot.country, "")


def _how(group: ListedGroup) -> str:
    return group.text.block.text("h")


def _first_visit(position: int) -> Cell:
    return lambda group: further_answers.first_visit(group.text.key, position)


COLUMNS: tuple[tuple[str, Cell], ...] = (
    ("Group no", lambda g: g.number),
    ("Name", lambda g: g.text.block.text("t")),
    ("Kind", lambda g: g.text.kind.replace("_", " ")),
    ("Topics", lambda g: joined(g.text.block.items("k"))),
    ("Description", lambda g: g.text.block.text("d")),
    ("Written in", lambda g: g.text.block.options.get("text", "en")),
    ("Languages", lambda g: languages(g.text.languages)),
    ("Meets", lambda g: g.text.meets),
    ("Time zone", lambda g: g.spot.time_zone),
    ("City", lambda g: g.spot.city if g.spot.city != "online" else ""),
    ("District", lambda g: g.spot.area),
    ("Country", _country),
    ("Map square", lambda g: g.spot.geohash),
    ("How", _modes),
    ("People now", lambda g: g.text.size[0]),
    ("People at most", lambda g: g.text.size[1]),
    ("Cost", lambda g: g.text.cost),
    ("Childcare", _option("childcare")),
    ("Family friendly", _option("family")),
    ("Beginners welcome", _option("beginner")),
    ("Doing before talking", _option("activity")),
    ("Step-free", _option("step")),
    ("Venue", _option("venue")),
    ("Norms", _norms),
    ("Around", _option("framing", wording.FRAMINGS)),
    ("Open or closed", lambda g: g.text.block.options.get("admission", "open")),
    ("Meets regularly", _option("regular")),
    ("Exposure 0-4", _option("exposure")),
    ("Topic risk", lambda g: g.text.block.options.get("risk", "A")),
    ("Run by", _option("fac")),
    ("Trained", _option("trained")),
    ("Safeguarding", _option("safeguard")),
    ("Confidential", _option("conf")),
    ("Just listening is fine", _option("listen")),
    ("Crisis protocol", _option("crisis")),
    ("Safety", _safety),
    ("Rules", lambda g: joined(g.text.block.items("r"))),
    *((f"Helps with: {kind.replace('_', ' ')}", _support(kind)) for kind in BARRIERS),
    ("Who says so", _option("by")),
    ("Checked on", lambda g: g.checked),
    ("How a first visit goes", _how),
    ("Contacts", lambda g: g.contacts),
    ("Suspended", lambda g: g.text.block.options.get("suspended", "no")),
    ("Somebody comes along", _first_visit(0)),
    ("Come once to try", _first_visit(1)),
    ("Meeting point", _first_visit(2)),
    ("Free talk", _first_visit(3)),
    ("Newcomers among us", _first_visit(4)),
    ("From elsewhere", _first_visit(5)),
    ("At home here", lambda g: further_answers.GROUPS_FOR.get(g.text.key, "")),
)
"""Header -> cell."""


def number_groups(groups: list[GroupText], identities: dict[str, Identity], seed: int) -> list[ListedGroup]:
    """Give each group its number, in an order drawn from the seed."""
    rng = random.Random(f"{seed}:groups")
    shuffled = rng.sample(groups, len(groups))
    return [_listed(f"G-{position:02d}", group, identities, rng) for position, group in enumerate(shuffled, 1)]


def _listed(number: str, group: GroupText, identities: dict[str, Identity], rng: random.Random) -> ListedGroup:
    pairs = (item.split() for item in group.block.items("c"))
    contacts = joined([f"{identities[key].number} ({word})" for key, word in pairs])
    day = f"2026-0{rng.randint(1, 3)}-{rng.randint(1, 28):02d}"
    known = group.block.options.get("by", "unknown") != "unknown"
    return ListedGroup(number, group, spot(group.place), contacts, day if known else "")


def groups_tsv(groups: list[ListedGroup]) -> bytes:
    """Return the file: UTF-8 without byte order mark, LF, no quoting because no cell holds a tab."""
    lines = ["\t".join(header for header, _ in COLUMNS)]
    lines += ["\t".join(cell(group) for _, cell in COLUMNS) for group in groups]
    return ("\n".join(lines) + "\n").encode("utf-8")
