"""Tasks that are cheaper together: the face of an executor that hands them to another one in groups.

Each task keeps a future of its own. A group that fails as a whole is done again task by task, so that the failure stays
with the task that caused it: such a function must have left nothing behind, so it gives what a single task fails with
as that task's answer once it has begun to write.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

T = TypeVar("T")


class Together(Executor):
    """The executor of functions that take a list of tasks and give a list of answers; an exception is an answer too."""

    def __init__(self, crew: Executor, size: int) -> None:
        """Hand groups of up to ``size`` tasks to ``crew``, which is shut down with this one."""
        self._crew, self._size = crew, size
        self._open: _Group | None = None

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """A future of the answer that ``fn([…, args, …])`` gives for ``args``."""
        if self._open is None or self._open.is_sent or self._open.fn is not fn:
            self._open = _Group(self._crew, fn)
        future = self._open.add(args)
        if len(self._open.tasks) >= self._size:
            self._open.send()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut the other executor down."""
        self._crew.shutdown(wait, cancel_futures=cancel_futures)


class _Group:
    def __init__(self, crew: Executor, fn: Callable) -> None:
        self.fn, self._crew = fn, crew
        self.tasks: list[tuple] = []
        self._futures: list[_Member] = []
        self._answers: Future[list] | None = None

    @property
    def is_sent(self) -> bool:
        return self._answers is not None

    @property
    def is_done(self) -> bool:
        return self._answers is not None and self._answers.done()

    def add(self, task: tuple) -> _Member:
        self.tasks.append(task)
        self._futures.append(_Member(self))
        return self._futures[-1]

    def send(self) -> None:
        self._answers = self._crew.submit(self.fn, self.tasks)

    def settle(self) -> None:
        """Wait for the answers and give each to its future."""
        if self._answers is None:
            self.send()
        assert self._answers is not None
        failed = self._answers.exception()
        if failed is None:
            _give(self._futures, self._answers.result())
        elif len(self.tasks) == 1:
            _give(self._futures, [failed])
        else:
            for future, task in zip(self._futures, self.tasks, strict=True):
                alone = self._crew.submit(self.fn, [task])
                _give([future], [alone.exception()] if alone.exception() else alone.result())


def _give(futures: list[_Member], answers: list) -> None:
    for future, answer in zip(futures, answers, strict=True):
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)


class _Member(Future):
    """A future that has its group done when somebody waits for it."""

    def __init__(self, group: _Group) -> None:
        super().__init__()
        self._group = group

    def done(self) -> bool:
        return super().done() or self._group.is_done

    def result(self, timeout: float | None = None) -> Any:
        self._await()
        return super().result(0)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._await()
        return super().exception(0)

    def _await(self) -> None:
        if not super().done():
            self._group.settle()
