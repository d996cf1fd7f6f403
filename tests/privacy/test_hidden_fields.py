"""What B keeps to themselves changes no byte of what A reads (domain.md B4; reliability-and-privacy.md SEC5)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import matchengine as me
from matchengine.batch import FloatArray
from matchengine.records import ConsentGrant, Person, Relationship
from tests.properties.populations import Offers, answers, programme
from tests.support import engine, mentee, mentor

MENTEES = [f"a{n}" for n in range(20)]
MENTORS = [f"m{n}" for n in range(20)]
SENSITIVE = ("attributes", "lived_experience", "age_band", "barriers", "wishes", "pronouns")
LIFTED = '[match.mentor.scorers.shared]\nuse = "shared_tokens"\n'


@me.scorer("shared_tokens", role="lift")
def shared_tokens(
    requester_attributes: NDArray[np.uint64], candidate_attributes: NDArray[np.uint64], *, strength: float = 0.2
) -> FloatArray:
    """A lift as an outside author writes it: the share of the requester's tokens that the candidate has too."""
    own = np.bitwise_count(requester_attributes).sum(axis=1)
    both = np.bitwise_count(requester_attributes & candidate_attributes).sum(axis=1)
    return strength * both / np.maximum(own, 1)


def grant(person_id: str, field: str, **more: Any) -> ConsentGrant:
    """Return a consent for matching."""
    told = {"person_id": person_id, "field": field, "purpose": "match", "text_version": "1", "language": "en"}
    return ConsentGrant.model_validate(told | {"granted_at": datetime(2026, 1, 1, tzinfo=UTC)} | more)


def consents(people: list[dict[str, Any]]) -> list[ConsentGrant]:
    """Return everybody's consent for every sensitive field."""
    return [grant(p["id"], field) for p in people for field in SENSITIVE]


def disclosing(seed: int = 1) -> list[dict[str, Any]]:
    """Return a programme whose people have told sensitive things too."""
    chance = random.Random(seed)
    return [p | hidden(chance) for p in programme(20, 20, seed)]


def hidden(chance: random.Random) -> dict[str, Any]:
    """Draw everything that is hidden of one person."""
    dimensions = chance.sample(("heritage", "faith", "orientation", "first_generation"), 2)
    return {
        "attributes": [{"dimension": d, "value": chance.choice(("one", "two"))} for d in dimensions],
        "lived_experience": chance.sample(("returned after a break", "only one in my team", "started over"), 1),
        "age_band": chance.choice(("18-24", "35-44", "55-64")),
        "barriers": [
            {"kind": chance.choice(("childcare", "cost", "language")), "strength": chance.choice(("some", "blocking"))}
        ],
        "wishes": [{"dimension": d, "strength": "important"} for d in dimensions],
        "pronouns": chance.choice(("she/her", "he/him", "they/them")),
        "training_done": [chance.choice(("safeguarding", "listening"))],
        "safety_needs": chance.sample(("moderation", "private_attendance"), 1),
        "norm_needs": chance.sample(("women_only", "modest"), 1),
        "visibility": chance.choice(("public", "members", "private")),
        "boundaries": [
            {"kind": chance.choice(("topic", "venue", "group_kind")), "value": chance.choice(("home", "faith"))}
        ],
    }


FLIPS: dict[str, dict[str, Any]] = {
    "attributes": {"attributes": [{"dimension": "faith", "value": "another"}]},
    "attributes taken back": {"attributes": []},
    "lived_experience": {"lived_experience": ["came out at work", "first in family at university"]},
    "age_band": {"age_band": "75+"},
    "barriers": {"barriers": [{"kind": "digital", "strength": "blocking"}]},
    "wishes": {"wishes": [{"dimension": "heritage", "strength": "very_important"}]},
    "pronouns": {"pronouns": "ze/zir"},
    "needs towards groups": {
        "safety_needs": ["code_of_conduct"],
        "norm_needs": ["alcohol_free"],
        "visibility": "private",
    },
    "boundaries towards groups": {
        "boundaries": [{"kind": "topic", "value": "cycling"}, {"kind": "venue", "value": "cafe"}]
    },
    "training": {"training_done": ["grief work"]},
}


@pytest.fixture(scope="module")
def base() -> me.Engine:
    """Return an engine on the disclosing programme, everybody having consented, no lift."""
    return loaded(disclosing())


@pytest.fixture(scope="module")
def read(base: me.Engine) -> dict[str, str]:
    """Return what mentees read in it."""
    return answers(base, MENTEES)


@pytest.fixture(scope="module")
def lifted() -> me.Engine:
    """Return the same engine with a lift that acts."""
    return loaded(disclosing(), lift=True)


@pytest.fixture(scope="module")
def unheard() -> dict[str, str]:
    """Return what mentees read with a lift to which nobody has consented."""
    return answers(loaded(disclosing(), True, consents=[]), MENTEES)


def loaded(people: list[dict[str, Any]], lift: bool = False, **more: Any) -> me.Engine:
    """Return an engine on these people."""
    made = engine(LIFTED if lift else "", [Offers(shared_tokens)])
    made.load(people, **({"consents": consents(people)} | more))
    return made


def flipped(people: list[dict[str, Any]], change: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the people with a hidden field of every mentor changed: 400 pairs of a mentee and a mentor."""
    return [p | change if "mentor" in p["roles"] else p for p in people]


@pytest.mark.parametrize("field", FLIPS)
def test_a_hidden_field_of_every_mentor_changes_no_byte_that_a_mentee_reads(read: dict[str, str], field: str) -> None:
    assert answers(loaded(flipped(disclosing(), FLIPS[field])), MENTEES) == read


@pytest.mark.parametrize("mentors", [MENTORS[:1], pytest.param(MENTORS[:5], marks=pytest.mark.slow)], ids=len)
@pytest.mark.parametrize("field", FLIPS)
def test_a_hidden_field_of_one_mentor_changes_no_byte_that_a_mentee_reads(field: str, mentors: list[str]) -> None:
    told = {p["id"]: p for p in disclosing()}
    made = loaded(disclosing())
    for who in mentors:
        made.upsert(Person.model_validate(told[who]))  # a row put in later may differ in the ninth digit
        before = answers(made, MENTEES)
        made.upsert(Person.model_validate(told[who] | FLIPS[field]))
        assert answers(made, MENTEES) == before


def test_the_flip_test_notices_a_field_that_is_not_hidden(read: dict[str, str]) -> None:
    other = loaded(flipped(disclosing(), {"values": ["autonomy"]}))
    assert answers(other, MENTEES) != read


def unordered(engine_of: me.Engine) -> dict[str, list[str]]:
    """Return what each mentee reads of each mentor, without the order."""

    def bare(suggestion: me.Suggestion) -> str:
        return json.dumps(suggestion.model_dump(mode="json") | {"rank": 0}, sort_keys=True)

    return {who: sorted(map(bare, of)) for who, of in engine_of.suggest_many(MENTEES, "mentor", 200).items()}


def orders(engine_of: me.Engine) -> dict[str, list[str]]:
    """Return for each mentee the ids in the order suggested."""
    return {who: [s.candidate_id for s in of] for who, of in engine_of.suggest_many(MENTEES, "mentor", 200).items()}


def test_a_lift_moves_the_order_and_nothing_else(base: me.Engine, lifted: me.Engine) -> None:
    assert unordered(base) == unordered(lifted)
    assert orders(base) != orders(lifted)


@pytest.mark.parametrize("field", ["attributes", "attributes taken back", "lived_experience"])
def test_with_a_lift_a_hidden_field_changes_nothing_but_the_order(lifted: me.Engine, field: str) -> None:
    other = loaded(flipped(disclosing(), FLIPS[field]), lift=True)
    assert unordered(lifted) == unordered(other)
    assert orders(lifted) != orders(other)


def test_a_lift_never_shows_in_reasons_blocks_numbers_or_names(lifted: me.Engine) -> None:
    for text in answers(lifted, MENTEES).values():
        assert len(text) > 1_000
        assert "shared" not in text
        assert "lift" not in text


def test_a_lift_never_lowers_anybody_below_those_it_does_not_raise(base: me.Engine, lifted: me.Engine) -> None:
    people = disclosing()
    plain, raised = orders(base), orders(lifted)
    for who in MENTEES:
        before, after = plain[who], raised[who]
        told = {
            p["id"]: {(a["dimension"], a["value"]) for a in p["attributes"]} | set(p["lived_experience"])
            for p in people
        }
        silent = [m for m in before if not told[m] & told[who]]
        assert [m for m in after if m in silent] == silent


@pytest.mark.parametrize("fields", [("attributes",), ("lived_experience",), ("attributes", "lived_experience")])
def test_silence_cannot_be_told_from_difference(fields: tuple[str, ...]) -> None:
    people = disclosing()
    different = {"attributes": [{"dimension": "elsewhere", "value": "unheard"}], "lived_experience": ["unheard"]}
    silent: dict[str, Any] = {"attributes": [], "lived_experience": []}
    one = loaded(flipped(people, silent | {f: different[f] for f in fields}), lift=True)
    other = loaded(flipped(people, silent), lift=True)
    assert answers(one, MENTEES) == answers(other, MENTEES)


@pytest.mark.parametrize("lift", [False, True])
def test_without_consent_a_disclosure_is_as_if_it_had_never_been_made(lift: bool) -> None:
    people = disclosing()
    nothing: dict[str, Any] = dict.fromkeys(("attributes", "lived_experience", "barriers", "wishes"), ())
    bare = [p | nothing | {"age_band": None, "pronouns": None} for p in people]
    assert answers(loaded(people, lift, consents=[]), MENTEES) == answers(loaded(bare, lift, consents=[]), MENTEES)


@pytest.mark.parametrize("purpose", ["explain", "eligibility", "group_balance", "fairness_audit", "research"])
def test_a_consent_for_another_purpose_lifts_nothing(unheard: dict[str, str], purpose: str) -> None:
    people = disclosing()
    other = [g.model_copy(update={"purpose": purpose}) for g in consents(people)]
    found = answers(loaded(people, True, consents=other), MENTEES[:5])
    assert found == {who: unheard[who] for who in MENTEES[:5]}


def test_a_withdrawal_equals_never_having_disclosed() -> None:
    people = disclosing()
    made = loaded(people, lift=True)
    given = consents(people)
    before = answers(made, MENTEES)
    for who in MENTORS:
        for consent in given:
            if consent.person_id == who:
                made.upsert(consent.model_copy(update={"withdrawn_at": datetime(2026, 2, 1, tzinfo=UTC)}))
    never = flipped(people, {"attributes": [], "lived_experience": [], "barriers": [], "age_band": None})
    assert answers(made, MENTEES) == answers(loaded(never, lift=True), MENTEES)
    assert answers(made, MENTEES) != before


def test_a_withdrawal_survives_sending_the_person_again_and_saving(tmp_path: Any) -> None:
    people = disclosing()
    made = loaded(people, lift=True)
    for field in SENSITIVE:
        made.upsert(grant("m3", field, withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC)))
    told = next(p for p in people if p["id"] == "m3")
    after = answers(made, MENTEES)
    made.upsert(Person.model_validate(told))
    assert answers(made, MENTEES) == after
    made.save(tmp_path / "saved")
    from tests.support import WordsPlugin

    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin(), Offers(shared_tokens)])
    assert answers(again, MENTEES) == after


def test_a_withdrawal_takes_back_one_field_and_no_other() -> None:
    people = disclosing()
    made = loaded(people, lift=True)
    for who in MENTORS:
        made.upsert(grant(who, "age_band", withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC)))
    never = flipped(people, {"age_band": None})
    assert answers(made, MENTEES[:5]) == answers(loaded(never, lift=True), MENTEES[:5])


def test_withdrawing_one_dimension_leaves_no_trace_of_it() -> None:
    person = mentor("m", attributes=[{"dimension": "faith", "value": "one"}, {"dimension": "heritage", "value": "one"}])
    asking = mentee("a", attributes=[{"dimension": "faith", "value": "one"}])
    rival = mentor("n")
    given = [grant("a", "attributes"), grant("m", "attributes.faith"), grant("m", "attributes.heritage")]
    made = loaded([asking, person, rival], True, consents=given)
    silent = loaded([asking, mentor("m"), rival], True, consents=[grant("a", "attributes")])
    made.upsert(given[1].model_copy(update={"withdrawn_at": datetime(2026, 2, 1, tzinfo=UTC)}))
    assert answers(made, ["a"]) == answers(silent, ["a"])


def test_a_consent_that_runs_out_stops_acting(unheard: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    people = disclosing()
    ends = datetime(2030, 1, 1, tzinfo=UTC)
    made = loaded(people, True, consents=[g.model_copy(update={"expires_at": ends}) for g in consents(people)])
    before = answers(made, MENTEES[:5])
    later_than(monkeypatch, datetime(2031, 1, 1, tzinfo=UTC))
    assert answers(made, MENTEES[:5]) == {who: unheard[who] for who in MENTEES[:5]} != before


def test_what_a_plan_asks_again_later_has_no_part_of_a_consent_that_ran_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan outlives the call that made it; it reads the data as they may be used when it asks."""
    ends = datetime(2030, 1, 1, tzinfo=UTC)
    people = disclosing()
    made = loaded(people, True, consents=[g.model_copy(update={"expires_at": ends}) for g in consents(people)])
    again = made._ground("mentor").scene
    before = again().pool.tables["people"].column("attributes")
    assert before.any()
    later_than(monkeypatch, datetime(2031, 1, 1, tzinfo=UTC))
    assert not again().pool.tables["people"].column("attributes").any()
    assert before.any(), "a state that somebody still reads is not written into"


def later_than(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let the pool believe that it is another day."""
    import matchengine.pool.consents as consents

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return moment.astimezone(tz)

    monkeypatch.setattr(consents, "datetime", Later)


def changed_by(change: Callable[[dict[str, Any]], dict[str, Any]], who: str) -> dict[str, str]:
    """Return what mentees read after one mentor's record was changed before loading."""
    people = [change(p) if p["id"] == who else p for p in disclosing()]
    return answers(loaded(people), MENTEES)


@pytest.mark.parametrize("who", [MENTORS[0], *(pytest.param(m, marks=pytest.mark.slow) for m in MENTORS[1:5])])
def test_a_boundary_towards_a_third_person_changes_no_byte_that_others_read(read: dict[str, str], who: str) -> None:
    after = changed_by(lambda p: p | {"boundaries": [{"kind": "person", "value": "a0"}]}, who)
    assert after["a0"] != read["a0"]
    assert {m: after[m] for m in MENTEES[1:]} == {m: read[m] for m in MENTEES[1:]}


def test_a_late_boundary_towards_a_third_person_changes_no_byte_that_others_read(read: dict[str, str]) -> None:
    made = loaded(disclosing())
    made.upsert(Relationship(person_id="m4", other_id="a0", kind="must_not"))
    told = next(p for p in disclosing() if p["id"] == "m5")
    made.upsert(Person.model_validate(told | {"boundaries": [{"kind": "person", "value": "a0"}]}))
    after = answers(made, MENTEES)
    assert after["a0"] != read["a0"]
    assert {m: after[m] for m in MENTEES[1:]} == {m: read[m] for m in MENTEES[1:]}


@pytest.mark.parametrize(
    ("one", "other"),
    [("She leads a team", "He leads a team"), ("Mrs Brown taught her", "Mr Brown taught him")],
)
def test_gendered_words_in_a_mentors_text_change_no_number(one: str, other: str) -> None:
    made = []
    for words in (one, other):
        people = [
            mentee("a", goals=[{"text": "she leads a team, Mrs Brown taught her"}]),
            mentor("m", hopes_to_gain=words, offers=[{"text": words, "level": 4}]),
        ]
        (only,) = loaded(people).suggest("a", "mentor")
        made.append((only.score, only.confidence, only.blocks, [r.contribution for r in only.reasons]))
    assert made[0] == made[1]
    assert made[0][2]["need"] > 30


def test_what_a_mentor_wants_for_themselves_is_not_read_when_they_are_suggested(read: dict[str, str]) -> None:
    made = loaded(disclosing())
    for who in MENTORS[:5]:
        told = next(p for p in disclosing() if p["id"] == who)
        change = {"goals": [{"text": "sql data welding", "obstacles": ["no childcare"]}], "wants": [{"text": "python"}]}
        made.upsert(Person.model_validate(told | change))
    assert answers(made, MENTEES) == read


def test_no_core_scorer_may_read_who_somebody_is() -> None:
    """domain.md section 0.1: attributes enter as lifts, as constraints asked for or not at all."""

    @me.scorer("same_people", block="relate")
    def same_people(requester_attributes: NDArray[np.uint64], candidate_attributes: NDArray[np.uint64]) -> FloatArray:
        return np.asarray(((requester_attributes & candidate_attributes) != 0).any(axis=1), np.float64)

    with pytest.raises(me.MatchEngineError, match="same_people"):
        engine('[match.mentor.scorers.same]\nuse = "same_people"\n', [Offers(same_people)])
