"""Bundles: one of each type, each with its own reason, in the order in which the person wants to be supported."""

from __future__ import annotations

from typing import Any

import pytest

from matchengine.config import BundleConfig
from matchengine.engine import Engine
from matchengine.errors import ConfigError, DataError, UnknownIdError
from matchengine.journey.bundle import make_bundle
from matchengine.records.bundle import Bundle
from tests.support import CONFIG, config, engine, group, mentee, mentor

MORE = """
[match.resource]
requester = "anyone"
candidate = "resource"
[match.resource.scorers.goals]
use = "topic_cover"
[match.event]
requester = "anyone"
candidate = "event"
[match.event.scorers.interests]
use = "topic_interest"
[match.buddy]
requester = "anyone"
candidate = "buddy"
[match.buddy.scorers.interests]
use = "interest_affinity"
block = "relate"
"""
SPEAKS = {"languages": [{"tag": "en", "level": "native"}], "modes": ["video"]}


def resource(resource_id: str, kind: str = "course", **more: Any) -> dict[str, Any]:
    """Return a resource that suits the goals of the tests' mentee."""
    told = {"id": resource_id, "title": f"Guide {resource_id}", "type": kind, "topics": ["learn sql for data work"]}
    return told | {"languages": SPEAKS["languages"], **more}


def event(event_id: str, **more: Any) -> dict[str, Any]:
    """Return an event that suits the interests of the tests' mentee."""
    return {"id": event_id, "title": f"Evening {event_id}", "kind": "mixer", "topics": ["hiking"], **SPEAKS, **more}


def loaded(extra: str = MORE, person: dict[str, Any] | None = None, **given: Any) -> Engine:
    """Return an engine with something of every type."""
    made = engine(extra)
    people = [mentee("a") | (person or {}), *(mentor(f"m{n}") for n in range(2)), mentor("b", roles=["buddy"])]
    groups = [group("g", kind="hobby"), group("h", kind="hobby"), group("c", kind="peer_circle")]
    given = {"groups": groups, "events": [event("e")], "resources": [resource("r"), resource("s")]} | given
    made.load(given.pop("people", people), **given)
    return made


def bundle_of(made: Engine, person: str = "a", **more: Any) -> Bundle:
    """Return the bundle of one person."""
    scenes = {name: made._scene(name) for name in made.config.match}
    return make_bundle(scenes, person, made.suggest, **({"config": made.config.bundle} | more))


def types(bundle: Bundle) -> list[str]:
    """Return the types of a bundle's items in their order."""
    return [item.type for item in bundle.items]


def test_one_of_each_type_people_first_and_resources_last() -> None:
    bundle = bundle_of(loaded())
    assert types(bundle) == ["mentor", "buddy", "circle", "group", "event", "resource"]
    assert bundle.missing == ()
    assert all(item.reason for item in bundle.items)
    assert {item.type: item.suggestion.candidate_id for item in bundle.items}["circle"] == "c"
    assert len({item.suggestion.candidate_id for item in bundle.items}) == len(bundle.items)


def test_each_item_is_the_best_that_suggest_gives_of_its_type() -> None:
    made = loaded()
    for item in bundle_of(made).items:
        if item.type not in {"circle", "group"}:
            assert item.suggestion == made.suggest("a", item.type, 1)[0]
    in_order = [s.candidate_id for s in made.suggest("a", "group", 9)]
    group_id = next(item.suggestion.candidate_id for item in bundle_of(made).items if item.type == "group")
    assert group_id == next(one for one in in_order if one != "c")


@pytest.mark.parametrize(
    ("mode", "first", "last"),
    [
        ("one_to_one", ["mentor", "buddy"], ["circle", "group"]),
        ("group", ["circle", "group"], ["buddy", "resource"]),
        ("self_paced", ["resource", "mentor"], ["circle", "group"]),
        ("both", ["mentor", "buddy"], ["event", "resource"]),
    ],
)
def test_the_order_follows_how_the_person_wants_to_be_supported(mode: str, first: list[str], last: list[str]) -> None:
    found = types(bundle_of(loaded(person={"support_mode": mode})))
    assert found[:2] == first
    assert found[-2:] == last
    assert sorted(found) == sorted(types(bundle_of(loaded())))


def test_more_of_a_type_only_when_asked() -> None:
    found = types(bundle_of(loaded(), each=2))
    assert {kind: found.count(kind) for kind in found} == {
        "mentor": 2, "buddy": 1, "circle": 1, "group": 2, "event": 1, "resource": 2,
    }  # fmt: skip


def test_what_is_missing_says_why() -> None:
    made = loaded(groups=[group("g", kind="hobby")], resources=[], people=[mentee("a"), mentee("x")])
    bundle = bundle_of(made)
    assert types(bundle) == ["group", "event"]
    assert [item.type for item in bundle.missing] == ["mentor", "buddy", "circle", "resource"]
    assert all(item.why for item in bundle.missing)
    assert "A mentor: nothing yet." in bundle.plain_text


def test_a_kind_for_another_role_is_missing_with_that_reason() -> None:
    bundle = bundle_of(loaded(), "m0")
    why = {item.type: item.why for item in bundle.missing}
    assert why["mentor"] == "This is suggested only to people who take part as mentee."


def test_a_configuration_without_a_kind_says_so() -> None:
    bundle = bundle_of(loaded(""))
    assert [item.type for item in bundle.missing] == ["resource"]
    assert "offers no kind of match" in bundle.missing[0].why
    assert bundle_of(loaded(""), config=BundleConfig(kinds=("mentor",))).missing == ()


def test_a_circle_far_down_the_list_is_found() -> None:
    groups = [group(f"g{n:02}", kind="hobby") for n in range(40)]
    far = group("c", kind="peer_circle", topics=["stamps"])
    assert "circle" in types(bundle_of(loaded(groups=[*groups, far])))


def test_circles_are_what_the_configuration_calls_so() -> None:
    made = loaded()
    found = bundle_of(made, config=BundleConfig(circles=("hobby",)))
    ids = {item.type: item.suggestion.candidate_id for item in found.items}
    assert ids["group"] == "c"
    assert ids["circle"] in {"g", "h"}


def test_a_kind_with_only_circles_gives_circles_alone() -> None:
    extra = MORE + CIRCLES
    made = loaded(extra)
    found = bundle_of(made, config=BundleConfig(kinds=("circle",)))
    assert types(found) == ["circle"]
    assert found.missing == ()


CIRCLES = """
[match.circle]
requester = "anyone"
candidate = "group"
only = ["peer_circle"]
[match.circle.scorers.interests]
use = "topic_interest"
"""


def test_nobody_stands_in_a_bundle_twice() -> None:
    both = mentor("m0", roles=["mentor", "buddy"])
    made = loaded(people=[mentee("a"), both, mentor("b", roles=["buddy"], interests=[{"text": "chess"}])])
    ids = {item.type: item.suggestion.candidate_id for item in bundle_of(made).items}
    assert (ids["mentor"], ids["buddy"]) == ("m0", "b")


def test_helplines_come_on_topic_choice_and_never_in_a_bundle() -> None:
    made = loaded(resources=[resource("help", "helpline"), resource("r", topics=["pottery"])])
    ids = {item.type: item.suggestion.candidate_id for item in bundle_of(made).items}
    assert ids["resource"] == "r"
    only = bundle_of(loaded(resources=[resource("help", "helpline")]))
    assert "resource" in {item.type for item in only.missing}


def test_a_support_group_is_not_sold_as_therapy() -> None:
    groups = [group("g", kind="self_help"), group("c", kind="peer_circle")]
    notes = {item.type: item.note for item in bundle_of(loaded(groups=groups)).items}
    assert "does not replace it" in notes["group"]
    assert notes["circle"] == notes["mentor"] == ""


def test_plain_text_names_titles_and_reasons() -> None:
    bundle = bundle_of(loaded())
    assert len(bundle.plain_text.splitlines()) == len(bundle.items)
    for item, line in zip(bundle.items, bundle.plain_text.splitlines(), strict=True):
        assert item.suggestion.candidate_id in line
        assert item.reason in line
        assert item.title in line
    assert Bundle.model_validate_json(bundle.model_dump_json()) == bundle


def test_the_reason_says_why_they_suit_before_that_they_have_time() -> None:
    made = loaded()
    mentor_item = next(item for item in bundle_of(made).items if item.type == "mentor")
    scorers = {reason.text: reason.scorer for reason in mentor_item.suggestion.reasons}
    assert scorers[mentor_item.reason] != "practical"
    little = loaded(person={"goals": [], "interests": [], "values": [], "style": None, "offers": []})
    alone = next(item for item in bundle_of(little).items if item.type == "mentor")
    assert {reason.text: reason.scorer for reason in alone.suggestion.reasons}[alone.reason] == "practical"


def test_mistakes_are_told() -> None:
    made = loaded()
    with pytest.raises(UnknownIdError):
        bundle_of(made, "nobody")
    with pytest.raises(DataError, match="each is 0"):
        bundle_of(made, each=0)
    with pytest.raises(ConfigError, match="no kind of match 'mentro'"):
        config('[bundle]\nkinds = ["mentro"]\n', CONFIG)
    assert config('[bundle]\nkinds = ["group"]\n', CONFIG).bundle.kinds == ("group",)
