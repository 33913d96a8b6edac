"""Hive: queries as tasks, tables and partitions as targets, and the clients that look them up.

    class DailyVisits(HiveQueryTask):
        def query(self): return "INSERT OVERWRITE TABLE daily PARTITION (day='2013-01-25') SELECT ..."
        def output(self): return HivePartitionTarget("daily", {"day": "2013-01-25"})

docs/contrib/hive.md shows more.
"""

from __future__ import annotations

from luigi.contrib._hive.client import HiveClient
from luigi.contrib._hive.clients import get_default_client
from luigi.contrib._hive.command import run_hive, run_hive_cmd, run_hive_script
from luigi.contrib._hive.command_clients import ApacheHiveCommandClient, HiveCommandClient
from luigi.contrib._hive.errors import HiveCommandError
from luigi.contrib._hive.metastore import MetastoreClient
from luigi.contrib._hive.query import HiveQueryRunner, HiveQueryTask
from luigi.contrib._hive.settings import (
    get_hive_syntax,
    get_hive_warehouse_location,
    get_ignored_file_masks,
    load_hive_cmd,
)
from luigi.contrib._hive.targets import ExternalHiveTask, HivePartitionTarget, HiveTableTarget
from luigi.contrib._hive.thrift import HiveThriftContext
from luigi.contrib._hive.warehouse import WarehouseHiveClient

__all__ = [
    "ApacheHiveCommandClient",
    "ExternalHiveTask",
    "HiveClient",
    "HiveCommandClient",
    "HiveCommandError",
    "HivePartitionTarget",
    "HiveQueryRunner",
    "HiveQueryTask",
    "HiveTableTarget",
    "HiveThriftContext",
    "MetastoreClient",
    "WarehouseHiveClient",
    "get_default_client",
    "get_hive_syntax",
    "get_hive_warehouse_location",
    "get_ignored_file_masks",
    "load_hive_cmd",
    "run_hive",
    "run_hive_cmd",
    "run_hive_script",
]


def __getattr__(name: str) -> HiveClient:
    if name == "client":  # what it is depends on the configuration, which is not read at import
        return get_default_client()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
