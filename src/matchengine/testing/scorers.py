"""What every scorer and constraint must do, as named checks that run one by one.

A check is called as `check_...(spec, settings=None, world=None)`; it returns nothing and raises `CheckFailedError` with
what it saw. `settings` are those to run the component with, `world` where its inputs come from.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from pydantic import ValidationError

from matchengine.batch import ItemPairs, JointSets, PairBatch, Quotes, Scored
from matchengine.components import Plural, ScorerSpec
from matchengine.i18n import fill, parts
from matchengine.testing.bench import (
    PAIRS,
    TOLERANCE,
    Bench,
    Check,
    CheckFailedError,
    CheckSkippedError,
    alike,
    arrays_of,
    check,
    demand,
    demand_equal,
    first,
    flat,
    identical,
)
from matchengine.testing.changes import blanked, raised, zeroed
from matchengine.testing.privacy import CONSTRAINT_PRIVACY_CHECKS, SCORER_PRIVACY_CHECKS
from matchengine.testing.worlds import Inputs

__all__ = [
    "CONSTRAINT_CHECKS",
    "SCORER_CHECKS",
    "Check",
    "CheckFailedError",
    "CheckSkippedError",
    "render",
]


@check
def check_shape(bench: Bench) -> None:
    """A scorer returns float (P,) or `Scored` of float arrays (P,), a constraint bool (P,) or `Ruled`."""
    result = bench.call(bench.inputs())
    if isinstance(bench.spec, ScorerSpec):
        demand(isinstance(result, Scored), f"a scorer returns Scored, got {type(result).__name__}")
    for name, array in arrays_of(result).items():
        demand(array.shape == (PAIRS,), f"{name} has shape {array.shape} for {PAIRS} pairs; expected ({PAIRS},)")
        wanted = {"value": "f", "confidence": "f", "passes": "b", "known": "b"}.get(name, "fiub")
        demand(array.dtype.kind in wanted, f"{name} is {array.dtype}, expected one of the kinds {wanted!r}")


@check
def check_range(bench: Bench) -> None:
    """Values are in [0, 1] or NaN and not NaN everywhere; confidences are in [0, 1]."""
    found = bench.arrays(bench.inputs(4 * PAIRS))
    for name in found.keys() & {"value", "confidence"}:
        known = found[name][~np.isnan(found[name])]
        demand(len(known), f"{name} is NaN for every pair of a well-filled world")
        low, high = known.min(), known.max()
        inside = low >= -TOLERANCE and high <= 1 + TOLERANCE
        demand(inside, f"{name} runs from {low:.4g} to {high:.4g}; expected [0, 1]")


@check
def check_empty_batch(bench: Bench) -> None:
    """No pairs give arrays of length 0, not an error."""
    for name, array in bench.arrays(bench.inputs(0)).items():
        demand(array.shape == (0,), f"{name} has shape {array.shape} for no pairs; expected (0,)")


@check
def check_subset_invariance(bench: Bench) -> None:
    """A pair's result does not depend on the other pairs of the batch."""
    batch = bench.world.batch(PAIRS)
    whole = bench.arrays(bench.of(batch))
    for positions in (np.arange(0, PAIRS, 3), np.arange(5), np.array([PAIRS - 1])):
        part = {name: array[positions] for name, array in whole.items()}
        alone = bench.arrays(bench.of(batch.take(positions)))
        demand_equal(alone, part, f"{len(positions)} of {PAIRS} pairs alone")


@check
def check_order_invariance(bench: Bench) -> None:
    """A pair's result does not depend on where it stands in the batch."""
    batch = bench.world.batch(PAIRS)
    order = np.random.default_rng(1).permutation(PAIRS)
    shuffled = {name: array[order] for name, array in bench.arrays(bench.of(batch)).items()}
    demand_equal(bench.arrays(bench.of(batch.take(order))), shuffled, "the same pairs in another order")


@check
def check_one_requester(bench: Bench) -> None:
    """One requester with everybody, whose columns repeat one row without copying it, gives the same result."""
    candidates = np.arange(bench.world.rows, dtype=np.int32)
    copied = bench.of(PairBatch(np.full(len(candidates), 3, dtype=np.int32), candidates))
    repeated = bench.of(PairBatch.one_to_many(3, candidates))
    demand_equal(bench.arrays(repeated), bench.arrays(copied), "requester columns of stride 0")


@check
def check_determinism(bench: Bench) -> None:
    """The same inputs give the same result, bit by bit."""
    inputs = bench.inputs()
    first, second = bench.arrays(inputs), bench.arrays(inputs)
    for name, array in first.items():
        demand(identical(array, second[name]), f"{name} differs between two calls with the same inputs")


@check
def check_inputs_not_written(bench: Bench) -> None:
    """Inputs stay as they were; the engine hands out arrays that refuse writes."""
    inputs = bench.inputs()
    before = {name: array.copy() for name, array in flat(inputs)}
    try:
        bench.call(inputs)
    except ValueError as error:
        if "read-only" in str(error):
            raise CheckFailedError(f"it writes to an input ({error}); copy it first") from error
        raise
    for name, array in flat(inputs):
        demand(identical(array, before[name]), f"{name} was changed; copy an input before writing to it")


@check
def check_missing_abstains(bench: Bench) -> None:
    """With every input unknown a scorer abstains: NaN, never 0. For a lift 0 is the same: it adds nothing."""
    inputs = bench.inputs()
    if any(isinstance(value, ItemPairs | JointSets) or value.dtype.kind != "b" for value in inputs.values()):
        value = bench.arrays(blanked(inputs))["value"]
        silent = np.isnan(value) | ((value == 0) & (bench.spec.role == "lift"))
        demand(silent.all(), f"with every input unknown the value is {first(value)}; expected NaN")


@check
def check_missing_is_not_zero(bench: Bench) -> None:
    """An input that is unknown is not treated as 0: for some pair the value differs, or the stated confidence does."""
    inputs = bench.inputs(8 * PAIRS)  # enough that the other inputs of some pair are unknown too
    actual = bench.arrays(inputs)["value"]
    for name, value in inputs.items():
        if isinstance(value, JointSets):
            continue  # who wishes for nothing is known to wish for nothing
        if isinstance(value, ItemPairs) or value.dtype.kind == "f":
            unknown, zero = bench.arrays(blanked(inputs, [name])), bench.arrays(zeroed(inputs, name))
            same = all(alike(unknown[part], zero[part]) for part in zero.keys() & {"value", "confidence"})
            mistaken = same and not alike(zero["value"], actual)
            demand(not mistaken, f"{name}: unknown gives the same value and confidence as 0")


@check
def check_evidence_renders(bench: Bench) -> None:
    """Every sentence of `says` finds its evidence, and is said about some pair of a well-filled world."""
    result = bench.call(bench.inputs(4 * PAIRS))
    told = [(d, s) for says in bench.spec.says.values() for d, sentences in says.items() for s in sentences]
    for direction, template in told:
        sentence = template.many if isinstance(template, Plural) else template
        absent = sorted(_names(sentence) - set(result.evidence))
        demand(not absent, f"says[{direction!r}] uses {absent}, which is not among the evidence")
        said = [text for p in range(len(result.value)) if (text := render(sentence, result, p)) is not None]
        demand(said, f"says[{direction!r}] is never said: its evidence is always unknown")
        odd = [text for text in said if "nan" in text.split() or not text.strip()]
        demand(not odd, f"says[{direction!r}] renders as {odd[:1]}")


def _names(sentence: str) -> set[str]:
    return {name.removesuffix("?") for _literal, name, _format, _conversion in parts(sentence) if name is not None}


def render(sentence: str, result: Scored, position: int) -> str | None:
    """Return a sentence about one pair, quotes shown by their text number; None where its evidence is unknown."""
    facts: dict[str, Any] = {}
    for name in _names(sentence):
        evidence = result.evidence[name]
        fact = evidence.texts[position] if isinstance(evidence, Quotes) else evidence[position]
        if np.isnan(fact) or (isinstance(evidence, Quotes) and fact < 0):
            return None
        facts[name] = f"{evidence.field} {fact}" if isinstance(evidence, Quotes) else fact
    return fill(sentence, facts | {f"{name}?": "" for name in facts})


@check
def check_settings(bench: Bench) -> None:
    """Settings survive a round trip through JSON; unknown ones are refused."""
    model, chosen = bench.spec.settings, bench.chosen
    try:
        again = model.model_validate_json(chosen.model_dump_json())
    except ValidationError as error:
        raise CheckFailedError(f"the settings cannot be read back from JSON: {error}") from error
    demand(again == chosen, f"the settings come back from JSON as {again}, not {chosen}")
    try:
        model.model_validate({**dict(chosen), "no_such_setting": 1})
    except ValidationError:
        return
    raise CheckFailedError("an unknown setting is accepted; the decorators refuse it")


@check
def check_monotone(bench: Bench) -> None:
    """Raising an input never moves the value against the declared direction."""
    inputs = bench.inputs(4 * PAIRS)
    before = bench.arrays(inputs)["value"]
    random = np.random.default_rng(2)
    for name, direction in bench.spec.monotone.items():
        demand(name in bench.spec.inputs, f"monotone names {name!r}, which is not an input")
        for _ in range(4):
            step = (bench.arrays(raised(inputs, name, random))["value"] - before) * direction
            worst = min(step[~np.isnan(step)], default=0)
            demand(worst >= -TOLERANCE, f"raising {name} moved a value by {worst * direction:+.4g}")


@check
def check_symmetric(bench: Bench) -> None:
    """Where symmetry is declared, exchanging requester and candidate changes no value."""
    if bench.spec.symmetric:
        batch = bench.world.batch(PAIRS)
        there = bench.arrays(bench.of(batch))["value"]
        back = bench.arrays(bench.of(PairBatch(batch.candidate_rows, batch.requester_rows)))["value"]
        demand(alike(there, back), f"declared symmetric, but one way gives {first(there)}, the other {first(back)}")


@check
def check_lift_is_neutral(bench: Bench) -> None:
    """A lift is 0 or NaN for a candidate about whom nothing is disclosed."""
    if bench.spec.role == "lift":
        silent = [name for name in bench.spec.inputs if not name.startswith("requester_")]
        value = bench.arrays(blanked(bench.inputs(), silent))["value"]
        demand((np.nan_to_num(value) == 0).all(), f"a candidate who discloses nothing is lifted by {first(value)}")


@check
def check_unknown_as_declared(bench: Bench) -> None:
    """With every input unknown nobody is refused, unless the rule fails closed: then nobody passes."""
    spec = bench.spec
    found = bench.arrays(blanked(bench.inputs()))
    all_known = np.ones(PAIRS, np.bool_)
    known = found.get("known", all_known)
    demand(spec.reason, "a constraint needs a `reason` sentence")
    if spec.fails_closed:
        admitted = int((found["passes"] & known).sum())
        demand(admitted == 0, f"it fails closed, but {admitted} pairs about whom nothing is known pass")
        return
    refused = int((~found["passes"] & known).sum())
    demand(refused == 0, f"{refused} pairs about whom nothing is known are refused; return Ruled with known=False")
    unclear = not (known.all() and bench.arrays(bench.inputs()).get("known", all_known).all())
    demand(spec.confirm or not unclear, "it can be unknown, so it needs a `confirm` sentence")


@check
def check_work_is_constant(bench: Bench) -> None:
    """Python does the same work for 32 pairs as for 512: bytecodes executed agree within 25 %."""
    if sys.gettrace() is not None:
        raise CheckSkippedError("bytecodes cannot be counted while another tracer runs")
    few, many = bench.inputs(32), bench.inputs(512)
    bench.call(few)
    small, large = (min(_bytecodes(bench, inputs) for _ in range(3)) for inputs in (few, many))
    message = f"{small} bytecodes for 32 pairs, {large} for 512; compute on arrays, not pair by pair"
    demand(large <= 1.25 * small, message)


def _bytecodes(bench: Bench, inputs: Inputs) -> int:
    """Count bytecodes of one call; a garbage collection may add some of its own, hence the least of three above."""
    count = 0

    def trace(frame: Any, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    sys.settrace(trace)
    try:
        bench.call(inputs)
    finally:
        sys.settrace(None)
    return count


_COMMON = (
    check_shape,
    check_empty_batch,
    check_subset_invariance,
    check_order_invariance,
    check_one_requester,
    check_determinism,
    check_inputs_not_written,
    check_settings,
    check_work_is_constant,
)
SCORER_CHECKS: tuple[Check, ...] = (
    *_COMMON,
    check_range,
    check_missing_abstains,
    check_missing_is_not_zero,
    check_evidence_renders,
    check_monotone,
    check_symmetric,
    check_lift_is_neutral,
    *SCORER_PRIVACY_CHECKS,
)
CONSTRAINT_CHECKS: tuple[Check, ...] = (*_COMMON, check_unknown_as_declared, *CONSTRAINT_PRIVACY_CHECKS)
