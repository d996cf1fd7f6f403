"""What is said of a swap: to the mentee, to the mentor, to the coordinator; only words that all readers may read.

Everything passes through a coordinator's hands, so a text is quoted to a member only where coordinators may read it too
(domain.md B4). Offers are open to all members; the words of a wish are quoted to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matchengine.batch import FloatArray, IntArray, PairBatch, Quotes
from matchengine.i18n import N_, _, ngettext
from matchengine.matching.combine import drops
from matchengine.matching.constrain import to_confirm
from matchengine.matching.explain import explain
from matchengine.matching.score import own_quotes
from matchengine.matching.voice import Voice
from matchengine.programme.swaps.gains import PARTS, added, nearest_text, needs_met
from matchengine.programme.swaps.graph import Exchanges
from matchengine.records.swaps import SwapGain
from matchengine.records.vocabulary import Viewer

__all__ = ["Told", "checklist", "explanation", "return_plan", "tell"]

_WORTH = 0.05
"""A need that gains no more is no reason to speak of it."""
_STYLE: tuple[tuple[str, str], ...] = (
    (N_("more giving answers than asking questions"), N_("more asking questions than giving answers")),
    (N_("more planned meetings"), N_("more seeing what comes up")),
    (N_("more on the task"), N_("more getting to know each other")),
    (N_("more in writing"), N_("more in conversation")),
    (N_("more challenging"), N_("more encouraging")),
)
"""What a step down and a step up on each slider means, compared with the present mentor."""
_MENTEE_COVER = (
    N_("they offer “{offer}”, which is nearer to your “{need}” than anything your present mentor offers"),
    N_("they offer “{offer}”, which is nearer to one of your goals than anything your present mentor offers"),
)
_MENTEE_WISH = (N_("of what they offer, “{offer}” is nearest to the other perspective you wish for"),)
_COVER = (
    N_("the offer “{offer}” is nearer to the need “{need}” than anything the present mentor offers"),
    N_("the offer “{offer}” is nearer to one of the needs than anything the present mentor offers"),
)
_COVER_NOTHING = N_("Adds little to what the present mentor covers.")
_WISH = (N_("of the offers, “{offer}” is nearest to the wished perspective"),)
_WISH_NEAR = N_("What they told the programme comes near to the wished perspective.")
_WISH_FAR = N_("Nothing they told the programme comes near to the wished perspective.")
_NEAR = 0.25
"""A wish that is met by less is not near."""


@dataclass(frozen=True)
class Told:
    """What is said of each chosen arc, each a list of K entries."""

    parts: list[tuple[SwapGain, ...]]
    to_mentee: list[tuple[str, ...]]
    to_mentor: list[tuple[str, ...]]
    to_confirm: list[tuple[str, ...]]


def tell(exchanges: Exchanges, arcs: IntArray) -> Told:
    """Return what is said of some arcs of a round."""
    scene, pairing, graph = exchanges.pairing.scene, exchanges.pairing, exchanges.graph
    if not len(arcs):
        return Told([], [], [], [])
    source, target = graph.source[arcs].astype(np.int64), graph.target[arcs].astype(np.int64)
    batch = pairing.batch(source, pairing.at[target])
    values = exchanges.arcs.take(arcs)
    evidence = _evidence(exchanges, source, target, batch, values.wish)
    reads = frozenset(scene.config.programme.coordinator_reads)
    voices: dict[Viewer, Voice] = {
        "requester": Voice(scene.pool, "requester", reads, carried=True),
        "coordinator": Voice(scene.pool, "coordinator", reads),
    }
    parts, to_mentee = [], []
    for pair in range(len(arcs)):
        of_pair = {name: float(getattr(values, name)[pair]) for name in ("cover", "perspective", "wish", "fit")}
        halves = float(values.apart[pair]), float(values.style[pair])
        parts.append(_parts(voices["coordinator"], evidence, pair, of_pair, halves))
        to_mentee.append(_to_mentee(voices["requester"], evidence, pair))
    candidate = _for_mentors(exchanges, batch, Voice(scene.pool, "candidate", reads, carried=True))
    return Told(parts, to_mentee, candidate, to_confirm(scene.kind.constraints, scene.inputs(batch), "coordinator"))


@dataclass(frozen=True)
class _Evidence:
    cover: Mapping[str, Quotes]
    wish: Mapping[str, Quotes]
    style: list[str]


def _evidence(
    exchanges: Exchanges, source: IntArray, target: IntArray, batch: PairBatch, wish: FloatArray
) -> _Evidence:
    """Which texts and which way of working stand for each pair."""
    pairing, known = exchanges.pairing, exchanges.pairing.known
    mine, other = pairing.at[source], pairing.at[target]
    items = pairing.scene.inputs(batch)["items_needs_offers"]
    theirs = needs_met(pairing.scene, batch)
    gained = added(pairing.own(source), np.arange(len(source)), theirs)
    need, offer = np.full(len(source), -1, np.int32), np.full(len(source), -1, np.int32)
    firsts = np.searchsorted(items.left.pair, np.arange(len(source)))
    strength = theirs.found.strength
    for pair in range(len(source)):
        if not np.nansum(gained[pair]) > _WORTH:
            continue
        segment = int(firsts[pair]) + int(np.nanargmax(gained[pair]))
        members = np.flatnonzero(items.left_of == segment)
        best = members[int(np.nanargmax(strength[members]))]
        need[pair], offer[pair] = items.left.text[segment], items.right.text[items.right_of[best]]
    near = np.full(len(source), -1, np.int32)
    for pair, (slot, mentor) in enumerate(zip(source.tolist(), other.tolist(), strict=True)):
        text = nearest_text(pairing.spoken.vectors[slot], known, mentor)
        if text >= 0 and known.fields[text] == 0 and wish[pair] >= _NEAR:
            near[pair] = known.numbers[text]
    cover = {
        "need": Quotes("requester", items.left_field, need),
        "offer": Quotes("candidate", items.right_field, offer),
    }
    return _Evidence(cover, {"offer": Quotes("candidate", items.right_field, near)}, _styles(known.style, mine, other))


def _styles(style: FloatArray, mine: IntArray, other: IntArray) -> list[str]:
    """How the other mentor works most differently, in words; empty where no slider differs by a step."""
    apart = style[other] - style[mine]
    out = []
    for row in apart:
        told = np.nan_to_num(np.abs(row), nan=-1.0)
        widest = int(np.argmax(told))
        out.append(_STYLE[widest][int(row[widest] > 0)] if told[widest] >= 1 else "")
    return out


def _parts(
    voice: Voice, evidence: _Evidence, pair: int, values: Mapping[str, float], halves: tuple[float, float]
) -> tuple[SwapGain, ...]:
    """The parts of the gain that are known, each in words for a coordinator."""
    shown = {**values, "perspective": values["perspective"] * values["fit"]}
    present = [(name, share) for name, share in PARTS if not np.isnan(shown[name])]
    whole = sum(share for _name, share in present)
    texts = {
        "cover": voice.say(_COVER, evidence.cover, pair) or _(_COVER_NOTHING),
        "perspective": _apart(*halves),
        "wish": voice.say(_WISH, evidence.wish, pair) or (_(_WISH_NEAR) if values["wish"] >= _NEAR else _(_WISH_FAR)),
    }
    return tuple(
        SwapGain(
            part=name,
            value=round(100 * min(max(shown[name], 0), 1), 2),
            weight=round(share / whole, 4),
            text=texts[name],
        )
        for name, share in present
    )


def _apart(offers: float, style: float) -> str:
    if np.isnan(style):
        return _(
            "The offers of both mentors are {n:.0%} apart; too little is known of their ways of working.", n=offers
        )
    if np.isnan(offers):
        return _("The ways of working of both mentors are {n:.0%} apart; too little is known of their offers.", n=style)
    told = N_("The offers of both mentors are {offers:.0%} apart, their ways of working {style:.0%}.")
    return _(told, offers=offers, style=style)


def _to_mentee(voice: Voice, evidence: _Evidence, pair: int) -> tuple[str, ...]:
    told = [voice.say(_MENTEE_COVER, evidence.cover, pair), voice.say(_MENTEE_WISH, evidence.wish, pair)]
    if evidence.style[pair]:
        told.append(_("Compared with your present mentor, their way is {way}.", way=_(evidence.style[pair])))
    return tuple(sentence for sentence in told if sentence)


def _for_mentors(exchanges: Exchanges, batch: PairBatch, voice: Voice) -> list[tuple[str, ...]]:
    """What each mentor would gain, as they and the coordinator may read it; nothing that anybody confided."""
    scene = exchanges.pairing.scene
    raw, table = scene.table(batch)
    own_quotes(scene.kind, scene.inputs(batch), raw.scored)
    return [of.for_candidate for of in explain(voice, scene.kind, raw.scored, table, drops(scene.kind, table))]


def checklist(starts: date) -> tuple[str, ...]:
    """What to do before an exchange begins."""
    return (
        _("Each mentee writes a short note about their goals for the other mentor, and decides what is in it."),
        _("Remind everybody: nothing said with one mentor is passed on to the other without consent."),
        _("Each new pair agrees before {day} when and how they meet.", day=starts),
        _("Everybody knows whom to tell if it does not go well; anybody may stop at any time."),
    )


def return_plan(moves: Sequence[tuple[str, str]], returns_on: date) -> tuple[str, ...]:
    """How people come back to their own mentors; `moves` are (mentee, own mentor)."""
    told = [
        _("{mentee} returns to {mentor} on {day}.", mentee=mentee, mentor=mentor, day=returns_on)
        for mentee, mentor in moves
    ]
    return (
        *told,
        _("At the first meeting after the return they talk about what was new and what they want to keep."),
        _("Going on with the other mentor, or ending the first mentoring, needs the yes of all and is recorded."),
    )


def explanation(mentors: tuple[str, str], why: Sequence[str], starts: date, returns_on: date) -> str:
    """The explanation of domain.md D4 to the mentee: how long, with whom, why, and the day of the return.

    `mentors` are the present one and the other one.
    """
    first = ngettext(
        "For {n} week, from {starts}, you would work with {mentor}.",
        "For {n} weeks, from {starts}, you would work with {mentor}.",
        (returns_on - starts).days // 7,
        starts=starts,
        mentor=mentors[1],
    )
    last = _("You return to {mentor} on {day}.", mentor=mentors[0], day=returns_on)
    return " ".join([first, *why, last])
