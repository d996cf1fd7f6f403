"""The per-person table as Parquet: the same values as `per_person.csv`, for tools that read columns."""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path

import numpy as np

from matchengine.errors import ConfigError
from matchengine.evaluation.measurements import Table
from matchengine.evaluation.nodes import write_atomically
from matchengine.i18n import _

__all__ = ["no_parquet", "write_parquet"]

_ROWS = 65_536
"""Rows of a group: fixed, so that the file does not depend on the machine."""


def no_parquet() -> str:
    """Say what to install before a Parquet file can be written; empty where nothing is missing."""
    try:
        import_module("polars")
    except ImportError:
        return _("report.parquet needs the package polars, which is not there. Run: pip install 'polars>=1.10'")
    return ""


def write_parquet(folder: Path) -> Path:
    """Write `per_person.parquet` from the saved table of a run, readable by its owner alone.

    One row a person: `person_id`, `cluster`, `judged`, `candidates`, `relevant` and each strategy's value on each
    metric of persons as `strategy:metric`, null where there is none. Ids are as they are in the records.

    Parameters
    ----------
    folder : Path
        The folder of the run.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ConfigError
        Without polars, with the command that installs it.
    DataError
        Where the folder holds no table.
    """
    if problem := no_parquet():
        raise ConfigError(problem)
    polars = import_module("polars")
    table = Table.read(folder)
    columns = [polars.Series("person_id", table.person, polars.String)]
    columns += [
        polars.Series("cluster", np.asarray(table.cluster, np.int64)),
        polars.Series("judged", np.asarray(table.judged, np.bool_)),
        polars.Series("candidates", np.asarray(table.candidates, np.int64)),
        polars.Series("relevant", np.asarray(table.relevant, np.int64)),
        *(polars.Series(name, values, nan_to_null=True) for name, values in table.by_person().items()),
    ]
    buffer = io.BytesIO()
    polars.DataFrame(columns).write_parquet(buffer, compression="zstd", row_group_size=_ROWS)
    path = folder / "per_person.parquet"
    write_atomically(path, buffer.getvalue())
    return path
