"""Tables over everybody: usual supports, who may still be found, free places."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support import CONFIG, consent, engine, mentee
from tests.support import group as full_group

from matchengine.records.vocabulary import BARRIER_KINDS

COST, CHILDCARE = BARRIER_KINDS.index("cost"), BARRIER_KINDS.index("childcare")


def group(name: str, kind: str = "hobby", **more: object) -> dict[str, object]:
    return {"id": name, "title": name, "kind": kind, **more}


def test_usual_support_is_the_lower_quartile_of_the_kind_where_four_tell_it() -> None:
    made = engine()
    told = [0.2, 0.4, 0.6, 0.8]
    groups = [
        group(f"g{n}", supports=[{"kind": "childcare", "value": value, "source": "organiser"}])
        for n, value in enumerate(told)
    ]
    made.load([], groups=[*groups, group("silent"), group("other", kind="faith")])
    usual = made._pool.derived.usual_supports("groups")
    row_of = made._pool.tables["groups"].row_of
    assert usual[row_of["silent"], CHILDCARE] == pytest.approx(np.quantile(told, 0.25))
    assert usual[row_of["silent"], COST] == pytest.approx(0.2)
    assert usual[row_of["other"], CHILDCARE] == pytest.approx(0.2)


def test_supports_come_from_fields_and_what_is_stated_wins() -> None:
    made = engine()
    stated = [
        {"kind": "cost", "value": 0.5, "source": "organiser"},
        {"kind": "digital", "value": 1, "source": "unknown"},
    ]
    made.load([], groups=[group("a", cost="free", childcare=False), group("b", cost="high", supports=stated)])
    supports = made._pool.tables["groups"].column("supports")
    assert supports[0, COST] == 1
    assert supports[0, CHILDCARE] == 0
    assert supports[1, COST] == 0.5
    assert np.isnan(supports[1, BARRIER_KINDS.index("digital")])
    assert np.isnan(supports[1, CHILDCARE])


def test_who_is_at_their_cap_is_no_longer_found_by_what_they_declare() -> None:
    made = engine()
    wish = {"lived_experience": ["a", "b"], "wishes": [{"dimension": "a", "strength": "nice"}]}
    people = [{"id": f"m{n}", "roles": ["mentee"], **wish} for n in range(6)]
    people += [
        {
            "id": "giver",
            "roles": ["mentor"],
            "lived_experience": ["a"],
            "max_identity_matches": 2,
            "capacity": {"mentor": 9},
        }
    ]
    consents = [consent(p["id"], f) for p in people for f in ("lived_experience", "wishes")]
    ties = [{"person_id": f"m{n}", "other_id": "giver", "kind": "mentoring"} for n in range(3)]
    row = 6
    for open_matches, findable in ((0, True), (1, True), (2, False), (3, False)):
        made.load(people, relationships=ties[:open_matches], consents=consents)
        assert made._pool.derived.findable()[row] == findable
    ended = [{**tie, "status": "ended"} for tie in ties]
    made.load(people, relationships=ended, consents=consents)
    assert made._pool.derived.findable()[row]


def test_columns_of_both_sides_are_equally_wide() -> None:
    """Who shares no language with a group is refused, even where the tables know different numbers of languages."""
    made = engine(
        text=CONFIG.replace(
            'use = [\n  "mode_overlap", "language_floor"', 'use = [\n  "language_floor", "mode_overlap"'
        )
    )
    english, spanish = [{"tag": "en", "level": "C1"}], [{"tag": "es", "level": "native"}]
    made.load(
        [mentee("a", languages=english)], groups=[full_group("g", languages=[*spanish, {"tag": "de", "level": "B1"}])]
    )
    assert made.suggest("a", "group") == []
    assert made.excluded("a", "group") == {"language_floor": 1}
