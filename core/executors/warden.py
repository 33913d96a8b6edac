"""The warden: a tiny process that ends what this one leaves behind, even when it is killed with `kill -9`.

It reads from a pipe which process groups there are. When the pipe ends, because this process did, it kills those left.
"""

from __future__ import annotations

import logging
import os

from luigi.executors.forking import Unshared

logger = logging.getLogger("luigi-interface")

_SHELL = "/bin/sh"
_SCRIPT = """
trap '' HUP INT TERM
groups=' '
while read -r line; do
  case $line in
    +*) groups="$groups${line#+} " ;;
    -*) group=${line#-}
        case $groups in *" $group "*) groups="${groups%% "$group" *} ${groups#* "$group" }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done 2>/dev/null
"""


class Warden:
    """Started with the first group it is told of. Not for use by several threads at once."""

    def __init__(self) -> None:
        self._pid = 0
        self._fd: int | None = None

    def watch(self, group: int) -> None:
        """Kill this process group should this process end before `forget` or `close` is called."""
        if not self._pid:
            self._start()
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """The group has ended, or may live on."""
        self._tell(f"-{group}\n")

    def close(self) -> None:
        """End it. Groups it still knows are killed."""
        if self._fd is not None:
            Unshared.close(self._fd)
            self._fd = None
            os.waitpid(self._pid, 0)

    def _start(self) -> None:
        """In a group of its own: Ctrl-C, and the end of the terminal's job, are not for it."""
        reads, writes = os.pipe()
        try:
            actions = [(os.POSIX_SPAWN_DUP2, reads, 0)]
            self._pid = os.posix_spawn(_SHELL, ["sh", "-c", _SCRIPT], os.environ, file_actions=actions, setpgroup=0)
        finally:
            os.close(reads)
        self._fd = Unshared.add(writes)

    def _tell(self, line: str) -> None:
        if self._fd is None:
            return
        try:
            os.write(self._fd, line.encode())
        except BrokenPipeError:
            logger.warning(
                "The warden of this worker's processes was killed: nobody ends them should the worker be too"
            )
            self.close()
