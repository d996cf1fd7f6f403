"""What people want to learn and could teach, as topics, and what a coordinator may read of them (domain.md F1, B4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import FloatArray, IntArray
from matchengine.pool.text import PUBLIC_FIELDS
from matchengine.readiness.texts import Texts, closeness, texts_of
from matchengine.readiness.themes import CLOSE
from matchengine.scene import Scene

__all__ = ["Lesson", "Topics", "topics_of"]

_ALIKE = 0.6
"""Similarity to its typical text from which a need belongs to a topic."""
_TOPICS = 200
_STARTERS = 2_000
"""Most topics, and most distinct needs that can begin one; those that most people have come first."""
_PIECE = 512
_LONGEST = 72
_DECIMALS = 6


class Lesson(NamedTuple):
    """Somebody could teach a topic: position of the person, number of the topic, and the text of their offer."""

    teacher: int
    topic: int
    text: str


@dataclass(frozen=True)
class Topics:
    """T topics that N people look for.

    Attributes
    ----------
    wants, offers : float32 arrays (N, T)
        How much of what a person looks for is about the topic (each row sums to 1 at most), and how well what they
        offer answers it (0 below .5).
    labels : tuple of str
        A text for each topic that a coordinator may read; empty where there is none.
    lessons : tuple of Lesson
        The closest offer of each person to each topic they could teach. Offers are open to all members.
    """

    wants: FloatArray
    offers: FloatArray
    labels: tuple[str, ...]
    lessons: tuple[Lesson, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def teachable(self) -> tuple[FloatArray, FloatArray]:
        """Wants and offers, float32 (N, K) each, of the topics that somebody could teach, and of all others as one."""
        taught = self.offers.any(axis=0)
        rest = self.wants[:, ~taught].sum(axis=1, keepdims=True)
        nothing = np.zeros_like(rest)
        return np.concatenate([self.wants[:, taught], rest], axis=1), np.concatenate(
            [self.offers[:, taught], nothing], axis=1
        )


def topics_of(scene: Scene, rows: IntArray) -> Topics:
    """Group what people look for into topics by the similarity that scorers see, concepts included.

    The need that most people have or nearly have comes first and takes all that are alike. A topic is labelled by the
    closest offer, which is open to all members, or by a need where the programme's notice lets coordinators read those.
    """
    needs = texts_of(scene.pool, "people", ("needs",), rows)
    offers = texts_of(scene.pool, "people", ("offers",), rows)
    typical, topic = _clusters(scene, needs)
    wants = _wanted(needs, topic, len(typical))
    close = _together(scene, needs.take(typical), offers)
    given, lessons = _given(offers, close, len(rows))
    return Topics(wants, given, _labels(scene, needs, offers, close, topic), lessons)


def _close(scene: Scene, left: Texts, right: Texts) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    weights = scene.config.retrieve
    for start in range(0, len(left), _PIECE):
        part = np.arange(start, min(start + _PIECE, len(left)))
        yield (
            slice(start, start + len(part)),
            np.round(closeness(scene.pool, left.take(part), right, weights.semantic, weights.lexical), _DECIMALS),
        )


def _together(scene: Scene, left: Texts, right: Texts) -> NDArray[np.float32]:
    if not len(left) or not len(right):
        return np.zeros((len(left), len(right)), np.float32)
    return np.concatenate([found for _part, found in _close(scene, left, right)])


def _clusters(scene: Scene, needs: Texts) -> tuple[IntArray, IntArray]:
    """The need that is typical of each topic (T,), and the topic of each need, −1 for none (M,)."""
    people = np.asarray(needs.holders.sum(axis=0)).reshape(-1)
    starters = np.sort(np.lexsort((np.arange(len(people)), -people))[:_STARTERS])
    few = needs.take(starters)
    near = (_together(scene, few, few) >= _ALIKE) | np.eye(len(few), dtype=np.bool_)
    weight = near @ people[starters] if len(few) else np.zeros(0)
    group = np.full(len(few), -1, np.int64)
    typical: list[int] = []
    for item in np.lexsort((np.arange(len(few)), -weight)).tolist():
        if group[item] < 0 and len(typical) < _TOPICS:
            group[near[item] & (group < 0)] = len(typical)
            typical.append(int(starters[item]))
    topic = np.full(len(needs), -1, np.int64)
    topic[starters] = group
    kinds, rest = np.array(typical, np.int64), np.flatnonzero(topic < 0)
    if len(rest) and len(kinds):
        for part, found in _close(scene, needs.take(rest), needs.take(kinds)):
            topic[rest[part]] = np.where(found.max(axis=1) >= _ALIKE, found.argmax(axis=1), -1)
    return kinds, topic


def _wanted(needs: Texts, topic: IntArray, topics: int) -> FloatArray:
    """Share of each person's needs that is about each topic, float32 (N, T)."""
    has = needs.holders.tocoo()
    out = np.zeros((needs.holders.shape[0], topics), np.float64)
    of = topic[has.col]
    np.add.at(out, (has.row[of >= 0], of[of >= 0]), 1.0)
    count = np.bincount(has.row, minlength=len(out))
    return np.round(out / np.maximum(count, 1)[:, None], _DECIMALS).astype(np.float32)


def _given(offers: Texts, close: NDArray[np.float32], people: int) -> tuple[FloatArray, tuple[Lesson, ...]]:
    """How well each person could teach each topic, float32 (N, T), and by which offer."""
    has = offers.holders.tocsr()
    out = np.zeros((people, len(close)), np.float32)
    lessons = []
    for person in range(people):
        own = np.sort(has.indices[has.indptr[person] : has.indptr[person + 1]])
        if len(own) and len(close):
            best = close[:, own].argmax(axis=1)
            value = close[np.arange(len(close)), own[best]]
            for topic in np.flatnonzero(value >= CLOSE).tolist():
                out[person, topic] = value[topic]
                lessons.append(Lesson(person, topic, shortened(offers.texts[int(own[best[topic]])])))
    return out, tuple(lessons)


def _labels(scene: Scene, needs: Texts, offers: Texts, close: NDArray[np.float32], topic: IntArray) -> tuple[str, ...]:
    labels = [""] * len(close)
    if len(offers):
        for number, best in enumerate(close.argmax(axis=1).tolist()):
            if close[number, best] >= CLOSE:
                labels[number] = shortened(offers.texts[best])
    if "needs" in PUBLIC_FIELDS | set(scene.config.programme.coordinator_reads):
        for item in sorted(range(len(needs)), key=lambda n: (-len(needs.texts[n]), needs.texts[n])):
            if topic[item] >= 0:
                labels[int(topic[item])] = shortened(needs.texts[item])
    return tuple(labels)


def shortened(text: str) -> str:
    """Return a text as it is quoted: on one line, without its full stop, cut where it is long."""
    quote = " ".join(text.split()).rstrip(".")
    return quote if len(quote) <= _LONGEST else quote[: _LONGEST - 1].rstrip() + "…"
