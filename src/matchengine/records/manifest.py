"""What a decision for a whole programme was made from, so that it can be made again (domain.md G6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from matchengine.records.base import Record

__all__ = ["RunManifest", "Solver"]

Count = Annotated[int, Field(ge=0)]


class Solver(Record):
    """How the search ended.

    Attributes
    ----------
    method : str
        The assigner, or the objective of swaps and groups.
    value, bound, gap : float or None
        What was reached, the proven limit, and how far the first may be below it, as a share; None where the method
        has no such number.
    proven : bool
        Whether nothing better exists.
    steps : dict
        Work done, in units that a clock does not change.
    """

    method: str
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    proven: bool = False
    steps: dict[str, Count] = Field(default={})


class RunManifest(Record):
    """Everything that decides a result. Equal manifests, data and vectors give the same bytes.

    How long anything took is no part of it.

    Attributes
    ----------
    data, vectors, consents, policy, rarity : str
        Hashes, 16 hexadecimal digits: of the tables, ties and texts as they are now; of the vectors; of the grants of
        consent; of the effective configuration; of how many hold what can be wished for.
    plugins, libraries : dict
        Versions of the enabled plugins, and of the libraries that compute.
    model : str
        Identifies the embedder.
    calibration : dict
        Constants fixed on the data: cosines of chance and of paraphrases, the closest words, the neutral score.
    seed : int
        Of every lottery.
    as_of : date
        First day of the 28-day calendar.
    asked : dict
        Hash of every argument that the call was given beside the configuration. Of rankings only how many there were:
        a hash of what people said could be tried out, and vetoes are silent. They belong to what has to be equal.
    solver : Solver
    relaxations : tuple of str
        What was given up, in the declared order.
    reproducible : bool
        False when a clock stopped a search: then the same run may decide otherwise.
    """

    data: str
    vectors: str
    consents: str
    policy: str
    rarity: str
    plugins: dict[str, str]
    libraries: dict[str, str]
    model: str
    calibration: dict[str, float]
    seed: int
    as_of: date
    asked: dict[str, str] = Field(default={})
    solver: Solver
    relaxations: tuple[str, ...] = ()
    reproducible: bool = True
