"""The code as syntax trees: where sentences are said, and which of them went past the catalogue."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "matchengine"
MARKERS = {"_", "N_", "ngettext", "Plural"}
_WORD = re.compile(r"[A-Za-z]+")
_PROGRAM = re.compile(r"^matchengine [a-z -]*: ")
"""What every error of a command begins with."""
_LISTS = {"problems", "warnings", "sentences", "lines", "told"}
_TEXT_ARGUMENTS = {"help", "description", "epilog", "title", "found", "advice", "expected", "value", "text"}


@cache
def catalogue() -> ModuleType:
    """Return docs/catalogue.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_catalogue", ROOT / "docs" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def modules() -> list[str]:
    """Return every module of the package by its path below it."""
    return sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def tree(name: str) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse((PACKAGE / name).read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def functions(module: ast.Module) -> Iterator[ast.AST]:
    """Yield the module itself and every function in it."""
    yield module
    yield from (node for node in ast.walk(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def own(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function (or of a module) that are not in a function below it."""
    todo = list(ast.iter_child_nodes(scope))
    for node in todo:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            todo += ast.iter_child_nodes(node)


def unmarked(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and text of every sentence (two words or more) that is said without the catalogue."""
    for scope in functions(module):
        nodes = list(own(scope))
        assigned: dict[str, list[ast.expr]] = {}
        for node in nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
        for node in nodes:
            for said in _said(node):
                sources = assigned.get(said.id, []) if isinstance(said, ast.Name) else [said]
                for source in sources:
                    yield from ((text.lineno, words) for text, words in _plain(source))


def _said(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the arguments of a node that people read: of errors, reports, prints, warnings and help."""
    if isinstance(node, ast.AugAssign) and getattr(node.target, "id", "") in _LISTS:
        yield node.value
    if not isinstance(node, ast.Call):
        return
    name = called(node)
    owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
    positional: list[ast.expr] = []
    if name.endswith("Error") or name in {"print", "warn", "blame"} or (name == "note" and owner == "output"):
        positional = node.args
    elif name == "add" and owner.endswith("report"):
        positional = node.args[:2]
    elif name in {"append", "extend"} and owner.rpartition(".")[2] in _LISTS:
        positional = node.args
    elif name not in {"add", "add_argument", "add_parser", "add_argument_group", "Check", "Parser", "ArgumentParser"}:
        return
    yield from positional
    yield from (keyword.value for keyword in node.keywords if keyword.arg in _TEXT_ARGUMENTS)


def _plain(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Yield the strings below a node that no marker holds; what other calls are given is theirs to say."""
    if called(node) in MARKERS:
        return
    if isinstance(node, ast.Call) and called(node) not in {"join", "str", "paragraph", "rstrip", "replace"}:
        return
    if isinstance(node, (ast.Constant, ast.JoinedStr)):
        parts = [node] if isinstance(node, ast.Constant) else [v for v in node.values if isinstance(v, ast.Constant)]
        text = "…".join(part.value for part in parts if isinstance(part.value, str))
        if len(_WORD.findall(_PROGRAM.sub("", text))) > 1 and " " in text.strip():
            yield node, text
            return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FormattedValue):
            yield from _plain(child.value)
        elif isinstance(child, ast.expr):
            yield from _plain(child)
        elif isinstance(child, ast.comprehension):
            yield from _plain(child.iter)
