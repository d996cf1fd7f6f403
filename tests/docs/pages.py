"""The pages of the documentation and what is in them: code blocks, commands, links, names."""

from __future__ import annotations

import importlib.util
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "SECURITY.md"])
SHELLS = {"console", "sh", "bash", "shell"}
_FENCE = re.compile(r"^(`{3,})(\S*)[ \t]*([^\n]*)\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: `name` is the file it stands for, where its first line gives one."""

    page: Path
    line: int
    language: str
    name: str
    text: str

    @property
    def where(self) -> str:
        """Return page and line, for messages."""
        return f"{self.page.name}:{self.line}"

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Return each command of a shell block with the output shown below it (empty where none is)."""
        if self.language != "console":
            lines = [line for line in self.text.splitlines() if line.strip() and not line.startswith("#")]
            return [(line.strip(), "") for line in lines]
        parts = re.split(r"^\$ (.*)$", self.text, flags=re.MULTILINE)
        return [(command.strip(), output.strip()) for command, output in zip(parts[1::2], parts[2::2], strict=True)]


def blocks(page: Path, *languages: str) -> list[Block]:
    """Return the fenced blocks of a page, all or those in some languages."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(page, text.count("\n", 0, m.start()) + 1, m[2].lower(), m[3].strip(), m[4]) for m in _FENCE.finditer(text)
    ]
    return [block for block in found if not languages or block.language in languages]


def prose(page: Path) -> str:
    """Return a page without its fenced blocks; lines keep their numbers."""
    return _FENCE.sub(lambda m: "\n" * m[0].count("\n"), page.read_text(encoding="utf-8"))


def arguments(command: str) -> list[str]:
    """Return the words of a command without comment, redirection, and `.venv/bin/` before the program."""
    words = shlex.split(command, comments=True)
    words = words[: words.index(">")] if ">" in words else words
    return [words[0].rpartition("/")[2], *words[1:]]


def write_named_blocks(page: Path, folder: Path) -> list[Path]:
    """Write every block that stands for a file into a folder, with what the checkout offers beside it."""
    for name in ("configs", "examples"):
        (folder / name).symlink_to(ROOT / name)
    written = []
    for block in blocks(page):
        if block.name and re.fullmatch(r"[\w.-]+\.\w+", block.name):
            written.append(folder / block.name)
            written[-1].write_text(block.text, encoding="utf-8")
    return written


def generator() -> ModuleType:
    """Return docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
