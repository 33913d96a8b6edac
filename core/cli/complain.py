"""How a mistake of the user's is told: `error: …` and `hint: …` on stderr, and no traceback of ours."""

from __future__ import annotations

import logging
import os
import sys
from typing import TextIO

from luigi.errors import KernelError

RED, CYAN, PLAIN = "\x1b[1;31m", "\x1b[36m", "\x1b[0m"


def complain(error: BaseException, stream: TextIO | None = None) -> None:
    """Tell `error` on `stream` (stderr unless given), in colour on a terminal unless NO_COLOR is set.

    The traceback of a user's module that failed while it was imported comes first, without our frames. Where a run logs
    JSON to stderr it is a record of the log, like all else there.
    """
    if stream is None and _log_is_json():
        logging.getLogger("luigi-interface").error("%s", explained(error))
        return
    out = sys.stderr if stream is None else stream
    print(explained(error, coloured(out)), file=out)


def explained(error: BaseException, colour: bool = False) -> str:
    """What to tell about `error`: its sentence, and its hint if it has one."""
    from luigi.cli.user_module import ModuleBroken

    before = users_traceback(error.__cause__) if isinstance(error, ModuleBroken) and error.__cause__ else ""
    sentence = str(error) or type(error).__name__
    text = f"{before}{_label('error:', RED, colour)} {sentence}"
    hint = error.hint if isinstance(error, KernelError) else ""
    return f"{text}\n{_label('hint:', CYAN, colour)} {hint}" if hint else text


def _log_is_json() -> bool:
    """Asked without loading what sets logging up: who has not loaded it has not used it."""
    setup = sys.modules.get("luigi.setup_logging")
    return setup is not None and setup.InterfaceLogging.is_json


def coloured(stream: TextIO) -> bool:
    """Whether colours are welcome on `stream`."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and stream.isatty()


def users_traceback(error: BaseException) -> str:
    """The traceback of `error` without the frames of the kernel and of the import system."""
    import traceback

    told = traceback.TracebackException.from_exception(error)
    told.stack = traceback.StackSummary.from_list([frame for frame in told.stack if not _is_ours(frame.filename)])
    return "".join(told.format())


def _is_ours(filename: str) -> bool:
    kernel = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return filename.startswith(("<frozen importlib", kernel + os.sep)) or f"{os.sep}importlib{os.sep}" in filename


def _label(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{PLAIN}" if colour else text
