"""Draw up a run: suggestions for everybody, the words for either side, and who is left without."""

from __future__ import annotations

from collections.abc import Sequence

from matchengine.contrast.pair import hardly_meet
from matchengine.engine import Engine
from matchengine.i18n import language
from matchengine.records import Draft, Run, Stuck
from matchengine.records.vocabulary import Viewer

__all__ = ["make_run"]

_SIDES: tuple[Viewer, ...] = ("requester", "candidate")


def make_run(engine: Engine, kind: str, k: int = 5, requester_ids: Sequence[str] | None = None) -> Run:
    """Suggest for everybody who looks, or for some, and gather what a coordinator takes away.

    Parameters
    ----------
    k : int
        Suggestions a person, at most.
    requester_ids : sequence of str, optional
        Only these people; everybody who looks by default.

    Raises
    ------
    UnknownIdError, DataError
        When somebody named is unknown or does not look for this kind of match.
    """
    members, readiness = engine.members(kind), engine.check(kind)
    asking = members.requesters if requester_ids is None else tuple(dict.fromkeys(requester_ids))
    suggestions = engine.suggest_many(asking, kind, k, viewer="coordinator")
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
        language=language(),
        fingerprint=engine.fingerprint(),
    )
