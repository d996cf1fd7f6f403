"""Where a command's words go: results on stdout, diagnostics on stderr, 80 columns wide."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass

from pydantic import BaseModel

__all__ = ["WIDTH", "Output", "paragraph"]

WIDTH = 80


def paragraph(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Wrap a text to 80 columns."""
    later = indent if hanging is None else hanging
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False)


@dataclass
class Output:
    """How one command speaks: as one JSON document, or as text; quiet means no diagnostics."""

    json: bool = False
    quiet: bool = False

    def document(self, document: BaseModel, text: str) -> None:
        """Print the result: the JSON document or its readable form."""
        print(document.model_dump_json(indent=2) if self.json else text)

    def note(self, text: str) -> None:
        """Print a diagnostic to stderr, unless quiet."""
        if not self.quiet:
            print(text, file=sys.stderr)
