"""The experiment on exchange pools: on an invented pool, and on the real ones where they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eval.data import MissingDataError, data_file

from eval import swap_pools

POOL = """# NUMBER ALTERNATIVES: 5
# NUMBER EDGES: 6
1,2,1.0
2,1,1.0
2,3,1.0
3,1,1.0
3,4,1.0
4,3,1.0
"""


def test_an_invented_pool(tmp_path: Path) -> None:
    path = tmp_path / "pool.wmd"
    path.write_text(POOL, encoding="utf-8")
    pool = swap_pools.read_pool(path)
    assert (pool.vertices, len(pool)) == (5, 6)
    found = swap_pools.reached(pool)
    assert found == {"2": 4, "3": 4, "4": 4, "inf": 4, "priced3": 4, "heaviest_first3": 3}


@pytest.mark.slow
def test_every_optimum_of_the_public_pools_is_reached() -> None:
    try:
        truth = json.loads(data_file("preflib", "truth.json").read_text(encoding="utf-8"))["kidney"]
    except MissingDataError as missing:
        pytest.skip(str(missing))
    document, tables = swap_pools.run()
    assert document["results"]["agreed"] == document["data"]["optima"] == 4 * len(truth)
    assert document["results"]["priced3_share"] >= 0.97
    assert document["results"]["heaviest_first3_share"] < document["results"]["priced3_share"]
    assert tables.count("\n") == len(truth) + 1
