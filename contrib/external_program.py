"""Tasks that run a program of this machine."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any, Final

import luigi
from luigi.contrib._jobs import program
from luigi.contrib._jobs.ending import ending
from luigi.parameter import ParameterVisibility

logger = logging.getLogger("luigi-interface")

KEPT: Final = 1 << 20
"""Bytes of each stream that are kept for the log and the error: the last ones."""


class ExternalProgramRunError(RuntimeError):
    """The program ended with another exit code than 0.

    `args`, as with Luigi, is its command line; `env` its environment, of which the sentence names what differs from the
    worker's, without values: they may be secrets.
    """

    def __init__(
        self,
        message: str,
        args: Sequence[str],
        env: Mapping[str, str] | None = None,
        stdout: str | None = None,
        stderr: str | None = None,
    ) -> None:
        super().__init__(message, args, env, stdout, stderr)
        self.message = message
        self.args = tuple(args)
        self.env = env
        self.out = stdout
        self.err = stderr

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.args, self.env, self.out, self.err)

    def __str__(self) -> str:
        lines = [
            self.message,
            f"COMMAND: {' '.join(map(str, self.args))}",
            f"STDOUT: {self.out or '[empty]'}",
            f"STDERR: {self.err or '[empty]'}",
        ]
        own = [name for name, value in (self.env or {}).items() if os.environ.get(name) != value]
        if own:
            lines.append(f"ENVIRONMENT: the worker's, but for {', '.join(sorted(own))}")
        return "\n".join(lines)


class ExternalProgramRunContext:
    """Within `with`, the program `proc` (a subprocess.Popen) is ended when the task that runs it is given up."""

    def __init__(self, proc: subprocess.Popen[Any]) -> None:
        self.proc = proc

    def __enter__(self) -> ExternalProgramRunContext:
        self._ending = ending(self.kill_job)
        self._ending.__enter__()
        return self

    def __exit__(self, *raised: Any) -> bool | None:
        return self._ending.__exit__(*raised)

    def kill_job(self, captured_signal: int | None = None, stack_frame: FrameType | None = None) -> None:
        """End the program: SIGTERM, and SIGKILL when it has not ended after three seconds."""
        program.end(self.proc)


class ExternalProgramTask(luigi.Task):
    """Runs a program, and fails when it does.

        class Sort(ExternalProgramTask):
            def program_args(self):
                return ["sort", "-o", self.output().path, self.input().path]

    A program that writes its output in place leaves half of it when it is ended: let it write to the path that
    `with self.output().temporary_path() as path` gives, in a `run` that calls this one's.
    """

    capture_output: bool = luigi.BoolParameter(default=True, significant=False, positional=False)
    """Whether what it prints goes to the log once it has ended, and into the error when it fails; else it goes where
    the worker's goes, as it comes."""
    stream_for_searching_tracking_url: str = luigi.ChoiceParameter(
        var_type=str,
        choices=["none", "stdout", "stderr"],
        default="none",
        significant=False,
        positional=False,
        visibility=ParameterVisibility.HIDDEN,
        description="Stream for searching tracking URL",
    )
    tracking_url_pattern: str | None = luigi.OptionalParameter(
        default=None,
        significant=False,
        positional=False,
        visibility=ParameterVisibility.HIDDEN,
        description="Regex pattern used for searching URL in the logs of the external program",
    )
    """A regular expression; its first group, or all that it matches, is what `build_tracking_url` is given."""

    def program_args(self) -> Sequence[str]:
        """The command line: the program, then each of its arguments. No shell reads it."""
        raise NotImplementedError(f"{type(self).__name__} does not say what program it runs: write its program_args()")

    def program_environment(self) -> Mapping[str, str]:
        """The program's whole environment; by default the worker's."""
        return os.environ.copy()

    @property
    def always_log_stderr(self) -> bool:
        """Whether what went to the standard error is logged for a program that succeeded, too."""
        return True

    def build_tracking_url(self, logs_output: str) -> str:
        """The URL to show, of what the pattern found; by default that itself."""
        return logs_output

    def shown_args(self, args: Sequence[str]) -> Sequence[str]:
        """The command line as the log and the error show it: override it where it holds what nobody is to see."""
        return args

    def listeners(self) -> Sequence[program.Hear]:
        """What is called with "stdout" or "stderr" and each line, while the program runs."""
        searches = self.tracking_url_pattern and self.stream_for_searching_tracking_url != "none"
        return [_UrlSearch(self).hear] if searches else []

    def run(self) -> None:
        """Run the program. Raises ExternalProgramRunError when it fails, ProgramMissing when it is not there."""
        args, env = [str(word) for word in self.program_args()], self.program_environment()
        shown, listeners = self.shown_args(args), self.listeners()
        logger.info("Running command: %s", " ".join(shown))
        heard = self.capture_output or listeners
        code, out, err = self._heard(args, env, listeners) if heard else self._passed_through(args, env)
        if self.capture_output:
            self._log(code, out, err)
        if code != 0:
            raise ExternalProgramRunError(f"Program failed with return code={code}:", shown, env, out, err)

    def _heard(
        self, args: Sequence[str], env: Mapping[str, str], listeners: Sequence[program.Hear]
    ) -> tuple[int, str, str]:
        def hear(stream: str, line: str) -> None:
            for listener in listeners:
                listener(stream, line)

        ran = program.run(args, env=env, hear=hear, keep=KEPT, pass_on=not self.capture_output)
        return ran.code, ran.stdout, ran.stderr

    def _passed_through(self, args: Sequence[str], env: Mapping[str, str]) -> tuple[int, str, str]:
        with program.started(args, env=env) as process:
            return process.wait(), "", ""

    def _log(self, code: int, out: str, err: str) -> None:
        if out:
            logger.info("Program stdout:\n%s", out)
        if err and (code != 0 or self.always_log_stderr):
            logger.info("Program stderr:\n%s", err)


class _UrlSearch:
    """Looks through what a program prints for where it can be followed, and reports each new place."""

    def __init__(self, task: ExternalProgramTask) -> None:
        self._task = task
        self._stream = task.stream_for_searching_tracking_url
        self._pattern = re.compile(task.tracking_url_pattern or "")
        self._told = ""

    def hear(self, stream: str, line: str) -> None:
        """Look through one line of it."""
        found = self._pattern.search(f"{line}\n") if stream == self._stream else None  # some patterns want its end
        if found is None:
            return
        url = self._task.build_tracking_url(found.group(1) if self._pattern.groups else found.group())
        if url != self._told:
            self._told = url
            self._task.set_tracking_url(url)


class ExternalPythonProgramTask(ExternalProgramTask):
    """Runs a Python program in an environment of its own."""

    virtualenv: str | None = luigi.OptionalParameter(
        default=None, positional=False, description="path to the virtualenv directory to use"
    )
    extra_pythonpath: str | None = luigi.OptionalParameter(
        default=None, positional=False, description="extend the search path for modules by prepending this value"
    )

    def program_environment(self) -> Mapping[str, str]:
        """The worker's, with the programs and modules of `virtualenv` first, and of `extra_pythonpath` before those."""
        env = dict(super().program_environment())
        if self.extra_pythonpath:
            env["PYTHONPATH"] = _joined(self.extra_pythonpath, env.get("PYTHONPATH"))
        if self.virtualenv:
            env["PATH"] = _joined(f"{self.virtualenv}/bin", env.get("PATH"))
            env["VIRTUAL_ENV"] = self.virtualenv
            env.pop("PYTHONHOME", None)  # it would point to another Python's library
        return env


def _joined(first: str, rest: str | None) -> str:
    return os.pathsep.join(part for part in (first, rest) if part)
