"""People to divide into groups, as arrays, and the groups found (domain.md F)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import BoolArray, FloatArray, IntArray

__all__ = ["RELAXATIONS", "FormedGroup", "Forming", "GroupAims", "GroupsProblem", "Relaxation"]

Relaxation = Literal["target_size", "alpha", "experienced_member", "min_share", "isolates"]
RELAXATIONS: tuple[Relaxation, ...] = ("target_size", "alpha", "experienced_member", "min_share", "isolates")
"""What is given up, first to last, where not everything can be had; slot, language, boundaries and safety never are."""


@dataclass(frozen=True)
class GroupAims:
    """What a good partition is: sizes and the weights of domain.md F1.

    Attributes
    ----------
    smallest, largest, target : int
        Fewest and most members, and the size that all groups should have.
    alpha, teaching, faultline, worst : float
        Weight α of likeness beside difference, in [0, 1]; weights η of what members can teach each other, ζ of
        faultlines, and ν of the worst group.
    min_share : float
        Where a value that is balanced is present in a group, at least this share of the group holds it; 0 for no such
        demand.
    """

    smallest: int = 4
    largest: int = 8
    target: int = 6
    alpha: float = 0.6
    teaching: float = 0.5
    faultline: float = 0.3
    worst: float = 2.0
    min_share: float = 0.0


@dataclass(frozen=True)
class GroupsProblem:
    """N people and what each pair, slot, language and topic means for them.

    Attributes
    ----------
    people : int
        N.
    similarity, difference : float32 array (N, N) or (N, d)
        Square: likeness and difference of each pair in [0, 1], symmetric, NaN where nothing is known (such a pair is
        left out of the mean). Not square (or `vectors` true): unit vectors, for large pools, whose inner product is the
        likeness; of a `difference` that is not square, 1 − the inner product is the difference. A `difference` without
        columns means 0 everywhere.
    vectors : bool
    slots : bool array (N, S)
        At which weekly slots each can meet as often and as long as needed. No column: slots play no part.
    languages : bool array (N, L)
        Which languages each speaks well enough. No column: languages play no part.
    apart, together : int64 array (K, 2)
        Pairs who must not, and pairs who wish to, be in one group; `apart` is hard, and so is `together`.
    offers, wants : float32 array (N, T)
        How well each could teach a topic, how much each wants to learn it, in [0, 1].
    features : float32 array (N, K)
        Numbers, scaled alike, along which a group may split (faultlines); NaN unknown.
    balance : tuple of int64 arrays (N,)
        For each dimension that the programme balances, the number of each person's value; −1 for all who did not agree
        to be counted, do not mind, or are the only one of their kind in the pool. A value held by one person counts as
        −1.
    newcomer, experienced : bool array (N,)
        First-timers, never exactly one in a group; those of whom each group should have one. Where nobody is
        experienced the wish plays no part.
    facilitator_slots, facilitator_languages : bool array (F, S), (F, L)
    facilitator_places : int64 array (F,)
        How many groups each can lead, never two at one slot. No facilitators (F = 0): groups need none.
    facilitator_apart : int64 array (K, 2)
        (facilitator, person) who must not be in one group.
    fixed : int64 array (N,)
        Number of the group in which a coordinator locked somebody, −1 for free; numbers are not ids. People with one
        number are in one group, people with different numbers never are.
    lottery : uint64 array (N,)
        Seeded draws, all different, that break ties; never the position.
    """

    people: int
    similarity: FloatArray
    difference: FloatArray
    slots: BoolArray
    languages: BoolArray
    lottery: NDArray[np.uint64]
    vectors: bool = False
    apart: IntArray = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    together: IntArray = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    offers: FloatArray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    wants: FloatArray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    features: FloatArray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    balance: tuple[IntArray, ...] = ()
    newcomer: BoolArray | None = None
    experienced: BoolArray | None = None
    facilitator_slots: BoolArray = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    facilitator_languages: BoolArray = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    facilitator_places: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    facilitator_apart: IntArray = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    fixed: IntArray | None = None


@dataclass(frozen=True)
class FormedGroup:
    """One group: `members` int64 (K,) ascending; `slot`, `language`, `facilitator` numbers, −1 where none plays a part.

    `quality` is Q(g) of domain.md F1, `similarity` and `difference` are NaN where no pair is known; `relaxed` is what
    was given up for this group, `isolates` are (dimension, value) of which it has exactly one. The dimension after the
    last that the programme balances is that of newcomers, with value 1.
    """

    members: IntArray
    slot: int
    language: int
    facilitator: int
    quality: float
    similarity: float
    difference: float
    teaching: float
    faultline: float
    relaxed: tuple[Relaxation, ...] = ()
    isolates: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Forming:
    """Groups found, and who is in none, ascending; `objective` Σ Q + ν min Q.

    Groups come in the order of their members' smallest lottery number. `finished` is False when a clock stopped the
    search.
    """

    groups: tuple[FormedGroup, ...]
    unplaced: IntArray
    objective: float
    finished: bool = True
