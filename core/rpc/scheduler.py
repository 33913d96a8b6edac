"""A scheduler elsewhere: what workers say and are told, in calls of its server.

It is spoken to in the kernel's own API (`v1`), and in Luigi's (`luigi_wire`) where that is all the server knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from luigi.clock import SYSTEM, Clock
from luigi.interfaces import Batcher, Order, Question, Reply, Said, TaskSpec
from luigi.rpc.calls import Calls
from luigi.rpc.failures import KERNEL_HINT, NotSpoken
from luigi.rpc.servers import Servers
from luigi.rpc.v1 import V1

if TYPE_CHECKING:
    from luigi.output.handed_in import Printed

Told = TypeVar("Told")


class RemoteScheduler:
    """A line to a scheduler's server. Several threads may use it.

    `url`: `http://…` or `https://…`, with `user:password@` before the host if the server asks for it, or
    `http+unix://%2Fpath%2Fof%2Fsocket/`; several of them, separated by commas, where one server may take another's
    place. The environment variable LUIGI_SCHEDULER_TOKEN is the token for servers whose URL has no password.
    `connect_timeout`: seconds until a silent server counts as gone, by default `[core] rpc_connect_timeout`. A call
    that does not reach the server is tried `[core] rpc_retry_attempts` times, `rpc_retry_wait` seconds apart; but a
    numbered one once: who numbers a call makes it again. Every method raises RPCError when that does not help or the
    server fails; SchedulerAway, which is one, when it may help to make the call again.

    Besides the four verbs it has a method for each call of Luigi's API, by its name (`add_task`, `get_work` …).
    """

    def __init__(
        self, url: str = "http://localhost:8082/", connect_timeout: float | None = None, *, clock: Clock = SYSTEM
    ) -> None:
        self._servers = Servers(url, connect_timeout, clock)
        self._calls = Calls(self._servers)
        self._api: Any = V1(self._servers)
        self._lock = Lock()

    def close(self) -> None:
        """Close the connections. The next call opens new ones."""
        self._servers.close()

    def call(self, method: str, /, **arguments: Any) -> Any:
        """One call of Luigi's API as it is: the server's answer to `method` with `arguments`, which travel as JSON."""
        return self._calls.call(method, arguments)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The calls of Luigi's API that have no method of their own here."""
        if name.startswith("_"):
            raise AttributeError(name)
        from luigi.rpc.methods import remote_method

        return remote_method(self._calls, name)

    def _in_its_words(self, say: Callable[[Any], Told]) -> Told:
        """Say something in the API that the server knows."""
        api = self._api
        try:
            return say(api)
        except NotSpoken:
            return say(self._in_place_of(api))

    def _in_place_of(self, api: Any) -> Any:
        """Luigi's API, where `api` is not spoken. Whichever thread finds that out first, all speak by the same."""
        from luigi.rpc.luigi_wire import LuigiWire

        with self._lock:
            if self._api is api:
                self._api = LuigiWire(self._calls)
            return self._api

    # --- workers -----------------------------------------------------------------------------------------------

    def add_worker(
        self, worker: str, info: Iterable[tuple[str, Any]], *, attempts: int | None = None, **kwargs: Any
    ) -> None:
        """Introduce a worker: `info` is what it says of itself, as pairs (host, pid, first_task …).

        It is tried `attempts` times, by default as configured. `kwargs` are taken, as Luigi's are, and mean nothing.
        """
        told = dict(info)
        self._in_its_words(lambda api: api.introduce(worker, told, attempts))

    def ping(self, worker: str) -> Mapping[str, Any]:
        """Say that a worker lives; `rpc_messages` are those waiting for it. Tried once: the next one comes anyway.

        Where the server says so, `stranger`, `enabled` and `pace` are as in `Reply`.
        """
        return self._in_its_words(lambda api: api.ping(worker))

    def farewell(self, worker: str, status: str) -> None:
        """Say how a worker's run has ended: `status` is the name of a LuigiStatusCode. Tried once."""
        self._in_its_words(lambda api: api.farewell(worker, status))

    @property
    def address(self) -> str:
        """The URL of the server that answered last, without credentials."""
        return self._servers.address

    @property
    def knows_pools(self) -> bool:
        """Whether the server keeps to what workers of pools say they take, as far as it has been heard."""
        return isinstance(self._api, V1)

    @property
    def takes_output(self) -> bool:
        """Whether the server may want to hear what tasks print."""
        return isinstance(self._api, V1)

    def output(self, worker: str, attempts: Sequence[Printed]) -> Sequence[int]:
        """Hand in what attempts have printed; gives the tokens of those that are not the worker's. Tried once.

        Raises NotSpoken where nobody takes it.
        """
        if not self.takes_output:
            raise NotSpoken(f"the scheduler at {self._servers.address} takes no output")
        told: Sequence[int] = self._api.output(worker, attempts)
        return told

    # --- the four verbs ----------------------------------------------------------------------------------------

    def declare(
        self,
        worker: str,
        tasks: Sequence[TaskSpec],
        batchers: Sequence[Batcher] = (),
        call: int = 0,
        submission: str = "",
    ) -> None:
        """Make tasks known and say how they stand. With a number they travel as one, so that there may not be too many:
        `luigi.rpc.pieces` divides them."""
        self._in_its_words(lambda api: api.declare(worker, tasks, batchers, call, submission))

    def submit(
        self, submission: str, specs: Sequence[TaskSpec], *, roots: Sequence[str] | None = None, **facts: Any
    ) -> None:
        """Hand in a run that no process stands for, as `luigi.scheduler.service.Service.submit` does.

        Raises NotSpoken where the server is Luigi's, which has no such thing.
        """
        from luigi.submissions import introduction, roots_among

        info = introduction(roots_among(specs) if roots is None else roots, facts)
        self.add_worker(submission, info.items())
        if not isinstance(self._api, V1):
            raise NotSpoken(f"the scheduler at {self._servers.address} takes no submissions", hint=KERNEL_HINT)
        self.declare(submission, specs)

    def exchange(self, worker: str, said: Sequence[Said], want: int, call: int = 0, waits: int = 0) -> Reply:
        """Hand in what a worker says, take up to `want` new assignments, and up to `waits` that only wait."""
        reply: Reply = self._in_its_words(lambda api: api.exchange(worker, said, want, call, waits))
        return reply

    def control(self, order: Order) -> Any:
        """Carry out an operator's order. Raises KernelError when it does not apply, saying why."""
        return self._in_its_words(lambda api: api.control(order))

    def view(self, question: Question) -> Any:
        """Answer a question. Raises KernelError for a noun there is not.

        `luigi.scheduler.views` says which there are; Luigi's server knows those in `luigi.rpc.questions`.
        """
        return self._in_its_words(lambda api: api.view(question))
