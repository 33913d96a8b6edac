"""What these commands have in common: how they are described, and the line they speak to the scheduler's server on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from luigi.cli.arguments import Arguments
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.rpc.failures import RPCError
    from luigi.rpc.operating import OperatorLine

TASK: Final = """\
TASK is a task's id, the beginning of one, or what `kernel run` takes: MODULE:TASK [--PARAMETER VALUE ...].
"""
FINE: Final = "exit codes: 0 done, 1 the scheduler cannot or does not want to, 2 the command line cannot be read"
START: Final = "start one with `kernel serve`, or say where it is: --scheduler-url, or [core] scheduler_url"


def arguments(verb: str, takes: str, about: str, example: str, codes: str = FINE) -> Arguments:
    """The options of `kernel VERB`, among them those that all of these have.

    `takes`: what stands behind the options, for the usage; `codes`: what the exit codes mean.
    """
    own = local_arguments(verb, takes, about, example, codes)
    own.add_argument("--scheduler-url", metavar="URL", default="", help="the server (default: as [core] says)")
    return own


def local_arguments(verb: str, takes: str, about: str, example: str, codes: str = FINE) -> Arguments:
    """The same for a command that needs no server."""
    own = Arguments(f"kernel {verb}", f"{about.strip()}\n\n{codes}")
    own.usage = " ".join(f"kernel {verb} {takes} [OPTION ...]".split())
    own.epilog = f"example: {example}"
    own.add_argument("--json", action="store_true", help="one JSON document, for programs")
    return own


@contextmanager
def speaking(asked: Namespace) -> Iterator[OperatorLine]:
    """The line to the server that the options or the configuration name.

    Raises KernelError for what the server refuses, or when there is none.
    """
    from contextlib import closing

    from luigi.clock import SYSTEM
    from luigi.rpc.failures import RPCError
    from luigi.rpc.operating import OperatorLine
    from luigi.rpc.servers import Servers

    with closing(Servers(asked.scheduler_url or configured_url(), None, SYSTEM)) as servers:
        line = OperatorLine(servers)
        try:
            yield line
        except RPCError as error:
            raise _in_words(error, line.address) from error


def configured_url() -> str:
    """Where the configuration, or the command line in force, says that the scheduler's server is."""
    from luigi.core_section import core

    env = core()
    return str(env.scheduler_url or f"http://{env.scheduler_host}:{env.scheduler_port}/")


def _in_words(error: RPCError, address: str) -> KernelError:
    from luigi.rpc.failures import LOGIN_HINT, NotSpoken

    if isinstance(error, NotSpoken):
        return KernelError(f"what answers at {address} is no `kernel serve`", hint=START)
    if error.status == 401:
        return KernelError(f"the scheduler at {address} does not know who calls", hint=LOGIN_HINT)
    if error.status == 403:
        orders = "; orders need the role operator" if "role" in error.hint else ""
        return KernelError(f"the scheduler at {address} does not let you do this", hint=error.hint + orders)
    return KernelError(str(error), hint=START) if not error.status else error
