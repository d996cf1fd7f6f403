"""What every scorer and constraint must do, as named checks that run one by one.

A check is called as `check_...(spec, settings=None, world=None)`; it returns nothing and raises `CheckFailedError` with
what it saw. `settings` are those to run the component with, `world` where its inputs come from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from matchengine.batch import ItemPairs, PairBatch, Quotes, Ruled, Scored
from matchengine.components import ComponentSpec, Plural, ScorerSpec
from matchengine.errors import MatchEngineError
from matchengine.i18n import fill, parts
from matchengine.testing.changes import blanked, raised, zeroed
from matchengine.testing.worlds import Inputs, World

__all__ = [
    "CONSTRAINT_CHECKS",
    "SCORER_CHECKS",
    "Check",
    "CheckFailedError",
    "CheckSkippedError",
    "render",
]

PAIRS = 120
"""Size of the batches that checks run on."""
TOLERANCE = 1e-6


class CheckFailedError(MatchEngineError, AssertionError):
    """A component breaks a promise; the message says which and where."""


class CheckSkippedError(MatchEngineError):
    """A check cannot run here, for example under a coverage tracer."""


class Check(Protocol):
    """A named check; `settings` and `world` have defaults."""

    __name__: str

    def __call__(
        self, spec: ComponentSpec, settings: Mapping[str, Any] | None = None, world: World | None = None
    ) -> None: ...


class _Bench:
    """A component with its settings and world, ready to run."""

    def __init__(self, spec: Any, given: Mapping[str, Any] | None, world: World | None) -> None:
        self.spec = spec
        self.world = world or World()
        try:
            self.chosen = spec.settings.model_validate(dict(given or {}))
        except ValidationError as error:
            raise CheckFailedError(f"{spec.name}: the settings cannot be used: {error}") from error

    def inputs(self, pairs: int = PAIRS) -> Inputs:
        return self.of(self.world.batch(pairs))

    def of(self, batch: PairBatch) -> Inputs:
        return self.world.inputs(self.spec.inputs, batch)

    def call(self, inputs: Inputs) -> Any:
        result = self.spec.build(*(inputs[name] for name in self.spec.inputs), **dict(self.chosen))
        return Scored(result) if isinstance(self.spec, ScorerSpec) and isinstance(result, np.ndarray) else result

    def arrays(self, inputs: Inputs) -> dict[str, NDArray[Any]]:
        """Everything a call returns, as arrays by name."""
        return _arrays(self.call(inputs))


def _arrays(result: Any) -> dict[str, NDArray[Any]]:
    if isinstance(result, Scored):
        found: dict[str, Any] = {"value": result.value, "confidence": result.confidence, **result.evidence}
    elif isinstance(result, Ruled):
        found = {"passes": result.passes, "known": result.known}
    else:
        found = {"passes": result}
    return {k: a.texts if isinstance(a, Quotes) else np.asarray(a) for k, a in found.items() if a is not None}


def _check(body: Callable[[_Bench], None]) -> Check:
    @wraps(body)
    def run(spec: ComponentSpec, settings: Mapping[str, Any] | None = None, world: World | None = None) -> None:
        body(_Bench(spec, settings, world))

    return run


def _demand(holds: object, message: str) -> None:
    if not holds:
        raise CheckFailedError(message)


def _alike(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape == other.shape and np.allclose(
        one.astype(float), other.astype(float), rtol=0, atol=TOLERANCE, equal_nan=True
    )


def _demand_equal(seen: Mapping[str, NDArray[Any]], wanted: Mapping[str, NDArray[Any]], promise: str) -> None:
    _demand(seen.keys() == wanted.keys(), f"{promise}: {sorted(seen)} came back instead of {sorted(wanted)}")
    for name, array in wanted.items():
        message = f"{promise}: {name} is {_first(seen[name])}, expected {_first(array)}"
        _demand(_alike(seen[name], array), message)


def _first(array: NDArray[Any]) -> str:
    return f"{np.array2string(array[:4], precision=4)} of shape {array.shape}"


@_check
def check_shape(bench: _Bench) -> None:
    """A scorer returns float (P,) or `Scored` of float arrays (P,), a constraint bool (P,) or `Ruled`."""
    result = bench.call(bench.inputs())
    if isinstance(bench.spec, ScorerSpec):
        _demand(isinstance(result, Scored), f"a scorer returns Scored, got {type(result).__name__}")
    for name, array in _arrays(result).items():
        _demand(array.shape == (PAIRS,), f"{name} has shape {array.shape} for {PAIRS} pairs; expected ({PAIRS},)")
        wanted = {"value": "f", "confidence": "f", "passes": "b", "known": "b"}.get(name, "fiub")
        _demand(array.dtype.kind in wanted, f"{name} is {array.dtype}, expected one of the kinds {wanted!r}")


@_check
def check_range(bench: _Bench) -> None:
    """Values are in [0, 1] or NaN and not NaN everywhere; confidences are in [0, 1]."""
    found = bench.arrays(bench.inputs(4 * PAIRS))
    for name in found.keys() & {"value", "confidence"}:
        known = found[name][~np.isnan(found[name])]
        _demand(len(known), f"{name} is NaN for every pair of a well-filled world")
        low, high = known.min(), known.max()
        inside = low >= -TOLERANCE and high <= 1 + TOLERANCE
        _demand(inside, f"{name} runs from {low:.4g} to {high:.4g}; expected [0, 1]")


@_check
def check_empty_batch(bench: _Bench) -> None:
    """No pairs give arrays of length 0, not an error."""
    for name, array in bench.arrays(bench.inputs(0)).items():
        _demand(array.shape == (0,), f"{name} has shape {array.shape} for no pairs; expected (0,)")


@_check
def check_subset_invariance(bench: _Bench) -> None:
    """A pair's result does not depend on the other pairs of the batch."""
    batch = bench.world.batch(PAIRS)
    whole = bench.arrays(bench.of(batch))
    for positions in (np.arange(0, PAIRS, 3), np.arange(5), np.array([PAIRS - 1])):
        part = {name: array[positions] for name, array in whole.items()}
        alone = bench.arrays(bench.of(batch.take(positions)))
        _demand_equal(alone, part, f"{len(positions)} of {PAIRS} pairs alone")


@_check
def check_order_invariance(bench: _Bench) -> None:
    """A pair's result does not depend on where it stands in the batch."""
    batch = bench.world.batch(PAIRS)
    order = np.random.default_rng(1).permutation(PAIRS)
    shuffled = {name: array[order] for name, array in bench.arrays(bench.of(batch)).items()}
    _demand_equal(bench.arrays(bench.of(batch.take(order))), shuffled, "the same pairs in another order")


@_check
def check_one_requester(bench: _Bench) -> None:
    """One requester with everybody, whose columns repeat one row without copying it, gives the same result."""
    candidates = np.arange(bench.world.rows, dtype=np.int32)
    copied = bench.of(PairBatch(np.full(len(candidates), 3, dtype=np.int32), candidates))
    repeated = bench.of(PairBatch.one_to_many(3, candidates))
    _demand_equal(bench.arrays(repeated), bench.arrays(copied), "requester columns of stride 0")


@_check
def check_determinism(bench: _Bench) -> None:
    """The same inputs give the same result, bit by bit."""
    inputs = bench.inputs()
    first, second = bench.arrays(inputs), bench.arrays(inputs)
    for name, array in first.items():
        _demand(_identical(array, second[name]), f"{name} differs between two calls with the same inputs")


def _identical(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


@_check
def check_inputs_not_written(bench: _Bench) -> None:
    """Inputs stay as they were; the engine hands out arrays that refuse writes."""
    inputs = bench.inputs()
    before = {name: array.copy() for name, array in _flat(inputs)}
    try:
        bench.call(inputs)
    except ValueError as error:
        if "read-only" in str(error):
            raise CheckFailedError(f"it writes to an input ({error}); copy it first") from error
        raise
    for name, array in _flat(inputs):
        _demand(_identical(array, before[name]), f"{name} was changed; copy an input before writing to it")


def _flat(inputs: Inputs) -> Iterable[tuple[str, NDArray[Any]]]:
    for name, value in inputs.items():
        if isinstance(value, ItemPairs):
            yield from ((f"{name}.{part}", getattr(value, part)) for part in ("phi", "lexical", "similarity"))
        else:
            yield name, value


@_check
def check_missing_abstains(bench: _Bench) -> None:
    """With every input unknown a scorer abstains: NaN, never 0."""
    inputs = bench.inputs()
    if any(isinstance(value, ItemPairs) or value.dtype.kind != "b" for value in inputs.values()):
        value = bench.arrays(blanked(inputs))["value"]
        _demand(np.isnan(value).all(), f"with every input unknown the value is {_first(value)}; expected NaN")


@_check
def check_missing_is_not_zero(bench: _Bench) -> None:
    """An input that is unknown is not treated as 0: for some pair the value differs, or the stated confidence does."""
    inputs = bench.inputs(8 * PAIRS)  # enough that the other inputs of some pair are unknown too
    actual = bench.arrays(inputs)["value"]
    for name, value in inputs.items():
        if isinstance(value, ItemPairs) or value.dtype.kind == "f":
            unknown, zero = bench.arrays(blanked(inputs, [name])), bench.arrays(zeroed(inputs, name))
            same = all(_alike(unknown[part], zero[part]) for part in zero.keys() & {"value", "confidence"})
            mistaken = same and not _alike(zero["value"], actual)
            _demand(not mistaken, f"{name}: unknown gives the same value and confidence as 0")


@_check
def check_evidence_renders(bench: _Bench) -> None:
    """Every sentence of `says` finds its evidence, and is said about some pair of a well-filled world."""
    result = bench.call(bench.inputs(4 * PAIRS))
    told = [(d, s) for says in bench.spec.says.values() for d, sentences in says.items() for s in sentences]
    for direction, template in told:
        sentence = template.many if isinstance(template, Plural) else template
        absent = sorted(_names(sentence) - set(result.evidence))
        _demand(not absent, f"says[{direction!r}] uses {absent}, which is not among the evidence")
        said = [text for p in range(len(result.value)) if (text := render(sentence, result, p)) is not None]
        _demand(said, f"says[{direction!r}] is never said: its evidence is always unknown")
        odd = [text for text in said if "nan" in text.split() or not text.strip()]
        _demand(not odd, f"says[{direction!r}] renders as {odd[:1]}")


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


@_check
def check_settings(bench: _Bench) -> None:
    """Settings survive a round trip through JSON; unknown ones are refused."""
    model, chosen = bench.spec.settings, bench.chosen
    try:
        again = model.model_validate_json(chosen.model_dump_json())
    except ValidationError as error:
        raise CheckFailedError(f"the settings cannot be read back from JSON: {error}") from error
    _demand(again == chosen, f"the settings come back from JSON as {again}, not {chosen}")
    try:
        model.model_validate({**dict(chosen), "no_such_setting": 1})
    except ValidationError:
        return
    raise CheckFailedError("an unknown setting is accepted; the decorators refuse it")


@_check
def check_monotone(bench: _Bench) -> None:
    """Raising an input never moves the value against the declared direction."""
    inputs = bench.inputs(4 * PAIRS)
    before = bench.arrays(inputs)["value"]
    random = np.random.default_rng(2)
    for name, direction in bench.spec.monotone.items():
        _demand(name in bench.spec.inputs, f"monotone names {name!r}, which is not an input")
        for _ in range(4):
            step = (bench.arrays(raised(inputs, name, random))["value"] - before) * direction
            worst = min(step[~np.isnan(step)], default=0)
            _demand(worst >= -TOLERANCE, f"raising {name} moved a value by {worst * direction:+.4g}")


@_check
def check_symmetric(bench: _Bench) -> None:
    """Where symmetry is declared, exchanging requester and candidate changes no value."""
    if bench.spec.symmetric:
        batch = bench.world.batch(PAIRS)
        there = bench.arrays(bench.of(batch))["value"]
        back = bench.arrays(bench.of(PairBatch(batch.candidate_rows, batch.requester_rows)))["value"]
        _demand(_alike(there, back), f"declared symmetric, but one way gives {_first(there)}, the other {_first(back)}")


@_check
def check_lift_is_neutral(bench: _Bench) -> None:
    """A lift is 0 or NaN for a candidate about whom nothing is disclosed."""
    if bench.spec.role == "lift":
        silent = [name for name in bench.spec.inputs if not name.startswith("requester_")]
        value = bench.arrays(blanked(bench.inputs(), silent))["value"]
        _demand((np.nan_to_num(value) == 0).all(), f"a candidate who discloses nothing is lifted by {_first(value)}")


@_check
def check_unknown_as_declared(bench: _Bench) -> None:
    """With every input unknown nobody is refused, unless the rule fails closed: then nobody passes."""
    spec = bench.spec
    found = bench.arrays(blanked(bench.inputs()))
    all_known = np.ones(PAIRS, np.bool_)
    known = found.get("known", all_known)
    _demand(spec.reason, "a constraint needs a `reason` sentence")
    if spec.fails_closed:
        admitted = int((found["passes"] & known).sum())
        _demand(admitted == 0, f"it fails closed, but {admitted} pairs about whom nothing is known pass")
        return
    refused = int((~found["passes"] & known).sum())
    _demand(refused == 0, f"{refused} pairs about whom nothing is known are refused; return Ruled with known=False")
    unclear = not (known.all() and bench.arrays(bench.inputs()).get("known", all_known).all())
    _demand(spec.confirm or not unclear, "it can be unknown, so it needs a `confirm` sentence")


@_check
def check_work_is_constant(bench: _Bench) -> None:
    """Python does the same work for 32 pairs as for 512: bytecodes executed agree within 25 %."""
    if sys.gettrace() is not None:
        raise CheckSkippedError("bytecodes cannot be counted while another tracer runs")
    few, many = bench.inputs(32), bench.inputs(512)
    bench.call(few)
    small, large = (min(_bytecodes(bench, inputs) for _ in range(3)) for inputs in (few, many))
    message = f"{small} bytecodes for 32 pairs, {large} for 512; compute on arrays, not pair by pair"
    _demand(large <= 1.25 * small, message)


def _bytecodes(bench: _Bench, inputs: Inputs) -> int:
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
)
CONSTRAINT_CHECKS: tuple[Check, ...] = (*_COMMON, check_unknown_as_declared)
