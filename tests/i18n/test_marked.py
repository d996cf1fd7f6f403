"""No sentence goes past the catalogue: found in the code itself, before anybody reads it in the wrong language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import NamedTuple, get_args

import pytest

from matchengine.io.report import KEYS, Effect
from tests.i18n.sources import MARKERS, called, functions, modules, own, tree, unmarked

FOR_AUTHORS = {
    "components.py": "the decorators speak to the author of a component",
    "hookspecs.py": "a hook specification is never called",
    "plugins/numpy_index.py": "an index is called by the engine and by authors, never with what a user wrote",
    "matching/constrain.py": "what a constraint returned is its author's affair",
    "matching/boundary.py": "what a component did is its author's affair",
    "matching/transport.py": "what two processes of one program say to each other",
    "comparison.py": "arrays that are handed over in code",
    "comparison_components.py": "the decorators speak to the author of a component",
    "metrics": "what an evaluation asks for is checked before; the rest is a call in code",
    "plugins/pgvector.py": "a call in code, as of the reference index",
    "store/array_file.py": "what is wrong with the bytes of a file; the sentence around it is translated",
    "testing": "the conformance kit speaks to the author of a component",
}
"""Modules (or folders) whose plain sentences only a programmer reads, with the reason."""
ALLOWED = {
    ("lazy.py", "module … has no attribute "): "Python's own sentence for a missing attribute",
    ("pool/embed.py", " texts were given with … language tags; give one tag per text"): "a call in code",
    (
        "pool/embed.py",
        "embedder … returned vectors … … and flags … for … texts; expected float32 (…, …) and (…,)",
    ): "for the author of an embedder",
    ("pool/embed.py", "embedder … returned … rows that are not unit vectors"): "for the author of an embedder",
    ("matching/voice.py", "a sentence of a scorer (…)"): "for the author of a scorer",
    ("planning/exposure/measures.py", "gini: values must be at least 0 and known"): "a call in code",
    ("planning/mixer_rounds.py", "somebody has more meetings than there are rounds"): "a call in code",
    ("planning/mixer_rounds.py", "more meetings than rounds and tables hold"): "a call in code",
}
"""Single sentences that stay plain, with the reason."""


class Module(NamedTuple):
    """What the tests look for in a module, read once: a whole syntax tree is too large to keep."""

    unmarked: list[tuple[int, str]]
    marked: list[ast.Call]
    hidden: list[tuple[list[int], list[int]]]
    counts: set[str]


@cache
def read(name: str) -> Module:
    """Read a module of the package."""
    syntax = tree(name)
    calls = [node for node in ast.walk(syntax) if isinstance(node, ast.Call) and called(node) in MARKERS]
    return Module(list(unmarked(syntax)), calls, list(_hidden(syntax)), set(_counts(syntax)))


def for_authors(name: str) -> bool:
    """Return whether only programmers read the errors of a module."""
    return name in FOR_AUTHORS or name.partition("/")[0] in FOR_AUTHORS


def test_no_sentence_is_plain() -> None:
    plain = [
        (f"{name}:{line}", text)
        for name in modules()
        if not for_authors(name)
        for line, text in read(name).unmarked
        if (name, text) not in ALLOWED
    ]
    assert not plain, "mark these with _, ngettext or N_, or allow them with a reason"


def test_what_is_allowed_is_still_there() -> None:
    for name, text in ALLOWED:
        assert text in {found for _line, found in read(name).unmarked}, f"{name}: {text}"
    for name in FOR_AUTHORS:
        assert any(True for module in modules() if module.startswith(name) for _found in read(module).unmarked), name


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("raise ConfigError(f'{path}: not a file')", 1),
        ("raise ConfigError(_('{path}: not a file', path=path))", 0),
        ("expected = 'a whole number'\nreport.add(file, expected)", 1),
        ("expected = _('a whole number')\nreport.add(file, expected, effect='row left out')", 0),
        ("report.add(file, text, value=f'{n} whole entries')", 1),
        ("def f():\n    problems.append('not a file')", 1),
        ("problems += [f'{where}: {text}']", 0),
        ("problems += ['it is wrong' for _x in y]", 1),
        ("raise ValueError('no file' if x else _('not one file'))", 1),
        ("output.note('all is well')", 1),
        ("parser.add_argument('--x', help='do not ask')", 1),
        ("print('all is well', file=sys.stderr)", 1),
        ("print(f'matchengine import: {sentence}')", 0),
        ("x = {'all is well': 1}", 0),
    ],
)
def test_the_search_finds_plain_sentences(code: str, found: int) -> None:
    assert len(list(unmarked(ast.parse(code)))) == found


def marked() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a marker, with the module it stands in."""
    return ((name, call) for name in modules() for call in read(name).marked)


def test_sentences_are_whole_literals_or_constants() -> None:
    for name, call in marked():
        count = 2 if called(call) in {"ngettext", "Plural"} else 1
        for sentence in call.args[:count]:
            literal = isinstance(sentence, ast.Constant) and isinstance(sentence.value, str)
            constant = isinstance(sentence, (ast.Name, ast.Attribute, ast.Subscript)) and called(call) != "N_"
            assert literal or constant, f"{name}:{call.lineno}: {ast.unparse(sentence)} cannot be extracted"


def test_the_places_of_a_sentence_are_filled() -> None:
    for name, call in marked():
        if called(call) not in {"_", "ngettext"} or any(keyword.arg is None for keyword in call.keywords):
            continue
        plural = called(call) == "ngettext"
        for sentence in call.args[: 2 if plural else 1]:
            if isinstance(sentence, ast.Constant):
                places = {place for _lit, place, _spec, _conv in Formatter().parse(sentence.value) if place is not None}
                given = {keyword.arg for keyword in call.keywords} | ({"n"} if plural else set())
                where = f"{name}:{call.lineno}: {sentence.value!r}"
                assert places <= given, where
                assert all(place.isidentifier() for place in places), where
                assert not call.keywords or places, where


def test_nothing_hides_the_marker() -> None:
    """`head, _, tail = …` makes `_` a local name of the whole function, where it no longer translates."""
    for name in modules():
        for bound, calls in read(name).hidden:
            assert not (bound and calls), f"{name}: _ is bound in line {bound} and called in line {calls}"


def test_the_search_finds_what_hides_the_marker() -> None:
    code = "def f(x):\n    head, _, tail = x\n    return _('a word')\ndef g(x):\n    return [_('a word') for _ in x]"
    assert [found for found in _hidden(ast.parse(code)) if all(found)] == [([2], [3])]


def _hidden(module: ast.Module) -> Iterator[tuple[list[int], list[int]]]:
    """Yield for every scope where `_` is bound and where it is called."""
    for scope in functions(module):
        nodes = list(own(scope))
        loops = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        inner = {
            id(n) for node in nodes if isinstance(node, loops) for g in node.generators for n in ast.walk(g.target)
        }
        bound = [node.lineno for node in nodes if _binds(node) and id(node) not in inner]
        yield bound, [node.lineno for node in nodes if called(node) == "_"]


def _binds(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "_" and isinstance(node.ctx, ast.Store)


def test_the_keys_that_reports_say_are_marked() -> None:
    assert set(get_args(Effect)) <= set(KEYS)
    counted = set().union(*(read(name).counts for name in modules()))
    assert "rows left out" in counted
    assert counted <= set(KEYS)


def _counts(module: ast.Module) -> Iterator[str]:
    """Yield the keys under which reports count something."""
    for node in ast.walk(module):
        if not (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute)):
            continue
        if isinstance(node.slice, ast.Constant) and ast.unparse(node.value).endswith("report.counts"):
            yield node.slice.value
