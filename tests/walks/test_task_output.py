"""What tasks of a real `kernel run` print is on a real `kernel serve` while they run, and where it always was."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM

KERNEL = str(Path(sys.executable).with_name("kernel"))

MODULE = """
import logging
import os
import signal
import subprocess
import sys
import time
import luigi


class Once(luigi.Task):
    did = False

    def complete(self):
        return self.did

    def run(self):
        self.say()
        self.did = True


class Talks(Once):
    secret = luigi.Parameter(default="hush-hush", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def say(self):
        print("printed")
        print("to stderr", file=sys.stderr)
        os.system("echo from the shell")
        subprocess.run([sys.executable, "-c", "import sys; print('from a program', file=sys.stderr)"])
        log = logging.getLogger("shop")
        log.setLevel(logging.INFO)
        log.info("only logged")
        log.warning("shown by logging")


class Fails(Once):
    secret = luigi.Parameter(default="hush-hush", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def say(self):
        print("before it fails")
        raise ValueError("bad luck with " + self.secret)


class Binary(Once):
    def say(self):
        os.write(1, b"\\xff\\x00\\x1b[31m half \\xe2\\x82")


class Big(Once):
    def say(self):
        print("the beginning")
        for number in range(5000):
            print(f"{number:05} {'x' * 1000}")
        print("the end")


class Quiet(Once):
    def say(self):
        pass


class Everything(Once):
    def requires(self):
        return [Talks(), Fails(), Binary(), Big(), Quiet()]

    def say(self):
        pass


class Dies(Once):
    def complete(self):
        return False

    def say(self):
        print("last words")
        os.kill(os.getpid(), signal.SIGKILL)


class Holds(Once):
    def say(self):
        import ctypes

        left = 1_000_000
        while left:
            left -= ctypes.PyDLL(None).write(1, b"h" * left, left)


class Waits(Once):
    def say(self):
        print("a first line")
        while not os.path.exists("go"):
            time.sleep(0.05)
        print("a last line")
"""

ONE, TWO = ("--workers", "1"), ("--workers", "2")


def until(holds: Callable[[], Any], seconds: float) -> Any:
    end = SYSTEM.monotonic() + seconds
    while not (found := holds()):
        assert SYSTEM.monotonic() < end
        SYSTEM.sleep(0.05)
    return found


def asked(server: Any, path: str) -> Any:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", f"/api/v1/{path}")
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return told if answer.status == 200 else None


def log_of(server: Any, family: str, after: int = 0) -> Any:
    tasks = (asked(server, f"tasks?family={family}") or {"tasks": []})["tasks"]
    return asked(server, f"tasks/{tasks[0]['task_id']}/log?after={after}") if tasks else None


def whole_log(server: Any, family: str) -> dict[str, Any]:
    """All there is of a task's last attempt, by stream, once that is all there will be."""
    found: dict[str, Any] = {"lost": 0, "texts": []}
    after, ended = 0, False
    until(lambda: (log_of(server, family) or {}).get("attempt"), 10)
    while not ended:
        page = log_of(server, family, after)
        found["lost"] += page["lost"]
        found["texts"].append("".join(piece["text"] for piece in page["pieces"]))
        for piece in page["pieces"]:
            found[piece["stream"]] = found.get(piece["stream"], "") + piece["text"]
        after, ended = page["next"], page["ended"]
        if not page["pieces"] and not ended:
            SYSTEM.sleep(0.05)
    return found


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts `kernel run shop:TASK` on a server."""
    (tmp_path / "shop.py").write_text(MODULE)
    (tmp_path / "luigi.cfg").write_text("")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LUIGI_CONFIG_PATH": str(tmp_path / "luigi.cfg")}
    environment["TERM"] = "xterm"

    def start(server: Any, task: str, *flags: str, terminal: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
        command = [KERNEL, "run", f"shop:{task}", "--scheduler-url", server.url, *flags]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=terminal, stderr=terminal)

    return start


@pytest.mark.parametrize("workers", [ONE, TWO])
def test_everything_that_is_printed(
    start_server: Callable[..., Any], run: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...]
) -> None:
    server = start_server()
    with run(server, "Everything", *workers) as process:
        stdout, stderr = process.communicate(timeout=100)
    assert process.returncode == 30, stderr
    talks = whole_log(server, "Talks")
    assert talks["stdout"] == "printed\nfrom the shell\n"
    assert talks["stderr"] == "to stderr\nfrom a program\nshown by logging\n"
    assert talks["logging"].endswith("INFO shop: only logged\n")
    assert talks["lost"] == 0
    fails = whole_log(server, "Fails")
    assert fails["stdout"] == "before it fails\n"
    assert "Traceback (most recent call last)" in fails["stderr"]
    assert "ValueError: bad luck with " in fails["stderr"]
    assert whole_log(server, "Binary")["stdout"] == "\ufffd\0\x1b[31m half \ufffd"
    assert whole_log(server, "Quiet")["texts"] == [""]
    words = b"printed\n", b"from the shell\n", b"before it fails\n", b"\xff\x00\x1b[31m half \xe2\x82", b"the end\n"
    assert [stdout.count(one) for one in words] == [1] * len(words)
    assert stdout.count(b"x") == 5000 * 1000
    for words in (b"to stderr\n", b"from a program\n", b"shown by logging\n"):
        assert stderr.count(words) == 1
    assert b"only logged" not in stderr


@pytest.mark.parametrize("workers", [ONE, TWO])
def test_what_the_kernel_says_itself_has_no_secrets(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...]
) -> None:
    with run(server_process, "Everything", *workers, "--log-level", "DEBUG") as process:
        process.communicate(timeout=100)
    for family in ("Talks", "Fails"):
        told = whole_log(server_process, family)["stderr"]
        assert f"running   {family}(secret=***)" in told
        assert "hush-hush" not in told


@pytest.mark.parametrize("workers", [ONE, TWO])
def test_of_much_the_beginning_and_the_end_are_kept(
    start_server: Callable[..., Any], run: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...]
) -> None:
    server = start_server()
    with run(server, "Big", *workers) as process:
        stdout, _ = process.communicate(timeout=100)
    assert len(stdout) == sum(map(len, ("the beginning\n", "the end\n"))) + 5000 * 1007
    big = whole_log(server, "Big")
    assert big["stdout"].startswith("the beginning\n00000 x")
    assert big["stdout"].endswith("x\nthe end\n")
    assert 3_000_000 < len(big["stdout"]) <= 4 * 1024 * 1024
    assert abs(len(stdout) - len(big["stdout"]) - big["lost"]) < 100_000


def test_a_task_that_is_killed_has_its_last_words(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]]
) -> None:
    with run(server_process, "Dies", *TWO) as process:
        stdout, _ = process.communicate(timeout=60)
    assert stdout == b"last words\n"
    assert whole_log(server_process, "Dies")["stdout"] == "last words\n"


def test_a_worker_that_is_killed_has_them_too_where_it_prints(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]]
) -> None:
    with run(server_process, "Dies", *ONE) as process:
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert stdout == b"last words\n"


def test_code_that_lets_no_other_thread_run_may_print(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]]
) -> None:
    with run(server_process, "Holds", *ONE) as process:
        stdout, _ = process.communicate(timeout=60)
    assert stdout == b"h" * 1_000_000
    assert whole_log(server_process, "Holds")["stdout"] == "h" * 1_000_000


@pytest.mark.parametrize("workers", [ONE, TWO])
def test_it_is_there_while_the_task_runs(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...], tmp_path: Path
) -> None:
    with run(server_process, "Waits", *workers) as process:
        log = until(lambda: (found := log_of(server_process, "Waits")) and found["pieces"] and found, 30)
        assert [(piece["stream"], piece["text"]) for piece in log["pieces"]] == [("stdout", "a first line\n")]
        assert SYSTEM.now() - log["pieces"][0]["at"] < 2 + 1  # the slowest machine of a test has one second more
        assert not log["ended"]
        assert [attempt["ended"] for attempt in log["attempts"]] == [None]
        (tmp_path / "go").write_text("")
        stdout, _ = process.communicate(timeout=60)
    assert stdout == b"a first line\na last line\n"
    assert whole_log(server_process, "Waits")["stdout"] == "a first line\na last line\n"


@pytest.mark.parametrize("workers", [ONE, TWO])
def test_a_server_that_is_killed_meanwhile_has_it_all_the_same(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...], tmp_path: Path
) -> None:
    with run(server_process, "Waits", *workers) as process:
        until(lambda: (found := log_of(server_process, "Waits")) and found["pieces"], 30)
        server_process.kill()
        (tmp_path / "go").write_text("")
        SYSTEM.sleep(1.0)  # in which the task prints to nobody
        server_process.start()
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert stdout == b"a first line\na last line\n"
    assert whole_log(server_process, "Waits")["texts"] == ["a first line\na last line\n"]


@pytest.mark.parametrize("workers", [ONE, TWO])
def test_a_live_display_stays_out_of_it(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]], workers: tuple[str, ...], tmp_path: Path
) -> None:
    ours, theirs = os.openpty()
    os.set_inheritable(theirs, True)
    with run(server_process, "Waits", *workers, terminal=theirs) as process:
        os.close(theirs)
        until(lambda: (found := log_of(server_process, "Waits")) and found["pieces"], 30)
        SYSTEM.sleep(0.5)  # in which the display is drawn some times
        (tmp_path / "go").write_text("")
        shown = seen_on(ours)
        assert process.wait(timeout=60) == 0
    assert whole_log(server_process, "Waits")["texts"] == ["a first line\na last line\n"]
    assert "▶ Waits" in shown
    assert shown.count("a first line") == shown.count("a last line") == 1


def seen_on(terminal: int) -> str:
    """All that is written to a terminal, until nobody can any more."""
    seen = b""
    with contextlib.suppress(OSError):
        while data := os.read(terminal, 65536):
            seen += data
    os.close(terminal)
    return seen.decode()


def test_a_run_may_keep_it_to_itself(
    server_process: Any, run: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    (tmp_path / "luigi.cfg").write_text("[worker]\nsend_output = false\n")
    with run(server_process, "Talks", *TWO) as process:
        stdout, _ = process.communicate(timeout=60)
    assert sorted(stdout.splitlines()) == [b"from the shell", b"printed"]  # the first of them waits in a buffer
    assert not (server_process.folder / "logs").exists()
