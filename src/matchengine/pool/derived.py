"""What follows from the whole population, worked out once per generation of the data and then only looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from matchengine.batch import IntArray
from matchengine.pool.calibration import hashes
from matchengine.pool.history_groups import CoMembership, co_membership
from matchengine.pool.history_people import Acceptance, acceptance
from matchengine.pool.sensitive import JOINT_WISHES, WISH_COLUMNS, wished_apart
from matchengine.records import vocabulary as v

if TYPE_CHECKING:
    from matchengine.pool.pool import Pool

__all__ = ["K_REVEAL", "Derived"]

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
K_REVEAL = 5
"""Fewest opted-in holders of a token on which a lift may act (domain.md B4)."""
_ROLES: tuple[str, ...] = get_args(v.Role)
_FEW, _CAUTIOUS = 4, 0.2
"""Groups of a kind whose support must be known before their lower quartile stands for the rest; else this value."""


class Derived:
    """Tables over everybody. A table is made when it is first asked for and made anew when the data have changed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._made: dict[tuple[Any, ...], tuple[int, Any]] = {}

    def _once(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        found = self._made.get(key)
        if found is None or found[0] != self._pool.generation:
            found = self._made[key] = self._pool.generation, make()
        return found[1]

    def widened(self, table: str, name: str, width: int) -> NDArray[Any]:
        """A column (N, W) with further columns of zeros up to `width`."""
        column = self._pool.tables[table].column(name)
        made: NDArray[Any] = self._once(
            ("wide", table, name, width), lambda: np.pad(column, ((0, 0), (0, width - column.shape[1])))
        )
        return made

    def draw(self, table: str, rows: IntArray, size: int) -> IntArray:
        """Draw rows by a hash of their texts, ascending: the same whatever the order or the ids of records."""
        content: NDArray[np.uint64] = self._once(("content", table), lambda: self._content(table))
        lottery = self._pool.tables[table].lottery[rows]
        return np.sort(rows[np.lexsort((lottery, content[rows]))][:size])

    def _content(self, table: str) -> NDArray[np.uint64]:
        """A hash of the texts of each row, shape (N,)."""
        content = np.zeros(len(self._pool.tables[table]), np.uint64)
        for key, field in self._pool.fields.items():
            if key.startswith(f"{table}."):
                owners = np.repeat(np.arange(len(content)), np.diff(field.items.starts))
                np.add.at(content, owners, hashes(field).astype(np.uint64)[field.items.text] * _SPREAD)
        return content * _SPREAD

    def acting_tokens(self) -> NDArray[np.uint64]:
        """Consented tokens of all people, shape (N, W), less those that fewer than five opted in on (domain.md B4)."""
        made: NDArray[np.uint64] = self._once(("acting",), self._acting)
        return made

    def _acting(self) -> NDArray[np.uint64]:
        table = self._pool.tables["people"]
        held = table.column("attributes")
        bits = np.unpackbits(np.ascontiguousarray(held[table.alive]).view(np.uint8), axis=1, bitorder="little")
        common = bits.sum(axis=0, dtype=np.int64) >= K_REVEAL
        words: NDArray[np.uint64] = np.packbits(common, bitorder="little").view(np.uint64)
        acting: NDArray[np.uint64] = np.bitwise_and(held, words, dtype=np.uint64, casting="unsafe")
        return acting

    def about_of_tokens(self) -> list[str]:
        """What each token is about, by its number: tokens about the same thing do not count as two wishes."""
        shared = self._pool.shared
        made: list[str] = self._once(("about",), lambda: [wished_apart(t, shared) for t in shared.codes["attributes"]])
        return made

    def wished_tokens(self) -> NDArray[np.uint64]:
        """Tokens that each person wishes to share, of those that act, shape (N, W) as `acting_tokens`."""
        made: NDArray[np.uint64] = self._once(("wished tokens",), self._wished_tokens)
        return made

    def _wished_tokens(self) -> NDArray[np.uint64]:
        table, tokens = self._pool.tables["people"], self.acting_tokens()
        wished = np.zeros_like(tokens)
        for name in (*WISH_COLUMNS, *JOINT_WISHES):
            column = table.column(name)
            width = min(column.shape[1], tokens.shape[1])
            wished[:, :width] |= column[:, :width] & tokens[:, :width]
        return wished

    def wished_apart(self) -> NDArray[np.int64]:
        """How many things each person wishes to share, shape (N,), counting only tokens that act (domain.md B4)."""
        made: NDArray[np.int64] = self._once(("wished",), self._wished_apart)
        return made

    def _wished_apart(self) -> NDArray[np.int64]:
        tokens, wished = self.acting_tokens(), self.wished_tokens()
        masks: dict[str, NDArray[np.uint64]] = {}
        for number, about in enumerate(self.about_of_tokens()[: 64 * tokens.shape[1]]):
            mask = masks.setdefault(about, np.zeros(tokens.shape[1], np.uint64))
            mask[number // 64] |= np.uint64(1 << (number % 64))
        count = np.zeros(len(tokens), np.int64)
        for mask in masks.values():
            count += (wished & mask).any(axis=1)
        return count

    def intended_for(self, table: str) -> NDArray[np.uint64]:
        """Tokens that each gathering says it is intended for, shape (N, W): `dimension:value`, or a value alone."""
        made: NDArray[np.uint64] = self._once(("intended", table), lambda: self._intended(table))
        return made

    def _intended(self, table: str) -> NDArray[np.uint64]:
        shared, records = self._pool.shared, self._pool.tables[table]
        codes = shared.codes["attributes"]
        by_value: dict[str, list[int]] = {}
        for token, number in codes.items():
            by_value.setdefault(token.partition(":")[2], []).append(number)
        out = np.zeros((len(records), max(1, -(-len(codes) // 64))), np.uint64)
        for external, record in self._pool.cards[table].items():
            for word in getattr(record, "intended_for", ()):
                dimension, _colon, value = (part.strip() for part in word.partition(":"))
                numbers = by_value.get(shared.hashed(word), [])
                numbers = numbers + [codes[t] for t in (shared.token(dimension, value),) if t in codes]
                for number in numbers:
                    out[records.row_of[external], number // 64] |= np.uint64(1 << (number % 64))
        return out

    def co_membership(self) -> CoMembership:
        """Which gatherings the same people join (`history_groups`)."""
        made: CoMembership = self._once(("joined", self._pool.history), lambda: co_membership(self._pool))
        return made

    def acceptance(self) -> Acceptance:
        """Who said yes to whom, and what follows from it (`history_people`)."""
        made: Acceptance = self._once(("accepted", self._pool.history), lambda: acceptance(self._pool))
        return made

    def findable(self) -> NDArray[np.bool_]:
        """Who may still be found by what they declare, shape (N,): not those at the cap they set (domain.md C2)."""
        return ~(self.identity_left() <= 0)

    def identity_left(self) -> NDArray[np.float64]:
        """How many more matches each person lets what they declare bring them, shape (N,); NaN for whoever set no cap.

        Counted are open matches in which the other side wished for something that both declare. It is below 0 for
        whoever has more of them than the cap.
        """
        made: NDArray[np.float64] = self._once(("identity left",), self._identity_left)
        return made

    def _identity_left(self) -> NDArray[np.float64]:
        table, tokens = self._pool.tables["people"], self.acting_tokens()
        cap = table.column("identity_cap")
        load = np.zeros(len(cap))
        wished = [table.column(name) for name in (*WISH_COLUMNS, *JOINT_WISHES)] if (~np.isnan(cap)).any() else []
        for giver, taker in self._pool.ties.open_matches() if wished else ():
            one, other = table.row_of.get(giver), table.row_of.get(taker)
            if one is not None and other is not None and not np.isnan(cap[one]):
                load[one] += any(shared_bits(column[other], tokens[one]) for column in wished)
        left: NDArray[np.float64] = cap.astype(np.float64) - load
        return left

    def free_places(self, table: str, role: int | None) -> NDArray[np.float32]:
        """Places left per row, NaN where unknown; for people in the role with that number (domain.md B2)."""
        records = self._pool.tables[table]
        if "free_places" not in records.names:
            return np.full(len(records), np.nan, np.float32)
        column = records.column("free_places")
        if column.ndim == 1:
            return column
        if role is None:
            return np.full(len(column), np.nan, np.float32)
        made: NDArray[np.float32] = self._once(("free", table, role), lambda: self._free(table, role))
        return made

    def _free(self, table: str, role: int) -> NDArray[np.float32]:
        left: NDArray[np.float32] = self._pool.tables[table].column("free_places")[:, role].copy()
        rows = self._pool.tables[table].row_of
        for giver, taken_role in self._pool.ties.taken_places():
            if taken_role == _ROLES[role] and giver in rows:
                left[rows[giver]] -= 1
        return left

    def usual_supports(self, table: str) -> NDArray[np.float32]:
        """Support to expect where nobody said anything, shape (N, 14): lower quartile of its kind, else .2 (C5)."""
        made: NDArray[np.float32] = self._once(("supports", table), lambda: self._usual(table))
        return made

    def _usual(self, table: str) -> NDArray[np.float32]:
        records = self._pool.tables[table]
        supports, kinds, alive = records.column("supports"), records.column("kind"), records.alive
        out = np.full(supports.shape, _CAUTIOUS, np.float32)
        for kind in np.unique(kinds):
            of_kind = kinds == kind
            told = supports[of_kind & alive]
            enough = (~np.isnan(told)).sum(axis=0) >= _FEW
            if enough.any():
                usual = np.full(supports.shape[1], _CAUTIOUS, np.float32)
                usual[enough] = np.nanquantile(told[:, enough], 0.25, axis=0)
                out[of_kind] = usual
        return out


def shared_bits(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> bool:
    """Whether two masks, which may differ in width, have a bit in common."""
    width = min(len(one), len(other))
    return bool((one[:width] & other[:width]).any())
