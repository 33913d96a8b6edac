"""What a run that fails sends by e-mail, as a user starts it: a process of its own, a real SMTP server."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.testing.contracts.mailers import Arrived

TASKS = """
import luigi
from luigi.parameter import ParameterVisibility


class Breaking(luigi.Task):
    owner_email = "owner@example.com"
    day = luigi.Parameter(default="<2026>")
    source = luigi.Parameter(default="hidden-source", visibility=ParameterVisibility.HIDDEN)
    password = luigi.Parameter(default="open-sesame", visibility=ParameterVisibility.PRIVATE)

    def run(self):
        raise ValueError(f"no entry with {self.password}")
"""
CONFIG = """
[email]
receiver = all@example.com
sender = luigi@example.com
prefix = [TEST]
{email}

[smtp]
host = 127.0.0.1
port = {port}
timeout = {timeout}

[core]
log_level = INFO
notify_deadline = 2
"""
FAILED = 30
COMMAND = [sys.executable, "-m", "luigi", "--module", "breaking", "Breaking", "--local-scheduler"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "breaking.py").write_text(TASKS)
    return tmp_path


def settings(folder: Path, port: int, email: str = "", timeout: float = 1) -> dict[str, str]:
    """The environment of a run that is configured like this."""
    retcodes = f"\n[retcode]\ntask_failed = {FAILED}\n"
    (folder / "luigi.cfg").write_text(CONFIG.format(port=port, email=email, timeout=timeout) + retcodes)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUIGI")}
    return kept | {"PYTHONPATH": str(folder), "LUIGI_CONFIG_PATH": str(folder / "luigi.cfg")}


def run(folder: Path, port: int, *flags: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *flags]
    environ = settings(folder, port, **more)
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.service("smtp")
@pytest.mark.parametrize("format", ["plain", "html"])
def test_a_failure_is_mailed(
    smtp_service: Callable[..., Any], decoded: Callable[[EmailMessage], Arrived], folder: Path, format: str
) -> None:
    server = smtp_service()
    done = run(folder, server.port, "--password", "open-sesame-too", email=f"format = {format}")
    assert done.returncode == FAILED, done.stderr
    (mail,) = [decoded(mail) for mail in server.mails]
    assert re.fullmatch(r"\[TEST\] Luigi: Breaking\(day=<2026>\) FAILED\. Host: \S+", mail.subject)
    assert (mail.sender, mail.format) == ("luigi@example.com", format)
    assert server.sessions[0].recipients == ["all@example.com", "owner@example.com"]
    assert "ValueError: no entry with ***" in mail.text
    assert ("&lt;2026&gt;" if format == "html" else "<2026>") in mail.text
    for secret in ("open-sesame", "hidden-source"):
        assert secret not in mail.text + mail.subject


@pytest.mark.service("smtp")
def test_options_can_be_given_as_flags(smtp_service: Callable[..., Any], folder: Path) -> None:
    server = smtp_service()
    flags = ["--email-receiver", "other@example.com", "--email-prefix", "[FLAG]", "--smtp-port", str(server.port)]
    assert run(folder, 1, *flags).returncode == FAILED
    (mail,), (session,) = server.mails, server.sessions
    assert session.recipients == ["other@example.com", "owner@example.com"]
    assert mail["Subject"].startswith("[FLAG] Luigi: Breaking")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("timeout", "said"),
    [(0.5, "notifier email did not pass on"), (50, "notifier email did not come back within 2 s")],
)
def test_a_server_that_never_answers_changes_nothing_but_the_log(
    black_hole: int, folder: Path, timeout: float, said: str
) -> None:
    before = SYSTEM.monotonic()
    done = run(folder, black_hole, timeout=timeout)
    assert done.returncode == FAILED
    assert SYSTEM.monotonic() - before < 20
    (line,) = [line for line in done.stderr.splitlines() if said in line]
    assert "Luigi: Breaking(day=<2026>) FAILED" in line


def test_a_server_that_is_away_changes_nothing_but_the_log(closed_port: int, folder: Path) -> None:
    done = run(folder, closed_port)
    assert done.returncode == FAILED
    assert "notifier email did not pass on: Luigi: Breaking(day=<2026>) FAILED" in done.stderr
    assert "Connection refused" in done.stderr


@pytest.mark.service("smtp")
@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
@pytest.mark.parametrize(("email", "count"), [("", 0), ("force_send = true", 1)])
def test_a_run_in_a_terminal_mails_only_if_it_is_forced_to(
    smtp_service: Callable[..., Any], folder: Path, email: str, count: int
) -> None:
    server = smtp_service()
    environ = settings(folder, server.port, email)
    ours, theirs = os.openpty()
    with subprocess.Popen(COMMAND, cwd=folder, env=environ, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # EIO: the other end is closed
            while os.read(ours, 4096):
                pass
        os.close(ours)
        assert process.wait(timeout=60) == FAILED
    assert len(server.mails) == count


def test_a_method_that_nobody_offers_stops_the_start(folder: Path) -> None:
    done = run(folder, 1, email="method = stmp")
    assert done.returncode not in (0, FAILED)
    assert "'stmp'" in done.stderr
    assert "smtp" in done.stderr
