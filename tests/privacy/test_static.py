"""What the source never does: run data as code, load pickles, import by configuration, fetch a URL (SEC8, SEC29)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import matchengine as me
from matchengine.config import parse_config

SOURCE = Path(me.__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))
BANNED_MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml", "urllib", "urllib3", "requests",
    "httpx", "http", "socket", "ftplib", "smtplib", "aiohttp", "runpy", "code", "telnetlib", "xmlrpc",
}  # fmt: skip
BANNED_CALLS = {"eval", "exec", "compile", "__import__", "execfile"}
BANNED_METHODS = {
    "torch.load", "torch.hub.load", "yaml.load", "pickle.load", "pickle.loads", "joblib.load", "os.system", "os.popen",
    "numpy.fromregex", "urllib.request.urlopen", "subprocess.run", "subprocess.Popen", "os.execv",
}  # fmt: skip


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` of an attribute chain."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def offences(tree: ast.AST) -> Iterator[str]:
    """Yield what a module must not do, with its line."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            yield from (f"{line}: import {a.name}" for a in node.names if a.name.split(".")[0] in BANNED_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] in BANNED_MODULES:
                yield f"{line}: from {node.module} import"
        elif isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in BANNED_CALLS or name in BANNED_METHODS:
                yield f"{line}: {name}()"
            for keyword in node.keywords:
                told = isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                if keyword.arg in ("trust_remote_code", "allow_pickle", "shell") and not told:
                    yield f"{line}: {keyword.arg} is not False"
            if name in ("np.load", "numpy.load") and not any(k.arg == "allow_pickle" for k in node.keywords):
                yield f"{line}: np.load without allow_pickle=False"


def imports_by_name(tree: ast.AST) -> list[ast.Call]:
    """Return calls that import a module by a name computed at run time."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    wanted = ("importlib.import_module", "import_module", "importlib.util.spec_from_file_location")
    return [c for c in calls if dotted(c.func) in wanted and not isinstance(c.args[0], ast.Constant)]


@cache
def looked_through(path: Path) -> tuple[list[str], list[str]]:
    """Return the offences of a module, and its imports by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return list(offences(tree)), [ast.unparse(call) for call in imports_by_name(tree)]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_module_runs_data_as_code_or_reaches_the_network(path: Path) -> None:
    found, _imports = looked_through(path)
    if path.relative_to(SOURCE).as_posix() == "matching/worker.py":  # starts this interpreter on a module of ours
        found = [offence for offence in found if not offence.endswith("subprocess.Popen()")]
    assert found == []


@pytest.mark.parametrize(
    "bad",
    [
        "import pickle",
        "from urllib.request import urlopen",
        "eval('1')",
        "import torch\ntorch.load('x')",
        "f(trust_remote_code=True)",
        "f(trust_remote_code=anything)",
        "import numpy as np\nnp.load('x')",
        "import numpy as np\nnp.load('x', allow_pickle=True)",
    ],
)
def test_the_check_sees_what_it_is_there_for(bad: str) -> None:
    assert list(offences(ast.parse(bad)))


def test_modules_are_imported_by_name_only_from_lists_in_the_source() -> None:
    """The package's own lazy names, the built-in plugins, and the file that `--plugin-file` names, never a config."""
    found = {str(path.relative_to(SOURCE)): calls for path in FILES if (calls := looked_through(path)[1])}
    own = {"__init__.py", "evaluation/__init__.py", "plugins/evaluation.py"}
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
