"""The questions one may ask an engine beside "whom do you suggest": why, why not, what will go wrong, what next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchengine.config import EngineConfig
from matchengine.contrast.pair import explain_pair, tell_pairs
from matchengine.errors import DataError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.matching.constrain import veto_counts
from matchengine.pool.pool import Pool
from matchengine.readiness.check import check
from matchengine.records import Explanation, Readiness, Suggestion
from matchengine.records.vocabulary import Viewer
from matchengine.registry import MatchKind
from matchengine.scene import Members, Scene

__all__ = ["Questions"]


class Questions:
    """What `Engine` answers about the data it holds; it decides nothing and changes nothing."""

    config: EngineConfig
    _pool: Pool
    _kinds: Mapping[str, MatchKind]
    _neutral: dict[str, float]

    def explain(
        self, requester_id: str, candidate_id: str, kind: str, viewer: Viewer = "requester",
        *, k: int = 5, carried: bool = False,
    ) -> Explanation:  # fmt: skip
        """Explain any pair to a viewer: why it is suggested, or why not, and what would bring it among the first k.

        Members read no numbers; who is absent, blocked or erased reads the same to them. A coordinator gets an
        UnknownIdError for an unknown id. Raises DataError where the requester does not ask for this kind of match.
        `carried` words pass through a coordinator's hands and quote only what coordinators may read too.
        """
        return explain_pair(self._scene(kind), requester_id, candidate_id, viewer, k, carried=carried)

    def tell(self, suggestions: Sequence[Suggestion], viewer: Viewer, *, carried: bool = False) -> list[Explanation]:
        """Tell suggestions of one kind, as the data are now, to another viewer, in their order; `carried` as above."""
        if not suggestions:
            return []
        return tell_pairs(self._scene(suggestions[0].kind), suggestions, viewer, carried=carried)

    def members(self, kind: str) -> Members:
        """Return who takes part in a kind of match, on either side, and the free places where they are known."""
        return self._scene(kind).members()

    def check(self, kind: str) -> Readiness:
        """Say before matching what will go wrong: supply and demand, thin profiles, rules that leave people nobody."""
        return check(self._scene(kind))

    def excluded(self, requester_id: str, kind: str) -> dict[str, int]:
        """Count by constraint the candidates that hard rules rule out; personal ones read `not_available`."""
        scene = self._scene(kind)
        return veto_counts(scene.kind.constraints, *scene.everybody(self._pool.requester_row(requester_id, scene.kind)))

    def shown_text(self, person_id: str) -> dict[str, list[str]]:
        """Return, per text field, exactly what the embedder sees of a person."""
        return self._pool.shown_text(person_id)

    def _scene(self, kind: str) -> Scene:
        if kind not in self._kinds:
            told = N_("this configuration offers no kind of match {kind!r}; {hint}")
            raise DataError(_(told, kind=kind, hint=did_you_mean(kind, self._kinds)))
        self._pool.withhold_ended()
        return Scene(self._pool, self._kinds[kind], self.config, self._neutral[kind])
