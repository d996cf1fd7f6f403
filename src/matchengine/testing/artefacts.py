"""What an engine gives out with a component at work: no word of what people confided, to nobody, in nothing.

    from matchengine import Engine
    from matchengine.testing.artefacts import check_artefacts

    check_artefacts(spec, Engine)

The kit stands below the engine, so the caller hands the engine in.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from typing import Any, get_args

from matchengine.components import ComponentSpec, ConstraintSpec, ScorerSpec
from matchengine.config import EngineConfig, parse_config
from matchengine.errors import PluginError
from matchengine.records import ConsentGrant
from matchengine.records.vocabulary import Viewer
from matchengine.testing.bench import CheckFailedError
from matchengine.testing.privacy import ALLOWED_READS, PROTECTED

__all__ = ["CONFIDED", "EngineMaker", "check_artefacts", "sample_people"]

EngineMaker = Callable[..., Any]
"""`Engine` itself, or what takes a configuration and `plugins` and returns an engine."""
VIEWERS: tuple[Viewer, ...] = get_args(Viewer)
TOKENS = ("kestrel-4471", "plover-9082", "heron-3316")
"""What the people of the sample confide; no artefact may hold one of them."""
_SHARED: dict[str, Any] = {
    "attributes": [{"dimension": "heritage", "value": TOKENS[0]}, {"dimension": "faith", "value": TOKENS[1]}],
    "lived_experience": [TOKENS[2]],
    "wishes": [
        {"dimension": "heritage", "strength": "very_important"},
        {"dimension": "faith", "strength": "important"},
    ],
}
CONFIDED: Mapping[str, dict[str, Any]] = {
    "requester": _SHARED | {"age_band": "25-34", "barriers": [{"kind": "childcare", "strength": "blocking"}]},
    "candidate": _SHARED | {"age_band": "55-64", "barriers": [{"kind": "transport", "strength": "strong"}]},
}
"""What people of either side confide in the sample."""
_WORDS: Mapping[str, tuple[str, ...]] = {"requester": ("25-34", "childcare"), "candidate": ("55-64", "transport")}
"""Words that only one side confides; that side may read them."""
_HIDDEN: Mapping[Viewer, tuple[str, ...]] = {
    "requester": ("candidate",), "candidate": ("requester",), "coordinator": ("requester", "candidate"),
}  # fmt: skip
"""Whose confidences must leave no trace in what a reader gets."""
_HEAD = """
name = "artefacts"
[plugins]
enable = ["builtin", "lexical"]
[embedder]
use = "lexical"
cache = false
[run]
seed = 7
today = 2026-03-09
[match.sample]
requester = "mentee"
candidate = "{candidate}"
{constraints}
[match.sample.scorers.{first}]
use = "{first}"
"""
_PEOPLE, _ASKING, _EXPLAINED = 12, 2, 3
_BESIDE = {
    "mentor": "semantic_reciprocal",
    "group": "topic_cover",
    "event": "topic_cover",
    "resource": "topic_cover",
    "project": "topic_cover",
}
_GATHERING = {"group": "groups", "event": "events", "resource": "resources", "project": "projects"}


def check_artefacts(spec: ComponentSpec, engine: EngineMaker, settings: Mapping[str, Any] | None = None) -> None:
    """Run an engine in memory with a scorer or constraint, and look through everything it gives out.

    Suggestions to each reader, explanations of some pairs to each reader, retold suggestions, the check of the
    programme, the fingerprint, warnings, log lines, and what is printed. Two things are demanded: nobody reads a word
    of what somebody else confided, and no text that somebody reads changes when the others confide nothing (except
    where the field is the match, `ALLOWED_READS`, or a rule). For a lift no number may change either: it moves the
    order and nothing else.

    Parameters
    ----------
    engine : callable
        `matchengine.Engine`.

    Raises
    ------
    CheckFailedError
        Naming the artefact.
    PluginError
        Where the component is of another kind, or fits no kind of match.
    """
    if not isinstance(spec, ScorerSpec | ConstraintSpec):
        raise PluginError(f"{spec.name!r} is an {spec.kind}; artefacts are checked for scorers and constraints")
    candidate = _candidates_for(spec, engine, settings)
    told = _artefacts(spec, engine, settings, candidate, frozenset(CONFIDED))
    for (reader, name), text in told.items():
        for word in (*TOKENS, "heritage", "faith", *(w for side in _HIDDEN[reader] for w in _WORDS[side])):
            if word in text.lower():
                raise CheckFailedError(f"{name} holds a word of what somebody confided ({word!r})")
    numbers = isinstance(spec, ScorerSpec) and spec.role == "lift"
    for reader, hidden in _HIDDEN.items() if not _is_the_match(spec) else ():
        readers = VIEWERS if reader == "coordinator" else (reader,)  # a coordinator may read what all calls log
        silent = _artefacts(spec, engine, settings, candidate, frozenset(CONFIDED) - set(hidden), readers)
        for (whose, name), text in told.items():
            other = silent.get((whose, name), text)  # a constraint may rule others out
            if whose == reader and _texts(text, numbers_too=numbers) != _texts(other, numbers_too=numbers):
                raise CheckFailedError(f"{name} reads differently when others confide nothing")


def _is_the_match(spec: ComponentSpec) -> bool:
    """Whether a component may show that it knows what people confided: not what, but that it could speak."""
    read = {name.partition("_")[2] for name in spec.inputs} & PROTECTED
    if isinstance(spec, ScorerSpec):
        return spec.role == "core" and bool(read) and all(spec.name in ALLOWED_READS.get(n, ()) for n in read)
    return bool(read)


def sample_people(confiding: frozenset[str]) -> tuple[list[dict[str, Any]], list[ConsentGrant]]:
    """Return people for a kind of match, and their consents: alike in everything but what the given sides confide."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    people = []
    for number in range(_PEOPLE):
        giver = number >= _ASKING
        told: dict[str, Any] = {
            "id": f"p{number:02}",
            "roles": ["mentor"] if giver else ["mentee"],
            "adult": True,
            "vetting": {"status": "vetted"},
            "modes": ["video"],
            "languages": [{"tag": "en", "level": "C1"}],
            "experience": [{"band": "10-19" if giver else "2-4"}],
            "values": ["care", "learning"],
            "style": {"directive_questioning": number % 3, "task_relationship": 1, "structured_spontaneous": 0},
            "cadence": {"every": "biweekly", "minutes": 30 + 10 * (number % 4)},
            "interests": [{"text": ("hiking", "baking bread", "chess")[number % 3]}],
            "goals": [] if giver else [{"text": ("learn sql", "speak in public", "found a shop")[number % 3]}],
            "offers": [{"text": ("sql and data", "public speaking", "founding a shop")[number % 3], "level": 3}],
        }
        side = "candidate" if giver else "requester"
        people.append(told | CONFIDED[side] if side in confiding and (not giver or number % 2) else told)
    grants = [
        ConsentGrant(
            person_id=person["id"], field=field, purpose="match", text_version="1", language="en", granted_at=now
        )
        for person in people
        for field in CONFIDED["requester"]
        if field in person
    ]
    return people, grants


def _sample_gatherings(candidate: str) -> dict[str, list[dict[str, Any]]]:
    """Gatherings of the kind that is suggested."""
    common: dict[str, Any] = {"languages": [{"tag": "en", "level": "native"}], "modes": ["video"]}
    made: dict[str, dict[str, Any]] = {
        "group": common | {"kind": "peer_circle", "size_now": 4, "size_max": 12},
        "event": common | {"kind": "workshop"},
        "resource": {"type": "course"},
        "project": common | {"roles": [{"text": "public speaking"}, {"text": "data work"}]},
    }
    titles = ("learn sql", "speak in public", "found a shop", "hiking")
    return {
        _GATHERING[candidate]: [
            {"id": f"{candidate}{n}", "title": title.title(), "topics": [title], **made[candidate]}
            for n, title in enumerate(titles)
        ]
    }


class _Offers:
    """A plugin that offers one component."""

    __name__ = "checked-component"

    def __init__(self, spec: ComponentSpec) -> None:
        self.spec = spec

    def matchengine_components(self) -> list[ComponentSpec]:
        """Offer it."""
        return [self.spec]


def _config(spec: ComponentSpec, settings: Mapping[str, Any] | None, candidate: str) -> EngineConfig:
    given = spec.settings.model_validate(dict(settings or {})).model_dump(mode="json", exclude_none=True)
    text = _HEAD.format(candidate=candidate, first=_BESIDE[candidate], constraints="")
    config = parse_config(text).model_dump(by_alias=True, exclude_none=True)
    match = config["match"]["sample"]
    config["programme"]["must_share"] = ["heritage"] if "pair_must_share" in spec.inputs else []
    if isinstance(spec, ScorerSpec):
        match["scorers"]["checked"] = {"use": spec.name, "with": given}
    else:
        match["constraints"] = {"use": [spec.name], "with": {spec.name: given} if given else {}}
    return EngineConfig.model_validate(config)


def _engine(spec: ComponentSpec, engine: EngineMaker, settings: Mapping[str, Any] | None, candidate: str) -> Any:
    config = _config(spec, settings, candidate)
    own = engine(config.model_copy(update={"match": _plain(config)}), plugins=())
    known = {(one.kind, one.name): one for one in own.registry.specs(spec.kind)}
    plugins = () if known.get((spec.kind, spec.name)) is spec else (_Offers(spec),)
    return engine(config, plugins=plugins)


def _plain(config: EngineConfig) -> dict[str, Any]:
    """The kinds of match without the component, to learn what is built in."""
    kind = config.match["sample"]
    scorers = {name: choice for name, choice in kind.scorers.items() if name != "checked"}
    return {"sample": kind.model_copy(update={"scorers": scorers, "constraints": type(kind.constraints)()})}


def _candidates_for(spec: ComponentSpec, engine: EngineMaker, settings: Mapping[str, Any] | None) -> str:
    """The first kind of candidates whose tables offer what the component reads."""
    problems = []
    for candidate in _BESIDE:
        try:
            made = _engine(spec, engine, settings, candidate)
        except PluginError as error:
            problems.append(f"{candidate}: {error}")
            continue
        kind = made._kinds["sample"]
        if spec.name in [one.spec.name for one in (*kind.scorers, *kind.constraints)]:
            return candidate
    raise PluginError(f"{spec.name!r} fits no kind of match of the sample", problems)


def _artefacts(
    spec: ComponentSpec,
    engine: EngineMaker,
    settings: Mapping[str, Any] | None,
    candidate: str,
    confiding: frozenset[str],
    readers: Sequence[Viewer] = VIEWERS,
) -> dict[tuple[Viewer, str], str]:
    """Everything that comes out, by reader and what it is, as text; a coordinator may read what is told to nobody."""
    people, grants = sample_people(confiding)
    found: dict[tuple[Viewer, str], str] = {}
    with _overheard() as heard:
        made = _engine(spec, engine, settings, candidate)
        made.load(people=people, consents=grants, **(_sample_gatherings(candidate) if candidate in _GATHERING else {}))
        asking, offered, _places = made.members("sample")
        for viewer in readers:
            for who in asking[:_ASKING]:
                given = made.suggest(who, "sample", 30, viewer)
                for one in given:
                    found[viewer, f"suggestion of {one.candidate_id} to {who}, for the {viewer}"] = _dump(one)
                for n, one in enumerate(made.tell(given, viewer)):
                    found[viewer, f"retold suggestion {given[n].candidate_id} to {who}, for the {viewer}"] = _dump(one)
                for other in offered[:_EXPLAINED]:
                    told = made.explain(who, other, "sample", viewer)
                    found[viewer, f"explanation of {other} to {who}, for the {viewer}"] = _dump(told)
        found["coordinator", "the check"] = made.check("sample").model_dump_json()
        found["coordinator", "the fingerprint"] = made.fingerprint().model_dump_json()
    return found | {("coordinator", name): text for name, text in heard.items()}


def _dump(record: Any) -> str:
    """A record as text, without places, which a lift may change."""
    return str(record.model_dump_json(exclude={"rank", "place", "changes", "why_not"}))


@contextmanager
def _overheard() -> Iterator[dict[str, str]]:
    """Take note of what is printed, warned about and logged."""
    heard: dict[str, str] = {}
    out, err, log = StringIO(), StringIO(), StringIO()
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        heard |= {"standard output": out.getvalue(), "standard error": err.getvalue(), "log": log.getvalue()}
        heard["warnings"] = "\n".join(str(one.message) for one in warned)


def _texts(dumped: str, *, numbers_too: bool) -> Any:
    """The texts of a record, and its numbers where they count."""
    try:
        return sorted(_leaves(json.loads(dumped), numbers_too=numbers_too))
    except json.JSONDecodeError:
        return dumped


def _leaves(value: Any, *, numbers_too: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from (f"{key}: {leaf}" for leaf in _leaves(part, numbers_too=numbers_too))
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, numbers_too=numbers_too)
    elif isinstance(value, str) or numbers_too:
        yield str(value)
