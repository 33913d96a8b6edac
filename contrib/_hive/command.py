"""Runs the `hive` command."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from luigi.contrib._hive import settings
from luigi.contrib._hive.errors import HiveCommandError, NoScript
from luigi.contrib._jobs import program
from luigi.contrib._jobs.redaction import redacted

logger = logging.getLogger("luigi-interface")

HINT = "set [hive] command to where it is"


def run_hive(args: Sequence[str], check_return_code: bool = True) -> str:
    """Run `hive` with these arguments, and give what it printed on its standard output.

    Raises HiveCommandError when it fails, unless not `check_return_code`, and ProgramMissing.
    """
    ran = ask(args, timeout=None)
    return checked(ran) if check_return_code else ran.stdout


def run_hive_cmd(hivecmd: str, check_return_code: bool = True) -> str:
    """The same for statements, with a semicolon between them."""
    return run_hive(["-e", hivecmd], check_return_code)


def run_hive_script(script: str) -> str:
    """The same for a file of them. Raises NoScript when it is not there."""
    if not os.path.isfile(script):
        raise NoScript(script)
    return run_hive(["-f", script])


def ask(args: Sequence[str], timeout: float | None) -> program.Ran:
    """Run `hive`, and say how it ended; it has `timeout` seconds. Raises ProgramMissing, TimeoutError."""
    words = [*settings.load_hive_cmd(), *args]
    logger.debug("%s", " ".join(redacted(words)))
    return program.run(words, timeout=timeout, hint=HINT)


def checked(ran: program.Ran) -> str:
    """What it printed on its standard output. Raises HiveCommandError when it failed."""
    if ran.code != 0:
        command = " ".join(redacted(ran.args))
        raise HiveCommandError(f"Hive command: {command} failed with error code: {ran.code}", ran.stdout, ran.stderr)
    return ran.stdout
