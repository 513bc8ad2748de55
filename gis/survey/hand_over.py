"""One thread makes things, another takes them: files are read while the database stores what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import copy_context
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")
WAITING = 2  # things made and not yet taken; each is a chunk of rows
_LOOK_S = 0.2


class _Stopped(Exception):
    """Nobody takes things any more."""


def made_beside(make: Callable[[Callable[[Item], None]], None]) -> Iterator[Item]:
    """Run ``make(give)`` in a thread and yield what it gives, in its order; what it raises is raised here.

    Whoever stops taking stops the making: the thread has ended when this generator is closed.
    """
    waiting: Queue[Item] = Queue(WAITING)
    stop, done = Event(), Event()
    failures: list[BaseException] = []

    def give(item: Item) -> None:
        while not stop.is_set():
            try:
                return waiting.put(item, timeout=_LOOK_S)
            except Full:
                continue
        raise _Stopped

    def run() -> None:
        try:
            make(give)
        except _Stopped:
            pass
        except BaseException as error:  # handed to the thread that waits
            failures.append(error)
        finally:
            done.set()

    thread = Thread(target=copy_context().run, args=(run,), name="survey-reading", daemon=True)
    thread.start()
    try:
        while True:
            try:
                yield waiting.get(timeout=_LOOK_S if not done.is_set() else 0)
            except Empty:
                if done.is_set() and waiting.empty():
                    break
        if failures:
            raise failures[0]
    finally:
        stop.set()
        thread.join()
