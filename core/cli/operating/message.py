"""`kernel message`: send a text to a running task, and wait for what it answers, if that is wanted."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.usage import UsageError
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.clock import Clock
    from luigi.rpc.operating import OperatorLine

ABOUT = """\
Sends a text to a running task that has `accepts_messages`. The text comes last. With --wait the answer is printed, when
there is one within a minute, or so many seconds: --wait=300.
"""
MINUTE: Final = 60.0
BETWEEN: Final = 0.5
"""Seconds between two looks for the answer."""


class NoAnswer(KernelError):
    """The task has not answered in time."""

    def __init__(self, task_id: str, seconds: float) -> None:
        super().__init__(f"{task_id} has not answered within {seconds:g} seconds")
        self.hint = "it has the message all the same, if it still runs: see kernel explain"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import parted
    from luigi.cli.operating.command import TASK, arguments
    from luigi.clock import SYSTEM

    own = arguments("message", "TASK TEXT", f"{ABOUT}{TASK}", 'kernel message Load_2013_07_04 "go faster" --wait')
    own.add_argument("--wait", nargs="?", type=float, const=MINUTE, metavar="SECONDS", help="for the answer; see above")
    asked, rest = parted(argv, own)
    if len(rest) < 2:
        raise UsageError("a task and a text are needed", hint="kernel message TASK TEXT")
    return _send(asked, rest, SYSTEM)


def _send(asked: Namespace, rest: list[str], clock: Clock) -> int:
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.naming import OfScheduler, task_of
    from luigi.cli.operating.telling import tell_json

    told: dict[str, Any]
    with speaking(asked) as line:
        task_id = task_of(rest[:-1], OfScheduler(line), "kernel message")
        message_id = line.once("tasks", task_id, "messages", text=rest[-1])["message_id"]
        told = {"task_id": task_id, "message_id": message_id}
        if asked.wait is not None:
            told["response"] = _answer(line, task_id, message_id, asked.wait, clock)
    if asked.json:
        tell_json(told)
    else:
        print(told.get("response", f"sent to {task_id}"))
    return 0


def _answer(line: OperatorLine, task_id: str, message_id: str, seconds: float, clock: Clock) -> str:
    until = clock.monotonic() + seconds
    while True:
        response = line.look("tasks", task_id, "messages", message_id)["response"]
        if response is not None:
            return str(response)
        if clock.monotonic() >= until:
            raise NoAnswer(task_id, seconds)
        clock.sleep(BETWEEN)
