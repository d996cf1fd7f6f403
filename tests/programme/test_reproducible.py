"""Same manifest, data and vectors give the same bytes of every draft (domain.md G6).

Under another key of the programme, from a saved folder, with records in another order, in other processes with other
numbers of threads and other hash seeds.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import matchengine as me
from tests.cli.commands import FILES, ROOT, SAMPLE
from tests.privacy.test_drafts import ASKING, BALANCED, EXCHANGE, GIVING, LIFT, PEER, ROUND, RUNNING, drafts, people
from tests.programme.groups.circles import CIRCLE
from tests.support import WordsPlugin, consent, engine, group, mentee, mentor

# ---------------------------------------------------------------- in one process


def loaded(seed: int | None = None) -> me.Engine:
    """Return an engine on a programme in which everybody confides; a seed shuffles every list of records."""
    ids = (*ASKING, *GIVING)
    fields = ("attributes", "lived_experience", "wishes", "barriers", "age_band")
    grants = [consent(who, field) for who in ids for field in fields]
    grants += [consent(who, "attributes.heritage", "group_balance") for who in ids]
    given: dict[str, list[Any]] = {"people": people(), "relationships": list(RUNNING), "consents": grants}
    given["groups"] = [group(f"g{n}", topics=["hiking", "chess"][: n % 2 + 1]) for n in range(4)]
    if seed is not None:
        draw = random.Random(seed)
        given = {name: draw.sample(records, len(records)) for name, records in given.items()}
    made = engine(PEER + BALANCED + ROUND + EXCHANGE + LIFT)
    made.load(given.pop("people"), **given)
    return made


def documents(made: me.Engine) -> dict[str, str]:
    """Return every draft whole, with manifest and fingerprint; and a draft by each method that reads no order."""
    found = {name: document.model_dump_json() for name, document in drafts(made)}
    for method in ("leximin", "max_weight", "stable", "eps_stable", "rsd", "greedy", "random"):
        found[method] = made.assign("mentor", method=method).to_json()
    found["groups assigned"] = made.assign("group", each=2).to_json()
    found["peers"] = made.assign("peer").to_json()
    return found


@pytest.fixture(scope="module", name="once")
def _once() -> dict[str, str]:
    return documents(loaded())


def test_two_engines_with_keys_of_their_own_draft_the_same_bytes(once: dict[str, str]) -> None:
    one, other = loaded(), loaded()
    assert one._pool.shared.key != other._pool.shared.key
    assert documents(other) == once
    assert documents(other) == once, "asking again changes nothing either"


def test_an_engine_from_a_saved_folder_drafts_the_same_bytes(once: dict[str, str], tmp_path: Path) -> None:
    loaded().save(tmp_path / "saved")
    assert documents(me.Engine.open(tmp_path / "saved", plugins=[WordsPlugin()])) == once


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_the_order_of_records_changes_no_byte_of_any_draft(once: dict[str, str], seed: int) -> None:
    shuffled = documents(loaded(seed))
    assert shuffled.keys() == once.keys()
    for name in once:
        assert json.loads(shuffled[name]) == json.loads(once[name]), name
        assert shuffled[name] == once[name], name


def test_the_same_words_in_two_languages_are_calibrated_alike_in_whatever_order() -> None:
    """What counts as near in words is learnt from a sample of texts, which must not know who was loaded first."""
    draw = random.Random(2)
    words = [f"word{n}" for n in range(30)]
    asking = []
    for n in range(130):
        goals = [{"text": " ".join(draw.sample(words, 4))} for _goal in range(2)]
        asking += [mentee(f"a{n}{tag}", goals=goals, text_language=tag) for tag in ("en", "es")[: 1 + n % 2]]
    everybody = [*asking, mentor("m", capacity={"mentor": 5})]
    told = []
    for order in (everybody, everybody[::-1]):
        made = engine()
        made.load(order)
        told.append(made.assign("mentor").to_json())
    assert json.loads(told[0])["manifest"]["calibration"]["closest_words"] < 1, "there are enough texts to learn from"
    assert told[0] == told[1]


def test_another_seed_is_told_and_every_manifest_says_what_it_was_made_from(once: dict[str, str]) -> None:
    for name, text in once.items():
        document = json.loads(text)
        assert document.get("reproducible", True), name
        manifest = document.get("manifest")
        if manifest is not None:
            assert (manifest["seed"], manifest["reproducible"]) == (7, True)
            assert "seconds" not in text
    seeded = json.loads(loaded().assign("mentor", seed=8).to_json())
    assert seeded["seed"] == 8


def test_a_plan_opened_in_another_engine_goes_on_with_the_same_bytes(tmp_path: Path) -> None:
    from datetime import date

    day = date(2026, 3, 10)
    plan = loaded().assign("mentor")
    plan.save(tmp_path / "plan.json")
    opened = loaded(4).open_plan("mentor", tmp_path / "plan.json")
    assert opened.warnings == ()
    out = plan.pairs[0][1]
    one, other = (p.leave_out(out, by="hb", on=day).resolve(on=day).to_json() for p in (plan, opened))
    assert one == other


# ---------------------------------------------------------------- in processes of their own

TABLES = (
    PEER
    + CIRCLE.replace("smallest = 3\ntarget = 4\nlargest = 5", "smallest = 4\ntarget = 6\nlargest = 8")
    + "[match.peer.constraints.with]\nvetting = { required = false }\n"
    + ROUND.replace("least_fit = 0.0", "least_fit = 0.1")
)
SCRIPT = """
import contextlib, io, json, random, sys
from pathlib import Path
from matchengine.cli import main
from matchengine.engine import Engine
from matchengine.io import read_folder, write_folder
records, config, out, seed, commands = sys.argv[1:]
folder = read_folder(records)
kinds = ("people", "groups", "events", "resources", "projects", "organisations", "consents")
given = {kind: getattr(folder, kind) for kind in kinds}
if int(seed):
    draw = random.Random(int(seed))
    given = {kind: draw.sample(of, len(of)) for kind, of in given.items()}
given["relationships"] = folder.relationships
made = Engine.from_config(config)
made.load(given["people"], **{kind: of for kind, of in given.items() if kind != "people"})
made.save(Path(out) / "engine")
write_folder(Path(out) / "records", given, contacts=folder.contacts)
found = {}
for name, arguments in json.loads(commands).items():
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = main([*arguments, "--data", out, "--json", "--quiet"])
    assert status == 0, (name, status)
    found[name] = told.getvalue()
print(json.dumps(found))
"""
COMMANDS = {
    "assign": ["assign"],
    "assign by weight": ["assign", "--method", "max_weight"],
    "groups": ["groups"],
    "swaps": ["swaps", "--wishes", str(SAMPLE / "raw" / "swap_wishes.csv"), "--today", "2026-05-11"],
    "mixer": ["mixer", "--rounds", "2"],
    "shadow": ["shadow", "--method", "max_weight", "--most", "1"],
}


def environment(cache: Path, threads: int, hash_seed: int) -> dict[str, str]:
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    own = {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": path, "MATCHENGINE_CACHE": str(cache)}
    return os.environ | counts | own


@pytest.fixture(scope="module", name="programme")
def _programme(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Import the sample programme; return the folder of records and a configuration that knows every draft."""
    folder = tmp_path_factory.mktemp("sample")
    config = folder / "everything.toml"
    text = (ROOT / "configs" / "lexical.toml").read_text(encoding="utf-8")
    config.write_text(text.replace("[run]\n", TABLES + "[run]\ntoday = 2026-05-11\n"), encoding="utf-8")
    command = "import sys; from matchengine.cli import main; sys.exit(main(sys.argv[1:]))"
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", command, "import", *FILES, "--config", str(config), "--data", str(folder / "data")],
        check=True,
        capture_output=True,
        env=environment(folder / "cache", 2, 0),
    )
    return folder / "data" / "records", config


def started(programme: tuple[Path, Path], out: Path, threads: int, hash_seed: int, order: int) -> Any:
    records, config = programme
    words = [str(records), str(config), str(out), str(order), json.dumps(COMMANDS)]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SCRIPT, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(records.parents[1] / "cache", threads, hash_seed),
    )


@pytest.mark.slow
def test_threads_hash_seeds_and_the_order_of_the_file_change_no_byte(
    programme: tuple[Path, Path], tmp_path: Path
) -> None:
    running = [
        started(programme, tmp_path / "one", threads=1, hash_seed=0, order=0),
        started(programme, tmp_path / "two", threads=2, hash_seed=77, order=3),
    ]
    told = []
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        told.append(json.loads(out))
    one, other = told
    assert one.keys() == COMMANDS.keys()
    for name in COMMANDS:
        first, second = json.loads(one[name]), json.loads(other[name])
        for key in first:
            assert first[key] == second[key], (name, key)
        assert one[name] == other[name], name
    assert len(json.loads(one["assign"])["pairs"]) > 50
    assert json.loads(one["groups"])["groups"]
    assert json.loads(one["swaps"])["swapped"] > 0
