"""What one may ask an engine to draft for everybody at once: pairs, swaps, groups, rounds of meetings.

Everything returned is a draft: nothing is changed, and nothing is agreed before people agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from matchengine.config import EngineConfig
from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _
from matchengine.journey.referrals import refuse_reader
from matchengine.live import answering
from matchengine.matching.rank import Ranked
from matchengine.plan_config import ExposureMethod, SwapsConfig
from matchengine.programme.assign import assign, open_plan
from matchengine.programme.drafting import Ground
from matchengine.programme.groups.form import form_groups
from matchengine.programme.mixer import MixerAims, plan_mixer
from matchengine.programme.plan import Plan
from matchengine.programme.problem import Pair
from matchengine.programme.shadow import shadow_prices
from matchengine.programme.shortlists import shortlists
from matchengine.programme.solve import Order
from matchengine.programme.swaps.decline import decline_swap
from matchengine.programme.swaps.exchange_cycles import skill_circles
from matchengine.programme.swaps.plan import plan_swaps
from matchengine.questions import Questions
from matchengine.records import Feedback, Fingerprint, Relationship, Suggestion
from matchengine.records.circles import GroupsPlan
from matchengine.records.exposure import Shortlists
from matchengine.records.learning import Shown, SignedDecision, WeightProposal
from matchengine.records.mixer import MixerSchedule
from matchengine.records.plan import PlanDocument, Ranking
from matchengine.records.shadow import ShadowPrices
from matchengine.records.swap_wishes import SwapPlace, SwapWish
from matchengine.records.swaps import SkillCircles, SwapLedger, SwapObjective
from matchengine.records.vocabulary import Viewer
from matchengine.registry import Registry
from matchengine.scene import Scene

__all__ = ["Decisions"]


class Decisions(Questions):
    """What `Engine` drafts for a whole programme."""

    registry: Registry

    @answering
    def assign(
        self, kind: str, *, method: str | None = None, each: int | None = None, must: Iterable[Pair] = (),
        must_not: Iterable[Pair] = (), rankings: Iterable[Ranking] | None = None,
        shortlists: Mapping[str, Sequence[str]] | None = None, seed: int | None = None, by: str = "coordinator",
    ) -> Plan:  # fmt: skip
        """Decide for everybody at once who is paired with whom (domain.md E); see `matchengine.programme.assign`."""
        return assign(
            self._ground(kind), method=method, each=each, must=must, must_not=must_not, rankings=rankings,
            shortlists=shortlists, seed=seed, by=by,
        )  # fmt: skip

    @answering
    def open_plan(
        self, kind: str, saved: PlanDocument | str | Path, *, rankings: Iterable[Ranking] | None = None,
        shortlists: Mapping[str, Sequence[str]] | None = None,
    ) -> Plan:  # fmt: skip
        """Open a plan again, on the data as they are now; it says where they are no longer the same."""
        return open_plan(self._ground(kind), saved, rankings=rankings, shortlists=shortlists)

    @answering
    def shortlists(
        self, kind: str, k: int = 5, *, method: ExposureMethod | None = None, people: Sequence[str] | None = None,
        viewer: Viewer = "coordinator",
    ) -> Shortlists:  # fmt: skip
        """Suggest to everybody at once, attention shared among those who give (domain.md G5)."""
        scene = self._scene(kind)
        refuse_reader(scene, viewer)
        found = shortlists(scene, self._present, k, method=method, people=people, viewer=viewer)
        self.registry.run_finished([each for of_person in found.lists.values() for each in of_person])
        return found

    @answering
    def shadow_prices(self, kind: str, *, method: str | None = None, most: int = 8) -> ShadowPrices:
        """Say which further place, candidate, skill, language or hour would help most (domain.md I2)."""
        scene = self._scene(kind)
        chosen = scene.kind.config.assign
        name = method or chosen.method
        settings = chosen.settings if name == chosen.method else {}
        order = Order(name, settings, self.config.run.seed)
        return shadow_prices(scene, self._pool.fork, self.registry, order, most=most)

    @answering
    def plan_swaps(
        self, name: str, wishes: Iterable[SwapWish | SwapPlace], relationships: Iterable[Relationship], today: date, *,
        objective: SwapObjective | None = None,
    ) -> SwapLedger:  # fmt: skip
        """Plan a round of swaps: who works with whose mentor for a time, and comes back (domain.md D)."""
        config = self._round(name)
        return plan_swaps(
            self._scene(config.match), config, wishes, relationships, today,
            name=name, objective=objective, fingerprint=self.fingerprint(),
        )  # fmt: skip

    @answering
    def decline_swap(
        self, ledger: SwapLedger, person_id: str, wishes: Iterable[SwapWish | SwapPlace],
        relationships: Iterable[Relationship], today: date, *, leaves: bool = False, by: str | None = None,
    ) -> SwapLedger:  # fmt: skip
        """Return the ledger after somebody said no: their exchange comes to nothing, all others stand as they are."""
        return decline_swap(
            self._scene(ledger.kind), ledger, person_id, wishes, relationships, today,
            leaves=leaves, by=by, fingerprint=self.fingerprint(),
        )  # fmt: skip

    @answering
    def skill_circles(
        self, kind: str, *, longest: int = 3, least: float = 0.35, decline: float = 0.10, partners: int = 20
    ) -> SkillCircles:
        """Find circles of people in which everybody learns from the next what they want to learn (domain.md C8, D)."""
        return skill_circles(
            self._scene(kind), longest=longest, least=least, decline=decline, partners=partners,
            fingerprint=self.fingerprint(),
        )  # fmt: skip

    @answering
    def form_groups(
        self, name: str, *, people: Sequence[str] | None = None, together: Sequence[Pair] = (),
        apart: Sequence[Pair] = (), lock: Mapping[str, int] | None = None, plan: GroupsPlan | None = None,
    ) -> GroupsPlan:  # fmt: skip
        """Propose groups in which everybody shares a time and a language and nobody is alone (domain.md F)."""
        return form_groups(
            self._scene, self.config, name, people=people, together=together, apart=apart, lock=lock, plan=plan,
            fingerprint=self.fingerprint(),
        )  # fmt: skip

    @answering
    def fit(
        self, kind: str, *, relationships: Iterable[Relationship] = (), feedback: Iterable[Feedback] = (),
        rankings: Iterable[Ranking] = (), cohorts: Mapping[str, str] | None = None, shown: Iterable[Shown] = (),
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> WeightProposal:  # fmt: skip
        """Propose weights learned from what people said (domain.md G3); nothing is changed by it.

        An engine keeps no ratings: hand over relationships, feedback or rankings.
        """
        from matchengine.learning.preferences import Said  # learning is rare, and slow to import
        from matchengine.learning.proposal import propose

        said = Said(tuple(relationships), tuple(feedback), tuple(rankings), cohorts or {})
        return propose(self._scene(kind), said, self.fingerprint(), shown=shown, groups=groups)

    @answering
    def adopt(self, proposal: WeightProposal, decision: SignedDecision | None) -> EngineConfig:
        """Return another configuration with the weights of a proposal that somebody signed (domain.md S2-34)."""
        from matchengine.learning.adoption import adopt

        return adopt(self.config, proposal, decision)

    @answering
    def mixer(self, kind: str, people: Sequence[str] | None = None, aims: MixerAims | None = None) -> MixerSchedule:
        """Plan rounds of short meetings in which no two people meet twice (domain.md I9)."""
        return plan_mixer(self._scene(kind), people, aims)

    if TYPE_CHECKING:  # an engine knows how

        def fingerprint(self) -> Fingerprint: ...
        def _present(self, scene: Scene, ranked: Ranked, viewer: Viewer) -> list[list[Suggestion]]: ...

    def _ground(self, kind: str) -> Ground:
        return Ground(partial(self._scene, kind), self.registry, self.fingerprint, self._publish_on_record)

    def _round(self, name: str) -> SwapsConfig:
        if name not in self.config.swaps:
            told = N_("this configuration offers no round of swaps {name!r}; {hint}")
            raise ConfigError(_(told, name=name, hint=did_you_mean(name, self.config.swaps)))
        return self.config.swaps[name]
