"""Many tasks over worker processes that may die: the face of ``concurrent.futures.Executor``, one pipe a worker.

A worker answers its tasks in order, so the oldest unanswered one is in its hands. When a worker dies, that one task is
tried once more, alone; what else it held goes to the others. Only ``submit`` and ``result`` are used by the pipeline:
any other executor of that shape, a cluster's too, can take this one's place.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from formgen import write
from formgen.messages import FormgenError
from formgen.model import Finding

T = TypeVar("T")
DEPTH = 4  # tasks a worker holds, so that it never waits for the parent
PATIENCE = 1200.0  # seconds; a case with many scans and its PDFs needs a minute on a slow machine
_STILLBORN = 3  # workers that may die in a row before they are ready


class Crashed(Exception):
    """A task failed by a bug: the kind of error and where, without any value (values are people's data)."""


class Killed(Exception):
    """A task took its worker process down, twice."""


class Alone(Executor):
    """The executor that does each task at once, in this process."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Do the task; the future is done."""
        future: Future[T] = Future()
        _settle(future, answer(fn, args, kwargs))
        return future


class Crew(Executor):
    """Worker processes, each prepared once; a death among them costs at most the one task that caused it."""

    def __init__(
        self,
        jobs: int,
        prepare: Callable[..., object],
        arguments: tuple = (),
        *,
        patience: float = PATIENCE,
        farewell: Callable[[], object] = bool,
    ) -> None:
        """Start `jobs` workers, each calling ``prepare(*arguments)`` before its first task.

        When nobody has answered for `patience` seconds, the workers that hold tasks are taken for hung and killed. A
        worker whose parent is gone, or sends it home, calls ``farewell`` and leaves at once, whatever it is doing.
        """
        self._farewell = farewell
        self._patience = patience
        self._context: Any = get_context("fork" if os.name == "posix" else "spawn")
        self._prepare, self._arguments = prepare, arguments
        self._waiting: deque[_Task] = deque()
        self._suspects: deque[_Task] = deque()
        self._stillborn = 0
        self._workers: list[_Worker] = []
        for _ in range(jobs):
            self._workers.append(self._hire())

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """A future of ``fn(*args, **kwargs)``; it raises Crashed, Killed or the task's FormgenError."""
        future = _Awaited(self)
        self._waiting.append(_Task(future, pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)))
        self.attend(0)
        return future

    def attend(self, patience: float | None = None) -> None:
        """Hand out what waits, then take in what has been answered; wait at most `patience` seconds for it."""
        self._hand_out()
        pipes: dict[object, _Worker] = {worker.pipe: worker for worker in self._workers}
        ready = connection.wait(pipes, self._patience if patience is None else patience)  # type: ignore[arg-type]
        if not ready and patience is None:
            for worker in self._workers:
                if worker.held:
                    worker.process.kill()
        for pipe in ready:
            self._take_in(pipes[pipe])
        self._hand_out()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Send the workers home; what they hold is dropped."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(5 if wait else 0)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def _hire(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        inherited = [ours, *(worker.pipe for worker in self._workers)] if forked else []
        process = self._context.Process(
            target=_serve, args=(theirs, inherited, self._prepare, self._arguments, self._farewell)
        )
        process.daemon = True
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _hand_out(self) -> None:
        if self._suspects:
            if not any(worker.held for worker in self._workers):
                self._workers[0].hold(self._suspects.popleft())
            return
        if any(task.is_suspect for worker in self._workers for task in worker.held):
            return
        while self._waiting:
            worker = min(self._workers, key=lambda worker: len(worker.held))
            if len(worker.held) >= DEPTH:
                return
            worker.hold(self._waiting.popleft())

    def _take_in(self, worker: _Worker) -> None:
        try:
            answered = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if not answered:
            worker.is_ready, self._stillborn = True, 0
            return
        _settle(worker.held.popleft().future, pickle.loads(answered))

    def _bury(self, worker: _Worker) -> None:
        """Replace a dead worker; the task in its hands becomes a suspect, or is given up when it was one."""
        worker.pipe.close()
        worker.process.join()
        self._stillborn += not worker.is_ready
        if self._stillborn >= _STILLBORN:
            raise FormgenError(Finding("E624"))
        self._workers[self._workers.index(worker)] = self._hire()
        held = list(worker.held)
        if worker.is_ready and held:
            victim = held.pop(0)
            if victim.is_suspect:
                victim.future.set_exception(Killed())
            else:
                victim.is_suspect = True
                self._suspects.append(victim)
        self._waiting.extendleft(reversed(held))


def in_order(crew: Executor, tasks: Iterable[tuple], fn: Callable[..., T], *, ahead: int) -> Iterator[Future[T]]:
    """Futures, each done, of ``fn(*task)`` in the order of `tasks`; at most `ahead` tasks are under way at a time."""
    window: deque[Future[T]] = deque()
    for task in tasks:
        window.append(crew.submit(fn, *task))
        while len(window) >= ahead or (window and window[0].done()):
            yield _done(window.popleft())
    while window:
        yield _done(window.popleft())


def _done(future: Future[T]) -> Future[T]:
    future.exception()
    return future


class _Awaited(Future):
    """A future that lets its crew work while somebody waits for it."""

    def __init__(self, crew: Crew) -> None:
        super().__init__()
        self._crew = crew

    def result(self, timeout: float | None = None) -> Any:
        self._await(timeout)
        return super().result(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._await(timeout)
        return super().exception(0)

    def _await(self, timeout: float | None) -> None:
        while not self.done():
            self._crew.attend(timeout)
            if timeout is not None:
                return


@dataclass(slots=True)
class _Task:
    future: Future
    payload: bytes
    is_suspect: bool = False


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    held: deque[_Task] = field(default_factory=deque)
    is_ready: bool = False

    def hold(self, task: _Task) -> None:
        """Give the worker one more task; a worker that has just died is noticed when its pipe is read."""
        self.held.append(task)
        try:
            self.pipe.send_bytes(task.payload)
        except OSError:
            return


def _settle(future: Future, answered: tuple[object, BaseException | None]) -> None:
    value, error = answered
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


def answer(fn: Callable[..., T], args: tuple, kwargs: dict) -> tuple[T | None, BaseException | None]:
    """What a task gives, or what it fails with: Crashed or its FormgenError, either fit for a pipe."""
    try:
        return fn(*args, **kwargs), None
    except FormgenError as error:
        return None, error
    except OSError as error:  # the disk, not the task: every other task would meet it too
        return None, write.trouble(error, Path(str(error.filename or "")))
    except Exception as error:  # noqa: BLE001 - what a task raises belongs to its future, as in concurrent.futures
        return None, Crashed(f"{type(error).__name__} @ {_where(error)}")


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def _serve(
    pipe: Connection,
    inherited: list[Connection],
    prepare: Callable[..., object],
    arguments: tuple,
    farewell: Callable[[], object],
) -> None:
    """The life of a worker: prepare, then answer task after task until the parent closes the pipe, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in inherited:  # else a sibling's open end would hide the parent's death
        other.close()
    prepare(*arguments)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, tasks, farewell), daemon=True).start()
    said = b""
    while _is_heard(pipe, said):
        fn, args, kwargs = pickle.loads(tasks.get())
        said = pickle.dumps(answer(fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
    farewell()


def _is_heard(pipe: Connection, said: bytes) -> bool:
    """Say something to the parent; False when it has sent everybody home, which may be before a worker is ready."""
    try:
        pipe.send_bytes(said)
    except OSError:
        return False
    return True


def _listen(pipe: Connection, tasks: queue.SimpleQueue[bytes], farewell: Callable[[], object]) -> None:
    """Read ahead, so that neither side ever waits for the other to read; leave at once when the parent is gone."""
    try:
        while True:
            tasks.put(pipe.recv_bytes())
    except (EOFError, OSError):
        farewell()
        os._exit(0)


__all__ = ["Alone", "Crashed", "Crew", "Killed", "answer", "in_order"]
