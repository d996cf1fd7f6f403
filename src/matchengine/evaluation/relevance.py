"""Conditions over the columns of an outcomes table, such as `rating >= 4 or months >= 6`: parsed, never executed."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import N_, _

__all__ = ["Condition", "parse_condition", "typed"]

_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_WORDS = {"true": True, "yes": True, "false": False, "no": False}
Value = bool | float | str | None


@dataclass(frozen=True)
class Condition:
    """A condition and the columns it reads.

    A comparison with an empty cell is neither met nor not met, so neither is its opposite by `not`.
    """

    text: str
    columns: frozenset[str]
    tree: ast.expr

    def holds(self, row: Mapping[str, Value]) -> bool | None:
        """Whether a row meets the condition for sure; None where no column that it reads is filled in."""
        if all(row.get(column) is None for column in self.columns):
            return None
        return _holds(self.tree, row) is True


def parse_condition(text: str, columns: Sequence[str] | None = None) -> Condition:
    """Parse a condition: columns, numbers, 'texts', comparisons, and, or, not, parentheses.

    Raises
    ------
    ConfigError
        Where it is none, or names a column that is not among `columns`.
    """
    names: set[str] = set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.strip(), mode="eval").body
        _check(tree, text, names)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        told = N_("{text!r} is no condition; expected something like rating >= 4 or status == 'completed'")
        raise ConfigError(_(told, text=text)) from None
    if not names:
        raise ConfigError(_("{text!r} reads no column of the outcomes, so it says nothing about a pair", text=text))
    if columns is not None:
        for name in sorted(names - set(columns)):
            told = N_("{text!r}: the outcomes have no column {name!r}; {hint}")
            raise ConfigError(_(told, text=text, name=name, hint=did_you_mean(name, columns)))
    return Condition(text, frozenset(names), tree)


def typed(cell: object) -> Value:
    """Return a cell as a number, a truth value, a text, or None where it is empty; a day stays a text (ISO 8601)."""
    if cell is None or (isinstance(cell, (bool, str)) is False and cell != cell):
        return None
    if isinstance(cell, (bool, int, float)):
        return cell if isinstance(cell, bool) else float(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    try:
        number = float(text)
    except ValueError:
        return text or None
    return number if number == number and abs(number) != float("inf") else None


def _check(node: ast.expr, text: str, names: set[str]) -> None:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            _check(value, text, names)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check(node.operand, text, names)
    elif isinstance(node, ast.Compare) and all(type(op) in _COMPARE for op in node.ops):
        for side in (node.left, *node.comparators):
            _check_side(side, text, names)
    elif isinstance(node, ast.Name):
        names.add(node.id)
    else:
        raise _refused(text)


def _check_side(node: ast.expr, text: str, names: set[str]) -> None:
    if isinstance(node, ast.Name) and node.id.casefold() not in _WORDS:
        names.add(node.id)
    elif not isinstance(node, ast.Name) and _constant(node) is None:
        raise _refused(text)


def _refused(text: str) -> ConfigError:
    told = N_("{text!r}: only columns, numbers, 'texts', comparisons, and, or, not may stand in a condition")
    return ConfigError(_(told, text=text))


def _constant(node: ast.expr) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float, str)):
        return typed(node.value) if not isinstance(node.value, str) else node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return -inner if isinstance(inner, float) else None
    return None


def _value(node: ast.expr, row: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Name):
        word = _WORDS.get(node.id.casefold()) if node.id not in row else None
        return row.get(node.id) if word is None else word
    return _constant(node)


def _holds(node: ast.expr, row: Mapping[str, Value]) -> bool | None:
    """Whether a part is met, None where a missing cell leaves it open (Kleene's strong logic)."""
    if isinstance(node, ast.BoolOp):
        return _joined([_holds(value, row) for value in node.values], isinstance(node.op, ast.And))
    if isinstance(node, ast.UnaryOp):
        inner = _holds(node.operand, row)
        return None if inner is None else not inner
    if isinstance(node, ast.Compare):
        sides = [_value(side, row) for side in (node.left, *node.comparators)]
        parts = [_compared(op, left, right) for op, left, right in zip(node.ops, sides, sides[1:], strict=False)]
        return _joined(parts, True)
    value = _value(node, row)
    return None if value is None else value is True or value == 1.0


def _joined(parts: Sequence[bool | None], every: bool) -> bool | None:
    """Join parts by `and` (`every`) or `or`."""
    if (not every) in parts:
        return not every
    return None if None in parts else every


def _compared(op: ast.cmpop, left: Value, right: Value) -> bool | None:
    """Compare two values; None where one is missing; a number and a text compare false except as unequal."""
    if left is None or right is None:
        return None
    numbers = all(isinstance(side, (bool, float)) for side in (left, right))
    if not numbers and not (isinstance(left, str) and isinstance(right, str)):
        return isinstance(op, ast.NotEq)
    return bool(_COMPARE[type(op)](left, right))
