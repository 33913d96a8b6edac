"""A mark in Redis that something has been done: RedisTarget.

`pip install "luigi-kernel[redis]"` brings what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from luigi.clock import SYSTEM
from luigi.contrib._configured import Configured
from luigi.contrib._stores.errors import StoreAway, StoreError, StoreRefused, one_line
from luigi.extras import need
from luigi.target import Target

EXTRA = "redis"
WHO = "luigi.contrib.redis_store"

TIMEOUT = 10.0
"""Seconds until a server that is silent is given up, unless it is said."""

RETRIES = 3


class RedisTarget(Target):
    """The mark that `update_id` has been done, which is there once `touch()` has been called.

    `socket_timeout` is in seconds, `expire` the seconds, or the timedelta, after which the mark goes by itself.
    `options` are arguments of `redis.Redis`, such as `username` or `ssl`. Methods raise StoreAway, StoreRefused and
    StoreError, and MissingExtra where redis is not installed.
    """

    marker_prefix = Configured("redis", "marker_prefix", "luigi")

    def __init__(
        self,
        host: str,
        port: int,
        db: int,
        update_id: str,
        password: str | None = None,
        socket_timeout: float | None = None,
        expire: int | timedelta | None = None,
        **options: Any,
    ) -> None:
        self.host = host
        self.port = port
        self.db = db
        self.password = password
        self.socket_timeout = socket_timeout
        self.update_id = update_id
        self.expire = expire
        self.options = options

    def __str__(self) -> str:
        return f"redis://{self.host}:{self.port}/{self.db} {self.marker_key()}"

    @property
    def redis_client(self) -> Any:
        """The client, which targets at the same server share where its options are hashable."""
        timeout = TIMEOUT if self.socket_timeout is None else self.socket_timeout
        given = {"password": self.password, "socket_timeout": timeout, "socket_connect_timeout": timeout}
        facts = self.host, self.port, self.db, tuple(sorted({**given, **self.options}.items()))
        try:
            return _connected(*facts)
        except TypeError:  # some option cannot be remembered, such as a list; or redis does not know one, and says so
            return _connected.__wrapped__(*facts)

    def marker_key(self) -> str:
        """The key of the mark."""
        return f"{self.marker_prefix}:{self.update_id}"

    def touch(self) -> None:
        """Put the mark. One that is there already is put anew, and expires as this target says."""
        key = self.marker_key()
        mark = {"update_id": self.update_id, "date": datetime.fromtimestamp(SYSTEM.now()).isoformat()}
        with self._answering(), self.redis_client.pipeline(transaction=True) as steps:
            steps.hset(key, mapping=mark)
            if self.expire is None:
                steps.persist(key)
            else:
                steps.expire(key, self.expire)
            steps.execute()

    def exists(self) -> bool:
        """Whether the mark is there."""
        with self._answering():
            return bool(self.redis_client.exists(self.marker_key()))

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Say in our words what the client raises."""
        errors = need("redis.exceptions", EXTRA, WHO)
        try:
            yield
        except (errors.AuthenticationError, errors.AuthorizationError, errors.NoPermissionError) as error:
            raise StoreRefused(self, error) from error
        except (errors.ConnectionError, errors.TimeoutError) as error:
            raise StoreAway(self, error) from error
        except errors.RedisError as error:
            raise StoreError(f"{self}: {one_line(error)}") from error


@lru_cache(maxsize=64)
def _connected(host: str, port: int, db: int, options: tuple[tuple[str, Any], ...]) -> Any:
    """A client for a server, made once for a process. One that a child inherits makes connections of its own."""
    redis = need("redis", EXTRA, WHO)
    errors = need("redis.exceptions", EXTRA, WHO)
    again = need("redis.retry", EXTRA, WHO).Retry(need("redis.backoff", EXTRA, WHO).ExponentialBackoff(1, 0.1), RETRIES)
    broken = [errors.ConnectionError, errors.TimeoutError]
    return redis.Redis(host=host, port=port, db=db, **{"retry": again, "retry_on_error": broken, **dict(options)})
