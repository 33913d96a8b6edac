"""Which client there is by default."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from luigi.contrib._hive.client import HiveClient
from luigi.contrib._hive.command_clients import ApacheHiveCommandClient, HiveCommandClient
from luigi.contrib._hive.metastore import MetastoreClient
from luigi.contrib._hive.settings import get_hive_syntax
from luigi.contrib._hive.warehouse import WarehouseHiveClient

RELEASES: Final[Mapping[str, type[HiveClient]]] = MappingProxyType(
    {"apache": ApacheHiveCommandClient, "metastore": MetastoreClient, "warehouse": WarehouseHiveClient}
)


def get_default_client() -> HiveClient:
    """The client that `[hive] release` names; HiveCommandClient for any other name, such as cdh4."""
    return RELEASES.get(get_hive_syntax(), HiveCommandClient)()
