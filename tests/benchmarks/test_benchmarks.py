"""The benchmarks themselves: the population is what the figures promise, the helpers count right. Nothing is timed."""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.accounting import arrays_and_strings
from benchmarks.measure import (
    Comparison,
    Report,
    Row,
    cold_starts,
    interleaved,
    machine,
    peak_rss,
    rss,
    seconds,
    settle,
)
from benchmarks.population import BenchPlugin, BenchVectors, bench_share, people
from benchmarks.worlds import VARIANTS, configuration

from benchmarks import run
from matchengine.engine import Engine
from matchengine.records import Person

ITEMS = {"goals": 3, "offers": 4, "interests": 5}
RESULTS = Path(run.__file__).parent / "results"


@pytest.fixture(scope="module")
def population() -> list[dict[str, Any]]:
    return people(400)


class TestPopulation:
    def test_is_the_same_for_the_same_seed(self, population: list[dict[str, Any]]) -> None:
        assert people(400) == population
        assert people(400, seed=8) != population

    def test_consists_of_valid_records(self, population: list[dict[str, Any]]) -> None:
        assert [Person.model_validate(person).id for person in population] == [f"p-{n}" for n in range(400)]

    @pytest.mark.parametrize(("field", "items"), ITEMS.items())
    def test_has_the_promised_items_half_of_them_distinct(
        self, population: list[dict[str, Any]], field: str, items: int
    ) -> None:
        assert {len(person[field]) for person in population} == {items}
        texts = [item["text"] for person in population for item in person[field]]
        assert len(set(texts)) == len(texts) // 2

    def test_vectors_depend_on_the_text_alone(self) -> None:
        embedder = BenchVectors()
        together = embedder.encode(["one", "two", "three"]).vectors
        apart = np.concatenate([embedder.encode([text]).vectors for text in ("one", "two", "three")])
        assert np.array_equal(together, apart)
        assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
        assert len(np.unique(together, axis=0)) == 3

    def test_the_rule_lets_the_named_share_pass(self, population: list[dict[str, Any]]) -> None:
        minutes = np.array([person["place"]["max_travel_minutes"] for person in people(4_000)], np.float32)
        assert bench_share(minutes, share=1.0).all()
        assert bench_share(minutes, share=0.05).mean() == pytest.approx(0.05, abs=0.015)
        assert bench_share(minutes, share=0.005).mean() == pytest.approx(0.005, abs=0.004)


@cache
def small_world(variant: str) -> Engine:
    """Return a small world of a variant; the tests only read it."""
    engine = Engine(configuration(variant, index="numpy"), plugins=[BenchPlugin()])
    engine.load(people(100))
    return engine


class TestWorlds:
    @pytest.mark.parametrize("variant", VARIANTS)
    def test_every_variant_suggests(self, variant: str) -> None:
        assert isinstance(small_world(variant).suggest("p-0", "mentor", 5), list)

    def test_nobody_is_ruled_out_where_the_figure_says_so(self) -> None:
        assert len(small_world("open").suggest("p-0", "mentor", 100)) == 99

    def test_memory_is_counted_once_and_includes_the_vectors(self) -> None:
        engine = small_world("open")
        whole, parts = arrays_and_strings(engine._pool)
        vectors = sum(len(index) for index in engine._pool.indexes.values()) * BenchVectors.dimension * 4
        assert whole > parts["indexes"] >= vectors
        assert arrays_and_strings(engine._pool)[0] == whole


class TestMeasure:
    def test_takes_turns(self) -> None:
        calls: list[str] = []
        comparison = interleaved(lambda n: calls.append(f"a{n}"), lambda n: calls.append(f"b{n}"), rounds=3, warm=1)
        assert calls == ["a0", "b0", "a0", "b0", "b1", "a1", "a2", "b2"]
        assert len(comparison.ours) == len(comparison.beside) == 3

    def test_median_quartiles_and_allowance(self) -> None:
        comparison = Comparison((2.0, 4.0, 9.0, 8.0, 5.0), (1.0, 2.0, 3.0, 2.0, 1.0))
        assert comparison.ratio == 3.0
        assert comparison.quartiles == (2.0, 4.0)
        assert comparison.within(3.0)
        assert not comparison.within(2.9)
        assert comparison.within(2.7, allowance=1.0)
        assert not comparison.within(2.6, allowance=1.0)

    def test_a_row_tells_both_sides(self) -> None:
        row = Row.of("ours", Comparison((0.002,), (0.001,)), "theirs", "≤ 3 ×", True)
        assert (row.measured, row.beside, row.ratio, row.quartiles) == ("2 ms", "theirs: 1 ms", 2.0, (2.0, 2.0))

    @pytest.mark.parametrize(("value", "text"), [(2.5, "2.5 s"), (0.0125, "12.5 ms"), (3e-6, "3 µs"), (4e-9, "4 ns")])
    def test_durations_carry_a_fitting_unit(self, value: float, text: str) -> None:
        assert seconds(value) == text

    def test_cold_starts_run_each_command_anew(self) -> None:
        taken = cold_starts([[sys.executable, "-c", "pass"], [sys.executable, "-c", "1"]], repeats=2)
        assert [len(each) for each in taken] == [2, 2]
        assert all(value > 0 for each in taken for value in each)

    @pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell resident memory")
    def test_memory_is_read(self) -> None:
        settle()
        assert 0 < rss() <= peak_rss()

    def test_machine_facts_name_no_host(self) -> None:
        facts = machine()
        assert {"cores", "avx512", "amx", "python", "numpy"} <= set(facts)
        assert not re.search(r"/(home|root|work|tmp)\b", json.dumps(facts))


class TestResults:
    def test_the_table_is_made_of_the_documents(self, tmp_path: Path) -> None:
        report = Report([Row("what", "1 ms", "that: 2 ms", "≤ 1 ×", True, 0.5, (0.4, 0.6)), Row("other", "3", "", "")])
        document = {
            "figure": "suggest",
            "quick": True,
            "measured_on": "2026-01-01",
            "machine": {"cores": 2, "amx": False},
        }
        (tmp_path / "suggest.json").write_text(json.dumps({**document, **report.to_dict()}), encoding="utf-8")
        text = run.table(tmp_path)
        assert "| suggest (quick) | what | 1 ms | that: 2 ms | 0.5 (0.4–0.6) | ≤ 1 × | yes |" in text
        assert "| suggest (quick) | other | 3 |  |  | reported |  |" in text
        assert "Machine: cores 2, amx no." in text

    def test_an_unknown_figure_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as stopped:
            run.main(["sugest"])
        assert stopped.value.code == 2
        assert "no figure sugest" in capsys.readouterr().err

    @pytest.mark.parametrize("name", run.FIGURES)
    def test_committed_results_have_the_promised_fields(self, name: str) -> None:
        path = RESULTS / f"{name}.json"
        if not path.exists():
            pytest.skip("not measured yet; run `make benchmarks`")
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
        assert set(document) == {"figure", "quick", "measured_on", "machine", "rows", "details"}
        assert document["figure"] == name
        assert document["rows"]
        for row in document["rows"]:
            assert set(row) == {"what", "measured", "beside", "goal", "met", "ratio", "quartiles"}
            assert row["met"] is None or row["goal"]
        assert not re.search(r"/(home|root|work|tmp|Users)/", text)
