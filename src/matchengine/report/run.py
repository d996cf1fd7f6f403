"""Draw up a run: suggestions for everybody, the words for either side, and who is left without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from matchengine.contrast.pair import hardly_meet
from matchengine.engine import Engine
from matchengine.i18n import language
from matchengine.plan_config import ExposureMethod
from matchengine.records import Draft, Run, Stuck, Suggestion
from matchengine.records.exposure import ExposureReport
from matchengine.records.vocabulary import Viewer

__all__ = ["make_run"]

_SIDES: tuple[Viewer, ...] = ("requester", "candidate")


def make_run(
    engine: Engine,
    kind: str,
    k: int = 5,
    requester_ids: Sequence[str] | None = None,
    *,
    exposure: ExposureMethod | Literal["configured"] = "plain",
) -> Run:
    """Suggest for everybody who looks, or for some, and gather what a coordinator takes away.

    Parameters
    ----------
    k : int
        Suggestions a person, at most.
    requester_ids : sequence of str, optional
        Only these people; everybody who looks by default.
    exposure : str
        How the lists share attention among candidates: `plain` (by score alone, as `suggest` does, the default),
        `priced`, `matching`, or `configured` for what the configuration says of this kind of match, which is `plain`
        for kinds whose candidates are no people or state no places.

    Raises
    ------
    UnknownIdError, DataError
        When somebody named is unknown or does not look for this kind of match.
    """
    members, readiness = engine.members(kind), engine.check(kind)
    asking = members.requesters if requester_ids is None else tuple(dict.fromkeys(requester_ids))
    suggestions, report = _suggested(engine, kind, k, asking, exposure)
    shown = [suggestion for of_person in suggestions.values() for suggestion in of_person]
    told = zip(shown, *(engine.tell(shown, side, carried=True) for side in _SIDES), strict=True)
    stuck = {person.person_id: person for person in readiness.stuck}
    return Run(
        kind=kind,
        requester=engine.config.match[kind].requester,
        candidate=engine.config.match[kind].candidate,
        requester_ids=asking,
        candidate_ids=members.candidates,
        places=members.places,
        drafts=tuple(Draft(suggestion=s, to_requester=r.plain_text, to_candidate=c.plain_text) for s, r, c in told),
        unserved=tuple(stuck.get(p, Stuck(person_id=p, why=(hardly_meet(),))) for p in asking if not suggestions[p]),
        readiness=readiness,
        exposure=report,
        language=language(),
        fingerprint=engine.fingerprint(),
    )


def _suggested(
    engine: Engine, kind: str, k: int, asking: Sequence[str], exposure: ExposureMethod | Literal["configured"]
) -> tuple[Mapping[str, Sequence[Suggestion]], ExposureReport | None]:
    """Lists by score alone are those of `suggest` and have no report."""
    if exposure == "plain":
        return engine.suggest_many(asking, kind, k, viewer="coordinator"), None
    found = engine.shortlists(kind, k, method=None if exposure == "configured" else exposure, people=asking)
    config = engine.config.match[kind].exposure
    plain = found.exposure.method == "plain" and config.mmr == config.calibration == 1
    return found.lists, None if plain else found.exposure
