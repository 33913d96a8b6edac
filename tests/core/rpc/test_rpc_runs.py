"""Whole runs by the released Luigi's own server: batches, messages, assistants, several tasks at a time."""

from __future__ import annotations

import threading
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.interfaces import Order, Question
from luigi.rpc import RemoteScheduler
from luigi.worker import Worker

pytestmark = pytest.mark.service("luigid")

NUMBERS = count()


@pytest.fixture
def server(luigid_service: int) -> Any:
    remote = RemoteScheduler(f"http://127.0.0.1:{luigid_service}/")
    yield remote
    remote.close()


@pytest.fixture
def written(tmp_path: Path) -> type[luigi.Task]:
    """A task class that no other test uses, whose tasks write a file each."""

    class Written(luigi.Task):
        task_namespace = f"run{next(NUMBERS)}"
        n = luigi.IntParameter(batch_method=sum)
        seen: list[int] = []

        def output(self) -> Any:
            return luigi.LocalTarget(str(tmp_path / f"{type(self).__name__}{self.n}"))

        def run(self) -> Any:
            self.output().open("w").close()

    return Written


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def status(server: RemoteScheduler, task: luigi.Task) -> str:
    return str(server.view(Question("task", task.task_id))["status"])


def test_a_batch_runs_as_one(luigid_service: int, server: Any, written: Any, tmp_path: Path) -> None:
    result = luigi.build(
        [written(n) for n in (1, 2, 4)], scheduler_port=luigid_service, log_level="WARNING", detailed_summary=True
    )
    assert files(tmp_path) == ["Written7"]
    assert "* 3 ran successfully" in result.summary_text
    assert "* 1 complete ones were encountered" in result.summary_text
    assert {status(server, written(n)) for n in (1, 2, 4, 7)} == {"DONE"}


def test_two_at_a_time(luigid_service: int, server: Any, written: Any, tmp_path: Path) -> None:
    class Single(written):
        batchable = False

    class Top(written):
        batchable = False

        def requires(self) -> Any:
            return [Single(n) for n in range(4)]

    assert luigi.build([Top(0)], scheduler_port=luigid_service, workers=2, log_level="WARNING")
    assert files(tmp_path) == ["Single0", "Single1", "Single2", "Single3", "Top0"]
    assert status(server, Top(0)) == "DONE"


@pytest.mark.parametrize("processes", [1, 2])
def test_a_message_and_its_answer(server: Any, written: Any, processes: int) -> None:
    class Listening(written):
        accepts_messages = True
        batchable = False

        def run(self) -> Any:
            message = self.scheduler_messages.get()
            message.respond(f"{message.content} pong")
            super().run()

    task = Listening(1)
    name = f"listener{next(NUMBERS)}"
    sent: list[str] = []

    def operate() -> None:
        while status(server, task) != "RUNNING":
            SYSTEM.sleep(0.02)
        sent.append(server.control(Order("send_message", task.task_id, text="ping", worker=name)))

    with Worker(server, worker_id=name, worker_processes=processes, ping_interval=0.05) as worker:
        worker.add(task)
        operator = threading.Thread(target=operate)
        operator.start()
        assert worker.run()
    operator.join()
    assert server.view(Question("answer", task.task_id, {"message_id": sent[0]})) == "ping pong"


def test_an_operator_disables_a_worker(server: Any, written: Any, tmp_path: Path) -> None:
    name = f"disabled{next(NUMBERS)}"

    class Disabling(written):
        batchable = False
        priority = 1

        def run(self) -> Any:
            server.control(Order("disable_worker", name))
            super().run()

    with Worker(server, worker_id=name, keep_alive=True) as worker:
        worker.add_all([Disabling(1), Disabling(2)])
        assert worker.run()
    assert len(files(tmp_path)) == 1


def test_an_assistant_runs_what_others_left(luigid_service: int, server: Any, written: Any, tmp_path: Path) -> None:
    class Left(written):
        batchable = False
        priority = 10**9

    boss = Worker(server, worker_id=f"boss{next(NUMBERS)}")
    boss.add(Left(3))
    with Worker(server, worker_id=f"helper{next(NUMBERS)}", assistant=True) as assistant:
        assistant.run()
    assert "Left3" in files(tmp_path)
    assert status(server, Left(3)) == "DONE"
