"""What people confided, forbid, decline or wrote for themselves is in no draft for a whole programme (domain.md B4).

Drafts are plans, ledgers of swaps, groups, circles of skills, mixers, shortlists and shadow prices; of each everything
that a reader can get hold of is looked through: the document, the text of the command, every sheet, and the page.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

import matchengine as me
from matchengine.cli import mixer as cli_mixer
from matchengine.cli import shadow as cli_shadow
from matchengine.cli.assign import render_plan
from matchengine.cli.groups import render_groups
from matchengine.cli.swaps import render_circles, render_swaps
from matchengine.io.group_sheets import sheets_of_groups
from matchengine.io.mixer_sheets import sheets_of_mixer
from matchengine.io.plan_sheets import sheets_of_plan
from matchengine.io.shadow_sheets import sheets_of_shadow
from matchengine.io.skill_circle_sheets import sheets_of_skill_circles
from matchengine.io.swap_sheets import sheets_of_swaps
from matchengine.programme.mixer import MixerAims, _worth
from matchengine.records import Record, Relationship
from matchengine.records.circles import GroupsPlan
from matchengine.records.exposure import Shortlists
from matchengine.records.mixer import MixerSchedule
from matchengine.records.plan import PlanDocument, Ranking
from matchengine.records.shadow import ShadowPrices
from matchengine.records.swaps import SkillCircles, SwapLedger, SwapPlace, SwapWish
from matchengine.report.page import render_page
from tests.programme.groups.circles import CIRCLE, PEER, THEMES, day
from tests.programme.swaps import people as ring
from tests.programme.swaps.test_exchange_cycles import KIND as EXCHANGE
from tests.properties.disclosing import LIFT
from tests.support import consent, engine, mentee, mentor

TODAY = date(2026, 3, 9)
ASKING, GIVING = tuple(f"e{n}" for n in range(8)), tuple(f"m{n}" for n in range(6))
CONFIDED = {
    "attributes": ("heritage", "kestrel", "merlin"),
    "lived_experience": ("plover at dawn", "heron at dusk"),
    "wishes": ("lapwing", "very_important"),
    "barriers": ("childcare",),
    "boundaries": ("dunlin topic",),
    "household": ("siskin house",),
    "pronouns": ("wren/wrens",),
    "age_band": ("55-64",),
    "norm_needs": ("women_only",),
    "safety_needs": ("private_attendance",),
    "training_done": ("curlew course",),
}
OWN_WORDS = {
    "goals": "osprey",
    "obstacles": "bittern",
    "wants": "avocet",
    "interests": "dotterel",
    "hopes_to_gain": "whimbrel",
    "mentoring_focus": "pochard",
    "perspective": "goldeneye",
}
ROUND = '[swaps.summer]\nmatch = "mentor"\nleast_fit = 0.0\nleast_gain = 0.0\ndisruption = 0.0\n'
BALANCED = CIRCLE + 'balance = ["heritage"]\n'
RULES = ("boundar", "personal", "must_not", "must-not", "rematch", "veto", "fragile", "conflict", "refused by")


def told_in_confidence(chance: random.Random) -> dict[str, Any]:
    """Draw everything that somebody confides."""
    heritage = chance.choice(CONFIDED["attributes"][1:])
    themes = CONFIDED["lived_experience"] if chance.random() < 0.4 else ("lapwing at noon",)
    return {
        "attributes": [{"dimension": "heritage", "value": heritage}],
        "lived_experience": list(themes),
        "wishes": [{"dimension": theme, "strength": "very_important"} for theme in (*themes, "heritage")],
        "barriers": [{"kind": "childcare", "strength": "strong"}],
        "boundaries": [{"kind": "topic", "value": CONFIDED["boundaries"][0]}],
        "pronouns": CONFIDED["pronouns"][0],
        "age_band": CONFIDED["age_band"][0],
        "norm_needs": list(CONFIDED["norm_needs"]),
        "safety_needs": list(CONFIDED["safety_needs"]),
        "training_done": list(CONFIDED["training_done"]),
    }


SILENT: dict[str, Any] = {"attributes": [], "lived_experience": [], "wishes": [], "barriers": [], "boundaries": [],
                          "pronouns": None, "age_band": None, "norm_needs": [], "safety_needs": [],
                          "training_done": []}  # fmt: skip


def people(confiding: bool = True, **more: dict[str, Any]) -> list[dict[str, Any]]:
    """Return mentees and mentors, all of whose own words hold a word of their own; `more` by id."""
    chance = random.Random(5)
    found = []
    for n, who in enumerate((*ASKING, *GIVING)):
        giver, theme, next_theme = who in GIVING, THEMES[n % 4], THEMES[(n + 1) % 4]
        told = (mentor if giver else mentee)(
            who,
            goals=[]
            if giver
            else [
                {"text": f"{OWN_WORDS['goals']} {theme}", "obstacles": [OWN_WORDS["obstacles"]], "priority": 3},
                {"text": f"{OWN_WORDS['goals']} {next_theme}"},
            ],
            wants=[{"text": f"{OWN_WORDS['wants']} {next_theme}"}],
            offers=[{"text": theme if giver else next_theme, "level": 4}],
            interests=[{"text": f"{OWN_WORDS['interests']} {('hiking', 'chess')[n % 2]}"}],
            hopes_to_gain=f"{OWN_WORDS['hopes_to_gain']} {theme}" if giver else None,
            mentoring_focus=f"{OWN_WORDS['mentoring_focus']} {theme}" if giver else None,
            availability=[day("TU"), day("WE")],
        )
        if giver:
            told["capacity"] = {"mentor": 1 + n % 2}
        found.append(told | (told_in_confidence(chance) if confiding else SILENT) | more.get(who, {}))
    return found


RUNNING = [{"person_id": f"e{n}", "other_id": f"m{n}", "kind": "mentoring", "started": "2025-06-01"} for n in range(3)]


def programme(
    confiding: bool = True, extra: str = LIFT, ties: tuple[dict[str, Any], ...] = (), **more: dict[str, Any]
) -> me.Engine:  # fmt: skip
    """Return an engine on these people, everybody consenting to be matched and counted on everything."""
    made = engine(PEER + BALANCED + ROUND + EXCHANGE + extra)
    fields = ("attributes", "lived_experience", "wishes", "barriers", "age_band")
    ids = (*ASKING, *GIVING)
    grants = [consent(who, field) for who in ids for field in fields]
    grants += [consent(who, "attributes.heritage", "group_balance") for who in ids]
    made.load(people(confiding, **more), relationships=[*RUNNING, *ties], consents=grants)
    return made


def wishes() -> list[SwapWish | SwapPlace]:
    """Return the wishes of the round, with a perspective in words that are for nobody to read."""
    asked: list[SwapWish | SwapPlace] = [
        SwapWish(
            person_id=f"e{n}", other_id=f"m{n}", mentee_agrees=True, mentor_agrees=True, mentor_any=True,
            perspective=f"{OWN_WORDS['perspective']} {THEMES[(n + 1) % 4]}",
        )
        for n in range(3)
    ]  # fmt: skip
    return [*asked, SwapPlace(mentor_id="m5", mentor_agrees=True, mentor_any=True)]


# ---------------------------------------------------------------- everything that comes out


def drafts(made: me.Engine) -> Iterator[tuple[str, Record]]:
    """Yield every draft of a programme by name."""
    ties = [Relationship.model_validate(each) for each in RUNNING]
    plan = made.assign("mentor", must_not=[("e3", "m3")])
    yield "a plan", plan.document
    gone = plan.leave_out(plan.pairs[0][1], by="hb", on=TODAY)
    yield "a plan edited", gone.document
    yield "a plan solved again", gone.resolve(on=TODAY).document
    rankings = [Ranking(person_id=who, vetoed=GIVING[n % 3 : n % 3 + 2]) for n, who in enumerate(ASKING)]
    yield "a plan after rankings", made.assign("mentor", rankings=rankings).document
    ledger = made.plan_swaps("summer", wishes(), ties, TODAY)
    yield "a ledger", ledger
    if ledger.exchanges:
        declining = ledger.exchanges[0].moves[0].person_id
        yield "a ledger after a no", made.decline_swap(ledger, declining, wishes(), ties, TODAY)
    yield "groups", made.form_groups("circle")
    yield "circles of skills", made.skill_circles("exchange")
    yield "a mixer", made.mixer("mentor", aims=MixerAims(rounds=3))
    yield "a mixer of peers", made.mixer("peer", aims=MixerAims(rounds=3))
    yield "shadow prices", made.shadow_prices("mentor", most=3)
    yield "shortlists", made.shortlists("mentor", 4)


TEXTS: Mapping[type[Record], Any] = {
    PlanDocument: render_plan, SwapLedger: render_swaps, SkillCircles: render_circles, GroupsPlan: render_groups,
    MixerSchedule: cli_mixer._render, ShadowPrices: cli_shadow._render,
}  # fmt: skip
SHEETS: Mapping[type[Record], Any] = {
    PlanDocument: sheets_of_plan, SwapLedger: sheets_of_swaps, SkillCircles: sheets_of_skill_circles,
    GroupsPlan: sheets_of_groups, MixerSchedule: sheets_of_mixer, ShadowPrices: sheets_of_shadow,
}  # fmt: skip
FROM = {"fingerprint", "manifest"}
"""Hashes of what a draft was made from: they change with anything, and tell nothing of it."""


def artefacts(document: Record, *, whole: bool = False) -> dict[str, str]:
    """Return everything that a reader can get hold of, as text by what it is; `whole` with the hashes too."""
    bare = document if whole else document.model_copy(update=dict.fromkeys(FROM & {*type(document).model_fields}))
    found = {"document": json.dumps(_without(document.model_dump(mode="json"), () if whole else FROM), sort_keys=True)}
    if type(document) in TEXTS:
        found["text"] = "\n".join(TEXTS[type(document)](bare))
        found["page"] = _body(render_page(document), whole=whole)
        sheets = [(s.title, s.header, s.rows) for s in SHEETS[type(document)](document)]
        found["sheets"] = "\n".join(repr(row) for _t, _h, rows in sheets for row in rows if whole or not _hashes(row))
    return found


def _without(value: Any, keys: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(part, keys) for name, part in value.items() if name not in keys}
    return [_without(part, keys) for part in value] if isinstance(value, list) else value


def _hashes(row: tuple[Any, ...]) -> bool:
    return any(isinstance(cell, str) and any(word in cell for word in ("words-a", "generation")) for cell in row)


def _body(page: str, *, whole: bool) -> str:
    """A page without the lines on what it was made from."""
    return page if whole else "\n".join(line for line in page.splitlines() if "words-a" not in line)


def secret_words(text: str) -> list[str]:
    """Return the words of a text that tell of a personal rule; pages say of all of them that they are never told."""
    said = "Personal rules are (counted together|kept) and never explained"
    return [word for word in RULES if word in re.sub(said, "", text).casefold()]


def everything(made: me.Engine, *, whole: bool = False) -> dict[str, str]:
    """Return every artefact of every draft, by name."""
    return {f"{name}: {what}": text for name, of in drafts(made) for what, text in artefacts(of, whole=whole).items()}


@pytest.fixture(scope="module", name="before")
def _before() -> dict[str, str]:
    """Everything of the programme in which everybody confides and a lift acts, hashes included."""
    return everything(programme(), whole=True)


def test_every_draft_is_looked_through(before: dict[str, str]) -> None:
    kinds = {name.partition(":")[0] for name in before}
    assert kinds == {
        "a plan", "a plan edited", "a plan solved again", "a plan after rankings", "a ledger", "a ledger after a no",
        "groups", "circles of skills", "a mixer", "a mixer of peers", "shadow prices", "shortlists",
    }  # fmt: skip
    assert len(before) == 4 * len(kinds) - 3
    assert all(len(text) > 100 for text in before.values())
    assert "sql for data work" in before["a plan: document"], "what is open to all members is told"


# ---------------------------------------------------------------- what is confided


@pytest.mark.parametrize("field", CONFIDED)
def test_no_draft_holds_a_word_of_what_was_confided(before: dict[str, str], field: str) -> None:
    for name, text in before.items():
        for word in CONFIDED[field]:
            assert word not in text, name


@pytest.mark.parametrize("name", ["intersectional", "lift", "lived_experience", "attribute", "wish_level", "shared"])
def test_no_draft_tells_that_anything_was_confided(before: dict[str, str], name: str) -> None:
    for what, text in before.items():
        assert name not in text, what


def test_without_a_lift_confiding_changes_no_byte_of_any_draft() -> None:
    """All but the balance of groups, which people granted so that it acts, and which is looked at below."""
    one, other = (everything(programme(confiding, extra="")) for confiding in (True, False))
    for name in one:
        if not name.startswith("groups"):
            assert one[name] == other[name], name


def scores(made: list[tuple[str, Record]]) -> dict[tuple[str, str, str], set[Any]]:
    """Every number printed beside a pair in any draft of pairs, by draft and pair."""
    found: dict[tuple[str, str, str], set[Any]] = {}
    for name, document in made:
        if isinstance(document, PlanDocument):
            for pair in (*document.pairs, *document.alternates):
                found.setdefault(("plan", pair.requester_id, pair.candidate_id), set()).add((pair.score, pair.fit))
            for each in document.unmatched:
                for near in each.nearest:
                    told = ("near", *sorted((each.person_id, near.other_id)))
                    found.setdefault(told, set()).add(near.score)
        if isinstance(document, Shortlists):
            for of in document.lists.values():
                for s in of:
                    told = (s.score, s.fit, s.confidence, tuple(sorted(s.blocks.items())))
                    found.setdefault((name, s.requester_id, s.candidate_id), set()).add(told)
    return found


WISHING_NOTHING: dict[str, dict[str, Any]] = {who: {"wishes": []} for who in (*ASKING, *GIVING)}


@pytest.fixture(scope="module")
def wishing() -> tuple[list[tuple[str, Record]], list[tuple[str, Record]]]:
    """Return every draft where everybody wishes to share something, and where nobody does."""
    return list(drafts(programme())), list(drafts(programme(**WISHING_NOTHING)))


def test_a_wish_turned_on_or_off_changes_no_printed_score(
    wishing: tuple[list[tuple[str, Record]], list[tuple[str, Record]]],
) -> None:
    one, other = map(scores, wishing)
    both = one.keys() & other.keys()
    assert len(both) > 30
    assert {key: one[key] for key in both} == {key: other[key] for key in both}
    assert all(len(told) == 1 for told in one.values()), "one number for a pair, wherever it stands"


@pytest.mark.parametrize("draft", ["a ledger", "groups", "circles of skills", "a mixer", "a mixer of peers"])
def test_a_wish_turned_on_or_off_changes_no_byte_of_what_many_read(
    wishing: tuple[list[tuple[str, Record]], list[tuple[str, Record]]], draft: str
) -> None:
    one, other = (artefacts(dict(of)[draft]) for of in wishing)
    assert one.keys() == {"document", "text", "sheets", "page"}
    assert one == other


@pytest.mark.parametrize("kind", ["mentor", "peer"])
def test_what_a_meeting_is_worth_takes_no_part_of_a_wish(kind: str) -> None:
    """A schedule need not change with it, so the numbers behind the schedule are looked at themselves."""
    worth = []
    for made in (programme(), programme(**WISHING_NOTHING)):
        scene = made._scene(kind)
        everybody = np.arange(len(scene.pool.tables["people"]))
        worth.append(_worth(scene, everybody, everybody))
    assert (~np.isnan(worth[0])).sum() > 30
    np.testing.assert_array_equal(*worth)


def test_a_lift_acts_all_the_same() -> None:
    """Otherwise the tests above could not fail."""
    from matchengine.programme.pairs import gather

    pairs = gather(programme()._scene("mentor"))
    assert (pairs.requester_value > pairs.plain + 1e-3).any()
    assert (pairs.candidate_value > pairs.plain + 1e-3).any()


# ---------------------------------------------------------------- what people wrote for themselves


@pytest.mark.parametrize("field", OWN_WORDS)
def test_no_draft_quotes_what_coordinators_may_not_read(before: dict[str, str], field: str) -> None:
    for name, text in before.items():
        assert OWN_WORDS[field] not in text, name


def test_what_the_notice_opens_is_quoted_and_nothing_more() -> None:
    opened = everything(programme(extra=LIFT + '[programme]\ncoordinator_reads = ["needs"]\n'), whole=True)
    text = "\n".join(opened.values())
    assert OWN_WORDS["goals"] in text
    assert not [word for field, word in OWN_WORDS.items() if field not in ("goals", "wants") and word in text]


# ---------------------------------------------------------------- whom somebody does not want


def avoids(one: str, other: str) -> dict[str, dict[str, Any]]:
    return {one: {"boundaries": [{"kind": "person", "value": other}]}}


PAIRS = [pytest.param("e3", "m3", marks=pytest.mark.slow), ("e0", "m1"), ("e4", "e5")]
"""A mentee and a mentor whom the plan keeps apart anyway, two of a round of swaps, two of a circle."""


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_nobody_reads_who_of_two_does_not_want_the_other(one: str, other: str) -> None:
    """A boundary of either, and one that the programme keeps, give the same bytes everywhere."""
    made = [
        programme(confiding=False, **avoids(one, other)),
        programme(confiding=False, **avoids(other, one)),
        programme(confiding=False, ties=({"person_id": one, "other_id": other, "kind": "must_not"},)),
    ]
    told = [everything(each) for each in made]
    assert told[0] == told[1] == told[2]


def test_no_word_tells_that_a_rule_is_personal() -> None:
    """Somebody who is left with nobody because of their boundaries, and somebody whom all others avoid."""
    alone = {"e7": {"boundaries": [{"kind": "person", "value": who} for who in (*GIVING, *ASKING[:7])]}}
    found = everything(programme(confiding=False, **alone))
    for name, text in found.items():
        assert secret_words(text) == [], name


def both_ways(plan: PlanDocument) -> str:
    return json.dumps(_without(plan.model_dump(mode="json"), (*FROM, "decisions")), sort_keys=True)


@pytest.mark.parametrize("avoided", [GIVING[3:4], GIVING[1:5], GIVING], ids=["one", "some", "everybody"])
def test_a_boundary_and_a_veto_read_the_same_in_a_plan(avoided: tuple[str, ...]) -> None:
    """Somebody who is simply not available: no byte tells by which of the two, or that it is anything personal."""
    never = {"e3": {"boundaries": [{"kind": "person", "value": who} for who in avoided]}}
    bounded = programme(False, **never).assign("mentor", rankings=[Ranking(person_id="e3")])
    vetoed = programme(False).assign("mentor", rankings=[Ranking(person_id="e3", vetoed=avoided)])
    for one, other in (
        (bounded, vetoed),
        (bounded.leave_out("m5", by="hb", on=TODAY).resolve(on=TODAY),
         vetoed.leave_out("m5", by="hb", on=TODAY).resolve(on=TODAY)),
    ):  # fmt: skip
        assert both_ways(one.document) == both_ways(other.document)
        assert artefacts(one.document)["text"] == artefacts(other.document)["text"]
    if avoided == GIVING:
        [lost] = [each for each in bounded.document.unmatched if each.person_id == "e3"]
        assert [(why.rule, why.text) for why in lost.why] == [("not_available", "Not available.")]


def test_a_boundary_that_comes_later_reads_not_available_any_more() -> None:
    from matchengine.records import Person

    made = programme(False)
    plan = made.assign("mentor")
    one, other = plan.pairs[0]
    record = next(p for p in people(False) if p["id"] == other)
    made.upsert(Person.model_validate(record | {"boundaries": [{"kind": "person", "value": one}]}))
    solved = plan.resolve(on=TODAY)
    [move] = [move for move in solved.document.moves if move.requester_id == one]
    assert move.why == f"{other} is not available any more."
    for text in artefacts(solved.document).values():
        assert secret_words(text) == []


# ---------------------------------------------------------------- who said no


class Ring:
    """Three in a circle, and nobody else they could go to."""

    def __init__(self) -> None:
        self.made = ring.loaded(ring.ring(), ring.ties())
        self.given = [SwapWish.model_validate(each) for each in ring.wishes()]
        self.ties = [Relationship.model_validate(each) for each in ring.ties()]
        self.ledger = self.made.plan_swaps("summer", self.given, self.ties, TODAY)

    def after(self, who: str) -> SwapLedger:
        return self.made.decline_swap(self.ledger, who, self.given, self.ties, TODAY, by="hb")


@pytest.fixture(scope="module", name="round_")
def _round() -> Ring:
    return Ring()


def test_mentee_and_mentor_of_a_swap_that_came_to_nothing_cannot_be_told_apart(round_: Ring) -> None:
    for move in round_.ledger.exchanges[0].moves:
        one, other = (artefacts(round_.after(who)) for who in (move.person_id, move.to_mentor))
        assert one == other


def test_nobody_reads_who_of_a_circle_said_no(round_: Ring) -> None:
    """Whoever declined, texts, sheets and pages are the same; the document keeps what is not proposed again."""
    [swap] = round_.ledger.exchanges
    told = [artefacts(round_.after(who)) for who in swap.people]
    assert len(told) == 6
    for what in ("text", "sheets", "page"):
        assert len({each[what] for each in told}) == 1, what
    documents = {json.dumps(_without(json.loads(each["document"]), ("declined",)), sort_keys=True) for each in told}
    assert len(documents) == 1


def test_the_mark_of_a_coordinator_reads_like_a_minor(round_: Ring) -> None:
    """Not this time: nothing tells whether a coordinator thought so, or the law does."""
    marked = [w.model_copy(update={"fragile": w.person_id == "e0"}) for w in round_.given]
    people = [p | {"adult": None} if p["id"] == "e0" else p for p in ring.ring()]
    one = round_.made.plan_swaps("summer", marked, round_.ties, TODAY)
    other = ring.loaded(people, ring.ties()).plan_swaps("summer", round_.given, round_.ties, TODAY)
    assert [u.text for u in one.unswapped if u.person_id == "e0"] == ["Not this time."]
    assert artefacts(one) == artefacts(other)


# ---------------------------------------------------------------- who would be the only one


def test_groups_tell_nobody_of_whom_they_balance() -> None:
    """One of a kind among all: the draft is that of a programme in which nobody said anything."""
    kinds = {who: {"attributes": [{"dimension": "heritage", "value": "kestrel"}]} for who in ASKING[:1]}
    kinds |= {who: {"attributes": [{"dimension": "heritage", "value": "merlin"}]} for who in ASKING[1:]}
    one = artefacts(programme(False, extra="", **kinds).form_groups("circle"))
    other = artefacts(programme(False, extra="").form_groups("circle"))
    assert one == other
