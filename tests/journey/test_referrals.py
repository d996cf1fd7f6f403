"""Referrals hold nothing about the person; bridges lead over partners of what fits."""

from __future__ import annotations

from typing import Any

import pytest

import matchengine as me
from matchengine.config import parse_config
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.i18n import PSEUDO, speaking
from matchengine.journey.referrals import bridges, referral
from matchengine.records import Explanation, Organisation, Relationship
from matchengine.report.run import make_run
from tests.support import CONFIG, engine, group, mentee, mentor

ALLIES = """
[match.organisation]
requester = "anyone"
candidate = "organisation"
[match.organisation.scorers.goals]
use = "resource_fit"
[match.organisation.blocks]
need = 1.0
[match.organisation.constraints]
use = ["mode_overlap", "language_floor", "travel_limit"]
"""


def organisation(organisation_id: str = "o", **more: Any) -> dict[str, Any]:
    """Return an allied organisation that teaches what `mentee` wants to learn."""
    return {
        "id": organisation_id,
        "kind": "ally",
        "title": f"House {organisation_id}",
        "topics": ["learn sql for data work", "tea on Sundays"],
        "languages": [{"tag": "en", "level": "native"}],
        "reached_by": "front desk, weekdays 10 to 16",
        **more,
    }


def loaded(*organisations: dict[str, Any], people: tuple[dict[str, Any], ...] = (), **more: Any) -> me.Engine:
    """Return an engine over organisations and a few people."""
    made = engine(ALLIES)
    made.load([*people, mentee("a"), mentee("b"), mentor("m")], organisations=organisations, **more)
    return made


def test_a_referral_is_made_of_the_organisations_own_words() -> None:
    scene = loaded(organisation())._scene("organisation")
    found = referral(scene, "a", "o", agreed=True)
    assert found.topics == ("learn sql for data work", "tea on Sundays")
    assert (found.title, found.reached_by) == ("House o", "front desk, weekdays 10 to 16")
    assert "“tea on Sundays”" in found.message
    assert "House o" in found.message
    assert set(type(found).model_fields) == {"organisation_id", "title", "topics", "reached_by", "message"}


def test_a_topic_is_named_alone_only_where_it_was_chosen() -> None:
    scene = loaded(organisation())._scene("organisation")
    found = referral(scene, "a", "o", agreed=True, topic="tea on Sundays")
    assert found.topics == ("tea on Sundays",)
    assert "sql" not in found.message
    with pytest.raises(DataError, match="did you mean 'tea on Sundays'"):
        referral(scene, "a", "o", agreed=True, topic="tea on Sunday")


def test_an_organisation_that_says_nothing_is_referred_to_all_the_same() -> None:
    bare = {"id": "o", "kind": "ngo", "title": "House"}
    found = referral(loaded(bare)._scene("organisation"), "a", "o", agreed=True)
    assert (found.topics, found.reached_by) == ((), None)
    assert "agreed" not in found.message


def test_nobody_is_referred_who_did_not_agree() -> None:
    scene = loaded(organisation())._scene("organisation")
    with pytest.raises(DataError, match="did not agree"):
        referral(scene, "a", "o", agreed=False)


def test_who_is_not_there_or_ruled_out_is_not_referred() -> None:
    no = Relationship(person_id="a", other_id="o", kind="must_not")
    made = loaded(organisation(), relationships=[no])
    scene = made._scene("organisation")
    with pytest.raises(DataError, match="not possible"):
        referral(scene, "a", "o", agreed=True)
    assert referral(scene, "b", "o", agreed=True)
    for who, where in (("nobody", "o"), ("a", "nowhere")):
        with pytest.raises(UnknownIdError):
            referral(scene, who, where, agreed=True)
    with pytest.raises(DataError, match="suggests no organisations"):
        referral(made._scene("group"), "a", "o", agreed=True)


def test_somebody_who_rules_libraries_out_is_not_pointed_to_one() -> None:
    made = loaded(
        organisation("lib", kind="library"),
        organisation("ngo", kind="ngo"),
        people=(mentee("c", boundaries=[{"kind": "group_kind", "value": "library"}]),),
    )
    assert {s.candidate_id for s in made.suggest("a", "organisation")} == {"lib", "ngo"}
    assert [s.candidate_id for s in made.suggest("c", "organisation")] == ["ngo"]


def test_what_somebody_needs_to_be_safe_holds_for_organisations_too() -> None:
    made = loaded(
        organisation("silent"),
        organisation("open", safety={"items": ["declared_welcome"]}),
        people=(mentee("c", safety_needs=["declared_welcome"]),),
    )
    assert [s.candidate_id for s in made.suggest("c", "organisation")] == ["open"]
    with pytest.raises(DataError, match="not possible"):
        referral(made._scene("organisation"), "c", "silent", agreed=True)


def test_an_organisation_reads_the_same_sentence_about_everybody() -> None:
    made = loaded(organisation(), organisation("far", topics=["pottery"]))
    read = [made.explain(who, "o", "organisation", "candidate") for who in ("a", "b", "m", "nobody")]
    same = {"requester_id": "x"}
    assert len({each.model_copy(update=same).model_dump_json() for each in read}) == 1
    assert read[0].standing == "not_available"
    shown = made.suggest("a", "organisation")
    assert [each.plain_text for each in made.tell(shown, "candidate")] == [read[0].plain_text] * 2
    with pytest.raises(DataError, match="reads nothing about anybody"):
        made.suggest("a", "organisation", viewer="candidate")
    assert {draft.to_candidate for draft in make_run(made, "organisation").drafts} == {read[0].plain_text}
    told = made.explain("a", "o", "organisation")
    assert isinstance(told, Explanation)
    assert "learn sql" in told.plain_text, "the person themselves reads why"


def test_bridges_lead_over_partners_of_what_fits_whoever_said_so() -> None:
    made = loaded(
        organisation("fits", partners=["named", "gone"]),
        organisation("named", topics=["pottery"]),
        organisation("names", topics=["bees"], partners=["fits"]),
        organisation("alone", topics=["kites"]),
        organisation("fits_too", partners=["fits", "named"]),
    )
    scene = made._scene("organisation")
    found = bridges(scene, "a", most=9)
    assert {each.organisation_id: set(each.through) for each in found} == {
        "named": {"fits", "fits_too"},
        "names": {"fits"},
    }
    assert len(bridges(scene, "a")) == 2
    assert bridges(scene, "a", most=1) == found[:1]
    assert bridges(scene, "a", most=0) == ()
    assert "House" in found[0].text


def test_a_bridge_never_leads_where_the_person_does_not_want_to_go() -> None:
    parts = (organisation("fits", partners=["named"]), organisation("named", topics=["pottery"]))
    assert bridges(loaded(*parts)._scene("organisation"), "a")
    no = Relationship(person_id="a", other_id="named", kind="must_not")
    assert bridges(loaded(*parts, relationships=[no])._scene("organisation"), "a") == ()
    assert bridges(loaded()._scene("organisation"), "a") == ()


def test_the_best_partner_decides_the_order_of_bridges() -> None:
    made = loaded(
        organisation("best", topics=["learn sql for data work"], partners=["z"], fresh_on="2026-03-09"),
        organisation("good", topics=["learn sql for data work"], partners=["y"], fresh_on="2025-06-01"),
        organisation("z", topics=["pottery"]),
        organisation("y", topics=["pottery"]),
    )
    first = [s.candidate_id for s in made.suggest("a", "organisation")][:2]
    assert first == ["best", "good"]
    assert [each.organisation_id for each in bridges(made._scene("organisation"), "a")] == ["z", "y"]


def test_organisations_live_and_go_like_other_records(tmp_path: Any) -> None:
    made = loaded(organisation("o"))
    made.upsert(Organisation.model_validate(organisation("p")))
    assert {s.candidate_id for s in made.suggest("a", "organisation")} == {"o", "p"}
    made.save(tmp_path / "saved")
    from tests.support import WordsPlugin

    again = me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])
    assert again.suggest("a", "organisation") == made.suggest("a", "organisation")
    assert referral(again._scene("organisation"), "a", "o", True) == referral(
        made._scene("organisation"), "a", "o", True
    )
    again.remove("o")
    assert [s.candidate_id for s in again.suggest("a", "organisation")] == ["p"]
    with pytest.raises(DataError, match="organisation id occurs more than once"):
        engine(ALLIES).load([mentee("a")], organisations=[organisation("o"), organisation("o")])


def test_other_questions_stay_away_from_organisations() -> None:
    made = loaded(organisation(), groups=[group("g")])
    assert all(item.type != "organisation" for item in made.bundle("a").items)
    for ask in (made.supports, made.welcome):
        with pytest.raises(DataError):
            ask("organisation")
    assert "ally" in {name for need in made.unmet().needs for name in need.reached} or made.unmet().too_few
    with pytest.raises(ConfigError, match="suggests organisations"):
        parse_config(CONFIG + ALLIES + '[bundle]\nkinds = ["organisation"]\n')


def test_everything_said_is_translated() -> None:
    scene = loaded(organisation(), organisation("p", topics=["pottery"], partners=["o"]))._scene("organisation")
    with speaking(PSEUDO):
        assert "⟦" in referral(scene, "a", "o", agreed=True).message
        assert "⟦" in bridges(scene, "a")[0].text
