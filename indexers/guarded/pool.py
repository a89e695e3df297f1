"""A few child processes that work through a stream of tasks, answers in the order of the tasks."""

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, Literal, TypeVar, cast

from indexers.guarded.channel import LENGTH, pack, unpack_answer
from indexers.guarded.child import IDLE

T = TypeVar("T")
R = TypeVar("R")

_CHUNK: Final = 1 << 20
_PATIENCE: Final = 30.0
_KEPT_FROM_ENVIRONMENT: Final = (
    "PATH",
    "HOME",
    "TMPDIR",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
)
_IDLE_CHILDREN: Final[dict[int, list["_Child"]]] = {}
"""Children between two crawls, by memory limit: starting one takes longer than most re-crawls."""

_LOCK: Final = threading.Lock()

Code = Literal[
    "parser_crashed",
    "parser_timeout",
    "parser_out_of_memory",
    "parser_failed",
    "parser_output_too_large",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What became of a task whose child did not answer well; `code` is stable."""

    code: Code
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[T]):
    """A thing to parse: `arguments` go to the child, `subject` stays here and comes back with the answer.

    `size` in bytes bounds how many tasks wait in memory.
    """

    subject: T
    arguments: tuple[object, ...] = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Limits of the children: `memory` bytes of address space and of one answer, `seconds` a task.

    `ahead` tasks or `ahead_bytes` are read before their turn, so that children need not wait.
    """

    workers: int = 2
    seconds: float = 60.0
    memory: int = 2 * 2**30
    answer_bytes: int = 256 * 2**20
    ahead: int = 16
    ahead_bytes: int = 16 * 2**20

    def run(self, function: Callable[..., R], *arguments: object) -> R | Broken:
        """One call in a child."""
        (_, result), *_ = self.each(function, [Task(subject=None, arguments=arguments, size=0)])
        return result

    def each(self, function: Callable[..., R], tasks: Iterable[Task[T]]) -> Iterator[tuple[T, R | Broken]]:
        """(subject, result) of every task, in order. `function` is a module's own, its result plain values
        and dataclasses of this project.
        """
        waiting: deque[tuple[Task[T], Future[R | Broken]]] = deque()
        seats: _Seats[R] = _Seats(self, function.__module__, function.__name__)
        size = 0
        finished = False
        try:
            for task in tasks:
                waiting.append((task, seats.submit(task.arguments)))
                size += task.size
                while len(waiting) > self.ahead or (size > self.ahead_bytes and waiting):
                    done, answer = waiting.popleft()
                    size -= done.size
                    yield done.subject, answer.result()
            while waiting:
                done, answer = waiting.popleft()
                yield done.subject, answer.result()
            finished = True
        finally:
            seats.close(finished=finished)


class _Seats(Generic[R]):
    """Threads that each own a child while one stream of tasks lasts."""

    def __init__(self, guard: Guard, module: str, name: str) -> None:
        self._guard = guard
        self._module = module
        self._name = name
        self._mine = threading.local()
        self._children: list[_Child] = []
        self._threads = ThreadPoolExecutor(guard.workers, thread_name_prefix="guard")

    def submit(self, arguments: tuple[object, ...]) -> Future[R | Broken]:
        return self._threads.submit(self._ask, arguments)

    def close(self, *, finished: bool) -> None:
        """Keep the children for the next stream, or end them where this one was left in its middle."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        if not finished:
            for child in self._children:
                child.end()
        self._threads.shutdown(wait=True)
        with _LOCK:
            for child in self._children:
                if finished and child.alive:
                    _IDLE_CHILDREN.setdefault(self._guard.memory, []).append(child)
                else:
                    child.close()

    def _ask(self, arguments: tuple[object, ...]) -> R | Broken:
        question = pack((self._module, self._name, arguments))
        for _ in range(2):  # a child may have left for idleness just before we asked
            child = self._child()
            answer = child.ask(question, seconds=self._guard.seconds, most=self._guard.answer_bytes)
            if isinstance(answer, Broken):
                return answer
            if answer is not None:
                return cast("R", answer.value)
        return Broken(code="parser_crashed", message="The parser could not be started.")

    def _child(self) -> "_Child":
        child: _Child | None = getattr(self._mine, "child", None)
        if child is None or not child.alive:
            with _LOCK:
                child = _take(self._guard.memory)
                self._children.append(child)
            self._mine.child = child
        return child


def _take(memory: int) -> "_Child":
    parked = _IDLE_CHILDREN.get(memory, [])
    while parked:
        child = parked.pop()
        if child.alive:
            return child
        child.close()
    return _Child(memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    value: object


class _Child:
    """A child process, one question at a time."""

    def __init__(self, memory: int) -> None:
        environment = {name: os.environ[name] for name in _KEPT_FROM_ENVIRONMENT if name in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
            "PYTHONUTF8": "1",
        }
        environment |= {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-B",
                "-m",
                "indexers.guarded.child",
                str(memory),
                str(_PATIENCE),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Stop the process; whoever waits for its answer sees the end of it."""
        if self.alive:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Stop the process and let go of its pipes."""
        self.end()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def ask(self, question: bytes, *, seconds: float, most: int) -> "_Answer | Broken | None":
        """The child's answer, or None when it had left before it was asked."""
        deadline = time.monotonic() + seconds
        try:
            if not self._send(question, deadline):
                return self._fate(asked=False)
            header = self._receive(LENGTH.size, deadline)
            size = LENGTH.unpack(header)[0]
            if size > most:
                self.close()
                return Broken(
                    code="parser_output_too_large",
                    message="What was read out of it is over the limit.",
                )
            return _open(self._receive(size, deadline))
        except TimeoutError:
            self.close()
            return Broken(
                code="parser_timeout",
                message=f"It was not read within {seconds:g} seconds.",
            )
        except EOFError:
            return self._fate(asked=True)

    def _fate(self, *, asked: bool) -> Broken | None:
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self.close()
            status = -signal.SIGKILL
        self.close()
        if status == IDLE:
            return None
        if status < 0 and asked:
            name = (
                signal.Signals(-status).name if -status in signal.Signals._value2member_map_ else str(status)
            )
            return Broken(code="parser_crashed", message=f"The parser crashed on it ({name}).")
        return Broken(
            code="parser_crashed",
            message=f"The parser ended on it with status {status}.",
        )

    def _send(self, question: bytes, deadline: float) -> bool:
        assert self._process.stdin is not None  # a pipe
        descriptor = self._process.stdin.fileno()
        os.set_blocking(descriptor, False)
        view = memoryview(question)
        while view:
            if not select.select([], [descriptor], [], max(0.0, deadline - time.monotonic()))[1]:
                raise TimeoutError
            try:
                view = view[os.write(descriptor, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                return False
        return True

    def _receive(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None  # a pipe
        descriptor = self._process.stdout.fileno()
        data = bytearray()
        while len(data) < size:
            if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            chunk = os.read(descriptor, min(_CHUNK, size - len(data)))
            if not chunk:
                raise EOFError
            data += chunk
        return bytes(data)


def _open(answer: bytes) -> "_Answer | Broken":
    try:
        worked, result = unpack_answer(answer)
    except (
        pickle.UnpicklingError,
        EOFError,
        AttributeError,
        ImportError,
        IndexError,
        TypeError,
        ValueError,
    ):
        return Broken(code="parser_crashed", message="The parser's answer could not be read.")
    if worked:
        return _Answer(value=result)
    if result == "memory":
        return Broken(
            code="parser_out_of_memory",
            message="It needs more memory to read than the limit.",
        )
    return Broken(code="parser_failed", message=f"The parser could not read it: {result}")
