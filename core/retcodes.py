"""The exit code of the `luigi` command: which facts about a run have which code, by the section `[retcode]`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from luigi.errors import KernelError
from luigi.parameter import IntParameter
from luigi.task import Config
from luigi.task_status import DONE

if TYPE_CHECKING:
    from luigi.cmdline_parser import CmdlineParser
    from luigi.redo.forcing import Forcing
    from luigi.worker import Worker

__all__ = ["retcode", "run_with_retcodes"]

logger = logging.getLogger("luigi-interface")


class retcode(Config):
    """Exit codes of the `luigi` command. 0 says that the fact does not matter."""

    unhandled_exception = IntParameter(
        default=4, description="something went wrong outside of a task: a missing parameter, a graph that cannot be"
    )
    missing_data = IntParameter(default=0, description="an external task is not complete")
    task_failed = IntParameter(default=0, description="a task failed, and no retry made it good")
    already_running = IntParameter(
        default=0, description="the same command line runs already, or another worker runs some of the tasks"
    )
    scheduling_error = IntParameter(default=0, description="complete() or requires() of a task raised an exception")
    not_run = IntParameter(default=0, description="the scheduler did not allow some task to run")


def run_with_retcodes(
    argv: Sequence[str], *, plugins: Sequence[object] = (), forcing: Forcing | None = None
) -> NoReturn:
    """Run what the command line `argv` says and exit, with the greatest of the codes that apply.

    `plugins` are objects with hook implementations, for this run; `forcing` is what is to be done again.
    Raises SystemExit, always but for what `[retcode]` does not govern: TaskClassNotFoundException and
    TaskClassAmbigiousException for the task that `argv` names, ModuleMissing and ModuleBroken for its module.
    """
    from luigi.cmdline_parser import CmdlineParser

    with CmdlineParser.global_instance(argv) as command_line:
        sys.exit(_run(command_line, retcode(), plugins, forcing))


def _run(command_line: CmdlineParser, codes: retcode, plugins: Sequence[object], forcing: Forcing | None = None) -> int:
    """The exit code of a run that began. Raises SystemExit of what kept it from beginning, which is told."""
    from luigi.interface import PidLockAlreadyTakenExit, _schedule_and_run

    try:
        result = _schedule_and_run([command_line.get_task_obj()], plugins=plugins, forcing=forcing)
    except PidLockAlreadyTakenExit:
        return codes.already_running
    except Exception as error:
        _tell(error)
        raise SystemExit(codes.unhandled_exception) from error
    return code_for(result.worker, codes)


def _tell(error: Exception) -> None:
    """A mistake in a sentence on stderr, and in the log where a program has its own; anything else in the log alone."""
    import traceback

    from luigi.cli.complain import complain, explained
    from luigi.private_values import masked_trace

    log_is_ours = _log_is_ours()
    if isinstance(error, KernelError):
        complain(error)
        if not log_is_ours:
            logger.error("%s", explained(error))
        return
    said = "An exception that nobody handled ended the run"
    text = "".join(traceback.format_exception(error))
    shown = masked_trace(error, text)
    if shown == text:
        logger.error(said, exc_info=error)
    else:
        logger.error("%s\n%s", said, shown)


def _log_is_ours() -> bool:
    """Whether the log is what the kernel writes to stderr itself. It is set up where that was not come to."""
    from luigi.core_section import core
    from luigi.setup_logging import InterfaceLogging

    if not InterfaceLogging._configured:
        with suppress(KernelError):  # this may be the very mistake that is told
            InterfaceLogging.setup(core())
    return InterfaceLogging.is_own


def code_for(worker: Worker, codes: retcode) -> int:
    """The exit code for what `worker` did: the greatest that applies, numerically."""
    from luigi.execution_summary.groups import sort_out

    groups = sort_out(worker.record)
    code_of = {
        "still_pending_ext": codes.missing_data,
        "failed": codes.task_failed,
        "run_by_other_worker": codes.already_running,
        "scheduling_error": codes.scheduling_error,
        "not_run": codes.not_run,
    }
    code = max([0, *(code for group, code in code_of.items() if groups[group])])
    return codes.not_run if code == 0 and not _root_is_done(worker) else code


def _root_is_done(worker: Worker) -> bool:
    """Whether the task asked for is complete, which a disabled one is not, though it is in no group."""
    seen = worker.record.seen[worker.record.roots[0].task_id]
    return seen.ran or seen.declared == DONE
