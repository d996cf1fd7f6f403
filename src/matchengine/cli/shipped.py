"""Find the configurations and the sample programme that come with the package."""

from __future__ import annotations

from pathlib import Path

from matchengine.errors import ConfigError, did_you_mean
from matchengine.i18n import _

__all__ = ["config_path", "shipped"]


def shipped(name: str) -> Path:
    """Return a shipped folder (`configs`, `examples/sample_programme`), from the wheel or from the checkout."""
    package = Path(__file__).resolve().parents[1]
    for root in (package / "_shipped", package.parents[1]):
        if (root / name).is_dir():
            return root / name
    raise ConfigError(_("{name}: not part of this installation; install the wheel again or use a checkout", name=name))


def config_path(given: str) -> Path:
    """Return the path of a configuration: a file, or the bare name of a shipped one such as `mentoring`.

    Raises
    ------
    ConfigError
        With the nearest shipped name.
    """
    path = Path(given)
    if path.suffix == ".toml" or path.is_file():
        return path
    folder = shipped("configs")
    names = [p.stem for p in sorted(folder.glob("*.toml"))]
    if given not in names:
        raise ConfigError(_("no configuration file {given!r}; {hint}", given=given, hint=did_you_mean(given, names)))
    return folder / f"{given}.toml"
