"""Asks a service over HTTP: with a time-out, again while it is in trouble, and nowhere else than it was told."""

from __future__ import annotations

import os
from typing import IO, Any, Final

from luigi.errors import KernelError
from luigi.extras import need

PAUSE: Final = 0.5
"""Seconds until it is asked again; twice as many each time."""
TROUBLES: Final = frozenset({429, 502, 503, 504})
"""Answers of a service, or of what stands before it, that has too much to do or is being started."""
CHUNK: Final = 1 << 20
HASTE: Final = 1.0
"""Seconds for what is done while the task is being ended: executors kill it after five."""


class ServiceAway(KernelError, ConnectionError):
    """The service did not answer, also when asked again."""

    def __init__(self, name: str, why: object, hint: str) -> None:
        super().__init__(f"{name} does not answer: {why}", hint=hint)


class Elsewhere(KernelError):
    """The service is at another address. Credentials are sent only to the one that was configured."""

    def __init__(self, name: str, url: str, place: str, hint: str) -> None:
        super().__init__(f"{name} is not at {url}: it says to go to {place}", hint=hint)


class NoAddress(KernelError, ValueError):
    """What is configured is no address."""

    def __init__(self, name: str, url: str, hint: str) -> None:
        super().__init__(f"{name}: {url!r} is no address", hint=hint)


class WebService:
    """A service, by `name` for errors; `hint` says where its address is configured.

    `timeout` is in seconds, `retries` is how often it is asked again. What changes something there is asked again only
    when it cannot have arrived.
    """

    def __init__(self, name: str, extra: str, *, hint: str, timeout: float = 60.0, retries: int = 5) -> None:
        self._name = name
        self._extra = extra
        self._hint = hint
        self._timeout = timeout
        self._retries = retries
        self._session: tuple[int, Any] | None = None

    def in_haste(self) -> WebService:
        """The same, asked once, and not waited for."""
        return WebService(self._name, self._extra, hint=self._hint, timeout=HASTE, retries=0)

    def ask(self, method: str, url: str, **more: Any) -> Any:
        """The answer, as requests' Response, whatever its status is. `more` goes to requests as it is.

        Raises ServiceAway, also for an answer that says so; Elsewhere for a redirection; NoAddress; MissingExtra.
        """
        requests = need("requests", self._extra, self._name)
        given = {"timeout": self._timeout, "allow_redirects": False, **more}
        try:
            answer = self._connected(requests).request(method, url, **given)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise ServiceAway(self._name, error, self._hint) from error
        except _bad_addresses(requests) as error:
            raise NoAddress(self._name, url, self._hint) from error
        if answer.status_code in TROUBLES:
            raise ServiceAway(self._name, f"{answer.status_code} {answer.reason}", self._hint)
        if answer.is_redirect:
            raise Elsewhere(self._name, url, answer.headers["Location"], self._hint)
        return answer

    def fetch(self, url: str, file: IO[bytes], **more: Any) -> Any:
        """Write what is there to a file that is empty; gives the answer, of which nothing is written if it is an error.

        Raises as `ask` does, and OSError. What breaks off is fetched from its beginning again.
        """
        left = self._retries
        while True:
            try:
                return self._fetched(url, file, more)
            except ServiceAway:
                if not left:
                    raise
            left -= 1
            file.seek(0)
            file.truncate()

    def _fetched(self, url: str, file: IO[bytes], more: dict[str, Any]) -> Any:
        requests = need("requests", self._extra, self._name)
        with self.ask("GET", url, stream=True, **more) as answer:
            try:
                if not answer.ok:
                    _ = answer.content  # or nobody could read it later
                    return answer
                for chunk in answer.iter_content(CHUNK):
                    file.write(chunk)
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                raise ServiceAway(self._name, error, self._hint) from error
        return answer

    def _connected(self, requests: Any) -> Any:
        """A session of this process: a child that shared its parent's sockets would read its answers."""
        if self._session is None or self._session[0] != os.getpid():
            self._session = os.getpid(), self._made(requests)
        return self._session[1]

    def _made(self, requests: Any) -> Any:
        again = need("urllib3.util", self._extra).Retry(
            total=self._retries,
            status_forcelist=TROUBLES,
            allowed_methods={"GET"},
            backoff_factor=PAUSE,
            raise_on_status=False,
        )
        session = requests.Session()
        session.auth = _nobody  # or a ~/.netrc would have its password sent in place of our token
        for scheme in ("http://", "https://"):
            session.mount(scheme, requests.adapters.HTTPAdapter(max_retries=again))
        return session


def _bad_addresses(requests: Any) -> tuple[type[Exception], ...]:
    errors = requests.exceptions
    return errors.MissingSchema, errors.InvalidSchema, errors.InvalidURL


def _nobody(request: Any) -> Any:
    return request
