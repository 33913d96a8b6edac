"""`kernel run --submit`, `kernel worker`, `kernel submissions`, and what `workers` and `cancel` say of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from luigi.interfaces import TaskSpec
from luigi.rpc import RemoteScheduler
from luigi.task_register import Register

MODULE = """
import luigi


class {family}(luigi.Task):
    number = luigi.IntParameter(default=1)
    word = luigi.Parameter(default="usual", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def output(self):
        return luigi.LocalTarget("{folder}/out-%s" % self.number)

    def complete(self):
        if self.number == 14:
            raise ValueError("not to be checked")
        return super().complete()

    def run(self):
        if self.number == 13:
            raise ValueError("not that number")
        with self.output().open("w") as out:
            out.write("made")
"""

FAST = """
[core]
no_configure_logging = true
[worker]
wait_interval = 0.1
wait_jitter = 0
"""


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: Any) -> Iterator[str]:
    """A module with one task, of a family that no other test has: `MODULE:FAMILY`."""
    from luigi.configuration import LuigiConfigParser

    name = f"poolcli{abs(hash(request.node.name))}"
    family = f"Family{abs(hash(request.node.name))}"
    (tmp_path / f"{name}.py").write_text(MODULE.format(family=family, folder=tmp_path))
    (tmp_path / "luigi.cfg").write_text(FAST)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    LuigiConfigParser.instance().read(str(tmp_path / "luigi.cfg"))
    yield f"{name}:{family}"
    LuigiConfigParser.reload()
    sys.modules.pop(name, None)
    Register._families.pop(family, None)


@pytest.fixture
def work(kernel: Any, server: Any, pipeline: str) -> Callable[..., Any]:
    """A pool's worker for the module, until there is nothing more to do."""
    module = pipeline.partition(":")[0]
    return lambda *flags: kernel(
        "worker", "--modules", module, "--max-idle", "1", "--scheduler-url", server.url, *flags
    )


def test_what_is_submitted_is_run_by_a_pool(asking: Any, work: Any, pipeline: str, tmp_path: Path) -> None:
    submitted = asking("run", pipeline, "--submit")
    name = submitted.out.strip()
    assert submitted.code == 0
    assert name.startswith(f"run-{pipeline.partition(':')[2]}-")
    assert f"kernel submissions {name} --wait" in submitted.err
    assert "under way" in asking("submissions", name).out
    assert work().code == 0
    assert (tmp_path / "out-1").read_text() == "made"
    told = asking("submissions", name, "--wait", "--json")
    assert (told.code, told.json["status"], told.json["roots"]["done"]) == (0, "SUCCESS", 1)
    assert name in asking("submissions").out


def test_what_is_done_is_not_submitted(asking: Any, pipeline: str, tmp_path: Path) -> None:
    (tmp_path / "out-1").touch()
    submitted = asking("run", pipeline, "--submit")
    assert (submitted.code, submitted.out) == (0, "")
    assert "done already" in submitted.err


def test_a_submission_that_failed_says_so(asking: Any, work: Any, pipeline: str) -> None:
    name = asking("run", pipeline, "--number", "13", "--submit").out.strip()
    work()
    told = asking("submissions", name, "--wait")
    assert told.code == 30
    assert "failed" in told.out


def test_what_could_not_be_planned_is_told(asking: Any, pipeline: str) -> None:
    submitted = asking("run", pipeline, "--number", "14", "--submit")
    assert submitted.code == 35
    assert "could not be planned" in submitted.err
    assert asking("submissions", submitted.out.strip()).code == 35


def test_a_submission_is_cancelled(asking: Any, work: Any, pipeline: str, tmp_path: Path) -> None:
    name = asking("run", pipeline, "--submit").out.strip()
    assert asking("cancel", name).out == f"{name} is cancelled\n"
    work()
    assert not (tmp_path / "out-1").exists()
    assert (asking("submissions", name).code, asking("cancel", name).code) == (1, 1)


def test_a_queue_and_labels_choose_the_workers(asking: Any, work: Any, pipeline: str, tmp_path: Path) -> None:
    asking("run", pipeline, "--submit", "--queue", "heavy", "--label", "gpu")
    for flags in [(), ("--queue", "heavy"), ("--label", "gpu")]:
        work(*flags)
        assert not (tmp_path / "out-1").exists()
    work("--queue", "heavy", "--label", "gpu", "--label", "big")
    assert (tmp_path / "out-1").exists()


def test_a_private_value_does_not_reach_a_pool(asking: Any, pipeline: str) -> None:
    submitted = asking("run", pipeline, "--word", "hunter2", "--submit")
    assert submitted.code == 1
    assert "private parameter word" in submitted.err
    assert "hunter2" not in submitted.err + submitted.out


@pytest.mark.parametrize(
    "flags", [["--pdb"], ["--dry-run"], ["--force", "Load"], ["--fail-fast"], ["--profile"], ["--local-scheduler"]]
)
def test_what_is_about_this_process_is_refused(asking: Any, pipeline: str, flags: list[str]) -> None:
    refused = asking("run", pipeline, "--submit", *flags)
    assert refused.code == 2
    assert f"{flags[0]} and --submit" in refused.err


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--concurrency", "0"], "neither a number of tasks nor auto"),
        (["--max-idle", "soon"], "no number of seconds"),
        (["--log-level", "LOUD"], "there is no such level"),
    ],
)
def test_what_a_worker_cannot_be_told(kernel: Any, flags: list[str], says: str) -> None:
    refused = kernel("worker", *flags)
    assert refused.code == 2
    assert says in refused.err


def test_a_module_that_is_not_there_is_told_before_any_task_is_taken(kernel: Any) -> None:
    refused = kernel("worker", "--modules", "no_such_pipeline")
    assert refused.code == 1
    assert "no_such_pipeline" in refused.err


def test_there_is_no_such_submission(asking: Any) -> None:
    refused = asking("submissions", "run-Nothing")
    assert refused.code == 1
    assert "no submission 'run-Nothing'" in refused.err


def test_workers_show_their_pool(asking: Any, scheduler: RemoteScheduler) -> None:
    pool = {"modules": ["sales", "stock"], "queues": ["heavy"], "labels": ["gpu"]}
    scheduler.add_worker("pools-worker", [("host", "h"), ("assistant", True), ("pool", pool)])
    assert "sales,stock @heavy #gpu" in asking("workers").out


@pytest.mark.service("luigid")
def test_luigi_s_server_knows_no_pools(kernel: Any, luigid_service: int) -> None:
    url = f"http://127.0.0.1:{luigid_service}/"
    worker = kernel("worker", "--scheduler-url", url)
    assert (worker.code, "knows no pools" in worker.err) == (1, True)
    line = RemoteScheduler(url)
    with pytest.raises(Exception, match="takes no submissions"):
        line.submit("run-x", [TaskSpec("LuigidsPool_1", "LuigidsPool")])
    line.close()
