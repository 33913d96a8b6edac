"""The calls of the server's API as methods, by their names and with the arguments of the scheduler's own.

The one list of them is `luigi.scheduler.facade.api.RPC_METHODS`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from luigi.rpc.calls import Calls


def remote_method(calls: Calls, name: str) -> Callable[..., Any]:
    """What makes the call `name`, every argument said, defaults too. Raises AttributeError when there is no such call.

    What it gives has the documentation of the scheduler's method, and raises RPCError besides.
    """
    from luigi.scheduler.facade.api import RPC_METHODS

    if name not in RPC_METHODS:
        raise AttributeError(f"the scheduler's API has no call {name!r}")
    method = RPC_METHODS[name]
    signature = inspect.signature(method)
    attempts = method.rpc_request_args.get("attempts")  # type: ignore[attr-defined]

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(None, *args, **kwargs)
        bound.apply_defaults()
        _, *said = bound.arguments.items()
        return calls.call(name, _flat(signature, dict(said)), attempts)

    return call


def _flat(signature: inspect.Signature, said: dict[str, Any]) -> dict[str, Any]:
    """Arguments that a method takes by any name are said under their own names."""
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            said |= said.pop(name)
    return said
