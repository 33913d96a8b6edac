"""Connections to Hive's metastore over Thrift."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, TracebackType
from typing import Any, Final

from luigi.clock import SYSTEM
from luigi.contrib._hive import settings
from luigi.contrib._hive.errors import MetastoreAway, MetastoreFailed, NoSuchTable
from luigi.extras import need

logger = logging.getLogger("luigi-interface")

ATTEMPTS: Final = 3
WAIT: Final = 1.0
"""Seconds before a metastore that was away is asked again."""


class HiveThriftContext:
    """Within `with`, a connection to the metastore of `[hive] metastore_host`: pymetastore's Thrift client.

    Raises MetastoreAway, MissingExtra, and ConfigurationError where no host is set.
    """

    def __enter__(self) -> Any:
        host, port = settings.metastore()
        service = _need("pymetastore.hive_metastore.ThriftHiveMetastore")
        socket = _need("thrift.transport.TSocket").TSocket(host, port)
        socket.setTimeout(settings.timeout() * 1000)
        self._transport = _need("thrift.transport.TTransport").TBufferedTransport(socket)
        with _explained():
            self._transport.open()
        return service.Client(_need("thrift.protocol.TBinaryProtocol").TBinaryProtocol(self._transport))

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transport.close()


def answer(question: Callable[[Any], Any]) -> Any:
    """What `question` gives of a connection; where the metastore is away, of another one, three times in all.

    Raises NoSuchTable, MetastoreAway and MetastoreFailed.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return _asked(question)
        except MetastoreAway as error:
            logger.warning("%s; it will be asked again", error)
            SYSTEM.sleep(WAIT)
    return _asked(question)


def _asked(question: Callable[[Any], Any]) -> Any:
    with HiveThriftContext() as connection, _explained():
        return question(connection)


@contextmanager
def _explained() -> Iterator[None]:
    """What Thrift raises, in our words."""
    types = _need("pymetastore.hive_metastore.ttypes")
    away = _need("thrift.transport.TTransport").TTransportException
    place = ":".join(map(str, settings.metastore()))
    try:
        yield
    except (types.NoSuchObjectException, types.UnknownTableException) as error:
        raise NoSuchTable(error.message) from error
    except (away, OSError) as error:
        raise MetastoreAway(place, error) from error
    except _need("thrift.Thrift").TException as error:
        raise MetastoreFailed(place, getattr(error, "message", "") or error) from error


def _need(module: str) -> ModuleType:
    return need(module, "hive", "luigi.contrib.hive.MetastoreClient")
