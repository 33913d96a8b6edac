"""How a call of a scheduler's server fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from luigi.errors import KernelError

BUSY = frozenset({429, 502, 503, 504})
"""What a server, or a proxy before it, answers when it may do better in a moment."""

LOGIN_HINT: Final = "put user:password@ before the host in the scheduler's URL, or a token into LUIGI_SCHEDULER_TOKEN"
KERNEL_HINT: Final = "it is no server of luigi-kernel: start one with `kernel serve`"
START_HINT: Final = "start the server, or run with --local-scheduler"
HINTS: Final[Mapping[int, str]] = {
    401: LOGIN_HINT,
    403: "what the token stands for may not do that: workers need the role worker, orders the role operator",
    404: "is the URL that of a scheduler's server?",
    500: "the server's log says more",
}


class RPCError(KernelError):
    """The scheduler's server cannot be reached, or does not answer as it should.

    `sub_exception` is what went wrong below, if anything did; `status` the answer's, 0 when there was none.
    """

    def __init__(self, message: str, sub_exception: Any = None, *, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.sub_exception = sub_exception
        self.status = status


class SchedulerAway(RPCError):
    """Nobody answers, or nobody who can at the moment. Whether the call arrived is not known: it may be made again.

    `retry_after`: seconds after which the server wants to be asked again; None when it did not say.
    """

    def __init__(
        self,
        message: str,
        sub_exception: Any = None,
        *,
        hint: str = "",
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, sub_exception, hint=hint, status=status)
        self.retry_after = retry_after


class NotSpoken(RPCError):
    """The server does not know this API."""
