"""The block format of the text modules, and what one block becomes.

The people and groups of the sample programme were written by hand, one block each, so that the goals, offers,
interests, barriers and hours of one person belong together. A block reads

    @key | part | part | ...          the head; its parts depend on the kind of block
    g[skill 3]: a goal, its kind and the months until it should be reached
    g: another goal
    w: wants; separated; by semicolons
    x: vet=pending text=es            options

A line that begins with two spaces continues the line above it. The tags:

    people   j job and organisation, o offers, f favourite mentees, h hopes to gain, w wants, i interests,
             l lived experience, g goal, b barriers with strength, s wish that a mentor shares something, x options
    groups   t title, k topics, d description, n norms, s supports, c contacts with consent, r rules,
             h how it works, x options
    heads    mentor: key, place, field, grade, gender, age band, languages, hours, capacity, years in the field
             mentee: key, place, field (present>wished), situation, gender, age band, languages, hours, years
             group: key, kind, place, languages, meets, size now/max, cost, modes

A mentee head of `@=key` means: the mentor `key` is in the mentees file as well. A dash stands for "not answered".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_TAG = re.compile(r"^([a-z])(?:\[([^\]]*)\])?: (.*)$")


@dataclass(frozen=True)
class Block:
    """One parsed block: the parts of its head, its lines by tag, and its options."""

    head: tuple[str, ...]
    lines: dict[str, list[str]]
    notes: dict[str, list[str]]
    options: dict[str, str]

    @property
    def key(self) -> str:
        """Name of the block inside the generator; it never reaches a raw file."""
        return self.head[0].lstrip("=")

    def text(self, tag: str) -> str:
        """Return the first line with this tag, or an empty string."""
        return self.lines.get(tag, [""])[0]

    def items(self, tag: str) -> list[str]:
        """Return the semicolon-separated items of a tag."""
        return [item.strip() for line in self.lines.get(tag, []) for item in line.split(";") if item.strip()]


def parse_blocks(source: str) -> list[Block]:
    """Split the source of a text module into blocks; an unknown line raises ValueError."""
    return [_parse_block(lines) for lines in _chunks(source)]


def _chunks(source: str) -> Iterator[list[str]]:
    current: list[str] = []
    for line in source.strip().split("\n"):
        if line.startswith("@") and current:
            yield current
            current = []
        if line.startswith("  ") and current:
            current[-1] += " " + line.strip()
        elif line.strip():
            current.append(line)
    if current:
        yield current


def _parse_block(rows: list[str]) -> Block:
    head = tuple(part.strip() for part in rows[0].removeprefix("@").split("|"))
    lines: dict[str, list[str]] = {}
    notes: dict[str, list[str]] = {}
    for row in rows[1:]:
        found = _TAG.match(row)
        if not found:
            raise ValueError(f"block {head[0]}: cannot read the line {row!r}")
        tag, note, text = found.groups()
        lines.setdefault(tag, []).append(text.strip())
        notes.setdefault(tag, []).append(note or "")
    pairs = (option.partition("=") for line in lines.get("x", []) for option in line.split())
    return Block(head, lines, notes, {name: value for name, _, value in pairs})


@dataclass(frozen=True)
class Mentee:
    """What somebody answered in the mentee form."""

    goals: list[tuple[str, str]]
    wants: list[str]
    offers: list[str]
    barriers: list[str]
    wish: str
    situation: str
    wished_field: str


@dataclass(frozen=True)
class Mentor:
    """What somebody answered in the mentor form."""

    job: str
    grade: str
    offers: list[str]
    wants: list[str]
    focus: str
    hopes: str
    capacity: str


@dataclass(frozen=True)
class Persona:
    """One invented person, before names, numbers and the accidents of a spreadsheet are added."""

    key: str
    place: str
    work: str
    gender: str
    age: str
    languages: list[tuple[str, str]]
    hours: list[str]
    years: str
    interests: list[str]
    lived: list[str]
    options: dict[str, str]
    mentor: Mentor | None = None
    mentee: Mentee | None = None
    mentee_options: dict[str, str] = field(default_factory=dict)

    @property
    def is_mentor(self) -> bool:
        """True for somebody in the mentors file."""
        return self.mentor is not None

    @property
    def is_mentee(self) -> bool:
        """True for somebody in the mentees file."""
        return self.mentee is not None


def speaks(text: str) -> list[tuple[str, str]]:
    """Return the languages of a head with their levels: `en native, so C1`."""
    pairs = [part.split() for part in text.split(",") if part.strip() not in {"", "-"}]
    return [(tag, level) for tag, level in pairs]


def _dash(value: str) -> str:
    return "" if value == "-" else value


def mentor_persona(block: Block) -> Persona:
    """Read a block of a mentors module."""
    key, place, field_, grade, gender, age, languages, hours, capacity, years = block.head
    mentor = Mentor(
        block.text("j"), grade, block.items("o"), block.items("w"), block.text("f"), block.text("h"), _dash(capacity)
    )
    return Persona(
        key, place, field_, _dash(gender), age, speaks(languages), hours.split(), years,
        block.items("i"), block.items("l"), block.options, mentor=mentor,
    )  # fmt: skip


def _mentee_part(block: Block, situation: str, wished: str) -> Mentee:
    goals = list(zip(block.lines.get("g", []), block.notes.get("g", []), strict=True))
    return Mentee(goals, block.items("w"), block.items("o"), block.items("b"), block.text("s"), situation, wished)


def mentee_persona(block: Block) -> Persona:
    """Read a block of a mentees module."""
    key, place, fields, situation, gender, age, languages, hours, years = block.head
    present, _, wished = fields.partition(">")
    return Persona(
        key, _dash(place), _dash(present), _dash(gender), _dash(age), speaks(languages),
        [hour for hour in hours.split() if hour != "-"], _dash(years), block.items("i"), block.items("l"),
        block.options, mentee=_mentee_part(block, _dash(situation), wished), mentee_options=block.options,
    )  # fmt: skip


def dual_persona(mentor: Persona, block: Block) -> Persona:
    """Add to a mentor what the same person answered in the mentee form."""
    return replace(mentor, mentee=_mentee_part(block, "", ""), mentee_options=block.options)


@dataclass(frozen=True)
class GroupText:
    """One invented group."""

    key: str
    kind: str
    place: str
    languages: list[tuple[str, str]]
    meets: str
    size: tuple[str, str]
    cost: str
    modes: str
    block: Block


def group_text(block: Block) -> GroupText:
    """Read a block of a groups module."""
    key, kind, place, languages, meets, size, cost, modes = block.head
    now, _, most = size.partition("/")
    return GroupText(key, kind, place, speaks(languages), meets, (now, _dash(most)), cost, modes, block)
