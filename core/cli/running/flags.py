"""Options of `kernel run` that are short for settings: the flags of `luigi` they stand for, and the plugins."""

from __future__ import annotations

from argparse import Namespace

FAIL_FAST = ["--worker-fail-fast"]
KEEP_GOING = ["--worker-fail-fast=false"]
STRICT = ["--worker-check-complete-on-run"]
HERE = ["--executor=inline", "--worker-keep-output=false", "--worker-send-output=false"]
"""Tasks run in this process, one at a time whatever `--workers` says, with its terminal."""


def flags_of(asked: Namespace) -> list[str]:
    """What to put ahead of the command line's own flags."""
    flags: list[str] = []
    if asked.fail_fast is not None:
        flags += FAIL_FAST if asked.fail_fast else KEEP_GOING
    if asked.strict:
        flags += STRICT
    if asked.deadline:
        flags += [f"--worker-deadline={asked.deadline}"]
    if asked.pdb:
        flags += HERE
    return flags


def plugins_of(asked: Namespace) -> list[object]:
    """What takes part in the run."""
    plugins: list[object] = []
    if asked.strict:
        from luigi.cli.running.strictness import Strictness

        plugins.append(Strictness())
    if asked.pdb:
        from luigi.cli.running.debugging import Debugging

        plugins.append(Debugging())
    return plugins
