"""On whose behalf something happens: per thread and per task, checked before it is put on record."""

from __future__ import annotations

import asyncio
import threading

import pytest

from matchengine.actors import HOST, ITSELF, Acting, acting, acting_itself, acting_now
from matchengine.errors import DataError


def test_without_a_name_the_host_acts() -> None:
    assert acting_now() == Acting(HOST, "")


def test_a_block_names_who_acts_and_ends_with_it() -> None:
    with acting("coordinator:7", why="round of March"):
        assert acting_now() == Acting("coordinator:7", "round of March")
        with acting("coordinator:8"):
            assert acting_now() == Acting("coordinator:8", "")
        with acting_itself():
            assert acting_now().actor == ITSELF
        assert acting_now().actor == "coordinator:7"
    assert acting_now().actor == HOST


def test_a_block_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), acting("a"):
        1 / 0  # noqa: B018
    assert acting_now().actor == HOST


@pytest.mark.parametrize("actor", ["", "a b", "anna@example.org", "x" * 65, "a\n", "a\t", ITSELF, 7, None])
def test_an_actor_is_an_opaque_id_and_a_refused_one_is_not_repeated(actor: object) -> None:
    with pytest.raises(DataError) as refused, acting(actor):  # type: ignore[arg-type]
        pass
    assert "anna" not in str(refused.value)


@pytest.mark.parametrize("why", ["x" * 201, "two\nlines", "nul\0", 7])
def test_why_is_one_short_line(why: object) -> None:
    with pytest.raises(DataError), acting("a", why):  # type: ignore[arg-type]
        pass


def test_threads_and_tasks_do_not_disturb_one_another() -> None:
    seen: dict[str, str] = {}

    async def task(name: str) -> None:
        with acting(name):
            await asyncio.sleep(0.01)
            seen[name] = acting_now().actor

    async def both() -> None:
        with acting("outer"):
            seen["inherited"] = await asyncio.create_task(told())
            await asyncio.gather(task("one"), task("two"))
            seen["outer"] = acting_now().actor

    async def told() -> str:
        return acting_now().actor

    asyncio.run(both())
    assert seen == {"inherited": "outer", "one": "one", "two": "two", "outer": "outer"}

    def thread() -> None:
        seen["thread"] = acting_now().actor

    with acting("outer"):
        started = threading.Thread(target=thread)
        started.start()
        started.join()
    assert seen["thread"] == HOST
