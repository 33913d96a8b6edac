"""`kernel execute-task`: in the job of a batch system, do what an executor at home has put into a file."""

from __future__ import annotations

from typing import Final

ABOUT: Final = """\
Runs one attempt at one task, as a file says that an executor for a batch system has written: slurm, kubernetes. It is
what the jobs of these run; how the attempt goes and ends is told where the file says.

exit codes: 0 the attempt has said how it ended, also when it failed; 1 it had to be ended, or died, or the file cannot
be used; 2 the command line cannot be read
"""


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError, NoJobSpec and NotPrivate."""
    from luigi.cli.arguments import Arguments

    own = Arguments("kernel execute-task", ABOUT)
    own.add_argument("file", metavar="FILE", help="the file, of this user alone")
    asked = own.parse_args(argv)

    from luigi.executors.hosting.batch_jobs.running import run

    return run(asked.file)
