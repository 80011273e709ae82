"""The crew of workers: a death costs one task, a failure costs one task, order is kept."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from formgen.batch import Alone, Crashed, Crew, Killed, in_order
from formgen.messages import FormgenError
from formgen.model import Finding


def ready() -> None:
    """Nothing to prepare."""


def square(number: int) -> int:
    return number * number


def moody(number: int, deadly: int, faulty: int) -> int:
    if number == deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == faulty:
        raise ValueError("11010119900307001X")
    return number


def unlucky_once(mark: Path) -> str:
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return "well"


def broke() -> None:
    raise FormgenError(Finding("E608", values={"file": "一.docx"}))


def boast(size: int) -> bytes:
    return b"x" * size


def hang() -> None:
    threading.Event().wait()


def never() -> None:
    os._exit(3)


def test_results_come_in_the_order_of_the_tasks():
    with Crew(2, ready) as crew:
        done = in_order(crew, ((n,) for n in range(500)), square, ahead=16)
        assert [future.result() for future in done] == [n * n for n in range(500)]


def test_a_task_that_kills_its_worker_and_one_that_fails_cost_nothing_else():
    with Crew(2, ready) as crew:
        tasks = ((n, 7, 3) for n in range(200))
        futures = list(in_order(crew, tasks, moody, ahead=16))
    errors = {n: future.exception() for n, future in enumerate(futures) if future.exception()}
    assert {n: type(error) for n, error in errors.items()} == {3: Crashed, 7: Killed}
    assert [future.result() for n, future in enumerate(futures) if n not in errors] == [
        n for n in range(200) if n not in errors
    ]


def test_a_failure_says_where_and_never_what_value():
    error = Alone().submit(moody, 1, 0, 1).exception()
    assert "ValueError" in str(error)
    assert "moody" in str(error)
    assert "110101" not in str(error)


def test_a_worker_killed_from_outside_costs_no_task_at_all(tmp_path):
    with Crew(2, ready) as crew:
        assert crew.submit(unlucky_once, tmp_path / "mark").result() == "well"


def test_an_error_of_the_environment_reaches_the_pipeline_as_it_is():
    with Crew(1, ready) as crew, pytest.raises(FormgenError, match="磁盘空间不足"):
        crew.submit(broke).result()


def test_large_tasks_and_answers_do_not_block_each_other():
    with Crew(1, ready) as crew:
        futures = [crew.submit(len, b"y" * 3_000_000) for _ in range(4)] + [
            crew.submit(boast, 3_000_000) for _ in range(4)
        ]
        assert [future.result() for future in futures[:4]] == [3_000_000] * 4
        assert all(len(future.result()) == 3_000_000 for future in futures[4:])


def test_workers_that_cannot_start_are_reported_instead_of_hired_for_ever():
    with Crew(2, never) as crew, pytest.raises(FormgenError, match="--jobs 1"):
        crew.submit(square, 2).result()


def test_a_task_that_never_ends_is_given_up_after_a_second_try():
    with Crew(2, ready, patience=0.5) as crew:
        hung, good = crew.submit(hang), crew.submit(square, 3)
        assert good.result() == 9
        assert isinstance(hung.exception(), Killed)


def mark(path: Path) -> None:
    path.touch()


def test_a_worker_that_is_sent_home_before_it_is_ready_leaves_without_a_word(capfd):
    with Crew(8, partial(time.sleep, 0.3)):  # several, because their pipes may be read before they speak
        pass
    assert capfd.readouterr() == ("", "")


def test_a_worker_that_is_sent_home_says_farewell_in_the_middle_of_its_task(tmp_path):
    with Crew(1, ready, farewell=partial(mark, tmp_path / "left")) as crew:
        crew.submit(square, 2).result()
        crew.submit(hang)
    assert (tmp_path / "left").exists()


def test_any_executor_of_that_shape_can_take_its_place():
    with ThreadPoolExecutor(2) as pool:
        done = in_order(pool, ((n,) for n in range(50)), square, ahead=8)
        assert [future.result() for future in done] == [n * n for n in range(50)]
