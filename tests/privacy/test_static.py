"""What the source never does: run data as code, load pickles, import by configuration, fetch a URL (SEC8, SEC29)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import matchengine as me
from matchengine.config import parse_config
from tests.security.static_rules import hub_calls, imports_by_name, offences

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(me.__file__).parent
TREES = (SOURCE, *(ROOT / name for name in ("benchmarks", "eval", "docs", "examples", "tools")))
FILES = sorted(path for tree in TREES for path in tree.rglob("*.py"))
STARTS_PYTHON = {
    "src/matchengine/matching/worker.py": {"subprocess.Popen()"},
    "benchmarks/figures/cold.py": {"subprocess.run()"},
    "benchmarks/figures/groups.py": {"subprocess.run()"},
    "benchmarks/figures/stable.py": {"subprocess.run()"},
    "benchmarks/figures/store.py": {"subprocess.run()"},
    "benchmarks/measure.py": {"subprocess.run()"},
    "benchmarks/run.py": {"subprocess.run()"},
    "benchmarks/worlds.py": {"subprocess.run()"},
    "tools/lock.py": {"subprocess.run()"},
}
"""Files that start this interpreter on a module of ours, or a tool of those who release it; none through a shell."""
DRAWS = {"src/matchengine/report/shapes.py": {"from xml.etree import"}}
"""Files that write XML with the standard library and read none."""
HUB = "src/matchengine/plugins/sentence_transformers.py"


def named(path: Path) -> str:
    """Return a file's place in the checkout."""
    return f"src/matchengine/{path.relative_to(SOURCE)}" if path.is_relative_to(SOURCE) else str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    """Return the syntax of a module, for the moment: a whole tree is too large to keep."""
    return ast.parse(path.read_text(encoding="utf-8"))


class Found(NamedTuple):
    """What is looked for in a module, read once."""

    offences: list[str]
    imports: list[str]
    hub: list[str]
    addresses: list[str]


@cache
def looked_through(path: Path) -> Found:
    """Return what a module must not do, its imports by name, its calls into a hub's client, and its addresses."""
    tree = parsed(path)
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    addresses = [text for text in texts if text.startswith(("http://", "https://", "ftp://"))]
    return Found(
        list(offences(tree)), [ast.unparse(call) for call in imports_by_name(tree)], hub_calls(tree), addresses
    )


def test_no_module_runs_data_as_code_or_reaches_the_network() -> None:
    allowed = {named(path): STARTS_PYTHON.get(named(path), set()) | DRAWS.get(named(path), set()) for path in FILES}
    assert len(allowed) == len(FILES) > 500
    found = [(named(path), offence) for path in FILES for offence in looked_through(path).offences]
    assert [(name, offence) for name, offence in found if offence.partition(": ")[2] not in allowed[name]] == []


def test_every_exception_is_still_needed_and_every_tree_is_read() -> None:
    for place, allowed in {**STARTS_PYTHON, **DRAWS}.items():
        path = SOURCE.parent / Path(place).relative_to("src") if place.startswith("src/") else ROOT / place
        assert allowed <= {offence.partition(": ")[2] for offence in looked_through(path).offences}, place
    drawing = (SOURCE / "report" / "shapes.py").read_text(encoding="utf-8")
    assert not {"fromstring", "iterparse", "XMLParser", ".parse("} & {w for w in drawing.split() if "parse" in w}
    assert all(any(path.is_relative_to(tree) for path in FILES) for tree in TREES)


@pytest.mark.parametrize(
    "bad",
    [
        "import pickle",
        "import joblib",
        "import shelve, json",
        "from marshal import loads",
        "import dill as json",
        "import yaml",
        "from urllib.request import urlopen",
        "import requests",
        "import http.client",
        "import socket",
        "from xml.etree import ElementTree",
        "import xml.dom.minidom",
        "from lxml import etree",
        "eval('1')",
        "exec('1')",
        "compile('1', '', 'exec')",
        "import builtins\nbuiltins.exec('1')",
        "__import__('os')",
        "import importlib\nimportlib.import_module('pickle')",
        "from importlib import import_module as get\nget('urllib.request')",
        "import torch\ntorch.load('x')",
        "import torch as t\nt.load('x')",
        "from torch import load\nload('x')",
        "torch.load('x', weights_only=False)",
        "f(trust_remote_code=True)",
        "f(trust_remote_code=anything)",
        "from transformers import AutoModel\nAutoModel.from_pretrained('x')",
        "import sentence_transformers\nsentence_transformers.SentenceTransformer('x')",
        "import numpy as np\nnp.load('x')",
        "import numpy\nnumpy.load('x')",
        "import numpy as np\nnp.load('x', allow_pickle=True)",
        "import pandas as pd\npd.read_pickle('x')",
        "import tempfile\ntempfile.mktemp()",
        "from tempfile import mktemp\nmktemp()",
        "import os\nos.system('x')",
        "import subprocess\nsubprocess.run('x', shell=True)",
        "import subprocess as s\ns.check_output(['x'])",
        "archive.extractall('x')",
        "import shutil\nshutil.unpack_archive('x')",
    ],
)
def test_the_check_sees_what_it_is_there_for(bad: str) -> None:
    assert list(offences(ast.parse(bad)))


@pytest.mark.parametrize(
    "good",
    [
        "import numpy as np\nnp.load('x', allow_pickle=False)",
        "import re\nre.compile('x')",
        "import json\njson.loads('x')",
        "from importlib import import_module\nimport_module('openpyxl')",
        "import sentence_transformers as s\ns.SentenceTransformer('x', trust_remote_code=False)",
        "model.eval()",
        "import tempfile\ntempfile.mkstemp()",
    ],
)
def test_the_check_lets_pass_what_is_harmless(good: str) -> None:
    assert list(offences(ast.parse(good))) == []


def test_only_the_plugin_of_models_talks_to_a_hub() -> None:
    """SEC29: nothing else fetches anything, and that only a model of a pinned commit that the configuration names."""
    assert {named(path): calls for path in FILES if (calls := looked_through(path).hub)} == {
        HUB: ["huggingface_hub.snapshot_download"]
    }
    assert hub_calls(ast.parse("from huggingface_hub import hf_hub_download as get\nget('x')"))


def test_no_address_to_fetch_stands_in_the_source() -> None:
    """SEC29: an address in the source is a name in a format, never a place to ask."""
    places = {(named(p), text) for p in FILES if p.is_relative_to(SOURCE) for text in looked_through(p).addresses}
    assert {place for place in places if not place[1].startswith(NAMES_OF_FORMATS)} == set()


NAMES_OF_FORMATS = ("http://data.europa.eu/esco/", "http://www.w3.org/", "https://json-schema.org/")


def test_modules_are_imported_by_name_only_from_lists_in_the_source() -> None:
    """The package's own lazy names, the built-in plugins, and the file that `--plugin-file` names, never a config."""
    found = {
        str(p.relative_to(SOURCE)): of for p in FILES if p.is_relative_to(SOURCE) and (of := looked_through(p).imports)
    }
    own = {"lazy.py", "plugins/evaluation.py"}
    assert set(found) <= own | {"registry.py", "discovery.py", "cli/checks.py"}, found
    assert found["discovery.py"] == [
        "importlib.util.spec_from_file_location(name, path, loader=_FromSource(name, str(path)))"
    ]
    assert found["registry.py"] == ["importlib.import_module(BUILTIN_PLUGINS[name])"]


@pytest.mark.parametrize("name", ["os.system", "matchengine.testing", "a:b", "../x", "os", "tests.support"])
def test_a_configuration_cannot_import_by_path(name: str) -> None:
    for text in (f'[plugins]\nenable = ["{name}"]\n[embedder]\nuse = "lexical"\n', f'[embedder]\nuse = "{name}"\n'):
        with pytest.raises(me.MatchEngineError):
            me.Engine(
                parse_config(
                    f'name = "x"\n{text}[match.mentor]\nrequester="mentee"\ncandidate="mentor"\n'
                    '[match.mentor.scorers.goals]\nuse = "semantic_reciprocal"\n'
                )
            )
