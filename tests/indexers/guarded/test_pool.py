"""A child process that is hurt costs the item it read, and nothing else."""

import contextlib
import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from indexers.guarded import Broken, Guard, Task
from tests.indexers.guarded import hurtful

GUARD = Guard(seconds=5.0, memory=2**30, answer_bytes=2**20)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("crash", "parser_crashed"),
        ("leave", "parser_crashed"),
        ("grow", "parser_out_of_memory"),
        ("sink", "parser_failed"),
        ("raise", "parser_failed"),
        ("flood", "parser_output_too_large"),
        ("smuggle", "parser_crashed"),
    ],
)
def test_what_hurts_is_named_and_its_neighbours_are_read(what: str, code: str) -> None:
    tasks = [Task(subject=at, arguments=(word,), size=1) for at, word in enumerate(["a", what, "b", "print"])]
    found = dict(GUARD.each(hurtful.read, tasks))
    broken = found.pop(1)
    assert isinstance(broken, Broken)
    assert broken.code == code
    assert found == {0: "a", 2: "b", 3: "print"}


def test_what_hangs_is_stopped_and_its_neighbours_are_read() -> None:
    guard = Guard(seconds=4.0, memory=2**30)
    words = ["a", "hang", "b"]
    answers = [
        answer
        for _, answer in guard.each(
            hurtful.read, [Task(subject=0, arguments=(word,), size=1) for word in words]
        )
    ]
    assert isinstance(answers[1], Broken)
    assert [answers[0], answers[1].code, answers[2]] == ["a", "parser_timeout", "b"]


def test_answers_come_in_the_order_of_the_tasks() -> None:
    tasks = [Task(subject=at, arguments=(str(at),), size=1) for at in range(300)]
    assert list(GUARD.each(hurtful.read, tasks)) == [(at, str(at)) for at in range(300)]


def test_tasks_are_asked_for_only_a_little_ahead() -> None:
    asked = []

    def tasks() -> Generator[Task[int], None, None]:
        for at in range(1000):
            asked.append(at)
            yield Task(subject=at, arguments=(str(at),), size=2**20)

    answers = GUARD.each(hurtful.read, tasks())
    next(answers)
    assert len(asked) <= GUARD.ahead + 2
    assert isinstance(answers, Generator)
    answers.close()


def test_a_stream_that_is_left_in_its_middle_leaves_no_process_at_work(tmp_path: Path) -> None:
    before = _children()
    guard = Guard(seconds=60.0, memory=2**30 + 1)
    words = ["a", "hang", "hang", "touch"]
    answers = guard.each(
        hurtful.read, [Task(subject=0, arguments=(word, str(tmp_path)), size=2**30) for word in words]
    )
    next(answers)
    assert isinstance(answers, Generator)
    answers.close()
    gc.collect()
    assert _children() <= before
    assert not (tmp_path / "touched").exists()


def _children() -> set[str]:
    """Living processes that this one started."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid() and fields[0] != "Z":
                found.add(folder.name)
    return found
