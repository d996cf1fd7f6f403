"""The experiments on organisations, experts and advice, on tiny invented worlds without a model."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from eval.compare import compare
from eval.data_advice import AdviceTask, managers, physicians
from eval.data_experts import ExpertTask, expert_task
from eval.data_organisations import Card, OrganisationTask, masked, organisation_task
from eval.items import Project
from eval.metrics import area_under_curve, average_precision, reciprocal_rank, share_found
from eval.ranking import asking, past_work
from eval.report import FIELDS

from eval import advice, experts, organisations
from matchengine import Person

TOPICS = ["compiler", "orbit", "genome", "violin", "harbour", "pottery", "climate", "chess"]
NAN = np.nan


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHENGINE_CACHE", str(tmp_path / "cache"))


def project(n: int, year: int, topic: str) -> Project:
    return Project(
        f"p{year}-{n}", year, f"org{n}", f"new {topic} tools", f"Better {topic} software for {topic} people.", ()
    )


def test_the_first_characters_of_a_request_matter_most_and_past_work_is_cut() -> None:
    person = asking("a", "One sentence. " * 60)
    assert [goal.priority for goal in person.goals] == [3, 1, 1]
    assert all(len(goal.text) <= 400 for goal in person.goals)
    assert past_work(["x" * 500, "", "y", "y"]) == ["x" * 400, "y"]
    assert len(past_work(str(n) for n in range(99))) == 30


def test_ranks_are_averaged_over_ties_and_the_unlisted_count_nothing() -> None:
    scores, relevant = np.array([0.9, 0.5, 0.5, NAN]), np.array([False, True, False, True])
    assert reciprocal_rank(scores, relevant) == pytest.approx((1 / 2 + 1 / 3) / 2)
    assert share_found(scores, relevant, at=2) == pytest.approx(0.25)
    assert average_precision(scores, relevant) == pytest.approx((1 / 2 + 1 / 3) / 2 / 2)
    assert area_under_curve(scores, relevant) == pytest.approx(0.125)


def test_average_precision_agrees_with_all_orders_of_ties() -> None:
    from itertools import permutations

    scores, relevant = np.array([1.0, 1.0, 1.0, 0.5, 0.5]), np.array([True, False, True, True, False])

    def plain(order: tuple[int, ...]) -> float:
        hits = relevant[list(order)]
        return float(np.mean(np.cumsum(hits)[hits] / (np.flatnonzero(hits) + 1)))

    orders = [a + b for a in permutations(range(3)) for b in permutations(range(3, 5))]
    assert average_precision(scores, relevant) == pytest.approx(np.mean([plain(order) for order in orders]))


def test_compare_tells_the_gain_on_the_same_queries() -> None:
    relevant = np.array([[True, False], [False, True]])
    found = {"engine": np.array([[1.0, 0.0], [0.0, 1.0]]), "other": np.array([[0.0, 1.0], [0.0, 1.0]])}
    told = compare(found, relevant, ["a", "b"])
    assert told["engine"]["mrr"] == 1
    assert told["other"]["engine_minus"]["mean"] == pytest.approx(0.25)


def test_organisations_are_found_by_their_past_work() -> None:
    cards = [Card(f"org{n}", "Open software", "Other", ("software",), ()) for n in range(len(TOPICS))]
    past = [[project(n, 2001, topic)] for n, topic in enumerate(TOPICS)]
    queries = [project(n, 2002, topic) for n, topic in enumerate(TOPICS)]
    task = OrganisationTask(2002, cards, queries, list(range(len(TOPICS))), past)
    document, tables = organisations.run({2002: task}, embedder="lexical")
    assert tuple(document) == FIELDS
    assert document["results"]["2002 warm"]["methods"]["engine"]["mrr"] == pytest.approx(1)
    assert document["results"]["2002 cold"]["methods"]["engine"]["mrr"] < 0.5
    assert "2002 warm" in tables


def test_experts_are_found_by_their_papers_and_authors_are_left_out() -> None:
    papers = [f"A study of {topic} and of {topic} methods" for topic in TOPICS]
    relevant = [frozenset({n, n + 4} if n < 4 else {n}) - {n} for n in range(4)]
    task = ExpertTask(
        [*papers, *(f"More {topic} research" for topic in TOPICS[:4])],
        [[n] if n < 4 else [n, 8 + n - 4] for n in range(8)],
        [0, 1, 2, 3],
        [(0,), (0,), (1,), (1,)],
        relevant,
        [frozenset(range(8)) - {n} for n in range(4)],
    )
    document, _ = experts.run(task, embedder="lexical")
    assert document["results"]["all"]["methods"]["engine"]["average_precision"] == pytest.approx(1)


def test_halves_are_even_within_topics() -> None:
    topics = [(n % 3,) for n in range(31)]
    chosen = experts.chosen_half(topics)
    assert chosen.sum() in (15, 16)
    assert (experts.chosen_half(topics) == chosen).all()
    for topic in range(3):
        of_topic = chosen[[told == (topic,) for told in topics]]
        assert abs(2 * of_topic.sum() - len(of_topic)) <= 1


def test_the_experienced_are_asked_for_advice() -> None:
    bands = ["0-1", "2-4", "5-9", "10-19", "20+"]
    people = [
        Person.model_validate(
            {"id": f"a{n}", "roles": ["mentor", "mentee"], "adult": True, "experience": [{"band": band}]}
        )
        for n, band in enumerate(bands)
    ]
    seeks = np.triu(np.ones((5, 5), bool), 1)
    task = AdviceTask(people, seeks, ~np.eye(5, dtype=bool), {"years": np.arange(5.0)})
    document, _ = advice.run({"invented": task})
    assert document["results"]["invented, everybody"]["engine"]["mean"] == pytest.approx(1)


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / name, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def test_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHENGINE_DATA", str(tmp_path))
    cards = [{"year": 2, "org": "Org A", "desc": "d", "cat": "c", "topics": ["t"], "tech": []}]
    write(tmp_path / "gsoc", "organisations.jsonl.gz", cards)
    rows = [
        {"year": 1, "org": "org a", "title": "org a first", "desc": "x"},
        {"year": 2, "org": "Org A", "title": "Org A next", "desc": "of Org A"},
        {"year": 2, "org": "elsewhere", "title": "y", "desc": "y"},
    ]
    write(tmp_path / "gsoc", "projects.jsonl.gz", rows)
    task = organisation_task(2)
    assert [query.title for query in task.queries] == ["next"]
    assert [p.title for p in task.past[0]] == ["first"]
    assert task.queries[0].description == "of"
    assert masked("a Foo b", "Foo") == "a b"
    papers = [{"id": 7, "text": "p", "authors": [3]}, {"id": 9, "text": "q", "authors": [3, 4, 5]}]
    write(tmp_path / "dblp_experts", "documents.jsonl.gz", papers)
    labels = {"query_documents": [7], "experts": [3, 4], "query_topics": [[1]], "expert_topics": [[1], [1]]}
    (tmp_path / "dblp_experts" / "labels.json").write_text(json.dumps(labels))
    found = expert_task()
    assert found.of_expert == [[0, 1], [1]]
    assert (found.relevant, found.allowed) == ([frozenset({1})], [frozenset({1})])


def test_readers_of_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHENGINE_DATA", str(tmp_path))
    folder = tmp_path / "advice_networks"
    folder.mkdir()
    (folder / "ht_advice_nodes.csv").write_text("id,age,tenure,level,dept\n0,50.0,20.0,1.0,0.0\n1,30.0,9.0,3.0,2.0\n")
    (folder / "ht_advice_edges.csv").write_text("from,to\n1,0\n")
    task = managers()
    assert [p.experience[0].band for p in task.people] == ["20+", "5-9"]
    assert [p.career_stage for p in task.people] == ["executive", "mid"]
    assert task.seeks.tolist() == [[False, False], [True, False]]
    (folder / "physicians_nodes.csv").write_text(
        "id,city,med_sch_yr,jours,specialty\n0,1.0,9.0,9.0,9.0\n1,1.0,6.0,3.0,2.0\n"
    )
    (folder / "physicians_edges.csv").write_text("from,to,relation\n0,1,advice\n1,0,friendship\n")
    doctors = physicians()
    assert [bool(p.experience) for p in doctors.people] == [False, True]
    assert doctors.seeks.sum() == 1
