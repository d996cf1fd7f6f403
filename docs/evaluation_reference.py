"""Write the tables of docs/evaluation.md from the code: every strategy and every metric that the plugins offer.

Run `python docs/evaluation_reference.py` to write the page anew; tests/docs/test_evaluation_page.py compares it with
the registry. A part of a case without a sentence here, or a sentence without a part, is an error.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from matchengine.comparison_components import MetricSpec, Need, StrategySpec
from matchengine.registry import Registry

PAGE = Path(__file__).parent / "evaluation.md"
NAMES = ("strategies", "metrics")
PARTS = {
    "lists": "Lists: always measured",
    "seats": "Lists and places: always measured; who states no places counts as without a limit",
    "reverse": "Lists of both sides: an engine scores each side for itself, other strategies give one score for both",
    "mutual": "Both said yes: where `[data.relevance]` has `other_side`",
    "placed": "Assignments: strategies with `assign`",
    "probability": "Chances of success: learned from the outcomes of other folds, at least 20 of them",
    "perturbed": "Stability: asked again with a twentieth of the candidates gone",
    "groups": "Groups: strategies with `groups`",
    "swaps": "Swaps: strategies with `swaps`",
    "cost": "Cost: never part of a result, because it is not the same twice; it stands in `run.json`",
    "propensity": "",
}
"""What a heading says of the part that decides when a metric applies; the last one that a metric names counts."""
RANK = {name: place for place, name in enumerate(PARTS)}
WHOSE = {"person": "person", "candidate": "candidate", "pair": "pair", "market": "everybody"}


def registry() -> Registry:
    """Return the plugins that every evaluation enables."""
    return Registry(["builtin", "evaluation"])


def strategies() -> Iterator[str]:
    """Yield the table of strategies."""
    yield "| `use` | what it is | how | settings | learns |\n| --- | --- | --- | --- | --- |"
    how = "Score with a configuration, that of `[data]` or another one, changed by the keys above"
    yield f"| `engine` | The engine | {how} | those of its own file | with `history` or `tune` |"
    for spec in sorted(registry().specs("strategy"), key=lambda spec: spec.name):
        if not isinstance(spec, StrategySpec):
            raise ValueError(f"{spec.name} is no strategy")
        given = ", ".join(f"`{name}`" for name in spec.settings.model_fields if name != "encode") or "none"
        said = (inspect.getdoc(spec.build) or "").partition("\n")[0].split("; float64")[0].rstrip(".")
        yield f"| `{spec.name}` | {spec.title} | {said} | {given} | {'yes' if spec.learns else 'no'} |"


def metrics() -> Iterator[str]:
    """Yield one table of metrics for each part of a case that decides when they apply."""
    by_part: dict[str, list[MetricSpec]] = {}
    for spec in registry().specs("metric"):
        if not isinstance(spec, MetricSpec):
            raise ValueError(f"{spec.name} is no metric")
        by_part.setdefault(max(spec.needs, key=lambda need: RANK[need]), []).append(spec)
    if set(RANK) != set(get_args(Need)):
        raise ValueError(f"no heading is told for {sorted(set(RANK) ^ set(get_args(Need)))}")
    for part, heading in PARTS.items():
        if part not in by_part:
            continue
        yield f"**{heading}.**\n"
        yield "| write | what it tells | a value for | unit | better | other settings |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for spec in sorted(by_part[part], key=lambda spec: spec.name):
            more = ", ".join(f"`{name}`" for name in spec.settings.model_fields if name != "k")
            unit, whose = spec.unit or "value", WHOSE[spec.level]
            yield f"| {_written(spec)} | {spec.title} | {whose} | {unit} | {spec.better} | {more} |"
        yield ""


def _written(spec: MetricSpec) -> str:
    depth = spec.settings.model_fields.get("k")
    if depth is None:
        return f"`{spec.name}`"
    return f"`{spec.name}@k`" if depth.is_required() else f"`{spec.name}`, `{spec.name}@k`"


def evaluation_page(page: str) -> str:
    """Return the page with its tables written anew, each between its two markers."""
    for name, lines in zip(NAMES, (strategies, metrics), strict=True):
        start, end = f"<!-- generated: {name} -->\n", f"<!-- end: {name} -->"
        head, found, rest = page.partition(start)
        _old, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"docs/evaluation.md: expected the markers {start.strip()!r} and {end!r}")
        written = "\n".join(lines()).strip()
        page = f"{head}{start}\n{written}\n\n{end}{tail}"
    return page


if __name__ == "__main__":
    PAGE.write_text(evaluation_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
