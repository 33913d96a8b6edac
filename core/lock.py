"""The local lock: how many runs of one command line may be at work on this machine at once.

Each command line has a file in the lock's directory, listing the pids of the runs that hold a slot. Nobody releases
one: a pid counts only while a process of that pid lives with that very command line, so a killed run blocks nobody.
The file is changed under an advisory lock of the operating system: of two runs that start at the same moment for
one slot, one gets it.
"""

from __future__ import annotations

import contextlib
import os
import signal as signals
from collections.abc import Iterator
from typing import IO

from luigi.errors import KernelError

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)  # the directory may be in /tmp, where anyone can leave a link


class LockDirectoryError(KernelError, OSError):
    """The directory of the lock files cannot be used."""

    def __init__(self, pid_dir: str, reason: object) -> None:
        super().__init__(f"lock directory {pid_dir} cannot be used: {reason}")
        self.hint = "point [core] lock_pid_dir elsewhere, or run with --no-lock"


def getpcmd(pid: int | str) -> str:
    """The command line of a process, its words joined by spaces; a stand-in naming the pid when there is none."""
    return _command_line(str(pid)) or f"[PROCESS_WITH_PID={pid}]"


def _command_line(pid: str) -> str:
    if os.path.isdir("/proc/self"):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return os.fsdecode(file.read()).replace("\0", " ").rstrip()
        except OSError:
            return ""
    import subprocess

    shown = subprocess.run(["ps", "-ww", "-o", "args=", "-p", pid], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def get_info(pid_dir: str, my_pid: int | None = None) -> tuple[int, str, str]:
    """The pid (this process's, unless given), its command line, and the path of that command line's lock file."""
    pid = os.getpid() if my_pid is None else my_pid
    command = getpcmd(pid)
    import hashlib  # loads OpenSSL, and most runs take no lock

    name = hashlib.md5(os.fsencode(command), usedforsecurity=False).hexdigest()
    return pid, command, os.path.join(pid_dir, f"{name}.pid")


def acquire_for(pid_dir: str, num_available: int = 1, kill_signal: int | None = None) -> bool:
    """Take one of `num_available` slots for this process's command line; whether there was one.

    With `kill_signal`, the runs that hold slots are sent that signal and a slot is taken in any case.
    Raises LockDirectoryError when `pid_dir`, made if need be for this user alone, cannot be written.
    """
    pid, command, path = get_info(pid_dir)
    with _opened(pid_dir, path) as file:
        holders = {holder for holder in _pids(file) if getpcmd(holder) == command}
        if kill_signal is not None:
            _signal(holders - {pid}, kill_signal)
        elif len(holders) >= num_available:
            print(f"already running with this command line: {_listed(holders)}")
            return False
        _write(file, holders | {pid})
    return True


@contextlib.contextmanager
def _opened(pid_dir: str, path: str) -> Iterator[IO[str]]:
    """The lock file, nobody else's while it is open."""
    try:
        os.makedirs(pid_dir, mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS, 0o666)
    except OSError as error:
        raise LockDirectoryError(pid_dir, error.strerror) from error
    with open(descriptor, "r+", encoding="ascii", errors="replace") as file:
        _exclude_others(descriptor)
        yield file


def _exclude_others(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows: two runs of the same moment may both get the last slot there
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _pids(file: IO[str]) -> set[int]:
    return {int(line) for line in file.read().split() if line.isdigit()}


def _write(file: IO[str], pids: set[int]) -> None:
    file.seek(0)
    file.truncate()
    file.writelines(f"{pid}\n" for pid in sorted(pids))


def _signal(pids: set[int], kill_signal: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, kill_signal)
    if pids:
        print(f"sent {signals.Signals(kill_signal).name} to {_listed(pids)}")


def _listed(pids: set[int]) -> str:
    return "pid " + ", ".join(str(pid) for pid in sorted(pids))
