"""Sentences to begin a first message to a suggested person with (domain.md S2-15).

Only two facts are ever told: an offer of theirs that every member may read, and a goal of one's own. Nothing that
somebody declared in confidence is read, and nothing is said that neither profile holds.
"""

from __future__ import annotations

import numpy as np

from matchengine.batch import IntArray, PairBatch, Quotes
from matchengine.errors import DataError
from matchengine.i18n import N_, _, language
from matchengine.journey.visit import rows_of
from matchengine.matching.voice import Voice
from matchengine.records.journey import OutreachPrompts
from matchengine.scene import Scene
from matchengine.scorers.evidence import strongest_texts

__all__ = ["outreach_prompts"]

_ADMIRE = (N_("What I noticed in your profile: you offer “{offer}”"),)
_BACKGROUND = (N_("Where I am coming from: I would like to reach this: “{goal}”"),)
_REASON = (N_("Why I write to you: “{offer}” is close to “{need}”, which I am looking for"),)
_QUESTION = (N_("What I would like to ask you first is how you began with “{offer}”"),)
_BLANKS = (
    N_("What I noticed in your profile: …"),
    N_("Where I am coming from: …"),
    N_("Why I write to you: …"),
    N_("What I would like to ask you first: …"),
)


def outreach_prompts(scene: Scene, requester_id: str, candidate_id: str, *, carried: bool = False) -> OutreachPrompts:
    """Return four sentences that somebody can begin a first message with and change as they like.

    What I noticed, where I come from, why I write, what I ask. A sentence for which there is no fact, or none that
    every reader may read, is left for the person to fill in. `carried`: see `Voice`.

    Raises
    ------
    UnknownIdError, DataError
        When the two may not be suggested to each other, for whatever reason, or candidates are not people.
    """
    if scene.kind.sides.candidates != "people":
        raise DataError(_("kind {kind!r} does not suggest people; a first message needs one", kind=scene.kind.name))
    requester, candidate = rows_of(scene, requester_id, candidate_id, "coordinator" if carried else "requester")
    inputs = scene.inputs(PairBatch.one_to_many(requester, np.array([candidate], np.int32)))
    pairs = inputs["items_needs_offers"]
    need, offer = strongest_texts(pairs.similarity, pairs, "left")
    pool, sides = scene.pool, scene.kind.sides
    needs, offers = pool.fields[f"{sides.requesters}.needs"], pool.fields["people.offers"]
    if offer[0] < 0:
        offer = _first(offers.items.text[offers.items.of(candidate)])
    own = needs.items.of(requester)
    goals = needs.items.text[own][needs.items.source[own] == needs.sources.index("goals")]
    evidence = {
        "offer": Quotes("candidate", offers.name, offer),
        "goal": Quotes("requester", needs.name, _first(goals)),
        "need": Quotes("requester", needs.name, need),
    }
    voice = Voice(pool, "requester", frozenset(scene.config.programme.coordinator_reads), carried)
    said = [voice.say(sentences, evidence, 0) for sentences in (_ADMIRE, _BACKGROUND, _REASON, _QUESTION)]
    prompts = tuple(sentence or _(blank) for sentence, blank in zip(said, _BLANKS, strict=True))
    return OutreachPrompts(
        requester_id=requester_id, candidate_id=candidate_id, kind=scene.kind.name, language=language(), prompts=prompts
    )


def _first(texts: IntArray) -> IntArray:
    """The first of some texts as the text of one pair, -1 where there is none."""
    return texts[:1] if len(texts) else np.array([-1], np.int32)
