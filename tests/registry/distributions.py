"""Throwaway distributions: what pip writes for a package with one module and one entry point."""

from __future__ import annotations

from pathlib import Path

SCORER = '''
from pathlib import Path
import numpy as np
import matchengine as me
from matchengine.components import specs_in
Path(__file__).with_name("imported").write_text("yes")


@me.scorer("{name}", block="relate")
def {name}(requester_career_stage):
    """Give everybody one half."""
    return np.full(len(requester_career_stage), 0.5)


def matchengine_components():
    return specs_in({name})
'''
"""A module that leaves a file behind as soon as it is imported."""


def scorer_module(name: str = "from_far") -> str:
    """Return the source of a plugin with one scorer."""
    return SCORER.format(name=name)


def distribution(
    folder: Path, name: str, module: str, code: str, *, version: str = "3.1.4", point: str = "", value: str = ""
) -> None:
    """Lay out a distribution in a folder: the module, METADATA and entry_points.txt."""
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    entry = f"[matchengine]\n{point or name} = {value or module}\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")
