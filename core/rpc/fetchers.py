"""Luigi's classes for a single request to a server, for programs that use them; the kernel's own calls do not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from luigi.errors import KernelError
from luigi.rpc.transport import Transport


class BadAnswer(KernelError, OSError):
    """A server answered, and not with what was asked for."""


class URLLibFetcher:
    """Posts by the standard library alone, a connection for each request."""

    raises: Any = (OSError,)
    """What `fetch` may raise."""

    def fetch(self, full_url: str, body: Mapping[str, Any], timeout: float) -> str:
        """Post `body` as a form to `full_url`; the answer as text. `timeout` is in seconds.

        `full_url` may carry `user:password@` before the host. Raises OSError when there is no good answer.
        """
        parts = urlsplit(full_url)
        transport = Transport(f"{parts.scheme}://{parts.netloc}", timeout)
        try:
            answer = transport.post(parts.path.lstrip("/"), urlencode(body).encode())
        finally:
            transport.close()
        if answer.status != 200:
            raise BadAnswer(f"{transport.address}{parts.path} answers {answer.status} {answer.reason}")
        return answer.body.decode()

    def close(self) -> None:
        """Nothing is kept open."""


class RequestsFetcher:
    """Posts by the library `requests`, which has to be installed, on a session of the process that made it."""

    def __init__(self) -> None:
        import requests  # type: ignore[import-untyped, unused-ignore]

        self.raises: Any = (requests.exceptions.RequestException,)
        self._requests: Any = requests
        self._new_session()

    def _new_session(self) -> None:
        self.session = self._requests.Session()
        self.process_id = os.getpid()

    def check_pid(self) -> None:
        """Begin a new session in a process that was forked: it must not talk on its parent's connections."""
        if self.process_id != os.getpid():
            self._new_session()

    def fetch(self, full_url: str, body: Mapping[str, Any], timeout: float) -> str:
        """As `URLLibFetcher.fetch`; raises RequestException."""
        self.check_pid()
        answer = self.session.post(full_url, data=body, timeout=timeout)
        answer.raise_for_status()
        return str(answer.text)

    def close(self) -> None:
        """Close the session's connections."""
        self.session.close()
