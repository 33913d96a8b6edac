"""The connection to a Dask cluster, or one that is begun on this machine and ended with the run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from luigi.errors import KernelError
from luigi.executors.hosting.travel import going_by_value
from luigi.extras import need

if TYPE_CHECKING:
    from luigi.plugins.executors.dask import Settings


class NoCluster(KernelError):
    """No scheduler of Dask's answers."""


class Cluster:
    """A client of `distributed`, which has a thread of its own. A context manager: leaving it closes it."""

    def __init__(self, client: Any, keeps: ExitStack) -> None:
        self.client = client
        self._keeps = keeps

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def machines(self) -> dict[str, dict[str, Any]]:
        """Dask's workers as they are now, by address: `nthreads`, `resources`, …"""
        told: dict[str, Any] = self.client.sync(self.client.scheduler.identity, n_workers=-1)
        return dict(told["workers"])

    def on_workers(self, function: Callable[..., Any], *args: Any, at: str = "") -> dict[str, Any]:
        """What the function gives on each worker that answers, or on that `at` an address."""
        answers = self.client.run(function, *args, workers=[at] if at else None, on_error="ignore")
        return dict(answers or {})

    def on_scheduler(self, function: Callable[..., Any], *args: Any) -> None:
        """Call a function on Dask's scheduler, which need not have its module."""
        with going_by_value([function.__module__]):
            self.client.run_on_scheduler(function, *args)

    def close(self) -> None:
        """Disconnect; a cluster that was begun here ends."""
        self._keeps.close()


def connected(settings: Settings, workers: int) -> Cluster:
    """The cluster of the address, or one of this machine with so many threads.

    Raises MissingExtra, and NoCluster.
    """
    distributed: Any = need("distributed", "dask", "the executor dask")
    with ExitStack() as stack:
        address = settings.address or stack.enter_context(_own(distributed, workers))
        try:
            client = stack.enter_context(
                distributed.Client(
                    address, timeout=settings.timeout, security=_security(distributed, settings), set_as_default=False
                )
            )
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            raise NoCluster(
                f"no Dask scheduler answers at {address}: {error}",
                hint="see [dask] address; begin one with `dask scheduler`, and `dask worker ADDRESS`",
            ) from error
        return Cluster(client, stack.pop_all())
    raise AssertionError


def _own(distributed: Any, workers: int) -> Any:
    """One process of Dask's is enough: tasks have processes of their own."""
    return distributed.LocalCluster(
        n_workers=1, threads_per_worker=workers, dashboard_address=None, memory_limit=0, host="127.0.0.1"
    )


def _security(distributed: Any, settings: Settings) -> Any:
    if not settings.tls_ca_file:
        return None
    return distributed.Security(
        tls_ca_file=settings.tls_ca_file,
        tls_client_cert=settings.tls_cert or None,
        tls_client_key=settings.tls_key or None,
        require_encryption=True,
    )
