"""The engine's promises: determinism, live changes, hard rules, saved folders, suggestions for many."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import matchengine as me
from matchengine.errors import ConfigError, DataError, SnapshotError, UnknownIdError
from matchengine.records import ConsentGrant, Event, Feedback, Group, Person, Relationship, Resource
from tests.support import CONFIG, EVENING, engine, group, mentee, mentor

TOPICS = ["welding", "pottery", "tax law", "gardens", "music theory", "sql and data work", "public speaking"]


def crowd(count: int = 40) -> list[dict[str, object]]:
    return [mentor(f"m{n}", offers=[{"text": f"{TOPICS[n % 7]} {n % 3}", "level": n % 4 + 1}]) for n in range(count)]


def listed(made: me.Engine, k: int = 5, who: str = "a", kind: str = "mentor") -> list[tuple[str, float]]:
    return [(s.candidate_id, s.score) for s in made.suggest(who, kind, k)]


def test_the_order_of_records_changes_nothing() -> None:
    one, other = engine(), engine()
    one.load([mentee("a"), *crowd()])
    other.load([*reversed(crowd()), mentee("a")])
    assert listed(one, 40) == listed(other, 40)


def test_the_first_k_are_a_prefix_of_more() -> None:
    made = engine()
    made.load([mentee("a"), *crowd()])
    assert listed(made, 12)[:5] == listed(made, 5)


def test_contributions_sum_to_the_score() -> None:
    made = engine()
    made.load([mentee("a"), *crowd()])
    for s in made.suggest("a", "mentor", 40):
        assert s.neutral + sum(r.contribution for r in s.reasons) == pytest.approx(s.score, abs=0.06)
        assert s.status == "draft"


def test_many_equal_one_by_one() -> None:
    made = engine()
    made.load([*(mentee(f"a{n}", goals=[{"text": TOPICS[n % 7]}]) for n in range(9)), *crowd()])
    ids = [f"a{n}" for n in range(9)]
    many = made.suggest_many([*ids, "a0"], "mentor", 4)
    assert list(many) == ids
    for external in ids:
        assert many[external] == made.suggest(external, "mentor", 4)


def test_an_upsert_is_seen_and_equals_loading_it() -> None:
    made, whole = engine(), engine()
    late = mentor("late", offers=[{"text": "learn sql for data work", "level": 4}])
    made.load([mentee("a"), *crowd()])
    assert "late" not in dict(listed(made, 50))
    made.upsert(Person.model_validate(late))
    assert listed(made)[0][0] == "late"
    whole.load([mentee("a"), *crowd(), late])
    assert [c for c, _ in listed(made)] == [c for c, _ in listed(whole)]


def test_a_changed_person_replaces_the_old_one() -> None:
    made = engine()
    made.load([mentee("a"), *crowd(3)])
    made.upsert(Person.model_validate(mentor("m0", capacity={"mentor": 0})))
    assert "m0" not in dict(listed(made))
    made.upsert(Person.model_validate(mentor("m0")))
    assert "m0" in dict(listed(made))
    assert len(listed(made, 10)) == 3


def test_removed_people_are_gone_at_once() -> None:
    made = engine()
    made.load([mentee("a"), *crowd(3)])
    made.remove("m1")
    assert sorted(c for c, _ in listed(made)) == ["m0", "m2"]
    with pytest.raises(UnknownIdError):
        made.remove("m1")


def test_relationships_take_places_and_end() -> None:
    made = engine()
    made.load([mentee("a"), mentee("b"), mentor("m", capacity={"mentor": 1})])
    active = Relationship(person_id="b", other_id="m", kind="mentoring")
    made.upsert(active)
    assert listed(made) == []
    assert made.excluded("a", "mentor") == {"capacity": 1}
    made.upsert(active.model_copy(update={"status": "ended"}))
    assert [c for c, _ in listed(made)] == ["m"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"adult": None}, "minors"),
        ({"adult": False}, "minors"),
        ({"vetting": None}, "vetting"),
        ({"vetting": {"status": "refused"}}, "vetting"),
        ({"capacity": {"mentor": 0}}, "capacity"),
        ({"modes": ["in_person"]}, "mode_overlap"),
        ({"languages": [{"tag": "de", "level": "native"}]}, "language_floor"),
        ({"languages": [{"tag": "en", "level": "A2"}]}, "language_floor"),
        ({"line_manager": "a"}, "line_manager"),
        ({"boundaries": [{"kind": "person", "value": "a"}]}, "not_available"),
        ({"availability": [EVENING | {"rrule": "FREQ=WEEKLY;BYDAY=SA"}]}, "common_time"),
    ],
)
def test_hard_rules_are_hard_and_named(change: dict[str, object], code: str) -> None:
    made = engine()
    made.load([mentee("a"), mentor("m", **change)])
    assert listed(made) == []
    assert code in made.excluded("a", "mentor")


def test_unknown_facts_pass_and_are_to_be_confirmed() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m", languages=[], availability=[], capacity={}, modes=[])])
    (only,) = made.suggest("a", "mentor")
    assert len(only.to_confirm) >= 2
    assert only.confidence < 1


def test_poor_fit_is_told_from_too_little_data() -> None:
    blank = {
        "interests": [],
        "values": [],
        "style": None,
        "availability": [],
        "languages": [],
        "cadence": None,
        "modes": [],
    }
    made = engine()
    made.load(
        [
            mentee("a"),
            mentor("poor", offers=[{"text": "xylophone"}], hopes_to_gain="quilts", values=["impact"]),
            mentor("blank", offers=[], hopes_to_gain=None, **blank),
            mentor("good"),
        ]
    )
    fits = {s.candidate_id: s.fit for s in made.suggest("a", "mentor")}
    assert fits["blank"] == "too_little_known"
    assert fits["poor"] in ("poor", "fair")
    assert [s.candidate_id for s in made.suggest("a", "mentor")][-1] == "blank"


def test_reasons_speak_in_both_directions_and_never_quote_the_other_sides_private_words() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m", hopes_to_gain="short video editing for my secret shop")])
    (only,) = made.suggest("a", "mentor")
    goals = next(r.text for r in only.reasons if r.scorer == "goals")
    assert "sql and data work" in goals
    assert "short video editing" in goals
    assert "secret shop" not in only.model_dump_json()


def test_groups_for_one_person_with_a_condition_to_confirm() -> None:
    made = engine()
    made.load([mentee("a")], groups=[group("g"), group("w", norms=["women_only"]), group("full", size_now=12)])
    got = {s.candidate_id: s for s in made.suggest("a", "group")}
    assert set(got) == {"g", "w"}
    assert got["w"].to_confirm
    assert not got["g"].to_confirm


def test_events_and_resources_load() -> None:
    made = engine()
    made.load(
        [mentee("a")],
        events=[Event(id="e", title="Open day", kind="open_day")],
        resources=[Resource(id="r", title="Guide", type="toolkit")],
    )
    made.upsert(Event(id="e2", title="Talk", kind="talk"))
    made.remove("r")
    assert made.fingerprint().generation == 3


def test_a_blocked_topic_hides_groups_about_it() -> None:
    made = engine()
    made.load([mentee("a", boundaries=[{"kind": "topic", "value": "walking"}])], groups=[group("g")])
    assert listed(made, kind="group") == []


def test_save_and_open_is_the_identity(tmp_path: Path) -> None:
    from tests.support import WordsPlugin

    made = engine()
    made.load([mentee("a"), *crowd()], groups=[group("g")])
    made.upsert(Person.model_validate(mentor("late")))
    made.save(tmp_path / "saved")
    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert again.suggest("a", "mentor", 20) == made.suggest("a", "mentor", 20)
    assert again.suggest("a", "group") == made.suggest("a", "group")
    assert again.fingerprint() == made.fingerprint()
    again.upsert(Person.model_validate(mentor("later", offers=[{"text": "learn sql for data work", "level": 4}])))
    assert listed(again)[0][0] == "later"
    again.save(tmp_path / "saved")
    assert listed(me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()]))[0][0] == "later"


@pytest.mark.parametrize("name", ["arrays.bin", "document.json", "config.toml", "manifest.json"])
def test_a_damaged_folder_is_refused(tmp_path: Path, name: str) -> None:
    from tests.support import WordsPlugin

    made = engine()
    made.load([mentee("a"), *crowd(3)])
    made.save(tmp_path / "saved")
    path = tmp_path / "saved" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(SnapshotError):
        me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])


def test_vectors_of_another_model_are_refused(tmp_path: Path) -> None:
    from tests.support import CONFIG, WordsPlugin, config

    made = engine()
    made.load([mentee("a"), *crowd(3)])
    made.save(tmp_path / "saved")
    other = config(text=CONFIG.replace("cache = false", 'cache = false\nwith = { salt = "b" }'))
    with pytest.raises(SnapshotError, match=r"words-a.*words-b"):
        me.Engine.open(tmp_path / "saved", other, plugins=[WordsPlugin()])


def test_bad_input_is_reported_at_once_and_nothing_is_lost() -> None:
    made = engine()
    made.load([mentee("a"), *crowd(3)])
    before = listed(made)
    with pytest.raises(DataError) as caught:
        made.load([{"id": "x", "role": ["mentor"]}, {"id": "y", "goals": [{"text": ""}]}, {"id": "z@example.org"}])
    assert len(caught.value.problems) == 3
    with pytest.raises(DataError, match="more than once"):
        made.load([mentee("a"), mentee("a")])
    assert listed(made) == before


def test_questions_that_cannot_be_answered_get_clear_errors() -> None:
    made = engine()
    made.load([mentee("a"), *crowd(3)])
    with pytest.raises(UnknownIdError, match="nobody"):
        made.suggest("nobody", "mentor")
    with pytest.raises(DataError, match="did you mean 'mentor'"):
        made.suggest("a", "mentr")
    with pytest.raises(DataError, match="does not take part as 'mentee'"):
        made.suggest("m1", "mentor")
    with pytest.raises(DataError, match="at least 1"):
        made.suggest("a", "mentor", 0)


def test_an_empty_programme_has_no_suggestions() -> None:
    made = engine()
    made.load([mentee("a")])
    assert made.suggest("a", "mentor") == []
    assert made.suggest("a", "group") == []


def test_only_allow_listed_texts_are_embedded_and_masked() -> None:
    made = engine()
    person = mentee(
        "a",
        goals=[{"text": "She wants to lead"}],
        pronouns="she/her",
        attributes=[{"dimension": "religion", "value": "canary-one"}],
        lived_experience=["canary-two"],
        boundaries=[{"kind": "topic", "value": "canary-three"}],
        training_done=["canary-four"],
    )
    made.load([person], groups=[group("g", welcome=["canary-five"])])
    seen = " ".join(made.embedder.seen)  # type: ignore[attr-defined]
    assert "canary" not in seen
    assert "She" not in seen
    assert made.shown_text("a")["needs"][0] in made.embedder.seen  # type: ignore[attr-defined]


def test_sensitive_columns_need_a_consent_in_force_and_a_withdrawal_acts_at_once() -> None:
    person = mentee("a", age_band="25-34", barriers=[{"kind": "childcare", "strength": "strong"}])
    grants = [
        ConsentGrant(
            person_id="a",
            field=f,
            purpose="match",
            text_version="1",
            language="en",
            granted_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for f in ("age_band", "barriers")
    ]
    silent, made = engine(), engine()
    silent.load([person])
    made.load([person], consents=grants)

    def columns(of: me.Engine) -> tuple[float, float]:
        table = of._pool.tables["people"]
        row = table.row_of["a"]
        return float(table.column("age_band")[row]), float(table.column("barriers")[row, 5])

    assert columns(made) == pytest.approx((2, 0.6))
    assert all(value != value for value in columns(silent))
    made.upsert(grants[0].model_copy(update={"withdrawn_at": datetime(2026, 2, 1, tzinfo=UTC)}))
    assert columns(made)[0] != columns(made)[0]


def test_not_for_me_is_silent_and_immediate() -> None:
    made = engine()
    made.load([mentee("a"), mentor("m")])
    made.upsert(
        Feedback.model_validate(
            {
                "about_id": "m",
                "person_id": "a",
                "wave": "30_days",
                "perspective": "requester",
                "items": {"not_for_me": True},
            }
        )
    )
    assert listed(made) == []
    assert made.excluded("a", "mentor") == {"not_available": 1}


def test_adding_someone_ineligible_changes_nothing_for_others() -> None:
    made = engine()
    made.load([mentee("a"), *crowd()])
    before = made.suggest("a", "mentor", 10)
    made.upsert(Person.model_validate(mentor("x", adult=None)))
    assert made.suggest("a", "mentor", 10) == before
    assert isinstance(Group.model_validate(group("g")), Group)


def test_a_kind_may_be_limited_to_some_kinds_of_groups() -> None:
    made = engine(text=CONFIG.replace('candidate = "group"\n', 'candidate = "group"\nonly = ["sport_walk"]\n'))
    made.load([mentee()], groups=[group("walk"), group("books", kind="library"), group("circle", kind="peer_circle")])
    assert [draft.candidate_id for draft in made.suggest("a", "group")] == ["walk"]
    assert made.members("group").candidates == ("walk",)
    with pytest.raises(DataError, match="does not take part"):
        made.explain("a", "books", "group", "coordinator")
    with pytest.raises(ConfigError) as told:
        engine(text=CONFIG.replace('candidate = "group"\n', 'candidate = "group"\nonly = ["mixer"]\n'))
    assert "'mixer' is no kind of 'group'" in str(told.value.problems)
