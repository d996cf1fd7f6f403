"""Availability as people write it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine.io.slots import SlotError, parse_part, parse_slots
from matchengine.records import Availability


def spoken(text: str) -> list[tuple[str, str, int]]:
    slots = [Availability.model_validate(slot) for slot in parse_slots(text, "Europe/London")]
    return [
        ((slot.rrule or "").partition("BYDAY=")[2], f"{slot.start:%a %H:%M}", slot.duration_minutes) for slot in slots
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue 18:00-20:00", [("TU", "Tue 18:00", 120)]),
        ("Sat morning", [("SA", "Sat 09:00", 180)]),
        ("Mon-Fri 9-12", [("MO,TU,WE,TH,FR", "Mon 09:00", 180)]),
        ("Fri\u2013Mon 18:00\u201320:00", [("MO,FR,SA,SU", "Mon 18:00", 120)]),
        ("weekdays in the early morning", [("MO,TU,WE,TH,FR", "Mon 07:00", 120)]),
        ("Tue & Thu 6-8pm", [("TU,TH", "Tue 18:00", 120)]),
        ("Mon, Wed 18:00-20:00, Sat morning", [("MO,WE", "Mon 18:00", 120), ("SA", "Sat 09:00", 180)]),
        ("Mon 9-11, 14-16", [("MO", "Mon 09:00", 120), ("MO", "Mon 14:00", 120)]),
        ("Mon 11-1pm", [("MO", "Mon 11:00", 120)]),
        ("Mon 22:00-01:00", [("MO", "Mon 22:00", 180)]),
        ("first Tuesday of the month 18:00-20:00", [("1TU", "Tue 18:00", 120)]),
        ("lunes a viernes 18-20", [("MO,TU,WE,TH,FR", "Mon 18:00", 120)]),
        ("Di und Do abends", [("TU,TH", "Tue 18:00", 180)]),
        ("samedi 9h-11h30", [("SA", "Sat 09:00", 150)]),
    ],
)
def test_understood(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Saturday",
        "morning",
        "not Monday 18-20",
        "Mon 9-5",
        "Mon 25-26",
        "Mon 13-14pm",
        "Mon 18-20, Tue",
        "18:00-20:00 Mon",
        "every second Tuesday 18-20",
        "Mon 18:00-18:05",
        "whenever",
        "Mon 18:00",
    ],
)
def test_not_understood_is_never_guessed(text: str) -> None:
    with pytest.raises(SlotError):
        parse_slots(text, "Europe/London")


@given(st.text(st.sampled_from("MonTue 0189:-pam,&;"), max_size=25))
@settings(max_examples=150, deadline=None)
def test_anything_gives_valid_records_or_a_slot_error(text: str) -> None:
    try:
        slots = parse_slots(text, "UTC")
    except SlotError:
        return
    assert all(Availability.model_validate(slot) for slot in slots)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(15, 600))
@settings(deadline=None)
def test_spans_round_trip(hour: int, minute: int, length: int) -> None:
    end = hour * 60 + minute + length
    text = f"{hour:02}:{minute:02}-{end // 60 % 24:02}:{end % 60:02}"
    if hour <= 12 and end // 60 % 24 <= 12 and end >= 24 * 60:  # could mean morning or evening
        with pytest.raises(SlotError, match="am or pm"):
            parse_part(text)
    else:
        assert parse_part(text) == (hour * 60 + minute, length)


@pytest.mark.parametrize("text", ["every 2nd Tuesday 18-20", "every other Tue 18:00-20:00", "fortnightly Mon 18-20"])
def test_fortnightly_times_are_told_apart(text: str) -> None:
    with pytest.raises(SlotError, match="fortnightly times are not understood; give an RRULE"):
        parse_slots(text, "Europe/London")
