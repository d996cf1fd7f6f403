"""A team for a project: rules, roles that nobody covers, who belongs to it already, and whose words are told."""

from __future__ import annotations

import pytest

from matchengine.errors import ConfigError, UnknownIdError
from matchengine.journey.team import team
from matchengine.planning.teams import TeamAims
from tests.journey.gatherings import KINDS, project
from tests.support import engine, mentee


def person(name, *offers, **more):
    told = [{"text": text, "level": level} for text, level in offers]
    return mentee(name, offers=told, interests=[{"text": "hiking"}], **more)


EDITOR = ("short video editing", 4)
SPEAKER = ("public speaking", 4)
PEOPLE = [person("edits", EDITOR), person("speaks", SPEAKER), person("sews", ("sewing", 4)), person("a", ("chess", 1))]


def loaded(people=PEOPLE, projects=None, ties=()):
    made = engine(KINDS)
    made.load(people, projects=projects or [project()], relationships=ties)
    return made


def chosen(made, project_id="film", **options):
    return team(made._scene("project"), project_id, **options)


def test_roles_are_taken_by_whoever_suits_them_and_the_others_are_listed():
    found = chosen(loaded())
    assert {role.text: role.person_id for role in found.roles} == {
        "short video editing": "edits",
        "public speaking": "speaks",
        "welding": None,
    }
    assert found.uncovered == ("welding",)
    assert set(found.members) >= {"edits", "speaks"}
    assert found.coverage == pytest.approx(4 / 6, abs=0.15)
    assert found.status == "draft"
    assert found.short_of == 0


def test_sizes_of_the_project_are_kept():
    small = chosen(loaded(projects=[project(size_min=1, size_max=1)]))
    assert small.members == ("edits",)
    whole = chosen(loaded(projects=[project(size_min=4, size_max=4)]))
    assert len(whole.members) == 4
    short = chosen(loaded(projects=[project(size_min=6, size_max=8)]))
    assert (len(short.members), short.short_of) == (4, 2)


def test_a_level_that_is_needed_counts():
    people = [person("beginner", ("short video editing", 1)), person("expert", EDITOR)]
    role = [{"text": "short video editing", "level": 4}]
    found = chosen(loaded(people, [project(roles=role, size_min=1, size_max=1)]))
    assert found.members == ("expert",)
    alone = chosen(loaded(people[:1], [project(roles=role, size_min=1, size_max=1)]))
    assert alone.roles[0].fit == pytest.approx(0.4)


def test_rules_hold_and_whoever_belongs_to_it_already_stays():
    people = [
        *PEOPLE,
        person("leads", ("chess", 1)),
        person("inside", ("chess", 2)),
        person("offline", EDITOR, modes=["in_person"]),
        person("refuses", EDITOR, boundaries=[{"kind": "person", "value": "film"}]),
    ]
    ties = [{"person_id": "inside", "other_id": "film", "kind": "membership"}]
    found = chosen(loaded(people, [project(led_by="leads")], ties))
    assert set(found.already) == {"leads", "inside"} == set(found.members[:2])
    assert not {"offline", "refuses"} & set(found.members)
    assert "edits" in found.members


def test_minors_take_no_part_and_unknown_adulthood_neither():
    people = [person("minor", EDITOR, adult=False), person("unknown", EDITOR, adult=None), PEOPLE[1], PEOPLE[2]]
    assert not {"minor", "unknown"} & set(chosen(loaded(people)).members)


def test_order_and_other_projects_change_nothing():
    found = chosen(loaded())
    assert chosen(loaded(PEOPLE[::-1], [project("other"), project()])) == found


def test_nothing_that_people_keep_to_themselves_is_told():
    people = [
        *PEOPLE,
        person("b", ("chess", 1), goals=[{"text": "canary goal"}], hopes_to_gain="canary hope", pronouns="canary"),
    ]
    assert "canary" not in chosen(loaded(people)).model_dump_json()


def test_a_project_without_roles_or_without_anybody_gives_an_answer():
    found = chosen(loaded(projects=[project(roles=[])]))
    assert (found.roles, found.uncovered) == ((), ())
    assert len(found.members) >= 2
    nobody = chosen(loaded([person("minor", EDITOR, adult=False)]))
    assert (nobody.members, len(nobody.uncovered), nobody.short_of) == ((), 3, 2)


def test_aims_can_be_changed():
    lonely = chosen(loaded(), aims=TeamAims(interest=0, imbalance=0, covered_from=1.0))
    assert set(lonely.members) == {"edits", "speaks"}


def test_what_is_not_there_is_refused():
    made = loaded()
    with pytest.raises(UnknownIdError, match="nothing"):
        chosen(made, "nothing")
    with pytest.raises(ConfigError, match="project"):
        team(made._scene("group"), "film")
