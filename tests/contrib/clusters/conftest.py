"""Real clusters of one machine, Slurm and Grid Engine, and programs that stand in for LSF's."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port

HERE = Path(__file__).parent

SLURM = """
ClusterName=tests
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={daemon}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
KillWait=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
PartitionName=closed Nodes=ALL State=DOWN
"""


@pytest.fixture(scope="session", autouse=True)
def tasks_of_clusters() -> Iterator[None]:
    """The module with tasks is importable here, and nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HERE / "tasks"))
        yield


@pytest.fixture
def holds() -> Callable[[Path], bool]:
    """Whether somebody, on whatever machine, holds the lock of a file."""

    def held(path: Path) -> bool:
        if not path.exists():
            return False
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    return held


@pytest.fixture
def told() -> Callable[[Any], Any]:
    """What a task has written to its output, read as JSON."""

    def read(task: Any) -> Any:
        with task.output().open() as file:
            return json.load(file)

    return read


def needed(*programs: str, packages: str) -> None:
    path = f"{os.environ['PATH']}:/usr/sbin"
    missing = [name for name in programs if shutil.which(name, path=path) is None]
    if missing:
        pytest.skip(f"there is no {', '.join(missing)}: apt install {packages}")


@contextmanager
def running(command: list[str | Path], log: Path, is_up: Callable[[], bool]) -> Iterator[int]:
    """A server that is there as long as what is inside: gives its process id once it is up."""
    with log.open("ab") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
    try:
        until = SYSTEM.monotonic() + 40
        while not is_up():
            if process.poll() is not None or SYSTEM.monotonic() > until:
                pytest.fail(f"{command[0]} does not start: {log.read_text(errors='replace')[-3000:]}")
            SYSTEM.sleep(0.1)
        yield process.pid
    finally:
        process.kill()  # what unshare does not pass on is by --kill-child what its child gets
        process.wait()


# --- Slurm -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def slurm_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Slurm, of a machine with two processors, for all tests of a session: gives its folder."""
    needed("slurmctld", "slurmd", "munged", "sbatch", packages="slurm-wlm slurmctld slurmd munge")
    folder, host = tmp_path_factory.mktemp("slurm"), socket.gethostname().partition(".")[0]
    log = folder / "log"
    for inner in ("state", "spool"):
        (folder / inner).mkdir()
    ports = {"controller": free_port(), "daemon": free_port()}
    user = "root" if os.geteuid() == 0 else os.environ["USER"]
    (folder / "slurm.conf").write_text(SLURM.format(folder=folder, host=host, user=user, **ports))
    with ExitStack() as servers, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
        patch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin")
        servers.enter_context(running(munge(folder), log, (folder / "munge.socket").exists))
        for name, up in (("slurmctld", "main"), ("slurmd", "main idle")):
            command = [name, "-D", "-f", folder / "slurm.conf"]
            servers.enter_context(running(command, log, lambda up=up: up in said(["sinfo", "-h", "-o", "%R %T"])))
        yield folder


def munge(folder: Path) -> list[str | Path]:
    key = folder / "munge.key"
    key.write_bytes(random.randbytes(1024))
    key.chmod(0o600)
    files = {"socket": "munge.socket", "key-file": "munge.key", "log-file": "munge.log"}
    files |= {"pid-file": "munge.pid", "seed-file": "munge.seed"}
    return ["munged", "--foreground", "--force", *(f"--{name}={folder / file}" for name, file in files.items())]


def said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


# --- Grid Engine -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def gridengine_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Grid Engine, of a machine with two slots, for all tests of a session: gives its folder.

    It is in namespaces of its own, and so are its programs, which PATH has for the session.
    """
    needed("sge_qmaster", "sge_execd", "qsub", packages="gridengine-master gridengine-exec gridengine-client")
    if os.geteuid() != 0:
        pytest.skip("only root can make the namespaces that Grid Engine is in")
    folder = tmp_path_factory.mktemp("gridengine")
    spaces = ["--net", "--uts", "--mount"]
    apart = ["unshare", *spaces, "--pid", "--fork", "--kill-child", "--mount-proc"]
    program = [*apart, "bash", HERE / "gridengine.sh", folder]
    with running(program, folder / "log", (folder / "up").exists) as process:
        bin = folder / "bin"
        bin.mkdir()
        for name in ("qsub", "qstat", "qdel"):
            enter = ["nsenter", f"--target={process}", *spaces]
            line = f'exec {shlex.join(enter)} --wdns="$PWD" {shutil.which(name)} "$@"'
            own = f"# Grid Engine's own {name}, where its server is"
            (bin / name).write_text(f"#!/bin/sh\n{own}\nexport SGE_ROOT=/var/lib/gridengine\n{line}\n")
            (bin / name).chmod(0o755)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
            yield folder


# --- LSF -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def lsf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that stand in for LSF's: gives the folder with a folder of each job."""
    bin, jobs = tmp_path / "bin", tmp_path / "jobs-of-lsf"
    bin.mkdir()
    jobs.mkdir()
    for name in ("bsub", "bjobs", "bkill"):
        program = f'#!/bin/sh\nexec {sys.executable} -S {HERE / "programs" / "lsf_stand_in.py"} {name} "$@"\n'
        (bin / name).write_text(program)
        (bin / name).chmod(0o755)
    monkeypatch.setenv("LSF_STAND_IN", str(jobs))
    monkeypatch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
    return jobs
