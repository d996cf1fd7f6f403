"""The privacy part of the kit catches what it promises to catch, and what is decent passes (domain.md I4, B4, C2)."""

import sys

import numpy as np
import pytest

from matchengine.batch import Quotes, Scored, segment_max, segment_sum, segment_top
from matchengine.components import constraint, scorer, specs_in
from matchengine.testing import CONSTRAINT_CHECKS, SCORER_CHECKS, World, check_all
from matchengine.testing.privacy import ALLOWED_READS, CONSTRAINT_PRIVACY_CHECKS, PROTECTED, SCORER_PRIVACY_CHECKS


def years(candidate_experience_years):
    return candidate_experience_years / 25


@scorer("looks_around")
def looks_around(candidate_experience_years):
    everything = sys._getframe(1).f_locals
    return Scored(years(candidate_experience_years) * bool(everything))


def helper():
    return open("/dev/null", encoding="utf-8").read()


@scorer("helper_looks_around")
def helper_looks_around(candidate_experience_years):
    return Scored(years(candidate_experience_years) + len(helper()))


@scorer("prints")
def prints(candidate_experience_years):
    print(candidate_experience_years)  # noqa: T201
    return Scored(years(candidate_experience_years))


def closed_over():
    inner = helper

    @scorer("closure_looks_around")
    def closure_looks_around(candidate_experience_years):
        return Scored(years(candidate_experience_years) + len(inner()))

    return closure_looks_around


closure_looks_around = closed_over()


@scorer("reads_beside")
def reads_beside(candidate_experience_years):
    given = candidate_experience_years
    wide = np.lib.stride_tricks.as_strided(given, (2 * len(given),), given.strides, writeable=False)
    beside = np.nan_to_num(wide[len(given) :])
    return Scored(np.clip(years(given) / 2 + np.clip(beside, 0, 25) / 50, 0, 1))


@scorer("reads_the_base")
def reads_the_base(candidate_experience_years):
    given = candidate_experience_years
    whole = getattr(given, "".join(("ba", "se")))  # an attribute that no name gives away
    more = 0.5 if isinstance(whole, np.ndarray) and len(whole) > len(given) else 0.25
    return Scored(years(given) * more)


SEEN = [0.0]


@scorer("remembers_the_most")
def remembers_the_most(candidate_experience_years):
    SEEN[0] = max(SEEN[0], float(np.nanmax(candidate_experience_years, initial=0)))
    return Scored(candidate_experience_years / max(SEEN[0], 1))


BUFFER = np.zeros(10_000)


@scorer("reuses_its_result")
def reuses_its_result(candidate_experience_years):
    value = BUFFER[: len(candidate_experience_years)]
    value[:] = years(candidate_experience_years)
    return Scored(value)


@scorer("reads_attributes")
def reads_attributes(requester_attributes, candidate_attributes):
    shared = np.bitwise_count(requester_attributes & candidate_attributes).sum(axis=1)
    known = requester_attributes.any(axis=1) & candidate_attributes.any(axis=1)
    return Scored(np.where(known, np.minimum(shared / 4, 1), np.nan))


@scorer("reads_age")
def reads_age(requester_age_band, candidate_age_band):
    return Scored(np.exp(-np.abs(requester_age_band - candidate_age_band)))


@scorer("reads_wishes")
def reads_wishes(pair_shared_wishes):
    joint = pair_shared_wishes
    count = np.bincount(joint.of_case[joint.shared], minlength=len(joint.wished_holders))
    return Scored(np.where(np.isnan(joint.level), np.nan, np.minimum(count[joint.case] / 8, 1)))


@scorer("cross_generational", says={"for_requester": "they belong to age band {theirs:.0f}"})
def tells_the_age(requester_age_band, candidate_age_band):
    gap = np.abs(requester_age_band - candidate_age_band)
    return Scored(gap / 7, theirs=candidate_age_band + 0 * gap)


@scorer("low_threshold", says_to={"coordinator": {"for_requester": "they need help with childcare{childcare?}"}})
def tells_a_barrier(requester_barriers):
    blocked = requester_barriers[:, 3]
    return Scored(1 - blocked, childcare=np.where(blocked > 0, 1.0, np.nan))


def common(requester_attributes, candidate_attributes):
    return np.bitwise_count(requester_attributes & candidate_attributes).sum(axis=1)


@scorer("penalises_silence", role="lift")
def penalises_silence(requester_attributes, candidate_attributes):
    asked, told = requester_attributes.any(axis=1), candidate_attributes.any(axis=1)
    return Scored(np.where(asked & told, 0.1, 0.0) + 0.1 * (common(requester_attributes, candidate_attributes) > 0))


@scorer("only_exactly_one", role="lift")
def only_exactly_one(requester_attributes, candidate_attributes):
    return Scored(0.2 * (common(requester_attributes, candidate_attributes) == 1))


@scorer("the_rarer_the_less", role="lift")
def the_rarer_the_less(pair_shared_wishes):
    joint = pair_shared_wishes
    cases = len(joint.wished_holders)
    shared = np.bincount(joint.of_case[joint.shared], minlength=cases)
    value = np.where(shared > 0, 1 / np.maximum(shared, 1), 0)[joint.case]
    return Scored(np.where(np.isnan(joint.level), np.nan, 0.3 * value))


@scorer("lifts_the_unasked", role="lift")
def lifts_the_unasked(requester_attributes, candidate_attributes):
    asked = requester_attributes.any(axis=1)
    return Scored(np.where(asked, 0.1 * (common(requester_attributes, candidate_attributes) > 0), 0.05))


@scorer("ignores_the_wish", role="lift")
def ignores_the_wish(pair_shared_wishes):
    joint = pair_shared_wishes
    shared = np.bincount(joint.of_case[joint.shared], minlength=len(joint.wished_holders))
    return Scored(0.3 * np.minimum(shared / 8, 1)[joint.case])


@scorer("lifts_by_who_they_are", role="lift")
def lifts_by_who_they_are(candidate_attributes):
    return Scored(0.2 * candidate_attributes.any(axis=1))


@scorer("talks_about_the_lift", role="lift", says="you share {shared:.0f} things")
def talks_about_the_lift(requester_attributes, candidate_attributes):
    shared = common(requester_attributes, candidate_attributes)
    return Scored(np.minimum(shared, 4) / 20, shared=np.where(shared > 0, shared, np.nan))


@scorer("quotes_in_a_lift", role="lift")
def quotes_in_a_lift(requester_attributes, candidate_attributes, items_needs_offers):
    quotes = best_offer(items_needs_offers)
    return Scored(np.minimum(common(requester_attributes, candidate_attributes), 4) / 20, offer=quotes)


def best_offer(items, shift=0, side="candidate", field=None):
    top = segment_top(items.similarity, items.left)
    told = np.full(items.pairs, -1, np.int32)
    strong = items.similarity[top] >= 0.5
    told[items.left.pair[strong]] = items.right.text[items.right_of[top[strong]]] + shift
    return Quotes(side, field or items.right_field, told)


def met(items):
    best = segment_max(items.similarity, items.left)
    known = segment_sum(~np.isnan(best), items.left, items.pairs)
    return segment_sum(best, items.left, items.pairs) / np.where(known > 0, known, np.nan)


@scorer("decent_quotes", says="they offer {offer}")
def decent_quotes(items_needs_offers):
    return Scored(met(items_needs_offers), offer=best_offer(items_needs_offers))


@scorer("quotes_the_next_text")
def quotes_the_next_text(items_needs_offers):
    return Scored(met(items_needs_offers), offer=best_offer(items_needs_offers, shift=1))


@scorer("quotes_another_field")
def quotes_another_field(items_needs_offers):
    return Scored(met(items_needs_offers), offer=best_offer(items_needs_offers, field="aims"))


@scorer("quotes_the_wrong_side")
def quotes_the_wrong_side(items_needs_offers):
    return Scored(met(items_needs_offers), offer=best_offer(items_needs_offers, side="requester"))


@scorer("invents_evidence", says="they have {years:.0f} years of experience")
def invents_evidence(candidate_experience_years):
    return Scored(years(candidate_experience_years), years=np.full(len(candidate_experience_years), 12.0))


@constraint("tells_a_boundary", reason="one of them does not want the other")
def tells_a_boundary(pair_must_not):
    return ~pair_must_not


@constraint("tells_an_age", reason="the candidate is too old", fails_closed=True)
def tells_an_age(candidate_age_band):
    return candidate_age_band < 5


@constraint("watches_others", reason="no place is free")
def watches_others(pair_same):
    return ~pair_same & bool(sys.modules)


@scorer("decent_lift", role="lift")
def decent_lift(requester_attributes, candidate_attributes, *, strength: float = 0.2):
    asked = np.bitwise_count(requester_attributes).sum(axis=1)
    return Scored(strength * common(requester_attributes, candidate_attributes) / np.maximum(asked, 1))


@scorer("decent_joint_lift", role="lift")
def decent_joint_lift(pair_shared_wishes):
    joint = pair_shared_wishes
    shared = np.bincount(joint.of_case[joint.shared], minlength=len(joint.wished_holders))
    return Scored(np.where(np.isnan(joint.level), np.nan, 0.3 * np.minimum(shared / 8, 1)[joint.case]))


BAD = [
    (looks_around, "check_code_stays_inside"),
    (helper_looks_around, "check_code_stays_inside"),
    (closure_looks_around, "check_code_stays_inside"),
    (prints, "check_code_stays_inside"),
    (watches_others, "check_code_stays_inside"),
    (reads_beside, "check_sees_only_its_rows"),
    (reads_the_base, "check_sees_only_its_rows"),
    (remembers_the_most, "check_remembers_nobody"),
    (reuses_its_result, "check_remembers_nobody"),
    (reads_attributes, "check_protected_reads"),
    (reads_age, "check_protected_reads"),
    (reads_wishes, "check_protected_reads"),
    (tells_the_age, "check_says_nothing_protected"),
    (tells_a_barrier, "check_says_nothing_protected"),
    (penalises_silence, "check_silence_is_mismatch"),
    (only_exactly_one, "check_disclosure_never_lowers"),
    (the_rarer_the_less, "check_disclosure_never_lowers"),
    (lifts_the_unasked, "check_no_wish_no_lift"),
    (ignores_the_wish, "check_no_wish_no_lift"),
    (lifts_by_who_they_are, "check_no_wish_no_lift"),
    (talks_about_the_lift, "check_lift_says_nothing"),
    (quotes_in_a_lift, "check_lift_says_nothing"),
    (quotes_the_next_text, "check_quotes_are_honest"),
    (quotes_another_field, "check_quotes_are_honest"),
    (quotes_the_wrong_side, "check_quotes_are_honest"),
    (invents_evidence, "check_evidence_needs_inputs"),
    (tells_a_boundary, "check_personal_reasons_stay_untold"),
    (tells_an_age, "check_personal_reasons_stay_untold"),
]
ALONE = {  # bad components that nothing else in the kit would have caught
    "check_code_stays_inside": looks_around,
    "check_sees_only_its_rows": reads_the_base,
    "check_remembers_nobody": remembers_the_most,
    "check_protected_reads": reads_attributes,
    "check_says_nothing_protected": tells_the_age,
    "check_silence_is_mismatch": penalises_silence,
    "check_disclosure_never_lowers": only_exactly_one,
    "check_no_wish_no_lift": ignores_the_wish,
    "check_lift_says_nothing": quotes_in_a_lift,
    "check_quotes_are_honest": quotes_the_next_text,
    "check_evidence_needs_inputs": invents_evidence,
    "check_personal_reasons_stay_untold": tells_a_boundary,
}
PRIVACY = {check.__name__ for check in (*SCORER_PRIVACY_CHECKS, *CONSTRAINT_PRIVACY_CHECKS)}


def caught(thing, **options):
    SEEN[0] = 0.0
    (spec,) = specs_in(thing)
    return [failure.check for failure in check_all(spec, **options)]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("bad", "name"), BAD, ids=lambda x: getattr(x, "__name__", x))
def test_the_named_check_catches_a_bad_component(bad, name):
    assert name in caught(bad)


def test_every_privacy_check_has_a_bad_component():
    assert {name for _, name in BAD} == PRIVACY == set(ALONE)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ALONE)
def test_no_check_is_there_for_nothing(name):
    assert caught(ALONE[name]) == [name]


@pytest.mark.parametrize("fine", [decent_quotes, decent_lift, decent_joint_lift], ids=lambda f: f.__name__)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_decent_component_passes_every_check(fine, seed):
    assert caught(fine, world=World(seed=seed)) == []


def test_the_privacy_checks_are_part_of_the_kit():
    assert set(SCORER_PRIVACY_CHECKS) <= set(SCORER_CHECKS)
    assert set(CONSTRAINT_PRIVACY_CHECKS) <= set(CONSTRAINT_CHECKS)


def test_a_field_is_allowed_only_where_it_is_the_match():
    """Decision 1 of domain.md section 0: attributes and wishes never, for nobody."""
    assert set(ALLOWED_READS) <= PROTECTED
    assert not {"attributes", "shared_wishes", "must_share"} & set(ALLOWED_READS)
