"""Every command in a language of foreign letters: whatever stays plain never went through the catalogue.

What people or standards named (ids, files, options, keys of TOML and JSON, fields, closed vocabularies, plugins,
packages) stays as it is. So do the sentences of Python, the operating system and libraries inside ours, which no case
here meets.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from matchengine import records
from matchengine.cli.checks import _EXTRAS
from matchengine.config import EngineConfig, to_toml
from matchengine.i18n import PSEUDO
from matchengine.io.fields import TABLES
from matchengine.io.mapping import Mapping
from matchengine.registry import BUILTIN_PLUGINS, Registry
from tests.cli.commands import Done, run
from tests.docs.pages import generator
from tests.i18n.programme import write_programme
from tests.i18n.sources import ROOT

TOKEN = re.compile(r"[A-Za-z0-9_.<>@-]*[A-Za-z]{3,}[A-Za-z0-9_.<>@-]*")
HEXADECIMAL = re.compile(r"[0-9a-f]{16,}")
OTHER = {"past", "matchengine", "pip", "install", "attributes.<dimension>", "example.org"}
OTHER |= {"true", "false", "main", "HASH"}
"""The program, what a shell runs, place holders, TOML, and the programme that a store has unless it is told."""
ORDERS = {"day", "month", "year"}
"""Words of `date_order`, in which a line may break."""


def _names(model: type[BaseModel], seen: set[type]) -> Iterator[str]:
    """Yield the field names of a model and of all models in it, and the words of its closed vocabularies."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield from (name, field.alias or name)
        yield from _in_annotation(field.annotation, seen)


def _in_annotation(annotation: Any, seen: set[type]) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _names(annotation, seen)
    for argument in get_args(annotation):
        if isinstance(argument, str):
            yield argument
        else:
            yield from _in_annotation(argument, seen)


@cache
def identifiers() -> frozenset[str]:
    """Return every name that is not translated."""
    found = set(OTHER) | set(BUILTIN_PLUGINS) | set(_EXTRAS) | {package for of in _EXTRAS.values() for package in of}
    seen: set[type] = set()
    for model in [EngineConfig, Mapping, *(getattr(records, name) for name in records.__all__)]:
        if isinstance(model, type) and issubclass(model, BaseModel):
            found |= {model.__name__, *_names(model, seen)}
    for targets in TABLES.values():
        for target in targets.values():
            found |= {target.name, *target.words, *target.parts, *target.name.split(".")}
    registry = Registry([*BUILTIN_PLUGINS])
    for kind in ("scorer", "constraint", "embedder", "index"):
        found |= {kind, *(spec.name for spec in registry.specs(kind))}
    for path in (ROOT / "configs").glob("*.toml"):
        config = path.read_text(encoding="utf-8")
        found |= {path.stem, path.name, *TOKEN.findall(to_toml(EngineConfig.model_validate(tomllib.loads(config))))}
    for name, parser in generator().parsers():
        found |= set(name.split())
        for action in parser._actions:
            found |= {*action.option_strings, action.dest, action.dest.upper(), str(action.metavar)}
    return frozenset(name.strip("-.") for name in found)


def plain(done: Done, *data: object) -> list[str]:
    """Return the plain words of what a command said; `data` are paths and other words that belong to the case."""
    text = done.text
    for word in sorted(map(str, data), key=len, reverse=True):
        text = re.sub(r"\s*".join(map(re.escape, word)), "", text)  # a long path is broken at the end of a line
    text = HEXADECIMAL.sub("", " ".join(text.split()))
    return sorted({token for token in (found.strip("-.") for found in TOKEN.findall(text)) if not _named(token)})


def _named(token: str) -> bool:
    """Return whether a token is a name, or a path of names such as `match.mentor.scorers` or `consent.1`."""
    known = identifiers() | ORDERS
    return token in known or all(part in known or part.isdecimal() for part in re.split("[.-]", token))


@pytest.fixture(scope="module", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATCHENGINE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the programme; its data are imported."""
    made = tmp_path_factory.mktemp("programme")
    assert run("import", *write_programme(made), "--quiet").status == 0
    return made


def test_the_search_finds_plain_words() -> None:
    assert plain(Done(0, "⟦ñö⟧ row 3, --config: ⟦þļàíñ⟧ lines.txt", "")) == ["lines.txt", "row"]
    assert plain(Done(0, "place.country has mentor", "")) == ["has"]


@pytest.mark.parametrize("command", sorted(name for name, _parser in generator().parsers()))
def test_help_is_in_the_language(command: str) -> None:
    done = run(*command.split()[1:], "--help", "--language", PSEUDO)
    assert done.status == 0
    assert not plain(done, "matchengine-data", "demo-output", "FILE.py", "KIND=SHARE")


def test_the_language_is_taken_before_and_after_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = (
        run("--language", PSEUDO, "config", "show", "x"),
        run("config", "show", "x", f"--language={PSEUDO}"),
    )
    assert before == after
    assert before.status == 2
    assert "⟦" in before.err
    assert "⟦" not in run("config", "show", "x").err
    monkeypatch.setenv("MATCHENGINE_LANGUAGE", PSEUDO)
    assert run("config", "show", "x") == before
    assert "⟦" not in run("config", "show", "x", "--language", "en").err


def test_an_unknown_language_is_2_and_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("doctor", "--language", "dee")
    assert done == Done(2, "", "matchengine: no sentences in language 'dee'; did you mean 'de'?\n")
    monkeypatch.setenv("MATCHENGINE_LANGUAGE", "dee")
    assert run("--help") == done
    assert run("--version", "--language", "en").status == 0


def test_the_doctor(tmp_path: Path) -> None:
    done = run("doctor", "--config", "lexical", "--data", tmp_path / "0", "--language", PSEUDO)
    assert done.status == 4
    assert not plain(done, tmp_path / "0" / "engine", "manifest.json", "+cpu")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("across = 0.0", 'across = "0"'), ""),
        (("seed = 0", "seed = -1\nsead = 1"), "sead"),
        (('use = "style_fit"', 'use = "stile_fit"'), "stile_fit"),
        (('block = "relate"', 'block = "relates"'), "relates"),
        (('requester = "mentee"', 'requester = "mentee"\nblocks = { need = 0 }'), "0"),
        (('enable = ["builtin"', 'enable = ["biultin"'), "biultin"),
        (("[run]", "[retrieve]\nshortlist = 1\n[run]"), ""),
    ],
)
def test_configurations_that_cannot_be_used(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    text = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")
    text = text if "[run]" in text else text + "\n[run]\nseed = 0\n"
    text = text if change[0] in text else text.replace("[match.mentor]\n", f"[match.mentor]\n{change[0]}\n")
    (tmp_path / "0.toml").write_text(text.replace(change[0], change[1], 1), encoding="utf-8")
    done = run("doctor", "--config", tmp_path / "0.toml", "--language", PSEUDO)
    assert done.status in {0, 4}
    assert not plain(done, tmp_path, "0.toml", told or "\0", "+cpu")


def test_what_is_configured() -> None:
    done = run("config", "show", "lexical", "--language", PSEUDO)
    assert done.status == 0
    assert done.out.startswith("# ⟦")
    assert not plain(done)


@pytest.mark.parametrize("command", [["config", "show", "0"], ["config", "show", "0", "--config", "1"]])
def test_wrong_choices_of_configuration(command: list[str]) -> None:
    done = run(*command, "--language", PSEUDO)
    assert done.status == 2
    assert not plain(done)


def test_an_import_with_about_every_problem(tmp_path: Path) -> None:
    done = run("import", *write_programme(tmp_path), "--language", PSEUDO)
    assert done.status == 0, done.err
    assert len(re.findall("⟦", done.err)) > 40
    assert not plain(done, tmp_path, "1.csv", "2.csv", "3.csv", "records", "import-report.json", ".gender")


def test_a_strict_import(tmp_path: Path) -> None:
    done = run("import", *write_programme(tmp_path), "--strict", "--language", PSEUDO)
    assert done.status == 3
    assert not plain(done, tmp_path, "1.csv", "2.csv", "3.csv", ".gender")


def test_imports_of_files_that_are_refused(tmp_path: Path) -> None:
    arguments = write_programme(tmp_path)
    for number, content in enumerate((b"", b"\x00\x01", "@".join(["1", "example.org\n"]).encode(), b"1;2\n3;4\n")):
        (tmp_path / "1.csv").write_bytes(content)
        done = run("import", *arguments, "--language", PSEUDO)
        assert done.status == 3, number
        assert not plain(done, tmp_path, "1.csv", "2.csv", "3.csv"), number
    for name in ("0.csv", "0.pdf"):
        done = run("import", tmp_path / name, *arguments[1:], "--language", PSEUDO)
        assert done.status == 3
        assert not plain(done, tmp_path, "0.csv", "0.pdf", "2.csv", "3.csv", ".pdf")


def test_mappings_that_cannot_be_used(tmp_path: Path) -> None:
    arguments = write_programme(tmp_path)
    (tmp_path / "1.toml").write_text(
        '[day_parts]\n"αργά" = "0"\n[constants]\nage_band = "0"\ncapacity = 99\n[columns]\n"α" = "gaols"\n'
        '"β" = { to = "goals", fixed = { level = 1, priority = 9 } }\n"γ" = { to = "roles", when_yes = "0" }\n'
        '[[consent]]\ncolumn = "δ"\nfields = ["goals"]\npurposes = ["match"]\ntext_version = "1"\n'
        'date = 2024-05-31\n[[consent]]\ncolumn = "δ"\nfields = ["age_band"]\ntext_version = "1"\n',
        encoding="utf-8",
    )
    done = run("import", *arguments, "--language", PSEUDO)
    assert done.status == 2
    assert not plain(done, tmp_path, "1.toml", "gaols")


def test_suggestions(folder: Path) -> None:
    for kind in ("mentor", "group"):
        done = run("suggest", "1", "--kind", kind, "--data", folder / "data", "--language", PSEUDO)
        assert done.status == 0, done.err
        assert not plain(done, folder)


def test_what_the_embedder_sees(folder: Path) -> None:
    done = run("show-text", "1", "--data", folder / "data", "--language", PSEUDO)
    assert done.status == 0
    assert not plain(done, folder)


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["suggest", "99"], 3),
        (["show-text", "99"], 3),
        (["suggest", "1", "--kind", "0"], 2),
        (["suggest", "2", "--kind", "mentor"], 3),
        (["suggest", "1", "--config", "0"], 2),
    ],
)
def test_requests_that_are_refused(folder: Path, command: list[str], status: int) -> None:
    done = run(*command, "--data", folder / "data", "--language", PSEUDO)
    assert done.status == status
    assert not plain(done, folder)


def test_a_mapping_is_suggested(folder: Path) -> None:
    done = run("import", folder / "1.csv", "--suggest-map", "--language", PSEUDO)
    assert done.status == 0
    assert not plain(done, folder, "Europe/London")
