"""Pid files say which process lives; the spool's log starts a new file each day."""

from __future__ import annotations

import logging
import logging.handlers
import os
import subprocess
import sys
from pathlib import Path

import pytest

from luigi import process


def test_a_pid_file_of_a_living_process(tmp_path: Path) -> None:
    path = str(tmp_path / "deep" / "luigid.pid")
    process.write_pid(path)
    assert Path(path).read_text() == str(os.getpid())
    assert process.check_pid(path) == os.getpid()


def test_a_pid_file_of_a_dead_process(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "luigid.pid").write_text(str(ended.pid))
    assert process.check_pid(str(tmp_path / "luigid.pid")) == 0
    assert not process.is_alive(2**200)


@pytest.mark.parametrize("content", ["", "x", "1 2"])
def test_a_pid_file_that_holds_no_pid(tmp_path: Path, content: str) -> None:
    (tmp_path / "luigid.pid").write_text(content)
    assert process.check_pid(str(tmp_path / "luigid.pid")) == 0


def test_no_pid_file(tmp_path: Path) -> None:
    assert process.check_pid(None) == process.check_pid("") == process.check_pid(str(tmp_path / "none")) == 0


def test_the_spool(tmp_path: Path) -> None:
    handler = process.get_spool_handler(str(tmp_path / "luigi-server.log"))
    assert isinstance(handler, logging.handlers.TimedRotatingFileHandler)
    assert (handler.when, handler.interval, handler.backupCount) == ("D", 86400, 7)
    handler.emit(logging.LogRecord("luigi.server", logging.INFO, "", 0, "hello", (), None))
    handler.close()
    assert (tmp_path / "luigi-server.log").read_text().endswith(f" luigi.server[{os.getpid()}] INFO: hello\n")
