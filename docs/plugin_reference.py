"""Write the reference of docs/plugins.md from the code: hooks, what commands are added to, decorators and arguments.

Signatures, arguments, types and defaults are those of the code; so are the paragraphs about hooks. An argument without
a sentence here, or a sentence without an argument, is an error. Run `python docs/plugin_reference.py` to write the page
anew; tests/docs/test_plugin_reference.py compares it with the code.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

from matchengine import comparison_components, components, hookspecs

PAGE = Path(__file__).parent / "plugins.md"
START, END = "<!-- generated: reference -->\n", "<!-- end: reference -->"
DECORATORS: dict[str, Callable[..., Any]] = {
    "scorer": components.scorer,
    "constraint": components.constraint,
    "embedder": components.embedder,
    "index": components.vector_index,
    "assigner": components.assigner,
    "metric": comparison_components.metric,
    "strategy": comparison_components.strategy,
}
"""The decorator of each kind of component."""
ABOUT = {
    "scorer": "On a function: inputs by position, settings by keyword; it gives an array `(P,)` or `Scored`.",
    "constraint": "On a function: inputs by position, settings by keyword; it gives bool `(P,)` or `Ruled`.",
    "embedder": "On a class, or a function that makes the object, with settings by keyword; it follows "
    "`matchengine.components.Embedder`.",
    "index": "On a class or function called with `dimension`, `state` (None or what `state()` gave) and its settings\n"
    "by keyword; the object follows `matchengine.components.VectorIndex`. Where it offers `fork()`, an index of the\n"
    "same vectors, additions to the fork are not found by calls that began before; without it they may be.",
    "assigner": "On a function of one `matchengine.assignment.AssignmentProblem`, settings by keyword; it gives an\n"
    "`Assignment`, or raises `InfeasibleError` where nothing meets every demand.",
    "metric": "On a function of one `matchengine.comparison.Case`, settings by keyword; it gives float64 values,\n"
    "one for each unit of `level`, NaN for a unit without one. A setting `k` is the depth, written after `@`.",
    "strategy": "On a function of one `matchengine.comparison.Asked`, settings by keyword; it gives float64 scores\n"
    "`(P,)`, NaN for a pair that it does not suggest.",
}
NAME = "what a configuration calls it, unique within its kind: 1 to 64 of a-z, 0-9, `_` and `-`"
MEANING = {
    ("scorer", "name"): NAME,
    ("scorer", "role"): "`core` and `history` count in a block with their weight, `history` from what happened before; "
    "`lift` can only raise and is never shown",
    ("scorer", "block"): "the block it counts in, unless the configuration places it elsewhere; not for lifts",
    ("scorer", "title"): "in words, what it compares; its name with blanks where empty",
    ("scorer", "says"): "sentences filled with evidence: one for all, or by direction for the person who looks",
    ("scorer", "says_to"): "sentences by direction for the `candidate` and the `coordinator`",
    ("scorer", "symmetric"): "exchanging both sides changes nothing; the kit checks it",
    ("scorer", "monotone"): "1 or -1 for an input that can only raise or lower the value; the kit checks it",
    ("constraint", "name"): NAME + "; also the reason code",
    ("constraint", "reason"): "why a pair is forbidden, in words",
    ("constraint", "confirm"): "what people should check where the data do not tell",
    ("constraint", "remedy"): "what would help, in words",
    ("constraint", "told_to"): "the readers who may know reason and remedy; others read “not available”",
    ("constraint", "looser"): "for a setting, its values from strict to loose, which `explain` and `check` try",
    ("constraint", "fails_closed"): "what is unknown is a veto",
    ("constraint", "always_on"): "it applies wherever its plugin is enabled, without a line in the configuration",
    ("constraint", "personal"): "its reason is never told",
    ("embedder", "name"): NAME,
    ("index", "name"): NAME,
    ("assigner", "name"): NAME,
    ("assigner", "title"): "how it decides, in words",
    ("assigner", "guarantee"): "what holds for every result, in words; it stands on each plan",
    ("assigner", "baseline"): "for comparisons alone",
    ("metric", "name"): NAME,
    ("metric", "level"): "whose value it gives: `person`, `candidate`, `pair`, or `market` for one in all",
    ("metric", "better"): "which direction is better: `higher` or `lower`",
    ("metric", "unit"): "what is counted, in words",
    ("metric", "title"): "what it tells, in words; its name with blanks where empty",
    ("metric", "needs"): "the parts of a case that it reads; it gets no others",
    ("metric", "lowest"): "no value may be lower",
    ("metric", "highest"): "no value may be higher",
    ("metric", "version"): "count it up when the definition changes; values of two versions are not compared",
    ("metric", "conventions"): "choices on which tools differ, as its signature tells them",
    ("metric", "best_by_gain"): "no order of candidates is better than that of their gains; the kit checks it",
    ("strategy", "name"): NAME,
    ("strategy", "title"): "what it does, in words; its name with blanks where empty",
    ("strategy", "baseline"): "for comparisons alone; only then may it read audit attributes",
    ("strategy", "learns"): "it reads known outcomes, so it is asked fold by fold",
}


def reference() -> str:
    """Return the reference as Markdown."""
    return "\n".join([*_hooks(), *_command_line(), *_decorators()])


def _hooks() -> Iterator[str]:
    yield "### Hooks\n"
    for name in hookspecs.HOOKS:
        yield from _documented(name, hookspecs.signature(name), getattr(hookspecs, name))


def _command_line() -> Iterator[str]:
    yield "### What `matchengine_commands` is given\n"
    for name, method in vars(hookspecs.CommandLine).items():
        if not name.startswith("_"):
            told = str(inspect.signature(method)).replace("'", "").replace("(self, ", "(")
            yield from _documented(f"cli.{name}", f"cli.{name}{told}", method)


def _documented(name: str, signature: str, thing: object) -> Iterator[str]:
    yield f"#### `{name}`\n"
    yield f"```text\n{_broken(signature)}\n```\n"
    yield _markdown(inspect.getdoc(thing) or "") + "\n"


def _broken(signature: str, width: int = 116) -> str:
    """Break a long signature after its arguments."""
    if len(signature) <= width:
        return signature
    head, _open, rest = signature.partition("(")
    inner, _close, result = rest.rpartition(")")
    arguments = [str(part).replace("'", "") for part in _split(inner)]
    return "\n".join([f"{head}(", *(f"    {argument}," for argument in arguments), f"){result}"])


def _split(inner: str) -> Iterator[str]:
    """Split arguments at commas that are in no bracket."""
    depth, start = 0, 0
    for position, letter in enumerate(inner):
        depth += (letter in "[(") - (letter in "])")
        if letter == "," and not depth:
            yield inner[start:position].strip()
            start = position + 1
    yield inner[start:].strip()


def _markdown(docstring: str) -> str:
    """Turn the parameters of a numpydoc docstring into a list."""
    head, found, rest = docstring.partition("\nParameters\n----------\n")
    if not found:
        return docstring
    lines = []
    for line in rest.splitlines():
        name, _colon, kind = line.partition(" : ")
        lines.append(f"* `{name}` ({kind}):" if kind else f"  {line.strip()}")
    return head + "\n" + "\n".join(lines)


def _decorators() -> Iterator[str]:
    yield "### Decorators of components\n"
    kinds = set(get_args(components.Kind))
    if kinds != set(DECORATORS):
        raise ValueError(f"no decorator is told for {sorted(kinds ^ set(DECORATORS))}")
    told = set()
    for kind, decorator in DECORATORS.items():
        yield f"#### `{decorator.__name__}`\n"
        yield ABOUT[kind] + "\n"
        yield "| argument | type | default | meaning |\n| --- | --- | --- | --- |"
        for parameter in inspect.signature(decorator).parameters.values():
            told.add((kind, parameter.name))
            if (kind, parameter.name) not in MEANING:
                raise ValueError(f"no sentence tells what {kind}({parameter.name}=...) means")
            type_ = str(parameter.annotation).replace("|", "\\|")
            default = "" if parameter.default is parameter.empty else f"`{_default(parameter.default)}`"
            yield f"| `{parameter.name}` | `{type_}` | {default} | {MEANING[kind, parameter.name]} |"
        yield ""
    if told != set(MEANING):
        raise ValueError(f"these are no arguments: {sorted(set(MEANING) - told)}")


def _default(value: object) -> str:
    return "all readers" if value is components.VIEWERS else repr(value)


def plugins_page(page: str) -> str:
    """Return the page with the reference written anew between its two markers."""
    head, found, rest = page.partition(START)
    _old, closed, tail = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"docs/plugins.md: expected the markers {START.strip()!r} and {END!r}")
    return f"{head}{START}\n{reference()}\n{END}{tail}"


if __name__ == "__main__":
    PAGE.write_text(plugins_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
