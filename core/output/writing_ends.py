"""A process whose output is taken: its stdout and stderr are pipes, and a third has what it logs to neither."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from luigi.output.log_taking import LogTaking
from luigi.output.streams import be_prompt


class WritingEnds(NamedTuple):
    """The ends of the pipes that the process writes into."""

    stdout: int
    stderr: int
    logging: int

    def __reduce__(self) -> tuple[Any, ...]:
        """To a process that is being started, file descriptors travel as multiprocessing wants them to."""
        from multiprocessing.reduction import DupFd

        return _detached, tuple(DupFd(fd) for fd in self)

    def take_place(self) -> None:
        """Make them this process's stdout and stderr, for good."""
        os.dup2(self.stdout, 1)
        os.dup2(self.stderr, 2)
        be_prompt()
        os.close(self.stdout)
        os.close(self.stderr)
        LogTaking(self.logging).install()

    def close(self) -> None:
        """Let go of them: the process has its own."""
        for fd in self:
            os.close(fd)


def _detached(*fds: Any) -> WritingEnds:
    return WritingEnds(*(fd.detach() for fd in fds))
