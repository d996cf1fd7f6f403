"""What a plugin offers: scorers, constraints, embedders and indexes, each described by a spec.

A scorer or constraint is one vectorised function. Its positional arguments name its inputs, its keyword-only
arguments are its settings (architecture.md section 4).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, get_args, get_type_hints, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, create_model

from matchengine.batch import FloatArray, IntArray
from matchengine.errors import PluginError
from matchengine.i18n import Plural
from matchengine.records.vocabulary import Viewer

__all__ = [
    "AssignerSpec",
    "ComponentSpec",
    "ConstraintSpec",
    "Embedded",
    "Embedder",
    "Hits",
    "Plural",
    "ScorerSpec",
    "VectorIndex",
    "assigner",
    "constraint",
    "describe_factory",
    "embedder",
    "mark",
    "scorer",
    "specs_in",
    "vector_index",
]

Kind = Literal["scorer", "constraint", "embedder", "index", "assigner", "metric", "strategy"]
ScorerRole = Literal["core", "lift", "history"]
Template = str | Plural
Sentence = Template | tuple[Template, ...]
"""A sentence with places for evidence, or several of which the first that can be said is."""
Says = Sentence | Mapping[str, Sentence]
VIEWERS: tuple[Viewer, ...] = get_args(Viewer)
DIRECTIONS = ("for_requester", "for_candidate", "both")
_INPUT = re.compile(r"^(requester|candidate|pair)_[a-z0-9_]+$|^items_[a-z0-9]+_[a-z0-9]+$")
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")


class Settings(BaseModel):
    """Base of every component's settings: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False)


@dataclass(frozen=True)
class ComponentSpec:
    """One named component that a plugin offers.

    Attributes
    ----------
    kind, name : str
        A name is unique within its kind.
    build : callable
        The function itself (scorer, constraint) or what makes the object from its settings (embedder, index).
    settings : type of Settings
        Strict model of the settings; unknown ones are refused.
    inputs : tuple of str
        What the function reads; empty for embedders and indexes.
    """

    kind: Kind
    name: str
    build: Callable[..., Any]
    settings: type[Settings]
    inputs: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class ScorerSpec(ComponentSpec):
    """A scorer: `role` core (weighted), lift (bonus only) or history, default `block`, sentences, declared properties.

    A scorer of the role `history` is weighted like a core scorer, but speaks of what most people do not have yet: where
    it abstains, score and confidence are what they would be without it. One without sentences is told to nobody.
    `title` names in words what it compares. `says` holds the sentences for each viewer by direction: `for_requester`
    tells what the requester gains, `for_candidate` what the candidate gains, `both` what they share.
    """

    role: ScorerRole = "core"
    block: str = "need"
    title: str = ""
    says: Mapping[Viewer, Mapping[str, tuple[Template, ...]]] = field(default_factory=dict)
    symmetric: bool = False
    monotone: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ConstraintSpec(ComponentSpec):
    """A constraint: a veto with a reason code (its name).

    `confirm` is what people are asked to check where the data do not tell. `fails_closed` turns unknown into
    a veto. `always_on` constraints need no line in a configuration. `personal` reasons are never told.
    `told_to` are the viewers who may read reason and confirmation; others read "not available". `remedy` says what
    would help; `looser` gives, for a setting, values from strict to loose.
    """

    reason: str = ""
    confirm: str = ""
    remedy: str = ""
    told_to: tuple[Viewer, ...] = VIEWERS
    looser: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    fails_closed: bool = False
    always_on: bool = False
    personal: bool = False


@dataclass(frozen=True)
class AssignerSpec(ComponentSpec):
    """A way to decide for everybody at once: a function of one `AssignmentProblem`, settings keyword-only.

    `title` names it and `guarantee` says what holds for its result, in words; a `baseline` is for comparisons alone.
    """

    title: str = ""
    guarantee: str = ""
    baseline: bool = False


class Embedded(NamedTuple):
    """Vectors of texts: float32 (T, d) with unit rows, and bool (T,) telling which texts were cut."""

    vectors: NDArray[np.float32]
    truncated: NDArray[np.bool_]


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors.

    `fingerprint` identifies weights, tokenizer, pooling and normalisation; `languages` are the primary language
    subtags it was trained for, None meaning any.
    """

    @property
    def fingerprint(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def languages(self) -> frozenset[str] | None: ...
    def encode(self, texts: Sequence[str]) -> Embedded:
        """Embed texts in the given order; deterministic within 1e-5 whatever the batch."""
        ...


class Hits(NamedTuple):
    """Search results, flat: for each query in turn its hits, best first, ties by id. Never a sentinel, never NaN.

    `query` int64 (H,) position of the query; `ids` int64 (H,); `scores` float32 (H,) inner products.
    """

    query: NDArray[np.int64]
    ids: NDArray[np.int64]
    scores: NDArray[np.float32]


@runtime_checkable
class VectorIndex(Protocol):
    """Unit vectors under 64-bit ids, searched by inner product."""

    def add(self, ids: IntArray, vectors: FloatArray) -> None:
        """Store vectors (n, d), finite and of unit length, under new ids (n,); an id already present is refused."""
        ...

    def remove(self, ids: IntArray) -> None:
        """Forget ids; an unknown id is refused."""
        ...

    def search(self, queries: FloatArray, k: int, allowed: IntArray | None = None) -> Hits:
        """Best min(k, available) ids for each query (q, d), among `allowed` ids where given."""
        ...

    def vectors(self, ids: IntArray) -> FloatArray:
        """Return the vectors (n, d) stored under ids (n,)."""
        ...

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything needed to build an equal index: arrays by name, among them `ids` and `vectors`."""
        ...


F = TypeVar("F", bound=Callable[..., Any])
_SPEC = "__matchengine_spec__"


def scorer(
    name: str,
    *,
    role: ScorerRole = "core",
    block: str = "need",
    title: str = "",
    says: Says = "",
    says_to: Mapping[Viewer, Says] | None = None,
    symmetric: bool = False,
    monotone: Mapping[str, int] | None = None,
) -> Callable[[F], F]:
    """Declare a vectorised function as a scorer; see architecture.md section 4 and docs/scorers.md.

    Parameters
    ----------
    title
        What the scorer compares, in words; its name where empty.
    says
        One sentence for every viewer, or sentences by direction addressed to the requester.
    says_to
        Sentences addressed to other viewers: `candidate`, `coordinator`.

    Raises
    ------
    PluginError
        Where the name, an argument or a sentence is not one the engine can serve.
    """
    told: dict[Viewer, Mapping[str, tuple[Template, ...]]] = {}
    told |= {"requester": _by_direction(name, says)} if isinstance(says, Mapping) else {}
    if says and not isinstance(says, Mapping):
        told |= {viewer: _by_direction(name, says) for viewer in VIEWERS}
    for viewer, sentences in (says_to or {}).items():
        if viewer not in VIEWERS:
            raise PluginError(f"scorer {name!r}: says_to has an unknown viewer {viewer!r}; known: {', '.join(VIEWERS)}")
        told[viewer] = _by_direction(name, sentences)

    def decorate(function: F) -> F:
        spec = ScorerSpec(
            **_describe("scorer", name, function),
            role=role,
            block=block,
            title=title or name.replace("_", " "),
            says=told,
            symmetric=symmetric,
            monotone=dict(monotone or {}),
        )
        return mark(function, spec)

    return decorate


def _by_direction(name: str, says: Says) -> dict[str, tuple[Template, ...]]:
    sentences = dict(says) if isinstance(says, Mapping) else {"both": says}
    unknown = set(sentences) - set(DIRECTIONS)
    if unknown:
        raise PluginError(f"scorer {name!r}: says has unknown directions {sorted(unknown)}")
    return {where: told if isinstance(told, tuple) else (told,) for where, told in sentences.items()}


def constraint(
    name: str,
    *,
    reason: str,
    confirm: str = "",
    remedy: str = "",
    told_to: Sequence[Viewer] = VIEWERS,
    looser: Mapping[str, Sequence[Any]] | None = None,
    fails_closed: bool = False,
    always_on: bool = False,
    personal: bool = False,
) -> Callable[[F], F]:
    """Declare a vectorised function as a constraint. It returns bool (P,) or `Ruled`."""

    def decorate(function: F) -> F:
        described = _describe("constraint", name, function)
        unknown = sorted(set(looser or {}) - set(described["settings"].model_fields))
        if unknown:
            raise PluginError(f"constraint {name!r}: looser names {unknown}, which are no settings of the function")
        spec = ConstraintSpec(
            **described,
            reason=reason,
            confirm=confirm,
            remedy=remedy,
            told_to=tuple(told_to),
            looser={setting: tuple(values) for setting, values in (looser or {}).items()},
            fails_closed=fails_closed,
            always_on=always_on,
            personal=personal,
        )
        return mark(function, spec)

    return decorate


def embedder(name: str) -> Callable[[F], F]:
    """Declare a class or function with keyword-only settings as what makes an `Embedder`."""
    return _factory("embedder", name)


def vector_index(name: str) -> Callable[[F], F]:
    """Declare a factory of a `VectorIndex`: called with `dimension`, its settings and an optional `state`."""
    return _factory("index", name)


def assigner(name: str, *, title: str, guarantee: str, baseline: bool = False) -> Callable[[F], F]:
    """Declare a function of one `AssignmentProblem` that returns an `Assignment`.

    Its keyword-only arguments are settings. It raises `InfeasibleError` where nothing meets every demand.
    """

    def decorate(function: F) -> F:
        described = describe_factory("assigner", name, function)
        return mark(function, AssignerSpec(**described, title=title, guarantee=guarantee, baseline=baseline))

    return decorate


def describe_factory(kind: Kind, name: str, target: Callable[..., Any]) -> dict[str, Any]:
    """Return the attributes every spec of a function without named inputs has; PluginError for a bad name."""
    return {
        "kind": kind,
        "name": _checked_name(kind, name),
        "build": target,
        "settings": _settings_of(name, target),
        "summary": _first_line(target),
    }


def mark(target: F, spec: ComponentSpec) -> F:
    """Let `specs_in` find a spec at what was decorated."""
    setattr(target, _SPEC, spec)
    return target


def _factory(kind: Kind, name: str) -> Callable[[F], F]:
    def decorate(target: F) -> F:
        return mark(target, ComponentSpec(**describe_factory(kind, name, target)))

    return decorate


def specs_in(*modules_or_objects: object) -> Iterable[ComponentSpec]:
    """Yield the spec of every decorated object, or of every decorated object defined in a module."""
    for thing in modules_or_objects:
        if inspect.ismodule(thing):
            members = [o for o in vars(thing).values() if getattr(o, "__module__", None) == thing.__name__]
            yield from (vars(o)[_SPEC] for o in members if _SPEC in getattr(o, "__dict__", {}))
        else:
            spec = getattr(thing, _SPEC, None)
            if spec is None:
                raise PluginError(
                    f"{thing!r} is not decorated with @scorer, @constraint, @embedder, @vector_index, @assigner, "
                    "@metric or @strategy"
                )
            yield spec


def _describe(kind: Kind, name: str, function: Callable[..., Any]) -> dict[str, Any]:
    inputs = tuple(
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    )
    for argument in inputs:
        if not _INPUT.match(argument):
            raise PluginError(
                f"{kind} {name!r}: argument {argument!r} is not an input; expected requester_<field>, "
                "candidate_<field>, pair_<name> or items_<field>_<field>; put settings after a '*'"
            )
    return {
        "kind": kind,
        "name": _checked_name(kind, name),
        "build": function,
        "settings": _settings_of(name, function),
        "inputs": inputs,
        "summary": _first_line(function),
    }


def _checked_name(kind: str, name: str) -> str:
    if not _NAME.match(name):
        raise PluginError(f"{kind} name {name!r} must be 1 to 64 of a-z, 0-9, '_' and '-'")
    return name


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _settings_of(name: str, target: Callable[..., Any]) -> type[Settings]:
    """Turn the keyword-only arguments of a function or constructor into a strict model."""
    constructor = target.__init__ if inspect.isclass(target) else target
    hints = get_type_hints(constructor, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(target).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.name not in {"dimension", "state"}:
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[parameter.name] = (hints.get(parameter.name, Any), default)
    return create_model(f"{name}_settings", __base__=Settings, **fields)
