"""The tasks that the contract suite of executors runs. What they do is seen in files, wherever they run."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import luigi
from luigi.defaults import luigi_run_task
from luigi.hookspecs import Ran
from luigi.worker.context import Context


class _InFolder(luigi.Task):
    task_namespace = "luigi.testing"
    folder = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/{self.task_id.rpartition('.')[2]}")

    def log(self, line: str) -> None:
        with open(f"{self.folder}/log", "a") as log:
            log.write(f"{line}\n")


class Writes(_InFolder):
    """Writes its output."""

    name = luigi.Parameter(default="")

    def run(self) -> None:
        self.log(f"ran {self.name}")
        self.set_status_message(f"wrote {self.name}")
        with self.output().open("w") as out:
            out.write(self.name)


class Needs(Writes):
    """Requires something."""

    def requires(self) -> Any:
        return Writes(self.folder, "needed")


class Raises(_InFolder):
    """Fails."""

    def run(self) -> None:
        raise ZeroDivisionError("on purpose")


class Exits(_InFolder):
    """Ends the interpreter, or tries to."""

    def run(self) -> None:
        sys.exit(3)


class Interrupted(_InFolder):
    """Is ended by Ctrl-C."""

    def run(self) -> None:
        raise KeyboardInterrupt


class Yields(_InFolder):
    """Wants one more thing, and then another."""

    def run(self) -> Generator[Any, Any, None]:
        self.log("entered")
        try:
            first = yield Writes(self.folder, "first")
            self.log(f"got {Path(first.path).read_text()}")
            second = yield {"key": [Writes(self.folder, "second")]}
            self.log(f"got {Path(second['key'][0].path).read_text()}")
            with self.output().open("w") as out:
                out.write("done")
        finally:
            self.log("left")


class Says(_InFolder):
    """Says all there is to say."""

    resources = {"space": 3}

    def run(self) -> None:
        self.set_tracking_url("http://there")
        self.set_status_message("half way")
        self.set_progress_percentage(50)
        self.decrease_running_resources({"space": 2})


class Listens(_InFolder):
    """Waits for a message, and answers it."""

    accepts_messages = True

    def run(self) -> None:
        message = self.scheduler_messages.get(timeout=30)
        self.log(f"heard {message}")
        message.respond(f"I heard {message.content}")


class Sleeps(_InFolder):
    """Goes on until it is ended."""

    def run(self) -> None:
        self.log(f"asleep in {os.getpid()}")
        threading.Event().wait(60)


class Dies(_InFolder):
    """Takes its process with it."""

    how = luigi.Parameter()

    def run(self) -> None:
        if self.how == "exit":
            os._exit(7)
        faulthandler.disable()  # pytest's, which would tell of it at length
        os.kill(os.getpid(), getattr(signal, self.how))


class Particular(Raises):
    """Is to be tried again only after another error than the one it raises."""

    retry_on = (KeyError, OSError)


class Noting:
    """A context around each stretch of a run, as `[worker] task_process_context` names one."""

    def __init__(self, process: Any) -> None:
        self.task = process.task
        self.task.log(f"context for {process.worker_id}, {'here' if process.pid == os.getpid() else 'elsewhere'}")

    def __enter__(self) -> None:
        self.task.log("in")

    def __exit__(self, *exc_info: object) -> None:
        self.task.log("out")


def wrapped_run_task(task: luigi.Task, context: Context) -> Ran:
    """A step around every run, as a plugin would put it there."""
    log = getattr(task, "log", lambda line: None)
    log("before")
    try:
        return luigi_run_task(task, context)
    finally:
        log("after")
