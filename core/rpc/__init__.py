"""The scheduler over HTTP: the four verbs, for a server that speaks Luigi's API."""

from luigi.rpc.calls import RPCError
from luigi.rpc.scheduler import RemoteScheduler

__all__ = ["RPCError", "RemoteScheduler"]
