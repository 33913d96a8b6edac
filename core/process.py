"""Processes that run in the background, their pid files and logs, by Luigi's names."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

rootlogger = logging.getLogger()
server_logger = logging.getLogger("luigi.server")

SPOOL_DAYS = 7


def check_pid(pidfile: str | None) -> int:
    """The pid in `pidfile` when a process of that pid is alive, else 0; 0 too when there is no such file."""
    if not pidfile or not os.path.isfile(pidfile):
        return 0
    try:
        with open(pidfile, encoding="ascii", errors="replace") as file:
            pid = int(file.read().strip())
    except ValueError:
        return 0
    return pid if is_alive(pid) else 0


def is_alive(pid: int) -> bool:
    """Whether a process of that pid exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def write_pid(pidfile: str) -> None:
    """Write this process's pid to `pidfile`, making its directory when there is none."""
    server_logger.info("writing pid file %s", pidfile)
    os.makedirs(os.path.dirname(os.path.abspath(pidfile)), mode=0o755, exist_ok=True)
    with open(pidfile, "w", encoding="ascii") as file:
        file.write(str(os.getpid()))


def get_log_format() -> str:
    """The format of the server's log."""
    return "%(asctime)s %(name)s[%(process)s] %(levelname)s: %(message)s"


def get_spool_handler(filename: str) -> logging.Handler:
    """A handler that writes to `filename`, starts a new file each day and keeps seven."""
    import logging.handlers

    handler = logging.handlers.TimedRotatingFileHandler(
        filename=filename, when="d", backupCount=SPOOL_DAYS, encoding="utf8"
    )
    handler.setFormatter(logging.Formatter(get_log_format()))
    return handler


def daemonize(
    cmd: Callable[..., object],
    pidfile: str | None = None,
    logdir: str | None = None,
    api_port: int = 8082,
    address: str | None = None,
    unix_socket: str | None = None,
) -> None:
    """Call `cmd(api_port=…, address=…, unix_socket=…)` in the background; there this returns when `cmd` does.

    The process that calls this ends. The log goes to `logdir`, by default /var/log/luigi. Raises KernelError, before
    anything is done, where that cannot be; what is wrong with `pidfile` is told by the process that ends.
    """
    from luigi.background import in_background

    with in_background(pidfile, logdir) as well_begun:
        well_begun()
        cmd(api_port=api_port, address=address, unix_socket=unix_socket)
