"""What somebody keeps to themselves changes no byte of an explanation, a sheet or a page (domain.md B4; SEC5).

1,000 pairs: 25 mentees with 40 mentors, a hidden field of every mentor flipped. Every day some of them are looked at.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest

import matchengine as me
from matchengine.io import sheets_of_run, write_csv, write_xlsx
from matchengine.records import Relationship, Run
from matchengine.records.vocabulary import Viewer
from matchengine.report.page import render_page
from matchengine.report.run import make_run
from tests.privacy.test_hidden_fields import FLIPS, LIFTED, consents, flipped, hidden, shared_tokens
from tests.properties.populations import Offers, programme
from tests.support import engine, group, mentee, mentor

VIEWERS: tuple[Viewer, ...] = get_args(Viewer)
MENTEES, MENTORS = [f"a{n}" for n in range(25)], [f"m{n}" for n in range(40)]
PAIRS = [(one, other) for one in MENTEES for other in MENTORS]
SOME, FEW = PAIRS[::17], PAIRS[::103]
"""59 pairs, of all mentees and mentors, and 10 of different mentees and mentors."""
EVERYTHING = {name: value for change in FLIPS.values() for name, value in change.items()}


def disclosing() -> list[dict[str, Any]]:
    """Return 25 mentees and 40 mentors who have told sensitive things too."""
    import random

    chance = random.Random(3)
    return [p | hidden(chance) for p in programme(25, 40, 3)]


def loaded(people: list[dict[str, Any]], *, lift: bool) -> me.Engine:
    """Return an engine on these people, everybody having consented to being matched on everything."""
    made = engine(LIFTED if lift else "", [Offers(shared_tokens)])
    made.load(people, consents=consents(people))
    return made


@pytest.fixture(scope="module")
def before() -> me.Engine:
    """Return the programme before any flip, with a lift that acts."""
    return loaded(disclosing(), lift=True)


def explanations(made: me.Engine, pairs: list[tuple[str, str]]) -> list[str]:
    """Return every explanation of some pairs to every viewer."""
    return [made.explain(*pair, "mentor", viewer).model_dump_json() for pair in pairs for viewer in VIEWERS]


@pytest.fixture(scope="module")
def told_before(before: me.Engine) -> list[str]:
    """Return the explanations of a few pairs before any flip."""
    return explanations(before, FEW)


@pytest.fixture(scope="module")
def files_before(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return the files of a run before any flip, without a lift."""
    return files(make_run(loaded(disclosing(), lift=False), "mentor"), tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def run_before(before: me.Engine) -> Run:
    """Return a run over everybody before any flip, with a lift that acts."""
    return make_run(before, "mentor", 40)


def files(run: Run, folder: Path) -> list[bytes]:
    """Return the bytes of every file that a run can become."""
    sheets = sheets_of_run(run)
    write_csv(folder / "run.csv", sheets[1])
    write_xlsx(folder / "run.xlsx", sheets)
    page = render_page(run).encode()
    return [(folder / "run.csv").read_bytes(), (folder / "run.xlsx").read_bytes(), page, run.model_dump_json().encode()]


@pytest.mark.parametrize("pairs", [SOME, pytest.param(PAIRS, marks=pytest.mark.slow)], ids=len)
def test_every_hidden_field_together_changes_no_byte_of_any_explanation(
    before: me.Engine, pairs: list[tuple[str, str]]
) -> None:
    assert {who for pair in pairs for who in pair} == {*MENTEES, *MENTORS}
    after = loaded(flipped(disclosing(), EVERYTHING), lift=True)
    assert explanations(after, pairs) == explanations(before, pairs)


@pytest.mark.parametrize("field", FLIPS)
def test_a_hidden_field_changes_no_byte_of_an_explanation(told_before: list[str], field: str) -> None:
    assert explanations(loaded(flipped(disclosing(), FLIPS[field]), lift=True), FEW) == told_before


@pytest.mark.slow
@pytest.mark.parametrize("field", FLIPS)
def test_a_hidden_field_changes_no_byte_of_any_explanation(before: me.Engine, field: str) -> None:
    after = loaded(flipped(disclosing(), FLIPS[field]), lift=True)
    assert explanations(after, SOME) == explanations(before, SOME)


@pytest.mark.parametrize(
    "change",
    [
        EVERYTHING,
        FLIPS["attributes"],
        *(pytest.param(FLIPS[f], marks=pytest.mark.slow) for f in FLIPS if f != "attributes"),
    ],
    ids=["everything", "attributes", *(f for f in FLIPS if f != "attributes")],
)
def test_a_hidden_field_changes_no_byte_of_any_file(
    files_before: list[bytes], tmp_path: Path, change: dict[str, Any]
) -> None:
    other = loaded(flipped(disclosing(), change), lift=False)
    assert files(make_run(other, "mentor"), tmp_path) == files_before


def unordered(run: Run) -> list[str]:
    """Return the drafts of a run without their order."""
    documents = [draft.model_dump(mode="json") for draft in run.drafts]
    return sorted(json.dumps(d | {"suggestion": d["suggestion"] | {"rank": 0}}, sort_keys=True) for d in documents)


@pytest.mark.parametrize("field", ["attributes", "attributes taken back", "lived_experience"])
def test_with_a_lift_nothing_of_a_run_changes_but_the_order(run_before: Run, field: str) -> None:
    after = loaded(flipped(disclosing(), FLIPS[field]), lift=True)
    one, other = run_before, make_run(after, "mentor", 40)
    assert unordered(one) == unordered(other)
    assert [d.suggestion.candidate_id for d in one.drafts] != [d.suggestion.candidate_id for d in other.drafts]
    assert one.readiness == other.readiness
    assert one.unserved == other.unserved


def test_the_flip_notices_a_field_that_is_not_hidden(
    told_before: list[str], files_before: list[bytes], tmp_path: Path
) -> None:
    people = flipped(disclosing(), {"values": ["autonomy"]})
    assert explanations(loaded(people, lift=True), FEW) != told_before
    after = files(make_run(loaded(people, lift=False), "mentor"), tmp_path)
    assert all(one != other for one, other in zip(after, files_before, strict=True))


# -- absent, blocked and erased look alike


def blocking(**more: Any) -> me.Engine:
    """Return an engine in which mentor m does not want mentee a."""
    made = engine()
    must_not = {"person_id": "m", "other_id": "a", "kind": "must_not"}
    made.load([mentee("a"), mentor("m", **more), mentor("n")], relationships=[must_not])
    return made


@pytest.mark.parametrize("viewer", ["requester", "candidate"])
def test_absent_blocked_erased_and_of_another_role_read_the_same(viewer: Viewer) -> None:
    made = blocking()
    told = {"blocked": made.explain("a", "m", "mentor", viewer)}
    told["absent"] = made.explain("a", "x", "mentor", viewer)
    told["of another role"] = made.explain("a", "a", "mentor", viewer)
    made.remove("m")
    told["erased"] = made.explain("a", "m", "mentor", viewer)
    texts = {t.model_copy(update={"candidate_id": "?"}).model_dump_json() for t in told.values()}
    assert len(texts) == 1, told
    assert "Not available." in texts.pop()


@pytest.mark.parametrize("viewer", ["requester", "candidate"])
@pytest.mark.parametrize(
    "more", [{"capacity": {"mentor": 0}}, {"vetting": {"status": "refused"}}, {"modes": ["phone"]}]
)
def test_a_boundary_hides_every_other_reason_from_members(viewer: Viewer, more: dict[str, Any]) -> None:
    told = blocking(**more).explain("a", "m", "mentor", viewer)
    assert told == blocking().explain("a", "m", "mentor", viewer)
    assert [o.rule for o in told.why_not] == ["not_available"]
    assert not told.changes


def test_a_coordinator_reads_a_personal_boundary_without_direction_or_remedy() -> None:
    one = blocking().explain("a", "m", "mentor", "coordinator")
    other = engine()
    other.load([mentee("a"), mentor("m"), mentor("n")], relationships=[
        {"person_id": "a", "other_id": "m", "kind": "must_not"}
    ])  # fmt: skip
    assert one == other.explain("a", "m", "mentor", "coordinator")
    assert [(o.rule, o.text) for o in one.why_not] == [("personal_boundary", "A personal boundary.")]
    assert one.changes == ()
    assert one.score is None


def test_a_do_not_rematch_reads_like_a_boundary() -> None:
    made = engine()
    ended = {"person_id": "a", "other_id": "m", "kind": "mentoring", "status": "ended", "do_not_rematch": True}
    made.load([mentee("a"), mentor("m"), mentor("n")], relationships=[ended])
    for viewer in VIEWERS:
        told = made.explain("a", "m", "mentor", viewer)
        assert told.why_not == blocking().explain("a", "m", "mentor", viewer).why_not


@pytest.mark.parametrize("status", ["refused", "expired", "pending"])
def test_members_never_learn_that_somebodys_vetting_is_the_reason(status: str) -> None:
    made = engine()
    made.load([mentee("a"), mentor("m", vetting={"status": status}), mentor("n")])
    for viewer in ("requester", "candidate"):
        assert made.explain("a", "m", "mentor", viewer).standing == "not_available"
    told = made.explain("a", "m", "mentor", "coordinator")
    assert [o.rule for o in told.why_not] == ["vetting"]
    assert any("vetting" in change.about for change in told.changes)


# -- the words of either side


PRIVATE = {
    "goals": [{"text": "canarygoal sql queries"}],
    "wants": [{"text": "canarywant sql"}],
    "interests": [{"text": "canaryinterest hiking"}],
}


def test_nobody_reads_the_other_sides_private_words_and_owners_read_their_own() -> None:
    made = engine()
    made.load([
        mentee("a", **PRIVATE),
        mentor("m", hopes_to_gain="canaryhope short video editing", interests=[{"text": "canaryother hiking"}],
               offers=[{"text": "openoffer sql queries", "level": 4}]),
    ])  # fmt: skip
    requester, candidate, coordinator = (made.explain("a", "m", "mentor", v).model_dump_json() for v in VIEWERS)
    assert "canarygoal" in requester or "canarywant" in requester
    assert "canaryhope" not in requester
    assert "canaryother" not in requester
    assert "canaryhope" in candidate
    assert "canaryother" in candidate
    assert not [word for word in ("canarygoal", "canarywant", "canaryinterest") if word in candidate]
    assert "canary" not in coordinator
    assert all("openoffer" in told for told in (requester, candidate, coordinator))


def test_a_coordinator_reads_what_the_notice_says_and_no_more() -> None:
    for allowed in (["needs"], ["interests"], ["aims"], ["needs", "aims", "interests"]):
        made = engine(f"[programme]\ncoordinator_reads = {json.dumps(allowed)}\n")
        made.load([mentee("a", **PRIVATE), mentor("m", hopes_to_gain="canaryaim short video editing")])
        told = made.explain("a", "m", "mentor", "coordinator").model_dump_json()
        seen = {"needs": "canarygoal" in told or "canarywant" in told, "interests": "canaryinterest" in told}
        seen["aims"] = "canaryaim" in told
        assert [name for name in seen if seen[name]] == [name for name in seen if name in allowed]


def test_words_in_common_are_told_only_where_both_texts_may_be_read() -> None:
    people = [mentee("a", **PRIVATE), mentor("m", offers=[{"text": "advanced sql queries", "level": 4}])]
    made = engine()
    made.load([*people, *(mentee(f"x{n}", goals=[{"text": f"topic{n} of mine"}]) for n in range(30))])
    words = {v: {w for r in made.explain("a", "m", "mentor", v).reasons for w in r.words} for v in VIEWERS}
    assert words["requester"] == {"sql", "query"}, "the need is the requester's own, the offer is open to all"
    assert words["candidate"] == {"video", "editing"}, "the hope is the candidate's own, the offer is open to all"
    assert words["coordinator"] == set(), "needs and hopes are nobody else's without a notice"


def test_members_read_no_number() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m"), *(mentor(f"n{n}", interests=[]) for n in range(7))])
    for viewer in ("requester", "candidate"):
        for candidate in ("m", "n3"):
            told = made.explain("a", candidate, "mentor", viewer)
            assert (told.score, told.neutral, told.confidence, told.place, told.eligible) == (None,) * 5
            assert all(reason.contribution is None for reason in told.reasons)
            assert "of 100" not in told.plain_text
    assert made.explain("a", "m", "mentor", "coordinator").score is not None


def test_an_organiser_does_not_learn_what_somebody_needs() -> None:
    made = engine()
    made.load(
        [mentee("a", norm_needs=["women_only"], safety_needs=["moderation"], framing_preference="topic_focused")],
        groups=[group("norms", norms=["modest"]), group("safe", safety={"items": []}),
                group("frame", framing="identity_focused", norms=["women_only"]), group("silent")],
    )  # fmt: skip
    for name in ("norms", "frame", "safe", "silent"):
        told = made.explain("a", name, "group", "candidate")
        said = told.plain_text + "".join(o.rule + o.text for o in told.why_not)
        assert not [word for word in ("norm", "safe", "framed", "identity", "needs") if word in said], said


@pytest.mark.parametrize("notice", [False, True])
def test_what_passes_through_a_coordinators_hands_quotes_only_what_both_may_read(notice: bool, tmp_path: Path) -> None:
    reads = ["needs", "aims", "interests"] if notice else []
    made = engine(f"[programme]\ncoordinator_reads = {json.dumps(reads)}\n")
    hopes = {"hopes_to_gain": "canaryhope short video editing", "interests": [{"text": "canaryother hiking"}]}
    made.load([mentee("a", **PRIVATE), mentor("m", **hopes)])
    run = make_run(made, "mentor")
    (draft,) = run.drafts
    assert any(word in draft.to_requester for word in ("canarygoal", "canarywant")) == notice
    assert ("canaryhope" in draft.to_candidate) == notice
    assert "canaryhope" not in draft.to_requester
    assert "canarygoal" not in draft.to_candidate
    assert (b"canary" in b"".join(files(run, tmp_path))) == notice
    for viewer in VIEWERS:
        assert ("canary" in made.explain("a", "m", "mentor", viewer, carried=True).plain_text) == notice
    assert "canary" in made.explain("a", "m", "mentor", "requester").plain_text, "straight to the owner it may go"


def test_a_pair_that_a_boundary_has_come_between_is_told_no_more() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m"), mentor("n")])
    shown = made.suggest("a", "mentor")
    made.upsert(Relationship.model_validate({"person_id": "m", "other_id": "a", "kind": "must_not"}))
    told = {e.candidate_id: e for e in made.tell(shown, "requester")}
    assert told["m"].standing == "not_available"
    assert told["n"].standing == "eligible"
    made.remove("n")
    assert [e.standing for e in made.tell(shown, "requester")] == ["not_available", "not_available"]
    with pytest.raises(me.MatchEngineError):
        made.tell(shown, "coordinator")
