"""Three pools of workers on three machines, as far as the network goes: one is killed, one is cut off, and all is done.

Each machine is a network namespace on one bridge; the server listens on the bridge, and has every call show a token.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler

if TYPE_CHECKING:
    from ..conftest import KernelServer

LEASE = 3.0
"""Seconds of silence after which a worker is lost."""
MACHINES = 3
TASKS = 60

PIPELINE = f'''
"""Tasks that write down who began them, and when."""
import os
import time

import luigi


class Pooled(luigi.Task):
    number = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"out/{{self.number}}")

    def run(self):
        with open("began", "a") as began:
            began.write(f"{{self.number}} {{os.environ['MACHINE']}} {{time.time()}}\\n")
        time.sleep(0.4)
        with self.output().open("w") as out:
            out.write(os.environ["MACHINE"])


class FoundOut(Pooled):
    """Finds out as it runs what it needs."""

    def run(self):
        yield [Pooled(1000 + self.number), Pooled(2000)]
        super().run()


class AllPooled(luigi.WrapperTask):
    def requires(self):
        return [*(Pooled(number) for number in range({TASKS})), *(FoundOut(3000 + number) for number in range(3))]
'''

SERVER = f"""
[scheduler]
worker_disconnect_delay = {LEASE}

[server]
tick_interval = 0.5
"""

WORKER = """
[core]
rpc_connect_timeout = 2
rpc_retry_wait = 0.2

[worker]
wait_interval = 0.2
wait_jitter = 0.1
ping_interval = 0.5
"""


class Begun(NamedTuple):
    """An attempt, as the task itself wrote it down."""

    number: int
    machine: str
    at: float


class Machines:
    """Network namespaces on one bridge. `address` is that of the machine they are on."""

    def __init__(self) -> None:
        key = f"{random.randrange(16**4):04x}"
        self.bridge = f"lkb{key}"
        self.names = [f"lkn{key}{number}" for number in range(MACHINES)]
        self._net = f"10.{200 + random.randrange(50)}.{random.randrange(250)}"
        self.address = f"{self._net}.1"

    def up(self) -> None:
        """Have them."""
        ip("link", "add", self.bridge, "type", "bridge")
        ip("addr", "add", f"{self.address}/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")
        for number, name in enumerate(self.names):
            ip("netns", "add", name)
            ip("link", "add", f"v{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"v{name}", "master", self.bridge, "up")
            ip("-n", name, "addr", "add", f"{self._net}.{number + 2}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")

    def down(self) -> None:
        """Have them no more."""
        for name in self.names:
            with contextlib.suppress(subprocess.CalledProcessError):
                ip("netns", "delete", name)
        with contextlib.suppress(subprocess.CalledProcessError):
            ip("link", "delete", self.bridge)

    def cut_off(self, name: str) -> None:
        """Pull the cable."""
        ip("link", "set", f"v{name}", "down")

    def plug_in(self, name: str) -> None:
        """Put it in again."""
        ip("link", "set", f"v{name}", "up")


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@pytest.fixture(scope="module")
def netns_service() -> Iterator[Machines]:
    """Three machines on one network."""
    if shutil.which("ip") is None:
        pytest.skip("there is no program ip: apt install iproute2")
    machines = Machines()
    try:
        try:
            machines.up()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network namespaces can be made here, which takes root: {error.stderr}")
        yield machines
    finally:
        machines.down()


class Fleet:
    """A server on the bridge, and the pool's workers of a test, all in one folder."""

    def __init__(self, folder: Path, url: str, server: KernelServer) -> None:
        self.folder, self.url, self.server = folder, url, server
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "poolwalk.py").write_text(PIPELINE)
        (folder / "luigi.cfg").write_text(WORKER)
        (folder / "began").touch()

    def start(self, machine: str, *flags: str) -> None:
        """Start a worker of the pool there; in the machine's own network if that is none of the namespaces."""
        there = ["ip", "netns", "exec", machine] if machine.startswith("lkn") else []
        command = [*there, kernel(), "worker", "--modules", "poolwalk", "--concurrency", "3"]
        with self.log(machine).open("ab") as log:
            self.workers[machine] = subprocess.Popen(
                [*command, "--scheduler-url", self.url, *flags],
                cwd=self.folder,
                env=environment(self.folder, machine),
                stdout=log,
                stderr=log,
            )

    def submit(self, task: str, *flags: str) -> str:
        """Submit a task; gives the submission's id."""
        command = [kernel(), "run", f"poolwalk:{task}", "--submit", "--scheduler-url", self.url, *flags]
        done = subprocess.run(
            command, cwd=self.folder, env=environment(self.folder, "here"), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def log(self, machine: str) -> Path:
        return self.folder / f"{machine}.log"

    def begun(self) -> list[Begun]:
        """What was begun so far, in order."""
        lines = [line.split() for line in (self.folder / "began").read_text().splitlines()]
        return [Begun(int(number), machine, float(at)) for number, machine, at in lines]

    def outputs(self) -> dict[int, str]:
        """What is done, and by which machine."""
        found = self.folder / "out"
        whole = [one for one in found.glob("[0-9]*") if one.name.isdigit()]  # others are being written
        return {int(one.name): one.read_text() for one in whole}

    def told(self, submission: str) -> Any:
        """How a submission stands."""
        with closing(RemoteScheduler(self.url)) as line:
            return line.view(Question("submission", submission))

    def wait(self, is_so: Callable[[], bool], longest: float) -> None:
        began = SYSTEM.monotonic()
        while not is_so():
            assert SYSTEM.monotonic() < began + longest, self.said()
            SYSTEM.sleep(0.1)

    def said(self) -> str:
        logs = [*self.folder.glob("*.log"), self.server.log]
        return "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in logs)

    def end(self) -> None:
        for worker in self.workers.values():
            worker.kill()
            worker.wait()


def kernel() -> str:
    return str(Path(sys.executable).with_name("kernel"))


def environment(folder: Path, machine: str) -> dict[str, str]:
    import os

    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUIGI", "PYTHON"))}
    return kept | {"LUIGI_CONFIG_PATH": str(folder / "luigi.cfg"), "MACHINE": machine}


@pytest.fixture
def fleet(netns_service: Machines, tmp_path: Path, start_server: Callable[..., KernelServer]) -> Iterator[Fleet]:
    port = str(random.randrange(20_000, 32_000))
    address = netns_service.address
    server = start_server("--address", address, "--port", port, config=SERVER, tokens=True, leads=False)
    url = f"http://operator:{server.tokens['operator']}@{address}:{port}/"
    found = Fleet(tmp_path, url, server)
    try:
        yield found
    finally:
        found.end()


@pytest.mark.service("netns")
@pytest.mark.timeout(600)
def test_the_tasks_of_a_killed_worker_are_taken_over(fleet: Fleet, netns_service: Machines) -> None:
    for machine in netns_service.names:
        fleet.start(machine)
    submission = fleet.submit("AllPooled")
    victim = netns_service.names[1]
    fleet.wait(lambda: len(fleet.outputs()) > TASKS // 4 and unfinished(fleet, victim), 120)
    fleet.workers[victim].send_signal(signal.SIGKILL)
    killed = SYSTEM.now()
    left = unfinished(fleet, victim)
    fleet.wait(lambda: fleet.told(submission)["settled"] is not None, 120)

    told = fleet.told(submission)
    assert (told["status"], told["roots"]["done"]) == ("SUCCESS", 1), fleet.said()
    assert set(fleet.outputs()) == {*range(TASKS), *(3000, 3001, 3002), *(4000, 4001, 4002), 2000}
    again = {one.number: one for one in fleet.begun() if one.at > killed and one.number in left}
    assert set(again) == left, fleet.said()
    assert max(one.at for one in again.values()) - killed <= 2 * LEASE
    counted = Counter(one.number for one in fleet.begun())
    assert {number for number, times in counted.items() if times > 1} == left, "nothing else was run twice"
    assert len({one.machine for one in fleet.begun()}) == MACHINES, "each had a part in it"


@pytest.mark.service("netns")
@pytest.mark.timeout(600)
def test_a_worker_that_was_cut_off_is_not_believed_and_goes_on(fleet: Fleet, netns_service: Machines) -> None:
    loner, other, _ = netns_service.names
    fleet.start(loner)
    fleet.start(other)
    first = fleet.submit("AllPooled")
    fleet.wait(lambda: len(fleet.outputs()) > 10 and unfinished(fleet, loner), 120)
    netns_service.cut_off(loner)
    cut = SYSTEM.now()
    fleet.wait(lambda: fleet.told(first)["settled"] is not None, 180)
    assert fleet.told(first)["status"] == "SUCCESS"
    assert {one.machine for one in fleet.begun() if one.at > cut + 1} == {other}, "what cannot ask is given nothing"

    netns_service.plug_in(loner)
    fleet.workers[other].send_signal(signal.SIGTERM)
    assert fleet.workers[other].wait(60) == 0, fleet.said()
    assert fleet.workers[loner].poll() is None, fleet.said()
    again = fleet.submit("Pooled", "--number", "9999")
    fleet.wait(lambda: fleet.told(again)["settled"] is not None, 60)
    assert fleet.outputs()[9999] == loner


@pytest.mark.service("netns")
@pytest.mark.timeout(600)
def test_the_server_is_killed_and_the_pools_go_on(fleet: Fleet, netns_service: Machines) -> None:
    for machine in netns_service.names:
        fleet.start(machine)
    submission = fleet.submit("AllPooled")
    fleet.wait(lambda: len(fleet.outputs()) > 10, 120)
    fleet.server.kill()
    SYSTEM.sleep(1.5)
    fleet.server.start(leads=False)
    fleet.wait(lambda: fleet.told(submission)["settled"] is not None, 180)
    assert fleet.told(submission)["status"] == "SUCCESS"
    counted = Counter(one.number for one in fleet.begun())
    assert set(counted.values()) == {1}, fleet.said()


@pytest.fixture
def alone(tmp_path: Path, start_server: Callable[..., KernelServer]) -> Iterator[Fleet]:
    """A server on the loopback, and workers beside it."""
    server = start_server(config=SERVER)
    found = Fleet(tmp_path, server.url, server)
    try:
        yield found
    finally:
        found.end()


@pytest.mark.timeout(300)
def test_a_worker_that_is_told_to_leave_finishes_what_runs(alone: Fleet) -> None:
    alone.start("first")
    submission = alone.submit("AllPooled")
    alone.wait(lambda: len(alone.outputs()) > 6 and bool(unfinished(alone, "first")), 60)
    alone.workers["first"].send_signal(signal.SIGTERM)
    assert alone.workers["first"].wait(60) == 0, alone.said()
    assert unfinished(alone, "first") == set()
    assert "finishing what runs" in alone.log("first").read_text()
    left = len(alone.begun())
    alone.start("second")
    alone.wait(lambda: alone.told(submission)["settled"] is not None, 120)
    assert {one.machine for one in alone.begun()[left:]} == {"second"}
    assert set(Counter(one.number for one in alone.begun()).values()) == {1}


@pytest.mark.timeout(300)
def test_what_ran_in_a_worker_that_was_told_twice_is_given_back_at_once(alone: Fleet) -> None:
    alone.start("first")
    submission = alone.submit("AllPooled")
    alone.wait(lambda: len(alone.outputs()) > 6 and bool(unfinished(alone, "first")), 60)
    alone.start("second")
    alone.wait(lambda: any(one.machine == "second" for one in alone.begun()), 60)
    alone.workers["first"].send_signal(signal.SIGTERM)
    alone.wait(lambda: "finishing what runs" in alone.log("first").read_text(), 30)
    alone.workers["first"].send_signal(signal.SIGTERM)
    code, ended, lost = alone.workers["first"].wait(60), SYSTEM.now(), unfinished(alone, "first")
    assert code == 130 or (code == 0 and not lost), alone.said()  # on a busy machine all may have ended in between
    alone.wait(lambda: alone.told(submission)["settled"] is not None, 120)
    told = alone.told(submission)
    assert (told["status"], told["counts"]) == ("SUCCESS", {"DONE": TASKS + 8}), alone.said()
    again = [one for one in alone.begun() if one.number in lost and one.machine == "second"]
    assert all(one.at - ended < 2 * LEASE for one in again)
    assert "failed" not in alone.server.log.read_text()


def unfinished(fleet: Fleet, machine: str) -> set[int]:
    """The tasks that a machine has begun and nobody has ended."""
    return {one.number for one in fleet.begun() if one.machine == machine} - set(fleet.outputs())
