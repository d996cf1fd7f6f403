"""Which events to offer to a mentor and a mentee together (domain.md S5-21)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matchengine.batch import PairBatch
from matchengine.errors import DataError
from matchengine.i18n import _
from matchengine.matching.rank import feasible
from matchengine.planning.pair_invitations import draw_order, invite_together
from matchengine.records import Event
from matchengine.records.bundle import JointInvitation, JointInvitations
from matchengine.scene import Scene

__all__ = ["joint_invitations"]


def joint_invitations(scene: Scene, pairs: Sequence[tuple[str, str]]) -> JointInvitations:
    """Invite each pair to one event that welcomes pairs, that both may attend, and that suits the lesser-suited best.

    Parameters
    ----------
    scene : Scene
        A kind of match that suggests events.
    pairs : sequence of (id, id)
        Pairs of people, for example those of active relationships. The scores leave out what lifts add.

    Raises
    ------
    UnknownIdError, DataError
        When somebody is not known, or the kind does not suggest events.
    """
    if scene.kind.sides.candidates != "events":
        raise DataError(_("kind {kind!r} suggests no events; name one that does", kind=scene.kind.name))
    cards = scene.pool.cards["events"]
    together = {event_id for event_id, card in cards.items() if isinstance(card, Event) and card.pair_invitation}
    everybody = dict.fromkeys(person for pair in pairs for person in pair)
    scores = {person: _scores(scene, person, together) for person in everybody}
    free = {event: places for event, places in scene.members().places.items() if event in together}
    found = invite_together(pairs, scores, free, scene.config.run.seed)
    nothing = _("No event that welcomes pairs suits both and has two places left.")
    order = draw_order(pairs, scene.config.run.seed)
    return JointInvitations(
        kind=scene.kind.name,
        seed=scene.config.run.seed,
        invitations=tuple(
            JointInvitation(
                person_id=pairs[n][0],
                other_id=pairs[n][1],
                event_id=event,
                title=cards[event].title if event else "",
                why="" if event else nothing,
            )
            for n, event in ((n, found[n]) for n in order)
        ),
    )


def _scores(scene: Scene, person: str, together: set[str]) -> dict[str, float]:
    """Score of each event that a person may attend and that welcomes pairs, 0 to 1."""
    row = scene.pool.requester_row(person, scene.kind)
    ids = scene.pool.tables["events"].ids
    rows = np.array([n for n in scene.eligible(row).tolist() if ids[n] in together], np.int32)
    if not len(rows):
        return {}
    _raw, table = scene.table(PairBatch.one_to_many(row, rows))
    stands = np.zeros(len(rows), np.bool_)
    stands[feasible(table.blocks)] = True
    points = np.round(table.total - table.lift, 4)
    return {ids[int(rows[n])]: float(points[n]) for n in np.flatnonzero(stands).tolist()}
