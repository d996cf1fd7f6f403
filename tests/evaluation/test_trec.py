"""TREC files of a run: the same figures from another tool, private, the same by any road, and made again at will."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest

from matchengine.comparison import Asked
from matchengine.comparison_components import strategy
from matchengine.components import specs_in
from matchengine.errors import ConfigError, DataError
from matchengine.evaluation.measurements import Table
from matchengine.evaluation.run import Finished, check_evaluation
from matchengine.evaluation.trec import told_apart, write_trec
from tests.evaluation.programme import FILE, Programme, digest, programme

MEASURES = {
    "ndcg@5": "ndcg_cut_5", "success@3": "success_3", "rr": "recip_rank", "precision@5": "P_5",
    "recall@10": "recall_10", "ap": "map",
}  # fmt: skip
TEXT = FILE.replace(
    '"success@3", "judged@5", "exposure_gini_rel@5"', '"success@3", "rr", "precision@5", "recall@10", "ap"'
)
TEXT = TEXT.replace("draws = 1000", "draws = 200").replace("seed = 5\n", 'seed = 5\ncanaries = ["oracle"]\n')
TEXT += '[strategies.near]\nuse = "near"\n[strategies.silent]\nuse = "silent"\n[report]\ntrec = true\n'


@strategy("near", title="by numbers that single precision does not tell apart")
def near(asked: Asked) -> Any:
    """Score each pair by .5 and a draw around 1e-11, no two of a list alike."""
    draw = np.random.default_rng(4).permutation(len(asked))
    return 0.5 + 1e-11 * draw / len(asked) + 0.25 * (asked.candidate % 3)


@strategy("silent", title="suggests to every other person alone")
def silent(asked: Asked) -> Any:
    """Score by a draw, nothing for people at odd places."""
    return np.where(asked.requester % 2, np.nan, np.random.default_rng(6).random(len(asked)))


class Near:
    """A plugin of both."""

    __name__ = "near"

    def matchengine_components(self) -> list[Any]:
        """Offer them."""
        return list(specs_in(near, silent))


def spelt(name: str) -> str:
    """Spell an id so that only few parsers would read it."""
    return f"{name}%#\x1f§{name[0].upper()}"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return programme(tmp_path_factory.mktemp("trec"), name=spelt, strength=0.3).write()


@pytest.fixture(scope="module")
def exported(odd: Programme) -> Finished:
    done = odd.run("run", TEXT, plugins=(Near(),))
    write_trec(done.folder)
    return done


def read(folder: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return outcomes and a ranking as pytrec_eval reads them."""
    pytrec = pytest.importorskip("pytrec_eval")
    with (folder / "trec" / "qrels.txt").open(encoding="ascii") as qrels:
        outcomes = pytrec.parse_qrel(qrels)
    with (folder / "trec" / f"{name}.run").open(encoding="ascii") as run:
        return outcomes, pytrec.parse_run(run)


@pytest.mark.parametrize("name", ["near", "silent"])
def test_pytrec_eval_finds_each_persons_values_in_the_files(exported: Finished, name: str) -> None:
    pytrec = pytest.importorskip("pytrec_eval")
    outcomes, run = read(exported.folder, name)
    measured = {"ndcg_cut.5", "success.3", "recip_rank", "P.5", "recall.10", "map"}
    theirs = pytrec.RelevanceEvaluator(outcomes, measured).evaluate(run)
    table = Table.read(exported.folder)
    assert set(table[name].metrics) >= set(MEASURES)
    compared = 0
    for place, person in enumerate(table.person):
        for ours, other in MEASURES.items():
            value = float(table[name].metrics[ours].values[place])
            found = theirs.get(spelt_out(run, person), {}).get(other, 0.0 if table.relevant[place] else np.nan)
            assert value == pytest.approx(found, abs=1e-9, nan_ok=True), (ours, place)
            compared += not np.isnan(value)
    assert compared > 5 * len(MEASURES) * 10


def spelt_out(run: dict[str, Any], person: str) -> str:
    """Return the word that stands for a person; a word of nobody where nothing is suggested to them."""
    return next((word for word in run if unquote(word) == person), "")


def test_ir_measures_finds_the_means_of_the_report(exported: Finished) -> None:
    ir = pytest.importorskip("ir_measures")
    for name in ("near", "silent"):
        qrels = list(ir.read_trec_qrels(str(exported.folder / "trec" / "qrels.txt")))
        run = list(ir.read_trec_run(str(exported.folder / "trec" / f"{name}.run")))
        theirs = ir.calc_aggregate([ir.nDCG @ 5, ir.RR, ir.AP], qrels, run)
        (told,) = [one for one in exported.result.strategies if one.name == name]
        ours = {figure.metric: figure.value for figure in told.figures}
        for metric, measure in (("ndcg@5", ir.nDCG @ 5), ("rr", ir.RR), ("ap", ir.AP)):
            assert ours[metric] == pytest.approx(theirs[measure], abs=1e-6), (name, metric)  # a report has 6 digits


def test_ids_are_one_word_of_ascii_and_read_back(exported: Finished, odd: Programme) -> None:
    ids = {person["id"] for person in odd.people}
    for name in ("goals", "tags", "near"):
        rows = [
            line.split()
            for line in (exported.folder / "trec" / f"{name}.run").read_bytes().decode("ascii").splitlines()
        ]
        assert {len(row) for row in rows} == {6}
        assert {unquote(row[0]) for row in rows} | {unquote(row[2]) for row in rows} <= ids
        assert {(row[1], row[5]) for row in rows} == {("Q0", name)}
        assert len({(row[0], row[2]) for row in rows}) == len(rows)
    assert {len(line.split()) for line in (exported.folder / "trec" / "qrels.txt").read_text().splitlines()} == {4}


def test_ranks_are_in_the_order_of_trec_eval(exported: Finished) -> None:
    """Scores in single precision, and equals by id from the last to the first."""
    tied = 0
    for name in ("goals", "near"):
        lists: dict[str, list[tuple[float, str, int]]] = {}
        for line in (exported.folder / "trec" / f"{name}.run").read_text().splitlines():
            person, _q0, other, rank, score, _tag = line.split()
            lists.setdefault(person, []).append((float(np.float32(score)), other, int(rank)))
        for rows in lists.values():
            assert [rank for _score, _other, rank in sorted(rows, reverse=True)] == list(range(1, len(rows) + 1))
            tied += len(rows) - len({score for score, _other, _rank in rows}) if name == "goals" else 0
            assert name == "goals" or len({score for score, _other, _rank in rows}) == len(rows)
    assert tied, "goals has equals"


def test_known_outcomes_are_there_and_nobody_elses(exported: Finished) -> None:
    table = Table.read(exported.folder)
    outcomes, _run = read(exported.folder, "near")
    good = {unquote(person): sum(gain > 0 for gain in rows.values()) for person, rows in outcomes.items()}
    assert good == {person: n for person, n in zip(table.person, table.relevant.tolist(), strict=True) if n}
    assert 0 < len(good) < len(table.person), "some have nobody suitable"
    assert {gain for rows in outcomes.values() for gain in rows.values()} == {0, 1, 2}


def test_files_are_for_their_owner_alone(exported: Finished) -> None:
    own = exported.folder / "trec"
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert {path.name for path in own.iterdir()} == {"qrels.txt", "goals.run", "near.run", "silent.run", "tags.run"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in own.iterdir()} == {0o600}


def test_files_are_made_again_from_the_run_folder_alone(exported: Finished, tmp_path: Path) -> None:
    before = {path.name: digest(path) for path in (exported.folder / "trec").iterdir()}
    (tmp_path / "trec").mkdir(mode=0o755)
    (tmp_path / "trec" / "earlier.run").write_text("of another run", encoding="ascii")
    shutil.copy(exported.folder / "run.json", tmp_path)
    shutil.copytree(exported.folder / "nodes", tmp_path / "nodes")
    assert {path.name: digest(path) for path in write_trec(tmp_path)} == before
    assert {path.name for path in (tmp_path / "trec").iterdir()} == set(before)
    assert stat.S_IMODE((tmp_path / "trec").stat().st_mode) == 0o700
    (scores,) = (tmp_path / "nodes").glob("near-*.npz")
    scores.write_bytes(scores.read_bytes()[:-5])
    with pytest.raises(DataError, match=r"near-.*missing or damaged; run matchengine eval again"):
        write_trec(tmp_path)


def test_a_run_that_kept_no_rankings_says_so(finished: Finished) -> None:
    with pytest.raises(DataError, match=r"set report.trec = true and run matchengine eval"):
        write_trec(finished.folder)
    assert not (finished.folder / "trec").exists()


def test_switched_on_later_nothing_is_asked_anew(folder: Programme) -> None:
    text = TEXT.partition("[strategies.near]")[0]
    first = folder.write().run("run", text)
    later = folder.run("run", text + "[report]\ntrec = true\n")
    assert later.done == ()
    assert later.result == first.result
    assert {path.name for path in write_trec(later.folder)} == {"qrels.txt", "goals.run", "tags.run"}


def test_who_fails_has_no_ranking(folder: Programme) -> None:
    from tests.evaluation.programme import Wrong

    text = TEXT.partition("[strategies.near]")[0] + '[strategies.bad]\nuse = "raises"\n[report]\ntrec = true\n'
    done = folder.write().run("run", text, plugins=(Wrong(),))
    assert "bad.run" not in {path.name for path in write_trec(done.folder)}


@pytest.mark.slow
def test_two_workers_write_what_one_writes(folder: Programme) -> None:
    folder.write()
    text = TEXT.partition("[strategies.near]")[0] + "[report]\ntrec = true\n"
    one, two = (write_trec(folder.run(name, text, workers=n).folder) for name, n in (("one", 1), ("two", 2)))
    assert [(path.name, digest(path)) for path in one] == [(path.name, digest(path)) for path in two]


def test_gains_that_are_no_whole_numbers_are_refused_before_anything_runs(folder: Programme) -> None:
    text = TEXT.partition("[strategies.near]")[0] + "[report]\ntrec = true\n"
    config = folder.write().config(text, ("gains = { good = 2, ok = 1 }", "gains = { good = 2, ok = 0.5 }"))
    with pytest.raises(ConfigError, match=r"ok = 0\.5; multiply all gains by one number"):
        check_evaluation(config, folder.folder)
    quiet = config.model_copy(update={"report": config.report.model_copy(update={"trec": False})})
    assert check_evaluation(quiet, folder.folder).passed


def test_scores_keep_order_and_ties_in_single_precision() -> None:
    big, tiny = float(np.finfo(np.float64).max), 1e-300
    lists = [
        [0.3, 0.2, 0.1],
        [1.0, 1.0 - 1e-12, 1.0 - 1e-12, 1.0 - 2e-12, 0.5],
        [big, big / 2, 1e39, 1e39, 3.4e38, 1.0, 0.0, -1e39, -big],
        [2 * tiny, tiny, 0.0, -0.0, -tiny, -2 * tiny],
        [-1.0, -1.0 - 1e-12, -1.0 - 2e-12],
        [0.3],
    ]
    person = np.repeat(np.arange(len(lists)), [len(row) for row in lists])
    found = told_apart(person, np.concatenate(lists))
    with np.errstate(over="ignore"):
        single = found.astype(np.float32)
    for number, row in enumerate(lists):
        for values in (found[person == number], single[person == number]):
            assert np.isfinite(values).all()
            assert np.array_equal(np.diff(values) < 0, np.diff(row) < 0)
            assert np.array_equal(np.diff(values) == 0, np.diff(row) == 0)
    assert found[person == 0].tolist() == lists[0], "what single precision tells apart stays"
    assert found[person == 1][-2:].tolist() == [1.0 - 2e-12, 0.5]
    assert found[person == 1][0] == pytest.approx(1.0, abs=1e-6)
    assert len(told_apart(np.zeros(0, np.int32), np.zeros(0))) == 0


def test_many_close_scores_keep_their_order_and_hardly_move() -> None:
    rng = np.random.default_rng(2)
    person = np.sort(rng.integers(0, 40, 20_000))
    score = 0.5 + rng.integers(-300, 300, len(person)) * 1e-9
    order = np.lexsort((-score, person))
    score = score[order]
    found = told_apart(person, score)
    same = person[1:] == person[:-1]
    for values in (found, found.astype(np.float32)):
        assert np.array_equal(np.sign(np.diff(values))[same], np.sign(np.diff(score))[same])
    assert np.abs(found - score).max() < 1e-4


def test_run_facts_hold_no_id(exported: Finished, odd: Programme) -> None:
    facts = json.loads((exported.folder / "run.json").read_text(encoding="utf-8"))
    assert set(facts["trec"]["runs"]) == {"tags", "goals", "near", "silent"}
    assert not any(person["id"] in json.dumps(facts, ensure_ascii=False) for person in odd.people)
