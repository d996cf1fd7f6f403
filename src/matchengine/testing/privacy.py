"""What every scorer and constraint must do so that nobody is outed: the privacy part of the kit (domain.md I4).

A component knows the inputs it names and nothing else; silence about oneself counts as no match and never against
anybody; sentences speak of nothing that is protected; what is quoted belongs to the one it is said to be of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import CodeType, FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import ItemPairs, JointSets, Quotes, Scored, Segments, read_only
from matchengine.components import Plural
from matchengine.i18n import parts
from matchengine.testing.bench import (
    PAIRS,
    TOLERANCE,
    Bench,
    Check,
    alike,
    check,
    demand,
    demand_equal,
    first,
)
from matchengine.testing.changes import blanked
from matchengine.testing.worlds import Inputs, World

__all__ = ["ALLOWED_READS", "CONSTRAINT_PRIVACY_CHECKS", "PROTECTED", "SCORER_PRIVACY_CHECKS"]

PROTECTED = frozenset({"age_band", "anchors", "attributes", "barriers", "must_share", "shared_wishes"})
"""Columns and pair features about what people confide; a core scorer reads none but the following."""
ALLOWED_READS: Mapping[str, frozenset[str]] = {
    "age_band": frozenset({"cross_generational"}),
    "barriers": frozenset({"low_threshold", "event_fit"}),
}
"""By column the core scorers in which the field IS the match (domain.md section 0, decision 1; C4, C5, C8 events)."""
_PUBLIC_OF_GATHERINGS = frozenset({"anchors"})
"""What people confide and a gathering says of itself in public: its silence is no confidence."""
PERSONAL = frozenset({"pair_do_not_rematch", "pair_must_not", "pair_must_share"})
"""What a rule may read only if its reason is never told."""
_OUTWARD = frozenset(
    {
        *("_getframe", "currentframe", "f_back", "f_locals", "f_globals", "tb_frame", "get_objects", "get_referrers"),
        *("__globals__", "__closure__", "__subclasses__", "__code__", "ctypes", "sys", "gc", "inspect", "base"),
        *("open", "environ", "getenv", "urlopen", "socket", "subprocess", "eval", "exec", "compile", "__import__"),
        *("import_module", "globals", "vars", "locals", "setattr", "delattr", "print"),
    }
)
"""Names by which a function leaves its arguments."""


# ---------------------------------------------------------------------- inputs and nothing else


@check
def check_code_stays_inside(bench: Bench) -> None:
    """The function and its helpers use no name that leads out of the arguments: no frames, files, network, printing."""
    for function in _functions(bench.spec.build):
        used = sorted(_OUTWARD & set(_names_in(function.__code__)))
        demand(
            not used, f"{function.__name__} uses {', '.join(used)}; a component reads its arguments and nothing else"
        )


def _functions(build: Any, seen: set[int] | None = None) -> Iterable[FunctionType]:
    """The function, and every function of the same package that it reaches by name."""
    seen = set() if seen is None else seen
    if not isinstance(build, FunctionType) or id(build) in seen:
        return
    seen.add(id(build))
    yield build
    package = build.__module__.partition(".")[0]
    cells = [cell.cell_contents for cell in build.__closure__ or ()]
    for found in [*cells, *(build.__globals__.get(name) for name in _names_in(build.__code__))]:
        outside = package == "matchengine" or getattr(found, "__module__", "").partition(".")[0] != "matchengine"
        if isinstance(found, FunctionType) and outside and found.__module__.partition(".")[0] == package:
            yield from _functions(found, seen)


def _names_in(code: CodeType) -> Iterable[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


@check
def check_sees_only_its_rows(bench: Bench) -> None:
    """An array that is a window on a larger one gives the same result as a copy: nothing is read beside it."""
    inputs = bench.inputs()
    windows = bench.arrays({name: _window(value) for name, value in inputs.items()})
    copies = bench.arrays({name: _copy(value) for name, value in inputs.items()})
    demand_equal(windows, copies, "inputs that are windows on larger arrays")


def _window(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return read_only(np.concatenate([value[::-1], value, value[::-1]])[len(value) : 2 * len(value)])


def _copy(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    copied = value.copy()
    copied.flags.writeable = False
    return copied


@check
def check_remembers_nobody(bench: Bench) -> None:
    """A result does not depend on who was scored before, and does not change when others are scored later."""
    inputs, others = bench.inputs(), _others(bench)
    before = bench.arrays(inputs)
    kept = {name: array.copy() for name, array in before.items()}
    bench.call(others)
    demand_equal(before, kept, "a result after others were scored")
    demand_equal(bench.arrays(inputs), kept, "the same pairs after others were scored")


def _others(bench: Bench) -> Inputs:
    """Inputs of other people; columns that a plugin brought itself stay."""
    world = World(bench.world.seed + 1_000, bench.world.rows, bench.world.missing, bench.world.own)
    return world.inputs(bench.spec.inputs, world.batch(PAIRS))


# ---------------------------------------------------------------------- protected fields


@check
def check_protected_reads(bench: Bench) -> None:
    """A core scorer reads nothing that people confide, except where the field is the match."""
    if bench.spec.role != "lift":
        read = [n for n in bench.spec.inputs if _field(n) in PROTECTED]
        wrong = [n for n in read if bench.spec.name not in ALLOWED_READS.get(_field(n), ())]
        demand(not wrong, f"it reads {', '.join(wrong)}; what people confide may only lift (role='lift')")


def _field(name: str) -> str:
    return name.partition("_")[2]


@check
def check_says_nothing_protected(bench: Bench) -> None:
    """What is said to a reader does not change with what the other side confided; a coordinator counts as outside."""
    inputs = bench.inputs(4 * PAIRS)
    told = bench.call(inputs).evidence
    for viewer, directions in bench.spec.says.items():
        names = {name for says in directions.values() for sentence in says for name in _evidence_of(sentence)}
        hidden = [n for n in inputs if _field(n) in PROTECTED and not n.startswith(f"{viewer}_")]
        changed = bench.call({**inputs, **{name: _redrawn(inputs[name]) for name in hidden}}).evidence
        for name in sorted(names & told.keys() & changed.keys()) if hidden else ():
            message = f"says to the {viewer} uses {name!r}, which tells of {', '.join(hidden)} of somebody else"
            demand(alike(_numbers(told[name]), _numbers(changed[name])), message)


def _redrawn(value: Any) -> Any:
    """The same confidences, but of other people."""
    if isinstance(value, JointSets):
        return replace(value, shared=read_only(~value.shared))
    order = np.random.default_rng(3).permutation(len(value))
    return read_only(value[order])


def _evidence_of(sentence: str | Plural) -> set[str]:
    template = sentence.many if isinstance(sentence, Plural) else sentence
    return {name.removesuffix("?") for _literal, name, _format, _conversion in parts(template) if name is not None}


def _numbers(evidence: Any) -> NDArray[Any]:
    return evidence.texts if isinstance(evidence, Quotes) else np.asarray(evidence)


# ---------------------------------------------------------------------- lifts: silence is no match


def _disclosing(bench: Bench, how: str) -> Inputs:
    """Inputs in which candidates say nothing of themselves, something that was not asked for, or more than before."""
    batch = bench.world.batch(PAIRS)
    world = bench.world.holding(how) if "pair_shared_wishes" in bench.spec.inputs else bench.world
    inputs = world.inputs(bench.spec.inputs, batch)
    for name in [n for n in inputs if n.startswith("candidate_") and _field(n) in PROTECTED - _PUBLIC_OF_GATHERINGS]:
        inputs[name] = _disclosed(inputs[name], inputs.get(f"requester_{_field(name)}"), how)
    return inputs


def _disclosed(value: NDArray[Any], asked: NDArray[Any] | None, how: str) -> NDArray[Any]:
    if value.dtype.kind == "f":
        return read_only(np.full_like(value, np.nan)) if how == "silent" else value
    ours = np.zeros_like(value) if asked is None else asked
    some = np.random.default_rng(4).integers(0, np.iinfo(value.dtype).max, value.shape, value.dtype, endpoint=True)
    found = {"silent": np.zeros_like(value), "other": some & ~ours, "more": value | (some & ours)}[how]
    return read_only(found.astype(value.dtype))


@check
def check_silence_is_mismatch(bench: Bench) -> None:
    """A lift treats who says nothing exactly as who says something that was not asked for."""
    if bench.spec.role == "lift":
        silent = np.nan_to_num(bench.arrays(_disclosing(bench, "silent"))["value"])
        other = np.nan_to_num(bench.arrays(_disclosing(bench, "other"))["value"])
        demand(alike(silent, other), f"silence is lifted by {first(silent)}, another answer by {first(other)}")


@check
def check_disclosure_never_lowers(bench: Bench) -> None:
    """A lift never falls when a candidate shares more of what was asked for."""
    if bench.spec.role == "lift":
        silent, more = (np.nan_to_num(bench.arrays(_disclosing(bench, how))["value"]) for how in ("silent", "more"))
        now = np.nan_to_num(bench.arrays(bench.inputs())["value"])
        worst = min((more - now).min(initial=0), (now - silent).min(initial=0))
        demand(worst >= -TOLERANCE, f"sharing more lowers the lift of somebody by {-worst:.4g}")


@check
def check_no_wish_no_lift(bench: Bench) -> None:
    """A lift does nothing for a requester who wishes for nothing."""
    if bench.spec.role == "lift":
        inputs = bench.inputs()
        asked = [n for n in inputs if n.startswith("requester_")]
        without = blanked(inputs, asked)
        for name, value in inputs.items():
            if isinstance(value, JointSets):
                asked.append(name)
                without[name] = replace(value, level=read_only(np.full_like(value.level, np.nan)))
        demand(asked, "a lift must read what the requester wishes for; it reads nothing of the requester")
        value = np.nan_to_num(bench.arrays(without)["value"])
        demand((value == 0).all(), f"a requester without any wish is shown people lifted by {first(value)}")


@check
def check_lift_says_nothing(bench: Bench) -> None:
    """A lift has no sentence and quotes nobody: what it reads is confided, and nothing of it may be seen."""
    if bench.spec.role == "lift":
        demand(not any(bench.spec.says.values()), "a lift has sentences in `says`; leave them out")
        quoted = sorted(n for n, e in bench.call(bench.inputs()).evidence.items() if isinstance(e, Quotes))
        demand(not quoted, f"a lift quotes texts ({', '.join(quoted)}); leave them out")


# ---------------------------------------------------------------------- evidence


@check
def check_quotes_are_honest(bench: Bench) -> None:
    """Every quote is one of the texts of that side and field that the scorer was given for that very pair."""
    inputs = bench.inputs(4 * PAIRS)
    given = [value for value in inputs.values() if isinstance(value, ItemPairs)]
    for name, quotes in bench.call(inputs).evidence.items():
        if isinstance(quotes, Quotes):
            demand(quotes.side in ("requester", "candidate"), f"evidence {name!r} quotes the side {quotes.side!r}")
            fields = {"requester": "left_field", "candidate": "right_field"}[quotes.side]
            sides = [
                i.left if quotes.side == "requester" else i.right for i in given if getattr(i, fields) == quotes.field
            ]
            demand(
                sides, f"evidence {name!r} quotes {quotes.field!r} of the {quotes.side}, which the scorer does not read"
            )
            pairs = np.flatnonzero(quotes.texts >= 0)
            foreign = [p for p in pairs.tolist() if not _has(sides, p, int(quotes.texts[p]))]
            demand(
                not foreign,
                f"evidence {name!r} quotes a text that is not of the {quotes.side}, for {len(foreign)} pairs",
            )


def _has(sides: Iterable[Segments], pair: int, text: int) -> bool:
    return any(((side.pair == pair) & (side.text == text)).any() for side in sides)


@check
def check_evidence_needs_inputs(bench: Bench) -> None:
    """Where every input is unknown there is nothing to tell: evidence is NaN, quotes are -1."""
    inputs = bench.inputs()
    if any(isinstance(value, ItemPairs | JointSets) or value.dtype.kind != "b" for value in inputs.values()):
        result = bench.call(blanked(inputs))
        for name, evidence in result.evidence.items() if isinstance(result, Scored) else ():
            array = _numbers(evidence)
            nothing = (array < 0).all() if isinstance(evidence, Quotes) else np.isnan(array).all()
            demand(
                nothing, f"with every input unknown evidence {name!r} is {first(array)}; expected NaN, or -1 for quotes"
            )


# ---------------------------------------------------------------------- constraints


@check
def check_personal_reasons_stay_untold(bench: Bench) -> None:
    """A rule that reads what one person decided about another, or confided, does not tell the other its reason."""
    spec = bench.spec
    read = sorted(PERSONAL & set(spec.inputs))
    demand(spec.personal or not read, f"it reads {', '.join(read)}, so its reason may not be told: set personal=True")
    for side, other in (("candidate", "requester"), ("requester", "candidate")):
        confided = [n for n in spec.inputs if n.startswith(f"{side}_") and _field(n) in PROTECTED]
        told = spec.personal or other not in spec.told_to
        demand(told or not confided, f"it reads {', '.join(confided)}, so leave {other!r} out of told_to")


_BOTH: tuple[Check, ...] = (check_code_stays_inside, check_sees_only_its_rows, check_remembers_nobody)
SCORER_PRIVACY_CHECKS: tuple[Check, ...] = (
    *_BOTH,
    check_protected_reads,
    check_says_nothing_protected,
    check_silence_is_mismatch,
    check_disclosure_never_lowers,
    check_no_wish_no_lift,
    check_lift_says_nothing,
    check_quotes_are_honest,
    check_evidence_needs_inputs,
)
"""The public suite that any scorer plugin must pass before a programme lets it near what people confide."""
CONSTRAINT_PRIVACY_CHECKS: tuple[Check, ...] = (*_BOTH, check_personal_reasons_stay_untold)
