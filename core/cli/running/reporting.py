"""What `kernel run` tells of a run when it is over: `--summary` files and `--profile`, however it ended."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from luigi.cli.usage import UsageError
from luigi.errors import KernelError, did_you_mean

if TYPE_CHECKING:
    from luigi.cli.running.account import Account

FORMATS = ("json", "junit", "markdown")
FAILED_CODE = 1
STDOUT = "-"
"""In place of a file's path."""


class UnknownFormat(UsageError):
    """There is no such kind of summary."""

    def __init__(self, name: str) -> None:
        super().__init__(f"--summary {name}: there is no such format")
        self.hint = did_you_mean(name, FORMATS) or f"--summary FORMAT FILE, where FORMAT is {', '.join(FORMATS)}"


class CannotWrite(KernelError):
    """A file that was asked for cannot be written."""

    def __init__(self, path: str, error: OSError) -> None:
        super().__init__(f"{path} cannot be written: {error.strerror or error}")
        self.hint = "the run itself has ended; its tasks are as they are"


@contextmanager
def reporting(asked: Namespace) -> Iterator[list[object]]:
    """Gives the plugins that note what happens, and tells it when the run is over, which is when SystemExit is raised.

    What the run raises goes on. The cause of a SystemExit is what kept the run from beginning.
    Raises UnknownFormat before the run, SystemExit when it went well and a file cannot be written.
    """
    for name, _ in asked.summary:
        if name not in FORMATS:
            raise UnknownFormat(name)
    if not (asked.summary or asked.profile):
        yield []
        return
    from luigi.cli.running.account import account_of
    from luigi.cli.running.ledger import Ledger

    ledger = Ledger()
    try:
        yield [ledger]
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if not _told(asked, account_of(ledger, code, _said(ended.__cause__))) and not code:
            raise SystemExit(FAILED_CODE) from None
        raise
    except BaseException as error:
        _told(asked, account_of(ledger, _code_of(error), _said(error)))
        raise


def _said(error: BaseException | None) -> str:
    return "" if error is None else str(error) or type(error).__name__


def _code_of(error: BaseException) -> int:
    """With what the command is going to end: see `luigi.cli.guard`."""
    from luigi.cli.guard import INTERRUPTED_CODE, MISTAKE_CODE, TERMINATED_CODE, USAGE_CODE, Terminated

    if isinstance(error, Terminated):
        return TERMINATED_CODE
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED_CODE
    return USAGE_CODE if isinstance(error, UsageError) else MISTAKE_CODE


def _told(asked: Namespace, account: Account) -> bool:
    """Write what was asked for. Whether all of it could be written; what could not is told."""
    from luigi.cli.complain import complain

    went_well = True
    for path, text in _files(asked, account):
        try:
            write(path, text)
        except OSError as error:
            complain(CannotWrite(path, error))
            went_well = False
    return went_well


def _files(asked: Namespace, account: Account) -> Iterator[tuple[str, str]]:
    for name, path in asked.summary:
        yield path, import_module(f"luigi.cli.running.summaries.{name}").text(account)
    if asked.profile:
        from luigi.cli.running import profile

        print("\n".join(profile.lines(account)), file=sys.stderr)
        if asked.profile is not True:
            yield asked.profile, profile.text(account)


def write(path: str, text: str) -> None:
    """Write a file whole, or leave what was there. A pipe or device is written to. Raises OSError."""
    if path == STDOUT:
        print(text, end="" if text.endswith("\n") else "\n", flush=True)
        return
    there = Path(path)
    if there.exists() and not there.is_file():
        there.write_text(text, encoding="utf-8", errors="replace")
        return
    there.parent.mkdir(parents=True, exist_ok=True)
    beside = there.with_name(f".{there.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", errors="replace")
        beside.replace(there)
    finally:
        beside.unlink(missing_ok=True)
