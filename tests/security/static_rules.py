"""What a source of this project never does, found by reading it: data as code, pickles, imports by configuration,
network, shells, hostile archives and XML (SEC8, SEC27, SEC29). It knows nothing of the package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

PICKLES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
NETWORK = {
    "urllib", "urllib2", "urllib3", "requests", "httpx", "httplib2", "http", "socket", "socketserver", "ssl", "ftplib",
    "smtplib", "poplib", "imaplib", "telnetlib", "xmlrpc", "aiohttp", "websockets", "pycurl", "asyncore", "nntplib",
}  # fmt: skip
RUNNERS = {"runpy", "code", "codeop"}
XML_PARSERS = {"xml", "lxml", "xmltodict", "untangle"}
BANNED_MODULES = {*PICKLES, *NETWORK, *RUNNERS, *XML_PARSERS, "yaml", "ruamel"}
BANNED_CALLS = {"eval", "exec", "compile", "__import__", "execfile", "execv", "extractall", "mktemp"}
BANNED_METHODS = {
    "torch.load", "torch.hub.load", "torch.jit.load", "yaml.load", "pickle.load", "pickle.loads", "joblib.load",
    "pandas.read_pickle", "pd.read_pickle", "os.system", "os.popen", "os.execv", "os.spawnv", "numpy.fromregex",
    "urllib.request.urlopen", "subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_output",
    "subprocess.check_call", "subprocess.getoutput", "tempfile.mktemp", "importlib.__import__", "builtins.eval",
    "builtins.exec", "builtins.compile", "asyncio.open_connection", "asyncio.create_subprocess_shell",
    "asyncio.create_subprocess_exec",
}  # fmt: skip
HOSTILE_METHODS = {"extractall", "extract", "unpack_archive"}
"""Methods by which an archive writes where it likes, whatever they are called on."""
CAREFUL = {"trust_remote_code": False, "allow_pickle": False, "shell": False, "weights_only": True}
"""Arguments of which only one value is allowed, wherever they stand."""


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """Return `a.b.c` of an attribute chain, imported names put in full."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([names.get(node.id, node.id), *reversed(parts)]) if isinstance(node, ast.Name) else ""


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Return what each imported name stands for: `np` for numpy, `load` for torch.load."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.asname: each.name for each in node.names if each.asname}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return names


def offences(tree: ast.AST) -> Iterator[str]:
    """Yield what a module must not do, each with its line."""
    names = imported_names(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Import):
            yield from (f"{line}: import {a.name}" for a in node.names if a.name.split(".")[0] in BANNED_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] in BANNED_MODULES:
                yield f"{line}: from {node.module} import"
        elif isinstance(node, ast.Call):
            yield from (f"{line}: {told}" for told in _calls(node, dotted(node.func, names)))


def _calls(node: ast.Call, name: str) -> Iterator[str]:
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if name in BANNED_CALLS or name in BANNED_METHODS or method in HOSTILE_METHODS:
        yield f"{name or method}()"
    if name in ("importlib.import_module", "import_module") and node.args:
        module = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
        if isinstance(module, str) and module.split(".")[0] in BANNED_MODULES:
            yield f"import_module({module!r})"
    for keyword in node.keywords:
        if keyword.arg in CAREFUL:
            allowed = CAREFUL[keyword.arg]
            if not (isinstance(keyword.value, ast.Constant) and keyword.value.value is allowed):
                yield f"{keyword.arg} is not {allowed}"
    if name in ("np.load", "numpy.load") and not any(k.arg == "allow_pickle" for k in node.keywords):
        yield "np.load without allow_pickle=False"
    loads_model = name.endswith(("from_pretrained", "SentenceTransformer"))
    if loads_model and not any(k.arg == "trust_remote_code" for k in node.keywords):
        yield f"{name}() without trust_remote_code=False"


def imports_by_name(tree: ast.AST) -> list[ast.Call]:
    """Return calls that import a module by a name computed at run time."""
    names, calls = imported_names(tree), [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    wanted = ("importlib.import_module", "importlib.util.spec_from_file_location")
    return [c for c in calls if dotted(c.func, names) in wanted and not isinstance(c.args[0], ast.Constant)]


def hub_calls(tree: ast.AST) -> list[str]:
    """Return calls into the client of a model hub, the only code that may reach a network."""
    names = imported_names(tree)
    found = [dotted(node.func, names) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [name for name in found if name.startswith("huggingface_hub.")]
