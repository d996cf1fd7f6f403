"""Names, links, rules and keys in the documentation exist; nothing that should be there is missing; plain to read."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from matchengine.config import (
    ComponentChoice,
    EmbedderChoice,
    EngineConfig,
    MatchConfig,
    RetrieveConfig,
    RunConfig,
    ScorerChoice,
)
from matchengine.errors import MatchEngineError
from matchengine.registry import Registry
from tests.docs.pages import DOCS, PAGES, ROOT, blocks, prose

NAME = re.compile(r"\bmatchengine(?:\.[A-Za-z_]\w*)+")
GUIDE = (DOCS / "guide.md").read_text(encoding="utf-8")
SCORERS = (DOCS / "scorers.md").read_text(encoding="utf-8")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each_page
def test_dotted_names_resolve(page: Path) -> None:
    for name in sorted(set(NAME.findall(page.read_text(encoding="utf-8")))):
        if name.endswith((".toml", ".json", ".md")):
            continue
        parts = name.split(".")
        thing: object = importlib.import_module(parts[0])
        for number, part in enumerate(parts[1:], 2):
            if not hasattr(thing, part):
                thing = importlib.import_module(".".join(parts[:number]))
            else:
                thing = getattr(thing, part)


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+://", target):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        if anchor:
            assert anchor in {_slug(title) for title in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)}, target


def _slug(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@each_page
def test_pages_are_plain(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for number, line in enumerate(prose(page).splitlines(), 1):
        assert len(line) <= 120 or line.startswith("|"), f"{page.name}:{number} is longer than 120 characters"
    words = re.findall(r"\b(TODO|FIXME|XXX|stub|placeholder|lorem)\b", text, re.IGNORECASE)
    assert not words
    machine = re.findall(r"/(?:home|Users|work|tmp|root)/", text)
    assert not machine


@each_page
def test_blocks_are_closed_and_say_their_language(page: Path) -> None:
    assert len(re.findall(r"^```", page.read_text(encoding="utf-8"), re.MULTILINE)) == 2 * len(blocks(page))
    assert not [block.where for block in blocks(page) if not block.language]


def test_the_guide_explains_every_key_of_the_configuration() -> None:
    models = (EngineConfig, MatchConfig, RetrieveConfig, RunConfig, ScorerChoice, EmbedderChoice, ComponentChoice)
    explained = set(re.findall(r"`([a-z_]+)`", GUIDE)) | set(re.findall(r"`\[([a-z]+)\]`", GUIDE)) | {"match"}
    for model in models:
        keys = {field.alias or name for name, field in model.model_fields.items()}
        assert keys <= explained, f"{model.__name__}: {sorted(keys - explained)}"


def test_the_guide_explains_every_rule_and_which_are_always_on() -> None:
    registry = Registry(["builtin"])
    section = GUIDE.partition("\n## Rules\n")[2].partition("\n## ")[0]
    tables = [set(re.findall(r"^\| `(\w+)`", part, re.MULTILINE)) for part in section.split("These are in the shipped")]
    always = {spec.name for spec in registry.always_on()}
    assert tables == [always, {spec.name for spec in registry.specs("constraint")} - always]
    closed = {spec.name for spec in registry.always_on() if spec.fails_closed}
    assert set(re.findall(r"^\| `(\w+)` .*\| excluded \|$", section, re.MULTILINE)) == closed


def test_the_scorer_page_lists_the_built_in_scorers_with_their_blocks() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (need|relate|feasible) \|", SCORERS, re.MULTILINE))
    core = [spec for spec in Registry(["builtin"]).specs("scorer") if spec.role == "core"]  # type: ignore[attr-defined]
    assert listed == {spec.name: spec.block for spec in core}  # type: ignore[attr-defined]


def test_the_embedding_page_gives_the_exit_code_of_every_error() -> None:
    from matchengine.cli import _STATUS

    page = (DOCS / "embedding.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `matchengine\.errors\.(\w+)` \|.*\| (\d) \|$", page, re.MULTILINE))
    errors = {cls.__name__: cls for cls in _below(MatchEngineError) if cls.__module__ == "matchengine.errors"}
    assert set(listed) == set(errors)
    for name, status in listed.items():
        assert next(code for kind, code in _STATUS if issubclass(errors[name], kind)) == int(status), name


def _below(cls: type) -> list[type]:
    return [sub for direct in cls.__subclasses__() for sub in (direct, *_below(direct))]


def test_examples_of_times_are_understood() -> None:
    from matchengine.io.slots import parse_slots

    section = (DOCS / "mapping.md").read_text(encoding="utf-8").partition("\n## Times\n")[2].partition("```")[0]
    examples = [slot for text in re.findall(r"`([^`]+)`", section) for slot in text.split(";")]
    assert len(examples) >= 4
    for example in examples:
        assert parse_slots(example.strip(), "Europe/London"), example


def test_every_page_can_be_found_from_another() -> None:
    linked = {
        (page.parent / t.partition("#")[0]).resolve()
        for page in PAGES
        for t in re.findall(r"\]\(([^)\s]+)\)", prose(page))
    }
    for page in DOCS.glob("*.md"):
        assert page.resolve() in linked, f"no page links to {page.relative_to(ROOT)}"
