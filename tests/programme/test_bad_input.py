"""Bad input to a decision for everybody: one clear error that names the people and the rule, and nothing else.

Every case is asked twice over: the message holds what it must, and neither a value of anybody's profile nor somebody
whom it is not about (issue 5, "Must also be true"; reliability-and-privacy.md SEC12).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest

import matchengine as me
from matchengine.errors import ConfigError, DataError, MatchEngineError, PluginError, UnknownIdError
from matchengine.programme.mixer import MixerAims
from matchengine.records import Person, Relationship
from matchengine.records.plan import Ranking
from matchengine.records.swaps import SwapPlace, SwapWish
from tests.programme.groups.circles import CIRCLE, PEER, day
from tests.programme.swaps.people import SWAPS
from tests.support import config, engine, mentee, mentor

DAY = date(2026, 3, 9)
CANARY = "xanadu"
WORDS = {
    "goals": [{"text": f"{CANARY} goals", "obstacles": [f"{CANARY} obstacle"]}],
    "offers": [{"text": f"{CANARY} offers", "level": 3}],
    "interests": [{"text": f"{CANARY} interests"}],
    "values": [f"{CANARY} values"],
    "hopes_to_gain": f"{CANARY} hopes",
    "mentoring_focus": f"{CANARY} focus",
    "pronouns": f"{CANARY} pronouns",
    "attributes": [{"dimension": "heritage", "value": f"{CANARY} value"}],
    "lived_experience": [f"{CANARY} story"],
    "wishes": [{"dimension": "heritage", "strength": "important"}],
    "household": f"{CANARY}-home",
    "place": {"country": "GB", "area": f"{CANARY} area"},
}
ASKING, GIVING = ("p-ada", "p-ben", "p-cas", "p-dee"), ("q-moe", "q-nan", "q-oki", "q-pam")
EVERYBODY = (*ASKING, *GIVING)
RUNNING = [
    {"person_id": one, "other_id": other, "kind": "mentoring", "started": "2025-06-01"}
    for one, other in (("p-ada", "q-moe"), ("p-ben", "q-nan"))
]
Change = dict[str, dict[str, Any]]


def people(changes: Change | None = None, only: tuple[str, ...] = EVERYBODY) -> list[dict[str, Any]]:
    """Return four mentees and four mentors with one place each; every text of theirs holds the canary."""
    told = [mentee(who, **(WORDS | {"household": None, "availability": [day("TU")]})) for who in ASKING]
    told += [mentor(who, **(WORDS | {"household": None, "capacity": {"mentor": 1}})) for who in GIVING]
    return [person | (changes or {}).get(person["id"], {}) for person in told if person["id"] in only]


def made(
    changes: Change | None = None, only: tuple[str, ...] = EVERYBODY, extra: str = "", **more: Any
) -> me.Engine:  # fmt: skip
    """Return an engine of one's own on them that knows peers, circles and a round of swaps."""
    built = engine(PEER + CIRCLE + SWAPS + extra)
    built.load(people(changes, only), **more)
    return built


@cache
def shared() -> me.Engine:
    """Return an engine on all of them as they are, for calls that change nothing."""
    return made()


@dataclass(frozen=True)
class Case:
    """A call that must fail, with which error, what its message holds, and who may be named in it."""

    call: Callable[[], object]
    error: type[MatchEngineError]
    told: tuple[str, ...]
    about: tuple[str, ...] = ()


def wish(one: str, other: str, **more: Any) -> SwapWish:
    return SwapWish(person_id=one, other_id=other, mentee_agrees=True, mentor_agrees=True, **more)


def swaps(*given: SwapWish | SwapPlace, name: str = "summer", **more: Any) -> object:
    ties = [Relationship.model_validate(tie) for tie in RUNNING]
    return made(relationships=RUNNING).plan_swaps(name, given, ties, DAY, **more)


def avoiding(one: str, other: str) -> Change:
    return {one: {"boundaries": [{"kind": "person", "value": other}]}}


def locked_then(change: Callable[[me.Engine], object]) -> object:
    """Demand a pair, change the data, and solve again."""
    built = made()
    plan = built.assign("mentor", must=[("p-ada", "q-moe")])
    change(built)
    return plan.resolve()


QUOTA = '[match.mentor.assign.quotas.returners]\nfield = "returning"\nleast = 1\n'

ASSIGNING = {
    "more pairs demanded of a mentor than places": Case(
        lambda: shared().assign("mentor", must=[("p-ada", "q-moe"), ("p-ben", "q-moe")]),
        DataError,
        ("q-moe has 1 place, but 2 pairs are demanded (p-ada:q-moe and p-ben:q-moe)", "release"),
        ("p-ada", "p-ben", "q-moe"),
    ),
    "more pairs demanded of a mentee than places": Case(
        lambda: shared().assign("mentor", must=[("p-ada", "q-moe"), ("p-ada", "q-nan")]),
        DataError,
        ("p-ada has 1 place, but 2 pairs are demanded (p-ada:q-moe and p-ada:q-nan)",),
        ("p-ada", "q-moe", "q-nan"),
    ),
    "a place taken away under a lock": Case(
        lambda: locked_then(
            lambda built: built.upsert(Person.model_validate(people({"q-moe": {"capacity": {"mentor": 0}}})[4]))
        ),
        DataError,
        ("p-ada and q-moe are demanded, but a rule forbids them: No place is free",),
        ("p-ada", "q-moe"),
    ),
    "a person who left under a lock": Case(
        lambda: locked_then(lambda built: built.remove("q-moe")),
        DataError,
        ("p-ada and q-moe are demanded", "q-moe", "release"),
        ("p-ada", "q-moe"),
    ),
    "demanded and forbidden at once": Case(
        lambda: shared().assign("mentor", must=[("p-ada", "q-moe")], must_not=[("p-ada", "q-moe")]),
        DataError,
        ("p-ada and q-moe are demanded and forbidden at once",),
        ("p-ada", "q-moe"),
    ),
    "demanded, and a rule forbids it": Case(
        lambda: made({"q-moe": {"languages": [{"tag": "es", "level": "C1"}]}}).assign(
            "mentor", must=[("p-ada", "q-moe")]
        ),
        DataError,
        ("p-ada and q-moe are demanded, but a rule forbids them: They share no language well enough",),
        ("p-ada", "q-moe"),
    ),
    "demanded, and a running match": Case(
        lambda: made(relationships=RUNNING).assign("mentor", must=[("p-ada", "q-moe")]),
        DataError,
        ("p-ada and q-moe are demanded, but a rule forbids them", "They are already matched"),
        ("p-ada", "q-moe"),
    ),
    "nobody gives": Case(
        lambda: made(only=ASKING).assign("mentor"),
        DataError,
        ("nobody gives for kind 'mentor': no 'mentor' takes part",),
    ),
    "nobody looks": Case(
        lambda: made(only=GIVING).assign("mentor"),
        DataError,
        ("nobody looks for kind 'mentor': no 'mentee' takes part",),
    ),
    "everybody left out": Case(
        lambda: made(only=("p-ada", "q-moe", "q-nan")).assign("mentor").leave_out("p-ada", by="hb"),
        DataError,
        ("nobody looks for kind 'mentor'", "everybody who has it was left out"),
    ),
    "an unknown method": Case(
        lambda: shared().assign("mentor", method="leximn"), PluginError, ("'leximn'", "did you mean 'leximin'?")
    ),
    "an unknown kind": Case(
        lambda: shared().assign("mentr"), DataError, ("no kind of match 'mentr'", "did you mean 'mentor'?")
    ),
    "an unknown mentor demanded": Case(
        lambda: shared().assign("mentor", must=[("p-ada", "q-who")]), UnknownIdError, ("'q-who' is not known",)
    ),
    "an unknown mentee forbidden": Case(
        lambda: shared().assign("mentor", must_not=[("p-who", "q-moe")]), UnknownIdError, ("'p-who' is not known",)
    ),
    "sides the wrong way round": Case(
        lambda: shared().assign("mentor", must=[("q-moe", "p-ada")]),
        DataError,
        ("'q-moe' does not take part as 'mentee'",),
        ("q-moe",),
    ),
    "each one has none": Case(lambda: shared().assign("mentor", each=0), DataError, ("each is 0, expected 1 to 20",)),
    "quotas that cannot hold": Case(
        lambda: made(
            {"p-ada": {"returning": True}, "p-ben": {"returning": False}},
            ("p-ada", "p-ben", "q-moe", "q-nan"),
            QUOTA,
        ).assign("mentor"),
        DataError,
        ("quota returners of q-moe: at least 1", "p-ada has 1 place", "give up some of the quotas"),
        ("p-ada", "q-moe", "q-nan"),
    ),
    "a ranking of nobody known": Case(
        lambda: shared().assign("mentor", rankings=[Ranking(person_id="p-ada", ranked=("q-who",))]),
        DataError,
        ("p-ada ranked q-who, who does not take part in kind 'mentor'",),
        ("p-ada",),
    ),
    "two rankings of one person": Case(
        lambda: shared().assign("mentor", rankings=[Ranking(person_id="p-ada")] * 2),
        DataError,
        ("p-ada has two rankings",),
        ("p-ada",),
    ),
    "stable with more than one each": Case(
        lambda: shared().assign("mentor", method="stable", each=2), DataError, ("stable",), ()
    ),
}  # fmt: skip
EDITING = {
    "a lock outside the plan": Case(
        lambda: shared().assign("mentor", must=[("p-ada", "q-moe")]).lock("p-ada", "q-nan", by="hb"),
        DataError,
        ("p-ada:q-nan is not in this plan",),
        ("p-ada", "q-nan"),
    ),
    "forbidding somebody unknown": Case(
        lambda: shared().assign("mentor").forbid("p-ada", "q-who", by="hb"), UnknownIdError, ("'q-who'",)
    ),
    "leaving out somebody unknown": Case(
        lambda: shared().assign("mentor").leave_out("p-who", by="hb"), UnknownIdError, ("'p-who'",)
    ),
    "nobody signs": Case(lambda: shared().assign("mentor").forbid("p-ada", "q-nan", by=""), DataError, ("by",)),
    "a reason longer than a record holds": Case(
        lambda: shared().assign("mentor").forbid("p-ada", "q-nan", by="hb", why="long " * 100),
        DataError,
        ("why", "400"),
    ),
}  # fmt: skip
LISTING = {
    "an unknown way to share attention": Case(
        lambda: shared().shortlists("mentor", 3, method="pricd"),  # type: ignore[arg-type]
        ConfigError,
        ("'pricd'", "did you mean 'priced'?"),
    ),
    "lists of nobody known": Case(
        lambda: shared().shortlists("mentor", 3, people=["p-who"]), UnknownIdError, ("'p-who' is not known",)
    ),
    "lists without a place": Case(lambda: shared().shortlists("mentor", 0), DataError, ("k is 0",)),
    "prices by an unknown method": Case(
        lambda: shared().shadow_prices("mentor", method="stabel"), PluginError, ("'stabel'", "did you mean 'stable'?")
    ),
    "prices without a side that gives": Case(lambda: shared().shadow_prices("peer"), ConfigError, ("kind 'peer'",)),
}
SWAPPING = {
    "an unknown round": Case(lambda: swaps(name="sumer"), ConfigError, ("'sumer'", "did you mean 'summer'?")),
    "an unknown objective": Case(
        lambda: swaps(objective="max_wait"),
        ConfigError,
        ("'max_wait'", "did you mean 'max_weight'?"),
    ),
    "a wish given twice": Case(
        lambda: swaps(wish("p-ada", "q-moe"), wish("p-ada", "q-moe", floor=0.2), wish("p-ben", "q-nan")),
        DataError,
        ("1 swap wish is given twice", "p-ada / q-moe"),
        ("p-ada", "q-moe"),
    ),
    "a place given twice": Case(
        lambda: swaps(*[SwapPlace(mentor_id="q-oki")] * 2), DataError, ("given twice", "q-oki"), ("q-oki",)
    ),
    "unknown ids": Case(
        lambda: swaps(wish("p-ada", "q-who"), wish("p-who", "q-moe", ranking=("q-whom",))),
        DataError,
        ("3 ids in the swap wishes are not known", "q-who", "p-who", "q-whom"),
    ),
    "a decline of somebody in no exchange": Case(
        lambda: made(relationships=RUNNING).decline_swap(
            made(relationships=RUNNING).plan_swaps("summer", [], [], DAY), "p-who", [], [], DAY
        ),
        DataError,
        ("'p-who' is in no exchange of this ledger",),
    ),
    "circles of one": Case(lambda: shared().skill_circles("peer", longest=1), DataError, ("longest", "1")),
    "a least gain above all gains": Case(lambda: shared().skill_circles("peer", least=2.0), DataError, ("least", "2")),
}
MUST_NOT = [{"person_id": "p-ben", "other_id": "p-ada", "kind": "must_not"}]
GROUPING = {
    "an unknown kind of group": Case(
        lambda: shared().form_groups("circl"), DataError, ("'circl'", "did you mean 'circle'?")
    ),
    "wishes to be together in a circle": Case(
        lambda: shared().form_groups("circle", together=[("p-ada", "p-ben"), ("p-ben", "p-cas"), ("p-cas", "p-ada")]),
        DataError,
        ("the wishes to be together run in a circle", "p-ada", "p-ben", "p-cas"),
        ("p-ada", "p-ben", "p-cas"),
    ),
    "together and apart": Case(
        lambda: shared().form_groups("circle", together=[("p-ada", "p-ben")], apart=[("p-ben", "p-ada")]),
        DataError,
        ("must not be together (p-ada and p-ben)",),
        ("p-ada", "p-ben"),
    ),
    "together through others and apart": Case(
        lambda: shared().form_groups(
            "circle", together=[("p-ada", "p-ben"), ("p-ben", "p-cas")], apart=[("p-ada", "p-cas")]
        ),
        DataError,
        ("must not be together", "p-ada", "p-cas"),
        ("p-ada", "p-ben", "p-cas"),
    ),
    "more together than a group holds": Case(
        lambda: made(extra=TINY).form_groups("tiny", together=[("p-ada", "p-ben"), ("p-ben", "p-cas")]),
        DataError,
        ("3 people wish to be in one group, which holds 2", "p-ada, p-ben and p-cas"),
        ("p-ada", "p-ben", "p-cas"),
    ),
    "more locked into a group than it holds": Case(
        lambda: made(extra=TINY).form_groups("tiny", lock={"p-ada": 1, "p-ben": 1, "p-cas": 1}),
        DataError,
        ("3 people are locked or tied into one group, which holds 2", "p-ada, p-ben and p-cas"),
        ("p-ada", "p-ben", "p-cas"),
    ),
    "tied together and locked apart": Case(
        lambda: shared().form_groups("circle", together=[("p-ada", "p-ben")], lock={"p-ada": 1, "p-ben": 2}),
        DataError,
        ("different groups", "p-ada and p-ben"),
        ("p-ada", "p-ben"),
    ),
    "somebody unknown": Case(
        lambda: shared().form_groups("circle", together=[("p-ada", "p-who")]), UnknownIdError, ("'p-who'",)
    ),
    "somebody of another role": Case(
        lambda: shared().form_groups("circle", people=["q-moe"]),
        DataError,
        ("'q-moe' does not take part as 'mentee'",),
        ("q-moe",),
    ),
    "nobody to form groups of": Case(
        lambda: made(only=GIVING).form_groups("circle"), DataError, ("nobody takes part as 'mentee'",)
    ),
}
TINY = '[groups.tiny]\nmatch = "peer"\nsmallest = 2\ntarget = 2\nlargest = 2\nrestarts = 1\n'
MIXING = {
    "somebody unknown comes": Case(
        lambda: shared().mixer("mentor", ["p-ada", "p-who"]), UnknownIdError, ("not known", "p-who")
    ),
    "no rounds": Case(lambda: shared().mixer("mentor", aims=MixerAims(rounds=0)), DataError, ("0 rounds",)),
    "no tables": Case(lambda: shared().mixer("mentor", aims=MixerAims(tables=0)), DataError, ("0 tables",)),
    "three at a table of two sides": Case(
        lambda: shared().mixer("mentor", aims=MixerAims(seats=3)), DataError, ("3 seats",)
    ),
}
CASES = ASSIGNING | EDITING | LISTING | SWAPPING | GROUPING | MIXING


@pytest.mark.parametrize("name", CASES)
def test_one_error_names_the_people_and_the_rule_and_nothing_else(name: str) -> None:
    case = CASES[name]
    with pytest.raises(case.error) as caught:
        case.call()
    text = str(caught.value)
    for words in case.told:
        assert words in text, text
    named = {who for who in EVERYBODY if re.search(rf"{who}\b", text)}
    assert named == set(case.about), text
    assert CANARY not in text.casefold()
    assert caught.value.__cause__ is None or CANARY not in str(caught.value.__cause__).casefold()
    assert "  -  " not in text
    assert len(caught.value.problems) == len(set(caught.value.problems))


# ---------------------------------------------------------------- what is personal is in no message


def refusal(ask: Callable[[me.Engine], object], changes: Change | None = None, **more: Any) -> str:
    with pytest.raises(DataError) as caught:
        ask(made(changes, **more))
    return str(caught.value)


def demanded(built: me.Engine) -> object:
    return built.assign("mentor", must=[("p-ada", "q-moe")])


def demanded_against_a_veto(built: me.Engine) -> object:
    vetoed = Ranking(person_id="q-moe", vetoed=("p-ada",))
    return built.assign("mentor", must=[("p-ada", "q-moe")], rankings=[vetoed])


def test_a_demanded_pair_that_somebody_does_not_want_reads_not_available_whoever_it_is() -> None:
    """A boundary of either, one that the programme keeps, and a veto cannot be told apart."""
    texts = {
        refusal(demanded, avoiding("p-ada", "q-moe")),
        refusal(demanded, avoiding("q-moe", "p-ada")),
        refusal(demanded, relationships=[{"person_id": "q-moe", "other_id": "p-ada", "kind": "must_not"}]),
        refusal(demanded_against_a_veto),
    }
    [text] = texts
    assert "p-ada and q-moe are demanded, but a rule forbids them: Not available" in text
    for word in ("boundary", "veto", "personal", "want"):
        assert word not in text


def test_a_personal_rule_hides_every_other_rule_of_the_pair() -> None:
    also = {"q-moe": {"languages": [{"tag": "es", "level": "C1"}]}}
    assert refusal(demanded, avoiding("p-ada", "q-moe") | also) == refusal(demanded, avoiding("p-ada", "q-moe"))


def together(built: me.Engine) -> object:
    return built.form_groups("circle", together=[("p-ada", "p-ben")])


def test_a_wish_to_be_together_that_somebody_does_not_want_says_not_who() -> None:
    texts = {
        refusal(together, avoiding("p-ada", "p-ben")),
        refusal(together, avoiding("p-ben", "p-ada")),
        refusal(together, relationships=MUST_NOT),
    }
    [text] = texts
    assert "p-ada and p-ben are to be together" in text
    assert "p-cas" not in text


# ---------------------------------------------------------------- sizes that contradict each other


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("smallest = 5\nlargest = 3", "smallest 5, target 6, largest 3: expected each at least the one before"),
        ("target = 12", "smallest 4, target 12, largest 8"),
        ("covered = 0.5", "covered needs lead_match"),
        ('topic_risk = "B"', "topic_risk B needs leaders"),
    ],
)
def test_groups_whose_sizes_contradict_each_other_are_refused_with_the_line(lines: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(PEER + f'[groups.odd]\nmatch = "peer"\n{lines}\n')
    assert told in str(caught.value)
    assert "groups.odd" in str(caught.value)
    assert re.search(r"line \d+", str(caught.value))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("[match.mentor.assign]\neach_least = 2\neach_most = 1", "each_least is above each_most"),
        ("[match.mentor.exposure]\nmmr = 0.5\ncalibration = 0.5", "mmr and calibration are both below 1"),
        ('[swaps.odd]\nmatch = "mentor"\nweeks = 2', "weeks is below least_weeks"),
        ('[swaps.odd]\nmatch = "mentor"\nobjective = "ttcc"', "swaps.odd"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(lines: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        config(lines + "\n")


def test_nobody_asked_is_no_error_and_swaps_nobody() -> None:
    ledger = made(relationships=RUNNING).plan_swaps("summer", [], [], DAY)
    assert (ledger.asked, ledger.exchanges, ledger.unswapped) == (0, (), ())


def test_every_problem_is_told_at_once() -> None:
    demands = [("p-ada", "q-moe"), ("p-ben", "q-nan"), ("p-cas", "q-oki")]
    changes = avoiding("p-ada", "q-moe") | {"q-nan": {"languages": [{"tag": "es", "level": "C1"}]}}
    with pytest.raises(DataError) as caught:
        made(changes).assign("mentor", must=demands, must_not=demands[2:])
    assert len(caught.value.problems) == 3
    for one, other in demands:
        assert f"{one} and {other}" in str(caught.value)
