"""`kernel execute-task`: what a job of a batch system says of its task, in a file or among what it prints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.executors.config import processes
from luigi.executors.hosting import luggage
from luigi.executors.hosting.batch_jobs import job_spec, messages
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.executors.hosting.batch_jobs.job_spec import STDOUT, JobSpec
from luigi.executors.hosting.batch_jobs.private_files import write_private
from luigi.executors.hosting.batch_jobs.running import GRACE
from luigi.executors.hosting.batch_jobs.telling import parted, signed
from luigi.executors.hosting.engine import Ended, Lost, NotThere, Parcel, Printed, Said
from luigi.executors.hosting.travel import Packing
from luigi.executors.parcels import unpack_wanted
from luigi.interfaces import Answer, Message, Progress
from luigi.parameter import ParameterVisibility
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.context import Rules

TOKEN = 7
KEY = b"of one job alone"


class InAJob(luigi.Task):
    """Does what it is told by its only parameter."""

    task_namespace = "jobs"
    doing = luigi.Parameter()
    secret = luigi.Parameter(default="", visibility=ParameterVisibility.PRIVATE)
    accepts_messages = True

    def complete(self) -> bool:
        return False

    def run(self) -> Any:
        return getattr(self, self.doing)()

    def prints(self) -> None:
        print("out of the task")
        self.set_status_message("half way")

    def fails(self) -> None:
        raise ZeroDivisionError("on purpose")

    def yields(self) -> Generator[Any, Any, None]:
        yield InAJob("prints", secret=self.secret)

    def listens(self) -> None:
        message = self.scheduler_messages.get(timeout=30)
        message.respond(f"heard {message.content}")

    def sleeps(self) -> None:
        subprocess.run(["sleep", "600"], check=True)

    def leaves(self) -> None:
        """Something that goes on for a while, whose parent does not."""
        subprocess.run(["sh", "-c", "sleep 0.2 & sleep 600 &"], check=True)

    def dies(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def hides(self) -> None:
        """Ends the process as though all were well."""
        os._exit(0)


class Job:
    """One job, as an executor at home has it lie there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.heard: list[Any] = []
        self.printed = b""

    def pack(self, task: luigi.Task, *, openly: bool = False, timeout: float = 0, content: bytes = b"") -> None:
        setup = ExecutorSetup(Rules("home"), luigi_is_complete, luigi_run_task, Scheduler(), 1)
        write_private(str(self.folder / "luggage"), luggage.packed(setup, processes()))
        packed = content or Packing().pack(task)
        self.parcel = Parcel(task.task_id, TOKEN, task.task_family, timeout, True, {}, packed, False)
        news, key = (STDOUT, KEY) if openly else ("news", b"")
        write_private(str(self.folder / job_spec.NAME), job_spec.packed(JobSpec(self.parcel, "luggage", news, key)))

    def start(self, **options: Any) -> subprocess.Popen[bytes]:
        command = [
            *options.pop("around", []),
            str(Path(sys.executable).with_name("kernel")),
            "execute-task",
            str(self.folder / job_spec.NAME),
        ]
        paths = os.pathsep.join([*options.pop("paths", [str(Path(__file__).parent)])])
        return subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths}, **options)

    def run(self, task: luigi.Task, **facts: Any) -> Any:
        """The last news of a job that does the task."""
        self.pack(task, **facts)
        process = self.start()
        self.printed, _ = process.communicate(timeout=60)
        self.code = process.returncode
        return self.read()

    def read(self) -> Any:
        hearing = Hearing(self.parcel, self.heard.append)
        for line in self.lines():
            hearing.take(line)
        assert hearing.is_over
        assert hearing.where
        return self.heard[-1]

    def lines(self) -> Iterator[bytes]:
        if (self.folder / "news").exists():
            yield from (self.folder / "news").read_bytes().splitlines(keepends=True)
        found = [parted(line, KEY) for line in self.printed.splitlines(keepends=True)]
        yield from (line for _, line in found if line is not None)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


@pytest.mark.parametrize("openly", [False, True])
def test_what_it_says_and_how_it_ends_is_told_and_what_it_prints_is_printed(job: Job, openly: bool) -> None:
    ended = job.run(InAJob("prints"), openly=openly)
    assert (type(ended), ended.token, ended.status, job.code) == (Ended, TOKEN, DONE, 0)
    assert job.heard[0] == Said(TOKEN, Progress(InAJob("prints").task_id, TOKEN, status_message="half way"))
    assert b"out of the task\n" in b"".join(parted(line, KEY)[0] for line in job.printed.splitlines(keepends=True))


def test_a_failure_comes_with_its_traceback(job: Job) -> None:
    ended = job.run(InAJob("fails"))
    assert (ended.status, ended.retriable, job.code) == (FAILED, True, 0)
    assert "ZeroDivisionError: on purpose" in ended.explanation


def test_new_requirements_come_home_as_texts_and_become_tasks_there(job: Job) -> None:
    ended = job.run(InAJob("yields", secret="swordfish"))
    assert ended.status == PENDING
    (wanted,) = unpack_wanted(ended.wanted)
    assert (wanted, wanted.secret) == (InAJob("prints"), "swordfish")


def test_private_values_are_not_among_what_a_job_prints(job: Job) -> None:
    ended = job.run(InAJob("yields", secret="swordfish"), openly=True)
    assert (ended.status, ended.wanted) == (FAILED, None)
    assert "values of private parameters do not come with what a job prints" in ended.explanation
    assert b"swordfish" not in job.printed


def test_what_others_may_read_needs_no_private_values_that_are_the_defaults(job: Job) -> None:
    ended = job.run(InAJob("yields"), openly=True)
    assert unpack_wanted(ended.wanted) == [InAJob("prints")]


@pytest.mark.parametrize(("doing", "said"), [("dies", "was killed by SIGKILL"), ("hides", "ended with exit code 0")])
def test_a_process_that_dies_is_told_of(job: Job, doing: str, said: str) -> None:
    ended = job.run(InAJob(doing))
    assert (ended.status, ended.event, job.code) == (FAILED, luigi.Event.PROCESS_FAILURE, 1)
    assert ended.explanation == f"Task {InAJob(doing).task_id} died: its process {said}"


def test_a_time_limit_is_kept_in_the_job(job: Job) -> None:
    ended = job.run(InAJob("sleeps"), timeout=0.5)
    assert (ended.status, ended.event) == (FAILED, luigi.Event.TIMEOUT)
    assert "timed out: it ran longer than 0.5 seconds" in ended.explanation


def test_a_job_that_is_to_end_takes_all_it_has_started_along(job: Job) -> None:
    job.pack(InAJob("sleeps"))
    process = job.start()
    while not (job.folder / "news").exists() or not _children_named("sleep", process.pid):
        SYSTEM.sleep(0.02)
    (sleeping,) = _children_named("sleep", process.pid)
    process.terminate()
    assert process.wait(timeout=30) == 1
    assert "was ended with its job" in job.read().explanation
    assert not Path(f"/proc/{sleeping}").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes namespaces of processes")
def test_as_the_first_process_of_a_container_it_waits_for_what_tasks_leave(job: Job) -> None:
    job.pack(InAJob("leaves"))
    before = SYSTEM.monotonic()
    process = job.start(around=["unshare", "--pid", "--fork", "--mount-proc"])
    assert process.wait(timeout=60) == 0
    assert SYSTEM.monotonic() - before < GRACE
    assert job.read().status == DONE


def test_a_message_that_is_put_beside_it_reaches_the_task(job: Job) -> None:
    task = InAJob("listens")
    job.pack(task)
    process = job.start()
    kwargs = {"content": "go on", "message_id": "m1", "task_id": task.task_id}
    messages.put(job.folder, 1, Message("dispatch_scheduler_message", kwargs))
    assert process.wait(timeout=60) == 0
    assert job.read().status == DONE
    assert Said(TOKEN, Answer(task.task_id, "m1", "heard go on")) in job.heard


MOVING = """
import luigi


class Moving(luigi.Task):
    def complete(self):
        return False

    def run(self):
        print("version %s of the module")
"""


def test_a_module_that_is_another_one_there_is_named_and_its_tasks_may_come_by_value(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "moving_tasks.py").write_text(MOVING % 1)
    monkeypatch.syspath_prepend(tmp_path)
    task = import_module("moving_tasks").Moving()
    packing = Packing()
    by_name = packing.pack(task)
    (tmp_path / "moving_tasks.py").write_text(MOVING % 2)
    news = job.run(task, content=by_name)
    assert (type(news), news.token, news.module) == (NotThere, TOKEN, "moving_tasks")
    assert "has another source" in news.why
    assert packing.send_by_value(task, news.module)
    other = Job(tmp_path / "by value")
    other.folder.mkdir()
    ended = other.run(task, content=packing.pack(task))
    assert (ended.status, b"version 1 of the module" in other.printed) == (DONE, True)


@pytest.mark.parametrize("mode", [0o644, 0o620, 0o602])
def test_what_others_may_read_or_write_is_not_run(job: Job, mode: int) -> None:
    job.pack(InAJob("prints"))
    (job.folder / job_spec.NAME).chmod(mode)
    process = job.start(stderr=subprocess.PIPE)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"is not read: its mode is {mode:o}" in " ".join(said.decode().split())
    assert not (job.folder / "news").exists()


@pytest.mark.parametrize("content", [b"{}", b"none", json.dumps({"format": 99}).encode()])
def test_what_specifies_no_job_says_so(job: Job, content: bytes) -> None:
    write_private(str(job.folder / job_spec.NAME), content)
    process = job.start(stderr=subprocess.PIPE)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, b"specifies no job that can be run here" in said) == (1, True)


def test_only_who_has_the_key_can_tell_news() -> None:
    line = b'{"quoted": "[luigi-kernel [luigi-kernel 00] "}\n'
    assert parted(b"half a line" + signed(line, KEY), KEY) == (b"half a line", line)
    assert parted(signed(line, b"another"), KEY) == (signed(line, b"another"), None)
    assert parted(b"[luigi-kernel 0] " + signed(line, KEY), KEY) == (b"[luigi-kernel 0] ", line)


def test_of_each_job_there_is_one_end(job: Job) -> None:
    heard: list[Any] = []
    hearing = Hearing(Parcel("Task", TOKEN, "Task", 0, False, {}, b"", False), heard.append)
    for status in ("PENDING (Resources)", "PENDING (Resources)", "CONFIGURING"):
        hearing.waits(status)
    statuses = [news.said.status_message for news in heard]
    assert statuses == ["PENDING (Resources)", "CONFIGURING"], "what changes is told while it waits"
    heard.clear()
    hearing.take(b'{"format": 1, "kind": "began", "where": "node-3"}\n')
    hearing.take(b"rubbish\n")
    hearing.printed(1.0, "stdout", "text")
    hearing.lose("was lost: node-3 is gone")
    hearing.take(b'{"format": 1, "kind": "ended", "status": "DONE"}\n')
    hearing.printed(1.0, "stdout", "late")
    assert heard == [Printed(TOKEN, 1.0, "stdout", "text"), Lost(TOKEN, "was lost: node-3 is gone")]
    assert hearing.where == "node-3"
    hearing.waits("RUNNING")
    assert len(heard) == 2


def _children_named(name: str, group: int) -> list[int]:
    """Processes of that name below the one with this number."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _is_below(int(entry.name), group):
            try:
                named = (entry / "comm").read_text().strip() == name
            except OSError:
                continue
            found += [int(entry.name)] if named else []
    return found


def _is_below(process: int, above: int) -> bool:
    while process > 1:
        if process == above:
            return True
        try:
            process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False
