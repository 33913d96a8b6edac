"""The commands `luigi` and `luigid`, as Luigi documents them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn


def luigi_run(argv: Sequence[str] | None = None) -> NoReturn:
    """Run what the command line `argv` names (the process's own unless given), and exit as `[retcode]` says.

    Exits 2 for a command line that cannot be read; 1 for an unknown task or a module that cannot be imported, which
    `[retcode]` does not govern.
    """
    from luigi.cli.guard import mistakes_told

    args = list(sys.argv[1:] if argv is None else argv)
    with mistakes_told():
        from luigi.cli.opening import answer_help

        answer_help(args)
        from luigi.retcodes import run_with_retcodes

        run_with_retcodes(args)


def luigid(argv: Sequence[str] | None = None) -> NoReturn:
    """Start the scheduler server: the command `serve`, which the server's package brings. Exits 1 without it."""
    from luigi.cli.guard import mistakes_told

    with mistakes_told():
        from luigi.cli.serve import serve

        sys.exit(serve(list(sys.argv[1:] if argv is None else argv)))
